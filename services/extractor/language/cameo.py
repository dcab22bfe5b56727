"""CAMEO's code of an event, where it follows from the event's type, mode and word."""

from functools import cache

from services.contracts import EventType
from services.extractor.world.gazetteer import rows

_ANY = "-"


def cameo(event_type: EventType, mode: str | None, lemma: str | None) -> str | None:
    """The code, of three or four digits; None where several would fit or none does.

    Schrodt, CAMEO Event and Actor Codebook 1.1b3 (2012); PLOVER's types are its top level, told anew.
    """
    for of_mode, lemmas, code in _codes().get(event_type, ()):
        if of_mode in {_ANY, mode} and (lemmas == {_ANY} or lemma in lemmas):
            return code
    return None


@cache
def _codes() -> dict[str, tuple[tuple[str, frozenset[str], str], ...]]:
    """The rows of each type, in the order in which they are tried."""
    table: dict[str, tuple[tuple[str, frozenset[str], str], ...]] = {}
    for event_type, mode, lemmas, code, _ in rows("cameo.tsv"):
        table[event_type] = (*table.get(event_type, ()), (mode, frozenset(lemmas.split()), code))
    return table
