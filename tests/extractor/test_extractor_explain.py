import re

from services.contracts import Event
from services.extractor.explain import Explained, explained
from services.extractor.extract import events_of
from services.extractor.world.gazetteer import numbered_rows
from tests.extractor.stories import TRUCE, article

FOUND = explained(TRUCE)


def facts(event_type: str, what: str) -> list[Explained]:
    return [fact for event, made in FOUND if event.event_type == event_type for fact in made if fact.what == what]


def rules(fact: Explained) -> set[str]:
    return {step.rule for step in fact.steps}


def test_what_is_explained_are_the_events_themselves() -> None:
    assert tuple(event for event, _ in FOUND) == events_of(TRUCE)


def test_a_trigger_names_its_line_of_the_lexicon() -> None:
    lines = dict(numbered_rows("lexicon.tsv"))
    [signed] = [fact.value for fact in facts("AGREE", "trigger") if "signed" in fact.value]
    number = int(signed.partition("lexicon.tsv:")[2].split()[0])
    assert "sign" in lines[number][1].split()
    assert lines[number][3] == "AGREE"


def test_every_role_place_and_day_has_the_rules_that_gave_it() -> None:
    named = {"actor", "recipient", "place", "day", "says who", "dead"}
    told = [fact for _, made in FOUND for fact in made if fact.what in named]
    assert len(told) > 15
    assert [fact for fact in told if not fact.steps] == []
    assert all(step.says for fact in told for step in fact.steps)


def test_different_forms_are_found_by_different_rules() -> None:
    assert any("roles.qualifier" in rules(fact) for fact in facts("ASSAULT", "actor") if "coalition" in fact.value)
    assert any("roles.through" in rules(fact) for fact in facts("AGREE", "actor"))


def test_a_day_shows_the_rule_of_the_deed_that_names_it_and_of_the_one_to_which_it_was_carried() -> None:
    [named], carried = facts("ASSAULT", "day")[:1], facts("REQUEST", "day")
    told, _, sure = named.value.rpartition(" ")
    assert told in {fact.value.rpartition(" ")[0] for fact in carried}
    assert float(sure) > 0.9
    assert rules(named) == {"telling.date"}
    found = {rule for fact in carried for rule in rules(fact)}
    assert found == {
        "dating.day",
        "dating.ruled",
        "day_clues.elsewhere",
        "day_clues.moments",
        "day_clues.of_its_sentence",
    }


def test_a_figure_shows_the_rule_for_its_kind_and_for_its_claimant() -> None:
    [observatory] = [fact for fact in facts("ASSAULT", "dead") if "Lakeland Observatory" in fact.value]
    assert {"counts.behind", "attribution.voice_over"} <= rules(observatory)


def test_a_figure_that_no_rule_reads_shows_the_word_by_which_the_model_does() -> None:
    text = "Gunmen attacked the town of Sefer on Friday. The mayor said 4,000 people had left it for camps."
    [left] = [fact for _, made in explained(article(text)) for fact in made if fact.what == "displaced"]
    assert {"tolls.shown", "attribution.voice_over"} <= rules(left)


def test_confidence_shows_the_traits_that_weigh_most() -> None:
    def sure(event: Event, made: tuple[Explained, ...]) -> bool:
        return made[-1].what == "confidence" and made[-1].value.startswith(f"{event.confidence:.2f}")

    assert all(sure(event, made) for event, made in FOUND)
    assert all(len(re.findall(r" = \S+ [+-]\d", fact.value)) == 6 for fact in facts("AGREE", "confidence"))
