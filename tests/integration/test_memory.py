"""What pages teach about their site survives the worker that learnt it, and nothing waits for it."""

import asyncio
import struct
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path

import pytest

from services import broker, contracts, local, topics
from services.cleaner import memory
from services.cleaner.memory import MEMORY
from services.contracts import Article, SiteMemory
from services.fetcher.content.pages import page_from_file
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


def message(site: str) -> Message:
    return Message(topic=topics.PAGES.name, partition=0, offset=0, key=site.encode(), value=None)


def lesson(*numbers: int) -> bytes:
    return struct.pack(f"<{len(numbers)}Q", *numbers)


def sites_of(settings: Settings, partition: int, name: str) -> list[str]:
    """Six sites whose records stand in that partition."""
    named = (f"{name}-{number}.example" for number in range(1000))
    return list(islice((each for each in named if broker.partition_for(each, settings.partitions) == partition), 6))


@asynccontextmanager
async def held(settings: Settings) -> AsyncIterator[Memories]:
    """The memory of a worker that has partition 0 and has read it."""
    memories = Memories("test", MEMORY, settings)
    memories.assign([0])
    memories.start()
    probe = message("probe.example")
    memories.learn(probe, lesson(1, 2, 3))
    await asyncio.to_thread(until, lambda: known(memories, ["probe.example"]))
    yield memories


def known(memories: Memories, sites: list[str]) -> set[str]:
    return {site for site in sites if memories.advised(message(site)).advice is not None}


def test_lessons_before_the_reading_wait_for_it_and_what_is_handed_over_is_read_by_the_next(kafka: Settings) -> None:
    [site, *_] = sites_of(kafka, 0, "early")

    async def learn() -> None:
        memories = Memories("test", MEMORY, kafka)
        memories.learn(message(site), lesson(5, 6, 7))  # nothing is assigned yet: lost
        memories.assign([0])
        memories.learn(message(site), lesson(8, 9, 10))  # waits
        assert not known(memories, [site])
        memories.start()
        await asyncio.to_thread(until, lambda: known(memories, [site]))
        memories.learn(message(site), lesson(11, 12, 13))
        await memories.hand_over()
        memories.assign([1])
        assert not known(memories, [site])

    async def read() -> bytes | None:
        async with held(kafka) as memories:
            return memories.advised(message(site)).advice

    asyncio.run(asyncio.wait_for(learn(), 60))
    first = MEMORY.learn(site, None, lesson(8, 9, 10))
    assert asyncio.run(asyncio.wait_for(read(), 60)) == MEMORY.learn(site, first, lesson(11, 12, 13))


def test_a_worker_forgets_the_longest_untouched_sites_and_the_topic_does_not(
    kafka: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.memories.MOST_KNOWN", 4)
    sites = sites_of(kafka, 0, "many")

    async def learn() -> set[str]:
        async with held(kafka) as memories:
            for site in sites[:4]:
                memories.learn(message(site), lesson(5, 6, 7))
            await memories.hand_over()
            for site in (sites[0], *sites[4:]):
                memories.learn(message(site), lesson(8, 9, 10))
            return known(memories, sites)

    assert asyncio.run(asyncio.wait_for(learn(), 60)) == {sites[0], *sites[3:]}
    assert [stories_remembered(kafka, site) for site in sites[:4]] == [1, 1, 1, 1]


def test_what_cannot_be_written_is_written_when_the_broker_is_back(
    kafka: Settings, broker_process: local.Kafka
) -> None:
    [site, *_] = sites_of(kafka, 0, "away")

    async def learn() -> None:
        async with held(kafka) as memories:
            broker_process.stop()
            started = time.monotonic()
            memories.learn(message(site), lesson(5, 6, 7))
            await memories.hand_over()
            assert time.monotonic() - started < 2  # the caller does not wait for the broker
            assert known(memories, [site])
            broker_process.start(lambda _: None)
            await asyncio.to_thread(until, lambda: stories_remembered(kafka, site), 90)

    asyncio.run(learn())


def test_a_memory_that_breaks_is_an_error_in_the_log_and_no_end_of_the_stage(
    kafka: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def break_off() -> None:
        async with held(kafka) as memories:
            monkeypatch.setattr(broker, "Publisher", None)  # a bug: it cannot be called
            memories.learn(message("broken.example"), lesson(5, 6, 7))
            await asyncio.to_thread(until, lambda: "neither read nor written" in caplog.text)
            assert known(memories, ["broken.example"])

    asyncio.run(break_off())
