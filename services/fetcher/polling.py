"""The sources whose sites are ours: read when they are due, their new links published."""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from services import contracts, envelope, metrics
from services.contracts import BrokenContract, FetchState, PollState, Source, SourceKind
from services.fetcher.content.pages import clean, validator
from services.fetcher.fetching import Fetching
from services.fetcher.hubs import websub
from services.fetcher.links.records import found_record, source_record
from services.fetcher.manners.visit import Elsewhere, Fetched, Visitor
from services.fetcher.origins import hints, schedule, sources
from services.fetcher.origins.feeds import Link, NoSource
from services.fetcher.origins.schedule import Reading
from services.fetcher.origins.sources import source_request
from services.fetcher.outbox import Busy, Outbox, Task
from services.fetcher.wire.download import Failed, today
from services.fetcher.wire.outcomes import SETTLED, Outcome, of_status
from services.settings import Settings
from services.stage import Message
from services.urls import BadUrl, normalise

log = logging.getLogger("dateline.fetcher")

TICK = 0.5  # seconds between two looks at what is due
MOST_SITEMAPS = 20  # of an index, read in one poll: the most recently changed ones
LONGEST_DETAIL = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """A source, where it is read, and the partition of that place; without those if its URL cannot be fetched."""

    source: Source
    url: str | None
    partition: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Poll:
    """What came of a poll. `reading`: if the source was read, or is the same as before."""

    outcome: Outcome
    detail: str | None = None
    reading: Reading | None = None
    body_sha256: str | None = None


class Polls:
    """All that happens to sources. Its methods run in the event loop."""

    def __init__(self, settings: Settings, *, visitor: Visitor, outbox: Outbox, busy: Busy, fetching: Fetching) -> None:
        self._settings = settings
        self._visitor = visitor
        self._outbox = outbox
        self._busy = busy
        self._fetching = fetching
        self._sources: dict[str, Followed] = {}
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
        after = self._followed(source) if source is not None else None
        if after is not None:
            self._sources[name] = after
        if after is None or after.source.paused or (before is not None and before.url != after.url):
            self._cancel(name)

    async def tick_forever(self) -> None:
        """Starts the polls that are due, twice a second."""
        while True:
            self.tick(today())
            await asyncio.sleep(TICK)

    def tick(self, now: datetime) -> None:
        """Starts the polls that are due and not under way."""
        lags, ages, ours = [0.0], [0.0], self._ours()
        for each in ours:
            poll = self._poll_of(each)
            if poll is not None:
                ages.append((now - (poll.newest_at or poll.since)).total_seconds())
            pushed = self._is_pushed(each.source, now)
            if (poll is None or schedule.is_due(poll, now, pushed=pushed)) and self._visitor.rest(each.url or "") == 0:
                lags.append((now - poll.next_at).total_seconds() if poll else 0.0)
                self._start(each)
        metrics.SCHEDULE_LAG.labels("source").set(max(lags))
        metrics.SOURCES.set(len(ours))
        metrics.SILENCE.set(max(ages))

    def _is_pushed(self, source: Source, now: datetime) -> bool:
        """Whether a hub tells of the source's news."""
        return bool(self._settings.websub_callback) and websub.is_live(self._latest(source).push, now)

    def _latest(self, source: Source) -> Source:
        """The source as it is now: a poll takes a while."""
        known = self._sources.get(source.source_id)
        return source if known is None else known.source

    def _ours(self) -> list[Followed]:
        return [
            each
            for each in self._sources.values()
            if each.partition is not None and not each.source.paused and self._fetching.ledger(each.partition)
        ]

    async def leave(self, partitions: Collection[int], seconds: float) -> None:
        """Ends the polls of sources whose sites are no longer ours."""
        lost = [task for name, task in self._tasks.items() if self._partition(name) in partitions]
        await self._busy.dismiss(lost, seconds)

    def _followed(self, source: Source) -> Followed:
        try:
            url = normalise(source.moved_to or source.url)
        except BadUrl:
            log.warning("a source whose URL cannot be fetched: %s", source.source_id, extra={"url": source.url[:200]})
            metrics.ATTEMPTS.labels("source").inc()
            metrics.POLLS.labels(Outcome.BAD_URL).inc()
            return Followed(source=source, url=None, partition=None)
        return Followed(source=source, url=url, partition=self._fetching.partition_of(url))

    def _partition(self, name: str) -> int | None:
        followed = self._sources.get(name)
        return followed.partition if followed is not None else None

    def _state_of(self, followed: Followed) -> FetchState | None:
        """What is remembered of a source of ours; nothing if it was read elsewhere before."""
        ledger = self._fetching.ledger(followed.partition) if followed.partition is not None else None
        state = ledger.polls.get(followed.source.source_id) if ledger is not None else None
        return state if state is not None and state.url == followed.url else None

    def _poll_of(self, followed: Followed) -> PollState | None:
        state = self._state_of(followed)
        return state.poll if state is not None else None

    def _start(self, followed: Followed) -> None:
        name = followed.source.source_id
        if name in self._tasks:
            return
        task = asyncio.create_task(self._poll(followed))
        self._tasks[name] = task
        self._outbox.needs(task)
        task.add_done_callback(lambda _: self._tasks.pop(name, None))

    def _cancel(self, name: str) -> None:
        if (task := self._tasks.get(name)) is not None:
            task.cancel()

    async def _poll(self, followed: Followed) -> None:
        """One poll: the links first, then what is remembered, so that a broken-off poll is done again."""
        metrics.ATTEMPTS.labels("source").inc()
        outcome = Outcome.ABANDONED
        try:
            before = self._state_of(followed)
            answer, poll = await self._read(followed, before)
            state = self._state_after(followed, before, answer, poll)
            if await self._fetching.keeps(state.url):
                with self._busy():
                    await self._fetching.write(state)
                outcome = poll.outcome
        finally:
            metrics.POLLS.labels(outcome).inc()
        level = logging.INFO if outcome in SETTLED else logging.WARNING
        said = poll.reading.new if poll.reading is not None else 0
        told = {"url": followed.url, "outcome": outcome}
        log.log(level, "polled %s: %d links", followed.source.source_id, said, extra=told)

    async def _read(
        self, followed: Followed, before: FetchState | None
    ) -> tuple[Fetched | Failed | Elsewhere | None, Poll]:
        assert followed.url is not None
        answer = None
        try:
            answer = await self._visitor.visit(source_request(followed.url, schedule.conditions(before)))
            return answer, await self._poll_from(followed, before, answer)
        except NoSource as error:
            return answer, Poll(outcome=Outcome.NO_SOURCE, detail=str(error))
        except Exception:  # a source meets the loop: nothing that it does may stop the others
            log.exception("a bug, met while polling", extra={"url": followed.url})
            return answer, Poll(outcome=Outcome.BUG)

    async def _poll_from(
        self, followed: Followed, before: FetchState | None, answer: Fetched | Failed | Elsewhere
    ) -> Poll:
        if isinstance(answer, Elsewhere):
            await self._move(followed.source, answer.url)
            return Poll(outcome=Outcome.HANDED_OVER, detail=answer.url)
        if isinstance(answer, Failed):
            return await self._failed(followed.source, answer.outcome, answer.detail)
        outcome = of_status(answer.status)
        if outcome is Outcome.NOT_MODIFIED:
            return Poll(outcome=outcome, reading=_same(before, answer))
        if outcome is not Outcome.OK:
            return await self._failed(followed.source, outcome, f"status {answer.status}")
        return await self._news(followed, before, answer)

    async def _failed(self, source: Source, outcome: Outcome, detail: str) -> Poll:
        """A source that has moved, and is not where it moved to, is looked for where it was."""
        if source.moved_to is not None and outcome in (Outcome.HTTP_4XX, Outcome.DNS_FAILED):
            await self._move(source, None)
        return Poll(outcome=outcome, detail=detail)

    async def _move(self, source: Source, to: str | None) -> None:
        await self._change(replace(self._latest(source), moved_to=to))

    async def _heed(self, source: Source, answer: Fetched) -> None:
        """Writes down the hub that a source names, if that is another one than before."""
        if not self._settings.websub_callback:
            return
        named = websub.hub_of(answer.body, answer.headers, answer.final_url)
        known = self._latest(source).push
        if (named and (named.hub, named.topic)) != (known and (known.hub, known.topic)):
            await self._change(replace(self._latest(source), push=named))

    async def _change(self, source: Source) -> None:
        if source.source_id in self._sources:  # else it was removed meanwhile
            with self._busy():
                await self._outbox.put(source_record(source, now=today()))

    async def _news(self, followed: Followed, before: FetchState | None, answer: Fetched) -> Poll:
        """Publishes the new links. Raises NoSource."""
        await self._heed(followed.source, answer)
        digest, poll = envelope.sha256(answer.body), _poll_before(followed.source, before)
        if before is not None and before.body_sha256 == digest and not poll.unsaid:
            return Poll(outcome=Outcome.UNCHANGED, reading=_same(before, answer), body_sha256=digest)
        kind, links, is_index = await self._links(followed.source, answer)
        chosen, unsaid, said = schedule.news(links, poll)
        with self._busy():
            now = today()
            found = (sources.found(link, followed.source, kind) for link in chosen)
            await self._outbox.put(*(found_record(each, found_at=now) for each in found))
        etag = answer.headers.get("ETag")
        reading = Reading(
            at=answer.fetched_at,
            new=len(chosen),
            unsaid=unsaid,
            said=said,
            hints=hints.of(answer.body, answer.headers),
            etag_lies=poll.etag_lies or (before is not None and etag is not None and before.etag == etag),
        )
        # an index may stay as it is while its sitemaps change
        return Poll(outcome=Outcome.OK, reading=reading, body_sha256=None if is_index else digest)

    async def _links(self, source: Source, answer: Fetched) -> tuple[SourceKind, list[Link], bool]:
        """Kind and links of a source; of an index those of the sitemaps that changed last. Raises NoSource."""
        polled = await _parsed(source, answer)
        links = list(polled.links)
        for address in polled.sitemaps[:MOST_SITEMAPS]:
            inner = await self._visitor.visit(source_request(address))
            if isinstance(inner, Fetched) and of_status(inner.status) is Outcome.OK:
                links += (await _parsed(source, inner)).links
        return polled.kind, links, bool(polled.sitemaps)

    def _state_after(
        self, followed: Followed, before: FetchState | None, answer: Fetched | Failed | Elsewhere | None, poll: Poll
    ) -> FetchState:
        assert followed.url is not None
        now = _ended_at(answer)
        remembered, shortest = _poll_before(followed.source, before), self._settings.poll
        state = replace(
            before or FetchState(url=followed.url, outcome=poll.outcome, fetched_at=now),
            outcome=poll.outcome,
            fetched_at=now,
            status=None if answer is None or isinstance(answer, Elsewhere) else answer.status,
            detail=clean(poll.detail)[:LONGEST_DETAIL] if poll.detail else None,
        )
        if poll.reading is None:
            tries = state.tries + 1
            after = schedule.after_failure(remembered, now, failures=tries, shortest=shortest)
            return replace(state, tries=tries, poll=after)
        reading = replace(poll.reading, pushed=self._is_pushed(followed.source, now))
        after = schedule.after_reading(remembered, reading, shortest=shortest)
        state = replace(state, tries=0, poll=after)
        if poll.outcome is not Outcome.OK or not isinstance(answer, Fetched):
            return state
        is_index = poll.body_sha256 is None
        return replace(
            state,
            body_sha256=poll.body_sha256,
            etag=None if is_index else validator(answer.headers, "ETag"),
            last_modified=None if is_index else validator(answer.headers, "Last-Modified"),
        )


def _ended_at(answer: Fetched | Failed | Elsewhere | None) -> datetime:
    """When an answer had come; now, if a bug kept us from one."""
    if answer is None:
        return today()
    return answer.fetched_at if isinstance(answer, Fetched) else answer.ended_at


def _poll_before(source: Source, before: FetchState | None) -> PollState:
    if before is not None and before.poll is not None:
        return before.poll
    return schedule.first(source.source_id, today())


def _same(before: FetchState | None, answer: Fetched) -> Reading:
    """The reading of a source that is as it was."""
    poll = before.poll if before is not None else None
    if poll is None:  # a 304 that nobody asked for
        return Reading(at=answer.fetched_at)
    same = hints.Hints(skip_hours=poll.skip_hours, skip_days=poll.skip_days)
    return Reading(at=answer.fetched_at, said=poll.said, hints=same, etag_lies=poll.etag_lies)


async def _parsed(source: Source, answer: Fetched) -> sources.Polled:
    """In a thread, for a large feed takes a second."""
    return await asyncio.to_thread(
        sources.read, answer.body, kind=source.kind, url=answer.final_url, content_type=answer.content_type
    )
