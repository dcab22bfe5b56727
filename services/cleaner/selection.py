"""Which pieces of an outline are the article: each piece is kept, or left out with a reason."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from services.cleaner import datelines, lines
from services.cleaner.outline import Box, Outline, Piece
from services.contracts import RemovedReason

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BODY_NAMES = frozenset({
    "articlebody", "articletext", "articlecontent", "entrycontent", "postcontent", "storybody", "storycontent",
    "storytext", "articlebodytext", "postbody", "bodytext", "bodycopy", "articlecopy", "contentbody", "mainarticle",
    "richtext", "newstext", "newsbody",
})  # fmt: skip
_LARGE = 0.4  # a box with this share of the page's running text is the article's, whatever its class says
_CLEAR = 0.7  # the share of running text with which a child takes over from its parent
_FEW_WORDS = 5  # no more than these: a title, a label
_MANY_WORDS = 20  # more than these: running text, even without a full stop
_MOSTLY_LINK = 0.5  # a line of which half is link leads elsewhere
_HEAD = 8  # pieces above the body in which its dateline, byline and caption are looked for
_STORY = 500  # characters of running text that no menu, share bar or advertisement holds
_WORDY: frozenset[RemovedReason] = frozenset(
    {"comments", "related", "legal", "author_box", "caption", "teaser", "newsletter"}
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The decision over an outline: the boxes of the article, and each piece's reason to be left out (None: kept)."""

    main: frozenset[int]
    reasons: tuple[RemovedReason | None, ...]


def choose(outline: Outline, *, headline: str | None) -> Choice:
    """Decide over every piece of the page; `headline` is the page's own, left out wherever it is repeated."""
    running = [_running(piece, outline) for piece in outline.pieces]
    raw = _masses(outline, running)
    total = max(1, sum(running))
    reasons = _inherited(outline, raw, total)
    clean = [0 if reasons[piece.box] else weight for piece, weight in zip(outline.pieces, running, strict=True)]
    main = _main(outline, clean)
    inside = [_within(outline, piece.box, main) for piece in outline.pieces]
    judged = [
        _reason(piece, outline, reasons[piece.box], headline) if held else reasons[piece.box] or _outside(piece)
        for piece, held in zip(outline.pieces, inside, strict=True)
    ]
    trimmed = list(_trimmed(outline, judged))
    return Choice(frozenset(main), tuple(_headed(outline, trimmed, headline)))


def _tag(outline: Outline, piece: Piece) -> str:
    return outline.boxes[piece.box].tag if piece.box >= 0 else ""


def _running(piece: Piece, outline: Outline) -> int:
    """The characters of running text in a piece: none in a title, a menu, a list of links."""
    text = piece.text
    words = lines.word_count(text)
    if words <= _FEW_WORDS or piece.link_density > _MOSTLY_LINK or _tag(outline, piece) in _HEADINGS:
        return 0
    return len(text) - piece.linked if lines.is_sentence(text) or words > _MANY_WORDS else 0


def _masses(outline: Outline, weights: list[int]) -> list[int]:
    """Each box's sum of the weights inside it."""
    masses = [0] * len(outline.boxes)
    for piece, weight in zip(outline.pieces, weights, strict=True):
        if weight and piece.box >= 0:
            masses[piece.box] += weight
    for box in range(len(masses) - 1, 0, -1):
        parent = outline.boxes[box].parent
        if parent >= 0:
            masses[parent] += masses[box]
    return masses


def _inherited(outline: Outline, masses: list[int], total: int) -> list[RemovedReason | None]:
    """For each box why its text is furniture: its own reason or that of a box around it."""
    found: list[RemovedReason | None] = []
    for at, box in enumerate(outline.boxes):
        outer = found[box.parent] if box.parent >= 0 else None
        own = box.reason
        if own is not None and _holds_story(box, own, masses[at], total):
            own = None
        if box.tag in {"body", "html", "main"} or "articleBody" in box.itemprop:
            own = None
        found.append(outer or own)
    return found


def _holds_story(box: Box, own: RemovedReason, mass: int, total: int) -> bool:
    """Whether a box is the article's although its class says furniture ("sidebar-grid", "paywall-active")."""
    if own == "comments":
        return False
    return mass > _LARGE * total or bool(box.names & _BODY_NAMES) or (own not in _WORDY and mass > _STORY)


def _main(outline: Outline, weights: list[int]) -> list[int]:
    """The boxes that hold the article: those marked as its body, else the smallest that holds most running text."""
    masses = _masses(outline, weights)
    total = sum(weights)
    marked = [at for at, box in enumerate(outline.boxes) if "articleBody" in box.itemprop and masses[at]]
    if sum(masses[at] for at in marked) > _LARGE * total:
        return marked
    children: dict[int, list[int]] = {}
    for at, box in enumerate(outline.boxes):
        if masses[at]:
            children.setdefault(box.parent, []).append(at)
    here = -1
    while children.get(here):
        best = max(children[here], key=lambda at: masses[at])
        if here >= 0 and masses[best] < _CLEAR * masses[here]:
            break
        here = best
    return [here] if here >= 0 else []


def _within(outline: Outline, box: int, main: list[int]) -> bool:
    return any(at in main for at in outline.lineage(box))


def _outside(piece: Piece) -> RemovedReason:
    return lines.furniture(piece.text) or ("navigation" if piece.link_density > 0.5 else "boilerplate")  # noqa: PLR2004


def _reason(
    piece: Piece, outline: Outline, inherited: RemovedReason | None, headline: str | None
) -> RemovedReason | None:
    """Why a piece inside the article's boxes is left out, from its markup and its words."""
    if inherited is not None:
        return inherited
    text, tag = piece.text, _tag(outline, piece)
    rules: tuple[tuple[object, RemovedReason], ...] = (
        (tag == "h1" or (headline and _same(text, headline)), "headline"),
        (lines.credit_line(text), "credit"),
        (lines.is_byline(text), "byline"),
        (datelines.own_line(text, country=None), "dateline"),
    )
    said = lines.furniture(text) or next((reason for holds, reason in rules if holds), None)
    if said is not None:
        return said
    if piece.link_density > 0.8 and not (tag == "li" and lines.is_sentence(text)):  # noqa: PLR2004 - a line that is one link leads elsewhere
        return "teaser" if len(text) > 25 else "navigation"  # noqa: PLR2004 - a title, or a word of a menu
    return None


def _headed(
    outline: Outline, judged: list[RemovedReason | None], headline: str | None
) -> Iterable[RemovedReason | None]:
    """What stands right above the body outside its box is read too: headline, dateline, byline, caption."""
    first = next((at for at, reason in enumerate(judged) if reason is None), 0)
    for at in range(max(0, first - _HEAD), first):
        text = outline.pieces[at].text
        if judged[at] == "boilerplate":
            judged[at] = _head_reason(text, headline) or judged[at]
    return judged


def _head_reason(text: str, headline: str | None) -> RemovedReason | None:
    rules: tuple[tuple[object, RemovedReason], ...] = (
        (headline and _same(text, headline), "headline"),
        (datelines.own_line(text, country=None), "dateline"),
        (lines.is_byline(text), "byline"),
        (all(lines.split_credit(text)), "caption"),
    )
    return next((reason for holds, reason in rules if holds), None)


def _trimmed(outline: Outline, judged: list[RemovedReason | None]) -> Iterable[RemovedReason | None]:
    """Without the short lines before the first and after the last running text, and headings that head nothing."""
    kept = [at for at, reason in enumerate(judged) if reason is None]
    body = [at for at in kept if _running(outline.pieces[at], outline)]
    if not body:
        return [reason or "boilerplate" for reason in judged]
    for at in kept:
        if at < body[0] or at > body[-1]:
            judged[at] = "boilerplate"
    nothing_below = True
    for at in range(body[-1], body[0] - 1, -1):
        if judged[at] is not None:
            continue
        heading = _tag(outline, outline.pieces[at]) in _HEADINGS
        if heading and nothing_below:
            judged[at] = "related"
        nothing_below = heading
    return judged


def _same(one: str, two: str) -> bool:
    return re.sub(r"\W+", "", one.casefold()) == re.sub(r"\W+", "", two.casefold())
