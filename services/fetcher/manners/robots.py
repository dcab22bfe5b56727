"""robots.txt: what a site lets us fetch, and how fast (RFC 9309)."""

import re
from dataclasses import dataclass

from protego import Protego

from services.fetcher.manners.reservations import Rule
from services.fetcher.wire.download import Request

PRODUCT_TOKEN = "dateline"  # noqa: S105 - the name under which robots.txt addresses us, no secret
LARGEST = 500 * 1024  # bytes that are read of it (RFC 9309, 2.5)
FRESH = 24 * 3600.0  # seconds that an answer may be used (RFC 9309, 2.4)
FRESH_IF_UNREACHABLE = 300.0
# The lines of a group, with the misspellings that the parser knows
IN_GROUP = re.compile(r"\s*(?:user[- ]?agent|allow|diss?all?ow|diasllow|disallaw)\b", re.IGNORECASE)
USAGE = frozenset({"content-signal", "content-usage"})
AGENT = re.compile(r"^(\s*user[- ]?agent\s*[:\s]\s*)([a-z_-]+|\*(?=\s|$)).*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Robots:
    """The rules of one host for us. `rules` is None where the host has none and everything is allowed.

    `sitemaps`: the addresses that it names; `usage`: what its Content-Signal and Content-Usage lines say to us;
    `reservations`: what its tdmrep.json says of mining; None if that was not asked for.
    """

    rules: Protego | None = None
    crawl_delay: float | None = None
    unreachable: bool = False
    sitemaps: tuple[str, ...] = ()
    usage: tuple[str, ...] = ()
    reservations: tuple[Rule, ...] | None = None

    def allows(self, url: str) -> bool:
        """Whether we may fetch this URL."""
        if self.unreachable:
            return False
        return self.rules is None or bool(self.rules.can_fetch(url, PRODUCT_TOKEN))


EVERYTHING_ALLOWED = Robots()
UNREACHABLE = Robots(unreachable=True)


def request(address: str) -> Request:
    """The request for a robots.txt, of which 500 KiB are read."""
    return Request(url=address, accept="text/plain,*/*;q=0.5", text_only=False, most=LARGEST, head_is_enough=True)


def parse(body: bytes) -> Robots:
    """The rules that the bytes of a robots.txt state; bytes that state none allow everything.

    The parser is shown nothing but groups: to RFC 9309 a line of another kind does not end a group of user agents, to
    the parser some do. What follows a product token ("dateline/1.0") is no part of it (2.2.1). Crawl-delay, which the
    RFC does not know, and sitemaps are read from a second parse.
    """
    text = body[:LARGEST].decode("utf-8-sig", "replace").lstrip("\ufffd")
    lines = [AGENT.sub(r"\1\2", line) for line in text.splitlines()]
    groups = [line for line in lines if IN_GROUP.match(line)]
    whole = Protego.parse("\n".join(lines))
    return Robots(
        rules=Protego.parse("\n".join(groups)),
        crawl_delay=whole.crawl_delay(PRODUCT_TOKEN),
        sitemaps=tuple(whole.sitemaps),
        usage=_usage(lines),
    )


def _usage(lines: list[str]) -> tuple[str, ...]:
    """The usage lines of our groups or, if there are none, of those for all (contentsignals.org, IETF aipref)."""
    said: dict[str, list[str]] = {}
    agents: list[str] = []
    named_before = False
    for line in lines:
        name, _, value = (part.strip().lower() for part in line.partition("#")[0].partition(":"))
        named = name in ("user-agent", "useragent", "user agent")
        if named:
            agents = [*agents, value] if named_before else [value]
        elif name in USAGE:
            for agent in agents:
                said.setdefault(agent, []).append(value)
        named_before = named or (named_before and not name)
    return tuple(said.get(PRODUCT_TOKEN) or said.get("*") or ())


def from_status(status: int, body: bytes) -> Robots:
    """What an answer to the request for robots.txt means (RFC 9309, 2.3.1).

    A client error (4xx) means that there is none: everything is allowed. A server error means no. 429 counts as a
    server error, as the large search engines read it: a host that is overrun has not said yes.
    """
    if status // 100 == 2:  # noqa: PLR2004 - success
        return parse(body)
    if status // 100 == 4 and status != 429:  # noqa: PLR2004 - client error; Too Many Requests
        return EVERYTHING_ALLOWED
    return UNREACHABLE


def fresh_until(robots: Robots, *, now: float) -> float:
    """Until when the answer may be used: a day at most, five minutes if the host could not be asked."""
    return now + (FRESH_IF_UNREACHABLE if robots.unreachable else FRESH)
