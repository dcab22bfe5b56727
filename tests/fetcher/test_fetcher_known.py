"""What a fetcher remembers of URLs, and which links it follows by that."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts import FetchState, FoundUrl, HostState, PollState
from services.fetcher.links.known import Known, KnownUrls
from services.fetcher.links.ledger import Ledger, key_of
from services.fetcher.links.records import state_record
from services.fetcher.links.revisits import LOOKS, RETRIES, is_last_look, is_wanted, next_look, planned
from services.fetcher.links.waiting import Waiting
from services.fetcher.wire.outcomes import FOR_GOOD, PASSING, RETRIED, SETTLED, Outcome
from services.stage import Message

NOW = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)
URL = "http://h/x"
LINK = FoundUrl(url=URL, source_id="feed")


def state(outcome: str = "ok", url: str = URL, body: str | None = None) -> FetchState:
    return FetchState(url=url, outcome=outcome, fetched_at=NOW, body_sha256=body)


def known(outcome: Outcome, revision: datetime | None = None) -> Known:
    return Known(outcome=outcome, fetched_at=NOW, revision=revision)


def test_what_is_known_of_a_url_comes_back_as_it_was_put_in() -> None:
    urls, published = KnownUrls(), NOW - timedelta(microseconds=1)
    urls.put(key_of(URL), replace(state(body="ab" * 32), revision=published))
    assert urls.get(key_of(URL)) == Known(outcome=Outcome.OK, fetched_at=NOW, revision=published, digest="ab" * 32)
    assert urls.get(key_of("http://h/y")) is None


@given(st.lists(st.tuples(st.integers(0, 200), st.sampled_from(list(Outcome))), max_size=400))
def test_the_table_holds_the_last_state_of_each_url(puts: list[tuple[int, Outcome]]) -> None:
    urls, wanted = KnownUrls(chunk=16), dict(puts)
    for number, outcome in puts:
        urls.put(key_of(str(number)), state(outcome))
    assert len(urls) == len(wanted)
    held = {number: found.outcome for number in range(201) if (found := urls.get(key_of(str(number)))) is not None}
    assert held == wanted


def test_memory_is_bounded_and_what_was_heard_of_first_goes_first() -> None:
    urls = KnownUrls(most=100, chunk=10)
    for number in range(500):
        urls.put(key_of(str(number)), state())
        assert len(urls) <= 100
        assert urls.get(key_of(str(number))) is not None
    assert urls.get(key_of("380")) is None
    assert urls.get(key_of("450")) is not None


def test_an_outcome_of_a_later_version_is_passed_over() -> None:
    urls = KnownUrls()
    urls.put(key_of(URL), state("eaten_by_a_dog"))
    assert len(urls) == 0


def test_a_link_is_due_once_and_stays_until_it_is_put_again() -> None:
    waiting, key = Waiting(), key_of(URL)
    waiting.put(key, replace(state("waiting"), due_at=NOW, found=LINK))
    assert list(waiting.due(NOW - timedelta(seconds=1))) == []
    assert [found.found for _, found in waiting.due(NOW)] == [LINK]
    assert list(waiting.due(NOW)) == []
    assert waiting.get(key) is not None
    waiting.put(key, state())
    assert waiting.get(key) is None


def test_what_was_taken_up_and_not_finished_comes_again_after_a_rebalance() -> None:
    waiting = Waiting()
    for name in ("done", "open"):
        waiting.put(key_of(name), replace(state("waiting", name), due_at=NOW))
    assert len(list(waiting.due(NOW))) == 2
    waiting.put(key_of("done"), state("ok", "done"))
    waiting.again()
    assert [found.url for _, found in waiting.due(NOW)] == ["open"]


def test_of_two_times_that_a_link_was_due_the_later_word_counts() -> None:
    waiting, key, later = Waiting(), key_of(URL), NOW + timedelta(hours=1)
    waiting.put(key, replace(state("waiting"), due_at=NOW))
    waiting.put(key, replace(state("timeout"), due_at=later))
    assert list(waiting.due(NOW)) == []
    assert [found.outcome for _, found in waiting.due(later)] == ["timeout"]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60), st.randoms())
def test_links_come_in_the_order_in_which_they_are_due(minutes: list[int], random: Random) -> None:
    waiting = Waiting()
    for number, minute in enumerate(random.sample(minutes, len(minutes))):
        waiting.put(key_of(str(number)), replace(state(url=f"http://h/{number}"), due_at=NOW + minute * LOOKS[0]))
    due = [found.due_at for _, found in waiting.due(NOW + 100 * LOOKS[0]) if found.due_at]
    assert due == sorted(due)
    assert len(due) == len(minutes)


def test_a_fetched_page_is_not_fetched_again_for_a_source_but_for_a_user() -> None:
    later = NOW + timedelta(days=100)
    assert not is_wanted(LINK, known(Outcome.OK, NOW), waits=False, now=later)
    assert not is_wanted(LINK, known(Outcome.TIMEOUT, NOW), waits=False, now=later)
    assert is_wanted(FoundUrl(url=URL), known(Outcome.OK, NOW), waits=False, now=NOW)
    assert is_wanted(LINK, None, waits=False, now=NOW)


def test_a_missing_page_is_tried_again_when_found_a_day_later_and_a_picture_never() -> None:
    hours = [23, 25]
    missing = [is_wanted(LINK, known(Outcome.HTTP_4XX), waits=False, now=NOW + timedelta(hours=each)) for each in hours]
    assert missing == [False, True]
    assert not is_wanted(LINK, known(Outcome.NOT_TEXT), waits=False, now=NOW + timedelta(days=9))


def test_a_link_that_waits_is_not_queued_twice() -> None:
    assert not is_wanted(LINK, known(Outcome.WAITING), waits=True, now=NOW)


def test_the_sets_of_outcomes_do_not_overlap() -> None:
    assert not SETTLED & RETRIED
    assert not SETTLED & FOR_GOOD
    assert not RETRIED & FOR_GOOD
    assert RETRIED > PASSING


def looked_at(page: FetchState) -> list[float]:
    """The ages, in hours, at which a page that stays the same is looked at."""
    ages = []
    while page.due_at is not None:
        ages.append((page.due_at - NOW).total_seconds() / 3600)
        page = planned(replace(page, outcome="unchanged", fetched_at=page.due_at))
    return ages


def test_a_page_is_looked_at_again_less_and_less_in_its_first_two_days() -> None:
    fresh = planned(replace(state(), first_at=NOW, revision=NOW, found=LINK))
    assert fresh.found == LINK
    ages = looked_at(fresh)
    assert ages == [1, 4, 12, 24, 48]
    assert [is_last_look(replace(fresh), NOW + timedelta(hours=each)) for each in ages] == [False] * 4 + [True]


def test_a_look_that_comes_late_does_not_bring_those_it_missed() -> None:
    assert next_look(NOW, NOW + timedelta(hours=13)) == NOW + timedelta(hours=24)
    assert next_look(NOW, NOW + timedelta(hours=50)) is None


def test_a_link_whose_host_is_ill_is_tried_again_later_and_later_and_then_no_more() -> None:
    page, pauses = replace(state("waiting"), found=LINK, due_at=NOW), []
    while page.due_at is not None:
        at = page.due_at
        page = planned(replace(page, outcome="timeout", fetched_at=at))
        pauses += [page.due_at - at] if page.due_at else []
    assert tuple(pauses) == RETRIES
    assert page.found is None


def test_a_postponed_link_loses_no_try() -> None:
    page = planned(replace(state("postponed"), found=LINK, tries=2))
    assert (page.tries, page.due_at) == (2, NOW + RETRIES[2])


def test_an_ill_host_does_not_end_the_looks_at_a_page() -> None:
    page = replace(state("timeout"), first_at=NOW - timedelta(hours=2), revision=NOW, tries=len(RETRIES), found=LINK)
    assert planned(page).due_at == NOW + timedelta(hours=2)


@pytest.mark.parametrize("outcome", ["robots_denied", "http_4xx", "not_html", "duplicate", "handed_over"])
def test_what_is_settled_or_refused_waits_no_more(outcome: str) -> None:
    assert planned(replace(state(outcome), found=LINK)).due_at is None


def test_a_ledger_read_from_its_topic_is_the_ledger_that_wrote_it() -> None:
    host = HostState(crawl_delay=30, rests_until=NOW, failures=2)
    poll = PollState(source_id="feed", next_at=NOW, interval=600, since=NOW, counted_at=NOW, newest_at=NOW)
    waits = replace(state("waiting", "http://h/waits"), due_at=NOW, found=LINK)
    states = [
        replace(state("http_5xx", "http://h/robots.txt"), host=host),
        replace(state("ok", "http://h/feed"), poll=poll),
        waits,
        state("ok", body="ab" * 32),
    ]
    ledger = Ledger()
    for offset, each in enumerate(states):
        record = state_record(each)
        ledger.learn(Message(topic="t", partition=0, offset=offset, key=record.key, value=record.value))
    ledger.learn(Message(topic="t", partition=0, offset=9, key=b"h|x", value=b"no state"))
    assert ledger.hosts == {"http://h/robots.txt": host}
    assert ledger.polls["feed"].poll == poll
    assert ledger.waiting.get(key_of("http://h/waits")) == waits
    assert ledger.known.get(key_of(URL)) is not None
    assert len(ledger.known) == 2
    assert ledger.read_to == {"t": 10}


def test_a_state_of_the_first_version_still_says_that_a_page_is_had() -> None:
    old = b'{"url":"http://h/x","outcome":"ok","fetched_at":"2026-10-11T17:25:00+00:00","status":200}'
    ledger = Ledger()
    ledger.learn(Message(topic="t", partition=0, offset=0, key=b"h|x", value=old))
    assert not is_wanted(LINK, ledger.known.get(key_of(URL)), waits=False, now=NOW)
