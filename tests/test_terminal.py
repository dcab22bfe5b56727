"""Events as the rows that a person reads."""

from dataclasses import replace
from pathlib import Path

import pytest

from services import contracts
from services.cli import terminal
from services.contracts import Claim, Claimant, Event

GOLDEN = Path(__file__).parent / "contracts" / "event.v1.json"


@pytest.fixture
def event() -> Event:
    return contracts.decode(GOLDEN.read_bytes(), Event)


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        ({"min": 90, "max": None, "qualifier": "at least"}, "at least 90 dead - Highland Observatory"),
        ({"min": 62, "max": 62, "qualifier": None}, "62 dead - Highland Observatory"),
        ({"min": None, "max": 30}, "up to 30 dead - Highland Observatory"),
        ({"min": 90, "max": 100}, "90 to 100 dead - Highland Observatory"),
        ({"min": 20, "max": 20, "approx": True}, "about 20 dead - Highland Observatory"),
        (
            {"min": 24, "max": None, "approx": True, "qualifier": "dozens"},
            "dozens (24 or more) dead - Highland Observatory",
        ),
        ({"min": 7, "max": 7, "stance": "denies"}, "7 dead (denies) - Highland Observatory"),
    ],
)
def test_a_figure_reads_as_it_was_claimed(event: Event, figure: dict[str, object], told: str) -> None:
    assert terminal.how_many(replace(event.claims[0], **figure)) == told  # type: ignore[arg-type]


def test_the_narrators_own_figure_names_nobody(event: Event) -> None:
    own: Claim = replace(event.claims[0], claimant=Claimant(text="narrator", source_type="narrator"))
    assert terminal.how_many(own) == "at least 84 dead"


def test_a_row_says_who_did_what_to_whom_where_when_how_many_and_who_says_so(event: Event) -> None:
    assert terminal.row(event) == (
        "ASSAULT: bombed",
        "Coalition aircraft",
        "army position",
        "Mount Veshka",
        "2026-10-10",
        "at least 84 dead - Highland Observatory",
        "Highland Observatory",
    )


def test_a_statement_leaves_its_words_to_the_line_below_the_table(event: Event) -> None:
    assert terminal.row(replace(event, event_type="STATEMENT"))[0] == "STATEMENT"


def test_what_has_not_happened_says_so(event: Event) -> None:
    assert terminal.row(replace(event, realis="planned"))[0] == "ASSAULT (planned): bombed"


def test_a_day_that_is_likelier_another_or_none_has_a_question_mark(event: Event) -> None:
    assert event.date is not None
    days = [terminal.row(replace(event, date=replace(event.date, confidence=sure)))[4] for sure in (0.4, 0.6)]
    assert days == ["2026-10-10?", "2026-10-10"]
