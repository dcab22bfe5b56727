"""RSS and Atom: the links of a feed."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import feedparser

from services.fetcher.origins import wellformed
from services.urls import BadUrl, normalise

MOST_LINKS = 5000
LARGEST = 1024 * 1024  # bytes that the exact reader is given: a megabyte of junk takes it ten seconds
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What a parser read of an item beside its address, of whatever type."""

    title: Any
    published: Any
    guid: Any


def links(body: bytes, *, url: str, content_type: str | None = None) -> list[Link]:
    """The links of an RSS or Atom feed in its order, each once, 5,000 at most; relative ones against the feed's URL.

    Raises NoSource for what is no feed. A broken feed gives what can be read of it.
    """
    try:
        return quick(body, url=url, content_type=content_type)
    except wellformed.Unsure:
        return exact(body, url=url, content_type=content_type)


def quick(body: bytes, *, url: str, content_type: str | None = None) -> list[Link]:
    """The links of a well-formed feed. Raises wellformed.Unsure where `exact` must be asked."""
    return first(_item_link(item) for item in wellformed.items(body, url=url, content_type=content_type))


def exact(body: bytes, *, url: str, content_type: str | None = None) -> list[Link]:
    """The links of any feed, well-formed or not, by the library that has seen them all. Raises NoSource."""
    # BytesIO always: feedparser opens the file, or asks the host, that a str or bytes happens to name. It is not told
    # the feed's URL, for it would resolve guids too.
    headers = {"content-type": content_type or "application/xml"}
    try:
        feed = feedparser.parse(
            BytesIO(body[:LARGEST]), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except (ValueError, AssertionError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise NoSource(f"no feed: {type(error).__name__}: {error}"[:LONGEST_TITLE]) from error
    if not feed.get("version"):
        raise NoSource(f"no feed: {feed.get('bozo_exception') or 'no rss, rdf or feed element'}"[:LONGEST_TITLE])
    return first(_entry_link(entry, url) for entry in feed.entries)


def first(found: Iterable[Link | None]) -> list[Link]:
    """Each link once, 5,000 at most: of a URL that stands there twice the first one."""
    kept: dict[str, Link] = {}
    for link in found:
        if link is not None:
            kept.setdefault(link.url, link)
        if len(kept) >= MOST_LINKS:
            break
    return list(kept.values())


def _item_link(item: wellformed.Item) -> Link | None:
    said = Said(title=item.title, published=item.published or item.updated, guid=item.guid)
    return link_of(item.original or item.link, item.guid if item.guid_is_link else None, item.base, said)


def _entry_link(entry: Any, base: str) -> Link | None:  # noqa: ANN401 - feedparser has no types
    said = Said(
        title=entry.get("title"), published=entry.get("published") or entry.get("updated"), guid=entry.get("id")
    )
    address = entry.get("feedburner_origlink") or entry.get("link")
    is_guid = bool(entry.get("guidislink"))  # feedparser made the guid the link, for there was no other
    return link_of(None if is_guid else address, address if is_guid else None, base, said)


def link_of(address: Any, guid: Any, base: str, said: Said) -> Link | None:  # noqa: ANN401 - whatever a parser made of it
    """The link of an item, None if it has none. A guid counts as its address only if it looks like one."""
    if not isinstance(address, str) or not address.strip():
        if not isinstance(guid, str) or not guid.lower().startswith(("http://", "https://")):
            return None
        address = guid
    try:
        url = normalise(address.strip(), base)
    except BadUrl:
        return None
    return Link(
        url=url,
        title=one_line(said.title, LONGEST_TITLE),
        published=one_line(said.published, LONGEST_WORD),
        guid=one_line(said.guid, LONGEST_GUID),
    )


def one_line(text: Any, longest: int) -> str | None:  # noqa: ANN401 - whatever the feed's parser made of it
    """Text without markup, line breaks and what no JSON can carry, cut to `longest`; None if nothing is left."""
    if not isinstance(text, str):
        return None
    plain = SURROGATE.sub("", TAG.sub("", html.unescape(text[: 4 * longest])))
    return " ".join(plain.split())[:longest].strip() or None
