"""The `dateline` command. Imports are inside the commands: a child process imports this module too."""

import argparse
import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from services import __version__
from services.settings import Settings, WrongSetting, read, table

if TYPE_CHECKING:
    from collections import Counter
    from typing import IO

    from services.broker import Publisher
    from services.stage import Message, Record
    from services.topics import Topic

OK, FAILED, USAGE, UNAVAILABLE, WRONG_SETTING, INTERRUPTED = 0, 1, 2, 69, 78, 130

EPILOG = """\
examples:
  dateline demo                                  the whole pipeline on a demo site, from nothing
  dateline extract page.html                     the events of one page, as a table
  dateline clean https://example.org/story --json
  dateline extract --batch pages.jsonl.xz --workers 4 > events.jsonl
  dateline sources add https://example.org/feed.xml
  dateline tail events --from-start

exit codes: 0 done; 1 it failed, or a page was rejected; 2 wrong usage; 69 no Kafka (a service waits for it); 70 a
service failed and wants to be restarted; 71 a service stopped after too many unexpected failures; 78 a wrong setting,
or topics with other partitions; 130 interrupted. Settings: `dateline settings`.
"""


class Failed(Exception):
    """What a command says in one line before it exits with a code."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command and exits."""
    asked = parser().parse_args(arguments)
    try:
        code = asked.run(asked)
        sys.stdout.flush()
    except Failed as failed:
        print(f"dateline: {failed}", file=sys.stderr)
        code = failed.code
    except WrongSetting as error:
        print(f"dateline: {error}", file=sys.stderr)
        code = WRONG_SETTING
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:  # the reader has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = OK
    except OSError as error:  # what files and sockets may raise is caught where they are used: this is the output
        print(f"dateline: {error.strerror or error}", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = FAILED
    sys.exit(code)


def parser() -> argparse.ArgumentParser:
    """All commands and their arguments."""
    top = argparse.ArgumentParser(
        prog="dateline",
        description="News pages in, structured and attributed events out, as a stream on Apache Kafka.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _add_running(commands)
    _add_kafka(commands)
    _add_offline(commands)
    settings = commands.add_parser("settings", help="every DATELINE_* variable, its value now and its default")
    settings.set_defaults(run=print_settings)
    version = commands.add_parser("version", help="this version")
    version.set_defaults(run=print_version)
    top.add_argument("--version", action="version", version=f"dateline {__version__}")
    return top


def _add_running(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    demo = commands.add_parser("demo", help="Kafka, a demo site and the whole pipeline, once; prints the events")
    demo.add_argument("--json", action="store_true", help="events as JSON lines")
    demo.set_defaults(run=run_demo)
    up = commands.add_parser("up", help="the same, left running until Ctrl-C; takes further sources")
    up.set_defaults(run=run_up)
    run = commands.add_parser("run", help="one service, as in a container")
    run.add_argument("service", choices=("fetcher", "cleaner", "extractor"))
    run.set_defaults(run=run_service)


def _add_kafka(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    topics = commands.add_parser("topics", help="create the topics, or show them")
    topics.add_argument("do", choices=("create", "show"))
    topics.set_defaults(run=run_topics)
    _add_sources(commands)
    tail = commands.add_parser("tail", help="a topic's records as they come, with their headers")
    tail.add_argument("topic", help="news.events.v1, or short: events, articles, pages, pages.dead …")
    tail.add_argument("--from-start", action="store_true", help="from the topic's first record")
    tail.add_argument("--count", type=_at_least_one, help="stop after so many records")
    tail.add_argument("--json", action="store_true", help="the values alone, one JSON object a line")
    tail.set_defaults(run=tail_topic)
    replay = commands.add_parser("replay", help="send dead letters back to the topic they came from, each once")
    replay.add_argument("topic", help="pages.dead or articles.dead")
    replay.set_defaults(run=replay_topic)


def _add_sources(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    sources = commands.add_parser("sources", help="what the fetchers poll: add, list, pause, remove, import, export")
    what = sources.add_subparsers(required=True, metavar="add|list|pause|resume|remove|import|export")
    add = what.add_parser("add", help="a site, feed, sitemap or URL list; a file's page is published at once")
    add.add_argument("url", metavar="URL|FILE", nargs="+")
    add.add_argument("--kind", choices=("auto", "rss", "atom", "sitemap", "list"), default="auto")
    add.add_argument("--as-is", action="store_true", help="add the URL itself, without a look at what is there")
    add.set_defaults(run=add_sources)
    listed = what.add_parser("list", help="all sources and how they are")
    listed.add_argument("--silent", action="store_true", help="only those that publish less than their own habit")
    listed.set_defaults(run=list_sources)
    for name, says in (("pause", "read no more until resumed"), ("resume", "read again"), ("remove", "forget")):
        change = what.add_parser(name, help=f"{says}: by id or URL")
        change.add_argument("url", metavar="ID|URL", nargs="+")
        change.set_defaults(run=change_sources, do=name)
    bring = what.add_parser("import", help="from OPML or CSV; sources that are there stay as they are")
    bring.add_argument("file", metavar="FILE|-", type=argparse.FileType("rb"))
    bring.add_argument("--strict", action="store_true", help="import nothing if any line is refused")
    bring.set_defaults(run=import_sources)
    take = what.add_parser("export", help="to standard output")
    take.add_argument("--format", choices=("opml", "csv"), default="opml")
    take.set_defaults(run=export_sources)


def _add_offline(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    for what, says in (("clean", "the article of a page"), ("extract", "the events of a page")):
        offline = commands.add_parser(what, help=f"{says}, without Kafka: a file, a URL, - or a batch")
        offline.add_argument("page", metavar="FILE|URL|-", nargs="?")
        offline.add_argument("--json", action="store_true", help="JSON lines also on a terminal")
        offline.add_argument("--url", help="the address that the file came from")
        offline.add_argument("--batch", type=Path, metavar="FILE.jsonl[.xz|.gz]", help='{"id", "url", "html"} a line')
        offline.add_argument("--workers", type=_at_least_one, help="processes for a batch (default: DATELINE_CHILDREN)")
        offline.add_argument("--strict", action="store_true", help="exit 1 if any page of a batch was rejected")
        offline.set_defaults(run=run_offline, what=what, html=None)
        shows = (
            "every block, kept or left out" if what == "clean" else "every event, its facts and the rules behind them"
        )
        offline.add_argument("--explain", action="store_true", help=f"{shows}, with why")
        if what == "clean":
            offline.add_argument("--html", type=Path, metavar="OUT.html", help="with --explain: as one HTML file")


def _at_least_one(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)


def run_demo(asked: argparse.Namespace) -> int:
    """`dateline demo`."""
    from services.demo import demo

    with _interruptible(), _local_troubles():
        demo(as_json=asked.json)
    return OK


def run_up(_: argparse.Namespace) -> int:
    """`dateline up`."""
    from services.demo import up

    with _interruptible(), _local_troubles():
        up()
    return OK


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Ends quietly on Ctrl-C and SIGTERM, whatever becomes of the interrupt: Kafka's client may swallow it and fail."""
    import signal

    told: list[int] = []

    def interrupt(number: int, _: object) -> NoReturn:
        told.append(number)
        raise KeyboardInterrupt

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, interrupt)
    try:
        yield
    except (KeyboardInterrupt, Failed):
        if not told:
            raise


@contextlib.contextmanager
def _local_troubles() -> Iterator[None]:
    from services import broker
    from services.demo import DemoFailed
    from services.local import LocalFailed

    try:
        yield
    except BrokenPipeError:
        raise
    except (DemoFailed, LocalFailed, broker.Undelivered, broker.WrongTopics, *broker.AWAY) as error:
        raise Failed(f"{type(error).__name__}: {error}") from error


def run_service(asked: argparse.Namespace) -> int:
    """`dateline run SERVICE`: returns only by exiting."""
    import importlib

    from services.broker import WrongTopics

    try:
        importlib.import_module(f"services.{asked.service}.__main__").main()
    except WrongTopics as error:
        raise Failed(str(error), WRONG_SETTING) from error
    return OK


def run_topics(asked: argparse.Namespace) -> int:
    """`dateline topics create|show`."""
    from services import broker, topics

    settings = read()
    with _kafka(settings):
        if asked.do == "create":
            created = broker.ensure_topics(settings)
            print("\n".join(f"created {name}" for name in created) or "all topics are there")
            return OK
        missing = set(broker.missing_topics(settings))
    for each in topics.TOPICS:
        kept = "for ever" if each.retention is None else f"{each.retention // topics.DAY} days"
        there = "missing" if each.name in missing else f"{broker.partitions_of(each, settings)} partitions"
        contract = each.contract.__name__ if each.contract else "the page itself"
        print(f"{each.name:26} {there:14} key: {each.key:14} value: {contract:16} {each.cleanup}, kept {kept}")
    return FAILED if missing else OK


def add_sources(asked: argparse.Namespace) -> int:
    """`dateline sources add`: a file's page is published at once, by us: no fetcher reads this machine's files."""
    from services import broker, sources
    from services.fetcher.content.pages import page_from_file
    from services.fetcher.warc import is_archive

    settings = read()
    for url in asked.url:
        _check_source(url, settings)
    with _kafka(settings), broker.Publisher(settings, "sources") as publisher:
        for url in asked.url:
            if (file := Path(url)).is_file() and is_archive(file):
                _add_archive(publisher, file, settings)
            elif file.is_file():
                page = page_from_file(file.read_bytes(), name=file.name, fetched_at=_changed(file))
                publisher.publish([page])
                print(f"published {file} as {(page.key or b'').decode()}")
            else:
                for found, says in _found(url, asked, settings):
                    source = sources.add(publisher, found, datetime.now(UTC), asked.kind)
                    print(f"{source.source_id}  {found}  {says}".strip())
    return OK


def _check_source(url: str, settings: Settings) -> None:
    """Refuses what is neither a file nor an address that could ever be fetched."""
    from services.sources import why_refused

    if Path(url).is_file():
        return
    if not url.startswith(("http://", "https://")):
        raise Failed(f"{url}: no such file, and no http(s) address", USAGE)
    if (why := why_refused(url, settings)) is not None:
        raise Failed(f"{url}: {why}", USAGE)


def _add_archive(publisher: "Publisher", file: Path, settings: Settings) -> None:
    """Publishes the pages of a web archive, and says what became of the rest."""
    from collections import Counter

    from services.fetcher.warc import BrokenArchive, batches

    outcomes = Counter[str]()
    try:
        for batch in batches(file, honour=settings.rights == "honour"):
            publisher.publish([result.page for result in batch if result.page is not None])
            outcomes.update(str(result.outcome) for result in batch)
    except BrokenArchive as error:
        raise Failed(f"{file}: {error} (after {_counts(outcomes)})") from error
    print(f"published {file}: {_counts(outcomes)}")


def _counts(outcomes: "Counter[str]") -> str:
    return ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common()) or "nothing"


def _found(url: str, asked: argparse.Namespace, settings: Settings) -> list[tuple[str, str]]:
    """The sources at an address and a word on each; the address itself if nobody may or can look."""
    from services.fetcher.origins.discovery import discover
    from services.fetcher.wire.outcomes import Outcome

    if asked.as_is or asked.kind != "auto":
        return [(url, "")]
    if not settings.contact and not settings.allow_private:
        print(f"{url}: added without a look at it, for DATELINE_CONTACT names nobody", file=sys.stderr)
        return [(url, "")]
    discovery = discover(url, settings)
    if discovery.outcome is not Outcome.OK:
        print(f"{url}: added, though a look at it gave {discovery.outcome}", file=sys.stderr)
        return [(url, "")]
    if not discovery.found:
        raise Failed(f"{url}: neither a source nor a site that names one (--as-is adds it all the same)")
    for each in set(discovery.found) - set(discovery.chosen):
        print(f"also there, not added: {each.url}  {each.kind}, {each.links} links", file=sys.stderr)
    return [(each.url, f"{each.kind}, {each.links} links") for each in discovery.chosen]


def list_sources(asked: argparse.Namespace) -> int:
    """`dateline sources list`."""
    from services import sources

    settings, now = read(), datetime.now(UTC)
    with _kafka(settings):
        states = sources.states(settings)
        for each in sources.present(settings):
            health = sources.health(each, states.get(each.source_id), now)
            if health.is_silent or not asked.silent:
                print(f"{each.source_id}  {each.kind:7}  {each.url}  {health.word:7}  {health.says}".rstrip())
    return OK


def change_sources(asked: argparse.Namespace) -> int:
    """`dateline sources pause|resume|remove`, by id or URL."""
    from dataclasses import replace

    from services import broker, sources

    settings = read()
    with _kafka(settings), broker.Publisher(settings, "sources") as publisher:
        known = {name: each for each in sources.present(settings) for name in (each.source_id, each.url)}
        for name in asked.url:
            if name not in known:
                raise Failed(f"no source {name} (`dateline sources list` shows all)")
            if asked.do == "remove":
                sources.remove(publisher, known[name].source_id)
            else:
                sources.change(publisher, replace(known[name], paused=asked.do == "pause"), datetime.now(UTC))
            print(f"{asked.do}d {name}")
    return OK


def import_sources(asked: argparse.Namespace) -> int:
    """`dateline sources import FILE`."""
    from services import broker, sources, subscriptions

    settings, now = read(), datetime.now(UTC)
    try:
        rows = subscriptions.rows(asked.file.read())
    except subscriptions.NoList as error:
        raise Failed(f"{asked.file.name}: {error}") from error
    good = [row for row in rows if not _is_refused(row, asked.file.name, settings)]
    refused = len(rows) - len(good)
    if refused and asked.strict:
        raise Failed(f"{asked.file.name}: nothing imported, {refused} of {len(rows)} refused")
    with _kafka(settings), broker.Publisher(settings, "sources") as publisher:
        known = {each.source_id for each in sources.present(settings)}
        new = [each for each in (sources.listed(row, now) for row in good) if each.source_id not in known]
        publisher.publish(sources.source_record(each, now=now) for each in new)
    print(f"{len(new)} sources added, {len(good) - len(new)} were there, {refused} refused")
    return OK


def _is_refused(row: dict[str, str], file: str, settings: Settings) -> bool:
    """Whether a line names what could never be read, which is said."""
    from services.sources import why_refused

    if (why := why_refused(row["url"], settings)) is not None:
        print(f"{file}:{row['line']}: {row['url'][:200]} refused: {why}", file=sys.stderr)
    return why is not None


def export_sources(asked: argparse.Namespace) -> int:
    """`dateline sources export`."""
    from services import sources, subscriptions

    settings = read()
    with _kafka(settings):
        present = sources.present(settings)
    print((subscriptions.to_csv if asked.format == "csv" else subscriptions.to_opml)(present), end="")
    return OK


def tail_topic(asked: argparse.Namespace) -> int:
    """`dateline tail TOPIC`."""
    from services import broker

    settings = read()
    topic = _topic(asked.topic)
    with _kafka(settings):
        if topic.name in broker.missing_topics(settings):
            raise Failed(f"the topic {topic.name} does not exist (`dateline topics create` creates all)")
        came = (each for each in broker.follow(settings, topic, from_start=asked.from_start) if each is not None)
        for number, message in enumerate(came, 1):
            if asked.json:
                print(_json_line(message.value))
            else:
                _print_record(message, as_json=topic.contract is not None)
            if number == asked.count:
                break
    return OK


def _print_record(message: "Message", *, as_json: bool) -> None:
    key = (message.key or b"").decode(errors="replace")
    print(f"── {message.topic} [{message.partition}] {message.offset}  {key}")
    for name, value in message.headers:
        print(f"   {name}: {value.decode(errors='replace')}")
    print(_readable(message.value, as_json=as_json))


def _json_line(value: bytes | None) -> str:
    """The value as it is if it is one line of JSON, else as a JSON string; null for a key that is taken back."""
    if value is None:
        return "null"
    text = value.decode(errors="replace")
    return text if text.startswith("{") and "\n" not in text else json.dumps(text, ensure_ascii=False)


def replay_topic(asked: argparse.Namespace) -> int:
    """`dateline replay TOPIC.dead`."""
    from services import replay, topics

    settings, dead = read(), _topic(asked.topic)
    source = next((each for each in topics.TOPICS if each.dead.name == dead.name), None)
    if source is None:
        raise Failed(f"{dead.name} is no topic of dead letters: pages.dead or articles.dead", USAGE)
    with _kafka(settings):
        sent = replay.replay(settings, source)
    print(f"{sent} dead letters sent back to {source.name}")
    return OK


def run_offline(asked: argparse.Namespace) -> int:
    """`dateline clean|extract`."""
    if (asked.page is None) == (asked.batch is None):
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
    from services import envelope, tables
    from services.cleaner import explain
    from services.stage import Rejected

    message = envelope.message_of(_page(asked))
    content_type = (message.header("content-type") or b"").decode("latin-1")
    try:
        blocks = explain.explained(message.value or b"", envelope.page_meta(message), content_type)
    except Rejected as error:
        raise Failed(f"{asked.page}: rejected, {error.reason}: {error.message}") from error
    if asked.html:
        asked.html.write_text(explain.as_html(blocks, asked.page), encoding="utf-8")
    else:
        tables.console().print(explain.as_terminal(blocks))
    return OK


def _explain_events(asked: argparse.Namespace) -> int:
    from services import offline, tables
    from services.extractor import explain
    from services.stage import Rejected

    page = _page(asked)
    try:
        article = offline.read_page(page, "clean").article
    except Rejected as error:
        raise Failed(f"{asked.page}: rejected, {error.reason}: {error.message}") from error
    tables.console().print(explain.as_terminal(explain.explained(article)))
    return OK


def _one(asked: argparse.Namespace) -> int:
    from services import contracts, offline, tables
    from services.contracts import BrokenContract
    from services.stage import Rejected

    page = _page(asked)
    try:
        made = offline.read_page(page, asked.what, least=read().min_confidence)
    except (Rejected, BrokenContract) as error:
        why = f"{error.reason}: {error.message}" if isinstance(error, Rejected) else str(error)
        raise Failed(f"{asked.page}: rejected, {why}") from error
    if asked.json or not sys.stdout.isatty():
        for each in (made.article,) if asked.what == "clean" else made.events:
            print(contracts.encode(each).decode())
    else:
        shown = tables.article_text(made.article) if asked.what == "clean" else tables.events_table(made.events)
        tables.console().print(shown)
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
        file = Path(asked.page)
        return page_from_file(file.read_bytes(), name=file.name, fetched_at=_changed(file), url=asked.url)
    except (OSError, BadUrl, NotFetched) as error:
        raise Failed(f"{asked.page}: {getattr(error, 'strerror', None) or error}") from error


def _batch(asked: argparse.Namespace) -> int:
    from dataclasses import replace

    from services import offline
    from services.children import ChildrenBroken

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
    if not sys.stderr.isatty() or str(file) == "-":
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from services import offline, tables

    with offline.open_lines(file) as lines:
        total = sum(1 for line in lines if line.strip())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=tables.console(stderr=True)) as progress:
        task = progress.add_task(file.name, total=total)
        yield lambda done: progress.update(task, completed=done)


def print_settings(_: argparse.Namespace) -> int:
    """`dateline settings`."""
    for name, value, default, kind, says in table(read()):
        mark = "" if value == default else f" (default {default or 'empty'})"
        value = "(set)" if value and name.endswith("_SECRET") else value  # noqa: PLW2901
        print(f"{name:25} {value or '-'}{mark}\n{'':25} {kind}: {says}")
    return OK


def print_version(_: argparse.Namespace) -> int:
    """`dateline version`."""
    print(f"dateline {__version__}")
    return OK


@contextlib.contextmanager
def _kafka(settings: Settings) -> Iterator[None]:
    """Turns Kafka's troubles into one line."""
    from services import broker
    from services.replay import ReplayStalled

    away = f"no Kafka at {settings.brokers} (DATELINE_BROKERS)"
    try:
        try:
            broker.missing_topics(settings)  # also tells topics with other partitions than ours
        except broker.AWAY as error:
            raise Failed(f"{away}: {error}", UNAVAILABLE) from error
        yield
    except broker.LOST as error:
        raise Failed(f"{away}: {error}", UNAVAILABLE) from error
    except broker.WrongTopics as error:
        raise Failed(str(error), WRONG_SETTING) from error
    except (broker.Undelivered, ReplayStalled) as error:
        raise Failed(str(error)) from error


def _topic(name: str) -> "Topic":
    from services import topics

    try:
        return topics.topic(name)
    except KeyError as error:
        raise Failed(error.args[0], USAGE) from error


def _readable(value: bytes | None, *, as_json: bool) -> str:
    if value is None:
        return "   (taken back)"
    if as_json:
        with contextlib.suppress(ValueError):
            return json.dumps(json.loads(value), indent=1, ensure_ascii=False)
    head = value[:400].decode(errors="replace")
    return f"{head}{'…' if len(value) > len(head) else ''}\n   ({len(value)} bytes)"


def _changed(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


if __name__ == "__main__":
    main()
