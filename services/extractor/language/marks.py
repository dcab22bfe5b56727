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
_OPENING = ("“", '"', "„", "‘", "``")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation: passage.text[start:end] are the words between the marks."""

    passage: Passage
    start: int
    end: int


def quoted(passages: tuple[Passage, ...]) -> tuple[Quoted, ...]:
    """The quotations of the passages, in their order. One that is not closed counts where the next passage goes on."""
    following = [passage.text for passage in passages[1:]] + [""]
    found = [q for passage, after in zip(passages, following, strict=False) for q in _in_passage(passage, after)]
    return tuple(found)


def _in_passage(passage: Passage, following: str) -> Iterator[Quoted]:
    for match in _MARKS.finditer(passage.text):
        start, end = match.span(match.lastgroup or 0)
        open_ended = end == match.end()
        if open_ended and not following.lstrip().startswith(_OPENING):
            continue
        if len(re.findall(r"\w+(?:[’'-]\w+)*", passage.text[start:end])) >= SHORTEST:
            yield Quoted(passage, start, end)
