"""Reads an HTML page: outline, choice, and what stands around the body."""

from services import dates
from services.cleaner import datelines, headlines, lines, pictures, selection
from services.cleaner.metadata import Metadata
from services.cleaner.outline import Outline, Piece
from services.cleaner.reading import Part, Reading, removal
from services.contracts import BlockKind, RemovedReason

_KINDS: dict[str, BlockKind] = {"li": "list_item", "dt": "list_item", "dd": "list_item", "blockquote": "quote"}
_KINDS |= dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading")


Chosen = list[tuple[Piece, RemovedReason | None]]


def headline_of(metadata: Metadata, outline: Outline) -> str | None:
    """The headline that metadata tell, as the page shows it."""
    return headlines.as_shown(headlines.headline_of(metadata), (piece.text for piece in outline.pieces)).text


def read(outline: Outline, metadata: Metadata, *, country: str | None) -> Reading:
    """The article in the outline of a page."""
    headline = headline_of(metadata, outline)
    choice = selection.choose(outline, headline=headline)
    chosen = list(zip(outline.pieces, choice.reasons, strict=True))
    sources = [piece.text for piece, reason in chosen if reason == "credit" and lines.credit_line(piece.text)]
    printed = next(
        (
            found
            for piece, reason in chosen
            if reason == "dateline" and (found := dates.parse_printed(piece.text, country=country))
        ),
        None,
    )
    own = next(
        (
            line
            for piece, reason in chosen
            if reason == "dateline" and (line := datelines.own_line(piece.text, country=country)) and line[0].place
        ),
        None,
    )
    return Reading(
        headline=headline,
        parts=tuple(Part(kind=_kind(outline, piece), text=piece.text) for piece, reason in chosen if reason is None),
        images=pictures.images_of(outline, chosen, choice.main),
        removed=tuple(removal(piece.text, reason) for piece, reason in chosen if reason is not None),
        bylines=_bylines(outline, chosen),
        credit_line=sources[0] if sources else None,
        dateline=own[0] if own else None,
        printed=own[1] if own else printed,
    )


def _kind(outline: Outline, piece: Piece) -> BlockKind:
    tags = [outline.boxes[at].tag for at in outline.lineage(piece.box)[:4]]
    return next((_KINDS[tag] for tag in tags if tag in _KINDS), "paragraph")


_AUTHOR_NAMES = frozenset(
    {"author", "authors", "byline", "bylines", "autor", "auteur", "autore", "authorname", "writer"}
)
_LONGEST_BYLINE = 120


def _bylines(outline: Outline, chosen: Chosen) -> tuple[str, ...]:
    """The people of the first byline: a line that says "By", or one that the markup calls author or byline."""
    for piece, reason in chosen:
        if len(piece.text) > _LONGEST_BYLINE or reason in {"comments", "related"}:
            continue
        boxes = [outline.boxes[at] for at in outline.lineage(piece.box)[:3]]
        named = any("author" in box.itemprop or box.names & _AUTHOR_NAMES for box in boxes)
        if (named or reason == "byline" or lines.is_byline(piece.text)) and (found := lines.people(piece.text)):
            return found
    return ()
