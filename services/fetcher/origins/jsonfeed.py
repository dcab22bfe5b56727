"""JSON Feed (jsonfeed.org, 1.0 and 1.1): the links of a feed."""

import codecs
from collections.abc import Iterator
from typing import Any

import orjson

from services.fetcher.origins.feeds import Link, NoSource, Said, first, link_of

VERSION = b"jsonfeed.org/version/"


def is_one(body: bytes) -> bool:
    """Whether the bytes look like a JSON Feed: an object that names the format's version."""
    return body.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{" and VERSION in body.replace(b"\\/", b"/")


def links(body: bytes, *, url: str) -> list[Link]:
    """The links of a JSON Feed in its order, each once; items that are none are passed over.

    Raises NoSource for what is no JSON, and no JSON Feed.
    """
    try:
        feed = orjson.loads(body.removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError as error:
        raise NoSource(f"no JSON Feed: {error}") from error
    items = feed.get("items") if isinstance(feed, dict) and VERSION.decode() in str(feed.get("version")) else None
    if not isinstance(items, list):
        raise NoSource("no JSON Feed: no version, or no items")
    return first(_links(items, url))


def _links(items: list[Any], base: str) -> Iterator[Link | None]:
    for item in items:
        if isinstance(item, dict):
            guid = str(item.get("id", ""))
            published = item.get("date_published") or item.get("date_modified")
            said = Said(title=item.get("title"), published=published, guid=guid)
            yield link_of(item.get("url") or item.get("external_url"), guid, base, said)
