"""Worker processes with limits of time and memory: one page cannot take a worker down. Knows nothing of Kafka.

A child gets length-prefixed pickles over a socket pair and answers each with one. It ends when its parent does (end of
file), when it takes too long (the parent kills it; an alarm of its own is the second line) and when memory runs out.
"""

import asyncio
import logging
import multiprocessing
import os
import pickle
import resource
import signal
import socket
import struct
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing import forkserver, resource_tracker

from services.contracts import BrokenContract
from services.stage import Message, Outcome, Reason, Rejected, Stage

log = logging.getLogger("dateline.children")

LENGTH = struct.Struct("!I")
READY = Outcome()
PREPARE = 120.0  # seconds until a new child must be ready: it may load a model
Answer = Outcome | Rejected


class ChildrenBroken(Exception):
    """A child could not be started: the worker cannot go on."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one message may cost: wall-clock seconds, and bytes of address space of the whole child."""

    seconds: float
    memory: int


def _unseen(*_: object) -> None:
    """Nobody looks."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Who is told of a replaced child, and of the seconds that a message took in its child."""

    replaced: Callable[[], None] = _unseen
    worked: Callable[[float], None] = _unseen


class Children:
    """A pool of children that all do one stage's work."""

    def __init__(self, stage: Stage, limits: Limits, seen: Seen) -> None:
        self._stage = stage
        self._limits = limits
        self._seen = seen
        self._context = multiprocessing.get_context("forkserver")
        work = stage.work.func if isinstance(stage.work, partial) else stage.work
        self._context.set_forkserver_preload([work.__module__])
        self._all: set[_Child] = set()
        self._idle: asyncio.Queue[_Child | ChildrenBroken] = asyncio.Queue()
        self._starting: set[asyncio.Task[None]] = set()

    async def start(self, count: int) -> None:
        """Starts the children and returns when the first is ready. Raises ChildrenBroken if it does not get ready."""
        _start_fork_server()
        for _ in range(count):
            self._add()
        first = await self._idle.get()
        self._idle.put_nowait(first)
        if isinstance(first, ChildrenBroken):
            raise first

    async def work(self, message: Message) -> Outcome:
        """The outcome of the stage's work, done in a child. Raises Rejected, also for a child that died or stalled."""
        child = await self._living()
        healthy, started = False, time.monotonic()
        try:
            answer = await asyncio.wait_for(child.ask(message), self._limits.seconds)
            healthy = not (isinstance(answer, Rejected) and answer.reason is Reason.MEMORY)
        except TimeoutError:
            answer = Rejected(Reason.TIMEOUT, f"no answer within {self._limits.seconds:g} s")
        except (asyncio.IncompleteReadError, OSError):
            answer = Rejected(Reason.CRASH, "the child process died")
        finally:
            self._seen.worked(time.monotonic() - started)
            if healthy:
                self._idle.put_nowait(child)
            else:
                self._replace(child)
        if isinstance(answer, Rejected):
            raise answer
        return answer

    async def _living(self) -> "_Child":
        """An idle child; one that died while it was idle is replaced and costs no message."""
        while True:
            child = await self._idle.get()
            if isinstance(child, ChildrenBroken):
                self._idle.put_nowait(child)
                raise child
            if not child.gone:
                return child
            self._replace(child)

    def kill(self) -> None:
        """Ends all children at once, whatever they do."""
        for task in self._starting:
            task.cancel()
        for child in self._all:
            child.kill()
        self._all.clear()

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the children, ready or not."""
        return tuple(child.pid for child in self._all)

    def _replace(self, child: "_Child") -> None:
        child.kill()
        if child in self._all:  # not while all are being killed
            self._all.discard(child)
            self._seen.replaced()
            self._add()

    def _add(self) -> None:
        child = _Child(self._context, self._stage, self._limits)
        self._all.add(child)
        task = asyncio.get_running_loop().create_task(self._welcome(child))
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _welcome(self, child: "_Child") -> None:
        try:
            await asyncio.wait_for(child.ready(), PREPARE)
            self._idle.put_nowait(child)
        except (TimeoutError, asyncio.IncompleteReadError, OSError) as error:
            self._idle.put_nowait(ChildrenBroken(f"a child did not get ready: {type(error).__name__}"))


def _start_fork_server() -> None:
    """Starts the fork server deaf to Ctrl-C, which reaches all of the group: it would die of it while it imports."""
    resource_tracker.ensure_running()  # first, for it unblocks what is blocked
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Child:
    """One child process, seen from its parent."""

    def __init__(self, context: multiprocessing.context.ForkServerContext, stage: Stage, limits: Limits) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = context.Process(
                target=_serve, args=(theirs, stage, limits), name=f"dateline-{stage.name}", daemon=True
            )
            self._process.start()
        self._socket = ours
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def gone(self) -> bool:
        return self._streams is None or self._streams[0].at_eof()

    async def ready(self) -> None:
        self._streams = await asyncio.open_connection(sock=self._socket)
        await self._answer()

    async def ask(self, message: Message) -> Answer:
        if self._streams is None:
            raise ConnectionError("the child is not ready")
        frame = pickle.dumps(message, protocol=5)
        self._streams[1].write(LENGTH.pack(len(frame)) + frame)
        await self._streams[1].drain()
        return await self._answer()

    async def _answer(self) -> Answer:
        if self._streams is None:
            raise ConnectionError("the child is not ready")
        length = LENGTH.unpack(await self._streams[0].readexactly(LENGTH.size))[0]
        answer: Answer = pickle.loads(await self._streams[0].readexactly(length))  # noqa: S301 - our own child wrote it
        return answer

    def kill(self) -> None:
        self._process.kill()
        if self._streams is not None:
            self._streams[1].close()
        else:
            self._socket.close()


def _serve(link: socket.socket, stage: Stage, limits: Limits) -> None:
    """The child: answers until its parent is gone."""
    for each in (signal.SIGINT, signal.SIGTERM):  # they may reach the whole process group; the parent decides
        signal.signal(each, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    stage.prepare()
    with link, link.makefile("rb") as questions:
        _send(link, READY)
        while head := questions.read(LENGTH.size):
            message: Message = pickle.loads(questions.read(LENGTH.unpack(head)[0]))  # noqa: S301 - our parent wrote it
            signal.setitimer(signal.ITIMER_REAL, limits.seconds + 1)
            answer = answer_to(stage, message)
            signal.setitimer(signal.ITIMER_REAL, 0)
            _send(link, answer)
            if isinstance(answer, Rejected) and answer.reason is Reason.MEMORY:
                os._exit(1)  # what a failed allocation left behind cannot be trusted


def _send(link: socket.socket, answer: Answer) -> None:
    frame = pickle.dumps(answer, protocol=5)
    link.sendall(LENGTH.pack(len(frame)) + frame)


def answer_to(stage: Stage, message: Message) -> Answer:
    """The stage's outcome, or why there is none. Never raises: this is where one page meets the loop."""
    try:
        return stage.work(message)
    except Rejected as rejected:
        return rejected
    except BrokenContract as error:
        return Rejected(Reason.BROKEN_CONTRACT, str(error))
    except MemoryError:
        return Rejected(Reason.MEMORY, "the child's memory did not suffice")
    except Exception:  # noqa: BLE001 - a bug must not stop the stream: the page is kept with the traceback
        return Rejected(Reason.BUG, traceback.format_exc(limit=-5))
