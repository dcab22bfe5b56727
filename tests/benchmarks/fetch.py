"""Our fetcher and Scrapy on the same loopback hosts: pages and bytes for each second of CPU, in one run.

    python -m tests.benchmarks.fetch --scrapy PYTHON [--pages N] [--hosts N] [--rounds N]

PYTHON is one that has Scrapy. Ours is the service as it is deployed: links come from Kafka, pages and fetch states go
to Kafka. Scrapy reads its links from a file and throws its pages away. Both ask for robots.txt; neither waits between
requests, and both keep a host's connection. Counted is the CPU time of the client's process, with its threads and
children, from the first page to the last one. They take turns, each first in every other round; the ratio is the median
over the rounds, for one round's may differ by a third where other work shares the caches.
"""

import argparse
import logging
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from services import broker, contracts, local, topics
from services.contracts import FoundUrl
from services.settings import Settings
from services.stage import Record
from tests.benchmarks.fetch_site import VARIETY, page

HERE = Path(__file__).parent
TICK = os.sysconf("SC_CLK_TCK")
PATIENCE = 900.0
SCRAPY, OURS = "Scrapy", "Dateline, into Kafka"


@dataclass(frozen=True)
class Web:
    """The hosts that are up, and which pages of theirs are fetched."""

    port: int
    hosts: int
    pages: int

    @property
    def urls(self) -> list[str]:
        """Every page once, the hosts taking turns."""
        each = self.pages // self.hosts
        return [self.url(host, number) for number in range(each) for host in range(1, self.hosts + 1)]

    @property
    def decoded(self) -> int:
        """Bytes of all pages."""
        sizes = [len(page(number)) for number in range(VARIETY)]
        return sum(sizes[number % VARIETY] for number in range(self.pages // self.hosts)) * self.hosts

    def url(self, host: int, path: object) -> str:
        """An address of a host."""
        return f"http://127.0.7.{host}:{self.port}/{path}"

    def served(self) -> int:
        """Pages served since the start."""
        with urllib.request.urlopen(self.url(1, "count"), timeout=5) as answer:
            return int(answer.read())


@contextmanager
def web(hosts: int, pages: int) -> Iterator[Web]:
    """The hosts in a process of their own."""
    with socket.create_server(("127.0.7.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.benchmarks.fetch_site", str(port), str(hosts)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=HERE.parent.parent) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield Web(port, hosts, pages // hosts * hosts)
        finally:
            process.kill()


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has had, user and system, all threads, and its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return sum(map(int, fields[11:15])) / TICK


def measured(pid: int, site: Web, done: Callable[[], bool]) -> float:
    """Seconds of CPU from the first page served until `done`; of a process that has ended then, until just before."""
    start, ends = site.served(), time.monotonic() + PATIENCE
    while site.served() == start:
        assert time.monotonic() < ends, "no page was asked for"
        time.sleep(0.01)
    before = cpu_of(pid)
    after = before
    while not done():
        assert time.monotonic() < ends, "not all pages came"
        after = cpu_of(pid)
        time.sleep(0.2)
    with suppress(FileNotFoundError):
        after = cpu_of(pid)
    return after - before


def scrapy_seconds(python: str, site: Web) -> float:
    """CPU seconds of Scrapy."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as urls:
        urls.write("\n".join(site.urls))
        urls.flush()
        wanted = site.served() + site.pages
        command = [python, str(HERE / "fetch_scrapy.py"), urls.name, str(site.hosts)]
        with subprocess.Popen(command) as process:
            seconds = measured(process.pid, site, lambda: process.poll() is not None)
        assert site.served() == wanted, "Scrapy did not fetch all pages"
        return seconds


def our_seconds(kafka: Settings, site: Web) -> float:
    """CPU seconds of our fetcher, from its first page until the last one is on the broker."""
    found = [contracts.encode(FoundUrl(url=url)) for url in site.urls]
    hosts = [url.split("/")[2].partition(":")[0] for url in site.urls]
    links = [
        Record(topic=topics.URLS, key=host.encode(), value=value, place=host)
        for host, value in zip(hosts, found, strict=True)
    ]
    with broker.Publisher(kafka, "benchmark") as publisher:
        publisher.publish(links)
    variables = {f"DATELINE_{name.upper()}": str(getattr(kafka, name)) for name in ("brokers", "partitions")}
    variables |= {"DATELINE_ALLOW_PRIVATE": "true", "DATELINE_DELAY": "0", "DATELINE_HEALTH_PORT": "0"}
    variables |= {"DATELINE_LOG_LEVEL": "WARNING", "DATELINE_CONTACT": "benchmark@example.org"}
    wanted = published(kafka) + site.pages
    with subprocess.Popen([sys.executable, "-m", "services.fetcher"], env=variables, cwd=HERE.parent.parent) as process:
        try:
            return measured(process.pid, site, lambda: published(kafka) >= wanted)
        finally:
            process.terminate()


def published(kafka: Settings) -> int:
    """Pages on the broker."""
    return sum(broker.ends(kafka, topics.PAGES).values())


def compare(clients: Mapping[str, Callable[[Web], float]], site: Web, *, turned: bool) -> dict[str, float]:
    """The CPU seconds of each client, the last one first if `turned`."""
    spent = {name: clients[name](site) for name in sorted(clients, reverse=turned)}
    for name, seconds in sorted(spent.items()):
        pages, megabytes = site.pages / seconds, site.decoded / seconds / 1e6
        say(f"{name:22} {pages:7.0f} pages, {megabytes:6.1f} MB for a second of CPU")
    return spent


def say(line: str) -> None:
    """Prints at once."""
    print(line, flush=True)  # noqa: T201 - a command's output


def main() -> None:
    """Runs both, in turns, and prints what each did."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scrapy", required=True, metavar="PYTHON")
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--hosts", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder, local.Kafka(Path(folder)) as kafka:
        kafka.start(say)
        settings = Settings(brokers=kafka.address, partitions=4, allow_private=True, delay=0.0, health_port=0)
        local.create_topics(settings, say)
        clients = {SCRAPY: partial(scrapy_seconds, asked.scrapy), OURS: partial(our_seconds, settings)}
        rounds = []
        for number in range(asked.rounds):
            with web(asked.hosts, asked.pages) as site:
                rounds.append(compare(clients, site, turned=number % 2 == 1))
    ratios = sorted(spent[SCRAPY] / spent[OURS] for spent in rounds)
    say(f"Dateline / Scrapy: median {median(ratios):.2f}, {ratios[0]:.2f} to {ratios[-1]:.2f} (goal: 2)")


if __name__ == "__main__":
    main()
