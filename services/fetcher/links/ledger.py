"""What is remembered of one partition's sites: URLs known, links waiting, hosts' wishes, sources' polls."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from services import contracts, topics
from services.contracts import BrokenContract, FetchState, HostState
from services.fetcher.links.known import HASH_BYTES, KnownUrls
from services.fetcher.links.waiting import Waiting
from services.stage import Message, Record
from services.urls import url_hash

TOLD_BY = (topics.FETCH_STATE, topics.SOURCE_STATES)


@dataclass
class Ledger:
    """The states of a partition, by what they are for. `polls` by source id, `hosts` by the URL of their robots.txt.

    `read_to`: for each of TOLD_BY, the offset of its first record that has not been read.
    """

    known: KnownUrls = field(default_factory=KnownUrls)
    waiting: Waiting = field(default_factory=Waiting)
    hosts: dict[str, HostState] = field(default_factory=dict)
    polls: dict[str, FetchState] = field(default_factory=dict)
    read_to: Counter[str] = field(default_factory=Counter)

    def learn(self, message: Message) -> None:
        """Enters a record of one of the topics. One that does not decode is passed over."""
        self.read_to[message.topic] = message.offset + 1
        if message.value is None:
            return
        with suppress(BrokenContract):
            self.put(contracts.decode(message.value, FetchState), message)

    def put(self, state: FetchState, record: Message | Record) -> None:
        """Enters the state that a record holds, the later one of a URL after the earlier."""
        if state.host is not None:
            self.hosts[state.url] = state.host
        elif state.poll is not None:
            self.polls[state.poll.source_id] = state
        else:
            key = _key_in(record) or key_of(state.url)
            self.known.put(key, state)
            self.waiting.put(key, state, record.value)


def key_of(url: str) -> bytes:
    """The key of a normalised URL: the first half of its SHA-256."""
    return bytes.fromhex(url_hash(url))[:HASH_BYTES]


def _key_in(record: Message | Record) -> bytes | None:
    """The URL's key as the record's own key has it, which saves the hashing."""
    digest = (record.key or b"").rpartition(b"|")[2]
    try:
        return bytes.fromhex(digest.decode("ascii"))[:HASH_BYTES] if len(digest) == 64 else None  # noqa: PLR2004
    except ValueError:
        return None
