"""/metrics, /healthz and /readyz of a service, on a thread of their own."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import cast
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from prometheus_client import make_wsgi_app

from services.settings import WrongSetting

TEXT = ("Content-Type", "text/plain; charset=utf-8")


@dataclass
class Readiness:
    """Whether the service can do its work now, and what it waits for if not; /readyz reads it."""

    waiting_for: str | None = "the broker"

    def ready(self) -> None:
        """Everything is there."""
        self.waiting_for = None


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Probes come every few seconds: no line each."""


def application(readiness: Readiness) -> Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]:
    """The three addresses as a WSGI application."""
    metrics = make_wsgi_app()

    def respond(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO")
        if path == "/metrics":
            return cast("Iterable[bytes]", metrics(environ, start))
        if path == "/healthz":
            start("200 OK", [TEXT])
            return [b"alive\n"]
        if path == "/readyz":
            waiting = readiness.waiting_for
            start("503 Service Unavailable" if waiting else "200 OK", [TEXT])
            return [f"waiting for {waiting}\n".encode() if waiting else b"ready\n"]
        start("404 Not Found", [TEXT])
        return [b"/metrics, /healthz, /readyz\n"]

    return respond


def serve(readiness: Readiness, host: str, port: int) -> int:
    """Answers on host:port from a daemon thread (port 0: a free one) and returns the port. Raises WrongSetting."""
    try:
        server = make_server(host, port, application(readiness), server_class=_Server, handler_class=_Quiet)
    except OSError as error:
        where = f"{host}:{port} cannot be had ({error.strerror or error})"
        raise WrongSetting(f"{where}: set DATELINE_HEALTH_PORT, 0 takes a free one") from error
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return int(server.server_port)
