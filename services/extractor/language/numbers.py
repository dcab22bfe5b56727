"""Figures in words and digits: "at least 90", "two dozen", "between 10 and 12", "scores"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from services.extractor.world.gazetteer import words as word_set

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {word: n for n, word in enumerate(_ONES)} | {word: 10 * n for n, word in enumerate(_TENS, 2)} | {"no": 0}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "dozen": 12}
_VAGUE = {"dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2_000, "millions": 2_000_000, "tens": 20}
_TIMES = {"tens": 2, "dozens": 2, "hundreds": 2, "scores": 2}
_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?")
_LARGEST = 10_000_000_000  # more people than there are: no figure of people
_FIRST_YEAR, _LAST_YEAR = 1900, 2100

_MONTHS = word_set("months")
_BEGIN = frozenset({"a", "an", "half", "dozen", "several", "many", *_SMALL, *_VAGUE, *_TIMES})  # a figure in words

# Qualifier -> what becomes of the bounds. Longest first.
_AT_LEAST = ("at least", "more than", "over", "no fewer than", "no less than", "not less than", "upwards of",
             "a minimum of", "in excess of", "above", "passed", "topped", "exceeded", "surpassed")  # fmt: skip
_AT_MOST = ("up to", "as many as", "as high as", "not exceed", "at most", "no more than", "fewer than", "less than",
            "under", "a maximum of")  # fmt: skip
_ABOUT = ("about", "around", "some", "nearly", "almost", "approximately", "roughly", "an estimated", "estimated",
          "close to", "just over", "just under", "or so")  # fmt: skip
_QUALIFIERS = tuple(
    sorted(((tuple(phrase.split()), kind) for kind, phrases in
            (("least", _AT_LEAST), ("most", _AT_MOST), ("about", _ABOUT)) for phrase in phrases),
           key=lambda qualifier: -len(qualifier[0]))
)  # fmt: skip
_HANDED = frozenset((verb, "over") for verb in ("handed", "hand", "handing", "turned", "turning", "took", "taking"))
_QUALIFYING = frozenset(phrase[-1] for phrase, _ in _QUALIFIERS)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of things: words[start:end]. `min` or `max` is None where the text sets no such bound."""

    start: int
    end: int
    min: int | None
    max: int | None
    approx: bool = False
    qualifier: str | None = None

    @property
    def may_be_year(self) -> bool:
        """Whether it is one number, and one that years of the news' own time have."""
        return self.min is not None and self.min == self.max and _FIRST_YEAR <= self.min <= _LAST_YEAR


def figures(words: Sequence[str]) -> tuple[Figure, ...]:
    """Every figure among the words, in their order, with the qualifier before it.

    "at least 90" is 90/None, "up to 30" None/30, "90 to 100" 90/100, "about 50" 50/50 approx, "dozens" 24/None approx.
    """
    return _figures(tuple(word.lower() for word in words))


@lru_cache(maxsize=512)
def _figures(low: tuple[str, ...]) -> tuple[Figure, ...]:
    """The figures among words in lower case; a sentence is asked for its own several times."""
    found, at = [], 0
    while at < len(low):
        begins = low[at] in _BEGIN or low[at][:1].isdecimal()
        figure = (_range(low, at) or _vague(low, at) or _exact(low, at)) if begins else None
        if figure is not None:
            found.append(_qualified(low, figure))
            at = figure.end
        else:
            at += 1
    return tuple(found)


def _exact(words: tuple[str, ...], at: int) -> Figure | None:
    read = _number(words, at)
    if read is None:
        return None
    value, end = read
    return Figure(at, end, value, value)


def _number(words: tuple[str, ...], at: int) -> tuple[int, int] | None:
    """The number that begins there, and where it ends: "two hundred and fifty", "1,200", "1.5 million", "a dozen"."""
    opened = _opening(words, at)
    if opened is None:
        return None
    total, part, end = 0.0, opened[0], opened[1]
    while end < len(words):
        word = words[end]
        step = end + 2 if word in {"and", "-"} else end + 1
        small = words[step - 1] if step <= len(words) else ""
        if word in _SCALES:
            part *= _SCALES[word]
            total, part = (total + part, 0) if _SCALES[word] >= 1_000 else (total, part)  # noqa: PLR2004 - a thousand
            end += 1
        elif _continues(small, part or total):
            part, end = part + _SMALL[small], step
        else:
            break
    value = total + part
    return (int(value), end) if value < _LARGEST else None


def _opening(words: tuple[str, ...], at: int) -> tuple[float, int] | None:
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else ""
    if word in {"a", "an"} and following in _SCALES:
        return 1, at + 1
    third = words[at + 2] if at + 2 < len(words) else ""
    if word == "half" and (third in _SCALES if following == "a" else (following, third) == ("-", "dozen")):
        return 0.5, at + 2
    if word == "dozen" or (word, following) == ("no", "one"):
        return (12, at + 1) if word == "dozen" else (0, at + 2)
    if word in _SMALL and word != "zero" and not (word == "no" and following in {"fewer", "less", "more"}):
        return _SMALL[word], at + 1
    if _DIGITS.fullmatch(word) and (value := float(word.replace(",", ""))) < _LARGEST:
        return (value, at + 1) if value.is_integer() or following in _SCALES else None
    return None


def _continues(word: str, sofar: float) -> bool:
    """Whether a small number goes on a larger one: "two hundred (and) fifty", "twenty-five"; not "two three"."""
    if word not in _SMALL:
        return False
    small = _SMALL[word]
    return small > 0 and sofar >= 20 and sofar % (10 if small < 10 else 100) == 0  # noqa: PLR2004 - decimal digits


def _vague(words: tuple[str, ...], at: int) -> Figure | None:
    word, following = words[at], words[at + 1 : at + 3]
    if word in _TIMES and following[:1] == ("of",) and following[1:] and following[1] in _VAGUE:
        unit = {"tens": 10, "dozens": 12, "hundreds": 100, "scores": 20}[word]
        return Figure(
            at, at + 3, unit * _VAGUE[following[1]], None, approx=True, qualifier=" ".join([word, *following])
        )
    if word in _VAGUE:
        return Figure(at, at + 1, _VAGUE[word], None, approx=True, qualifier=word)
    if word == "several":
        return Figure(at, at + 1, 3, None, approx=True, qualifier=word)
    return _loose(at, (word, *following))


def _loose(at: int, words: tuple[str, ...]) -> Figure | None:
    """As in "a number of", "many others", "a few", "a couple"."""
    if words in {("a", "number", "of"), ("a", "handful", "of")}:
        return Figure(at, at + 3, 3, None, approx=True, qualifier=" ".join(words[:2]))
    if words[:2] in {("many", "others"), ("many", "more")}:
        return Figure(at, at + 1, 3, None, approx=True, qualifier="many")
    if words[:2] == ("a", "few"):
        return Figure(at, at + 2, 3, None, approx=True, qualifier="a few")
    if words[:2] == ("a", "couple"):
        return Figure(at, at + 2, 2, 2, approx=True, qualifier="a couple")
    return None


def _range(words: tuple[str, ...], at: int) -> Figure | None:
    """As in "90 to 100", "between 90 and 100", "90-100": two numbers, the second larger."""
    low = _number(words, at)
    if low is None or low[1] >= len(words):
        return None
    joint, between = words[low[1]], at > 0 and words[at - 1] == "between"
    from_ = at > 0 and words[at - 1] == "from"  # "rose from 9 to 12": no range but a change
    dated = at > 0 and words[at - 1] in _MONTHS  # "since March 30 to 107"
    if from_ or dated or joint not in ({"and"} if between else {"to", "-", "–", "or"}) or low[1] + 1 >= len(words):
        return None
    high = _number(words, low[1] + 1)
    if high is None or high[0] <= low[0]:
        return None
    return Figure(at - between, high[1], low[0], high[0])


def _qualified(words: tuple[str, ...], figure: Figure) -> Figure:
    qualified = figure.start > 0 and words[figure.start - 1] in _QUALIFYING
    qualified = qualified and words[max(0, figure.start - 2) : figure.start] not in _HANDED
    for phrase, kind in _QUALIFIERS if qualified else ():
        start = figure.start - len(phrase)
        if start >= 0 and words[start : figure.start] == phrase:
            return _bounded(replace(figure, start=start, qualifier=" ".join(phrase)), kind)
    behind = words[figure.end : figure.end + 2]
    if behind == ("or", "more"):
        return replace(figure, max=None, qualifier="or more", end=figure.end + 2)
    if behind == ("at", "most"):
        return replace(figure, min=None, qualifier="at most", end=figure.end + 2)
    return figure


def _bounded(figure: Figure, kind: str) -> Figure:
    if kind == "about" or figure.max is None:
        return replace(figure, approx=True)
    if kind == "least":
        return replace(figure, max=None)
    return replace(figure, min=None)
