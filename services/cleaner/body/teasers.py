"""Which kept pieces are other pages' stories: each a title that leads there with a sentence or two of it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal

import numpy as np

from services.cleaner.body.outline import Piece
from services.cleaner.text import lines
from services.trees import Columns

Shape = Literal["title", "teaser", "text", "label"]

_ROW = 3  # teasers that follow each other: two links in a row begin paragraphs too
_PAIR = 2  # a title and its summary
_BETWEEN = 2  # short pieces in a teaser or between two: a day, a section's name, "More"
_ALL_LINK = 0.8
_WORDS_OF_TITLE = 3
_LONGEST_TITLE = 200  # characters
_WORDS_OF_LABEL = 8  # no more than these: a date, a section's name, a signature
_QUESTIONS = "?？؟;"  # of a title that opens its answer: a story's own list
_GOES_ON = frozenset(",:;，：")
_LONGEST = 400  # characters: what is longer is no summary
_FAR = 1_000  # pieces: no title is so far above its summary
_SAID = 0.7  # the score from which on a paragraph below a title is no summary
_STRAY = 20  # words on the far side of a row that are no story: a label, a horoscope
_STORY = 30  # words that are kept beside them: a page with fewer has nothing else


def rows_of_teasers(
    pieces: Sequence[Piece], kept: Sequence[bool], scores: Sequence[float], columns: Columns
) -> list[int]:
    """The kept pieces of teasers that stand in a row above the story or below it, with the label that announces them.

    Nothing where a page holds next to nothing else: its list is the story then.
    """
    shapes = _shapes(pieces, columns)
    rows = list(_rows(shapes))
    if not rows:
        return []
    inside = {at for row in rows for at in row}
    told = [at for at, keep in enumerate(kept) if keep and shapes[at] == "text" and at not in inside]
    words = {at: columns["words"][at] for at in told}
    total = sum(words.values())
    if total < _STORY:
        return []
    found: list[int] = []
    for row in rows:
        others = [at for at in range(_label(row[0], shapes), row[-1] + 1) if kept[at]]
        above = sum(words[at] for at in told if at < row[0])
        stray = min(above, total - above)
        if _lead_elsewhere(others, shapes, scores, stray):
            found += others
    return found


def _lead_elsewhere(row: list[int], shapes: Sequence[Shape], scores: Sequence[float], stray: float) -> bool:
    """Whether the kept pieces of a row are other stories': a list of the story's own has its titles kept too.

    `stray`: the words of the text on that side of the row which has fewer: the story stands on one.
    """
    if sum(shapes[at] == "teaser" for at in row) >= _ROW:
        return stray == 0
    summaries = [at for at in row if shapes[at] == "text"]
    if stray > _STRAY or any(shapes[at] == "title" for at in row):
        return False
    paired = len(summaries) >= _ROW and all(two - one == _PAIR for one, two in pairwise(summaries))
    return paired or sum(scores[at] for at in summaries) < _SAID * len(summaries)


def _shapes(pieces: Sequence[Piece], columns: Columns) -> list[Shape]:
    """What each piece is in a list: a title that leads elsewhere, a title with its summary, a text, a label."""
    words, size = columns["words"], columns["size"]
    linked = columns["linked"] > _ALL_LINK
    titles = linked & (words >= _WORDS_OF_TITLE) & (size < _LONGEST_TITLE)
    labels = (linked & ~titles) | (~linked & (words <= _WORDS_OF_LABEL) & (columns["sentence"] == 0))
    found: list[Shape] = np.where(titles, "title", np.where(labels, "label", "text")).tolist()
    for at, piece in enumerate(pieces):
        if found[at] == "title" and piece.text[-1] in _QUESTIONS:
            found[at] = "label"
        elif piece.led and found[at] == "text" and size[at] <= _LONGEST and _is_titled(piece):
            found[at] = "teaser"
    return found


def _is_titled(piece: Piece) -> bool:
    """Whether the link that a piece begins with is a title: the sentence of a story goes on behind its link."""
    text, behind = piece.text, piece.text[piece.linked :].lstrip()[:1]
    if text[0].isalpha() and (behind.islower() or behind in _GOES_ON):
        return False
    return lines.word_count(text[: piece.linked]) >= _WORDS_OF_TITLE


def _rows(shapes: Sequence[Shape]) -> Iterator[range]:
    """Runs of teasers: the pieces of each from its first title to its last summary."""
    begin, title, end, count = 0, -_FAR, 0, 0
    for at, shape in enumerate(shapes):
        if shape == "title":
            title = at
        elif shape == "teaser" or (shape == "text" and at - title <= _BETWEEN + 1):
            begin = begin if count else min(at, title) if at - title <= _BETWEEN + 1 else at
            end, count, title = at + 1, count + 1, -_FAR
        elif shape == "text":
            if count >= _ROW:
                yield range(begin, end)
            count, title = 0, -_FAR
    if count >= _ROW:
        yield range(begin, end)


def _label(first: int, shapes: Sequence[Shape]) -> int:
    """Where the row begins with the labels right above it."""
    while first and shapes[first - 1] == "label":
        first -= 1
    return first
