"""The sources that the fetchers poll, on their topic: added, changed, removed, and how each of them is."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from services import broker, contracts, topics
from services.cli import lists
from services.contracts import BrokenContract, FetchState, Source, SourceKind
from services.envelope import sha256
from services.fetcher.links.records import source_record
from services.fetcher.origins import schedule
from services.fetcher.wire import guard
from services.settings import Settings, WrongSetting
from services.stage import Record
from services.urls import BadUrl, hostname_of, normalise, port_of

ADDRESS = re.compile(r"[0-9.]+|.*:.*")  # of IP, once a URL has been normalised
YES = frozenset({"yes", "true", "1"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """`word`: ok, new, paused, failing or silent; `is_silent`: publishes less than its own habit, failing or not."""

    word: str
    says: str = ""
    is_silent: bool = False


def source_id(url: str) -> str:
    """A source's id: the first 12 digits of its URL's SHA-256, so that adding it twice is adding it once."""
    return sha256(url.encode())[:12]


def add(publisher: broker.Publisher, url: str, now: datetime, kind: SourceKind = "auto") -> Source:
    """Publishes the source and returns it. Raises broker.Undelivered."""
    source = Source(source_id=source_id(url), kind=kind, url=url, added_at=now)
    put(publisher, [source], now)
    return source


def listed(row: Mapping[str, str], now: datetime) -> Source:
    """The source that a row of a list stands for."""
    return Source(
        source_id=source_id(row["url"]),
        kind=lists.kind_of(row),
        url=row["url"],
        title=row.get("title") or None,
        added_at=now,
        paused=row.get("paused", "").lower() in YES,
    )


def why_refused(url: str, settings: Settings) -> str | None:
    """Why no fetcher with these settings could ever read a source there; None if one might. Raises WrongSetting."""
    try:
        host, port = hostname_of(normalise(url)).strip("[]"), port_of(url)
    except BadUrl as error:
        return str(error)
    if settings.allow_private:
        return None
    if ADDRESS.fullmatch(host) and guard.is_refused(host):
        return f"{host} is no address of the public internet"
    try:
        ports = guard.ports_of(settings.ports)
    except ValueError as error:
        raise WrongSetting(f"DATELINE_PORTS: {error}") from error
    return None if port in ports else f"port {port} is not in DATELINE_PORTS"


def put(publisher: broker.Publisher, sources: Iterable[Source], now: datetime) -> None:
    """Publishes sources as they are from now on. Raises broker.Undelivered."""
    publisher.publish(source_record(each, now=now) for each in sources)


def remove(publisher: broker.Publisher, ident: str) -> None:
    """Takes the source back (a tombstone). Raises broker.Undelivered."""
    publisher.publish([Record(topic=topics.SOURCES, key=ident.encode(), value=None, place="")])


def present(settings: Settings) -> list[Source]:
    """The sources that hold now, in the order in which they were added."""
    sources: dict[bytes | None, Source] = {}
    for message in broker.read_compacted(settings, topics.SOURCES):
        sources.pop(message.key, None)
        with suppress(BrokenContract):  # what others wrote there and is no source: the fetchers pass over it too
            if message.value is not None:
                sources[message.key] = contracts.decode(message.value, Source)
    return list(sources.values())


def states(settings: Settings) -> dict[str, FetchState]:
    """The state of each source that was ever read, by its id: the latest, if it was read in several places."""
    found: dict[str, FetchState] = {}
    for message in broker.read_compacted(settings, topics.SOURCE_STATES):
        with suppress(BrokenContract):
            state = contracts.decode(message.value, FetchState)
            if state.poll is not None:
                found[state.poll.source_id] = max(
                    state, found.get(state.poll.source_id, state), key=lambda each: each.fetched_at
                )
    return found


def health(source: Source, state: FetchState | None, now: datetime) -> Health:
    """How a source is, in one word, and what to know of it."""
    poll = state.poll if state is not None else None
    if source.paused:
        return Health(word="paused")
    if state is None or poll is None:
        return Health(word="new")
    failing = state.tries > 0
    word = "failing" if failing else "silent" if schedule.is_silent(poll, now) else "ok"
    newest = f"newest {_ago(now - poll.newest_at)} ago" if poll.newest_at else "nothing yet"
    says = [
        f"{schedule.rate(poll):.1f} links a day",
        newest,
        f"next in {_ago(poll.next_at - now)}",
        *([f"{state.outcome} {state.tries} times: {state.detail or ''}".strip(" :")] if failing else []),
        *([f"moved to {source.moved_to}"] if source.moved_to else []),
    ]
    return Health(word=word, says=", ".join(says), is_silent=schedule.is_silent(poll, now))


def _ago(span: timedelta) -> str:
    hours = max(0.0, span.total_seconds()) / 3600
    return f"{hours * 60:.0f} min" if hours < 1 else f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.0f} d"  # noqa: PLR2004 - two days in hours
