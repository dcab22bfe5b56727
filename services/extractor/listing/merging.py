"""One event for one deed, however often it is told."""

from dataclasses import dataclass, replace
from functools import lru_cache

from services.contracts import Actor, Attribution, Claim, EventDate, EventType, Location, Quote, Realis
from services.extractor.language.lexicon import HARM
from services.extractor.language.sentences import Sentence
from services.extractor.language.triggers import Trigger
from services.extractor.story.entities import peopled, sector_of, singular
from services.extractor.world.gazetteer import names, sectors, words

_LINKS = frozenset({"the", "of", "and"})
_ANYBODY = words("anybody")
_ONE = words("anyone") | {"teenager", "driver", "suspect", "gunman", "officer", "deputy", "policeman", "soldier"}
_OF_ONE: frozenset[EventType] = frozenset({"ASSAULT", "COERCE", "ACCUSE", "ACCIDENT"})
_FULL = (2, 3)  # words of a human being's name
_PLACES = words("ground") | words("sites") | words("institutions")
_BY_HAND = frozenset({"firearms", "primitive", "beat"})
_OTHERS = frozenset({"another", "separate", "similar"})
_ALSO = _OTHERS | {"also", "too", "separately"}
_SIDES = frozenset({"MIL", "COP", "REB", "GOV"})
_COARSE = {"unknown": 0, "place": 1, "admin1": 2, "country": 3}
_CASUALTIES = 3  # sentences over which "57 soldiers were killed" still speaks of the raid told before
_OF_A_MATTER: frozenset[EventType] = frozenset(
    {"REJECT", "REQUEST", "AGREE", "CONCEDE", "THREATEN", "ACCUSE", "SUPPORT"}
)
HURTING: frozenset[EventType] = frozenset({"ASSAULT", "ACCIDENT", "DISASTER"})


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """An event as one sentence tells it, or as several do once they are merged. `told` numbers the sentences.

    `aside` is a deed that nobody tells as such: somebody is blamed for it, or condemns it. `dead` are the figures of
    dead in its sentences, `ruled` says whether the rules hold that it says enough to be an event, `confidence` how
    likely people would list it.
    """

    event_type: EventType
    mode: str | None
    trigger: Trigger
    realis: Realis
    actor: tuple[Actor, ...] = ()
    recipient: tuple[Actor, ...] = ()
    location: Location | None = None
    date: EventDate | None = None
    attribution: Attribution | None = None
    claims: tuple[Claim, ...] = ()
    quotes: tuple[Quote, ...] = ()
    told: tuple[int, ...] = ()
    aside: bool = False
    dead: tuple[Claim, ...] = ()
    ruled: bool = True
    confidence: float = 0.0

    @property
    def sentence(self) -> Sentence:
        """The sentence of the fullest telling."""
        return self.trigger.sentence

    @property
    def filled(self) -> int:
        """How much the telling says."""
        return sum(map(bool, (self.actor, self.recipient, self.location, self.date)))


def merged(tellings: tuple[Telling, ...]) -> tuple[Telling, ...]:
    """The tellings in the order of the text, those of one deed made one."""
    found: list[Telling] = []
    for telling in tellings:
        caption = telling.sentence.passage.at.startswith("/images")
        order = range(len(found)) if caption else range(len(found) - 1, -1, -1)  # a caption is about the news
        at = next((i for i in order if _same(found[i], telling)), None)
        if at is None:
            found.append(telling)
        else:
            found[at] = joined(found[at], telling)
    return tuple(found)


def joined(one: Telling, other: Telling) -> Telling:
    """Both in one: the fuller one, its gaps filled from the other."""
    full, rest = (other, one) if other.filled > one.filled or _headline(one) else (one, other)
    return replace(
        full,
        mode=_mode(full.mode, rest.mode),
        actor=full.actor or rest.actor,
        recipient=_people_first(full.recipient, rest.recipient),
        location=_finer(full.location, rest.location),
        date=full.date or rest.date,
        attribution=rest.attribution if _headline(full) else full.attribution,
        claims=one.claims + other.claims,
        quotes=one.quotes + other.quotes,
        told=tuple(sorted({*one.told, *other.told})),
        aside=one.aside and other.aside,
        dead=one.dead + other.dead,
    )


def _mode(one: str | None, other: str | None) -> str | None:
    """How it was done, by the one that says so; mere harm only if both are: "attacked the airfield" is more."""
    return one if one == other else next((mode for mode in (one, other) if mode not in {None, HARM}), None)


def _people_first(one: tuple[Actor, ...], other: tuple[Actor, ...]) -> tuple[Actor, ...]:
    """The first of two roles, unless only the second names people: "the town" is less than "civilians"."""
    if len(one) == 1 and other and _nameless(one[0]) and other[0].name[:1].isupper():
        return other
    return other if any(map(peopled, other)) and not any(map(peopled, one)) else one or other


def _finer(one: Location | None, other: Location | None) -> Location | None:
    if one is None or other is None:
        return one or other
    return min(one, other, key=lambda place: _COARSE[place.precision])


def _headline(telling: Telling) -> bool:
    return telling.sentence.passage.at == "/headline"


def _same(one: Telling, other: Telling) -> bool:
    """Whether both tell one deed: something says so, and nothing speaks against it.

    A headline is about the first deed of its type that the text tells.
    """
    if one.event_type != other.event_type or _another(other.trigger):
        return False
    if _headline(one) and one.told[-1] == one.sentence.number:
        return True
    return compatible(one, other) and _linked(one, other)


def compatible(one: Telling, other: Telling) -> bool:
    """Whether nothing says that two tellings are of two deeds."""
    modes = {one.mode, other.mode} - {None, HARM}
    if modes & _BY_HAND:
        modes -= {"assassinate"}  # "the murder … was stabbed"
    unreal = {one.realis, other.realis} & {"planned", "hypothetical"}
    return (
        len(modes) < 2  # noqa: PLR2004 - no two
        and (not unreal or one.realis == other.realis)
        and (_overlap(one.actor, other.actor) is not False or _same_scene(one, other))
        and _hit(one.recipient, other.recipient) is not False
        and _place(one.location, other.location) is not False
        and _day(one.date, other.date) is not False
        and not _other_dead(one.dead, other.dead)
        and not _other_matter(one, other)
    )


def _other_matter(one: Telling, other: Telling) -> bool:
    """Whether what is said is said of two things: "rejected the ultimatum … refused to take part in the truce"."""
    if one.event_type not in _OF_A_MATTER:
        return False
    ours, theirs = _matter(one.trigger), _matter(other.trigger)
    return bool(ours and theirs) and not ours & theirs


def _matter(trigger: Trigger) -> frozenset[str]:
    """The words of what a verb's deed is about: its object, or what it is to do."""
    about = [t for t in trigger.token.children if t.dep_ in {"dobj", "xcomp", "ccomp"}]
    return frozenset(t.lemma_.lower() for whole in about for t in whole.subtree if t.pos_ in {"NOUN", "PROPN", "VERB"})


def _same_scene(one: Telling, other: Telling) -> bool:
    """Whether both are of one day at one place: another phrase for the doer does not make it another deed then."""
    return _day(one.date, other.date) is True and _place(one.location, other.location) is True


def _other_dead(one: tuple[Claim, ...], other: tuple[Claim, ...]) -> bool:
    """Whether they count other people: "a raid killed 30 … raids killed eight"; rivals may count the same ones."""
    pairs = [(a, b) for a in one for b in other if len({a.claimant.text, b.claimant.text} - {"narrator"}) <= 1]
    return bool(pairs) and not any(_within(a, b) and _within(b, a) for a, b in pairs)


def _within(low: Claim, high: Claim) -> bool:
    """Whether the most that one claim allows reaches the least that the other does."""
    return low.min is None or high.max is None or low.min <= high.max


def _linked(one: Telling, other: Telling) -> bool:
    """Whether something positive says that it is the same deed: shared roles, day or place, or "the attack"."""
    actor, recipient = _overlap(one.actor, other.actor), _overlap(one.recipient, other.recipient)
    place, day = _place(one.location, other.location), _day(one.date, other.date)
    shared = any(fact is True for fact in (actor, recipient, place, day))
    gap = other.sentence.number - one.told[-1]
    near = gap <= 1 or other.sentence.passage.at.startswith("/images")
    hurt = other.mode == HARM and not other.actor and gap <= _CASUALTIES and recipient is not False
    again = definite(other.trigger) and (near or not other.filled)
    return _named_later(one, other) or hurt or again or shared


def _named_later(one: Telling, other: Telling) -> bool:
    """As in "a man was charged with murder … Jonas Lind was charged with …": the same of one who has a name now.

    Not of somebody else, as in "a soldier was shot … Mayor Jonas Lind was shot, too".
    """
    if one.event_type not in _OF_ONE or len(one.recipient) != 1 or len(other.recipient) != 1:
        return False
    same = one.trigger.entry.lemma == other.trigger.entry.lemma or one.event_type == "ASSAULT"
    sides = {one.recipient[0].sector, other.recipient[0].sector} - {None}
    if len(sides) > 1 or any(t.lower_ in _ALSO for t in other.trigger.token.subtree):
        return False
    return same and _nameless(one.recipient[0]) and _named_in_full(other.recipient[0].name)


def _nameless(actor: Actor) -> bool:
    """Whether an actor is one human being without a name: "a man", "the 17-year-old boy"."""
    return actor.name.rsplit(maxsplit=1)[-1] in _ONE


def definite(trigger: Trigger) -> bool:
    """As in "the attack", "the latest strike", "Saturday's raid": something told before."""
    if not trigger.nominal:
        return False
    plural = trigger.token.tag_ in {"NNS", "NNPS"}
    return not plural and any(t.lower_ in {"the", "this", "that"} for t in trigger.token.lefts)


def _another(trigger: Trigger) -> bool:
    """As in "another attack", "a separate raid": none that was told before."""
    return trigger.nominal and any(t.lower_ in _OTHERS for t in trigger.token.lefts)


def _hit(one: tuple[Actor, ...], other: tuple[Actor, ...]) -> bool | None:
    """Whether the same may have been hit: a place says nothing against people, nor "people" against soldiers."""
    ours, theirs = ([a for a in them if somebody(a) and a.name.lower() not in _ANYBODY] for them in (one, other))
    if any(_nameless(a) for a in ours + theirs) and any(_named_in_full(a.name) for a in ours + theirs):
        return _overlap(one, other) or None  # "the man" may be who has a name elsewhere
    return _overlap(one, other) or (_overlap(tuple(ours), tuple(theirs)) if ours and theirs else None)


def somebody(actor: Actor) -> bool:
    """Whether an actor is people, a side, or by all appearance one human being by first and last name."""
    return peopled(actor) or (_named_in_full(actor.name) and actor.name not in names())


@lru_cache(maxsize=4096)
def _named_in_full(name: str) -> bool:
    words_of = name.split()
    return (
        len(words_of) in _FULL
        and all(w[:1].isupper() and w.replace("-", "").isalpha() for w in words_of)
        and (sector_of(name) is None and words_of[-1].lower() not in _PLACES)
    )


def _overlap(one: tuple[Actor, ...], other: tuple[Actor, ...]) -> bool | None:
    """Whether two roles may be the same people; None where one of them is not named."""
    if not one or not other:
        return None
    return any(alike(a, b) for a in one for b in other)


def alike(a: Actor, b: Actor) -> bool:
    """Whether two may be the same people, by name, country and sector."""
    known = names().get(a.name)
    if a.name.lower() == b.name.lower() or (known is not None and known == names().get(b.name)):
        return True
    if a.country and b.country and a.country != b.country:
        return False
    if _share_name(a.name, b.name):
        return True
    return a.country == b.country and a.country is not None and None in {a.sector, b.sector}


@lru_cache(maxsize=4096)
def _share_name(a: str, b: str) -> bool:
    """Whether two names share a word that tells who is meant: "Ridge Army" and "Ilmarian army" do not by "army"."""
    ours, theirs = ({*name.split()} - _LINKS for name in (a, b))
    lower = {word.lower() for word in ours} & {word.lower() for word in theirs}
    if any(sectors().get(singular(word)) not in _SIDES for word in lower):
        return True
    printed = ours & theirs
    return bool(printed) and not (ours - printed and theirs - printed)


def _place(one: Location | None, other: Location | None) -> bool | None:
    if one is None or other is None:
        return None
    if _share_name(one.name, other.name) or (one.geonameid is not None and one.geonameid == other.geonameid):
        return True
    coarse = {"country", "admin1"} & {one.precision, other.precision}
    return None if coarse and one.country == other.country else False


def _day(one: EventDate | None, other: EventDate | None) -> bool | None:
    if one is None or other is None:
        return None
    if one.value == other.value:
        return one.precision == "day" or None
    return None if one.value.startswith(other.value) or other.value.startswith(one.value) else False
