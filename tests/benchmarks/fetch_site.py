"""The web of the fetch benchmark: hosts on loopback that serve gzipped pages, and a count of what was asked.

    python -m tests.benchmarks.fetch_site PORT HOSTS

`/N` is a page; the last line that `/count` of any host gives is the number of pages served so far, by all of them.
"""

import asyncio
import gzip
import sys

WORDS = (
    "the",
    "of",
    "to",
    "in",
    "and",
    "said",
    "on",
    "for",
    "minister",
    "police",
    "market",
    "town",
    "people",
    "bridge",
)
PARAGRAPHS = 120


def page(number: int) -> bytes:
    """About 50 KB of HTML, as much furniture as text, different for each number."""
    lines = [f"<!doctype html><html><head><title>Story {number}</title><meta name=robots content=index></head><body>"]
    for row in range(PARAGRAPHS):
        words = " ".join(WORDS[(number * 7 + row * 13 + at * at) % len(WORDS)] for at in range(60))
        lines.append(f'<div class="row r{row}"><a href="/section/{row}"><span>{row}</span></a><p>{words}.</p></div>')
    return "\n".join([*lines, "</body></html>"]).encode()


def answer(body: bytes, *more: bytes) -> bytes:
    """A whole HTTP answer."""
    head = [b"HTTP/1.1 200 OK", b"Content-Type: text/html; charset=utf-8", b"Content-Length: %d" % len(body), *more]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
VARIETY = 50  # different pages; serving must not be what is measured


class Web(asyncio.Protocol):
    """One connection. Speaks as much HTTP as the two clients need: GETs without a body."""

    served = 0
    answers = tuple(answer(gzip.compress(page(number)), b"Content-Encoding: gzip") for number in range(VARIETY))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remembers where to answer."""
        self._transport = transport
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        """Answers each request that is whole."""
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            request, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            path = request.split(b" ", 2)[1].decode()
            assert isinstance(self._transport, asyncio.WriteTransport)
            self._transport.write(self._answer(path))

    def _answer(self, path: str) -> bytes:
        if path == "/count":
            return answer(str(Web.served).encode())
        if not path[1:].isdigit():
            return MISSING
        Web.served += 1
        return Web.answers[int(path[1:]) % VARIETY]


async def serve(port: int, hosts: int) -> None:
    """Serves until killed."""
    loop = asyncio.get_running_loop()
    for host in range(1, hosts + 1):
        await loop.create_server(Web, f"127.0.7.{host}", port, backlog=200)
    print("up", flush=True)  # noqa: T201 - for whoever waits for it
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
