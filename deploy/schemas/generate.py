"""Writes the JSON Schemas of the messages from services/contracts.py: `python deploy/schemas/generate.py`."""

import json
from pathlib import Path
from typing import Any

import msgspec

from services import topics
from services.contracts import Article, Event, EventSet, PageMeta, SiteMemory

FOLDER = Path(__file__).parent
MESSAGES: dict[str, tuple[type, str]] = {
    "page-meta": (PageMeta, f"the `fetch` header of a record on {topics.PAGES.name}; the value is the page itself"),
    "article": (Article, f"the value of a record on {topics.ARTICLES.name}"),
    "event": (Event, f"the value of a record on {topics.EVENTS.name}"),
    "event-set": (EventSet, f"the value of a record on {topics.EVENT_SETS.name}"),
    "site-memory": (SiteMemory, f"the value of a record on {topics.SITES.name}"),
}


def schemas() -> dict[str, str]:
    """File name to JSON Schema (draft 2020-12) as text."""
    return {f"{name}.json": _schema(contract, where) for name, (contract, where) in MESSAGES.items()}


def _schema(contract: type, where: str) -> str:
    (top,), parts = msgspec.json.schema_components([contract], ref_template="#/$defs/{name}")
    schema: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$comment": where}
    return json.dumps(schema | top | {"$defs": parts}, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for file, text in schemas().items():
        (FOLDER / file).write_text(text, encoding="utf-8")
