"""Datelines of agencies whose languages have neither capitals nor, some of them, spaces: "新华社北京11月10日电"."""

import re
from dataclasses import dataclass
from datetime import date

from services import dates
from services.contracts import Dateline

_HAN = r"[\u4e00-\u9fff]"
_MARKED = r"[\w\u0900-\u0dff]"  # letters with the signs that Indian scripts set on them
_SHAPES = (
    re.compile(rf"(?P<agency>新华社|新華社|中新社|中新网)(?P<place>{_HAN}{{2,8}}?)(?:(?P<month>\d{{1,2}})月)?(?P<day>\d{{1,2}})日[电電](?![话話力影视視子])"),
    re.compile(rf"[（(](?P<agency>中央社)(?:記者)?{_HAN}*?(?P<place>{_HAN}{{2}})(?P<day>\d{{1,2}})日[電电][)）]"),
    re.compile(r"【(?P<place>[^】（(\d]{1,8}?)(?:[（(]?(?P<month>\d{1,2})?月?(?P<day>\d{1,2})日)?\s?"
        r"(?P<agency>共同|時事|ロイター|AFP)(?:[=＝・ ][^】]{0,8})?】"),
    re.compile(r"[［\[](?P<place>[^］\]\d]{1,10}?)\s(?:(?P<day>\d{1,2})日\s)?(?P<agency>ロイター|共同|時事)[］\]]"),
    re.compile(r"[(\[](?P<place>[가-힣]{1,6})=(?P<agency>연합뉴스|뉴시스)[)\]]"),
    re.compile(r"(?P<place>[\u0621-\u06ff]+(?: [\u0621-\u06ff]+)?)\s?[-–—/(]{1,2}\s?"
               r"(?P<agency>[\u0621-\u06ff][\u0621-\u06ff ]{1,14}?)\)?(?=\s)"),
    re.compile(
        rf"(?P<place>[\u0900-\u0dff]{_MARKED}*(?:\s{_MARKED}+)?),\s(?P<day>\d{{1,2}})\s(?P<name>{_MARKED}+)\s\((?P<agency>{_MARKED}+)\)"
    ),
)  # fmt: skip
_NO_PLACE = re.compile(
    r"记者|記者|社长|获悉|速報|写真|사진|자료|속보|그래픽|عاجل|مصدر|خاص"
)  # what agencies set there as well
_END = re.compile(r"(?:\s?[–—:-]{1,2}(?=\s))?\s*")
_LONGEST = 120  # characters
# The agencies by what they sign with in their languages; elsewhere in a text some of these are words like any other.
_AGENCIES = {
    "新华社": "Xinhua", "新華社": "Xinhua", "中新社": "CNS", "中新网": "CNS", "中央社": "CNA", "共同": "Kyodo",
    "時事": "Jiji Press", "ロイター": "Reuters", "AFP": "AFP", "연합뉴스": "Yonhap", "뉴시스": "Newsis",
    "سانا": "SANA", "رويترز": "Reuters", "أ ف ب": "AFP", "فرانس برس": "AFP", "الأناضول": "Anadolu Agency",
    "وفا": "WAFA", "قنا": "QNA", "وام": "WAM", "واس": "SPA", "كونا": "KUNA", "بترا": "Petra News Agency",
    "واج": "APS", "ایرنا": "IRNA", "ایسنا": "ISNA", "भाषा": "PTI", "वार्ता": "UNI", "आईएएनएस": "IANS", "एएनआई": "ANI",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wire:
    """A dateline, its agency by the name that articles carry, and where the sentence begins."""

    dateline: Dateline
    agency: str
    end: int


def leading(text: str, published: date | None) -> Wire | None:
    """The dateline that begins a paragraph; None for any other beginning.

    A day without its month is the last such day up to `published`.
    """
    if text[:1].isascii() and text[:1] not in "([":
        return None
    head = text[:_LONGEST]
    for shape in _SHAPES:
        found = shape.match(head)
        if found is None or _NO_PLACE.search(found["place"]):
            continue
        if agency := _AGENCIES.get(found["agency"]):
            end = _END.match(head, found.end()) or found
            day = _day(found.groupdict(), published)
            line = Dateline(place=found["place"], datetime=day, text=text[: end.end()].strip())
            return Wire(line, agency, end.end())
    return None


def _day(parts: dict[str, str | None], published: date | None) -> str | None:
    number = int(parts.get("day") or 0)
    name = parts.get("name")
    month = dates.month_number(name) if name else int(parts.get("month") or 0)
    if not number or published is None or (name and month is None):
        return None
    return dates.last_such_day(number, month or None, published)
