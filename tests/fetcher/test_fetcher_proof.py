"""Politeness proved from the logs of the hosts: no rule is broken, once, by anybody.

Its hosts go on resting in the fetchers of later tests, so it stands behind those that count all of a fetcher's hosts.
"""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, cast

import pytest

from services import __version__, broker, local
from services.contracts import FetchState
from services.fetcher.links.results import result_of, state_after
from services.fetcher.links.revisits import RETRIES, planned
from services.fetcher.manners.visit import Elsewhere, Everywhere, Fetched, Visitor
from services.fetcher.wire.addresses import Addresses
from services.fetcher.wire.download import KEPT, Downloader, Failed, Limits, Request, today
from services.fetcher.wire.outcomes import Outcome
from services.settings import Settings
from tests.fetcher.hosts import SLACK, Host, Hosts, Manners, broken_rules, crowd, serving
from tests.fetcher.process import fetcher, link_record, publish, ready, until

DELAY = 1.0
SHORT = KEPT / 2  # a delay at which connections are kept
CONTACT = "https://example.org/bot"
QUIET = {"contact": CONTACT, "log_level": "WARNING"}
AGENT = f"dateline/{__version__} (+{CONTACT})"
HOSTS = 240
PAGES = ("/1", "/2", "/3", "/private/4", "/5", "/6")


def ask_for_everything(kafka: Settings, hosts: Hosts) -> None:
    publish(kafka, *(link_record(hosts.url(address, path), address) for path in PAGES for address in hosts.known))


def missing(hosts: Hosts) -> set[tuple[str, str]]:
    """The pages of hosts in good health that have not been served yet."""
    served = {
        (address, each.path) for address, host in hosts.known.items() for each in host.requests if each.status == 200
    }
    well = [address for address, host in hosts.known.items() if not _ill(host)]
    return (
        {(address, path) for address in well for path in PAGES if not path.startswith("/private")}
        - served
        - moved(hosts)
    )


def moved(hosts: Hosts) -> set[tuple[str, str]]:
    """The pages that redirect."""
    return {(address, path) for address, host in hosts.known.items() for path in host.manners.moved}


def await_all(hosts: Hosts, seconds: float) -> None:
    """Returns once everything has been served, and nobody has asked for anything for a moment."""
    with suppress(AssertionError):
        until(lambda: not missing(hosts), seconds)
    assert missing(hosts) == set()
    time.sleep(3)


def _ill(host: Host) -> bool:
    return host.manners.is_dead or host.manners.robots_status != 200 or b"Disallow: /\n" in host.manners.robots


def moving(manners: dict[str, Manners]) -> dict[str, Manners]:
    """Some plain hosts redirect one page to their neighbour, which is another fetcher's site as often as not."""
    addresses = [address for address, each in manners.items() if each == Manners()]
    return manners | {
        address: Manners(moved={"/1": f"http://{neighbour}:PORT/from-{address}"})
        for address, neighbour in list(pairwise(addresses))[::9]
    }


@contextmanager
def moving_crowd(count: int, net: int = 10) -> Iterator[Hosts]:
    with serving(moving(crowd(count, net))) as hosts:
        for host in hosts.known.values():
            moved = {path: to.replace("PORT", str(hosts.port)) for path, to in host.manners.moved.items()}
            host.manners = replace(host.manners, moved=moved)
            if b"Disallow" not in host.manners.robots:
                host.manners = replace(host.manners, robots=b"User-agent: *\nDisallow: /private\n")
        yield hosts


@pytest.mark.kafka
def test_hundreds_of_hosts_asked_by_one_fetcher_log_no_breach(kafka: Settings) -> None:
    with moving_crowd(HOSTS) as hosts:
        ask_for_everything(kafka, hosts)
        with fetcher(kafka, **QUIET, delay=DELAY):
            await_all(hosts, 240)
        assert broken_rules(hosts, delay=DELAY, agent=AGENT) == []
        assert_wishes_were_tested(hosts)
        assert all(len(host.connections) >= len(host.requests) for host in hosts.known.values())


@pytest.mark.kafka
@pytest.mark.timeout(600)
def test_three_fetchers_that_join_leave_stall_and_die_log_no_breach(kafka: Settings) -> None:
    with moving_crowd(HOSTS, net=20) as hosts:
        ask_for_everything(kafka, hosts)
        with fetcher(kafka, **QUIET, delay=SHORT) as dying, fetcher(kafka, **QUIET, delay=SHORT) as stalling:
            until(lambda: sum(map(hosts.asked, hosts.known)) > HOSTS)
            port = local.free_port()
            with fetcher(kafka, **QUIET, delay=SHORT, health_port=port) as leaving:
                until(lambda: ready(port))
                time.sleep(2)
                stalling.send_signal(signal.SIGSTOP)
                began = time.monotonic()
                time.sleep(15)  # longer than the group waits: its sites go to others
                frozen = (began, time.monotonic())
                stalling.send_signal(signal.SIGCONT)
                time.sleep(4)
                dying.kill()
                leaving.send_signal(signal.SIGTERM)
                assert leaving.wait(12) == 0
            await_all(hosts, 300)
        assert broken_rules(hosts, delay=SHORT, agent=AGENT, frozen=frozen) == []
        assert_wishes_were_tested(hosts)
        kept = [host for host in hosts.known.values() if len(host.connections) < len(host.requests)]
        assert len(kept) > HOSTS // 3


def assert_wishes_were_tested(hosts: Hosts) -> None:
    """The run had what the rules are about: rests asked for, failures in a row, slow hosts, redirects that led on."""
    every = [request for host in hosts.known.values() for request in host.requests]
    assert sum(request.status == 429 for request in every) >= HOSTS // 20
    assert sum(host.manners.is_dead and len(host.requests) > 2 for host in hosts.known.values()) >= HOSTS // 25
    assert sum(request.status == 302 for request in every) >= HOSTS // 20
    assert sum(request.path.startswith("/from-") for request in every) >= HOSTS // 20
    assert broker.partition_for("127.0.10.1", 4) != broker.partition_for("127.0.10.2", 4)


class Named(Addresses):
    """Names that all stand for addresses of loopback, and may come to stand for others."""

    def __init__(self, names: dict[str, str]) -> None:
        super().__init__(patience=1.0)
        self.names = names

    async def first(self, hostname: str) -> tuple[int, str]:
        return await super().first(self.names[hostname])


def visited(names: dict[str, str], *paths: str, delay: float, keep_alive: float = KEPT) -> dict[str, Host]:
    """The logs of the addresses after each name was asked for each path, all at once, by one visitor."""

    async def main(hosts: Hosts) -> None:
        downloader = Downloader(contact=CONTACT, allow_private=True, limits=Limits(keep_alive=keep_alive))
        downloader.addresses = Named(names)
        async with downloader:
            visitor = Visitor(downloader, delay=delay)
            urls = [f"http://{name}:{hosts.port}{path}" for name in names for path in paths]
            answers = await asyncio.gather(*(visitor.visit(Request(url=url)) for url in urls))
            assert not [answer for answer in answers if isinstance(answer, Failed)]

    with serving({address: Manners(takes=0.02) for address in names.values()}) as hosts:
        asyncio.run(main(hosts))
        assert broken_rules(hosts, delay=delay, agent=AGENT) == []
        return hosts.known


def test_the_hosts_of_one_registered_domain_are_asked_one_after_the_other() -> None:
    names = {f"{name}.example.co.uk": f"127.0.9.{number}" for number, name in enumerate(("www", "m", "news"), 1)}
    logs = visited(names, "/1", "/2", delay=0.15)
    every = sorted((request for host in logs.values() for request in host.requests), key=lambda each: each.started)
    assert len(every) == 9
    assert all(after.started - before.ended > 0.14 for before, after in pairwise(every))


@pytest.mark.parametrize("keep_alive", [0.0, KEPT])
def test_sites_that_share_an_address_are_asked_one_after_the_other_on_one_connection_at_a_time(
    keep_alive: float,
) -> None:
    names = {f"site-{number}.example": "127.0.9.9" for number in range(5)}
    (host,) = visited(names, "/1", delay=0.15, keep_alive=keep_alive).values()
    assert len(host.requests) == 10


def test_sites_that_share_nothing_do_not_wait_for_each_other() -> None:
    names = {f"site-{number}.example": f"127.0.9.{100 + number}" for number in range(100)}
    started = time.monotonic()
    visited(names, "/1", delay=1.0)
    assert time.monotonic() - started < 20


def test_a_request_that_came_to_its_turn_too_late_is_not_sent_and_its_connection_is_closed() -> None:
    async def late(hosts: Hosts) -> None:
        downloader = Downloader(contact=CONTACT, allow_private=True)
        downloader.may_send = lambda: False
        async with downloader:
            answer = await downloader.get(Request(url=hosts.url("127.0.9.70", "/1")))
            assert isinstance(answer, Failed)
            assert answer.outcome is Outcome.POSTPONED
            await asyncio.sleep(0.2)
            ((opened, closed),) = hosts.known["127.0.9.70"].connections
            assert closed - opened < 0.2

    with serving({"127.0.9.70": Manners()}) as hosts:
        asyncio.run(late(hosts))
        assert hosts.known["127.0.9.70"].requests == []


def test_a_host_is_asked_on_one_connection_while_the_delay_is_short() -> None:
    (host,) = visited({"site.example": "127.0.9.30"}, "/1", "/2", "/3", delay=0.15).values()
    assert (len(host.requests), len(host.connections)) == (4, 1)


class Ours(Everywhere):
    """A territory that may be lost."""

    is_lost = False

    def since(self, _: str) -> float:
        return cast("float", None) if self.is_lost else float("-inf")


@dataclass(frozen=True)
class Kept:
    """A visitor that keeps its connections, and the hosts that a name may stand for, the first of them now."""

    downloader: Downloader
    visitor: Visitor
    territory: Ours
    names: dict[str, str]
    hosts: Hosts

    async def visit(self, path: str = "/1") -> Fetched | Failed | Elsewhere:
        return await self.visitor.visit(Request(url=f"http://site.example:{self.hosts.port}{path}"))


def keeping(
    act: Callable[[Kept], Awaitable[None]], manners: Manners | None = None, *, asks_reservations: bool = False
) -> tuple[Host, Host]:
    """The logs of the two hosts after the act."""

    async def main(hosts: Hosts) -> None:
        downloader = Downloader(contact=CONTACT, allow_private=True, limits=Limits(keep_alive=KEPT))
        names, territory = {"site.example": "127.0.9.40"}, Ours()
        downloader.addresses = Named(names)
        async with downloader:
            visitor = Visitor(downloader, delay=0.1, territory=territory, asks_reservations=asks_reservations)
            await act(Kept(downloader, visitor, territory, names, hosts))
            await asyncio.sleep(0.1)

    with serving({"127.0.9.40": manners or Manners(), "127.0.9.41": Manners()}) as hosts:
        asyncio.run(main(hosts))
        first, second = hosts.known.values()
        return first, second


@pytest.mark.parametrize("tires", ["closes", "resets"])
def test_a_kept_connection_that_the_host_had_closed_is_no_failure_and_nothing_is_asked_again_at_once(
    tires: Literal["closes", "resets"],
) -> None:
    async def act(kept: Kept) -> None:
        answer = await kept.visit()
        assert isinstance(answer, Failed)
        assert answer.outcome is Outcome.HUNG_UP
        assert len(kept.hosts.known["127.0.9.40"].connections) == 1
        assert isinstance(await kept.visit(), Fetched)

    host, _ = keeping(act, Manners(tires=tires))
    assert len(host.connections) == 2


def test_a_link_whose_host_always_resets_the_kept_connection_ends_after_the_usual_tries() -> None:
    tried = []

    async def act(kept: Kept) -> None:
        link = f"http://site.example:{kept.hosts.port}/1"
        state = FetchState(url=link, outcome="waiting", fetched_at=today(), due_at=today())
        while state.due_at is not None:
            answer = await kept.visit()
            tried.append(result_of(answer, state, lambda _: None))
            state = planned(state_after(state, tried[-1]))
            await kept.visit("/other")  # which leaves a connection for the next try

    keeping(act, Manners(tires="resets"))
    assert [result.outcome for result in tried] == [Outcome.HUNG_UP] * (1 + len(RETRIES))


def test_what_a_host_that_resets_kept_connections_has_said_of_its_rules_is_not_asked_for_again() -> None:
    tried: list[Fetched | Failed | Elsewhere] = []

    async def act(kept: Kept) -> None:
        tried.extend([await kept.visit() for _ in range(3)])

    host, _ = keeping(act, Manners(tires="resets"), asks_reservations=True)
    assert [each.outcome for each in tried if isinstance(each, Failed)] == [Outcome.HUNG_UP] * 2
    assert [request.path for request in host.requests] == ["/robots.txt", "/.well-known/tdmrep.json", "/1"]


def test_a_kept_connection_ends_when_its_hosts_name_leads_elsewhere() -> None:
    async def act(kept: Kept) -> None:
        await kept.visit()
        kept.names["site.example"] = "127.0.9.41"
        await kept.visit()

    before, after = keeping(act)
    assert before.connections[0][1] < after.connections[0][0] + SLACK


def test_a_kept_connection_ends_when_its_site_goes_to_another_fetcher() -> None:
    async def act(kept: Kept) -> None:
        await kept.visit()
        kept.territory.is_lost = True
        kept.visitor.forget()
        await asyncio.sleep(0.1)
        assert kept.hosts.known["127.0.9.40"].connections[0][1] < time.monotonic()

    keeping(act)


def test_a_kept_connection_is_closed_unused_once_it_is_too_late_to_send() -> None:
    async def act(kept: Kept) -> None:
        await kept.visit()
        kept.downloader.may_send = lambda: False
        answer = await kept.downloader.get(Request(url=f"http://site.example:{kept.hosts.port}/2"))
        assert answer.outcome is Outcome.POSTPONED
        await asyncio.sleep(0.1)
        assert kept.hosts.known["127.0.9.40"].connections[0][1] < time.monotonic()

    host, _ = keeping(act)
    assert [request.path for request in host.requests] == ["/robots.txt", "/1"]


def test_the_log_tells_a_breach_when_there_is_one() -> None:
    async def rude(hosts: Hosts) -> None:
        async with Downloader(contact="", allow_private=True) as downloader:
            urls = [hosts.url("127.0.9.77", path) for path in ("/private/x", "/1", "/2")]
            await asyncio.gather(*(downloader.get(Request(url=url)) for url in urls))

    with serving({"127.0.9.77": Manners(takes=0.2)}) as hosts:
        asyncio.run(rude(hosts))
        told = " ".join(broken_rules(hosts, delay=0.5, agent=AGENT))
    for word in ("two connections at once", "while", "before robots.txt", "forbidden", "unnamed agent", "the least"):
        assert word in told
