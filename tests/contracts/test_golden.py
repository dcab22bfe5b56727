"""Every message that v1 ever wrote decodes for ever, and the published schemas describe what is written."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from deploy.schemas import generate
from services import contracts

GOLDEN: dict[str, type[Any]] = {
    "source": contracts.Source,
    "source-push": contracts.Source,
    "found-url": contracts.FoundUrl,
    "fetch-state": contracts.FetchState,
    "page-meta": contracts.PageMeta,
    "article": contracts.Article,
    "event": contracts.Event,
    "event-set": contracts.EventSet,
    "site-memory": contracts.SiteMemory,
    "site-memory-marks": contracts.SiteMemory,
}
FOLDER = Path(__file__).parent


def golden(name: str) -> bytes:
    return (FOLDER / f"{name}.v1.json").read_bytes()


@pytest.mark.parametrize("name", GOLDEN)
def test_a_golden_message_decodes_and_keeps_every_value(name: str) -> None:
    decoded = contracts.decode(golden(name), GOLDEN[name])
    written = json.loads(contracts.encode(decoded))
    assert holds(json.loads(golden(name)), written)


def holds(golden: Any, written: Any) -> bool:
    """Whether all that stands in the golden message was written, at any depth; there may be more fields by now."""
    if isinstance(golden, dict):
        return all(name in written and holds(value, written[name]) for name, value in golden.items())
    if isinstance(golden, list):
        return len(golden) == len(written) and all(map(holds, golden, written))
    return bool(golden == written)


@pytest.mark.parametrize("name", GOLDEN)
def test_fields_of_a_later_version_do_not_disturb(name: str) -> None:
    later = json.dumps(json.loads(golden(name)) | {"not_yet_known": [1]}).encode()
    assert contracts.decode(later, GOLDEN[name]) == contracts.decode(golden(name), GOLDEN[name])


@pytest.mark.parametrize("name", GOLDEN)
def test_a_message_without_its_required_fields_is_broken_and_says_which_is_missing(name: str) -> None:
    with pytest.raises(contracts.BrokenContract, match="missing required field"):
        contracts.decode(b"{}", GOLDEN[name])


@pytest.mark.parametrize("junk", [None, b"", b"\x00", b"[]", b"{", b'{"url": 3}', b"\xff\xfe"])
def test_bytes_that_are_no_message_are_a_broken_contract(junk: bytes | None) -> None:
    with pytest.raises(contracts.BrokenContract):
        contracts.decode(junk, contracts.Article)


@pytest.mark.parametrize("name", [each.removesuffix(".json") for each in generate.schemas()])
def test_the_published_schema_is_current_and_fits_the_golden_message(name: str) -> None:
    published = (generate.FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert published == generate.schemas()[f"{name}.json"], "run `python deploy/schemas/generate.py`"
    jsonschema.validate(json.loads(golden(name)), json.loads(published))


def test_spans_of_the_golden_event_point_into_its_article() -> None:
    article = contracts.decode(golden("article"), contracts.Article)
    event = contracts.decode(golden("event"), contracts.Event)
    texts = {"/body": article.body, "/images/0/caption": article.images[0].caption or ""}
    spans = [event.evidence, event.trigger, *(each.span for each in event.actor), *(each.span for each in event.claims)]
    assert all(texts[span.at][span.start : span.end] == span.text for span in spans)


def test_a_contract_is_frozen() -> None:
    with pytest.raises(AttributeError):
        contracts.decode(golden("event-set"), contracts.EventSet).article_id = "x"  # type: ignore[misc]


def test_schemas_name_every_event_type() -> None:
    (schema,), _ = msgspec.json.schema_components([contracts.EventType])
    assert {"ASSAULT", "DISASTER", "STATEMENT", "TOLL"} <= set(schema["enum"])
    assert len(schema["enum"]) == 20
