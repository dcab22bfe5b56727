"""What is measured of each piece of a page, for the model that tells the article from furniture.

Every column is a number a piece; columns are named, so that the model's file says what it looks at.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.cleaner.body.outline import Box, Outline
from services.cleaner.text import lines
from services.contracts import RemovedReason
from services.trees import Column, Columns

CELL = 2  # the rank of a table's cell
# What holds a paragraph, by how often that is a story's.
_RANKS = {
    "p": 9, "blockquote": 8, "pre": 8, "h2": 7, "h3": 7, "h4": 6, "h5": 5, "h6": 5, "li": 4, "dd": 4, "dt": 4,
    "div": 3, "section": 3, "article": 3, "main": 3, "td": CELL, "th": CELL, "h1": 1, "figcaption": 0, "caption": 0,
}  # fmt: skip
_PLAIN = 3  # the rank of any other element
_LEAVES = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "dd", "dt", "pre"})
_AROUND = ("main", "nav footer", "form", "table", "figure", "blockquote", "ul", "ol")
_FLAGS = {tag: 1 << at for at, tags in enumerate(_AROUND) for tag in tags.split()}
_MARKED = 1 << len(_AROUND)  # inside itemprop="articleBody"
# Of each tag: its flag, whether it is a paragraph or the like, its rank.
_FACTS = {
    tag: (_FLAGS.get(tag, 0), tag in _LEAVES, _RANKS.get(tag, _PLAIN))
    for tag in _FLAGS.keys() | _RANKS.keys() | _LEAVES
}
_NO_FACTS = (0, False, _PLAIN)
_TITLE_SHARE = 0.7  # of the headline's words, from which on a short line is the headline again
_COMMAS = ",،，、"
_STOPS = ".!?。！？।؟"
_ENDS = dict.fromkeys("!?！？؟", 2) | dict.fromkeys(".。।", 3)  # of a line; 1 is any other mark, 0 a letter or digit
_SHORT = 200  # characters: longer is no title, no label
_LONG = 100  # characters of running text that make a paragraph
_FAR = 60.0  # pieces: further away is just far
_AROUND_NAMES = (
    "flags", "holder", "rank", "depth", "class", "class_low", "class_high", "reasons", "class_outer", "article",
)  # fmt: skip
_Around = tuple[int, int, int, int, float, float, float, int, float, int]
_HEADING_RANKS = [7, 6, 5, 1]
_NEIGHBOURS = ("chars", "class", "rank", "class_low", "class_high", "main", "kept")
_FLAT_NEIGHBOURS = ("chars", "sentence", "phrase", "capital", "commas", "digits", "titled", "stops", "last")
_WINDOWS = (3, 8, 20)
_NEAR = 12  # lines: a story comes back to what it tells within so many
_ANNOUNCED: dict[str, tuple[RemovedReason, ...]] = {
    "comments": ("comments",),
    "stories": ("related", "teaser"),
    "sharing": ("share", "author_box"),
}


def of_lines(texts: Sequence[str], headline: str | None) -> Columns:
    """What the words of each line say, and where it stands among the others."""
    said = lines.pairs if 2 * len(lines.UNSPACED.findall(headline or "")) > len(headline or "") else _words
    title = frozenset(said(" ".join(re.findall(r"\w{3,}", headline or ""))))
    foreign = "".join([text for text in texts if not text.isascii()])
    unspaced = lines.UNSPACED.search(foreign)
    size = _column(map(lines.breadth if lines.is_dense(foreign) else len, texts))
    words = _column(map(lines.word_count, texts) if unspaced else [text.count(" ") + 1 for text in texts])
    seen = Counter(texts)
    first: dict[str, int] = {}
    return {
        "size": size,
        "words": words,
        "sentence": _column(map(lines.is_sentence, texts)),
        "commas": _column(map(_commas, texts) if foreign else [text.count(",") for text in texts]) / words,
        "capital": _column([text[0].isalpha() and not text[0].islower() for text in texts]),
        "phrase": _column([lines.furniture(text) is not None for text in texts]),
        "title": _column([_shared(text, title, said) for text in texts]) if title else size * 0,
        "digits": _column(map(_digits, texts)) / size,
        "seen": np.minimum(_column(map(seen.__getitem__, texts)), 4),
        "first": _column(map(first.setdefault, texts, range(len(texts)))),
        "chars": np.log(size),
    }


def _column(values: Iterable[float]) -> Column:
    return np.fromiter(values, dtype=np.float64)


def _commas(text: str) -> int:
    """The commas of a line, also those of Arabic, Chinese and Japanese."""
    return text.count(",") if text.isascii() else sum(map(text.count, _COMMAS))


def _digits(text: str) -> int:
    """How many digits a short line has."""
    if len(text) > _SHORT:
        return 0
    written = text.encode("utf-8", "replace")
    return len(written) - len(written.translate(None, b"0123456789"))


def _words(text: str) -> list[str]:
    return text.lower().split()


def _shared(text: str, title: frozenset[str], said: Callable[[str], Iterable[str]]) -> float:
    """The share of the headline's words (or pairs of letters) that a short line has."""
    if len(text) > _SHORT:
        return 0.0
    return len(title.intersection(said(text))) / len(title)


def of_pieces(outline: Outline, headline: str | None) -> Columns:
    """What the words and the markup of each piece of an HTML page say by themselves."""
    pieces = outline.pieces
    columns = of_lines([piece.text for piece in pieces], headline)
    letters = _column([len(piece.text) for piece in pieces])
    columns["linked"] = _column([piece.linked for piece in pieces]) / letters
    columns["strong"] = _column([piece.strong for piece in pieces]) / letters
    around = _around(outline.boxes)
    mine = _column(chain.from_iterable([around[piece.box + 1] for piece in pieces])).reshape(len(pieces), -1).T
    columns |= dict(zip(_AROUND_NAMES, mine, strict=True))
    inside = columns["flags"].astype(np.int64) >> np.arange(len(_AROUND) + 1)[:, None] & 1
    columns |= zip((f"in {tags}" for tags in (*_AROUND, "marked")), inside.astype(np.float64), strict=True)
    columns["heading"] = np.isin(columns["rank"], _HEADING_RANKS).astype(np.float64)
    return columns


def of_page(outline: Outline, columns: Columns) -> Columns:
    """All that is measured of the pieces of an HTML page: `columns` and what stands beside and around each piece."""
    running = running_text(columns)
    columns |= _places(columns, running)
    columns |= _beside(columns, _NEIGHBOURS)
    columns |= _windows(columns, running)
    columns |= _alike(outline, columns, running)
    return columns | _holders(outline, columns, running)


def of_flat(texts: Sequence[str]) -> Columns:
    """All that is measured of the lines of a page whose markup was lost."""
    columns = of_lines(texts, None)
    running = running_text(columns)
    columns |= _written(texts, columns["words"])
    columns |= _places(columns, running)
    columns |= _to_paragraphs(running)
    columns |= _beside(columns, _FLAT_NEIGHBOURS)
    columns |= _windows(columns, running)
    columns |= {f"titled ±{reach}": _mean_near(columns["titled"], columns["size"], reach) for reach in _WINDOWS[:2]}
    columns |= _announced([lines.furniture(text) for text in texts])
    columns |= _returning(texts)
    returning = columns["again_before"] + columns["again_after"]
    columns |= {f"again ±{reach}": _mean_near(returning, np.ones(len(texts)), reach) for reach in _WINDOWS[:2]}
    return columns


def _written(texts: Sequence[str], words: Column) -> Columns:
    """How each line is written: as a title or a list of them ("The Latest News"), as sentences, as neither.

    `titled`: the share of its words that begin with a capital; `stops`: ends of sentences a word; `last`: how it ends.
    """
    return {
        "titled": _column(map(_titled, texts)),
        "stops": _column([sum(map(text.count, _STOPS)) for text in texts]) / words,
        "last": _column([0 if text[-1].isalnum() else _ENDS.get(text[-1], 1) for text in texts]),
    }


def _titled(text: str) -> float:
    begins = [word[0] for word in text.split() if word[0].isalpha()]
    return sum(map(str.isupper, begins)) / max(1, len(begins))


def _mean_near(column: Column, weights: Column, reach: int) -> Column:
    """The mean of a column, weighted, over the lines up to `reach` away."""
    return _near(_cumulated(column * weights), reach) / np.maximum(1, _near(_cumulated(weights), reach))


def _announced(reasons: Sequence[RemovedReason | None]) -> Columns:
    """How far above and below each line a line of furniture stands, by what it announces: comments, other stories."""
    found: Columns = {}
    for name, wanted in _ANNOUNCED.items():
        at = np.flatnonzero([reason in wanted for reason in reasons]).astype(np.float64)
        index = np.arange(len(reasons), dtype=np.float64)
        known = np.concatenate([[-np.inf], at, [np.inf]])
        found[f"since_{name}"] = np.minimum(index - known[np.searchsorted(at, index)], _FAR)
        found[f"until_{name}"] = np.minimum(known[np.searchsorted(at, index, side="right") + 1] - index, _FAR)
    return found


def _returning(texts: Sequence[str]) -> Columns:
    """The share of each line's words that other lines not far above, not far below, or anywhere else have too."""
    stems = [lines.stems(text) for text in texts]
    places: dict[str, list[int]] = {}
    for at, found in enumerate(stems):
        for stem in found:
            places.setdefault(stem, []).append(at)
    before, after, far = (np.zeros(len(texts)) for _ in range(3))
    for known in places.values():
        for one, two in pairwise(known):
            if texts[one] == texts[two]:
                continue
            near = two - one <= _NEAR
            after[one] += near
            before[two] += near
            far[one] += 1
    count = np.maximum(1, [len(found) for found in stems])
    return {"again_before": before / count, "again_after": after / count, "again": far / count}


def running_text(columns: Columns) -> Column:
    """The characters of running text in each piece: none in a title, a menu, a list of links."""
    words = columns["words"]
    reads = ((columns["sentence"] > 0) & (words > 5)) | (words > 20)  # noqa: PLR2004 - a sentence, or longer than any title
    return np.where(reads, columns["size"] * (1 - np.minimum(1, columns.get("linked", 0.0))), 0.0)


def _around(boxes: list[Box]) -> list[_Around]:
    """Of each box, from index 1: flags, the box that holds its paragraphs, rank, depth, what classes around weigh."""
    nothing: _Around = (0, -1, _PLAIN, 0, 0.0, 0.0, 0.0, 0, 0.0, 0)
    found = [nothing]  # what stands outside of any box, index -1
    articles = 0
    for at, box in enumerate(boxes):
        tag, said = box.tag, box.said
        flags, holder, _, depth, outer, low, high, reasons, _, article = found[box.parent + 1]
        flag, leaf, rank = _FACTS.get(tag, _NO_FACTS)
        near = outer
        if said.words:
            near = said.low + said.high
            if said.low < low or said.high > high:
                low, high = min(low, said.low), max(high, said.high)
        if tag == "article" and not article:
            articles += 1
            article = articles
        if flag:
            flags |= flag
        if box.itemprop and "articleBody" in box.itemprop:
            flags |= _MARKED
        if holder < 0 or not leaf:
            holder = at
        if box.reason is not None:
            reasons += 1
        found.append((flags, holder, rank, depth + 1, near, low, high, reasons, outer, article))
    return found


def _places(columns: Columns, running: Column) -> Columns:
    """Where a piece stands: on the page, in its running text, below the headline."""
    count, total = len(running), max(1.0, running.sum())
    index = np.arange(count, dtype=np.float64)
    read = np.cumsum(running)
    titles = np.flatnonzero((columns.get("rank", index * 0) == 1) | (columns["title"] > _TITLE_SHARE))
    early = titles[titles <= np.searchsorted(read, total * 0.3)]
    first = titles[0] if len(titles) else None
    last = early[-1] if len(early) else first
    far = np.full(count, -_FAR)
    return {
        "place": index / count,
        "read": (read - running) / total,
        "below_title": far if first is None else np.minimum(index - first, _FAR),
        "below_headline": far if last is None else np.minimum(index - last, _FAR),
    }


def _to_paragraphs(running: Column) -> Columns:
    """How far above and below each line the next paragraph stands."""
    count = len(running)
    index = np.arange(count, dtype=np.float64)
    long = running > _LONG
    before = np.maximum.accumulate(np.where(long, index, -_FAR))
    after = np.minimum.accumulate(np.where(long, index, count + _FAR)[::-1])[::-1]
    return {
        "since_paragraph": np.minimum(index - np.concatenate([[-_FAR], before[:-1]]), _FAR),
        "until_paragraph": np.minimum(np.concatenate([after[1:], [count + _FAR]]) - index, _FAR),
    }


def _beside(columns: Columns, names: tuple[str, ...]) -> Columns:
    """The same columns of the two pieces before and the two after; -1 beyond the page."""
    count = len(columns[names[0]])
    padded = np.full((len(names), count + 4), -1.0)
    padded[:, 2:-2] = [columns[name] for name in names]
    return {f"{name} {by - 2:+d}": padded[at, by : by + count] for at, name in enumerate(names) for by in (0, 1, 3, 4)}


def _windows(columns: Columns, running: Column) -> Columns:
    """How dense running text and links are among the pieces around each."""
    summed = {"running": _cumulated(running), "size": _cumulated(columns["size"])}
    if "linked" in columns:
        summed["linked"] = _cumulated(columns["linked"] * columns["size"])
    found: Columns = {}
    for reach in _WINDOWS:
        near = {name: _near(column, reach) for name, column in summed.items()}
        size = np.maximum(1, near["size"])
        found[f"running ±{reach}"] = near["running"] / size
        found[f"mass ±{reach}"] = np.log1p(near["running"])
        if "linked" in near:
            found[f"linked ±{reach}"] = near["linked"] / size
    return found


def _cumulated(column: Column) -> Column:
    """The sums of a column up to each piece, with room for the longest reach on both sides."""
    most = _WINDOWS[-1]
    return np.concatenate([np.zeros(most + 1), np.cumsum(column), np.full(most, column.sum())])


def _near(cumulated: Column, reach: int) -> Column:
    """Each piece's sum over the pieces up to `reach` away."""
    most = _WINDOWS[-1]
    count = len(cumulated) - 2 * most - 1
    after, before = most + 1 + reach, most - reach
    return np.asarray(cumulated[after : after + count] - cumulated[before : before + count], dtype=np.float64)


def _holders(outline: Outline, columns: Columns, running: Column) -> Columns:
    """What stands together with a piece in its box, in the box around that, and in the next."""
    holder = columns["holder"].astype(np.int64)
    size = columns["size"]
    told = (running, size, columns["linked"] * size, None, columns["rank"] == _RANKS["p"])
    outside = len(outline.boxes)  # the row of what stands in no box
    places = np.where(holder < 0, outside, holder)
    direct = np.stack([np.bincount(places, weights, outside + 1) for weights in told])
    within = np.concatenate([_within(direct[:, :-1], outline.ends), direct[:, -1:]], axis=1)
    total = max(1.0, running.sum())
    above = np.array([*[box.parent for box in outline.boxes], -1])
    outer = above[holder]
    mass, chars, links, pieces, paragraphs = within[:, np.stack([holder, outer, above[outer]])]
    chars = np.maximum(1, chars)
    shares = {"share": mass / total, "running": mass / chars, "linked": links / chars}
    shares |= {"pieces": np.log1p(pieces), "paragraphs": np.log1p(paragraphs)}
    found: Columns = {"own_running": direct[0, holder] / total, "own_paragraphs": direct[4, holder]}
    for at, name in enumerate(("held", "held_outer", "held_outmost")):
        found |= {f"{name}_{what}": column[at] for what, column in shares.items()}
    return found


def _alike(outline: Outline, columns: Columns, running: Column) -> Columns:
    """What all pieces together are whose boxes are made alike: a story's paragraphs, or teasers of one shape.

    `alike_rank`: 0 for the make that holds most running text of the page; `alike_spread`: 1 for pieces in one run.
    """
    makes: dict[object, int] = {}
    known = {at: makes.setdefault(_make(outline.boxes, at), len(makes)) for at in {p.box for p in outline.pieces}}
    make = np.array([known[piece.box] for piece in outline.pieces])
    size = columns["size"]
    count, read, chars, links = (np.bincount(make, each) for each in (None, running, size, columns["linked"] * size))
    at = np.arange(len(make))
    first, last = np.full(len(makes), len(make)), np.zeros(len(makes), dtype=np.int64)
    np.minimum.at(first, make, at)
    np.maximum.at(last, make, at)
    rank = np.argsort(np.argsort(-read, kind="stable"))
    found = {
        "alike_share": read / max(1.0, running.sum()),
        "alike_pieces": np.log1p(count),
        "alike_linked": links / chars,
        "alike_chars": np.log(chars / count),
        "alike_running": read / chars,
        "alike_rank": np.minimum(rank, 10.0),
        "alike_spread": (last - first + 1) / count,
    }
    return {name: column[make] for name, column in found.items()}


def _make(boxes: list[Box], at: int) -> tuple[object, ...]:
    """Tag and class words of a box and of the one around it."""
    if at < 0:
        return ()
    box = boxes[at]
    outer = boxes[box.parent] if box.parent >= 0 else None
    return (box.tag, box.said.words, outer.tag, outer.said.words) if outer else (box.tag, box.said.words)


def masses(outline: Outline, weights: Sequence[float]) -> list[float]:
    """Each box's sum of its pieces' weights."""
    places = [piece.box for piece in outline.pieces]
    direct = np.bincount(np.array(places) + 1, weights, len(outline.boxes) + 1)[1:]
    found: list[float] = _within(direct, outline.ends).tolist()
    return found


def _within(direct: NDArray[Any], ends: list[int]) -> Column:
    """What boxes hold with all boxes inside them, from what they hold directly: a box's insides follow it."""
    summed = np.cumsum(direct, axis=-1)
    summed = np.concatenate([np.zeros_like(summed[..., :1]), summed], axis=-1)
    return np.asarray(summed[..., ends] - summed[..., :-1], dtype=np.float64)
