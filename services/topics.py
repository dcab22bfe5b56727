"""The topics in travel order: name, key, contract, sizes, retention. One table sets topics, producers, consumers."""

from dataclasses import dataclass
from typing import Literal

from services import contracts

MIB = 1024 * 1024
DAY = 24 * 3600

# What a value may weigh, in bytes. Each stage's output is allowed more than its input, and a dead letter more than all:
# it is the source's record plus the headers that say what went wrong, and one that does not fit would be a crash loop.
PAGE_BYTES = 5 * MIB
ARTICLE_BYTES = 6 * MIB
ENVELOPE_BYTES = MIB // 4  # key, headers and Kafka's own framing
DEAD_BYTES = 7 * MIB
SEGMENT_BYTES = 16 * MIB  # of a compacted topic: Kafka compacts closed segments only, and by default one is a gigabyte
# Brokers weigh a batch as it was compressed, clients a record before: what came in small may be large when it goes out.
CLIENT_BYTES = 64 * MIB

Cleanup = Literal["delete", "compact", "compact,delete"]


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A topic of Dateline.

    `key` says in words what the key is; `contract` is None where the value is no JSON (the page itself); `retention` in
    seconds, None where compaction alone decides; `value_bytes` is the largest value allowed; `reread`: whoever starts
    reads it whole, so that the part which is not yet compacted must stay small. Topics that are `partitioned` share the
    number of partitions, and `broker.partition_for(site)` places their records.
    """

    name: str
    key: str
    contract: type | None
    cleanup: Cleanup
    retention: int | None
    value_bytes: int = MIB
    partitioned: bool = True
    reread: bool = False

    @property
    def record_bytes(self) -> int:
        """The topic's `max.message.bytes`."""
        return self.value_bytes + ENVELOPE_BYTES

    @property
    def dead(self) -> "Topic":
        """Where records of this topic go that cannot be processed."""
        return Topic(
            name=f"{self.name}.dead",
            key=self.key,
            contract=self.contract,
            cleanup="delete",
            retention=30 * DAY,
            value_bytes=DEAD_BYTES,
        )


SOURCES = Topic(
    name="news.sources.v1",
    key="source id",
    contract=contracts.Source,
    cleanup="compact",
    retention=None,
    reread=True,
    partitioned=False,
)
SOURCE_STATES = Topic(
    name="news.source-states.v1",
    key="source id",
    contract=contracts.FetchState,
    cleanup="compact,delete",
    retention=90 * DAY,  # of a source that was not read, for it was removed or paused
    reread=True,
)
URLS = Topic(name="news.urls.v1", key="site", contract=contracts.FoundUrl, cleanup="delete", retention=7 * DAY)
FETCH_STATE = Topic(
    name="news.fetch-state.v1",
    key="site|URL hash",
    contract=contracts.FetchState,
    cleanup="compact,delete",
    retention=90 * DAY,  # of what was not written anew: a page of that age is found again by nobody, or is news again
    reread=True,
)
PAGES = Topic(
    name="news.pages.v1", key="site", contract=None, cleanup="delete", retention=7 * DAY, value_bytes=PAGE_BYTES
)
ARTICLES = Topic(
    name="news.articles.v1",
    key="article id",
    contract=contracts.Article,
    cleanup="delete",
    retention=30 * DAY,
    value_bytes=ARTICLE_BYTES,
)
EVENTS = Topic(
    name="news.events.v1", key="event id", contract=contracts.Event, cleanup="compact,delete", retention=30 * DAY
)
EVENT_SETS = Topic(
    name="news.event-sets.v1",
    key="article id",
    contract=contracts.EventSet,
    cleanup="compact",
    retention=None,
    reread=True,
)
SITES = Topic(
    name="news.sites.v1", key="site", contract=contracts.SiteMemory, cleanup="compact", retention=None, reread=True
)

TOPICS = (
    SOURCES,
    SOURCE_STATES,
    URLS,
    FETCH_STATE,
    PAGES,
    PAGES.dead,
    ARTICLES,
    ARTICLES.dead,
    EVENTS,
    EVENT_SETS,
    SITES,
)


def topic(name: str) -> Topic:
    """The topic of that name, with or without `news.` and `.v1` ("events" is news.events.v1). Raises KeyError."""
    for each in TOPICS:
        if name in (each.name, each.name.removeprefix("news.").replace(".v1", "")):
            return each
    short = (each.name.removeprefix("news.").replace(".v1", "") for each in TOPICS)
    raise KeyError(f"no topic {name!r}; there are {', '.join(short)}")
