"""How a worker starts, waits, stops and gives up."""

import re
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from services import broker, local, topics
from services.settings import Settings
from services.stage import Record
from tests.integration.pipeline import (
    ask,
    await_all,
    children_of,
    command,
    give,
    health_port,
    logged,
    orders,
    process,
    supervised,
    until,
)

pytestmark = pytest.mark.kafka


def test_sigterm_under_load_is_obeyed_within_ten_seconds_and_loses_nothing(kafka: Settings, tmp_path: Path) -> None:
    given = orders("term", 800, ms=20)
    give(kafka, given)
    with process(tmp_path, command(kafka)) as (worker, log):
        until(lambda: logged(log, "assigned"))
        time.sleep(2)
        children = children_of(worker.pid)
        told = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(10) == 0
        assert time.monotonic() - told < 10
    assert children
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children), 5)
    with supervised(tmp_path, command(kafka)):
        seen = await_all(kafka, "term", {each["id"] for each in given}, 60)
    assert not {each["id"] for each in given} - set(seen.ids)
    assert not seen.dead


def test_sigterm_while_a_child_hangs_ends_within_ten_seconds_and_leaves_the_page_to_the_next(
    kafka: Settings, tmp_path: Path
) -> None:
    given = [*orders("stuck", 1, do="hang"), *orders("stuck-free", 3)]
    give(kafka, given)
    with process(tmp_path, command(kafka, child_seconds=30.0)) as (worker, log):
        until(lambda: logged(log, "assigned"))
        time.sleep(1)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(10) == 0
        assert logged(log, "left for the next worker")
    with supervised(tmp_path, command(kafka, child_seconds=2.0)):
        seen = await_all(kafka, "stuck", {each["id"] for each in given}, 40)
    assert seen.dead_ids == {given[0]["id"]}


def test_many_unexpected_failures_in_a_row_stop_the_worker_and_leave_the_rest(kafka: Settings, tmp_path: Path) -> None:
    given = orders("breaker", 40, do="raise")
    give(kafka, given)
    with process(tmp_path, command(kafka, breaker=5)) as (worker, log):
        assert worker.wait(30) == 71
        assert logged(log, "5 unexpected failures in a row")
    with supervised(tmp_path, command(kafka, breaker=1000)):
        seen = await_all(kafka, "breaker", {each["id"] for each in given}, 40)
    assert seen.dead_ids == {each["id"] for each in given}


def test_an_absent_broker_is_named_within_15_s_and_the_worker_waits_with_readyz_red(tmp_path: Path) -> None:
    with local.Kafka(tmp_path / "late") as late:
        settings = Settings(brokers=late.address, partitions=4)
        with process(tmp_path, command(settings)) as (worker, log):
            port = health_port(log)
            until(lambda: logged(log, f"no Kafka at {late.address}"), 15)
            assert ask(port, "/healthz") == (200, "alive\n")
            assert ask(port, "/readyz") == (503, "waiting for the broker\n")
            late.start(lambda _: None)
            until(lambda: logged(log, "no topic"), 30)
            assert ask(port, "/readyz")[0] == 503
            assert "news.pages.v1" in ask(port, "/readyz")[1]
            broker.ensure_topics(settings)
            until(lambda: ask(port, "/readyz")[0] == 200, 40)
            assert worker.poll() is None
            late.kill()
            until(lambda: ask(port, "/readyz") == (503, "waiting for the broker\n"), 15)


def test_metrics_tell_what_was_consumed_produced_and_refused(kafka: Settings, tmp_path: Path) -> None:
    given = [*orders("count", 20), *orders("count-not", 3, do="reject")]
    with process(tmp_path, command(kafka)) as (_, log):
        port = health_port(log)
        until(lambda: ask(port, "/readyz")[0] == 200)
        give(kafka, given)
        await_all(kafka, "count", {each["id"] for each in given}, 30)
        until(lambda: 'produced_total{stage="obedient",topic="news.articles.v1"} 20.0' in ask(port, "/metrics")[1])
        until(lambda: 'dateline_lag_messages{stage="obedient"} 0.0' in ask(port, "/metrics")[1])
        metrics = ask(port, "/metrics")[1]
    consumed = re.search(r'dateline_messages_consumed_total\{stage="obedient"\} (\d+)', metrics)
    assert consumed is not None
    assert int(consumed[1]) >= 23  # other tests' pages among them
    assert 'dateline_dead_letters_total{reason="no_article",stage="obedient"} 3.0' in metrics
    assert 'dateline_ready{stage="obedient"} 1.0' in metrics


def test_a_page_exactly_at_the_limit_passes_through_the_dead_letter(kafka: Settings, tmp_path: Path) -> None:
    largest = b"\xff" * topics.PAGE_BYTES
    with broker.Publisher(kafka, "test") as publisher:
        order = (("order", b"1"),)
        publisher.publish([Record(topic=topics.PAGES, key=b"l", value=largest, headers=order, place="large.example")])
    with supervised(tmp_path, command(kafka)):
        until(lambda: logged(tmp_path / "worker.log", "dead letter"), 40)
    letters = [each for each in broker.read_compacted(kafka, topics.PAGES.dead) if each.value == largest]
    assert len(letters) == 1
    assert letters[0].header("dateline.error.reason") == b"bug"


def test_topics_with_another_number_of_partitions_are_refused_by_name(kafka: Settings) -> None:
    with pytest.raises(broker.WrongTopics, match=r"news\.urls\.v1 has 4 partitions, 7 are needed"):
        broker.ensure_topics(replace(kafka, partitions=7))
