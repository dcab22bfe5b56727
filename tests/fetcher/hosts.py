"""Hundreds of hosts on loopback (127.0.x.y) behind one socket, each with its own manners and its own log."""

import asyncio
import socket
import struct
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Literal

SLACK = 0.02  # seconds by which two clocks of one machine may seem to differ
ACCEPTED = 0.5  # seconds that a connection may stand before the host sees it
Reply = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True, kw_only=True)
class Manners:
    """How a host behaves. `rests`: the path that is answered with 429 once, and the seconds its Retry-After names.

    `tires`: at the second request of a connection it "closes" or "resets" it, without an answer.
    """

    robots: bytes = b""
    robots_status: int = 200
    crawl_delay: float | None = None
    takes: float = 0.0
    rests: tuple[str, float] | None = None
    rests_as_date: bool = False
    is_dead: bool = False
    tires: Literal["", "closes", "resets"] = ""
    moved: dict[str, str] = field(default_factory=dict)


@dataclass
class Request:
    """A request as the host saw it, times in seconds: when it was read, and when its answer was about to be sent.

    On a busy machine a host may run on long after its client has the answer: a pause that began before is no breach.
    """

    path: str
    agent: str
    started: float
    ended: float = float("inf")
    status: int = 0
    rest: float = 0.0


@dataclass
class Host:
    """A host and its log."""

    manners: Manners
    requests: list[Request] = field(default_factory=list)
    connections: list[list[float]] = field(default_factory=list)
    rested: bool = False

    def reply(self, request: Request) -> Reply:
        """What the host says."""
        manners = self.manners
        if request.path == "/robots.txt":
            return manners.robots_status, {"Content-Type": "text/plain"}, manners.robots
        if manners.rests is not None and request.path == manners.rests[0] and not self.rested:
            self.rested, request.rest = True, manners.rests[1]
            until = datetime.now(UTC) + timedelta(seconds=manners.rests[1])
            asked = format_datetime(until, usegmt=True) if manners.rests_as_date else str(int(manners.rests[1]))
            return 429, {"Retry-After": asked}, b""
        if request.path in manners.moved:
            return 302, {"Location": manners.moved[request.path]}, b""
        return 200, {"Content-Type": "text/html"}, b"<!doctype html><title>x</title><p>" + request.path.encode()


@dataclass
class Hosts:
    """All hosts by address. Those that were not told how to behave are plain."""

    known: dict[str, Host]
    port: int = 0

    def url(self, address: str, path: str) -> str:
        return f"http://{address}:{self.port}{path}"

    def asked(self, address: str) -> int:
        return len(self.known[address].requests)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept open for as long as the client likes."""
        host = self.known[writer.get_extra_info("sockname")[0]]
        connection = [time.monotonic(), float("inf")]
        host.connections.append(connection)
        try:
            while (head := await reader.readuntil(b"\r\n\r\n")) and await self._answer(host, head, writer):
                if host.manners.tires:
                    await reader.readuntil(b"\r\n\r\n")
                    linger = struct.pack("ii", host.manners.tires == "resets", 0)
                    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    break
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            connection[1] = time.monotonic()
            writer.close()

    async def _answer(self, host: Host, head: bytes, writer: asyncio.StreamWriter) -> bool:
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        request = Request(path=lines[0].split()[1], agent=headers.get("user-agent", ""), started=time.monotonic())
        host.requests.append(request)
        await asyncio.sleep(host.manners.takes)
        if host.manners.is_dead:
            request.ended = time.monotonic()
            return False
        request.status, said, body = host.reply(request)
        said |= {"Content-Length": str(len(body))}
        top = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        whole = f"HTTP/1.1 {request.status} x\r\n{top}\r\n".encode() + body
        request.ended = time.monotonic()
        writer.write(whole)
        await writer.drain()
        return True


@contextmanager
def serving(manners: dict[str, Manners]) -> Iterator[Hosts]:
    """The hosts for as long as the block lasts, on a thread of their own."""
    hosts = Hosts({address: Host(each) for address, each in manners.items()})
    ready, stopping = threading.Event(), threading.Event()

    async def live() -> None:
        server = await asyncio.start_server(hosts.serve, "0.0.0.0", 0, backlog=1000)
        hosts.port = server.sockets[0].getsockname()[1]
        ready.set()
        await asyncio.to_thread(stopping.wait)

    thread = threading.Thread(target=asyncio.run, args=(live(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield hosts
    finally:
        stopping.set()
        thread.join(10)


def broken_rules(hosts: Hosts, *, delay: float, agent: str, frozen: tuple[float, float] = (0.0, 0.0)) -> list[str]:
    """Every breach of politeness in the hosts' logs, in words. `delay`: seconds promised between two requests.

    `frozen`: from when to when a fetcher could not do anything. A connection that is open all the time counts as closed
    when it began: a frozen process cannot hang up.
    """
    return [
        f"{address}: {breach}"
        for address, host in hosts.known.items()
        for breach in (
            *_at_once(host, frozen),
            *_too_soon(host, delay),
            *_rude(host, agent),
        )
    ]


def _at_once(host: Host, frozen: tuple[float, float]) -> Iterator[str]:
    connections = [
        (opened, frozen[0] if opened <= frozen[0] + ACCEPTED and frozen[1] <= closed else closed)
        for opened, closed in host.connections
    ]
    for before, after in pairwise(sorted(connections)):
        if after[0] < before[1] - SLACK:
            yield f"two connections at once, the second {before[1] - after[0]:.3f} s before the first was closed"
    for first, second in pairwise(host.requests):
        if second.started < first.ended - SLACK:
            yield f"{second.path} asked for while {first.path} was being answered"


def _too_soon(host: Host, delay: float) -> Iterator[str]:
    failures = 0
    for number, (first, second) in enumerate(pairwise(host.requests)):
        pause = second.started - first.ended
        wanted = max(delay, host.manners.crawl_delay or 0.0)
        failures = failures + 1 if host.manners.is_dead or first.status in (429, 503) else 0
        if failures:
            wanted = max(wanted, delay * 2**failures, first.rest - (1 if host.manners.rests_as_date else 0))
        if pause < wanted - SLACK:
            yield f"{second.path} came {pause:.3f} s after {first.path}, {wanted:.3f} s are the least (number {number})"


def _rude(host: Host, agent: str) -> Iterator[str]:
    paths = [request.path for request in host.requests]
    if paths and paths[0] != "/robots.txt":
        yield f"{paths[0]} asked for before robots.txt"
    if host.manners.robots_status >= 500 and set(paths) - {"/robots.txt"}:
        yield "asked for pages though its robots.txt could not be had"
    yield from (f"{path} is forbidden" for path in paths if path.startswith("/private"))
    yield from (f"unnamed agent {each.agent!r}" for each in host.requests if each.agent != agent)


def crowd(count: int, net: int) -> dict[str, Manners]:
    """Hosts of all sorts at 127.0.`net`.1 and on: three in five are plain, the others have wishes or are ill."""
    sorts = defaultdict(
        Manners,
        {
            1: Manners(crawl_delay=2.5, robots=b"User-agent: *\nCrawl-delay: 2.5\nDisallow: /private\n"),
            2: Manners(rests=("/2", 6.0)),
            3: Manners(rests=("/3", 6.0), rests_as_date=True),
            4: Manners(robots_status=503),
            5: Manners(is_dead=True),
            6: Manners(takes=0.4),
            7: Manners(robots=b"User-agent: dateline\nDisallow: /private\n\nUser-agent: *\nDisallow: /\n"),
        },
    )
    return {f"127.0.{net + number // 200}.{1 + number % 200}": replace(sorts[number % 20]) for number in range(count)}
