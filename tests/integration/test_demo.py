"""`dateline demo`, run as a user runs it: pages to events, and nothing left behind."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.demo_site import EXPECTED, read
from tests.integration.pipeline import until

pytestmark = pytest.mark.kafka

DEMO = [sys.executable, "-m", "services.cli", "demo", "--json"]


@dataclass(frozen=True)
class Ran:
    """A finished demo."""

    code: int
    events: list[dict[str, Any]]
    said: str
    left: list[str]


def processes(folder: str) -> list[str]:
    """Command lines of processes whose temporary folder is this one."""
    found = []
    for each in Path("/proc").iterdir():
        if not each.name.isdigit():
            continue
        try:
            if f"TMPDIR={folder}".encode() in (each / "environ").read_bytes():
                found.append((each / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # gone meanwhile
    return found


@pytest.fixture(scope="module")
def demo() -> Ran:
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(
            DEMO, capture_output=True, text=True, env=os.environ | {"TMPDIR": folder}, timeout=280, check=False
        )
        left = processes(folder) + [each.name for each in Path(folder).glob("dateline-*")]
    return Ran(ran.returncode, [json.loads(line) for line in ran.stdout.splitlines()], ran.stderr, left)


def test_the_demo_ends_by_itself_and_leaves_neither_process_nor_folder(demo: Ran) -> None:
    assert demo.code == 0, demo.said
    assert demo.left == []


def test_it_names_the_metrics_address_of_every_service(demo: Ran) -> None:
    assert set(re.findall(r"(fetcher|cleaner|extractor): http://127\.0\.0\.1:\d+/metrics", demo.said)) == {
        "fetcher",
        "cleaner",
        "extractor",
    }


def test_every_article_with_listed_events_is_there_and_no_other_page(demo: Ran) -> None:
    paths = {event["article"]["url"].split("/", 3)[3] for event in demo.events}
    wanted = {row["path"].lstrip("/") for row in EXPECTED if row["events"]}
    assert wanted <= paths <= {row["path"].lstrip("/") for row in EXPECTED}


def test_the_events_are_those_that_the_same_pages_give_without_a_broker(demo: Ran) -> None:
    publishers = {row["path"]: row["publisher"] for row in EXPECTED}
    for url in {event["article"]["url"] for event in demo.events}:
        base, path = "/".join(url.split("/", 3)[:3]), "/" + url.split("/", 3)[3]
        ids = {event["event_id"] for event in demo.events if event["article"]["url"] == url}
        assert ids == {event.event_id for event in read(publishers[path], path, base).events}, url


def test_the_agency_story_of_two_papers_is_two_articles(demo: Ran) -> None:
    articles = {event["article"]["id"] for event in demo.events if "tolmeria-earthquake" in event["article"]["url"]}
    assert len(articles) == 2


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_demo_exits_with_0_and_leaves_no_process(tmp_path: Path, signal_number: signal.Signals) -> None:
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    running = subprocess.Popen(DEMO, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    until(lambda: any("services.cli run extractor" in each for each in processes(str(tmp_path))), 60)
    time.sleep(2)
    running.send_signal(signal_number)
    assert running.wait(30) == 0
    assert processes(str(tmp_path)) == []
