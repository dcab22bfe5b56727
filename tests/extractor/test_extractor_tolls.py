"""Figures of people in wordings that no rule knows, as the fitted model reads them."""

import pytest

from services.extractor.extract import events_of
from services.extractor.story.reading import read
from services.extractor.tolls.counts import by_rule
from services.extractor.tolls.tolls import candidates
from tests.extractor.stories import article


def counted(text: str) -> set[tuple[str, int | None]]:
    told = events_of(article(text, headline="News"))
    return {(claim.kind, claim.min) for event in told for claim in event.claims}


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Some 600 families have moved into the school since the dam broke.", {("displaced", 600)}),
        ("Some 4,000 people have left the valley for camps since June.", {("displaced", 4000)}),
        ("The police station holds 40 suspects in a cell made for ten.", {("detained", 40)}),
        ("At least 14 fighters were gunned down near the bridge.", {("dead", 14)}),
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
        "The mine closed after a flood in which no one was hurt; the youngest of its miners was 19.",
        "The mayor has held office for 14 years and lost two elections.",
    ],
)
def test_words_of_harm_beside_a_figure_do_not_make_it_one_of_people(text: str) -> None:
    assert counted(text) == set()


def test_an_age_is_never_a_figure_of_people() -> None:
    assert counted("Four people died in the fire; the youngest of them was 12.") == {("dead", 4)}
    assert counted("Four people died in the fire; one of them was aged 12.") == {("dead", 4), ("dead", 1)}


def test_a_sentence_full_of_figures_is_left_to_the_rules() -> None:
    reading = read(article(f"Police killed {' '.join(map(str, range(2, 152)))}.", headline="News"))
    assert candidates(reading.sentences, by_rule(reading.sentences)) == []


def test_shells_that_were_counted_are_no_people() -> None:
    text = (
        "Dozens of people were killed in the market of Belmont on Saturday.\n\nAt least 35 people were killed, the Red "
        'Ridge Army said.\n\n"The shells that fell on the market — and we have counted nine of them — came from a '
        'battery," a statement from the army said.'
    )
    assert counted(text) == {("dead", 24), ("dead", 35)}


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Rebels fired ten shells at Korrin on Sunday; three of them killed a family.", set()),
        ("Six missiles fell. Two of them hit a school in Korrin, killing nine pupils.", {("dead", 9)}),
        ("Two officers shot dead a man in Korrin.", {("dead", 1)}),
        ("Four of them struck a bus and wounded six passengers.", {("injured", 6)}),
        ("Two bombers killed themselves and three guards in Korrin.", {("dead", 2), ("dead", 3)}),
        ("Nine soldiers lost a leg in the battle.", {("injured", 9)}),
        ("Rebels seized Korrin on Monday.", set()),
        ("Erik ten Hove was killed on Monday.", {("dead", 1)}),
        ("Rebels seized Jonas Lind on Monday.", {("detained", 1)}),
    ],
)
def test_who_hurts_others_is_not_counted_among_them(text: str, claims: set[tuple[str, int | None]]) -> None:
    assert counted(text) == claims


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Hundreds of workers left their homes early on Monday to vote in Korrin.", set()),
        ("Thousands of fans left their homes to greet the team.", set()),
        ("Hundreds of people left their homes early on Monday as the river rose.", {("displaced", 200)}),
        ("Toravia ordered two diplomats of Ostmark to leave the country.", set()),
        ("Some 3,000 villagers left their homes on Monday to escape the lava.", {("displaced", 3000)}),
        ("About 200 families had to leave their homes in Korrin.", {("displaced", 200)}),
    ],
)
def test_who_comes_back_in_the_evening_is_not_displaced(text: str, claims: set[tuple[str, int | None]]) -> None:
    assert counted(text) == claims
