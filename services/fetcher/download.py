"""One HTTP request and its answer: the only way out of this project into the web."""

import asyncio
import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self
from weakref import WeakValueDictionary

import aiohttp
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from services import __version__, metrics, topics
from services.fetcher.addresses import Addresses
from services.fetcher.decoding import ACCEPTED, Bomb, BrokenBody, Decoded, decode
from services.fetcher.guard import REFUSAL, WEB_PORTS, AddressInfo, ports_of, socket_factory
from services.fetcher.outcomes import Outcome, of_status
from services.settings import Settings, WrongSetting

CHUNK = 64 * 1024
MUCH = 1024 * 1024  # packed bytes that take some 20 ms to unpack
LONGEST_HEADER = 32 * 1024  # bytes of one header; some sites' security policies run to 20 KiB
MOST_HEADERS = 128
SCHEMES = frozenset({"http", "https"})
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
TOO_LONG = re.compile("Got more than|Too many headers")  # aiohttp's words for headers over its limits
HUNG_UP = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)  # a kept connection that the host has closed
OPENED: ContextVar[list[socket.socket]] = ContextVar("OPENED")


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


class _Connector(aiohttp.TCPConnector):
    """Connections on which `may_send` is asked once more when they stand: the wait may have been long, or we froze."""

    may_send: Callable[[], bool]

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[aiohttp.tracing.Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp's own name
    ) -> aiohttp.connector.Connection:
        """A connection to send the request on. Raises NotSent."""
        connection = await super().connect(req, traces, timeout)
        if not self.may_send():
            connection.close()
            raise NotSent
        return connection


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
    """A session of HTTP. Lives as an async context manager; follows no redirects and keeps no cookies.

    `may_send` is asked when a connection stands, before the request goes out.
    """

    def __init__(
        self, *, contact: str, allow_private: bool, ports: frozenset[int] = WEB_PORTS, limits: Limits | None = None
    ) -> None:
        self.limits = limits or Limits()
        self.addresses = Addresses()
        self.may_send: Callable[[], bool] = lambda: True
        self._contact = contact
        self._open = socket_factory(allow_private=allow_private, ports=ports)
        self._standing: WeakValueDictionary[str, socket.socket] = WeakValueDictionary()
        self._stack = AsyncExitStack()
        self._session: aiohttp.ClientSession

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
        connector = _Connector(
            limit=self.limits.at_once,
            socket_factory=self._opened,
            resolver=self.addresses,  # type: ignore[arg-type] # its shape is right; aiohttp's class stays out of there
            use_dns_cache=False,
            # the guard sits where a connection is opened; what is kept open was let through for the same host and port
            keepalive_timeout=2 * self.limits.keep_alive or None,
            force_close=not self.limits.keep_alive,
        )
        connector.may_send = lambda: self.may_send()  # noqa: PLW0108 - it is set later
        session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={
                "User-Agent": user_agent(self._contact),
                "Accept-Language": "en,*;q=0.5",
                "Accept-Encoding": ACCEPTED,
            },
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(
                total=self.limits.total, sock_connect=self.limits.connect, sock_read=self.limits.read
            ),
            max_line_size=LONGEST_HEADER,
            max_field_size=LONGEST_HEADER,
            max_headers=MOST_HEADERS,
        )
        # aiohttp would ask again at once when a host hangs up without an answer
        session._retry_connection = False  # noqa: SLF001 - there is no other way to say so
        self._session = await self._stack.enter_async_context(session)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def hang_up(self, address: str) -> float:
        """Ends the connection that is kept to an IP address; returns the seconds until another may be opened there."""
        standing = self._standing.pop(address, None)
        if standing is None or standing.fileno() < 0:
            return 0.0
        with suppress(OSError):
            standing.shutdown(socket.SHUT_RDWR)
        return SEEN

    def _opened(self, info: AddressInfo) -> socket.socket:
        """A socket, for aiohttp's connector. The request that it is opened for finds it again in OPENED."""
        made = self._open(info)
        OPENED.get().append(made)
        if self.limits.keep_alive:
            self._standing[str(info[4][0])] = made
        return made

    async def get(self, request: Request) -> Answer | Failed:
        """The answer to one request. Never raises for what a host or a network does; it says so in Failed."""
        opened: list[socket.socket] = []
        OPENED.set(opened)
        try:
            with metrics.FETCH_SECONDS.time():
                answer = await self._get(request)
        except NotSent:
            return Failed(outcome=Outcome.POSTPONED, detail="it was no longer ours to send", ended_at=today())
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            is_stale = not opened and isinstance(error, HUNG_UP) and not isinstance(error, aiohttp.ClientConnectorError)
            outcome = Outcome.POSTPONED if is_stale else outcome_of(error)  # no failure of the host's, and asked again
            detail = f"{type(error).__name__}: {error}"[:AT_MOST_DETAIL]
            return Failed(outcome=outcome, detail=detail, ended_at=today())
        if isinstance(answer, Answer):
            metrics.FETCHED_BYTES.inc(len(answer.body))
        return answer

    async def _get(self, request: Request) -> Answer | Failed:
        headers = {"Accept": request.accept, **request.headers}
        method = "GET" if request.form is None else "POST"
        asked = self._session.request(
            method, _address(request.url), headers=headers, data=request.form, allow_redirects=False
        )
        async with asked as response:
            most = self.limits.body if request.most is None else request.most
            if (failed := _unwanted(request, response, most)) is not None:
                return failed
            body, whole = await _read(response, most)
            try:
                decoded = await _decoded(body, response.headers.get("Content-Encoding", ""), most)
            except Bomb as error:
                return _failed(Outcome.TOO_LARGE, str(error), response)
            except BrokenBody as error:
                return _failed(Outcome.BROKEN_BODY, str(error), response)
            return _answer(request, response, Decoded(body=decoded.body, whole=whole and decoded.whole), most)


def _address(url: str) -> URL:
    """The URL as it goes onto the wire, untouched. Raises ValueError for what is nobody's web address."""
    address = URL(url, encoded=True)
    if address.scheme not in SCHEMES:
        raise ValueError(f"neither http nor https: {url}")
    if address.raw_user is not None or address.raw_password is not None:
        raise ValueError("a name or password in the URL")
    return address


def _unwanted(request: Request, response: aiohttp.ClientResponse, most: int) -> Failed | None:
    """Why the body of a success is not worth reading."""
    if of_status(response.status) is not Outcome.OK:
        return None
    content_type = response.headers.get("Content-Type", "")
    if request.text_only and not is_text(content_type):
        return _failed(Outcome.NOT_TEXT, content_type, response)
    if (response.content_length or 0) > most and not request.head_is_enough:
        return _failed(Outcome.TOO_LARGE, f"{response.content_length} bytes announced, {most} allowed", response)
    return None


async def _read(response: aiohttp.ClientResponse, most: int) -> tuple[bytes, bool]:
    """The body as it is packed, a chunk more than `most` at most, and whether it came to its end.

    Of an error or a redirect nothing is read.
    """
    parts: list[bytes] = []
    if of_status(response.status) is not Outcome.OK:
        return b"", True
    size = 0
    try:
        async for part in response.content.iter_chunked(CHUNK):
            parts.append(part)
            size += len(part)
            if size > most:
                break
    except (aiohttp.ClientPayloadError, aiohttp.ClientConnectionError, ConnectionError):
        if not parts:
            raise
        return b"".join(parts), False
    return b"".join(parts), True


async def _decoded(body: bytes, encoding: str, most: int) -> Decoded:
    """In a thread if it takes long enough for the others to notice. Raises Bomb and BrokenBody."""
    if len(body) < MUCH or not encoding:
        return decode(body, encoding, most=most)
    return await asyncio.to_thread(decode, body, encoding, most=most)


def _answer(request: Request, response: aiohttp.ClientResponse, decoded: Decoded, most: int) -> Answer | Failed:
    if len(decoded.body) > most and not request.head_is_enough:
        return _failed(Outcome.TOO_LARGE, f"over {most} bytes", response)
    if not decoded.whole and not decoded.body:
        return _failed(Outcome.BROKEN_BODY, "broke off before its first byte", response)
    return Answer(
        url=request.url,
        status=response.status,
        headers=response.headers,
        body=decoded.body[:most],
        ended_at=today(),
        truncated=not decoded.whole and not request.head_is_enough,
    )


def _failed(outcome: Outcome, detail: str, response: aiohttp.ClientResponse) -> Failed:
    return Failed(
        outcome=outcome,
        detail=detail[:AT_MOST_DETAIL],
        ended_at=today(),
        status=response.status,
        headers=response.headers,
    )


def is_text(content_type: str) -> bool:
    """Whether a Content-Type may be that of a page. One that says nothing may."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind in UNTOLD_TYPES or kind.startswith(TEXT_TYPES)


def outcome_of(error: Exception) -> Outcome:  # noqa: PLR0911 - a table in the order of precedence
    """The outcome that an exception of aiohttp's stands for."""
    if REFUSAL in str(error):
        return Outcome.REFUSED_ADDRESS
    if isinstance(error, TimeoutError | asyncio.TimeoutError):
        return Outcome.TIMEOUT
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Outcome.DNS_FAILED
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError | aiohttp.ServerFingerprintMismatch):
        return Outcome.TLS_FAILED
    if isinstance(error, aiohttp.ClientPayloadError | aiohttp.ContentTypeError):
        return Outcome.BROKEN_BODY
    if isinstance(error, aiohttp.ClientResponseError):  # headers too long, too many, or none of HTTP's
        return Outcome.TOO_LARGE if TOO_LONG.search(error.message) else Outcome.CONNECTION_FAILED
    if isinstance(error, aiohttp.InvalidURL):
        return Outcome.BAD_URL
    if isinstance(error, ValueError) and not isinstance(error, aiohttp.ClientError):
        return Outcome.BAD_URL
    return Outcome.CONNECTION_FAILED
