"""Who speaks where commas are lost, names are short and sentences run on; and what is said to come."""

import pytest

from services.contracts import Claim, Event
from services.extractor.extract import events_of
from services.extractor.language.text import passages
from tests.extractor.stories import article


def read(story: str, **fields: str) -> tuple[Event, ...]:
    return events_of(article(story, **fields))


def claims(story: str) -> list[Claim]:
    return [claim for event in read(story) for claim in event.claims]


def speakers(story: str) -> list[str | None]:
    return [quote.speaker for event in read(story) for quote in event.quotes]


@pytest.mark.parametrize(
    ("story", "claimant"),
    [
        ("A raid on the port killed nine guards on Monday a monitor said. The Lakeland Observatory counts the dead.",
         "Lakeland Observatory"),
        ("Rebels shelled the town and nine people were killed the Toravian army said.", "Toravian army"),
        ("Nine guards were killed in the raid said Hamid Sorel.", "Hamid Sorel"),
        ("One activist reached by phone said nine guards had been killed.", "activist"),
        ("The ministry said tests had confirmed nine deaths.", "ministry"),
        ("State television, quoting the relief office, said nine guards were killed.", "relief office"),
        ("Patrols had gone out, Ana Sorel said, and nine guards had been killed.", "Ana Sorel"),
        ("Rebels fled; nine guards were killed, according to a tally kept by the Lakeland Observatory.",
         "Lakeland Observatory"),
        ("Nine guards were killed, a lawyer and a press freedom group said.", "lawyer and press freedom group"),
        ("Nine guards were killed, the county executive, Ana Sorel, said.", "Ana Sorel"),
        ("Nine guards died when a shell hit their truck a doctor in the border town of Ana Sorel told reporters.",
         "doctor in the border town of Ana Sorel"),
        ("Ostmark-installed officials in occupied Nova Sorel said Ukrainian shelling had killed nine guards.",
         "Ostmark-installed officials in occupied Nova Sorel"),
        ("A blast killed nine guards a monitoring group said on Sunday. The Lakeland Monitor counts the dead.",
         "Lakeland Monitor"),
        ("Reports confirmed that nine guards were killed said the source noting that the toll is likely to rise.",
         "source"),
        ("A bomber blew himself up in the town of Torva on Sunday wounding nine people officials said.", "officials"),
        ("The Syrian Civil Defence or White Helmets reported nine guards had been killed.", "Syrian Civil Defence"),
        ("Nine guards were killed, according to a survivor.", "survivor"),
        ("The Lakeland Observatory meanwhile updated to nine its toll for the raid.", "Lakeland Observatory"),
        ("A resident who gave only his first name, Omar, said nine guards were killed.", "Omar"),
        ("One of its members, who asked to be called Omar, said nine guards were killed.", "Omar"),
        ("The union gave other numbers: nine wounded.", "union"),
        ("The alliance said that nine guards had been killed.", "alliance"),
        ("Nine guards were killed, according to the ombudsman.", "ombudsman"),
        ("Nine guards were killed, according to a source close to the rebels.", "source close to the rebels"),
        ("The commander gave a total of nine injured.", "commander"),
        ("Nine prisoners died in the fire and, according to survivors, the door was locked.", "narrator"),
    ],
)  # fmt: skip
def test_the_order_of_the_words_tells_who_gives_a_figure(story: str, claimant: str) -> None:
    assert [(claim.min, claim.claimant.text) for claim in claims(story)] == [(9, claimant)]


def test_who_puts_a_figure_at_so_much_gives_it_whoever_else_speaks() -> None:
    found = claims("The army said 40 people had been killed, while the Red Crescent put the figure at 62.")
    assert [(claim.min, claim.claimant.text) for claim in found] == [(40, "army"), (62, "Red Crescent")]


def test_a_source_of_other_words_is_another_source() -> None:
    found = claims(
        "Nine guards died, an Interior Ministry source said. Four drivers died too, a local police source said."
    )
    assert [claim.claimant.text for claim in found] == ["Interior Ministry source", "local police source"]


def test_who_tells_goes_on_in_what_is_noted() -> None:
    (claim,) = claims("The source told reporters that the women were there, noting that nine guards were injured.")
    assert claim.claimant.text == "source"


def test_nobody_goes_on_into_the_next_paragraph() -> None:
    (claim,) = claims("The ministry said rebels attacked a post.\n\nAnother 18 troops were wounded.")
    assert claim.claimant.text == "narrator"


def test_who_has_given_a_figure_gives_the_next_one_too() -> None:
    found = claims("Nine guards died in the raid, the Toravian army said. Another 12 were wounded.")
    assert {(claim.kind, claim.claimant.text) for claim in found} == {
        ("dead", "Toravian army"),
        ("injured", "Toravian army"),
    }


@pytest.mark.parametrize(
    ("story", "speaker"),
    [
        ("Deputy Governor Hamid Sorel met the envoys. “The gates of the city stay open,” Sorel said.", "Hamid Sorel"),
        ("The bishop of Torva, Ana Sorel, has called for help “before the rains come again”.", "Ana Sorel"),
        ("“This is for the dust they left,” said one of them, Ana Sorel.", "Ana Sorel"),
        ("“My son has promised not to speak,” said his mother, Sorel, on Monday.", "Sorel"),
        ("The rector, Professor Ana Sorel, works from home. “They are my own students,” she said.", "Ana Sorel"),
        ("The prime minister invoked a law. “We will not give in to them,” she said.", "prime minister"),
        ("Prime Minister Ana Sorel arrived. The prime minister said: “We will leave it there.”", "Ana Sorel"),
        ("Prosecutor Ana Maria Lind took the case. Ms Lind said: “There is no reason to go on.”", "Maria Lind"),
        ("Hamid Sorel apologised on Monday. “It will not happen again?” he said.", "Hamid Sorel"),
        ('"The gates of the city stay open" said the governor\'s deputy Hamid Sorel.', "Hamid Sorel"),
    ],
)
def test_a_speaker_is_quoted_under_the_full_name(story: str, speaker: str) -> None:
    (quoted,) = speakers(story)
    assert quoted is not None
    assert quoted.endswith(speaker)


@pytest.mark.parametrize(
    ("story", "speaker"),
    [
        ("“We had warned them for years,” lamented Mara Olsen, an engineer from Tarn.", "Mara Olsen"),
        ("“We had warned them for years,” Mara Olsen emphasised at the hearing.", "Mara Olsen"),
        ("Mara Olsen shook her head. “I do not believe a word of it.”", "Mara Olsen"),
        ("Mara Olsen said the bridge was old. “I do not trust it at all.”", "Mara Olsen"),
        ("For Mara Olsen, the choice was simple: “We leave or we die here.”", "Mara Olsen"),
        ("The Foreign Ministry summoned the envoy over what it called “a breach of the truce”.", "Foreign Ministry"),
        ("Harbour Director Mara Olsen closed the port. “Nobody is to blame for it,” the director said.", "Mara Olsen"),
        ("The Foreign Ministry announced the death of Hamid Sorel and “three days of mourning”.", "Foreign Ministry"),
    ],
)
def test_a_quotation_is_whose_words_around_it_say(story: str, speaker: str) -> None:
    assert speakers(story) == [speaker]


def test_a_quotation_that_opens_a_paragraph_is_whose_the_sentence_before_told() -> None:
    story = "Mara Olsen said the bridge was old.\n\n“I do not trust it at all.” It has been shut since May."
    assert [q.speaker for e in events_of(article(story)) for q in e.quotes] == ["Mara Olsen"]


def test_a_title_in_quotation_marks_is_nobodys_words() -> None:
    assert speakers("The series “Three Bridges of Tarn,” which begins on Monday, was filmed in Tarn.") == [None]


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("Fifty dead and over 100 wounded were brought to the hospital.", {("dead", 50), ("injured", 100)}),
        ("The death toll from the attack on the port reached 51.", {("dead", 51)}),
        ("Among those killed were three children.", {("dead", 3)}),
        ("The attack killed nine people and many others were injured.", {("dead", 9), ("injured", 3)}),
    ],
)
def test_the_words_beside_a_figure_say_what_it_counts(sentence: str, kinds: set[tuple[str, int]]) -> None:
    assert {(claim.kind, claim.min) for claim in claims(sentence)} == kinds


@pytest.mark.parametrize(
    ("sentence", "event_type"),
    [
        ("Toravia is ready to send food to Ostmark.", "AGREE"),
        ("Toravia said it will boycott the election.", "THREATEN"),
        ("Toravia will not allow foreign inspectors into its ports.", "REJECT"),
        ("President Hamid Sorel said on Monday that Ostmark must withdraw its troops.", "REQUEST"),
    ],
)
def test_what_is_announced_is_a_promise_a_threat_or_a_demand(sentence: str, event_type: str) -> None:
    assert event_type in {event.event_type for event in read(sentence)}


def test_a_body_that_repeats_its_headline_begins_behind_it() -> None:
    story = article("Shells hit port AFP Monday 6 May 2024 Shells hit the port of Sefer.", headline="Shells hit port")
    assert [p.text for p in passages(story) if p.at == "/body"] == ["Shells hit the port of Sefer."]


def test_confidence_lies_between_0_and_1_and_rises_with_what_is_told() -> None:
    (bare,), (full,) = (
        [e for e in read(story) if e.event_type == "ASSAULT"]
        for story in (
            "The rebels may attack soldiers.",
            "The Toravian army attacked rebels in Zurich on Monday.",
        )
    )
    assert 0 < bare.confidence < full.confidence < 1


def test_what_people_would_hardly_list_is_no_event_but_its_figures_remain() -> None:
    story = article(
        "Ostmark's president met the chancellor of Velmaria in Corvale on Monday.\n\n"
        "The two signed a treaty on fishing.\n\n"
        "He had earlier condemned an attack in which 12 sailors died."
    )
    every, listed = (events_of(story, least=least) for least in (0.0, 0.99))
    assert ("ASSAULT" in {e.event_type for e in every}, "ASSAULT" in {e.event_type for e in listed}) == (True, False)
    assert [c.min for e in every for c in e.claims] == [c.min for e in listed for c in e.claims] == [12]


@pytest.mark.parametrize(
    ("story", "who"),
    [
        ("Toravian President Jorinde von der Lehnen met the envoy. Von der Lehnen praised the army.",
         {"Jorinde von der Lehnen"}),
        ("Manfred von Richter, the mayor, accused the army.", {"Manfred von Richter"}),
        ("Minister Anna ter Host accused the army. Police said ter Host praised the rebels.", {"Anna ter Host"}),
        ("Van der Brek, who leads the party, urged the mayor to resign.", {"Van der Brek"}),
        ("Erik ten Hove, the coach, accused the army.", {"Erik ten Hove"}),
        ("Rebels in a white van Tuesday attacked the army.", {"Rebels"}),
    ],
)  # fmt: skip
def test_a_name_with_particles_is_one_name(story: str, who: set[str]) -> None:
    assert {actor.name for event in read(story) for actor in event.actor} == who


def test_who_is_quoted_under_a_particle_has_the_full_name() -> None:
    story = 'Minister Jan van der Brek condemned the raid. "It was a cowardly act of terror," said van der Brek.'
    assert speakers(story) == ["Jan van der Brek"]


def test_a_towns_name_with_a_particle_is_no_persons() -> None:
    told = read("Rebels attacked Rio de Janeiro on Monday.")
    assert [event.location.name for event in told if event.location] == ["Rio de Janeiro"]


def test_who_closes_a_quotation_has_opened_it() -> None:
    story = (
        'The mayor said it was bad.\n\n"The dam is broken and we go.\n\n"Take the children," Jane Doe told reporters.'
    )
    assert [q.speaker for e in events_of(article(story)) for q in e.quotes] == ["Jane Doe", "Jane Doe"]


def test_who_is_quoted_describing_it_speaks() -> None:
    story = 'Rada TV quoted one witness, Jane Doe, describing how the cars "piled on top of one another" there.'
    assert [q.speaker for e in events_of(article(story)) for q in e.quotes] == ["Jane Doe"]


def test_who_tells_goes_on_in_what_somebody_is_called() -> None:
    story = 'Jane Doe said the teacher had many friends and was not bullied, calling him "nice and funny and kind".'
    assert [q.speaker for e in events_of(article(story)) for q in e.quotes] == ["Jane Doe"]
