"""A real web server on loopback for the fetcher's tests: pages by path, and a log of who asked when."""

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Pages = dict[str, "Page | Callable[[BaseHTTPRequestHandler], None]"]


@dataclass(frozen=True)
class Page:
    """What the server says to a path."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Visit:
    """A request as the server saw it; times in seconds. `ended`: just before its answer went."""

    path: str
    started: float
    ended: float
    headers: dict[str, str]


@dataclass
class Site:
    """A server that runs. `pages` may be changed while it does; `takes`: seconds that each answer takes."""

    address: str
    pages: Pages
    takes: float = 0.0
    visits: list[Visit] = field(default_factory=list)
    under_way: list[str] = field(default_factory=list)

    @property
    def log(self) -> list[Visit]:
        """The visits that have ended: a client has its answer a moment before its visit is written down."""
        deadline = time.monotonic() + 1
        while self.under_way and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.visits

    def url(self, path: str) -> str:
        return f"http://{self.address}{path}"

    def asked(self, path: str) -> int:
        return sum(visit.path == path for visit in self.log)


@contextmanager
def serving(pages: Pages, *, host: str = "127.0.0.1", takes: float = 0.0) -> Iterator[Site]:
    """A web server for as long as the block lasts. Hosts 127.0.0.1, 127.0.0.2, ... are different sites."""
    site = Site(address="", pages=pages, takes=takes)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            started = time.monotonic()
            site.under_way.append(self.path)
            time.sleep(site.takes)
            page, ended = site.pages.get(self.path), time.monotonic()
            try:
                answer(self, page)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
            finally:
                site.visits.append(Visit(self.path, started, ended, dict(self.headers.items())))
                site.under_way.remove(self.path)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """The log is ours."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 100

    server = Server((host, 0), Handler)
    site.address = f"{host}:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def answer(handler: BaseHTTPRequestHandler, page: Page | Callable[[BaseHTTPRequestHandler], None] | None) -> None:
    if page is None:
        page = Page(b"not here", status=404)
    if not isinstance(page, Page):
        page(handler)
        return
    handler.send_response(page.status)
    handler.send_header("Content-Type", page.content_type)
    handler.send_header("Content-Length", str(len(page.body)))
    for name, value in page.headers:
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(page.body)


def redirect(to: str) -> Page:
    return Page(status=302, headers=(("Location", to),))


def zipped(body: bytes) -> Page:
    return Page(gzip.compress(body), headers=(("Content-Encoding", "gzip"),))


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte each tenth of a second, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.1)


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    """Ten bytes of a thousand."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"0123456789")
    handler.close_connection = True


def endless(handler: BaseHTTPRequestHandler) -> None:
    """20 MB without saying so before."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Connection", "close")
    handler.end_headers()
    for _ in range(20):
        handler.wfile.write(b"x" * 1_000_000)
    handler.close_connection = True
