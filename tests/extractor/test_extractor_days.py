from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.extractor.language.days import Day
from services.extractor.language.days import days as days_told
from services.extractor.language.tense import ahead
from services.extractor.language.timex import Told

SUNDAY = date(2024, 5, 12)


def days(text: str, anchor: date | None, *, future: bool = False) -> tuple[Day, ...]:
    return days_told(text, Told(anchor, future=future))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on Saturday", "2024-05-11"),
        ("on Sunday", "2024-05-12"),
        ("last Sunday", "2024-05-05"),
        ("next Monday", "2024-05-13"),
        ("yesterday", "2024-05-11"),
        ("May 2", "2024-05-02"),
        ("2 May", "2024-05-02"),
        ("December 5", "2023-12-05"),
        ("Sept. 12, 2015", "2015-09-12"),
        ("29 July 2015", "2015-07-29"),
        ("2016-09-01", "2016-09-01"),
        ("two days ago", "2024-05-10"),
        ("in March 2011", "2011-03"),
        ("In June", "2023-06"),
        ("at a key September meeting", "2023-09"),
        ("last month", "2024-04"),
        ("this year", "2024"),
        ("in 2019", "2019"),
        ("in mid-2012", "2012"),
        ("after a 2013 bombing", "2013"),
        ("in the war of 1967,", "1967"),
        ("on Saturday, April 6", "2024-04-06"),
        ("late on Friday (May 10)", "2024-05-10"),
        ("on Friday (3)", "2024-05-03"),
        ("on Friday the 3rd", "2024-05-03"),
        ("on April 6 last year", "2023-04-06"),
        ("in February last year", "2023-02"),
    ],
)
def test_a_day_is_resolved_against_the_day_of_the_story(text: str, value: str) -> None:
    (day,) = days(f"It began {text} there", SUNDAY)
    assert day.value == value


@pytest.mark.parametrize("text", ["in the 2000 block of Elm Street", "a 2016 red Chevrolet"])
def test_the_numbers_of_houses_and_the_makes_of_cars_are_no_years(text: str) -> None:
    assert days(text, SUNDAY) == ()


def test_the_year_of_a_deed_is_one_whatever_the_name_behind_it() -> None:
    assert [day.value for day in days("The 2014 Dodge Falls bombing hurt two", SUNDAY)] == ["2014"]


@pytest.mark.parametrize(("number", "values"), [("14th", ["2026-02-14"]), ("31st", []), ("3rd", ["2026-03-03"])])
def test_a_day_of_the_month_is_one_that_the_month_has(number: str, values: list[str]) -> None:
    assert [day.value for day in days(f"The car was found on the {number}.", date(2026, 3, 10))] == values


def test_a_weekday_to_come_is_the_next_one() -> None:
    assert days("will meet on Tuesday", SUNDAY, future=True)[0].value == "2024-05-14"


def test_the_weekend_is_the_one_that_was() -> None:
    assert days("fled over the weekend", date(2024, 5, 15))[0].value == "2024-05-11"


def test_a_day_that_must_lie_ahead_is_none_of_the_past() -> None:
    assert days("threatened to close the port before May 20", SUNDAY) == ()


def test_without_a_day_of_the_story_only_full_dates_are_resolved() -> None:
    assert [day.value for day in days("on Saturday, May 2, or 3 June 2020", None)] == ["2020-06-03"]


@pytest.mark.parametrize(
    "text", ["February 30, 2020", "the 2000 soldiers", "I may 4 times", "at 12:30", "99 June", "two day old"]
)
def test_what_is_no_day_is_not_read_as_one(text: str) -> None:
    assert [day for day in days(text, SUNDAY) if day.precision == "day"] == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("held on May 2 and freed the next day, police said", ["2024-05-02", "2024-05-03"]),
        ("arrested in August 2021. The following month he was charged", ["2021-08", "2021-09"]),
        ("He died two days later.", ["2024-05-08"]),
        ("They left that same day", ["2024-05-06"]),
        ("He was held that night and freed the next morning.", ["2024-05-06", "2024-05-07"]),
        ("Troops came on the 2nd, he said, and went up to the flat on the 3rd floor.", ["2024-05-02"]),
        ("sales rose from a year earlier", []),
        ("two days after the vote", []),
        ("on May 10, two days after rebels seized the town", ["2024-05-10", "2024-05-08"]),
        ("The strike comes a week after a bus was hit", ["2024-05-05"]),
        ("Tuesdays strike on the town", ["2024-05-07"]),
    ],
)
def test_what_counts_from_the_day_told_before_it_is_resolved_against_that_day(text: str, values: list[str]) -> None:
    told = Told(SUNDAY, last=date(2024, 5, 6))
    assert [day.value for day in days_told(text, told)] == values


@pytest.mark.parametrize(
    "text",
    [
        "unions called a one-day strike for Friday",
        "the minister summoned both sides to talks on Friday",
        "families are planning a march on Friday",
        "a convoy was expected from Goma on Friday",
    ],
)
def test_what_is_called_for_a_day_lies_ahead(text: str) -> None:
    start = text.index("Friday")
    assert ahead(text, start, len(text)) is True


@pytest.mark.parametrize("text", ["called off the march on Friday", "By Friday soldiers had taken the town"])
def test_what_is_told_as_done_lies_behind(text: str) -> None:
    start = text.index("Friday")
    assert ahead(text, start, start + 6) is not True


def test_without_a_day_told_before_nothing_counts_from_it() -> None:
    assert days("He died two days later.", SUNDAY) == ()


@given(st.text(max_size=60), st.dates(), st.booleans())
def test_no_text_breaks_it(text: str, anchor: date, future: bool) -> None:  # noqa: FBT001 - Hypothesis passes by name
    for day in days(text, anchor, future=future):
        assert text[day.start : day.end]


@given(st.sampled_from(["Monday", "Tuesday", "Saturday", "Sunday"]), st.dates(min_value=date(1900, 1, 1)))
def test_a_past_weekday_is_never_after_the_story(weekday: str, anchor: date) -> None:
    for day in days(weekday, anchor if anchor.year < 9000 else SUNDAY):
        assert day.value <= anchor.isoformat()
