"""The headline of a page whose title says the same on every page: a line set apart right above the story."""

from itertools import pairwise

from services.cleaner.body.outline import Outline, Piece
from services.cleaner.text import lines
from services.cleaner.text.datelines import own_line

_TITLED = ("tit", "headline", "heading", "tytul", "zagolovok")
_ABOVE = 5  # pieces: between headline and story stand a day, a signature, a few tools
_TOLD = 60  # characters of a paragraph
_LONG = 240  # characters: a story in one piece
_FEWEST_WORDS, _MOST_WORDS = 3, 30
_ALIKE = 0.5  # the share of its words that a title has on the page where it is no fixed one
_MOSTLY = 0.9
_STOPS = ".。"
_BOXES = 2  # innermost


def printed_above_story(outline: Outline, title: str | None) -> str | None:
    """The line right above the first paragraphs that is a heading, in strong type, named a title or dated.

    None where the title's words stand near there too, for then it is no fixed one.
    """
    pieces = outline.pieces
    told = [at for at, piece in enumerate(pieces) if _tells(piece)]
    beside = [one for one, two in pairwise(told) if two - one <= _BOXES]
    story = next((at for at in told if at in beside or len(pieces[at].text) > _LONG), None)
    if story is None:
        return None
    above = range(max(0, story - _ABOVE), story)
    if title and any(_alike(title, pieces[at].text) for at in above):
        return None
    return next((pieces[at].text for at in reversed(above) if _heads(outline, at)), None)


def _tells(piece: Piece) -> bool:
    return lines.breadth(piece.text) > _TOLD and piece.link_density < 1 - _MOSTLY and lines.is_sentence(piece.text)


def _alike(title: str, text: str) -> bool:
    words = set(lines.folded(title).split())
    return len(words & set(lines.folded(text).split())) > _ALIKE * len(words)


def _heads(outline: Outline, at: int) -> bool:
    piece, below = outline.pieces[at], outline.pieces[at + 1].text
    text = piece.text
    if not _FEWEST_WORDS <= lines.word_count(text) <= _MOST_WORDS or text[-1] in _STOPS or lines.furniture(text):
        return False
    boxes = [outline.boxes[at] for at in outline.lineage(piece.box, most=_BOXES)]
    named = any(word.startswith(_TITLED) for box in boxes for word in box.said.words)
    dated = own_line(below, country=None) is not None
    return named or dated or piece.strong > _MOSTLY * len(text) or boxes[0].tag in {"h1", "h2", "h3", "h4"}
