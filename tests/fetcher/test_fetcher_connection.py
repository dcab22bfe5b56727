"""What hosts may say on a connection: answers in all their forms, and what is none."""

import asyncio
import gc
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from services.fetcher.wire.connection import Reply
from services.fetcher.wire.download import Answer, Downloader, Failed, Limits, Request
from services.fetcher.wire.outcomes import Outcome

CERTIFICATE = Path(__file__).parent / "loopback.pem"  # and its key: of localhost, signed by itself
QUICK = Limits(connect=2.0, read=0.5, total=2.0)
KEEPING = Limits(connect=2.0, read=0.5, total=2.0, keep_alive=1.0)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
PLAIN = HEAD + b"Content-Length: 2\r\n\r\nhi"


@contextmanager
def saying(
    answers: Sequence[bytes], tls: ssl.SSLContext | None = None, address: str = "127.0.0.1"
) -> Iterator[tuple[int, list[int]]]:
    """A port at which each request gets the next answer, and how many requests each connection brought.

    An answer that ends in FIN ends the connection, as does the last one.
    """
    asked: list[int] = []
    left = list(answers)

    def serve(listener: socket.socket) -> None:
        while left:
            link, _ = listener.accept()
            asked.append(0)
            with suppress(OSError), link, tls.wrap_socket(link, server_side=True) if tls else link as stream:
                while left and stream.recv(65536):
                    asked[-1] += 1
                    said = left.pop(0)
                    stream.sendall(said.removesuffix(b"FIN"))
                    if said.endswith(b"FIN"):
                        break

    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, 0), family=family) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1], asked


def asked_for(*urls: str, limits: Limits = QUICK) -> list[Answer | Failed]:
    """The URLs, one after the other, by one downloader."""

    async def main() -> list[Answer | Failed]:
        async with Downloader(contact="", allow_private=True, limits=limits) as downloader:
            return [await downloader.get(Request(url=url)) for url in urls]

    return asyncio.run(main())


def heard(said: bytes) -> Answer | Failed:
    with saying([said]) as (port, _):
        (answer,) = asked_for(f"http://127.0.0.1:{port}/")
    return answer


@pytest.mark.parametrize(
    ("said", "body"),
    [
        (PLAIN, b"hi"),
        (PLAIN.replace(b"\r\n", b"\n"), b"hi"),
        (HEAD + b"\r\nuntil the end", b"until the end"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n4 \r\n all\r\n0\r\nX-Trailer: 1\r\n\r\n", b"hi all"),
        (HEAD + b"Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", b"hi"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + PLAIN, b"hi"),
        (CHUNKED.replace(b"200", b"150") + b"4\r\nnot!\r\n0\r\n\r\n" + PLAIN, b"hi"),
        (HEAD + b"Content-Length: " + b"0" * 5000 + b"2\r\n\r\nhi", b"hi"),
        (CHUNKED.replace(b"Transfer", b"Content-Length: 99999999\r\nTransfer") + b"2\r\nhi\r\n0\r\n\r\n", b"hi"),
        (b"HTTP/1.0 200\r\nContent-Type: text/html\r\n\r\nold", b"old"),
        (HEAD + b"X-Empty:\r\nX-Odd: \xff\xc3\xa9\r\n" + b"Content-Length: 0\r\n\r\n", b""),
    ],
)
def test_answers_are_read_in_all_their_forms(said: bytes, body: bytes) -> None:
    answer = heard(said)
    assert isinstance(answer, Answer), answer
    assert (answer.status, answer.body, answer.truncated) == (200, body, False)
    assert answer.content_type == "text/html"
    assert "Link" not in answer.headers


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n", Outcome.CONNECTION_FAILED),
        (b"HTTP/1.1 200 OK\r\nno header at all\r\n\r\n", Outcome.CONNECTION_FAILED),
        (HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi!", Outcome.CONNECTION_FAILED),
        (b"HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", Outcome.CONNECTION_FAILED),
        (b"HTTP/1.1 200 OK\r\nContent-Le", Outcome.CONNECTION_FAILED),
        (b"", Outcome.CONNECTION_FAILED),
        (HEAD + b"X: " + b"x" * 300_000, Outcome.TOO_LARGE),
        (b"HTTP/1.1 102 Processing\r\n\r\n" * 20_000, Outcome.TOO_LARGE),
        (HEAD + b"Content-Length: 99\r\n\r\n", Outcome.BROKEN_BODY),
        (HEAD + b"Content-Length: 99999999\r\n\r\n", Outcome.TOO_LARGE),
        (HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", Outcome.CONNECTION_FAILED),
    ],
)
def test_what_is_no_answer_has_an_outcome(said: bytes, outcome: Outcome) -> None:
    answer = heard(said)
    assert isinstance(answer, Failed), answer
    assert answer.outcome is outcome


@pytest.mark.parametrize(
    "rest", [b"Content-Length: 99\r\n\r\nhalf", b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n"]
)
def test_a_body_that_breaks_off_or_out_of_its_frame_is_truncated(rest: bytes) -> None:
    answer = heard(HEAD + rest)
    assert isinstance(answer, Answer)
    assert (answer.body, answer.truncated) == (b"half", True)


@contextmanager
def flooding(head: bytes, unit: bytes) -> Iterator[int]:
    """A port at which an answer lasts ten seconds, and something of it is ready always."""

    def serve(listener: socket.socket) -> None:
        link, _ = listener.accept()
        with suppress(OSError), link:
            link.recv(65536)
            link.sendall(head)
            ends = time.monotonic() + 10
            while time.monotonic() < ends:
                link.sendall(unit * (65536 // len(unit)))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]


@pytest.mark.parametrize("most", [10, 20_000_000])
def test_the_time_in_all_holds_where_bytes_are_always_ready(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.fetcher.wire.connection.LARGEST_HEAD", 2**40)
    units = {10: b"X: y\r\n", 20_000_000: b"1;%s\r\nx\r\n" % (b"y" * 6000)}
    head = CHUNKED + (b"2\r\nhi\r\n0\r\n" if most == 10 else b"")
    limits = Limits(read=0.5, total=0.7, body=most)
    with flooding(head, units[most]) as port:
        started = time.monotonic()
        (answer,) = asked_for(f"http://127.0.0.1:{port}/", limits=limits)
    assert isinstance(answer, Failed)
    assert answer.outcome is Outcome.TIMEOUT
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("rest", "unit"), [(b"2\r\nhi\r\n0\r\nX: ", b"y"), (b"2\r\nhi\r\n0\r\n", b"X: y\r\n"), (b"2\r\nhi\r\n2;", b"y")]
)
def test_an_answer_that_goes_on_without_its_body_is_cut_off_there(rest: bytes, unit: bytes) -> None:
    started = time.monotonic()
    with flooding(CHUNKED + rest, unit) as port:
        (answer,) = asked_for(f"http://127.0.0.1:{port}/", limits=Limits(read=5.0, total=20.0))
    assert isinstance(answer, Answer)
    assert (answer.body, answer.truncated) == (b"hi", True)
    assert time.monotonic() - started < 10


def test_of_an_error_or_a_redirect_no_body_is_read() -> None:
    for status in (404, 302):
        top = HEAD.replace(b"200", b"%d" % status) + b"Content-Encoding: gzip\r\nContent-Length: 99\r\n\r\n"
        answer = heard(top + gzip.compress(b"not here")[:12])
        assert isinstance(answer, Answer)
        assert (answer.status, answer.body, answer.truncated) == (status, b"", False)


def test_a_connection_is_kept_for_the_next_request_but_not_one_on_which_more_was_said_than_asked_for() -> None:
    with saying([PLAIN, PLAIN + b"HTTP/1.1 200", PLAIN, PLAIN]) as (port, asked):
        answers = asked_for(*[f"http://127.0.0.1:{port}/{number}" for number in range(4)], limits=KEEPING)
    assert [isinstance(each, Answer) and each.body for each in answers] == [b"hi"] * 4
    assert asked == [2, 2]


def test_a_connection_is_not_kept_against_the_hosts_or_our_own_will() -> None:
    close = HEAD + b"Connection: close\r\nContent-Length: 2\r\n\r\nhi"
    for answers, limits in (([close] * 3, KEEPING), ([PLAIN] * 3, QUICK)):
        with saying(answers) as (port, asked):
            asked_for(*[f"http://127.0.0.1:{port}/{number}" for number in range(3)], limits=limits)
        assert asked == [1, 1, 1]


def test_nothing_is_asked_for_twice() -> None:
    with saying([PLAIN, b"FIN", PLAIN]) as (port, asked):
        answers = asked_for(*[f"http://127.0.0.1:{port}/{number}" for number in range(2)], limits=KEEPING)
    assert isinstance(answers[1], Failed)
    assert answers[1].outcome is Outcome.HUNG_UP
    assert asked == [2]


def test_an_answer_is_gone_with_its_reader_and_waits_for_no_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        heard(PLAIN)
        assert not [each for each in gc.get_objects() if isinstance(each, Reply)]
    finally:
        gc.enable()


def test_what_would_break_the_lines_of_a_request_is_not_sent() -> None:
    async def main() -> Answer | Failed:
        async with Downloader(contact="", allow_private=True) as downloader:
            url = f"http://127.0.0.1:{port}/"
            return await downloader.get(Request(url=url, headers={"If-None-Match": '"x"\r\nX-More: 1'}))

    with saying([PLAIN]) as (port, asked):
        answer = asyncio.run(main())
    assert isinstance(answer, Failed)
    assert (answer.outcome, asked) == (Outcome.BAD_URL, [])


def test_a_request_that_is_cancelled_while_it_connects_leaves_nothing_in_the_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever has the number of its socket next can be asked."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(CERTIFICATE)

    async def main(secure: int, plain: int) -> list[Answer | Failed]:
        answers = []
        async with Downloader(contact="", allow_private=True, limits=QUICK) as downloader:
            for steps in range(40):
                task = asyncio.create_task(downloader.get(Request(url=f"https://localhost:{secure}/")))
                for _ in range(steps):
                    await asyncio.sleep(0.0005)
                task.cancel()
                await asyncio.wait([task])
                answers.append(await downloader.get(Request(url=f"http://127.0.0.1:{plain}/")))
        return answers

    with saying([PLAIN] * 100, tls) as (secure, _), saying([PLAIN] * 100) as (plain, _):
        answers = asyncio.run(main(secure, plain))
    assert [each.outcome for each in answers] == [Outcome.OK] * 40


def test_an_address_is_no_name_to_ask_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    tls, asked_by = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), list[str | None]()
    tls.load_cert_chain(CERTIFICATE)
    tls.set_servername_callback(lambda _, name, __: asked_by.append(name))
    for url, address in (
        ("https://localhost", "127.0.0.1"),
        ("https://127.0.0.1", "127.0.0.1"),
        ("https://[::1]", "::1"),
    ):
        with saying([PLAIN], tls, address) as (port, _):
            asked_for(f"{url}:{port}/")
    assert asked_by == ["localhost", None, None]


@pytest.mark.parametrize("rest", [b"\r\nhi", b"Content-Length: 99\r\n\r\nhi", b"Content-Length: 99\r\n\r\n"])
def test_a_host_that_ends_a_connection_with_tls_has_answered_so_far(
    rest: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(CERTIFICATE)
    with saying([HEAD + rest + b"FIN"], tls) as (port, _):
        (answer,) = asked_for(f"https://localhost:{port}/")
    came = (answer.body, answer.truncated) if isinstance(answer, Answer) else answer.outcome
    assert came == ((b"hi", b"99" in rest) if rest.endswith(b"hi") else Outcome.BROKEN_BODY)


def test_a_host_must_show_a_certificate_of_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(CERTIFICATE)

    def answer(name: str) -> Answer | Failed:
        with saying([PLAIN], tls) as (port, _):
            (came,) = asked_for(f"https://{name}:{port}/")
        return came

    unknown = answer("localhost")
    assert isinstance(unknown, Failed)
    assert unknown.outcome is Outcome.TLS_FAILED
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    known, other = answer("localhost"), answer("127.0.0.1")
    assert isinstance(known, Answer)
    assert known.body == b"hi"
    assert isinstance(other, Failed)
    assert other.outcome is Outcome.TLS_FAILED
