"""Deeds that somebody is blamed for, comments on, rules out or ends, and who did what in such sentences."""

import pytest

from services.contracts import Event
from services.extractor.extract import events_of
from tests.extractor.stories import article


def read(story: str) -> tuple[Event, ...]:
    return events_of(article(story), least=0.0)  # what is only alleged is seldom listed


def assaults(story: str) -> list[Event]:
    return [event for event in read(story) if event.event_type == "ASSAULT"]


def actors(event: Event) -> list[str]:
    return [actor.name for actor in event.actor]


@pytest.mark.parametrize(
    ("sentence", "actor", "source", "cue"),
    [
        (
            "The Amber Coast Army accused the Velmarian army of shelling the harbour in Corvale on Monday.",
            "Velmarian army",
            "Amber Coast Army",
            "accused",
        ),
        ("Halvard accused the League of firing on the farms.", "League", "Halvard", "accused"),
        ("The minister blamed Monday's bombing on militants from the hills.", "militants", "minister", "blamed"),
        ("The general accused the rebels of carrying out the attack on the convoy.", "rebels", "general", "accused"),
        ("The Velmarian army was accused by the rebels of shelling the port.", "Velmarian army", "rebels", "accused"),
    ],
)
def test_who_is_accused_did_it_and_who_accuses_vouches_for_it(sentence: str, actor: str, source: str, cue: str) -> None:
    (deed,) = assaults(sentence)
    assert actors(deed) == [actor]
    assert deed.attribution is not None
    assert (deed.attribution.source, deed.attribution.cue) == (source, cue)
    assert not deed.main


def test_who_is_suspected_did_it_and_vouches_for_nothing() -> None:
    (deed,) = assaults("The Velmarian army is suspected of bombing the bridge.")
    assert actors(deed) == ["Velmarian army"]
    assert deed.attribution is None


@pytest.mark.parametrize("verb", ["condemned", "denounced", "criticised", "welcomed"])
def test_who_comments_on_a_deed_did_not_do_it_and_not_on_that_day(verb: str) -> None:
    (deed,) = assaults(f"Velmaria's government {verb} the shelling on Wednesday.")
    assert (deed.actor, deed.date, deed.main) == ((), None, False)


def test_a_condemned_deed_is_the_one_that_was_told_before() -> None:
    (deed,) = assaults(
        "The army shelled the market in Corvale on Monday, killing 12 people.\n\n"
        "The Harbour Council condemned the shelling on Wednesday."
    )
    assert actors(deed) == ["army"]
    assert deed.date is not None
    assert deed.date.value == "2024-05-06"
    assert deed.main


def test_a_deed_that_is_only_alleged_is_not_the_news_beside_another() -> None:
    found = read("Halvard accused the League of firing on the farms.\n\nRebels attacked a convoy on Monday.")
    assert "firing" not in next(event for event in found if event.main).trigger.text


@pytest.mark.parametrize(
    ("sentence", "realis"),
    [
        ("The pilots had meant to hit a depot.", "planned"),
        ("The rebels had intended to attack the port.", "planned"),
        ("A truce that bars both powers from attacking forces was signed on Monday.", "hypothetical"),
        ("A truce that bars the army from attacking rebels was signed on Monday.", "hypothetical"),
        ("Guards prevented the rebels from attacking the soldiers.", "hypothetical"),
        ("The rebels had no plans to attack the port.", "denied"),
        ("The rebels failed to capture the port.", "denied"),
        ("Rebels have yet to attack the port.", "denied"),
        ("The rebels were about to storm the port.", "planned"),
        ("Rebel fighters were poised to attack the port.", "planned"),
        ("Rebels are to attack the port, an officer said.", "planned"),
        ("The minister said the army would attack the port.", "planned"),
        ("The government is considering bombing the port.", "planned"),
        ("Residents spoke of a planned rebel attack on the port.", "planned"),
        ("The police foiled an attack on the embassy.", "denied"),
        ("The port has been under rebel attack since Monday.", "ongoing"),
        ("The army has been bombing the port for a week.", "ongoing"),
        ("The port is being bombed by the army.", "ongoing"),
        ("The army kept bombing the port.", "ongoing"),
        ("The army was able to storm the port.", "happened"),
    ],
)
def test_what_was_meant_or_barred_has_not_happened(sentence: str, realis: str) -> None:
    (deed,) = assaults(sentence)
    assert deed.realis == realis


def test_who_is_kept_from_a_deed_would_have_done_it() -> None:
    (deed,) = assaults("Guards prevented the rebels from attacking the soldiers.")
    assert actors(deed) == ["rebels"]


@pytest.mark.parametrize(
    "sentence",
    [
        "The accord on Friday halted eleven months of fighting between the rebels and the army.",
        "The ceasefire on Monday ended the fighting in Corvale.",
        "Activists hung two banners from the bridge.",
    ],
)
def test_the_end_of_fighting_and_a_hung_banner_are_no_deeds(sentence: str) -> None:
    assert assaults(sentence) == []


def test_people_can_be_hanged() -> None:
    (deed,) = assaults("Rebels hanged three villagers on Monday.")
    assert (deed.mode, deed.claims[0].min) == ("execute", 3)


def test_where_a_government_sits_is_not_where_the_deed_was_done() -> None:
    (deed,) = assaults("The government in Zurich said the rebels had attacked a convoy.")
    assert deed.location is None


def test_where_a_deed_was_done_stays_beside_where_a_government_sits() -> None:
    (deed,) = assaults("The government in Zurich said the rebels had attacked a convoy in Lyon.")
    assert deed.location is not None
    assert deed.location.name == "Lyon"


def test_they_are_people_and_no_town() -> None:
    found = read('The rebels left Corvale Heights on Monday. They have agreed to "keep the door open" to talks.')
    (agreed,) = [event for event in found if event.event_type == "AGREE"]
    assert actors(agreed) == ["rebels"]
    assert [quote.speaker for quote in agreed.quotes] == ["rebels"]


def test_a_body_of_many_states_has_no_country() -> None:
    story = "Norwegian troops entered Norway. UN peacekeepers were attacked by gunmen. The UN called for a truce."
    named = [actor for event in read(story) for actor in (*event.actor, *event.recipient) if "UN" in actor.text]
    assert {(actor.name, actor.country) for actor in named} >= {("UN peacekeepers", None)}
    assert {actor.country for actor in named} == {None}


@pytest.mark.parametrize(
    ("sentence", "event_type"),
    [
        ("Police carried out raids on three houses in Zurich on Monday.", "COERCE"),
        ("Police raided three houses in Zurich on Monday.", "COERCE"),
        ("Officers launched a raid on a club.", "COERCE"),
        ("Army officers raided a house in Zurich.", "ASSAULT"),
        ("Rebels carried out raids on three houses in Zurich.", "ASSAULT"),
    ],
)
def test_the_police_search_where_others_attack(sentence: str, event_type: str) -> None:
    assert [event.event_type for event in read(sentence)] == [event_type]


def test_the_army_is_not_the_group_that_calls_itself_an_army() -> None:
    *_, offensive = read(
        "The Amber Coast Army seized Corvale on Monday.\n\nMeanwhile, the army launched a new offensive near Corvale."
    )
    assert (offensive.trigger.text, actors(offensive)) == ("offensive", ["army"])


def test_two_armies_do_not_share_one_attack() -> None:
    found = assaults(
        "The Amber Coast Army attacked the port on Monday. The Velmarian army attacked the port on Monday."
    )
    assert [actors(event) for event in found] == [["Amber Coast Army"], ["Velmarian army"]]
