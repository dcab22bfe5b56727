"""When a host may be asked next. Pure: the time is an argument, in seconds of any clock that never goes back."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from services.fetcher.wire.outcomes import DAY, PASSING, Outcome

LONGEST_REST = 3600.0  # a host that is dead is asked once an hour
LONGEST_RETRY_AFTER = DAY
PATIENCE = 300.0  # who rests longer is not waited for: its URLs are postponed
FIRST_BACK_OFF = 1.0
JITTER = 0.25  # of a rest, at most, that is added to it
RESTFUL_STATUSES = frozenset({429, 503})  # those whose Retry-After is about the host


@dataclass(frozen=True, kw_only=True, slots=True)
class Host:
    """What is known of a host's wishes and health.

    `next_at`: not before, for the delay between two requests; `rests_until`: not before, for the host is ill or asked
    for a rest; `failures`: in a row; `delay`: seconds between the end of an answer and the next request.
    """

    delay: float
    next_at: float = 0.0
    rests_until: float = 0.0
    failures: int = 0

    def wait(self, now: float) -> float:
        """Seconds until the next request may start."""
        return max(0.0, self.next_at - now, self.rests_until - now)

    def is_down(self, now: float) -> bool:
        """Whether the rest is too long to be waited for."""
        return self.rests_until - now > PATIENCE


def crawl_delay(asked: float | None, *, floor: float) -> float:
    """Seconds between two requests to one host.

    The site may ask for more than our floor, never for less; a day or longer is a mistake on its side and is ignored
    (Crawl-delay is no part of RFC 9309; the search engines that honour it cap it likewise).
    """
    if asked is None or asked >= DAY:
        return floor
    return max(asked, floor)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """How a request ended: `at`, its outcome, the seconds that the host asks to be left alone.

    `jitter`: 0 to 1, for hosts that failed together should not be asked again together.
    """

    outcome: Outcome
    at: float
    retry_after: float | None = None
    jitter: float = 0.0


def after(host: Host, answered: Answered) -> Host:
    """The host after an answer, or none.

    429, server errors and failures to connect double the rest each time, from two delays up to an hour and a quarter;
    a Retry-After asks for more, up to a day. The request after a rest is the probe of a circuit breaker: if it fails
    too, the rest is longer; any other answer shows that the host is well.
    """
    next_at = answered.at + host.delay
    if answered.outcome not in PASSING:
        return Host(delay=host.delay, next_at=next_at)
    failures = host.failures + 1
    rest = max(back_off(host.delay, failures) * (1 + JITTER * answered.jitter), answered.retry_after or 0.0)
    return Host(delay=host.delay, next_at=next_at, failures=failures, rests_until=answered.at + rest)


def back_off(delay: float, failures: int) -> float:
    """Seconds of rest after so many failures in a row, before jitter."""
    return min(LONGEST_REST, max(delay, FIRST_BACK_OFF) * 2.0 ** min(failures, 30))


def retry_after(status: int, value: str | None, *, now: datetime) -> float | None:
    """Seconds that a 429 or 503 asks to wait, by its Retry-After: seconds or a date (RFC 9110, 10.2.3), a day at most.

    None for other statuses, and for a value that is neither.
    """
    if status not in RESTFUL_STATUSES or value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), LONGEST_RETRY_AFTER)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max((until - now).total_seconds(), 0.0), LONGEST_RETRY_AFTER)
