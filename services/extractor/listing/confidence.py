"""How sure it is that a telling is an event which the article reports, and not background, an echo or a slip."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from services import trees
from services.extractor.listing.asked import without_asked
from services.extractor.listing.merging import Telling
from services.extractor.listing.traits import columns
from services.extractor.story.reading import Reading
from services.trees import Column

LEAST = 0.25  # where the F1 of what is listed is highest on unseen articles: what is less sure is no event
_BRIEF = 5  # sentences of a body that hardly stands there to report nothing


def listed(told: tuple[Telling, ...], reading: Reading, least: float) -> tuple[Telling, ...]:
    """The tellings that people would list as events, each with how likely they would, 0 to 1.

    Small trees say how likely, fitted to annotated articles by `python -m services.extractor.training.listing`,
    which prints how well they hold.
    """
    if not told:
        return ()
    sure = np.round(trees.load("extractor", "listed").scores(columns(told, reading)), 2)
    length = sum(sentence.passage.at == "/body" for sentence in reading.sentences)
    kept = chosen(sure, np.array([t.ruled for t in told]), least, length)
    return without_asked(
        tuple(replace(t, confidence=float(c)) for t, c, keep in zip(told, sure, kept, strict=True) if keep)
    )


def chosen(sure: Column, ruled: NDArray[np.bool_], least: float, length: int) -> NDArray[np.bool_]:
    """Which tellings are listed: the sure ones, or if none is, the likeliest of those that the rules hold for told.

    What the rules do not hold for told seldom names its parties: it is never listed below LEAST, nor is the likeliest
    of more than a few sentences (`length`), which may as well report nothing: features and reviews do.
    """
    likeliest = sure[ruled].max(initial=0.0 if length <= _BRIEF else LEAST)
    return np.asarray(sure >= np.where(ruled, min(least, likeliest), max(least, LEAST)))
