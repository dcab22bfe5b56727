"""Which kept pieces are readers' comments that no label and no name of a box announces: by who said them, and when."""

import re
from bisect import bisect_left
from collections import Counter

import numpy as np

from services import dates
from services.cleaner.body.outline import Outline
from services.cleaner.body.surroundings import Reasons
from services.trees import Columns

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PAGE = frozenset({"html", "body", "main"})
_LONGEST = 120  # characters of a subject, a name and a day
_WORDS = 6  # of a name, a day and "Posted by"
_BEGIN = 3  # pieces of a box: a name, a day, a subject
_UP = 6  # boxes up from these to the one that holds what was said too
_STORY = 100  # characters above the comments
_SPAN = 366  # days between the first and the last: laws, films and births are further apart
_FIGURE = re.compile(r"\d")
_HOUR = re.compile(r"\d{1,2}[:.]\d{2}\b")
_AGO = re.compile(
    r"\d+\s*\w+\s+(?:ago|fa|temu|önce|назад|geleden|sedan|siden|sitten|पहले|lalu)\b"
    r"|\b(?:vor|hace|il y a|há|pred|před|prije|قبل|منذ)\s+\d|\d+\s*(?:分钟|小时|天|日|時間|分|시간|분|일)\s?[前전]",
    re.IGNORECASE,
)


def unannounced(outline: Outline, reasons: Reasons, columns: Columns) -> list[int]:
    """The kept pieces of boxes alike below a story, each of which begins with another name and a day.

    Entries of a live blog begin with an hour, a heading or one of few names. What stands among the story's paragraphs
    or above most of them is the story's: letters, matches, victims.
    """
    kept = np.array([reason is None for reason in reasons])
    told = kept & (columns["sentence"] > 0)
    figures = (columns["digits"] > 0) & (columns["size"] <= _LONGEST) & (columns["sentence"] == 0)
    near = np.append(told, [False, False])
    near[:-2] |= near[1:-1] | near[2:]
    begun, said = np.logical_or.accumulate(kept), np.flatnonzero(told).tolist()
    rows: dict[tuple[int, str, tuple[str, ...]], dict[int, int]] = {}
    posted = np.flatnonzero(figures[:-1] & begun[:-1] & near[1:-2]).tolist()
    for at in posted if len(posted) > 1 else ():
        below = said[bisect_left(said, at)]
        if _undated(outline.pieces[at].text) and (box := _around(outline, at, below)) >= 0:
            made = outline.boxes[box]
            rows.setdefault((made.parent, made.tag, made.said.words), {}).setdefault(box, below)
    many = [row for row in rows.values() if len(row) > 1]
    story = _story(outline, said, many) if many else range(0)
    found = (held for row in many if min(row) not in story for held in _of_many(outline, reasons, row))
    return [at for at in found if reasons[at] is None]


def _story(outline: Outline, said: list[int], rows: list[dict[int, int]]) -> range:
    """The boxes in the one that holds most of what is said outside rows, side by side or loose.

    Of a box of loose text and one around it with no more of a story it is the inner, of a paragraph the outer.
    """
    among = {at for row in rows for at in row.values()}
    held: Counter[int] = Counter()
    for at in said:
        piece = outline.pieces[at]
        if at not in among and piece.box >= 0:
            own, around = piece.box, outline.boxes[piece.box].parent
            for box in (around, own) if outline.boxes[own].tag == "p" else (own, around):
                held[box] += len(piece.text)
    story = max(held, key=held.__getitem__, default=-1)
    return range(story + 1, outline.ends[story]) if story >= 0 else range(0)


def _of_many(outline: Outline, reasons: Reasons, row: dict[int, int]) -> list[int]:
    """The pieces of a row of boxes, if each begins with another name and most of a story stands above; none else.

    `row`: for each box the piece that is said in it.
    """
    inside = [_inside(outline, box, said) for box, said in row.items()]
    posters = [_poster(outline, held, said) for held, said in zip(inside, row.values(), strict=True)]
    if not all(posters) or len({*posters}) < len(posters) or _apart(outline, inside):
        return []
    above, below = (
        sum(len(outline.pieces[at].text) for at in beside if reasons[at] is None)
        for beside in (range(inside[0].start), range(inside[-1].stop, len(reasons)))
    )
    if above < max(_STORY, 2 * below):
        return []
    return [at for held in inside for at in held]


def _apart(outline: Outline, inside: list[range]) -> bool:
    """Whether the days that boxes begin with are of different years."""
    printed = (dates.parse_printed(outline.pieces[at].text) for held in inside for at in held[:_BEGIN])
    days = [day.day for day in printed if day is not None]
    return bool(days) and (max(days) - min(days)).days > _SPAN


def _inside(outline: Outline, box: int, at: int) -> range:
    """The pieces of a box, one of which is known."""
    pieces, last = outline.pieces, outline.ends[box]
    begin, end = at, at + 1
    while begin and box <= pieces[begin - 1].box < last:
        begin -= 1
    while end < len(pieces) and box <= pieces[end].box < last:
        end += 1
    return range(begin, end)


def _undated(text: str) -> str:
    """A short line without its day; empty where it holds none, no hour with other figures, no time ago, or two days.

    Dates of birth and death stand in a notice, a title and an hour in a list of what is on.
    """
    if sum(word[0].isalpha() for word in text.split()) > _WORDS:
        return ""
    if (day := dates.parse_printed(text)) is not None:
        rest = f"{text[: day.start]} {text[day.end :]}"
        return "" if dates.parse_printed(rest) else rest
    hour = _HOUR.search(text)
    dated = hour and _FIGURE.search(text[: hour.start()] + text[hour.end() :])
    return text if dated or _AGO.search(text) is not None else ""


def _around(outline: Outline, at: int, below: int) -> int:
    """The box that holds a line, what is said below it and nothing else; -1 where that is the page."""
    for box in outline.lineage(outline.pieces[at].box, most=_UP):
        if outline.boxes[box].tag in _PAGE:
            break
        if box <= outline.pieces[below].box < outline.ends[box]:
            return _with_lone(outline, box)
    return -1


def _with_lone(outline: Outline, box: int) -> int:
    """The outermost box that holds a box and nothing else."""
    while box and outline.boxes[box].parent == box - 1 and outline.ends[box - 1] == outline.ends[box]:
        box -= 1
    return box


def _poster(outline: Outline, inside: range, said: int) -> str:
    """The letters that a box begins with above what is said in it, without the day; empty where it has a heading."""
    texts = [outline.pieces[at].text for at in range(inside.start, said)]
    headed = any(outline.boxes[outline.pieces[at].box].tag in _HEADINGS for at in inside)
    if headed or not texts[0][0].isalpha() or sum(map(len, texts)) > _LONGEST:
        return ""
    return "".join(filter(str.isalpha, "".join(_undated(text) or text for text in texts)))
