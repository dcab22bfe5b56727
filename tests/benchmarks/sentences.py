"""Single sentences with one PLOVER type each: the type of the first event that the extractor finds."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from services.extractor.extract import events_of
from tests.benchmarks.articles import article_of

_RENAMED = {"DEMAND": "REQUEST", "FIGHT": "ASSAULT", "DISAPPROVE": "ACCUSE", "INVESTIGATE": "ACCUSE"}
_OURS = frozenset({"STATEMENT", "TOLL"})


def score(file: Path) -> dict[str, Any]:
    """Accuracy, and F1 averaged over the types of the file; a sentence without an event has type None."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    pairs = [(_gold(row), _found(row)) for row in rows]
    right = Counter(gold for gold, found in pairs if gold == found)
    asked, given = Counter(gold for gold, _ in pairs), Counter(found for _, found in pairs)
    f1 = {kind: 2 * right[kind] / (asked[kind] + given[kind]) for kind in sorted(asked)}
    return {
        "n": len(pairs),
        "accuracy": round(sum(right.values()) / max(1, len(pairs)), 4),
        "macro_f1": round(sum(f1.values()) / max(1, len(f1)), 4),
        "f1": {kind: round(value, 3) for kind, value in f1.items()},
    }


def _gold(row: dict[str, Any]) -> str:
    label = str(row["event"])
    return _RENAMED.get(label, label)


def _found(row: dict[str, Any]) -> str | None:
    article = article_of({"id": row["id"], "body": row["text"], "published": row.get("date")})
    return next((event.event_type for event in events_of(article) if event.event_type not in _OURS), None)
