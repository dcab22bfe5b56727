"""The place and time printed at the head of a story: "Beirut Sep 18, 2016, 01.57 PM (IST)", "LONDON (Reuters) -"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, islice

from services import dates
from services.cleaner.text import lines, wires
from services.contracts import Dateline

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_PLACE_WORD = rf"(?:{_CAPITAL}[\w.'’-]*(?<!-)|de|del|la|le|al|el|of|and|the|upon|sur|am|an|der|di|do|da|dos|i)"
_NO_DATE = r"(?![^\W\d_]{3,10}\.?\s\d)"  # "Oct 3" begins with a capital like a place
_PLACE = rf"{_CAPITAL}[\w.'’-]*(?<!-)(?:[\s/]{_NO_DATE}{_PLACE_WORD}){{0,3}}"
_PLACES = rf"(?P<place>{_PLACE}(?:,\s{_NO_DATE}{_PLACE}){{0,2}})"
_MONTH_DAY = re.compile(
    r"\b(?P<month>[^\W\d_]{3,10})\.?\s(?P<day>\d{1,2})(?!\d)|\b(?P<day2>\d{1,2})(?:st|nd|rd|th|º|\.)?\s(?:de\s)?(?P<month2>[^\W\d_]{3,10})"
)
_LEAD = re.compile(
    rf"""[*•]?\s*
    (?:\((?P<before>[^()]{{2,40}})\)\s[–—-]+\s)?               # (ANSA) - ROMA
    {_PLACES}
    (?P<country>(?:\s[(\[]{_PLACE}[)\]](?=,\s|\s[(\[])){{1,2}})?  # Beirut (Lebanon) (AFP), Delhi [India], May 3 (ANI)
    (?P<date>[,.:]?\s
        (?:[^\W\d_]{{3,10}}\.?\s\d{{1,2}}(?!\d)|\d{{1,2}}(?:st|nd|rd|th|º|\.)?\s(?:de\s)?[^\W\d_]{{3,10}}\.?)
        (?:,?\s(?:de\s)?(?:19|20)\d\d)?
        (?:,\s\d{{1,2}}[:.]\d\d(?:\s?[AaPp]\.?[Mm]\b\.?)?(?:\s?\(?[A-Z]{{2,5}}\b\)?)?)?
    )?
    (?P<agency>[,.]?\s?[(\[/][^()\[\]/]{{2,60}}(?:/[^()\[\]/]{{2,30}})?[)\]/]
        |(?:[.,]|(?<=\.))\s[^\W\d_][\w. ]{{1,30}}(?=\s?[–—-]{{1,2}}\s))?
    (?P<mark>\s?[.,]?\s?[–—_-]{{1,3}}(?=\s)|:(?=\s)|\.(?=\s))?
    (?:\s(?P<behind>[^\W\d_][\w ]{{1,30}})\.(?=\s))?          # MOSCOW, 3 May - RIA Novosti.
    \s+(?=\S)""",
    re.VERBOSE,
)
_CAPITALS = rf"{_CAPITAL}{{3,}}(?:[ /]{_CAPITAL}{{3,}}){{0,2}}"
_SIGNED = re.compile(
    rf"By\s(?:{_CAPITAL}[\w.'’-]*,?\s|and\s){{1,10}}?"
    rf"(?={_CAPITALS}(?:,\s{_CAPITAL}[\w.]+)?(?:,\s[^\W\d_]{{3,9}}\.?\s\d\d?)?\s(?:\(|[–—-]\s))"
)
_PLAIN = re.compile(
    rf"(?P<place>{_CAPITAL}[\w'’]+(?:[ -]{_CAPITAL}[\w'’]+){{0,2}}(?:,\s{_CAPITAL}[\w.]*(?:\s{_CAPITAL}[\w.]*)?)?)"
    rf"\s[–—-]\s(?={_CAPITAL})"
)
_ASIDE = re.compile(r"\s[–—-]\s[^\W\d_A-Z]")  # a second dash and the sentence goes on: the first opened an aside
_SITE = re.compile(r"\w\.[A-Za-z]{3,}$")  # JAKARTA, PAPER.com -
_STATION = re.compile(r"\([A-Z][A-Z0-9]{2,7}\)")
_SHORTEST_PLAIN = 60  # characters behind a place in small letters: a sentence, no list's item
_LONGEST_LINE = 120
_LONGEST_LEAD = 200
_LONGEST_STANDFIRST = 300
_SHORTEST_STORY = 20  # characters behind a dateline: "LONDON - a city" is a title


@dataclass(frozen=True, kw_only=True, slots=True)
class Lead:
    """A dateline that begins a paragraph: how it reads, the agencies it names, and where the sentence begins."""

    dateline: Dateline
    agencies: tuple[str, ...]
    end: int


CHANGED = re.compile(lines.alternatives("changed"), re.IGNORECASE)
"""The words with which pages say that a date is that of a change."""
_ISSUED = re.compile(lines.alternatives("issued"), re.IGNORECASE)


def issued(text: str, *, country: str | None) -> dates.PrintedDate | None:
    """The date of publication that a line prints: the one that it calls so, else the one before that of a change."""
    before, *_ = CHANGED.split(text)
    called = _ISSUED.search(text)
    told = (before, text[called.end() :] if called else "")
    return next((found for part in told if (found := dates.parse_printed(part, country=country))), None)


def own_line(text: str, *, country: str | None) -> tuple[Dateline, dates.PrintedDate] | None:
    """A line that holds a date and at most a place: the dateline and its date; None for any other line."""
    line = text.strip()
    if len(line) > _LONGEST_LINE or ("20" not in line and "19" not in line):
        return None
    found = dates.parse_printed(line, country=country or _country_of(line))
    if found is None:
        return None
    before = line[: found.start].strip(" ,|·•-–—:")
    after = line[found.end :].strip(" ,|·•-–—:.)")
    place = _place_alone(before)
    if after or (before and place is None and not _labels_date(before)):
        return None
    return Dateline(place=place, datetime=found.value, text=line), found


def of_story(paragraphs: Iterable[str], *, published: date | None) -> Lead | None:
    """The dateline that begins a story's first paragraph, or its second where the first is as short as a standfirst."""
    first, second = islice(chain(paragraphs, ("", "")), 2)
    found = leading(first, published=published) or _plain(first)
    if found is None and len(first) <= _LONGEST_STANDFIRST:
        return leading(second, published=published)
    return found


def leading(text: str, *, published: date | None) -> Lead | None:
    """The dateline that begins a paragraph; None where it begins with its sentence.

    A place counts when it is in capitals, or when a date or an agency stands beside it. "Oct 3" without a year is the
    one on or before `published`.
    """
    if (local := wires.leading(text, published)) is not None:
        return Lead(dateline=local.dateline, agencies=(local.agency,), end=local.end)
    start = _signed(text)
    found = _LEAD.match(text[: start + _LONGEST_LEAD], start)
    if found is None or len(text) - found.end() < _SHORTEST_STORY:
        return None
    named, end = _agencies(found)
    day = _day(found["date"], published)
    place = _placed(found)
    if found["date"] and day is None and published is not None:
        return None
    if not _begins(found, place, day, named) or not _is_place(place):
        return None
    return Lead(dateline=Dateline(place=place, datetime=day, text=text[start:end].strip()), agencies=named, end=end)


def _signed(text: str) -> int:
    """Where a dateline in capitals begins behind a byline that lost its line: "By Ann Lee LONDON (Reuters) -"."""
    found = _SIGNED.match(text)
    return found.end() if found is not None else 0


def _plain(text: str) -> Lead | None:
    """A place in small letters and a dash before a sentence, as papers print it: "Indianapolis – Several thousand"."""
    found = _PLAIN.match(text[:_LONGEST_LEAD])
    if found is None or len(text) - found.end() < _SHORTEST_PLAIN or not _is_place(found["place"]):
        return None
    if _ASIDE.search(text[: found.end() + _LONGEST_LEAD], found.end()):
        return None
    line = Dateline(place=found["place"], datetime=None, text=found[0].strip())
    return Lead(dateline=line, agencies=(), end=found.end())


def _agencies(found: re.Match[str]) -> tuple[tuple[str, ...], int]:
    """The agencies that a dateline names, and where it ends: a name behind its dash may be the sentence's."""
    *_, last = found["place"].rpartition(", ")
    inside = lines.agencies_in(
        f"{found['before'] or ''} {last if ', ' in found['place'] else ''} {found['agency'] or ''}"
    )
    behind = found["behind"] or ""
    if behind and lines.only_agencies(behind):
        return inside + lines.agencies_in(behind), found.end()
    return inside, found.start("behind") if behind else found.end()


def _begins(found: re.Match[str], place: str, day: str | None, named: tuple[str, ...]) -> bool:
    """Whether what matched is a dateline: an agency or a date stands beside the place, or the place is in capitals."""
    mark, capitals = (found["mark"] or "").strip(), _in_capitals(found["place"].partition(",")[0])
    begun = found.string[found.end() : found.end() + 1].isupper()
    if found["agency"] and (named or (begun and (day or (mark and _STATION.fullmatch(found["agency"].strip()))))):
        return bool(mark or day) or begun
    if mark in {"", "."}:
        return bool(day and named and found["behind"])
    return bool(place) and (capitals or bool(day) or bool(named))


def _placed(found: re.Match[str]) -> str:
    """The place as text prints it, with its country."""
    place = found["place"]
    *before, last = place.split(", ")
    if before and (lines.only_agencies(last) or _SITE.search(last)):
        place = ", ".join(before)
    if place.endswith(".") and place.count(".") == 1 and "," not in place:
        place = place[:-1]
    lands = re.findall(r"[^()\[\]]*[^()\[\]\s]", found["country"] or "")
    return ", ".join((_titled(place), *(_titled(land.strip()) for land in lands if land.strip())))


def _is_place(place: str) -> bool:
    words = set(re.findall(r"\w+", place.upper()))
    return not (lines.furniture(place) or words & _NO_PLACES or _labels_date(place))


def running(text: str, *, published: date | None) -> Dateline | None:
    """The date in the first words of a story that lost its lines: "Air raids kill 10 Monitor AFP Friday 15 Jul 2016 …".

    A date in a sentence ("On 15 July 2016 the …") is none: a dateline's stands between what is no part of a sentence.
    """
    head = text[:_HEAD]
    found = dates.parse_printed(head) or (dates.numeric_near(head, published) if published else None)
    if found is None:
        return None
    begun = _WEEKDAY.match(head)
    if found.start > (begun.end() if begun else 0):
        if _IN_SENTENCE.search(head[: found.start]) or not _BEGINS.match(text[found.end :]):
            return None
        if published is not None and abs(found.day - published) > _FAR:
            return None
    return Dateline(place=_place_of_running(text, found.end), datetime=found.value, text=found.text)


def _place_of_running(text: str, end: int) -> str | None:
    """The place in capitals behind the date, or the one before an agency that follows a standfirst."""
    wired = (found for found in _WIRED.finditer(text[:_WIRE]) if lines.only_agencies(found["agency"]))
    found = _BEHIND.match(text, end) or next(wired, None)
    return _titled(found["place"]) if found is not None and _is_place(_titled(found["place"])) else None


_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[.,]*\s", re.IGNORECASE)
_BEHIND = re.compile(rf"[\s,|–—-]*(?P<place>{_CAPITALS})(?=\s(?:[(–—:-]|{_CAPITAL}[a-zß-öø-ÿ]))")
_WIRED = re.compile(rf"\b(?P<place>{_CAPITALS}) \((?P<agency>[^()]{{2,30}})\)")
_WIRE = 600  # characters in which the wire's own dateline may follow a standfirst
_HEAD = 160  # characters: a headline and an agency may stand before the date
_FAR = timedelta(days=366)
_IN_SENTENCE = re.compile(
    r"\b(?:on|in|of|by|since|until|till|before|after|from|to|between|and|the|this|last|dated|ended|ending)\s"
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s)?$",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"[\s.,:|–—-]*(?:[^\W\d_a-zß-öø-ÿ]|[\"'“‘(\[]|\d)")
_NO_PLACES = frozenset(lines.listed("no place"))
_CLOCKS = {place: country for country, *places in lines.rows("clocks.tsv") for place in places}


def _country_of(line: str) -> str | None:
    """The country of the place that a line begins with, where its clocks have ambiguous letters."""
    folded = line.casefold()
    return next((country for place, country in _CLOCKS.items() if folded.startswith(place)), None)


def _place_alone(text: str) -> str | None:
    return text if text and re.fullmatch(_PLACES, text) and not _labels_date(text) else None


_LABELS = re.compile(
    rf"(?:(?:first|last|zuletzt|dernière)\s)?(?:{lines.alternatives('date label')}|{'|'.join(dates.WEEKDAYS)})"
    r"(?:\s(?:on|at|am|le|el|em|il|op|date|time))?(?:[\s:,|]+(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)?",
    re.IGNORECASE,
)


def _labels_date(text: str) -> bool:
    return bool(_LABELS.fullmatch(text.strip(" ,.:")))


def _in_capitals(place: str) -> bool:
    letters = [letter for letter in place if letter.isalpha()]
    return len(letters) > 2 and sum(letter.isupper() for letter in letters) >= 0.8 * len(letters)  # noqa: PLR2004 - "MOSCOW", "McALLEN", no "US:"


def _titled(place: str) -> str:
    """A place as text prints it: "NEW YORK" is New York, "Kyiv, Ukraine" stays."""
    return ", ".join(_capitalised(part) if part.isupper() else part for part in place.split(", "))


def _capitalised(part: str) -> str:
    if re.fullmatch(r"(?:[A-Z]\.){2,}|[A-Z]{2}", part):
        return part
    return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), part).replace("'S", "'s").replace("’S", "’s")


def _day(text: str | None, published: date | None) -> str | None:
    """ISO day of "Oct 3" or "3 October 2016"; a year that is not printed is the last one that fits `published`."""
    if not text:
        return None
    full = dates.parse_printed(text)
    if full is not None:
        return full.value
    found = _MONTH_DAY.search(text)
    if found is None:
        return None
    month = dates.month_number(found["month"] or found["month2"])
    if month is None or published is None:
        return None
    return dates.last_such_day(int(found["day"] or found["day2"]), month, published)
