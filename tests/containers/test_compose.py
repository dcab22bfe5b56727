"""The image and docker-compose.yml as a user starts them, with the demo's publishers to read."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from kafka import KafkaConsumer

from services.local import free_port

ROOT = Path(__file__).parents[2]
PUBLISHERS = {each["name"] for each in json.loads((ROOT / "deploy/demo/site.json").read_text())["publishers"]}
SERVICES = ("fetcher", "cleaner", "extractor")
VARIABLES = """\
KAFKA_PORT={port}
FETCHER_METRICS=
CLEANER_METRICS=
EXTRACTOR_METRICS=
DATELINE_ALLOW_PRIVATE=true
DATELINE_DELAY=0.2
DATELINE_PARTITIONS=4
DATELINE_CHILDREN=1
"""

pytestmark = [pytest.mark.containers, pytest.mark.timeout(1200)]


@dataclass(frozen=True)
class Stack:
    """A compose project of its own: its name and the file with its variables."""

    project: str
    variables: Path

    def compose(self, *arguments: str) -> str:
        """What `docker compose ARGUMENTS` prints; if it fails, so does the test, with all that was said and logged."""
        done = self._run(*arguments)
        if done.returncode != 0:
            pytest.fail(f"docker compose {' '.join(arguments)}: {done.stdout}{done.stderr}\n{self.logs()}")
        return done.stdout.strip()

    def logs(self) -> str:
        """The last words of every service."""
        return self._run("logs", "--no-color", "--tail", "30").stdout

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["docker", "compose", "--project-name", self.project, "--env-file", str(self.variables)]
        command += ["--profile", "demo", *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)

    def inspect(self, service: str, template: str) -> str:
        """A value that Docker knows of the service's container."""
        container = self.compose("ps", "--all", "--quiet", service)
        return subprocess.check_output(["docker", "inspect", "--format", template, container], text=True).strip()

    def metrics(self, service: str) -> str:
        """The service's metrics, from this machine."""
        with urlopen(f"http://{self.compose('port', service, '9464')}/metrics", timeout=10) as answer:
            return str(answer.read().decode())


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Everything built, up and healthy; in the end nothing is left of it."""
    need_docker()
    variables = tmp_path_factory.mktemp("compose") / "variables"
    variables.write_text(VARIABLES.format(port=free_port()))
    up = Stack(project=f"dateline-test-{os.getpid()}", variables=variables)
    try:
        up.compose("build")
        up.compose("up", "--detach", "--wait", "--wait-timeout", "180")
        yield up
    finally:
        up.compose("down", "--volumes", "--remove-orphans", "--timeout", "10")


def need_docker() -> None:
    """Skips where no Docker answers; with CONTAINERS=required that is a failure."""
    for command in (["docker", "version"], ["docker", "compose", "version"]):
        try:
            subprocess.run(command, capture_output=True, check=True, timeout=60)
        except (OSError, subprocess.SubprocessError):
            required = os.environ.get("CONTAINERS") == "required"
            (pytest.fail if required else pytest.skip)(f"`{' '.join(command)}` does not answer: no containers here")


def wait_for(met: Callable[[], bool], *, seconds: float) -> bool:
    """Whether the condition was met in time."""
    end = time.monotonic() + seconds
    while not met():
        if time.monotonic() > end:
            return False
        time.sleep(0.5)
    return True


def consumed(metrics: str) -> float:
    """How many records the service has taken."""
    name = "dateline_messages_consumed_total{"
    return sum(float(line.rpartition(" ")[2]) for line in metrics.splitlines() if line.startswith(name))


def test_a_user_reads_the_events_of_all_four_publishers_from_the_published_port(stack: Stack) -> None:
    consumer = KafkaConsumer(
        "news.events.v1",
        bootstrap_servers=stack.compose("port", "kafka", "9094"),
        auto_offset_reset="earliest",
        consumer_timeout_ms=1000,
    )
    seen: set[str | None] = set()

    def read() -> bool:
        for record in consumer:
            if record.value is not None:  # None takes an event back
                seen.add(urlsplit(json.loads(record.value)["article"]["url"]).hostname)
        return seen >= PUBLISHERS

    try:
        assert wait_for(read, seconds=120), f"events of {seen} only\n{stack.logs()}"
    finally:
        consumer.close()


@pytest.mark.parametrize("service", SERVICES)
def test_the_metrics_on_the_published_port_say_that_a_service_works(stack: Stack, service: str) -> None:
    assert wait_for(lambda: consumed(stack.metrics(service)) > 0, seconds=60), stack.logs()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_can_write_nothing_but_tmp_and_has_no_privileges(stack: Stack, service: str) -> None:
    script = "id -u; touch /app/x /venv/x /tmp/x; ls /*/x; grep -E '^CapBnd|^NoNewPrivs' /proc/self/status"
    said = stack.compose("exec", "-T", service, "sh", "-c", script).split()
    assert said == ["10001", "/tmp/x", "CapBnd:", "0000000000000000", "NoNewPrivs:", "1"]


def test_the_image_holds_neither_pip_nor_a_compiler(stack: Stack) -> None:
    script = "for tool in python dateline pip pip3 gcc cc make; do command -v $tool; done; python -m pip 2>&1; exit 0"
    said = stack.compose("exec", "-T", "cleaner", "sh", "-c", script).split("\n")
    assert said == ["/venv/bin/python", "/usr/local/bin/dateline", "/venv/bin/python: No module named pip"]


def test_a_killed_cleaner_comes_back_by_itself(stack: Stack) -> None:
    # From inside: `docker kill` counts as stopped by hand, after which no restart policy applies.
    stack.compose("exec", "-T", "cleaner", "sh", "-c", "kill -9 $(cat /proc/1/task/1/children)")
    assert wait_for(lambda: stack.inspect("cleaner", "{{.RestartCount}}") == "1", seconds=20)
    healthy = wait_for(lambda: stack.inspect("cleaner", "{{.State.Health.Status}}") == "healthy", seconds=90)
    assert healthy, stack.logs()


@pytest.mark.parametrize("service", SERVICES)
def test_a_stopped_service_is_gone_within_ten_seconds_and_can_start_again(stack: Stack, service: str) -> None:
    started = time.monotonic()
    stack.compose("stop", service)
    took = time.monotonic() - started
    assert stack.inspect(service, "{{.State.ExitCode}}") == "0"
    assert took < 10
    stack.compose("start", service)
