"""Countries, peoples and well-known organisations by their names in the news."""

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Literal

from services.extractor.world.atlas import base

_WORD = re.compile(r"\w+")
Kind = Literal["country", "people", "capital", "group"]


@dataclass(frozen=True, slots=True)
class Named:
    """What a name stands for: its fullest form, country (ISO 3166-1 alpha-3) and sector (PLOVER), where known."""

    kind: Kind
    name: str
    country: str | None
    sector: str | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found at text[start:end]."""

    start: int
    end: int
    named: Named


def rows(file: str) -> Iterator[list[str]]:
    """The rows of a table in data/: its columns, comments and empty lines left out."""
    return (columns for _, columns in numbered_rows(file))


def numbered_rows(file: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table in data/ with the numbers of their lines."""
    table = resources.files("services.extractor").joinpath("data", file).read_text(encoding="utf-8")
    for number, line in enumerate(table.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line.split("\t")


@cache
def countries() -> dict[str, dict[str, str]]:
    """GeoNames' countries by ISO 3166-1 alpha-3 code, with the keys name, iso (alpha-2) and capital."""
    found = base().execute("SELECT iso3, name, iso, capital FROM countries")
    return {iso3: {"name": name, "iso": iso, "capital": capital} for iso3, name, iso, capital in found}


def alpha2(alpha3: str | None) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country."""
    known = countries().get(alpha3 or "")
    return known["iso"] if known else None


@cache
def names() -> dict[str, Named]:
    """Every known name as printed, case and all: "US" is a country, "us" is not."""
    table: dict[str, Named] = {}
    for code, country in countries().items():
        if country["capital"]:
            table[country["capital"].strip()] = Named("capital", country["name"], code, "GOV")
    for code, country in countries().items():
        table[country["name"]] = Named("country", country["name"], code, "GOV")
    for code, demonyms, others, *_ in ([*row, "", ""] for row in rows("countries.tsv")):
        name = countries().get(code, {"name": code})["name"]
        table |= {other: Named("country", name, code, "GOV") for other in others.split("|") if other}
        table |= {people: Named("people", name, code, None) for people in demonyms.split("|") if people}
    return table | {name: meant[0] for name, meant in groups().items()}


@cache
def groups() -> dict[str, tuple[Named, ...]]:
    """The organisations of each name, the best known first: RSF are reporters, and in Sudan fighters."""
    table: dict[str, tuple[Named, ...]] = {}
    for fullest, others, code, sector in rows("groups.tsv"):
        named = Named("group", fullest, None if code == "-" else code, sector)
        for name in filter(None, (fullest, *others.split("|"))):
            table[name] = (*table.get(name, ()), named)
    return table


def meant(name: str, printed: AbstractSet[str], lands: Counter[str], text: str) -> Named | None:
    """The organisation that a name means in a text where others are `printed` too, and `lands` named so often."""
    able = groups().get(name, ())
    if len(able) <= 1:
        return next(iter(able), None)
    return max(able, key=lambda o: (f"{o.name} ({name})" in text, o.name in printed, lands[o.country or ""]))


@cache
def _begun() -> dict[str, tuple[str, ...]]:
    """The known names by the word that they begin with, the longest first."""
    table: dict[str, list[str]] = {}
    for name in sorted(names(), key=len, reverse=True):
        table.setdefault(_WORD.findall(name)[0], []).append(name)
    return {word: tuple(begun) for word, begun in table.items()}


@lru_cache(maxsize=1024)
def hits(text: str) -> tuple[Hit, ...]:
    """The known names in a text, in their order, the longest where several begin."""
    return tuple(_hits(text))


def _hits(text: str) -> Iterator[Hit]:
    free, begun = 0, _begun()
    for word in _WORD.finditer(text):
        able, start = begun.get(word.group()), word.start()
        name = _longest(able, text, start) if able is not None and start >= free else None
        if name is not None:
            free = start + len(name)
            yield Hit(start, free, names()[name])


def _longest(able: tuple[str, ...], text: str, start: int) -> str | None:
    """The first of the names, the longest, that stands at text[start:]."""
    return next((n for n in able if text.startswith(n, start) and not _WORD.match(text, start + len(n))), None)


@cache
def words(name: str) -> frozenset[str]:
    """A set of words of words.tsv. Raises KeyError for a name that it does not hold."""
    return {row[0]: frozenset(row[1].split()) for row in rows("words.tsv")}[name]


@cache
def sectors() -> dict[str, str]:
    """PLOVER's sector by role word: "soldier" -> MIL."""
    return {word: sector for sector, words in rows("roles.tsv") for word in words.split()}
