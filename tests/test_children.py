"""Children die, stall and eat memory; the pool answers with a reason and goes on."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from services import topics
from services.children import Children, ChildrenBroken, Limits, Seen
from services.contracts import BrokenContract
from services.stage import Message, Outcome, Reason, Record, Rejected, Stage

LIMITS = Limits(seconds=1.0, memory=1 << 31)


def work(message: Message) -> Outcome:
    match message.value:
        case b"hang":
            time.sleep(60)
        case b"eat":
            bytearray(1 << 40)
        case b"die":
            os._exit(1)
        case b"bug":
            return Outcome(counts={("zero", "divided"): 1 // 0})
        case b"broken":
            raise BrokenContract("no such thing")
        case b"reject":
            raise Rejected(Reason.EMPTY, "nothing there")
    return Outcome(records=(Record(topic=topics.ARTICLES, key=None, value=message.value, place=str(os.getpid())),))


def refuse_to_start() -> None:
    raise RuntimeError("no model here")


STAGE = Stage(name="test", source=topics.PAGES, work=work)


def message(value: bytes) -> Message:
    return Message(topic="t", partition=0, offset=0, key=None, value=value)


def with_children(test: Callable[[Children], Coroutine[Any, Any, None]], count: int = 1) -> list[int]:
    """Runs the test with a pool and returns the number of replacements."""
    replaced: list[int] = []

    async def run() -> None:
        children = Children(STAGE, LIMITS, Seen(replaced=lambda: replaced.append(1)))
        await children.start(count)
        try:
            await test(children)
        finally:
            children.kill()

    asyncio.run(run())
    return replaced


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"hang", Reason.TIMEOUT),
        (b"eat", Reason.MEMORY),
        (b"die", Reason.CRASH),
        (b"bug", Reason.BUG),
        (b"broken", Reason.BROKEN_CONTRACT),
        (b"reject", Reason.EMPTY),
    ],
)
def test_every_way_to_fail_has_its_reason_and_the_next_message_is_done(value: bytes, reason: Reason) -> None:
    async def test(children: Children) -> None:
        with pytest.raises(Rejected) as rejected:
            await children.work(message(value))
        assert rejected.value.reason is reason
        assert (await children.work(message(b"next"))).records[0].value == b"next"

    replaced = with_children(test)
    assert bool(replaced) == (reason in {Reason.TIMEOUT, Reason.MEMORY, Reason.CRASH})


def test_a_bug_is_kept_with_its_traceback() -> None:
    async def test(children: Children) -> None:
        with pytest.raises(Rejected, match="ZeroDivisionError"):
            await children.work(message(b"bug"))

    with_children(test)


def test_work_is_done_outside_this_process_and_side_by_side() -> None:
    async def test(children: Children) -> None:
        both = await asyncio.gather(*(children.work(message(b"x" * size)) for size in [1, 6 << 20] * 4))
        pids = {each.records[0].place for each in both}
        assert pids <= {str(pid) for pid in children.pids}
        assert str(os.getpid()) not in pids

    with_children(test, count=2)


def test_a_stage_that_cannot_prepare_is_an_error_and_no_endless_wait() -> None:
    async def run() -> None:
        children = Children(Stage(name="test", source=topics.PAGES, work=work, prepare=refuse_to_start), LIMITS, Seen())
        with pytest.raises(ChildrenBroken):
            await children.start(1)
        with pytest.raises(ChildrenBroken):
            await children.work(message(b"x"))
        children.kill()

    asyncio.run(run())


def test_no_child_outlives_the_pool() -> None:
    pids: list[int] = []

    async def test(children: Children) -> None:
        pids.extend(children.pids)

    with_children(test, count=2)
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(pids) == 2
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_a_child_that_dies_while_it_is_idle_costs_no_message() -> None:
    async def work_after_a_kill(children: Children) -> None:
        await children.work(message(b"warm"))
        for pid in children.pids:
            os.kill(pid, signal.SIGKILL)
        await asyncio.sleep(0.2)
        assert (await children.work(message(b"innocent"))).records[0].value == b"innocent"

    assert with_children(work_after_a_kill) == [1]
