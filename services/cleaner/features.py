"""What is measured of each piece of a page, for the model that tells the article from furniture.

Every column is a number a piece; columns are named, so that the model's file says what it looks at.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.cleaner import lines
from services.cleaner.outline import Box, Outline

Column = NDArray[np.float64]
Columns = dict[str, Column]

# What holds a paragraph, by how often that is a story's.
_RANKS = {
    "p": 9, "blockquote": 8, "pre": 8, "h2": 7, "h3": 7, "h4": 6, "h5": 5, "h6": 5, "li": 4, "dd": 4, "dt": 4,
    "div": 3, "section": 3, "article": 3, "main": 3, "td": 2, "th": 2, "h1": 1, "figcaption": 0, "caption": 0,
}  # fmt: skip
_PLAIN = 3  # the rank of any other element
_LEAVES = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "dd", "dt", "pre"})
_AROUND = ("article", "main", "nav footer", "aside", "header", "form", "table", "figure", "blockquote", "ul", "ol")
_FLAGS = {tag: 1 << at for at, tags in enumerate(_AROUND) for tag in tags.split()}
_MARKED = 1 << len(_AROUND)  # inside itemprop="articleBody"
_TITLE_SHARE = 0.7  # of the headline's words, from which on a short line is the headline again
_SHORT = 200  # characters: longer is no title, no label
_LONG = 100  # characters of running text that make a paragraph
_FAR = 60.0  # pieces: further away is just far
_CLEAR = 0.6  # the share of running text with which a child takes over from its parent
_AROUND_NAMES = (
    "flags", "holder", "rank", "depth", "class", "class_low", "class_high", "reasons", "class_outer", "article",
)  # fmt: skip
_HEADING_RANKS = [7, 6, 5, 1]
_NEIGHBOURS = ("chars", "linked", "class", "rank", "class_low", "class_high", "sentence", "phrase", "main")
_WINDOWS = (3, 8, 20)


def of_lines(texts: Sequence[str], headline: str | None) -> Columns:
    """What the words of each line say, and where it stands among the others."""
    title = frozenset(re.findall(r"\w{3,}", (headline or "").lower()))
    seen = Counter(texts)
    rows = np.array([(*_of_text(text, title), min(seen[text], 4)) for text in texts], dtype=np.float64)
    names = ("size", "words", "sentence", "commas", "capital", "capitals", "phrase", "title", "digits", "seen")
    columns = dict(zip(names, rows.T, strict=True))
    columns["chars"] = np.log(columns["size"])
    return columns


def of_pieces(outline: Outline, headline: str | None) -> Columns:
    """What the words and the markup of each piece of an HTML page say by themselves."""
    pieces = outline.pieces
    columns = of_lines([piece.text for piece in pieces], headline)
    columns["linked"] = np.array([piece.linked for piece in pieces]) / columns["size"]
    columns["strong"] = np.array([piece.strong for piece in pieces]) / columns["size"]
    around = _around(outline.boxes)
    mine = np.array([around[piece.box] for piece in pieces], dtype=np.float64).T
    columns |= dict(zip(_AROUND_NAMES, mine, strict=True))
    flags = columns["flags"].astype(np.int64)
    columns |= {f"in {tags}": ((flags >> at) & 1).astype(np.float64) for at, tags in enumerate((*_AROUND, "marked"))}
    columns["heading"] = np.isin(columns["rank"], _HEADING_RANKS).astype(np.float64)
    return columns


def of_page(outline: Outline, columns: Columns) -> Columns:
    """All that is measured of the pieces of an HTML page: `columns` and what stands beside and around each piece."""
    running = running_text(columns)
    columns |= _places(columns, running)
    columns |= _beside(columns, (*_NEIGHBOURS, "kept"))
    columns |= _windows(columns, running)
    return columns | _holders(outline.boxes, columns, running)


def of_flat(texts: Sequence[str]) -> Columns:
    """All that is measured of the lines of a page whose markup was lost."""
    columns = of_lines(texts, None)
    running = running_text(columns)
    columns |= _places(columns, running)
    columns |= _beside(columns, ("chars", "sentence", "phrase", "capital", "commas"))
    columns |= _windows(columns, running)
    return columns


def running_text(columns: Columns) -> Column:
    """The characters of running text in each piece: none in a title, a menu, a list of links."""
    words = columns["words"]
    reads = ((columns["sentence"] > 0) & (words > 5)) | (words > 20)  # noqa: PLR2004 - a sentence, or longer than any title
    return np.where(reads, columns["size"] * (1 - np.minimum(1, columns.get("linked", 0.0))), 0.0)


def _of_text(text: str, title: frozenset[str]) -> tuple[float, ...]:
    size, words = len(text), lines.word_count(text)
    short = size <= _SHORT
    shared = len(title.intersection(text.lower().split())) / len(title) if short and title else 0.0
    return (
        size,
        words,
        lines.is_sentence(text),
        text.count(",") / words,
        text[0].isupper(),
        short and text.isupper(),
        lines.furniture(text) is not None,
        shared,
        sum(map(text.count, "0123456789")) / size if short else 0.0,
    )


def _around(boxes: list[Box]) -> list[tuple[float, ...]]:
    """Of each box: flags, the box that holds its paragraphs, rank, depth, and what the classes around it weigh."""
    found: list[tuple[float, ...]] = []
    nothing = (0, -1, _PLAIN, 0, 0.0, 0.0, 0.0, 0, 0.0, 0)
    articles = 0
    for at, box in enumerate(boxes):
        flags, holder, _, depth, near, low, high, reasons, _, article = (
            found[box.parent] if box.parent >= 0 else nothing
        )
        outer = near
        said = box.said
        if said.words:
            near = said.low + said.high
            low, high = min(low, said.low), max(high, said.high)
        if box.tag == "article" and not article:
            articles += 1
            article = articles
        flags = int(flags) | _FLAGS.get(box.tag, 0) | (_MARKED if "articleBody" in box.itemprop else 0)
        holder = holder if box.tag in _LEAVES and holder >= 0 else at
        rank, depth, reasons = _RANKS.get(box.tag, _PLAIN), depth + 1, reasons + (box.reason is not None)
        found.append((flags, holder, rank, depth, near, low, high, reasons, outer, article))
    return [*found, nothing]  # the last stands for "outside of any box", index -1


def _places(columns: Columns, running: Column) -> Columns:
    """Where a piece stands: on the page, in its running text, below the headline, between paragraphs."""
    count, total = len(running), max(1.0, running.sum())
    index = np.arange(count, dtype=np.float64)
    read = np.cumsum(running)
    titles = np.flatnonzero((columns.get("rank", index * 0) == 1) | (columns["title"] > _TITLE_SHARE))
    early = titles[titles <= np.searchsorted(read, total * 0.3)]
    first = titles[0] if len(titles) else None
    last = early[-1] if len(early) else first
    far = np.full(count, -_FAR)
    long = running > _LONG
    before = np.maximum.accumulate(np.where(long, index, -_FAR))
    after = np.minimum.accumulate(np.where(long, index, count + _FAR)[::-1])[::-1]
    return {
        "place": index / count,
        "read": (read - running) / total,
        "below_title": far if first is None else np.minimum(index - first, _FAR),
        "below_headline": far if last is None else np.minimum(index - last, _FAR),
        "pieces": np.full(count, math.log(count)),
        "running_page": np.full(count, math.log(total)),
        "since_paragraph": np.minimum(index - np.concatenate([[-_FAR], before[:-1]]), _FAR),
        "until_paragraph": np.minimum(np.concatenate([after[1:], [count + _FAR]]) - index, _FAR),
    }


def _beside(columns: Columns, names: tuple[str, ...]) -> Columns:
    """The same columns of the two pieces before and the two after; -1 beyond the page."""
    both = np.full(2, -1.0)
    found: Columns = {}
    for name in names:
        padded = np.concatenate([both, columns[name], both])
        count = len(columns[name])
        found |= {f"{name} {by - 2:+d}": padded[by : by + count] for by in (0, 1, 3, 4)}
    return found


def _windows(columns: Columns, running: Column) -> Columns:
    """How dense running text and links are among the pieces around each."""
    found: Columns = {}
    for reach in _WINDOWS:
        read, size = _sums(running, reach), np.maximum(1, _sums(columns["size"], reach))
        found[f"running ±{reach}"] = read / size
        found[f"mass ±{reach}"] = np.log1p(read)
        if "linked" in columns:
            found[f"linked ±{reach}"] = _sums(columns["linked"] * columns["size"], reach) / size
    return found


def _sums(column: Column, reach: int) -> Column:
    """Each piece's sum over the pieces up to `reach` away."""
    summed = np.concatenate([np.zeros(reach + 1), np.cumsum(column), np.full(reach, column.sum())])
    return np.asarray(summed[2 * reach + 1 :] - summed[: len(column)], dtype=np.float64)


def _holders(boxes: list[Box], columns: Columns, running: Column) -> Columns:
    """What stands together with a piece in its box, in the box around that, and in the next."""
    holder = columns["holder"].astype(np.int64)
    parents = [box.parent for box in boxes]
    size = columns["size"]
    told = np.stack([running, size, columns["linked"] * size, size * 0 + 1, columns["rank"] == _RANKS["p"]], axis=1)
    direct = np.zeros((len(boxes) + 1, told.shape[1]))
    np.add.at(direct, holder, told)
    sums = direct.tolist()
    for at in range(len(boxes) - 1, 0, -1):
        if sums[at][3] and parents[at] >= 0:
            sums[parents[at]] = [one + two for one, two in zip(sums[parents[at]], sums[at], strict=True)]
    within, total = np.array(sums), max(1.0, running.sum())
    above = np.array([*parents, -1])
    found: Columns = {"own_running": direct[holder, 0] / total, "own_paragraphs": direct[holder, 4]}
    for name in ("held", "held_outer", "held_outmost"):
        mass, chars, links, pieces, paragraphs = within[holder].T
        found[f"{name}_share"] = mass / total
        found[f"{name}_running"] = mass / np.maximum(1, chars)
        found[f"{name}_linked"] = links / np.maximum(1, chars)
        found[f"{name}_pieces"] = np.log1p(pieces)
        found[f"{name}_paragraphs"] = np.log1p(paragraphs)
        holder = above[holder]
    return found
