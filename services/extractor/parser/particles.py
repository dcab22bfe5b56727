"""Names with particles, "Ursula von der Leyen", in one piece: the recogniser cuts many at a word in lower case."""

from collections.abc import Iterator

from services.extractor.parser.naming import Name
from services.extractor.parser.words import Token

_OF_PEOPLE = frozenset(
    {"von", "van", "der", "den", "ter", "ten", "bin", "ibn", "bint", "ould", "dos", "zu", "zur", "vom"}
)
PARTICLES = _OF_PEOPLE | {"de", "del", "della", "di", "da", "du", "la", "las", "los"}  # of people and of places
_WORDS = frozenset({"van", "bin", "den", "ten"})  # other words too: "in a van Tuesday"


def whole(words: list[Token], names: list[Name]) -> list[Name]:
    """The names of a sentence, those with particles in one piece and called a person's where only people have such."""
    for first, end in _particles(words):
        names = _joined(words, names, first, end)
    return names


def _particles(words: list[Token]) -> Iterator[tuple[int, int]]:
    """First word and end of the particles before each capitalised word."""
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and words[end].lower_ in PARTICLES and (end == at or words[end].text.islower()):
            end += 1
        capital = end > at and words[at].text[0].isupper()
        if end > at + capital and end < len(words) and words[end].text[0].isupper():
            yield at, end
        at = max(end, at + 1)


def _joined(words: list[Token], names: list[Name], first: int, end: int) -> list[Name]:
    before = next((n for n in names if n[0] < first <= n[1] and n[2] == "PERSON"), None)
    inside = [n for n in names if n[0] < end + 1 and n[1] > first]
    given = not inside and before is None and _given_name(words, first, end)
    known = bool(inside) or given
    if before is None and (any(n[0] < first for n in inside) or not _named(words, first, end, known=known)):
        return names
    start = before[0] if before is not None else first - given
    stop = max([end + 1, *(n[1] for n in inside)])
    while stop > end + 1 and words[stop - 1].text.islower():
        stop -= 1  # "von der Leyen ended"
    human = before is not None or any(w.lower_ in _OF_PEOPLE for w in words[first:end]) or not inside
    for word in words[first - given : end]:
        word.tag_ = "NNP"
    label = "PERSON" if human else inside[-1][2]
    return sorted([*(n for n in names if n not in inside and n is not before), (start, stop, label)])


def _given_name(words: list[Token], first: int, end: int) -> bool:
    """As in "Manfred von Richter said", where the model has seen no name."""
    before = words[first - 1] if first else None
    bound = before is not None and before.text[0].isupper() and before.head in words[first : end + 1]
    return bound and all(w.lower_ in _OF_PEOPLE - {"ten"} for w in words[first:end]) and words[end].tag_ == "NNP"


def _named(words: list[Token], first: int, end: int, *, known: bool) -> bool:
    """Whether particles begin a name: one is known or two of them stand there, and no noun of ours."""
    noun = words[first].lower_ in _WORDS and words[first].tag_ != "NNP"
    people = any(w.lower_ in _OF_PEOPLE for w in words[first:end])
    return end - first > 1 and people if noun or not known else True
