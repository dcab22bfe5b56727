"""Publishing from the event loop, and who must be let finish."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from services import metrics
from services.broker import Undelivered
from services.stage import Record

Task = asyncio.Task[Any]
MOST_UNDER_WAY = 48  # deliveries at which no further fetch is begun; there are 64 threads for all
LOOK = 0.1  # seconds between two looks at whether a task is idle


class Outbox:
    """Puts records on the broker. What cannot be delivered ends the process: `die` is told why."""

    def __init__(self, publish: Callable[[Iterable[Record]], None], die: Callable[[str], NoReturn]) -> None:
        self._publish = publish
        self._die = die
        self._under_way = 0
        self._flows = asyncio.Event()
        self._flows.set()

    async def flowing(self) -> None:
        """Returns while the broker keeps up: nothing more is fetched when deliveries pile up."""
        await self._flows.wait()

    async def put(self, *records: Record) -> None:
        """Returns when all are delivered."""
        with self._counted():
            try:
                await asyncio.to_thread(self._publish, records)
            except Undelivered as error:
                self._die(f"not delivered: {error}")
        for record in records:
            metrics.PRODUCED.labels("fetcher", record.topic.name).inc()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def _count(self, change: int) -> None:
        self._under_way += change
        (self._flows.clear if self._under_way >= MOST_UNDER_WAY else self._flows.set)()

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
            self._tasks -= Counter([task])  # which drops what is at zero

    async def dismiss(self, tasks: Iterable[Task], seconds: float) -> None:
        """Ends tasks: each as soon as it is idle, and all after so many seconds."""
        left, ends = set(tasks), asyncio.get_running_loop().time() + seconds
        while left:
            late = asyncio.get_running_loop().time() >= ends
            for task in left:
                if late or task not in self._tasks:
                    task.cancel()
            _, left = await asyncio.wait(left, timeout=LOOK)
