"""What an answer is worth on a labelled page: headline, authors, dates, pieces that must or must not be in the body.

Titles and names count as the label's after folding case, punctuation and spaces; an instant to the minute.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_AUTHORS = re.compile(r";|,| and ")


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a cleaner makes of a page; `published` ISO 8601; None where it does not say such a thing at all."""

    body: str
    title: str | None = None
    authors: tuple[str, ...] | None = None
    published: str | None = None


def verdicts(page: dict[str, Any], answer: Answer) -> Iterator[tuple[str, bool]]:
    """Everything that is labelled beside the body, each with whether the answer says the same."""
    label = page.get("meta") or {}
    if label.get("title"):
        yield "title", folded(label["title"]) == folded(answer.title)
    if wanted := _names(label.get("authors")):
        yield "authors", wanted == {folded(name) for name in answer.authors or () if folded(name)}
    if label.get("date"):
        yield "day", str(label["date"])[:10] == (answer.published or "")[:10]
        if (meant := instant(label["date"])) is not None:
            found = instant(answer.published)
            yield "instant", found is not None and abs(found - meant) <= 60
    body = " ".join(answer.body.split())
    yield from (("with", " ".join(piece.split()) in body) for piece in page.get("with") or ())
    yield from (("without", " ".join(piece.split()) not in body) for piece in page.get("without") or ())


def folded(text: object) -> str:
    """A title or a name without what typography may change."""
    return re.sub(r"\W+", " ", unicodedata.normalize("NFKC", str(text or "")).lower()).strip()


def _names(said: object) -> set[str]:
    parts = said if isinstance(said, list) else _AUTHORS.split(str(said or ""))
    return {folded(part) for part in parts if folded(part)}


def instant(text: str | None) -> float | None:
    """Seconds since 1970 of an ISO 8601 text with an offset; None without one."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment.timestamp() if moment.tzinfo and ":" in str(text) else None
