"""Which sources are to be polled now, and which of their links are to be said. Pure: the time is an argument."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.contracts import Source
from services.fetcher.feeds import Link
from services.urls import url_hash

SAY_AGAIN = (
    3600.0  # seconds after which a link that still stands in its source is said again: what failed gets a chance
)
MOST_LINKS = 1000  # said after one poll; the rest after the next ones, so that no sitemap floods the topic


@dataclass(frozen=True, kw_only=True)
class Polling:
    """What is remembered of a source between polls, in seconds of one clock.

    `said`: URL hash to when its link was published; `read_at`: when the body was last read through; `etag` and
    `last_modified` as the host gave them, `body`: hash of the body.
    """

    next_at: float = 0.0
    read_at: float | None = None
    etag: str | None = None
    last_modified: str | None = None
    body: str | None = None
    said: Mapping[str, float] = field(default_factory=dict)

    def may_skip(self, now: float) -> bool:
        """Whether an unchanged source need not be read: not if its links are due to be said again, or not all said."""
        return self.read_at is not None and now - self.read_at < SAY_AGAIN


def is_due(source: Source, polling: Polling | None, now: float) -> bool:
    """Whether the source is to be polled now. One that was never polled is."""
    return not source.paused and (polling is None or polling.next_at <= now)


def to_say(links: Iterable[Link], polling: Polling, now: float) -> tuple[list[Link], dict[str, float]]:
    """The links to publish, 1,000 at most, and what to remember as said. Links gone from the source are forgotten."""
    chosen: list[Link] = []
    said: dict[str, float] = {}
    for link in links:
        key = url_hash(link.url)[:32]
        before = polling.said.get(key)
        if before is not None and now - before < SAY_AGAIN:
            said[key] = before
        elif len(chosen) < MOST_LINKS:
            chosen.append(link)
            said[key] = now
    return chosen, said
