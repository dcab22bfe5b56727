"""Which pieces of an outline are the article: each piece is kept, or left out with a reason."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from services import trees
from services.cleaner.body import features, indexes, surroundings, teasers
from services.cleaner.body.outline import BODY_NAMES, HEADINGS, PAGE, Box, Outline, Piece
from services.cleaner.text import datelines, lines
from services.contracts import RemovedReason
from services.trees import Column, Columns

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
_KICKER = 40  # characters
_LARGEST_BOX = 500  # characters that stand in mid-story below a label of other stories
_SURE = surroundings.SURE  # a summary above a piece of this score labels keep as often as not
_DOUBTED = 0.3  # the score of what asks for comments in a sentence, as a story may
_SAID = 0.8  # a piece that says comments or small print of itself, up to this score
_NOTHING = 20  # words that are likely the story: a page with no more beside its comments is about these
_OFFERS = 0.8  # a line of at most this score: above it a story's sentence begins as offers do
_PRAISE = 25  # words of sure pieces below an offer that are not the story going on
_SIGNED: frozenset[RemovedReason | None] = frozenset({"byline", "dateline"})
_CELLS = 6  # in a row that make a table of data, if none of them is longer than
_LONGEST_CELL = 20  # words: with more, or with more lines a cell, a table is the layout of a page
_LINES_OF_CELL = 2
_STORY_OF_CELL = 5  # lines of one cell, some of them sentences: a story in short paragraphs
_TWICE = 3  # pieces that follow each other as they did before; a notice in two is repeated within a story too
_RETOLD = 50  # words of these; a refrain or the rows of a table have fewer
_TWIN = 0.25  # of the words that are kept: fewer are a form of words, a list's fixed parts
_ECHO = 7  # words: what has more and follows itself is printed once too often
_PULLED = 15  # pieces up and down in which the words of a quotation are looked for
_LEAST = 0.25  # a piece that is likelier than three to one no article's is never kept
_CONSENT: frozenset[RemovedReason | None] = frozenset({"cookie"})
_OFFER: frozenset[RemovedReason | None] = frozenset({"paywall"})
_OTHERS: frozenset[RemovedReason | None] = frozenset({"related", "teaser"})  # "Read also:" and the title of a story
_CAPTION: frozenset[RemovedReason | None] = frozenset({"caption"})
_BEHIND: frozenset[RemovedReason | None] = frozenset({"comments", "legal"})
_TALK: frozenset[RemovedReason | None] = frozenset({"comments"})
_KNOWN: frozenset[RemovedReason | None] = frozenset({"headline", "byline", "dateline", "credit"})

_Finder = Callable[[Outline, surroundings.Reasons], list[int]]
_AROUND: tuple[tuple[_Finder, RemovedReason, float], ...] = (  # what is left out, why, and below which score
    (surroundings.appeals, "share", 1.0),
    (surroundings.captions, "caption", _SURE),
    (surroundings.headings, "related", _SURE),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The decision over an outline: the boxes of the article, and each piece's reason to be left out (None: kept).

    `inside`: for each box whether it stands in one of the article's; `scores`: the model's, where it was asked.
    """

    main: frozenset[int]
    inside: list[bool]
    reasons: list[RemovedReason | None]
    scores: list[float] = field(default_factory=list)


def choose(outline: Outline, *, headline: str | None) -> Choice:
    """Decide over every piece of the page; `headline` is the page's own, left out wherever it is repeated.

    Rules decide first and find the reasons; a model that sees their decision beside all else keeps or leaves out.
    """
    if not outline.pieces:
        return Choice(frozenset(), [], [])
    ruled, columns = measured(outline, headline=headline)
    scores = trees.load("cleaner", "blocks").scores(columns)
    return replace(ruled, reasons=decided(outline, ruled, scores, columns), scores=scores.tolist())


def decided(outline: Outline, ruled: Choice, scores: Column, columns: Columns) -> list[RemovedReason | None]:
    """The reasons after the model's word, where nothing is told twice that a page shows twice.

    What stands around the story's boxes is left out: other stories, words beside a picture, headings of what went.
    """
    others = surroundings.other_stories(outline, ruled.reasons, columns)
    if others:
        scores = scores.copy()
        scores[others] = 0
    reasons = settled(ruled, scores, columns)
    rows = teasers.rows_of_teasers(outline.pieces, [reason is None for reason in reasons], scores.tolist(), columns)
    if rows and not indexes.are_summaries(list(zip(outline.pieces, reasons, strict=True))):
        for at in rows:
            reasons[at] = "teaser"
    for at in _pulled_quotes(outline, reasons, columns):
        reasons[at] = "boilerplate"
    for at in surroundings.parts(outline, surroundings.judged(reasons, ruled.reasons, scores, columns["title"])):
        reasons[at] = None
    for find, reason, doubted in _AROUND:
        for at in find(outline, reasons):
            reasons[at] = reason if scores[at] < doubted else None
    for at in surroundings.facts(outline, reasons, scores):
        reasons[at] = "boilerplate"
    return reasons


def settled(ruled: Choice, scores: Column, columns: Columns) -> list[RemovedReason | None]:
    """The reasons after the model's word; what the rules know by its words to be no body text stays out."""
    label = (columns["phrase"] > 0) & (columns["words"] <= _FEW_WORDS)
    consent = (columns["phrase"] > 0) & _left_out_as(ruled, _CONSENT)
    elsewhere = (columns["phrase"] > 0) & (columns["linked"] > _MOSTLY_LINK) & _left_out_as(ruled, _OTHERS)
    known = label | consent | elsewhere | _left_out_as(ruled, _KNOWN) | _about_story(ruled, scores, columns["words"])
    offer = (columns["phrase"] > 0) & _left_out_as(ruled, _OFFER)
    around = _above_story(ruled, int(np.argmax(scores > _SURE))) | _below_offer(offer, scores, columns["words"])
    talk = _below_comments(ruled, scores, columns)
    likely = _tables_whole(np.where(known | around | talk, 0.0, scores), columns)
    kept = likely >= max(_LEAST, _border(likely, columns["words"]))
    kept &= ~_told_again(columns["first"], np.where(kept, columns["words"], 0))
    reasons = ("comments" if said else reason for said, reason in zip(talk.tolist(), ruled.reasons, strict=True))
    return [None if keep else reason or "boilerplate" for keep, reason in zip(kept.tolist(), reasons, strict=True)]


def _left_out_as(ruled: Choice, reasons: frozenset[RemovedReason | None]) -> NDArray[np.bool_]:
    """Of each piece whether the rules left it out for one of these reasons."""
    return np.array([reason in reasons for reason in ruled.reasons])


def _about_story(ruled: Choice, scores: Column, words: Column) -> NDArray[np.bool_]:
    """The captions, unless they are most of the story; comments and small print that the model is not sure to be it.

    A page of readers' letters has nothing else: there they stay.
    """
    found, likely = _left_out_as(ruled, _CAPTION), scores * words
    if 2 * likely[found].sum() >= likely.sum():
        found[:] = False
    behind = _left_out_as(ruled, _BEHIND)
    return found | (behind & (scores < _SAID)) if likely[~behind].sum() > _NOTHING else found


def _tables_whole(scores: Column, columns: Columns) -> Column:
    """The scores with those of a table's cells made one, so that it is kept or left out as a whole."""
    tabular = columns["rank"] == features.CELL
    if np.count_nonzero(tabular) < _CELLS:
        return scores
    found, words, pieces = scores.copy(), columns["words"], np.rint(np.expm1(columns["held_pieces"]))
    edges = np.flatnonzero(np.diff(tabular, prepend=False, append=False))
    for start, end in edges.reshape(-1, 2):
        cells = np.sum(1 / pieces[start:end])
        told = (pieces[start:end] >= _STORY_OF_CELL) & (words[start:end] > _FEW_WORDS)
        laid_out = words[start:end].max() > _LONGEST_CELL or end - start > _LINES_OF_CELL * cells or told.any()
        if end - start >= _CELLS and not laid_out:
            found[start:end] = np.average(scores[start:end], weights=words[start:end])
    return found


def _above_story(ruled: Choice, story: int) -> NDArray[np.bool_]:
    """Before the story's first sure piece: all down to what follows the headline, or to the last byline or dateline."""
    found = np.zeros(len(ruled.reasons), dtype=np.bool_)
    if "headline" in ruled.reasons[:story]:
        below = ruled.reasons.index("headline") + 1
        signed = [at for at in range(below, story) if ruled.reasons[at] in _SIGNED]
        found[: max([below + 1, *signed[-1:]])] = True
        found[story:] = False
    return found


def _below_offer(offer: NDArray[np.bool_], scores: Column, words: Column) -> NDArray[np.bool_]:
    """From the first line on that offers the rest of a story to subscribers, if none of the story follows.

    What praises the offer reads as running text too, but has no more than a sentence or two.
    """
    sure = np.where((scores > _SURE) & ~offer, words, 0)
    begun = np.cumsum(sure)
    last = offer & (scores < _OFFERS) & (begun > 0) & (begun[-1] - begun <= _PRAISE)
    return np.logical_or.accumulate(last)


def _below_comments(ruled: Choice, scores: Column, columns: Columns) -> NDArray[np.bool_]:
    """All below the label of the comments, if most of the story is told above it: old pages name no box of theirs."""
    label = (columns["phrase"] > 0) & (columns["linked"] < _MOSTLY_LINK)
    said = label & ((scores < _DOUBTED) | (columns["words"] <= _FEW_WORDS)) & _left_out_as(ruled, _TALK)
    told = np.cumsum(scores * columns["words"])
    return np.logical_or.accumulate(said & (2 * told > told[-1]) & (told > _NOTHING))


def _told_again(first: Column, words: Column) -> NDArray[np.bool_]:
    """What a page prints twice in a row, and the second print of a story for wide screens or for narrow ones.

    `first`: where each piece's text stands first; `words`: how many of each piece are kept.
    """
    found = np.zeros(len(first), dtype=np.bool_)
    kept = np.flatnonzero(words)
    _, places, text = np.unique(first[kept], return_index=True, return_inverse=True)
    if len(places) == len(kept):
        return found
    before = places[text]
    again = before < np.arange(len(kept))
    goes_on = np.append(False, again[:-1] & again[1:] & (np.diff(before) == 1))
    run = np.cumsum(~goes_on)
    mass = words[kept]
    twin = again & (np.bincount(run)[run] >= _TWICE) & (np.bincount(run, mass)[run] >= _RETOLD)
    found[kept[twin]] = mass[twin].sum() >= _TWIN * mass.sum()
    as_before = np.append(False, text[1:] == text[:-1])
    echo = as_before & ~np.append(False, as_before[:-1]) & ~np.append(as_before[1:], False)  # three are a refrain
    found[kept[echo & (mass > _ECHO)]] = True
    return found


def _pulled_quotes(outline: Outline, reasons: list[RemovedReason | None], columns: Columns) -> list[int]:
    """Kept quotations that a kept paragraph near them repeats: set in large letters, not told twice."""
    quoted = (columns["in blockquote"] > 0) | (columns["in figure"] > 0)
    if named := frozenset(at for at, box in enumerate(outline.boxes) if "pullquote" in box.said.words):
        inside = _inside(outline, named)
        quoted |= np.array([inside[piece.box] for piece in outline.pieces], dtype=np.bool_)
    kept = {at for at, reason in enumerate(reasons) if reason is None}
    quotes = kept.intersection(np.flatnonzero(quoted & (columns["words"] > _FEW_WORDS)).tolist())
    near = {at: [o for o in range(at - _PULLED, at + _PULLED + 1) if o in kept and not quoted[o]] for at in quotes}
    told = {at: _letters(outline.pieces[at].text) for at in quotes.union(*near.values())}
    again = {at for at in quotes if told[at] and any(told[at] in told[other] for other in near[at])}
    said = quotes | {at for at in kept if quoted[at] and lines.is_sentence(outline.pieces[at].text)}
    gone = [at for at in sorted(again) if {at - 1, at + 1} & said <= again]  # a statement is quoted whole
    return gone + [at + 1 for at in gone if at + 1 in kept - said and quoted[at + 1]]  # the speaker's name below it


def _border(scores: Column, words: Column) -> float:
    """The score from which on pieces are kept, so that the page's expected F1 by words is highest.

    With the likeliest pieces taken first that is twice the words expected right, by the words taken and the words
    expected in all; an unsure page keeps more than one whose pieces are told apart well.
    """
    order = np.argsort(-scores, kind="stable")
    taken, right = np.cumsum(words[order]), np.cumsum((scores * words)[order])
    best = int(np.argmax(right / (taken + right[-1])))
    return float(scores[order[best]])


def measured(outline: Outline, *, headline: str | None) -> tuple[Choice, Columns]:
    """What the rules decide, and what the model sees of each piece."""
    columns = features.of_pieces(outline, headline)
    ruled = _by_rules(outline, headline, _running(columns))
    columns["kept"] = np.array([reason is None for reason in ruled.reasons], dtype=np.float64)
    columns["main"] = np.array([ruled.inside[piece.box] for piece in outline.pieces], dtype=np.float64)
    return ruled, features.of_page(outline, columns)


def _running(columns: Columns) -> list[float]:
    """The characters of running text in each piece: none in a title, a menu, a list of links."""
    words, linked = columns["words"], columns["linked"]
    titled = (words <= _FEW_WORDS) | (linked > _MOSTLY_LINK) | columns["heading"].astype(bool)
    reads = (columns["sentence"] > 0) | (words > _MANY_WORDS)
    found: list[float] = np.where(reads & ~titled, columns["size"] * (1 - linked), 0.0).tolist()
    return found


def _by_rules(outline: Outline, headline: str | None, running: list[float]) -> Choice:
    raw = features.masses(outline, running)
    reasons = [*_inherited(outline, raw, max(1, sum(running))), None]
    clean = [0.0 if reasons[piece.box] else weight for piece, weight in zip(outline.pieces, running, strict=True)]
    main = frozenset(_main(outline, clean))
    inside = _inside(outline, main)
    judged = [
        _reason(piece, outline, reasons[piece.box], headline)
        if inside[piece.box]
        else reasons[piece.box] or _outside(piece)
        for piece in outline.pieces
    ]
    _leave_boxes_out(outline, judged)
    return Choice(main, inside, _headed(outline, _trimmed(outline, judged, running), headline))


def _leave_boxes_out(outline: Outline, judged: list[RemovedReason | None]) -> None:
    """Give all that a small box holds the reason of its first line where that is a label of other stories."""
    for at, label in enumerate(outline.pieces[:-1]):
        if judged[at] in _OTHERS and label.box >= 0 and lines.word_count(label.text) <= _FEW_WORDS:
            for inside in _boxed(outline, at):
                judged[inside] = judged[inside] or judged[at]


def _boxed(outline: Outline, at: int) -> range:
    """The pieces of the smallest box that holds a label and what follows it; none where it is large or begins above."""
    pieces, box = outline.pieces, outline.pieces[at].box
    while box >= 0 and not box <= pieces[at + 1].box < outline.ends[box]:
        box = outline.boxes[box].parent
    if box < 0 or (at and box <= pieces[at - 1].box < outline.ends[box]):
        return range(0)
    size, end = 0, at
    while end < len(pieces) and box <= pieces[end].box < outline.ends[box]:
        size += len(pieces[end].text)
        end += 1
        if size > _LARGEST_BOX:
            return range(0)
    return range(at, end)


def _inside(outline: Outline, main: frozenset[int]) -> list[bool]:
    """For each box whether it stands in one of `main`; the last for what stands in no box."""
    found = [False] * (len(outline.boxes) + 1)
    for at in main:
        end = outline.ends[at]
        found[at:end] = [True] * (end - at)
    return found


def _tag(outline: Outline, piece: Piece) -> str:
    return outline.boxes[piece.box].tag if piece.box >= 0 else ""


def _inherited(outline: Outline, masses: list[float], total: float) -> list[RemovedReason | None]:
    """For each box why its text is furniture: its own reason or that of a box around it."""
    found: list[RemovedReason | None] = [None] * len(outline.boxes)
    behind = 0  # the last furniture
    for at, box in enumerate(outline.boxes):
        own = box.reason
        if own is None or at < behind or box.tag in PAGE or "articleBody" in box.itemprop:
            continue
        if not _holds_story(box, own, masses[at], total):
            behind = outline.ends[at]
            found[at:behind] = [own] * (behind - at)
    return found


def _holds_story(box: Box, own: RemovedReason, mass: float, total: float) -> bool:
    """Whether a box is the article's although its class says furniture ("sidebar-grid", "paywall-active")."""
    if own == "comments":
        return False
    named = not BODY_NAMES.isdisjoint(box.said.words)
    return named or mass > _LARGE * total or (own not in _WORDY and mass > _STORY)


def _main(outline: Outline, weights: list[float]) -> list[int]:
    """The boxes that hold the article: those marked as its body, else the smallest that holds most running text."""
    masses = features.masses(outline, weights)
    total = sum(weights)
    marked = [at for at, box in enumerate(outline.boxes) if "articleBody" in box.itemprop and masses[at]]
    if sum(masses[at] for at in marked) > _LARGE * total:
        return marked
    children: dict[int, list[int]] = {}
    for at, mass in enumerate(masses):
        if mass:
            children.setdefault(outline.boxes[at].parent, []).append(at)
    here = -1
    while children.get(here):
        best = max(children[here], key=lambda at: masses[at])
        if here >= 0 and masses[best] < _CLEAR * masses[here]:
            break
        here = best
    return [here] if here >= 0 else []


def _outside(piece: Piece) -> RemovedReason:
    return lines.furniture(piece.text) or ("navigation" if piece.link_density > 0.5 else "boilerplate")  # noqa: PLR2004


def _reason(
    piece: Piece, outline: Outline, inherited: RemovedReason | None, headline: str | None
) -> RemovedReason | None:
    """Why a piece inside the article's boxes is left out, from its markup and its words."""
    if inherited is not None:
        return inherited
    text, tag = piece.text, _tag(outline, piece)
    said = lines.furniture(text) or ("headline" if tag == "h1" else _head_words(text, headline))
    if said is not None:
        return said
    if piece.link_density > 0.8 and not (tag == "li" and lines.is_sentence(text)):  # noqa: PLR2004 - a line that is one link leads elsewhere
        return "teaser" if len(text) > 25 else "navigation"  # noqa: PLR2004 - a title, or a word of a menu
    return None


def _head_words(text: str, headline: str | None) -> RemovedReason | None:
    """What stands around a headline: the headline again, a credit, a byline, a line with a date."""
    if headline and (_same(text, headline) or _kicked(text, headline)):
        return "headline"
    if len(text) > lines.LONGEST_CREDIT:
        return None
    if lines.credit_line(text):
        return "credit"
    if lines.is_byline(text):
        return "byline"
    return "dateline" if datelines.own_line(text, country=None) else None


def _headed(outline: Outline, judged: list[RemovedReason | None], headline: str | None) -> list[RemovedReason | None]:
    """What stands right above the body outside its box is read too: headline, dateline, byline, caption."""
    first = next((at for at, reason in enumerate(judged) if reason is None), 0)
    for at in range(max(0, first - _HEAD), first):
        text = outline.pieces[at].text
        if judged[at] == "boilerplate":
            judged[at] = _head_words(text, headline) or ("caption" if all(lines.split_credit(text)) else "boilerplate")
    return judged


def _trimmed(outline: Outline, judged: list[RemovedReason | None], running: list[float]) -> list[RemovedReason | None]:
    """Without the short lines before the first and after the last running text, and headings that head nothing."""
    kept = [at for at, reason in enumerate(judged) if reason is None]
    body = [at for at in kept if running[at]]
    if not body:
        return [reason or "boilerplate" for reason in judged]
    for at in kept:
        if at < body[0] or at > body[-1]:
            judged[at] = "boilerplate"
    nothing_below = True
    for at in range(body[-1], body[0] - 1, -1):
        if judged[at] is not None:
            continue
        heading = _tag(outline, outline.pieces[at]) in HEADINGS
        if heading and nothing_below:
            judged[at] = "related"
        nothing_below = heading
    return judged


def _same(one: str, two: str) -> bool:
    """Whether two lines have the same letters and digits."""
    if not len(two) / 2 <= len(one) <= len(two) * 2 or _begin_apart(one, two):
        return False
    return _letters(one) == _letters(two)


def _kicked(text: str, headline: str) -> bool:
    """Whether a line is a section's name that runs into the headline."""
    return len(text) <= len(headline) + _KICKER and len(headline) > _KICKER / 2 and text.endswith(f" {headline}")


def _begin_apart(one: str, two: str) -> bool:
    """Whether two lines begin with letters or digits that differ: then no more of them is compared."""
    return one[:1].isalnum() and two[:1].isalnum() and one[0].casefold()[0] != two[0].casefold()[0]


@lru_cache(maxsize=256)
def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())
