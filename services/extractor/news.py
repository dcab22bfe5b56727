"""Which of the deeds that an article tells is its news."""

import math
import re

from services.extractor.listing.merging import Telling
from services.extractor.story.reading import Reading

_WORD = re.compile(r"\w+")
_STEM = 5  # letters: "striking" is told of by "strikes"
_SMALL = 3  # letters: "the", "of"
_LATE = 12  # sentences: as far down as any


def news(told: tuple[Telling, ...], reading: Reading) -> Telling | None:
    """The deed for which most speaks, the first of equals; one that nobody tells as such only where all are such.

    The headline names it or shares its words, it is told soon, likely a deed at all, and people are counted.
    """
    able = tuple(telling for telling in told if not telling.aside) or told
    body = reading.begins
    headline = _stems(" ".join(s.text for s in reading.sentences[:body]))
    return max(able, key=lambda telling: _weight(telling, body, headline, able), default=None)


def _weight(telling: Telling, body: int, headline: frozenset[str], told: tuple[Telling, ...]) -> float:
    """What speaks for a deed; the figures are near those of a logistic model of the annotated news."""
    sentence = telling.sentence
    late = min((n - body for n in telling.told if n >= body), default=_LATE)
    before = sum(t.sentence is sentence and t.trigger.token.i < telling.trigger.token.i for t in told)
    shared = len(headline & _stems(sentence.text)) / max(1, len(headline))
    return (
        3 * telling.confidence
        + 1.5 * (telling.told[0] < body)
        + 1.0 * (late == 0)
        - 0.1 * min(late, _LATE)
        - 0.3 * before
        + 2 * shared
        + math.log1p(len(telling.claims))
    )


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM].lower() for word in _WORD.findall(text) if len(word) > _SMALL)
