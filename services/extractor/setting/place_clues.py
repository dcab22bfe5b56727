"""Where a deed may have been done, and what speaks for each place: the columns over which the model decides."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from services.contracts import Location
from services.extractor.language.lexicon import entries
from services.extractor.language.sentences import Sentence
from services.extractor.language.triggers import apart
from services.extractor.listing.merging import Telling
from services.extractor.parser.words import Token
from services.extractor.parties.clues import CLAUSES, path
from services.extractor.setting.deeds import kinds, words_of
from services.extractor.story.entities import phrase_ends
from services.extractor.story.places import FACILITY, Place, country_of, located, speakers_seat
from services.extractor.story.reading import Reading
from services.extractor.world.atlas import sites
from services.extractor.world.gazetteer import alpha2, countries, hits
from services.extractor.world.gazetteer import words as listed_words

Clues = dict[str, float]
_NOWHERE = -1.0  # what the row of "nowhere" has where the others say something of a place
_SITES = listed_words("sites")
_MOST = 40  # places that a deed is asked about: a list of hundreds of deeds would ask each about all
_NEAR = 3  # sentences before and after a deed's in which its place is looked for
_LEAD = 2  # sentences of the body that sum the story up
_CHIEF = 3  # places that a story names most
_WARDS = frozenset({"hospital", "clinic", "infirmary", "morgue", "mortuary"})
_CARED_FOR = frozenset({
    "take", "rush", "bring", "carry", "admit", "fly", "airlift", "transfer", "transport", "treat", "die", "declare",
    "pronounce",
})  # fmt: skip
_STAFF = frozenset({"doctor", "nurse", "surgeon", "medic", "staff", "official", "spokesman", "spokeswoman", "director"})
_FAR = 60  # words: of a place that another sentence names
_LATE = 20  # sentences: as good as never
_PLACED = frozenset({"GPE", "LOC", "FAC"})
_OTHERS = frozenset({"DATE", "TIME", "PERSON", "NORP", "MONEY", "ORDINAL", "CARDINAL", "LANGUAGE"})
_WITHIN = frozenset({"compound", "amod", "nmod"})
_JOINED = _WITHIN | {"conj", "appos", "poss"}
_LINKS = {
    "in": ("in", "inside", "within", "across", "throughout"), "at": ("at",), "on": ("on",),
    "near": ("near", "outside", "around"), "by": ("by", "with"),
    "against": ("against", "over", "between", "for"),
}  # fmt: skip
_BESIDE = frozenset({"near", "outside"})
_LOCATING = frozenset({"in", "near", "outside", "inside", "on", "at"})
_SIZES = {"unknown": 0, "place": 1, "admin1": 2, "country": 3}


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A place as a sentence names it, by the word `head`.

    `place` is what the rules make of it where they take it for one; `people` is true of a country that only its
    people's name tells of ("Turkish towns").
    """

    location: Location
    head: Token
    sentence: Sentence
    place: Place | None = None
    people: bool = False

    @property
    def name(self) -> str:
        """The name by which spots are told apart."""
        return self.location.name.lower()

    @property
    def size(self) -> int:
        """From 0, a place that no gazetteer has, to 3, a country."""
        return _SIZES[self.location.precision]


@dataclass(frozen=True)
class Ground:
    """The places of an article and the deeds that may have been done there.

    `whole` are places of the story as a whole: its town, its country ("home"), where it was written.
    """

    reading: Reading
    told: tuple[Telling, ...]
    whole: dict[str, Location | None]
    _kinds: dict[Spot, Clues] = field(default_factory=dict)

    @cached_property
    def spots(self) -> tuple[tuple[Spot, ...], ...]:
        """What each sentence names, by the sentence's number."""
        return tuple(tuple(_spots(sentence, self.reading)) for sentence in self.reading.sentences)

    @cached_property
    def named(self) -> dict[str, list[int]]:
        """The sentences that name a place, by its name."""
        found: dict[str, list[int]] = {}
        for number, spots in enumerate(self.spots):
            for spot in spots:
                found.setdefault(spot.name, []).append(number)
        return found

    @cached_property
    def mentions(self) -> int:
        """How often any place is named, once at least."""
        return max(1, sum(map(len, self.named.values())))

    @cached_property
    def chief(self) -> tuple[Spot, ...]:
        """The places that are named most, where they are named first."""
        often = sorted(self.named, key=lambda name: -len(self.named[name]))[:_CHIEF]
        return tuple(next(s for s in self.spots[self.named[name][0]] if s.name == name) for name in often)

    def kind(self, spot: Spot) -> Clues:
        """What a spot is, whatever the deed; found out once."""
        if spot not in self._kinds:
            self._kinds[spot] = _kind(spot, self)
        return self._kinds[spot]


# -- what may be the place


def _spots(sentence: Sentence, reading: Reading) -> Iterator[Spot]:
    """Every place that a sentence may name: behind a preposition, as a name, by its kind, by its people."""
    taken: set[int] = set()
    for place in reading.places_in(sentence):
        taken |= _phrase(place.head)
        yield Spot(place.location, place.head, sentence, place)
    for name in sentence.words.ents:
        if name.label_ in _PLACED and name.root.i not in taken:
            location = located(sentence.between(name[0], name[-1]), reading.names, reading.scene)
            if location is not None:
                taken |= set(range(name.start, name.end))
                yield Spot(location, name.root, sentence)
    for token in sentence.words:
        if token.i not in taken and (location := _called(token, sentence, reading)) is not None:
            taken |= _phrase(token)
            yield Spot(location, token, sentence)
    yield from _lands(sentence, taken)


def _phrase(head: Token) -> set[int]:
    first, last = phrase_ends(head)
    return set(range(first.i, last.i + 1))


def _called(token: Token, sentence: Sentence, reading: Reading) -> Location | None:
    """A place told by its kind or by a name of the gazetteer: "shelled Castello road", "Aleppo has witnessed"."""
    kind = token.lemma_.lower() in _SITES
    if not token.pos_ or token.ent_type_ in _OTHERS or not (kind or _own_name(token)):
        return None
    first, last = phrase_ends(token)
    if kind and not any(t.pos_ == "PROPN" or t.ent_type_ in _PLACED for t in token.doc.tokens[first.i : last.i + 1]):
        return None
    location = located(sentence.between(first, last), reading.names, reading.scene)
    known = location is not None and (kind or location.lat is not None or location.name in reading.names.placed)
    return location if known else None


def _own_name(token: Token) -> bool:
    return token.pos_ == "PROPN" and token.dep_ not in _WITHIN


def _lands(sentence: Sentence, taken: set[int]) -> Iterator[Spot]:
    """The countries that are told of by their own names or their peoples'."""
    for hit in hits(sentence.text):
        iso3, at = hit.named.country or "", hit.start + sentence.words.start_char
        if hit.named.kind not in {"people", "country"} or iso3 not in countries():
            continue
        token = next((t for t in sentence.words if t.idx <= at < t.idx + len(t)), None)
        location = country_of(sentence.passage.span(at, at + hit.end - hit.start), countries()[iso3]["name"])
        if token is not None and token.i not in taken and location is not None:
            yield Spot(location, token, sentence, people=hit.named.kind == "people")


def spots(telling: Telling, ground: Ground) -> tuple[Spot, ...]:
    """Where the deed may have been done, one spot for each name: what stands nearest comes first.

    Not where somebody sits who only speaks of it.
    """
    verb, found = telling.trigger.token, dict[str, Spot]()
    own = sorted(ground.spots[telling.sentence.number], key=lambda s: (s.people, abs(s.head.i - verb.i)))
    for spot in (*own, *_elsewhere(telling, ground), *ground.chief):
        found.setdefault(spot.name, spot)
    for location in (*ground.whole.values(), *(t.location for t in ground.told), telling.location):
        if location is not None and location.name.lower() not in found:
            found[location.name.lower()] = _standing(location, ground)
    seats = {s.name for s in own if speakers_seat(s.head, verb)}
    able = (s for name, s in found.items() if name not in seats and not _sickbed(s.head, verb))
    return tuple(islice(able, _MOST))


def _sickbed(place: Token, deed: Token) -> bool:
    """Whether it is a hospital to which the hurt are taken, or whose doctors are told of: it was done elsewhere."""
    if place.lemma_.lower() not in _WARDS or place.dep_ != "pobj" or place.head.lower_ not in {"at", "in", "to"}:
        return False
    over = place.head.head
    return over != deed and (over.lemma_ in _CARED_FOR or (over.pos_ == "NOUN" and over.lemma_ in _STAFF))


def _elsewhere(telling: Telling, ground: Ground) -> Iterator[Spot]:
    """What the other sentences of the deed name, those around it and those that sum the story up."""
    own, begins = telling.sentence.number, ground.reading.begins
    around = [number for step in range(1, _NEAR + 1) for number in (own - step, own + step)]
    for number in (*telling.told, *around, *range(begins, begins + _LEAD)):
        if number != own and 0 <= number < len(ground.spots):
            yield from ground.spots[number]


def _standing(location: Location, ground: Ground) -> Spot:
    """A place with the word by which it is told; one that no sentence holds, of a dateline, stands at the head."""
    span, sentences = location.span, ground.reading.sentences
    for sentence in sentences:
        at = span.start - sentence.passage.start
        if sentence.passage.at == span.at and sentence.words.start_char <= at < sentence.words.end_char:
            return Spot(location, next(t for t in reversed(list(sentence.words)) if t.idx <= at), sentence)
    first = sentences[ground.reading.begins]
    return Spot(location, first.words[0], first)


def within(spot: Spot, able: tuple[Spot, ...]) -> Spot:
    """The place that a spot only tells where to look for, if it does: "at the bridge near Corvale"; else the spot."""
    if spot.head.dep_ != "pobj" or spot.head.head.lower_ not in _LOCATING:
        return spot
    finer = (s for s in able if s.sentence is spot.sentence and s.place is not None and s.size <= spot.size)
    return next((s for s in finer if s is not spot and _located(s, spot.head.head)), spot)


def _located(spot: Spot, link: Token) -> bool:
    """Whether a preposition says where a place is: it hangs on its word; "near" may stand behind it, or its comma."""
    before = link.i - 1 - (link.i > 1 and link.doc.tokens[link.i - 1].text == ",")
    beside = link.lower_ in _BESIDE and before == phrase_ends(spot.head)[1].i
    return beside or (link.head is spot.head and spot.place is not None and spot.place.strong)


# -- what speaks for it


def clues(telling: Telling, able: tuple[Spot, ...], ground: Ground, ruled: Location | None) -> list[Clues]:
    """A row for each of the spots (there is one at least) and, last, one for nowhere, all of the same columns.

    `ruled` is the place that the rules give the deed.
    """
    deed, words = _deed(telling, able), words_of(telling, ground.reading)
    found = [
        _grammar(words.get(s.sentence.number), s)
        | ground.kind(s)
        | _bearing(telling, s, ground)
        | _among(s, able, words)
        for s in able
    ]
    for row, spot in zip(found, able, strict=True):
        row["carried"] = ruled is not None and ruled.name.lower() == spot.name
    return [row | deed for row in (*found, dict.fromkeys(found[0], _NOWHERE))]


def _deed(telling: Telling, able: tuple[Spot, ...]) -> Clues:
    """What is said of the deed, wherever it was done."""
    return kinds(telling) | {
        "spots here": sum(s.sentence is telling.sentence and not s.people for s in able),
        "own ruled": telling.location is not None,
        "sentence no": min(_LATE, telling.sentence.number),
        "clause": CLAUSES.get(telling.trigger.token.dep_, 10),
        "retold": len(telling.told),
    }


def _grammar(verb: Token | None, spot: Spot) -> Clues:
    """How the place's word stands to the deed's in its sentence, if that tells the deed."""
    head = spot.head
    up, down = path(verb, head) if verb is not None else (9, 9)
    offset = head.i - verb.i if verb is not None else -_FAR
    top = _top(head)
    link = top.head.lower_ if top.dep_ == "pobj" else ""
    above = top.head.head if link else top.head
    return {
        "here": verb is not None,
        "up": up,
        "down": down,
        "distance": abs(offset),
        "offset": offset,
        "apart": verb is not None and apart(head, verb),
        "above noun": above.pos_ in {"NOUN", "PROPN"},
        "above deed": above is verb,
        "above other deed": above is not verb and (above.pos_[:1], above.lemma_.lower()) in entries(),
        "subject": head.dep_ in {"nsubj", "nsubjpass"},
        "conjunct": head.dep_ == "conj",
    } | {f"link {name}": float(link in links) for name, links in _LINKS.items()}


def _top(head: Token) -> Token:
    """The head of the whole phrase that a word is part of."""
    while head.dep_ in _JOINED:
        head = head.head
    return head


def _kind(spot: Spot, ground: Ground) -> Clues:
    """What the place is and how the story names it, whatever the deed."""
    location, place, label = spot.location, spot.place, spot.head.ent_type_
    numbers, lands, home = ground.named.get(spot.name, []), ground.reading.scene.lands, ground.whole["home"]
    return {
        "people": spot.people,
        "size": spot.size,
        "inhabitants": _inhabitants(location),
        "known": location.lat is not None,
        "by rule": place is not None,
        "strong": place is not None and place.strong,
        "loose": place is not None and place.loose,
        "rank": place.rank if place is not None else -1,
        "words": len(location.name.split()),
        "kind head": bool(FACILITY.fullmatch(spot.head.text)),
        "proper": spot.head.pos_ == "PROPN",
        "common": spot.head.pos_ == "NOUN",
        "lower start": location.name[0].islower(),
        "organisation": label == "ORG",
        "region": label == "LOC",
        "facility": label == "FAC",
        "mentions": min(12, len(numbers)),
        "share": len(numbers) / ground.mentions,
        "most": len(numbers) / max(map(len, ground.named.values()), default=1),
        "first at": min(_LATE, *numbers) if numbers else _LATE,
        "at home": home is not None and location.country == home.country,
        "land share": lands[location.country or ""] / max(1, sum(lands.values())),
    } | {f"is {which}": _is(place, spot) for which, place in ground.whole.items()}


def _is(location: Location | None, spot: Spot) -> bool:
    return location is not None and location.name.lower() == spot.name


def _inhabitants(location: Location) -> float:
    """The magnitude of a town, 0 for what has another's place on the map, -1 for what is on none."""
    if location.lat is None:
        return -1
    found = sites(location.name)
    return math.log10(found[0].people + 1) if found else 0


def _bearing(telling: Telling, spot: Spot, ground: Ground) -> Clues:
    """What the rules and the rest of the story say of the place for this deed."""
    own, numbers = telling.sentence.number, ground.named.get(spot.name, [])
    kin = [t for t in ground.told if t is not telling and _is(t.location, spot)]
    acting, suffering = ({alpha2(a.country) for a in them if a.country} for them in (telling.actor, telling.recipient))
    code, start = spot.location.country, spot.location.span.start
    parties = [a.span for a in (*telling.actor, *telling.recipient) if a.span.at == spot.location.span.at]
    return {
        "back": max(-9, min(9, own - spot.sentence.number)),
        "same passage": spot.sentence.passage is telling.sentence.passage,
        "own sentence": spot.sentence is telling.sentence,
        "nearest": min((abs(own - number) for number in numbers), default=_LATE),
        "ruled": _is(telling.location, spot),
        "kin": min(5, len(kin)),
        "kin of type": min(5, sum(t.event_type == telling.event_type for t in kin)),
        "not the actor's": bool(acting) and code not in acting,
        "not the recipient's": bool(suffering) and code not in suffering,
        "in a party": any(span.start <= start < span.end for span in parties),
    }


def _among(spot: Spot, able: tuple[Spot, ...], words: dict[int, Token]) -> Clues:
    """How the place compares with the others: how many lie within its country, or stand nearer to the deed's word."""
    verb, here = words.get(spot.sentence.number), [s for s in able if s.sentence is spot.sentence and not s.people]
    near = [s for s in here if verb is not None and abs(s.head.i - verb.i) < abs(spot.head.i - verb.i)]
    above = {t.i for t in spot.head.ancestors}
    return {
        "finer": min(5, sum(s.location.country == spot.location.country and s.size < spot.size for s in able)),
        "closer": min(9, len(near)) if verb is not None else 9,
        "part of phrase": any(s.head.i in above for s in here),
        "locates": within(spot, able) is not spot,
    }
