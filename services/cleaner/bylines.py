"""Who wrote it: the people, and the agencies beside them, that a page signs its story with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.cleaner import lines
from services.cleaner.metadata import Metadata
from services.cleaner.publishers import squeezed

_META = (
    "author", "article:author", "article:author_name", "article:byline", "byl", "byline", "parsely-author",
    "cxenseparse:author", "sailthru.author", "dc.creator", "dcterms.creator", "citation_author", "creator",
)  # fmt: skip
_NO_NAME = re.compile(
    r"https?:|www\.|[@\\{}<>_=*]|\d{3}|^(?:the\s)?(?:admin\w*|webmaster|staff|editors?|author|user|guest|team|redaktion|"
    r"rédaction|redacción|redação|redazione|newsroom|newsdesk|unknown|anonymous|undefined|null|none|name)$",
    re.IGNORECASE,
)
_LONGEST = 80
_MOST = 20
_DECLARED = 3  # of the sources: JSON-LD, meta and microdata say who the author is, what stands printed only shows it
_PURE = 0.5  # the share of a signature's letters that are names


@dataclass(frozen=True, slots=True)
class _Signed:
    """The names that one source gives, told apart."""

    people: tuple[str, ...]
    agencies: tuple[str, ...]
    others: tuple[str, ...]


def bylines_of(metadata: Metadata, printed: tuple[str, ...], *, order: int, sites: frozenset[str]) -> tuple[str, ...]:
    """The people who signed, with the agencies signed beside them; without people, the agencies.

    JSON-LD comes first, then meta tags, microdata, what the markup under the headline (the h1 number `order`) calls an
    author, and the line that the page prints. Where nobody signs, it is whom the page declares to be its author, be it
    the paper.
    """
    found: list[_Signed] = []
    for names in _sources(metadata, printed, order):
        signed = _told_apart(names, sites, metadata.story.organisations)
        if signed.people:
            return signed.people + signed.agencies
        found.append(signed)
    declared = next((each.agencies + each.others for each in found[:_DECLARED] if each.agencies or each.others), ())
    return declared or next((each.agencies for each in found if each.agencies), ())


def _sources(metadata: Metadata, printed: tuple[str, ...], order: int) -> Iterator[list[str]]:
    """The names as each source declares them."""
    yield [name for text in metadata.story.authors for name in _split(text)]
    yield [name for text in metadata.every(*_META) for name in _split(text)]
    yield [name for text in metadata.properties.get("author", ()) for name in lines.people(text)]
    yield _marked(metadata, order)
    yield list(printed)


def _marked(metadata: Metadata, order: int) -> list[str]:
    """The names of the first signature under the headline, else of the first above it."""
    marks = [mark for mark in metadata.marks if mark.kind == "author"]
    below = [mark for mark in marks if mark.order >= order] + [mark for mark in marks if mark.order < order]
    return next((names for mark in below if (names := _signature(mark.value))), [])


def _signature(text: str) -> list[str]:
    """The names in a short text that is little else than names."""
    names = [*(name for name in lines.people(text) if not lines.furniture(name)), *_agencies(text)]
    return names if len(squeezed("".join(names))) >= _PURE * len(squeezed(lines.without_by(text))) else []


def _split(text: str) -> Iterator[str]:
    """The names of a declared author; one alone counts as declared, whatever it looks like."""
    bare = re.sub(r"\s*\([^()]{1,40}\)", "", lines.without_by(text.strip())[: _LONGEST * _MOST])
    parts = [part for each in lines.BETWEEN.split(bare) if (part := each.strip(" .,;:-–—"))]
    if len(parts) == 1:
        yield parts[0]
    else:
        yield from (name for part in parts for name in (*lines.people(part), *_agencies(part)))


def _agencies(text: str) -> list[str]:
    """The parts of a byline that name agencies and nobody else, as printed."""
    parts = (part.strip(" .,;:-–—") for part in lines.BETWEEN.split(text))
    return [part for part in parts if part and lines.only_agencies(part)]


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
