"""The article's pictures, with caption and credit; logos, icons and the pictures of teasers are none of them."""

import re

from services.cleaner.body.outline import Outline, Picture, Piece
from services.cleaner.text import datelines, lines
from services.contracts import Image, RemovedReason

Chosen = list[tuple[Piece, RemovedReason | None]]

_ICON = re.compile(
    r"\.svg(?:$|[?#])|(?:^|[/_.-])(?:logos?|icons?|favicon|avatars?|sprite|pixel|badge|placeholder|blank|spacer|loader|"
    r"gravatar|emoji|newsletters?|banners?)(?:[/_.-]|$)",
    re.IGNORECASE,
)
_SIZE = re.compile(r"[-_/](\d{2,4})x(\d{2,4})(?=[-_./?]|$)")
_SMALL = 200  # pixels: a picture that is smaller both ways shows a teaser or an author
_OTHERS: frozenset[RemovedReason | None] = frozenset({"boilerplate", "byline", "legal"})  # as which a credit may go out
_OURS: frozenset[RemovedReason | None] = frozenset({None, "caption", "credit", "headline", "byline", "dateline"})


def images_of(outline: Outline, chosen: Chosen, main: frozenset[int]) -> tuple[Image, ...]:
    """The pictures between headline and last paragraph that no furniture holds, and those with a caption, in order."""
    captions: dict[int, list[str]] = {}
    apart: dict[int, str] = {}
    for piece, reason in chosen:
        if reason in {"caption", "credit"} and not _signs(piece.text):
            captions.setdefault(_figure(outline, piece.box), []).append(piece.text)
        elif reason in _OTHERS and (credit := lines.lone_credit(piece.text)):
            apart.setdefault(_figure(outline, piece.box), credit)
    first, last = _extent(chosen)
    images = []
    for picture in outline.pictures:
        figure = _figure(outline, picture.box)
        if figure in captions:
            caption, credit = lines.split_credit(" ".join(captions.pop(figure)))
            images.append(Image(url=picture.url, caption=caption, credit=credit or apart.get(figure)))
        elif first <= picture.box <= last and _is_shown(outline, picture, main):
            images.append(Image(url=picture.url))
    return tuple(images)


def _signs(text: str) -> bool:
    """Whether a line beside a picture is the author's or a date."""
    return lines.is_byline(text) or datelines.own_line(text, country=None) is not None


def _extent(chosen: Chosen) -> tuple[int, int]:
    """The boxes of the headline (or of the first paragraph without one) and of the last paragraph."""
    kept = [piece.box for piece, reason in chosen if reason is None]
    if not kept:
        return 0, -1
    headed = (piece.box for piece, reason in chosen if reason == "headline" and piece.box < kept[0])
    return max(headed, default=kept[0]), max(kept)


def _is_shown(outline: Outline, picture: Picture, main: frozenset[int]) -> bool:
    """Whether a picture without caption is the article's: nothing between it and the body says furniture."""
    at = picture.box
    while at >= 0 and at not in main:
        if outline.boxes[at].reason not in _OURS:
            return False
        at = outline.boxes[at].parent
    return not _ICON.search(picture.url) and not _is_small(picture.url)


def _is_small(url: str) -> bool:
    found = _SIZE.search(url)
    return found is not None and int(found[1]) < _SMALL and int(found[2]) < _SMALL


def _figure(outline: Outline, box: int) -> int:
    boxes, at = outline.boxes, box
    while at >= 0:
        if boxes[at].tag == "figure":
            return at
        at = boxes[at].parent
    around = boxes[box].parent if box >= 0 else -1
    return around if around >= 0 else box
