"""Where an event happened whose sentence names no place: where the story around it plays."""

from collections import Counter
from dataclasses import dataclass, replace

from services.contracts import Location, Span
from services.extractor.atlas import sites
from services.extractor.gazetteer import countries, hits
from services.extractor.merging import Telling
from services.extractor.places import located
from services.extractor.reading import Reading
from services.extractor.sentences import Sentence
from services.extractor.text import HEAD

_BACK = 2  # sentences over which a place that was told goes on
_DONE = frozenset({"happened", "ongoing", "denied"})
_ON_THE_GROUND = frozenset({"ASSAULT", "ACCIDENT", "DISASTER", "PROTEST", "COERCE", "MOBILIZE", "RETREAT"})
_HOME = 0.5  # share of the names of countries that must be one country's for it to be the story's


@dataclass(frozen=True, slots=True)
class _Story:
    """Where a story plays: its town, the place of its dateline and its country."""

    town: Location | None
    seat: Location | None
    home: Location | None


def placed(told: tuple[Telling, ...], reading: Reading) -> tuple[Telling, ...]:
    """The tellings, those without a place with the one told last, or with the town or country where the story plays."""
    near = tuple(replace(t, location=_before(t, reading)) if _lost(t) else t for t in told)
    if not any(map(_lost, near)):
        return near
    home = _home(reading)
    story = _Story(_town(reading), _seat(reading, home), home)
    return tuple(replace(t, location=_there(t, story)) if _lost(t) else t for t in near)


def _lost(telling: Telling) -> bool:
    return telling.location is None and telling.realis in _DONE


def _there(telling: Telling, story: _Story) -> Location | None:
    """Deeds are done where the story plays, words are said where it was written."""
    town = story.town if telling.event_type in _ON_THE_GROUND else story.seat or story.town
    return town or story.home


def _seat(reading: Reading, home: Location | None) -> Location | None:
    """The place of the dateline, where it lies in the land in which the story plays."""
    line = reading.article.dateline
    start = reading.article.body.find(line.place) if line is not None and line.place else -1
    if line is None or not line.place or not 0 <= start < HEAD:
        return None
    end = start + len(line.place)
    found = located(Span(at="/body", start=start, end=end, text=line.place), reading.names, reading.scene)
    known = found is not None and found.lat is not None and found.precision in {"place", "admin1"}
    at_home = found is not None and (home is None or found.country == home.country)
    return found if known and at_home else None


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
            return _country(passage.span(hit.start, hit.end), countries()[iso3]["name"])
    span = _first_site(code, reading)
    return _country(span, countries()[iso3]["name"]) if span and iso3 else None


def _first_site(code: str, reading: Reading) -> Span | None:
    """Where a place of the country is named first: a story of California need not name the United States."""
    scene = reading.scene
    mention = next((m for m in scene.around if (site := scene.site(m)) and site.country == code), None)
    return scene.span(mention) if mention is not None else None


def _country(span: Span, name: str) -> Location | None:
    site = next((s for s in sites(name) if s.kind == "country"), None)
    if site is None:
        return None
    return Location(
        text=span.text, span=span, name=name, geonameid=site.id, lat=site.lat, lon=site.lon, country=site.country,
        precision="country",
    )  # fmt: skip
