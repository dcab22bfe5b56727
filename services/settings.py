"""The only reader of the environment: every setting once, with its type, unit and default."""

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

PREFIX = "DATELINE_"
SERVER = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
RIGHTS = ("honour", "record")
SHORTEST_SECRET = 16
LAST_PORT = 2**16 - 1
TRUE, FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})


class WrongSetting(ValueError):
    """A DATELINE_* variable that does not hold what it should."""


def _setting(default: Any, unit: str, says: str) -> Any:  # noqa: ANN401 - a dataclass field of any type
    return field(default=default, metadata={"unit": unit, "says": says})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings. `read` fills them from the environment: brokers is DATELINE_BROKERS, and so on."""

    brokers: str = _setting("localhost:9092", "host:port,…", "Kafka's bootstrap servers")
    partitions: int = _setting(12, "partitions", "of a topic that is created; all of Dateline's must have as many")
    replication: int = _setting(1, "replicas", "of a topic that is created")
    children: int = _setting(0, "processes", "worker processes of cleaner and extractor; 0 is one for each core")
    child_seconds: float = _setting(15.0, "seconds", "a page may take in a child before it becomes a dead letter")
    child_memory: int = _setting(1536, "MiB", "address space of a child")
    breaker: int = _setting(20, "records", "unexpected failures in a row after which the worker stops (exit 71)")
    member: str = _setting("", "name", "this worker's stable name: a restart within 10 s then moves no partition")
    health_host: str = _setting("127.0.0.1", "address", "where /metrics, /healthz and /readyz listen")
    health_port: int = _setting(9464, "port", "of /metrics, /healthz and /readyz; 0 takes a free one")
    log_level: str = _setting("INFO", "level", "DEBUG, INFO, WARNING or ERROR")
    contact: str = _setting(
        "", "URL or e-mail", "named in the fetcher's User-Agent; must be set where it fetches the web"
    )
    delay: float = _setting(5.0, "seconds", "between two requests to one host; a site's Crawl-delay may ask for more")
    poll: float = _setting(600.0, "seconds", "shortest pause between two readings of a source; starts at 36 times it")
    allow_private: bool = _setting(
        default=False, unit="", says="fetch from loopback and private addresses, at any port (demo, tests)"
    )
    ports: str = _setting("80,443,8000,8080,8443", "port,…", "that the fetcher may connect to")
    rights: str = _setting("honour", "honour or record", "what becomes of pages whose rights are reserved")
    min_confidence: float = _setting(0.0, "0 to 1", "events that the extractor is less sure of are not published")
    websub_callback: str = _setting("", "URL", "where hubs reach the fetchers (WebSub); empty: none is subscribed to")
    websub_secret: str = _setting("", "16 characters or more", "from which callbacks are made; one for all fetchers")
    websub_host: str = _setting("127.0.0.1", "address", "where hubs' requests are listened for, behind a proxy")
    websub_port: int = _setting(9465, "port", "of hubs' requests")

    def __post_init__(self) -> None:
        """Raises WrongSetting for a value out of its range."""
        self._check_numbers()
        self._check_words()
        if self.websub_callback and not self.websub_callback.startswith(("http://", "https://")):
            raise WrongSetting(f"{PREFIX}WEBSUB_CALLBACK={self.websub_callback!r} is no http(s) address")
        if self.websub_callback and len(self.websub_secret) < SHORTEST_SECRET:
            raise WrongSetting(f"{PREFIX}WEBSUB_SECRET is too short: anybody could make up what hubs send")

    def _check_numbers(self) -> None:
        least = {"partitions": 1, "replication": 1, "children": 0, "child_seconds": 1, "child_memory": 64, "breaker": 1}
        least |= {"health_port": 0, "websub_port": 0, "delay": 0, "poll": 0}
        for name, number in least.items():
            if not number <= getattr(self, name) < math.inf:  # so written, it refuses "nan" too
                raise WrongSetting(f"{PREFIX}{name.upper()} is {getattr(self, name)}, no number from {number} on")
        for name in ("health_port", "websub_port"):
            if getattr(self, name) > LAST_PORT:
                raise WrongSetting(f"{PREFIX}{name.upper()} is {getattr(self, name)}, {LAST_PORT} is the last port")
        if not 0 <= self.min_confidence <= 1:
            raise WrongSetting(f"{PREFIX}MIN_CONFIDENCE is {self.min_confidence}, it goes from 0 to 1")

    def _check_words(self) -> None:
        for each in self.brokers.split(","):
            if not SERVER.fullmatch(each.strip()):
                raise WrongSetting(f"{PREFIX}BROKERS: {each!r} is no host:port")
        if self.rights not in RIGHTS:
            raise WrongSetting(f"{PREFIX}RIGHTS={self.rights!r} is none of {', '.join(RIGHTS)}")
        if self.log_level not in LEVELS:
            raise WrongSetting(f"{PREFIX}LOG_LEVEL={self.log_level!r} is none of {', '.join(LEVELS)}")
        if not (self.contact.isascii() and self.contact.isprintable()):
            raise WrongSetting(f"{PREFIX}CONTACT={self.contact!r} is no header's text: printable ASCII")


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises WrongSetting for a value of a wrong type and an unknown DATELINE_ name."""
    variables = os.environ if environment is None else environment
    known = {PREFIX + each.name.upper(): each for each in fields(Settings)}
    ours = {name: value for name, value in variables.items() if name.startswith(PREFIX)}
    if unknown := sorted(set(ours) - set(known)):
        raise WrongSetting(f"no such setting: {', '.join(unknown)} (`dateline settings` prints all)")
    return Settings(**{known[name].name: _parse(name, value, known[name].type) for name, value in ours.items()})


def _parse(name: str, value: str, kind: Any) -> Any:  # noqa: ANN401 - of the field's type
    try:
        if kind is not bool:
            return kind(value)
        if value.lower() in TRUE | FALSE:
            return value.lower() in TRUE
    except ValueError:
        pass
    raise WrongSetting(f"{name}={value!r} is no {kind.__name__}")


def table(settings: Settings) -> list[tuple[str, str, str, str, str]]:
    """A row for each setting: variable, value now, default, type and unit, what it says."""
    return [
        (
            PREFIX + each.name.upper(),
            str(getattr(settings, each.name)),
            str(each.default),
            f"{each.type.__name__} {each.metadata['unit']}".strip(),  # type: ignore[union-attr]
            each.metadata["says"],
        )
        for each in fields(Settings)
    ]
