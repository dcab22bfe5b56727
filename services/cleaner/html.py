"""Reads an HTML page: outline, choice, and what stands around the body."""

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from services import dates
from services.cleaner import datelines, lines, selection
from services.cleaner.metadata import Metadata
from services.cleaner.outline import Box, Outline, Piece, outline_of, whole_outline_of
from services.cleaner.reading import Part, Reading, removal
from services.contracts import BlockKind, Image, RemovedReason

_KINDS: dict[str, BlockKind] = {"li": "list_item", "dt": "list_item", "dd": "list_item", "blockquote": "quote"}
_KINDS |= dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading")
_LITTLE = 250  # characters of body: less may be the stub of a page that a script fills

Chosen = list[tuple[Piece, RemovedReason | None]]


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
        """Characters that are kept."""
        return sum(len(piece.text) for piece, reason in self.chosen if reason is None)


def judged(tree: LexborHTMLParser, metadata: Metadata) -> Judged:
    """The decision over a page; where next to nothing is shown, over what it hides from readers with scripts too."""
    shown = _judged(outline_of(tree), metadata)
    if shown.size >= _LITTLE:
        return shown
    whole = _judged(whole_outline_of(tree), metadata)
    return whole if whole.size > 2 * max(_LITTLE, shown.size) else shown


def _judged(outline: Outline, metadata: Metadata) -> Judged:
    headline = headline_of(metadata, outline)
    return Judged(outline, headline, selection.choose(outline, headline=headline))


def read(tree: LexborHTMLParser, metadata: Metadata, *, country: str | None) -> Reading:
    """The article of a page."""
    page = judged(tree, metadata)
    outline, chosen = page.outline, page.chosen
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
        headline=page.headline,
        parts=tuple(Part(kind=kind_of(outline, piece), text=piece.text) for piece, reason in chosen if reason is None),
        images=_images(outline, chosen, page.choice.main),
        removed=tuple(removal(piece.text, reason) for piece, reason in chosen if reason is not None),
        bylines=_bylines(outline, chosen),
        credit_line=sources[0] if sources else None,
        dateline=own[0] if own else None,
        printed=own[1] if own else printed,
    )


def headline_of(metadata: Metadata, outline: Outline) -> str | None:
    """The headline, settled by agreement: an h1 that another source repeats, else JSON-LD, og:title, h1, title.

    og:title and title often carry the site's name: it goes where the page shows the rest as a line of its own, or where
    the rest stands behind a bar or a dash.
    """
    story = metadata.story.headline
    said = metadata.first("og:title", "twitter:title", "title")
    bare = [text for text in (story, said, metadata.title) if text]
    for h1 in metadata.h1:
        if any(_folded(h1) and _folded(h1) in _folded(text) for text in bare) and len(h1) > 10:  # noqa: PLR2004 - a section's name is shorter
            return h1
    if story:
        return story
    title = said or metadata.title or ""
    cut = _shown(title, outline) or _without_site(title, metadata)
    return cut or (metadata.h1[0] if metadata.h1 else None)


def _shown(title: str, outline: Outline) -> str | None:
    """The line of the page that is most of the title."""
    folded = f" {_folded(title)} "
    lines_of_title = (
        piece.text
        for piece in outline.pieces
        if len(title) > len(piece.text) > len(title) / 2 and f" {_folded(piece.text)} " in folded
    )
    return next(lines_of_title, None)


def _without_site(title: str, metadata: Metadata) -> str:
    parts = re.split(r"\s+[|–—-]\s+", title)
    site = _folded(metadata.first("og:site_name") or metadata.story.publisher or "")
    if len(parts) > 1 and (_folded(parts[-1]) == site or (not site and len(parts[-1].split()) <= 4)):  # noqa: PLR2004 - a site's name is short
        return title[: title.rindex(parts[-1])].rstrip(" |–—-")
    return title


def _folded(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


def kind_of(outline: Outline, piece: Piece) -> BlockKind:
    """What a kept piece is: a paragraph, a heading, an item of a list, a quotation."""
    tags = [outline.boxes[at].tag for at in outline.lineage(piece.box, most=4)]
    return next((_KINDS[tag] for tag in tags if tag in _KINDS), "paragraph")


_AUTHOR_NAMES = frozenset(
    {"author", "authors", "byline", "bylines", "autor", "auteur", "autore", "authorname", "writer"}
)
_LONGEST_BYLINE = 120


def _bylines(outline: Outline, chosen: Chosen) -> tuple[str, ...]:
    """The people of the first byline: a line that says "By", or one that the markup calls author or byline."""
    named = {at for at, box in enumerate(outline.boxes) if _names_author(box)}
    for piece, reason in chosen:
        if len(piece.text) > _LONGEST_BYLINE or reason in {"comments", "related"}:
            continue
        signed = reason == "byline" or not named.isdisjoint(outline.lineage(piece.box, most=3))
        if (signed or lines.is_byline(piece.text)) and (found := lines.people(piece.text)):
            return found
    return ()


def _names_author(box: Box) -> bool:
    return "author" in box.itemprop or not _AUTHOR_NAMES.isdisjoint(box.said.words)


def _images(outline: Outline, chosen: Chosen, main: frozenset[int]) -> tuple[Image, ...]:
    """The pictures in the article's boxes, with the caption that stands in the same figure."""
    captions: dict[int, list[str]] = {}
    for piece, reason in chosen:
        if reason in {"caption", "credit"}:
            captions.setdefault(_figure(outline, piece.box), []).append(piece.text)
    images = []
    for picture in outline.pictures:
        figure = _figure(outline, picture.box)
        inside = any(at in main for at in outline.lineage(picture.box))
        if figure in captions or inside:
            caption, credit = lines.split_credit(" ".join(captions.pop(figure, [])))
            images.append(Image(url=picture.url, caption=caption, credit=credit))
    return tuple(images)


def _figure(outline: Outline, box: int) -> int:
    lineage = outline.lineage(box)
    return next((at for at in lineage if outline.boxes[at].tag == "figure"), lineage[1] if len(lineage) > 1 else box)
