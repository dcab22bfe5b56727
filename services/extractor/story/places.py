"""Where it happened: the most specific place that the text names, with GeoNames coordinates where it is known."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from services.contracts import Location, Span
from services.extractor.language.lexicon import entries
from services.extractor.language.sentences import Sentence
from services.extractor.language.triggers import apart
from services.extractor.parser.words import Token
from services.extractor.story.attribution import reporting
from services.extractor.story.entities import Names, bare, phrase_ends
from services.extractor.story.scene import Mention, Scene
from services.extractor.world import atlas
from services.extractor.world.atlas import Site
from services.extractor.world.gazetteer import alpha2, hits, names, sectors, words

_TOWN = 15_000  # inhabitants: a smaller place must lie in a country that the article names
_CITY = 100_000  # inhabitants: a smaller one of a land that the article never names, though it names others
_AT_HOME = 4  # names of lands, by which it is known where a story plays
_WHERE = frozenset({"in", "at", "near", "outside", "around", "inside", "across", "on", "from", "to", "into", "over",
                    "towards", "toward", "of", "between", "against", "under"})  # fmt: skip
Precision = Literal["place", "near", "admin1", "country", "unknown"]
_LARGE = frozenset({"country", "admin1", "area"})
_PRECISION: dict[atlas.Kind, Precision] = {"city": "place", "capital": "place", "admin2": "admin1", "admin1": "admin1",
                                           "area": "admin1", "country": "country"}  # fmt: skip
_STRONG = frozenset({"in", "at", "near", "outside", "around", "inside", "across"})
_PARTIES = frozenset({"against", "between", "to", "from"})
_ON_THE_SPOT = words("locals")
_PARTS = re.compile(
    r"\b(?:the|a|an|key|northern|southern|eastern|western|central|north|south|east|west|northeastern|northwestern|"
    r"southeastern|southwestern|north-eastern|north-western|south-eastern|south-western|northeast|northwest|southeast|"
    r"southwest|downtown|nearby|neighbou?ring|mainland|coastal|remote|rural|war-torn|city|town|village|district|suburb|neighbourhood|neighborhood|port|capital|"
    r"countryside|area|outskirts|rebel-held|government-held|besieged|of)\b",
    re.IGNORECASE,
)
_REGION = re.compile(r"\b(?:province|governorate|region|state|oblast|county|prefecture)\b", re.IGNORECASE)
FACILITY = re.compile(rf"\b(?:{'|'.join(sorted(words('sites')))})s?\b", re.IGNORECASE)
_KIND_OF = re.compile(
    r"\b(?:city|town|village|district|suburb|port|capital|province|airbase|base|state|region|county|island|peninsula|"
    r"municipality|department|resort|territory|kingdom|hamlet|settlement|valley) of ([A-Z].+)"
)
_SPOT = re.compile(
    r"(?:neighbou?rhood|district|suburb|quarter|street|square|village|hamlet|town|camp|airport|airbase)s?"
)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A place that a sentence names: the head of its phrase, and how well it says where something is."""

    head: Token
    location: Location
    rank: int
    strong: bool
    loose: bool


def _object(token: Token, sentence: Sentence, known: Names) -> bool:
    """Whether a verb's object is a place: named as one, or told of with "in" elsewhere."""
    if token.dep_ not in {"dobj", "nsubjpass"} or token.pos_ != "PROPN":
        return False
    return token.ent_type_ in {"GPE", "LOC", "FAC"} or bare(sentence.between(*phrase_ends(token)).text) in known.placed


def places(sentence: Sentence, known: Names, scene: Scene) -> tuple[Place, ...]:
    """The places that stand behind a preposition in the sentence, in their order."""
    found = [
        _place(token, sentence, known, scene)
        for token in sentence.words
        if _behind_preposition(token) or _object(token, sentence, known)
    ]
    return tuple(place for place in found if place is not None)


def _behind_preposition(token: Token) -> bool:
    if token.dep_ == "conj":
        token = next((t for t in token.ancestors if t.dep_ != "conj"), token)
    if token.dep_ != "pobj" or token.head.lower_ not in _WHERE or token.head.head.lower_ == "according":
        return False
    if token.head.lower_ == "of" and token.pos_ == "PROPN":
        return True
    return token.head.lower_ != "of" or bool(FACILITY.search(token.head.head.text)) or token.head.head.dep_ == "pobj"


def _place(head: Token, sentence: Sentence, known: Names, scene: Scene) -> Place | None:
    first, last = phrase_ends(head)
    span = sentence.between(first, last)
    named = any(t.pos_ == "PROPN" or t.ent_type_ in {"GPE", "LOC", "FAC"} for t in head.doc[first.i : last.i + 1])
    if not named or head.ent_type_ in {"DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL"}:
        return None
    if head.ent_type_ == "NORP" and not atlas.sites(head.text):
        return None
    preposition = head.head.lower_ if head.dep_ == "pobj" else ""
    person = head.ent_type_ == "PERSON" and preposition in _PARTIES
    if person or (preposition not in _STRONG and surname(bare(span.text), known)):
        return None
    location = located(span, known, scene)
    if location is None or _names_somebody(head, location):
        return None
    if location.lat is None and not _looks_a_place(head, location.name, preposition, known.placed):
        return None
    hit = location.precision in {"place", "admin1"} or (location.precision == "unknown" and head.dep_ != "pobj")
    hit = hit or location.name in known.placed or bool(_SPOT.fullmatch(head.text))
    about = head.dep_ == "pobj" and head.head.head.pos_ == "NOUN" and preposition not in _STRONG
    kind = preposition == "of" and bool(FACILITY.search(head.head.head.text))
    loose = not kind and (preposition == "of" or (about and ("N", head.head.head.lemma_) not in entries()))
    rank = 0 if _SPOT.fullmatch(head.text) else _rank(location)
    return Place(head, location, rank, preposition in _STRONG or hit or kind, loose)


def surname(name: str, known: Names) -> bool:
    """As in "the release of Pereira", who is Domingos Pereira."""
    full = known.full(name)
    return full in known.persons and full.endswith(f" {name}")


def _names_somebody(head: Token, location: Location) -> bool:
    """As "the Police" does, though a town is called so: by a word for an office, alone or in no known place's name."""
    whose = sectors().get(head.lower_)
    if whose is None or FACILITY.search(head.text) or _REGION.search(head.text):
        return False
    return location.lat is None or location.name.lower() == head.lower_


def _looks_a_place(head: Token, name: str, preposition: str, known_places: frozenset[str]) -> bool:
    known = names().get(name)
    if known is not None and known.kind == "group":
        return False
    if (
        name in known_places
        or FACILITY.search(name)
        or (FACILITY.fullmatch(head.text) and head.pos_ == "NOUN")
        or _REGION.search(name)
        or head.ent_type_ in {"GPE", "LOC", "FAC"}
    ):
        return True
    body = head.ent_type_ == "ORG" and (name.isupper() or " " in name)
    return head.pos_ == "PROPN" and preposition in {"in", "at", "near"} and not body


def _rank(location: Location) -> int:
    if location.precision == "place":
        return 1
    return {"unknown": 0, "admin1": 2, "country": 3}[location.precision]


def located(span: Span, known: Names, scene: Scene) -> Location | None:
    """The place that a phrase names; without coordinates where the gazetteer does not have it."""
    name = _name(span.text)
    if not name or not name[0].isalpha() or not any(c.isupper() for c in name) or name.endswith("-based"):
        return None
    land = names().get(name)
    called = names().get(name.title()) if name.isupper() else None
    if any(known_as is not None and known_as.kind in {"people", "group"} for known_as in (land, called)):
        return None
    offset = max(span.text.find(name), 0)
    mention = Mention(scene.offset(span) + offset, scene.offset(span) + offset + len(name), name)
    site = site_of(mention, scene)
    if site is None:
        precision: Precision = "admin1" if _REGION.search(name) else "unknown"
        lies_in = scene.land_behind(mention) or alpha2(known.home)
        return Location(text=span.text, span=span, name=name, country=lies_in, precision=precision)
    return _location(site, span, name)


def approximated(place: Location, scene: Scene) -> Location:
    """A place that is on no map with the coordinates of the town of its country that the story names nearest to it."""
    start = scene.offset(place.span)
    unknown = place.precision == "unknown" and place.country is not None
    town = scene.beside(Mention(start, start + len(place.text), place.text), place.country) if unknown else None
    return replace(place, lat=town.lat, lon=town.lon, precision="near") if town is not None else place


def country_of(span: Span, name: str) -> Location | None:
    """The country of a name, told of with these words."""
    site = next((s for s in atlas.sites(name) if s.kind == "country"), None)
    if site is None:
        return None
    return Location(
        text=span.text, span=span, name=name, geonameid=site.id, lat=site.lat, lon=site.lon, country=site.country,
        precision="country",
    )  # fmt: skip


def _name(text: str) -> str:
    name = bare(text)
    within = _KIND_OF.search(name)
    own = within is not None and any(c.isupper() for c in name[: within.start()]) and not hits(name[: within.start()])
    return bare(within.group(1) if within and not own else name)


def site_of(mention: Mention, scene: Scene) -> Site | None:
    """The place of that name, or of the name without what only says what kind of place it is: "Tabqa airbase"."""
    if _PARTS.fullmatch(mention.text):
        return None  # "lost to Central"
    core = bare(_PARTS.sub("", _REGION.sub("", mention.text)))
    for name in dict.fromkeys((mention.text, "" if FACILITY.fullmatch(core) else core)):  # no town called Hall
        site = scene.site(Mention(mention.start, mention.end, name)) if name else None
        if site is not None and (site.kind in _LARGE or site.people >= _least(site, scene)):
            return site
    return scene.around_part(mention) if FACILITY.search(mention.text) else None


def _least(site: Site, scene: Scene) -> int:
    """How large a town must be: one of a land that a story of other lands never names may be another of its name."""
    if scene.lands[site.country or ""]:
        return 0
    return _TOWN if scene.lands.total() < _AT_HOME else _CITY


def _location(site: Site, span: Span, name: str) -> Location:
    region = atlas.region(site.country, site.admin1) if site.country and site.admin1 else None
    return Location(
        text=span.text, span=span, name=site.name if site.kind == "country" else name,
        geonameid=site.id if site.id > 0 else None, lat=site.lat, lon=site.lon, admin1=region,
        country=site.country, precision=_PRECISION[site.kind],
    )  # fmt: skip


def nearest(trigger: Token, found: tuple[Place, ...], *, anywhere: bool) -> Location | None:
    """The most specific place near the trigger: first what hangs on it, then, with `anywhere`, what stands nearest."""
    if not found:
        return None
    under = trigger.subtree
    below = {t.i for t in under} | {t.i for t in _clause(trigger).subtree}
    able = [p for p in found if not apart(p.head, trigger) and not speakers_seat(p.head, trigger)]
    mine = [p for p in able if (p.strong or p.head in under) and (anywhere or p.head.i in below)]
    if not mine:
        return None
    best = min(mine, key=lambda p: (p.head.i not in below, p.loose, p.rank, abs(p.head.i - trigger.i)))
    return best.location


def speakers_seat(place: Token, trigger: Token) -> bool:
    """As in "the government in Ilmar said": a government need not sit where the deed was done, a witness was there."""
    phrase = next((t for t in place.ancestors if t.dep_ in {"nsubj", "nsubjpass"} or t.pos_ == "VERB"), None)
    if phrase is None or phrase.pos_ == "VERB" or phrase.head.lemma_.lower() not in reporting():
        return False
    if phrase.lemma_.lower() in _ON_THE_SPOT:
        return False
    says = phrase.head.dep_ in {"ccomp", "parataxis"} or any(t.dep_ == "ccomp" for t in phrase.head.children)
    return says and trigger.i != phrase.head.i and not any(t.i == phrase.i for t in (trigger, *trigger.ancestors))


def _clause(token: Token) -> Token:
    while token.dep_ not in {"ROOT", "ccomp", "advcl", "relcl", "acl", "conj", "parataxis"} and token.head is not token:
        token = token.head
    return token
