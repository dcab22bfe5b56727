"""Who gives a figure: described bodies, offices that are named later, clauses of their own, agencies that pass on."""

import pytest

from services.contracts import Event
from services.extractor.extract import events_of
from tests.extractor.stories import article


def claimants(story: str) -> list[tuple[int | None, str]]:
    return [(claim.min, claim.claimant.text) for event in read(story) for claim in event.claims]


def read(story: str) -> tuple[Event, ...]:
    return events_of(article(story))


@pytest.mark.parametrize(
    "source",
    [
        "transport safety regulator",
        "eyewitnesses",
        "local media",
        "airline",
        "presidency",
        "aide",
        "WHO",
    ],
)
def test_whoever_can_tell_may_be_told_from(source: str) -> None:
    assert claimants(f"Nine guards were killed at Orvan, according to the {source}.") == [(9, source)]


def test_what_is_issued_speaks_for_its_issuer() -> None:
    assert claimants("The ministry's latest update put the death toll at nine.") == [(9, "ministry")]
    assert claimants("Nine guards were killed, according to a ministry release.") == [(9, "ministry release")]
    assert claimants("Some 900 people were killed by UN count.") == [(900, "UN")]


@pytest.mark.parametrize(
    ("story", "given"),
    [
        ("The ministry said the toll reached 22, while Minister Marwan Sorel spoke of 18 dead and 28 wounded.",
         [(22, "ministry"), (18, "Marwan Sorel"), (28, "Marwan Sorel")]),
        ("Jets struck the port, the ministry announced on Sunday, a week after a bombing that killed nine people.",
         [(9, "narrator")]),
        ("The Lakeland League claimed the attack in a statement saying nine guards were killed.",
         [(9, "Lakeland League")]),
        ("Raids killed nine guards, the rebel-run Orvan television said. The army denied it. It said nobody was hurt.",
         [(9, "rebel-run Orvan television")]),
        ("The spokesman of the police command, Nandi Omoro, however, gave two dead and 14 injured.",
         [(2, "Nandi Omoro"), (14, "Nandi Omoro")]),
        ("The government said gangs were to blame and that nine guards had been slain, SANA said.",
         [(9, "government")]),
        ("Nine guards were killed, the official ORNA news agency reported, citing a judicial source.",
         [(9, "judicial source")]),
        ("More than 40 people were killed, medics said - 48, by the count of the Lakeland League.",
         [(40, "medics")]),
    ],
)  # fmt: skip
def test_each_figure_has_the_voice_of_its_own_clause(story: str, given: list[tuple[int | None, str]]) -> None:
    assert claimants(story) == given


@pytest.mark.parametrize(
    ("story", "claimant"),
    [
        ("A bomb killed nine guards at Orvan, a rescue official said. Omar Sorel wrote that the road was shut.",
         "Omar Sorel"),
        ("A bomb killed nine guards at Orvan, the governor said. Nadia Sorel, governor of the north, said it was shut.",
         "Nadia Sorel"),
        ("A bomb killed nine guards, a nurse said. Omar Sorel, a police chief, said the road was shut.", "nurse"),
        ("A raid killed nine guards, a monitoring group said. The Lakeland Centre, which tracks the war, is abroad.",
         "Lakeland Centre"),
        ("Nine guards were killed, the health minister said. Prime Minister Tam Sorel declared a day of mourning.",
         "health minister"),
        ("A doctor in Orvan, who gave his name only as Abu Sorel, said nine guards had been killed.", "Abu Sorel"),
        ("The Lakeland Observatory was silent. Nine guards were killed near Hasak-Norvan, a monitor said on Monday.",
         "Lakeland Observatory"),
        ("Medics were there, the army said. Nine guards were killed, according to a rights group in Orvan.",
         "rights group"),
    ],
)  # fmt: skip
def test_who_is_called_by_an_office_or_a_kind_has_the_name_that_the_story_gives(story: str, claimant: str) -> None:
    assert claimant in {who for figure, who in claimants(story) if figure == 9}


@pytest.mark.parametrize(
    ("story", "claimant"),
    [
        ("Blasts killed nine people on Tuesday emergency services said in the town of Orvan.", "emergency services"),
        ("Cholera has killed nine people in Haiti, the Ministry of Public Health and Population said in a first count.",
         "Ministry of Public Health and Population"),
        ("One of them Haruna Bitos said nine guards had been killed.", "Haruna Bitos"),
    ],
)  # fmt: skip
def test_the_name_and_not_what_stands_around_it_speaks(story: str, claimant: str) -> None:
    assert claimants(story) == [(9, claimant)]


def test_who_is_called_by_a_longer_office_keeps_it() -> None:
    story = (
        "Nine guards died, the governor of the border province of Torva said. Governor Hamid Sorel said it was quiet."
    )
    assert claimants(story) == [(9, "governor of the border province of Torva")]


@pytest.mark.parametrize(
    ("story", "speaker"),
    [
        (
            "Mayor Ole Berg said a child was among the dead and warned of more to come. “Go while you can,” he wrote.",
            "Ole Berg",
        ),
        ("The league saw it in what its director, Mark Sorel, called “the horror of our days”.", "Mark Sorel"),
        (
            "“Where should we go?” Omar Sorel asked. “Who will guard us?” Last week rebels attacked a hotel.",
            "Omar Sorel",
        ),
        ("The town, whose mayor, Ole Berg, said it was gone, is shut. “It was all so quick,” he said.", "Ole Berg"),
    ],
)
def test_a_quotation_goes_on_from_who_spoke(story: str, speaker: str) -> None:
    assert {quote.speaker for event in read(story) for quote in event.quotes} == {speaker}


@pytest.mark.parametrize(
    ("story", "claims"),
    [
        (
            "In Orvan 61 people were killed and Rada TV reported 25 dead in Sefer.",
            [(61, "narrator"), (25, "Rada TV")],
        ),
        (
            "The Relief Fund said that 239 people, believed to be sailors, had died, Reuters reported.",
            [(239, "Relief Fund")],
        ),
        ("Police pegged the number abducted at 15.", [(15, "Police")]),
        (
            "A patient has died raising the number of the dead now to nine, Jane Doe said.",
            [(9, "Jane Doe"), (1, "Jane Doe")],
        ),
        ("Nine people were seized, with the bandits asking for a ransom for the nine.", [(9, "narrator")]),
        ("The 23 people confirmed to have been killed in Orvan were named.", [(23, "narrator")]),
        ("Crews were searching for signs of nearly 100 people believed still missing.", [(100, "narrator")]),
        ("Authorities in North Sefer and Orvan confirmed that 14 people died.", [(14, "Authorities")]),
        ("Nine people were killed. The ministry cut the number of missing to 93.", [(9, "narrator"), (93, "ministry")]),
        ("Jane Doe saw it all. According to her, 12 people were killed.", [(12, "Jane Doe")]),
        (
            "An army spokesman said 31 people were injured.\n\nRebel spokesman Omar Tarik denied it on Monday.",
            [(31, "army spokesman")],
        ),
        ("The region has continued to suffer, with 160 people killed in Orvan.", [(160, "narrator")]),
        (
            "General Omar al-Kindari spoke on Monday. Kindari said 13 rebels were killed.",
            [(13, "Omar al-Kindari")],
        ),
    ],
)
def test_who_tells_something_else_gives_no_figure(story: str, claims: list[tuple[int | None, str]]) -> None:
    assert claimants(story) == claims
