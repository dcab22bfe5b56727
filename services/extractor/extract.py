"""An article in, its events and its event set out."""

import gc
from collections import Counter
from datetime import UTC, datetime

from services import contracts, envelope, topics
from services.contracts import Article, Event, EventSet
from services.extractor.events import read_events
from services.extractor.listing.confidence import LEAST
from services.stage import Message, Outcome, Record

_YOUNG = 20_000  # new objects between two rounds of the collector of garbage: what some five articles leave behind
_FIRST = Article(
    article_id="", revision=datetime(1970, 1, 1, tzinfo=UTC), url="", headline="Three die in shelling of market",
    body="The army said on Monday that rebels had shelled a market in Geneva, killing at least three people.",
    body_sha256="", cleaner_version="",
)  # fmt: skip


def prepare() -> None:
    """Load the language model and all tables, once in a process: a first article asks for each of them."""
    events_of(_FIRST)
    gc.freeze()  # what is loaded stays: the collector of garbage need not go through it again
    gc.set_threshold(_YOUNG)


def extract(message: Message, *, least: float = 0.0) -> Outcome:
    """The events of the article in `message`, one record each, and last the set of their ids, also when it is empty.

    Events of a confidence below `least` are left out, of the set too, and counted as ("skipped", "confidence"). Raises
    BrokenContract for bytes that are no article. An article in another language than English has no events and
    is counted as ("skipped", "language").
    """
    article = contracts.decode(message.value, Article)
    told = events_of(article)
    events = tuple(event for event in told if event.confidence >= least)
    records = (*(_event_record(event, article) for event in events), _set_record(article, events))
    return Outcome(records=records, counts=_counts(article, events, unsure=len(told) - len(events)))


def events_of(article: Article, *, least: float = LEAST) -> tuple[Event, ...]:
    """What the article reports, in the order of the text; empty for another language than English.

    A deed of which it is less sure than `least` is no event; its figures and quotations remain. Headline, body and
    captions are read, of the body the first text.BODY_LIMIT characters.
    """
    return read_events(article, least) if _english(article) else ()


def _english(article: Article) -> bool:
    return article.language is None or article.language.lower().partition("-")[0] == "en"


def _counts(article: Article, events: tuple[Event, ...], *, unsure: int) -> dict[tuple[str, str], int]:
    counts: Counter[tuple[str, str]] = Counter()
    counts.update(("event_type", str(event.event_type)) for event in events)
    counts.update(("claim_kind", str(claim.kind)) for event in events for claim in event.claims)
    if not _english(article):
        counts["skipped", "language"] = 1
    if unsure:
        counts["skipped", "confidence"] = unsure
    return dict(counts)


def _event_record(event: Event, article: Article) -> Record:
    ident = f"{event.event_id}/{event.revision.isoformat()}"
    about = envelope.headers(kind="event", ident=ident, source=article.url, time=event.revision)
    return envelope.json_record(event, topic=topics.EVENTS, key=event.event_id, place=article.article_id, about=about)


def _set_record(article: Article, events: tuple[Event, ...]) -> Record:
    ident = f"{article.article_id}/{article.revision.isoformat()}"
    about = envelope.headers(kind="event-set", ident=ident, source=article.url, time=article.revision)
    event_set = EventSet(
        article_id=article.article_id, revision=article.revision, event_ids=tuple(e.event_id for e in events)
    )
    return envelope.json_record(
        event_set, topic=topics.EVENT_SETS, key=article.article_id, place=article.article_id, about=about
    )
