"""What a site and its page say to machines that mine text: reservations, directives for robots, licences.

Read are X-Robots-Tag, meta elements, the TDM Reservation Protocol (W3C community group report, 2024; what stands closer
to the text counts first: meta element, header, /.well-known/tdmrep.json), rel=license, and the preferences by use that
robots.txt (Content-Signal, Content-Usage) and the header Content-Usage state.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from multidict import CIMultiDict, CIMultiDictProxy

from services.contracts import Rights
from services.fetcher.manners.reservations import fits, rule_for
from services.fetcher.manners.robots import PRODUCT_TOKEN, Robots
from services.urls import BadUrl, path_of, resolve

# Directives that leave no room for what this project does. noarchive and nosnippet do: they speak of copies and
# extracts that are shown to people, and are passed on to whoever shows any.
RESERVING = frozenset({"noindex", "none", "noai", "noml"})
VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
RESERVED = "1"  # of tdm-reservation
# Of what Content-Signal and Content-Usage speak of, this is done here; search and the training of models are not.
RESERVED_USES = frozenset({"ai-input=no", "bots=n"})

MOST_TAGS = 500
LONGEST_TAG = 4000
LICENSE = "license"
METAS = ("robots", PRODUCT_TOKEN, "tdm-reservation", "tdm-policy")
LONGEST = 1000  # characters of a statement that is passed on
HIDDEN = re.compile(rb"<!--.*?(?:-->|\Z)|<(script|style|template)\b.*?(?:</\1|\Z)", re.DOTALL | re.IGNORECASE)
ATTRIBUTE = re.compile(rb"([a-z:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
IN_LINK = re.compile(r"<([^<>]*)>\s*;[^,<]*\brel\s*=\s*\"?[^\",;<]*\blicense\b", re.IGNORECASE)

Headers = CIMultiDictProxy[str] | CIMultiDict[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What the elements of a page say: all directives to all robots and to ours, of the others the first."""

    robots: str | None = None
    to_us: str | None = None
    reservation: str | None = None
    policy: str | None = None
    license: str | None = None


def read(headers: Headers, body: bytes, *, url: str, robots: Robots | None = None) -> Rights:
    """All that is said of a page that stands at `url`. `robots`: what its host says, if it was asked. Raises BadUrl."""
    said = _said(body)
    tags = headers.getall("X-Robots-Tag", [])
    rule = rule_for(url, robots.reservations or ()) if robots is not None else None
    reservation = said.reservation or headers.get("TDM-Reservation") or (rule.reservation if rule else None)
    policy = said.policy or headers.get("TDM-Policy") or (rule.policy if rule else None)
    directives = directives_of([*tags, said.robots or "", said.to_us or ""])
    uses = _uses([*headers.getall("Content-Usage", []), *(robots.usage if robots is not None else ())], path_of(url))
    reserved = ["tdm-reservation"] if (reservation or "").strip() == RESERVED else []
    reserved += sorted(RESERVED_USES.intersection(uses))
    linked = said.license or next(iter(IN_LINK.findall(", ".join(headers.getall("Link", [])))), None)
    return Rights(
        robots="allowed" if robots is not None and robots.rules is not None else None,
        x_robots_tag=_cut(", ".join(tags)),
        meta_robots=_cut(said.robots),
        tdm_reservation=_cut(reservation),
        tdm_policy=_cut(policy),
        license=_cut(_resolved(linked, url)),
        usage=_cut(", ".join(uses)),
        reserved=tuple(reserved + sorted(directives & RESERVING)),
    )


def directives_of(values: Iterable[str]) -> frozenset[str]:
    """The directives for all robots and for ours, in lower case, without what follows a colon.

    A name before a colon says to whom what follows is addressed ("otherbot: noindex, nofollow"), but for the
    directives that have a value themselves.
    """
    found = set()
    for value in values:
        ours = True
        for part in value.lower().split(","):
            name, colon, rest = (each.strip() for each in part.partition(":"))
            if colon and name not in VALUED:
                ours, name = name in ("*", PRODUCT_TOKEN), rest
            if ours and name:
                found.add(name)
    return frozenset(found)


def _uses(values: Iterable[str], path: str) -> list[str]:
    """The preferences ("ai-train=no") that hold for a path: some lines begin with the pattern of theirs."""
    found: list[str] = []
    for value in values:
        pattern, _, rest = value.partition(" ") if value.startswith("/") else ("/", "", value)
        if fits(pattern, path):
            found += ["".join(part.lower().split()) for part in rest.split(",") if "=" in part]
    return found


def _said(body: bytes) -> Said:
    """What stands in the page's elements. What is commented out or stands in a script says nothing."""
    at = body.find(b"</head")
    head = body[:at] if at >= 0 else body
    said = [*_metas(head), *_licenses(body)]
    last = max((start for start, _, _ in said), default=-1)
    hidden = [match.span() for match in HIDDEN.finditer(body, 0, last + 1)]
    found: dict[str, list[str]] = {}
    for start, name, value in said:
        if value and not any(since < start < until for since, until in hidden):
            found.setdefault(name, []).append(value)
    first = {name: values[0] for name, values in found.items()}
    return Said(
        robots=", ".join(found.get("robots", [])) or None,
        to_us=", ".join(found.get(PRODUCT_TOKEN, [])) or None,
        reservation=first.get("tdm-reservation"),
        policy=first.get("tdm-policy"),
        license=first.get(LICENSE),
    )


def _metas(head: bytes) -> Iterator[tuple[int, str, str]]:
    """Where a meta element begins that says something of rights, its name, and its content."""
    lower = head.lower()
    for word in METAS:
        for start, end in _tags(lower, word):
            attributes = _attributes(head[start:end])
            if lower.startswith(b"<meta", start) and attributes.get("name", "").lower() == word:
                yield start, word, attributes.get("content", "")


def _licenses(body: bytes) -> Iterator[tuple[int, str, str]]:
    """Where an element begins that links a licence, and its address."""
    for start, end in _tags(body, LICENSE):
        attributes = _attributes(body[start:end])
        if LICENSE in attributes.get("rel", "").lower().split():
            yield start, LICENSE, attributes.get("href", "")


def _tags(page: bytes, word: str) -> Iterator[tuple[int, int]]:
    """The elements in whose tags the word stands: where each begins and ends."""
    at = -1
    for _ in range(MOST_TAGS):
        at = page.find(word.encode(), at + 1)
        if at < 0:
            return
        start, end = page.rfind(b"<", max(0, at - LONGEST_TAG), at), page.find(b">", at, at + LONGEST_TAG)
        if start >= 0 and end >= 0 and b">" not in page[start:at]:
            yield start, end


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        name.decode().lower(): (double or single or bare).decode("utf-8", "replace").strip()
        for name, double, single, bare in ATTRIBUTE.findall(tag)
    }


def _resolved(address: str | None, base: str) -> str | None:
    try:
        return resolve(address, base) if address else None
    except BadUrl:
        return None


def _cut(text: str | None) -> str | None:
    """Without lone surrogates, which stand for bytes of headers that are no UTF-8 and no JSON can carry."""
    return text[:LONGEST].encode("utf-8", "replace").decode("utf-8") if text else None
