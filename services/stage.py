"""A stage of the pipeline: what goes in, what comes out, and what is said when a record cannot be processed. No I/O."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from services.topics import Topic

Headers = tuple[tuple[str, bytes], ...]
CUT = "dateline.error.cut"  # the header of a dead letter that is only a part of its record: the bytes of the whole


class Reason(StrEnum):
    """Why a record became a dead letter: a closed set, for it is a metric's label."""

    BROKEN_CONTRACT = "broken_contract"  # bytes or headers that do not decode
    TOO_LARGE = "too_large"  # the input or an output is over its topic's limit
    NOT_TEXT = "not_text"  # neither HTML nor text: an image, a PDF, an archive
    EMPTY = "empty"  # no bytes, or white space only
    NO_ARTICLE = "no_article"  # a page without an article: an index, a stub
    TIMEOUT = "timeout"  # the child ran out of time
    MEMORY = "memory"  # the child ran out of memory
    CRASH = "crash"  # the child died
    BUG = "bug"  # an exception nobody foresaw


# What no page should be able to cause: many in a row mean that the worker is ill, not the pages (circuit breaker).
UNEXPECTED = frozenset({Reason.TIMEOUT, Reason.MEMORY, Reason.CRASH, Reason.BUG})


class Rejected(Exception):
    """A record that no retry can help: it becomes a dead letter with this reason."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(reason, message)
        self.reason = reason
        self.message = message


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A record as it was consumed, and what the stage's memory knows about it (None: nothing, or it has no memory)."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    advice: bytes | None = None

    def header(self, name: str) -> bytes | None:
        """The last header of that name, as Kafka's own clients read it."""
        return next((value for key, value in reversed(self.headers) if key == name), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A record to be produced. `place` is hashed to the partition, so that what belongs together stays in order."""

    topic: Topic
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    place: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a stage made of one message: records in the order to be produced, and counts for the metrics.

    `lesson` is what the message teaches, for the stage's memory.
    """

    records: tuple[Record, ...] = ()
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    lesson: bytes | None = None


def nothing() -> None:
    """A stage that needs no preparation."""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What a stage learns as its messages pass. It is advice: it may lag or be missing, and nothing depends on it.

    `topic` keeps it, compacted and partitioned as the stage's source is. `about` names the key of what is known about a
    message, None where nothing ever is. `learn(key, known, lesson)` is what is known afterwards, None if that is as
    before: pure, quick, and never raising whatever bytes the topic holds, for it runs in the parent.
    """

    topic: Topic
    about: Callable[[Message], str | None]
    learn: Callable[[str, bytes | None, bytes], bytes | None]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A service that reads one topic. Children run its `work`: a function at a module's top level, or a partial of one.

    `work` raises Rejected or BrokenContract for what no retry can help. `prepare` runs once in each child before its
    first message: loading a model counts against no page's time.
    """

    name: str
    source: Topic
    work: Callable[[Message], Outcome]
    prepare: Callable[[], None] = nothing
    memory: Memory | None = None
