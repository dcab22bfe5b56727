"""The days of feasts and holidays that news in English name."""

import re
from calendar import monthrange
from datetime import date, timedelta

_FIXED = {
    "christmas eve": (12, 24), "christmas day": (12, 25), "christmas": (12, 25), "boxing day": (12, 26),
    "new year's eve": (12, 31), "new year's day": (1, 1), "new year's": (1, 1), "valentine's day": (2, 14),
    "st. patrick's day": (3, 17), "may day": (5, 1), "bastille day": (7, 14), "independence day": (7, 4),
    "fourth of july": (7, 4), "halloween": (10, 31), "veterans day": (11, 11), "armistice day": (11, 11),
}  # fmt: skip
_FROM_EASTER = {
    "ash wednesday": -46, "palm sunday": -7, "maundy thursday": -3, "holy thursday": -3, "good friday": -2,
    "holy saturday": -1, "easter sunday": 0, "easter monday": 1, "easter": 0, "whit monday": 50,
}  # fmt: skip
# Month, day of the week (0: Monday), which of them in the month (-1: the last).
_NTH = {
    "martin luther king day": (1, 0, 3), "martin luther king jr. day": (1, 0, 3), "presidents day": (2, 0, 3),
    "presidents' day": (2, 0, 3), "mother's day": (5, 6, 2), "memorial day": (5, 0, -1), "father's day": (6, 6, 3),
    "labor day": (9, 0, 1), "columbus day": (10, 0, 2), "thanksgiving day": (11, 3, 4), "thanksgiving": (11, 3, 4),
}  # fmt: skip

NAMES = (
    "(?:"
    + "|".join(re.escape(name) for name in sorted((*_FIXED, *_FROM_EASTER, *_NTH), key=len, reverse=True))
    + r")\b"
)
"""The names as alternatives of a pattern, in lower case."""


def day_of(name: str, year: int) -> date:
    """The day of a feast, by one of NAMES in any case, in that year."""
    name = name.lower().replace("’", "'")
    if name in _FIXED:
        return date(year, *_FIXED[name])
    if name in _FROM_EASTER:
        return easter(year) + timedelta(days=_FROM_EASTER[name])
    month, weekday, nth = _NTH[name]
    length = monthrange(year, month)[1]
    days = [day for day in range(1, length + 1) if date(year, month, day).weekday() == weekday]
    return date(year, month, days[nth if nth < 0 else nth - 1])


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian calendar, after the "anonymous" algorithm (Nature, 20 April 1876)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
