"""Who did it and to whom, where the words for the deed do not say so; which tellings are of one deed."""

import pytest

from services.contracts import Event
from services.extractor.extract import events_of
from tests.demo_site import read
from tests.extractor.stories import article


def told(*paragraphs: str, headline: str = "News of the day") -> tuple[Event, ...]:
    return events_of(article("\n\n".join(paragraphs), headline=headline))


def first(event_type: str, *paragraphs: str) -> Event:
    return next(event for event in told(*paragraphs) if event.event_type == event_type)


def recipient(event: Event) -> str | None:
    return event.recipient[0].name if event.recipient else None


def test_an_accusation_that_is_dropped_is_conceded_to_whom_it_names() -> None:
    event = first("CONCEDE", "Sweden has dropped its investigation into an allegation against Jonas Lind.")
    assert recipient(event) == "Jonas Lind"


def test_a_place_that_was_hit_is_the_location_and_no_recipient() -> None:
    event = first("ASSAULT", "The rebels seized the city of Mosul on Friday.")
    assert event.recipient == ()
    assert event.location is not None


def test_things_that_belong_to_a_group_are_hit_as_the_groups() -> None:
    event = first("ASSAULT", "An air strike by the coalition hit supplies belonging to the Taliban on Friday.")
    assert recipient(event) == "Taliban"


def test_what_is_anti_somebody_is_against_them() -> None:
    event = first("ASSAULT", "Rebels launched an anti-Taliban offensive in January.")
    assert recipient(event) == "Taliban"


def test_who_tells_of_victims_is_none_of_them() -> None:
    event = first("ASSAULT", "Gunmen abducted 52 pupils, police and residents said.")
    assert [r.name for r in event.recipient] == ["pupils"]


def test_no_participle_goes_on_in_the_past_tense() -> None:
    event = first("REJECT", "Minister Jonas Lind accused Norway of plotting a coup and rejected calls for early polls.")
    assert [a.name for a in event.actor] == ["Jonas Lind"]


def test_it_stands_for_the_body_that_spoke_before() -> None:
    event = first("REQUEST", "The United Nations office in Geneva said six died. It called on Norway to stop attacks.")
    assert [a.name for a in event.actor] == ["United Nations office"]


def test_who_is_said_to_be_of_a_people_is_not_called_by_it() -> None:
    event = first("ASSAULT", "The assailant, a Tunisian, attacked two soldiers on Friday.")
    assert [a.name for a in event.actor] == ["assailant"]


def test_a_few_of_many_do_not_stand_for_them() -> None:
    event = first("ASSAULT", "Eleven people, among them four National Police, were killed in an attack on Friday.")
    assert [r.name for r in event.recipient] == ["people"]


def test_several_people_are_not_called_by_the_first_name_that_follows() -> None:
    event = first("ASSAULT", "The victims, Jonas Lind and Ole Berg, were shot on Friday.")
    assert [r.name for r in event.recipient] == ["Jonas Lind", "Ole Berg"]


def test_who_is_charged_with_a_deed_did_it() -> None:
    story = "A Geneva man was charged with assault after he stabbed his cousin in a car on Friday, police said."
    assert {r.name for e in told(story) if e.event_type == "ASSAULT" for r in e.recipient} == {"cousin"}


def test_a_body_whose_name_holds_a_word_of_another_kind_is_what_the_whole_name_is() -> None:
    event = first("ACCUSE", "The European Union's foreign policy chief condemned Norway on Friday.")
    assert [a.sector for a in event.actor] == ["IGO"]


@pytest.mark.parametrize(
    ("whom", "named"), [("government of weakness", "government"), ("bank of Norway", "bank of Norway")]
)
def test_of_what_somebody_is_accused_is_no_part_of_their_name(whom: str, named: str) -> None:
    assert recipient(first("ACCUSE", f"Jean Roche accused the {whom} on Friday.")) == named


def test_a_state_of_emergency_is_nobody() -> None:
    event = first("COERCE", "President Anna Berg declared a state of emergency in Norway on Friday.")
    assert "state of emergency" not in {p.name for p in (*event.actor, *event.recipient)}


def test_the_country_is_the_one_named_last() -> None:
    event = first("ASSAULT", "Troops remain in Afghanistan, 18 years after Soviet soldiers invaded the country.")
    assert recipient(event) == "Afghanistan"


def test_a_group_is_called_as_the_sentence_calls_it() -> None:
    text = (
        "The Islamic State of Iraq and the Levant holds the town. On Friday, Turkish troops attacked ISIL near Kilis."
    )
    assert recipient(first("ASSAULT", text)) == "ISIL"


def test_a_monitor_and_a_town_do_not_strike() -> None:
    text = "The Syrian Observatory for Human Rights said an attack on Friday from Homs killed five soldiers."
    assert [actor.name for event in told(text) if event.event_type == "ASSAULT" for actor in event.actor] == []


def test_the_second_of_two_joined_passives_has_a_sufferer_too() -> None:
    event = first("COERCE", "Jonas Lind was arrested in April and sentenced to ten weeks in jail by a judge.")
    assert recipient(event) == "Jonas Lind"


def test_raids_in_which_other_people_died_are_other_raids() -> None:
    found = told(
        "At least 31 people were killed by government air strikes in Aleppo on Friday.",
        "Eight people were killed by government air strikes on Friday.",
    )
    assert sum(event.event_type == "ASSAULT" for event in found) == 2


def test_rival_tolls_are_of_one_deed() -> None:
    found = told(
        "An air strike on Friday killed at least 90 soldiers, the Syrian Observatory for Human Rights said.",
        "Moscow said that 62 soldiers were killed in the strike.",
    )
    assert sum(event.event_type == "ASSAULT" for event in found) == 1


def test_who_said_it_also_called_for_it_where_the_parser_joins_it_to_what_is_said() -> None:
    text = "The ombudsman's office said the deaths were caused by gunshots and called on the government to step down."
    event = first("REQUEST", text)
    assert event.actor[0].name.endswith("office")
    assert recipient(event) == "government"


def types(text: str) -> set[str]:
    return {str(event.event_type) for event in told(text)} - {"STATEMENT", "TOLL"}


def test_to_ask_is_a_request_only_where_another_is_to_act() -> None:
    assert types("The refugee asked not to be named.") == set()
    assert types("The minister asked the refugees to leave Jordan.") == {"REQUEST"}


def test_to_release_is_a_concession_only_of_people() -> None:
    assert types("President Sorel released a letter from his doctor on Friday.") == set()
    assert types("The Taliban released two hostages on Friday.") == {"CONCEDE"}


def test_to_fight_a_plan_and_to_show_a_thing_are_no_events() -> None:
    assert types("Mexico will fight the steel tariffs.") == set()
    assert types("The prime minister demonstrated his commitment in a speech.") == set()


def test_who_is_to_do_what_must_be_done_is_a_side() -> None:
    assert types("The weather should ease by Thursday, said Jonas Lind.") == set()


def test_what_a_disaster_did_is_part_of_it() -> None:
    found = types("The wildfire that tore through the park, destroying a third of Jasper, was put out on Friday.")
    assert found <= {"DISASTER"}


def test_who_acts_to_an_end_does_what_is_done_to_that_end() -> None:
    event = first("ASSAULT", "Turkish troops are pressing a battle to recapture the town from the Taliban.")
    assert [actor.name for actor in event.actor] == ["Turkish troops"]


def test_a_town_from_which_a_deed_came_did_not_do_it() -> None:
    event = first("RETREAT", "The village is held by rebels after their withdrawal from Lormar city last year.")
    assert "Lormar city" not in [actor.name for actor in event.actor]


def test_what_is_captured_from_somebody_is_done_to_them() -> None:
    event = first("ASSAULT", "Rebels captured Zeitan Khalsa from government forces on Friday.")
    assert recipient(event) == "government forces"


def test_a_side_that_was_struck_comes_before_the_fighters_of_it_who_died() -> None:
    event = first("ASSAULT", "Air strikes on Taliban positions killed ten militants on Friday.")
    assert recipient(event) == "Taliban"


def test_people_who_died_come_before_the_building_that_was_hit() -> None:
    event = first("ASSAULT", "Rebels shelled a hospital near Kilis on Friday, killing ten civilians.")
    assert recipient(event) == "civilians"


def test_a_deed_told_of_a_year_is_of_that_year() -> None:
    event = first("COERCE", "Syria has been at war since 2011 when the government cracked down on protesters.")
    assert event.date is not None
    assert event.date.value == "2011"


def test_a_group_that_claims_responsibility_is_no_source_called_so() -> None:
    (event, *_) = told("The Taliban on Monday claimed responsibility for a bombing that killed 30 soldiers.")
    assert [claim.claimant.text for claim in event.claims] == ["narrator"]


def test_the_month_of_march_is_no_protest() -> None:
    text = "Ten soldiers have been killed since the conflict began in March 2011 in the north."
    assert "PROTEST" not in {event.event_type for event in told(text)}


def test_strikes_by_nobody_are_of_the_side_that_does_all_strikes_of_the_story() -> None:
    one = "An air strike by Turkish warplanes killed five soldiers in Kilis on Friday."
    other = "On Monday air strikes killed 23 people in Mosul."
    strikes = [event for event in told(one, other) if event.event_type == "ASSAULT"]
    assert [[actor.name for actor in event.actor] for event in strikes] == [["Turkish warplanes"]] * 2


def test_strikes_by_nobody_stay_so_where_two_sides_strike() -> None:
    paragraphs = (
        "An air strike by Turkish warplanes killed five soldiers in Kilis on Friday.",
        "A Russian air strike killed seven rebels in Homs on Thursday.",
        "On Monday air strikes killed 23 people in Mosul.",
    )
    assert [event.actor for event in told(*paragraphs) if "Monday" in event.evidence.text] == [()]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("The coalition said it had attacked two bridges near Raqqa on Monday.", "coalition"),
        ("In court in Durban, the army command said it attacked the rebels.", "army command"),
        ("The road was severed by Syrian forces on Thursday when they attacked a hilltop.", "Syrian forces"),
        ("The Islamic State killed 27 soldiers when they attacked a gas field on Thursday.", "Islamic State"),
        ("Jane Doe, the mayor of Sefer, said that police officers attacked her before they left.", "police officers"),
    ],
)
def test_a_pronoun_below_a_clause_is_who_does_what_stands_above(sentence: str, name: str) -> None:
    event = first("ASSAULT", sentence)
    assert [actor.name for actor in event.actor] == [name]


@pytest.mark.parametrize("speaker", ["The wife of the journalist", "The journalist's lawyer", "The widow"])
def test_who_speaks_for_another_is_not_meant_by_he(speaker: str) -> None:
    assert first("COERCE", f"{speaker} said he was arrested by soldiers on Monday.").recipient == ()


def test_who_is_to_do_a_deed_says_in_which_sense_the_word_is_meant() -> None:
    assert types("The union plans to strike on May 20.") == {"PROTEST"}
    assert types("The army plans to strike the port on May 20.") == {"ASSAULT"}


def test_a_motorway_is_blocked_in_protest() -> None:
    assert types("Farmers blocked the motorway near Toulouse with tractors on Tuesday.") == {"PROTEST"}


@pytest.mark.parametrize(
    ("sentence", "event_type", "name"),
    [
        ("Police arrested a 17-year-old girl in Mardin on Monday.", "COERCE", "17-year-old girl"),
        ("A 67-year-old woman was killed when rebels shelled her house on Friday.", "ASSAULT", "67-year-old woman"),
        ("The army detained a six-year-old boy in Hebron on Friday.", "COERCE", "six-year-old boy"),
    ],
)
def test_people_without_a_name_are_called_by_their_age(sentence: str, event_type: str, name: str) -> None:
    assert recipient(first(event_type, sentence)) == name


@pytest.mark.parametrize(
    ("sentence", "event_type", "name"),
    [
        ("A bus plunged into a ravine in Peru on Monday, killing at least 20 passengers.", "ACCIDENT", "passengers"),
        ("Floods in western Kenya killed 30 people on Sunday, officials said.", "DISASTER", "people"),
    ],
)
def test_accidents_and_disasters_are_done_by_nobody_and_befall_somebody(
    sentence: str, event_type: str, name: str
) -> None:
    event = first(event_type, sentence)
    assert event.actor == ()
    assert recipient(event) == name


def test_all_whom_and_joins_are_parties_in_the_order_of_the_text() -> None:
    event = first("COERCE", "Police on Monday arrested the mayor, the bishop and two councillors.")
    assert [r.name for r in event.recipient] == ["mayor", "bishop", "councillors"]


def test_whose_and_an_open_bracket_are_no_part_of_a_name() -> None:
    hurt = first(
        "ASSAULT", "Maria Lopez, whose daughter was killed by soldiers in 2006, called for an inquiry on Monday."
    )
    held = first("COERCE", "The National Bureau of Investigation (NBI) arrested two men in Manila on Friday.")
    assert recipient(hurt) == "daughter"
    assert [a.name for a in held.actor] == ["National Bureau of Investigation"]


@pytest.mark.parametrize(
    ("story", "sector", "country"),
    [
        ("The RSF killed 40 people near Khartoum, Sudan's army said on Friday.", "REB", "SDN"),
        ("The RSF condemned the arrest of a reporter in Norway on Friday.", "NGO", None),
        ("The RSF accused Sudan of a raid. Reporters Without Borders keeps count of reporters.", "NGO", None),
        ("The ADF attacked a village in Congo on Friday.", "REB", "COD"),
        ("The ADF attacked a village on Friday, Australia said.", "MIL", "AUS"),
        ("The ELN attacked a village in Colombia on Friday.", "REB", "COL"),
        ("RSF spoke of Sudan, and Reporters Without Borders (RSF) blamed the Rapid Support Forces.", "NGO", None),
    ],
)
def test_which_of_two_bodies_of_a_name_is_meant_the_article_says(story: str, sector: str, country: str | None) -> None:
    told = next(event for event in events_of(article(story)) if event.actor)
    assert (told.actor[0].sector, told.actor[0].country) == (sector, country)


@pytest.mark.parametrize("body", ["Doctors Without Borders", "Reporters Without Borders", "Save the Children"])
def test_a_body_that_is_called_by_common_words_is_named_in_full(body: str) -> None:
    told = next(e for e in events_of(article(f"{body} accused the army on Monday.")) if e.event_type == "ACCUSE")
    assert [(actor.name, actor.sector) for actor in told.actor] == [(body, "NGO")]


def test_where_somebody_is_does_nothing_and_counted_things_are_nobody() -> None:
    relief = first(
        "AID", "The clinic in Corvale Heights treated more than 60 wounded people on Saturday, a charity said."
    )
    assert [a.name for a in relief.actor] == ["clinic"]
    page = read("brackwater-wire", "/item/261018-02.txt")  # "The shells that fell … and we have counted nine of them"
    shells = next(event for event in page.events if event.trigger and event.trigger.text == "fell")
    assert shells.actor == ()
