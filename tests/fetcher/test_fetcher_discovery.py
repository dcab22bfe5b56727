"""The sources that a site has, found from its address."""

from collections.abc import Iterator

import pytest

from services.fetcher.origins.discovery import discover
from services.fetcher.wire.outcomes import Outcome
from services.settings import Settings
from tests.fetcher.servers import Page, Site, serving
from tests.fetcher.test_fetcher_sources import ATOM, NEWS_SITEMAP, RSS

SETTINGS = Settings(allow_private=True, delay=0.0)
FEED = Page(RSS, content_type="application/rss+xml")
PLAIN = Page(b"<urlset><url><loc>/old</loc></url></urlset>", content_type="application/xml")
HOME = b"""<html><head><link rel="alternate" type="application/rss+xml" href="/world.xml?a=1&amp;b=2">
<link rel=alternate type='application/atom+xml; charset=utf-8' href=/all.atom>
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments.xml">
<link rel="alternate" hreflang="fr" href="/fr"></head><body>News</body></html>"""


@pytest.fixture
def site() -> Iterator[Site]:
    with serving({"/": Page(HOME), "/world.xml?a=1&b=2": FEED, "/all.atom": Page(ATOM), "/comments.xml": FEED}) as site:
        yield site


def test_a_feed_is_found_by_its_own_address(site: Site) -> None:
    (found,) = discover(site.url("/all.atom"), SETTINGS).found
    assert (found.url, found.kind, found.links) == (site.url("/all.atom"), "atom", 1)


def test_the_feeds_that_a_page_names_are_found_but_not_its_comments(site: Site) -> None:
    found = discover(site.url("/"), SETTINGS)
    assert [each.url for each in found.chosen] == [site.url("/world.xml?a=1&b=2"), site.url("/all.atom")]
    assert site.asked("/feed") == 0


def test_the_sitemaps_that_robots_txt_names_are_found_and_those_of_news_chosen(site: Site) -> None:
    lines = f"Sitemap: {site.url('/all.xml')}\nSitemap: {site.url('/news.xml')}\n"
    site.pages |= {"/robots.txt": Page(lines.encode()), "/all.xml": PLAIN, "/news.xml": Page(NEWS_SITEMAP)}
    site.pages["/"] = Page(b"<html><body>News</body></html>")
    found = discover(site.url("/"), SETTINGS)
    assert [each.url for each in found.found] == [site.url("/news.xml"), site.url("/all.xml")]
    assert [each.url for each in found.chosen] == [site.url("/news.xml")]


def test_where_nothing_is_named_the_usual_paths_are_tried(site: Site) -> None:
    site.pages |= {"/": Page(b"<html><body>News</body></html>"), "/rss.xml": FEED, "/feed": Page(HOME)}
    assert [each.url for each in discover(site.url("/"), SETTINGS).chosen] == [site.url("/rss.xml")]


def test_what_robots_txt_forbids_is_not_looked_at(site: Site) -> None:
    site.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /world\n")
    assert [each.url for each in discover(site.url("/"), SETTINGS).found] == [site.url("/all.atom")]
    site.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /\n")
    assert discover(site.url("/"), SETTINGS).outcome is Outcome.ROBOTS_DENIED


def test_a_site_without_any_source_says_so(site: Site) -> None:
    site.pages["/"] = Page(b"<html><body>No news</body></html>")
    assert discover(site.url("/"), SETTINGS).found == ()
    assert discover(site.url("/missing"), SETTINGS).outcome is Outcome.HTTP_4XX
