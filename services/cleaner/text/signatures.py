"""Who signs a story in print: "By Ann Lee, 3 May", "Written by" above a name, a name beside the date."""

import re
from collections.abc import Iterator, Sequence

from services import dates
from services.cleaner.text import lines
from services.contracts import Removed, RemovedReason

_BY = lines.alternatives("by")
_ALONE = re.compile(rf"(?:{_BY})\s*:?", re.IGNORECASE)
_BEGINS = re.compile(rf"(?:{_BY})(?:\s*:\s*|\s+)|By(?=[A-Z])", re.IGNORECASE)
# "作者：王立新" somewhere in a line that gives day and source too; "佚名" is nobody.
_CHINESE = re.compile(r"(?:作者|撰文|記者|记者)\s?[:：]\s?(?!佚名)([\u4e00-\u9fff]{2,4})(?![\u4e00-\u9fff])")
_PARTICLE = r"(?:de|da|do|dos|das|del|della|di|du|van|von|der|den|ter|la|le|el|al|bin|ibn|ben|y|zu|af|av)"
_WORD = r"[^\W\d_a-zß-öø-ÿ][\w.'’-]*"
_NAME = rf"{_WORD}(?: (?:{_PARTICLE} ){{0,2}}{_WORD}){{0,4}}"
_AND = r"(?:\s*,\s*(?:and |und |et |y )?|\s*&\s*|\s(?:and|und|et|och|og|en|e|y)\s)"
_NAMES = re.compile(rf"{_NAME}(?:{_AND}{_NAME})*(?=$|[\s,.(])")
_NAME_ALONE = re.compile(_NAME)
_PARTICLES = re.compile(_PARTICLE)
_APART = re.compile(r"\s*[|•·⋅—–]\s*")
_ENDS = re.compile(r"\s(?:on|in|at|for|am|le|el|il|op|om|den)(?:\s|$)|[,(|]")
_LONGEST = 160  # characters of a line that signs
_LONGEST_NAME = 40
_NO_NAMES = frozenset(lines.listed("no name"))
_MOST_WORDS = 4  # of a team, a desk, a handle
_BESIDE: frozenset[RemovedReason] = frozenset({"dateline", "byline", "boilerplate", "credit", "share", "author_box"})
_BOXES: frozenset[RemovedReason] = frozenset({"byline", "author_box"})


def signed(around: Sequence[Removed], removed: Sequence[Removed]) -> Iterator[list[str]]:
    """The names of each signature: in the pieces around the headline, then in authors' boxes anywhere."""
    yield from _signatures([piece.text for piece in around if piece.reason in _BESIDE])
    boxes = [piece.text for piece in removed if piece.reason in _BOXES]
    yield from (names for names in _signatures(boxes) if any(map(people, names)))


def people(text: str) -> tuple[str, ...]:
    """The people whom a line names; each of their words begins as names do."""
    return tuple(name for name in lines.people(text) if _NAME_ALONE.fullmatch(name) and _has_capitals(name))


def _has_capitals(name: str) -> bool:
    """Whether no word of a name but particles is in small letters, of whatever alphabet."""
    return name.isascii() or not any(word[0].islower() and not _PARTICLES.fullmatch(word) for word in name.split())


def agencies(text: str) -> tuple[str, ...]:
    """The parts of a byline that name agencies and nobody else, as printed."""
    parts = (part.strip(" .,;:-–—") for part in lines.BETWEEN.split(text))
    return tuple(part for part in parts if part and lines.only_agencies(part))


def signed_off(text: str) -> tuple[str, ...]:
    """The people whom a last paragraph names that holds nothing but names."""
    if len(text) > _LONGEST_NAME or not _NAMES.fullmatch(text.strip()) or _NO_NAMES.intersection(text.lower().split()):
        return ()
    return people(text)


_REPORTERS = re.compile(
    r"[（(\[][^（()）\[\]]{0,20}?(?:记者|記者|通讯员)[：:\s]*"
    r"(?P<chinese>[\u4e00-\u9fff]{2,4}(?:[、，,\s]+[\u4e00-\u9fff]{2,4})*)[）)\]]|"
    r"\[[^\[\]]{0,20}?(?P<korean>[\uac00-\ud7a3]{2,4}) (?:기자|특파원)\]"
)
_LEAD = 80  # characters


def reporters(lead: str) -> list[str]:
    """The reporters whom a story's first line names in brackets, as papers in Chinese and Korean do."""
    found = _REPORTERS.search(lead[:_LEAD]) if not lead.isascii() else None
    if found is None:
        return []
    return re.split(r"[、，,\s]+", found["chinese"]) if found["chinese"] else [found["korean"]]


def _signatures(texts: Sequence[str]) -> Iterator[list[str]]:
    for at, text in enumerate(texts):
        alone = len(text) <= _LONGEST and _ALONE.fullmatch(text)
        if names := _names("".join(texts[at + 1 : at + 2])) if alone else _in_line(text):
            yield names


def _in_line(text: str) -> list[str]:
    """The names that a line signs with: behind "by", or beside its date."""
    if len(text) > _LONGEST:
        return []
    date = dates.parse_printed(text)
    if (named := _CHINESE.search(text)) is not None:
        return [named[1]]
    bare = f"{text[: date.start]} | {text[date.end :]}" if date else text
    place = text[: date.start].rstrip(" ,") if date and text[: date.start].endswith(", ") else ""  # "PORT ALMER, 3 May"
    for part in (each.lstrip(" ,;/") for each in _APART.split(bare)):
        if part.isupper() and part.strip(" ,") == place:
            continue
        begun = _BEGINS.match(part)
        names = _names(part[begun.end() :]) if begun else _unlabelled(part) if date else []
        if names:
            return names
    return []


def _names(text: str) -> list[str]:
    """The names at the head of a text that is said to begin with some: people's, else what stands there alone."""
    found = _NAMES.match(text)
    signing = people(found[0]) if found else ()
    if found and signing:
        return [*signing, *agencies(text[found.end() :])]
    alone = _ENDS.split(f" {text.strip()}")[0].strip(" .,:;-–—")
    words = alone.split()
    signs = (
        0 < len(words) <= _MOST_WORDS
        and len(alone) <= _LONGEST_NAME
        and not re.search(r"\d", alone)
        and alone[0].isalpha()
    )
    return [alone] if signs and (alone == text.strip() or any(word[0].isupper() for word in words)) else []


def _unlabelled(text: str) -> list[str]:
    """The people whom a part of a line names that holds nothing else, or the subject they wrote on."""
    text = _ENDS.split(text.strip(" ,;:|-"))[0]
    return list(people(text)) if _NAMES.fullmatch(text) and not lines.furniture(text) else []
