"""Floors under what the extractor finds in annotated news; they only rise.

The numbers are precision and recall of whole claims, quotations and events, matched as the scoring tool beside the
annotated articles matches them. `python -m tests.benchmarks.events` writes the predictions of all articles.
"""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import annotated, places
from tests.benchmarks.articles import read
from tests.benchmarks.events import predicted

ARTICLES = {"conflict": 30, "general": 25, "geowebnews": 120}  # the first of each set: a few seconds' worth

FLOORS = [
    ("conflict", "claims: kind and number", 0.89),
    ("conflict", "claims: kind, number and claimant", 0.82),
    ("conflict", "events: type and place in text", 0.75),
    ("conflict", "events: type, actor and recipient", 0.47),
    ("conflict", "quotes: content", 0.95),
    ("general", "quotes: content", 0.97),
    ("general", "events: type and place in text", 0.67),
    ("general", "events: type, actor and recipient", 0.42),
    ("general", "claims: kind and number", 0.83),
    ("geowebnews", "events: type and place in text", 0.55),
    ("geowebnews", "events: type, actor and recipient", 0.28),
    ("geowebnews", "claims: kind and number", 0.67),
]


@cache
def scores(shared: Path, of: str, scratch: Path) -> dict[str, dict[str, Any]]:
    data = shared / "data" / "events"
    if of == "geowebnews":
        rows = list(annotated.of_geowebnews(data / "places.gwn.xml"))[: ARTICLES[of]]
        gold = list(annotated.gold(rows, annotated.GEOWEBNEWS))
    else:
        rows = read(data / f"{of}.articles.jsonl", ARTICLES[of])
        kept = {row["id"] for row in rows}
        gold = [row for row in read(data / f"{of}.gold.jsonl") if row["id"] in kept]
    files = []
    for name, lines in (("articles", rows), ("gold", gold), ("predicted", list(predicted(rows)))):
        files.append(scratch / f"{of}.{name}.jsonl")
        files[-1].write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    tool = shared / "tools" / "score_events.py"
    ran = subprocess.run([sys.executable, tool, *files, "--json"], check=True, capture_output=True, text=True)
    found: dict[str, dict[str, Any]] = json.loads(ran.stdout)
    return found


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("quality")


@pytest.mark.parametrize(("of", "measure", "floor"), FLOORS)
def test_no_change_lowers_what_is_found(shared: Path, scratch: Path, of: str, measure: str, floor: float) -> None:
    assert scores(shared, of, scratch)[measure]["f1"] >= floor


ACCURACIES = [
    ("conflict", "event date (given)", 0.88),
    ("conflict", "event country", 0.87),
    ("conflict", "event place (named)", 0.74),
    ("conflict", "dateline date", 0.99),
    ("general", "event date (given)", 0.77),
    ("general", "event country", 0.87),
    ("general", "event place (named)", 0.77),
    ("geowebnews", "event country", 0.82),
    ("geowebnews", "event place (named)", 0.73),
    ("conflict", "quote speaker", 0.95),
    ("general", "quote speaker", 0.90),
    ("conflict", "event realis", 0.89),
    ("general", "event realis", 0.86),
    ("conflict", "claim claimant", 0.91),
    ("conflict", "main event: type", 0.95),
    ("general", "main event: type", 0.77),
    ("geowebnews", "main event: type", 0.57),
    ("geowebnews", "no event where there is none", 0.62),
]


@pytest.mark.parametrize(("of", "measure", "floor"), ACCURACIES)
def test_no_change_lowers_what_is_said_of_events(
    shared: Path, scratch: Path, of: str, measure: str, floor: float
) -> None:
    assert scores(shared, of, scratch)[measure]["accuracy"] >= floor


def test_no_change_lowers_how_many_places_are_found(shared: Path) -> None:
    assert places.score(shared / "data" / "events" / "places.gwn.xml")["accuracy@161km"] >= 0.86
