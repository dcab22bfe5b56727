"""Lists of sources as files: what is exported comes back, what is none says so."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli import lists, registry
from services.cli.lists import NoList
from services.contracts import Source
from services.settings import Settings

NOW = datetime(2026, 11, 14, tzinfo=UTC)
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20).map(lambda text: " ".join(text.split()))
SOURCES = st.builds(
    lambda name, kind, title, paused: Source(
        source_id=registry.source_id(f"http://h/{name}"),
        kind=kind,
        url=f"http://h/{name}",
        title=title or None,
        added_at=NOW,
        paused=paused,
    ),
    st.integers(0, 999),
    st.sampled_from(["rss", "atom", "sitemap", "list", "auto"]),
    WORDS,
    st.booleans(),
)
EXPORTED = b"""<?xml version="1.0"?><opml version="1.0"><body><outline text="World">
<outline text="BBC &amp; co" type="rss" xmlUrl="http://h/a" /><outline text="b" xmlURL=" http://h/b "/>
<outline text="again" xmlUrl="http://h/a"/></outline></body></opml>"""
BOMB = b'<!DOCTYPE o [<!ENTITY a "aaaa">]><opml><body><outline xmlUrl="http://h/&a;"/></body></opml>'


LONG = b"url\n" + b"x" * 200_000
SHIFTED, UNKNOWN = (b"<?xml version='1.0' encoding='%b'?><opml/>" % each for each in (b"shift_jis", b"klingon"))


@given(st.lists(SOURCES, unique_by=lambda source: source.url, max_size=8))
def test_what_is_exported_is_imported_as_it_was(listed: list[Source]) -> None:
    for text in (lists.to_csv(listed), lists.to_opml(listed)):
        assert [registry.listed(row, NOW) for row in lists.rows(text.encode())] == listed


def test_an_outline_of_another_reader_gives_its_feeds_each_once() -> None:
    rows = lists.rows(EXPORTED)
    assert {row["url"]: row["title"] for row in rows} == {"http://h/a": "again", "http://h/b": "b"}


def test_a_column_of_urls_is_a_list_too() -> None:
    assert [row["url"] for row in lists.rows(b"\xef\xbb\xbfhttp://h/a\n\nhttps://h/b,x\n")] == [
        "http://h/a",
        "https://h/b",
    ]


def test_a_row_knows_its_line() -> None:
    in_csv = lists.rows(b'url,title\nhttp://h/a,"two\nlines"\n\nhttp://h/b,x\n')
    assert [(row["url"], row["line"]) for row in in_csv] == [("http://h/a", "3"), ("http://h/b", "5")]
    assert [row["line"] for row in lists.rows(EXPORTED)] == ["3", "2"]
    assert [row["line"] for row in lists.rows(b"http://h/a\n\nftp://h/b\n")] == ["1", "3"]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://h/", "neither http nor https"),
        ("//h", "no URL"),
        ("http://10.0.0.1/", "no address of the public internet"),
        ("http://2130706433/", "no address of the public internet"),
        ("http://[::ffff:127.0.0.1]/", "no address of the public internet"),
        ("http://paper.example:25/feed", "port 25"),
    ],
)
def test_what_no_fetcher_could_read_is_refused_with_its_reason(url: str, why: str) -> None:
    assert why in str(registry.why_refused(url, Settings()))


@pytest.mark.parametrize(
    "url", ["http://h.example/", "https://h.example:8443/x", "http://8.8.8.8/", "http://[2600::1]/"]
)
def test_what_a_fetcher_might_read_is_not(url: str) -> None:
    assert registry.why_refused(url, Settings()) is None
    assert registry.why_refused("http://127.0.0.1:5/", Settings(allow_private=True)) is None


@pytest.mark.parametrize(
    "body", [BOMB, b"<opml><body>", b"name,age\nx,3\n", b"\x00\x01\x02,", b"\x89\r\x00\x1f", LONG, SHIFTED, UNKNOWN]
)
def test_what_is_no_list_says_so(body: bytes) -> None:
    with pytest.raises(NoList):
        lists.rows(body)
