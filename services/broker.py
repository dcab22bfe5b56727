"""Everything that speaks to Kafka through kafka-python: topics, publishing with checked futures, reading, following."""

import logging
import socket
import struct
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

from kafka import (
    ConsumerRebalanceListener,
    KafkaAdminClient,
    KafkaConsumer,
    KafkaProducer,
    OffsetAndMetadata,
    TopicPartition,
)
from kafka.errors import KafkaError, KafkaTimeoutError, TopicAlreadyExistsError
from kafka.partitioner.default import murmur2

from services import topics
from services.settings import Settings
from services.stage import Message, Record
from services.topics import Topic

log = logging.getLogger("dateline.broker")

SAY_EVERY = 10.0  # seconds between two words about a broker that is not there
DELIVERY = 30.0  # seconds in which a record must be delivered
QUIET = 1.0  # seconds without a record after which a follower gets None
# kafka-python raises these on first contact with an address where no broker answers.
AWAY = (KafkaError, OSError)
LOST = KafkaError  # and this on a broker that went away later
PORT = 9092  # of a bootstrap server that names none
# Kafka's greeting that any broker answers: its length, ApiVersions, version 0, correlation id 1, no client id.
API_VERSIONS = struct.pack("!ihhih", 10, 18, 0, 1, -1)
MOST_POLLED = 100  # records of a group's consumer at a time
STALLED = 30  # polls in a row that bring nothing before the end of a topic


@dataclass(frozen=True, kw_only=True)
class Sharing:
    """What is called inside `GroupConsumer.poll` when the group shares the partitions anew, also with empty sets."""

    revoked: Callable[[frozenset[int]], None]
    assigned: Callable[[frozenset[int]], None]


class Undelivered(Exception):
    """A record could not be delivered: who published it must not go on as if it had been."""


class WrongTopics(Exception):
    """The topics on the broker are not as Dateline needs them."""


@lru_cache(maxsize=10_000)
def partition_for(place: str, partitions: int) -> int:
    """The partition where Kafka's own clients put the key `place` (murmur2, as in the Java client's default)."""
    return int((murmur2(place.encode()) & 0x7FFFFFFF) % partitions)


def partitions_of(topic: Topic, settings: Settings) -> int:
    """How many partitions the topic has."""
    return settings.partitions if topic.partitioned else 1


def wait_for_broker(settings: Settings, said: Callable[[str], None]) -> None:
    """Returns once a broker answers; until then `said` is told at least each 15 seconds what is waited for."""
    started = spoken = time.monotonic()
    while True:
        try:
            _admin(settings).close()
        except AWAY as error:
            now = time.monotonic()
            if spoken == started or now - spoken >= SAY_EVERY:
                waited = f" for {now - started:.0f} s" if now - started > 1 else ""
                said(f"no Kafka at {settings.brokers}{waited}, trying on: {type(error).__name__} {error}")
                spoken = now
            time.sleep(0.5)
        else:
            return


def ends(settings: Settings, topic: Topic) -> dict[int, int]:
    """The offset of the next record of each partition."""
    consumer, parts = _reader(settings, [(topic, _all(topic, settings))])
    try:
        return {part.partition: offset for part, offset in consumer.end_offsets(parts).items()}
    finally:
        consumer.close(autocommit=False)


def ensure_topics(settings: Settings) -> list[str]:
    """Creates what is missing and returns the names of what it created.

    Raises WrongTopics where a topic exists with another number of partitions: records would land elsewhere.
    """
    admin = _admin(settings)
    try:
        missing = _missing(admin, settings)
        if not missing:
            return []
        with suppress(TopicAlreadyExistsError):  # somebody else was creating them at this very moment
            admin.create_topics({each.name: _options(each, settings) for each in missing})
        admin.wait_for_topics([each.name for each in missing])
        return [each.name for each in missing]
    finally:
        admin.close()


def missing_topics(settings: Settings) -> list[str]:
    """The names of Dateline's topics that the broker does not have. Raises WrongTopics as `ensure_topics` does."""
    admin = _admin(settings)
    try:
        return [each.name for each in _missing(admin, settings)]
    finally:
        admin.close()


def answers(settings: Settings) -> bool:
    """Whether any of the bootstrap servers answers a request: one that hangs still accepts connections."""
    for each in servers(settings):
        host, _, port = each.rpartition(":")
        with suppress(OSError), socket.create_connection((host or each, int(port) if host else PORT), 2) as link:
            link.sendall(API_VERSIONS)
            if link.recv(4):
                return True
    return False


def servers(settings: Settings) -> list[str]:
    """The bootstrap servers, one by one."""
    return [each.strip() for each in settings.brokers.split(",") if each.strip()]


def _missing(admin: KafkaAdminClient, settings: Settings) -> list[Topic]:
    existing = {each["name"]: len(each["partitions"]) for each in admin.describe_topics()}
    for each in topics.TOPICS:
        wanted = partitions_of(each, settings)
        if existing.get(each.name, wanted) != wanted:
            raise WrongTopics(
                f"{each.name} has {existing[each.name]} partitions, {wanted} are needed: set DATELINE_PARTITIONS"
            )
    return [each for each in topics.TOPICS if each.name not in existing]


def _options(topic: Topic, settings: Settings) -> dict[str, Any]:
    configs = {
        "cleanup.policy": topic.cleanup,
        "max.message.bytes": str(topic.record_bytes),
        # With Kafka's default of 1 a record may be acknowledged that one broker alone has, and be lost with it.
        "min.insync.replicas": str((settings.replication + 1) // 2),
    }
    if topic.retention is not None:
        configs["retention.ms"] = str(topic.retention * 1000)
    if topic.reread:
        configs["segment.bytes"] = str(topics.SEGMENT_BYTES)
    return {
        "num_partitions": partitions_of(topic, settings),
        "replication_factor": settings.replication,
        "configs": configs,
    }


def _admin(settings: Settings) -> KafkaAdminClient:
    return KafkaAdminClient(bootstrap_servers=servers(settings), bootstrap_timeout_ms=3000)


class Publisher:
    """A producer that waits for every record it was given: acks from all replicas, idempotent, zstd.

    kafka-python's own metrics, which nobody reads, are off here and in what reads: they are a seventh of its thread.
    """

    def __init__(self, settings: Settings, name: str) -> None:
        self._settings = settings
        self._producer = KafkaProducer(
            bootstrap_servers=servers(settings),
            client_id=f"dateline-{name}",
            acks="all",
            compression_type="zstd",
            linger_ms=5,
            batch_size=900_000,
            max_request_size=topics.CLIENT_BYTES,
            delivery_timeout_ms=int(DELIVERY * 1000),
            request_timeout_ms=15_000,
            max_block_ms=15_000,
            allow_auto_create_topics=False,
            metrics_enabled=False,
        )

    def publish(self, records: Iterable[Record]) -> None:
        """Returns when all records are on the broker. Raises Undelivered for the first that is not."""
        try:
            for pending in [self._send(record) for record in records]:
                pending.get(timeout=DELIVERY + 5)
        except AWAY as error:
            raise Undelivered(f"{type(error).__name__}: {error}") from error

    def _send(self, record: Record) -> Any:  # noqa: ANN401 - kafka-python's own future, untyped
        return self._producer.send(
            record.topic.name,
            key=record.key,
            value=record.value,
            headers=list(record.headers),
            partition=partition_for(record.place, partitions_of(record.topic, self._settings)),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._producer.close(timeout=2)


def read_compacted(settings: Settings, topic: Topic, start: Mapping[int, int] | None = None) -> Iterator[Message]:
    """The topic from its start to its present end: the later record of a key wins, a value of None takes it back.

    `start`: the partitions to read, and the offset from which on; all of all partitions if it is not given. Raises
    KafkaTimeoutError when nothing has come for half a minute though the end is not reached.
    """
    start = dict.fromkeys(_all(topic, settings), 0) if start is None else start
    consumer, parts = _reader(settings, [(topic, start)])
    try:
        for part in parts:
            consumer.seek(part, start[part.partition])
        ends = consumer.end_offsets(parts)
        quiet = 0
        while any(consumer.position(part) < ends[part] for part in parts):
            came = _polled(consumer, QUIET)
            quiet = 0 if came else quiet + 1
            if quiet == STALLED:
                raise KafkaTimeoutError(f"{topic.name}: nothing came for {STALLED * QUIET:.0f} s before its end")
            yield from came
    finally:
        consumer.close(autocommit=False)


def follow(settings: Settings, *followed: Topic, from_start: bool) -> Iterator[Message | None]:
    """The topics' records as they come, without an end; None whenever nothing came for a second."""
    consumer, parts = _reader(settings, [(each, _all(each, settings)) for each in followed])
    try:
        (consumer.seek_to_beginning if from_start else consumer.seek_to_end)(*parts)
        for part in parts:
            consumer.position(part)  # fixes where the end is now
        while True:
            came: list[Message] = _polled(consumer, QUIET)
            yield from came or (None,)
    finally:
        consumer.close(autocommit=False)


def _all(topic: Topic, settings: Settings) -> range:
    return range(partitions_of(topic, settings))


def _reader(
    settings: Settings, read: Iterable[tuple[Topic, Collection[int]]]
) -> tuple[KafkaConsumer, list[TopicPartition]]:
    parts = [TopicPartition(topic.name, number) for topic, numbers in read for number in numbers]
    consumer = KafkaConsumer(
        bootstrap_servers=servers(settings),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=2 * topics.MIB,
        allow_auto_create_topics=False,
        metrics_enabled=False,
    )
    consumer.assign(parts)
    return consumer, parts


def _polled(consumer: KafkaConsumer, seconds: float, most: int | None = None) -> list[Message]:
    polled = consumer.poll(timeout_ms=int(seconds * 1000), max_records=most)
    return [consumed(record) for records in polled.values() for record in records]


def consumed(record: Any) -> Message:  # noqa: ANN401 - the clients' own records are untyped
    """A record of kafka-python's or of Faust's, as a message."""
    return Message(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        value=record.value,
        headers=tuple((name, bytes(value or b"")) for name, value in record.headers or ()),
    )


class GroupConsumer:
    """A member of a consumer group whose offsets are committed by hand. One thread only.

    `commit` cannot be called from the callbacks of `sharing`. A partition that comes back to the member that had it
    goes on behind what was taken, not behind what was committed: kafka-python keeps its position.
    """

    def __init__(self, settings: Settings, topic: Topic, group: str, sharing: Sharing | None = None) -> None:
        self._topic = topic
        self._consumer = KafkaConsumer(
            bootstrap_servers=servers(settings),
            group_id=group,
            group_instance_id=settings.member or None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=10_000,
            heartbeat_interval_ms=2_000,
            max_poll_interval_ms=60_000,
            max_poll_records=MOST_POLLED,
            max_partition_fetch_bytes=2 * topics.MIB,
            allow_auto_create_topics=False,
            metrics_enabled=False,
        )
        self._consumer.subscribe([topic.name], listener=_Listener(sharing) if sharing else None)
        # Fetched before the group is joined: a leader that knows no partitions yet shares out none, and that stands.
        self._consumer.partitions_for_topic(topic.name)

    @property
    def heard(self) -> float:
        """When the group last said that it counts us in, by the monotonic clock."""
        return float(self._consumer._coordinator.heartbeat.last_receive)  # noqa: SLF001 - it says so nowhere else

    @property
    def assigned(self) -> frozenset[int]:
        """The partitions that are this member's now."""
        return frozenset(part.partition for part in self._consumer.assignment())

    def poll(self, seconds: float, most: int = MOST_POLLED) -> list[Message]:
        """What came within `seconds`, `most` records. Must be called at least each minute.

        There is no pausing of partitions: kafka-python 3.0.12 may never return again what it had fetched of one before.
        """
        return _polled(self._consumer, seconds, most)

    def positions(self) -> dict[int, int]:
        """For each partition that is this member's now, the offset of the next record to come."""
        return {part.partition: self._consumer.position(part) for part in self._consumer.assignment()}

    def commit(self, offsets: Mapping[int, int]) -> None:
        """Commits, for each partition, the offset of the next record to read. Raises KafkaError."""
        if offsets:
            self._consumer.commit(
                {self._part(number): OffsetAndMetadata(offset, "", -1) for number, offset in offsets.items()}
            )

    def _part(self, number: int) -> TopicPartition:
        return TopicPartition(self._topic.name, number)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close(autocommit=False)


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc] # kafka-python is untyped
    def __init__(self, sharing: Sharing) -> None:
        self._sharing = sharing

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        self._sharing.revoked(frozenset(part.partition for part in revoked))

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self._sharing.assigned(frozenset(part.partition for part in assigned))
