"""The same cores without a broker: one file or URL, or many lines of JSON through child processes, in order."""

import asyncio
import codecs
import gzip
import io
import json
import lzma
import os
import stat
import sys
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import IO, Any, Literal, cast

import orjson

from services import contracts, topics
from services.children import Children, Limits, Seen
from services.contracts import Article, Event
from services.envelope import message_of, sha256
from services.settings import Settings
from services.stage import Message, Outcome, Reason, Record, Rejected, Stage

What = Literal["clean", "extract"]
PER_WORKER = 4  # lines in flight for each worker
LONGEST_LINE = 64 * topics.MIB  # of a pipe
UNREADABLE = (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error)  # what reading a broken file may raise
INPUT = "input/1"  # cleaner_version of an article that was given clean


@dataclass(frozen=True, kw_only=True)
class Read:
    """An article and, if they were asked for, its events."""

    article: Article
    events: tuple[Event, ...] = ()


def read_page(page: Record, what: What, *, least: float = 0.0) -> Read:
    """The page's article, and for `extract` its events of that confidence at least.

    Raises Rejected and BrokenContract as the stages do.
    """
    from services.cleaner.clean import clean

    [cleaned] = clean(message_of(page)).records
    article = contracts.decode(cleaned.value, Article)
    return Read(article=article, events=_events(cleaned, least) if what == "extract" else ())


def read_article(article: Article, *, least: float = 0.0) -> Read:
    """The events, of that confidence at least, of an article that needs no cleaning."""
    about = Record(
        topic=topics.ARTICLES,
        key=article.article_id.encode(),
        value=contracts.encode(article),
        place=article.article_id,
    )
    return Read(article=article, events=_events(about, least))


def _events(cleaned: Record, least: float) -> tuple[Event, ...]:
    from services.extractor.extract import extract

    made = extract(message_of(cleaned), least=least).records
    return tuple(contracts.decode(each.value, Event) for each in made if each.topic is topics.EVENTS)


def page_of_line(line: Mapping[str, Any], now: datetime) -> Record:
    """The page of a line {"id", "url"?, "html" or "text"}. Raises Rejected(BROKEN_CONTRACT) for a line that is none."""
    from services.fetcher.content.pages import page_from_file
    from services.urls import BadUrl

    kind = "text" if line.get("html") is None else "html"
    body = line.get(kind)
    if not isinstance(body, str):
        raise Rejected(Reason.BROKEN_CONTRACT, 'a line needs "html" or "text"')
    fetched = _instant(line.get("fetched_at"), "fetched_at") or now
    url = line.get("url") or None
    if url is not None and not isinstance(url, str):
        raise Rejected(Reason.BROKEN_CONTRACT, '"url" is no text')
    try:
        return page_from_file(
            body.encode("utf-8", "replace"),
            name=str(line.get("id")),
            fetched_at=fetched,
            url=url,
            content_type=f"text/{'html' if kind == 'html' else 'plain'}; charset=utf-8",
        )
    except BadUrl as error:
        raise Rejected(Reason.BROKEN_CONTRACT, f'"url": {error}') from error


def article_of_line(line: Mapping[str, Any], now: datetime) -> Article:
    """The article of a line {"id", "headline"?, "body", "published"?}: clean already."""
    body = line["body"]
    if not isinstance(body, str):
        raise Rejected(Reason.BROKEN_CONTRACT, '"body" is no text')
    ident = f"urn:sha256:{sha256(body.encode('utf-8', 'replace'))}"
    return Article(
        article_id=sha256(ident.encode())[:32],
        revision=now,
        url=str(line.get("url") or ident),
        headline=line.get("headline"),
        published_at=_instant(line.get("published"), "published"),
        published_from="input" if line.get("published") else None,
        language=line.get("language"),
        body=body,
        body_sha256=sha256(body.encode("utf-8", "replace")),
        cleaner_version=INPUT,
    )


def _instant(said: object, name: str) -> datetime | None:
    """An ISO 8601 instant, or a day and whatever follows it; UTC where no offset is given."""
    if not said:
        return None
    try:
        read = datetime.fromisoformat(str(said))
    except ValueError:
        try:
            read = datetime.combine(date.fromisoformat(str(said)[:10]), time())
        except ValueError as error:
            raise Rejected(Reason.BROKEN_CONTRACT, f'"{name}": {error}') from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def clean_line(message: Message) -> Outcome:
    """Stage work: a line of a batch to a line with the article's own top-level names."""
    line, now = _line(message)
    article = read_page(page_of_line(line, now), "clean").article
    return _answer({"id": line.get("id")} | orjson.loads(contracts.encode(article)))


def extract_line(message: Message, *, least: float = 0.0) -> Outcome:
    """Stage work: a line of a batch to a line with `article` and `events`, those of that confidence at least."""
    line, now = _line(message)
    if "body" in line and "html" not in line and "text" not in line:
        read = read_article(article_of_line(line, now), least=least)
    else:
        read = read_page(page_of_line(line, now), "extract", least=least)
    return _answer({"id": line.get("id"), "article": read.article, "events": read.events})


def _line(message: Message) -> tuple[dict[str, Any], datetime]:
    try:
        line = _parsed(message.value or b"")
    except ValueError as error:
        raise Rejected(Reason.BROKEN_CONTRACT, f"no JSON: {error}") from error
    if not isinstance(line, dict):
        raise Rejected(Reason.BROKEN_CONTRACT, "no JSON object")
    return line, datetime.fromisoformat((message.header("now") or b"").decode())


def _parsed(line: bytes) -> Any:  # noqa: ANN401 - whatever the line holds
    """The line's JSON, also with the lone surrogates that Python's own json writes: they become "?"."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return orjson.loads(json.dumps(json.loads(line), ensure_ascii=False).encode("utf-8", "replace"))


def _answer(answer: dict[str, Any]) -> Outcome:
    return Outcome(records=(Record(topic=topics.ARTICLES, key=None, value=contracts.encode(answer), place=""),))


def _prepare_extract() -> None:
    from services.extractor.extract import prepare

    prepare()


def _batch_stage(what: What, settings: Settings) -> Stage:
    if what == "clean":
        return Stage(name=what, source=topics.PAGES, work=clean_line)
    work = partial(extract_line, least=settings.min_confidence)
    return Stage(name=what, source=topics.PAGES, work=work, prepare=_prepare_extract)


def open_lines(path: Path) -> IO[bytes]:
    """A file of lines, .gz and .xz unpacked, or standard input for "-". Raises OSError."""
    if str(path) == "-":
        return sys.stdin.buffer
    if path.suffix == ".xz":
        return cast("IO[bytes]", lzma.open(path))
    return cast("IO[bytes]", gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def count_lines(path: Path) -> int | None:
    """How many pages a file holds, as far as it can be read; None for a pipe, whose lines come only once."""
    if str(path) == "-" or not path.is_file():
        return None
    count = 0
    with suppress(*UNREADABLE), open_lines(path) as lines:
        for line in lines:
            count += bool(line.strip())
    return count


@dataclass(frozen=True, slots=True)
class Answer:
    """A line of a batch's output, and whether it says that its page was rejected."""

    line: bytes
    rejected: bool


class UnreadableLines(Exception):
    """A batch's input broke off: what came before it was answered."""


Queue = asyncio.Queue["asyncio.Task[Answer] | UnreadableLines | None"]


async def batch(what: What, lines: IO[bytes], settings: Settings, now: datetime) -> AsyncGenerator[Answer, None]:
    """An answer for each line, in order, as soon as it is there; one that is rejected, stalls or crashes says so.

    The work runs in `settings.children` processes under the same limits as in the services. Raises ChildrenBroken, and
    UnreadableLines after the last answer.
    """
    limits = Limits(seconds=settings.child_seconds, memory=settings.child_memory * topics.MIB)
    children = Children(_batch_stage(what, settings), limits, Seen())
    queue: Queue = asyncio.Queue(settings.children * PER_WORKER)
    feeding = None
    try:
        await children.start(settings.children)
        feeding = asyncio.create_task(_feed(children, _messages(lines, now), queue))
        while (answer := await queue.get()) is not None:
            if isinstance(answer, UnreadableLines):
                raise answer
            yield await answer
    finally:
        if feeding is not None:
            feeding.cancel()
        children.kill()


async def _feed(children: Children, messages: AsyncIterator[Message], queue: Queue) -> None:
    try:
        async for message in messages:
            await queue.put(asyncio.create_task(_answered(children, message)))
    except UNREADABLE as error:
        await queue.put(UnreadableLines(str(error)))
    else:
        await queue.put(None)


async def _messages(lines: IO[bytes], now: datetime) -> AsyncGenerator[Message, None]:
    about = (("now", now.isoformat().encode()),)
    number = 0
    async for line in _lines(lines):
        if line.strip():
            value = line.removeprefix(codecs.BOM_UTF8)
            yield Message(topic="batch", partition=0, offset=number, key=None, value=value, headers=about)
        number += 1


async def _lines(lines: IO[bytes]) -> AsyncGenerator[bytes, None]:
    """The lines of a file; those of a pipe as they come, for a slow writer must not hold up what is under way."""
    if not _is_pipe(lines):
        for line in lines:
            yield line
        return
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), lines)
    while line := await reader.readline():
        yield line


def _is_pipe(lines: IO[bytes]) -> bool:
    mode = os.fstat(lines.fileno()).st_mode if isinstance(lines, io.BufferedReader) else 0  # 0: packed
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


async def _answered(children: Children, message: Message) -> Answer:
    try:
        outcome = await children.work(message)
    except Rejected as rejected:
        return Answer(refusal(message, rejected), rejected=True)
    return Answer(outcome.records[0].value or b"", rejected=False)


def refusal(message: Message, rejected: Rejected) -> bytes:
    """The line {"id", "error": {"reason", "message"}} for a line that was rejected."""
    try:
        line = _parsed(message.value or b"")
    except ValueError:
        line = None
    ident = line.get("id") if isinstance(line, dict) else None
    return orjson.dumps({"id": ident, "error": {"reason": rejected.reason, "message": rejected.message}})
