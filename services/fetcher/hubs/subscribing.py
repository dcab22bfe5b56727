"""Subscriptions to the hubs whose sites are ours: begun, renewed before they end, ended when the source is gone.

What is known of a subscription stands with its source on news.sources.v1, which every fetcher follows: whichever of
them a hub reaches can answer it.
"""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services import contracts, metrics
from services.contracts import BrokenContract, Push, Source
from services.fetcher.hubs import websub
from services.fetcher.hubs.websub import Callbacks
from services.fetcher.links.records import source_record
from services.fetcher.manners.visit import Territory, Visitor
from services.fetcher.origins import schedule
from services.fetcher.outbox import Outbox, Task
from services.fetcher.wire.download import Request, clock, today
from services.fetcher.wire.outcomes import UNHEARD, Outcome
from services.settings import Settings
from services.stage import Message
from services.urls import BadUrl, site_of

log = logging.getLogger("dateline.fetcher")

TICK = 0.5  # seconds between two looks at what is due
HEARD_WITHIN = 5.0  # seconds in which what another fetcher wrote to the topic of sources comes here
HANDED_OVER_WITHIN = 120.0  # seconds in which a hub's site that is nobody's comes to one of the fetchers
LARGEST_ANSWER = 64 * 1024  # bytes of a hub's answer, of which only the status counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """A subscription that is no longer wanted. `until`: by the clock, when whose it is has long told its hub."""

    source: Source
    push: Push
    until: float


class Subscriptions:
    """All sources with their hubs. Its methods run in the event loop.

    `is_complete` once the topic of sources has been read to its end: until then what is said of a source may be old.
    """

    def __init__(self, settings: Settings, *, visitor: Visitor, outbox: Outbox, territory: Territory) -> None:
        self.callbacks = Callbacks(base=settings.websub_callback, key=settings.websub_secret)
        self._pause = timedelta(seconds=schedule.START * settings.poll)
        self._visitor = visitor
        self._outbox = outbox
        self._territory = territory
        self.is_complete = False
        self._sources: dict[str, Source] = {}
        self._endings: dict[tuple[str, str], Ending] = {}
        self._tasks: dict[str, Task] = {}

    def source(self, name: str, topic: str | None = None) -> Source | None:
        """A source that is there and not paused, and, if a topic is named, has that one."""
        found = self._sources.get(name)
        if found is None or found.paused or found.push is None:
            return None
        return found if topic in (None, found.push.topic) else None

    def learn(self, message: Message) -> None:
        """A source was added, changed, paused or removed: what is no longer wanted is ended."""
        name = (message.key or b"").decode("utf-8", "replace")
        try:
            source = contracts.decode(message.value, Source) if message.value is not None else None
        except BrokenContract:  # the polls say so
            return
        before = self._sources.pop(name, None)
        if source is not None:
            self._sources[name] = source
        if before is not None and before.push is not None and self.source(name, before.push.topic) is None:
            self._end(before, before.push)

    async def tick_forever(self) -> None:
        """Asks for the leases that are due, twice a second."""
        while True:
            self.tick(today())
            await asyncio.sleep(TICK)

    def tick(self, now: datetime) -> None:
        """Asks for the leases that are due and not being asked for, and ends what is to be ended."""
        if not self.is_complete:
            return
        for which, ending in list(self._endings.items()):
            self._end_if_ours(which, ending)
        live = 0
        for name, source in self._sources.items():
            push = source.push
            if push is None or source.paused or not self._is_ours(push.hub):
                continue
            live += websub.is_live(push, now)
            due = websub.next_ask(push, self._pause)
            if (due is None or due <= now) and name not in self._tasks and self._visitor.rest(push.hub) == 0:
                self._start(name, self._begin(source, push))
        metrics.SUBSCRIPTIONS.set(live)

    async def put(self, source: Source) -> None:
        """Writes a source down, unless it was removed."""
        if source.source_id in self._sources:
            self._sources[source.source_id] = source
            await self._outbox.put(source_record(source, now=today()))

    async def heard(self, name: str, topic: str, *, there: bool) -> Source | None:
        """The source, once the topic of sources has told us that it is there or is not: a hub may be faster.

        What is known of it if the topic does not.
        """
        ends = clock() + HEARD_WITHIN
        while (self.source(name, topic) is not None) != there and clock() < ends:  # noqa: ASYNC110 - a topic tells
            await asyncio.sleep(TICK)
        return self.source(name, topic)

    def _is_ours(self, hub: str) -> bool:
        try:
            return self._territory.since(site_of(hub)) is not None
        except BadUrl:
            return False

    def _end(self, source: Source, push: Push) -> None:
        if self.is_complete and push.until is not None and push.until > today():
            ending = Ending(source=source, push=push, until=clock() + HANDED_OVER_WITHIN)
            self._endings[source.source_id, push.topic] = ending

    def _end_if_ours(self, which: tuple[str, str], ending: Ending) -> None:
        """Tells the hub that a subscription is no longer wanted. While fetchers come and go its site may be nobody's.

        So everyone keeps what is to be ended for a while. A hub that changed hands is perhaps told twice.
        """
        if clock() > ending.until or self.source(*which) is not None:
            del self._endings[which]
        elif self._is_ours(ending.push.hub) and self._visitor.rest(ending.push.hub) == 0:
            del self._endings[which]
            self._start(" ".join(which), self._finish(which, ending))

    async def _finish(self, which: tuple[str, str], ending: Ending) -> None:
        """Ends a subscription; a paused source that is resumed begins a new one."""
        source, push = ending.source, ending.push
        if await self._ask("unsubscribe", source, push) in UNHEARD:
            self._endings.setdefault(which, ending)
            return
        known = self._sources.get(source.source_id)
        if known is not None and known.paused:
            await self.put(replace(known, push=Push(hub=push.hub, topic=push.topic)))

    def _start(self, name: str, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(doing)
        self._tasks[name] = task
        self._outbox.needs(task)
        task.add_done_callback(lambda _: self._tasks.pop(name, None))

    async def _begin(self, source: Source, push: Push) -> None:
        """Writes down that the hub is asked, then asks it: one that does not answer is left alone for a while."""
        push = replace(push, asked_at=today())
        await self.put(replace(source, push=push))
        await self._ask("subscribe", source, push)

    async def _ask(self, mode: str, source: Source, push: Push) -> Outcome:
        """A request to a hub (5.1). Whether it agrees shows when it asks back."""
        name, topic = source.source_id, push.topic
        form = {"hub.mode": mode, "hub.topic": topic, "hub.callback": self.callbacks.url(name, topic)}
        if mode == "subscribe":
            seconds = int(websub.LEASE.total_seconds())
            form |= {"hub.lease_seconds": str(seconds), "hub.secret": self.callbacks.secret(name, topic)}
        request = Request(
            url=push.hub, accept="*/*", text_only=False, most=LARGEST_ANSWER, head_is_enough=True, form=form
        )
        outcome = await self._outcome(request)
        metrics.HUB_REQUESTS.labels(mode, outcome).inc()
        log.info("asked a hub to %s: %s", mode, name, extra={"url": push.hub, "outcome": outcome})
        return outcome

    async def _outcome(self, request: Request) -> Outcome:
        try:
            answer = await self._visitor.post(request)
        except Exception:  # a hub meets the loop: nothing that it does may stop the others
            log.exception("a bug, met while asking a hub", extra={"url": request.url})
            return Outcome.BUG
        return answer.outcome
