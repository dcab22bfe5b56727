"""Who did a deed and to whom, where its own words do not say it: what its sentence and its story name."""

from collections.abc import Iterator
from dataclasses import replace

from services.contracts import Actor, EventType
from services.extractor.atlas import sites
from services.extractor.entities import actor_of, peopled
from services.extractor.gazetteer import names
from services.extractor.merging import Telling, alike
from services.extractor.reading import Reading
from services.extractor.roles import somewhere
from services.extractor.sentences import Sentence
from services.extractor.triggers import FRIENDLY
from services.extractor.words import Token

_FACING: frozenset[EventType] = FRIENDLY - {"RETREAT"} | {"ACCUSE", "THREATEN", "SANCTION", "ASSAULT"}
_LEGAL = frozenset({"ACCUSE", "CONCEDE"})  # whose recipient a pronoun may be: "dropped the case against him"
_PERSONS = frozenset({"he", "she", "him", "her", "his"})
_SOMEWHERE = frozenset({"in", "at", "near", "outside", "inside", "around"})
_NAMES = frozenset({"PERSON", "ORG", "GPE", "NORP"})
_PHRASE = frozenset({"compound", "amod", "nmod", "npadvmod"})


def faced(told: tuple[Telling, ...], reading: Reading) -> tuple[Telling, ...]:
    """The tellings, those that name no recipient, or only a place, with the other party of their sentence if any."""
    return tuple(_faced(_done(telling, told), reading) for telling in told)


def _done(telling: Telling, told: tuple[Telling, ...]) -> Telling:
    """An assault by nobody, with the side that does all deeds of its kind in the story: "the strikes killed …"."""
    if telling.actor or telling.event_type != "ASSAULT" or not telling.trigger.nominal:
        return telling
    kin = [t.actor[0] for t in told if t.actor and (t.event_type, t.mode) == ("ASSAULT", telling.mode)]
    one = bool(kin) and all(alike(kin[0], other) for other in kin)
    return replace(telling, actor=(kin[0],)) if one else telling


def _faced(telling: Telling, reading: Reading) -> Telling:
    named = tuple(r for r in telling.recipient if telling.event_type != "ASSAULT" or not _is_place(r, reading))
    if named or telling.event_type not in _FACING:
        return replace(telling, recipient=named)
    return replace(telling, recipient=_other(telling, reading))


def _is_place(actor: Actor, reading: Reading) -> bool:
    """Whether what was hit is no side but a place, which the location tells."""
    side = peopled(actor) or actor.country or actor.sector
    return not side and (somewhere(actor, reading.names) or bool(sites(actor.name)))


def _other(telling: Telling, reading: Reading) -> tuple[Actor, ...]:
    for actor in _candidates(telling, reading):
        mine = any(alike(actor, other) for other in telling.actor)
        if not mine and not (telling.event_type == "ASSAULT" and not peopled(actor)):
            return (actor,)
    return ()


def _candidates(telling: Telling, reading: Reading) -> Iterator[Actor]:
    """Whom the sentence names: below the word for the deed, behind it, before it."""
    trigger, sentence = telling.trigger.token, telling.sentence
    source = telling.attribution.source if telling.attribution else None
    below = {t.i for t in trigger.subtree}
    heads = [t for t in sentence.words if _may_be(t, telling)]
    heads.sort(key=lambda t: (t.i < trigger.i, t.i not in below, abs(t.i - trigger.i)))
    for head in heads:
        actor = _party(head, sentence, reading)
        if actor is not None and actor.name != source:
            yield actor


def _may_be(token: Token, telling: Telling) -> bool:
    if token.lower_ in _PERSONS:
        return telling.event_type in _LEGAL
    if token.i == telling.trigger.token.i or token.pos_ not in {"NOUN", "PROPN"} or token.dep_ in _PHRASE:
        return False
    return not (token.dep_ == "pobj" and token.head.lower_ in _SOMEWHERE)


def _party(head: Token, sentence: Sentence, reading: Reading) -> Actor | None:
    actor = actor_of(head, sentence, reading.names)
    if actor is None or actor.sector == "MED":
        return None
    if head.lower_ in _PERSONS:
        return actor
    if peopled(actor):
        return actor
    town = actor.name in reading.names.placed and actor.name not in names()
    return actor if head.ent_type_ in _NAMES and not town else None
