"""The feeds and sitemaps of a site, found from any address of it: its links, its robots.txt, the usual paths."""

import asyncio
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from services.contracts import SourceKind
from services.fetcher.manners.visit import Elsewhere, Fetched, Visitor
from services.fetcher.origins import sources
from services.fetcher.origins.feeds import NoSource
from services.fetcher.wire.download import SOURCE_ACCEPT, Downloader, Failed
from services.fetcher.wire.outcomes import Outcome, of_status
from services.settings import Settings
from services.urls import BadUrl, normalise

MOST_TRIED = 15  # addresses asked for, so that a look at a site takes seconds
DELAY = 1.0  # seconds between two of them: a few requests, once, and no crawl
HEAD = 256 * 1024
USUAL = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/news-sitemap.xml", "/sitemap.xml")
LINK = re.compile(r"<(?:link|a)\b[^<>]{0,2000}>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"\b(rel|type|href)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
NEWS = re.compile(r"news", re.IGNORECASE)
COMMENTS = re.compile(r"\bcomments?\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A source that was found, and read. `is_news`: a feed, or a sitemap whose links carry titles or dates."""

    url: str
    kind: SourceKind
    links: int
    is_news: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Discovery:
    """What a look at an address brought. `outcome`: of the request for the address itself."""

    outcome: Outcome
    found: tuple[Candidate, ...] = ()

    @property
    def chosen(self) -> tuple[Candidate, ...]:
        """What is worth following: the news; if there are none, whatever was found."""
        return tuple(each for each in self.found if each.is_news) or self.found


def discover(url: str, settings: Settings) -> Discovery:
    """The sources at an address: itself if it is one, else those of its site. Raises BadUrl."""
    return asyncio.run(_discover(normalise(url), settings))


async def _discover(url: str, settings: Settings) -> Discovery:
    async with Downloader.of(settings) as downloader:
        visitor = Visitor(downloader, delay=min(settings.delay, DELAY))
        answer = await _get(visitor, url)
        if not isinstance(answer, Fetched):
            return Discovery(outcome=answer)
        if (itself := _read(answer, url)) is not None:
            return Discovery(outcome=Outcome.OK, found=(itself,))
        named = list(dict.fromkeys((*_alternates(answer), *_sitemaps(answer))))
        found = await _tried(visitor, named[:MOST_TRIED])
        if not any(each.is_news for each in found):
            found += await _tried(visitor, [each for each in _usual(answer.final_url) if each not in named])
        return Discovery(outcome=Outcome.OK, found=tuple(found))


async def _tried(visitor: Visitor, urls: Iterable[str]) -> list[Candidate]:
    found = []
    for url in urls:
        answer = await _get(visitor, url)
        if isinstance(answer, Fetched) and (candidate := _read(answer, url)) is not None:
            found.append(candidate)
    return found


async def _get(visitor: Visitor, url: str) -> Fetched | Outcome:
    answer = await visitor.visit(replace(sources.source_request(url), accept=f"text/html,{SOURCE_ACCEPT}"))
    if isinstance(answer, Failed):
        return answer.outcome
    if isinstance(answer, Elsewhere):
        return Outcome.HANDED_OVER
    outcome = of_status(answer.status)
    return answer if outcome is Outcome.OK else outcome


def _read(answer: Fetched, url: str) -> Candidate | None:
    if sources.kind_of(answer.body) is None and answer.body.lstrip()[:1] == b"<":
        return None  # a page
    try:
        polled = sources.read(answer.body, kind="auto", url=answer.final_url, content_type=answer.content_type)
    except NoSource:
        return None
    is_news = polled.kind != "sitemap" or any(link.title or link.published for link in polled.links)
    is_news = is_news or bool(polled.sitemaps and NEWS.search(url))
    return Candidate(url=url, kind=polled.kind, links=len(polled.links) + len(polled.sitemaps), is_news=is_news)


def _alternates(answer: Fetched) -> Iterator[str]:
    """The feeds that the page names as its alternates (HTML standard, 4.6.7.1), but for those of its comments."""
    for tag in LINK.findall(answer.body[:HEAD].decode("utf-8", "replace")):
        attributes = {name.lower(): "".join(values) for name, *values in ATTRIBUTE.findall(tag)}
        is_feed = attributes.get("type", "").partition(";")[0].strip().lower() in FEED_TYPES
        if is_feed and "alternate" in attributes.get("rel", "").lower() and not COMMENTS.search(tag):
            yield from _web(html.unescape(attributes.get("href", "")), answer.final_url)


def _sitemaps(answer: Fetched) -> list[str]:
    """The sitemaps that robots.txt names, those of news first."""
    urls = [url for each in answer.rules.sitemaps for url in _web(each, answer.final_url)]
    return sorted(urls, key=lambda url: NEWS.search(url) is None)


def _usual(url: str) -> Iterator[str]:
    for path in USUAL:
        yield from _web(path, url)


def _web(address: str, base: str) -> Iterator[str]:
    try:
        yield normalise(address.strip(), base)
    except BadUrl:
        return
