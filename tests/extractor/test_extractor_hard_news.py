"""Crime, crashes, fires and fighting as agencies and small papers tell them: what is a deed, and whose."""

import pytest

from services.contracts import Event
from services.extractor.extract import events_of
from tests.extractor.stories import article


def told(*paragraphs: str, headline: str = "News of the day") -> tuple[Event, ...]:
    return events_of(article("\n\n".join(paragraphs), headline=headline))


def types(*paragraphs: str) -> list[str]:
    return [event.event_type for event in told(*paragraphs) if event.event_type not in {"TOLL", "STATEMENT"}]


def only(event_type: str, *paragraphs: str) -> Event:
    (event,) = [event for event in told(*paragraphs) if event.event_type == event_type]
    return event


def recipients(event: Event) -> list[str]:
    return [actor.name for actor in event.recipient]


@pytest.mark.parametrize(
    "sentence",
    [
        "Crews were met with heavy smoke, fire chief Jonas Lind said.",
        "The man had been barricaded in the house since Wednesday.",
        "Deputies responded to a call from a neighbour on Elm Street.",
        "A constable is fighting for his life, Minister Jonas Lind said.",
        "Firefighters battled across steep terrain on Friday.",
        "The fire destroyed four homes in Belasur on Friday.",
        "The father of two has since been released from the Karal Hospital.",
    ],
)
def test_what_sounds_like_a_deed_and_is_none(sentence: str) -> None:
    assert set(types(sentence)) <= {"DISASTER"}


def test_what_somebody_is_charged_with_is_told_of_only_where_it_says_of_whom() -> None:
    assert types("Police arrested two suspects on Sunday for murder and attempted murder.") == ["COERCE"]
    counts = "Ole Berg, 66, has been charged with one count of murder and two counts of assault."
    assert types(counts) == ["ACCUSE"]
    assert "ASSAULT" in types("Ole Berg was charged with the murder of Jonas Lind.")


def test_what_an_inquiry_shows_is_the_finding_and_no_accusation() -> None:
    assert types("A preliminary investigation indicates that the driver fell asleep.") == []


def test_who_appeared_in_court_is_charged_and_not_the_court() -> None:
    event = only("ACCUSE", "A teacher has appeared in court charged with theft.")
    assert recipients(event) == ["teacher"]


def test_a_deputy_of_the_sheriff_is_shot_and_not_the_sheriff() -> None:
    event = only("ASSAULT", "Karal County Sheriff's Deputy Jonas Lind, 32, was shot on Wednesday night.")
    assert recipients(event) == ["Jonas Lind"]


def test_fighters_from_a_land_are_not_the_land() -> None:
    event = only("ASSAULT", "Fighters from southern Sudan gunned down five traders on Monday.")
    assert [actor.name for actor in event.actor] == ["Fighters"]


def test_an_attacker_who_rams_a_convoy_means_it_and_a_vehicle_that_strikes_a_wall_does_not() -> None:
    assert types("A suicide attacker driving a truck slammed into a convoy of soldiers on Friday.") == ["ASSAULT"]
    assert types("The fleeing vehicle struck a bus stop, injuring two people, police said.") == ["ACCIDENT"]


def test_people_killed_when_their_vehicle_was_blown_up_had_no_accident() -> None:
    assert "ACCIDENT" not in types("Two officers were killed when their vehicle was blown up on Friday.")


def test_a_man_is_he_who_has_a_name_later() -> None:
    event = only(
        "ACCUSE", "A man has been charged with theft.", "Ole Berg, 66, has been charged with theft, police said."
    )
    assert recipients(event) == ["Ole Berg"]


def test_two_persons_by_name_are_two_deeds() -> None:
    story = ("Jonas Lind was shot on Friday.", "Ole Berg was shot on Friday, police said.")
    assert types(*story) == ["ASSAULT", "ASSAULT"]


def test_a_deed_within_a_deed_of_its_sentence_is_one() -> None:
    assert types("In an attack on Monday, raiders attacked a village in Ostmark, police said.") == ["ASSAULT"]
    assert types("Rebels attacked the town of Sefer on Friday, destroying a police station.") == ["ASSAULT"]


def test_another_attack_is_none_that_was_told_before() -> None:
    story = (
        "Raiders attacked a village in Ostmark on Monday.",
        "In another attack on Monday, raiders attacked soldiers in Ostmark, police said.",
    )
    assert types(*story) == ["ASSAULT", "ASSAULT"]


def test_police_who_hold_somebody_at_a_rally_do_not_rally() -> None:
    story = "Police detained opposition leader Jonas Lind in Belasur on Sunday at a rally to protest against taxes."
    assert not [e for e in told(story) if e.event_type == "PROTEST" and e.actor and e.actor[0].sector == "COP"]


def test_halves_of_millions_and_dozens_are_counted() -> None:
    def figures(sentence: str) -> list[tuple[int | None, int | None]]:
        return [(claim.min, claim.max) for event in told(sentence) for claim in event.claims]

    assert figures("Nearly half a million people are living in relief camps.") == [(500_000, 500_000)]
    assert figures("Police detained a half-dozen activists on Friday.") == [(6, 6)]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("The president was met by Prime Minister Karl Brun in Orvan on Monday.", "CONSULT"),
        ("The road to Sefer was barricaded by protesters on Monday.", "PROTEST"),
        ("Government troops are fighting for survival in Sefer, where rebels have surrounded them.", "ASSAULT"),
        ("Rebels fought for the right to govern Sefer.", "ASSAULT"),
        ("Doctors fought police outside the clinic in Orvan.", "ASSAULT"),
        ("Neighbours responded to a call from the mayor to strike.", "REQUEST"),
        ("A court convicted three officers for a kidnapping that shocked Sefer in March.", "ASSAULT"),
        ("Rockets hit the road to Sefer on Monday.", "ASSAULT"),
        ("Rebel fire destroyed a tank near Sefer on Monday.", "ASSAULT"),
        ("Rebels hit the streets of Sefer with shells on Monday.", "ASSAULT"),
        ("Twelve people were killed when an army vehicle opened fire in Sefer on Monday.", "ASSAULT"),
        ("Nine soldiers were killed on Monday when their pickup was hit by a drone near Sefer.", "ASSAULT"),
        ("Rebels paraded captured soldiers through the streets of Sefer on Monday.", "COERCE"),
        ("The army deployed gas masks and 300 troops in Sefer.", "MOBILIZE"),
        ("The firm settled with workers at 12 dollars.", "AGREE"),
    ],
)
def test_what_people_do_to_each_other_stays_a_deed(sentence: str, kind: str) -> None:
    assert kind in types(sentence)


def test_people_killed_in_a_quake_are_those_whom_it_hit() -> None:
    quake = only("DISASTER", "A quake hit Toravia on Monday. 61 people were killed in the quake and 300 were hurt.")
    assert recipients(quake) == ["people"]


@pytest.mark.parametrize(
    "story",
    [
        "A man was arrested in Sefer, police said. Jonas Lind, a former minister, was also arrested for corruption.",
        "Police shot a suspect in Sefer after he opened fire. Officer Karl Brun was shot in the arm.",
    ],
)
def test_somebody_else_is_not_the_one_without_a_name(story: str) -> None:
    hurt = [tuple(recipients(e)) for e in told(story) if e.event_type in {"ASSAULT", "COERCE"}]
    assert len(set(hurt)) > 1


def test_what_sits_or_hits_a_market_does_nothing() -> None:
    assert types("The house sits on a quiet road near Sefer.", "Protesters hit the streets in Orvan.") == []
