"""Which place a name means, where and when an event is that does not say so, and what no text may break."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.contracts import Dateline, Event, Span
from services.extractor.extract import events_of
from services.extractor.story.scene import Mention, scene_in
from services.extractor.world.atlas import Site, similar, sites
from tests.extractor.stories import article

PUBLISHED = datetime(2016, 9, 18, tzinfo=UTC)


def meant(text: str, name: str) -> Site | None:
    start = text.index(name)
    mention = Mention(start, start + len(name), name)
    return scene_in(text, (mention,)).site(mention)


@pytest.mark.parametrize(
    ("text", "name", "country", "kind"),
    [
        ("The mayor of Paris, Texas, resigned.", "Paris", "US", "city"),
        ("The mayor of Paris resigned.", "Paris", "FR", "capital"),
        ("Russia and China signed.", "China", "CN", "country"),
        ("Russian and American troops left.", "American", "US", "country"),
        ("Syrian troops near Deir al-Zor.", "Deir al-Zor", "SY", "city"),
        ("Voters in Georgia and Alabama, U.S. officials said.", "Alabama", "US", "admin1"),
        ("The US said so.", "US", "US", "country"),
    ],
)
def test_a_name_means_the_place_that_the_story_says(text: str, name: str, country: str, kind: str) -> None:
    found = meant(text, name)
    assert found is not None
    assert (found.country, found.kind) == (country, kind)


@pytest.mark.parametrize("written", ["Deir Ezzor", "Deir al-Zour", "Deir El-Zour", "Dayr az-Zawr"])
def test_a_town_is_known_however_it_is_written(written: str) -> None:
    assert {170794, 170792} & {site.id for site in (*sites(written), *similar(written, "SY"))}


def test_a_name_that_no_place_has_is_none() -> None:
    assert meant("He lives in Qwxzvy.", "Qwxzvy") is None


def events(body: str) -> tuple[Event, ...]:
    return events_of(article(body, published_at=PUBLISHED, headline=None, dateline=None, images=()))


def test_a_deed_without_a_day_has_the_day_told_before_it() -> None:
    story = "Shells hit a market in Aleppo on Friday. Rebels killed three soldiers."
    assert [e.date.value for e in events(story) if e.date is not None and e.event_type == "ASSAULT"][-1] == "2016-09-16"


def test_a_deed_without_a_place_is_where_the_story_was() -> None:
    found = events("Syrian shells hit a market in Aleppo on Friday. Syrian rebels killed three soldiers.")
    assert [e.location.country for e in found if e.location is not None][-1] == "SY"


def test_a_deed_far_from_any_name_is_in_the_town_where_the_story_plays() -> None:
    story = (
        "Syrian warplanes hit a market in Aleppo on Friday. Hospitals in Aleppo spoke of panic. Many people buy their "
        "bread there. The market has two gates. Syria denied the raid. Rebels killed three soldiers."
    )
    found = events(story)
    assert [e.location.name for e in found if e.location is not None][-1] == "Aleppo"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("The army in Syria blew up tunnels under Aleppo on Sunday.", "Aleppo"),
        ("Two people were killed by shells fired on Rose Hill district in Aleppo.", "Rose Hill district"),
        ("Troops fought the Islamic State of Iraq and the Levant in Homs on Sunday.", "Homs"),
    ],
)
def test_the_place_is_the_most_specific_one_and_no_part_of_a_groups_name(body: str, place: str) -> None:
    assert {event.location.name for event in events(body) if event.location} == {place}


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (
            "Shells hit the Al-Ferdous district of Aleppo on Sunday, killing three people.",
            "Al-Ferdous district of Aleppo",
        ),
        ("Rebels attacked the village of Tuz Hawra on Sunday, killing three people.", "Tuz Hawra"),
        ("Clashes broke out at a bridge near Aleppo. Rebels shelled Castello road on Sunday.", "Castello road"),
    ],
)
def test_a_place_that_no_gazetteer_has_is_told_by_its_kind(body: str, place: str) -> None:
    assert place in [event.location.name for event in events(body) if event.location is not None]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("Rebels shelled the market in Binnish near Idlib on Sunday, killing three people.", "Binnish"),
        ("Protesters gathered at Tahrir Square in Cairo on Sunday.", "Tahrir Square"),
    ],
)
def test_a_place_that_says_where_another_is_is_not_the_place(body: str, place: str) -> None:
    assert [event.location.name for event in events(body) if event.location is not None] == [place]


@pytest.mark.parametrize(
    "body",
    [
        "Soldiers detained President Domingos Pereira in Bissau. Portugal demanded the release of Pereira on Friday.",
        "Fans attacked players in Rosario on Friday after their team lost to Central.",
    ],
)
def test_a_surname_and_a_bare_compass_word_are_no_places(body: str) -> None:
    named = {event.location.name for event in events(body) if event.location is not None}
    assert named.isdisjoint({"Pereira", "Central"})


def test_words_without_a_place_are_said_where_the_story_was_written() -> None:
    lead = "TORONTO, Sept 18 (MNA) - The Canadian police union asked Canada's government for more money."
    line = Dateline(place="TORONTO", datetime="2016-09-18", text="TORONTO, Sept 18 (MNA)")
    [asked] = [e for e in events_of(article(lead, dateline=line, published_at=PUBLISHED)) if e.event_type == "REQUEST"]
    assert asked.location is not None
    assert asked.location.name == "TORONTO"


def test_a_village_is_where_it_was_and_not_the_province_around_it() -> None:
    (event,) = events("Rebels killed three soldiers in the village of Khatab in central Hama province overnight.")
    assert event.location is not None
    assert event.location.name == "Khatab"


def test_a_village_on_no_map_is_near_the_town_of_its_country_that_is_named_beside_it() -> None:
    raid = "Syrian rebels shelled the village of Qabrun near Hama in northern Syria on Sunday."
    body = f"{raid} Turkey said in Ankara that it would answer."
    (strike,) = [event for event in events(body) if event.event_type == "ASSAULT"]
    assert strike.location is not None
    assert (strike.location.name, strike.location.precision) == ("Qabrun", "near")
    assert (strike.location.lat, strike.location.lon) == pytest.approx((35.13, 36.76), abs=0.01)  # Hama


WORDS = st.sampled_from(
    ["Rebels", "killed", "12", "people", "in", "Aleppo", "on", "Friday", ".", '"', "said", "the", "army", ",", "Syrian",
     "shelled", "IS", "\n", "’s", "Mr.", "U.S.", "not", "will", "é", "Prices", "rose"]
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=80))
def test_no_text_breaks_it_and_every_span_holds(body: str) -> None:
    for event in events(body):
        for span in spans(event):
            assert body[span.start : span.end] == span.text


def spans(event: Event) -> list[Span]:
    told = [a.span for a in (*event.actor, *event.recipient)] + [c.span for c in event.claims]
    told += [q.span for q in event.quotes]
    if event.location is not None:
        told.append(event.location.span)
    if event.date is not None:
        told.append(event.date.span)
    return [event.evidence, event.trigger, *told]


PARAGRAPHS = (
    "Gunmen killed four policemen in Lagos, Nigeria on Friday.",
    "An earthquake shook Lima, Peru on Thursday, injuring 20 people.",
    "Prosecutors in Oslo, Norway arrested two bankers on Wednesday.",
)


@settings(max_examples=6, deadline=None)
@given(st.permutations(PARAGRAPHS))
def test_the_order_of_unrelated_paragraphs_changes_no_event(order: list[str]) -> None:
    assert facts("\n\n".join(order)) == facts("\n\n".join(PARAGRAPHS))


def facts(body: str) -> set[tuple[str, str, str | None, str | None]]:
    return {
        (e.event_type, e.evidence.text, e.date.value if e.date else None, e.location.name if e.location else None)
        for e in events(body)
    }
