"""What a stage has learnt, held for the partitions that are this worker's: read from its topic, given, written back.

No record waits for it. A partition's memory is read beside the stream, so the first records after a rebalance may go
without advice; what they teach waits until the reading is done. What is learnt is written every few seconds, so that a
killed worker forgets no more than that, and once more when partitions are about to go. What cannot be written is tried
again.
"""

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice

from services import broker, metrics
from services.settings import Settings
from services.stage import Memory, Message, Record

log = logging.getLogger("dateline.memories")

EVERY = 3.0  # seconds between two writings
MOST_WRITTEN = 500  # memories a writing: the broker is there for the stage first
HANDED_OVER = 1.0  # seconds in which the last of it is written before partitions go
MOST_KNOWN = 100_000  # keys of a worker (260 MB of sites), shared evenly by its partitions; the longest untouched go
MOST_WAITING = 500  # lessons of a partition that wait for its reading; further ones are lost
LARGEST = 8 * 1024  # bytes of a memory: a larger one is none of ours
TROUBLE = (*broker.AWAY, broker.Undelivered)


@dataclass(slots=True)
class _Partition:
    """What is known of a partition's keys. `waiting`: the lessons since it was assigned; None once it has been read."""

    known: dict[str, bytes] = field(default_factory=dict)
    waiting: list[tuple[str, bytes]] | None = field(default_factory=list)


class Memories:
    """One worker's memory, from its first assignment on."""

    def __init__(self, stage: str, memory: Memory, settings: Settings) -> None:
        self._stage = stage
        self._memory = memory
        self._settings = settings
        self._partitions: dict[int, _Partition] = {}
        self._unwritten: dict[str, int] = {}
        self._assigned = asyncio.Event()
        self._writing = asyncio.Lock()
        self._keeping: asyncio.Task[None] | None = None
        self._handing_over: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Keeps the memory from now on. Should that fail, the stage goes on without what would be read or written."""
        self._keeping = asyncio.create_task(self.keep())
        self._keeping.add_done_callback(_ended)

    def advised(self, message: Message) -> Message:
        """The message with what is known about it."""
        about, held = self._memory.about(message), self._partitions.get(message.partition)
        known = held.known.get(about) if held is not None and about is not None else None
        return message if known is None else replace(message, advice=known)

    def learn(self, message: Message, lesson: bytes) -> None:
        """Takes in what the message taught, at once or when its partition has been read."""
        about, held = self._memory.about(message), self._partitions.get(message.partition)
        if about is None or held is None:
            return
        if held.waiting is None:
            self._take_in(message.partition, about, lesson)
        elif len(held.waiting) < MOST_WAITING:
            held.waiting.append((about, lesson))

    def assign(self, partitions: Iterable[int]) -> None:
        """These are the worker's partitions now: the others' is forgotten, what it had stays, new ones will be read."""
        self._partitions = {each: self._partitions.get(each) or _Partition() for each in partitions}
        self._unwritten = {about: each for about, each in self._unwritten.items() if each in self._partitions}
        self._assigned.set()

    async def hand_over(self) -> None:
        """Writes what is unwritten; waits a second at most: the partitions may be another worker's soon."""
        self._handing_over = asyncio.create_task(self._write(len(self._unwritten)))
        await asyncio.wait({self._handing_over}, timeout=HANDED_OVER)

    async def keep(self) -> None:
        """Reads what was assigned and writes what was learnt, for ever."""
        while True:
            self._assigned.clear()
            await self._write(MOST_WRITTEN)
            await self._read()
            metrics.MEMORIES.labels(self._stage).set(sum(len(each.known) for each in self._partitions.values()))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._assigned.wait(), EVERY)

    def _take_in(self, partition: int, about: str, lesson: bytes) -> None:
        known = self._partitions[partition].known
        learnt = self._memory.learn(about, known.get(about), lesson)
        if learnt is not None:
            known.pop(about, None)
            known[about] = learnt
            self._unwritten[about] = partition
            self._bound(known)

    def _bound(self, known: dict[str, bytes]) -> None:
        """Forgets the longest untouched keys of a partition beyond its share."""
        for about in list(islice(known, max(0, len(known) - MOST_KNOWN // len(self._partitions)))):
            del known[about]

    async def _write(self, most: int) -> None:
        """Writes the memories that have waited longest, one writing after the other: the last word must be the last."""
        async with self._writing:
            taken = dict(islice(self._unwritten.items(), most))
            self._unwritten = dict(islice(self._unwritten.items(), most, None))
            topic = self._memory.topic
            records = [
                Record(topic=topic, key=about.encode(), value=known, place=about)
                for about, each in taken.items()
                if (known := self._partitions[each].known.get(about)) is not None
            ]
            if not records:
                return
            try:
                await asyncio.to_thread(self._publish, records)
            except TROUBLE as error:
                log.warning("%d memories not written yet: %s: %s", len(records), type(error).__name__, error)
                self._unwritten |= {about: each for about, each in taken.items() if each in self._partitions}
            else:
                metrics.PRODUCED.labels(self._stage, topic.name).inc(len(records))

    def _publish(self, records: list[Record]) -> None:
        with broker.Publisher(self._settings, f"{self._stage}-memories") as publisher:
            publisher.publish(records)

    async def _read(self) -> None:
        """Reads the partitions that have not been; those that cannot be read wait on."""
        unread = [number for number, each in self._partitions.items() if each.waiting is not None]
        if not unread:
            return
        try:
            found = await asyncio.to_thread(self._known, unread)
        except TROUBLE as error:
            log.warning("memories not read yet: %s: %s", type(error).__name__, error)
            return
        for number in unread:
            held = self._partitions.get(number)
            if held is None or held.waiting is None:
                continue  # it went while it was read
            held.known, waiting, held.waiting = found[number], held.waiting, None
            self._bound(held.known)
            for about, lesson in waiting:
                self._take_in(number, about, lesson)
            await asyncio.sleep(0)  # the stage's turn
        log.info("%d memories read", sum(map(len, found.values())))

    def _known(self, partitions: list[int]) -> dict[int, dict[str, bytes]]:
        found: dict[int, dict[str, bytes]] = {each: {} for each in partitions}
        for message in broker.read_compacted(self._settings, self._memory.topic, dict.fromkeys(partitions, 0)):
            about, known = (message.key or b"").decode(errors="replace"), found[message.partition]
            known.pop(about, None)
            if message.value is not None and len(message.value) <= LARGEST:
                known[about] = message.value
        return found


def _ended(keeping: asyncio.Task[None]) -> None:
    if not keeping.cancelled():
        log.error("memories are neither read nor written any more", exc_info=keeping.exception())
