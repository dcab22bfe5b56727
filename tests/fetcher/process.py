"""What tests of the fetcher's process share: the process, what it is told, and what stands on the topics afterwards."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from services import broker, contracts, envelope, local, topics
from services.contracts import FetchState, FoundUrl, PageMeta, Source
from services.settings import Settings
from services.stage import Message, Record
from tests.fetcher.servers import Page, Site

REPOSITORY = Path(__file__).parent.parent.parent
DELAY = 0.1
PATIENCE = 90.0
ROBOTS = Page(b"User-agent: *\nDisallow: /private\n", content_type="text/plain")


def story(number: int) -> bytes:
    return f"<!doctype html><title>{number}</title><p>Story number {number}.</p>".encode()


def feed(site: Site, *paths: str) -> Page:
    items = "".join(f"<item><title>{path}</title><link>{site.url(path)}</link></item>" for path in paths)
    return Page(f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), content_type="application/rss+xml")


@contextmanager
def fetcher(kafka: Settings, **differs: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A fetcher's process; stopped at the end, so that the group need not wait for a dead member."""
    ours = replace(kafka, **{"delay": DELAY, "health_port": 0, **differs})
    command = [sys.executable, "-m", "services.fetcher"]
    process = subprocess.Popen(command, cwd=REPOSITORY, env=local.environment_of(ours))
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        try:
            process.wait(12)
        finally:
            process.kill()
            process.wait()


def ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def waits(port: int) -> bool:
    """Whether the fetcher is there, and not ready."""
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return not ready(port)


def publish(kafka: Settings, *records: Record) -> None:
    with broker.Publisher(kafka, "tests") as publisher:
        publisher.publish(records)


def source_record(name: str, url: str, *, paused: bool = False) -> Record:
    source = Source(source_id=name, kind="auto", url=url, paused=paused)
    return Record(topic=topics.SOURCES, key=name.encode(), value=contracts.encode(source), place=name)


def gone_record(name: str) -> Record:
    return Record(topic=topics.SOURCES, key=name.encode(), value=None, place=name)


def link_record(url: str, site: str) -> Record:
    return Record(topic=topics.URLS, key=site.encode(), value=contracts.encode(FoundUrl(url=url)), place=site)


def until(holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Waits for something to hold."""
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "it did not come to hold"
        time.sleep(0.2)


def pages(kafka: Settings, site: Site) -> list[tuple[PageMeta, Message]]:
    """The pages of one server that are on the topic."""
    read = broker.read_compacted(kafka, topics.PAGES)
    both = [(envelope.page_meta(message), message) for message in read if message.header("fetch")]
    return [(meta, message) for meta, message in both if meta.url.startswith(site.url("/"))]


def source_states(kafka: Settings) -> list[Message]:
    return list(broker.read_compacted(kafka, topics.SOURCE_STATES))


def states(kafka: Settings, site: Site) -> dict[str, FetchState]:
    """The last state of each URL of one server, by path."""
    found = {}
    for message in (*broker.read_compacted(kafka, topics.FETCH_STATE), *source_states(kafka)):
        state = contracts.decode(message.value, FetchState)
        if state.url.startswith(site.url("/")) and state.outcome != "waiting":
            found[state.url.removeprefix(site.url(""))] = state
    return found
