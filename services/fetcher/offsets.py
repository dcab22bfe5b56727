"""Which offset of a partition may be committed: never past a record that is unfinished."""

from dataclasses import dataclass, field

from services.stage import Message


@dataclass
class Unfinished:
    """The records of one partition that were taken, in the order of their offsets, and are not finished yet."""

    _open: dict[int, Message] = field(default_factory=dict)
    _next: int | None = None

    def __len__(self) -> int:
        return len(self._open)

    @property
    def messages(self) -> tuple[Message, ...]:
        """The records themselves."""
        return tuple(self._open.values())

    @property
    def next_offset(self) -> int | None:
        """The offset to commit, that of the first record to read after a restart; None while nothing was taken."""
        return next(iter(self._open), self._next)

    def take(self, message: Message) -> bool:
        """Whether the record is a new one. After a rebalance some come a second time: those are in hand or finished."""
        if self._next is not None and message.offset < self._next:
            return False
        self._open[message.offset] = message
        self._next = message.offset + 1
        return True

    def finish(self, offset: int) -> None:
        """All that this record asked for is on the broker."""
        self._open.pop(offset, None)
