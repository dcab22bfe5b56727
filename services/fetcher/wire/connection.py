"""HTTP/1.1 from the asking side: one request at a time on a connection, answers read as far as they are wanted."""

import asyncio
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser
from multidict import CIMultiDict, CIMultiDictProxy

LARGEST_HEAD = 256 * 1024  # bytes of an answer before its body, also behind it, or between two parts of it
LONGEST_HEADER = 32 * 1024  # bytes of one header; some sites' security policies run to 20 KiB
MOST_HEADERS = 128
FINAL = 200  # a status below is said on the way to the answer (RFC 9110, 15.2)


class HungUp(ConnectionError):
    """The host ended the connection before it answered."""


class NotHttp(Exception):
    """What came is no answer in HTTP/1.1."""


class HeadTooLarge(Exception):
    """There are too many headers, or one is too long."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """Whom to connect to. `tls`: how to know the host for the one that it is named; None without TLS."""

    name: str
    address: tuple[str, int]
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """Seconds that an answer may take: `read` between two parts of it, `total` from the request to its end."""

    read: float
    total: float


class Reply:
    """An answer as far as it has come. What begins with `on_` is called by the parser.

    `is_whole`: it has come to its end; `keeps`: the host keeps the connection for a further request.
    """

    def __init__(self) -> None:
        self.status = 0
        self.headers = CIMultiDictProxy(CIMultiDict[str]())
        self.body = bytearray()
        self.has_head = self.is_whole = self.keeps = False
        self._fields: list[tuple[str, str]] = []
        self._idle = self._longest = 0
        self._parser = HttpResponseParser(self)
        # what browsers forgive: odd bytes in headers, lines that end without CR, spaces behind the size of a chunk, and
        # a length beside chunks, which count (RFC 9112, 6.3)
        self._parser.set_dangerous_leniencies(
            lenient_headers=True,
            lenient_optional_cr_before_lf=True,
            lenient_spaces_after_chunk_size=True,
            lenient_chunked_length=True,
        )

    def feed(self, data: bytes) -> None:
        """Takes what came. Raises NotHttp and HeadTooLarge."""
        had = len(self.body)
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            if not self.is_whole:
                raise NotHttp(f"{type(error).__name__}: {error}") from error
        self._idle = self._idle + len(data) if len(self.body) == had and not self.is_whole else 0
        if self._is_too_large():
            raise HeadTooLarge(f"more than {MOST_HEADERS} headers, {LONGEST_HEADER} bytes in one, or {LARGEST_HEAD}")

    def end(self) -> None:
        """The host has ended the connection, and with it a body that has no frame of its own (RFC 9112, 6.3)."""
        coded = self.headers.get("Transfer-Encoding", "").lower()
        self.is_whole = self.has_head and (
            self.is_whole or not ("Content-Length" in self.headers or "chunked" in coded)
        )

    def close(self) -> None:
        """Nothing more is fed. Lets go of the parser, which points back here: else the body waits for the collector."""
        del self._parser

    def on_message_begin(self) -> None:
        """An answer; if the one that was asked for is whole, the connection is of no further use."""
        self.keeps = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header. Trailers are passed over."""
        self._longest = max(self._longest, len(name) + len(value))
        if not self.has_head and len(self._fields) <= MOST_HEADERS:
            self._fields.append((name.decode("utf-8", "surrogateescape"), value.decode("utf-8", "surrogateescape")))

    def on_headers_complete(self) -> None:
        """All headers are there: those of the answer, or those of a word on the way to it."""
        if self.has_head or self._is_too_large():
            return
        self.status = self._parser.get_status_code()
        if self.status >= FINAL:
            self.headers, self.has_head = CIMultiDictProxy(CIMultiDict(self._fields)), True
            self.keeps = self._parser.should_keep_alive()
        self._fields = []

    def on_body(self, part: bytes) -> None:
        """A part of the body, taken out of its chunk."""
        if self.has_head and not self.is_whole:
            self.body += part

    def on_message_complete(self) -> None:
        """The end of the answer, or of a word on the way to it."""
        self.is_whole = self.has_head

    def _is_too_large(self) -> bool:
        return self._longest > LONGEST_HEADER or len(self._fields) > MOST_HEADERS or self._idle > LARGEST_HEAD


class Connection(asyncio.Protocol):
    """A connection to an endpoint, from its opening to its end."""

    @classmethod
    async def to(cls, endpoint: Endpoint, opened: socket.socket) -> "Connection":
        """The socket, connected. Raises OSError."""
        loop = asyncio.get_running_loop()
        try:
            opened.settimeout(0)
            await loop.sock_connect(opened, endpoint.address)
        except BaseException:
            opened.close()
            raise
        # from here on a transport has the socket: to close it behind its back would leave its number in the loop
        _, connection = await loop.create_connection(cls, sock=opened)
        if endpoint.tls is not None:
            await connection.secure(endpoint.tls, endpoint.name)
        return connection

    def __init__(self) -> None:
        self.is_open = True
        self._transport: asyncio.Transport
        self._socket: socket.socket
        self._reply: Reply | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._error: Exception | None = None
        self._patience: Patience
        self._ends: float

    async def secure(self, tls: ssl.SSLContext, name: str) -> None:
        """Puts TLS around the connection, which ends if that fails or is cancelled."""
        plain = self._transport
        try:
            secured = await asyncio.get_running_loop().start_tls(plain, self, tls, server_hostname=name)
        except BaseException:
            plain.abort()
            raise
        self._transport = cast("asyncio.Transport", secured)

    async def ask(self, request: bytes, patience: Patience) -> Reply:
        """The answer, of which the head has come. Raises OSError, NotHttp and HeadTooLarge."""
        reply = self._reply = Reply()
        self._patience, self._ends = patience, asyncio.get_running_loop().time() + patience.total
        self._transport.write(request)
        while not reply.has_head:
            if not self.is_open:
                raise self._error or HungUp("the host ended the connection before it answered")
            await self._more()
        return reply

    async def body(self, reply: Reply, most: int) -> tuple[bytes, bool]:
        """The body of the answer, and whether it came to its end or to more than `most` bytes.

        Raises TimeoutError if it takes too long in all; one that stands still is cut off there.
        """
        while self.is_open and not reply.is_whole and len(reply.body) <= most:
            try:
                await self._more()
            except TimeoutError:
                if not reply.body or asyncio.get_running_loop().time() >= self._ends:
                    raise
                break
        return bytes(reply.body), reply.is_whole or len(reply.body) > most

    def release(self) -> bool:
        """Ends the exchange; returns whether another one may follow on this connection, which is closed if not."""
        reply, self._reply = self._reply, None
        if reply is not None:
            reply.close()
        if reply is None or not (reply.keeps and reply.is_whole):
            self.close()
        return self.is_open

    def close(self) -> None:
        """Ends the connection at once."""
        self.is_open = False
        with suppress(OSError):  # the host sees it now; what abort() does waits for its turn in a busy loop
            self._socket.shutdown(socket.SHUT_RDWR)
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is connected."""
        self._transport = cast("asyncio.Transport", transport)
        self._socket = transport.get_extra_info("socket")  # a transport that has ended names none

    def data_received(self, data: bytes) -> None:
        """Something came; what nobody asked for ends the connection."""
        if self._reply is None:
            self.close()
            return
        try:
            self._reply.feed(data)
        except (NotHttp, HeadTooLarge) as error:
            self._error = error
            self.close()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        self.is_open = False
        self._error = self._error or exc
        if self._reply is not None and self._error is None:
            self._reply.end()
        self._wake()

    async def _more(self) -> None:
        """Returns once something has come, or the connection has ended. Raises TimeoutError."""
        loop = asyncio.get_running_loop()
        if loop.time() >= self._ends:  # where bytes are always ready no timer has its turn
            raise TimeoutError("no end")
        self._waiter = loop.create_future()
        timer = loop.call_at(min(loop.time() + self._patience.read, self._ends), self._wake, TimeoutError("no answer"))
        try:
            await self._waiter
        finally:
            timer.cancel()

    def _wake(self, error: Exception | None = None) -> None:
        if self._waiter is None or self._waiter.done():
            return
        if error is not None:
            self._waiter.set_exception(error)
        else:
            self._waiter.set_result(None)
