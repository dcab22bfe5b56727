"""Articles of a corpus, as the cleaner would have handed them on.

    python -m tests.benchmarks.articles ARTICLES.jsonl --out FILE

writes them with their datelines, as the training commands read them.
"""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from services.cleaner.text import datelines
from services.contracts import Article, Dateline

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
        dateline=dateline_of(row["body"], day),
        published_at=EPOCH + timedelta(days=(day - EPOCH.date()).days) if day else None,
        language="en",
        cleaner_version="corpus",
    )


def dateline_of(body: str, published: date | None) -> Dateline | None:
    """What the cleaner's reader of datelines finds at the head of the body."""
    lead = datelines.of_story(body.split("\n\n"), published=published)
    return lead.dateline if lead else datelines.running(body, published=published)


def read(path: Path, limit: int | None = None) -> list[dict[str, Any]]:
    """The lines of a corpus."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()][:limit]


def main() -> None:
    """Write the articles with what is found at the head of their bodies."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    lines = []
    for row in read(asked.articles, None):
        line = article_of(row).dateline
        lines.append(json.dumps(row | {"dateline": asdict(line) if line else None}, ensure_ascii=False) + "\n")
    asked.out.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
