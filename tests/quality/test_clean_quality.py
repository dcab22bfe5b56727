"""Floors under the cleaner's quality on labelled pages: they may only rise."""

import json
import lzma
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

import pytest

from services.cleaner.body import flattened
from services.cleaner.clean import article_of
from services.cleaner.training import flat
from services.contracts import PageMeta
from services.stage import Rejected

DATA = Path(__file__).parents[3] / "shared" / "data" / "clean"
FLOORS = {
    "scrapinghub": 0.99,
    "fundus": 0.977,
    "wcxb": 0.966,
}  # the model was fitted to these; DECISIONS has honest figures
FLAT_FLOOR = 0.94


def pages(name: str) -> Iterator[tuple[str, str, str]]:
    with lzma.open(DATA / f"{name}.jsonl.xz", "rt", encoding="utf-8") as rows:
        for page in map(json.loads, rows):
            yield page["url"], page["html"], page["body"]


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3))) if words else Counter()


def body_of(url: str, html: str) -> str:
    meta = PageMeta(url=url, final_url=url, fetched_at=datetime(2026, 1, 1, tzinfo=UTC), body_sha256="0")
    try:
        return article_of(html.encode("utf-8", "replace"), meta, content_type="text/html; charset=utf-8").body
    except Rejected:
        return ""


def precision_recall(gold: str, found: str) -> tuple[float, float]:
    wanted, got = shingles(gold), shingles(found)
    both = (wanted & got).total()
    return both / max(1, got.total()), both / max(1, wanted.total())


def f1(scores: list[tuple[float, float]]) -> float:
    precision, recall = mean(score[0] for score in scores), mean(score[1] for score in scores)
    return 2 * precision * recall / (precision + recall)


@pytest.mark.parametrize("name", FLOORS)
def test_body_f1_stays_above_its_floor(name: str) -> None:
    if not (DATA / f"{name}.jsonl.xz").exists():
        pytest.skip(f"labelled pages {name} are not at hand")
    scores = [precision_recall(gold, body_of(url, html)) for url, html, gold in pages(name)]
    assert f1(scores) >= FLOORS[name]


def test_body_f1_of_pages_without_markup_stays_above_its_floor() -> None:
    if not (DATA / "scrapinghub.jsonl.xz").exists():
        pytest.skip("labelled pages scrapinghub are not at hand")
    bodies = [(gold, flattened.read(flat(html), country=None)) for _, html, gold in pages("scrapinghub")]
    scores = [precision_recall(gold, "\n".join(part.text for part in reading.parts)) for gold, reading in bodies]
    assert f1(scores) >= FLAT_FLOOR
