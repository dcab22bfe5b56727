"""Figures of people in wordings that no rule knows, as the fitted model reads them."""

import pytest

from services.extractor.extract import events_of
from tests.extractor.stories import article


def counted(text: str) -> set[tuple[str, int | None]]:
    told = events_of(article(text, headline="News"))
    return {(claim.kind, claim.min) for event in told for claim in event.claims}


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Some 600 families have moved into the school since the dam broke.", {("displaced", 600)}),
        ("The governor said 212 gunmen had left the town by bus.", {("displaced", 212)}),
        ("The police station holds 40 suspects in a cell made for ten.", {("detained", 40)}),
    ],
)
def test_a_figure_counts_people_by_the_words_around_it(text: str, claims: set[tuple[str, int | None]]) -> None:
    assert counted(text) == claims


@pytest.mark.parametrize(
    "text",
    [
        "The council bought 40 beds for the hospital and 12 stretchers.",
        "The hospital, which has 300 beds, treated patients from 14 towns last year.",
        "The company cut 400 jobs after it lost three contracts.",
        "The film about the massacre won four prizes and 12 nominations.",
        "The mayor has held office for 14 years and lost two elections.",
    ],
)
def test_words_of_harm_beside_a_figure_do_not_make_it_one_of_people(text: str) -> None:
    assert counted(text) == set()
