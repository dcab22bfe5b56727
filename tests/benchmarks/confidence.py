"""Fit the confidence of events to annotated articles, and say how well it holds.

    python -m tests.benchmarks.confidence ARTICLES.jsonl GOLD.jsonl [ARTICLES GOLD ...] [--write]

Prints the reliability table of weights that were fitted to one half of the articles, on the other half: what confidence
was given, and how many of these events the annotators have. `--write` fits to all articles and writes the weights.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.extractor import confidence, events
from services.extractor.extract import prepare
from services.extractor.merging import Telling
from tests.benchmarks.articles import article_of, read

RIDGE = 8.0  # how strongly weights are held near zero
RARE = 8  # traits that fewer tellings have get no weight
EDGES = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 1.01)
HEAD = """\
# How much each trait of a telling speaks for an event that the article reports: the weights of a logistic model.
# Fitted to annotated articles by `python -m tests.benchmarks.confidence`. Columns: trait, weight.
"""
Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """A telling of an annotated article: its traits, and whether the annotators have the event."""

    traits: frozenset[str]
    right: bool
    half: int


def cases(articles: Path, gold: Path) -> Iterator[Case]:
    """Every telling of the articles, those of every second article in the second half."""
    annotated = {row["id"]: row for row in read(gold)}
    for number, row in enumerate(read(articles)):
        told = events.told_in(article_of(row))
        left = list(annotated[row["id"]]["events"])
        for i, telling in enumerate(told):
            match = next((event for event in left if _matches(telling, event, row)), None)
            if match is not None:
                left.remove(match)
            yield Case(frozenset(confidence.traits(telling, told[:i])), match is not None, number % 2)


def _matches(telling: Telling, event: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether the annotators' evidence stands in the telling's sentence."""
    text, said = f"{row.get('headline')}\n{row['body']}", telling.sentence.text
    at, sentence = text.find(event["evidence"]), text.find(said)
    shared = min(at + len(event["evidence"]), sentence + len(said)) - max(at, sentence)
    return event["type"] == telling.event_type and 2 * shared >= min(len(event["evidence"]), len(said))


def fitted(found: list[Case]) -> dict[str, float]:
    """The weights under which the cases are likeliest, by Newton's method."""
    known = {trait for case in found for trait in case.traits}
    names = sorted(n for n in known if sum(n in case.traits for case in found) >= RARE)
    table: Table = np.array([[float(name in case.traits) for name in names] for case in found])
    right: Table = np.array([float(case.right) for case in found])
    weights: Table = np.zeros(len(names))
    for _ in range(30):
        sure = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (sure - right) + RIDGE * weights
        bend = (table * (sure * (1 - sure))[:, None]).T @ table + RIDGE * np.eye(len(names))
        weights = weights - np.linalg.solve(bend, slope)
    return dict(zip(names, map(float, weights), strict=True))


def reliability(found: list[Case]) -> Iterator[str]:
    """Lines of the table: confidence given, events, share of them that the annotators have."""
    given = []
    for half in (0, 1):
        weights = fitted([case for case in found if case.half != half])
        tested = [case for case in found if case.half == half]
        given += [(confidence.logistic(sum(weights.get(t, 0.0) for t in case.traits)), case.right) for case in tested]
    for low, high in pairwise(EDGES):
        inside = [(sure, right) for sure, right in given if low <= sure < high]
        if inside:
            mean, share = (sum(column) / len(inside) for column in zip(*inside, strict=True))
            yield f"{low:.1f} to {min(high, 1):.1f}: given {mean:.2f}, right {share:.2f}, {len(inside)} events"


def main() -> None:
    """Read the arguments, fit, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    prepare()
    pairs = zip(asked.files[::2], asked.files[1::2], strict=True)
    found = [case for articles, gold in pairs for case in cases(articles, gold)]
    print("\n".join(reliability(found)))  # noqa: T201 - a command's output
    if asked.write:
        lines = "".join(f"{name}\t{weight:.2f}\n" for name, weight in fitted(found).items())
        target = resources.files("services.extractor").joinpath("data", "confidence.tsv")
        Path(str(target)).write_text(HEAD + lines, encoding="utf-8")


if __name__ == "__main__":
    main()
