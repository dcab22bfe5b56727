"""Content-Encoding taken off a body: gzip, deflate, br and zstd, never more than was allowed."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import brotli
import zstandard

ACCEPTED = "gzip, deflate, br, zstd"  # for Accept-Encoding
MOST_CODINGS = 3
MOST_MEMBERS = 256  # of a gzip file, or frames of zstd: each costs a look at all that follows
LARGEST_ZSTD_WINDOW = 8 * 1024 * 1024  # bytes (RFC 9659)
# HTML packs 5 to 30 times; what packs better than this, and is no small file, is a bomb.
HIGHEST_RATIO = 200
SMALL = 1024 * 1024
FINISHED_ZLIB_HEADER = 31  # divides the first two bytes of a zlib stream (RFC 1950, 2.2)


class BrokenBody(ValueError):
    """A body that is not what its Content-Encoding says."""


class Bomb(ValueError):
    """A body that unpacks to suspiciously much."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoded:
    """`body`: at most one byte more than was allowed; `whole`: whether the packed stream ended as it should."""

    body: bytes
    whole: bool = True


def decode(body: bytes, encoding: str, *, most: int) -> Decoded:
    """The body without the codings that Content-Encoding names, the last one first (RFC 9110, 8.4).

    Stops one byte after `most`. Codings that nobody knows are passed over, as browsers do. Raises BrokenBody and Bomb.
    """
    codings = [coding.strip().lower() for coding in encoding.split(",")]
    unpackers = [UNPACKERS[coding] for coding in reversed(codings) if coding in UNPACKERS]
    if len(unpackers) > MOST_CODINGS:
        raise BrokenBody(f"{len(unpackers)} codings, one in another")
    came, whole = len(body), True
    for unpack in unpackers:
        if not body:
            break
        try:
            decoded = unpack(body, most + 1)
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            raise BrokenBody(f"{type(error).__name__}: {error}") from error
        if len(decoded.body) > max(SMALL, HIGHEST_RATIO * came):
            raise Bomb(f"unpacks to more than {HIGHEST_RATIO} times its {came} bytes")
        body, whole = decoded.body, whole and (decoded.whole or len(decoded.body) > most)
    return Decoded(body=body, whole=whole)


def _gzip(body: bytes, limit: int) -> Decoded:
    """All members of a gzip file (RFC 1952, 2.2); what follows the last one is passed over: zeros often do."""
    parts, size, rest = [], 0, body
    for _ in range(MOST_MEMBERS):
        member = zlib.decompressobj(16 + zlib.MAX_WBITS)
        parts.append(member.decompress(rest, limit - size))
        size += len(parts[-1])
        rest = member.unused_data
        if size >= limit or not rest.startswith(b"\x1f\x8b"):
            return Decoded(body=b"".join(parts), whole=member.eof)
    raise BrokenBody(f"more than {MOST_MEMBERS} members")


def _deflate(body: bytes, limit: int) -> Decoded:
    """With zlib's header as the standard has it, or without as some servers do."""
    has_header = body[0] & 0x0F == zlib.DEFLATED and int.from_bytes(body[:2], "big") % FINISHED_ZLIB_HEADER == 0
    stream = zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)
    return Decoded(body=stream.decompress(body, limit), whole=stream.eof)


def _brotli(body: bytes, limit: int) -> Decoded:
    stream = brotli.Decompressor()
    parts, size = [stream.process(body, output_buffer_limit=limit)], 0
    while parts[-1] and (size := size + len(parts[-1])) < limit and not stream.can_accept_more_data():
        parts.append(stream.process(b"", output_buffer_limit=limit - size))
    return Decoded(body=b"".join(parts)[:limit], whole=stream.is_finished())


def _zstd(body: bytes, limit: int) -> Decoded:
    """All frames. The reader says nothing of a frame that breaks off, so the last one's end is looked for apart."""
    unpacker = zstandard.ZstdDecompressor(max_window_size=LARGEST_ZSTD_WINDOW)
    with unpacker.stream_reader(BytesIO(body), read_across_frames=True) as reader:
        plain = reader.read(limit)
    return Decoded(body=plain, whole=len(plain) >= limit or _ends_with_a_frame(unpacker, body))


def _ends_with_a_frame(unpacker: zstandard.ZstdDecompressor, body: bytes) -> bool:
    for _ in range(MOST_MEMBERS):
        frame = unpacker.decompressobj()
        frame.decompress(body)
        body = frame.unused_data
        if not frame.eof or not body:
            return frame.eof
    raise BrokenBody(f"more than {MOST_MEMBERS} frames")


UNPACKERS: dict[str, Callable[[bytes, int], Decoded]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
