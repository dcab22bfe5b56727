"""Place names that annotators found, each looked up in its text as the extractor does it: GeoWebNews, TR-News, LGL.

A name counts as right when the place found lies at most 161 km (a hundred miles) from the annotators'.
"""

import math
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from services.extractor.story.places import site_of
from services.extractor.story.scene import Mention, scene_in
from services.extractor.world.atlas import Site

_NEAR = 161.0
_LATITUDE, _LONGITUDE = ("latitude", "lat"), ("longitude", "lon", "long")


def score(file: Path) -> dict[str, Any]:
    """The share of the names with coordinates that are found within 161 km, and the median distance."""
    tree = ET.parse(file)
    away = [km for article in tree.getroot().iter("article") for km in _distances(article)]
    found = [km for km in away if km < math.inf]
    return {
        "n": len(away),
        "found": len(found),
        "accuracy@161km": round(sum(km <= _NEAR for km in away) / max(1, len(away)), 4),
        "median_km": round(statistics.median(away), 2) if away else None,
    }


def _distances(article: ET.Element) -> Iterator[float]:
    text = article.findtext("text") or ""
    gold = list(_gold(article))
    scene = scene_in(text, tuple(mention for mention, _ in gold))
    for mention, site in gold:
        home = next((land for land, count in scene.lands.most_common(1) if count > 1), None)
        found = site_of(mention, scene) or scene.beside(mention, scene.land_behind(mention) or home)
        yield found.km(site) if found else math.inf


def _gold(article: ET.Element) -> Iterator[tuple[Mention, Site]]:
    """The names that have coordinates, in the order of the text."""
    text = article.findtext("text") or ""
    for name in article.iter("toponym"):
        lat, lon = _number(name, _LATITUDE), _number(name, _LONGITUDE)
        if lat is not None and lon is not None:
            start, end = int(name.findtext("start") or 0), int(name.findtext("end") or 0)
            yield Mention(start, end, text[start:end]), Site(0, "city", "", None, None, lat, lon, 0, 1)


def _number(toponym: ET.Element, tags: tuple[str, ...]) -> float | None:
    found = (each.text for tag in tags for each in toponym.iter(tag))
    text = next((each for each in found if each and each.strip()), None)
    return float(text) if text else None
