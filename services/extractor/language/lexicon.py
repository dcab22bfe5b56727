"""The words that name events, and which type, mode and recipient go with them."""

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from services.contracts import EventType
from services.extractor.world.gazetteer import numbered_rows

PartOfSpeech = Literal["V", "N"]
HARM = "harm"  # the mode of words for what an assault, accident or disaster did, rather than for the deed itself


@dataclass(frozen=True, slots=True)
class Entry:
    """The row of lexicon.tsv on that line, for one lemma. `company` is empty where the word needs none."""

    lemma: str
    company: frozenset[str]
    event_type: EventType
    mode: str | None
    recipient: tuple[str, ...]
    line: int | None = None


@cache
def entries() -> dict[tuple[PartOfSpeech, str], tuple[Entry, ...]]:
    """The rows by part of speech and lemma, in the order in which they are tried."""
    table: dict[tuple[PartOfSpeech, str], tuple[Entry, ...]] = {}
    for line, (part, lemmas, *rest) in numbered_rows("lexicon.tsv"):
        for lemma in lemmas.split():
            key = cast("PartOfSpeech", part), lemma
            table[key] = (*table.get(key, ()), _entry(lemma, line, rest))
    return {key: tuple(sorted(found, key=lambda entry: not entry.company)) for key, found in table.items()}


def _entry(lemma: str, line: int, rest: list[str]) -> Entry:
    company, event_type, mode, recipient = rest
    return Entry(
        lemma=lemma,
        company=frozenset(() if company == "-" else company.split()),
        event_type=cast("EventType", event_type),
        mode=None if mode == "-" else mode,
        recipient=() if recipient == "-" else tuple(recipient.split(",")),
        line=line,
    )
