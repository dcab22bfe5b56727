"""Time expressions and their values."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.extractor.language.timex import Told, timexes, value_of

EXPRESSIONS = [
    line.split("\t")
    for line in (Path(__file__).parent / "expressions.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("day", "marked", "value"), EXPRESSIONS)
def test_an_expression_has_the_value_that_timex3_gives_it(day: str, marked: str, value: str) -> None:
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")
    anchor = date.fromisoformat(day)
    assert value_of(text, start, end, Told(anchor, anchor)) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("that day", "2012-06-09"),
        ("the same day", "2012-06-09"),
        ("the next day", "2012-06-10"),
        ("the following day", "2012-06-10"),
        ("the day before", "2012-06-08"),
        ("the day after", "2012-06-10"),
        ("two days later", "2012-06-11"),
        ("a year earlier", "2011"),
        ("a week later", "2012-W24"),
        ("the following year", "2013"),
        ("that year", "2012"),
    ],
)
def test_some_expressions_count_from_the_day_told_of_last(expression: str, value: str) -> None:
    told = Told(date(2013, 3, 22)).after("2012-06-09")
    assert value_of(f"It fell {expression}.", 8, 8 + len(expression), told) == value


@pytest.mark.parametrize(
    ("told", "expression", "value"),
    [
        ("1963", "the following year", "1964"),
        ("2008", "four years later", "2012"),
        ("2013-02", "the previous month", "2013-01"),
        ("2012-11", "two months earlier", "2012-09"),
        ("2011", "that December", "2011-12"),
        ("2008-SU", "that September", "2008-09"),
        ("2012-11", "that January", "2013-01"),
        ("2012-Q4", "a year earlier", "2011-Q4"),
        ("2012-Q4", "the same period a year earlier", "2011-Q4"),
        ("2013-02", "the year-ago period", "2012-02"),
        ("2012-Q4", "two days later", "2013-03-23"),
    ],
)
def test_longer_times_count_from_the_period_told_of_last(told: str, expression: str, value: str) -> None:
    known = Told(date(2013, 3, 22)).after(told).after("2013-03-21")
    assert value_of(f"It fell {expression}.", 8, 8 + len(expression), known) == value


def test_what_is_over_does_not_count_from_a_day_to_come() -> None:
    told = Told(date(2013, 3, 25)).after("2013-03-23").after("2013-03-26")
    text = "The slide struck at 11:30 p.m., they said. The pact will be signed at 10 a.m."
    assert value_of(text, 20, 30, told) == "2013-03-23T23:30"
    assert value_of(text, 70, 77, told) == "2013-03-26T10:00"


@given(st.text(max_size=60), st.dates(), st.booleans())
def test_no_text_breaks_it(text: str, anchor: date, future: bool) -> None:  # noqa: FBT001 - Hypothesis passes by name
    told = Told(anchor, anchor, future=future)
    value_of(text, 0, len(text), told)
    for found in timexes(text, told):
        assert text[found.start : found.end]


def test_a_text_of_time_words_alone_breaks_nothing() -> None:
    words = (
        "last",
        "in",
        "999",
        "century",
        "years",
        "ago",
        "Feb",
        "30",
        "2013",
        "night",
        "99:99",
        "the",
        "0s",
        "later",
    )
    for first in words:
        for second in words:
            value_of(f"{first} {second}", 0, len(first) + len(second) + 1, Told(date(1500, 1, 1)))
