"""Tells a page that leads to stories from one that tells a story."""

from collections.abc import Sequence
from itertools import pairwise

from services.cleaner.body.outline import Piece
from services.cleaner.text import lines
from services.contracts import RemovedReason

_LIST = 8  # parts from which on titles are a list
_QUESTIONS = "?？؟;:：…"  # what a title ends with as often as a sentence does
_FEW_WORDS = 5  # no more than these: a label, a cry
_MANY_WORDS = 20  # more than these: running text, also where it has no stops, as in Thai
_NEXT_TO_NONE = 0.1  # the share of running text of a list of titles
_SCATTERED = 0.45  # the share it may have where no two paragraphs follow each other: a summary here and there
_TEASERS = 5  # paragraphs from which on each may be a summary
_NEARLY_ALL = 0.95
_WORDS_OF_TITLE = 3
_WORDS_OF_LABEL = 8  # no more than these: a date, a section's name, a signature
_LONGEST_TITLE = 200  # characters
_NEAR = 4  # pieces below its title in which a summary stands, under a date or a section's name
_ALL_LINK = 0.8


def is_list_of_titles(texts: Sequence[str]) -> bool:
    """Whether the parts of a body are titles with hardly a sentence among them: what they head stands elsewhere."""
    if len(texts) < _LIST:
        return False
    told = [_tells(text) for text in texts]
    share = sum(len(text) for text, tells in zip(texts, told, strict=True) if tells) / sum(map(len, texts))
    return share < (_NEXT_TO_NONE if any(one and two for one, two in pairwise(told)) else _SCATTERED)


def _tells(text: str) -> bool:
    if text.count(" ") >= _MANY_WORDS:
        return True
    words = lines.word_count(text)
    sentence = lines.is_sentence(text) and text.rstrip("\"”»')")[-1:] not in _QUESTIONS
    return words > _MANY_WORDS or (sentence and words > _FEW_WORDS)


def are_summaries(chosen: Sequence[tuple[Piece, RemovedReason | None]]) -> bool:
    """Whether each paragraph that is kept stands below a title of its own that is a link: the story is behind it."""
    led: list[bool] = []
    above = _NEAR + 1  # pieces since the last title that no paragraph has taken
    for piece, reason in chosen:
        if piece.link_density > _ALL_LINK and _is_title(piece.text):
            above = 0
            continue
        above += 1
        if reason is None and lines.word_count(piece.text) > _WORDS_OF_LABEL:
            led.append(above <= _NEAR)
            above = _NEAR + 1
            if not led[0]:
                return False
    return len(led) >= _TEASERS and sum(led) >= _NEARLY_ALL * len(led)


def _is_title(text: str) -> bool:
    return lines.word_count(text) >= _WORDS_OF_TITLE and lines.breadth(text) < _LONGEST_TITLE
