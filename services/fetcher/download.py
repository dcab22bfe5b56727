"""One HTTP request and its answer: the only way out of this project into the web."""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

import aiohttp
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from services import __version__, metrics, topics
from services.fetcher.addresses import Addresses
from services.fetcher.guard import REFUSAL, AddressInfo, socket_factory
from services.fetcher.outcomes import Outcome, of_status

CHUNK = 64 * 1024
LONGEST_HEADER = 64 * 1024  # bytes; some sites' security policies run to 20 KiB
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PAGE_ACCEPT = "text/html,application/xhtml+xml,text/plain;q=0.8,*/*;q=0.1"
SOURCE_ACCEPT = "application/rss+xml,application/atom+xml,application/xml,text/xml,text/plain;q=0.8,*/*;q=0.1"
TEXT_TYPES = ("text/", "application/xhtml", "application/xml")
UNTOLD_TYPES = frozenset({"", "application/octet-stream", "application/unknown", "unknown/unknown"})
AT_MOST_DETAIL = 200
OPENED: ContextVar[list[socket.socket]] = ContextVar("OPENED")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one request may cost. Times in seconds; `body` in bytes after content decoding.

    `keep_alive`: how long a connection is kept for the next request; at 0 it is closed, so that no host, and no address
    that several hosts share, ever sees two.
    """

    connect: float = 10.0
    read: float = 15.0
    total: float = 45.0
    body: int = topics.PAGE_BYTES
    at_once: int = 400
    keep_alive: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Request:
    """What to ask for. `text_only`: an answer of another type is not read."""

    url: str
    accept: str = PAGE_ACCEPT
    text_only: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the host said, whatever its status. The body is decoded as Content-Encoding says, no further."""

    url: str
    status: int
    headers: CIMultiDictProxy[str]
    body: bytes
    ended_at: datetime

    @property
    def outcome(self) -> Outcome:
        """The outcome that its status stands for."""
        return of_status(self.status)

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
    """A connection was opened, and then nothing asked: meanwhile the site may have become another fetcher's."""


def _noted(factory: Callable[[AddressInfo], socket.socket]) -> Callable[[AddressInfo], socket.socket]:
    """The factory, but that the request which a socket is opened for can find it again."""

    def opened(info: AddressInfo) -> socket.socket:
        made = factory(info)
        OPENED.get().append(made)
        return made

    return opened


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

    def __init__(self, *, contact: str, allow_private: bool, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.addresses = Addresses()
        self.may_send: Callable[[], bool] = lambda: True
        self._contact = contact
        self._allow_private = allow_private
        self._stack = AsyncExitStack()
        self._session: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            limit=self.limits.at_once,
            socket_factory=_noted(socket_factory(allow_private=self._allow_private)),
            resolver=self.addresses,  # type: ignore[arg-type] # its shape is right; aiohttp's class stays out of there
            use_dns_cache=False,
            # the guard sits where a connection is opened; what is kept open was let through for the same host and port
            keepalive_timeout=self.limits.keep_alive or None,
            force_close=not self.limits.keep_alive,
        )
        tracing = aiohttp.TraceConfig()
        tracing.on_connection_create_end.append(self._last_moment)
        session = aiohttp.ClientSession(
            connector=connector,
            trace_configs=[tracing],
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": user_agent(self._contact), "Accept-Language": "en,*;q=0.5"},
            timeout=aiohttp.ClientTimeout(
                total=self.limits.total, sock_connect=self.limits.connect, sock_read=self.limits.read
            ),
            max_line_size=LONGEST_HEADER,
            max_field_size=LONGEST_HEADER,
        )
        # aiohttp asks again at once when a host hangs up without an answer: a kept connection may have been too old
        session._retry_connection = bool(self.limits.keep_alive)  # noqa: SLF001 - there is no other way to say so
        self._session = await self._stack.enter_async_context(session)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _last_moment(self, *_: object) -> None:
        """Called when a connection stands and nothing was sent: opening it may have taken long, or we were frozen."""
        if not self.may_send():
            raise NotSent

    async def get(self, request: Request) -> Answer | Failed:
        """The answer to one GET. Never raises for what a host or a network does; it says so in Failed."""
        opened: list[socket.socket] = []
        OPENED.set(opened)
        try:
            with metrics.FETCH_SECONDS.time():
                answer = await self._get(request)
        except NotSent:
            for each in opened:  # aiohttp leaves a connection open that was not handed out yet
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            return Failed(outcome=Outcome.POSTPONED, detail="it was no longer ours to send", ended_at=today())
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            detail = f"{type(error).__name__}: {error}"[:AT_MOST_DETAIL]
            return Failed(outcome=outcome_of(error), detail=detail, ended_at=today())
        if isinstance(answer, Answer):
            metrics.FETCHED_BYTES.inc(len(answer.body))
        return answer

    async def _get(self, request: Request) -> Answer | Failed:
        headers = {"Accept": request.accept, **request.headers}
        url = URL(request.url, encoded=True)
        async with self._session.get(url, headers=headers, allow_redirects=False) as response:
            if (outcome := self._unwanted(request, response)) is not None:
                detail = f"{response.headers.get('Content-Type')}, {response.content_length} bytes"[:AT_MOST_DETAIL]
                return Failed(
                    outcome=outcome, detail=detail, ended_at=today(), status=response.status, headers=response.headers
                )
            body = await self._read(response)
            if body is None:
                detail = f"over {self.limits.body} bytes"
                return Failed(
                    outcome=Outcome.TOO_LARGE,
                    detail=detail,
                    ended_at=today(),
                    status=response.status,
                    headers=response.headers,
                )
            return Answer(
                url=request.url, status=response.status, headers=response.headers, body=body, ended_at=today()
            )

    def _unwanted(self, request: Request, response: aiohttp.ClientResponse) -> Outcome | None:
        """Why the body of a success is not worth reading."""
        if of_status(response.status) is not Outcome.OK:
            return None
        if request.text_only and not is_text(response.headers.get("Content-Type", "")):
            return Outcome.NOT_TEXT
        if (response.content_length or 0) > self.limits.body:
            return Outcome.TOO_LARGE
        return None

    async def _read(self, response: aiohttp.ClientResponse) -> bytes | None:
        """The decoded body; None if it is over the limit. Of an error or a redirect nothing is read."""
        if of_status(response.status) is not Outcome.OK:
            return b""
        parts, size = [], 0
        async for part in response.content.iter_chunked(CHUNK):
            size += len(part)
            if size > self.limits.body:
                return None
            parts.append(part)
        return b"".join(parts)


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
    if isinstance(error, aiohttp.InvalidURL):
        return Outcome.BAD_URL
    if isinstance(error, ValueError) and not isinstance(error, aiohttp.ClientError):
        return Outcome.BAD_URL
    return Outcome.CONNECTION_FAILED
