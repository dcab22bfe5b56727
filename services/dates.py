"""Dates and times as papers print them, to ISO 8601: "Sep 18, 2016, 01.57 PM (IST)" is 2016-09-18T13:57:00+05:30."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from importlib import resources
from typing import Literal
from zoneinfo import ZoneInfo

LONGEST_INPUT = 2_000  # characters that are looked at: a printed date stands in a line, not in a chapter

# One line a language: the twelve months as written out. Three letters of a name are read as the name where no other
# month begins with them.
_MONTH_NAMES = """
january february march april may june july august september october november december
januar februar märz april mai juni juli august september oktober november dezember
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
januari februari maart april mei juni juli augustus september oktober november december
januari februari mars april maj juni juli augusti september oktober november december
januar februar mars april mai juni juli august september oktober november desember
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
ledna února března dubna května června července srpna září října listopadu prosince
januari februari maret april mei juni juli agustus september oktober november desember
січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου
يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
"""
_EXTRA_MONTHS = {"sept": 9, "fév": 2, "juil": 7, "jänner": 1, "mrt": 3}
# Of these only whole names: their abbreviations mean other months elsewhere.
_WHOLE_NAMES = """
januar februar marts april maj juni juli august september oktober november december
tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta \
heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta
január február március április május június július augusztus szeptember október november december
януари февруари март април май юни юли август септември октомври ноември декември
जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर
"""

_WEEKDAYS = """
montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi
dimanche lunes martes miércoles jueves viernes sábado domingo lunedì martedì mercoledì giovedì venerdì sabato domenica
segunda-feira terça-feira quarta-feira quinta-feira sexta-feira maandag dinsdag woensdag donderdag vrijdag zaterdag
zondag måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag senin selasa rabu kamis jumat
sabtu minggu pazartesi salı çarşamba perşembe cuma cumartesi pazar poniedziałek wtorek środa czwartek piątek sobota
niedziela понедельник вторник среда четверг пятница суббота воскресенье
"""
WEEKDAYS = tuple(_WEEKDAYS.split())
"""The days of the week in other languages than English, as written out, in lower case."""

# Where 12/10 is in December (Unicode CLDR's short dates).
_MONTH_FIRST = frozenset({"US", "PH", "PR", "GU", "VI", "AS", "MP", "UM", "FM", "MH", "PW"})

# What an abbreviation means: an offset, or a zone where the offset depends on the day. A country (ISO 3166-1 alpha-2)
# stands before the general meaning "*": the same three letters are printed in Mumbai, Tel Aviv and Dublin.
# Offsets from the tz database's own abbreviations; "ET" and its kin are what American papers print all year.
_ZONES: dict[str, dict[str, str]] = {
    "UTC": {"*": "+00:00"}, "GMT": {"*": "+00:00"}, "Z": {"*": "+00:00"}, "UT": {"*": "+00:00"},
    "BST": {"*": "+01:00", "BD": "+06:00"}, "WET": {"*": "+00:00"}, "WEST": {"*": "+01:00"},
    "CET": {"*": "+01:00"}, "CEST": {"*": "+02:00"}, "MEZ": {"*": "+01:00"}, "MESZ": {"*": "+02:00"},
    "EET": {"*": "+02:00"}, "EEST": {"*": "+03:00"}, "MSK": {"*": "+03:00"}, "TRT": {"*": "+03:00"},
    "IST": {"*": "+05:30", "IL": "Asia/Jerusalem", "IE": "Europe/Dublin"}, "IDT": {"*": "+03:00"},
    "AST": {"*": "-04:00", "SA": "+03:00", "IQ": "+03:00", "KW": "+03:00", "QA": "+03:00", "BH": "+03:00"},
    "ADT": {"*": "-03:00"}, "GST": {"*": "+04:00"}, "IRST": {"*": "+03:30"}, "IRDT": {"*": "+04:30"},
    "AFT": {"*": "+04:30"}, "PKT": {"*": "+05:00"}, "NPT": {"*": "+05:45"}, "MMT": {"*": "+06:30"},
    "ICT": {"*": "+07:00"}, "WIB": {"*": "+07:00"}, "WITA": {"*": "+08:00"}, "WIT": {"*": "+09:00"},
    "SGT": {"*": "+08:00"}, "HKT": {"*": "+08:00"}, "MYT": {"*": "+08:00"}, "PHT": {"*": "+08:00"},
    "JST": {"*": "+09:00"}, "KST": {"*": "+09:00"},
    "CST": {"*": "-06:00", "CN": "+08:00", "TW": "+08:00", "CU": "-05:00"}, "CDT": {"*": "-05:00"},
    "AWST": {"*": "+08:00"}, "ACST": {"*": "+09:30"}, "ACDT": {"*": "+10:30"},
    "AEST": {"*": "+10:00"}, "AEDT": {"*": "+11:00"}, "NZST": {"*": "+12:00"}, "NZDT": {"*": "+13:00"},
    "EST": {"*": "-05:00", "AU": "Australia/Sydney"}, "EDT": {"*": "-04:00", "AU": "+11:00"},
    "ET": {"*": "America/New_York"}, "CT": {"*": "America/Chicago"}, "MT": {"*": "America/Denver"},
    "PT": {"*": "America/Los_Angeles"}, "MST": {"*": "-07:00"}, "MDT": {"*": "-06:00"},
    "PST": {"*": "-08:00", "PH": "+08:00"}, "PDT": {"*": "-07:00"}, "AKST": {"*": "-09:00"}, "AKDT": {"*": "-08:00"},
    "HST": {"*": "-10:00"}, "NST": {"*": "-03:30"}, "NDT": {"*": "-02:30"},
    "BRT": {"*": "-03:00"}, "ART": {"*": "-03:00"}, "CLT": {"*": "-04:00"}, "CLST": {"*": "-03:00"},
    "COT": {"*": "-05:00"}, "PET": {"*": "-05:00"}, "VET": {"*": "-04:00"},
    "EAT": {"*": "+03:00"}, "CAT": {"*": "+02:00"}, "WAT": {"*": "+01:00"}, "SAST": {"*": "+02:00"},
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedDate:
    """A date found in a text: `text == source[start:end]`.

    `value` is ISO 8601, as precise as printed: "2016-09-18", "2016-09-18T13:57:00" (no zone printed: precision
    "local") or "2016-09-18T13:57:00+05:30" (precision "instant").
    """

    value: str
    precision: Literal["day", "local", "instant"]
    text: str
    start: int
    end: int

    @property
    def day(self) -> date:
        """The day as printed."""
        return date.fromisoformat(self.value[:10])

    @property
    def moment(self) -> datetime:
        """An aware datetime: the instant itself; where no zone (no time) was printed, the time (midnight) as if UTC."""
        read = datetime.fromisoformat(self.value)
        return read if read.tzinfo else read.replace(tzinfo=UTC)


@cache
def _months() -> dict[str, int]:
    """Every way to write a month, lower case without a full stop, to its number."""
    named: dict[str, set[int]] = {}
    for line in _MONTH_NAMES.split("\n"):
        for number, name in enumerate(line.split(), start=1):
            for word in {name, name[:3], name[:4]}:
                named.setdefault(word, set()).add(number)
    whole = {name: number for line in _WHOLE_NAMES.split("\n") for number, name in enumerate(line.split(), start=1)}
    return whole | {word: min(numbers) for word, numbers in named.items() if len(numbers) == 1} | _EXTRA_MONTHS


def month_number(word: str) -> int | None:
    """1 to 12 for a month's name or abbreviation in one of 23 languages, in any case, with or without a dot."""
    return _months().get(word.lower().rstrip("."))


_MONTH = r"(?P<month>[^\W\d_]{3,12})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º)?\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?:\s?г\.)?"
_HALVES = {"上午": "am", "午前": "am", "오전": "am", "下午": "pm", "午後": "pm", "午后": "pm", "오후": "pm"}
_PM = r"(?P<half>[AaPp]\.?\s?[Mm]\b\.?)"
_ZONE = r"(?:\(?(?:GMT|UTC)?\s?(?P<offset>[+\-−]\d{1,2}(?::?\d{2})?)\b\)?|\(?\b(?P<zone>[A-Z]{1,4})\b\)?)"
_CLOCK = (
    rf"(?P<hour>\d{{1,2}})(?:(?:[:.h]|\s?Uhr\s?|[時时点點시]\s?)(?P<minute>\d{{2}})[分분]?(?::(?P<second>\d{{2}}))?"
    rf"(?:\s?{_PM})?|\s?{_PM.replace('half', 'half2')})"
    rf"(?:\s?(?:Uhr|hrs|uur)\b)?(?:\s?{_ZONE})?"
)
_JOIN = r"(?:[\s,|·•/–—-]|\bat\b|\bon\b|\bum\b|\bà\b|\ba las\b|\balle\b|\bás\b|\bàs\b|\bkl\b\.?|\bom\b|\bв\b){0,8}?"
_ISO = re.compile(
    r"(?<![\d-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?"
    r"\s?(?P<offset>Z|[+\-−]\d\d(?::?\d\d)?)?(?![\d:]))?(?!\d)"
)
_NUMERIC = re.compile(
    rf"(?<![\d./-])(?P<one>\d{{1,2}})(?P<mark>[/-]|\.\s?)(?P<two>\d{{1,2}})(?P=mark){_YEAR}(?![\d/-])"
)
_NAMED_MONTH = (
    re.compile(rf"(?<![\w]){_MONTH}\s?{_DAY}(?:(?:,|\s|\s?/)\s*|(?<=\s\d\d)){_YEAR}(?!\d)"),
    re.compile(rf"(?<![\d:.]){_DAY}(?:\s|-|/)?\s?(?:de\s|of\s)?{_MONTH}(?:,|\s|-|/)?\s?(?:de\s|del\s)?{_YEAR}(?!\d)"),
)
_YEAR_FIRST = (
    re.compile(rf"(?<!\d){_YEAR}\.\s{_MONTH}\s{_DAY}"),
    re.compile(rf"(?<!\d){_YEAR}\s?[年.-]\s?(?P<month>\d{{1,2}})\s?[月.-]\s?(?P<day>\d{{1,2}})(?:\s?日|(?!\d))"),
    re.compile(rf"(?<!\d){_YEAR}/(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}-(?P<month>[^\W\d_]{{3,9}})-{_DAY}(?!\d)"),
)
_SHAPES = (_ISO, _NUMERIC, *_NAMED_MONTH, *_YEAR_FIRST)
_MARKS = re.compile("[-./年]")  # in every date but those with the month's name behind or before the day
_CENTURY = re.compile(r"(?:19|20)\d\d")  # in every date, so that most lines are read no further
_AFTER = re.compile(rf"{_JOIN}(?:(?P<half3>{'|'.join(_HALVES)})\s?)?{_CLOCK}")
_LONGEST_CLOCK = 40  # characters before a date in which its time is sought
_BEFORE = re.compile(rf"(?<![\d:.]){_CLOCK}{_JOIN}(?:[^\W\d_]{{3,10}}{_JOIN})?$")


def zone(abbreviation: str, country: str | None) -> tzinfo | None:
    """What a printed zone means in a paper of that country (ISO 3166-1 alpha-2, or None); None for an unknown one."""
    meant = _ZONES.get(abbreviation.upper())
    if meant is None:
        return None
    where = meant.get(country or "*", meant["*"])
    return _offset(where) if where[0] in "+-" else ZoneInfo(where)


def _offset(text: str) -> tzinfo | None:
    """A fixed offset from "+05:30", "+0530", "-5" or "Z"; None where it is none (over 14 hours)."""
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)  # noqa: PLR2004 - +05 against +0530
    span = timedelta(hours=hours, minutes=minutes)
    if span > timedelta(hours=14) or minutes > 59:  # noqa: PLR2004 - no zone lies further east than +14:00
        return None
    return timezone(span if text[0] == "+" else -span)


# Countries whose people live by one clock, but for some islands or a second one that no paper prints.
_MAIN_ZONES = {"CL": "America/Santiago", "CN": "Asia/Shanghai", "EC": "America/Guayaquil", "ES": "Europe/Madrid",
               "NZ": "Pacific/Auckland", "PT": "Europe/Lisbon", "UA": "Europe/Kyiv"}  # fmt: skip


@cache
def _zones_of(country: str) -> tuple[ZoneInfo, ...]:
    """The zones of a country (ISO 3166-1 alpha-2) by which its papers print, from the tz database's own table."""
    if country in _MAIN_ZONES:
        return (ZoneInfo(_MAIN_ZONES[country]),)
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line.startswith(f"{country}\t"))
    return tuple(ZoneInfo(row[2]) for row in rows)


def moment_in(read: PrintedDate, country: str | None) -> datetime:
    """The instant of a date; a time without zone is the country's, where its clocks agree on that day, else UTC."""
    local = datetime.fromisoformat(read.value)
    if local.tzinfo or read.precision == "day" or country is None:
        return read.moment
    meant = {local.replace(tzinfo=zone).utcoffset(): zone for zone in _zones_of(country)}
    return local.replace(tzinfo=next(iter(meant.values()))) if len(meant) == 1 else read.moment


def last_such_day(day: int, month: int | None, until: date) -> str | None:
    """ISO day of the last 3 October (of the last 3rd of a month where `month` is None) up to the day after `until`."""
    months = [12 * (until.year - back) + month - 1 for back in (0, 1)] if month else []
    for count in months or [12 * until.year + until.month - 1 - back for back in (0, 1)]:
        try:
            found = date(count // 12, count % 12 + 1, day)
        except ValueError:
            continue
        if found <= until + timedelta(days=1):
            return found.isoformat()
    return None


def parse_printed(text: str, *, country: str | None = None) -> PrintedDate | None:
    """The first date printed in `text`, with its time where one is printed beside it; None where there is none.

    `country` (ISO 3166-1 alpha-2 of the paper or the place) decides what "IST" or "CST" mean, and whether "12/10/2026"
    is in October or December: without it nothing is read of such a date. "13/10/2026" and "12.10.2026" (dotted dates
    begin with the day everywhere) can be read anywhere. Only the first 2,000 characters are looked at.
    """
    return _first_printed(text[:LONGEST_INPUT], country)


@lru_cache(maxsize=64)
def _first_printed(text: str, country: str | None) -> PrintedDate | None:
    return next(printed_dates(text, country=country), None)


def printed_dates(text: str, *, country: str | None = None) -> Iterator[PrintedDate]:
    """Every date that `text` prints, in the order of the text; see parse_printed."""
    text = text[:LONGEST_INPUT]
    if _CENTURY.search(text) is None:
        return
    last = 0
    if (iso := _ISO.match(text)) and (read := _read(text, iso, country)) is not None:
        last = read.end
        yield read
    shapes = _SHAPES if _MARKS.search(text) else _NAMED_MONTH
    found = [match for shape in shapes for match in shape.finditer(text)]
    for match in sorted(found, key=lambda each: each.start()):
        if match.start() >= last and (read := _read(text, match, country)) is not None:
            last = read.end
            yield read


def numeric_near(text: str, day: date) -> PrintedDate | None:
    """The first date in `text` printed as numbers whose day and month might be either, read as the one nearer to `day`.

    None where there is none; parse_printed reads those that can be read in one way only.
    """
    for match in _NUMERIC.finditer(text[:LONGEST_INPUT]):
        one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
        if max(one, two) <= 12 and min(one, two) >= 1:  # noqa: PLR2004 - months of the year
            meant = min(date(year, one, two), date(year, two, one), key=lambda each: abs(each - day))
            start, end = match.span()
            return PrintedDate(value=meant.isoformat(), precision="day", text=match.group(), start=start, end=end)
    return None


def _read(text: str, match: re.Match[str], country: str | None) -> PrintedDate | None:
    """The date that matched, with the time that is printed in it or beside it; a time that is none is left out."""
    day = _day(match, country)
    if day is None:
        return None
    clock, start, end = _clock(text, match)
    at = _time(clock.groupdict())
    if at is None:
        start, end = match.span()
        return PrintedDate(value=day.isoformat(), precision="day", text=match.group(), start=start, end=end)
    where, unknown = _where(clock, country)
    if end > match.end():
        end -= unknown
    return PrintedDate(
        value=datetime.combine(day, at, where).isoformat(timespec="seconds"),
        precision="instant" if where else "local",
        text=text[start:end],
        start=start,
        end=end,
    )


def _clock(text: str, match: re.Match[str]) -> tuple[re.Match[str], int, int]:
    """Where the time of a date may stand: in it, behind it, else before it; and from where to where both stand."""
    start, end = match.span()
    if "hour" in match.groupdict():
        return match, start, end
    if (after := _AFTER.match(text, end)) is not None:
        return after, start, after.end()
    begin = max(0, start - _LONGEST_CLOCK)
    if (before := _BEFORE.search(text[begin:start])) is not None:
        return before, begin + before.start(), end
    return match, start, end


def _where(clock: re.Match[str], country: str | None) -> tuple[tzinfo | None, int]:
    """The zone printed after a time, and how many characters of the match are no zone after all."""
    parts = clock.groupdict()
    if parts.get("offset"):
        return _offset(parts["offset"].replace("−", "-")), 0
    if parts.get("zone"):
        meant = zone(parts["zone"], country)
        return meant, 0 if meant else len(clock.group()) - (clock.start("zone") - clock.start()) + 1
    return None, 0


def _day(match: re.Match[str], country: str | None) -> date | None:
    parts = match.groupdict()
    if "one" in parts:
        one, two = int(parts["one"]), int(parts["two"])
        day_first = parts["mark"][0] == "." or one > 12 or one == two  # noqa: PLR2004 - months of the year
        if not day_first and two <= 12:  # noqa: PLR2004 - months of the year
            if country is None:
                return None
            day_first = country not in _MONTH_FIRST
        day, month = (one, two) if day_first else (two, one)
    else:
        word = parts["month"]
        number = int(word) if word.isdecimal() else month_number(word)
        if number is None:
            return None
        day, month = int(parts["day"]), number
    try:
        return date(int(parts["year"]), month, day)
    except ValueError:
        return None


def _time(parts: dict[str, str | None]) -> time | None:
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    if not parts.get("hour"):
        return None
    half = (parts.get("half") or parts.get("half2") or "").lower().replace(".", "").replace(" ", "")
    half = half or _HALVES.get(parts.get("half3") or "", "")
    if half and not 1 <= hour <= 12:  # noqa: PLR2004 - "13.57 PM" is printed too: the hour says enough
        half = ""
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        return None
