"""Shows how the events of an article came about: which rule found what on which words.

The rules are neither asked nor told: while they run, every function of the extractor that answers with a finding (an
actor, a place, a day, a voice, a figure) is noted beside what it found, as Python's profiler sees it return. So what is
shown is what ran, whoever writes the rules.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Self, cast

from rich.text import Text

from services import trees
from services.contracts import Actor, Article, Attribution, Claim, Event, EventDate, Location, Span
from services.extractor.extract import events_of
from services.extractor.language.triggers import Trigger
from services.extractor.listing.merging import Telling
from services.extractor.listing.traits import columns
from services.extractor.parser.words import Token
from services.extractor.parties.roles import Roles
from services.extractor.setting.day_clues import Moment
from services.extractor.setting.place_clues import Spot
from services.extractor.story.attribution import Voice
from services.extractor.story.places import Place
from services.extractor.telling import told_by
from services.extractor.tolls.claims import Counted

if TYPE_CHECKING:
    from services.trees import Columns

_FOLDER = str(Path(__file__).parent)
_FINDINGS = (Actor, Location, EventDate, Attribution, Claim, Voice)
_WEIGHTY = 6  # traits of an event that are shown with its confidence


@dataclass(frozen=True, slots=True)
class Step:
    """A function that answered with a finding, and what it says of itself."""

    rule: str
    says: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A fact of an event: what it is called, its value, and the steps that led to it, what found it first."""

    what: str
    value: str
    steps: tuple[Step, ...] = ()


class _Trail:
    """Which functions answered with what, while it is on; answers are told apart by the event word they were for."""

    def __init__(self) -> None:
        self._steps: dict[tuple[Trigger | None, Any], list[Step]] = defaultdict(list)
        self._made_of: dict[Any, tuple[Any, ...]] = {}
        self._for: Trigger | None = None
        self.judged: dict[Telling, dict[str, float]] = {}

    def __enter__(self) -> Self:
        sys.setprofile(self._seen)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _seen(self, frame: FrameType, event: str, answer: object) -> None:
        if event not in {"call", "return"} or not frame.f_code.co_filename.startswith(_FOLDER):
            return
        ran, given = frame.f_code, frame.f_locals
        if ran is told_by.__code__:
            self._for = given["trigger"] if event == "call" else None
        elif event == "return" and ran is columns.__code__:
            table = cast("Columns", answer)
            self.judged = {t: {name: table[name][i] for name in table} for i, t in enumerate(given["told"])}
        elif event == "return" and not ran.co_name.startswith("<"):
            self._note(frame, answer)

    def _note(self, frame: FrameType, answer: object) -> None:
        for found in _findings(answer):
            step, steps = _step(frame), self._steps[self._for, found]
            if step not in steps:
                steps.append(step)
            self._made_of.setdefault(found, tuple(each for each in _given(frame) if type(each) is not type(found)))

    def steps(self, found: object, trigger: Trigger | None) -> tuple[Step, ...]:
        """The functions through which a finding came, each once; those that do not say what they do are left out."""
        able = ((trigger, found), (None, found), *(key for key in self._steps if key[1] == found))
        noted = (self._steps[key] for key in able if key in self._steps)
        mine = next((steps for steps in noted if any(step.says for step in steps)), [])
        before = (self.steps(each, trigger) for each in self._made_of.get(found, ()))
        return tuple(dict.fromkeys(step for step in (*chain.from_iterable(before), *mine) if step.says))


def _findings(answer: object) -> Iterator[Any]:
    """What an answer finds: itself, its parts, or the word of harm in (kind, word)."""
    match answer:
        case (str(), Token() as word):
            yield word
        case tuple() | list():
            yield from chain.from_iterable(map(_findings, answer))
        case Roles(actor=actor, recipient=recipient):
            yield from (*actor, *recipient)
        case Counted(claim=claim):
            yield claim
        case Place(location=location) | Spot(location=location):
            yield location
        case Moment(date=date):
            yield date
        case _ if isinstance(answer, _FINDINGS):
            yield answer


def _given(frame: FrameType) -> Iterator[Any]:
    """The findings that a function was given: a figure's word of harm, a voice."""
    for name in frame.f_code.co_varnames[: frame.f_code.co_argcount]:
        value = frame.f_locals.get(name)
        word = getattr(value, "trigger", None)
        if isinstance(value, Voice) or isinstance(word, Token):
            yield value if isinstance(value, Voice) else word


def _step(frame: FrameType) -> Step:
    module, name = frame.f_globals["__name__"], frame.f_code.co_name
    says = getattr(getattr(sys.modules[module], name, None), "__doc__", None) or ""
    return Step(f"{module.rpartition('.')[2]}.{name.lstrip('_')}", says.partition("\n")[0])


def explained(article: Article) -> tuple[tuple[Event, tuple[Explained, ...]], ...]:
    """Every event of an article with the facts that make it up and how each was found."""
    with _Trail() as trail:
        events = events_of(article)
    return tuple((event, tuple(_facts(event, trail))) for event in events)


def _facts(event: Event, trail: _Trail) -> Iterator[Explained]:
    telling = next((t for t in trail.judged if _tells(t, event)), None)
    trigger = telling.trigger if telling is not None else None
    yield Explained("sentence", _words(event.evidence))
    if trigger is not None:
        yield Explained("trigger", f"{_words(event.trigger)} by {_entry(trigger)}")
    named = [("actor", each) for each in event.actor] + [("recipient", each) for each in event.recipient]
    single = [("place", event.location), ("day", event.date), ("says who", event.attribution)]
    claims = [(each.kind, each) for each in event.claims]
    for what, found in (*named, *single, *claims):
        if found is not None:
            yield Explained(what, _value(found), trail.steps(_as_read(found), trigger))
    yield Explained("confidence", f"{event.confidence:.2f}{_why(trail.judged[telling]) if telling is not None else ''}")


def _as_read(found: object) -> object:
    """A place or day as it was found, before it was told where that is about and how likely."""
    if isinstance(found, Location) and found.precision == "near":
        found = replace(found, lat=None, lon=None, precision="unknown")
    return replace(found, confidence=None) if isinstance(found, Location | EventDate) else found


def _tells(telling: Telling, event: Event) -> bool:
    words = telling.sentence.between(*telling.trigger.words)
    return words == event.trigger and telling.event_type == event.event_type


def _entry(trigger: Trigger) -> str:
    entry = trigger.entry
    words = {form for token in trigger.sentence.words for form in (token.lower_, token.lemma_.lower())}
    company = f" with {' '.join(sorted(entry.company & words))}" if entry.company else ""
    where = f"lexicon.tsv:{entry.line}" if entry.line else "a duty in the words of others"
    return f"{where} {entry.lemma}{company} -> {entry.event_type} {entry.mode or ''}".rstrip()


def _words(span: Span) -> str:
    return f"{span.text!r} ({span.at} {span.start})"


def _value(found: Actor | Location | EventDate | Attribution | Claim) -> str:
    match found:
        case Actor():
            return f"{_words(found.span)} is {found.name} ({found.country or '-'}, {found.sector or '-'})"
        case Location():
            where = f"{found.country or '-'}, {found.precision}"
            return f"{_words(found.span)} is {found.name} ({where}){_sure(found)}"
        case EventDate():
            seen = f", seen from {found.anchor}" if found.anchor else ""
            return f"{_words(found.span)} is {found.value}{seen}{_sure(found)}"
        case Attribution():
            return f"{found.source} ({found.source_type}) by {found.cue!r}"
        case Claim():
            return f"{found.min} to {found.max} {found.victims or ''}, {found.claimant.text} {found.stance}"


def _sure(found: Location | EventDate) -> str:
    return "" if found.confidence is None else f" {found.confidence:.2f}"


def _why(traits: dict[str, float]) -> str:
    told = trees.load("extractor", "listed").weights(traits)
    heavy = sorted(told, key=lambda name: -abs(told[name]))[:_WEIGHTY]
    return ", most for " + ", ".join(f"{name} = {traits[name]:.3g} {told[name]:+.2f}" for name in heavy)


def as_terminal(found: Iterable[tuple[Event, tuple[Explained, ...]]]) -> Text:
    """For a terminal: an event's facts, below each the rules that led to it."""
    shown = Text()
    for event, facts in found:
        main = ", the news" if event.main else ""
        shown.append(f"{event.event_type} {event.mode or ''} ({event.realis}{main})\n", style="bold")
        for fact in facts:
            shown.append(f"{fact.what:>12}  ", style="green").append(f"{fact.value}\n")
            for step in fact.steps:
                shown.append(f"{'':>14}{step.rule:<28} {step.says}\n", style="dim")
        shown.append("\n")
    return shown
