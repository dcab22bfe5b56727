"""Who wrote it: the people, and the agencies beside them, that a page signs its story with."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.cleaner.metadata.metadata import Metadata
from services.cleaner.metadata.publishers import squeezed
from services.cleaner.text import lines, signatures
from services.cleaner.text.reading import Reading, beside_headline

_META = lines.listed("meta author")
_NO_NAME = re.compile(
    r"https?:|www\.|[@\\{}<>_=*]|\d{3}|^(?:the\s)?(?:admin\w*|webmaster|staff|editors?|author|user|guest|team|redaktion|"
    r"rédaction|redacción|redação|redazione|newsroom|newsdesk|unknown|anonymous|undefined|null|none|name)$|"
    r"^(?:staff|our(?: own)?) (?:reporter|writer|correspondent)s?$|"
    r"^(?:unser\w*|onze|notre|nos|nuestr[oa]|nosso|vår) \w+$",
    re.IGNORECASE,
)
_LONGEST = 80
_MOST = 20
_PURE = 0.5  # the share of a signature's letters that are names


@dataclass(frozen=True, slots=True)
class _Signed:
    """The names that one source gives, told apart."""

    people: tuple[str, ...]
    agencies: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """Where a page prints its signatures: what its reader made of it, the number of the h1 that is the headline."""

    reading: Reading
    order: int


def bylines_of(metadata: Metadata, printed: Printed, *, sites: frozenset[str]) -> tuple[str, ...]:
    """The people who signed, with the agencies signed beside them; without people, the agencies.

    JSON-LD comes first, then meta tags, microdata, what the markup under the headline calls an author, and the lines
    that the page prints. Where nobody signs, it is whom the page declares to be its author, be it the paper.
    """
    found: list[_Signed] = []
    for names in _sources(metadata, printed):
        signed = _told_apart(names, sites, metadata.story.organisations)
        if signed.people:
            return signed.people + signed.agencies
        found.append(signed)
    return next((each.agencies + each.others for each in found if each.agencies or each.others), ())


def _sources(metadata: Metadata, printed: Printed) -> Iterator[list[str]]:
    """The names as each source declares them."""
    yield [name for text in metadata.story.authors for name in _split(text)]
    yield [name for text in metadata.every(*_META) for name in _split(text)]
    yield [name for text in metadata.properties.get("author", ()) for name in _split(_first_element(text))]
    yield _marked(metadata, printed.order)
    reading = printed.reading
    yield list(reading.bylines)
    yield from signatures.signed(beside_headline(reading.removed, reading.headline), reading.removed)
    yield list(signatures.reporters(reading.parts[0].text)) if reading.parts else []
    yield list(reading.signed_off)


def _marked(metadata: Metadata, order: int) -> list[str]:
    """The names of the first signature under the headline, else of the first above it."""
    marks = [mark for mark in metadata.marks if mark.kind == "author"]
    below = [mark for mark in marks if mark.order >= order] + [mark for mark in marks if mark.order < order]
    return next((names for mark in below if (names := _signature(mark.value))), [])


def _signature(text: str) -> list[str]:
    """The names in a short text that is little else than names."""
    text = _FROM.split(_first_element(text))[0]
    names = [*(name for name in signatures.people(text) if not lines.furniture(name)), *signatures.agencies(text)]
    return names if len(squeezed("".join(names))) >= _PURE * len(squeezed(lines.without_by(text))) else []


_FROM = re.compile(r"\s(?:in|aus|à)\s(?=[^\W\d_])")  # where somebody writes from


def _first_element(text: str) -> str:
    """A signature from its "by" on, up to where its elements no longer go on as a list: behind a name its role.

    Elements are set apart by bars; what stands before a "by" alone is the paper or a section.
    """
    said = text.split(" | ")
    begun = next((at for at, part in enumerate(said[:-1], start=1) if _BY.fullmatch(part)), 0)
    elements = [part for part in said[begun:] if not _LABEL.fullmatch(part)]
    kept = elements[:1]
    for one, other in itertools.pairwise(elements):
        if not (_JOINS.search(one) or _JOINED.match(other)):
            break
        kept.append(other)
    return " ".join(kept)


_JOINS = re.compile(r"(?:[,&;/]|\b(?:and|und|et|och|og|y|e|en))\s*$")
_JOINED = re.compile(r"\s*(?:[,&;/]|(?:and|und|et|och|og|y|e|en)\b)")
_BYS = r"by|von|par|por|di|da|de|door|af|av|oleh"
_BY = re.compile(rf"(?:{_BYS})\s*:?", re.IGNORECASE)
_LABEL = re.compile(rf"(?:\w+ )?(?:{_BYS}|from|authors?|autor(?:in)?)\s*:?", re.IGNORECASE)


def _split(text: str) -> list[str]:
    """The names of a declared author; one alone counts as declared, whatever it looks like."""
    bare = re.sub(r"\s*\([^()]{1,40}\)", "", lines.without_by(text.strip())[: _LONGEST * _MOST])
    parts = [part for each in lines.BETWEEN.split(bare) if (part := each.strip(" .,;:-–—"))]
    if len(parts) <= 1:
        return parts
    named = [name for part in parts for name in (*lines.people(part), *signatures.agencies(part))]
    return named or _first_names(bare)


def _first_names(text: str) -> list[str]:
    """Two people by their first names ("Ann & Bo"), or one as libraries write it ("Lee, Ann B.")."""
    if found := re.fullmatch(r"([^\W\d_][\w'’-]+)(\s*,\s*| & | and | und | et | y )([^\W\d_][\w.'’ -]+)", text):
        one, between, other = found.groups()
        return [f"{other} {one}"] if "," in between else [one, other]
    return []


def _told_apart(names: list[str], sites: frozenset[str], organisations: tuple[str, ...]) -> _Signed:
    people, agencies, others = [], [], []
    for name in dict.fromkeys(names[:_MOST]):
        if not name or len(name) > _LONGEST or _NO_NAME.search(name):
            continue
        if lines.only_agencies(name):
            agencies.append(name)
        elif name in organisations or lines.nobody(name) or _is_site(name, sites):
            others.append(name)
        else:
            people.append(name)
    return _Signed(tuple(people), tuple(agencies), tuple(others))


def _is_site(name: str, sites: frozenset[str]) -> bool:
    """Whether a name is the site's, or begins with it: "BBC Scotland"."""
    return squeezed(name) in sites or squeezed(name.partition(" ")[0]) in sites
