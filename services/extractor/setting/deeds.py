"""What the models of a deed's day and of its place share: columns of the deed itself, and the choice."""

import numpy as np

from services import trees
from services.contracts import EventType
from services.extractor.language.triggers import triggers
from services.extractor.listing.merging import Telling
from services.extractor.parser.words import Token
from services.extractor.story.reading import Reading

_KINDS: dict[str, frozenset[EventType]] = {
    "force": frozenset({"ASSAULT"}),
    "mishap": frozenset({"DISASTER", "ACCIDENT"}),
    "crowd": frozenset({"PROTEST"}),
    "move": frozenset({"MOBILIZE", "RETREAT"}),
    "talk": frozenset({"CONSULT"}),
    "blame": frozenset({"ACCUSE", "THREATEN", "REJECT"}),
    "ask": frozenset({"REQUEST"}),
    "agree": frozenset({"AGREE", "SUPPORT", "COOPERATE", "CONCEDE"}),
    "aid": frozenset({"AID"}),
}


def kinds(telling: Telling) -> dict[str, float]:
    """Of which kind the deed is, a column a kind: few types alone have enough examples to learn from."""
    return {name: float(telling.event_type in types) for name, types in _KINDS.items()}


def words_of(telling: Telling, reading: Reading) -> dict[int, Token]:
    """The word that tells the deed in each of its sentences, by the sentence's number."""
    found = {telling.sentence.number: telling.trigger.token}
    for number in telling.told:
        if number not in found:
            kin = (t.token for t in triggers(reading.sentences[number]) if t.entry.event_type == telling.event_type)
            word = next(kin, None)
            found |= {number: word} if word is not None else {}
    return found


def likeliest(model: str, rows: list[list[dict[str, float]]], lead: float) -> list[int | None]:
    """Which of its rows is the likeliest for each deed; None for the last one, which must be likelier by `lead`."""
    if not rows:
        return []
    sums = trees.load("extractor", model).sums(trees.tabled([row for each in rows for row in each]))
    found: list[int | None] = []
    for said in np.split(sums, np.cumsum([len(each) for each in rows])[:-1]):
        best = int(np.argmax([*said[:-1], said[-1] - lead]))
        found.append(best if best < len(said) - 1 else None)
    return found


def exactness(what: str, rows: list[dict[str, float]]) -> list[float]:
    """How likely each chosen one of the `days` or `places` is the one that annotators name, going by its columns."""
    if not rows:
        return []
    return [round(float(likely), 2) for likely in trees.load("extractor", f"exact_{what}").scores(trees.tabled(rows))]
