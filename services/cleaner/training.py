"""Fits the model of blocks, or that of lines, to labelled pages and says what it is worth on unseen pages.

    python -m services.cleaner.training PAGES.jsonl.xz... [--lines] [--write]

A page is one JSON object a line: `url`, `html`, `body` (the article, paragraphs joined by a blank line). Every page is
scored twice: by a model that saw no page of its publisher, and by one that saw no page of its file; lines only by the
first. `--write` fits all pages and writes data/blocks.json with data/class_words.tsv, or with `--lines`
data/lines.json. Needs the extra `train`.
"""

import argparse
import json
import lzma
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path
from statistics import mean

import numpy as np
from numpy.typing import NDArray
from selectolax.lexbor import LexborHTMLParser

from services import fitting, urls
from services.cleaner import labelling
from services.cleaner.body import features, flattened, selection
from services.cleaner.body.outline import Outline, Piece, outline_of
from services.cleaner.metadata import headlines
from services.cleaner.metadata.metadata import metadata_of
from services.trees import Columns, Model

DATA = Path(__file__).parent / "data"
_FOLDS = 5
_SMOOTHING = 0.5  # pages' worth of doubt about what a class's word says
_PUBLISHERS = 5  # that use a word before it counts: fewer would be a rule for one of them
_NEAR = 12  # pieces; of the furniture further from the story a quarter is enough
_OF_BLOCKS, _OF_LINES = 6, 5  # questions of a tree, one a level
_TREES = 150
_STEP = 0.2  # of the model that copies teach too: with the learner's own the same trees would fit both less well
_LIKELY = 0.5
_UNLIKE, _LIKE = 0.2, 0.7  # F1 of a page's words: up to the one its label is hardly believed, from the other on wholly
_LEAST_TRUST = 0.1
_OF_UNNAMED = 0.5  # what a page's copy without names counts
# What other columns are made of: numbers of boxes and lines, which say nothing of a piece.
_UNUSED = frozenset({"size", "flags", "holder", "first"})


@dataclass(slots=True)
class Page:
    """A labelled page: which pieces are the article's, how many words each has, what its class words saw.

    `unnamed`: the page once more, without what says of its elements what they are for.
    """

    publisher: str
    file: str
    weight: float
    gold: str
    outline: Outline
    headline: str | None
    ruled: selection.Choice = field(default_factory=lambda: selection.Choice(frozenset(), [], []))
    kept: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    words: list[int] = field(default_factory=list)
    seen: dict[str, tuple[float, float]] = field(default_factory=dict)
    columns: Columns = field(default_factory=dict)
    unnamed: "Page | None" = None


def pages(paths: Iterable[Path]) -> Iterator[Page]:
    """The labelled pages of the files."""
    for path in paths:
        for row, publisher, weight in _rows(path):
            tree = LexborHTMLParser(row["html"].encode("utf-8", "replace").decode("utf-8"))
            metadata, outline = metadata_of(tree, row["url"]), outline_of(tree)
            if not outline.pieces:
                continue
            titled = headlines.headline_of(metadata)
            headline = headlines.as_shown(titled, (piece.text for piece in outline.pieces)).text
            page = Page(publisher, path.name, weight, row["body"], outline, headline)
            _label(page)
            page.seen = _class_words(page)
            page.unnamed = _unnamed(page, row["html"])
            yield page


def _rows(path: Path) -> Iterator[tuple[dict[str, str], str, float]]:
    """The pages of a file with their publishers and weights: every file weighs the same, but for its size's root."""
    with lzma.open(path, "rt", encoding="utf-8") as rows:
        read = [json.loads(row) for row in rows if row.strip()]
    for row in read:
        yield row, urls.site_of(row["url"]) or row["url"], math.sqrt(1000 / len(read))


_NAMES = re.compile(r"\s(?:class|id|role|itemprop)\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+)", re.IGNORECASE)
_MEANT = re.compile(
    r"(</?)(?:article|aside|details|dialog|figcaption|figure|footer|header|hgroup|main|nav|section)\b", re.IGNORECASE
)


def _unnamed(page: Page, html: str) -> Page | None:
    """The page without classes, as HTML 4 has it: so pages look whose makers use names that nobody knows."""
    bare = _MEANT.sub(r"\1div", _NAMES.sub("", html))
    outline = outline_of(LexborHTMLParser(bare.encode("utf-8", "replace").decode("utf-8")))
    if not outline.pieces:
        return None
    copy = replace(page, weight=page.weight * _OF_UNNAMED, outline=outline, seen={})
    _label(copy)
    return copy


def flat_pages(paths: Iterable[Path]) -> Iterator[Page]:
    """The same pages without their markup, a line a block."""
    for path in paths:
        for row, publisher, weight in _rows(path):
            texts = flattened.unwrapped(flat(row["html"]))
            if texts:
                outline = Outline(pieces=[Piece(text, -1, 0) for text in texts])
                page = Page(publisher, path.name, weight, row["body"], outline, None)
                _label(page)
                page.columns = features.of_flat(texts)
                yield page


_INLINE = re.compile(r"</?(?:a|abbr|b|bdi|cite|code|em|font|i|mark|q|s|small|span|strong|sub|sup|time|u)\b[^>]*>")


def flat(html: str) -> str:
    """A page as text that lost its markup: a line a block, nothing of scripts and the like."""
    tree = LexborHTMLParser(html.encode("utf-8", "replace").decode("utf-8"))
    tree.strip_tags(["script", "style", "noscript", "template", "svg", "head", "iframe"])
    lines = re.sub(r"<[^>]*>", "\n", _INLINE.sub("", re.sub(r"\s+", " ", tree.html or "")))
    return unescape(lines)


def _label(page: Page) -> None:
    pieces = [labelling.words_of(piece.text) for piece in page.outline.pieces]
    page.kept = np.array(labelling.told(pieces, page.gold))
    page.words = [len(words) for words in pieces]


def _class_words(page: Page) -> dict[str, tuple[float, float]]:
    """For each class word how much story and how much furniture stands inside, as shares of the story, 1 at most."""
    boxes = page.outline.boxes
    story = max(30, sum(words for words, kept in zip(page.words, page.kept, strict=True) if kept))
    masses = [[0.0, 0.0] for _ in boxes]
    for piece, kept, words in zip(page.outline.pieces, page.kept, page.words, strict=True):
        if piece.box >= 0:
            masses[piece.box][0 if kept else 1] += words / story
    found: dict[str, list[float]] = {}
    for at in range(len(boxes) - 1, -1, -1):
        box = boxes[at]
        if box.parent >= 0:
            masses[box.parent] = [one + two for one, two in zip(masses[box.parent], masses[at], strict=True)]
        for word in set(box.said.words):
            before = found.setdefault(word, [0.0, 0.0])
            found[word] = [one + two for one, two in zip(before, masses[at], strict=True)]
    return {word: (min(1.0, yes), min(1.0, no)) for word, (yes, no) in found.items() if yes + no > 0}


Seen = dict[str, list[float]]


def _by_publisher(found: list[Page]) -> dict[str, Seen]:
    """Each publisher's means of what its pages' class words saw: story, furniture, and 1."""
    count = Counter(page.publisher for page in found)
    sums: dict[str, Seen] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0, 1.0]))
    for page in found:
        for word, (yes, no) in page.seen.items():
            entry = sums[page.publisher][word]
            entry[0] += yes / count[page.publisher]
            entry[1] += no / count[page.publisher]
    return sums


def _summed(publishers: dict[str, Seen]) -> Seen:
    total: Seen = defaultdict(lambda: [0.0, 0.0, 0.0])
    for seen in publishers.values():
        for word, entry in seen.items():
            total[word] = [one + two for one, two in zip(total[word], entry, strict=True)]
    return total


def _weights(total: Seen, own: Seen, words: Iterable[str]) -> dict[str, float]:
    """What the words weigh to all publishers but one."""
    found = {}
    for word in words:
        yes, no, publishers = (one - two for one, two in zip(total[word], own.get(word, (0, 0, 0)), strict=True))
        if publishers >= _PUBLISHERS:
            found[word] = round(math.log((yes + _SMOOTHING) / (no + _SMOOTHING)), 1)
    return found


def measure(found: list[Page], known: list[Page]) -> None:
    """Give every page its columns, with class words weighed on those known pages that are other publishers'."""
    publishers = _by_publisher(known)
    total = _summed(publishers)
    for page in found:
        weights = _weights(total, publishers.get(page.publisher, {}), page.seen)
        for box in page.outline.boxes:
            each = [0.0, *(weights.get(word, 0.0) for word in box.said.words)]
            box.said = replace(box.said, low=min(each), high=max(each))
        page.ruled, page.columns = selection.measured(page.outline, headline=page.headline)
        if (copy := page.unnamed) is not None:
            copy.ruled, copy.columns = selection.measured(copy.outline, headline=copy.headline)


def model_of_blocks(found: list[Page]) -> Model:
    """The model of these pages' blocks and of their copies'; a page whose label is odd counts for less."""
    trust = _trust(found)
    copies = [(page.unnamed, each) for page, each in zip(found, trust, strict=True) if page.unnamed is not None]
    both = [*found, *(copy for copy, _ in copies)]
    return _fitted(both, [*trust, *(each for _, each in copies)], depth=_OF_BLOCKS, learning_rate=_STEP)


def model_of_lines(found: list[Page]) -> Model:
    """The model of these pages' lines."""
    return _fitted(found, [1.0] * len(found), depth=_OF_LINES)


def _trust(found: list[Page]) -> list[float]:
    """How much each page counts: where a model of the other half of publishers sees another story, the label is odd."""
    half = {publisher: at % 2 for at, publisher in enumerate(sorted({page.publisher for page in found}))}
    fits = [
        _fitted(known, [1.0] * len(known), depth=_OF_BLOCKS)
        for known in ([page for page in found if half[page.publisher] != which] for which in (0, 1))
    ]
    likeness = [_likeness(page, fits[half[page.publisher]].scores(page.columns) > _LIKELY) for page in found]
    return [min(1.0, max(_LEAST_TRUST, (each - _UNLIKE) / (_LIKE - _UNLIKE))) for each in likeness]


def _likeness(page: Page, chosen: NDArray[np.bool_]) -> float:
    """F1 of the words of the chosen pieces."""
    words = np.array(page.words, dtype=np.float64)
    return 2 * float(words[chosen & page.kept].sum()) / max(1.0, float(words[chosen].sum() + words[page.kept].sum()))


def _fitted(found: list[Page], trust: list[float], **settings: float) -> Model:
    chance = np.random.default_rng(1)
    rows, kept, weights = [], [], []
    for page, each in zip(found, trust, strict=True):
        weight, used = _row_weights(page, chance)
        rows.append({name: column[used] for name, column in page.columns.items() if name not in _UNUSED})
        kept.append(page.kept[used])
        weights.append(weight[used] * each)
    return fitting.fitted(rows, np.concatenate(kept), np.concatenate(weights), iterations=_TREES, **settings)


def _row_weights(page: Page, chance: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """A piece counts by its share of the story's words, as in the score; of far furniture a quarter stands for all."""
    words = np.array(page.words, dtype=np.float64)
    weight = np.maximum(words, 1) / max(20.0, words[page.kept].sum()) * page.weight
    story = np.flatnonzero(page.kept)
    far = np.ones(len(words), dtype=bool)
    for at in story:
        far[max(0, at - _NEAR) : at + _NEAR + 1] = False
    if not len(story):
        far[:] = False
    return np.where(far, weight * 4, weight), ~far | (chance.random(len(words)) < 1 / 4)


def _folds(found: list[Page]) -> dict[str, int]:
    publishers = sorted({page.publisher for page in found})
    order = np.random.default_rng(7).permutation(len(publishers))
    return {publishers[at]: int(place) % _FOLDS for place, at in enumerate(order)}


Scores = dict[str, list[tuple[float, float]]]


def cross_validated(
    found: list[Page], *, model: Callable[[list[Page]], Model], read: Callable[[Page, Model], str]
) -> Scores:
    """Precision and recall of each page, by a model that saw none of its publisher's; a list for each file."""
    folds = _folds(found)
    scores: Scores = defaultdict(list)
    for fold in range(_FOLDS):
        fit = model([page for page in found if folds[page.publisher] != fold])
        for page in found:
            if folds[page.publisher] == fold:
                scores[page.file].append(precision_recall(page.gold, read(page, fit)))
    return scores


def left_out(found: list[Page]) -> Scores:
    """Precision and recall of each page, by a model and by class words that saw none of its file's."""
    scores: Scores = {}
    for file in dict.fromkeys(page.file for page in found):
        known = [page for page in found if page.file != file]
        if known:
            measure(found, known)
            fit = model_of_blocks(known)
            own = (page for page in found if page.file == file)
            scores[file] = [precision_recall(page.gold, body_of_blocks(page, fit)) for page in own]
    return scores


def body_of_blocks(page: Page, fit: Model) -> str:
    """The body of a page in HTML by this model."""
    decided = selection.decided(page.outline, page.ruled, fit.scores(page.columns), page.columns)
    return "\n\n".join(piece.text for piece, reason in zip(page.outline.pieces, decided, strict=True) if reason is None)


def body_of_lines(page: Page, fit: Model) -> str:
    """The body of a flattened page by this model."""
    text = "\n\n".join(piece.text for piece in page.outline.pieces)
    return "\n".join(part.text for part in flattened.read(text, country=None, judge=fit).parts)


def precision_recall(gold: str, found: str) -> tuple[float, float]:
    """Of the shingles, as multisets."""
    wanted, got = (Counter(labelling.shingles(labelling.words_of(text))) for text in (gold, found))
    both = (wanted & got).total()
    return both / max(1, got.total()), both / max(1, wanted.total())


def write_words(weights: dict[str, float]) -> None:
    """Write data/class_words.tsv, a weight a line."""
    by_weight: dict[float, list[str]] = defaultdict(list)
    for word, weight in sorted(weights.items()):
        if abs(weight) >= 0.2 and word.isascii():  # noqa: PLR2004 - less says nothing
            by_weight[weight].append(word)
    rows = [
        "# Words of class and id, by how much more often (a natural logarithm) a story stands inside than furniture."
    ]
    rows += [f"{weight}\t{' '.join(by_weight[weight])}" for weight in sorted(by_weight)]
    (DATA / "class_words.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def main() -> None:
    """Read, with --write fit and write, and validate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--lines", action="store_true")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    if asked.lines:
        of_lines(asked.pages, written=asked.write)
    else:
        of_blocks(asked.pages, written=asked.write)


def of_blocks(paths: list[Path], *, written: bool) -> None:
    """Fit and validate the model of blocks."""
    found = list(pages(paths))
    measure(found, found)
    if written:
        total = _summed(_by_publisher(found))
        write_words(_weights(total, {}, total))
        fitting.write(DATA / "blocks.json", model_of_blocks(found))
    told("unseen publishers", cross_validated(found, model=model_of_blocks, read=body_of_blocks))
    told("unseen file", left_out(found))


def of_lines(paths: list[Path], *, written: bool) -> None:
    """Fit and validate the model of lines."""
    found = list(flat_pages(paths))
    if written:
        fitting.write(DATA / "lines.json", model_of_lines(found))
    told("unseen publishers", cross_validated(found, model=model_of_lines, read=body_of_lines))


def told(how: str, scores: Scores) -> None:
    """Print a line a file."""
    for file, each in scores.items():
        precision, recall = (mean(score[at] for score in each) for at in (0, 1))
        f1 = 2 * precision * recall / (precision + recall)
        print(f"{how}: {file} {len(each)} pages: precision {precision:.4f} recall {recall:.4f} F1 {f1:.4f}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
