"""When a source is read next, which of its links are news, whether it is silent. Pure: state and time are arguments."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from math import exp

from services.contracts import FetchState, PollState
from services.fetcher.origins.feeds import Link
from services.fetcher.origins.hints import Hints

DAY = 86_400.0
START, MOST = 36, 144  # the first interval and the longest, in shortest ones: 6 h and 24 h for 10 min
FASTER, SLOWER = 0.5, 1.5  # what an interval becomes after a reading with news, and after one without
JITTER = 0.1  # of an interval, at most, to either side
UNCONDITIONAL = 4  # each so many readings nothing is asked on condition: some hosts keep the ETag of a changed feed
HASH = 6  # bytes of a link that are remembered
MOST_LINKS = 1000  # said after one reading; the rest after the next ones, so that no sitemap floods the topic
MOST_HOURS = 8 * 24  # that can be skipped in a row

HABIT, LATELY = 14.0, 3.0  # days over which the rates of new links are averaged
MISSING = 4.0  # links that should have come by habit, and have not, when a source counts as silent
FALLEN = 0.25  # of its habit, below which a busy source counts as silent
RARELY = 1.5  # days without news that count, of a source that is read once a day
BUSY = 10.0  # links by habit in the days of LATELY, from which on a fall can be told from chance


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What came of a reading at `at`. `new`: links that were not there before; `unsaid`: those left for the next one.

    `said`: the links that stand in the source and were published; `pushed`: a hub tells of its news.
    """

    at: datetime
    new: int = 0
    unsaid: int = 0
    said: str = ""
    hints: Hints = field(default_factory=Hints)
    etag_lies: bool = False
    pushed: bool = False


def first(source_id: str, now: datetime) -> PollState:
    """The state of a source that has never been read."""
    return PollState(source_id=source_id, next_at=now, interval=0.0, since=now, counted_at=now)


def conditions(state: FetchState | None) -> dict[str, str]:
    """The headers that ask for a source only if it has changed; none if it must be read through."""
    poll = state.poll if state is not None else None
    if state is None or poll is None or poll.etag_lies or poll.unsaid or poll.polls % UNCONDITIONAL == 0:
        return {}
    asked = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in asked.items() if value}


def news(links: Iterable[Link], poll: PollState) -> tuple[list[Link], int, str]:
    """The links to publish, 1,000 at most, how many are left, what is then said. Links that are gone are forgotten."""
    before, left = _unpacked(poll.said), 0
    chosen: list[Link] = []
    said: list[bytes] = []
    for link in links:
        mark = sha256(link.url.encode()).digest()[:HASH]
        if mark not in before:
            if len(chosen) >= MOST_LINKS:
                left += 1
                continue
            chosen.append(link)
        said.append(mark)
    return chosen, left, base64.b64encode(b"".join(said)).decode()


def after_reading(poll: PollState, reading: Reading, *, shortest: float) -> PollState:
    """The state after a reading. `shortest`: seconds of the shortest interval.

    The first interval is the source's own hint, else 36 shortest ones; then it halves while new links come and grows by
    half while none do, up to 144. What is left unsaid is read again after a shortest one. While a hub tells of the
    news, the longest interval is kept, and the source's own is what it was before.
    """
    interval = _interval(poll, reading, shortest)
    usual = MOST * shortest if reading.pushed else interval
    pause = shortest if reading.unsaid else usual * (1 + JITTER * _jitter(poll))
    hints = reading.hints
    counted = _counted(poll, reading) if poll.polls else poll
    return replace(
        counted,
        polls=poll.polls + 1,
        interval=interval,
        next_at=_not_skipped(reading.at + timedelta(seconds=pause), hints.skip_hours, hints.skip_days),
        said=reading.said,
        unsaid=reading.unsaid,
        newest_at=reading.at if reading.new else poll.newest_at,
        counted_at=reading.at,
        etag_lies=reading.etag_lies,
        skip_hours=hints.skip_hours,
        skip_days=hints.skip_days,
        pushed=reading.pushed,
    )


def after_failure(poll: PollState, now: datetime, *, failures: int, shortest: float) -> PollState:
    """The state after so many failures in a row: the pause doubles from the shortest interval to the longest."""
    pause = min(MOST * shortest, shortest * 2.0 ** min(failures - 1, 30)) * (1 + JITTER * _jitter(poll))
    return replace(poll, next_at=now + timedelta(seconds=pause), pushed=False)


def is_due(poll: PollState, now: datetime, *, pushed: bool) -> bool:
    """Whether a source is to be read: at its time, and at once when a hub no longer tells of it."""
    return poll.next_at <= now or (poll.pushed and not pushed)


def is_silent(poll: PollState, now: datetime) -> bool:
    """Whether a source publishes less than its own habit.

    Either nothing came for a day or more in which by habit four links should have come, or a busy source has fallen to
    less than a quarter of its habit within three days. One that never had anything new is silent after two weeks. One
    of which a hub tells is read once a day: what its feed no longer shows by then is not missing.
    """
    if poll.newest_at is None:
        return _days(poll.since, now) > HABIT
    quiet = _days(poll.newest_at, now)
    then = poll.habit * exp(_days(poll.newest_at, poll.counted_at) / HABIT)
    usual = then / _share(poll.since, poll.newest_at, HABIT)
    if quiet > (RARELY if poll.pushed else 1) and quiet * usual >= MISSING:
        return True
    if poll.pushed:
        return False
    habit = poll.habit / _share(poll.since, poll.counted_at, HABIT)
    lately = poll.lately / _share(poll.since, poll.counted_at, LATELY)
    return _days(poll.since, now) > HABIT and habit * LATELY >= BUSY and lately < FALLEN * habit


def rate(poll: PollState) -> float:
    """New links a day, by habit."""
    return poll.habit / _share(poll.since, poll.counted_at, HABIT)


def _interval(poll: PollState, reading: Reading, shortest: float) -> float:
    if not poll.polls:
        wanted = reading.hints.interval or START * shortest
    elif reading.pushed:
        wanted = poll.interval
    else:
        wanted = poll.interval * (FASTER if reading.new else SLOWER)
    return min(max(wanted, shortest), MOST * shortest)


def _counted(poll: PollState, reading: Reading) -> PollState:
    """The rates with the new links of a reading; those of the first one are no news, but what was there."""
    passed = _days(poll.counted_at, reading.at)
    return replace(
        poll,
        habit=poll.habit * exp(-passed / HABIT) + reading.new / HABIT,
        lately=poll.lately * exp(-passed / LATELY) + reading.new / LATELY,
    )


def _share(since: datetime, until: datetime, span: float) -> float:
    """How much of an average over `span` days has been seen; at least as if it were an hour."""
    return 1 - exp(-max(_days(since, until), 1 / 24) / span)


def _days(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds() / DAY


def _jitter(poll: PollState) -> float:
    """-1 to 1, other for each source and reading, and always the same for one."""
    digest = sha256(f"{poll.source_id} {poll.polls}".encode()).digest()
    return int.from_bytes(digest[:4]) / 2**31 - 1


def _not_skipped(at: datetime, hours: tuple[int, ...], days: tuple[int, ...]) -> datetime:
    """The time itself, or the start of the first hour after it that is not to be skipped."""
    for _ in range(MOST_HOURS):
        if at.hour not in hours and at.weekday() not in days:
            break
        at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return at


def _unpacked(said: str) -> set[bytes]:
    marks = base64.b64decode(said)
    return {marks[start : start + HASH] for start in range(0, len(marks), HASH)}
