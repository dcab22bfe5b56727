"""Where an event happened: of all places that the story names the one for which most speaks, or none."""

from collections import Counter
from dataclasses import replace

from services.contracts import Location, Span
from services.extractor.language.sentences import Sentence
from services.extractor.language.text import HEAD
from services.extractor.listing.merging import Telling
from services.extractor.setting.deeds import exactness, likeliest
from services.extractor.setting.place_clues import Ground, Spot, clues, spots, within
from services.extractor.story.places import approximated, country_of, located, surname
from services.extractor.story.reading import Reading
from services.extractor.world.gazetteer import countries, hits, words

_KINDS = words("sites")
_BACK = 2  # sentences over which a place that was told goes on
_DONE = frozenset({"happened", "ongoing", "denied"})
_ON_THE_GROUND = frozenset({"ASSAULT", "ACCIDENT", "DISASTER", "PROTEST", "COERCE", "MOBILIZE", "RETREAT"})
_HOME = 0.5  # share of the names of countries that must be one country's for it to be the story's
_LEAST = 0.09  # how likely a name on no map must be the place: below, it is a firm's or a person's
_VISITING = frozenset({"visit", "trip", "tour"})
SOMEWHERE = 0.3  # by how much nowhere must be likelier than any place


def placed(told: tuple[Telling, ...], reading: Reading) -> tuple[Telling, ...]:
    """The tellings, each with the likeliest place; those that may have been done nowhere that is named without one."""
    ground = ground_of(told, reading)
    able = {telling: found for telling in told if (found := spots(telling, ground))}
    rows = [clues(telling, found, ground, ruled(telling, ground)) for telling, found in able.items()]
    best = zip(able.items(), rows, likeliest("places", rows, SOMEWHERE), strict=True)
    chosen = [
        (telling, _visited(telling, found, (spot := within(found[at], found)).location) or spot, row[at])
        for (telling, found), row, at in best
        if at is not None
    ]
    sure = exactness("places", [row for *_, row in chosen])
    home = ground.whole["home"]
    places = {
        telling: replace(approximated(place, reading.scene), confidence=likely)
        for (telling, said, _), likely in zip(chosen, sure, strict=True)
        if (place := home if _misnamed(said.location, reading) or _doubtful(said, likely) else said.location)
    }
    return tuple(replace(telling, location=places.get(telling)) for telling in told)


def _visited(telling: Telling, able: tuple[Spot, ...], chosen: Location) -> Spot | None:
    """The land or town that somebody visits: "a visit to Ilmar", "will visit Corvale"; not if its town is chosen."""
    word = telling.trigger.token
    if word.lemma_.lower() not in _VISITING or any(t.lower_ in {"at", "in"} for t in word.rights):
        return None
    links = {t for t in word.rights if t.lower_ == "to"}
    aim = (s for s in able if s.location.lat is not None and s.sentence is telling.sentence)
    to = next((s for s in aim if s.head.head in links or (s.head.head == word and s.head.dep_ == "dobj")), None)
    if to is not None and to.location.precision == "country" != chosen.precision:
        return None if to.location.country == chosen.country else to
    return to


def _doubtful(spot: Spot, exactness: float) -> bool:
    """Whether a name on no map, of which no preposition says that it is a place, is hardly the place."""
    told = spot.place is not None and spot.place.strong
    return spot.location.lat is None and exactness < _LEAST and not told


def _misnamed(place: Location, reading: Reading) -> bool:
    """Whether it is somebody's surname, or a bare kind of place: "City" of "Ilmar City Council"."""
    return place.name.lower() in _KINDS or surname(place.name, reading.names)


def ground_of(told: tuple[Telling, ...], reading: Reading) -> Ground:
    """The places of an article."""
    home, written = _home(reading), _written(reading)
    seat = written if _at_home(written, home) else None
    return Ground(reading, told, {"home": home, "town": _town(reading), "seat": seat, "written": written})


# -- what the rules say


def ruled(telling: Telling, ground: Ground) -> Location | None:
    """The place of its own sentence, else the one told last, or the town or country where the story plays."""
    if telling.location is not None or telling.realis not in _DONE:
        return telling.location
    return _before(telling, ground.reading) or _there(telling, ground)


def _there(telling: Telling, ground: Ground) -> Location | None:
    """Deeds are done where the story plays, words are said where it was written."""
    town, whole = ground.whole["town"], ground.whole
    return (town if telling.event_type in _ON_THE_GROUND else whole["seat"] or town) or whole["home"]


def _written(reading: Reading) -> Location | None:
    """The place of the dateline."""
    line = reading.article.dateline
    start = reading.article.body.find(line.place) if line is not None and line.place else -1
    if line is None or not line.place or not 0 <= start < HEAD:
        return None
    span = Span(at="/body", start=start, end=start + len(line.place), text=line.place)
    return located(span, reading.names, reading.scene)


def _at_home(place: Location | None, home: Location | None) -> bool:
    """Whether a place on the map lies in the land in which the story plays."""
    if place is None or place.lat is None or place.precision not in {"place", "admin1"}:
        return False
    return home is None or place.country == home.country


def _town(reading: Reading) -> Location | None:
    """The town in which the story plays, that of most sentences that name one; where it is named first."""
    found = [p for s in reading.sentences if (p := _place(s, reading)) is not None and p.precision == "place"]
    most, count = next(iter(Counter(p.geonameid for p in found).most_common(1)), (None, 0))
    if count <= 1 or count < _HOME * len(found):
        return None
    return next(p for p in found if p.geonameid == most)


def _before(telling: Telling, reading: Reading) -> Location | None:
    """The place of the sentences just before; deeds are done somewhere, words may be said anywhere."""
    if telling.event_type not in _ON_THE_GROUND:
        return None
    number = telling.sentence.number
    near = (reading.sentences[n] for n in range(number - 1, max(-1, number - _BACK - 1), -1))
    same = (_place(s, reading) for s in near if s.passage.at == telling.sentence.passage.at)
    return next((found for found in same if found is not None), None)


def _place(sentence: Sentence, reading: Reading) -> Location | None:
    found = [p for p in reading.places_in(sentence) if p.strong and p.location.lat is not None]
    return min(found, key=lambda p: p.rank).location if found else None


def _home(reading: Reading) -> Location | None:
    """The country that most of the story's names of countries, peoples and towns are of, where it is named first."""
    lands = reading.scene.lands
    code, count = next(iter(lands.most_common(1)), ("", 0))
    if count <= 1 or count < _HOME * sum(lands.values()):
        return None
    iso3 = next((iso3 for iso3, country in countries().items() if country["iso"] == code), "")
    for passage in reading.passages:
        hit = next((h for h in hits(passage.text) if h.named.country == iso3 and h.named.kind != "group"), None)
        if hit is not None:
            return country_of(passage.span(hit.start, hit.end), countries()[iso3]["name"])
    span = _first_site(code, reading)
    return country_of(span, countries()[iso3]["name"]) if span and iso3 else None


def _first_site(code: str, reading: Reading) -> Span | None:
    """Where a place of the country is named first: a story of California need not name the United States."""
    scene = reading.scene
    mention = next((m for m in scene.around if (site := scene.site(m)) and site.country == code), None)
    return scene.span(mention) if mention is not None else None
