"""Reads an HTML page: outline, choice, and what stands around the body."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from selectolax.lexbor import LexborHTMLParser

from services import dates
from services.cleaner.body import headings, indexes, pictures, selection
from services.cleaner.body.outline import HEADINGS, Box, Outline, Piece, outline_of, whole_outline_of
from services.cleaner.body.pictures import Chosen
from services.cleaner.metadata.headlines import Headline, as_shown
from services.cleaner.text import datelines, lines, signatures
from services.cleaner.text.reading import Part, Reading, hold
from services.contracts import BlockKind, Removed

_KINDS: dict[str, BlockKind] = {"li": "list_item", "dt": "list_item", "dd": "list_item", "blockquote": "quote"}
_KINDS |= dict.fromkeys(HEADINGS, "heading")
_HEAD = 4  # pieces above the story in which its date stands where no headline does
_INNERMOST = 4  # boxes that say what a piece is
LITTLE = 250  # characters of body: less may be the stub of a page that a script fills


@dataclass(frozen=True, slots=True)
class Judged:
    """A page's outline, its headline, and the decision over every piece."""

    outline: Outline
    headline: str | None
    choice: selection.Choice

    @property
    def chosen(self) -> Chosen:
        """Each piece with the reason why it is left out."""
        return list(zip(self.outline.pieces, self.choice.reasons, strict=True))

    @property
    def size(self) -> int:
        """Characters that are kept, as many as Latin letters would need."""
        return sum(map(lines.breadth, self.kept))

    @property
    def kept(self) -> Iterator[str]:
        """The texts that are kept."""
        return (piece.text for piece, reason in self.chosen if reason is None)


def judged(tree: LexborHTMLParser, told: Headline) -> Judged:
    """The decision over a page; where next to nothing is shown, over what it hides from readers with scripts too."""
    shown = _judged(outline_of(tree), told)
    if hold(shown.kept, LITTLE):
        return shown
    whole = _judged(whole_outline_of(tree), told)
    return whole if whole.size > 2 * max(LITTLE, shown.size) else shown


def _judged(outline: Outline, told: Headline) -> Judged:
    headline = as_shown(told, (piece.text for piece in outline.pieces)).text
    if told.alone:
        headline = headings.printed_above_story(outline, headline) or headline
    return Judged(outline, headline, selection.choose(outline, headline=headline))


def read(tree: LexborHTMLParser, told: Headline, *, country: str | None) -> Reading:
    """The article of a page that tells this headline."""
    page = judged(tree, told)
    outline, chosen = page.outline, page.chosen
    sources = [piece.text for piece, reason in chosen if reason == "credit" and lines.credit_line(piece.text)]
    lined = [(at, piece.text) for at, (piece, reason) in enumerate(chosen) if reason == "dateline"]
    told_at = next((at for at, (_, reason) in enumerate(chosen) if reason is None), 0)
    top = next((at for at, (_, reason) in enumerate(chosen) if reason == "headline"), told_at - _HEAD)
    printed = _first_day([text for at, text in lined if at > top], country)
    masthead = _first_day([text for at, text in reversed(lined) if at <= top], country)
    own = next(
        (
            line
            for piece, reason in chosen
            if reason == "dateline" and (line := datelines.own_line(piece.text, country=country)) and line[0].place
        ),
        None,
    )
    return Reading(
        headline=page.headline,
        parts=tuple(Part(kind=kind_of(outline, piece), text=piece.text) for piece, reason in chosen if reason is None),
        images=pictures.images_of(outline, chosen, page.choice.main),
        removed=tuple(Removed(text=piece.text, reason=reason) for piece, reason in chosen if reason is not None),
        bylines=_bylines(outline, chosen),
        signed_off=_signed_off(outline, chosen),
        credit_line=sources[0] if sources else None,
        dateline=own[0] if own else None,
        printed=own[1] if own else printed,
        masthead=masthead,
        summaries=indexes.are_summaries(chosen),
    )


def _first_day(texts: list[str], country: str | None) -> dates.PrintedDate | None:
    """The first day on which these lines say that something was issued, else the first that one of them prints."""
    issued = (datelines.issued(text, country=country) for text in texts)
    return next(filter(None, chain(issued, (dates.parse_printed(text, country=country) for text in texts))), None)


def kind_of(outline: Outline, piece: Piece) -> BlockKind:
    """What a kept piece is: a paragraph, a heading, an item of a list, a quotation."""
    at, boxes = piece.box, outline.boxes
    for _ in range(_INNERMOST):
        if at < 0:
            break
        if (kind := _KINDS.get(boxes[at].tag)) is not None:
            return kind
        at = boxes[at].parent
    return "paragraph"


_AUTHOR_NAMES = frozenset(lines.listed("author"))
_LONGEST_BYLINE = 120


def _bylines(outline: Outline, chosen: Chosen) -> tuple[str, ...]:
    """The people of the first byline: a line that says "By", or one that the markup calls author or byline."""
    named = {at for at, box in enumerate(outline.boxes) if _names_author(box)}
    for piece, reason in chosen:
        if len(piece.text) > _LONGEST_BYLINE or reason in {"comments", "related"}:
            continue
        signed = reason == "byline" or (named and not named.isdisjoint(outline.lineage(piece.box, most=3)))
        if (signed or lines.is_byline(piece.text)) and (found := signatures.people(piece.text)):
            return found + signatures.agencies(piece.text)
    return ()


def _signed_off(outline: Outline, chosen: Chosen) -> tuple[str, ...]:
    """The people whom a paragraph at the end of the story names, itself or the one behind it, and nothing else."""
    last = max((at for at, (_, reason) in enumerate(chosen) if reason is None), default=0)
    ends = (piece for piece, reason in chosen[last : last + 2] if reason in {None, "boilerplate"} and not piece.linked)
    paragraphs = (piece for piece in ends if outline.boxes[piece.box].tag == "p")
    return next((found for piece in paragraphs if (found := signatures.signed_off(piece.text))), ())


def _names_author(box: Box) -> bool:
    return not _AUTHOR_NAMES.isdisjoint(box.said.words) or "author" in box.itemprop
