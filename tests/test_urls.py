"""One spelling for a URL, and the site that it belongs to."""

from contextlib import suppress

import ada_url
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.urls import BadUrl, host_of, normalise, path_of, resolve, robots_url, site_of


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("HTTP://Example.COM:80/a/../b", "http://example.com/b"),
        ("https://example.com:443", "https://example.com/"),
        ("https://example.com:8443/x", "https://example.com:8443/x"),
        ("http://example.com./x", "http://example.com/x"),
        ("http://user:secret@example.com/x#part", "http://example.com/x"),
        ("http://example.com/x?utm_source=feed&id=7&fbclid=abc", "http://example.com/x?id=7"),
        ("http://example.com/x?UTM_Medium=a", "http://example.com/x"),
        ("http://example.com/x?b=2&a=1", "http://example.com/x?b=2&a=1"),
        ("http://münchen.example/ä", "http://xn--mnchen-3ya.example/%C3%A4"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("  http://example.com/x\n", "http://example.com/x"),
    ],
)
def test_one_page_has_one_spelling(written: str, normal: str) -> None:
    assert normalise(written) == normal


@pytest.mark.parametrize(
    "url",
    ["", "example.com/x", "ftp://example.com/", "javascript:alert(1)", "file:///etc/passwd", "http://", "http://a b/",
     "http://h/\ud800", "http://./", "http://../", "http://foo.09..", "http://h/" + "x" * 9000],
)  # fmt: skip
def test_what_is_no_web_address_is_a_bad_url(url: str) -> None:
    with pytest.raises(BadUrl):
        normalise(url)


def test_relative_links_are_resolved_against_their_base() -> None:
    assert normalise("../story?id=1", "http://example.com/feeds/world.xml") == "http://example.com/story?id=1"


def test_a_redirect_keeps_the_parameters_that_a_link_loses() -> None:
    assert resolve("/x?utm_source=a#b", "http://example.com/") == "http://example.com/x?utm_source=a"


@given(st.text(max_size=60))
@example("http://h/?&&utm_x")
@example("http:\\\\h..\\?gclid")
def test_normalising_twice_changes_nothing_and_nothing_else_is_raised(text: str) -> None:
    for url in (text, f"http://{text}", f"http://example.com/{text}"):
        try:
            once = normalise(url)
        except BadUrl:
            continue
        assert normalise(once) == once
        assert site_of(once)
        assert host_of(once)


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("http://www.news.example.co.uk/x", "example.co.uk"),
        ("http://a.b.github.io/", "b.github.io"),
        ("http://co.uk/", "co.uk"),
        ("http://localhost:8080/x", "localhost"),
        ("http://127.0.0.1:8080/x", "127.0.0.1"),
        ("http://[::1]:8080/x", "::1"),
        ("http://www.xn--mnchen-3ya.de/", "xn--mnchen-3ya.de"),
        ("http://example.com./", "example.com"),
    ],
)
def test_a_site_is_the_registered_domain_without_the_port(url: str, site: str) -> None:
    assert site_of(url) == site


def test_robots_txt_stands_at_the_root_of_scheme_host_and_port() -> None:
    assert robots_url("https://example.com:8443/a/b?c") == "https://example.com:8443/robots.txt"
    assert host_of("https://example.com:8443/a/b?c") == "example.com:8443"


def spelt(url: str, base: str | None) -> str | None:
    try:
        return normalise(url, base)
    except BadUrl:
        return None


@given(st.from_regex(r"https?://[a-z0-9.:-]{1,16}(/[A-Za-z0-9._~!$&()*+,;=:@?/%2e-]{0,20})?", fullmatch=True))
def test_what_is_seen_to_be_normal_at_a_look_is_what_the_parser_makes_of_it(url: str) -> None:
    parsed_anew = spelt(f"HTTP{url[4:]}" if url.startswith("http:") else f"HTTPS{url[5:]}", None)
    assert spelt(url, None) == spelt(url, "http://other.example/") == parsed_anew
    with suppress(BadUrl, ValueError):
        parsed = ada_url.URL(url)
        assert f"{parsed.protocol}//{host_of(url)}{path_of(url)}" == parsed.href
