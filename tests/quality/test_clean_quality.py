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

from services.cleaner.clean import article_of
from services.contracts import PageMeta
from services.stage import Rejected

DATA = Path(__file__).parents[3] / "shared" / "data" / "clean"
FLOORS = {"scrapinghub": 0.964, "fundus": 0.954}


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


@pytest.mark.parametrize("name", FLOORS)
def test_body_f1_stays_above_its_floor(name: str) -> None:
    if not (DATA / f"{name}.jsonl.xz").exists():
        pytest.skip(f"labelled pages {name} are not at hand")
    scores = [precision_recall(gold, body_of(url, html)) for url, html, gold in pages(name)]
    precision, recall = mean(score[0] for score in scores), mean(score[1] for score in scores)
    assert 2 * precision * recall / (precision + recall) >= FLOORS[name]
