"""Day expressions of the news, resolved against the day of the story: "on Saturday", "September 12", "last month"."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.extractor.language.timex import Told, timexes

Precision = Literal["day", "month", "year"]
_CALENDAR = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_WEEK = re.compile(r"(\d{4})-W(\d\d)(-WE)?")
_SEASON_OR_QUARTER = re.compile(r"(\d{4})-(?:SP|SU|FA|WI|Q\d)")
_PRECISIONS: dict[int, Precision] = {10: "day", 7: "month", 4: "year"}
_COMING = re.compile(r"\b(?:next|coming|tomorrow|from (?:now|today))\b", re.IGNORECASE)
_SATURDAY = 6


@dataclass(frozen=True, slots=True)
class Day:
    """A day expression: text[start:end]. `relative` tells whether the anchor was needed."""

    start: int
    end: int
    value: str
    precision: Precision
    relative: bool


def days(text: str, told: Told) -> tuple[Day, ...]:
    """The day expressions of a text in their order, resolved against what was told before it.

    None lies after the day of the story but what says so itself ("next Monday"), unless `told.future`. `value` is
    YYYY-MM-DD, YYYY-MM or YYYY as its precision says. Without a day of the story, only full dates are resolved.
    """
    found, anchor = [], told.anchor
    for timex in timexes(text, told):
        value = _calendar(timex.value)
        coming = told.future or _COMING.search(text[timex.start : timex.end])
        if value is None or (anchor is not None and not coming and value > anchor.isoformat()[: len(value)]):
            continue
        found.append(Day(timex.start, timex.end, value, _PRECISIONS[len(value)], timex.relative))
    return tuple(found)


def _calendar(value: str) -> str | None:
    """A value as the contract has it: a week by its month, a weekend by its Saturday, a season by its year."""
    value = value.partition("T")[0]
    if _CALENDAR.fullmatch(value):
        return value
    if week := _WEEK.fullmatch(value):
        day = date.fromisocalendar(int(week[1]), int(week[2]), _SATURDAY if week[3] else 4)
        return day.isoformat() if week[3] else f"{day:%Y-%m}"
    part = _SEASON_OR_QUARTER.fullmatch(value)
    return part[1] if part else None
