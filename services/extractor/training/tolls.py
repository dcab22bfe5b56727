"""Fits the model of which figures count people hurt or held to annotated articles, and says what it is worth on others.

    python -m services.extractor.training.tolls ARTICLES.jsonl GOLD.jsonl [ARTICLES GOLD ...] [--write]

An article is one JSON object a line with `id`, `headline` and `body`; its line of GOLD has the `id` and `claims`, each
with `kind`, `min`, `max`, `approx`, `victims` and `evidence`, the words of the article that show it. Printed are
precision, recall and F1 of figures with their kind, by the rules and by models: fitted to four fifths of the articles,
on the last fifth, and fitted to the other files. `--write` fits all and writes data/tolls.json. Needs the extra
`train`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services import fitting
from services.contracts import ClaimKind
from services.extractor.extract import prepare
from services.extractor.story.reading import read
from services.extractor.tolls.counts import by_rule
from services.extractor.tolls.tolls import SURE, Candidate, candidates, columns
from services.extractor.training.listing import arguments, article_of, partings, rows
from services.trees import Columns, Model

MODEL = Path(__file__).parent.parent / "data" / "tolls.json"
_SETTINGS = {"depth": 6, "iterations": 400, "learning_rate": 0.07}


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """An article's figures: a row for each and each kind, and whether the annotators have it so (`right`)."""

    file: str
    article: str
    columns: Columns
    right: NDArray[np.bool_]


def stories(articles: Path, gold: Path) -> Iterator[Story]:
    """The articles of a file that have figures; an annotated figure that is no candidate is not counted as missed."""
    annotated = {row["id"]: row["claims"] for row in rows(gold)}
    for row in rows(articles):
        sentences = read(article_of(row)).sentences
        ruled = by_rule(sentences)
        able = candidates(sentences, ruled)
        if able:
            meant = _meant(annotated[row["id"]], able, f"{row['headline'] or ''}\n{row['body']}")
            right = np.array([(c, kind) in meant for c in able for kind in c.kinds])
            yield Story(articles.name, row["id"], columns(able, ruled), right)


def _meant(claims: list[dict[str, Any]], able: list[Candidate], text: str) -> set[tuple[Candidate, ClaimKind]]:
    """The figures that the claims are about: of the same bounds, in a sentence of the evidence, best within it."""
    meant: set[tuple[Candidate, ClaimKind]] = set()
    for claim in claims:
        may = [c for c in able if claim["kind"] in c.kinds and _bounds(c, claim)]
        close = [(near, c) for c in may if (near := _nearness(c, claim, text))]
        free = [(near, c) for near, c in close if (c, claim["kind"]) not in meant]
        if free:
            meant.add((max(free, key=lambda each: each[0])[1], claim["kind"]))
    return meant


def _bounds(candidate: Candidate, claim: dict[str, Any]) -> bool:
    """Whether a figure has the bounds of a claim; of "dozens" any lower one will do."""
    figure = candidate.figure
    vague = claim["approx"] and figure.approx and claim["max"] is None and figure.max is None
    return vague or (figure.min, figure.max) == (claim["min"], claim["max"])


def _nearness(candidate: Candidate, claim: dict[str, Any], text: str) -> int:
    """3 for a figure within the evidence that counts its victims, 2 for another there, 1 for one beside it, else 0."""
    evidence, sentence = claim["evidence"], candidate.sentence
    start = text.find(evidence)
    offset = 0 if sentence.passage.at == "/headline" else text.find("\n") + 1
    first, last = (offset + sentence.passage.start + at for at in (sentence.words.start_char, sentence.words.end_char))
    shared = min(last, start + len(evidence)) - max(first, start)
    if start < 0 or 2 * shared < min(last - first, len(evidence)):
        return 0
    inside = start <= offset + sentence.passage.start + candidate.last.idx < start + len(evidence)
    return 1 + inside + (inside and candidate.node.text in (claim["victims"] or ""))


# -- fitting and what it is worth


def fitted(found: list[Story]) -> Model:
    """The model of these articles; every file weighs as much as its figures' square root says."""
    right = np.concatenate([story.right for story in found])
    size = {file: sum(len(s.right) for s in found if s.file == file) for file in {s.file for s in found}}
    weights = np.concatenate([np.full(len(story.right), (1000 / size[story.file]) ** 0.5) for story in found])
    return fitting.fitted([story.columns for story in found], right, weights, **_SETTINGS)


Judged = list[tuple[Story, NDArray[np.bool_]]]


def judged(found: list[Story], part: Callable[[Story], str]) -> Judged:
    """Every article with what a model is sure of that saw none of its part."""
    judgement: Judged = []
    for this in sorted({part(story) for story in found}):
        model = fitted([story for story in found if part(story) != this])
        mine = [story for story in found if part(story) == this]
        judgement += [(story, model.scores(story.columns) > SURE) for story in mine]
    return judgement


def worth(judgement: Iterable[tuple[Story, NDArray[np.bool_]]]) -> Iterator[str]:
    """A line a file."""
    found = list(judgement)
    for file in dict.fromkeys(story.file for story, _ in found):
        right, said = (
            np.concatenate([each[at] for each in ((s.right, k) for s, k in found if s.file == file)]) for at in (0, 1)
        )
        both = int((right & said).sum())
        precision, recall = both / max(1, int(said.sum())), both / max(1, int(right.sum()))
        f1 = 2 * both / max(1, int(said.sum() + right.sum()))
        yield f"  {file}: precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f} n {int(right.sum())}"


def main() -> None:
    """Read the arguments, fit, print and write."""
    files, write = arguments(__doc__)
    prepare()
    found = [story for articles, gold in files for story in stories(articles, gold)]
    told: list[tuple[str, Judged]] = [("by the rules", [(story, story.columns["ruled"] > 0) for story in found])]
    told += [(title, judged(found, part)) for title, part in partings(found)]
    print("\n".join(line for title, judgement in told for line in (title, *worth(judgement))))  # noqa: T201 - a command's output
    if write:
        fitting.write(MODEL, fitted(found))


if __name__ == "__main__":
    main()
