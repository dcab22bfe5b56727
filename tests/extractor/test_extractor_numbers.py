from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.extractor.language.numbers import figures


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("62", (62, 62)),
        ("at least 90", (90, None)),
        ("more than a dozen", (12, None)),
        ("no fewer than seven", (7, None)),
        ("up to 30", (None, 30)),
        ("as many as 1,200", (None, 1_200)),
        ("90 to 100", (90, 100)),
        ("between 10 and 12", (10, 12)),
        ("two hundred and fifty", (250, 250)),
        ("twenty - five", (25, 25)),
        ("one hundred thousand", (100_000, 100_000)),
        ("1.5 million", (1_500_000, 1_500_000)),
        ("half a dozen", (6, 6)),
        ("several", (3, None)),
        ("dozens", (24, None)),
        ("scores", (40, None)),
        ("hundreds", (200, None)),
        ("tens of thousands", (20_000, None)),
        ("30 or more", (30, None)),
    ],
)
def test_a_figure_in_words_or_digits_has_its_bounds(text: str, bounds: tuple[int | None, int | None]) -> None:
    (figure,) = figures(text.split())
    assert (figure.min, figure.max) == bounds
    assert (figure.start, figure.end) == (0, len(text.split()))


@pytest.mark.parametrize("text", ["about 50", "some 50", "nearly 50", "an estimated 50", "dozens", "a few"])
def test_a_vague_figure_is_marked(text: str) -> None:
    (figure,) = figures(text.split())
    assert figure.approx


def test_a_rise_is_two_figures_and_no_range() -> None:
    assert [(f.min, f.max) for f in figures(["rose", "from", "9", "to", "12"])] == [(9, 9), (12, 12)]


@given(st.lists(st.text(max_size=8), max_size=20))
def test_no_words_break_it_and_figures_never_overlap(words: list[str]) -> None:
    found = figures(words)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(0 <= figure.start < figure.end <= len(words) for figure in found)


@given(st.integers(min_value=0, max_value=9_999_999))
def test_printed_digits_are_read_back(number: int) -> None:
    (figure,) = figures([f"{number:,}"])
    assert figure.min == figure.max == number
