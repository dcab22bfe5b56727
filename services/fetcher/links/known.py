"""What is known of many URLs in few bytes each: a hash table over arrays of records."""

import struct
from array import array
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.contracts import FetchState
from services.fetcher.wire.outcomes import Outcome

MOST = 500_000  # URLs of one partition; the half first heard of is forgotten first, and fetched again if found again
CHUNK = 4096  # records that are made room for at a time
HASH_BYTES = 16
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
RECORD = struct.Struct(f"<{HASH_BYTES}sBqq32s")
OUTCOMES = tuple(Outcome)
NUMBERS = {outcome.value: number for number, outcome in enumerate(OUTCOMES)}
NEVER = -1
NO_BODY = bytes(32)
FIRST_SLOTS = 64
EMPTY = 0xFFFFFFFF


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What became of a URL. `revision`: fetch time of the body that was published last.

    `digest`: SHA-256 of what its readers see; of its bytes in states that were written before that was looked at.
    """

    outcome: Outcome
    fetched_at: datetime
    revision: datetime | None = None
    digest: str | None = None


class KnownUrls:
    """URL key to Known, about 75 bytes a URL.

    `_chunks` hold a record of 65 bytes a URL in the order in which they were first heard of: arrays of fixed size, for
    one that grows leaves holes in the heap that cost more than itself. `_slots` has the numbers of the records at the
    places that the keys hash to (open addressing, linear probing, at most two thirds full).
    """

    def __init__(self, most: int = MOST, chunk: int = CHUNK) -> None:
        self._most = most
        self._chunk = chunk
        self._chunks: list[bytearray] = []
        self._count = 0
        self._slots = array("I", [EMPTY]) * FIRST_SLOTS

    def __len__(self) -> int:
        return self._count

    def get(self, key: bytes) -> Known | None:
        """What is known of the URL with this key."""
        number = self._slots[self._slot(key)]
        if number == EMPTY:
            return None
        _, outcome, fetched_at, revision, body = RECORD.unpack_from(*self._place(number))
        return Known(
            outcome=OUTCOMES[outcome],
            fetched_at=EPOCH + fetched_at * MICROSECOND,
            revision=None if revision == NEVER else EPOCH + revision * MICROSECOND,
            digest=None if body == NO_BODY else body.hex(),
        )

    def put(self, key: bytes, state: FetchState) -> None:
        """Learns what became of a URL. States of an outcome that this version does not know are passed over."""
        outcome = NUMBERS.get(state.outcome)
        if outcome is None:
            return
        digest = state.text_sha256 or state.body_sha256
        body = bytes.fromhex(digest) if digest else NO_BODY
        revision = NEVER if state.revision is None else _microseconds(state.revision)
        number = self._number(key)
        RECORD.pack_into(*self._place(number), key, outcome, _microseconds(state.fetched_at), revision, body)
        if number + 1 == self._count:
            self._make_room()

    def _number(self, key: bytes) -> int:
        """The number of the key's record: a new one if it has none."""
        slot = self._slot(key)
        if self._slots[slot] == EMPTY:
            if self._count % self._chunk == 0:
                self._chunks.append(bytearray(self._chunk * RECORD.size))
            self._slots[slot] = self._count
            self._count += 1
        return self._slots[slot]

    def _place(self, number: int) -> tuple[bytearray, int]:
        return self._chunks[number // self._chunk], number % self._chunk * RECORD.size

    def _slot(self, key: bytes) -> int:
        """Where the key's number stands, or would."""
        last = len(self._slots) - 1
        slot = int.from_bytes(key[:8]) & last
        while (number := self._slots[slot]) != EMPTY:
            chunk, start = self._place(number)
            if chunk.startswith(key, start):
                break
            slot = (slot + 1) & last
        return slot

    def _make_room(self) -> None:
        if self._count > self._most:
            gone = len(self._chunks) // 2
            del self._chunks[:gone]
            self._count -= gone * self._chunk
            self._number_anew(len(self._slots))
        elif 3 * self._count > 2 * len(self._slots):
            self._number_anew(2 * len(self._slots))

    def _number_anew(self, slots: int) -> None:
        self._slots = array("I", [EMPTY]) * slots
        for number in range(self._count):
            chunk, start = self._place(number)
            self._slots[self._slot(bytes(chunk[start : start + HASH_BYTES]))] = number


def _microseconds(instant: datetime) -> int:
    return (instant - EPOCH) // MICROSECOND
