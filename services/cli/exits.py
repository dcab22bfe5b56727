"""How a command ends: with an exit code, and what went wrong in one line."""

import contextlib
from collections.abc import Iterator

from services.settings import Settings

OK, FAILED, USAGE, UNAVAILABLE, WRONG_SETTING, INTERRUPTED = 0, 1, 2, 69, 78, 130


class Failed(Exception):
    """What a command says in one line before it exits with a code."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code


@contextlib.contextmanager
def kafka(settings: Settings) -> Iterator[None]:
    """What needs the broker: its troubles become Failed, each with its exit code."""
    from services import broker
    from services.cli.replay import ReplayStalled

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
