"""Runs a Stage on Faust: the ordered window, dead letters, health and shutdown.

Acknowledged means on the broker: an input is acked only after its outputs, or its dead letter, are delivered, and
acks go out strictly in source order per partition (Faust's committed offset may pass a message in flight otherwise).
Whatever cannot be delivered ends the process before the ack: its supervisor restarts it and the record is done again.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, NoReturn

import cramjam
import faust

from services import broker, health, logs, metrics, process, settings, topics
from services.children import Children, ChildrenBroken, Limits, Seen
from services.health import Readiness
from services.memories import Memories
from services.settings import Settings
from services.stage import CUT, UNEXPECTED, Headers, Message, Outcome, Reason, Record, Rejected, Stage

log = logging.getLogger("dateline.streams")

MOST_KEPT = topics.CLIENT_BYTES - 4 * topics.MIB
PER_CHILD = 16  # records in flight for each child
MESSAGE_BYTES = 2000  # of a dead letter's explanation
CUT_VALUE, CUT_HEADERS = 4 * topics.MIB, 200  # what is kept of a record that could not be sent again


def run(stage: Stage) -> NoReturn:
    """Runs the stage until SIGTERM or SIGINT (exit 0), a failed delivery (70) or the circuit breaker (71)."""
    ours = settings.read()
    logs.configure(stage.name, ours.log_level)
    process.end_on_crash()
    sys.exit(asyncio.run(Worker(stage, ours).live()))


class Worker:
    """One replica of a stage, from the wait for its broker to its last commit."""

    def __init__(self, stage: Stage, ours: Settings) -> None:
        self._stage = stage
        self._settings = ours
        self._readiness = Readiness()
        self._stopping = asyncio.Event()
        limits = Limits(seconds=ours.child_seconds, memory=ours.child_memory * topics.MIB)
        replaced, worked = metrics.CHILDREN_LOST.labels(stage.name), metrics.WORK.labels(stage.name)
        self._children = Children(stage, limits, Seen(replaced=replaced.inc, worked=worked.observe))
        self._memories = Memories(stage.name, stage.memory, ours) if stage.memory else None

    async def live(self) -> int:
        """Works until told to stop, and returns the exit code."""
        port = health.serve(self._readiness, self._settings.health_host, self._settings.health_port)
        log.info("%s up, metrics at http://%s:%d/metrics", self._stage.name, self._settings.health_host, port)
        process.on_stop_signal(self._stopping.set)
        await process.broker_and_topics(self._settings, self._readiness, self._stopping.is_set)
        count = self._settings.children or os.cpu_count() or 1
        stopped = asyncio.create_task(self._stopping.wait())
        if not await self._start_children(count, stopped):
            return 0
        app = _app(self._stage, self._settings)
        limits = WindowLimits(
            size=count * PER_CHILD, breaker=self._settings.breaker, partitions=self._settings.partitions
        )
        window = Window(app, self._stage, limits, Hands(self._children, self._memories))
        self._subscribe(app, window)
        if self._memories:
            self._memories.start()
        running = {
            asyncio.create_task(_run_app(app)),
            asyncio.create_task(self._measure(app)),
            asyncio.create_task(process.watch(self._settings, self._readiness, self._stage.name)),
        }
        ended, going = await asyncio.wait({stopped, *running}, return_when=asyncio.FIRST_COMPLETED)
        if stopped not in ended:  # none of the others should ever end
            self._children.kill()
            process.die(f"Faust or its watch ended by itself: {[each.exception() for each in ended]}")
        for each in going:
            each.cancel()
        await self._stop(app, window)
        return 0

    async def _start_children(self, count: int, stopped: "asyncio.Task[Any]") -> bool:
        """Whether they are ready; they are not when the worker is told to stop before."""
        starting = asyncio.create_task(self._children.start(count))
        await asyncio.wait({starting, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            self._children.kill()
            return False
        try:
            starting.result()
        except ChildrenBroken as error:
            self._children.kill()
            process.die(str(error))
        return True

    def _subscribe(self, app: Any, window: "Window") -> None:  # noqa: ANN401 - Faust is untyped
        source = app.topic(self._stage.source.name, **RAW)

        @app.agent(source, name=self._stage.name, concurrency=1)  # type: ignore[untyped-decorator]
        async def take(stream: Any) -> None:  # noqa: ANN401
            manual = stream.noack()
            async for event in manual.events():
                await window.admit(event, manual)

        @app.on_partitions_assigned.connect(weak=False)  # type: ignore[untyped-decorator]
        async def assigned(_: Any, assigned: Any, **__: Any) -> None:  # noqa: ANN401
            log.info("%d partitions assigned", len(assigned))
            if self._memories:
                self._memories.assign(each.partition for each in assigned)
            self._readiness.ready()

        @app.on_partitions_revoked.connect(weak=False)  # type: ignore[untyped-decorator]
        async def revoked(*_: Any, **__: Any) -> None:  # noqa: ANN401
            if self._memories:
                await self._memories.hand_over()

    async def _measure(self, app: Any) -> None:  # noqa: ANN401 - Faust is untyped
        """Keeps the lag's metric true while the worker runs."""
        lag = metrics.LAG.labels(self._stage.name)
        while True:
            with suppress(faust.exceptions.FaustError, AssertionError):  # in a rebalance nothing tells it
                lag.set(_lag(app))
            await asyncio.sleep(process.WATCH)

    async def _stop(self, app: Any, window: "Window") -> None:  # noqa: ANN401 - Faust is untyped
        """Takes nothing more, finishes what fits, leaves the rest unacknowledged, commits, leaves the group."""
        self._readiness.waiting_for = "its end"
        left = await window.drain(process.DRAIN)
        if left:
            log.warning("%d records left for the next worker", left)
        self._children.kill()
        app.conf.stream_wait_empty = False  # we waited ourselves; what is left must not be waited for
        await app.consumer.commit()
        if self._memories:
            await self._memories.hand_over()
        await app.stop()
        log.info("gone")


@dataclass(eq=False)
class _Place:
    """One record's place in its partition's order."""

    enqueued: asyncio.Event = field(default_factory=asyncio.Event)
    acked: asyncio.Event = field(default_factory=asyncio.Event)
    after: "_Place | None" = None


@dataclass(frozen=True, kw_only=True)
class WindowLimits:
    """Records in flight, unexpected failures in a row that are borne, and partitions of the outputs."""

    size: int
    breaker: int
    partitions: int


@dataclass(frozen=True, slots=True)
class Hands:
    """Who does the work: the children, and the memory that advises them where the stage has one."""

    children: Children
    memories: Memories | None

    async def work(self, message: Message) -> Outcome:
        """The outcome of the message's work, with advice and lesson where there is a memory. Raises Rejected."""
        if self.memories is None:
            return await self.children.work(message)
        outcome = await self.children.work(self.memories.advised(message))
        if outcome.lesson is not None:
            self.memories.learn(message, outcome.lesson)
        return outcome


class Window:
    """The records in flight: worked on side by side, delivered and acknowledged in the order of their partition."""

    def __init__(self, app: Any, stage: Stage, limits: WindowLimits, hands: Hands) -> None:  # noqa: ANN401
        self._stage = stage
        self._hands = hands
        self._limits = limits
        self._slots = asyncio.Semaphore(limits.size)
        self._tasks: set[asyncio.Task[None]] = set()
        self._last: dict[int, _Place] = {}
        self._next: dict[int, tuple[int, int]] = {}
        self._closed = False
        self._unexpected = 0
        self._outputs = {each.name: app.topic(each.name, **RAW) for each in topics.TOPICS}
        self._commit = app.consumer.commit

    async def admit(self, event: Any, stream: Any) -> None:  # noqa: ANN401 - Faust is untyped
        """Starts the work on an event once there is a free slot. Never returns once the window is closed."""
        await self._no_gap(event.message)
        await self._slots.acquire()
        if self._closed:
            await asyncio.Event().wait()
        metrics.CONSUMED.labels(self._stage.name).inc()
        place = _Place(after=self._last.get(event.message.partition))
        self._last[event.message.partition] = place
        task = asyncio.create_task(self._do(event, stream, place))
        self._tasks.add(task)
        metrics.IN_FLIGHT.labels(self._stage.name).set(len(self._tasks))
        task.add_done_callback(self._finished)

    async def drain(self, seconds: float) -> int:
        """Admits nothing more, waits for what is in flight, and returns how many records are left after `seconds`."""
        self._closed = True
        left: set[asyncio.Task[None]] = set()
        if self._tasks:
            _, left = await asyncio.wait(set(self._tasks), timeout=seconds)
        for task in left:
            task.cancel()
        return len(left)

    async def _no_gap(self, message: Any) -> None:  # noqa: ANN401
        """Within one generation the next offset of a partition follows the last: a hole may be a lost record.

        What is in flight is finished first, so that the restart begins behind it and meets the hole once only.
        """
        generation, expected = self._next.get(message.partition, (None, 0))
        if generation == message.generation_id and message.offset != expected:
            await self.drain(process.DRAIN)
            await self._commit()
            self._hands.children.kill()
            process.die(f"partition {message.partition}: offset {message.offset} after {expected - 1}")
        self._next[message.partition] = (message.generation_id, message.offset + 1)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._slots.release()
        metrics.IN_FLIGHT.labels(self._stage.name).set(len(self._tasks))
        if not task.cancelled() and (error := task.exception()) is not None:
            self._hands.children.kill()
            process.die(f"not delivered: {type(error).__name__}: {error}")

    async def _do(self, event: Any, stream: Any, place: _Place) -> None:  # noqa: ANN401
        message = broker.consumed(event.message)
        records = await self._records(message)
        before, place.after = place.after, None
        if before is not None:
            await before.enqueued.wait()
        sent = [await self._send(record, partition) for record, partition in records]
        place.enqueued.set()
        for delivery in sent:
            await delivery
        if before is not None:
            await before.acked.wait()
        await stream.ack(event)
        place.acked.set()
        for record, _ in records:
            metrics.PRODUCED.labels(self._stage.name, record.topic.name).inc()

    async def _records(self, message: Message) -> list[tuple[Record, int]]:
        """What is to be produced for a message, each with its partition: its outputs, or its dead letter."""
        try:
            outcome = await self._hands.work(message)
        except Rejected as rejected:
            self._count_failure(rejected.reason)
            letter = dead_letter(self._stage, message, rejected, datetime.now(UTC))
            where = {"topic": message.topic, "partition": message.partition, "offset": message.offset}
            about = {"url": (message.header("ce_source") or b"").decode(errors="replace"), "reason": rejected.reason}
            log.warning("dead letter: %s", rejected.message, extra=where | about)
            return [(letter, message.partition)]
        self._unexpected = 0
        partitions = self._limits.partitions
        return [(each, broker.partition_for(each.place, partitions)) for each in self._told(message, outcome)]

    def _told(self, message: Message, outcome: Outcome) -> tuple[Record, ...]:
        for (kind, value), count in outcome.counts.items():
            metrics.FOUND.labels(self._stage.name, kind, value).inc(count)
        return with_trace(message, outcome.records)

    def _count_failure(self, reason: Reason) -> None:
        metrics.DEAD.labels(self._stage.name, reason).inc()
        self._unexpected = self._unexpected + 1 if reason in UNEXPECTED else 0
        if self._unexpected >= self._limits.breaker:
            self._hands.children.kill()
            process.die(f"{self._unexpected} unexpected failures in a row, the last: {reason}", process.EXIT_BREAKER)

    async def _send(self, record: Record, partition: int) -> Awaitable[Any]:
        sent: Awaitable[Any] = await self._outputs[record.topic.name].send(
            key=record.key, value=record.value, partition=partition, headers=list(record.headers)
        )
        return sent


def dead_letter(stage: Stage, message: Message, rejected: Rejected, now: datetime) -> Record:
    """The source's record, untouched, with headers that say where it came from and why it could not be processed.

    Only a record that could not be sent again (compressed to less on its way in) is cut, and says so.
    """
    error = {
        "stage": stage.name,
        "reason": str(rejected.reason),
        "message": rejected.message,
        "topic": message.topic,
        "partition": str(message.partition),
        "offset": str(message.offset),
        "time": now.isoformat(),
    }
    said: Headers = tuple((f"dateline.error.{k}", v.encode(errors="replace")[:MESSAGE_BYTES]) for k, v in error.items())
    own = tuple(each for each in message.headers if not each[0].startswith("dateline.error."))
    value = message.value
    if not _can_be_sent(value or b"", own):
        said = (*said, (CUT, str(len(value or b"")).encode()))
        value = value and value[:CUT_VALUE]
        own = tuple((name, text[:MESSAGE_BYTES]) for name, text in own[:CUT_HEADERS])
    return Record(topic=stage.source.dead, key=message.key, value=value, headers=own + said, place="")


def _can_be_sent(value: bytes, headers: Headers) -> bool:
    """Whether the client takes a record of this weight, and the topic of dead letters what it becomes compressed."""
    weight = len(value) + sum(len(name) + len(text) for name, text in headers)
    if weight <= topics.DEAD_BYTES:
        return True
    whole = value + b"".join(text for _, text in headers)
    return weight <= MOST_KEPT and len(bytes(cramjam.zstd.compress(whole))) <= topics.DEAD_BYTES


def with_trace(message: Message, records: tuple[Record, ...]) -> tuple[Record, ...]:
    """The records with the message's W3C `traceparent`, where it has one."""
    trace = message.header("traceparent")
    if trace is None:
        return records
    return tuple(replace(each, headers=(*each.headers, ("traceparent", trace))) for each in records)


RAW = {"key_type": bytes, "value_type": bytes, "key_serializer": "raw", "value_serializer": "raw"}


def _app(stage: Stage, ours: Settings) -> Any:  # noqa: ANN401 - Faust is untyped
    """Faust, set so that the window alone says what is done."""
    return faust.App(
        f"dateline-{stage.name}",
        broker=[f"kafka://{each}" for each in broker.servers(ours)],
        store="memory://",
        autodiscover=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        worker_redirect_stdouts=False,
        table_standby_replicas=0,
        stream_wait_empty=True,
        stream_buffer_maxsize=128,
        broker_commit_interval=1.0,
        broker_session_timeout=10.0,
        broker_heartbeat_interval=2.0,
        broker_request_timeout=20.0,
        broker_rebalance_timeout=30.0,
        broker_max_poll_records=100,
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=ours.member or None,
        consumer_max_fetch_size=2 * topics.MIB,
        producer_acks=-1,
        producer_request_timeout=30.0,  # Faust's default is 20 minutes: too long to wait before we say that we failed
        producer_compression_type="zstd",
        producer_linger=0.02,
        producer_max_batch_size=900_000,
        producer_max_request_size=topics.CLIENT_BYTES,
    )


async def _run_app(app: Any) -> None:  # noqa: ANN401 - Faust is untyped
    """Returns when Faust ends by itself, which it should not; raises what crashed it."""
    # A full queue then simply blocks the fetching; Faust's own handling re-activates partitions a rebalance paused.
    app.consumer.on_buffer_full = app.consumer.on_buffer_drop = lambda _: None
    app._create_directories = lambda: None  # noqa: SLF001 - we keep no tables, and the root may be read-only
    await app.start()
    await app.wait_until_stopped()
    if app.crash_reason is not None:
        raise app.crash_reason


def _lag(app: Any) -> int:  # noqa: ANN401
    """Records behind the end of the assigned partitions, as far as the consumer has been told."""
    committed = app.consumer._committed_offset  # noqa: SLF001 - the monitor knows only what was committed since the start
    parts = app.consumer.assignment() if app.consumer.started else ()
    return sum(max(0, (app.consumer.highwater(tp) or 0) - committed[tp]) for tp in parts if committed.get(tp))
