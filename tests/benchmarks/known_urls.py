"""A fetcher that knows a million URLs: what it weighs, and how soon after a start it fetches.

    python -m tests.benchmarks.known_urls [--urls 1000000]

Seeds news.fetch-state.v1 of a local Kafka (one URL in twenty waits for its next look, the others are settled), starts a
fetcher's process, and asks it for a page of a host of each partition. Prints the seconds from the start to the first
request and to the last state read, the CPU seconds until then, and the process's resident memory, at its end and peak.
"""

import argparse
import asyncio
import logging
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from aiokafka import AIOKafkaProducer

from services import broker, contracts, local, topics
from services.contracts import FetchState, FoundUrl
from services.fetcher.links.records import state_record
from services.settings import Settings
from services.stage import Record
from tests.fetcher.hosts import Manners, serving

SITES = 5000
BATCH = 900_000  # bytes
PATIENCE = 600.0
TICKS = os.sysconf("SC_CLK_TCK")


def states(count: int) -> Iterator[FetchState]:
    """States as a fetcher leaves them: of a page, a day to a month old, or an hour old and to be looked at again."""
    now = datetime.now(UTC)
    for number in range(count):
        site = f"www.paper-{number % SITES}.example"
        url = f"https://{site}/2026/11/{number % 28 + 1:02}/a-headline-of-some-length-{number}"
        at = now - timedelta(hours=24 + number % 700)
        state = FetchState(url=url, outcome="ok", fetched_at=at, status=200, body_sha256=f"{number:064x}", revision=at)
        if number % 20 == 0:
            found = FoundUrl(url=url, source_id="0123456789ab", source_kind="rss", title="A headline of some length")
            due = now + timedelta(hours=1 + number % 24)
            state = replace(state, fetched_at=now, first_at=now, revision=now, due_at=due, found=found, etag='"x"')
        yield state


async def seed(settings: Settings, count: int) -> None:
    """Writes the states in whole batches, each partition's in its own."""
    producer = AIOKafkaProducer(bootstrap_servers=settings.brokers, max_request_size=topics.CLIENT_BYTES)
    await producer.start()
    batches = {number: producer.create_batch() for number in range(settings.partitions)}
    partition = cache(lambda place: broker.partition_for(place, settings.partitions))
    sent = []
    for state in states(count):
        record = state_record(state)
        number = partition(record.place)
        while batches[number].append(key=record.key, value=record.value, timestamp=None) is None:
            sent.append(await producer.send_batch(batches[number], topics.FETCH_STATE.name, partition=number))
            batches[number] = producer.create_batch()
    for number, batch in batches.items():
        sent.append(await producer.send_batch(batch, topics.FETCH_STATE.name, partition=number))
    await asyncio.gather(*sent)
    await producer.stop()


def fetcher(settings: Settings, port: int) -> subprocess.Popen[bytes]:
    """The fetcher's process, its log thrown away."""
    ours = local.environment_of(replace(settings, health_port=port, delay=0.1))
    return subprocess.Popen(
        [sys.executable, "-m", "services.fetcher"], env=ours, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def known(port: int) -> int:
    """How many URLs the fetcher says it knows; 0 while it does not answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
    except OSError:
        return 0
    return int(float(next(line.split()[1] for line in lines if line.startswith("dateline_known_urls "))))


def weight(pid: int, name: str) -> float:
    """A line of the process's status, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"{name}:"))) / 1000


def cpu(pid: int) -> float:
    """CPU seconds of the process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def say(text: str) -> None:
    """Prints a line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def a_host_each(partitions: int) -> dict[str, Manners]:
    """A host on loopback for each partition."""
    hosts: dict[int, str] = {}
    for number in range(1, 255):
        hosts.setdefault(broker.partition_for(f"127.0.3.{number}", partitions), f"127.0.3.{number}")
    return {host: Manners() for host in hosts.values()}


def measure(settings: Settings, count: int) -> None:
    """Starts the fetcher and prints what it takes."""
    with serving(a_host_each(settings.partitions)) as hosts:
        links = {host: FoundUrl(url=hosts.url(host, "/")) for host in hosts.known}
        with broker.Publisher(settings, "bench") as publisher:
            publisher.publish(
                Record(topic=topics.URLS, key=host.encode(), value=contracts.encode(link), place=host)
                for host, link in links.items()
            )
        port, started = local.free_port(), time.monotonic()
        process = fetcher(settings, port)
        while time.monotonic() - started < PATIENCE and known(port) < count:
            time.sleep(0.25)
        read, spent = time.monotonic() - started, cpu(process.pid)
        time.sleep(5)
        first = min((each.requests[0].started for each in hosts.known.values() if each.requests), default=PATIENCE)
        say(f"{known(port):,} URLs known; first fetch {first - started:.1f} s after the start, all read {read:.1f} s")
        resident, peak = weight(process.pid, "VmRSS"), weight(process.pid, "VmHWM")
        say(f"{spent:.1f} CPU seconds; resident {resident:.0f} MB, peak {peak:.0f} MB")
        process.terminate()
        process.wait(15)


def main() -> None:
    """Seeds and measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--urls", type=int, default=1_000_000)
    count = parser.parse_args().urls
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it tells of each try while the topics are being made
    with tempfile.TemporaryDirectory() as folder, local.Kafka(Path(folder)) as kafka:
        kafka.start(say)
        settings = Settings(brokers=kafka.address, allow_private=True)
        local.create_topics(settings, say)
        started = time.monotonic()
        asyncio.run(seed(settings, count))
        say(f"seeded in {time.monotonic() - started:.0f} s")
        measure(settings, count)


if __name__ == "__main__":
    main()
