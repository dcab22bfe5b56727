"""What is published together, and what follows when it cannot be."""

import asyncio
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import NoReturn

import pytest

from services import topics
from services.broker import Undelivered
from services.contracts import FetchState, FoundUrl
from services.fetcher.fetching import Fetching
from services.fetcher.links.ledger import Ledger
from services.fetcher.links.records import found_record
from services.fetcher.outbox import MOST_BYTES, Busy, Outbox
from services.settings import Settings
from services.stage import Record

NOW = datetime(2026, 11, 14, tzinfo=UTC)
RECORD = found_record(FoundUrl(url="http://www.example.co.uk/x"), found_at=NOW)


class Dead(BaseException):
    pass


def die(why: str) -> NoReturn:
    raise Dead(why)


def refuse(_: Iterable[Record]) -> None:
    raise Undelivered("the broker is gone")


def test_a_found_link_is_placed_by_its_site() -> None:
    assert (RECORD.key, RECORD.place) == (b"example.co.uk", "example.co.uk")


def test_what_is_not_delivered_ends_the_process() -> None:
    with pytest.raises(Dead, match="the broker is gone"):
        asyncio.run(Outbox(refuse, die).put(RECORD))


def test_what_is_put_in_a_moment_or_during_a_delivery_goes_together() -> None:
    trips: list[int] = []
    under_way = threading.Event()

    def publish(records: Iterable[Record]) -> None:
        trips.append(len(list(records)))
        under_way.set()
        time.sleep(0.05)

    async def main() -> None:
        outbox = Outbox(publish, die)
        first = [asyncio.create_task(outbox.put(RECORD)) for _ in range(3)]
        await asyncio.to_thread(under_way.wait)
        await asyncio.gather(*first, outbox.put(RECORD, RECORD), outbox.put(RECORD), outbox.put())

    asyncio.run(main())
    assert trips == [3, 3]


def test_states_are_sent_once_what_they_come_after_is_delivered_also_when_it_goes_with_others() -> None:
    page, state = replace(RECORD, value=b"page"), FetchState(url="http://a.example/", outcome="ok", fetched_at=NOW)
    trips: list[list[str]] = []

    async def nothing(_: int, __: Ledger) -> None:
        pass

    async def main() -> None:
        outbox = Outbox(lambda records: trips.append([record.topic.name for record in records]), die)
        fetching = Fetching(Settings(), outbox=outbox, busy=Busy(), read=nothing)
        await asyncio.gather(fetching.write(state, after=[page]), fetching.write(state), outbox.put(page))

    asyncio.run(main())
    links, states = topics.URLS.name, topics.FETCH_STATE.name
    assert trips == [[links, states, links], [states]]


def test_nothing_more_is_fetched_while_deliveries_pile_up() -> None:
    broker_is_back = threading.Event()
    heavy = replace(RECORD, value=bytes(MOST_BYTES // 4))

    def wait(_: Iterable[Record]) -> None:
        broker_is_back.wait(10)

    async def main() -> tuple[bool, bool, bool]:
        outbox = Outbox(wait, die)
        puts = [asyncio.create_task(outbox.put(heavy)) for _ in range(3)]
        await asyncio.sleep(0)
        await outbox.flowing()
        puts.append(asyncio.create_task(outbox.put(heavy)))
        await asyncio.sleep(0)
        fetching = asyncio.create_task(outbox.flowing())
        await asyncio.sleep(0.1)
        before = fetching.done()
        broker_is_back.set()
        await asyncio.gather(fetching, *puts)
        return all(each.done() for each in puts), before, fetching.done()

    assert asyncio.run(main()) == (True, False, True)


def test_idle_tasks_end_at_once_and_busy_ones_finish_unless_they_take_too_long() -> None:
    done: list[str] = []

    async def work(busy: Busy, name: str, seconds: float) -> None:
        with busy():
            await asyncio.sleep(seconds)
        done.append(name)
        await asyncio.sleep(60)

    async def idle() -> None:
        await asyncio.sleep(60)
        done.append("idle")

    async def main() -> float:
        busy = Busy()
        works = [work(busy, "short", 0.2), work(busy, "long", 60), idle()]
        tasks = [asyncio.create_task(each) for each in works]
        await asyncio.sleep(0.05)
        started = asyncio.get_running_loop().time()
        await busy.dismiss(tasks, 0.5)
        assert all(task.cancelled() for task in tasks)
        return asyncio.get_running_loop().time() - started

    assert 0.4 < asyncio.run(main()) < 1
    assert done == ["short"]
