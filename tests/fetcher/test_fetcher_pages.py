"""A file or an answer as it travels: address, site, version, type."""

import hashlib
from datetime import UTC, datetime

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from services import envelope
from services.contracts import FoundUrl
from services.fetcher.content.pages import is_page, page_from_file, page_of, validator
from services.fetcher.manners.robots import EVERYTHING_ALLOWED, Robots, parse
from services.fetcher.manners.visit import Fetched
from services.urls import BadUrl

NOW = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)
PAGE = b"<!doctype html><html><body><p>The dam broke.</p></body></html>"


def fetched(body: bytes = PAGE, rules: Robots = EVERYTHING_ALLOWED, **headers: str) -> Fetched:
    return Fetched(
        url="http://a.example/x",
        final_url="http://b.example/x",
        redirects=("http://a.example/x",),
        status=200,
        headers=CIMultiDictProxy(CIMultiDict({name.replace("_", "-"): value for name, value in headers.items()})),
        body=body,
        fetched_at=NOW,
        rules=rules,
    )


def test_a_file_without_url_is_named_after_its_bytes() -> None:
    record = page_from_file(PAGE, name="page.html", fetched_at=NOW)
    meta = envelope.page_meta(envelope.message_of(record))
    assert meta.url == meta.final_url == f"urn:sha256:{hashlib.sha256(PAGE).hexdigest()}"
    assert record.key == meta.url.encode()
    assert record.value == PAGE
    assert dict(record.headers)["content-type"] == b"text/html"
    assert meta.source is not None
    assert (meta.source.kind, meta.source.id, meta.fetched_at) == ("file", "page.html", NOW)


def test_a_file_with_url_belongs_to_its_site() -> None:
    record = page_from_file(
        b"Plain words.", name="x.txt", fetched_at=NOW, url="http://www.example.co.uk/x?utm_source=a"
    )
    meta = envelope.page_meta(envelope.message_of(record))
    assert (record.key, meta.url) == (b"example.co.uk", "http://www.example.co.uk/x")
    assert dict(record.headers)["content-type"] == b"text/plain"


def test_a_file_with_a_broken_url_is_a_bad_url() -> None:
    with pytest.raises(BadUrl):
        page_from_file(PAGE, name="x", fetched_at=NOW, url="nonsense")


def test_a_page_says_how_it_was_got() -> None:
    answer = fetched(
        Content_Type="Text/HTML; charset=utf-8",
        ETag='"1"',
        Set_Cookie="secret",
        X_Robots_Tag="noai",
        TDM_Reservation="1",
        rules=parse(b"User-agent: *\nDisallow: /no"),
    )
    found = FoundUrl(url="http://a.example/x", source_id="feed", source_kind="rss", title="Dam", guid="g" * 9000)
    meta, content_type = page_of(answer, found, digest="d")
    assert content_type == "text/html"
    assert (meta.redirects, meta.status, meta.fetched_at) == (("http://a.example/x",), 200, NOW)
    assert meta.http["etag"] == '"1"'
    assert "set-cookie" not in meta.http
    assert (meta.rights.robots, meta.rights.x_robots_tag, meta.rights.tdm_reservation) == ("allowed", "noai", "1")
    assert meta.source is not None
    assert (meta.source.title, len(meta.source.guid or "")) == ("Dam", 1000)
    assert meta.revision_of is None


def test_a_changed_page_names_the_version_before() -> None:
    before = datetime(2026, 11, 1, tzinfo=UTC)
    meta, _ = page_of(fetched(), FoundUrl(url="http://a.example/x"), digest="d", revision_of=before)
    assert meta.revision_of == before


def test_a_link_that_came_from_another_site_keeps_the_way_it_came() -> None:
    way = ("http://short.example/1",)
    meta, _ = page_of(fetched(), FoundUrl(url="http://a.example/x", redirects=way), digest="d")
    assert (meta.url, meta.redirects) == (way[0], (*way, "http://a.example/x"))


def test_header_bytes_that_are_no_utf8_do_not_stop_the_page() -> None:
    meta, _ = page_of(fetched(Server="caf\udce9"), FoundUrl(url="http://a.example/x"), digest="d")
    assert envelope.page_record(PAGE, meta, site="b.example", content_type="text/html").value == PAGE


def test_a_nul_in_what_is_declared_html_does_not_lose_the_page() -> None:
    assert is_page(fetched(b"<!doctype html><p>The dam\x00 broke.</p>", Content_Type="text/html"))
    assert is_page(fetched(b"The dam\x00 broke.", Content_Type="TEXT/HTML; charset=utf-8"))


def test_text_is_told_from_bytes_that_are_none() -> None:
    assert is_page(fetched())
    assert is_page(fetched("\ufeffWords".encode("utf-16-le")))
    assert not is_page(fetched(b"%PDF-1.4\n\x00\x01"))
    assert not is_page(fetched(b"Words\x00", Content_Type="text/plain"))
    assert not is_page(fetched(Content_Type="image/png"))


@pytest.mark.parametrize(
    ("etag", "kept"), [('W/"é 1"', True), ("", False), ('"a\0b"', False), ('"\udcff"', False), ('"' + "x" * 200, False)]
)
def test_an_etag_is_kept_if_it_can_be_sent_as_it_came(etag: str, *, kept: bool) -> None:
    assert validator(fetched(ETag=etag).headers, "etag") == (etag if kept else None)
