"""The command's process: reads its arguments, runs what they ask, and exits."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from services import __version__
from services.cli import pages, running, sources, topics
from services.cli.exits import FAILED, INTERRUPTED, OK, WRONG_SETTING, Failed
from services.settings import WrongSetting, read, table

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


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command and exits."""
    _agree_on_charset()
    asked = parser().parse_args(arguments)
    try:
        code = asked.run(asked)
        print(end="", flush=True)  # a full disk or a closed pipe shows here at the latest
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


def _agree_on_charset() -> None:
    """What is piped is UTF-8, as JSON and OPML are; a terminal keeps its charset, and what that lacks is escaped."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        charset = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=charset, errors="backslashreplace")


def parser() -> argparse.ArgumentParser:
    """All commands and their arguments."""
    top = argparse.ArgumentParser(
        prog="dateline",
        description="News pages in, structured and attributed events out, as a stream on Apache Kafka.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for each in (running, topics, sources, pages):
        each.add_to(commands)
    settings = commands.add_parser("settings", help="every DATELINE_* variable, its value now and its default")
    settings.set_defaults(run=print_settings)
    top.add_argument("--version", action="version", version=f"dateline {__version__}")
    return top


def print_settings(_: argparse.Namespace) -> int:
    """`dateline settings`."""
    for name, value, default, kind, says in table(read()):
        mark = "" if value == default else f" (default {default or 'empty'})"
        value = "(set)" if value and name.endswith("_SECRET") else value  # noqa: PLW2901
        print(f"{name:25} {value or '-'}{mark}\n{'':25} {kind}: {says}")
    return OK


if __name__ == "__main__":
    main()
