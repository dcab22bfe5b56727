"""When a story was published and changed: what the page says in many places, settled by evidence."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Literal

from services import dates
from services.cleaner.metadata.marks import Mark
from services.cleaner.metadata.metadata import Metadata
from services.cleaner.text import datelines
from services.cleaner.text.lines import listed
from services.contracts import PageMeta, Removed, RemovedReason

PublishedFrom = Literal["json-ld", "meta", "dateline", "feed", "url", "input"]

_PUBLISHED = listed("published")
_MODIFIED = listed("modified")
_FIRST_SITE = date(1991, 8, 6)  # the day the first web site opened: no page is older
_CLOCKS = timedelta(days=1)  # how far a page's clock may be ahead of the fetcher's: zones that are not printed
_NEAR = timedelta(days=1)
_LONGEST = 120  # characters
_HEAD: frozenset[RemovedReason] = frozenset(
    {"dateline", "byline", "boilerplate", "credit", "navigation", "share", "author_box"}
)
_URL_DAY = re.compile(r"[/_-]((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?!\d)")
_BASIC = re.compile(
    r"((?:19|20)\d\d)([01]\d)([0-3]\d)(?:T?([0-2]\d)([0-5]\d)([0-5]\d)?(Z|[+-]\d\d:?\d\d)?)?"
)  # ISO 8601's basic format
_JAVA = re.compile(r"\w{3} (\w{3} \d\d) (\d\d:\d\d:\d\d) ([A-Z]{1,5}) (\d{4})")  # Mon Oct 12 14:05:09 EST 2026
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Clues:
    """Where to look: the markup, the dates of publication and change printed beside the story, how it was fetched.

    `masthead`: a date above the headline, which may be the reader's own day.

    `order` is the number of the h1 that is the headline; `country` the paper's (ISO 3166-1 alpha-2).
    """

    metadata: Metadata
    printed: dates.PrintedDate | None
    changed: dates.PrintedDate | None
    masthead: dates.PrintedDate | None
    page: PageMeta
    order: int
    country: str | None


@dataclass(frozen=True, slots=True)
class _Said:
    """A date as one place of the page gives it."""

    read: dates.PrintedDate
    source: PublishedFrom


def published(clues: Clues) -> tuple[datetime | None, PublishedFrom | None]:
    """When the story was published and what says so.

    In this order: JSON-LD, meta tags, microdata and times under the headline, the date that is printed beside the
    story, the feed, the address. What cannot be (after the fetch, before there was a web) is not believed; a date that
    the address contradicts gives way to one that it confirms; of those that name the same moment the most precise is
    taken. A time without zone is the paper's own, where its country has only one.
    """
    possible = (each for each in _said(clues) if _possible(each.read, clues.page.fetched_at))
    first = next(possible, None)
    if first is None:
        return None, None
    address = _read(_url_day(clues.page.final_url), clues.country)
    doubted = address is not None and not _near(first.read, address)
    if first.read.precision == "instant" and not doubted:
        return first.read.moment, first.source
    said = [first, *possible]
    best = _confirmed(said, address) if address and doubted else first
    exact = next((each for each in said if _same(each.read, best.read) and _finer(each.read, best.read)), best)
    return dates.moment_in(exact.read, clues.country), exact.source


def _confirmed(said: list[_Said], address: dates.PrintedDate) -> _Said:
    """The first date that agrees with the day in the address; the first of all where only the address says so."""
    return next((each for each in said if each.source != "url" and _near(each.read, address)), said[0])


def modified(clues: Clues, *, since: datetime | None) -> datetime | None:
    """When the story was last changed; never before it was published (`since`) nor after the fetch."""
    metadata = clues.metadata
    marked = (mark.value for mark in metadata.marks if mark.kind == "time" and _changes(mark))
    tagged = (metadata.first(name) for name in _MODIFIED)
    texts = (metadata.story.modified, *tagged, metadata.microdata("datemodified", "modified"), *marked)
    for read in chain((_read(text, clues.country) for text in texts), (clues.changed,)):
        if read and _possible(read, clues.page.fetched_at):
            moment = dates.moment_in(read, clues.country)
            if since is None or moment >= since - _NEAR:
                return moment
    return None


def printed(around: Iterable[Removed], *, country: str | None) -> dates.PrintedDate | None:
    """The first date among the short lines beside the headline that is no date of a change."""
    texts = (piece.text for piece in around if piece.reason in _HEAD and len(piece.text) <= _LONGEST)
    found = (datelines.issued(text, country=country) for text in texts)
    return next((read for read in found if read), None)


def changed(around: Iterable[Removed], *, country: str | None) -> dates.PrintedDate | None:
    """The first date among the short lines beside the headline that a word calls one of a change."""
    texts = (piece.text for piece in around if piece.reason in _HEAD and len(piece.text) <= _LONGEST)
    told = (text[found.end() :] for text in texts if (found := datelines.CHANGED.search(text)))
    return next((read for text in told if (read := dates.parse_printed(text, country=country))), None)


def _said(clues: Clues) -> Iterator[_Said]:
    """Every date of publication that the page gives, the best place first; the last is one of change, if any."""
    metadata, country = clues.metadata, clues.country
    source = clues.page.source
    yield from _all((metadata.story.published,), "json-ld", country)
    yield from _all((metadata.first(name) for name in _PUBLISHED), "meta", country)
    yield from _all((metadata.microdata("datepublished", "datecreated", "issued", "created", "date"),), "meta", country)
    yield from _all(_titled(metadata.title or ""), "meta", country)
    times = list(_all(_times(clues), "meta", country))
    printed = [_Said(clues.printed, "dateline")] if clues.printed is not None else []
    # Without a heading none of the times is known to stand below it: some are today's.
    yield from (*times, *printed) if metadata.h1 else (*printed, *times)
    yield from _all((source.published if source else None,), "feed", country)
    yield from _all((_url_day(clues.page.final_url),), "url", country)
    yield from (_Said(read, "dateline") for read in (clues.masthead, clues.changed) if read is not None)


def _all(texts: Iterable[str | None], source: PublishedFrom, country: str | None) -> Iterator[_Said]:
    return (_Said(read, source) for text in texts if (read := _read(text, country)))


def _titled(title: str) -> Iterator[str]:
    """The parts of a title that are a date and nothing else: "Bridge opens | The Paper | 28.04.2023"."""
    parts = (part.strip() for part in re.split(r"\s[|–—-]\s", title)[1:])
    return (part for part in parts if (read := dates.parse_printed(part)) and read.text == part)


def _times(clues: Clues) -> Iterator[str]:
    """The times that markup names and does not call changes: those under the headline, else those above it.

    Several times under one name are those of a list of other stories: they come last.
    """
    times = [mark for mark in clues.metadata.marks if mark.kind == "time" and not _changes(mark)]
    listed = {hint for hint, many in Counter(mark.hint for mark in times).items() if many > 1}
    ranked = sorted(times, key=lambda mark: (mark.hint in listed, mark.order < clues.order, "pub" not in mark.hint))
    return (mark.value for mark in ranked)


def _changes(mark: Mark) -> bool:
    return bool(datelines.CHANGED.search(mark.hint) or datelines.CHANGED.match(mark.value))


def _read(text: str | None, country: str | None) -> dates.PrintedDate | None:
    """A date as machines and people write it: ISO 8601, seconds since 1970, printed."""
    if not text:
        return None
    if _EPOCH.fullmatch(text):
        moment = datetime.fromtimestamp(int(text[:10]), UTC)
        return dates.PrintedDate(value=moment.isoformat(), precision="instant", text=text, start=0, end=len(text))
    text = _JAVA.sub(r"\1, \4 \2 \3", text)
    if basic := _BASIC.fullmatch(text):
        year, month, day, hour, minute, second, offset = basic.groups("")
        clock = f"T{hour}:{minute}:{second or '00'}{offset}" if hour else ""
        text = f"{year}-{month}-{day}{clock}"
    return dates.parse_printed(text, country=country)


def _possible(read: dates.PrintedDate, fetched_at: datetime) -> bool:
    return read.day >= _FIRST_SITE and read.moment <= fetched_at + _CLOCKS


def _near(one: dates.PrintedDate, two: dates.PrintedDate) -> bool:
    return abs(one.day - two.day) <= _NEAR


def _same(one: dates.PrintedDate, two: dates.PrintedDate) -> bool:
    """Whether two dates may be one moment: the same day, and where both have a time the same minute."""
    if "day" in {one.precision, two.precision}:
        return one.day == two.day
    return one.value[:16] == two.value[:16] or (_near(one, two) and one.value[14:16] == two.value[14:16])


def _finer(one: dates.PrintedDate, two: dates.PrintedDate) -> bool:
    order = ("day", "local", "instant")
    return order.index(one.precision) > order.index(two.precision)


def _url_day(url: str) -> str | None:
    found = _URL_DAY.search(url)
    return f"{found[1]}-{found[2]}-{found[3]}" if found else None
