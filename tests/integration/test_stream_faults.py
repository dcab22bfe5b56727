"""Nothing is lost: workers killed, children killed, the broker away, workers that come and go."""

import random
import time
from functools import partial
from pathlib import Path

import pytest

from services import local, topics
from services.settings import Settings
from tests.integration.pipeline import (
    await_all,
    children_of,
    command,
    give,
    kill,
    logged,
    orders,
    out_of_order,
    process,
    supervised,
    until,
)

pytestmark = pytest.mark.kafka


def test_no_page_is_lost_or_overtaken_when_a_worker_is_killed_again_and_again(kafka: Settings, tmp_path: Path) -> None:
    given = orders("killed", 3000, ms=5)
    give(kafka, given)
    with supervised(tmp_path, command(kafka)) as workers:
        for _ in range(4):
            time.sleep(4)
            kill(workers.pid("worker"))
        seen = await_all(kafka, "killed", {each["id"] for each in given}, 90)
    assert not {each["id"] for each in given} - set(seen.ids)
    assert not seen.dead
    assert not out_of_order(seen)


def test_a_killed_child_costs_its_own_page_only_and_that_one_is_kept(kafka: Settings, tmp_path: Path) -> None:
    given = orders("child", 600, ms=10)
    give(kafka, given)
    with supervised(tmp_path, command(kafka, breaker=100)) as workers:
        until(lambda: logged(tmp_path / "worker.log", "assigned"))
        for _ in range(5):
            until(lambda: len(children_of(workers.pid("worker"))) >= 2)
            kill(random.choice(children_of(workers.pid("worker"))))  # any child
            time.sleep(0.4)
        seen = await_all(kafka, "child", {each["id"] for each in given}, 60)
    assert set(seen.ids) | seen.dead_ids == {each["id"] for each in given}
    assert len(seen.dead) <= 5
    assert set(seen.reasons()) <= {"crash"}
    assert not out_of_order(seen)


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_nothing_is_lost_while_the_broker_is_away_for_some_seconds(
    kafka: Settings, broker_process: local.Kafka, tmp_path: Path, how: str
) -> None:
    given = orders(f"away-{how}", 1500, ms=4)
    give(kafka, given)
    with supervised(tmp_path, command(kafka)):
        until(lambda: logged(tmp_path / "worker.log", "assigned"))
        time.sleep(1)
        getattr(broker_process, how)()
        time.sleep(5)
        broker_process.start(lambda _: None)
        seen = await_all(kafka, f"away-{how}", {each["id"] for each in given}, 90)
    assert not {each["id"] for each in given} - set(seen.ids)
    assert not seen.dead
    assert not out_of_order(seen)


def test_nothing_is_lost_when_a_second_worker_joins_and_leaves_under_load(kafka: Settings, tmp_path: Path) -> None:
    given = orders("joins", 3000, ms=5)
    give(kafka, given)
    with supervised(tmp_path, command(kafka)):
        for visit in range(2):
            guest = command(kafka, f"guest-{visit}")
            time.sleep(2)
            with process(tmp_path, guest) as (_, log):
                until(partial(logged, log, "assigned"))
                time.sleep(2)
        seen = await_all(kafka, "joins", {each["id"] for each in given}, 90)
    assert not {each["id"] for each in given} - set(seen.ids)
    assert not seen.dead
    assert not out_of_order(seen)


def test_a_page_that_fails_in_any_way_is_a_dead_letter_and_the_others_pass(kafka: Settings, tmp_path: Path) -> None:
    poison = {
        "reject": "no_article",
        "raise": "bug",
        "hang": "timeout",
        "eat": "memory",
        "exit": "crash",
        "segfault": "crash",
    }
    given = orders("poison", 300, ms=2)
    for n, what in enumerate(poison):
        given[40 * n + 7]["do"] = what
    give(kafka, given)
    with supervised(tmp_path, command(kafka, child_seconds=2.0)):
        seen = await_all(kafka, "poison", {each["id"] for each in given}, 60)
    poisoned = {each["id"]: poison[each["do"]] for each in given if "do" in each}
    assert set(seen.ids) == {each["id"] for each in given} - set(poisoned)
    assert seen.dead_ids == set(poisoned)
    assert seen.reasons() == {"no_article": 1, "bug": 1, "timeout": 1, "memory": 1, "crash": 2}
    assert not out_of_order(seen)


def test_a_dead_letter_is_the_source_record_untouched_plus_where_it_came_from(kafka: Settings, tmp_path: Path) -> None:
    given = orders("letter", 1, do="reject")
    give(kafka, given)
    with supervised(tmp_path, command(kafka)):
        letter = await_all(kafka, "letter", {given[0]["id"]}, 30).dead[0]
    assert letter.key == given[0]["place"].encode()
    assert letter.header("traceparent") == f"00-{given[0]['id']}".encode()
    assert letter.header("dateline.error.stage") == b"obedient"
    assert letter.header("dateline.error.message") == b"as ordered"
    assert letter.header("dateline.error.topic") == topics.PAGES.name.encode()
    assert int(letter.header("dateline.error.partition") or -1) == letter.partition
    assert int(letter.header("dateline.error.offset") or -1) >= 0


def test_an_output_carries_the_trace_of_its_input(kafka: Settings, tmp_path: Path) -> None:
    given = orders("trace", 1)
    give(kafka, given)
    with supervised(tmp_path, command(kafka)):
        article = await_all(kafka, "trace", {given[0]["id"]}, 30).articles[0]
    assert article.header("traceparent") == f"00-{given[0]['id']}".encode()
