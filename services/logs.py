"""Logs as JSON lines on stdout, with topic, partition, offset and url where they apply."""

import logging
import re
import sys
import time
from datetime import UTC, datetime

import orjson

CONTEXT = ("topic", "partition", "offset", "url", "reason", "host", "outcome", "seconds")
CHATTY = ("aiokafka", "faust", "mode", "kafka")  # while the broker is away aiokafka alone writes 70 lines a second
# kafka-python 3.0.12 reads once more from a connection that it has just closed itself
TRANSPORT = "kafka.net.transport"
REPEAT = 30.0  # seconds before one of them may say the same again


class Lines(logging.Formatter):
    """One JSON object a line."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """The record with its context, its exception as one string."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "service": self._service,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in CONTEXT if getattr(record, name, None) is not None}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


class Seldom(logging.Filter):
    """Lets a line through once in half a minute: what differs in arguments or numbers only counts as the same."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is said."""
        if record.name == TRANSPORT and "(closed)" in record.getMessage():
            return False
        same, now = (record.name, re.sub(r"\d+|<.*?>", "", str(record.msg))), time.monotonic()
        if now - self._said.get(same, -REPEAT) < REPEAT:
            return False
        self._said[same] = now
        return True


def configure(service: str, level: str) -> None:
    """Sends all logs of this process to stdout as JSON lines, the clients' from WARNING on and seldom."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(Lines(service))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    quiet, seldom = max(logging.WARNING, logging.getLevelName(level)), logging.StreamHandler(sys.stdout)
    seldom.setFormatter(Lines(service))
    seldom.addFilter(Seldom())
    for name in CHATTY:
        logger = logging.getLogger(name)
        logger.setLevel(quiet)
        logger.handlers, logger.propagate = [seldom], False
