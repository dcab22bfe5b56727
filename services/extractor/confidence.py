"""How sure it is that a telling is an event which the article reports, and not background, an echo or a slip."""

from dataclasses import replace

from services import trees
from services.extractor.merging import Telling
from services.extractor.reading import Reading
from services.extractor.traits import columns

LEAST = 0.25  # where the F1 of what is listed is highest: what is less sure is no event


def listed(told: tuple[Telling, ...], reading: Reading, least: float) -> tuple[Telling, ...]:
    """The tellings that people would list as events, each with how likely they would, 0 to 1.

    Those from `least` on, and where there is none the likeliest of those that the rules hold for told; of the others
    only those from LEAST on. Small trees say how likely, fitted to annotated articles by
    `python -m services.extractor.training`, which prints how well they hold.
    """
    judged = [replace(t, confidence=c) for t, c in zip(told, confidences(told, reading), strict=True)]
    likeliest = max((t.confidence for t in judged if t.ruled), default=1.0)
    return tuple(t for t in judged if t.confidence >= (min(least, likeliest) if t.ruled else max(least, LEAST)))


def confidences(told: tuple[Telling, ...], reading: Reading) -> tuple[float, ...]:
    """How likely each telling is an event that people would list."""
    found = trees.load("extractor", "listed").scores(columns(told, reading)) if told else ()
    return tuple(round(float(sure), 2) for sure in found)
