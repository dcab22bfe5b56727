"""What pages teach about their site survives the worker that learnt it, and nothing waits for it."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from services import broker, contracts, local, topics
from services.cleaner import memory
from services.cleaner.memory import MEMORY
from services.contracts import Article, SiteMemory
from services.fetcher.pages import page_from_file
from services.memories import Memories
from services.settings import Settings
from services.stage import Message
from tests.integration.pipeline import command, kill, logged, process, supervised, until

pytestmark = pytest.mark.kafka

FURNITURE = "The Harbour Post has told this city's stories from above the old fish market since 1911."
STORY = """\
<!doctype html><html lang="en"><head><title>Motion {n} carried by one voice</title></head><body><main><article>
<h1>Motion {n} carried by one voice</h1>
<p>The council met for session {n}, heard both sides and broke off twice before anybody in the hall would vote.</p>
<p>The vote on motion {n} fell late in the night, with one voice more for the harbour than against it.</p>
<p>{furniture}</p>
<p>Whether motion {n} holds is for the court to say, which has heard {n} of its kind and will sit next Thursday.</p>
</article></main></body></html>
"""


def publish(settings: Settings, site: str, *numbers: int) -> None:
    """Stories of the site, each with the same line of furniture."""
    with broker.Publisher(settings, "test") as publisher:
        publisher.publish(
            page_from_file(
                STORY.format(n=n, furniture=FURNITURE).encode(),
                name=f"story-{n}",
                fetched_at=datetime(2026, 10, 18, tzinfo=UTC),
                url=f"https://www.{site}/story/{n}",
            )
            for n in numbers
        )


def article(settings: Settings, site: str, number: int) -> Article:
    """The article of a story, once it is there."""
    ends = time.monotonic() + 60
    for message in broker.follow(settings, topics.ARTICLES, from_start=True):
        if message is not None and f"{site}/story/{number}".encode() in (message.header("ce_source") or b""):
            return contracts.decode(message.value, Article)
        assert time.monotonic() < ends, f"no article of {site}/story/{number}"
    raise AssertionError("a followed topic has no end")


def stories_remembered(settings: Settings, site: str) -> int:
    """How many stories the topic's memory of the site holds."""
    told = [each.value for each in broker.read_compacted(settings, topics.SITES) if each.key == site.encode()]
    return contracts.decode(told[-1], SiteMemory).pages if told else 0


def cleaner(settings: Settings, name: str = "cleaner") -> local.Command:
    environment = dict(command(settings).environment) | {"DATELINE_MEMBER": f"{name}-memory"}
    return local.Command(name=name, arguments=("-m", "services.cli", "run", "cleaner"), environment=environment)


def times_logged(log: Path, word: str) -> int:
    return log.read_text(errors="replace").count(word) if log.exists() else 0


@contextmanager
def taught(settings: Settings, site: str, folder: Path) -> Iterator[local.Supervisor]:
    """A supervised cleaner that has learnt and written down what the site repeats."""
    with supervised(folder, cleaner(settings)) as workers:
        publish(settings, site, *range(memory.ENOUGH))
        until(lambda: stories_remembered(settings, site) == memory.ENOUGH, 90)
        yield workers


def assert_known(made: Article) -> None:
    assert FURNITURE not in made.body
    assert (FURNITURE, "repeated_on_site") in {(each.text, each.reason) for each in made.removed}


def test_pages_of_a_site_teach_and_a_later_page_loses_the_furniture_only(kafka: Settings, tmp_path: Path) -> None:
    with taught(kafka, "teaching.example", tmp_path):
        publish(kafka, "teaching.example", 50)
        publish(kafka, "stranger.example", 50)
        assert_known(made := article(kafka, "teaching.example", 50))
        whole = article(kafka, "stranger.example", 50)
    assert FURNITURE in article(kafka, "teaching.example", 0).body
    assert made.body == whole.body.replace(f"{FURNITURE}\n\n", "")
    differing = {each.name for each in fields(Article) if getattr(made, each.name) != getattr(whole, each.name)}
    told_apart = {"article_id", "url", "host", "page"}
    assert differing == told_apart | {"body", "body_sha256", "blocks", "removed"}


def test_what_was_learnt_outlives_a_killed_worker(kafka: Settings, tmp_path: Path) -> None:
    with taught(kafka, "killed.example", tmp_path) as workers:
        before = times_logged(tmp_path / "cleaner.log", "memories read")
        kill(workers.pid("cleaner"))
        until(lambda: times_logged(tmp_path / "cleaner.log", "memories read") > before, 60)
        publish(kafka, "killed.example", 50)
        assert_known(article(kafka, "killed.example", 50))


def test_what_was_learnt_goes_with_its_partition_to_another_worker(kafka: Settings, tmp_path: Path) -> None:
    guest = tmp_path / "guest.log"
    with taught(kafka, "moving.example", tmp_path) as workers, process(tmp_path, cleaner(kafka, "guest")):
        until(partial(logged, guest, "memories read"), 60)
        publish(kafka, "moving.example", 60)
        before = times_logged(guest, "memories read")
        workers.stop()
        until(lambda: times_logged(guest, "memories read") > before, 60)
        publish(kafka, "moving.example", 61)
        assert_known(article(kafka, "moving.example", 60))
        assert_known(article(kafka, "moving.example", 61))
    assert stories_remembered(kafka, "moving.example") == memory.ENOUGH + 2


def message(site: str, partition: int) -> Message:
    return Message(topic=topics.PAGES.name, partition=partition, offset=0, key=site.encode(), value=None)


def test_a_worker_holds_its_own_partitions_only_and_waits_for_no_broker(kafka: Settings) -> None:
    site = "plain.example"
    mine = broker.partition_for(site, kafka.partitions)
    lesson = b"".join(number.to_bytes(8, "little") for number in (7, 8, 9))

    async def learn_and_lose() -> None:
        held = Memories("test", MEMORY, kafka)
        held.learn(message(site, mine), lesson)  # before anything was assigned
        held.assign([mine])
        held.learn(message(site, mine), lesson)  # before the partition was read
        assert held.advised(message(site, mine)).advice is None
        keeping = asyncio.create_task(held.keep())
        await asyncio.wait_for(_until(lambda: held.advised(message(site, mine)).advice is not None), 30)
        await held.hand_over()
        held.assign([mine + 1])
        assert held.advised(message(site, mine)).advice is None
        keeping.cancel()

    async def read_again() -> bytes | None:
        held = Memories("test", MEMORY, kafka)
        held.assign([mine])
        keeping = asyncio.create_task(held.keep())
        await asyncio.wait_for(_until(lambda: held.advised(message(site, mine)).advice is not None), 30)
        keeping.cancel()
        return held.advised(message(site, mine)).advice

    asyncio.run(learn_and_lose())
    advice = asyncio.run(read_again())
    assert advice == MEMORY.learn(site, None, lesson)
    assert stories_remembered(kafka, site) == 1


async def _until(claim: Callable[[], bool]) -> None:
    while not claim():  # noqa: ASYNC110 - nobody would set an event
        await asyncio.sleep(0.05)


def test_without_a_broker_lessons_wait_and_the_caller_does_not() -> None:
    nowhere = Settings(brokers=f"127.0.0.1:{local.free_port()}")

    async def learn() -> float:
        held = Memories("test", MEMORY, nowhere)
        held.assign([0])
        started = time.monotonic()
        held.learn(message("away.example", 0), bytes(24))
        assert held.advised(message("away.example", 0)).advice is None
        return time.monotonic() - started

    assert asyncio.run(learn()) < 1
