"""RSS and Atom: the links of a feed."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import feedparser

from services.urls import BadUrl, normalise

MOST_LINKS = 5000
LONGEST_TITLE = 500
LONGEST_WORD = 100  # of a date; a guid may be as long as a URL
LONGEST_GUID = 1000
TAG = re.compile(r"<[^<>]{1,200}>")
SURROGATE = re.compile("[\ud800-\udfff\x00]")


class NoSource(ValueError):
    """Bytes that are neither feed nor sitemap nor list of URLs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link that a source names, its URL normalised; title, date and guid as printed there."""

    url: str
    title: str | None = None
    published: str | None = None
    guid: str | None = None


def links(body: bytes, *, url: str, content_type: str | None = None) -> list[Link]:
    """The links of an RSS or Atom feed in its order, each once, 5,000 at most; relative ones against the feed's URL.

    Raises NoSource for what is no feed. A broken feed gives what can be read of it.
    """
    # BytesIO always: feedparser opens the file, or asks the host, that a str or bytes happens to name. It is not told
    # the feed's URL, for it would resolve guids too.
    headers = {"content-type": content_type or "application/xml"}
    try:
        feed = feedparser.parse(
            BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except (ValueError, AssertionError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise NoSource(f"no feed: {type(error).__name__}: {error}"[:LONGEST_TITLE]) from error
    if not feed.get("version"):
        raise NoSource(f"no feed: {feed.get('bozo_exception') or 'no rss, rdf or feed element'}"[:LONGEST_TITLE])
    found: dict[str, Link] = {}
    for link in _entries(feed, url):
        if len(found) >= MOST_LINKS:
            break
        found.setdefault(link.url, link)
    return list(found.values())


def one_line(text: Any, longest: int) -> str | None:  # noqa: ANN401 - whatever the feed's parser made of it
    """Text without markup, line breaks and what no JSON can carry, cut to `longest`; None if nothing is left."""
    if not isinstance(text, str):
        return None
    plain = SURROGATE.sub("", TAG.sub("", html.unescape(text[: 4 * longest])))
    return " ".join(plain.split())[:longest].strip() or None


def _entries(feed: Any, base: str) -> Iterator[Link]:  # noqa: ANN401 - feedparser has no types
    for entry in feed.entries:
        address = entry.get("link")
        if not isinstance(address, str) or not address.strip():
            continue
        try:
            url = normalise(address.strip(), base)
        except BadUrl:
            continue
        yield Link(
            url=url,
            title=one_line(entry.get("title"), LONGEST_TITLE),
            published=one_line(entry.get("published") or entry.get("updated"), LONGEST_WORD),
            guid=one_line(entry.get("id"), LONGEST_GUID),
        )
