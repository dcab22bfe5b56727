"""The extractor over annotated news.

    python -m tests.benchmarks.events ARTICLES.jsonl --out PREDICTED.jsonl [--limit N]
    python -m tests.benchmarks.events places FILE.xml
    python -m tests.benchmarks.events dates DIR_OF_TIMEML
    python -m tests.benchmarks.events sentences FILE.jsonl

The first writes what the extractor finds, in the annotators' flat form; an article is one JSON object a line with `id`,
`headline`, `body` and, where known, `published` (YYYY-MM-DD). The others look up the place names, read the dates or
find the first event of every sentence, and print one JSON object with the score and `n`.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from services.contracts import Actor, Article, Claim, Dateline, Event
from services.extractor.extract import events_of, prepare
from tests.benchmarks import dates, places, sentences
from tests.benchmarks.articles import article_of, read


def flat(article: Article, events: tuple[Event, ...]) -> dict[str, Any]:
    """The events of an article as the annotation guidelines have them."""
    return {
        "id": article.article_id,
        "dateline": _flat_dateline(article.dateline),
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


def _flat_dateline(line: Dateline | None) -> dict[str, str | None]:
    if line is None:
        return {"place": None, "date": None, "evidence": None}
    return {"place": line.place, "date": line.datetime[:10] if line.datetime else None, "evidence": line.text}


def predicted(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What the extractor finds in each article."""
    for row in rows:
        article = article_of(row)
        yield flat(article, events_of(article))


def main() -> None:
    """Write predictions, or print the score of one of the other sets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", metavar="[places|dates|sentences] FILE", type=str)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--limit", type=int)
    asked = parser.parse_args()
    prepare()
    match asked.what:
        case [kind, file] if kind in SCORES:
            print(json.dumps(SCORES[kind](Path(file))))  # noqa: T201 - a command's output
        case [file] if asked.out is not None:
            print(json.dumps(write(Path(file), asked.out, asked.limit)))  # noqa: T201 - a command's output
        case _:
            parser.error("ARTICLES.jsonl --out PREDICTED.jsonl, or one of places, dates, sentences and what to read")


def write(articles: Path, out: Path, limit: int | None) -> dict[str, Any]:
    """Write the predictions for a file of articles; how many and how fast."""
    rows = read(articles, limit)
    start = time.process_time()
    lines = [json.dumps(found, ensure_ascii=False) for found in predicted(rows)]
    took = time.process_time() - start
    out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return {"n": len(rows), "cpu_seconds": round(took, 2), "articles_per_cpu_second": round(len(rows) / took, 2)}


SCORES: dict[str, Callable[[Path], dict[str, Any]]] = {
    "places": places.score, "dates": dates.score, "sentences": sentences.score,
}  # fmt: skip


if __name__ == "__main__":
    main()
