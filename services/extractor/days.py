"""Day expressions of the news, resolved against the day of the story: "on Saturday", "September 12", "last month"."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

_STALE = 270  # days: "November 3" in October's news is the one to come
_OLDEST, _NEWEST = 1500, 9000  # no newspaper is older; beyond, the calendar of the standard library ends
Precision = Literal["day", "month", "year"]
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MONTH = r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"  # noqa: E501 - one alternation
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {word: n for n, word in enumerate(_COUNTS, 1)} | {"a": 1}


@dataclass(frozen=True, slots=True)
class Day:
    """A day expression: text[start:end]. `relative` tells whether the anchor was needed."""

    start: int
    end: int
    value: str
    precision: Precision
    relative: bool


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], date | None, bool], tuple[str, Precision, bool] | None]


def days(text: str, anchor: date | None, *, future: bool = False) -> tuple[Day, ...]:
    """The day expressions of a text in their order. Without `future`, none lies after the anchor.

    `value` is YYYY-MM-DD, YYYY-MM or YYYY as its precision says. Without an anchor, only full dates are resolved.
    """
    if anchor is not None and not _OLDEST <= anchor.year <= _NEWEST:
        anchor = None
    found: list[Day] = []
    for rule in _RULES:
        for match in rule.pattern.finditer(text):
            if any(match.start() < d.end and d.start < match.end() for d in found):
                continue
            read = rule.read(match, anchor, future)
            if read is not None:
                found.append(Day(match.start(), match.end(), *read))
    return tuple(sorted(found, key=lambda d: d.start))


def _iso(match: re.Match[str], _anchor: date | None, _future: bool) -> tuple[str, Precision, bool] | None:  # noqa: FBT001 - a rule's shape
    return _full(int(match["year"]), int(match["month"]), int(match["day"]))


def _full(year: int, month: int, day: int) -> tuple[str, Precision, bool] | None:
    try:
        return date(year, month, day).isoformat(), "day", False
    except ValueError:
        return None


def _month_number(text: str) -> int:
    return next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(text.lower().rstrip(".")[:3]))


def _month_day_year(match: re.Match[str], _anchor: date | None, _future: bool) -> tuple[str, Precision, bool] | None:  # noqa: FBT001 - a rule's shape
    return _full(int(match["year"]), _month_number(match["month"]), int(match["day"]))


def _month_day(match: re.Match[str], anchor: date | None, future: bool) -> tuple[str, Precision, bool] | None:  # noqa: FBT001 - a rule's shape
    if anchor is None:
        return None
    try:
        day = date(anchor.year, _month_number(match["month"]), int(match["day"]))
        if day > anchor and not future:
            day = day.replace(year=day.year - 1)
            if (anchor - day).days > _STALE:
                return None
    except ValueError:
        return None
    return day.isoformat(), "day", True


def _month_year(match: re.Match[str], _anchor: date | None, _future: bool) -> tuple[str, Precision, bool] | None:  # noqa: FBT001 - a rule's shape
    return f"{match['year']}-{_month_number(match['month']):02d}", "month", False


def _month_alone(match: re.Match[str], anchor: date | None, future: bool) -> tuple[str, Precision, bool] | None:  # noqa: FBT001 - a rule's shape
    if anchor is None:
        return None
    month = _month_number(match["month"])
    year = anchor.year - (month > anchor.month and not future)
    return f"{year}-{month:02d}", "month", True


def _year_alone(match: re.Match[str], anchor: date | None, future: bool) -> tuple[str, Precision, bool] | None:  # noqa: FBT001 - a rule's shape
    if anchor is not None and int(match["year"]) > anchor.year and not future:
        return None
    return match["year"], "year", False


def _weekday(match: re.Match[str], anchor: date | None, future: bool) -> tuple[str, Precision, bool] | None:  # noqa: FBT001 - a rule's shape
    """The last such day up to the anchor, which may be the anchor itself; with "next", or in the future, the next."""
    if anchor is None:
        return None
    which, wanted = (match["which"] or "").lower(), _WEEKDAYS.index(match["weekday"].lower())
    ago = (anchor.weekday() - wanted) % 7
    if which == "next" or (future and which != "last"):
        day = anchor + timedelta(days=7 - ago)
    else:
        day = anchor - timedelta(days=7 if which == "last" and ago == 0 else ago)
    return day.isoformat(), "day", True


def _near(match: re.Match[str], anchor: date | None, _future: bool) -> tuple[str, Precision, bool] | None:  # noqa: FBT001 - a rule's shape
    if anchor is None:
        return None
    word = match.group().lower()
    shift = -1 if word == "yesterday" else 1 if word == "tomorrow" else 0
    return (anchor + timedelta(days=shift)).isoformat(), "day", True


def _ago(match: re.Match[str], anchor: date | None, _future: bool) -> tuple[str, Precision, bool] | None:  # noqa: FBT001 - a rule's shape
    if anchor is None:
        return None
    word = match["count"].lower()
    count = int(word) if word.isdecimal() else _NUMBERS.get(word)
    if count is None:
        return None
    if match["unit"].lower() == "day":
        return (anchor - timedelta(days=count)).isoformat(), "day", True
    return str(anchor.year - count), "year", True


def _last(match: re.Match[str], anchor: date | None, _future: bool) -> tuple[str, Precision, bool] | None:  # noqa: FBT001 - a rule's shape
    """As in "last week", "this year": a week is told by its month, the finest that the contract has for it."""
    if anchor is None:
        return None
    this, unit = match["which"].lower() == "this", match["unit"].lower()
    if unit == "year":
        return str(anchor.year - (not this)), "year", True
    back = {"week": 7, "month": anchor.day}[unit] * (not this)
    return f"{anchor - timedelta(days=back):%Y-%m}", "month", True


_I = re.IGNORECASE
_RULES: tuple[_Rule, ...] = (
    _Rule(re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b"), _iso),
    _Rule(re.compile(rf"\b{_MONTH} {_DAY},? {_YEAR}\b", _I), _month_day_year),
    _Rule(re.compile(rf"\b{_DAY}(?: of)? {_MONTH},? {_YEAR}\b", _I), _month_day_year),
    _Rule(re.compile(rf"\b{_MONTH},? {_YEAR}\b"), _month_year),
    _Rule(re.compile(rf"\b{_MONTH} {_DAY}\b(?![:,.]\d)"), _month_day),
    _Rule(re.compile(rf"\b{_DAY}(?: of)? {_MONTH}\b"), _month_day),
    _Rule(re.compile(rf"\b(?:(?P<which>last|next|this) )?(?P<weekday>{'|'.join(_WEEKDAYS)})\b", _I), _weekday),
    _Rule(re.compile(r"\b(?:today|yesterday|tomorrow|tonight|this (?:morning|afternoon|evening))\b", _I), _near),
    _Rule(re.compile(r"\b(?P<count>\d{1,2}|[a-z]+) (?P<unit>day|year)s? ago\b", _I), _ago),
    _Rule(re.compile(r"\b(?P<which>last|this) (?P<unit>week|month|year)\b", _I), _last),
    _Rule(
        re.compile(
            rf"(?:(?<=\b[Ii]n )|(?<=\b[Ss]ince )|(?<=\b[Ll]ast )|(?<=\bmid-)|(?<=\blate )|(?<=\bearly )){_MONTH}\b"
        ),
        _month_alone,
    ),
    _Rule(re.compile(rf"(?:(?<=\b[Ii]n )|(?<=\b[Ss]ince )|(?<=\blate )|(?<=\bearly )){_YEAR}\b"), _year_alone),
)
