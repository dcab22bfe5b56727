"""What both readers of a page, of HTML and of flattened text, make of it: the article's parts and what was left out."""

from dataclasses import dataclass

from services import dates
from services.contracts import BlockKind, Dateline, Image, Removed, RemovedReason

REMOVED_TEXT = 200  # characters of a removed piece that are kept
REMOVED_BYTES = 16 * 1024  # of all removed pieces of a page


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A block of the body."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A page as its text shows it, before what its metadata say is weighed against it.

    `printed` is the date that the page prints beside the story (also inside the dateline).
    """

    headline: str | None
    parts: tuple[Part, ...]
    images: tuple[Image, ...] = ()
    removed: tuple[Removed, ...] = ()
    bylines: tuple[str, ...] = ()
    credit_line: str | None = None
    dateline: Dateline | None = None
    printed: dates.PrintedDate | None = None


def removal(text: str, reason: RemovedReason) -> Removed:
    """A piece that is left out, whole."""
    return Removed(text=" ".join(text.split()), reason=reason)


def bounded(removed: tuple[Removed, ...]) -> tuple[Removed, ...]:
    """The removed pieces from the top of the page on, cut to 200 characters, each once, as many as 16 KB hold."""
    room, kept, seen = REMOVED_BYTES, [], set()
    for each in removed:
        text, reason = each.text[:REMOVED_TEXT], each.reason
        if not text or (text, reason) in seen:
            continue
        seen.add((text, reason))
        room -= len(text.encode()) + len(reason)
        if room < 0:
            break
        kept.append(each if len(each.text) <= REMOVED_TEXT else Removed(text=text, reason=reason))
    return tuple(kept)
