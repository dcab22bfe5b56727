"""Content-Encoding: what was packed comes out whole, and no bomb does."""

import gzip
import time
import zlib
from contextlib import suppress

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from services.fetcher.wire.decoding import MOST_MEMBERS, UNPACKERS, Bomb, BrokenBody, decode

PACKERS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}
MOST = 200


@settings(deadline=None)
@given(st.binary(max_size=MOST), st.lists(st.sampled_from(sorted(PACKERS)), max_size=3))
def test_what_was_packed_comes_out_whole(body: bytes, codings: list[str]) -> None:
    packed = body
    for coding in codings:
        packed = PACKERS[coding](packed)
    decoded = decode(packed, ", ".join(codings), most=MOST)
    assert (decoded.body, decoded.whole) == (body, True)


@settings(deadline=None)
@given(st.binary(max_size=2 * MOST), st.sampled_from(sorted(PACKERS)))
def test_no_more_comes_out_than_one_byte_over_what_was_allowed(body: bytes, coding: str) -> None:
    assert decode(PACKERS[coding](body), coding, most=MOST).body == body[: MOST + 1]


@settings(deadline=None)
@given(st.binary(min_size=20, max_size=MOST), st.sampled_from(sorted(PACKERS)), st.floats(0.05, 0.95))
def test_what_breaks_off_is_a_beginning_and_says_so(body: bytes, coding: str, kept: float) -> None:
    packed = PACKERS[coding](body)
    decoded = decode(packed[: max(1, int(len(packed) * kept))], coding, most=MOST)
    assert body.startswith(decoded.body)
    assert not decoded.whole


@settings(deadline=None)
@given(st.binary(max_size=300), st.lists(st.sampled_from([*UNPACKERS, "identity", "", "x"]), max_size=4))
def test_no_bytes_raise_anything_but_what_is_said(body: bytes, codings: list[str]) -> None:
    for beginning in (b"", *(pack(b"words" * 9)[:12] for pack in PACKERS.values())):
        with suppress(BrokenBody, Bomb):
            decode(beginning + body, ",".join(codings), most=MOST)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_of_members_there_may_be_many_but_not_without_end(coding: str) -> None:
    empty, full = (PACKERS[coding](body) for body in (b"", b"words"))
    assert decode(empty * (MOST_MEMBERS - 1) + full, coding, most=MOST).body == b"words"
    started = time.process_time()
    with pytest.raises(BrokenBody):
        decode(empty * (1_000_000 // len(empty)), coding, most=MOST)
    assert time.process_time() - started < 2


def test_a_bomb_in_a_bomb_is_one() -> None:
    inner = gzip.compress(bytes(20_000_000), 9)
    with pytest.raises(Bomb):
        decode(gzip.compress(inner), "gzip, gzip", most=5_000_000)
