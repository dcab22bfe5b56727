"""The table of topics: sizes that fit into one another, names, places of keys."""

from itertools import pairwise

import pytest

from services import topics
from services.broker import _options, partition_for
from services.settings import Settings


def test_every_stage_may_write_more_than_it_reads_and_a_dead_letter_most_of_all() -> None:
    sizes = [topics.PAGES.record_bytes, topics.ARTICLES.record_bytes, topics.PAGES.dead.record_bytes]
    assert all(smaller < larger for smaller, larger in pairwise(sizes))
    assert topics.ARTICLES.dead.record_bytes >= max(t.record_bytes for t in topics.TOPICS)


def test_what_is_read_whole_at_a_start_is_kept_small() -> None:
    settings = Settings()
    for each in topics.TOPICS:
        configs = _options(each, settings)["configs"]
        assert ("segment.bytes" in configs) is each.reread
        assert not each.reread or "compact" in configs["cleanup.policy"]
    assert _options(topics.FETCH_STATE, settings)["configs"]["retention.ms"] == str(90 * 24 * 3_600_000)


def test_of_three_brokers_two_have_what_is_acknowledged_and_one_may_be_away() -> None:
    asked = [_options(topics.EVENTS, Settings(replication=replicas))["configs"] for replicas in (1, 2, 3, 5)]
    assert [configs["min.insync.replicas"] for configs in asked] == ["1", "1", "2", "3"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("news.events.v1", topics.EVENTS),
        ("events", topics.EVENTS),
        ("event-sets", topics.EVENT_SETS),
        ("pages.dead", topics.PAGES.dead),
    ],
)
def test_a_topic_is_found_by_its_name_or_its_short_name(name: str, found: topics.Topic) -> None:
    assert topics.topic(name) == found


def test_an_unknown_topic_is_refused_with_the_names_that_there_are() -> None:
    with pytest.raises(KeyError, match="events, event-sets"):
        topics.topic("news.nothing.v1")


@pytest.mark.parametrize(
    ("key", "murmur2"), [("foobar", -790332482), ("21", -973932308), ("a-little-bit-long-string", -985981536)]
)
def test_a_key_lands_where_the_java_client_puts_it(key: str, murmur2: int) -> None:
    """The hashes are those that Kafka's own test of Utils.murmur2 expects."""
    assert partition_for(key, 12) == (murmur2 & 0x7FFFFFFF) % 12
