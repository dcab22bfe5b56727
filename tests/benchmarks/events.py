"""Run the extractor over annotated articles and write what it finds in the annotators' flat form.

    python -m tests.benchmarks.events ARTICLES.jsonl --out PREDICTED.jsonl [--limit N]

An article is one JSON object a line with `id`, `headline`, `body` and, where known, `published` (YYYY-MM-DD).
"""

import argparse
import json
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from services.contracts import Actor, Article, Claim, Event
from services.extractor.extract import events_of, prepare

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def article_of(row: dict[str, Any]) -> Article:
    """The article of one line; the corpus knows no revision, so it is the epoch."""
    published = row.get("published")
    day = date.fromisoformat(published[:10]) if published else None
    return Article(
        article_id=row["id"],
        revision=EPOCH,
        url=f"urn:corpus:{row['id']}",
        headline=row.get("headline"),
        body=row["body"],
        body_sha256="",
        published_at=EPOCH + timedelta(days=(day - EPOCH.date()).days) if day else None,
        language="en",
        cleaner_version="corpus",
    )


def flat(row: dict[str, Any], events: tuple[Event, ...]) -> dict[str, Any]:
    """The events of an article as the annotation guidelines have them."""
    return {
        "id": row["id"],
        "events": [_flat_event(event) for event in events if event.event_type not in {"STATEMENT", "TOLL"}],
        "claims": [_flat_claim(claim) for event in events for claim in event.claims],
        "quotes": [{"speaker": q.speaker, "content": q.span.text} for event in events for q in event.quotes],
    }


def _flat_event(event: Event) -> dict[str, Any]:
    return {
        "type": event.event_type,
        "main": event.main,
        "actor": _names(event.actor),
        "actor_country": next((a.country for a in event.actor if a.country), None),
        "recipient": _names(event.recipient),
        "recipient_country": next((a.country for a in event.recipient if a.country), None),
        "place": event.location.name if event.location else None,
        "country": event.location.country if event.location else None,
        "date": event.date.value if event.date else None,
        "realis": event.realis,
        "reported_by": event.attribution.source if event.attribution else None,
        "trigger": event.trigger.text,
        "evidence": event.evidence.text,
    }


def _names(actors: tuple[Actor, ...]) -> str | None:
    return " and ".join(actor.name for actor in actors) or None


def _flat_claim(claim: Claim) -> dict[str, Any]:
    return {
        "kind": claim.kind,
        "min": claim.min,
        "max": claim.max,
        "approx": claim.approx,
        "victims": claim.victims,
        "claimant": claim.claimant.text,
        "stance": claim.stance,
        "cumulative": claim.cumulative,
        "evidence": claim.span.text,
    }


def predicted(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What the extractor finds in each article."""
    for row in rows:
        yield flat(row, events_of(article_of(row)))


def read(path: Path, limit: int | None = None) -> list[dict[str, Any]]:
    """The lines of a corpus."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()][:limit]


def main() -> None:
    """Read the arguments, run, and say how fast it was."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int)
    asked = parser.parse_args()
    rows = read(asked.articles, asked.limit)
    prepare()
    start = time.perf_counter()
    lines = [json.dumps(found, ensure_ascii=False) for found in predicted(rows)]
    took = time.perf_counter() - start
    asked.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(rows)} articles in {took:.1f} s, {len(rows) / took:.1f} a second")  # noqa: T201 - a command's output


if __name__ == "__main__":
    main()
