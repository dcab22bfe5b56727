"""Serves the four invented publishers of the demo: a small web that a pipeline can read without leaving the machine."""

from __future__ import annotations

import argparse
import hashlib
import ipaddress
import json
import re
import signal
import sys
import threading
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from email.message import Message

HERE = Path(__file__).resolve().parent
PLACEHOLDER = b"{{site}}"
LISTEN_ATTEMPTS = 20
HOST_HEADER = re.compile(r"[A-Za-z0-9.\-]+(:\d{1,5})?")
TYPES = {
    ".html": "text/html",
    ".txt": "text/plain",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".xml": "application/xml",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
}


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """One site: its name is its folder; `source` is the path of its feed, sitemap or list."""

    name: str
    source: str
    kind: str
    redirects: Mapping[str, str]
    charsets: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What goes back to the client; the handler adds the length and leaves the body out for HEAD and 304."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Listener(ThreadingHTTPServer):
    """A server that knows whose pages it serves: one publisher, or all of them by the name in the Host header."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], publishers: Sequence[Publisher]) -> None:
        super().__init__(address, Handler)
        self.publishers = publishers

    def publisher_for(self, host: str) -> Publisher | None:
        """The publisher a request is meant for; None if the Host header names none of them."""
        if len(self.publishers) == 1:
            return self.publishers[0]
        label = re.split(r"[.:]", host, maxsplit=1)[0].lower()
        return next((publisher for publisher in self.publishers if publisher.name == label), None)


class Handler(BaseHTTPRequestHandler):
    """Reads the request, asks `answer`, writes what it says."""

    protocol_version = "HTTP/1.1"
    server_version = "DemoSite"
    sys_version = ""
    timeout = 30
    server: Listener

    def do_GET(self) -> None:
        """Answer with the body, unless the client has it already."""
        self.reply(self.answer())

    def do_HEAD(self) -> None:
        """Answer with the headers of GET alone (RFC 9110, 9.3.2); `reply` leaves the body out."""
        self.reply(self.answer())

    def answer(self) -> Answer:
        """The answer to this request; /healthz comes first, so that it works under every host name."""
        path = unquote(self.path.partition("?")[0])
        host = self.headers.get("Host", "")
        if path == "/healthz":
            return plain(200, "ok")
        if not HOST_HEADER.fullmatch(host):
            return plain(400, "bad Host header")
        publisher = self.server.publisher_for(host)
        if publisher is None:
            return plain(404, "no such publisher")
        found = page(publisher, path, site=f"http://{host}")
        return not_modified(found) if is_fresh(found, self.headers) else found

    def reply(self, answer: Answer) -> None:
        """Write one answer."""
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:  # noqa: PLR2004 - a status code says more than a name for it
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """One line a request: host, method, path, status."""
        del size
        headers = getattr(self, "headers", None)
        host = headers.get("Host", "-") if headers else "-"
        line = f"{host} {self.command or '-'} {getattr(self, 'path', '-')} {int(code)}"
        sys.stderr.write(line.encode("unicode_escape").decode() + "\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Nothing but requests is logged; a client that goes away is no news."""


def page(publisher: Publisher, path: str, *, site: str) -> Answer:
    """The page at a path: a redirect, a file of the publisher's folder with its placeholders filled in, or 404."""
    if path in publisher.redirects:
        return Answer(status=301, headers={"Location": site + publisher.redirects[path]}, body=b"")
    file = file_at(HERE / publisher.name, path)
    if file is None:
        return plain(404, "not found")
    body = file.read_bytes().replace(PLACEHOLDER, site.encode("ascii"))
    headers = {
        "Content-Type": f"{TYPES[file.suffix]}; charset={publisher.charsets.get(path, 'utf-8')}",
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:20]}"',
        "Last-Modified": formatdate(file.stat().st_mtime, usegmt=True),
    }
    return Answer(status=200, headers=headers, body=body)


def file_at(folder: Path, path: str) -> Path | None:
    """The file behind a URL path; None if there is none, if it is of no known type or lies outside the folder."""
    name = path.lstrip("/") + ("index.html" if path.endswith("/") else "")
    try:
        file = (folder / name).resolve()
        inside = file.is_relative_to(folder) and file.is_file()
    except (OSError, ValueError):  # a name that no file can have: too long, or with a NUL in it
        return None
    return file if inside and file.suffix in TYPES else None


def plain(status: int, text: str) -> Answer:
    """A line of text."""
    return Answer(status=status, headers={"Content-Type": "text/plain; charset=utf-8"}, body=f"{text}\n".encode())


def not_modified(found: Answer) -> Answer:
    """A 304 for a page that the client has (RFC 9110, 15.4.5)."""
    kept = {name: found.headers[name] for name in ("ETag", "Last-Modified")}
    return Answer(status=304, headers=kept, body=b"")


def is_fresh(found: Answer, request: Message) -> bool:
    """Whether the client's copy is the present one; If-None-Match wins over If-Modified-Since (RFC 9110, 13.2.2)."""
    etag = found.headers.get("ETag")
    if etag is None:
        return False
    known = request.get("If-None-Match")
    if known is not None:
        return known.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in known.split(",")]
    since, modified = instant(request.get("If-Modified-Since")), instant(found.headers["Last-Modified"])
    return since is not None and modified is not None and modified <= since


def instant(text: str | None) -> datetime | None:
    """An HTTP date as an aware instant; None if there is none, or if it says no time zone."""
    try:
        moment = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def publishers_in(file: Path) -> list[Publisher]:
    """The publishers, in the order of their loopback addresses."""
    return [Publisher(**entry) for entry in json.loads(file.read_text(encoding="utf-8"))["publishers"]]


def listen(host: str, port: int, publishers: Sequence[Publisher]) -> list[Listener]:
    """Bound listeners: on loopback one a publisher, each on an address of its own; elsewhere one for all of them.

    Raises:
        OSError: an address or the port cannot be had.

    """
    address = ipaddress.IPv4Address(host)
    if not address.is_loopback:
        return [Listener((host, port), publishers)]
    attempts = 1 if port else LISTEN_ATTEMPTS
    for left in reversed(range(attempts)):
        try:
            return listen_on_each(address, port, publishers)
        except OSError:
            if not left:
                raise
    raise AssertionError


def listen_on_each(first: ipaddress.IPv4Address, port: int, publishers: Sequence[Publisher]) -> list[Listener]:
    """One listener a publisher, on consecutive addresses and one port (0: whichever the first one gets)."""
    listeners: list[Listener] = []
    try:
        for offset, publisher in enumerate(publishers):
            listener = Listener((str(first + offset), port), [publisher])
            listeners.append(listener)
            port = listener.server_port
    except OSError:
        for listener in listeners:
            listener.server_close()
        raise
    return listeners


def table(listeners: Sequence[Listener]) -> str:
    """One line a publisher: name, base URL, URL of its source."""
    lines = []
    for listener in listeners:
        alone = len(listener.publishers) == 1
        for publisher in listener.publishers:
            host = str(listener.server_address[0]) if alone else publisher.name
            base = f"http://{host}:{listener.server_port}"
            lines.append(f"{publisher.name}\t{base}\t{base}{publisher.source}\n")
    return "".join(lines)


def serve(listeners: Sequence[Listener], stop: threading.Event) -> None:
    """Serve until told to stop."""
    for listener in listeners:
        threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    stop.wait()
    for listener in listeners:
        listener.shutdown()
        listener.server_close()


def main() -> int:
    """Run the command; 0 after SIGTERM or SIGINT, 1 if an address cannot be had."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="an IPv4 address; 0.0.0.0 serves by host name")
    parser.add_argument("--port", type=int, default=8088, help="0 picks a free one")
    options = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        listeners = listen(options.host, options.port, publishers_in(HERE / "site.json"))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"cannot listen on {options.host}, port {options.port}: {error}\n")
        return 1
    sys.stdout.write(table(listeners))
    sys.stdout.flush()
    serve(listeners, stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
