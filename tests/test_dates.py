"""Printed dates and times to ISO 8601."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dates import parse_printed


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("Sep 18, 2016, 01.57 PM (IST)", "2016-09-18T13:57:00+05:30"),
        ("12 October 2026, 14:05 GMT", "2026-10-12T14:05:00+00:00"),
        ("2026年10月12日14:05 来源", "2026-10-12T14:05:00"),
        ("2026年10月12日 14時05分", "2026-10-12T14:05:00"),
        ("2026年10月12日 午後2時05分", "2026-10-12T14:05:00"),
        ("12. lokakuuta 2026", "2026-10-12"),
        ("2026. október 12. 14:05", "2026-10-12T14:05:00"),
        ("2026-10-12T14:05:00Z", "2026-10-12T14:05:00+00:00"),
        ("2026-10-12 14:05:00.233+02:00", "2026-10-12T14:05:00+02:00"),
        ("October 12, 2026", "2026-10-12"),
        ("Updated 3:45 PM EDT, Mon October 12, 2026", "2026-10-12T15:45:00-04:00"),
        ("Sept. 3, 2020, 5:06 a.m. EST", "2020-09-03T05:06:00-05:00"),
        ("12 July 2026 at 2 pm ET", "2026-07-12T14:00:00-04:00"),
        ("12 December 2026 at 2 pm ET", "2026-12-12T14:00:00-05:00"),
        ("18 September 2016 10:33 UTC+3", "2016-09-18T10:33:00+03:00"),
        ("12.10.2026, 09:15 Uhr", "2026-10-12T09:15:00"),
        ("12. 10. 2026 9:15", "2026-10-12T09:15:00"),
        ("13/10/2026", "2026-10-13"),
        ("18 de octubre de 2026", "2026-10-18"),
        ("1er août 2020 à 18h30", "2020-08-01T18:30:00"),
        ("2026年10月12日 14:05", "2026-10-12T14:05:00"),
        ("12 October 2026, 14:05 THE END", "2026-10-12T14:05:00"),
        ("12:30 AM, 1 May 2026", "2026-05-01T00:30:00"),
    ],
)
def test_a_printed_date_is_read_as_precisely_as_it_is_printed(printed: str, value: str) -> None:
    found = parse_printed(printed)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    ("country", "printed", "offset"),
    [
        (None, "18 Sep 2016, 13:57 IST", "+05:30"),
        ("IN", "18 Sep 2016, 13:57 IST", "+05:30"),
        ("IL", "18 Sep 2016, 13:57 IST", "+03:00"),
        ("IL", "18 Dec 2016, 13:57 IST", "+02:00"),
        ("IE", "18 Sep 2016, 13:57 IST", "+01:00"),
        ("CN", "18 Sep 2016, 13:57 CST", "+08:00"),
        ("US", "18 Sep 2016, 13:57 CST", "-06:00"),
    ],
)
def test_the_country_says_what_a_zone_means(country: str | None, printed: str, offset: str) -> None:
    found = parse_printed(printed, country=country)
    assert found is not None
    assert found.precision == "instant"
    assert found.value.endswith(offset)


@pytest.mark.parametrize("printed", ["12/10/2026", "2016-13-40", "31 February 2020", "May 2026", "on Saturday", ""])
def test_what_is_ambiguous_or_no_date_is_not_read(printed: str) -> None:
    assert parse_printed(printed) is None


@given(
    st.text(max_size=80) | st.from_regex(r"\d{1,4}[ ./-](May|\d{1,2})[ ./-]\d{2,4},? \d{1,2}[:.]\d\d ?(PM|GMT|\+\d+)?")
)
def test_whatever_is_read_stands_in_the_text_and_is_a_moment(text: str) -> None:
    found = parse_printed(text)
    if found is not None:
        assert text[found.start : found.end] == found.text
        assert found.moment.tzinfo is not None
        assert found.moment.date() == found.day
