"""How the day and the place of a deed are chosen and learnt: what may be one, and which the annotators mean."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.extractor.events import listed_in
from services.extractor.extract import events_of
from services.extractor.setting.day_clues import Calendar, clues, moments
from services.extractor.setting.place_clues import spots
from services.extractor.setting.placing import ground_of
from services.extractor.training import settings as setting_training
from services.extractor.training.settings import Choice, exact, report
from tests.extractor.stories import article

RAID = "Turkish warplanes bombed a camp near Manbij on Sunday, killing three people."
LATER = "France condemned the raid on Monday."


def choices(folder: Path, **event: str | None) -> dict[str, Choice]:
    row: dict[str, Any] = {"id": "one", "headline": None, "body": f"{RAID}\n\n{LATER}", "published": "2024-05-08"}
    row |= {"dateline": {"place": "ANKARA", "datetime": None, "text": "ANKARA"}}
    told = {"type": "ASSAULT", "trigger": "bombed", "evidence": RAID, "date": None, "place": None, "country": None}
    (folder / "articles.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    (folder / "gold.jsonl").write_text(json.dumps({"id": "one", "events": [told | event]}) + "\n", encoding="utf-8")
    return dict(setting_training.choices(folder / "articles.jsonl", folder / "gold.jsonl"))


def test_an_annotated_event_says_which_day_and_place_are_right(tmp_path: Path) -> None:
    found = choices(tmp_path, date="2024-05-05", place="Manbij", country="SY")
    assert all(choice.told and choice.ruled[0] for choice in found.values())
    assert [choice.right.sum() for choice in found.values()] == [1, 1]
    assert not any(choice.right[-1] for choice in found.values())


def test_without_a_named_place_any_in_the_country_is_right_and_without_a_country_none(tmp_path: Path) -> None:
    (home, away) = (choices(tmp_path, country=country)["places"] for country in ("SY", None))
    assert (home.right > 0).tolist() == (home.at_home > 0).tolist()
    assert away.right[-1] == 1


def test_what_the_choice_is_worth_is_a_line_a_file(tmp_path: Path) -> None:
    choice = choices(tmp_path, date="2024-05-05")["days"]
    (line,) = report([(choice, int(choice.right.argmax()))])
    assert "named 1.000 to 1.000 of 1" in line


def test_what_the_confidence_of_days_and_places_is_worth_is_a_line_a_file(tmp_path: Path) -> None:
    choice = choices(tmp_path, place="Manbij")["places"]
    (line,) = exact("places", [(choice, True, 0.6), (choice, False, 0.3), (choice, False, 0.1)])
    assert line.endswith("places likely by 0.0 1 of 3, by 0.2 1 of 2, by 0.5 1 of 1 as annotated")


def test_a_place_beside_the_deed_is_surer_than_one_that_is_only_named_in_the_story() -> None:
    found = events_of(article(f"{RAID}\n\nThe minister resigned."))
    sure = [event.location.confidence for event in found if event.location is not None]
    assert len(sure) == 2
    assert sure[0] is not None
    assert sure[1] is not None
    assert sure[0] > 0.5 > sure[1]


def test_a_day_beside_the_deed_is_surer_than_one_on_which_somebody_was_only_charged() -> None:
    found = events_of(article(f"{RAID}\n\nA court in Korrin charged two officers."))
    sure = {event.event_type: event.date.confidence for event in found if event.date is not None}
    assert sure["ASSAULT"] is not None
    assert sure["ACCUSE"] is not None
    assert sure["ASSAULT"] > 0.8
    assert sure["ACCUSE"] < 0.5


def test_a_deed_may_be_of_any_day_and_place_that_its_story_names_and_of_the_storys_own_day() -> None:
    reading, told = listed_in(article(f"{RAID}\n\n{LATER}"))
    deed = next(telling for telling in told if telling.event_type == "ASSAULT")
    days = [moment.value for moment in moments(deed, Calendar(reading, told))]
    assert {"2024-05-05", "2024-05-06", "2024-05-08", "2024-05", "2024"} <= set(days)
    assert {"Manbij", "Turkey", "France"} <= {spot.location.name for spot in spots(deed, ground_of(told, reading))}


def test_every_row_has_the_same_columns_and_the_last_speaks_for_no_day() -> None:
    reading, told = listed_in(article(RAID))
    calendar = Calendar(reading, told)
    rows = clues(told[0], moments(told[0], calendar), calendar, None)
    assert len({tuple(row) for row in rows}) == 1
    assert rows[-1]["offset"] == -1


@pytest.mark.parametrize("model", ["days", "places", "exact_days", "exact_places"])
def test_a_model_is_small_enough_to_be_read(model: str) -> None:
    assert (setting_training.DATA / f"{model}.json").stat().st_size < 30_000


@pytest.mark.parametrize(
    ("story", "day"),
    [
        ("Police said on Monday a man was stabbed to death on Sunday in Korrin.", "2024-05-05"),
        ("Residents said on Tuesday that planes bombed Korrin overnight on Sunday, killing six.", "2024-05-05"),
        ("A spokesman confirmed on Tuesday the arrest of the senator on Sunday.", "2024-05-05"),
        ("A man was stabbed to death in Korrin on Sunday, police said on Tuesday.", "2024-05-05"),
        ("The ministry said on Monday the army had killed 20 rebels in Korrin.", "2024-05-06"),
        ("The mayor accused the army on Monday of a raid.", "2024-05-06"),
    ],
)
def test_the_day_of_the_deed_comes_before_the_day_of_the_saying(story: str, day: str) -> None:
    (told,) = (event for event in events_of(article(story)) if event.date)
    assert told.date is not None
    assert told.date.value == day


@pytest.mark.parametrize(
    ("story", "day"),
    [
        ("A man was jailed on Tuesday for stabbing his neighbour in Korrin.", None),
        ("A man was jailed on Tuesday for stabbing his neighbour in Korrin last year.", "2023"),
        ("Police on Tuesday arrested a man who stabbed a baker to death in Korrin on Sunday.", "2024-05-05"),
    ],
)
def test_the_day_of_an_arrest_or_a_sentence_is_not_that_of_what_was_done_before(story: str, day: str | None) -> None:
    days = {event.event_type: event.date.value for event in events_of(article(story)) if event.date is not None}
    assert days["COERCE"] == "2024-05-07"
    assert days.get("ASSAULT") == day


def test_a_deed_has_not_the_day_on_which_an_earlier_sentence_has_somebody_arrested() -> None:
    told = article("Police arrested a man in Korrin on Tuesday. He stabbed two neighbours in Tarn.")
    (deed,) = (event for event in events_of(told) if event.event_type == "ASSAULT")
    assert deed.date is None or deed.date.anchor == deed.date.value


def test_a_deed_of_last_week_is_of_the_day_that_another_sentence_names_for_it() -> None:
    told = (
        "Gunmen abducted ten pupils last week in Korrin.\n\nThe pupils were abducted on Thursday, their teacher said."
    )
    assert [event.date.value for event in events_of(article(told)) if event.date is not None] == ["2024-05-02"]


def test_a_name_on_no_map_that_nothing_makes_a_place_is_none() -> None:
    told = (
        "Nurses voted to strike in December. The Ostmark College of Nursing named the days. The minister voiced "
        "regret, while his shadow, Jonas Lind, accused him of refusing to negotiate."
    )
    assert all(e.location is None for e in events_of(article(told, headline="News")) if e.event_type == "ACCUSE")


def test_a_visit_to_a_land_is_in_its_town() -> None:
    (visit,) = [
        e
        for e in events_of(article("On a visit to Egypt on Monday, the president met the prime minister in Cairo."))
        if e.mode == "visit"
    ]
    assert visit.location is not None
    assert visit.location.name == "Cairo"
