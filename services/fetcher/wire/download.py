"""One HTTP request and its answer: the only way out of this project into the web."""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self
from urllib.parse import urlencode

from multidict import CIMultiDict, CIMultiDictProxy

from services import __version__, metrics, topics
from services.fetcher.wire.addresses import Addresses
from services.fetcher.wire.connection import Connection, Endpoint, HeadTooLarge, NotHttp, Patience, Reply
from services.fetcher.wire.decoding import ACCEPTED, Bomb, BrokenBody, Decoded, decode
from services.fetcher.wire.guard import WEB_PORTS, RefusedAddress, ports_of, socket_opener
from services.fetcher.wire.outcomes import Outcome, of_status
from services.settings import Settings, WrongSetting
from services.urls import Parts, parts_of

MUCH = 1024 * 1024  # packed bytes that take some 20 ms to unpack
SCHEMES = frozenset({"http:", "https:"})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PAGE_ACCEPT = "text/html,application/xhtml+xml,text/plain;q=0.8,*/*;q=0.1"
SOURCE_ACCEPT = (
    "application/rss+xml,application/atom+xml,application/feed+json,application/xml,text/xml,text/plain;q=0.8,*/*;q=0.1"
)
TEXT_TYPES = ("text/", "application/xhtml", "application/xml")
UNTOLD_TYPES = frozenset({"", "application/octet-stream", "application/unknown", "unknown/unknown"})
AT_MOST_DETAIL = 200
KEPT = 1.0  # seconds that a connection is kept where the next request may come sooner than that
SEEN = 0.1  # seconds in which a host sees that its connection has ended


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one request may cost. Times in seconds; `body` in bytes after content decoding.

    `keep_alive`: how long a connection is kept at least for the host's next request; at 0 it is closed after each.
    """

    connect: float = 10.0
    read: float = 15.0
    total: float = 45.0
    body: int = topics.PAGE_BYTES
    at_once: int = 400
    keep_alive: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Request:
    """What to ask for. `text_only`: an answer of another type is not read.

    `most`: bytes that the body may have after content decoding, None for what Limits says; `head_is_enough`: what is
    over that is left unread instead of refused; `form`: what is posted, instead of a GET.
    """

    url: str
    accept: str = PAGE_ACCEPT
    text_only: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)
    most: int | None = None
    head_is_enough: bool = False
    form: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the host said, whatever its status. The body is decoded as Content-Encoding says, no further.

    `truncated`: the connection or the packed stream broke off, and the body is what came until then.
    """

    url: str
    status: int
    headers: CIMultiDictProxy[str]
    body: bytes
    ended_at: datetime
    truncated: bool = False

    @property
    def outcome(self) -> Outcome:
        """The outcome that its status stands for, or that its body broke off."""
        return Outcome.BROKEN_BODY if self.truncated else of_status(self.status)

    @property
    def location(self) -> str | None:
        """Where it redirects to, as it says it; None if it does not."""
        return self.headers.get("Location") if self.status in REDIRECTS else None

    @property
    def content_type(self) -> str:
        """The media type, lower case, without parameters; "" if the host does not say."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, kw_only=True)
class Failed:
    """There is no answer that could be used, and why. `status` and `headers` where the host got that far."""

    outcome: Outcome
    detail: str
    ended_at: datetime
    status: int | None = None
    headers: CIMultiDictProxy[str] = field(default_factory=lambda: CIMultiDictProxy(CIMultiDict()))


class NotSent(Exception):
    """A connection stood, and nothing was asked: meanwhile the site may have become another fetcher's."""


class Stale(Exception):
    """A kept connection ended before it brought an answer: the host may have closed it before it was asked."""


@dataclass
class _Kept:
    """A connection that waits for its host's next request, until a timer ends it."""

    connection: Connection
    origin: str
    timer: asyncio.TimerHandle

    def close(self) -> None:
        self.timer.cancel()
        self.connection.close()


def user_agent(contact: str) -> str:
    """How the fetcher names itself: product token, version, and whom a site's operator can write to."""
    return f"dateline/{__version__}" + (f" (+{contact})" if contact.strip() else "")


def clock() -> float:
    """Seconds of the clock that politeness counts in."""
    return time.monotonic()


def today() -> datetime:
    """The time now, UTC."""
    return datetime.now(UTC)


class Downloader:
    """Asks hosts. Lives as an async context manager; follows no redirects, keeps no cookies, asks for nothing twice.

    `may_send` is asked when a connection stands, before the request goes out.
    """

    def __init__(
        self, *, contact: str, allow_private: bool, ports: frozenset[int] = WEB_PORTS, limits: Limits | None = None
    ) -> None:
        self.limits = limits or Limits()
        self.addresses = Addresses(self.limits.connect)
        self.may_send: Callable[[], bool] = lambda: True
        self._about = {"User-Agent": user_agent(contact), "Accept-Language": "en,*;q=0.5", "Accept-Encoding": ACCEPTED}
        if not self.limits.keep_alive:
            self._about["Connection"] = "close"
        self._open = socket_opener(allow_private=allow_private, ports=ports)
        self._kept: dict[str, _Kept] = {}
        self._room = asyncio.Semaphore(self.limits.at_once)
        self._tls: ssl.SSLContext

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The downloader that the settings ask for. Raises WrongSetting for a list of ports that is none."""
        try:
            ports = ports_of(settings.ports)
        except ValueError as error:
            raise WrongSetting(f"DATELINE_PORTS: {error}") from error
        limits = Limits(keep_alive=KEPT if settings.delay < KEPT else 0.0)
        return cls(contact=settings.contact, allow_private=settings.allow_private, ports=ports, limits=limits)

    async def __aenter__(self) -> Self:
        self._tls = ssl.create_default_context()
        self._tls.set_alpn_protocols(["http/1.1"])
        return self

    async def __aexit__(self, *_: object) -> None:
        for address in list(self._kept):
            self.hang_up(address)

    def hang_up(self, address: str) -> float:
        """Ends the connection that is kept to an IP address; returns the seconds until another may be opened there."""
        kept = self._kept.pop(address, None)
        if kept is None or not kept.connection.is_open:
            return 0.0
        kept.close()
        return SEEN

    async def get(self, request: Request) -> Answer | Failed:
        """The answer to one request. Never raises for what a host or a network does; it says so in Failed."""
        try:
            with metrics.FETCH_SECONDS.time():
                async with self._room:
                    answer = await self._get(request)
        except NotSent:
            return Failed(outcome=Outcome.POSTPONED, detail="it was no longer ours to send", ended_at=today())
        except (OSError, ValueError, NotHttp, HeadTooLarge, Stale) as error:
            detail = f"{type(error).__name__}: {error}"[:AT_MOST_DETAIL]
            return Failed(outcome=outcome_of(error), detail=detail, ended_at=today())
        if isinstance(answer, Answer):
            metrics.FETCHED_BYTES.inc(len(answer.body))
        return answer

    async def _get(self, request: Request) -> Answer | Failed:
        parts = _parts(request.url)
        most = self.limits.body if request.most is None else request.most
        message = _message(request, parts, self._about)
        origin, (family, address) = f"{parts.protocol}//{parts.host}", await self.addresses.first(parts.hostname)
        connection = self._taken(address, origin)
        is_kept = connection is not None
        if connection is None:
            connection = await self._connected(family, address, parts)
        try:
            reply = await self._asked(connection, message)
            if (failed := _unwanted(request, reply, most)) is not None:
                return failed
            body, whole = b"", True  # of an error or a redirect nothing is read
            if of_status(reply.status) is Outcome.OK:
                body, whole = await connection.body(reply, most)
        except ConnectionError as error:
            if is_kept:
                raise Stale(str(error)) from error
            raise
        finally:
            self._keep(connection, address, origin)
        return await _unpacked(request, reply, Decoded(body=body, whole=whole), most)

    async def _asked(self, connection: Connection, message: bytes) -> Reply:
        """The head of the answer. Raises NotSent."""
        if not self.may_send():
            raise NotSent
        return await connection.ask(message, Patience(read=self.limits.read, total=self.limits.total))

    async def _connected(self, family: int, address: str, parts: Parts) -> Connection:
        """A new connection to where the guard lets us. Raises OSError."""
        opened = self._open(family, (address, parts.port))
        tls = self._tls if parts.protocol == "https:" else None
        endpoint = Endpoint(name=parts.hostname.strip("[]"), address=(address, parts.port), tls=tls)
        async with asyncio.timeout(self.limits.connect):
            return await Connection.to(endpoint, opened)

    def _taken(self, address: str, origin: str) -> Connection | None:
        """The connection that is kept for this origin."""
        kept = self._kept.get(address)
        if kept is None or kept.origin != origin:
            return None
        del self._kept[address]
        kept.timer.cancel()
        return kept.connection if kept.connection.is_open else None

    def _keep(self, connection: Connection, address: str, origin: str) -> None:
        """Keeps the connection for the host's next request, if both sides would have it so."""
        if not connection.release():
            return
        if not self.limits.keep_alive or address in self._kept:
            connection.close()
            return
        timer = asyncio.get_running_loop().call_later(2 * self.limits.keep_alive, self.hang_up, address)
        self._kept[address] = _Kept(connection, origin, timer)


def _parts(url: str) -> Parts:
    """The URL taken apart. Raises ValueError for what is nobody's web address."""
    parts = parts_of(url)
    if parts.protocol not in SCHEMES:
        raise ValueError(f"neither http nor https: {url}")
    if "@" in url.partition("//")[2].partition("/")[0]:
        raise ValueError("a name or password in the URL")
    return parts


def _message(request: Request, parts: Parts, about: Mapping[str, str]) -> bytes:
    """The request as it goes onto the wire. Raises ValueError where something in it would break its lines."""
    headers = {"Host": parts.host, **about, "Accept": request.accept, **request.headers}
    method, form = "GET", ""
    if request.form is not None:
        method, form = "POST", urlencode(request.form)
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(form))}
    lines = [f"{method} {parts.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    head = "\r\n".join(lines)
    if not head.count("\r") == head.count("\n") == len(lines) - 1 or "\0" in head:
        raise ValueError("a line break in what is to be sent")
    return f"{head}\r\n\r\n{form}".encode("utf-8", "surrogateescape")


def _unwanted(request: Request, reply: Reply, most: int) -> Failed | None:
    """Why the body of a success is not worth reading."""
    if of_status(reply.status) is not Outcome.OK:
        return None
    content_type, length = reply.headers.get("Content-Type", ""), _announced(reply)
    if request.text_only and not is_text(content_type):
        return _failed(Outcome.NOT_TEXT, content_type, reply)
    if not request.head_is_enough and length > most:
        return _failed(Outcome.TOO_LARGE, f"{length} bytes announced, {most} allowed", reply)
    return None


def _announced(reply: Reply) -> int:
    """Bytes that the body will have, as the head says; 0 if it does not, or if chunks say so instead."""
    length = "" if "Transfer-Encoding" in reply.headers else reply.headers.get("Content-Length", "").lstrip("0")
    return int(length) if length.isdecimal() else 0


async def _unpacked(request: Request, reply: Reply, came: Decoded, most: int) -> Answer | Failed:
    """The answer, its body without content coding."""
    try:
        decoded = await _decoded(came.body, reply.headers.get("Content-Encoding", ""), most)
    except Bomb as error:
        return _failed(Outcome.TOO_LARGE, str(error), reply)
    except BrokenBody as error:
        return _failed(Outcome.BROKEN_BODY, str(error), reply)
    return _answer(request, reply, Decoded(body=decoded.body, whole=came.whole and decoded.whole), most)


async def _decoded(body: bytes, encoding: str, most: int) -> Decoded:
    """In a thread if it may take long enough for the others to notice. Raises Bomb and BrokenBody.

    What is packed twice may be much after the first time.
    """
    if not encoding or (len(body) < MUCH and "," not in encoding):
        return decode(body, encoding, most=most)
    return await asyncio.to_thread(decode, body, encoding, most=most)


def _answer(request: Request, reply: Reply, decoded: Decoded, most: int) -> Answer | Failed:
    if len(decoded.body) > most and not request.head_is_enough:
        return _failed(Outcome.TOO_LARGE, f"over {most} bytes", reply)
    if not decoded.whole and not decoded.body:
        return _failed(Outcome.BROKEN_BODY, "broke off before its first byte", reply)
    return Answer(
        url=request.url,
        status=reply.status,
        headers=reply.headers,
        body=decoded.body[:most],
        ended_at=today(),
        truncated=not decoded.whole and not request.head_is_enough,
    )


def _failed(outcome: Outcome, detail: str, reply: Reply) -> Failed:
    return Failed(
        outcome=outcome,
        detail=detail[:AT_MOST_DETAIL],
        ended_at=today(),
        status=reply.status,
        headers=reply.headers,
    )


def is_text(content_type: str) -> bool:
    """Whether a Content-Type may be that of a page. One that says nothing may."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind in UNTOLD_TYPES or kind.startswith(TEXT_TYPES)


def outcome_of(error: Exception) -> Outcome:
    """The outcome that an exception on the way to an answer stands for."""
    return next(outcome for kind, outcome in OUTCOMES if isinstance(error, kind))


OUTCOMES: tuple[tuple[type[Exception], Outcome], ...] = (  # in the order of precedence
    (Stale, Outcome.HUNG_UP),
    (RefusedAddress, Outcome.REFUSED_ADDRESS),
    (TimeoutError, Outcome.TIMEOUT),
    (socket.gaierror, Outcome.DNS_FAILED),
    (ssl.SSLError, Outcome.TLS_FAILED),
    (HeadTooLarge, Outcome.TOO_LARGE),
    (ValueError, Outcome.BAD_URL),
    (Exception, Outcome.CONNECTION_FAILED),
)
