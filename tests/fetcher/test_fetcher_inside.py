"""The fetcher's parts at work together in one process, against real web servers, without a broker."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import pytest

from services import contracts, metrics, topics
from services.broker import partition_for
from services.contracts import FetchState, FoundUrl, PollState, Source
from services.fetcher.fetching import Fetching
from services.fetcher.links.ledger import Ledger
from services.fetcher.links.records import state_record
from services.fetcher.manners.visit import Visitor
from services.fetcher.outbox import Busy, Outbox
from services.fetcher.polling import Polls
from services.fetcher.run import run
from services.fetcher.wire.download import Downloader
from services.settings import Settings, WrongSetting
from services.stage import Message, Record
from services.urls import site_of
from tests.fetcher.servers import Page, serving

NOW = datetime(2026, 11, 14, 12, tzinfo=UTC)
RESERVED = Page(b"<!doctype html><head><meta name=tdm-reservation content=1></head><p>The dam broke.</p>")


def die(why: str) -> NoReturn:
    raise AssertionError(why)


async def published(url: str, settings: Settings) -> list[FetchState | str]:
    """The states of a link that is taken and done, and the topics of what else is published."""
    records: list[Record] = []
    done = asyncio.Event()

    def publish(batch: Iterable[Record]) -> None:
        records.extend(batch)
        if sum(record.topic is topics.FETCH_STATE for record in records) == 2:
            loop.call_soon_threadsafe(done.set)

    async def read(_: int, __: Ledger) -> None:
        """Nothing is known before."""

    loop, busy, outbox = asyncio.get_running_loop(), Busy(), Outbox(publish, die)
    fetching = Fetching(settings, outbox=outbox, busy=busy, read=read)
    fetching.heard = lambda: float("inf")
    async with Downloader.of(settings) as downloader:
        fetching.visitor = Visitor(downloader, delay=settings.delay, busy=busy, territory=fetching)
        number = partition_for(site_of(url), settings.partitions)
        await fetching.join([number])
        await asyncio.sleep(0.01)
        value = contracts.encode(FoundUrl(url=url))
        await fetching.exchange([Message(topic=topics.URLS.name, partition=number, offset=0, key=b"", value=value)])
        async with asyncio.timeout(10):
            await done.wait()
    return [
        contracts.decode(record.value, FetchState) if record.topic is topics.FETCH_STATE else record.topic.name
        for record in records
    ]


@pytest.mark.parametrize(("rights", "expected"), [("honour", ["rights_reserved"]), ("record", ["ok", "news.pages.v1"])])
def test_what_reserves_mining_is_published_only_if_its_operator_says_so(rights: str, expected: list[str]) -> None:
    settings = Settings(rights=rights, allow_private=True, delay=0.01)
    with serving({"/x": RESERVED}, host="127.0.0.61") as site:
        done = asyncio.run(published(site.url("/x"), settings))
    told = {each if isinstance(each, str) else each.outcome for each in done}
    assert told == {"waiting", *expected}


def test_nobody_is_fetched_from_without_a_contact() -> None:
    with pytest.raises(WrongSetting, match="DATELINE_CONTACT"):
        run(Settings(contact=" "))


def test_the_gauge_of_the_newest_item_is_that_of_the_worst_source_that_is_not_paused() -> None:
    settings = Settings()
    hours = {"fresh": 1, "stale": 50, "paused": 900}

    async def read(_: int, ledger: Ledger) -> None:
        for name, age in hours.items():
            poll = PollState(
                source_id=name,
                next_at=NOW + timedelta(hours=1),
                interval=3600,
                since=NOW - timedelta(days=90),
                newest_at=NOW - timedelta(hours=age),
                counted_at=NOW,
            )
            state = FetchState(url=f"http://{name}.example/feed", outcome="ok", fetched_at=NOW, poll=poll)
            ledger.put(state, state_record(state))

    async def main() -> None:
        outbox, busy = Outbox(lambda _: None, die), Busy()
        fetching = Fetching(settings, outbox=outbox, busy=busy, read=read)
        visitor = Visitor(Downloader(contact="", allow_private=True), delay=1.0, territory=fetching)
        polls = Polls(settings, visitor=visitor, outbox=outbox, busy=busy, fetching=fetching)
        for name in hours:
            source = Source(source_id=name, kind="rss", url=f"http://{name}.example/feed", paused=name == "paused")
            value = contracts.encode(source)
            polls.learn(Message(topic=topics.SOURCES.name, partition=0, offset=0, key=name.encode(), value=value))
        await fetching.join(range(settings.partitions))
        await asyncio.sleep(0.1)
        polls.tick(NOW)

    asyncio.run(main())
    (silence,) = metrics.SILENCE.collect()
    assert silence.samples[0].value == 50 * 3600
