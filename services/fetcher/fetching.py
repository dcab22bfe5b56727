"""The links of the partitions that are ours: each fetched in its host's turn, its offset let go when delivered."""

import asyncio
import logging
import os
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services import contracts, envelope, metrics, topics
from services.broker import partition_for
from services.contracts import BrokenContract, FetchState, FoundUrl
from services.fetcher.download import Failed, Request, today
from services.fetcher.known import Known, KnownUrls, is_due, is_same_body
from services.fetcher.offsets import Unfinished
from services.fetcher.outbox import Busy, Outbox, Task
from services.fetcher.outcomes import PASSING, SETTLED, Outcome, of_status
from services.fetcher.pages import clean, is_page, page_of
from services.fetcher.records import state_record
from services.fetcher.visit import Fetched, Visitor
from services.settings import Settings
from services.stage import Message, Record
from services.urls import BadUrl, host_of, normalise, site_of

log = logging.getLogger("dateline.fetcher")

FULL = 2000  # unfinished links of one partition at which no more are taken
TRIES = 3  # of one link whose host is ill, before that is its outcome
Knowledge = dict[int, KnownUrls]


@dataclass(eq=False)
class Share:
    """A partition of news.urls.v1 that is ours. `known` is None until its fetch states have been read."""

    number: int
    unfinished: Unfinished = field(default_factory=Unfinished)
    known: KnownUrls | None = None
    early: list[Message] = field(default_factory=list)


@dataclass
class Job:
    """One link to fetch. `url` is the normalised one."""

    share: Share
    offset: int
    found: FoundUrl
    url: str
    tries: int = 0


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of a job. `digest`: SHA-256 of the body; `page`: the record to publish, if there is a new body.

    `reserved`: the statements by which the page is not to be mined.
    """

    outcome: Outcome
    at: datetime
    status: int | None = None
    detail: str | None = None
    digest: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    page: Record | None = None
    reserved: tuple[str, ...] = ()


class Fetching:
    """All that happens to links. Its methods run in the event loop."""

    def __init__(
        self,
        settings: Settings,
        *,
        visitor: Visitor,
        outbox: Outbox,
        busy: Busy,
        read_known: Callable[[Collection[int]], Awaitable[Knowledge]],
    ) -> None:
        self._settings = settings
        self._visitor = visitor
        self._outbox = outbox
        self._busy = busy
        self._read_known = read_known
        self._shares: dict[int, Share] = {}
        self._left: dict[int, Share] = {}
        self._queues: dict[str, deque[Job]] = {}
        self._workers: dict[str, tuple[Share, Task]] = {}
        self._reading: set[Task] = set()

    def owns(self, number: int) -> bool:
        """Whether the partition is ours and its fetch states are known."""
        share = self._shares.get(number)
        return share is not None and share.known is not None

    def partition_of(self, url: str) -> int:
        """The partition of the URL's site. Raises BadUrl."""
        return partition_for(site_of(url), self._settings.partitions)

    async def join(self, numbers: Collection[int]) -> None:
        """These partitions are ours from now on. Their links wait until the fetch states have been read.

        A partition that was ours just before the rebalance comes back with its unfinished links: kafka-python keeps its
        position there and does not bring them again.
        """
        shares = [_resumed(number, self._left.get(number)) for number in sorted(numbers)]
        self._left = {}
        self._shares |= {share.number: share for share in shares}
        if shares:
            reading = asyncio.create_task(self._read(shares))
            self._reading.add(reading)
            reading.add_done_callback(self._reading.discard)
            self._outbox.needs(reading)

    async def leave(self, numbers: Collection[int], seconds: float) -> dict[int, int]:
        """These partitions are ours no more. Returns the offsets to commit, once what is under way is done or late."""
        shares = [self._shares.pop(number) for number in numbers if number in self._shares]
        self._left = {share.number: share for share in shares}
        lost = {host: task for host, (share, task) in self._workers.items() if share in shares}
        await self._busy.dismiss(lost.values(), seconds)
        for host in lost:  # a task that was cancelled before its first step has not tidied up
            self._workers.pop(host, None)
            self._queues.pop(host, None)
        return _offsets(shares)

    async def exchange(self, messages: Iterable[Message]) -> tuple[dict[int, int], set[int]]:
        """Takes links; returns the offsets to commit now, and the partitions of which no more should come."""
        for message in messages:
            share = self._shares.get(message.partition)
            if share is not None and share.unfinished.take(message):
                self._admit(share, message)
        metrics.IN_FLIGHT.labels("fetcher").set(sum(len(share.unfinished) for share in self._shares.values()))
        full = {number for number, share in self._shares.items() if len(share.unfinished) >= FULL}
        return _offsets(self._shares.values()), full

    async def _read(self, shares: list[Share]) -> None:
        known = await self._read_known([share.number for share in shares])
        now = today()
        recent = timedelta(seconds=self._settings.delay)
        for share in shares:
            if self._shares.get(share.number) is not share:
                continue  # lost again while we read
            share.known = known.get(share.number) or KnownUrls()
            for host, at in share.known.asked_since(now - recent):
                self._visitor.hold(host, (at + recent - now).total_seconds())
            early, share.early = share.early, []
            for message in early:
                self._admit(share, message)

    def _admit(self, share: Share, message: Message) -> None:
        """Queues the link with its host, or finishes it at once."""
        if share.known is None:
            share.early.append(message)
            return
        metrics.CONSUMED.labels("fetcher").inc()
        try:
            found = contracts.decode(message.value, FoundUrl)
            job = Job(share=share, offset=message.offset, found=found, url=normalise(found.url))
        except (BrokenContract, BadUrl) as error:
            _say(logging.WARNING, f"a link that cannot be fetched: {error}", message)
            metrics.FETCHES.labels(Outcome.BAD_URL).inc()
            share.unfinished.finish(message.offset)
            return
        if is_due(share.known.get(job.url), found, now=today()):
            self._enqueue(job)
        else:
            share.unfinished.finish(job.offset)

    def _enqueue(self, job: Job) -> None:
        host = host_of(job.url)
        self._queues.setdefault(host, deque()).append(job)
        if host not in self._workers:
            task = asyncio.create_task(self._work(host, job.share))
            self._workers[host] = (job.share, task)
            self._outbox.needs(task)

    async def _work(self, host: str, share: Share) -> None:
        """Does the links of one host, one after the other, as long as there are any and the partition is ours."""
        queue = self._queues[host]
        try:
            while queue and self._shares.get(share.number) is share:
                await self._do(queue.popleft())
        finally:
            self._queues.pop(host, None)
            self._workers.pop(host, None)

    async def _do(self, job: Job) -> None:
        known = job.share.known.get(job.url) if job.share.known is not None else None
        if not is_due(known, job.found, now=today()):  # another source named the same link
            job.share.unfinished.finish(job.offset)
            return
        result = await self._result(job, known)
        job.tries += 1
        if result.outcome in PASSING and job.tries < TRIES:
            self._queues[host_of(job.url)].append(job)
            return
        with self._busy():
            await self._deliver(job, result, known)

    async def _result(self, job: Job, known: Known | None) -> Result:
        try:
            result = result_of(await self._visitor.visit(Request(url=job.url)), job.found, known)
            return withheld(result) if self._settings.rights == "honour" else result
        except Exception:  # a link meets the loop: nothing that a page does may stop the others
            log.exception("a bug, met while fetching", extra={"url": job.url})
            return Result(outcome=Outcome.BUG, at=today())

    async def _deliver(self, job: Job, result: Result, known: Known | None) -> None:
        """The page first, then the state: a state without its page would be a page lost."""
        if result.page is not None:
            await self._outbox.put(result.page)
        # a failed attempt at a page that we have does not make us forget which version we have
        if result.outcome in SETTLED or known is None or known.outcome not in SETTLED:
            state = state_of(job.url, result)
            await self._outbox.put(state_record(state))
            if job.share.known is not None:
                job.share.known.put(state)
        metrics.FETCHES.labels(result.outcome).inc()
        level = logging.DEBUG if result.outcome in SETTLED else logging.INFO
        log.log(level, result.detail or "fetched", extra=_extra(job, result.outcome))
        job.share.unfinished.finish(job.offset)


def result_of(answer: Fetched | Failed, found: FoundUrl, known: Known | None) -> Result:
    """The result that a visit stands for: a page only if the status is a success, the body text, and a new one.

    A page that broke off is tried again as any broken body is, and published, marked, if it breaks off every time.
    """
    if isinstance(answer, Failed):
        return Result(outcome=answer.outcome, at=answer.ended_at, status=answer.status, detail=clean(answer.detail))
    outcome, detail = _outcome_of(answer)
    if outcome is not Outcome.OK:
        return Result(outcome=outcome, at=answer.fetched_at, status=answer.status, detail=detail)
    digest, page = envelope.sha256(answer.body), None
    reserved: tuple[str, ...] = ()
    if answer.truncated:
        outcome, detail = Outcome.BROKEN_BODY, "broke off"
    if is_same_body(known, digest):
        outcome = outcome if answer.truncated else Outcome.UNCHANGED
    else:
        meta, content_type = page_of(answer, found, known=known)
        reserved = meta.rights.reserved
        site = site_of(meta.final_url)
        page = envelope.page_record(answer.body, meta, site=site, content_type=content_type, traceparent=traceparent())
    return Result(
        outcome=outcome,
        at=answer.fetched_at,
        status=answer.status,
        detail=detail,
        digest=digest,
        headers=answer.headers,
        page=page,
        reserved=reserved,
    )


def withheld(result: Result) -> Result:
    """The result without its page, if the page's rights are reserved: nothing of it is kept, not even its digest."""
    if not result.reserved:
        return result
    detail = ", ".join(result.reserved)
    return replace(result, outcome=Outcome.RIGHTS_RESERVED, detail=detail, digest=None, page=None, headers={})


def _outcome_of(answer: Fetched) -> tuple[Outcome, str | None]:
    outcome = of_status(answer.status)
    if outcome is not Outcome.OK:
        return outcome, f"status {answer.status}"
    if not answer.body.strip():
        return Outcome.EMPTY, "no bytes but white space"
    if not is_page(answer):
        return Outcome.NOT_TEXT, "bytes that are no text"
    return Outcome.OK, None


def state_of(url: str, result: Result) -> FetchState:
    """The state that a result leaves behind."""
    etag, modified = result.headers.get("ETag"), result.headers.get("Last-Modified")
    return FetchState(
        url=url,
        outcome=result.outcome,
        fetched_at=result.at,
        status=result.status,
        body_sha256=result.digest,
        etag=clean(etag)[:200] if etag else None,
        last_modified=clean(modified)[:100] if modified else None,
        detail=result.detail,
    )


def known_of(messages: Iterable[Message]) -> Knowledge:
    """The fetch states of a compacted topic, by partition. Records that do not decode are passed over."""
    known: Knowledge = {}
    for message in messages:
        if message.value is None:
            continue
        try:
            state = contracts.decode(message.value, FetchState)
        except BrokenContract:
            continue
        known.setdefault(message.partition, KnownUrls()).put(state)
    return known


def traceparent() -> str:
    """A new trace for a new page (W3C Trace Context, version 00, sampled)."""
    return f"00-{os.urandom(16).hex()}-{os.urandom(8).hex()}-01"


def _resumed(number: int, before: Share | None) -> Share:
    if before is None:
        return Share(number)
    return Share(number, unfinished=before.unfinished, early=list(before.unfinished.messages))


def _offsets(shares: Iterable[Share]) -> dict[int, int]:
    return {share.number: at for share in shares if (at := share.unfinished.next_offset) is not None}


def _say(level: int, what: str, message: Message) -> None:
    log.log(level, what, extra={"topic": message.topic, "partition": message.partition, "offset": message.offset})


def _extra(job: Job, outcome: Outcome) -> dict[str, object]:
    return {
        "url": job.url,
        "outcome": outcome,
        "topic": topics.URLS.name,
        "partition": job.share.number,
        "offset": job.offset,
    }
