from functools import cache
from pathlib import Path

import pytest

from services.contracts import Article, Claim, Dateline, Event, Image, Span
from services.extractor.events import tellings_in
from services.extractor.extract import events_of
from tests.extractor.stories import TRUCE, article


@cache
def events(of: str = "truce") -> tuple[Event, ...]:
    return events_of(TRUCE if of == "truce" else article(of))


def typed(event_type: str, found: tuple[Event, ...] | None = None) -> list[Event]:
    return [event for event in (events() if found is None else found) if event.event_type == event_type]


def claims(found: tuple[Event, ...]) -> list[Claim]:
    return [claim for event in found for claim in event.claims]


def field(of: Article, at: str) -> str:
    if at == "/headline":
        return of.headline or ""
    if at == "/body":
        return of.body
    return of.images[int(at.split("/")[2])].caption or ""


def spans(found: tuple[Event, ...]) -> list[Span]:
    pointed = []
    for event in found:
        pointed += [event.evidence, event.trigger]
        pointed += [actor.span for actor in (*event.actor, *event.recipient)]
        pointed += [claim.span for claim in event.claims] + [quote.span for quote in event.quotes]
        pointed += [part.span for part in (event.location, event.date) if part is not None]
        if event.attribution is not None and event.attribution.span is not None:
            pointed.append(event.attribution.span)
    return pointed


def test_every_span_is_the_text_it_points_at() -> None:
    assert len(spans(events())) > 30
    for span in spans(events()):
        assert field(TRUCE, span.at)[span.start : span.end] == span.text


def test_one_deed_told_five_times_is_one_event_that_carries_the_rival_tolls() -> None:
    strike = next(event for event in events() if event.main)
    assert strike.event_type == "ASSAULT"
    assert strike.actor[0].name == "Westland-led coalition"
    assert "guards" in strike.recipient[0].name
    assert strike.location is not None
    assert strike.location.name == "Mount Karal"
    assert strike.date is not None
    assert (strike.date.text, strike.date.value, strike.date.anchor) == ("Tuesday", "2024-05-07", "2024-05-08")
    told = {(c.min, c.max, c.claimant.text, c.span.at) for c in strike.claims}
    assert (45, None, "Lakeland Observatory for Human Rights", "/images/0/caption") in told
    assert (31, 31, "Ostmark", "/images/0/caption") in told
    assert (31, None, "narrator", "/body") in told
    assert (24, None, "narrator", "/body") in told


def test_a_deed_of_others_on_another_day_is_its_own_event() -> None:
    hit = next(event for event in typed("ASSAULT") if "Red Dawn" in {actor.name for actor in event.actor})
    assert hit.date is not None
    assert hit.date.value == "2024-05-08"
    (pilot,) = hit.claims
    assert (pilot.kind, pilot.min, pilot.max, pilot.victims, pilot.claimant.text) == ("dead", 1, 1, "pilot", "Red Dawn")


def test_who_vouches_and_who_passed_it_on_are_kept_apart() -> None:
    offensive = next(event for event in typed("ASSAULT") if event.trigger.text == "offensive")
    assert offensive.actor[0].name == "government troops"
    assert offensive.recipient[0].name == "Red Dawn"
    assert offensive.attribution is not None
    assert offensive.attribution.source == "unnamed army officers"
    assert offensive.attribution.source_type == "unnamed"
    assert offensive.attribution.via == "MNA"


def test_an_agreement_names_both_parties_and_its_day() -> None:
    signed = next(event for event in typed("AGREE") if event.date is not None)
    assert {actor.name for actor in (*signed.actor, *signed.recipient)} == {"Westland", "Ostmark"}
    assert signed.date is not None
    assert signed.date.value == "2024-05-02"


def test_a_call_for_a_session_is_a_request() -> None:
    (request,) = typed("REQUEST")
    assert request.actor[0].name == "Ostmark"
    assert request.trigger.text == "called for"


def test_quotations_come_word_for_word_with_who_said_them() -> None:
    said = {quote.span.text: quote.speaker for event in events() for quote in event.quotes}
    assert said == {
        "would never knowingly fire on a guard post": "Coalition Command",
        "The crews of these drones — unless somebody gave them such an order — were careless beyond belief,": (
            "Ostmark defence ministry"
        ),
    }


def test_there_is_one_main_event() -> None:
    assert [event.main for event in events()].count(True) == 1


@pytest.mark.parametrize(
    ("sentence", "kind", "bounds", "claimant"),
    [
        ("At least 90 people were killed, the ministry said.", "dead", (90, None), "ministry"),
        ("The blast killed 62 soldiers.", "dead", (62, 62), "narrator"),
        ("Up to 30 people were injured, according to the mayor.", "injured", (None, 30), "mayor"),
        ("Scores of miners are missing.", "missing", (40, None), "narrator"),
        ("Police arrested two dozen students.", "detained", (24, 24), "narrator"),
        ("The flood displaced tens of thousands of people.", "displaced", (20_000, None), "narrator"),
        ("The militia fired on the market, killing a woman.", "dead", (1, 1), "narrator"),
        ("Between 10 and 12 sailors drowned.", "dead", (10, 12), "narrator"),
    ],
)
def test_a_figure_is_read_with_its_bounds_and_its_claimant(
    sentence: str, kind: str, bounds: tuple[int | None, int | None], claimant: str
) -> None:
    (claim,) = claims(events_of(article(sentence)))
    assert (claim.kind, claim.min, claim.max, claim.claimant.text) == (kind, *bounds, claimant)


@pytest.mark.parametrize(
    "sentence",
    [
        "The new law could kill thousands of jobs in the north.",
        "A 20-year-old won the race in 2016.",
        "The army may kill up to 30 hostages if talks fail.",
        "Nobody was injured.",
        "The town has 3,000 inhabitants.",
    ],
)
def test_what_is_feared_or_is_no_count_of_people_is_no_claim(sentence: str) -> None:
    assert claims(events_of(article(sentence))) == []


def test_a_figure_of_no_event_is_a_toll() -> None:
    (toll,) = events_of(article("More than 2,300 people have died in the conflict since 2011, the charity said."))
    assert toll.event_type == "TOLL"
    assert toll.claims[0].cumulative


def test_a_capital_speaks_for_its_country() -> None:
    (request,) = typed("REQUEST", events_of(article("Ottawa called for a meeting of the council.")))
    assert (request.actor[0].country, request.actor[0].sector) == ("CAN", "GOV")


def test_a_people_belongs_to_its_country() -> None:
    (hit,) = typed("ASSAULT", events_of(article("Rebels attacked Norwegian soldiers on Monday.")))
    assert (hit.recipient[0].country, hit.recipient[0].sector) == ("NOR", "MIL")


def test_a_city_is_located_with_its_coordinates() -> None:
    (met,) = typed("CONSULT", events_of(article("The president of the bank met the mayor in Zurich on Monday.")))
    assert met.location is not None
    assert (met.location.name, met.location.country) == ("Zurich", "CH")
    assert met.location.lat == pytest.approx(47.37, abs=0.1)


@pytest.mark.parametrize(
    ("sentence", "realis"),
    [
        ("The army attacked the rebels.", "happened"),
        ("The army is attacking the rebels.", "ongoing"),
        ("The army will attack the rebels.", "planned"),
        ("The army could attack the rebels.", "hypothetical"),
        ("The army did not attack the rebels.", "denied"),
        ("The government denied that the army attacked the rebels.", "denied"),
        ("Nobody claimed responsibility for the bombing that killed twelve people in Homs.", "happened"),
        ("No official confirmed the killing of two miners in Goma.", "happened"),
        ("The soldiers were to attack the camp on Friday.", "planned"),
    ],
)
def test_what_has_not_happened_is_not_told_as_if_it_had(sentence: str, realis: str) -> None:
    (event,) = typed("ASSAULT", events_of(article(sentence)))
    assert event.realis == realis


@pytest.mark.parametrize(
    ("sentence", "realis"),
    [
        ("The council demanded that the army attack the rebels.", "planned"),
        ("Soldiers will travel to Geneva to attack the rebels.", "planned"),
        ("The council urged the army to attack the rebels.", "planned"),
        ("The army promised to rest and to attack the rebels.", "planned"),
        ("The army is resting in Geneva and attacked the rebels.", "happened"),
    ],
)
def test_what_is_asked_for_aimed_at_or_promised_has_not_happened(sentence: str, realis: str) -> None:
    _, told = tellings_in(article(sentence))
    assert [t.realis for t in told if t.trigger.token.lemma_ == "attack"] == [realis]


def test_a_pronoun_speaks_under_the_name_it_stands_for() -> None:
    story = (
        'Mayor Helena Brandt praised the volunteers. "We could not have held the dam," she said.\n\n'
        '"All of them deserve a medal," she added.'
    )
    assert [quote.speaker for event in events(story) for quote in event.quotes] == ["Helena Brandt"] * 2


def test_a_text_without_events_has_none() -> None:
    assert events_of(article("Boil the potatoes for twenty minutes. Add the fish and a little cream.")) == ()


@pytest.mark.parametrize(
    "head", ["BEIRUT ", "NAIROBI. ", "MOSCOW, August 16. ", "MANILA—", "DUBAI // ", "KHARTOUM (MNA) Jan 25 ", "LIMA: "]
)
def test_a_dateline_needs_no_dash_where_a_place_on_the_map_stands(head: str) -> None:
    (signed, *_) = typed("AGREE", events_of(article(f"{head}Canada and Norway signed a treaty in Bern on Monday.")))
    assert signed.evidence.text == "Canada and Norway signed a treaty in Bern on Monday."


@pytest.mark.parametrize("first", ["TEN Palestinians", "GAZA Strip fishermen", "NORTH Korean sailors"])
def test_a_first_word_in_capitals_is_no_dateline(first: str) -> None:
    (hit, *_) = typed("ASSAULT", events_of(article(f"{first} were shot dead by soldiers on Monday.")))
    assert hit.evidence.start == 0


@pytest.mark.parametrize(
    "sentence", ["The nurses are planning a march on Friday.", "A march is to be held in Geneva on Friday."]
)
def test_a_march_that_is_planned_is_so_on_a_day_to_come(sentence: str) -> None:
    (march,) = typed("PROTEST", events_of(article(sentence)))
    assert march.realis == "planned"
    assert march.date is not None
    assert march.date.value == "2024-05-10"


def test_nothing_has_happened_on_a_day_to_come() -> None:
    story = "Grace Mwansa promised to hold talks with Norway next month. She praised Canada."
    dates = [event.date.value for event in events(story) if event.date is not None and event.realis == "happened"]
    assert not [value for value in dates if value > "2024-05-08"]


def test_to_say_that_a_deed_broke_the_law_is_the_speakers() -> None:
    (event,) = typed("ACCUSE", events_of(article("The minister said the raid violated international law.")))
    assert [actor.name for actor in event.actor] == ["minister"]


def test_one_of_several_groups_is_no_person() -> None:
    told = "White Lamps, one of the rebel groups, said it had killed six soldiers."
    (event,) = typed("ASSAULT", events_of(article(told)))
    assert [actor.name for actor in event.actor] == ["White Lamps"]


def test_there_is_no_hope_of_a_deed_that_was_done() -> None:
    (event,) = typed("ASSAULT", events_of(article("The army has little hope of capturing the city.")))
    assert event.realis == "planned"


def test_an_accusation_whose_charge_is_denied_was_made() -> None:
    (deed,) = typed(
        "ACCUSE", events_of(article("The opposition accused the coast guard of taking bribes, a charge it denied."))
    )
    assert deed.realis == "happened"


def test_a_planned_meeting_that_was_held_has_happened() -> None:
    (met, *_) = typed(
        "CONSULT", events_of(article("The scheduled talks between Canada and Norway were held on Monday."))
    )
    assert met.realis == "happened"


def test_who_was_hurt_and_speaks_is_counted_all_the_same() -> None:
    story = "Rebels wounded a journalist, who said ten people were killed in the village."
    assert {(claim.kind, claim.min) for claim in claims(events_of(article(story)))} == {("injured", 1), ("dead", 10)}


def test_a_story_may_begin_in_capitals() -> None:
    (signed, *_) = typed("AGREE", events_of(article("UN and NATO envoys signed a treaty in Bern on Monday.")))
    assert signed.evidence.start == 0


def test_a_dateline_is_no_part_of_the_first_sentence() -> None:
    story = "ZURICH, May 7 (MNA) - Canada and Norway signed a treaty in Bern on Monday."
    (signed,) = typed("AGREE", events_of(article(story)))
    assert signed.evidence.text == "Canada and Norway signed a treaty in Bern on Monday."
    assert signed.date is not None
    assert signed.date.value == "2024-05-06"


def shared_story(folder: Path) -> Article:
    lines = [line.strip() for line in (folder / "pages" / "000_e3faca802bfd7339.txt").read_text().splitlines() if line]
    start = next(i for i, line in enumerate(lines) if line.startswith("Beirut Sep"))
    paragraphs = [line for line in lines[start + 1 :] if line][:15]
    return article(
        "\n\n".join(paragraphs),
        headline=lines[1],
        agencies=("AFP",),
        dateline=Dateline(place="Beirut", datetime="2016-09-18T13:57:00+05:30", text=lines[start]),
        images=(Image(caption=lines[2].replace(" Photograph: (AFP)", ""), credit="AFP"),),
    )


def test_the_page_the_project_began_with_is_read_as_it_should_be(shared: Path) -> None:
    story = shared_story(shared)
    found = events_of(story)
    strike = next(event for event in found if event.main)
    assert (strike.event_type, strike.actor[0].country, strike.recipient[0].country) == ("ASSAULT", "USA", "SYR")
    assert strike.location is not None
    assert strike.location.name == "Jebel Tharda"
    assert strike.date is not None
    assert strike.date.value == "2016-09-17"
    told = {(c.min, c.max, c.claimant.text, c.span.at) for c in strike.claims if c.kind == "dead"}
    assert (90, None, "Syrian Observatory for Human Rights", "/images/0/caption") in told
    assert (62, 62, "Moscow", "/images/0/caption") in told
    assert (62, None, "narrator", "/body") in told
    pilot = next(claim for claim in claims(found) if claim.victims == "pilot")
    assert (pilot.min, pilot.max, pilot.claimant.text) == (1, 1, "IS")
    offensive = next(event for event in found if event.trigger.text == "offensive")
    assert (offensive.actor[0].country, offensive.recipient[0].name) == ("SYR", "Islamic State")
    assert offensive.attribution is not None
    assert (offensive.attribution.source, offensive.attribution.via) == ("unnamed military sources", "AFP")
    signed = next(event for event in typed("AGREE", found) if event.trigger.text == "signed")
    assert {actor.country for actor in (*signed.actor, *signed.recipient)} == {"USA", "RUS"}
    assert signed.date is not None
    assert signed.date.value == "2016-09-12"
    assert any(event.actor and event.actor[0].country == "RUS" for event in typed("REQUEST", found))
    said = {quote.speaker: quote.span.text for event in found for quote in event.quotes}
    assert said["Pentagon"] == "would not intentionally strike a known Syrian military unit"
    assert said["Russian foreign ministry"].endswith("direct pandering to IS terrorists,")
    for span in spans(found):
        assert field(story, span.at)[span.start : span.end] == span.text


def test_we_in_a_quotation_are_those_whose_words_it_has() -> None:
    denied = '"Our guns are silent", the ministry said.'
    told = '"The shells that fell on Tarn, and we counted nine, were new," a statement from the Red Ridge Army said.'
    fell = next(event for event in events_of(article(f"{denied} {told}")) if event.trigger.text == "fell")
    assert fell.attribution is not None
    assert fell.attribution.source == "Red Ridge Army"
