"""Fits the model of which tellings people list as events to annotated articles, and says what it is worth on others.

    python -m services.extractor.training.listing ARTICLES.jsonl GOLD.jsonl [ARTICLES GOLD ...] [--write]

An article is one JSON object a line: `id`, `headline`, `body`, `published`; its annotation, of the same `id`, has
`events`, each with `type` and `evidence`, the words of the article that show it. Every article is judged twice: by a
model that saw a fifth of the articles less, its own among them, and by one that saw no article of its file. Printed are
precision, recall and F1 of what is listed and how well the confidences of the first hold. `--write` fits all articles
and writes data/listed.json. Needs the extra `train`.
"""

import argparse
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from services import fitting
from services.contracts import Article, Dateline
from services.extractor.events import tellings_in
from services.extractor.extract import prepare
from services.extractor.listing.confidence import LEAST, chosen
from services.extractor.listing.merging import Telling
from services.extractor.listing.traits import columns
from services.extractor.story.reading import Reading
from services.trees import Column, Columns, Model

MODEL = Path(__file__).parent.parent / "data" / "listed.json"
_FOLDS = 5
_SETTINGS = {"depth": 4, "iterations": 700, "learning_rate": 0.04, "l2_leaf_reg": 30}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EDGES = (0.0, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 1.01)


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """An annotated article: its tellings' traits, and which of its `gold` events each may be, the surest pair first."""

    file: str
    fold: int
    columns: Columns
    matches: tuple[tuple[int, int], ...]
    tellings: int
    gold: int

    def found(self, listed: NDArray[np.bool_]) -> dict[int, int]:
        """The annotated events that are among the listed tellings, by telling; one for each."""
        pairs: dict[int, int] = {}
        for at, event in self.matches:
            if listed[at] and at not in pairs and event not in pairs.values():
                pairs[at] = event
        return pairs

    @property
    def right(self) -> NDArray[np.bool_]:
        """Which tellings the annotators have as events."""
        found = self.found(np.ones(self.tellings, dtype=bool))
        return np.array([at in found for at in range(self.tellings)], dtype=bool)


def stories(articles: Path, gold: Path) -> Iterator[Story]:
    """The articles of a file in which the extractor finds anything or the annotators do."""
    annotated = {row["id"]: row["events"] for row in rows(gold)}
    for row in rows(articles):
        article = article_of(row)
        reading, told = tellings_in(article)
        events = annotated[article.article_id]
        yield Story(
            file=articles.name,
            fold=int(hashlib.sha256(article.article_id.encode()).hexdigest(), 16) % _FOLDS,
            columns=columns(told, reading),
            matches=_matches(told, events, reading),
            tellings=len(told),
            gold=len(events),
        )


def rows(path: Path) -> list[dict[str, Any]]:
    """The lines of a file of articles or annotations."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def article_of(row: dict[str, Any]) -> Article:
    """The article of a line, as far as a corpus knows it: no revision, of its dateline what `dateline` says."""
    published = datetime.fromisoformat(row["published"]).replace(tzinfo=UTC) if row.get("published") else None
    return Article(
        article_id=row["id"], revision=_EPOCH, url=f"urn:corpus:{row['id']}", headline=row.get("headline"),
        body=row["body"], body_sha256="", published_at=published, language="en", cleaner_version="corpus",
        dateline=Dateline(**row["dateline"]) if row.get("dateline") else None,
    )  # fmt: skip


def _matches(told: tuple[Telling, ...], events: list[dict[str, Any]], reading: Reading) -> tuple[tuple[int, int], ...]:
    """Which telling may be which annotated event: of its type, in a sentence that shares half of the shorter text."""
    article = reading.article
    text, body = f"{article.headline or ''}\n{article.body}", len(article.headline or "") + 1
    scored: list[tuple[float, int, int]] = []
    for at, telling in enumerate(told):
        span, trigger = telling.sentence.span, telling.sentence.between(*telling.trigger.words)
        start = span.start + (body if span.at == "/body" else 0)
        for number, event in enumerate(events):
            first = text.find(event["evidence"])
            shared = min(first + len(event["evidence"]), start + len(span.text)) - max(first, start)
            share = shared / min(len(event["evidence"]), len(span.text))
            if event["type"] == telling.event_type and 2 * share >= 1:
                scored.append((share + (trigger.text in event["evidence"]) / 2, at, number))
    return tuple((at, number) for _, at, number in sorted(scored, key=lambda each: (-each[0], each[1:])))


class OfArticle(Protocol):
    """What a training command learns from, of one article."""

    @property
    def file(self) -> str:
        """The name of the file of articles."""

    @property
    def article(self) -> str:
        """The id of the article."""


def arguments(about: str | None) -> tuple[list[tuple[Path, Path]], bool]:
    """The files of articles and annotations that a training command was called with, and whether it is to write."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+", metavar="ARTICLES GOLD")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    return list(zip(asked.files[::2], asked.files[1::2], strict=True)), asked.write


def partings(found: Sequence[OfArticle]) -> list[tuple[str, Callable[[OfArticle], str]]]:
    """What may be kept unseen and which part each is of, a fifth of the articles or a file; no way with one part."""
    ways: list[tuple[str, Callable[[OfArticle], str]]] = [
        ("unseen articles", lambda one: str(crc32(one.article.encode()) % _FOLDS)),
        ("unseen files", lambda one: one.file),
    ]
    return [(title, part) for title, part in ways if len({part(one) for one in found}) > 1]


def fitted(found: list[Story]) -> Model:
    """The model of these articles; every file weighs as much as its tellings' square root says."""
    found = [story for story in found if story.tellings]
    size = {file: sum(story.tellings for story in found if story.file == file) for file in {s.file for s in found}}
    weights = np.concatenate([np.full(story.tellings, (1000 / size[story.file]) ** 0.5) for story in found])
    right = np.concatenate([story.right for story in found])
    return fitting.fitted([story.columns for story in found], right, weights, **_SETTINGS)


Judged = list[tuple[Story, Column]]


def judged(found: list[Story], apart: Callable[[Story], object]) -> Judged:
    """Every article with the confidences of a model that saw none of those that `apart` says the same of."""
    parts = sorted({str(apart(story)) for story in found})
    judgement: Judged = []
    for part in parts if len(parts) > 1 else ():
        model = fitted([story for story in found if str(apart(story)) != part])
        mine = [story for story in found if str(apart(story)) == part]
        judgement += [(s, model.scores(s.columns) if s.tellings else np.zeros(0)) for s in mine]
    return judgement


def worth(judgement: Judged) -> Iterator[str]:
    """A line a file: precision, recall and F1 of what is listed."""
    for file in sorted({story.file for story, _ in judgement}):
        right = listed = gold = 0
        for story, sure in judgement:
            if story.file == file:
                ruled = story.columns["told by the rules"] > 0 if story.tellings else np.zeros(0, dtype=bool)
                length = int(max(story.columns["sentences"], default=0)) if story.tellings else 0
                kept = chosen(sure, ruled, LEAST, length)
                right, listed, gold = right + len(story.found(kept)), listed + int(kept.sum()), gold + story.gold
        f1 = 2 * right / max(1, listed + gold)
        yield f"{file}: precision {right / max(1, listed):.3f} recall {right / max(1, gold):.3f} F1 {f1:.3f}"


def reliability(judgement: Judged) -> Iterator[str]:
    """Lines of the table: confidence given, share of these tellings that the annotators have, how many."""
    sure = np.concatenate([given for _, given in judgement])
    right = np.concatenate([story.right for story, _ in judgement])
    for low, high in pairwise(_EDGES):
        inside = (sure >= low) & (sure < high)
        if inside.any():
            shares = f"given {sure[inside].mean():.2f}, right {right[inside].mean():.2f}"
            yield f"{low:.2f} to {min(high, 1):.2f}: {shares}, {inside.sum()} tellings"


def main() -> None:
    """Read, with --write fit and write, and validate."""
    files, write = arguments(__doc__)
    prepare()
    found = [story for articles, gold in files for story in stories(articles, gold)]
    if write:
        fitting.write(MODEL, fitted(found))
    unseen = judged(found, lambda story: story.fold)
    lines = [f"unseen articles: {line}" for line in worth(unseen)]
    lines += [f"unseen file: {line}" for line in worth(judged(found, lambda story: story.file))]
    print("\n".join([*lines, *reliability(unseen)]))  # noqa: T201 - a command's output


if __name__ == "__main__":
    main()
