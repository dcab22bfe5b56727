"""The cleaner's work: a page comes in, an article goes out."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from services import __version__, envelope, topics
from services.cleaner import memory
from services.cleaner.body import flattened, html, indexes
from services.cleaner.metadata import bylines, dating, headlines, identity, publishers, slugs, state
from services.cleaner.metadata.metadata import Metadata, metadata_of
from services.cleaner.text import datelines, decode, languages, lines, typography
from services.cleaner.text.reading import Part, Reading, beside_headline, bounded, hold
from services.contracts import Article, Block, Dateline, Image, PageMeta, PageRef, Rights
from services.stage import Message, Outcome, Reason, Rejected

CLEANER_VERSION = f"cleaner/{__version__}"
_SHORTEST_BODY = 60  # characters: less is a label, not a story
_MOST_IMAGES = 50
_ENDED = re.compile(r"[.!?\"“”»]\s*\(([^()\n]{2,40})\)\.?\Z")  # ... on Monday. (jhm/dpa)
_LONGEST_END = 50  # characters
_LITTLE = 250  # characters of running text: a page that shows less may hold its story elsewhere


def clean(message: Message) -> Outcome:
    """The article of a page, as a record on news.articles.v1, with counts by removed reason.

    Raises BrokenContract for a page without its PageMeta, Rejected for one that holds no article.
    """
    meta = envelope.page_meta(message)
    content_type = (message.header("content-type") or b"").decode("latin-1")
    page = PageRef(topic=message.topic, partition=message.partition, offset=message.offset)
    if message.value is None:
        raise Rejected(Reason.EMPTY, "no value")
    whole = article_of(message.value, meta, content_type=content_type, page=page)
    known = memory.Known.of(message.advice)
    article = memory.without_furniture(whole, known)
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
    lesson = memory.lesson_of(whole, memory.site_of_page(message), known)
    return Outcome(records=(record,), counts=dict(counts), lesson=lesson)


def article_of(body: bytes, meta: PageMeta, *, content_type: str, page: PageRef | None = None) -> Article:
    """The article that the bytes of a page hold. Raises Rejected: EMPTY, TOO_LARGE, NOT_TEXT, NO_ARTICLE."""
    decoded = decode.decoded(body, meta)
    known, reading = _read(decoded, meta, content_type)
    if typography.is_misread("\n".join([part.text for part in reading.parts])):
        text = typography.repaired(decoded.text)
        known, reading = _read(decode.Decoded(text, text.encode()), meta, content_type)
    return _article(reading, known, page)


def _read(page: decode.Decoded, meta: PageMeta, content_type: str) -> tuple["_Known", Reading]:
    """What is known of a page, and what its text is read as."""
    if decode.kind_of(page.text, content_type) != "html":
        known = _Known.of(Metadata(), meta)
        return known, flattened.read(decode.tidy(page.text), country=known.country, url=meta.final_url)
    tree = decode.tree_of(page.utf8)
    known = _Known.of(metadata_of(tree, meta.final_url), meta)
    reading = html.read(tree, known.headline, country=known.country)
    return known, reading if hold(reading.running, _LITTLE) else _told_elsewhere(page.utf8, known, reading)


def _told_elsewhere(utf8: bytes, known: "_Known", shown: Reading) -> Reading:
    """The story that scripts, templates or JSON-LD hold, of a page whose markup shows next to nothing."""
    for told in state.stories(decode.tree_of(utf8), shown.headline, known.metadata.story.body):
        story = decode.tree_of(f"<html><body><article>{told}</article></body></html>".encode(errors="replace"))
        read = html.read(story, known.headline, country=known.country)
        if read.size >= max(_LITTLE, 2 * shown.size):
            return replace(read, headline=shown.headline, removed=shown.removed + read.removed)
    return shown


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a page before its text is weighed. `sites`: the site's names, squeezed."""

    metadata: Metadata
    meta: PageMeta
    sites: frozenset[str]
    country: str | None
    headline: headlines.Headline

    @classmethod
    def of(cls, metadata: Metadata, meta: PageMeta) -> "_Known":
        country = publishers.country_of(meta.final_url, metadata)
        return cls(metadata, meta, publishers.site_names(metadata), country, headlines.headline_of(metadata))


def _article(reading: Reading, known: _Known, page: PageRef | None) -> Article:
    metadata, meta = known.metadata, known.meta
    canonical = _canonical(known)
    url = canonical or identity.article_url(meta.final_url)
    clues = _clues(reading, known)
    published, published_from = dating.published(clues)
    lead = _lead(reading.parts, published)
    _refuse_no_article(reading, published_from, meta.final_url)
    body, blocks = _laid_out(reading.parts)
    signed = bylines.bylines_of(metadata, bylines.Printed(reading, known.headline.order), sites=known.sites)
    language = languages.language_of(body, metadata.language or metadata.story.language)
    return Article(
        article_id=identity.article_id(url),
        revision=meta.fetched_at,
        url=url,
        canonical_url=canonical,
        host=publishers.host_of(meta.final_url),
        publisher=publishers.publisher_of(metadata),
        headline=reading.headline,
        description=metadata.description,
        bylines=signed,
        agencies=_agencies((reading.credit_line or "", *filter(lines.only_agencies, signed)), metadata, lead, body),
        credit_line=reading.credit_line,
        section=metadata.section,
        keywords=metadata.keywords,
        dateline=_dateline(lead.dateline if lead else None, reading.dateline) or _running(reading.parts, published),
        published_at=published,
        published_from=published_from,
        modified_at=dating.modified(clues, since=published),
        language=language.code,
        language_confidence=language.confidence,
        body=body,
        body_sha256=hashlib.sha256(body.encode()).hexdigest(),
        blocks=blocks,
        images=_images(reading, metadata, meta.final_url),
        removed=bounded(reading.removed),
        is_accessible_for_free=metadata.free,
        rights=_rights(meta.rights, metadata),
        page=page,
        cleaner_version=CLEANER_VERSION,
    )


def _refuse_no_article(reading: Reading, published_from: str | None, url: str) -> None:
    """Raise Rejected(NO_ARTICLE) for a page without a story of its own.

    A story's address was made of its headline, or its page, address or feed says when it was published; an index only
    prints days.
    """
    if not hold(reading.running, _SHORTEST_BODY):
        raise Rejected(Reason.NO_ARTICLE, "no running text")
    if published_from not in {None, "dateline"} or slugs.names(url, reading.headline):
        return
    if indexes.is_list_of_titles([part.text for part in reading.parts]):
        raise Rejected(Reason.NO_ARTICLE, "a list of titles")
    if reading.summaries:
        raise Rejected(Reason.NO_ARTICLE, "summaries of other pages' stories")


def _canonical(known: _Known) -> str | None:
    said = (known.metadata.canonical, known.metadata.first("og:url"))
    return identity.canonical([url for url in said if url], known.meta.final_url)


def _clues(reading: Reading, known: _Known) -> dating.Clues:
    """All that says when the article was published or changed."""
    beside = beside_headline(reading.removed, reading.headline)
    return dating.Clues(
        metadata=known.metadata,
        printed=reading.printed or dating.printed(beside, country=known.country),
        masthead=reading.masthead,
        changed=dating.changed(beside, country=known.country),
        page=known.meta,
        order=known.headline.order,
        country=known.country,
    )


def _laid_out(parts: tuple[Part, ...]) -> tuple[str, tuple[Block, ...]]:
    """The body, parts joined by a blank line, and the blocks that cover it."""
    blocks, at = [], 0
    for part in parts:
        blocks.append(Block(kind=part.kind, start=at, end=at + len(part.text)))
        at += len(part.text) + 2
    return "\n\n".join(part.text for part in parts), tuple(blocks)


def _lead(parts: tuple[Part, ...], published: datetime | None) -> datelines.Lead | None:
    """The dateline at the head of the story. It stays there: labelled bodies have it too."""
    paragraphs = (part.text for part in parts if part.kind == "paragraph")
    return datelines.of_story(paragraphs, published=published.date() if published else None)


def _running(parts: tuple[Part, ...], published: datetime | None) -> Dateline | None:
    first = next((part.text for part in parts if part.kind == "paragraph"), "")
    return datelines.running(first, published=published.date() if published else None)


def _dateline(lead: Dateline | None, line: Dateline | None) -> Dateline | None:
    if lead is None or line is None:
        return lead or line
    return replace(lead, datetime=lead.datetime or line.datetime)


def _agencies(signed: tuple[str, ...], metadata: Metadata, lead: datelines.Lead | None, body: str) -> tuple[str, ...]:
    """The news agencies named as source: in dateline, credit, byline, behind the last sentence, or as who reported."""
    signed += (*metadata.story.authors, *metadata.story.organisations, *metadata.every("author"))
    named = tuple(name for text in signed for name in lines.agencies_in(text))
    ended = _ENDED.search(body, max(0, len(body) - _LONGEST_END))
    parts = ended[1].split("/") if ended else ()
    named += tuple(name for part in parts if lines.only_agencies(part.strip()) for name in lines.agencies_in(part))
    return tuple(dict.fromkeys((lead.agencies if lead else ()) + named + lines.agencies_reporting(body)))


def _images(reading: Reading, metadata: Metadata, base: str) -> tuple[Image, ...]:
    """The article's pictures with absolute URLs; the page's own lead picture where the body shows none."""
    shown = [replace(image, url=identity.absolute(base, image.url)) for image in reading.images]
    kept = [image for image in shown if image.url or image.caption]
    if not kept and (lead := metadata.lead_picture) is not None:
        kept = [replace(lead, url=identity.absolute(base, lead.url))]
    return tuple(dict.fromkeys(kept))[:_MOST_IMAGES]


def _rights(rights: Rights, metadata: Metadata) -> Rights:
    return replace(
        rights,
        meta_robots=metadata.first("robots") or rights.meta_robots,
        tdm_reservation=metadata.first("tdm-reservation") or rights.tdm_reservation,
    )
