"""The links of a partition that are due some time: for the first time, after a failure, or to see a correction."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from services import contracts
from services.contracts import FetchState


@dataclass
class Waiting:
    """URL key to the state that says when the link is due. Kept as bytes: a tenth of what the objects would take."""

    _states: dict[bytes, bytes] = field(default_factory=dict)
    _due: list[tuple[float, bytes]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._states)

    def get(self, key: bytes) -> FetchState | None:
        """The state of a link that waits."""
        value = self._states.get(key)
        return None if value is None else contracts.decode(value, FetchState)

    def put(self, key: bytes, state: FetchState, value: bytes | None = None) -> None:
        """The link waits until it is due; without a time it waits no more. `value`: the state as it is written."""
        if state.due_at is None:
            self._states.pop(key, None)
        else:
            # a copy: orjson's own bytes keep some kilobytes of the buffer that they were written into
            self._states[key] = bytes(memoryview(value or contracts.encode(state)))
            heapq.heappush(self._due, (state.due_at.timestamp(), key))

    def again(self) -> None:
        """What was taken up and not put again is due once more."""
        states = ((key, self.get(key)) for key in self._states)
        self._due = [(state.due_at.timestamp(), key) for key, state in states if state and state.due_at]
        heapq.heapify(self._due)

    def due(self, now: datetime) -> Iterator[tuple[bytes, FetchState]]:
        """The links that are due by now, each once; they stay here until they are put again."""
        while self._due and self._due[0][0] <= now.timestamp():
            _, key = heapq.heappop(self._due)
            state = self.get(key)
            if state is not None and state.due_at is not None and state.due_at <= now:
                yield key, state
