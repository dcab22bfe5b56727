"""What the tests of the stream share: orders in, results out, workers that can be killed."""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from services import broker, local, topics
from services.settings import Settings
from services.stage import Message, Record

SITES = [f"site-{n}.example" for n in range(16)]
WORKER = ("-m", "tests.integration.worker")


def orders(run: str, count: int, **what: Any) -> list[dict[str, Any]]:
    """`count` orders with ids of this run, spread over the sites."""
    return [{"id": f"{run}-{n:06}", "place": SITES[n % len(SITES)], "n": n, **what} for n in range(count)]


def give(settings: Settings, given: Iterable[dict[str, Any]]) -> None:
    """Publishes the orders as pages."""
    with broker.Publisher(settings, "test") as publisher:
        publisher.publish(
            Record(
                topic=topics.PAGES,
                key=each["place"].encode(),
                value=json.dumps(each).encode(),
                headers=(("order", b"1"), ("traceparent", f"00-{each['id']}".encode())),
                place=each["place"],
            )
            for each in given
        )


@dataclass
class Seen:
    """What has arrived of a run: articles by id in the order of arrival, dead letters."""

    articles: list[Message] = field(default_factory=list)
    dead: list[Message] = field(default_factory=list)

    @property
    def ids(self) -> Counter[str]:
        return Counter((each.key or b"").decode() for each in self.articles)

    @property
    def dead_ids(self) -> set[str]:
        return {json.loads(each.value or b"{}")["id"] for each in self.dead}

    def reasons(self) -> Counter[str]:
        return Counter((each.header("dateline.error.reason") or b"").decode() for each in self.dead)


def await_all(settings: Settings, run: str, wanted: set[str], seconds: float) -> Seen:
    """Reads articles and dead letters until every wanted id has come out one way or the other, or time is over."""
    seen, deadline = Seen(), time.monotonic() + seconds
    for message in broker.follow(settings, topics.ARTICLES, topics.PAGES.dead, from_start=True):
        if message is not None and f'"id": "{run}-'.encode() in (message.value or b"")[:200]:
            (seen.articles if message.topic == topics.ARTICLES.name else seen.dead).append(message)
        arrived = message is None and wanted <= set(seen.ids) | seen.dead_ids
        if arrived or time.monotonic() > deadline:
            return seen
    raise AssertionError("a followed topic has no end")


def out_of_order(seen: Seen) -> list[str]:
    """Ids whose first arrival came after a later one's of the same site and partition."""
    highest: dict[str, int] = {}
    first: set[str] = set()
    wrong = []
    for message in seen.articles:
        order = json.loads(message.value or b"{}")
        if order["id"] in first:
            continue
        first.add(order["id"])
        if order["n"] < highest.get(order["place"], -1):
            wrong.append(order["id"])
        highest[order["place"]] = max(order["n"], highest.get(order["place"], -1))
    return wrong


def command(settings: Settings, name: str = "worker", **differs: Any) -> local.Command:
    """A worker's command. The group knows `worker` again when it comes back: no wait for a session to end."""
    ours = {"member": "worker" if name == "worker" else "", "children": 2, "health_port": 0, **differs}
    environment = local.environment_of(replace(settings, **ours))
    return local.Command(name=name, arguments=WORKER, environment=environment)


@contextmanager
def supervised(folder: Path, *commands: local.Command) -> Iterator[local.Supervisor]:
    """Workers that are restarted whenever they exit."""
    supervisor = local.Supervisor(folder)
    supervisor.start(*commands)
    try:
        yield supervisor
    finally:
        supervisor.stop()


@contextmanager
def process(folder: Path, started: local.Command) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """One worker that nobody restarts, and its log."""
    log = folder / f"{started.name}.log"
    with log.open("ab") as out:
        running = local.spawn(started, out)
    try:
        yield running, log
    finally:
        local.end(running)


def until(claim: Callable[[], object], seconds: float = 30) -> None:
    """Returns once the claim holds; fails when it does not within the seconds."""
    deadline = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.1)


def children_of(pid: int) -> list[int]:
    """The worker processes of a worker: what its fork server forked."""
    return [leaf for child in _forks(pid) for leaf in _forks(child)]


def _forks(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout
    return [int(each) for each in found.split()]


def logged(log: Path, word: str) -> bool:
    return log.exists() and word in log.read_text(errors="replace")


def health_port(log: Path) -> int:
    """The port that the worker says it took."""
    until(lambda: logged(log, "/metrics"))
    line = next(line for line in log.read_text().splitlines() if "/metrics" in line)
    return int(json.loads(line)["message"].rsplit(":", 1)[1].split("/")[0])


def ask(port: int, path: str) -> tuple[int, str]:
    """Status and body of the health server's answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
