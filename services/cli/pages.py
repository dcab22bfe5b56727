"""Pages without Kafka: one of a file, an address or standard input, or a batch of them."""

import argparse
import asyncio
import contextlib
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from services.cli.arguments import Commands, at_least_one
from services.cli.exits import FAILED, OK, USAGE, Failed
from services.settings import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO

    from services.stage import Record


def add_to(commands: Commands) -> None:
    """Adds `clean` and `extract`."""
    for what, says, shows in (
        ("clean", "the article of a page", "every block, kept or left out"),
        ("extract", "the events of a page", "every event, its facts and the rules behind them"),
    ):
        offline = commands.add_parser(what, help=f"{says}, without Kafka: a file, a URL, - or a batch")
        offline.add_argument("page", metavar="FILE|URL|-", nargs="?")
        offline.add_argument("--json", action="store_true", help="JSON lines also on a terminal")
        offline.add_argument("--url", help="the address that the file came from")
        offline.add_argument("--batch", type=Path, metavar="FILE.jsonl[.xz|.gz]", help='{"id", "url", "html"} a line')
        offline.add_argument("--workers", type=at_least_one, help="processes for a batch (default: DATELINE_CHILDREN)")
        offline.add_argument("--strict", action="store_true", help="exit 1 if any page of a batch was rejected")
        offline.add_argument("--explain", action="store_true", help=f"{shows}, with why")
        offline.set_defaults(run=run_offline, what=what, html=None)
        if what == "clean":
            offline.add_argument("--html", type=Path, metavar="OUT.html", help="with --explain: as one HTML file")


def run_offline(asked: argparse.Namespace) -> int:
    """`dateline clean|extract`."""
    if bool(asked.page) == (asked.batch is not None):
        raise Failed("give one page (FILE, URL or -), or --batch FILE", USAGE)
    if asked.batch and (asked.url or asked.json):
        raise Failed("a batch has a URL a line and writes JSON lines: --url and --json are for one page", USAGE)
    if asked.page and asked.workers:
        raise Failed("--workers is for a batch", USAGE)
    if (asked.html and not asked.explain) or (asked.explain and (asked.batch or asked.json)):
        raise Failed("--explain is for one page, --html goes with it, --json does not", USAGE)
    if asked.explain:
        return _explain(asked) if asked.what == "clean" else _explain_events(asked)
    return _batch(asked) if asked.batch else _one(asked)


def _explain(asked: argparse.Namespace) -> int:
    from services import envelope
    from services.cleaner import explain
    from services.cli import terminal

    message = envelope.message_of(_page(asked))
    content_type = (message.header("content-type") or b"").decode("latin-1")
    with _rejections(asked):
        blocks = explain.explained(message.value or b"", envelope.page_meta(message), content_type)
    if asked.html:
        _write(asked.html, explain.as_html(blocks, asked.page))
    else:
        terminal.console().print(explain.as_terminal(blocks))
    return OK


@contextlib.contextmanager
def _rejections(asked: argparse.Namespace) -> "Iterator[None]":
    from services.contracts import BrokenContract
    from services.stage import Rejected

    try:
        yield
    except (Rejected, BrokenContract) as error:
        why = f"{error.reason}: {error.message}" if isinstance(error, Rejected) else str(error)
        raise Failed(f"{asked.page}: rejected, {why}") from error


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Failed(f"{file}: {error.strerror or error}") from error


def _explain_events(asked: argparse.Namespace) -> int:
    from services.cli import offline, terminal
    from services.extractor import explain

    page = _page(asked)
    with _rejections(asked):
        article = offline.read_page(page, "clean").article
    terminal.console().print(explain.as_terminal(explain.explained(article)))
    return OK


def _one(asked: argparse.Namespace) -> int:
    from services import contracts
    from services.cli import offline, terminal

    page = _page(asked)
    with _rejections(asked):
        made = offline.read_page(page, asked.what, least=read().min_confidence)
    if asked.json or not sys.stdout.isatty():
        for each in (made.article,) if asked.what == "clean" else made.events:
            print(contracts.encode(each).decode())
    else:
        shown = terminal.article_text(made.article) if asked.what == "clean" else terminal.events_table(made.events)
        terminal.console().print(shown)
    return OK


def _page(asked: argparse.Namespace) -> "Record":
    from services.fetcher.content.pages import page_from_file
    from services.fetcher.once import NotFetched, page_from_url
    from services.urls import BadUrl

    try:
        if asked.page == "-":
            return page_from_file(sys.stdin.buffer.read(), name="-", fetched_at=datetime.now(UTC), url=asked.url)
        if asked.page.startswith(("http://", "https://")):
            return page_from_url(asked.page, read())
        return page_of_file(Path(asked.page), url=asked.url)
    except (OSError, BadUrl, NotFetched) as error:
        raise Failed(f"{asked.page}: {getattr(error, 'strerror', None) or error}") from error


def _batch(asked: argparse.Namespace) -> int:
    from dataclasses import replace

    from services.children import ChildrenBroken
    from services.cli import offline

    settings = read()
    workers = asked.workers or settings.children or os.cpu_count() or 1

    async def run(lines: "IO[bytes]") -> tuple[int, int]:
        done = rejected = 0
        with _bar(asked.batch) as advance:
            made = offline.batch(asked.what, lines, replace(settings, children=workers), datetime.now(UTC))
            async with contextlib.aclosing(made):
                async for answer in made:
                    sys.stdout.buffer.write(answer.line + b"\n")
                    if str(asked.batch) == "-":
                        sys.stdout.buffer.flush()  # whoever writes the lines may wait for the answers
                    done, rejected = done + 1, rejected + answer.rejected
                    advance(done)
        return done, rejected

    started = time.monotonic()
    try:
        lines = offline.open_lines(asked.batch)
    except OSError as error:
        raise Failed(f"{asked.batch}: {error.strerror or error}") from error
    try:
        done, rejected = asyncio.run(run(lines))
    except (offline.UnreadableLines, ChildrenBroken) as error:
        raise Failed(f"{asked.batch}: {error}") from error
    took = time.monotonic() - started
    print(f"{done} pages in {took:.1f} s ({done / max(took, 0.001):.1f}/s), {rejected} rejected", file=sys.stderr)
    return FAILED if asked.strict and rejected else OK


@contextlib.contextmanager
def _bar(file: Path) -> "Iterator[Callable[[int], None]]":
    """A progress bar on a terminal; elsewhere nothing."""
    from services.cli import offline

    total = offline.count_lines(file) if sys.stderr.isatty() else None
    if total is None:
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from services.cli import terminal

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=terminal.console(stderr=True)) as progress:
        task = progress.add_task(file.name, total=total)
        yield lambda done: progress.update(task, completed=done)


def page_of_file(file: Path, *, url: str | None = None) -> "Record":
    """The page in a file, as fetched when the file was last changed. Raises OSError for one that cannot be read."""
    from services.fetcher.content.pages import page_from_file

    changed = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    name = file.name.encode(errors="replace").decode()  # a file's name may be any bytes
    return page_from_file(file.read_bytes(), name=name, fetched_at=changed, url=url)
