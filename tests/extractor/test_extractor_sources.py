"""Who gives a figure or is quoted in agencies' language, with commas and without; totals and parts."""

import pytest

from services.contracts import Claim
from services.extractor.extract import events_of
from tests.extractor.stories import article


def claims_of(text: str) -> list[Claim]:
    return [claim for event in events_of(article(text, headline="News")) for claim in event.claims]


def counted(text: str) -> set[tuple[str, int | None, int | None]]:
    return {(claim.kind, claim.min, claim.max) for claim in claims_of(text)}


@pytest.mark.parametrize(
    ("text", "claimant"),
    [
        ("A Courier photographer at the scene saw at least four bodies.", "Courier photographer"),
        ("The bus fell into a ravine in southern Ostmark, killing 17 people authorities said.", "authorities"),
        ("Gunmen seized eight miners from the village of Warabe residents said on Monday.", "residents"),
        ("At least 12 people died in the blaze officials and witnesses said.", "officials and witnesses"),
        ("Raids killed 82 people in the rebel-held town of Sefer near Korrin activists said.", "activists"),
        ("Two guards died in Sefer, a police source told the state news agency MNA.", "police source"),
        (
            "Rebels killed 12 people in Sefer, near the border, a senator and residents said on Monday.",
            "senator and residents",
        ),
        (
            "Stormline, a hotline for sailors, said it had called the coast guard. It said nine sailors had drowned.",
            "Stormline",
        ),
        (
            "The White Lamps spoke on Monday. The medical charity said that its clinic had admitted 31 wounded men.",
            "medical charity",
        ),
        ("Floods killed 12 people in China, state media said. Xinhua said dams had burst.", "state media"),
        ("Six rebels were killed, according to the Red Cross and a medical source.", "Red Cross and medical source"),
        ("Residents and Mayor Jan Holt said four people died.", "Residents and Mayor Jan Holt"),
        ("All was calm, the mayor said, as rescuers searched for 12 missing miners.", "narrator"),
    ],
)
def test_a_figure_is_given_by_who_saw_it_told_an_agency_or_stands_glued_to_a_place(text: str, claimant: str) -> None:
    assert any(claimant in claim.claimant.text for claim in claims_of(text))


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“The gate was locked” Jane Doe a spokeswoman for the fund said in Sefer.", "Jane Doe"),
        ("“The gate was locked” Jane Doe a 28-year-old passenger who jumped off told the Courier.", "Jane Doe"),
        (
            "“It is over,” John Roe said.\n\nOmar, another activist, said he had fled. “The gate was locked,” he said.",
            "Omar",
        ),
        (
            "“It is over,” John Roe said. A girl died, her grandfather said. “The gate was locked,” he said.",
            "grandfather",
        ),
    ],
)
def test_a_name_beside_what_somebody_is_speaks_also_without_its_commas(text: str, speaker: str) -> None:
    quotes = [quote for event in events_of(article(text, headline="News")) for quote in event.quotes]
    assert quotes[-1].speaker == speaker


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        (
            "At least 12 sailors drowned and more than 80 were missing on Tuesday.",
            {("dead", 12, None), ("missing", 80, None)},
        ),
        ("Five guards were still buried beneath the rubble of the hall.", {("missing", 5, 5)}),
        ("Six guards were dead and five who were wounded died on the way.", {("dead", 6, 6), ("dead", 5, 5)}),
        ("A mine killed two soldiers and injured a third.", {("dead", 2, 2), ("injured", 1, 1)}),
        ("Five people, among them a boy of 15, were killed.", {("dead", 5, 5), ("dead", 1, 1)}),
        ("Ostmark lost 148 people when gunmen stormed the hall.", {("dead", 148, 148)}),
        (
            "The council said 12 people had died, adding that the toll could be as high as 200.",
            {("dead", 12, 12), ("dead", None, 200)},
        ),
        (
            "The raids brought the number of miners killed since the protests began on March 30 to 107.",
            {("dead", 107, 107)},
        ),
        ("The army said the toll did not exceed 150.", {("dead", None, 150)}),
        ("Gunmen abducted and killed eleven miners.", {("dead", 11, 11)}),
        ("His uncle was wounded and his wife has not been seen since.", {("injured", 1, 1), ("missing", 1, 1)}),
        ("A driver, a father of four, was killed.", {("dead", 1, 1)}),
        ("72 miners between the ages of 15 and 66 had been hurt.", {("injured", 72, 72)}),
        ("41 miners died this year, nine more than last year.", {("dead", 41, 41)}),
        ("He said he was destroyed by grief.", set()),
        ("Fans stormed the pitch after their team lost 2-1 to Sefer.", set()),
        ("A gunman shot dead two officers and wounded a cook.", {("dead", 2, 2), ("injured", 1, 1)}),
        ("A quake of magnitude 8.0 killed 595 people.", {("dead", 595, 595)}),
    ],
)
def test_a_figure_is_read_with_its_bounds_and_no_age_or_comparison_counts(
    text: str, claims: set[tuple[str, int | None, int | None]]
) -> None:
    assert counted(text) == claims


@pytest.mark.parametrize(
    ("text", "cumulative"),
    [
        ("Some 300 people have been killed in Sefer since talks broke off in April.", True),
        ("The insurgency has left 2,000 people dead.", True),
        ("Thirty soldiers have been killed near Sefer since Wednesday.", False),
        ("A raid killed 31 people, in one of the deadliest attacks since a truce collapsed.", False),
    ],
)
def test_a_running_total_is_of_a_war_and_not_of_a_day(text: str, cumulative: bool) -> None:  # noqa: FBT001 - the answer
    assert [claim.cumulative for claim in claims_of(text)] == [cumulative]


def test_a_bare_figure_counts_those_of_the_figure_before_it() -> None:
    claims = claims_of("A bomb killed 20 people, eight of them miners, and wounded 48.")
    assert [claim.victims for claim in claims if claim.kind == "injured"] == ["people"]
    assert [claim.victims for claim in claims_of("At least five of those killed were children.")] == ["children"]
