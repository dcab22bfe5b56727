"""Visiting a URL as a guest should: robots.txt asked first, one request a site at a time, pauses, redirects by hand."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from multidict import CIMultiDictProxy

from services.contracts import HostState
from services.fetcher.manners import politeness, reservations, robots
from services.fetcher.manners.robots import Robots
from services.fetcher.wire.download import KEPT, Answer, Downloader, Failed, Request, clock, today
from services.fetcher.wire.outcomes import UNHEARD, Outcome
from services.urls import BadUrl, host_of, hostname_of, normalise, resolve, robots_url, site_of

MOST_REDIRECTS = 10
MOST_ROBOTS_REDIRECTS = 5  # RFC 9309, 2.3.1.2
MOST_HOSTS = 10_000
OK_STATUS = 200
LOOK = 0.2  # seconds between two looks whether the group still knows us
DOWN = "the host is down or asked for a long rest"
NOT_OURS = "another fetcher's site"


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """An answer of a status other than a redirect. `redirects`: the URLs passed on the way to `final_url`.

    `rules`: what robots.txt said to the final URL; `truncated`: the body broke off.
    """

    url: str
    final_url: str
    redirects: tuple[str, ...]
    status: int
    headers: CIMultiDictProxy[str]
    body: bytes
    fetched_at: datetime
    rules: Robots
    truncated: bool = False

    @property
    def content_type(self) -> str | None:
        """The Content-Type header as it came."""
        return self.headers.get("Content-Type")


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """The way leads to a site that another fetcher asks: nothing was requested there. `redirects`: the URLs passed."""

    url: str
    redirects: tuple[str, ...]
    ended_at: datetime


class Territory(Protocol):
    """Whom this fetcher may ask, and what others who asked before have left written."""

    def is_sure(self) -> bool:
        """Whether the group still counts us in, so that nobody else asks our sites."""

    def since(self, site: str) -> float | None:
        """Since when the site is ours, by the clock of politeness; None if it is not."""

    def remembered(self, rules_at: str) -> HostState | None:
        """What was kept of the host whose robots.txt stands there."""

    async def keep(self, rules_at: str, state: HostState, answer: Answer | Failed) -> None:
        """Returns once whoever asks the host after us will know this."""


class Everywhere:
    """The territory of one who is alone and stays for one page."""

    def is_sure(self) -> bool:
        """Nobody else is there."""
        return True

    def since(self, _: str) -> float:
        """For ever."""
        return float("-inf")

    def remembered(self, _: str) -> None:
        """Nobody was here before."""

    async def keep(self, rules_at: str, state: HostState, answer: Answer | Failed) -> None:
        """Nobody comes after."""


@dataclass
class _Gate:
    """One at a time, and a pause between two. `left_at`: when the last one left.

    `guest`: of an address, who was there last, and may have kept a connection.
    """

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_at: float = 0.0
    left_at: float = 0.0
    guest: str = ""

    def is_idle(self, now: float) -> bool:
        return not self.turn.locked() and self.next_at <= now


@dataclass
class _Place:
    """A host as seen from here. `rules` by the address of the robots.txt: http and https may differ.

    `address`: where it was asked last, and as which `guest`.
    """

    site: str
    state: politeness.Host
    kept: HostState
    address: str = ""
    guest: str = ""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    asking_rules: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: dict[str, tuple[Robots | Failed, float]] = field(default_factory=dict)

    def is_idle(self, now: float) -> bool:
        return not self.turn.locked() and not self.asking_rules.locked() and self.state.wait(now) == 0


class Visitor:
    """Makes polite visits to normalised URLs.

    `busy` wraps each request: what is inside should be let finish before the visitor leaves. `asks_reservations`:
    whether a host's tdmrep.json is asked for after its robots.txt, once while that is fresh.
    """

    def __init__(
        self,
        downloader: Downloader,
        *,
        delay: float,
        busy: Callable[[], AbstractContextManager[None]] = nullcontext,
        territory: Territory | None = None,
        asks_reservations: bool = False,
    ) -> None:
        self._downloader = downloader
        self._delay = delay
        self._busy = busy
        self._asks_reservations = asks_reservations
        self._territory = territory or Everywhere()
        downloader.may_send = self._territory.is_sure
        self._places: dict[str, _Place] = {}
        self._sites: dict[str, _Gate] = {}
        self._addresses: dict[str, _Gate] = {}

    def rest(self, url: str) -> float:
        """Seconds until the host of this URL may be asked again that is ill or asked for a rest; 0 if it is well."""
        return max(0.0, self._place(url).state.rests_until - clock())

    def resting(self) -> int:
        """How many hosts are in back-off."""
        now = clock()
        return sum(place.state.rests_until > now for place in self._places.values())

    def forget(self) -> None:
        """Forgets the hosts that are no longer ours: who asks them meanwhile will keep what is to be known."""
        for place in self._places.values():
            if self._territory.since(place.site) is None:
                self._hang_up(place)
        self._places = {
            host: place for host, place in self._places.items() if self._territory.since(place.site) is not None
        }
        self._sites = {site: gate for site, gate in self._sites.items() if self._territory.since(site) is not None}

    async def visit(self, request: Request) -> Fetched | Failed | Elsewhere:
        """The answer to a request after ten redirects at most, each allowed by the robots.txt of its host."""
        passed: list[str] = []
        step = request
        while True:
            if self._territory.since(site_of(step.url)) is None:
                return Elsewhere(url=normalise(step.url), redirects=tuple(passed), ended_at=today())
            answer, rules = await self._step(step)
            if isinstance(answer, Failed):
                return answer
            if answer.location is None:
                return _fetched(request, answer, passed, rules)
            passed.append(step.url)
            following = _next(answer, passed)
            if isinstance(following, Failed):
                return following
            step = replace(request, url=following)

    async def post(self, request: Request) -> Answer | Failed:
        """The answer to a request that a machine's address is made for: robots.txt says nothing of those."""
        return await self._ask(request)

    async def _step(self, step: Request) -> tuple[Answer | Failed, Robots]:
        rules = await self._rules(step.url)
        if isinstance(rules, Failed):
            return rules, robots.UNREACHABLE
        if not rules.allows(step.url):
            outcome = Outcome.ROBOTS_UNREACHABLE if rules.unreachable else Outcome.ROBOTS_DENIED
            return Failed(outcome=outcome, detail=robots_url(step.url), ended_at=today()), rules
        return await self._ask(step), rules

    async def _rules(self, url: str) -> Robots | Failed:
        """What the host of the URL lets us do, its reservations included; Failed if nobody asked for them."""
        place, address = self._place(url), robots_url(url)
        async with place.asking_rules:
            rules, until = place.rules.get(address, (None, 0.0))
            if rules is None or clock() >= until:
                rules = await self._ask_rules(address)
                until = _useful_until(rules, place.state)
                place.rules[address] = (rules, until)
            if isinstance(rules, Failed) or not self._asks_reservations or rules.reservations is not None:
                return rules
            reserved = await self._ask_reservations(rules, resolve(reservations.WELL_KNOWN, url))
            if isinstance(reserved, Failed):
                return reserved
            rules = replace(rules, reservations=reserved)
            place.rules[address] = (rules, until)
            return rules

    async def _ask_reservations(self, rules: Robots, address: str) -> tuple[reservations.Rule, ...] | Failed:
        """What the host's tdmrep.json says; Failed if nobody asked for it.

        A host that does not answer with one reserves nothing.
        """
        if not rules.allows(address):
            return ()
        answer = await self._ask(reservations.request(address))
        if isinstance(answer, Answer):
            return reservations.rules(answer.body) if answer.status == OK_STATUS else ()
        return answer if answer.outcome in UNHEARD else ()

    async def _ask_rules(self, address: str) -> Robots | Failed:
        """The rules that stand at an address, once the host's delay is set by them.

        A robots.txt that is lost in redirects counts as none (RFC 9309); one that lies on another fetcher's site cannot
        be asked for and counts as unreachable.
        """
        step = address
        for _ in range(MOST_ROBOTS_REDIRECTS + 1):
            if self._territory.since(site_of(step)) is None:
                return robots.UNREACHABLE
            answer = await self._ask(robots.request(step))
            if isinstance(answer, Failed):
                return answer
            if answer.location is None:
                rules = robots.from_status(answer.status, answer.body)
                await self._slow_down(address, rules, answer)
                return rules
            try:
                step = resolve(answer.location, step)
            except BadUrl:
                break
        return robots.EVERYTHING_ALLOWED

    async def _slow_down(self, address: str, rules: Robots, answer: Answer) -> None:
        """The host's delay is from now on what its robots.txt asks for."""
        place = self._place(address)
        delay = politeness.crawl_delay(rules.crawl_delay, floor=self._delay)
        place.state = replace(place.state, delay=delay, next_at=place.state.next_at - place.state.delay + delay)
        gate = self._sites.setdefault(place.site, _Gate())
        gate.next_at = max(gate.next_at, place.state.next_at)
        if delay >= KEPT:
            self._hang_up(place)
        await self._keep(place, address, rules.crawl_delay, answer)

    async def _ask(self, request: Request) -> Answer | Failed:
        """One request, in the turn of its host, its site and its address."""
        async with self._turns(request.url) as place:
            if place.state.is_down(clock()):
                return Failed(outcome=Outcome.POSTPONED, detail=DOWN, ended_at=today())
            while not self._territory.is_sure():  # noqa: ASYNC110 - a clock tells, no event
                await asyncio.sleep(LOOK)
            if self._territory.since(place.site) is None:
                return Failed(outcome=Outcome.POSTPONED, detail=NOT_OURS, ended_at=today())
            with self._busy():
                answer = await self._downloader.get(request)
                if answer.outcome in UNHEARD:
                    return answer
                place.state = politeness.after(place.state, _answered(answer))
                await self._keep(place, request.url, place.kept.crawl_delay, answer)
        if answer.outcome in (Outcome.CONNECTION_FAILED, Outcome.TIMEOUT):
            self._downloader.addresses.failed(hostname_of(request.url))
        return answer

    async def _keep(self, place: _Place, url: str, crawl_delay: float | None, answer: Answer | Failed) -> None:
        """Writes down how the host wants to be asked, if that has changed: the next request may be another's."""
        if (crawl_delay, place.state.failures) == (place.kept.crawl_delay, place.kept.failures):
            return
        rests = place.state.rests_until - clock()
        until = today() + timedelta(seconds=rests) if rests > 0 else None
        place.kept = HostState(crawl_delay=crawl_delay, rests_until=until, failures=place.state.failures)
        await self._territory.keep(robots_url(url), place.kept, answer)

    @asynccontextmanager
    async def _turns(self, url: str) -> AsyncIterator[_Place]:
        """The turn of a host, then of its site, then of its address, each once its pause is over.

        In this order always, so that nobody waits in circles. Of a host that is down the others are not waited for. At
        the host and the address then stands a connection that was kept for this very host, or none.
        """
        place = self._place(url)
        async with place.turn:
            if place.state.is_down(clock()):
                yield place
                return
            since = self._territory.since(place.site) or 0.0
            await _pause(max(place.state.wait(clock()), since + place.state.delay - clock()))
            address = await self._downloader.addresses.of(hostname_of(url)) or hostname_of(url)
            async with (
                _through(self._sites, place.site, lambda: place.state.delay),
                _through(self._addresses, address, lambda: self._delay) as gate,
            ):
                guest = robots_url(url)
                if place.address != address:
                    await _pause(self._hang_up(place))
                if gate.guest != guest or clock() - gate.left_at > KEPT:
                    await _pause(self._downloader.hang_up(address))
                place.address, place.guest, gate.guest = address, guest, guest
                yield place
                if place.state.delay >= KEPT:
                    self._downloader.hang_up(address)

    def _hang_up(self, place: _Place) -> float:
        """Ends the connection that a host has kept; whoever else is at its address by now has seen to that."""
        gate = self._addresses.get(place.address)
        if gate is None or gate.turn.locked() or gate.guest != place.guest:
            return 0.0
        return self._downloader.hang_up(place.address)

    def _place(self, url: str) -> _Place:
        host = host_of(url)
        if host not in self._places:
            self._make_room()
            kept = self._territory.remembered(robots_url(url)) or HostState()
            self._places[host] = _Place(site=site_of(url), state=self._host(kept), kept=kept)
        return self._places[host]

    def _host(self, kept: HostState) -> politeness.Host:
        rests = (kept.rests_until - today()).total_seconds() if kept.rests_until else 0.0
        return politeness.Host(
            delay=politeness.crawl_delay(kept.crawl_delay, floor=self._delay),
            rests_until=clock() + rests if rests > 0 else 0.0,
            failures=kept.failures,
        )

    def _make_room(self) -> None:
        """Once there are too many hosts, idle ones lose their rules, which are asked for again."""
        if len(self._places) >= MOST_HOSTS:
            now = clock()
            self._places = {host: place for host, place in self._places.items() if not place.is_idle(now)}
            self._sites = {site: gate for site, gate in self._sites.items() if not gate.is_idle(now)}
            self._addresses = {name: gate for name, gate in self._addresses.items() if not gate.is_idle(now)}


@asynccontextmanager
async def _through(gates: dict[str, _Gate], name: str, delay: Callable[[], float]) -> AsyncIterator[_Gate]:
    """The turn at a gate; the pause before the next one counts from the end, however this ends.

    The gate is looked up and locked in one step: one that nobody holds or waits for may be forgotten at any other.
    """
    gate = gates.setdefault(name, _Gate())
    async with gate.turn:
        await _pause(gate.next_at - clock())
        try:
            yield gate
        finally:
            gate.left_at = clock()
            gate.next_at = gate.left_at + delay()


async def _pause(seconds: float) -> None:
    """Sleeps, if it is for any time at all: to sleep for none is a round of the event loop."""
    if seconds > 0:
        await asyncio.sleep(seconds)


def _useful_until(rules: Robots | Failed, host: politeness.Host) -> float:
    """No answer is no rule: it is asked for again after the host's own rest."""
    now = clock()
    return now + host.wait(now) if isinstance(rules, Failed) else robots.fresh_until(rules, now=now)


def _answered(answer: Answer | Failed) -> politeness.Answered:
    asked = None
    if answer.status is not None:
        asked = politeness.retry_after(answer.status, answer.headers.get("Retry-After"), now=today())
    jitter = random.random()  # noqa: S311 - spreads requests, keeps no secret
    return politeness.Answered(outcome=answer.outcome, at=clock(), retry_after=asked, jitter=jitter)


def _next(answer: Answer, passed: list[str]) -> str | Failed:
    """Where the redirect leads. Tracking parameters stay: a site may send a reader back and forth by them."""
    try:
        url = resolve(answer.location or "", answer.url)
    except BadUrl as error:
        return _stuck(Outcome.BAD_URL, f"redirect to {error}", answer)
    if url in passed:
        return _stuck(Outcome.TOO_MANY_REDIRECTS, f"round in circles at {url[:150]}", answer)
    if len(passed) > MOST_REDIRECTS:
        return _stuck(Outcome.TOO_MANY_REDIRECTS, f"more than {MOST_REDIRECTS}", answer)
    return url


def _stuck(outcome: Outcome, detail: str, answer: Answer) -> Failed:
    return Failed(
        outcome=outcome, detail=detail, ended_at=answer.ended_at, status=answer.status, headers=answer.headers
    )


def _fetched(request: Request, answer: Answer, passed: list[str], rules: Robots) -> Fetched:
    return Fetched(
        url=request.url,
        final_url=normalise(answer.url) if passed else answer.url,
        redirects=tuple(passed),
        status=answer.status,
        headers=answer.headers,
        body=answer.body,
        fetched_at=answer.ended_at,
        rules=rules,
        truncated=answer.truncated,
    )
