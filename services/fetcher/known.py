"""What is known of many URLs in few bytes each: a hash table over one array of records."""

import struct
from array import array
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.contracts import FetchState
from services.fetcher.outcomes import Outcome

MOST = 500_000  # URLs of one partition; the half first heard of is forgotten first, and fetched again if found again
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
    """What became of a URL. `revision`: fetch time of the body that was published last, `body`: its SHA-256."""

    outcome: Outcome
    fetched_at: datetime
    revision: datetime | None = None
    body: str | None = None


class KnownUrls:
    """URL key to Known, about 75 bytes a URL.

    `_records` holds a record of 65 bytes a URL in the order in which they were first heard of, `_slots` the numbers of
    the records at the places that the keys hash to (open addressing, linear probing, at most two thirds full).
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._records = bytearray()
        self._slots = array("I", [EMPTY]) * FIRST_SLOTS

    def __len__(self) -> int:
        return len(self._records) // RECORD.size

    def get(self, key: bytes) -> Known | None:
        """What is known of the URL with this key."""
        number = self._slots[self._slot(key)]
        if number == EMPTY:
            return None
        _, outcome, fetched_at, revision, body = RECORD.unpack_from(self._records, number * RECORD.size)
        return Known(
            outcome=OUTCOMES[outcome],
            fetched_at=EPOCH + fetched_at * MICROSECOND,
            revision=None if revision == NEVER else EPOCH + revision * MICROSECOND,
            body=None if body == NO_BODY else body.hex(),
        )

    def put(self, key: bytes, state: FetchState) -> None:
        """Learns what became of a URL. States of an outcome that this version does not know are passed over."""
        outcome = NUMBERS.get(state.outcome)
        if outcome is None:
            return
        body = bytes.fromhex(state.body_sha256) if state.body_sha256 else NO_BODY
        revision = NEVER if state.revision is None else _microseconds(state.revision)
        record = RECORD.pack(key, outcome, _microseconds(state.fetched_at), revision, body)
        slot = self._slot(key)
        if self._slots[slot] == EMPTY:
            self._slots[slot] = len(self)
            self._records += record
            self._make_room()
        else:
            start = self._slots[slot] * RECORD.size
            self._records[start : start + RECORD.size] = record

    def _slot(self, key: bytes) -> int:
        """Where the key's number stands, or would."""
        last = len(self._slots) - 1
        slot = int.from_bytes(key[:8]) & last
        while (number := self._slots[slot]) != EMPTY and not self._records.startswith(key, number * RECORD.size):
            slot = (slot + 1) & last
        return slot

    def _key(self, number: int) -> bytes:
        return bytes(self._records[number * RECORD.size : number * RECORD.size + HASH_BYTES])

    def _make_room(self) -> None:
        if len(self) > self._most:
            del self._records[: len(self) // 2 * RECORD.size]
            self._number_anew(len(self._slots))
        elif 3 * len(self) > 2 * len(self._slots):
            self._number_anew(2 * len(self._slots))

    def _number_anew(self, slots: int) -> None:
        self._slots = array("I", [EMPTY]) * slots
        for number in range(len(self)):
            self._slots[self._slot(self._key(number))] = number


def _microseconds(instant: datetime) -> int:
    return (instant - EPOCH) // MICROSECOND
