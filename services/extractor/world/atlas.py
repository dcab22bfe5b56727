"""The gazetteer as a table to look places up in by name: GeoNames (CC BY 4.0), compacted by compact.py."""

import math
import re
import sqlite3
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Literal

FILE = str(resources.files("services.extractor").joinpath("data", "gazetteer.sqlite"))
Kind = Literal["city", "capital", "admin1", "admin2", "country", "area"]
_MARKS = re.compile(r"[\s.,‐–-]+")
_QUOTES = re.compile(r"['’‘`ʻʿʾ]")
_SHORT = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}


@dataclass(frozen=True, slots=True)
class Site:
    """A place of GeoNames; `country` is ISO 3166-1 alpha-2, `own` is 1 where it was found by its own name, else 0."""

    id: int
    kind: Kind
    name: str
    country: str | None
    admin1: str | None
    lat: float
    lon: float
    people: int
    own: int

    def km(self, other: "Site") -> float:
        """The distance to another place, kilometres on a sphere."""
        north, south = math.radians(self.lat), math.radians(other.lat)
        half = math.sin((south - north) / 2) ** 2
        half += math.cos(north) * math.cos(south) * math.sin(math.radians(other.lon - self.lon) / 2) ** 2
        return 12_742 * math.asin(min(1.0, math.sqrt(half)))


@cache
def base() -> sqlite3.Connection:
    """The file, opened read-only; its pages are the operating system's, shared by all processes.

    Raises FileNotFoundError with the command that builds it.
    """
    try:
        return sqlite3.connect(f"file:{FILE}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    except sqlite3.OperationalError as error:
        raise FileNotFoundError(f"{FILE}: python -m services.extractor.world.compact builds it") from error


def folded(name: str) -> str:
    """A name without case, accents, hyphens and apostrophes: "Deir al-Zor" and "Deir Al Zor" are one."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", _QUOTES.sub("", name)) if not unicodedata.combining(c))
    words = _MARKS.sub(" ", bare.lower()).split()
    if len(words) > 1:
        words = [_SHORT.get(word, word) for word in words]
    return " ".join(words)


@lru_cache(maxsize=4096)
def sites(name: str) -> tuple[Site, ...]:
    """Every place that is called so, in any spelling that GeoNames knows; the most populous first."""
    key = folded(name)
    found = base().execute(
        "SELECT id, kind, places.name, country, admin1, lat, lon, people, own FROM names JOIN places USING (id) "
        "WHERE names.name = ? ORDER BY people DESC",
        (key,),
    )
    return tuple(Site(*row) for row in found)


_ARTICLES = frozenset({"al", "el", "ad", "an", "ar", "as", "ash", "at", "az", "ed", "er", "es", "esh", "et", "ez"})
_ASSIMILATED = re.compile(r"(?<= )[ae]([zsdtnr])\1")  # "Ezzor"
_ALIKE = (("q", "k"), ("kh", "k"), ("gh", "g"))
_VOWELS = re.compile(r"[aeiouyw]|h(?= |$)")
_TWICE = re.compile(r"(.)\1")
_HEARD = 2  # consonants
ARABIC = frozenset({
    "AE", "BH", "DZ", "EG", "IQ", "IR", "JO", "KW", "LB", "LY", "MA", "OM", "PS", "QA", "SA", "SD", "SY", "TN", "YE",
})  # fmt: skip


def sounded(name: str) -> str:
    """The consonants of a name, however it is written in Latin letters: "Deir Ezzor", "Dayr az-Zawr" are "dr zr"."""
    words = folded(name).split()
    key = _ASSIMILATED.sub(r"\1", " " + " ".join(word for word in words if word not in _ARTICLES))
    for written, meant in _ALIKE:
        key = key.replace(written, meant)
    key = _VOWELS.sub("", _TWICE.sub(r"\1", key))
    return " ".join(_TWICE.sub(r"\1", key).split())


@lru_cache(maxsize=1024)
def similar(name: str, country: str) -> tuple[Site, ...]:
    """Places of an Arabic-speaking country (or Iran) that sound like the name: papers do not agree on its letters."""
    key = sounded(name) if country in ARABIC else ""
    if len(key) < _HEARD:
        return ()
    found = base().execute(
        "SELECT id, kind, places.name, places.country, admin1, lat, lon, people, 0 FROM sounds JOIN places USING (id) "
        "WHERE sounds.name = ? AND sounds.country = ? ORDER BY people DESC",
        (key, country),
    )
    return tuple(Site(*row) for row in found)


@cache
def region(country: str, admin1: str) -> str | None:
    """The name of a first-level region by its code: US, TX is Texas."""
    found = base().execute(
        "SELECT name FROM places WHERE kind = 'admin1' AND country = ? AND admin1 = ?", (country, admin1)
    )
    row = found.fetchone()
    return str(row[0]) if row else None
