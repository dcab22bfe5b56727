"""Which figures count people hurt or held, and what became of them."""

import pytest

from services.extractor.extract import events_of
from tests.extractor.stories import article


def counted(text: str) -> set[tuple[str, int | None]]:
    return {(claim.kind, claim.min) for event in events_of(article(text, headline="News")) for claim in event.claims}


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Fifty-three people lost their lives in clashes near the border on Friday.", {("dead", 53)}),
        ("Four soldiers were martyred in an ambush on the road to Sefer.", {("dead", 4)}),
        ("Police found the remains of 18 people in two vans on Wednesday.", {("dead", 18)}),
        ("Officers fatally shot a man on Wednesday, the police said.", {("dead", 1)}),
        ("Nine miners were found dead in the shaft on Friday.", {("dead", 9)}),
        ("Eleven other people were admitted to hospital after the shelling.", {("injured", 11)}),
        ("Four officers were treated for minor injuries.", {("injured", 4)}),
        ("Two of the wounded soldiers suffered burns, and 22 people are in serious condition.", {("injured", 22)}),
        ("A 28-year-old man is in custody after the shooting.", {("detained", 1)}),
        ("The rebels captured 17 soldiers on Friday.", {("detained", 17)}),
        ("More than 1,000 people have been driven into camps since June.", {("displaced", 1000)}),
    ],
)
def test_what_became_of_people_is_said_in_many_ways(text: str, claims: set[tuple[str, int | None]]) -> None:
    assert claims <= counted(text)


@pytest.mark.parametrize(
    "text",
    [
        "Her four year old son was injured when the window broke.",
        "The skeleton was buried 7 ft under the floor and the man is dead.",
        "A court sentenced him to 30 days detention.",
        "Five people of the 2016 concert were sentenced to prison.",
        "The airline had 24 animal deaths last year.",
        "Tariffs would not end without hurting the two economies.",
    ],
)
def test_ages_measures_years_animals_and_things_are_no_people(text: str) -> None:
    assert not {most for _, most in counted(text)} & {2, 4, 7, 24, 30, 2016}


def test_one_person_told_of_again_is_counted_once() -> None:
    text = "Jonas Lind was injured in the attack. The man was injured when the window of the car broke."
    assert counted(text) == {("injured", 1)}
    again = [claim for event in events_of(article(text, headline="News")) for claim in event.claims]
    assert len(again) == 1


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("Gunmen killed the mayor on Monday in Lahore. On Tuesday they killed the governor.", 2),
        ("A gunman shot dead his wife in Oslo on Friday. He then killed his son.", 2),
        ("The gunmen killed 12 village elders on Monday.", 12),
        ("Militants killed five town officials on Monday.", 5),
    ],
)
def test_two_victims_are_two_and_a_word_for_a_place_makes_no_people_a_place(text: str, dead: int) -> None:
    claims = [claim for event in events_of(article(text, headline="News")) for claim in event.claims]
    assert sum(claim.min or 0 for claim in claims if claim.kind == "dead") == dead
