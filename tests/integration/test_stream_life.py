"""How a worker starts, waits, stops and gives up."""

import os
import re
import signal
import socket
import time
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from services import broker, local, topics
from services.settings import Settings
from services.stage import Message, Record
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
    given = orders("term", 400, ms=20)
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
    first = topics.SOURCE_STATES.name  # of those that share the number
    with pytest.raises(broker.WrongTopics) as refused:
        broker.ensure_topics(replace(kafka, partitions=7))
    assert str(refused.value) == f"{first} has 4 partitions, 7 are needed: set DATELINE_PARTITIONS"


def test_a_page_that_was_small_only_while_compressed_is_a_dead_letter_and_no_crash_loop(
    kafka: Settings, tmp_path: Path
) -> None:
    larger_than_any_limit = b"<p>the same again</p>" * (9 * topics.MIB // 20)
    with broker.Publisher(kafka, "test") as publisher:
        order = (("order", b"1"),)
        publisher.publish(
            [Record(topic=topics.PAGES, key=b"l", value=larger_than_any_limit, headers=order, place="large.example")]
        )
    with supervised(tmp_path, command(kafka)):
        until(lambda: logged(tmp_path / "worker.log", "dead letter"), 40)
        until(lambda: any(each.value == larger_than_any_limit for each in dead_letters(kafka)), 20)
    assert not logged(tmp_path / "worker.log", "not delivered")


def test_a_record_that_could_not_be_sent_again_is_cut_and_says_so(kafka: Settings, tmp_path: Path) -> None:
    heavy = (("order", b"1"), ("padding", b" " * (6 * topics.MIB)))
    with broker.Publisher(kafka, "test") as publisher:
        publisher.publish(
            [Record(topic=topics.PAGES, key=b"h", value=b" " * (57 * topics.MIB), headers=heavy, place="large.example")]
        )
    with supervised(tmp_path, command(kafka)):
        until(lambda: any(each.header("dateline.error.cut") for each in dead_letters(kafka)), 40)
    letter = next(each for each in dead_letters(kafka) if each.header("dateline.error.cut"))
    assert letter.header("dateline.error.cut") == str(57 * topics.MIB).encode()
    assert letter.value == b" " * (4 * topics.MIB)
    assert not logged(tmp_path / "worker.log", "not delivered")


def test_a_broker_that_hangs_is_not_there(kafka: Settings) -> None:
    assert broker.answers(kafka)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert not broker.answers(replace(kafka, brokers=f"127.0.0.1:{silent.getsockname()[1]}"))


def test_a_broker_starts_whatever_the_name_of_its_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begins_with_a_dash = uuid.UUID(int=0b111110 << 122)  # in base64, as Kafka writes it; one in 64 does
    monkeypatch.setattr(uuid, "uuid4", lambda: begins_with_a_dash)
    with local.Kafka(tmp_path / "kafka") as kafka:
        kafka.start(lambda _: None)
        assert "cluster.id=-" in (tmp_path / "kafka/data/meta.properties").read_text()
        assert broker.answers(Settings(brokers=kafka.address))


def test_a_broker_that_goes_while_topics_are_waited_for_is_waited_for(tmp_path: Path) -> None:
    with local.Kafka(tmp_path / "kafka") as kafka:
        kafka.start(lambda _: None)
        bare = Settings(brokers=kafka.address, partitions=4)
        with process(tmp_path, command(bare)) as (worker, log):
            until(lambda: logged(log, "no topic"))
            kafka.kill()
            until(lambda: logged(log, "went away again") or logged(log, "no Kafka at"))
            kafka.start(lambda _: None)
            local.create_topics(bare, lambda _: None)
            until(lambda: logged(log, "assigned"), 60)
            assert worker.poll() is None


def dead_letters(settings: Settings) -> list[Message]:
    return list(broker.read_compacted(settings, topics.PAGES.dead))


def test_a_worker_whose_topics_have_other_partitions_exits_with_78_and_says_so(kafka: Settings, tmp_path: Path) -> None:
    environment = local.environment_of(replace(kafka, partitions=5, health_port=0))
    wrong = local.Command(name="wrong", arguments=("-m", "services.cli", "run", "cleaner"), environment=environment)
    with process(tmp_path, wrong) as (worker, log):
        assert worker.wait(30) == 78
    assert logged(log, "set DATELINE_PARTITIONS")


def test_a_crash_inside_faust_ends_the_worker_with_70(kafka: Settings, tmp_path: Path) -> None:
    crashing = replace_arguments(command(kafka), ("-m", "tests.integration.crashing"))
    with process(tmp_path, crashing) as (worker, log):
        assert worker.wait(40) == 70
    assert logged(log, "ended by itself")


def replace_arguments(given: local.Command, arguments: tuple[str, ...]) -> local.Command:
    return local.Command(name=given.name, arguments=arguments, environment=given.environment)


def test_a_taken_port_is_named_with_the_setting_that_helps(kafka: Settings, tmp_path: Path) -> None:
    with process(tmp_path, command(kafka, "holder")) as (_, log):
        port = health_port(log)
        environment = local.environment_of(replace(kafka, health_port=port))
        second = local.Command(
            name="second", arguments=("-m", "services.cli", "run", "cleaner"), environment=environment
        )
        with process(tmp_path, second) as (worker, said):
            assert worker.wait(30) == 78
    assert logged(said, "set DATELINE_HEALTH_PORT")


def test_sigterm_to_the_whole_process_group_makes_no_dead_letters(kafka: Settings, tmp_path: Path) -> None:
    given = orders("group", 300, ms=20)
    give(kafka, given)
    with process(tmp_path, command(kafka)) as (worker, log):
        until(lambda: logged(log, "assigned"))
        time.sleep(1)
        os.killpg(worker.pid, signal.SIGTERM)
        assert worker.wait(10) == 0
    with supervised(tmp_path, command(kafka)):
        seen = await_all(kafka, "group", {each["id"] for each in given}, 60)
    assert set(seen.ids) == {each["id"] for each in given}
    assert not seen.dead
