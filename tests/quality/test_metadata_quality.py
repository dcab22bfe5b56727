"""Floors under headline, bylines and dates on labelled pages: they may only rise."""

import json
import lzma
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.cleaner.clean import article_of
from services.contracts import Article, PageMeta
from services.stage import Rejected

DATA = Path(__file__).parents[3] / "shared" / "data" / "clean"
FLOORS = {
    "fundus": {"headline": 0.935, "bylines": 0.915, "day": 0.99, "instant": 0.99},
    "wcxb": {"headline": 0.875, "bylines": 0.76, "day": 0.84},
}


def folded(text: object) -> str:
    return re.sub(r"\W+", " ", unicodedata.normalize("NFKC", str(text or "")).lower()).strip()


def names(said: object) -> set[str]:
    parts = said if isinstance(said, list) else re.split(r";|,| and ", str(said or ""))
    return {folded(part) for part in parts if folded(part)}


def verdicts(label: dict[str, Any], article: Article | None) -> Iterator[tuple[str, bool]]:
    """What is labelled, each with whether the article says the same."""
    if label.get("title"):
        yield "headline", folded(label["title"]) == folded(article and article.headline)
    if names(label.get("authors")):
        yield "bylines", names(label["authors"]) == names(list(article.bylines) if article else [])
    if label.get("date"):
        found = article.published_at if article else None
        yield "day", str(found)[:10] == str(label["date"])[:10]
        if re.search(r"\d\d:\d\d.*(?:[+-]\d\d:\d\d|Z)$", label["date"]):
            meant = datetime.fromisoformat(label["date"])
            yield "instant", found is not None and abs((found - meant).total_seconds()) <= 60


def cleaned(page: dict[str, Any]) -> Article | None:
    meta = PageMeta(
        url=page["url"], final_url=page["url"], fetched_at=datetime(2026, 11, 1, tzinfo=UTC), body_sha256="0"
    )
    try:
        return article_of(page["html"].encode("utf-8", "replace"), meta, content_type="text/html; charset=utf-8")
    except Rejected:
        return None


@pytest.mark.parametrize("name", FLOORS)
def test_metadata_stay_above_their_floors(name: str) -> None:
    if not (DATA / f"{name}.jsonl.xz").exists():
        pytest.skip(f"labelled pages {name} are not at hand")
    told: dict[str, list[bool]] = {}
    with lzma.open(DATA / f"{name}.jsonl.xz", "rt", encoding="utf-8") as rows:
        for page in map(json.loads, rows):
            for what, right in verdicts(page["meta"], cleaned(page)):
                told.setdefault(what, []).append(right)
    accuracy = {what: sum(each) / len(each) for what, each in told.items()}
    assert {what: share for what, share in accuracy.items() if share < FLOORS[name][what]} == {}
