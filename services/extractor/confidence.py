"""How sure it is that a telling is an event which the article reports, and not background, an echo or a slip."""

import math
from collections.abc import Iterator
from functools import cache

from services.extractor.entities import peopled
from services.extractor.gazetteer import rows
from services.extractor.lexicon import HARM
from services.extractor.merging import Telling, compatible, definite

_CLAUSES = frozenset({"relcl", "acl", "advcl", "pcomp", "xcomp", "ccomp", "conj", "pobj", "dobj", "nsubj", "nsubjpass"})
_LEAD = 3  # sentences in which the news stands


def confidence(telling: Telling, before: tuple[Telling, ...]) -> float:
    """0 to 1: how likely people would call the telling an event; `before` are those that the article tells before it.

    A logistic model over what the telling says and how; its weights stand in data/confidence.tsv and are fitted to
    annotated articles by `python -m tests.benchmarks.confidence`, which prints how well they hold.
    """
    return round(logistic(sum(weights().get(name, 0.0) for name in traits(telling, before))), 2)


def logistic(x: float) -> float:
    """The probability of log odds."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))


@cache
def weights() -> dict[str, float]:
    """The weight of every trait."""
    return {name: float(weight) for name, weight in rows("confidence.tsv")}


def traits(telling: Telling, before: tuple[Telling, ...]) -> Iterator[str]:
    """The names of what is true of a telling; `before` are those that the article tells before it."""
    yield "always"
    yield telling.event_type
    yield from _roles(telling)
    yield from _form(telling)
    yield from _place_in_text(telling)
    yield from _company(telling, before)


def _roles(telling: Telling) -> Iterator[str]:
    if telling.actor:
        named = any(a.country or a.sector or a.name[:1].isupper() for a in telling.actor)
        yield "actor named" if named else "actor"
    if telling.recipient:
        yield "recipient people" if any(map(peopled, telling.recipient)) else "recipient"
    if telling.actor and telling.recipient:
        yield "both roles"
    if telling.location:
        yield "place"
    if telling.date:
        yield f"date {telling.date.precision}"


def _form(telling: Telling) -> Iterator[str]:
    token = telling.trigger.token
    nominal = telling.trigger.nominal
    yield "noun" if nominal else "verb"
    yield f"{'noun' if nominal else 'verb'} {token.dep_ if token.dep_ in _CLAUSES else 'main'}"
    yield telling.realis
    if telling.mode == HARM:
        yield "harm"
    yield f"{telling.filled} facts"
    if telling.aside:
        yield "aside"
    if telling.attribution:
        yield "attributed"
    if definite(telling.trigger):
        yield "definite"
    if token.tag_ == "NNS":
        yield "plural noun"
    if telling.trigger.entry.company:
        yield "term"


def _place_in_text(telling: Telling) -> Iterator[str]:
    at = telling.sentence.passage.at
    number = telling.sentence.number
    if at == "/headline":
        yield "headline only"
    elif number <= _LEAD:
        yield "lead"
    elif number > 4 * _LEAD:
        yield "late"
    if telling.told and len(telling.told) > 1:
        yield "told again"


def _company(telling: Telling, before: tuple[Telling, ...]) -> Iterator[str]:
    alike = [t for t in before if t.event_type == telling.event_type]
    yield f"{min(len(alike), 4)} alike before"
    if any(compatible(t, telling) for t in alike):
        yield "maybe an echo"
    if any(t.sentence.number == telling.sentence.number for t in alike):
        yield "alike in sentence"
