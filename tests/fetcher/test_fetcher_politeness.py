"""How long a host is left alone, by what it answered."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.fetcher.manners import politeness
from services.fetcher.manners.politeness import Answered, Host, after, back_off, retry_after
from services.fetcher.wire.outcomes import Outcome

NOW = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)


def answered(outcome: Outcome, at: float = 0, retry_after: float | None = None, jitter: float = 0) -> Answered:
    return Answered(outcome=outcome, at=at, retry_after=retry_after, jitter=jitter)


def test_the_next_request_waits_for_the_delay_from_the_end_of_the_answer() -> None:
    host = after(Host(delay=5), answered(Outcome.OK, at=100))
    assert host.wait(100) == 5
    assert host.wait(103) == 2
    assert host.wait(200) == 0


def test_a_dead_host_is_asked_less_and_less_and_a_living_one_as_before() -> None:
    host, rests = Host(delay=5), []
    for _ in range(12):
        host = after(host, answered(Outcome.TIMEOUT))
        rests.append(host.wait(0))
    assert rests[:4] == [10, 20, 40, 80]
    assert rests[-1] == 3600
    assert host.is_down(0)
    assert after(host, answered(Outcome.HTTP_4XX)).wait(0) == 5


def test_hosts_that_failed_together_are_not_asked_again_together() -> None:
    rests = {after(Host(delay=5), answered(Outcome.TIMEOUT, jitter=jitter)).wait(0) for jitter in (0, 0.5, 1)}
    assert rests == {10, 11.25, 12.5}


def test_a_retry_after_is_honoured_as_seconds_and_as_a_date() -> None:
    assert retry_after(429, "120", now=NOW) == 120
    assert retry_after(503, "Sat, 14 Nov 2026 12:02:00 GMT", now=NOW) == 120
    assert retry_after(503, "Sat, 14 Nov 2026 11:00:00 GMT", now=NOW) == 0
    assert retry_after(429, "99999999999", now=NOW) == 86_400
    assert retry_after(200, "120", now=NOW) is None
    assert after(Host(delay=5), answered(Outcome.RATE_LIMITED, retry_after=120)).wait(0) == 120


@given(st.text(max_size=40), st.sampled_from([429, 503]))
def test_no_retry_after_raises_or_asks_for_more_than_a_day(value: str, status: int) -> None:
    seconds = retry_after(status, value, now=NOW)
    assert seconds is None or 0 <= seconds <= 86_400


@given(st.integers(0, 10_000))
def test_the_rest_never_exceeds_an_hour_before_jitter(failures: int) -> None:
    assert 0 < back_off(0.0, failures) <= politeness.LONGEST_REST
