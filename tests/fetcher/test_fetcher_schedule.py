"""The schedule of sources on simulated weeks: the clock is a number here."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts import FetchState, PollState
from services.fetcher.origins import hints, schedule
from services.fetcher.origins.feeds import Link
from services.fetcher.origins.hints import Hints
from services.fetcher.origins.schedule import Reading

START = datetime(2026, 11, 2, tzinfo=UTC)  # a Monday
SHORTEST = 600.0
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def polls(stories: list[datetime], *, days: float, hint: Hints | None = None) -> Iterator[tuple[datetime, PollState]]:
    """Each poll of a source that publishes at these times, with the state that it leaves behind."""
    poll, at, seen = schedule.first("feed", START), START, 0
    while at < START + days * DAY:
        out = sum(story <= at for story in stories)
        reading = Reading(at=at, new=out - seen, hints=hint or Hints())
        poll, seen = schedule.after_reading(poll, reading, shortest=SHORTEST), out
        yield at, poll
        at = poll.next_at


def every(pause: timedelta, *, days: float, but: Callable[[datetime], bool] = lambda _: False) -> list[datetime]:
    times = (START + number * pause for number in range(1, int(days * DAY / pause)))
    return [each for each in times if not but(each)]


def delays(stories: list[datetime], seen: list[datetime]) -> list[float]:
    """Hours from each story to the poll that finds it."""
    return [min((at - story) / HOUR for at in seen if at >= story) for story in stories if story <= seen[-1]]


def test_a_source_starts_at_six_hours_or_at_its_own_hint() -> None:
    _, first = next(polls([], days=1))
    assert first.interval == 6 * 3600
    _, hinted = next(polls([], days=1, hint=Hints(interval=1800)))
    assert hinted.interval == 1800
    _, hasty = next(polls([], days=1, hint=Hints(interval=1)))
    assert hasty.interval == SHORTEST


def test_a_busy_source_is_soon_read_each_ten_minutes() -> None:
    seen = list(polls(every(timedelta(minutes=4), days=7), days=7))
    assert seen[8][0] - START < DAY
    assert all(poll.interval == SHORTEST for _, poll in seen[8:])


def test_a_source_without_news_is_read_once_a_day() -> None:
    seen = list(polls([], days=21))
    assert len(seen) < 30
    assert seen[-1][1].interval == 24 * 3600


@pytest.mark.parametrize("hours", [1, 2, 6, 12, 24, 48])
def test_in_the_third_week_a_story_is_found_in_less_than_its_sources_own_pace_at_a_bearable_price(hours: int) -> None:
    stories = every(timedelta(hours=hours), days=21)
    seen = [at for at, _ in polls(stories, days=21) if at > START + 14 * DAY]
    found = delays([story for story in stories if story > seen[0]], seen)
    assert sum(found) / len(found) < 0.6 * hours
    assert len(seen) < 5 * 7 * 24 / hours + 8


def test_a_newsroom_that_sleeps_at_night_and_on_sundays_is_read_less_then() -> None:
    def asleep(at: datetime) -> bool:
        return at.hour < 7 or at.hour > 21 or at.weekday() == 6

    seen = [at for at, _ in polls(every(timedelta(minutes=20), days=21, but=asleep), days=21)]
    per_hour = {night: sum(asleep(at) is night for at in seen) for night in (True, False)}
    awake = sum(not asleep(START + number * HOUR) for number in range(21 * 24))
    assert per_hour[True] / (21 * 24 - awake) < 0.4 * per_hour[False] / awake


@given(st.lists(st.integers(0, 14 * 24 * 60), max_size=300), st.integers(0, 10**6))
def test_no_pause_is_ever_shorter_than_ten_minutes_or_longer_than_a_day_by_more_than_the_jitter(
    minutes: list[int], seed: int
) -> None:
    stories = [START + timedelta(minutes=minute) for minute in minutes]
    poll, at = schedule.first(str(seed), START), START
    for _ in range(60):
        poll = schedule.after_reading(
            poll, Reading(at=at, new=sum(at - HOUR < each <= at for each in stories)), shortest=SHORTEST
        )
        assert 0.9 * SHORTEST <= (poll.next_at - at).total_seconds() <= 1.1 * 24 * 3600
        at = poll.next_at


def test_the_schedule_is_a_function_of_state_and_time() -> None:
    stories = every(timedelta(hours=3), days=7)
    assert list(polls(stories, days=7)) == list(polls(stories, days=7))


def test_sources_added_together_drift_apart() -> None:
    nexts = {
        schedule.after_reading(schedule.first(str(name), START), Reading(at=START), shortest=SHORTEST).next_at
        for name in range(100)
    }
    assert len(nexts) == 100
    assert max(nexts) - min(nexts) > HOUR


def test_hours_and_days_that_a_source_wants_skipped_are() -> None:
    hint = Hints(skip_hours=tuple(range(7)), skip_days=(5, 6))
    seen = [at for at, _ in polls(every(HOUR, days=14), days=14, hint=hint)][1:]
    assert seen
    assert all(at.hour >= 7 and at.weekday() < 5 for at in seen)


def test_after_failures_the_pause_doubles_up_to_a_day() -> None:
    poll = schedule.first("feed", START)
    pauses = [
        (schedule.after_failure(poll, START, failures=number, shortest=SHORTEST).next_at - START).total_seconds()
        for number in range(1, 20)
    ]
    ratios = [later / before for before, later in pairwise(pauses[:7])]
    assert all(ratio == pytest.approx(2) for ratio in ratios)
    assert 0.9 * 86_400 <= pauses[-1] <= 1.1 * 86_400


def links(*names: object) -> list[Link]:
    return [Link(url=f"http://h/{name}") for name in names]


def test_a_link_is_said_once_and_forgotten_when_gone() -> None:
    poll = schedule.first("feed", START)
    chosen, _, said = schedule.news(links(1, 2), poll)
    assert chosen == links(1, 2)
    chosen, _, said = schedule.news(links(2, 3), replace(poll, said=said))
    assert chosen == links(3)
    chosen, _, _ = schedule.news(links(1, 2, 3), replace(poll, said=said))
    assert chosen == links(1)


def test_a_huge_source_is_said_in_portions_and_soon_read_again() -> None:
    poll, counts = schedule.first("feed", START), []
    for _ in range(4):
        chosen, unsaid, said = schedule.news(links(*range(2500)), poll)
        poll = schedule.after_reading(
            poll, Reading(at=START, new=len(chosen), unsaid=unsaid, said=said), shortest=SHORTEST
        )
        counts.append((len(chosen), unsaid, (poll.next_at - START).total_seconds() == SHORTEST))
    assert [each[:2] for each in counts] == [(1000, 1500), (1000, 500), (500, 0), (0, 0)]
    assert [soon for *_, soon in counts[:2]] == [True, True]


def state(poll: PollState) -> FetchState:
    return FetchState(url="http://h/feed", outcome="ok", fetched_at=START, etag='"1"', last_modified="then", poll=poll)


def test_a_source_is_asked_on_condition_but_each_fourth_time_and_never_if_its_etag_lies() -> None:
    poll = schedule.first("feed", START)
    asked = [bool(schedule.conditions(state(replace(poll, polls=number)))) for number in range(9)]
    assert asked == [False, True, True, True, False, True, True, True, False]
    assert schedule.conditions(state(replace(poll, polls=1))) == {
        "If-None-Match": '"1"',
        "If-Modified-Since": "then",
    }
    assert not schedule.conditions(state(replace(poll, polls=1, etag_lies=True)))
    assert not schedule.conditions(state(replace(poll, polls=1, unsaid=3)))
    assert not schedule.conditions(None)


def silent_after(stories: list[datetime], days: float) -> float | None:
    """How many days after its last story a source counts as silent, looked at each hour; None if it does not."""
    poll = [poll for at, poll in polls(stories, days=days)]
    last = stories[-1]
    for hour in range(int(days * 24)):
        now = START + hour * HOUR
        then = [each for each in poll if each.counted_at <= now]
        if now > last and then and schedule.is_silent(then[-1], now):
            return (now - last) / DAY
    return None


@pytest.mark.parametrize(("pause", "days"), [(timedelta(minutes=20), 28), (2 * HOUR, 28), (DAY, 40), (7 * DAY, 120)])
def test_a_source_that_keeps_its_pace_is_not_silent_and_one_that_stops_is(pause: timedelta, days: int) -> None:
    rng = Random(7)
    steady = [at + pause * rng.uniform(-0.4, 0.4) for at in every(pause, days=days)]
    assert not any(schedule.is_silent(poll, at) for at, poll in polls(steady, days=days) if at > START + 14 * DAY)
    fallen = silent_after([at for at in steady if at < START + days / 2 * DAY], days)
    assert fallen is not None
    assert 1 <= fallen < max(3.0, 6 * (pause / DAY))


def test_a_busy_source_that_falls_to_a_trickle_is_silent() -> None:
    busy = every(timedelta(minutes=30), days=28)
    trickle = [at for at in busy if at < START + 20 * DAY or (at.hour % 12 == 0 and at.minute == 0)]
    seen = {at: schedule.is_silent(poll, at) for at, poll in polls(trickle, days=28)}
    assert not any(silent for at, silent in seen.items() if START + 14 * DAY < at < START + 20 * DAY)
    assert any(silent for at, silent in seen.items() if at > START + 24 * DAY)


def test_a_source_that_never_had_news_is_silent_after_two_weeks() -> None:
    poll = schedule.first("feed", START)
    assert not schedule.is_silent(poll, START + 13 * DAY)
    assert schedule.is_silent(poll, START + 15 * DAY)


def test_the_first_reading_is_no_news_for_the_habit() -> None:
    poll = schedule.after_reading(schedule.first("feed", START), Reading(at=START, new=500), shortest=SHORTEST)
    assert schedule.rate(poll) == 0


RSS = b"""<rss><channel><ttl> 90 </ttl><skipHours><hour>0</hour><hour>24</hour><hour>3</hour></skipHours>
<skipDays><day>Saturday</day><day>Someday</day></skipDays>"""


def test_hints_are_read_from_the_body_and_then_from_the_headers() -> None:
    assert hints.of(RSS, {}) == Hints(interval=5400, skip_hours=(0, 3), skip_days=(5,))
    period = b"<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
    assert hints.of(period, {"Cache-Control": "public, max-age=60"}).interval == 6 * 3600
    assert hints.of(b"", {"Cache-Control": "public, max-age=900"}).interval == 900
    assert hints.of(b"<ttl>0</ttl>", {}) == Hints()


def test_a_feed_that_skips_every_hour_skips_none() -> None:
    every_hour = b"".join(b"<hour>%d</hour>" % hour for hour in range(24))
    assert hints.of(b"<skipHours>" + every_hour + b"</skipHours>", {}).skip_hours == ()


@given(st.lists(st.sampled_from([RSS[:80], b"<ttl>", b"9" * 9, b"</ttl>", b"<hour>99</hour>"]) | st.binary(max_size=9)))
def test_no_bytes_of_a_feed_raise_anything(parts: list[bytes]) -> None:
    found = hints.of(b"".join(parts), {})
    assert all(0 <= hour < 24 for hour in found.skip_hours)
