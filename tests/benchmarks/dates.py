"""Time expressions of TimeML files, each read where the annotators found it: te3-platinum and its kin.

Of the spans of type DATE and TIME the value is compared, as TimeML's TIMEX3 writes it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from services.extractor.language.timex import Told, value_of

_TYPES = frozenset({"DATE", "TIME"})


@dataclass(frozen=True, slots=True)
class _Gold:
    """An annotated expression: text[start:end]."""

    start: int
    end: int
    value: str
    asked: bool


def score(folder: Path) -> dict[str, Any]:
    """The share of DATE and TIME expressions of a folder's .tml files whose value is read as annotated."""
    pairs = [pair for file in sorted(folder.rglob("*.tml")) for pair in _pairs(file)]
    right = sum(gold == found for gold, found in pairs)
    return {"n": len(pairs), "accuracy": round(right / max(1, len(pairs)), 4)}


def _pairs(file: Path) -> Iterator[tuple[str, str | None]]:
    """What is annotated and what is read, expression by expression."""
    root = ET.parse(file).getroot()
    day = _created(root)
    text, gold = _text(root)
    told = Told(day, day)
    for one in gold:
        found = value_of(text, one.start, one.end, told)
        if one.asked:
            told = told.after(found)
            yield one.value, found


def _created(root: ET.Element) -> date | None:
    """The day on which the document was created."""
    made = [t for t in root.iter("TIMEX3") if t.get("functionInDocument") in {"CREATION_TIME", "PUBLICATION_TIME"}]
    made += [t for dct in root.iter("DCT") for t in dct.iter("TIMEX3")]
    value = next((t.get("value", "") for t in made), "").replace("-", "")
    try:
        return date.fromisoformat(f"{value[:4]}-{value[4:6]}-{value[6:8]}")
    except ValueError:
        return None


def _text(root: ET.Element) -> tuple[str, list[_Gold]]:
    """The text of a file without its marks, and the expressions in it."""
    body = next(root.iter("TEXT"), root)
    pieces: list[str] = []
    gold: list[_Gold] = []

    def walk(element: ET.Element) -> None:
        start = sum(map(len, pieces))
        pieces.append(element.text or "")
        for child in element:
            walk(child)
            pieces.append(child.tail or "")
        if element.tag == "TIMEX3":
            asked = element.get("type") in _TYPES and element.get("functionInDocument", "NONE") == "NONE"
            gold.append(_Gold(start, sum(map(len, pieces)), element.get("value", ""), asked))

    walk(body)
    return "".join(pieces), sorted(gold, key=lambda one: one.start)
