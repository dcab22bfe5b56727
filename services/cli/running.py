"""Services: the whole pipeline on this machine, or one of them as in a container."""

import argparse
import contextlib
from collections.abc import Iterator
from typing import NoReturn

from services.cli.arguments import Commands
from services.cli.exits import OK, WRONG_SETTING, Failed


def add_to(commands: Commands) -> None:
    """Adds `demo`, `up` and `run`."""
    demo = commands.add_parser("demo", help="Kafka, a demo site and the whole pipeline, once; prints the events")
    demo.add_argument("--json", action="store_true", help="events as JSON lines")
    demo.set_defaults(run=run_demo)
    up = commands.add_parser("up", help="the same, left running until Ctrl-C; takes further sources")
    up.set_defaults(run=run_up)
    run = commands.add_parser("run", help="one service, as in a container")
    run.add_argument("service", choices=("fetcher", "cleaner", "extractor"))
    run.set_defaults(run=run_service)


def run_demo(asked: argparse.Namespace) -> int:
    """`dateline demo`."""
    from services.cli.demo import demo

    with _interruptible(), _local_troubles():
        demo(as_json=asked.json)
    return OK


def run_up(_: argparse.Namespace) -> int:
    """`dateline up`."""
    from services.cli.demo import up

    with _interruptible(), _local_troubles():
        up()
    return OK


def run_service(asked: argparse.Namespace) -> int:
    """`dateline run SERVICE`: returns only by exiting."""
    import importlib

    from services.broker import WrongTopics

    try:
        importlib.import_module(f"services.{asked.service}.__main__").main()
    except WrongTopics as error:
        raise Failed(str(error), WRONG_SETTING) from error
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
    from services.cli.demo import DemoFailed
    from services.local import LocalFailed

    try:
        yield
    except BrokenPipeError:
        raise
    except (DemoFailed, LocalFailed, broker.Undelivered, broker.WrongTopics, *broker.AWAY) as error:
        raise Failed(f"{type(error).__name__}: {error}") from error
