"""The README's lines of Python, run on records as the extractor writes them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import kafka
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services import contracts
from services.extractor.extract import extract
from services.stage import Message
from tests.extractor.stories import REVISION, TRUCE

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
CODE = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
CORRECTED = replace(
    TRUCE, revision=REVISION.replace(hour=18), body=TRUCE.body.replace("killing one pilot", "killing both pilots")
)


@dataclass(frozen=True)
class Consumed:
    topic: str
    value: bytes | None


def published(article: contracts.Article) -> list[Consumed]:
    message = Message(topic="articles", partition=0, offset=0, key=None, value=contracts.encode(article))
    return [Consumed(record.topic.name, record.value) for record in extract(message).records]


FIRST, LATER = published(TRUCE), published(CORRECTED)


def consumed(code: str, records: Sequence[Consumed], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    names: dict[str, Any] = {}
    with monkeypatch.context() as patch:
        patch.setattr(kafka, "KafkaConsumer", lambda *_topics, **_settings: records)
        exec(code, names)
    return names


def held(records: Sequence[Consumed], monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    ran = consumed(CODE[1], records, monkeypatch)
    return {(event["event_id"], event["revision"]) for event in ran["events"].values() if ran["holds"](event)}


def test_the_ten_lines_print_every_claim(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    consumed(CODE[0], [*FIRST[:-1], Consumed("news.events.v1", None)], monkeypatch)
    assert "ASSAULT dead 45 to ? says Lakeland Observatory for Human Rights" in capsys.readouterr().out.splitlines()


def test_a_correction_replaces_what_it_changes_in_the_recipes_table(monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = held(FIRST, monkeypatch), held([*FIRST, *LATER], monkeypatch)
    assert len(before) == len(FIRST) - 1 > 5
    assert after == held(LATER, monkeypatch) != before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations([*FIRST, *LATER, *FIRST[-3:]]))
def test_the_recipes_table_is_the_corrected_storys_in_whatever_order_records_come(
    monkeypatch: pytest.MonkeyPatch, records: list[Consumed]
) -> None:
    assert held(records, monkeypatch) == held(LATER, monkeypatch)
