"""The command as a user meets it: a process with arguments, exit codes, and one clear line when something is wrong."""

import contextlib
import gzip
import json
import lzma
import os
import pty
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from services import __version__
from tests.demo_site import FOLDER as DEMO

PAGE = DEMO / "brackwater-wire" / "item" / "261018-02.txt"
STORY = (
    "Fishermen in the port of Sandmouth landed forty tonnes of herring before dawn on Friday, the harbour office said."
)
FLAT = PAGE.read_text()
NOBODY = {"DATELINE_BROKERS": "127.0.0.1:9"}


def dateline(
    *arguments: str | Path, given: bytes = b"", variables: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    environment |= variables or {}
    return subprocess.run(
        [sys.executable, "-m", "services.cli", *map(str, arguments)], input=given, capture_output=True, env=environment,
        check=False, timeout=120,
    )  # fmt: skip


def test_clean_prints_the_article_as_one_json_line_when_piped() -> None:
    ran = dateline("clean", PAGE)
    [line] = ran.stdout.splitlines()
    assert json.loads(line)["credit_line"] == "(BRW with inputs from agencies)"
    assert ran.returncode == 0


def test_extract_prints_an_event_a_line_and_the_same_from_standard_input() -> None:
    file, piped = dateline("extract", PAGE), dateline("extract", "-", given=PAGE.read_bytes())
    ids = [[json.loads(line)["event_id"] for line in ran.stdout.splitlines()] for ran in (file, piped)]
    assert ids[0] == ids[1] != []


def test_extract_explains_each_event_by_the_lexicons_lines_and_the_rules() -> None:
    shown = dateline("extract", "--explain", PAGE).stdout.decode()
    assert "lexicon.tsv:" in shown
    assert "roles.roles" in shown
    assert "confidence" in shown
    assert dateline("extract", "--explain", "--json", PAGE).returncode == 2


def test_a_page_and_a_batch_keep_what_is_as_sure_as_the_setting_asks(tmp_path: Path) -> None:
    every = [json.loads(line) for line in dateline("extract", PAGE).stdout.splitlines()]
    least = max(event["confidence"] for event in every)
    sure = [event["event_id"] for event in every if event["confidence"] >= least]
    asked = {"DATELINE_MIN_CONFIDENCE": str(least)}
    page = dateline("extract", PAGE, variables=asked)
    line = batch_file(tmp_path, {"id": "flat", "text": FLAT})
    batch = dateline("extract", "--batch", line, "--workers", "1", variables=asked)
    assert (
        [json.loads(event)["event_id"] for event in page.stdout.splitlines()] == sure != [e["event_id"] for e in every]
    )
    assert {event["confidence"] for event in json.loads(batch.stdout)["events"]} == {least}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("extract", "no-such-file.html"), 1, "No such file"),
        (("clean",), 2, "give one page"),
        (("clean", ""), 2, "give one page"),
        (("clean", PAGE, "--explain", "--html", "no-such-folder/out.html"), 1, "no-such-folder/out.html: No such file"),
        (("tail", "nonsense"), 2, "no topic 'nonsense'"),
        (("replay", "pages"), 2, "no topic of dead letters"),
        (("sources", "add", "ftp://example.org/"), 2, "no http(s) address"),
        (("sources", "add", "http://"), 2, "no URL"),
        (("sources", "add", "http://[::1"), 2, "no URL"),
        (("sources", "add", "http://a b/"), 2, "no URL"),
        (("sources", "add", "http://example.org/"), 69, "no Kafka"),
        (("clean", "a.html", "--workers", "2"), 2, "--workers is for a batch"),
        (("clean", "--batch", "a.jsonl", "--url", "http://a.example/"), 2, "for one page"),
        (("clean", "--batch", "none.jsonl"), 1, "none.jsonl: No such file or directory"),
        (("topics", "show"), 69, "no Kafka at 127.0.0.1:9"),
        (("sources", "list"), 69, "no Kafka at 127.0.0.1:9"),
        (("clean", "http://127.0.0.1:9/"), 1, "blocked_address"),
    ],
)
def test_what_goes_wrong_is_one_line_with_its_exit_code(
    arguments: tuple[str | Path, ...], code: int, says: str
) -> None:
    ran = dateline(*arguments, variables=NOBODY)
    said = ran.stderr.decode()
    assert says in said
    assert (ran.returncode, len(said.strip().splitlines())) == (code, 1)
    assert said.startswith("dateline: ")


def test_a_rejected_page_is_one_line_and_exit_1() -> None:
    ran = dateline("clean", "-", given=b"%PDF-1.4 \x00\x01\x02")
    assert ran.returncode == 1
    assert b"rejected, not_text" in ran.stderr


def test_a_misspelt_setting_is_exit_78() -> None:
    ran = dateline("settings", variables={"DATELINE_BROKER": "x"})
    assert (ran.returncode, b"DATELINE_BROKER" in ran.stderr) == (78, True)


def test_help_shows_examples_and_every_command_its_own_help() -> None:
    assert b"examples:" in dateline("--help").stdout
    for command in (
        "demo",
        "up",
        "run",
        "topics",
        "sources",
        "tail",
        "replay",
        "clean",
        "extract",
        "settings",
    ):
        assert dateline(command, "--help").returncode == 0


def test_version_and_settings_are_printed() -> None:
    assert dateline("--version").stdout.decode().strip() == f"dateline {__version__}"
    said = dateline("settings", variables={"DATELINE_DELAY": "2"}).stdout.decode()
    assert "DATELINE_DELAY            2.0 (default 5.0)" in said
    assert "DATELINE_BROKERS          localhost:9092" in said


def batch_file(folder: Path, *lines: object) -> Path:
    file = folder / "pages.jsonl.xz"
    file.write_bytes(lzma.compress(b"\n".join(json.dumps(each).encode() for each in lines)))
    return file


def test_a_batch_answers_every_line_in_order_and_goes_on_after_a_rejected_page(tmp_path: Path) -> None:
    html = (DEMO / "harbour-post/world/2026/10/geneva-prisoner-swap.html").read_text("utf8")
    good = [{"id": f"page-{n}", "url": f"http://a.example/{n}", "html": html} for n in range(12)]
    lines = [
        *good[:5],
        {"id": "empty", "html": " "},
        {"id": "none"},
        *good[5:],
        {"id": "flat", "text": PAGE.read_text()},
    ]
    ran = dateline("clean", "--batch", batch_file(tmp_path, *lines), "--workers", "2")
    out = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [each["id"] for each in out] == [each["id"] for each in lines]
    assert {each["id"]: each["error"]["reason"] for each in out if "error" in each} == {
        "empty": "empty",
        "none": "broken_contract",
    }
    assert out[0]["headline"].startswith("Quenland and Vessaria")
    assert ran.returncode == 0
    assert b"15 pages" in ran.stderr
    assert b"2 rejected" in ran.stderr


def test_a_line_of_the_wrong_shape_is_the_callers_mistake_and_no_bug() -> None:
    lines = [
        {"id": "url", "url": 7, "text": "x"},
        {"id": "time", "fetched_at": "soon", "text": "x"},
        {"id": "body", "html": 3},
    ]
    given = "\ufeff".encode() + b"\n".join(json.dumps(each).encode() for each in lines)
    out = [
        json.loads(line)
        for line in dateline("clean", "--batch", "-", "--workers", "1", given=given).stdout.splitlines()
    ]
    assert [(each["id"], each["error"]["reason"]) for each in out] == [
        ("url", "broken_contract"),
        ("time", "broken_contract"),
        ("body", "broken_contract"),
    ]


@pytest.mark.parametrize("number", ["0", "-1", "two"])
def test_a_number_below_one_is_wrong_usage(number: str) -> None:
    assert dateline("clean", "--batch", "a.jsonl", "--workers", number).returncode == 2
    assert dateline("tail", "events", "--count", number).returncode == 2


def test_a_strict_batch_with_a_rejected_page_exits_with_1(tmp_path: Path) -> None:
    assert dateline("clean", "--batch", batch_file(tmp_path, {"id": 1, "html": ""}), "--strict").returncode == 1


def test_a_batch_of_clean_articles_gives_article_and_events(tmp_path: Path) -> None:
    line = {
        "id": "given",
        "headline": "Raid kills four",
        "body": "Soldiers killed four rebels in Nairobi on Saturday, police said.",
        "published": "2026-10-18",
    }
    ran = dateline("extract", "--batch", batch_file(tmp_path, line), "--workers", "1")
    [out] = [json.loads(each) for each in ran.stdout.splitlines()]
    assert (out["id"], out["article"]["headline"]) == ("given", "Raid kills four")
    claims = [claim for event in out["events"] for claim in event["claims"]]
    assert [(each["kind"], each["min"], each["max"]) for each in claims] == [("dead", 4, 4)]
    assert {event["date"]["value"] for event in out["events"] if event["date"]} == {"2026-10-17"}


def test_a_batch_that_is_no_archive_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl.xz"
    broken.write_bytes(b"no xz at all")
    ran = dateline("clean", "--batch", broken)
    assert ran.returncode == 1
    assert b"broken.jsonl.xz" in ran.stderr


def test_a_rejected_page_is_counted_whatever_its_id(tmp_path: Path) -> None:
    lines = [
        {"id": "http://example.org/" + "x" * 400, "html": ""},
        {"id": {"error": {"reason": "none"}}, "text": FLAT},
    ]
    ran = dateline("clean", "--batch", batch_file(tmp_path, *lines), "--workers", "1")
    assert b"2 pages" in ran.stderr
    assert b"1 rejected" in ran.stderr


def test_a_line_with_a_lone_surrogate_is_a_page_like_any_other() -> None:
    given = json.dumps({"id": "half \ud800", "text": FLAT.replace(" the ", " \udc00 ")}).encode()
    [line] = dateline("clean", "--batch", "-", "--workers", "1", given=given).stdout.splitlines()
    assert json.loads(line)["id"] == "half ?"
    assert " ? " in json.loads(line)["body"]


def test_a_batch_that_is_packed_wrongly_in_the_middle_ends(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl.gz"
    broken.write_bytes(gzip.compress(b"")[:10] + b"\xff" * 20)  # a header, then a block of no known type
    ran = dateline("clean", "--batch", broken, "--workers", "1")
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert b"broken.jsonl.gz: " in ran.stderr


def test_on_a_terminal_every_line_of_a_pipe_is_answered_and_a_broken_file_named(tmp_path: Path) -> None:
    piped, broken = tmp_path / "pages.jsonl", tmp_path / "broken.jsonl.xz"
    os.mkfifo(piped)
    broken.write_bytes(b"no xz at all")
    with seen_by_a_terminal("clean", "--batch", str(piped), "--workers", "1") as (running, _):
        piped.write_text("".join(json.dumps({"id": number, "text": STORY}) + "\n" for number in range(3)))
        assert [json.loads(line)["id"] for line in running.communicate(timeout=60)[0].splitlines()] == [0, 1, 2]
    with seen_by_a_terminal("clean", "--batch", str(broken), "--workers", "1") as (running, terminal):
        assert running.wait(60) == 1
        assert b"dateline: " in os.read(terminal, 10_000)


def test_names_and_locales_of_other_charsets_are_no_trouble_and_what_is_piped_is_utf_8(tmp_path: Path) -> None:
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    file.write_text(FLAT, encoding="utf-8")
    poor = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    [line] = dateline("clean", file, variables=poor).stdout.splitlines()
    assert not json.loads(line)["body"].isascii()
    assert "host:port,…" in dateline("settings", variables=poor).stdout.decode()


@pytest.mark.parametrize("what", ["clean", "extract"])
def test_an_interrupt_while_the_children_start_is_exit_130_and_no_traceback(what: str) -> None:
    command = [sys.executable, "-m", "services.cli", what, "--batch", "-"]  # which ends by the interrupt alone
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stderr=pipe, start_new_session=True) as running:
        while not any("multiprocessing.forkserver" in each for each in in_session(running.pid)):
            time.sleep(0.01)
        os.killpg(running.pid, signal.SIGINT)
        assert (running.communicate(timeout=60)[1], running.returncode) == (b"", 130)


def in_session(leader: int) -> list[str]:
    """The commands of the processes in a session."""
    listed = subprocess.run(["ps", "-o", "args=", "-s", str(leader)], capture_output=True, text=True, check=False)
    return listed.stdout.splitlines()


@contextlib.contextmanager
def seen_by_a_terminal(*arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The command as it runs, its standard error a terminal, and what shows there."""
    shown, terminal = pty.openpty()
    command = [sys.executable, "-m", "services.cli", *arguments]
    try:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal) as running:
            yield running, shown
    finally:
        os.close(terminal)
        os.close(shown)


def test_what_was_read_of_a_broken_archive_is_answered(tmp_path: Path) -> None:
    whole = gzip.compress(b"".join(json.dumps({"id": n, "text": f"{STORY} {n}"}).encode() + b"\n" for n in range(40)))
    broken = tmp_path / "broken.jsonl.gz"
    broken.write_bytes(whole[: len(whole) * 3 // 4])
    ran = dateline("clean", "--batch", broken, "--workers", "2")
    readable = zlib.decompressobj(wbits=31).decompress(broken.read_bytes()).count(b"\n")
    assert [json.loads(line)["id"] for line in ran.stdout.splitlines()] == list(range(readable))
    assert ran.returncode == 1
    assert b"broken.jsonl.gz: " in ran.stderr


def test_a_slow_writer_gets_its_answers_as_it_goes() -> None:
    command = [sys.executable, "-m", "services.cli", "clean", "--batch", "-", "--workers", "2"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for number in range(3):
            running.stdin.write(json.dumps({"id": number, "text": STORY}).encode() + b"\n")
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["id"] == number
        running.stdin.close()
        assert running.wait(30) == 0


def test_a_full_disk_is_named_as_what_it_is() -> None:
    command = [sys.executable, "-m", "services.cli", "clean", str(PAGE)]
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)
    assert (ran.returncode, ran.stderr) == (1, b"dateline: No space left on device\n")
