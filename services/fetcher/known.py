"""What is known of a partition's URLs, in few bytes each, and whether a link is worth a fetch."""

import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from services.contracts import FetchState, FoundUrl
from services.fetcher.outcomes import SETTLED, TRY_AGAIN, Outcome
from services.urls import BadUrl, host_of, url_hash

MOST = 500_000  # URLs of one partition; the ones first heard of are forgotten first, and fetched again if found again
HASH_BYTES = 16
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
PACKED = struct.Struct(f"<Bq{HASH_BYTES}s")
OUTCOMES = tuple(Outcome)
NO_BODY = bytes(HASH_BYTES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What became of a URL. `body`: the first 32 hexadecimal digits of the body's SHA-256, None if there was none."""

    outcome: Outcome
    fetched_at: datetime
    body: str | None = None


@dataclass
class KnownUrls:
    """URL hash to Known, and when each host was last asked. About 170 bytes a URL; `most` bounds them."""

    most: int = MOST
    last_asked: dict[str, datetime] = field(default_factory=dict)
    _packed: dict[bytes, bytes] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._packed)

    def get(self, url: str) -> Known | None:
        """What is known of a normalised URL."""
        packed = self._packed.get(_short(url))
        if packed is None:
            return None
        number, since, body = PACKED.unpack(packed)
        return Known(
            outcome=OUTCOMES[number],
            fetched_at=EPOCH + since * MICROSECOND,
            body=None if body == NO_BODY else body.hex(),
        )

    def put(self, state: FetchState) -> None:
        """Learns what became of a URL. States of an outcome that this version does not know are passed over."""
        if state.outcome not in OUTCOMES:
            return
        body = bytes.fromhex(state.body_sha256)[:HASH_BYTES] if state.body_sha256 else NO_BODY
        since = (state.fetched_at - EPOCH) // MICROSECOND
        key = _short(state.url)
        self._packed.pop(key, None)
        self._packed[key] = PACKED.pack(OUTCOMES.index(Outcome(state.outcome)), since, body)
        if len(self._packed) > self.most:
            del self._packed[next(iter(self._packed))]
        with suppress(BadUrl):
            host = host_of(state.url)
            self.last_asked[host] = max(state.fetched_at, self.last_asked.get(host, state.fetched_at))

    def asked_since(self, instant: datetime) -> Iterator[tuple[str, datetime]]:
        """The hosts asked after `instant`, and when last."""
        return ((host, at) for host, at in self.last_asked.items() if at > instant)


def is_due(known: Known | None, found: FoundUrl, *, now: datetime) -> bool:
    """Whether a link is to be fetched: if nothing is known of it, if it failed long enough ago, or if a user asks.

    A link without a source comes from a user, who wants it fetched whatever is known.
    """
    if known is None or found.source_id is None:
        return True
    if known.outcome in SETTLED or known.outcome not in TRY_AGAIN:
        return False
    return (now - known.fetched_at).total_seconds() >= TRY_AGAIN[known.outcome]


def is_same_body(known: Known | None, body_sha256: str) -> bool:
    """Whether the body is the one of the fetch before."""
    return known is not None and known.body == body_sha256[: 2 * HASH_BYTES]


def _short(url: str) -> bytes:
    return bytes.fromhex(url_hash(url))[:HASH_BYTES]
