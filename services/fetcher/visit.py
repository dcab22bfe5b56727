"""Visiting a URL as a guest should: robots.txt asked first, one request a host at a time, pauses, redirects by hand."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime

from multidict import CIMultiDictProxy

from services.fetcher import politeness, rights, robots
from services.fetcher.download import Answer, Downloader, Failed, Request, clock, today
from services.fetcher.outcomes import Outcome
from services.fetcher.robots import Robots
from services.urls import BadUrl, host_of, normalise, resolve, robots_url

MOST_REDIRECTS = 10
MOST_ROBOTS_REDIRECTS = 5  # RFC 9309, 2.3.1.2
MOST_HOSTS = 10_000
OK_STATUS = 200
DOWN = "the host is down or asked for a long rest"


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


@dataclass
class _Place:
    """A host as seen from here. `rules` by the address of the robots.txt: http and https may differ."""

    state: politeness.Host
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    asking_rules: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: dict[str, tuple[Robots | Failed, float]] = field(default_factory=dict)

    def idle(self, now: float) -> bool:
        return not self.turn.locked() and not self.asking_rules.locked() and self.state.wait(now) == 0


class Visitor:
    """Makes polite visits. `busy` wraps each request: what is inside should be let finish before the visitor leaves.

    `asks_reservations`: whether a host's tdmrep.json is asked for after its robots.txt, once while that is fresh.
    """

    def __init__(
        self,
        downloader: Downloader,
        *,
        delay: float,
        busy: Callable[[], AbstractContextManager[None]] = nullcontext,
        asks_reservations: bool = False,
    ) -> None:
        self._downloader = downloader
        self._delay = delay
        self._busy = busy
        self._asks_reservations = asks_reservations
        self._places: dict[str, _Place] = {}

    def hold(self, host: str, seconds: float) -> None:
        """Lets the host's first request wait: somebody else may have asked it just now."""
        place = self._place(host)
        place.state = replace(place.state, next_at=max(place.state.next_at, clock() + seconds))

    async def visit(self, request: Request) -> Fetched | Failed:
        """The answer to a request after ten redirects at most, each allowed by the robots.txt of its host."""
        passed: list[str] = []
        step = request
        while True:
            rules = await self._rules(step.url)
            if isinstance(rules, Failed):
                return rules
            if not rules.allows(step.url):
                outcome = Outcome.ROBOTS_UNREACHABLE if rules.unreachable else Outcome.ROBOTS_DENIED
                return Failed(outcome=outcome, detail=robots_url(step.url), ended_at=today())
            answer = await self._ask(step)
            if isinstance(answer, Failed):
                return answer
            if answer.location is None:
                return _fetched(request, answer, passed, rules)
            passed.append(step.url)
            following = _next(answer, passed)
            if isinstance(following, Failed):
                return following
            step = replace(request, url=following)

    async def _rules(self, url: str) -> Robots | Failed:
        place, address = self._place(host_of(url)), robots_url(url)
        async with place.asking_rules:
            known, until = place.rules.get(address, (None, 0.0))
            if known is not None and clock() < until:
                return known
            rules = await self._ask_rules(address)
            if isinstance(rules, Failed):
                # no answer is no rule: after the host's own rest it is asked again
                place.rules[address] = (rules, clock() + place.state.wait(clock()))
                return rules
            if self._asks_reservations:
                rules = await self._with_reservations(rules, resolve(rights.WELL_KNOWN, url))
            place.rules[address] = (rules, robots.fresh_until(rules, now=clock()))
            delay = politeness.crawl_delay(rules.crawl_delay, floor=self._delay)
            place.state = replace(place.state, delay=delay, next_at=place.state.next_at - place.state.delay + delay)
            return rules

    async def _with_reservations(self, rules: Robots, address: str) -> Robots:
        """The rules with those of the host's tdmrep.json. A host that does not answer with one reserves nothing."""
        if not rules.allows(address):
            return rules
        answer = await self._ask(rights.request(address))
        if isinstance(answer, Failed) or answer.status != OK_STATUS:
            return rules
        return replace(rules, reservations=rights.rules(answer.body))

    async def _ask_rules(self, address: str) -> Robots | Failed:
        """The rules that stand at an address. A robots.txt that is lost in redirects counts as none (RFC 9309)."""
        for _ in range(MOST_ROBOTS_REDIRECTS + 1):
            answer = await self._ask(robots.request(address))
            if isinstance(answer, Failed):
                return answer
            if answer.location is None:
                return robots.from_status(answer.status, answer.body)
            try:
                address = resolve(answer.location, address)
            except BadUrl:
                break
        return robots.EVERYTHING_ALLOWED

    async def _ask(self, request: Request) -> Answer | Failed:
        """One request, in its host's turn."""
        async with self._turn(host_of(request.url)) as place:
            if place.state.is_down(clock()):
                return Failed(outcome=Outcome.POSTPONED, detail=DOWN, ended_at=today())
            with self._busy():
                answer = await self._downloader.get(request)
            retry_after = None
            if answer.status is not None:
                retry_after = politeness.retry_after(answer.status, answer.headers.get("Retry-After"), now=today())
            place.state = politeness.after(place.state, answer.outcome, now=clock(), retry_after=retry_after)
        return answer

    @asynccontextmanager
    async def _turn(self, host: str) -> AsyncIterator[_Place]:
        place = self._place(host)
        async with place.turn:
            if not place.state.is_down(clock()):
                await asyncio.sleep(place.state.wait(clock()))
            yield place

    def _place(self, host: str) -> _Place:
        if host not in self._places:
            self._forget()
            self._places[host] = _Place(state=politeness.Host(delay=self._delay))
        return self._places[host]

    def _forget(self) -> None:
        """Makes room once there are too many hosts: idle ones lose their rules, which are asked for again."""
        if len(self._places) >= MOST_HOSTS:
            now = clock()
            self._places = {host: place for host, place in self._places.items() if not place.idle(now)}


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
        final_url=normalise(answer.url),
        redirects=tuple(passed),
        status=answer.status,
        headers=answer.headers,
        body=answer.body,
        fetched_at=answer.ended_at,
        rules=rules,
        truncated=answer.truncated,
    )
