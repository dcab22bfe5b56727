"""`dateline demo` and `dateline up`: Kafka, the demo site and the three services as processes of this machine."""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from services import broker, contracts, local, topics
from services.cli import registry, terminal
from services.contracts import Event, EventSet, FetchState, FoundUrl
from services.settings import Settings, read
from services.stage import Message

SITE = Path(__file__).parents[2] / "deploy" / "demo" / "site.py"
SERVICES = ("fetcher", "cleaner", "extractor")
USUAL_PORT = 9092
PATIENCE = 180.0  # seconds without any progress after which the demo says that it failed
DELAY = 0.5  # the demo site is ours: it need not be spared as long as a stranger's


class DemoFailed(Exception):
    """The demo did not come to its end."""


@dataclass
class Progress:
    """What has been seen on the topics: enough to tell when every page has become events."""

    sources: frozenset[str]
    begun: set[str] = field(default_factory=set)
    urls: set[str] = field(default_factory=set)
    fetched: dict[str, str] = field(default_factory=dict)
    pages: set[bytes | None] = field(default_factory=set)
    articles: set[bytes | None] = field(default_factory=set)
    dead: set[bytes | None] = field(default_factory=set)
    sets: dict[bytes | None, EventSet] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    told: int = 0

    def see(self, message: Message) -> None:
        """Notes a record; one that comes again, after a restart, counts once."""
        ident = message.header("ce_id")
        match message.topic:
            case topics.URLS.name:
                found = contracts.decode(message.value, FoundUrl)
                self.urls.add(found.url)
                self.begun.add(found.source_id or "")
            case topics.FETCH_STATE.name:
                state = contracts.decode(message.value, FetchState)
                if state.outcome != "waiting":
                    self.fetched[state.url] = state.outcome
            case topics.PAGES.name:
                self.pages.add(ident)
            case topics.ARTICLES.name:
                self.articles.add(ident)
            case topics.EVENTS.name if message.value is not None:
                event = contracts.decode(message.value, Event)
                self.events[event.event_id] = event
            case topics.EVENT_SETS.name:
                self.sets[ident] = contracts.decode(message.value, EventSet)
            case topics.PAGES.dead.name | topics.ARTICLES.dead.name:
                self.dead.add(ident)

    def done(self) -> Iterator[EventSet]:
        """The event sets not returned before whose events have all been seen: topics come in no order."""
        for made in list(self.sets.values())[self.told :]:
            if not self.events.keys() >= set(made.event_ids):
                return
            self.told += 1
            yield made

    @property
    def finished(self) -> bool:
        """Whether all sources were read, all their links fetched, and all pages became events or dead letters."""
        return (
            self.sources <= self.begun
            and self.urls <= self.fetched.keys()
            and len(self.pages) == sum(self.fetched[url] == "ok" for url in self.urls)
            and len(self.pages) == len(self.sets) + len(self.dead)
        )

    def of(self, made: EventSet) -> list[Event]:
        """The events that hold for an article, in the order of its text."""
        return [self.events[ident] for ident in made.event_ids]

    def __str__(self) -> str:
        outcomes = Counter(self.fetched[url] for url in sorted(self.urls & self.fetched.keys()))
        fetched = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common()) or "none yet"
        return (
            f"{len(self.urls)} links ({fetched}) · {len(self.pages)} pages · {len(self.articles)} articles · "
            f"{len(self.events)} events · {len(self.dead)} dead letters"
        )


@dataclass(frozen=True, kw_only=True)
class Running:
    """The pipeline as it runs: its settings, its folder, the ids of the demo's sources."""

    settings: Settings
    folder: Path
    sources: frozenset[str]


@contextmanager
def pipeline(said: Callable[[str], None], ours: Settings, *, port: int | None = None) -> Iterator[Running]:
    """Kafka, the demo site and the three services, all gone when the context is left. Raises LocalFailed.

    They run with the settings `ours`, but for the broker's address, the health ports, and that loopback may be fetched.
    """
    folder = Path(tempfile.mkdtemp(prefix="dateline-"))
    with ExitStack() as stack:
        stack.push(
            lambda kind, _, __: shutil.rmtree(folder, ignore_errors=True) if kind in {None, KeyboardInterrupt} else None
        )
        kafka = stack.enter_context(local.Kafka(folder / "kafka", port))
        kafka.start(said)
        settings = replace(ours, brokers=kafka.address, allow_private=True, health_port=0)
        local.create_topics(settings, said)
        site = stack.enter_context(_site(folder))
        supervisor = local.Supervisor(folder)
        stack.callback(supervisor.stop)
        supervisor.start(*(_service(name, settings, said) for name in SERVICES))
        with broker.Publisher(settings, "demo") as publisher:
            sources = [registry.add(publisher, url, datetime.now(UTC)) for url in site]
        stack.callback(said, "stopping")
        yield Running(settings=settings, folder=folder, sources=frozenset(each.source_id for each in sources))


@contextmanager
def _site(folder: Path) -> Iterator[list[str]]:
    """The demo site's four publishers; yields the addresses of their feeds, sitemap and list."""
    with (folder / "site.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, str(SITE), "--host", "127.0.0.1", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
            preexec_fn=local.die_with_parent,  # noqa: PLW1509 - one system call, no locks
        )
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline().decode().split("\t") for _ in range(4)]
        if any(len(line) < 3 for line in lines):  # noqa: PLR2004 - name, address, source
            raise local.LocalFailed(f"the demo site did not start: {(folder / 'site.log').read_text()}")
        yield [line[2].strip() for line in lines]
    finally:
        local.end(process)


def _service(name: str, settings: Settings, said: Callable[[str], None]) -> local.Command:
    port = local.free_port()
    said(f"{name}: http://127.0.0.1:{port}/metrics (and /healthz, /readyz)")
    environment = local.environment_of(settings) | {"DATELINE_HEALTH_PORT": str(port), "DATELINE_MEMBER": f"{name}-1"}
    return local.Command(name=name, arguments=("-m", "services.cli", "run", name), environment=environment)


def demo(*, as_json: bool) -> None:
    """Runs the pipeline over the demo site once and prints its events. Raises DemoFailed and LocalFailed."""
    out, err = terminal.console(), terminal.console(stderr=True)
    started = time.monotonic()
    with pipeline(_sayer(err), replace(read(), delay=DELAY)) as running:
        progress = _await_end(running, err)
        _print(progress, out, as_json=as_json)
    took = time.monotonic() - started
    err.print(f"{progress} in {took:.0f} s; everything is stopped and removed", style="bold")


def up() -> None:
    """Runs the pipeline on the demo site until interrupted, printing each article's events as they come."""
    out, err = terminal.console(), terminal.console(stderr=True)
    port = USUAL_PORT if _is_free(USUAL_PORT) else None
    with suppress(KeyboardInterrupt), pipeline(_sayer(err), read(), port=port) as running:
        address = running.settings.brokers
        export = "" if address.endswith(f":{USUAL_PORT}") else f"export DATELINE_BROKERS={address}; "
        err.print(f"logs in {running.folder}", style="bold")
        err.print(f"in another terminal: {export}{Path(sys.argv[0]).parent}/dateline sources add URL", style="bold")
        err.print("Ctrl-C stops everything", style="bold")
        progress = Progress(sources=running.sources)
        for message in _follow(running.settings):
            if message is not None:
                progress.see(message)
                _tell_fetch(message, err)
            for made in progress.done():
                out.print(
                    terminal.events_table(progress.of(made)) if made.event_ids else f"{made.article_id}: no events"
                )


def _tell_fetch(message: Message, err: Console) -> None:
    """A line for a link or source that brought nothing, or that could not be had."""
    if message.topic in (topics.FETCH_STATE.name, topics.SOURCE_STATES.name) and message.value is not None:
        state = contracts.decode(message.value, FetchState)
        if state.outcome not in {"ok", "unchanged", "not_modified", "waiting", "duplicate"}:
            err.print(f"{state.url}: {state.outcome} {state.detail or ''}", markup=False)
    elif message.topic.endswith(".dead"):
        reason = (message.header("dateline.error.reason") or b"").decode()
        err.print(f"{(message.key or b'').decode(errors='replace')}: rejected, {reason}", markup=False)


def _await_end(running: Running, err: Console) -> Progress:
    progress, moved, spoken = Progress(sources=running.sources), time.monotonic(), 0.0
    with err.status("waiting for the first links") as status:
        for message in _follow(running.settings):
            now = time.monotonic()
            if message is not None:
                progress.see(message)
                moved = now
            elif progress.finished:
                break
            elif now - moved > PATIENCE:
                raise DemoFailed(f"nothing moved for {PATIENCE:.0f} s ({progress}); logs in {running.folder}")
            status.update(str(progress))
            if not err.is_terminal and now - spoken > 5:  # noqa: PLR2004 - a line each five seconds
                err.print(str(progress))
                spoken = now
    return progress


def _follow(settings: Settings) -> Iterator[Message | None]:
    watched = (each for each in topics.TOPICS if each not in (topics.SOURCES, topics.SITES))
    return broker.follow(settings, *watched, from_start=True)


def _print(progress: Progress, out: Console, *, as_json: bool) -> None:
    for made in progress.sets.values():
        if as_json:
            for event in progress.of(made):
                sys.stdout.write(contracts.encode(event).decode() + "\n")
        elif made.event_ids:
            out.print(terminal.events_table(progress.of(made)))
    sys.stdout.flush()


def _sayer(err: Console) -> Callable[[str], None]:
    started = time.monotonic()
    return lambda text: err.print(f"[{time.monotonic() - started:5.1f} s] {text}", markup=False)


def _is_free(port: int) -> bool:
    with socket.socket() as probe, suppress(OSError):
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return True
    return False
