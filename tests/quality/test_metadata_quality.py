"""Floors under headline, bylines and dates on labelled pages: they may only rise."""

import json
import lzma
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.cleaner.clean import article_of
from services.contracts import PageMeta
from services.stage import Rejected
from tests.benchmarks.scoring import Answer, verdicts

DATA = Path(__file__).parents[3] / "shared" / "data" / "clean"
FLOORS = {
    "fundus": {"title": 0.935, "authors": 0.92, "day": 0.99, "instant": 0.99},
    "wcxb": {"title": 0.88, "authors": 0.76, "day": 0.84},
}


def cleaned(page: dict[str, Any]) -> Answer:
    meta = PageMeta(
        url=page["url"], final_url=page["url"], fetched_at=datetime(2026, 11, 1, tzinfo=UTC), body_sha256="0"
    )
    try:
        article = article_of(page["html"].encode("utf-8", "replace"), meta, content_type="text/html; charset=utf-8")
    except Rejected:
        return Answer(body="")
    published = article.published_at.isoformat() if article.published_at else None
    return Answer(body=article.body, title=article.headline, authors=article.bylines, published=published)


@pytest.mark.parametrize("name", FLOORS)
def test_metadata_stay_above_their_floors(name: str) -> None:
    if not (DATA / f"{name}.jsonl.xz").exists():
        pytest.skip(f"labelled pages {name} are not at hand")
    told: dict[str, list[bool]] = {}
    with lzma.open(DATA / f"{name}.jsonl.xz", "rt", encoding="utf-8") as rows:
        for page in map(json.loads, rows):
            for what, right in verdicts(page, cleaned(page)):
                told.setdefault(what, []).append(right)
    accuracy = {what: sum(each) / len(each) for what, each in told.items()}
    assert {what: accuracy[what] for what, floor in FLOORS[name].items() if accuracy[what] < floor} == {}
