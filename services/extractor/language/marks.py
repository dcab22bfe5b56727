"""Quotation marks and what stands between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.extractor.language.text import Passage

SHORTEST = 3  # words
_MARKS = re.compile(
    r"[“„](?P<curly>[^“”]+)(?:”|$)"
    r"|«(?P<angle>[^«»]+)»"
    r"|\"(?P<straight>[^\"“”]+)(?:[\"”]|$)"
    r"|``(?P<typeset>(?:[^`']|'(?!'))+)(?:''|$)"
    r"|(?<![\w’])‘(?P<single>(?:[^‘’]|’(?=\w))+)(?:’(?!\w)|$)"
    r"|(?<![\w'])'(?P<typed>(?=\S)(?:[^']|'(?=\w))+)'(?!\w)"
)
_REST = re.compile(r"[^\"“”„«»]*[,.?!][\"”](?!\w)")  # of a quotation that a paragraph's end has cut
_OPENING = ("“", '"', "„", "‘", "``")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation: passage.text[start:end] are the words between the marks."""

    passage: Passage
    start: int
    end: int


def quoted(passages: tuple[Passage, ...]) -> tuple[Quoted, ...]:
    """The quotations of the passages, in their order.

    One that is not closed counts where the next passage opens it anew, or closes it without having opened another.
    """
    following = [passage.text for passage in passages[1:]] + [""]
    found: list[Quoted] = []
    runs_on = False
    for passage, after in zip(passages, following, strict=False):
        rest = _REST.match(passage.text) if runs_on else None
        found += [Quoted(passage, 0, rest.end() - 1)] if rest and _long(rest[0]) else []
        here = list(_in_passage(passage, after, rest.end() if rest else 0))
        runs_on = bool(here) and here[-1].end == len(passage.text) and not after.lstrip().startswith(_OPENING)
        found += here
    return tuple(found)


def _in_passage(passage: Passage, following: str, start: int) -> Iterator[Quoted]:
    for match in _MARKS.finditer(passage.text, start):
        start, end = match.span(match.lastgroup or 0)
        open_ended = end == match.end()
        if open_ended and not (following.lstrip().startswith(_OPENING) or _REST.match(following)):
            continue
        if _long(passage.text[start:end]):
            yield Quoted(passage, start, end)


def _long(words: str) -> bool:
    return len(re.findall(r"\w+(?:[’'-]\w+)*", words)) >= SHORTEST
