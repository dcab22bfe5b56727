"""Figures that go on from others, parts and asides, and who is behind them, as rival reports tell them."""

import pytest

from services.contracts import Claim, Event
from services.extractor.extract import events_of
from tests.extractor.stories import article


def told(text: str) -> tuple[Event, ...]:
    return events_of(article(text, headline="News"))


def claims_of(text: str) -> list[Claim]:
    return [claim for event in told(text) for claim in event.claims]


def counted(text: str) -> set[tuple[str, int | None]]:
    return {(claim.kind, claim.min) for claim in claims_of(text)}


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("The raid left 41 people dead. An official gave a higher figure of 52.", {("dead", 41), ("dead", 52)}),
        ("Police arrested 13 people, bringing the total to 311.", {("detained", 13), ("detained", 311)}),
        ("The storm killed 44 people, up from 31 in May.", {("dead", 44), ("dead", 31)}),
        ("It said 14 civilians had died, fewer than the 55 reported by a union.", {("dead", 14), ("dead", 55)}),
        ("The strike killed 16 guards. Among them were 11 Westlanders.", {("dead", 16), ("dead", 11)}),
        ("The union said 109 of the victims were evacuees.", {("dead", 109)}),
        ("Ten people were killed. Two of the victims were women.", {("dead", 10), ("dead", 2)}),
        ("Three of the victims remain in hospital.", {("injured", 3)}),
        ("Three of the victims were recovered from the second floor.", {("dead", 3)}),
        ("Nine guards died. Of the nine, three died in the north.", {("dead", 9), ("dead", 3)}),
        ("The bombing of a convoy, in which at least 126 people, 68 of them children, were killed, ended the talks.",
         {("dead", 126), ("dead", 68)}),
    ],
)  # fmt: skip
def test_a_figure_goes_on_from_the_one_before_it(text: str, claims: set[tuple[str, int | None]]) -> None:
    assert counted(text) == claims


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("A farmer was killed and another was hurt by a mine.", {("dead", 1), ("injured", 1)}),
        ("A mine killed one man and injured another.", {("dead", 1), ("injured", 1)}),
        ("In the town of Sefer, a nurse and two cleaners died last week.", {("dead", 1), ("dead", 2)}),
        ("His wife and daughter are in hospital.", {("injured", 2)}),
        ("A landslide buried a minibus, killing its driver and six passengers.", {("dead", 1), ("dead", 6)}),
        ("Sixty herders were taken to an unknown location.", {("detained", 60)}),
        ("Three brothers were taken from their home by masked men.", {("detained", 3)}),
        ("Forty children are cared for at the orphanage.", set()),
        ("Two herders abducted in May were found dead.", {("dead", 2)}),
        ("The corpses of 11 of them were left behind on the field.", {("dead", 11)}),
        ("Eight bodies were badly burned.", {("dead", 8)}),
        ("We have taken out 34 bodies, said Jan Orel.", {("dead", 34)}),
        ("Rescuers spoke of 33 dead, including a pregnant woman.", {("dead", 33), ("dead", 1)}),
        ("The mayor had said 57 had died.", {("dead", 57)}),
        ("Rebels destroyed a bulldozer and killed its crew of three.", {("dead", 3)}),
        ("Police had beaten up at least 16 villagers, two of whom had broken ribs.", {("injured", 16), ("injured", 2)}),
        ("Three men were killed and a fourth was fighting for his life.", {("dead", 3), ("injured", 1)}),
        ("A car bomb killed dozens of displaced people who had gathered at the river.", {("dead", 24)}),
        ("More than 600 people had to leave their homes.", {("displaced", 600)}),
        ("The army killed 30 rebels and took eight men alive.", {("dead", 30), ("detained", 8)}),
        ("He said volunteers had handed over 98 bodies.", {("dead", 98)}),
        ("They evacuated 55 of the wounded to Ostmark.", {("injured", 55)}),
        ("One man was killed and the other is still missing.", {("dead", 1), ("missing", 1)}),
        ("The ministry counts 340 suspected cases of cholera, and nine people died.", {("injured", 340), ("dead", 9)}),
        ("The judge has 340 suspected cases of fraud, and nine people died.", {("dead", 9)}),
        ("Some 64 patients were in intensive care units, and nine people died.", {("injured", 64), ("dead", 9)}),
        ("In 2012 74 people died in a stadium.", {("dead", 74)}),
        ("The men executed eight guards, taking four with them.", {("dead", 8), ("detained", 4)}),
        ("Residents said more than 20 people were still under the debris.", {("missing", 20)}),
        ("Two women were hurt. Both women are being cared for, and 33 are in danger of dying.", {("injured", 2)}),
        ("Nine people died. My brother was 19 and wanted to be a barber.", {("dead", 9)}),
    ],
)
def test_people_hurt_or_held_are_told_of_in_other_words(text: str, claims: set[tuple[str, int | None]]) -> None:
    assert counted(text) == claims


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("A suicide bomber had killed 13 guards near the wall.", {("dead", 13)}),
        ("Since 2012 tens of thousands of people have been detained.", {("detained", 20_000)}),
        ("Nine children whose parents had been killed sang at the school in Sefer.", set()),
        ("Five members of one family died in Sefer.", {("dead", 5)}),
        ("Nine people from two families died in Sefer.", {("dead", 9)}),
        ("The council gave 50,000 crowns for the injured.", set()),
        ("Two men were shot dead on Monday. The two dead men were named as Ilmar Rask and Jan Orel.", {("dead", 2)}),
    ],
)
def test_a_killer_a_year_a_family_and_a_figure_told_again_are_no_victims(
    text: str, claims: set[tuple[str, int | None]]
) -> None:
    assert counted(text) == claims


@pytest.mark.parametrize(
    ("text", "claimant"),
    [
        ("Jets bombed a market and a clinic in Sefer, killing 41, rescue workers and a union said.",
         "rescue workers and union"),
        ("The group met. Airtoll, a group that tracks raids, says 43 people died.", "Airtoll"),
        ("Nobody died, the mayor said, while MNA, another agency, reported that 18 guards had been killed.", "MNA"),
        ("State TV showed men in civilian clothes. It said eight soldiers had been killed.", "State TV"),
        ("The army said rebels fled. A blast hit a market. It said eight soldiers had been killed.", "army"),
        ("Nine people died, police said.\n\nSuperintendent of police Jan Orel spoke on Monday.", "police"),
        ("The Ilmar Fund said a girl had died. An earlier statement had put the number of dead at nine.", "Ilmar Fund"),
        ("Activists were there. A rebel spokesman, Abu Yazan, told us of it. Three of his men had died, he added.",
         "Abu Yazan"),
    ],
)  # fmt: skip
def test_whoever_a_short_name_or_word_stands_for_gives_the_figure(text: str, claimant: str) -> None:
    assert claims_of(text)[-1].claimant.text == claimant


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ('Police said so. Umm Ali, 60, said her house was gone. "It went up in flames," she said.', "Umm Ali"),
        ('Police spoke. Fan group White Lamps said nine fans had died. "They locked us in," it wrote.', "White Lamps"),
        ('Jan Orel spoke.\n\nA shepherd said nobody had come to help. "They left us alone," he said.', "shepherd"),
    ],
)
def test_he_and_she_are_who_spoke_last(text: str, speaker: str) -> None:
    assert [quote.speaker for event in told(text) for quote in event.quotes] == [speaker]


@pytest.mark.parametrize(
    ("text", "claimant"),
    [
        ("A raid killed 25 men, among them four bombers, in the desert west of Rawa, the Joint Command said on Monday.",
         "Joint Command"),
        ("Three children died when the house was hit in what residents described as a raid.", "narrator"),
        ("The mayor said that a student had succumbed to her injuries, raising the number of dead to seven.", "mayor"),
        ("Army sources spoke. The raid killed eight rebels, according to military sources.", "military sources"),
        ("The number of dead has risen to 35, some of them boys, a source at the clinic said.", "source at the clinic"),
        ("The army admitted the killing of a commander.", "army"),
        ("A bomber blew himself up on Sunday killing 14 people and wounding 51 officials said.", "officials"),
        ("The union has 410 names. The government's toll, in May, was 350 dead.", "government"),
        ("According to the Ilmar Fund, 62 people died. Thirty-six rebels were killed, it added.", "Ilmar Fund"),
        ("Jan Orel spoke. A morgue attendant said he had registered nine dead since Monday.", "morgue attendant"),
        ("The shelling killed nine people in the valley west of Korrin on Wednesday activists said.", "activists"),
    ],
)  # fmt: skip
def test_who_gives_a_figure_is_read_off_the_order_of_the_words(text: str, claimant: str) -> None:
    assert claims_of(text)[-1].claimant.text == claimant


@pytest.mark.parametrize(
    ("text", "cumulative"),
    [
        ("A raid killed 15 guards in the bloodiest attack on the town this year.", False),
        ("The war, now in its fifth year, has claimed more than 240,000 lives.", True),
        ("In the deadliest month of this year 3,000 people were killed.", True),
    ],
)
def test_a_record_of_the_year_is_no_toll_of_the_year(text: str, cumulative: bool) -> None:  # noqa: FBT001 - the answer
    assert claims_of(text)[0].cumulative is cumulative
