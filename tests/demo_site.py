"""The demo site's pages and what is expected of them, read from deploy/demo."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from services.cli import offline
from services.contracts import Event
from services.fetcher.content.pages import page_from_file

FOLDER = Path(__file__).parent.parent / "deploy" / "demo"
FETCHED = datetime(2026, 10, 21, 6, tzinfo=UTC)
EXPECTED: list[dict[str, Any]] = [
    json.loads(line) for line in (FOLDER / "expected.jsonl").read_text("utf8").splitlines()
]


@dataclass(frozen=True)
class Listed:
    """One expected article."""

    row: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.row['publisher']}{self.row['path']}"


PAGES = [Listed(row) for row in EXPECTED]


@cache
def read(publisher: str, path: str, base: str | None = None) -> offline.Read:
    """The page's article and events, made without a broker, as if it had come from `base`."""
    base = base or f"http://{publisher}.example"
    file = FOLDER / publisher / path.lstrip("/")
    body = (file / "index.html" if file.is_dir() else file).read_bytes().replace(b"{{site}}", base.encode())
    return offline.read_page(page_from_file(body, name=path, fetched_at=FETCHED, url=base + path), "extract")


def agree(wanted: str | None, got: str | None) -> bool:
    """Whether two names mean the same: one holds the other's words, leaving articles and case aside."""
    if wanted is None:
        return True
    few, many = sorted((_words(wanted), _words(got or "")), key=len)
    return bool(few) and few <= many


def _words(name: str) -> set[str]:
    return {word.removesuffix("'s").removesuffix("’s") for word in name.lower().split()} - {"the", "a", "an", "of"}


def event_agrees(wanted: dict[str, Any], event: Event) -> bool:
    """Whether the event is the listed one: type, trigger, who, to whom, where, when and who vouches for it."""
    told = event.trigger.text in wanted["trigger"] or wanted["trigger"] in event.evidence.text
    actors = [name for each in event.actor for name in (each.name, each.text)]
    recipients = [name for each in event.recipient for name in (each.name, each.text)]
    source = event.attribution.source if event.attribution else None
    return (
        event.event_type == wanted["type"]
        and told
        and (wanted["actor"] is None or any(agree(wanted["actor"], each) for each in actors))
        and (wanted["recipient"] is None or any(agree(wanted["recipient"], each) for each in recipients))
        and (wanted["place"] is None or (event.location is not None and agree(wanted["place"], event.location.text)))
        and (wanted["date"] is None or (event.date is not None and event.date.value == wanted["date"]))
        and (wanted["source"] is None or agree(wanted["source"], source))
    )
