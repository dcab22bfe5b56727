"""What the fetchers poll: add, list, pause, resume, remove, import, export."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from services.cli.arguments import Commands
from services.cli.exits import OK, USAGE, Failed, kafka
from services.cli.pages import page_of_file
from services.settings import Settings, read

if TYPE_CHECKING:
    from collections import Counter

    from services.broker import Publisher


def add_to(commands: Commands) -> None:
    """Adds `sources` and what it does."""
    sources = commands.add_parser(
        "sources", help="what the fetchers poll: see it, change it, exchange it as OPML or CSV"
    )
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


def add_sources(asked: argparse.Namespace) -> int:
    """`dateline sources add`: a file's page is published at once, by us: no fetcher reads this machine's files."""
    from services import broker
    from services.cli import registry
    from services.fetcher.warc import is_archive

    settings = read()
    for url in asked.url:
        _check_source(url, settings)
    with kafka(settings), broker.Publisher(settings, "sources") as publisher:
        for url in asked.url:
            if (file := Path(url)).is_file() and is_archive(file):
                _add_archive(publisher, file, settings)
            elif file.is_file():
                page = page_of_file(file)
                publisher.publish([page])
                print(f"published {file} as {(page.key or b'').decode()}")
            else:
                for found, says in _found(url, asked, settings):
                    source = registry.add(publisher, found, datetime.now(UTC), asked.kind)
                    print(f"{source.source_id}  {found}  {says}".strip())
    return OK


def _check_source(url: str, settings: Settings) -> None:
    """Refuses what is neither a file nor an address that could ever be fetched."""
    from services.cli.registry import why_refused

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
    from services.cli import registry

    settings, now = read(), datetime.now(UTC)
    with kafka(settings):
        states = registry.states(settings)
        for each in registry.present(settings):
            health = registry.health(each, states.get(each.source_id), now)
            if health.is_silent or not asked.silent:
                print(f"{each.source_id}  {each.kind:7}  {each.url}  {health.word:7}  {health.says}".rstrip())
    return OK


def change_sources(asked: argparse.Namespace) -> int:
    """`dateline sources pause|resume|remove`, by id or URL."""
    from dataclasses import replace

    from services import broker
    from services.cli import registry

    settings = read()
    with kafka(settings), broker.Publisher(settings, "sources") as publisher:
        known = {name: each for each in registry.present(settings) for name in (each.source_id, each.url)}
        for name in asked.url:
            if name not in known:
                raise Failed(f"no source {name} (`dateline sources list` shows all)")
            if asked.do == "remove":
                registry.remove(publisher, known[name].source_id)
            else:
                registry.put(publisher, [replace(known[name], paused=asked.do == "pause")], datetime.now(UTC))
            print(f"{asked.do}d {name}")
    return OK


def import_sources(asked: argparse.Namespace) -> int:
    """`dateline sources import FILE`."""
    from services import broker
    from services.cli import lists, registry

    settings, now = read(), datetime.now(UTC)
    try:
        rows = lists.rows(asked.file.read())
    except lists.NoList as error:
        raise Failed(f"{asked.file.name}: {error}") from error
    good = [row for row in rows if not _is_refused(row, asked.file.name, settings)]
    refused = len(rows) - len(good)
    if refused and asked.strict:
        raise Failed(f"{asked.file.name}: nothing imported, {refused} of {len(rows)} refused")
    with kafka(settings), broker.Publisher(settings, "sources") as publisher:
        known = {each.source_id for each in registry.present(settings)}
        new = [each for each in (registry.listed(row, now) for row in good) if each.source_id not in known]
        registry.put(publisher, new, now)
    print(f"{len(new)} sources added, {len(good) - len(new)} were there, {refused} refused")
    return OK


def _is_refused(row: dict[str, str], file: str, settings: Settings) -> bool:
    """Whether a line names what could never be read, which is said."""
    from services.cli.registry import why_refused

    if (why := why_refused(row["url"], settings)) is not None:
        print(f"{file}:{row['line']}: {row['url'][:200]} refused: {why}", file=sys.stderr)
    return why is not None


def export_sources(asked: argparse.Namespace) -> int:
    """`dateline sources export`."""
    from services.cli import lists, registry

    settings = read()
    with kafka(settings):
        present = registry.present(settings)
    print((lists.to_csv if asked.format == "csv" else lists.to_opml)(present), end="")
    return OK
