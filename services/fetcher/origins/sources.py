"""What a source's bytes are, and the links in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from services.contracts import FoundUrl, Source, SourceKind
from services.fetcher.origins import feeds, jsonfeed, lists, sitemaps
from services.fetcher.origins.feeds import Link
from services.fetcher.wire.download import SOURCE_ACCEPT, Request

SNIFFED = 4096
ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(rss|rdf|feed|channel|urlset|sitemapindex)[\s>/]", re.IGNORECASE)
KINDS: dict[bytes, SourceKind] = {b"feed": "atom", b"urlset": "sitemap", b"sitemapindex": "sitemap"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Polled:
    """What a poll found: links, and further sitemaps to read (of an index; the most recently changed first)."""

    kind: SourceKind
    links: tuple[Link, ...] = ()
    sitemaps: tuple[str, ...] = ()


def source_request(url: str, headers: Mapping[str, str] | None = None) -> Request:
    """The request for a source: of any type, and as large as a sitemap may be."""
    return Request(url=url, accept=SOURCE_ACCEPT, text_only=False, most=sitemaps.LARGEST, headers=headers or {})


def read(body: bytes, *, kind: SourceKind, url: str, content_type: str | None = None) -> Polled:
    """The links of a source's body. `url`: where the body came from, after redirects.

    The kind that the bytes show counts before the kind that was told: publishers move a feed and redirect to something
    else. Raises NoSource where neither can be read.
    """
    body = sitemaps.unpacked(body)
    shown = kind_of(body) or kind
    if shown == "sitemap":
        sitemap = sitemaps.parse(body, url=url)
        return Polled(kind="sitemap", links=sitemap.links, sitemaps=sitemap.sitemaps)
    if shown in ("list", "auto", "file"):
        return Polled(kind="list", links=tuple(lists.links(body)))
    if shown == "json":
        return Polled(kind="json", links=tuple(jsonfeed.links(body, url=url)))
    return Polled(kind=shown, links=tuple(feeds.links(body, url=url, content_type=content_type)))


def kind_of(body: bytes) -> SourceKind | None:
    """The kind that the first 4 KiB show by their root element, or JSON by its version; None if they show none."""
    if jsonfeed.is_one(body):
        return "json"
    head = body[:SNIFFED].replace(b"\x00", b"")  # UTF-16 is ASCII with zeros, as far as element names go
    match = ROOT.search(head)
    return KINDS.get(match.group(1).lower(), "rss") if match else None


def found(link: Link, source: Source, kind: SourceKind | None = None) -> FoundUrl:
    """The link as it travels. `kind`: what the source's bytes show, where it was not told."""
    return FoundUrl(
        url=link.url,
        source_id=source.source_id,
        source_kind=kind or source.kind,
        title=link.title,
        published=link.published,
        guid=link.guid,
    )
