"""What the boxes around a piece say against it: another story's head, a picture alone, a heading of their own."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from services import dates
from services.cleaner.body.outline import HEADINGS, PAGE, Outline, Piece
from services.cleaner.text import lines
from services.contracts import RemovedReason
from services.trees import Column, Columns

Reasons = Sequence[RemovedReason | None]

_ALIKE = 0.5  # of the words of class and id of two boxes: numbers and subjects differ from story to story
_LONGEST_DAY = 60
_WHOLE = 0.99  # of the headline's words: the headline itself
_HEAD = 6  # pieces from a story's headline on in which its day or its author stands
_UP = 2  # boxes up from a picture or a caption to the one that holds both
SURE = 0.9  # from here on a piece is the story for certain
_SIGNED: frozenset[RemovedReason | None] = frozenset({"byline", "dateline"})


def other_stories(outline: Outline, ruled: Reasons, columns: Columns) -> list[int]:
    """The pieces of stories that follow the page's own: boxes made like the one that holds it, each with its own head.

    A head is a headline made like the page's, with a day or a byline below it. Entries of a live blog and items of a
    list have their headings too, but the page's headline stands above them all.
    """
    shared = columns["title"].tolist()
    at = next((at for at, reason in enumerate(ruled) if reason == "headline" and shared[at] > _WHOLE), None)
    if at is None:
        return []
    reached = _reached(outline)
    for own in outline.lineage(outline.pieces[at].box):
        if outline.boxes[own].tag in PAGE:
            break
        alike = [_inside(outline, reached, box) for box in _made_alike(outline, own)]
        headed = [inside for inside in alike if _is_headed(outline, ruled, inside, like=outline.pieces[at].box)]
        if headed:
            return [other for inside in headed for other in inside]
    return []


def _reached(outline: Outline) -> list[int]:
    """For each piece the last box that was opened before it ended."""
    return list(accumulate((piece.box for piece in outline.pieces), max))


def _inside(outline: Outline, reached: list[int], box: int) -> range:
    """The pieces that a box holds."""
    pieces, last = outline.pieces, outline.ends[box]
    begin = end = bisect_left(reached, box)
    while end < len(pieces) and box <= pieces[end].box < last:
        end += 1
    return range(begin, end)


def _beside(outline: Outline, begin: int, last: int) -> Iterator[int]:
    """The boxes from one on that stand side by side, up to where the box around them ends."""
    while begin < last:
        yield begin
        begin = outline.ends[begin]


def _made_alike(outline: Outline, own: int) -> Iterator[int]:
    """The boxes behind one that stand in the same box and have its tag and most of its names."""
    boxes, ends = outline.boxes, outline.ends
    parent = boxes[own].parent
    behind = _beside(outline, ends[own], ends[parent] if parent >= 0 else len(boxes))
    mine = {word for word in boxes[own].said.words if word.isalpha()}
    for at in behind:
        its = {word for word in boxes[at].said.words if word.isalpha()}
        if boxes[at].tag == boxes[own].tag and len(mine & its) >= _ALIKE * len(mine | its):
            yield at


def _is_headed(outline: Outline, ruled: Reasons, inside: range, *, like: int) -> bool:
    """Whether pieces begin with a headline made like another, signed or dated below."""
    model = outline.boxes[like]
    for at in inside[:_HEAD]:
        box = outline.boxes[outline.pieces[at].box]
        same_words = box.said.words == model.said.words
        if box.tag in HEADINGS and same_words and (model.said.words or box.tag == model.tag):
            below = range(at + 1, min(at + _HEAD, inside.stop))
            return any(ruled[other] in _SIGNED or _is_dated(outline.pieces[other].text) for other in below)
    return False


def _is_dated(text: str) -> bool:
    """Whether a line is little more than a date ("12 October 2026 - Politics")."""
    return len(text) <= _LONGEST_DAY and dates.parse_printed(text) is not None


_DOUBTED: frozenset[RemovedReason | None] = frozenset({None, "boilerplate"})  # by the rules: the model left it out


@dataclass(frozen=True, slots=True)
class Judged:
    """What is known of each piece: why it is left out, whether nothing but the model is against it, or all for it."""

    reasons: Reasons
    doubted: list[bool]
    sure: list[bool]


def judged(reasons: Reasons, ruled: Reasons, scores: Column, titled: Column) -> Judged:
    """What is known where the rules give `ruled`; a heading with other words than the headline's heads a part."""
    parts = titled < _WHOLE
    doubted = [why in _DOUBTED or (why == "headline" and part) for why, part in zip(ruled, parts.tolist(), strict=True)]
    return Judged(reasons, doubted, (scores > SURE).tolist())


def parts(outline: Outline, known: Judged) -> list[int]:
    """The pieces left out that are as much the story's as what they stand beside.

    Headings of sure pieces, a last sentence that ends the box of the paragraphs before it, made as they are, and a last
    line made as those that end the story's other parts: whose letter it is.
    """
    kept = [at for at, reason in enumerate(known.reasons) if reason is None]
    if not kept:
        return []
    headings = [at for at in range(kept[-1]) if known.doubted[at] and _heads(outline, known, at)]
    inside = [at for at in headings if at > kept[0]]
    makes = {_make(outline, at) for at in (*kept, *inside) if outline.pieces[at].box >= 0}
    first = [at for at in headings if at < kept[0] and _make(outline, at) in makes]
    last = kept[-1] + 1
    doubted = last < len(known.reasons) and known.doubted[last]
    ended = doubted and (_ends(outline, last) or _ends_as_others(outline, known, last))
    return [*first, *inside, *([last] if ended else ())]


def _make(outline: Outline, at: int) -> tuple[str, tuple[str, ...]]:
    box = outline.boxes[outline.pieces[at].box]
    return box.tag, box.said.words


def _heads(outline: Outline, known: Judged, at: int) -> bool:
    """Whether a piece is a heading, left out, of a sure piece; its author or day may stand between."""
    piece, boxes = outline.pieces[at], outline.boxes
    if known.reasons[at] is None or piece.box < 0 or boxes[piece.box].tag not in HEADINGS:
        return False
    if 2 * piece.linked > len(piece.text) or lines.furniture(piece.text):
        return False
    below = next((other for other in range(at + 1, len(known.reasons)) if known.reasons[other] not in _SIGNED), at)
    return known.sure[below] and known.reasons[below] is None


def _ends(outline: Outline, last: int) -> bool:
    """Whether a piece is a plain sentence, made as the one before it, and the last of their box."""
    boxes, (before, piece) = outline.boxes, outline.pieces[last - 1 : last + 1]
    if (
        min(before.box, piece.box) < 0
        or boxes[piece.box].tag != "p"
        or _make(outline, last) != _make(outline, last - 1)
    ):
        return False
    story = boxes[piece.box].parent
    behind = outline.pieces[last + 1 : last + 2]
    if boxes[before.box].parent != story or any(story <= other.box < outline.ends[story] for other in behind):
        return False
    return not piece.linked and not piece.strong and lines.is_sentence(piece.text) and not lines.furniture(piece.text)


def _ends_as_others(outline: Outline, known: Judged, last: int) -> bool:
    """Whether a line that is no sentence stands by the story's last piece, made as lines of it and nothing else."""
    pieces, boxes = outline.pieces, outline.boxes
    before, piece = pieces[last - 1 : last + 1]
    if min(before.box, piece.box) < 0 or boxes[piece.box].parent != boxes[before.box].parent or piece.linked:
        return False
    made, around = _make(outline, last), boxes[boxes[piece.box].parent].said.words
    if lines.is_sentence(piece.text) or boxes[piece.box].tag in HEADINGS or lines.furniture(piece.text):
        return False
    alike = [
        at
        for at, other in enumerate(pieces)
        if at != last and _make(outline, at) == made and boxes[boxes[other.box].parent].said.words == around
    ]
    if any(known.reasons[at] is not None for at in alike):
        return False
    return sum(not lines.is_sentence(pieces[at].text) for at in alike) >= _SHORT_LINES


_SHORT_LINES = 2
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def appeals(outline: Outline, reasons: Reasons) -> list[int]:
    """The kept pieces that tell readers to follow the paper somewhere, are an address, or a link in brackets.

    A sentence without a link tells of somebody else: "Follow the money, the prosecutor wrote on Facebook."
    """
    kept = ((at, outline.pieces[at]) for at, reason in enumerate(reasons) if reason is None)
    return [at for at, piece in kept if _asks(piece) or _points(piece)]


def _asks(piece: Piece) -> bool:
    return lines.appeals(piece.text) and (piece.linked > 0 or not lines.is_sentence(piece.text))


def _points(piece: Piece) -> bool:
    text = piece.text
    if " " not in text:
        return "@" in text and _ADDRESS.fullmatch(text) is not None
    return text[0] == "[" and text[-1] == "]" and piece.link_density > _ALIKE


_LONGEST_CAPTION = 250  # characters
_TEXT = PAGE | HEADINGS | {"li", "td", "th", "dd", "blockquote", "article"}


def captions(outline: Outline, reasons: Reasons) -> list[int]:
    """The kept pieces that stand alone with a picture in a box of their own, unless most of the story stands so."""
    if not outline.pictures:
        return []
    kept = {at: len(outline.pieces[at].text) for at, reason in enumerate(reasons) if reason is None}
    pictured = {at for picture in outline.pictures for at in outline.lineage(picture.box, most=_UP)}
    found = [at for at, size in kept.items() if size <= _LONGEST_CAPTION and _is_caption(outline, at, pictured)]
    if not found:
        return []
    return found if 2 * sum(map(kept.__getitem__, found)) < sum(kept.values()) else []


def _is_caption(outline: Outline, at: int, pictured: set[int]) -> bool:
    for box in outline.lineage(outline.pieces[at].box, most=_UP):
        tag = outline.boxes[box].tag
        if tag in _TEXT or (tag == "p" and box in pictured):
            return False
        if box in pictured:
            others = outline.pieces[max(0, at - 1) : at] + outline.pieces[at + 1 : at + 2]
            return not any(box <= other.box < outline.ends[box] for other in others)
    return False


def headings(outline: Outline, reasons: Reasons) -> list[int]:
    """The kept headings of boxes in which all that follows them is left out, a sentence among it."""
    return [at for at, reason in enumerate(reasons) if reason is None and _heads_nothing(outline, reasons, at)]


def _heads_nothing(outline: Outline, reasons: Reasons, at: int) -> bool:
    pieces, boxes, own = outline.pieces, outline.boxes, outline.pieces[at].box
    box = boxes[own].parent if own >= 0 and boxes[own].tag in HEADINGS else -1
    if box < 0 or boxes[box].tag in PAGE:
        return False
    told = False
    for other in range(at + 1, len(pieces)):
        if not box <= pieces[other].box < outline.ends[box]:
            break
        if reasons[other] is None:
            return False
        told = told or lines.is_sentence(pieces[other].text)
    return told


_LONGEST_FACTS = 700  # characters
_DIRECT = 0.85  # of the letters outside such boxes: paragraphs that stand side by side
_MOST_FACTS = 2  # boxes of facts; a story with more is made of such boxes
_SIDE = frozenset({"div", "aside"})  # a section is a part of the story
_QUESTIONS = "?？؟"  # two boxes that each ask are answered by the story
_CELLS = frozenset({"td", "th"})  # the head of a table is no heading
_LONGEST_LABEL = 60
_TOLD = 0.98  # a sentence of this score in a box of its own is the story's


def facts(outline: Outline, reasons: Reasons, scores: Column) -> list[int]:
    """The kept pieces of small boxes that have a heading of their own, among the paragraphs of a story outside them.

    What stands below the last of these is a part with a heading as often as a box, and so is what all reads as told.
    """
    pieces, boxes = outline.pieces, outline.boxes
    kept = {at: len(pieces[at].text) for at, reason in enumerate(reasons) if reason is None}
    direct: dict[int, int] = {}
    for at, size in kept.items():
        box = pieces[at].box
        if box >= 0 and boxes[box].tag == "p":
            direct[boxes[box].parent] = direct.get(boxes[box].parent, 0) + size
    story = max(direct, key=direct.__getitem__, default=-1)
    if story < 0:
        return []
    last = max(piece.box for piece in map(pieces.__getitem__, kept) if boxes[piece.box].parent == story)
    sides = [box for box in _beside(outline, story + 1, last) if boxes[box].tag in _SIDE]
    if not sides:
        return []
    reached = _reached(outline)
    found = (
        inside
        for box in sides
        if _are_facts(outline, inside := _inside(outline, reached, box)) and not _are_told(outline, inside, scores)
    )
    boxed = [said for inside in found if (said := [at for at in inside if at in kept])]
    asked = len(boxed) > 1 and all(pieces[said[0]].text[-1] in _QUESTIONS for said in boxed)
    beside = [at for said in boxed for at in said] if len(boxed) <= _MOST_FACTS and not asked else []
    others = sum(kept.values()) - sum(map(kept.__getitem__, beside))
    return beside if direct[story] >= _DIRECT * others else []


def _are_facts(outline: Outline, inside: range) -> bool:
    """Whether pieces are little text below a heading or a label in strong type, and have no further headings."""
    pieces = outline.pieces[inside.start : inside.stop]
    if any(outline.boxes[piece.box].tag in HEADINGS for piece in pieces[1:]):
        return False
    if len(pieces) <= 1 or sum(len(piece.text) for piece in pieces) > _LONGEST_FACTS:
        return False
    first = pieces[0]
    if outline.boxes[first.box].tag in _CELLS:
        return False
    label = len(first.text) <= _LONGEST_LABEL and first.strong >= _ALIKE * len(first.text)
    return label or outline.boxes[first.box].tag in HEADINGS


def _are_told(outline: Outline, inside: range, scores: Column) -> bool:
    """Whether the sentences of a box read as the story's own, each of them."""
    sentences = [at for at in inside if lines.is_sentence(outline.pieces[at].text)]
    return bool(sentences) and all(scores[at] > _TOLD for at in sentences)
