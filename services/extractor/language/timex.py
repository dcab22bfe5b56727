"""What time expressions of the news mean, as values of TimeML's TIMEX3: "last week" is 2013-W11, "Friday night" TNI.

Values follow the annotation guidelines of TimeML 1.2.1 (TIMEX3) and TIDES 2005: a value is as fine as what is said
("two weeks ago" is a week, "a year ago" a year), a decade has three digits, PAST_REF and its kin have no date.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from services.extractor.language import feasts
from services.extractor.language.tense import ahead

_STALE = 270  # days: "November 3" in October's news is the one to come
_RECENT = timedelta(days=7)  # a day of the week: it says when something was told, not when it was
_ANY = date(2000, 1, 1)  # for what needs no day of the story
_OLDEST, _NEWEST = 1500, 9000  # no newspaper is older; beyond, the calendar of the standard library ends
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_SATURDAY = 5
_SEASONS = {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"}
_LONG = frozenset({"month", "quarter", "year", "decade", "century"})
_SEASON_STARTS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}  # months
_PARTS = {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI", "midday": "MI", "lunchtime": "MI",
          "overnight": "NI", "dawn": "MO", "daybreak": "MO", "dusk": "EV", "nightfall": "NI"}  # fmt: skip
_COUNTS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_NUMBERS = {word: n for n, word in enumerate(_COUNTS, 1)} | {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "final": 4,
             "last": 4}  # fmt: skip
_TENS = {"twenties": 2, "thirties": 3, "forties": 4, "fifties": 5, "sixties": 6, "seventies": 7, "eighties": 8,
         "nineties": 9}  # fmt: skip

_MONTH = r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"  # noqa: E501 - one alternation
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"
_WEEKDAY = r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_COUNT = (
    rf"(?P<count>\d{{1,3}}|an?|{'|'.join((*_COUNTS, 'thirty', 'forty', 'fifty'))}|a couple of|several|many|some|few)"
)
_UNIT = r"(?P<unit>day|week|month|quarter|year|decade|century|centurie)s?"
_PART = rf"(?P<part>{'|'.join(_PARTS)})"
_SEASON = rf"(?P<season>{'|'.join(_SEASONS)})"
_CUES = {
    "month": frozenset(form for name in _MONTHS for form in (name, name[:3])) | {"sept"},
    "weekday": frozenset(f"{day}{plural}" for day in _WEEKDAYS for plural in ("", "s")),
    "season": frozenset(_SEASONS),
    "unit": frozenset(f"{unit}{plural}" for unit in ("day", "week", "weekend", "month", "quarter", "year", "decade")
                      for plural in ("", "s")) | {"century", "centuries"},
    "year": frozenset(map(str, range(1500, 2100))),
}  # fmt: skip
_VEHICLE = (  # "a 2016 red Chevrolet": no year of a deed
    r"(?:[a-z]+ )?(?i:acura|audi|bmw|buick|cadillac|chev|chrysler|dodge|ford|gmc|harley|honda|hyundai|infiniti|jeep|"
    r"kia|lexus|mazda|mercedes|mercury|mitsubishi|nissan|pontiac|subaru|suzuki|tesla|toyota|volkswagen|volvo|model\b)"
)
_DAY_BEFORE = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?:,? |,? the | \()$")  # "Monday, April 8"
_COMES = re.compile(r"\bcomes?(?: just| only| barely)? $")  # the news does, and it is of the story's day
_WORD = re.compile(r"[a-z]+|\d{4}")
_QUARTER = r"(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th|final|last)[ -]quarter"


@dataclass(frozen=True, slots=True)
class Told:
    """What an expression is resolved against: the day of the story, what was told of last, and whether it lies ahead.

    `last` is the last day told of that was over, `coming` the last to come, `period` the value of the last month,
    quarter, season or year. `future` is None where nothing says so.
    """

    anchor: date | None
    last: date | None = None
    future: bool | None = False
    coming: date | None = None
    period: str | None = None

    def after(self, value: str | None) -> "Told":
        """What the next expression is resolved against, once this value was read."""
        day = _day_of(value)
        if day is None:
            return replace(self, period=value) if _starts(value) is not None else self
        if self.anchor is not None and day > self.anchor:
            return replace(self, coming=day)
        recent = self.anchor is not None and self.anchor - day <= _RECENT
        return replace(self, last=day, period=self.period if recent else None)

    def day(self) -> date | None:
        """The day that "that day" is, or "the next day" follows."""
        return _usable(self.coming if self.future and self.coming else self.last)

    def time(self, unit: str) -> date | None:
        """The day from which so many units are counted: the first of the last period where they are longer."""
        return _usable(_starts(self.period) if unit in _LONG else None) or self.day()


@dataclass(frozen=True, slots=True)
class Timex:
    """An expression: text[start:end]. `relative` tells whether the day of the story was needed."""

    start: int
    end: int
    value: str
    relative: bool


_Read = Callable[[re.Match[str], date, Told], str | None]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A shape of expression and how it is read; `relative` where the day of the story is needed.

    One of the words `cues` stands in whatever has the shape: most texts hold none, and looking is quick.
    """

    pattern: re.Pattern[str]
    read: _Read
    relative: bool = True
    cues: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        named = (_CUES[group] for group in _CUES if group in self.pattern.groupindex)
        object.__setattr__(self, "cues", self.cues or next(named, frozenset()))


@lru_cache(maxsize=512)
def timexes(text: str, told: Told) -> tuple[Timex, ...]:
    """The expressions of a text that stand for a day, week, month, season or year, in their order.

    Without a day of the story, only those that need none.
    """
    anchor = _usable(told.anchor)
    found: list[Timex] = []
    for rule in _able(text):
        for match in rule.pattern.finditer(text):
            if (anchor is None and rule.relative) or any(
                match.start() < t.end and t.start < match.end() for t in found
            ):
                continue
            value = _linked(rule, match, found, told) if rule in _LINKED else _safe(rule, match, anchor or _ANY, told)
            if value is not None:
                found.append(Timex(_start(rule, match), match.end(), value, rule.relative))
    return tuple(sorted(found, key=lambda t: t.start))


@lru_cache(maxsize=512)
def _able(text: str) -> tuple[_Rule, ...]:
    """The rules that may find something in a text, by their cues."""
    words = set(_WORD.findall(text.lower()))
    return tuple(rule for rule in (*_RULES, *_LINKED) if not words.isdisjoint(rule.cues))


def _start(rule: _Rule, match: re.Match[str]) -> int:
    """Where an expression begins: with the day of the week before its date, which is no other day."""
    dated = rule.read in {_month_day, _month_day_year} and match.start() > 0
    named = _DAY_BEFORE.search(match.string, max(0, match.start() - 15), match.start()) if dated else None
    return named.start() if named is not None else match.start()


def _linked(rule: _Rule, match: re.Match[str], found: list[Timex], told: Told) -> str | None:
    """The value of "the next day", "two weeks later", if a day or period from which to count was told of before it."""
    for before in sorted((t for t in found if t.end <= match.start()), key=lambda t: t.start):
        told = told.after(before.value)
    counted = told.time(match["unit"].lower())
    if rule.read is _of_the_clause and (counted is None or _COMES.search(match.string, 0, match.start())):
        counted = _usable(told.anchor)
    return _safe(rule, match, counted, told) if counted is not None else None


def value_of(text: str, start: int, end: int, told: Told) -> str | None:
    """The value of the expression text[start:end]; its tense is that of the words around it. None for no expression."""
    anchor = _usable(told.anchor)
    if anchor is None:
        return next((t.value for t in timexes(text[start:end], told)), None)
    expression = " ".join(text[start:end].replace("’", "'").split())
    told = replace(told, future=ahead(text, start, end))
    return _moment(expression, anchor, told) or _calendar(expression, anchor, told) or _vague(expression)


def _usable(anchor: date | None) -> date | None:
    return anchor if anchor is not None and _OLDEST <= anchor.year <= _NEWEST else None


def _safe(rule: _Rule, match: re.Match[str], anchor: date, told: Told) -> str | None:
    """What the rule reads; nothing for a 30 February, or a day before the calendar begins."""
    try:
        return rule.read(match, anchor, told)
    except (ValueError, OverflowError):
        return None


def _calendar(expression: str, anchor: date, told: Told) -> str | None:
    """The value of an expression's day or period; one that cannot be over is to come."""
    for rule in (*_WHOLE, *_RULES, *_SPARSE):
        match = rule.pattern.search(expression)
        if match is not None:
            value = _safe(rule, match, anchor, told) or _safe(rule, match, anchor, replace(told, future=True))
            if value is not None:
                return value
    return None


def _starts(value: str | None) -> date | None:
    """The first day of a month, quarter, season or year."""
    found = re.fullmatch(r"(\d{4})(?:-(?:(\d\d)|Q([1-4])|(SP|SU|FA|WI)))?", value or "")
    if found is None or not _OLDEST <= int(found[1]) <= _NEWEST:
        return None
    quarter = 3 * int(found[3] or 1) - 2
    return date(int(found[1]), int(found[2] or _SEASON_STARTS.get(found[4], quarter)), 1)


def _day_of(value: str | None) -> date | None:
    try:
        return date.fromisoformat((value or "")[:10]) if value and len(value) >= 10 else None  # noqa: PLR2004 - YYYY-MM-DD
    except ValueError:
        return None


# -- days, weeks, months, years


def _month_number(text: str) -> int:
    return next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(text.lower().rstrip(".")[:3]))


def _iso(match: re.Match[str], _anchor: date, _told: Told) -> str:
    return date(int(match["year"]), int(match["m"]), int(match["d"])).isoformat()


def _numeric(match: re.Match[str], _anchor: date, _told: Told) -> str:
    """American order, unless the first number can be no month."""
    one, two, year = int(match["one"]), int(match["two"]), int(match["three"])
    year += 0 if year >= 100 else 2000 if year < 50 else 1900  # noqa: PLR2004 - "12/10/98"
    return (date(year, two, one) if one > 12 else date(year, one, two)).isoformat()  # noqa: PLR2004 - months


def _month_day_year(match: re.Match[str], _anchor: date, _told: Told) -> str:
    return date(int(match["year"]), _month_number(match["month"]), int(match["day"])).isoformat()


def _month_day(match: re.Match[str], anchor: date, told: Told) -> str | None:
    day = date(anchor.year, _month_number(match["month"]), int(match["day"]))
    if day > anchor and not told.future:
        day = day.replace(year=day.year - 1)
        if (anchor - day).days > _STALE:
            return None
    elif told.future and (anchor - day).days > _STALE:
        day = day.replace(year=day.year + 1)
    return day.isoformat()


def _week_of(match: re.Match[str], anchor: date, told: Told) -> str | None:
    day = _day_of(_month_day(match, anchor, told))
    return _week(day) if day is not None else None


def _month_year(match: re.Match[str], _anchor: date, _told: Told) -> str:
    return f"{match['year']}-{_month_number(match['month']):02d}"


def _month_of(match: re.Match[str], anchor: date, _told: Told) -> str:
    """As in "last March", "next May"."""
    month, which = _month_number(match["month"]), match["which"].lower()
    year = anchor.year - (which == "last" and month >= anchor.month) + (which == "next" and month <= anchor.month)
    return f"{year}-{month:02d}"


def _of_year(match: re.Match[str], anchor: date, _told: Told) -> str:
    """As in "March of this year", "April 6 last year"."""
    year, month = anchor.year + _STEP[match["which"].lower()], _month_number(match["month"])
    day = int(match.groupdict().get("day") or 0)
    known = 0 < day <= monthrange(year, month)[1]  # not "February 29 last year" of 2024
    return date(year, month, day).isoformat() if known else f"{year}-{month:02d}"


def _of_that_year(match: re.Match[str], anchor: date, told: Told) -> str:
    """As in "November of that year": of the year told of last."""
    return f"{(told.time('year') or anchor).year}-{_month_number(match['month']):02d}"


def _weekend(_match: re.Match[str], anchor: date, told: Told) -> str:
    """The weekend that was, or that it is, in the future the one to come."""
    over = anchor.weekday() < _SATURDAY and not told.future
    return _moved(anchor, "weekend", -1 if over else 0)


def _that_month(match: re.Match[str], anchor: date, told: Told) -> str:
    """As in "that September": of the year told of, a later one where the period begins behind it."""
    start, month = told.time("month") or anchor, _month_number(match["month"])
    late = start.month > month and "-" in (told.period or "-")
    return f"{start.year + late}-{month:02d}"


def _month_alone(match: re.Match[str], anchor: date, told: Told) -> str:
    month = _month_number(match["month"])
    if told.future is None:  # the nearest such month
        return _months_on(anchor, (month - anchor.month + 5) % 12 - 5)
    year = anchor.year - (month > anchor.month and not told.future) + (month < anchor.month and told.future)
    return f"{year}-{month:02d}"


def _year_alone(match: re.Match[str], anchor: date, told: Told) -> str | None:
    late = int(match["year"]) > anchor.year and not told.future
    return None if late and told.anchor is not None else match["year"]


def _day_of_month(match: re.Match[str], anchor: date, told: Told) -> str:
    """As in "on the 14th": of the month told of last, or the one before. Raises ValueError for 31 November."""
    base = told.time("month") or anchor
    late = (base.year, base.month, int(match["day"])) > (anchor.year, anchor.month, anchor.day) and not told.future
    return date.fromisoformat(f"{_months_on(base, -1 if late else 0)}-{int(match['day']):02d}").isoformat()


def _numbered_weekday(match: re.Match[str], anchor: date, _told: Told) -> str | None:
    """As in "Thursday (12)", "Friday the 13th": the nearest such day, if one of these weeks has it."""
    wanted = _WEEKDAYS.index(match["weekday"].lower()), int(match["day"])
    near = (anchor + timedelta(days=step) for step in sorted(range(-31, 32), key=abs))
    return next((day.isoformat() for day in near if (day.weekday(), day.day) == wanted), None)


def _weekday(match: re.Match[str], anchor: date, told: Told) -> str:
    """The last such day up to the day of the story, that day itself included; in the future the next."""
    which, wanted = (match.groupdict().get("which") or "").lower(), _WEEKDAYS.index(match["weekday"].lower())
    ago = (anchor.weekday() - wanted) % 7
    if which == "next" or (told.future and ago and which != "last"):
        return (anchor + timedelta(days=7 - ago)).isoformat()
    week_before = which == "last" and ago <= 1  # what was yesterday would be called so
    return (anchor - timedelta(days=ago + 7 * week_before)).isoformat()


def _dated_weekday(match: re.Match[str], anchor: date, _told: Told) -> str:
    """As in "Monday last week", "Friday of this week"."""
    week = anchor - timedelta(days=anchor.weekday()) + timedelta(weeks=_STEP[match["which"].lower()])
    return (week + timedelta(days=_WEEKDAYS.index(match["weekday"].lower()))).isoformat()


_NEAR_DAYS = {"yesterday": -1, "tomorrow": 1, "the day before yesterday": -2, "the day after tomorrow": 2}
_STEP = {"last": -1, "past": -1, "previous": -1, "this": 0, "the current": 0, "current": 0, "the": 0, "next": 1,
         "coming": 1, "following": 1}  # fmt: skip


def _near(match: re.Match[str], anchor: date, _told: Told) -> str:
    return (anchor + timedelta(days=_NEAR_DAYS.get(match.group().lower(), 0))).isoformat()


def _part_of_today(match: re.Match[str], anchor: date, _told: Told) -> str:
    word = match.group().lower()
    back = word.startswith("last")
    part = "NI" if word in {"tonight", "overnight"} else _PARTS[word.rsplit(maxsplit=1)[-1]]
    return f"{anchor - timedelta(days=back)}T{part}"


def _count(match: re.Match[str]) -> int | None:
    word = match["count"].lower()
    if word.isdecimal():
        return int(word)
    return 2 if word == "a couple of" else _NUMBERS.get(word)


def _ago(match: re.Match[str], anchor: date, _told: Told) -> str | None:
    count = _count(match)
    return "PAST_REF" if count is None else _moved(anchor, match["unit"], -count)


def _half_ago(match: re.Match[str], anchor: date, _told: Told) -> str:
    return _moved(anchor, "year", -50 if match["unit"].lower() == "century" else -5)


def _hence(match: re.Match[str], anchor: date, _told: Told) -> str | None:
    count = _count(match)
    return "FUTURE_REF" if count is None else _moved(anchor, match["unit"], count)


def _from_told(match: re.Match[str], anchor: date, told: Told) -> str | None:
    """As in "two days later", "a year earlier", counted from the day told of last."""
    count, unit = _count(match), match["unit"].lower()
    if count is None:
        return None
    count = -count if match["way"].lower() in {"earlier", "before", "previously"} else count
    compared = unit == "year" and "-Q" in (told.period or "")  # with the quarter of that year
    if compared:
        return _moved(_starts(told.period) or anchor, "quarter", 4 * count)
    return _moved(told.time(unit) or anchor, unit, count)


def _of_the_clause(match: re.Match[str], anchor: date, _told: Told) -> str | None:
    """As in "comes a day after rebels seized the town": the day of what the clause tells."""
    count = _count(match)
    if count is None:
        return None
    count, unit = count if match["way"].lower() == "before" else -count, match["unit"].lower()
    return _moved(anchor, "day", 7 * count) if unit == "week" else _moved(anchor, unit, count)


def _year_before(match: re.Match[str], anchor: date, told: Told) -> str:
    """As in "the year-ago quarter", "the same month last year": that of the period told of, a year before."""
    unit, period = match["unit"].lower(), told.period or ""
    if unit == "period":
        unit = "quarter" if "-Q" in period else "month" if _starts(period) and "-" in period else "year"
    start = _starts(period) if (unit == "quarter") == ("-Q" in period) else None
    return _moved(start or anchor, unit, {"quarter": -4, "month": -12}.get(unit, -1))


def _step(match: re.Match[str], anchor: date, _told: Told) -> str | None:
    """As in "last week", "this year", "next month"."""
    return _moved(anchor, match["unit"], _STEP[match["which"].lower()])


def _that(match: re.Match[str], anchor: date, told: Told) -> str | None:
    """As in "that day", "the following year", from the day told of last."""
    step = {"next": 1, "following": 1, "previous": -1, "before": -1, "preceding": -1, "after": 1}
    unit = match["unit"].lower()
    return _moved(told.time(unit) or anchor, unit, step.get(match["which"].lower(), 0))


def _moved(day: date, unit: str, count: int) -> str:
    """The day, week, month, quarter, year, decade or century so many units away."""
    return _UNITS[unit.lower()](day, count)


def _months_on(day: date, count: int) -> str:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return f"{year:04d}-{month + 1:02d}"


def _quarters_on(day: date, count: int) -> str:
    year, quarter = divmod(day.year * 4 + (day.month - 1) // 3 + count, 4)
    return f"{year:04d}-Q{quarter + 1}"


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _days_on(day: date, count: int) -> str:
    return (day + timedelta(days=count)).isoformat()


_UNITS: dict[str, Callable[[date, int], str]] = {
    **dict.fromkeys(("day", "night", "morning", "afternoon", "evening"), _days_on),
    "week": lambda day, count: _week(day + timedelta(weeks=count)),
    "weekend": lambda day, count: f"{_week(day + timedelta(weeks=count))}-WE",
    "month": _months_on,
    "quarter": _quarters_on,
    "year": lambda day, count: f"{day.year + count:04d}",
    "decade": lambda day, count: f"{day.year // 10 + count}",
    "century": lambda day, count: f"{day.year // 100 + count}",
    "centurie": lambda day, count: f"{day.year // 100 + count}",
}


def _season(match: re.Match[str], anchor: date, told: Told) -> str:
    code, which = _SEASONS[match["season"].lower()], (match["which"] or "").lower()
    year = anchor.year
    begun = _SEASON_STARTS[code] <= anchor.month
    if which == "last" or (not which and not told.future):
        year -= not begun
        year -= which == "last" and code == _season_at(anchor)
    elif which == "next" or (not which and told.future):
        year += _SEASON_STARTS[code] + 3 <= anchor.month
    return f"{year}-{code}"


def _season_at(day: date) -> str:
    return ("WI", "SP", "SU", "FA")[day.month % 12 // 3]


def _season_year(match: re.Match[str], _anchor: date, _told: Told) -> str:
    return f"{match['year']}-{_SEASONS[match['season'].lower()]}"


def _quarter_year(match: re.Match[str], anchor: date, _told: Told) -> str:
    year = match["year"] or str(anchor.year + {"last": -1, "next": 1}.get((match["which"] or "").lower(), 0))
    return f"{year}-Q{_ORDINALS[match['nth'].lower()]}"


def _quarter(match: re.Match[str], anchor: date, told: Told) -> str:
    """The latest such quarter that has begun; in the future, the next one."""
    nth = _ORDINALS[match["nth"].lower()]
    now = (anchor.month - 1) // 3 + 1
    year = anchor.year - (nth > now and not told.future) + (nth < now and bool(told.future))
    return f"{year}-Q{nth}"


def _half(match: re.Match[str], anchor: date, _told: Told) -> str:
    return f"{match['year'] or anchor.year}-H{_ORDINALS[match['nth'].lower()]}"


def _decade(match: re.Match[str], _anchor: date, _told: Told) -> str:
    return match["year"][:2] if match["year"].endswith("00") and match["year"] < "2000" else match["year"][:3]


def _short_decade(match: re.Match[str], _anchor: date, _told: Told) -> str:
    ten = match["ten"].lower()
    return f"19{ten[0] if ten[0].isdigit() else _TENS[ten]}"


def _century(match: re.Match[str], _anchor: date, _told: Told) -> str:
    return f"{int(match['n']) - 1:02d}"


def _holiday(match: re.Match[str], anchor: date, told: Told) -> str:
    name = match["holiday"]
    if match["year"]:
        return feasts.day_of(name, int(match["year"])).isoformat()
    near = [feasts.day_of(name, anchor.year + step) for step in (-1, 0, 1)]
    if told.future is None:
        return min(near, key=lambda day: abs(day - anchor)).isoformat()
    return (
        next(day for day in near if day >= anchor) if told.future else max(day for day in near if day <= anchor)
    ).isoformat()


# -- times of day

_CLOCK = re.compile(
    r"\b(?P<h>\d{1,2})(?::(?P<m>\d\d))?(?::(?P<s>\d\d))?\s?(?P<half>[ap])\.?m\b\.?|\b(?P<h2>[01]?\d|2[0-4]):(?P<m2>[0-5]\d)"
    r"(?::(?P<s2>\d\d))?\b|\b(?P<h3>[01]\d|2[0-3])(?P<m3>[0-5]\d)(?= ?(?:GMT|UTC|hours|hrs))|"
    r"\b(?P<word>noon|midnight)\b",
    re.IGNORECASE,
)
_UTC = re.compile(r"\b(?:GMT|UTC)\b")
_PART_WORD = re.compile(rf"\b{_PART}s?\b", re.IGNORECASE)


def _moment(expression: str, anchor: date, told: Told) -> str | None:
    """A value with a time of day, where the expression names one: "Friday night", "10 a.m. on March 3", "midnight"."""
    whole = next((_safe(rule, m, anchor, told) for rule in _TODAY if (m := rule.pattern.search(expression))), None)
    if whole is not None:
        return whole
    clock = _CLOCK.search(expression)
    part = _PART_WORD.search(expression)
    if clock is None and part is None:
        return None
    rest = expression
    for found in (clock, part):
        rest = rest.replace(found.group(), " ") if found is not None else rest
    day = (_calendar(rest, anchor, told) or "")[:10]
    if len(day) < 10:  # noqa: PLR2004 - YYYY-MM-DD
        day = (told.day() or anchor).isoformat()
    if clock is None:
        return f"{day}T{_PARTS[part['part'].lower()]}" if part is not None else None
    return f"{day}T{_read_clock(clock)}{'Z' if _UTC.search(expression) else ''}"


def _read_clock(clock: re.Match[str]) -> str:
    if clock["word"]:
        return "12:00" if clock["word"].lower() == "noon" else "24:00"
    hour = int(clock["h"] or clock["h2"] or clock["h3"])
    minute, second = clock["m"] or clock["m2"] or clock["m3"] or "00", clock["s"] or clock["s2"]
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"].lower() == "p" else 0)
    return f"{hour:02d}:{minute}" + (f":{second}" if second else "")


# -- what has no date

_VAGUE = {
    "PRESENT_REF": r"now|current(?:ly)?|present(?:ly)?|moment|nowadays|these days|so far|right away|to date",
    "FUTURE_REF": r"future|soon|coming|upcoming|later|shortly|eventually|to come|ahead|next (?:few|several|couple)|"
    r"some ?day|one day|imminent",
    "PAST_REF": r"recent(?:ly)?|past|previous(?:ly)?|former(?:ly)?|once|then|earlier|ago|time|long|lately|last|already|"
    r"before|historically|ancient|decades|years",
}


def _vague(expression: str) -> str | None:
    found = (value for value, words in _VAGUE.items() if re.search(rf"\b(?:{words})\b", expression, re.IGNORECASE))
    return next(found, None)


# -- the shapes, the most telling first


def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_ALONE = r"(?=[.,;:!?)]|$| (?:when|in|at|on|by|and|but|with)\b)"  # nothing that it could be an attribute of
_WHICH = r"(?P<which>last|past|this|next|coming|the current|current)"
_TODAY = (
    _Rule(_shape(r"\blast (?:night|evening)\b|\btonight\b|\bovernight\b(?! (?:on |from )?\w+day\b)"), _part_of_today,
          cues=frozenset({"night", "evening", "tonight", "overnight"})),
    _Rule(_shape(r"\bthis (?:morning|afternoon|evening)\b"), _part_of_today,
          cues=frozenset({"morning", "afternoon", "evening"})),
)  # fmt: skip
_RULES: tuple[_Rule, ...] = (
    _Rule(re.compile(r"\b(?P<year>(?:1[5-9]|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b"), _iso, relative=False),
    _Rule(_shape(rf"\b{_MONTH} {_DAY}(?:,|, of| of)? {_YEAR}\b"), _month_day_year, relative=False),
    _Rule(_shape(rf"\b{_DAY}(?: of)? {_MONTH},? {_YEAR}\b"), _month_day_year, relative=False),
    _Rule(re.compile(rf"\b{_MONTH},? (?:of )?{_YEAR}\b"), _month_year, relative=False),
    _Rule(_shape(rf"\b{_MONTH} {_DAY},? (?:of )?(?P<which>this|last|next) year\b"), _of_year),
    _Rule(_shape(rf"\b(?:{_DAY}(?: of)? )?{_MONTH},? (?:of )?(?P<which>this|last|next) year\b"), _of_year),
    _Rule(re.compile(rf"\b{_MONTH},? (?:of )?(?:that(?: same)?|the same) year\b"), _of_that_year),
    _Rule(re.compile(rf"\bweek of {_MONTH} {_DAY}\b"), _week_of),
    _Rule(re.compile(rf"\b{_MONTH} {_DAY}\b(?![:,.]\d)"), _month_day),
    _Rule(re.compile(rf"\b{_DAY}(?: of)? {_MONTH}\b"), _month_day),
    _Rule(re.compile(rf"\b{_WEEKDAY},? (?:\((?=\d+(?:st|nd|rd|th)?\))|the (?=\d+[a-z])){_DAY}\b"), _numbered_weekday),
    _Rule(re.compile(rf"(?<=\b[Oo]n the )(?=\d+[a-z]){_DAY}{_ALONE}(?! and \d)"), _day_of_month,
          cues=frozenset({"st", "nd", "rd", "th"})),
    _Rule(_shape(rf"\b{_WEEKDAY}(?:,| of)? (?P<which>last|this|next) week\b"), _dated_weekday),
    _Rule(_shape(rf"\b(?:(?P<which>last|past|next|this) )?{_WEEKDAY}\b"), _weekday),
    _Rule(re.compile(rf"(?<!on )\b{_WEEKDAY}s(?= [a-z])"), _weekday),  # "Tuesdays strike": many lose the apostrophe
    _Rule(_shape(r"\bthe day (?:before yesterday|after tomorrow)\b"), _near, cues=frozenset({"yesterday", "tomorrow"})),
    _Rule(_shape(r"\b(?:today|yesterday|tomorrow)\b"), _near, cues=frozenset({"today", "yesterday", "tomorrow"})),
    *_TODAY,
    _Rule(_shape(r"\bhalf[ -](?:a )?(?P<unit>decade|century)[ -]ago\b"), _half_ago, cues=frozenset({"ago"})),
    _Rule(_shape(rf"\b{_COUNT} {_UNIT} ago\b"), _ago, cues=frozenset({"ago"})),
    _Rule(_shape(rf"\b{_COUNT} {_UNIT} from (?:now|today)\b"), _hence, cues=frozenset({"now", "today"})),
    _Rule(_shape(rf"\b{_SEASON},? (?:of )?{_YEAR}\b"), _season_year, relative=False),
    _Rule(
        _shape(rf"\b{_QUARTER}(?:,| of| in)?(?: fiscal)? (?:{_YEAR}|(?P<which>this|last|next) year)\b"),
        _quarter_year,
        cues=frozenset({"quarter"}),
    ),
    _Rule(_shape(rf"\b(?P<which>last|this|next) {_SEASON}\b"), _season),
    _Rule(_shape(rf"\b(?P<which>last|next) {_MONTH}\b"), _month_of),
    _Rule(_shape(rf"\b{_WHICH} (?P<unit>weekend|week|month|quarter|year)\b"), _step),
    _Rule(_shape(r"\b(?:at|over|during|on|for) the weekend\b"), _weekend, cues=frozenset({"weekend"})),
    _Rule(  # "a key September meeting": months that are nothing else
        re.compile(r"(?<=[a-z] )(?P<month>January|February|July|September|October|November|December)(?= [a-z])"),
        _month_alone,
    ),
    _Rule(
        re.compile(
            rf"(?:(?<=\b[Ii]n )|(?<=\b[Ss]ince )|(?<=\b[Uu]ntil )|(?<=\bmid-)|(?<=\blate )|(?<=\bearly )){_MONTH}(?!\w)"
        ),
        _month_alone,
    ),
    _Rule(
        re.compile(
            rf"(?:(?<=\b[Ii]n )|(?<=\b[Ss]ince )|(?<=\blate )|(?<=\bearly )|(?<=\bmid-)|(?<=\b[Dd]uring )|"
            rf"(?<!\bhalf of )(?<=\bof )){_YEAR}\b(?!s)(?! [a-z]+s\b)"
        ),
        _year_alone, relative=False,
    ),
    _Rule(
        re.compile(rf"(?:(?<=\b[Tt]he )|(?<=\b[Aa] )(?!\d+ {_VEHICLE})){_YEAR}(?= (?![a-z]+s\b|block\b)[A-Za-z])"),
        _year_alone, relative=False,
    ),
)  # fmt: skip

# What the shapes above would read in part: Good Friday is no Friday, "the same month last year" no year.
_WHOLE: tuple[_Rule, ...] = (
    _Rule(_shape(rf"\b(?P<holiday>{feasts.NAMES})(?:,? (?:of )?{_YEAR}|(?!.*\d))"), _holiday),
    _Rule(_shape(r"\byear[- ](?:ago|earlier) (?P<unit>quarter|month|period)\b"), _year_before),
    _Rule(_shape(r"\bsame (?P<unit>quarter|month|period)(?: of)? "
                 r"(?:last year|the (?:previous|prior) year|a year (?:ago|earlier|before))\b"), _year_before),
)  # fmt: skip

# What counts from a day told of before; what is compared with a time, or stands before a deed, is no day of its own.
_LINKED: tuple[_Rule, ...] = (
    _Rule(_shape(rf"(?<!from )(?<!than )(?<!with )\b{_COUNT} {_UNIT} (?P<way>later|earlier|before|after)\b{_ALONE}"),
          _from_told),
    _Rule(_shape(rf"\bthe {_UNIT} (?P<which>before|after)\b{_ALONE}"), _that),
    _Rule(_shape(rf"(?<=[a-z,] )\b{_COUNT} {_UNIT} (?P<way>after|before)(?= (?!that\b|which\b)\w)"), _of_the_clause),
    _Rule(_shape(r"\b(?:(?:the|that) )?(?:very )?(?P<which>that|same|next|following|previous|preceding) "
                 r"(?P<unit>day|night|morning|afternoon|evening|week|month|year)\b"), _that,
          cues=_CUES["unit"] | {"night", "morning", "afternoon", "evening"}),
)  # fmt: skip

# Shapes that are read only where it is known that a time is told: elsewhere a plain "May" or "1998" may be anything.
_SPARSE: tuple[_Rule, ...] = (
    _Rule(_shape(r"\b(?P<one>\d{1,2})[/.-](?P<two>\d{1,2})[/.-](?P<three>\d{4}|\d\d)\b"), _numeric),
    _Rule(_shape(r"\b9/11\b"), lambda _match, _anchor, _told: "2001-09-11"),
    _Rule(_shape(rf"\b{_COUNT} {_UNIT} (?P<way>later|earlier|before|previously|after)\b"), _from_told),
    _Rule(_shape(rf"\bthe {_UNIT} (?P<which>before|after)\b"), _that),
    _Rule(_shape(r"\b(?P<which>that|the same|same|next|following|previous|preceding|that very|the very) "
                 r"(?P<unit>day|weekend|week|month|quarter|year|decade|century)\b"), _that),
    _Rule(_shape(rf"\bQ(?P<nth>[1-4])\b(?: (?:of )?{_YEAR})?"),
          lambda m, anchor, _told: f"{m['year'] or anchor.year}-Q{m['nth']}"),
    _Rule(_shape(rf"\b{_QUARTER}\b"), _quarter),
    _Rule(_shape(rf"\b(?P<nth>first|second|1st|2nd) half(?:,? of)?(?: {_YEAR})?"), _half),
    _Rule(_shape(r"(?<!\d)(?P<year>(?:1[5-9]|20)\d0)['’]?s\b"), _decade),
    _Rule(_shape(r"(?<!\d)['’]?(?P<ten>[2-9]0)s\b"), _short_decade),
    _Rule(_shape(rf"\b(?P<ten>{'|'.join(_TENS)})\b"), _short_decade),
    _Rule(_shape(r"\b(?P<n>\d\d?)(?:st|nd|rd|th)[ -]century\b"), _century),
    _Rule(_shape(r"\b(?P<which>last|past|previous|this|next|current|coming) (?P<unit>decade|century)\b"), _step),
    _Rule(_shape(rf"\bin {_COUNT} {_UNIT}(?:' time)?\b"), _hence),
    _Rule(_shape(rf"(?P<which>){_SEASON}\b"), _season),
    _Rule(_shape(rf"\bthat {_MONTH}(?!\w)"), _that_month),
    _Rule(_shape(rf"(?<!\w){_MONTH}(?!\w)"), _month_alone),
    _Rule(_shape(rf"(?<!\d){_YEAR}(?!\d)"), lambda m, _anchor, _told: m["year"]),
    _Rule(_shape(r"\bthe weekend\b"), _weekend, cues=frozenset({"weekend"})),
    _Rule(_shape(r"\b(?P<which>the) (?P<unit>day|week|month|quarter|year|decade|century)\b(?!s)"), _step),
)  # fmt: skip
