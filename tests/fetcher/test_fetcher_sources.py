"""The links of feeds, sitemaps and lists, also of broken ones."""

import gzip
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts import Source, SourceKind
from services.fetcher.origins import feeds, jsonfeed, lists, sitemaps, sources
from services.fetcher.origins.feeds import NoSource

BASE = "http://example.com/feeds/world.xml"
RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>World</title><link>http://example.com/</link>
<item><title>Dam &lt;b&gt;breaks&lt;/b&gt;</title><link>/2026/dam?utm_source=rss</link>
<guid>dam-1</guid><pubDate>Sat, 14 Nov 2026 10:00:00 GMT</pubDate></item>
<item><title>Vote</title><guid isPermaLink="true">http://example.com/vote</guid></item>
<item><title>No link at all</title><guid isPermaLink="false">x</guid></item>
<item><title>Not of the web</title><link>mailto:desk@example.com</link></item>
<item><title>The same again</title><link>http://example.com/2026/dam</link></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><title>One</title><id>urn:1</id>
<link rel="alternate" href="http://example.com/one"/><link rel="enclosure" href="http://example.com/one.mp3"/>
<published>2026-11-14T10:00:00Z</published><updated>2026-11-15T10:00:00Z</updated></entry></feed>"""
NEWS_SITEMAP = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> http://example.com/a </loc><n:news><n:publication><n:name>Ex</n:name></n:publication>
<n:publication_date>2026-11-14</n:publication_date><n:title>A &amp; B</n:title></n:news>
<image:image><image:loc>http://example.com/a.jpg</image:loc><image:title>picture</image:title></image:image></url>
<url><loc>http://example.com/b</loc></url></urlset>"""
INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>http://example.com/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap>
<sitemap><loc>http://example.com/new.xml.gz</loc><lastmod>2026-11-01</lastmod></sitemap></sitemapindex>"""
BOMB = b"""<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<urlset><url><loc>http://example.com/&b;</loc></url></urlset>"""
OUTSIDE = (
    b"""<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>http://h/&a;</loc></url></urlset>"""
)


def test_an_rss_feed_gives_each_link_once_resolved_and_without_tracking() -> None:
    links = feeds.links(RSS, url=BASE)
    assert [link.url for link in links] == ["http://example.com/2026/dam", "http://example.com/vote"]
    assert links[0].title == "Dam breaks"
    assert links[0].published == "Sat, 14 Nov 2026 10:00:00 GMT"
    assert links[0].guid == "dam-1"


def test_an_atom_feed_gives_the_page_not_the_enclosure() -> None:
    (link,) = feeds.links(ATOM, url=BASE)
    assert (link.url, link.published, link.guid) == ("http://example.com/one", "2026-11-14T10:00:00Z", "urn:1")


def test_a_feed_that_breaks_off_gives_what_stands_before_the_break() -> None:
    broken = RSS[: RSS.index(b"<item><title>No link")] + b"<item><title>cut"
    assert len(feeds.links(broken, url=BASE)) == 2


@pytest.mark.parametrize("body", [b"", b"<html><body>No feed here</body></html>", b"\x89PNG\r\n", b"/etc/passwd"])
def test_what_is_no_feed_says_so(body: bytes) -> None:
    with pytest.raises(NoSource):
        feeds.links(body, url=BASE)


def test_a_body_that_names_a_file_does_not_open_it(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_bytes(RSS)
    with pytest.raises(NoSource):
        feeds.links(str(feed).encode(), url=BASE)


def test_a_news_sitemap_gives_pages_with_title_and_date_and_no_pictures() -> None:
    found = sitemaps.parse(NEWS_SITEMAP, url=BASE)
    assert [link.url for link in found.links] == ["http://example.com/a", "http://example.com/b"]
    assert (found.links[0].title, found.links[0].published) == ("A & B", "2026-11-14")


def test_an_index_gives_its_sitemaps_the_last_changed_first() -> None:
    found = sitemaps.parse(INDEX, url=BASE)
    assert found.sitemaps == ("http://example.com/new.xml.gz", "http://example.com/old.xml")


@pytest.mark.parametrize("body", [BOMB, OUTSIDE])
def test_a_sitemap_that_declares_entities_is_refused(body: bytes) -> None:
    with pytest.raises(NoSource, match="entities"):
        sitemaps.parse(body, url=BASE)


def test_a_gzip_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(NoSource, match="over 1000 bytes"):
        sitemaps.unpacked(gzip.compress(bytes(50_000_000)), largest=1000)


def test_a_list_is_one_url_a_line() -> None:
    body = "\ufeff# mine\n\nhttp://example.com/a\nno url\nhttp://example.com/a#top\r\nhttps://example.org\n".encode()
    assert [link.url for link in lists.links(body)] == ["http://example.com/a", "https://example.org/"]


@pytest.mark.parametrize(
    ("body", "kind", "count"),
    [
        (RSS, "rss", 2),
        (ATOM, "atom", 1),
        (NEWS_SITEMAP, "sitemap", 2),
        (gzip.compress(NEWS_SITEMAP), "sitemap", 2),
        (RSS.replace(b'"1.0"', b'"1.0" encoding="utf-16"').decode().encode("utf-16"), "rss", 2),
        (b"http://example.com/a\n", "list", 1),
    ],
)
def test_the_kind_shows_in_the_bytes_whatever_was_told(body: bytes, kind: SourceKind, count: int) -> None:
    for told in ("auto", "rss", "sitemap"):
        if kind == "list" and told != "auto":
            continue
        polled = sources.read(body, kind=told, url=BASE)
        assert (polled.kind, len(polled.links)) == (kind, count)


def test_a_web_page_is_no_source() -> None:
    for told in ("auto", "rss", "atom", "sitemap", "list"):
        with pytest.raises(NoSource):
            sources.read(b"<!doctype html><html><body><a href=/x>x</a></body></html>", kind=told, url=BASE)


def test_a_link_carries_its_source() -> None:
    (link,) = feeds.links(ATOM, url=BASE)
    found = sources.found(link, Source(source_id="world", kind="auto", url=BASE))
    assert (found.source_id, found.title, found.guid) == ("world", "One", "urn:1")


PIECES = st.sampled_from(
    [RSS[:200], ATOM[:150], NEWS_SITEMAP, INDEX[:120], BOMB, b"<rss>", b"<feed>", b"<urlset>", b"</item>", b"<![CDATA[",
     b"&#xD800;",
     b"&#0;", b"<url><loc>", b"http://h/", b"\xff\xfe", b"\x1f\x8b\x08\x00", b"<item><link>http://[", b"]]>",
     b'<?xml version="1.0" encoding="utf-7"?>', b'<?xml version="1.0" encoding="nonsense"?>', b"<!DOCTYPE", b"<guid>"]
)  # fmt: skip


KINDS: st.SearchStrategy[SourceKind] = st.sampled_from(["auto", "rss", "atom", "sitemap", "list"])


@given(st.lists(PIECES | st.binary(max_size=20), max_size=8), KINDS)
def test_no_bytes_raise_anything_but_no_source(parts: list[bytes], kind: SourceKind) -> None:
    body = b"".join(parts)
    for read in (
        lambda: sources.read(body, kind=kind, url=BASE),
        lambda: feeds.links(body, url=BASE, content_type="text/xml; charset=nonsense"),
        lambda: sitemaps.parse(body, url=BASE),
        lambda: lists.links(body),
    ):
        with suppress(NoSource):
            read()


JSON_FEED = b"""\xef\xbb\xbf{"items": [
{"id": 1, "url": "/one?utm_source=x", "title": "A <b>dam</b>", "date_published": "2026-11-14T10:00:00Z"},
{"id": "http://example.com/two", "date_modified": "2026-11-15T10:00:00Z"}, {"id": "3", "external_url": "http://o.example/"},
{"id": "4"}, {"url": 5}, null, {"id": "5", "url": "http://example.com/one"}],
"version": "https:\\/\\/jsonfeed.org\\/version\\/1.1", "title": "t"}"""


def test_a_json_feed_gives_its_links() -> None:
    polled = sources.read(JSON_FEED, kind="auto", url=BASE)
    assert (polled.kind, [link.url for link in polled.links]) == (
        "json",
        ["http://example.com/one", "http://example.com/two", "http://o.example/"],
    )
    first, second, _ = polled.links
    assert (first.title, first.published, first.guid) == ("A dam", "2026-11-14T10:00:00Z", "1")
    assert second.published == "2026-11-15T10:00:00Z"


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"version": "https://jsonfeed.org/version/1"}', JSON_FEED[:300]])
def test_what_is_no_json_feed_says_so(body: bytes) -> None:
    with pytest.raises(NoSource):
        jsonfeed.links(body, url=BASE)


RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><link>http://example.com/</link></channel>
<item rdf:about="http://example.com/r"><title>R</title><link>http://example.com/r</link><dc:date>2026-11-14</dc:date></item>
</rdf:RDF>"""
ATOM_03 = b"""<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>Old</title><id>tag:x</id>
<link rel="alternate" type="text/html" href="/old"/><issued>2026-11-14T10:00:00Z</issued></entry></feed>"""
RSS_091 = RSS.replace(b'"2.0"', b'"0.91"').replace(
    b"?><rss",
    b'?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/r.dtd"><rss',
)


@pytest.mark.parametrize(
    ("body", "url"),
    [(RDF, "http://example.com/r"), (ATOM_03, "http://example.com/old"), (RSS_091, "http://example.com/2026/dam")],
)
def test_the_elder_formats_are_read(body: bytes, url: str) -> None:
    polled = sources.read(body, kind="auto", url=BASE)
    assert polled.links[0].url == url
    assert polled.links[0].published


def test_links_are_relative_to_the_nearest_xml_base() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://cdn.example/feed/"><entry xml:base="news/">
    <link href="1"/></entry><entry><link href="2" xml:base="http://other.example/"/></entry>
    <entry><link href="/3"/></entry></feed>"""
    expected = ["http://cdn.example/feed/news/1", "http://other.example/2", "http://cdn.example/3"]
    for read in (feeds.quick, feeds.exact):
        assert [link.url for link in read(body, url=BASE)] == expected


def test_the_publishers_own_link_counts_before_its_feed_hosts() -> None:
    body = b"""<rss version="2.0" xmlns:f="http://rssnamespace.org/feedburner/ext/1.0"><channel><item>
    <link>http://feeds.example/~r/1</link><f:origLink>http://example.com/1</f:origLink></item></channel></rss>"""
    for read in (feeds.quick, feeds.exact):
        assert [link.url for link in read(body, url=BASE)] == ["http://example.com/1"]


def test_a_guid_that_is_no_address_is_no_link() -> None:
    body = b"<rss version='2.0'><channel><item><guid>4711</guid></item><item><guid>http://h/1</guid></item></channel></rss>"
    for read in (feeds.quick, feeds.exact):
        assert [link.url for link in read(body, url=BASE)] == ["http://h/1"]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
LAUGHING = f'<!DOCTYPE r [<!ENTITY l0 "ha">{LAUGHS}]><rss version="2.0"><channel><item><title>&l11;</title>'.encode()
AFTER = b"<link>http://h/1</link></item></channel></rss>"


@pytest.mark.parametrize(
    "body",
    [
        LAUGHING + AFTER,
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><item><title>&x;</title>'
        + AFTER,
        b'<rss version="2.0"><channel><item><title>a\x00b\x0c</title>' + AFTER,
        b'<rss version="2.0"><channel><item><title>AT&T & more &nbsp; <br></title>' + AFTER,
        b'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><item><title>\xe9\xff</title>' + AFTER,
    ],
)
def test_the_good_items_of_a_bad_feed_come_and_nothing_leaks_or_explodes(body: bytes) -> None:
    started = time.process_time()
    (link,) = feeds.links(body, url=BASE)
    assert link.url == "http://h/1"
    assert "root:" not in str(link.title)
    assert time.process_time() - started < 1


def test_a_feed_of_a_hundred_thousand_items_gives_its_first_ones_soon() -> None:
    item = b"<item><title>Story</title><link>http://h/%d</link><pubDate>Sat, 14 Nov 2026 10:00:00 GMT</pubDate></item>"
    many = b"".join(item % number for number in range(100_000))
    started = time.process_time()
    assert len(feeds.links(b"<rss><channel>" + many + b"</channel></rss>", url=BASE)) == feeds.MOST_LINKS
    assert time.process_time() - started < 3
    broken = feeds.links(b"<rss><channel>" + many[:300_000] + b"</item><br>&", url=BASE)
    assert len(broken) > 2000


@pytest.mark.parametrize(
    "body",
    [
        b"\n\n" + NEWS_SITEMAP,
        b"\xef\xbb\xbf \n" + NEWS_SITEMAP,
        NEWS_SITEMAP.replace(b"&amp;", b"&"),
        NEWS_SITEMAP.replace(b"A &amp;", b"A \x0b&nbsp;&amp;"),
        NEWS_SITEMAP.replace(b"</urlset>", b"<url><loc>http://"),
    ],
)
def test_the_usual_mistakes_of_a_sitemap_cost_no_link(body: bytes) -> None:
    found = sitemaps.parse(body, url=BASE)
    assert [link.url for link in found.links][:2] == ["http://example.com/a", "http://example.com/b"]


def test_blank_lines_before_a_feed_do_not_matter() -> None:
    assert feeds.quick(b"\xef\xbb\xbf\n \n" + RSS, url=BASE) == feeds.quick(RSS, url=BASE)


def test_a_sitemap_that_says_when_gives_what_changed_last_first() -> None:
    rows = b"".join(b"<url><loc>http://h/%d</loc><lastmod>2026-11-%d</lastmod></url>" % (n, n) for n in (12, 14, 13))
    found = sitemaps.parse(b"<urlset>" + rows + b"<url><loc>http://h/0</loc></url></urlset>", url=BASE)
    assert [link.url for link in found.links] == ["http://h/14", "http://h/13", "http://h/12", "http://h/0"]
