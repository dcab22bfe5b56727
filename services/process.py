"""The life of a service's process: what it waits for first, what a signal does, how it ends."""

import asyncio
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from signal import SIGINT, SIGTERM, Signals, signal
from types import TracebackType
from typing import NoReturn

from services import broker, metrics
from services.health import Readiness
from services.settings import Settings

log = logging.getLogger("dateline.process")

EXIT_FAILED = 70  # a delivery failed or the process crashed: restart me (EX_SOFTWARE of sysexits.h)
EXIT_BREAKER = 71  # too many unexpected failures in a row: look at me before you restart me
DRAIN = 6.0  # seconds after SIGTERM in which work in flight may finish
GONE = 9.5  # seconds after SIGTERM at which the process ends whatever it does
WATCH = 2.0  # seconds between two looks whether a broker answers
LOOK = 0.25  # seconds between two looks whether to stop waiting


def on_stop_signal(stop: Callable[[], None]) -> None:
    """SIGTERM and SIGINT call `stop` in the running event loop; 9.5 s later the process ends by force.

    The watchdog starts in the signal's handler itself: the loop may be busy at that moment.
    """
    loop = asyncio.get_running_loop()

    def told(number: int, _: object) -> None:
        threading.Thread(target=_watchdog, name="watchdog", daemon=True).start()
        loop.call_soon_threadsafe(log.info, "%s: finishing what is in flight", Signals(number).name)
        loop.call_soon_threadsafe(stop)

    for each in (SIGTERM, SIGINT):
        signal(each, told)


async def broker_and_topics(settings: Settings, readiness: Readiness, stopped: Callable[[], bool]) -> None:
    """Returns once a broker answers and has all topics; says every few seconds what it waits for.

    Ends the process with 0 if it is told to stop meanwhile: the thread that waits cannot be. Raises WrongTopics.
    """
    there = asyncio.create_task(asyncio.to_thread(_await_topics, settings, readiness))
    while not there.done():
        if stopped():
            leave()
        await asyncio.wait({there}, timeout=LOOK)
    there.result()


def _await_topics(settings: Settings, readiness: Readiness) -> None:
    while missing := _missing_topics(settings):
        readiness.waiting_for = f"the topics {', '.join(missing)}"
        log.warning("no topic %s: waiting (`dateline topics create` creates all)", ", ".join(missing))
        time.sleep(broker.SAY_EVERY / 2)
    readiness.waiting_for = "its share of the partitions"


def _missing_topics(settings: Settings) -> list[str]:
    while True:
        broker.wait_for_broker(settings, log.warning)
        try:
            return broker.missing_topics(settings)
        except broker.AWAY as error:
            log.warning("the broker went away again: %s %s", type(error).__name__, error)
            time.sleep(LOOK)


async def watch(settings: Settings, readiness: Readiness, stage: str) -> None:
    """Keeps readiness and its metric true for ever: once a service was ready, it is so while a broker answers."""
    gauge, was_ready = metrics.READY.labels(stage), False
    while True:
        was_ready = was_ready or readiness.waiting_for is None
        if was_ready:
            there = await asyncio.to_thread(broker.answers, settings)
            readiness.waiting_for = None if there else "the broker"
        gauge.set(readiness.waiting_for is None)
        await asyncio.sleep(WATCH)


def end_on_crash() -> None:
    """What nobody foresaw ends the process as `die` does: one line of the log with the traceback, exit code 70."""

    def crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.critical("crashed: %s: %s", kind.__name__, error, exc_info=(kind, error, trace))
        _end(EXIT_FAILED)

    sys.excepthook = crashed


def die(why: str, code: int = EXIT_FAILED) -> NoReturn:
    """Ends the process before anything more can be acknowledged."""
    log.critical(why)
    _end(code)


def leave() -> NoReturn:
    """Ends the process when all is done. The Kafka client's threads may hold up the interpreter's own end for ever."""
    _end(0)


def _end(code: int) -> NoReturn:
    sys.stdout.flush()
    os._exit(code)


def _watchdog() -> None:
    time.sleep(GONE)
    log.warning("still here %.1f s after the signal: ending now, the rest stays unacknowledged", GONE)
    leave()
