"""What pages, headers and tdmrep.json reserve, and what is only passed on."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from services.contracts import Rights
from services.fetcher.manners import rights
from services.fetcher.manners.reservations import rule_for, rules
from services.fetcher.manners.rights import directives_of
from services.fetcher.manners.robots import Robots, parse

URL = "http://a.example/news/1"


def read(page: bytes = b"", *headers: tuple[str, str], robots: Robots | None = None) -> Rights:
    return rights.read(CIMultiDict(headers), page, url=URL, robots=robots)


@pytest.mark.parametrize(
    ("tags", "directives"),
    [
        (["noindex, NoArchive"], {"noindex", "noarchive"}),
        (["otherbot: noindex, nofollow"], set()),
        (["otherbot: noindex, dateline: noai"], {"noai"}),
        (["dateline: none", "googlebot: noarchive", "nosnippet"], {"none", "nosnippet"}),
        (["unavailable_after: 25 Jun 2030 15:00:00 PST, noai"], {"unavailable_after", "noai"}),
        (["max-snippet:-1, max-image-preview:large", "", ",, ,"], {"max-snippet", "max-image-preview"}),
        (["*: noml"], {"noml"}),
    ],
)
def test_directives_count_if_they_are_addressed_to_all_or_to_us(tags: list[str], directives: set[str]) -> None:
    assert directives_of(tags) == directives


@pytest.mark.parametrize(
    "page",
    [
        b'<meta name="robots" content="noai, noimageai">',
        b"<META CONTENT='NOAI' NAME=ROBOTS>",
        b"<meta name=robots content=index><meta name=robots content=noai>",
        b'<meta name="dateline" content="noai">',
        b'<script>"<meta>"</script><!-- x --><meta name="robots" content="noai"/>',
    ],
)
def test_a_meta_element_reserves(page: bytes) -> None:
    assert read(page).reserved == ("noai",)


@pytest.mark.parametrize(
    "page",
    [
        b'<!-- <meta name="robots" content="noai"> -->',
        b'<script>document.write(\'<meta name="robots" content="noai">\')</script>',
        b'<meta name="otherbot" content="noai">',
        b'<meta name="description" content="robots noai">',
        b'<meta name="robots" content="noarchive, nosnippet, max-snippet:-1">',
        b'<p>The robots said noindex.</p><meta name="robots">',
        b'<meta name="robots" content="noai"',
    ],
)
def test_what_is_no_statement_to_us_reserves_nothing(page: bytes) -> None:
    assert read(page).reserved == ()


def test_the_statements_are_passed_on_as_they_were_made() -> None:
    page = b'<meta name="robots" content="noarchive"><meta name="tdm-policy" content="http://a.example/P">'
    headers = ("X-Robots-Tag", "noindex"), ("X-Robots-Tag", "otherbot: none"), ("TDM-Reservation", "1")
    assert read(page, *headers) == Rights(
        x_robots_tag="noindex, otherbot: none",
        meta_robots="noarchive",
        tdm_reservation="1",
        tdm_policy="http://a.example/P",
        reserved=("tdm-reservation", "noindex"),
    )


def test_what_stands_closer_to_the_text_counts_first() -> None:
    robots = Robots(reservations=rules(b'[{"location": "/", "tdm-reservation": 1, "tdm-policy": "http://p.example"}]'))
    meta = b'<meta name="tdm-reservation" content="0">'
    assert read(robots=robots).reserved == ("tdm-reservation",)
    assert read(robots=robots).tdm_policy == "http://p.example"
    assert read(b"", ("tdm-reservation", "0"), robots=robots).reserved == ()
    assert read(meta, ("tdm-reservation", "1"), robots=robots).reserved == ()


@pytest.mark.parametrize(
    ("page", "header"),
    [
        (b'<link rel="license" href="/L">', ""),
        (b'<a href="/L" rel="nofollow license">CC</a>', ""),
        (b"", '</other>; rel="next", </L>; rel="license"; type=x'),
    ],
)
def test_a_licence_is_found_where_it_is_linked(page: bytes, header: str) -> None:
    assert read(page, ("Link", header)).license == "http://a.example/L"
    assert read(b'<a href="/license">Licence</a>').license is None


@pytest.mark.parametrize(
    ("location", "path", "fits"),
    [
        ("/", "/any", True),
        ("/news/", "/news/1", True),
        ("/news/", "/sport/1", False),
        ("/*.html$", "/a/b.html", True),
        ("/*.html$", "/a/b.html?x", False),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("*/x/*/y", "/1/x/2/y/3", True),
        ("/caf%C3%A9", "/caf%C3%A9", True),
    ],
)
def test_a_location_is_a_pattern_as_in_robots_txt(location: str, path: str, fits: bool) -> None:  # noqa: FBT001
    body = json.dumps([{"location": location, "tdm-reservation": 1}]).encode()
    assert (rule_for(f"http://h{path}", rules(body)) is not None) == fits


@pytest.mark.parametrize(
    ("text", "usage", "reserved"),
    [
        (b"User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /", "search=yes, ai-train=no", ()),
        (b"User-agent: *\nContent-Signal: search=yes,ai-input = no", "search=yes, ai-input=no", ("ai-input=no",)),
        (b"User-agent: a\n\nUser-agent: *\nContent-Usage: bots=n # all\nDisallow: /x", "bots=n", ("bots=n",)),
        (b"User-agent: other\nContent-Signal: ai-input=no\nUser-agent: *\nDisallow: /x", None, ()),
        (
            b"User-agent: *\nContent-Signal: ai-input=no\nUser-agent: dateline\nContent-Signal: ai-input=yes",
            "ai-input=yes",
            (),
        ),
        (b"User-agent: *\nContent-Usage: /sport/ bots=n\nContent-Usage: /news/ train-ai=n", "train-ai=n", ()),
        (b"Content-Signal: ai-input=no", None, ()),
    ],
)
def test_preferences_by_use_are_read_from_our_group(text: bytes, usage: str | None, reserved: tuple[str, ...]) -> None:
    said = read(robots=parse(text))
    assert (said.usage, said.reserved) == (usage, reserved)


def test_a_header_states_preferences_too() -> None:
    assert read(b"", ("Content-Usage", "train-ai=n, bots=n")).reserved == ("bots=n",)


def test_the_longest_location_decides() -> None:
    body = b'[{"location": "/", "tdm-reservation": 1}, {"location": "/open/*", "tdm-reservation": 0}]'
    decided = [rule_for(f"http://h{path}", rules(body)) for path in ("/closed", "/open/x")]
    assert [rule.reservation for rule in decided if rule] == ["1", "0"]


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1, null, []]", b'{"tdm": 1}', b"\xff", b"[" * 100_000, b"3"])
def test_what_is_no_tdmrep_json_reserves_nothing(body: bytes) -> None:
    assert rules(body) == ()


PIECES = st.sampled_from([b"<meta ", b'name="robots"', b" content=", b"'noai'", b">", b"<!--", b"-->", b"<script>",
                          b"</script", b"tdm-reservation", b'"', b"license", b" rel=", b"<link "])  # fmt: skip


@given(st.lists(PIECES | st.binary(max_size=5), max_size=30), st.text(max_size=40))
def test_no_bytes_of_a_page_or_header_raise_anything(parts: list[bytes], header: str) -> None:
    headers = CIMultiDict([("X-Robots-Tag", header), ("Link", header), ("TDM-Policy", header)])
    assert rights.read(headers, b"".join(parts), url=URL).robots is None


def test_five_megabytes_of_tags_take_no_second() -> None:
    for piece in (b"<meta name=robots ", b'<meta "', b"<a rel=license ", b"<!-- license ", b"<script>robots"):
        read(piece * (5 * 1024 * 1024 // len(piece)))
