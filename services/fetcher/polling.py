"""The sources whose sites are ours: read at their intervals, their new links published."""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import replace

from services import contracts, envelope, metrics
from services.contracts import BrokenContract, FetchState, Source
from services.fetcher import schedule, sources
from services.fetcher.download import Failed, Request, clock, today
from services.fetcher.feeds import Link, NoSource
from services.fetcher.fetching import Fetching
from services.fetcher.outbox import Busy, Outbox, Task
from services.fetcher.outcomes import PASSING, SETTLED, Outcome, of_status
from services.fetcher.pages import clean
from services.fetcher.records import found_record, state_record
from services.fetcher.schedule import Polling
from services.fetcher.sources import source_request
from services.fetcher.visit import Fetched, Visitor
from services.settings import Settings
from services.stage import Message
from services.urls import BadUrl, normalise

log = logging.getLogger("dateline.fetcher")

TICK = 0.5  # seconds between two looks at what is due
SOON = 60.0  # seconds until a source is tried again whose host is ill
MOST_SITEMAPS = 20  # of an index, read in one poll: the most recently changed ones


class Polls:
    """All that happens to sources. Its methods run in the event loop."""

    def __init__(self, settings: Settings, *, visitor: Visitor, outbox: Outbox, busy: Busy, fetching: Fetching) -> None:
        self._settings = settings
        self._visitor = visitor
        self._outbox = outbox
        self._busy = busy
        self._fetching = fetching
        self._sources: dict[str, Source] = {}
        self._pollings: dict[str, Polling] = {}
        self._tasks: dict[str, Task] = {}

    def learn(self, message: Message) -> None:
        """A source was added, changed, paused or removed."""
        name = (message.key or b"").decode("utf-8", "replace")
        try:
            source = contracts.decode(message.value, Source) if message.value is not None else None
        except BrokenContract as error:
            log.warning("a source that cannot be read: %s", error, extra={"offset": message.offset})
            return
        before = self._sources.pop(name, None)
        if source is not None:
            self._sources[name] = source
        if source is None or source.paused or before is None or before.url != source.url:
            self._pollings.pop(name, None)
            if (task := self._tasks.get(name)) is not None:
                task.cancel()

    async def tick_forever(self) -> None:
        """Starts the polls that are due, twice a second."""
        while True:
            self.tick()
            await asyncio.sleep(TICK)

    def tick(self) -> None:
        """Starts the polls that are due and not under way."""
        for name, source in list(self._sources.items()):
            if name not in self._tasks and schedule.is_due(source, self._pollings.get(name), clock()):
                self._start(name, source)

    async def leave(self, partitions: Collection[int], seconds: float) -> None:
        """Ends the polls of sources whose sites are no longer ours."""
        lost = [task for name, task in self._tasks.items() if self._partition(self._sources.get(name)) in partitions]
        await self._busy.dismiss(lost, seconds)

    def _partition(self, source: Source | None) -> int | None:
        try:
            return self._fetching.partition_of(normalise(source.url)) if source is not None else None
        except BadUrl:
            return None

    def _start(self, name: str, source: Source) -> None:
        partition = self._partition(source)
        if partition is None:
            log.warning("a source whose URL cannot be fetched: %s", name, extra={"url": source.url[:200]})
            metrics.POLLS.labels(Outcome.BAD_URL).inc()
            self._pollings[name] = Polling(next_at=clock() + self._settings.poll)
        elif self._fetching.owns(partition):
            task = asyncio.create_task(self._poll(name, source))
            self._tasks[name] = task
            task.add_done_callback(lambda _: self._tasks.pop(name, None))

    async def _poll(self, name: str, source: Source) -> None:
        """One poll: the links, then what is remembered, so that a broken-off poll is done again."""
        polling, started = self._pollings.get(name, Polling()), clock()
        try:
            outcome, after = await self._read(source, polling)
        except Exception:  # a source meets the loop: nothing that it does may stop the others
            log.exception("a bug, met while polling", extra={"url": source.url})
            outcome, after = Outcome.BUG, polling
        metrics.POLLS.labels(outcome).inc()
        pause = min(self._settings.poll, SOON) if outcome in PASSING else self._settings.poll
        if self._sources.get(name) == source:
            self._pollings[name] = replace(after, next_at=started + pause)

    async def _read(self, source: Source, polling: Polling) -> tuple[Outcome, Polling]:
        url = normalise(source.url)
        fetched = await self._visitor.visit(_request(url, polling))
        outcome = fetched.outcome if isinstance(fetched, Failed) else of_status(fetched.status)
        detail = fetched.detail if isinstance(fetched, Failed) else None
        after, said = polling, 0
        if isinstance(fetched, Fetched) and outcome is Outcome.OK:
            try:
                outcome, after, said = await self._say(source, fetched, polling)
            except NoSource as error:
                outcome, detail = Outcome.NO_SOURCE, str(error)
        await self._write_down(url, fetched, outcome, detail)
        level = logging.INFO if outcome in SETTLED else logging.WARNING
        log.log(level, "polled %s: %d links", source.source_id, said, extra={"url": url, "outcome": outcome})
        return outcome, after

    async def _say(self, source: Source, fetched: Fetched, polling: Polling) -> tuple[Outcome, Polling, int]:
        """Publishes the links that are due. Raises NoSource."""
        body = envelope.sha256(fetched.body)
        if body == polling.body and polling.may_skip(clock()):
            return Outcome.UNCHANGED, polling, 0
        links = await self._links(source, fetched)
        chosen, said = schedule.to_say(links, polling, clock())
        with self._busy():
            now = today()
            await self._outbox.put(*(found_record(sources.found(link, source), found_at=now) for link in chosen))
        after = Polling(
            read_at=clock() if len(said) == len({link.url for link in links}) else None,
            etag=fetched.headers.get("ETag"),
            last_modified=fetched.headers.get("Last-Modified"),
            body=body,
            said=said,
        )
        return Outcome.OK, after, len(chosen)

    async def _links(self, source: Source, fetched: Fetched) -> list[Link]:
        """The links of a source; of an index of sitemaps those of the sitemaps that changed last. Raises NoSource."""
        polled = await _parsed(source, fetched)
        links = list(polled.links)
        for address in polled.sitemaps[:MOST_SITEMAPS]:
            inner = await self._visitor.visit(source_request(address))
            if isinstance(inner, Fetched) and of_status(inner.status) is Outcome.OK:
                links += (await _parsed(source, inner)).links
        return links

    async def _write_down(self, url: str, fetched: Fetched | Failed, outcome: Outcome, detail: str | None) -> None:
        state = FetchState(
            url=url,
            outcome=outcome,
            fetched_at=fetched.ended_at if isinstance(fetched, Failed) else fetched.fetched_at,
            status=fetched.status,
            body_sha256=envelope.sha256(fetched.body) if isinstance(fetched, Fetched) and fetched.body else None,
            detail=clean(detail)[:200] if detail else None,
        )
        with self._busy():
            await self._outbox.put(state_record(state))


def _request(url: str, polling: Polling) -> Request:
    """Conditional only while the body need not be read again: some hosts keep the ETag when the feed changes."""
    headers: dict[str, str] = {}
    if polling.may_skip(clock()):
        headers |= {"If-None-Match": polling.etag} if polling.etag else {}
        headers |= {"If-Modified-Since": polling.last_modified} if polling.last_modified else {}
    return source_request(url, headers)


async def _parsed(source: Source, fetched: Fetched) -> sources.Polled:
    """In a thread, for a large feed takes a second."""
    return await asyncio.to_thread(
        sources.read, fetched.body, kind=source.kind, url=fetched.final_url, content_type=fetched.content_type
    )
