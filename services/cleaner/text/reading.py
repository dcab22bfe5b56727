"""What both readers of a page, of HTML and of flattened text, make of it: the article's parts and what was left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from services import dates
from services.cleaner.text.lines import breadth
from services.contracts import BlockKind, Dateline, Image, Removed, RemovedReason

REMOVED_TEXT = 200  # characters of a removed piece that are kept
REMOVED_BYTES = 16 * 1024  # of all removed pieces of a page

_BELOW, _ABOVE = 10, 3  # removed pieces beside the headline


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A block of the body."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A page as its text shows it, before what its metadata say is weighed against it.

    `printed` is the date that the page prints beside the story (also inside the dateline); `signed_off` are the people
    whom the story's end names, or a line beside its date; `summaries`: whether the parts are those of other pages'
    stories, each below a link.
    """

    headline: str | None
    parts: tuple[Part, ...]
    images: tuple[Image, ...] = ()
    removed: tuple[Removed, ...] = ()
    bylines: tuple[str, ...] = ()
    signed_off: tuple[str, ...] = ()
    credit_line: str | None = None
    dateline: Dateline | None = None
    printed: dates.PrintedDate | None = None
    masthead: dates.PrintedDate | None = None
    summaries: bool = False

    @property
    def size(self) -> int:
        """Characters of running text, as many as Latin letters would need."""
        return sum(map(breadth, self.running))

    @property
    def running(self) -> Iterator[str]:
        """The running text, a part at a time."""
        return (part.text for part in self.parts if part.kind != "heading")


def hold(texts: Iterable[str], least: int) -> bool:
    """Whether texts have `least` characters together, counted as `breadth` does: mostly the first few tell."""
    return any(size >= least for size in accumulate(map(breadth, texts)))


def removal(text: str, reason: RemovedReason) -> Removed:
    """A piece that is left out, whole."""
    return Removed(text=" ".join(text.split()), reason=reason)


def beside_headline(removed: tuple[Removed, ...], headline: str | None) -> list[Removed]:
    """The removed pieces that stand next to the headline in the page: ten below it, then three above."""
    marked = (at for at, piece in enumerate(removed) if piece.reason == "headline")
    same = (at for at, piece in enumerate(removed) if piece.text == headline)
    at = next(marked, next(same, None))
    return [] if at is None else [*removed[at + 1 : at + 1 + _BELOW], *removed[max(0, at - _ABOVE) : at]]


def bounded(removed: tuple[Removed, ...]) -> tuple[Removed, ...]:
    """The removed pieces from the top of the page on, cut to 200 characters, each once, as many as 16 KB hold."""
    room, kept, seen = REMOVED_BYTES, [], set()
    for each in removed:
        text, reason = each.text[:REMOVED_TEXT], each.reason
        if not text or (text, reason) in seen:
            continue
        seen.add((text, reason))
        room -= (len(text) if text.isascii() else len(text.encode())) + len(reason)
        if room < 0:
            break
        kept.append(each if len(each.text) <= REMOVED_TEXT else Removed(text=text, reason=reason))
    return tuple(kept)
