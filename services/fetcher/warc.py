"""Web archives (WARC, ISO 28500; plain, .gz or .zst): pages that somebody fetched before, Common Crawl's news say."""

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import zstandard
from multidict import CIMultiDict, CIMultiDictProxy

from services import topics
from services.contracts import FetchState, FoundUrl
from services.fetcher.links.records import traceparent
from services.fetcher.links.results import Result, result_of, withheld
from services.fetcher.manners.robots import EVERYTHING_ALLOWED
from services.fetcher.manners.visit import Fetched
from services.fetcher.wire.decoding import Bomb, BrokenBody, Decoded, decode
from services.fetcher.wire.outcomes import Outcome
from services.urls import BadUrl, normalise

if TYPE_CHECKING:
    from typing_extensions import Buffer

LARGEST = topics.PAGE_BYTES + 256 * 1024  # bytes of a record that is kept: a page and its headers
LONGEST_LINE = 64 * 1024
MOST_LINES = 1000  # of a header
PAGES = frozenset({"response", "resource", "conversion"})  # WARC-Types; the last one is text made of a page
CHUNK = 1024 * 1024
SLICE = 1024  # bytes of zstd, which unpack to 32 MiB at most
BATCH, BATCH_BYTES = 500, 32 * 1024 * 1024
MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
STATUS = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})\b")
END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
CHUNK_SIZE = re.compile(rb"\s*([0-9A-Fa-f]{1,8})[^\r\n]*\r?\n")
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)


class BrokenArchive(ValueError):
    """Bytes that are no WARC file, from here on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Archived:
    """One record: its named fields and its block, None if that is larger than any page."""

    fields: CIMultiDict[str]
    block: bytes | None


def is_archive(file: Path) -> bool:
    """Whether the file's name is that of a web archive."""
    return any(suffix == ".warc" for suffix in file.suffixes[-2:])


def pages(file: Path) -> Iterator[Result]:
    """What became of each response in the archive: the record to publish, or why there is none.

    Raises OSError, and BrokenArchive where the archive breaks off; what stands before the break has come by then.
    """
    with file.open("rb") as packed:
        for archived in records(_unpacked(packed)):
            if archived.fields.get("WARC-Type") in PAGES:
                yield _result(archived, file.name)


def batches(file: Path, *, honour: bool) -> Iterator[list[Result]]:
    """The same, as many at a time as are well published at once. `honour`: without the pages that reserve mining."""
    batch: list[Result] = []
    size = 0
    try:
        for result in pages(file):
            kept = withheld(result) if honour else result
            batch.append(kept)
            size += len(kept.page.value or b"") if kept.page is not None else 0
            if size >= BATCH_BYTES or len(batch) >= BATCH:
                yield batch
                batch, size = [], 0
    except (OSError, BrokenArchive):
        yield batch
        raise
    yield batch


def records(stream: IO[bytes]) -> Iterator[Archived]:
    """The records of an unpacked archive. Raises BrokenArchive.

    After a record that is longer than it says the next one is looked for, a page's length far.
    """
    started, passed = False, 0
    try:
        while (line := _first_line(stream)) is not None:
            if not line.startswith(b"WARC/"):
                passed += len(line)
                if not started or passed > LARGEST:
                    raise BrokenArchive(f"no WARC record: {line[:40]!r}")
                continue
            started, passed = True, 0
            fields = _fields(iter(lambda: stream.readline(LONGEST_LINE).rstrip(b"\r\n"), b""))
            yield Archived(fields=fields, block=_block(stream, fields))
    except (EOFError, OSError, zlib.error, zstandard.ZstdError) as error:
        raise BrokenArchive(f"it does not unpack: {error}") from error


def _unpacked(packed: BufferedReader) -> IO[bytes]:
    """The stream unpacked, by what its first bytes are."""
    kind = next((kind for magic, kind in MAGIC.items() if packed.peek(4).startswith(magic)), None)
    if kind == "gzip":
        return cast("IO[bytes]", gzip.open(packed))
    if kind == "zstd":
        return BufferedReader(_Frames(packed), CHUNK)
    return packed


class _Frames(RawIOBase):
    """A file of zstd frames unpacked. The library's own reader is silent about a last frame that breaks off."""

    def __init__(self, packed: IO[bytes]) -> None:
        self._packed = packed
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._plain = memoryview(b"")

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: "Buffer") -> int:
        """Fills the buffer with what is there, and says how far. Raises EOFError if the last frame breaks off."""
        while not self._plain and (piece := self._packed.read(SLICE)):
            self._plain = memoryview(b"".join(self._unpacked(piece)))
        if not self._plain and self._frame is not None:
            raise EOFError("a frame of zstd breaks off")
        view = memoryview(buffer)
        size = min(len(view), len(self._plain))
        view[:size], self._plain = self._plain[:size], self._plain[size:]
        return size

    def _unpacked(self, piece: bytes) -> Iterator[bytes]:
        while piece:
            frame = self._frame or zstandard.ZstdDecompressor().decompressobj()
            yield frame.decompress(piece)
            self._frame, piece = (None, frame.unused_data) if frame.eof else (frame, b"")


def _first_line(stream: IO[bytes]) -> bytes | None:
    """The next line that is not empty; None at the end."""
    while line := stream.readline(LONGEST_LINE):
        if line.strip():
            return line
    return None


def _fields(lines: Iterator[bytes]) -> CIMultiDict[str]:
    """Named fields, of WARC or HTTP. A line that begins with white space goes on with the last one."""
    fields = CIMultiDict[str]()
    name = ""
    for number, line in enumerate(lines):
        text = line.decode("utf-8", "surrogateescape")
        if number > MOST_LINES:
            raise BrokenArchive("a header without end")
        if line[:1] in b" \t" and name:
            fields[name] = f"{fields[name]} {text.strip()}"
        else:
            name, _, value = (part.strip() for part in text.partition(":"))
            fields.add(name, value)
    return fields


def _block(stream: IO[bytes], fields: CIMultiDict[str]) -> bytes | None:
    try:
        size = int(fields.get("Content-Length", ""))
    except ValueError:
        raise BrokenArchive("a record without its length") from None
    if size <= LARGEST:
        block = stream.read(max(size, 0))
        if len(block) < size:
            raise BrokenArchive("it breaks off in a record")
        return block
    while size > 0 and (skipped := stream.read(min(size, CHUNK))):
        size -= len(skipped)
    return None


def _result(archived: Archived, name: str) -> Result:
    at = _date(archived.fields.get("WARC-Date", ""))
    if archived.block is None:
        return Result(outcome=Outcome.TOO_LARGE, at=at, detail=f"over {LARGEST} bytes")
    try:
        url = normalise(archived.fields.get("WARC-Target-URI", "").strip("<>"))
        found = FoundUrl(url=url, source_id=name, source_kind="file")
        # nobody can try again what broke off when it was archived
        state = FetchState(url=url, outcome=Outcome.WAITING, fetched_at=at, tries=1, found=found)
        answer = _fetched(archived, archived.block, url, at)
        return result_of(answer, state, lambda _: None, traceparent=traceparent())
    except BadUrl as error:
        return Result(outcome=Outcome.BAD_URL, at=at, detail=str(error))
    except (BrokenArchive, BrokenBody) as error:
        return Result(outcome=Outcome.BROKEN_BODY, at=at, detail=str(error))
    except Bomb as error:
        return Result(outcome=Outcome.TOO_LARGE, at=at, detail=str(error))


def _fetched(archived: Archived, block: bytes, url: str, at: datetime) -> Fetched:
    """The record as if it had come from the web now. Raises BrokenArchive, BrokenBody and Bomb."""
    status, headers, body = 200, CIMultiDict({"Content-Type": archived.fields.get("Content-Type", "")}), block
    if archived.fields.get("WARC-Type") == "response":
        status, headers, body = _http(block)
    decoded = _decoded(body, headers)
    if len(decoded.body) > topics.PAGE_BYTES:
        raise Bomb(f"over {topics.PAGE_BYTES} bytes")
    return Fetched(
        url=url,
        final_url=url,
        redirects=(),
        status=status,
        headers=CIMultiDictProxy(headers),
        body=decoded.body,
        fetched_at=at,
        rules=EVERYTHING_ALLOWED,
        truncated="WARC-Truncated" in archived.fields or not decoded.whole,
    )


def _http(block: bytes) -> tuple[int, CIMultiDict[str], bytes]:
    """Status, headers and body of an HTTP response, as they came over the wire."""
    status = STATUS.match(block)
    end = END_OF_HEADERS.search(block)
    if status is None or end is None:
        raise BrokenArchive("a response that is none of HTTP's")
    _, *lines = block[: end.start()].splitlines()
    return int(status.group(1)), _fields(iter(lines)), block[end.end() :]


def _decoded(body: bytes, headers: CIMultiDict[str]) -> Decoded:
    """The body without its codings. Crawlers that store it decoded often keep the headers that speak of codings."""
    if "chunked" in headers.get("Transfer-Encoding", "").lower():
        body = _unchunked(body)
    try:
        return decode(body, headers.get("Content-Encoding", ""), most=topics.PAGE_BYTES)
    except BrokenBody:
        return Decoded(body=body)


def _unchunked(body: bytes) -> bytes:
    """The body without the framing of chunks (RFC 9112, 7.1); as it is, if it has none."""
    parts, at = [], 0
    while (size := CHUNK_SIZE.match(body, at)) is not None:
        length = int(size.group(1), 16)
        parts.append(body[size.end() : size.end() + length])
        at = size.end() + length
        if length == 0:
            return b"".join(parts)
    return body


def _date(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return NO_DATE
    return read if read.tzinfo else read.replace(tzinfo=UTC)
