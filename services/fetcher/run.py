"""Wires the fetcher: one event loop that fetches, one thread that takes links, one that follows the sources."""

import asyncio
import gc
import logging
import threading
import time
from collections.abc import Collection, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from typing import Any, NoReturn, TypeVar

from services import broker, health, logs, process, topics
from services.fetcher.fetching import Fetching
from services.fetcher.hubs.callback import Callback, listening
from services.fetcher.hubs.subscribing import Subscriptions
from services.fetcher.links.ledger import TOLD_BY, Ledger
from services.fetcher.manners.visit import Visitor
from services.fetcher.outbox import Busy, Outbox
from services.fetcher.polling import Polls
from services.fetcher.wire.download import Downloader
from services.health import Readiness
from services.settings import Settings, WrongSetting
from services.stage import Message

log = logging.getLogger("dateline.fetcher")
T = TypeVar("T")

GROUP = "dateline-fetcher"
HAND_OVER = 5.0  # seconds that a rebalance waits for requests under way
COMMIT_EVERY = 1.0
POLL = 0.25  # seconds that the taking of links may sleep
AGAIN = 1.0  # seconds between two tries of what the broker would not do
LOOSE = 10_000  # new objects after which garbage is looked for: nearly all of a fetch goes away by itself
THREADS = 64  # for name look-ups, deliveries and parsing: a slow resolver must not hold up the rest


def run(settings: Settings) -> NoReturn:
    """Fetches until SIGTERM or SIGINT, then ends the process: with 70 if a record cannot be delivered or Kafka is lost.

    Raises WrongSetting where nobody is named whom a site's operator could write to.
    """
    if not settings.contact.strip() and not settings.allow_private:
        raise WrongSetting("DATELINE_CONTACT is empty: name a URL or an e-mail address for the sites' operators")
    logs.configure("fetcher", settings.log_level)
    gc.freeze()  # what has been imported stays, and need not be looked through for garbage
    gc.set_threshold(LOOSE)
    process.end_on_crash()
    try:
        asyncio.run(Fetcher(settings).live())
    except broker.AWAY as error:
        process.die(f"Kafka is lost: {type(error).__name__}: {error}")
    process.leave()


class Fetcher:
    """One replica of the fetcher, from the wait for its broker to its last commit."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._readiness = Readiness()
        self._stopping = threading.Event()
        self._loop: asyncio.AbstractEventLoop
        self._fetching: Fetching
        self._polls: Polls
        self._subscriptions: Subscriptions | None = None

    async def live(self) -> None:
        """Works until told to stop."""
        self._loop = asyncio.get_running_loop()
        self._loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="fetcher"))
        process.on_stop_signal(self._stopping.set)
        port = health.serve(self._readiness, self._settings.health_host, self._settings.health_port)
        log.info("fetcher up, metrics at http://%s:%d/metrics", self._settings.health_host, port)
        await process.broker_and_topics(self._settings, self._readiness, self._stopping.is_set)
        async with AsyncExitStack() as stack:
            publisher = stack.enter_context(broker.Publisher(self._settings, "fetcher"))
            settings, busy, outbox = self._settings, Busy(), Outbox(publisher.publish, process.die)
            downloader = await stack.enter_async_context(Downloader.of(settings))
            self._fetching = Fetching(settings, outbox=outbox, busy=busy, read=self._read_states)
            visitor = Visitor(
                downloader, delay=settings.delay, busy=busy, territory=self._fetching, asks_reservations=True
            )
            self._fetching.visitor = visitor
            self._polls = Polls(settings, visitor=visitor, outbox=outbox, busy=busy, fetching=self._fetching)
            ticking = [self._fetching.tick_forever(), self._polls.tick_forever()]
            if settings.websub_callback:
                hubs = Subscriptions(settings, visitor=visitor, outbox=outbox, territory=self._fetching)
                await stack.enter_async_context(listening(Callback(hubs, outbox), settings))
                self._subscriptions = hubs
                ticking.append(hubs.tick_forever())
            threading.Thread(target=self._follow_sources, name="sources", daemon=True).start()
            watch = process.watch(settings, self._readiness, "fetcher")
            for each in (*ticking, watch):
                task = asyncio.create_task(each)
                outbox.needs(task)
                stack.callback(task.cancel)
            await asyncio.to_thread(self._take_links)
        log.info("gone")

    async def _read_states(self, partition: int, ledger: Ledger) -> None:
        """Brings the ledger of a partition up to date, trying until it is."""

        def read() -> None:
            for topic in TOLD_BY:
                start = {partition: ledger.read_to[topic.name]}
                for message in broker.read_compacted(self._settings, topic, start):
                    ledger.learn(message)

        while True:
            try:
                await asyncio.to_thread(read)
            except broker.AWAY as error:
                log.warning("fetch states not read, trying again: %s", error)
                await asyncio.sleep(AGAIN)
            else:
                log.info("partition %d is ours, %d URLs known there", partition, len(ledger.known))
                return

    def _follow_sources(self) -> None:
        while not self._stopping.is_set():
            try:
                for message in broker.follow(self._settings, topics.SOURCES, from_start=True):
                    if self._stopping.is_set():
                        return
                    self._loop.call_soon_threadsafe(self._learn, message)
            except broker.AWAY as error:
                log.warning("sources not read, trying again: %s", error)
                time.sleep(AGAIN)

    def _learn(self, message: Message | None) -> None:
        """What the topic of sources tells; None when it has told all for now."""
        hubs = self._subscriptions
        if message is not None:
            self._polls.learn(message)
        if hubs is not None and message is not None:
            hubs.learn(message)
        elif hubs is not None:
            hubs.is_complete = True

    def _take_links(self) -> None:
        """The consumer's thread: takes links, commits what is finished, until told to stop."""
        sharing = broker.Sharing(revoked=self._revoked, assigned=self._assigned)
        with broker.GroupConsumer(self._settings, topics.URLS, GROUP, sharing) as consumer:
            self._fetching.heard = lambda: consumer.heard
            committed: dict[int, int] = {}
            room, last = True, time.monotonic()
            while not self._stopping.is_set():
                offsets, room = self._in_loop(self._fetching.exchange(self._polled(consumer, room=room)))
                if time.monotonic() - last >= COMMIT_EVERY and offsets != committed:
                    _commit(consumer, offsets)
                    committed, last = offsets, time.monotonic()
            self._readiness.waiting_for = "its end"
            _commit(consumer, self._in_loop(self._leave(consumer.assigned, process.DRAIN)))

    def _polled(self, consumer: broker.GroupConsumer, *, room: bool) -> list[Message]:
        """What came; where there is no room, a link at most, now and then: the group must hear of us all the same."""
        try:
            if room:
                return consumer.poll(POLL)
            self._stopping.wait(POLL)
            return consumer.poll(POLL, most=1)
        except broker.AWAY as error:
            log.warning("no links taken, trying again: %s", error)
            time.sleep(AGAIN)
            return []

    def _revoked(self, partitions: frozenset[int]) -> None:
        """The group shares anew. It waits for us, so that no host is asked by two fetchers at once.

        What was finished in the last second is not committed here (kafka-python cannot, in this callback): the next
        owner takes it again and finds it known.
        """
        self._in_loop(self._leave(partitions, HAND_OVER))

    def _assigned(self, partitions: frozenset[int]) -> None:
        self._in_loop(self._fetching.join(partitions))
        self._readiness.ready()

    async def _leave(self, partitions: Collection[int], seconds: float) -> dict[int, int]:
        _, offsets = await asyncio.gather(
            self._polls.leave(partitions, seconds), self._fetching.leave(partitions, seconds)
        )
        self._fetching.visitor.forget()
        return offsets

    def _in_loop(self, doing: Coroutine[Any, Any, T]) -> T:
        """What the event loop makes of it, waited for in the consumer's thread."""
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result()


def _commit(consumer: broker.GroupConsumer, offsets: dict[int, int]) -> None:
    """A commit that fails is no loss: what it would have said is fetched again, or known by then."""
    try:
        consumer.commit(offsets)
    except broker.AWAY as error:
        log.warning("offsets not committed: %s", error)
