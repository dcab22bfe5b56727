"""The links of the partitions that are ours: kept on the state topic, fetched when due, each in its host's turn."""

import asyncio
import heapq
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field, replace

from services import contracts, metrics
from services.broker import partition_for
from services.contracts import BrokenContract, FetchState, FoundUrl, HostState
from services.fetcher.links import results, revisits
from services.fetcher.links.ledger import Ledger, key_of
from services.fetcher.links.records import found_record, state_record, traceparent
from services.fetcher.links.results import Result
from services.fetcher.manners.visit import Visitor  # noqa: TC001 - one place for imports
from services.fetcher.outbox import Busy, Outbox, Task
from services.fetcher.wire.download import Answer, Failed, Request, clock, today
from services.fetcher.wire.outcomes import SETTLED, Outcome
from services.settings import Settings
from services.stage import Message, Record
from services.urls import BadUrl, host_of, normalise, site_of

log = logging.getLogger("dateline.fetcher")

MOST_WAITING = 200_000  # links that wait here, all partitions together, at which no more are taken
TICK = 0.2  # seconds between two looks at what is due
LEASE = 8.0  # seconds after the group's last sign in which nobody else can have been given our sites
FRESH_FIRST = {"list": 1, "sitemap": 1}  # a page of a feed, or that a user asks for, goes before one of these


@dataclass(eq=False)
class Share:
    """A partition of news.urls.v1 that is ours since `since`. Its ledger counts once it `is_read`."""

    number: int
    since: float
    ledger: Ledger = field(default_factory=Ledger)
    is_read: bool = False
    early: list[Message] = field(default_factory=list)
    next_offset: int | None = None


@dataclass
class Queue:
    """The links of one host that are due: those that somebody waits for first, then by the time they were due."""

    share: Share
    task: Task | None = None
    keys: list[tuple[int, float, bytes]] = field(default_factory=list)


class Fetching:
    """All that happens to links; the territory of its visitor. Its methods run in the event loop.

    `visitor` and `heard`, which tells when the group last counted us in, are set once they are there.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        outbox: Outbox,
        busy: Busy,
        read: Callable[[int, Ledger], Awaitable[None]],
    ) -> None:
        self._settings = settings
        self._outbox = outbox
        self._busy = busy
        self._read = read
        self._shares: dict[int, Share] = {}
        self._left: dict[int, Share] = {}
        self._leaving: frozenset[int] = frozenset()
        self._queues: dict[str, Queue] = {}
        self._reading: set[Task] = set()
        self.visitor: Visitor
        self.heard: Callable[[], float] = lambda: float("-inf")

    def is_sure(self) -> bool:
        """Whether the group still counts us in: it has said so a moment ago."""
        return clock() - self.heard() < LEASE

    async def keeps(self, url: str) -> bool:
        """Whether what was found out about the URL is still ours to write down; returns once that is sure.

        It is for as long as the site is ours, and while the group waits for us to hand it over.
        """
        while not self.is_sure():  # noqa: ASYNC110 - a clock tells, no event
            await asyncio.sleep(TICK)
        number = self.partition_of(url)
        return number in self._leaving or self.ledger(number) is not None

    def since(self, site: str) -> float | None:
        """Since when the site is ours; None if it is not, or its states are not read yet."""
        share = self._shares.get(partition_for(site, self._settings.partitions))
        return share.since if share is not None and share.is_read else None

    def remembered(self, rules_at: str) -> HostState | None:
        """What whoever asked the host before has kept of it."""
        ledger = self.ledger_of(rules_at)
        return None if ledger is None else ledger.hosts.get(rules_at)

    async def keep(self, rules_at: str, state: HostState, answer: Answer | Failed) -> None:
        """Writes down how a host wants to be asked."""
        await self.write(
            FetchState(
                url=rules_at, outcome=answer.outcome, fetched_at=answer.ended_at, status=answer.status, host=state
            )
        )

    def ledger(self, number: int) -> Ledger | None:
        """The ledger of a partition, if that is ours and its states have been read."""
        share = self._shares.get(number)
        return share.ledger if share is not None and share.is_read else None

    def ledger_of(self, url: str) -> Ledger | None:
        """The ledger of the URL's site. Raises BadUrl."""
        return self.ledger(self.partition_of(url))

    def partition_of(self, url: str) -> int:
        """The partition of the URL's site. Raises BadUrl."""
        return partition_for(site_of(url), self._settings.partitions)

    async def write(self, *states: FetchState, after: Collection[Record] = ()) -> None:
        """Returns once the states are on the broker, and in our ledgers as far as they are of our sites.

        They are sent when the records are delivered that they are to come after.
        """
        records = [state_record(state) for state in states]
        if after:
            await self._outbox.put(*after)
        await self._outbox.put(*records)
        for state, record in zip(states, records, strict=True):
            if (ledger := self.ledger_of(state.url)) is not None:
                ledger.put(state, record)

    async def join(self, numbers: Collection[int]) -> None:
        """These partitions are ours from now on. Nothing is asked of their sites until their states have been read.

        Of a partition that comes back only what was written since is read, and links that were taken just before and
        waited for that are taken over: kafka-python keeps its position there, and does not bring them again.
        """
        left, self._left = self._left, {}
        shares = [_resumed(number, left.get(number), clock()) for number in sorted(numbers)]
        self._shares |= {share.number: share for share in shares}
        if shares:
            reading = asyncio.create_task(self._read_all(shares))
            self._reading.add(reading)
            reading.add_done_callback(self._reading.discard)
            self._outbox.needs(reading)

    async def leave(self, numbers: Collection[int], seconds: float) -> dict[int, int]:
        """These partitions are ours no more. Returns the offsets to commit, once what is under way is done or late."""
        shares = [self._shares.pop(number) for number in numbers if number in self._shares]
        self._left |= {share.number: share for share in shares}  # kafka-python may say it twice
        self._leaving = frozenset(self._left)
        lost = {host: queue for host, queue in self._queues.items() if queue.share in shares}
        await self._busy.dismiss([queue.task for queue in lost.values() if queue.task], seconds)
        self._leaving = frozenset()
        for host in lost:
            self._queues.pop(host, None)
        return _offsets(shares)

    async def exchange(self, messages: Collection[Message]) -> tuple[dict[int, int], bool]:
        """Takes links; returns the offsets to commit now, and whether there is room for more."""
        for message in messages:
            share = self._shares.get(message.partition) or self._left.get(message.partition)
            if share is None:
                raise RuntimeError(f"a link of partition {message.partition}, which is not ours")
            share.early.append(message)
        for share in self._shares.values():
            if share.is_read and share.early:
                await self._take(share)
        waiting = sum(len(share.ledger.waiting) for share in self._shares.values())
        room = waiting <= MOST_WAITING and all(share.is_read for share in self._shares.values())
        return _offsets(self._shares.values()), room

    async def tick_forever(self) -> None:
        """Queues what is due, five times a second."""
        while True:
            for share in list(self._shares.values()):
                self._queue_due(share)
            self._measure()
            await asyncio.sleep(TICK)

    async def _read_all(self, shares: list[Share]) -> None:
        """One partition after the other, so that the first is fetched from while the last is still being read."""
        for share in shares:
            if self._shares.get(share.number) is share:
                await self._read(share.number, share.ledger)
                share.is_read = True

    async def _take(self, share: Share) -> None:
        """Writes the links down as waiting; from then on the records themselves are no longer needed."""
        taken, share.early = share.early, []
        wanted: dict[str, FetchState] = {}
        metrics.CONSUMED.labels("fetcher").inc(len(taken))
        for message in taken:
            state = _asked(message, share.ledger)
            if state is not None:
                wanted.setdefault(state.url, state)
        if wanted:
            await self.write(*wanted.values())
            self._queue_due(share)
        share.next_offset = taken[-1].offset + 1

    def _queue_due(self, share: Share) -> None:
        if not share.is_read:
            return
        for key, state in share.ledger.waiting.due(today()):
            host = host_of(state.url)
            queue = self._queues.setdefault(host, Queue(share))
            assert state.due_at is not None
            heapq.heappush(queue.keys, (_rank(state), state.due_at.timestamp(), key))
            if queue.task is None:
                queue.task = asyncio.create_task(self._work(host, queue, share.ledger))
                self._outbox.needs(queue.task)

    async def _work(self, host: str, queue: Queue, ledger: Ledger) -> None:
        """Does the links of one host, one after the other, as long as there are any and the host is ours."""
        while queue.keys and self._is_ours(queue.share):
            *_, key = heapq.heappop(queue.keys)
            state = ledger.waiting.get(key)
            if state is not None and state.due_at is not None and state.due_at <= today():
                await asyncio.sleep(self.visitor.rest(state.url))
                await self._outbox.flowing()
                if self._is_ours(queue.share):
                    await self._do(state, ledger)
        self._queues.pop(host, None)

    def _is_ours(self, share: Share) -> bool:
        """Whether the share has not been given back: what still waits in it is the next owner's to fetch."""
        return self._shares.get(share.number) is share

    async def _do(self, state: FetchState, ledger: Ledger) -> None:
        metrics.ATTEMPTS.labels("page").inc()
        outcome = Outcome.ABANDONED
        try:
            result = await self._result(state, ledger)
            if await self.keeps(state.url):
                with self._busy():
                    await self._deliver(state, result)
                outcome = result.outcome
        finally:
            metrics.FETCHES.labels(outcome).inc()
        level = logging.DEBUG if outcome in SETTLED else logging.INFO
        log.log(level, result.detail or "fetched", extra={"url": state.url, "outcome": outcome})

    async def _result(self, state: FetchState, ledger: Ledger) -> Result:
        try:
            answer = await self.visitor.visit(Request(url=state.url, headers=results.conditions(state, today())))
            result = results.result_of(
                answer, state, lambda url: ledger.known.get(key_of(url)), traceparent=traceparent()
            )
            return results.withheld(result) if self._settings.rights == "honour" else result
        except Exception:  # a link meets the loop: nothing that a page does may stop the others
            log.exception("a bug, met while fetching", extra={"url": state.url})
            return Result(outcome=Outcome.BUG, at=today())

    async def _deliver(self, state: FetchState, result: Result) -> None:
        """The page first, then the state: a state without its page would be a page lost."""
        records = [result.page] if result.page is not None else []
        if result.onward is not None:
            records.append(found_record(result.onward, found_at=result.at))
        planned = revisits.planned(results.state_after(state, result))
        await self.write(planned, *results.same_page(planned, result), after=records)

    def _measure(self) -> None:
        ledgers = [share.ledger for share in self._shares.values()]
        metrics.KNOWN.set(sum(len(ledger.known) for ledger in ledgers))
        metrics.IN_FLIGHT.labels("fetcher").set(sum(queue.task is not None for queue in self._queues.values()))
        metrics.QUEUED.set(sum(len(queue.keys) for queue in self._queues.values()))
        metrics.WAITING.set(sum(len(ledger.waiting) for ledger in ledgers))
        late = [queue.keys[0][1] for queue in self._queues.values() if queue.keys]
        metrics.SCHEDULE_LAG.labels("page").set(max(0.0, today().timestamp() - min(late)) if late else 0.0)
        metrics.RESTING.set(self.visitor.resting())


def _resumed(number: int, before: Share | None, now: float) -> Share:
    if before is None:
        return Share(number, since=now)
    share = Share(number, since=now, early=before.early, next_offset=before.next_offset)
    if before.is_read:  # else a thread may still be reading into that ledger
        share.ledger = before.ledger
        share.ledger.waiting.again()
    return share


def _asked(message: Message, ledger: Ledger) -> FetchState | None:
    """The state of a link that is now due; None if it is not wanted, or cannot be fetched (which is counted)."""
    now = today()
    try:
        found = contracts.decode(message.value, FoundUrl)
        url = normalise(found.url)
    except (BrokenContract, BadUrl) as error:
        where = {"topic": message.topic, "partition": message.partition, "offset": message.offset}
        log.warning("a link that cannot be fetched: %s", error, extra=where)
        metrics.ATTEMPTS.labels("page").inc()
        metrics.FETCHES.labels(Outcome.BAD_URL).inc()
        return None
    key = key_of(url)
    known, before = ledger.known.get(key), ledger.waiting.get(key)
    if not revisits.is_wanted(found, known, waits=before is not None, now=now):
        return None
    if before is not None:
        return replace(before, due_at=now, found=found, tries=0)
    digest, revision = (known.digest, known.revision) if known is not None else (None, None)
    return FetchState(
        url=url,
        outcome=Outcome.WAITING,
        fetched_at=now,
        body_sha256=digest,
        text_sha256=digest,
        due_at=now,
        found=found,
        first_at=revision,
        revision=revision,
    )


def _rank(state: FetchState) -> int:
    """0 for what is new, 1 for pages of sitemaps and lists, 2 for what is looked at again."""
    if state.found is None or state.found.source_id is None:
        return 0
    return FRESH_FIRST.get(state.found.source_kind or "", 0) if state.outcome == Outcome.WAITING else 2


def _offsets(shares: Iterable[Share]) -> dict[int, int]:
    return {share.number: share.next_offset for share in shares if share.next_offset is not None}
