"""Web archives: their pages as they were fetched then."""

import gzip
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from services import envelope
from services.fetcher import warc
from services.fetcher.links.results import Result
from services.fetcher.warc import BrokenArchive
from services.fetcher.wire.outcomes import Outcome

PAGE = b"<!doctype html><title>Dam</title><p>The dam broke.</p>"
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nETag: x\r\n"


def record(block: bytes, *, kind: str = "response", uri: str = "http://a.example/1", more: str = "") -> bytes:
    fields = f"WARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2026-11-14T10:00:00Z\r\n{more}"
    return f"WARC/1.0\r\n{fields}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def response(body: bytes = PAGE, headers: bytes = b"") -> bytes:
    return HTTP + headers + b"\r\n" + body


def read(folder: Path, archive: bytes, name: str = "x.warc") -> list[Result]:
    file = folder / name
    file.write_bytes(archive)
    return list(warc.pages(file))


def bodies(results: list[Result]) -> list[bytes | None]:
    return [result.page.value for result in results if result.page is not None]


def test_a_page_of_an_archive_is_a_page_as_it_was_fetched_then(tmp_path: Path) -> None:
    (result,) = read(tmp_path, record(b"x", kind="warcinfo") + record(b"GET", kind="request") + record(response()))
    assert result.page is not None
    meta = envelope.page_meta(envelope.message_of(result.page))
    assert (result.page.value, result.page.place) == (PAGE, "a.example")
    assert (meta.url, meta.fetched_at.isoformat()) == ("http://a.example/1", "2026-11-14T10:00:00+00:00")
    assert (meta.status, meta.http["etag"], meta.charset_declared) == (200, "x", "utf-8")
    assert meta.source is not None
    assert (meta.source.id, meta.source.kind) == ("x.warc", "file")


def members(pack: Callable[[bytes], bytes]) -> bytes:
    return b"".join(pack(record(response(PAGE + b"%d" % number))) for number in range(300))


@pytest.mark.parametrize("archive", [members(bytes), members(gzip.compress), members(zstandard.compress)])
def test_archives_may_be_packed_a_record_at_a_time(tmp_path: Path, archive: bytes) -> None:
    assert bodies(read(tmp_path, archive)) == [PAGE + b"%d" % number for number in range(300)]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(PAGE, mtime=0), b"Content-Encoding: gzip\r\n"),
        (brotli.compress(PAGE), b"Content-Encoding: br\r\n"),
        (PAGE, b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"),
        (b"a;x=1\r\n%b\r\n2c\r\n%b\r\n0\r\n\r\n" % (PAGE[:10], PAGE[10:]), b"Transfer-Encoding: chunked\r\n"),
        (PAGE, b"X-Long: one\r\n two\r\n"),
    ],
)
def test_the_codings_of_the_wire_are_taken_off_if_they_are_there(tmp_path: Path, body: bytes, headers: bytes) -> None:
    assert len(PAGE) == 0x0A + 0x2C
    assert bodies(read(tmp_path, record(response(body, headers)))) == [PAGE]


def test_what_is_no_page_is_an_outcome(tmp_path: Path) -> None:
    archive = (
        record(b"HTTP/1.1 404 Not Found\r\n\r\ngone")
        + record(response(b"\xff\xd8\x00").replace(b"text/html; charset=utf-8", b"image/jpeg"))
        + record(response(), uri="dns:a.example")
        + record(response(b"x" * 6_000_000))
        + record(b"no HTTP")
        + record(response(PAGE, b"X-Robots-Tag: noai\r\n"))
        + record(b"Plain words.", kind="resource", more="Content-Type: text/plain\r\n")
    )
    (tmp_path / "y.warc").write_bytes(archive)
    (batch,) = warc.batches(tmp_path / "y.warc", honour=True)
    assert [result.outcome for result in batch] == [
        Outcome.HTTP_4XX, Outcome.NOT_TEXT, Outcome.BAD_URL, Outcome.TOO_LARGE, Outcome.BROKEN_BODY,
        Outcome.RIGHTS_RESERVED, Outcome.OK,
    ]  # fmt: skip
    assert bodies(batch) == [b"Plain words."]


def test_a_page_that_its_crawler_cut_is_marked(tmp_path: Path) -> None:
    (result,) = read(tmp_path, record(response(), more="WARC-Truncated: length\r\n"))
    assert result.page is not None
    assert envelope.page_meta(envelope.message_of(result.page)).truncated


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_an_archive_that_breaks_off_gives_what_stands_before(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    file = tmp_path / "x.warc.gz"
    file.write_bytes(pack(record(response())) + pack(record(response(PAGE * 50)))[:-30])
    results = warc.pages(file)
    assert next(results).outcome is Outcome.OK
    with pytest.raises(BrokenArchive):
        list(results)


def test_names_of_archives_are_known() -> None:
    named = [Path(name) for name in ("a.warc", "b.c.warc.gz", "CC-NEWS-2026.warc.zst", "warc.html", "page.html")]
    assert [warc.is_archive(file) for file in named] == [True, True, True, False, False]


PIECES = st.sampled_from(
    [b"WARC/1.0\r\n", b"\r\n", b"Content-Length: 5\r\n", b"WARC-Type: response\r\n", b"HTTP/1.1 200\n",
     b"Content-Length: -1\r\n", b"WARC-Target-URI: http://h/\r\n", b": \r\n", b"0\r\n"]
)  # fmt: skip


@settings(deadline=None)  # it writes files
@given(st.lists(PIECES | st.binary(max_size=9), max_size=20))
def test_no_bytes_raise_anything_but_broken_archive(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes]
) -> None:
    with suppress(BrokenArchive):
        read(tmp_path_factory.getbasetemp(), b"".join(parts))
