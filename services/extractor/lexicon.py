"""The words that name events, and which type, mode and recipient go with them."""

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from services.contracts import EventType
from services.extractor.gazetteer import rows

PartOfSpeech = Literal["V", "N"]
HARM = "harm"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of lexicon.tsv for one lemma. `company` is empty where the word needs none."""

    lemma: str
    company: frozenset[str]
    event_type: EventType
    mode: str | None
    recipient: tuple[str, ...]

    @property
    def harm(self) -> bool:
        """Whether the word names what an assault, accident or disaster did rather than the deed itself."""
        return self.mode == HARM


@cache
def entries() -> dict[tuple[PartOfSpeech, str], tuple[Entry, ...]]:
    """The rows by part of speech and lemma, in the order in which they are tried."""
    table: dict[tuple[PartOfSpeech, str], tuple[Entry, ...]] = {}
    for part, lemmas, company, event_type, mode, recipient in rows("lexicon.tsv"):
        for lemma in lemmas.split():
            key = cast("PartOfSpeech", part), lemma
            table[key] = (*table.get(key, ()), _entry(lemma, company, (event_type, mode, recipient)))
    return {key: tuple(sorted(found, key=lambda entry: not entry.company)) for key, found in table.items()}


def _entry(lemma: str, company: str, rest: tuple[str, str, str]) -> Entry:
    event_type, mode, recipient = rest
    return Entry(
        lemma=lemma,
        company=frozenset(() if company == "-" else company.split()),
        event_type=cast("EventType", event_type),
        mode=None if mode == "-" else mode,
        recipient=() if recipient == "-" else tuple(recipient.split(",")),
    )
