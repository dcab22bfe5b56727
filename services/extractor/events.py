"""The events of an article: what is told, who is counted, who is quoted, and which of it is the news."""

import hashlib
from collections import Counter
from dataclasses import dataclass, replace

from services import __version__
from services.contracts import Actor, Article, ArticleRef, Attribution, Claim, Event, EventType, Quote, Span
from services.extractor.language.cameo import cameo
from services.extractor.language.lexicon import HARM
from services.extractor.language.sentences import Sentence
from services.extractor.listing.confidence import LEAST, listed
from services.extractor.listing.merging import HURTING, Telling
from services.extractor.news import news
from services.extractor.parties.candidates import Story, story_of
from services.extractor.parties.parties import with_parties
from services.extractor.setting.dating import dated
from services.extractor.setting.placing import placed
from services.extractor.story.quotes import Spoken, spoken
from services.extractor.story.reading import Reading, read
from services.extractor.telling import tellings
from services.extractor.tolls.claims import Counted, counted, of_same_people

VERSION = f"extractor/{__version__}"
_READ_OFF = 0.9  # the confidence of figures and quotations on their own, which are read off the text
_REACH = 4  # sentences that a figure may reach back to the deed it belongs to


@dataclass(frozen=True, slots=True, eq=False)
class _Draft:
    """An event before it has an id: a telling, or a figure or a quotation that belongs to none."""

    event_type: EventType
    sentence: Sentence
    evidence: Span
    trigger: Span
    telling: Telling | None = None
    actor: tuple[Actor, ...] = ()
    attribution: Attribution | None = None
    claims: tuple[Claim, ...] = ()
    quotes: tuple[Quote, ...] = ()
    confidence: float = _READ_OFF


def read_events(article: Article, least: float) -> tuple[Event, ...]:
    """What the article reports, in the order of the text; no deeds less sure than `least`, but for the likeliest."""
    story, said = _story(article, least)
    told, tolls = _with_claims(with_parties(story), story.claims)
    told, statements = _with_quotes(told, said)
    drafts = [_draft(t) for t in told] + tolls + statements
    drafts.sort(key=lambda d: (_order(d.evidence.at), d.trigger.start))
    return _events(story.reading, drafts)


def story_in(article: Article) -> Story:
    """The deeds that the article tells with those who may be parties to them, nobody chosen yet."""
    return _story(article, LEAST)[0]


def _story(article: Article, least: float) -> tuple[Story, tuple[Spoken, ...]]:
    reading = read(article)
    said = spoken(reading)
    claims = counted(reading, said)
    told = listed(tellings(reading, said, claims), reading, least)
    return story_of(reading, placed(dated(told, reading), reading), claims), said


def listed_in(article: Article) -> tuple[Reading, tuple[Telling, ...]]:
    """The article as read and the deeds that it tells, with the days and places of their own sentences alone."""
    reading, told = tellings_in(article)
    return reading, listed(told, reading, LEAST)


def tellings_in(article: Article) -> tuple[Reading, tuple[Telling, ...]]:
    """The article as read, and every deed that it may tell, whether people would list it or not."""
    reading = read(article)
    said = spoken(reading)
    return reading, tellings(reading, said, counted(reading, said))


def _order(at: str) -> int:
    return 0 if at == "/headline" else 1 if at == "/body" else 2


# -- who is counted and quoted


def _with_claims(told: tuple[Telling, ...], claims: tuple[Counted, ...]) -> tuple[tuple[Telling, ...], list[_Draft]]:
    """The tellings with the figures that belong to them, and those that belong to none as events of type TOLL."""
    mine: dict[int, list[Counted]] = {}
    tolls: dict[int, list[Counted]] = {}
    for one in claims:
        at = _deed_of(one, told)
        if at is None:
            tolls.setdefault(one.sentence.number, []).append(one)
        elif not any(_repeats(one, other) for other in mine.setdefault(at, [])):
            mine[at].append(one)
    with_claims = tuple(replace(t, claims=tuple(one.claim for one in mine.get(i, ()))) for i, t in enumerate(told))
    return with_claims, [_toll(group) for group in tolls.values()]


def _repeats(one: Counted, before: Counted) -> bool:
    """Whether a figure was given before: not by the same word, as in "killing two boys and two girls"."""
    other = one.trigger is before.trigger and one.claim.victims is not None
    return not other and of_same_people(one.claim, before.claim)


def _deed_of(one: Counted, told: tuple[Telling, ...]) -> int | None:
    """The event that a figure belongs to: of its own sentence, else one shortly before; in a caption, the first."""
    types: frozenset[EventType] = HURTING if one.claim.kind != "detained" else frozenset({"COERCE", "ASSAULT"})
    if one.claim.kind == "displaced":
        types = HURTING | {"COERCE"}
    able = [
        (i, t) for i, t in enumerate(told) if t.event_type in types and t.realis in {"happened", "ongoing", "denied"}
    ]
    number = one.sentence.number
    here = [(abs(t.trigger.token.i - one.trigger.i), i) for i, t in able if number in t.told]
    if here:
        return min(here)[1]
    if one.claim.cumulative:
        return None
    if one.sentence.passage.at.startswith("/images"):
        return max(able, key=lambda pair: len(pair[1].told), default=(None, None))[0]
    before = [(number - max(n for n in t.told if n < number), i) for i, t in able if min(t.told) < number]
    near = [pair for pair in before if pair[0] <= _REACH]
    return min(near)[1] if near else None


def _toll(group: list[Counted]) -> _Draft:
    first = group[0]
    claims: list[Counted] = []
    for one in group:
        if not any(_repeats(one, other) for other in claims):
            claims.append(one)
    return _Draft(
        "TOLL", first.sentence, first.sentence.span, first.sentence.between(first.trigger, first.trigger),
        claims=tuple(one.claim for one in claims),
    )  # fmt: skip


def _with_quotes(told: tuple[Telling, ...], said: tuple[Spoken, ...]) -> tuple[tuple[Telling, ...], list[_Draft]]:
    """The tellings with the quotations of their sentences; the others as events of type STATEMENT."""
    mine: dict[int, list[Quote]] = {}
    statements: list[_Draft] = []
    for one in said:
        at = _quoted_in(one, told)
        if at is not None:
            mine.setdefault(at, []).append(one.quote)
        else:
            statements.append(_statement(one))
    return tuple(replace(t, quotes=tuple(mine.get(i, ()))) for i, t in enumerate(told)), statements


def _quoted_in(one: Spoken, told: tuple[Telling, ...]) -> int | None:
    here = [i for i, t in enumerate(told) if one.sentence.number in t.told]
    speaking = [i for i in here if one.speaker and one.speaker.name in {a.name for a in told[i].actor}]
    return next(iter(speaking or here), None)


def _statement(one: Spoken) -> _Draft:
    actor = (one.speaker,) if one.speaker else ()
    return _Draft("STATEMENT", one.sentence, one.quote.span, one.quote.span, actor=actor, quotes=(one.quote,))


def _draft(telling: Telling) -> _Draft:
    sentence, words = telling.sentence, telling.trigger.words
    return _Draft(
        telling.event_type, sentence, sentence.span, sentence.between(*words), telling=telling, actor=telling.actor,
        attribution=telling.attribution, claims=telling.claims, quotes=telling.quotes, confidence=telling.confidence,
    )  # fmt: skip


# -- events with ids


def _events(reading: Reading, drafts: list[_Draft]) -> tuple[Event, ...]:
    seen: Counter[tuple[str, str]] = Counter()
    main = news(tuple(d.telling for d in drafts if d.telling is not None), reading)
    found = []
    for draft in drafts:
        key = (draft.event_type, draft.sentence.text)
        ident = event_id(reading.article.article_id, *key, seen[key])
        seen[key] += 1
        found.append(_event(reading.article, draft, ident, main=main is not None and draft.telling is main))
    return tuple(found)


def event_id(article_id: str, event_type: str, sentence: str, ordinal: int) -> str:
    """The event's id, 32 hexadecimal digits: the same for the same sentence of the same article, whatever else changes.

    `ordinal` counts events of one type in one sentence.
    """
    text = "\n".join((article_id, event_type, sentence, str(ordinal)))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _event(article: Article, draft: _Draft, ident: str, *, main: bool) -> Event:
    telling = draft.telling
    mode = telling.mode if telling and telling.mode != HARM else None
    return Event(
        event_id=ident,
        revision=article.revision,
        article=_reference(article),
        event_type=draft.event_type,
        mode=mode,
        cameo_code=cameo(draft.event_type, mode, telling.trigger.entry.lemma if telling else None),
        main=main,
        realis=telling.realis if telling else "happened",
        evidence=draft.evidence,
        trigger=draft.trigger,
        actor=draft.actor,
        recipient=telling.recipient if telling else (),
        location=telling.location if telling else None,
        date=telling.date if telling else None,
        attribution=draft.attribution,
        claims=draft.claims,
        quotes=draft.quotes,
        confidence=draft.confidence,
        extractor_version=VERSION,
    )


def _reference(article: Article) -> ArticleRef:
    return ArticleRef(
        id=article.article_id, url=article.url, headline=article.headline, publisher=article.publisher,
        published_at=article.published_at, language=article.language,
    )  # fmt: skip
