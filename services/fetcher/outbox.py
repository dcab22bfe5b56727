"""Publishing from the event loop, and who must be let finish."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from services import metrics
from services.broker import Undelivered
from services.stage import Record

Task = asyncio.Task[Any]
MOST_BYTES = 32 * 1024 * 1024  # of records that wait for their delivery, at which no further fetch is begun
MOMENT = 0.05  # seconds in which what is put goes together
LOOK = 0.1  # seconds between two looks at whether a task is idle


class Outbox:
    """Puts records on the broker. What cannot be delivered ends the process: `die` is told why.

    What is put within a moment, or while a delivery is under way, goes together with the next one: a delivery by itself
    costs as much as fetching a page, and nobody waits for it who has to wait for a host anyway.
    """

    def __init__(self, publish: Callable[[Iterable[Record]], None], die: Callable[[str], NoReturn]) -> None:
        self._publish = publish
        self._die = die
        self._waiting: list[Record] = []
        self._under_way: Task | None = None
        self._next: Task | None = None
        self._bytes = 0
        self._flows = asyncio.Event()
        self._flows.set()

    async def flowing(self) -> None:
        """Returns while the broker keeps up: nothing more is fetched when deliveries pile up."""
        await self._flows.wait()

    async def put(self, *records: Record) -> None:
        """Returns when all are delivered."""
        self._waiting += records
        if self._next is None:
            self._next = asyncio.create_task(self._deliver(self._under_way))
        with self._weighed(records):
            try:
                await asyncio.shield(self._next)
            except Undelivered as error:
                self._die(f"not delivered: {error}")

    async def _deliver(self, before: Task | None) -> None:
        """Delivers what waits a moment after the delivery before has ended."""
        if before is not None:
            await asyncio.wait([before])
        await asyncio.sleep(MOMENT)
        records, self._waiting = self._waiting, []
        self._under_way, self._next = self._next, None
        if records:
            await asyncio.to_thread(self._publish_all, records)

    def _publish_all(self, records: Sequence[Record]) -> None:
        """In a thread."""
        self._publish(records)
        for name, count in Counter(record.topic.name for record in records).items():
            metrics.PRODUCED.labels("fetcher", name).inc(count)

    @contextmanager
    def _weighed(self, records: Iterable[Record]) -> Iterator[None]:
        size = sum(len(record.value or b"") for record in records)
        self._weigh(size)
        try:
            yield
        finally:
            self._weigh(-size)

    def _weigh(self, change: int) -> None:
        self._bytes += change
        (self._flows.clear if self._bytes >= MOST_BYTES else self._flows.set)()

    def needs(self, task: Task) -> None:
        """The process cannot do without this task: if it fails, that is its end too."""

        def look(done: Task) -> None:
            if not done.cancelled() and (error := done.exception()) is not None:
                self._die(f"{type(error).__name__}: {error}")

        task.add_done_callback(look)


class Busy:
    """Which tasks are at something that should not be broken off: a request, a delivery."""

    def __init__(self) -> None:
        self._tasks: Counter[Task | None] = Counter()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Marks the current task as busy."""
        task = asyncio.current_task()
        self._tasks[task] += 1
        try:
            yield
        finally:
            self._tasks[task] -= 1
            if not self._tasks[task]:
                del self._tasks[task]

    async def dismiss(self, tasks: Iterable[Task], seconds: float) -> None:
        """Ends tasks: each as soon as it is idle, and all after so many seconds."""
        left, ends = set(tasks), asyncio.get_running_loop().time() + seconds
        while left:
            late = asyncio.get_running_loop().time() >= ends
            for task in left:
                if late or task not in self._tasks:
                    task.cancel()
            _, left = await asyncio.wait(left, timeout=LOOK)
