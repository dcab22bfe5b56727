"""Which of those who may be a party to a deed are taken for its actor and its recipient, and how that is learnt."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from services.extractor.events import story_in
from services.extractor.parties.candidates import Story, candidates, likeness
from services.extractor.parties.clues import clues
from services.extractor.parties.parties import pair
from services.extractor.training import roles as role_training
from tests.extractor.stories import article

RAID = "Turkish warplanes bombed a camp of the Taliban near Kilis on Friday, killing ten fighters."
LATER = "The government of Turkey said it was the third raid."


@pytest.fixture(scope="module")
def story() -> Story:
    return story_in(article(f"{RAID}\n\n{LATER}"))


def test_whoever_the_sentence_of_a_deed_names_may_be_a_party_to_it(story: Story) -> None:
    able = candidates(story.told[0], story)
    assert {"Turkish warplanes", "Taliban", "fighters"} <= {one.actor.name for one in able}


@pytest.mark.parametrize(
    ("text", "able", "none"),
    [
        ("President Jonas Lind visited Geneva on Friday.", "Jonas Lind", "President"),
        ("Opposition leader Jonas Lind criticised the mayor on Friday.", "Jonas Lind", "Opposition leader"),
        ("Taliban commander Jonas Lind attacked the village on Friday.", "Taliban", "commander"),
    ],
)
def test_a_title_is_no_party_beside_the_name_that_follows_it(text: str, able: str, none: str) -> None:
    story = story_in(article(text, headline="News of the day"))
    names = [one.actor.name for one in candidates(story.told[0], story)]
    assert able in names
    assert none not in names


def test_every_candidate_and_nobody_have_a_row_of_the_same_columns(story: Story) -> None:
    able = candidates(story.told[0], story)
    rows = clues(story.told[0], able, story)
    assert len(rows) == len(able) + 1
    assert {tuple(row) for row in rows} == {tuple(rows[0])}


def test_a_candidate_s_row_says_how_its_phrase_is_worded_and_when_it_was_named_before(story: Story) -> None:
    able = candidates(story.told[0], story)
    rows = {one.actor.name: row for one, row in zip(able, clues(story.told[0], able, story), strict=False)}
    assert rows["fighters"]["numbered"]
    assert not rows["Taliban"]["numbered"]
    assert rows["Taliban"]["the"]
    assert rows["Turkish warplanes"]["active subject"]
    assert rows["Turkish warplanes"]["party from the left"] < rows["fighters"]["party from the left"]


def test_nobody_does_a_deed_to_themselves(story: Story) -> None:
    able = candidates(story.told[0], story)
    likely = np.zeros(len(able) + 1)
    likely[0] = 9
    actor, recipient = pair(able, likely, likely)
    assert able[0] in {actor, recipient}
    assert actor is None or recipient is None or actor.name != recipient.name


def test_a_deed_has_no_party_where_most_speaks_for_nobody(story: Story) -> None:
    able = candidates(story.told[0], story)
    nobody = np.append(np.zeros(len(able)), 9.0)
    assert pair(able, nobody, nobody) == (None, None)


def test_two_mentions_of_one_party_speak_for_each_other(story: Story) -> None:
    one = candidates(story.told[0], story)[0]
    said, nobody = np.array([2.0, 2.0, 2.5]), np.array([-9.0, -9.0, 9.0])
    assert pair((one,), said[1:], nobody[1:]) == (None, None)
    assert pair((one, replace(one)), said, nobody) == (one, None)


def annotated(folder: Path, **event: str | None) -> list[role_training.Choice]:
    row = {"id": "one", "headline": None, "body": f"{RAID}\n\n{LATER}"}
    (folder / "articles.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    (folder / "gold.jsonl").write_text(json.dumps({"id": "one", "events": [event]}) + "\n", encoding="utf-8")
    return list(role_training.choices(folder / "articles.jsonl", folder / "gold.jsonl"))


def test_an_annotated_event_says_which_candidates_are_right(tmp_path: Path) -> None:
    event = {"type": "ASSAULT", "trigger": "bombed", "evidence": RAID, "actor": "Turkish warplanes", "recipient": None}
    (choice,) = annotated(tmp_path, **event)
    assert choice.told
    right = {one.actor.name for one, share in zip(choice.able, choice.right["actor"], strict=False) if share}
    assert "Turkish warplanes" in right
    assert choice.right["recipient"][-1] == 1


def test_an_event_that_is_not_told_is_learnt_from_at_the_annotated_word(tmp_path: Path) -> None:
    event = {
        "type": "SUPPORT",
        "trigger": "said",
        "evidence": LATER,
        "actor": "government of Turkey",
        "recipient": None,
    }
    (choice,) = annotated(tmp_path, **event)
    assert not choice.told
    assert choice.right["actor"].any()


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("the Taliban", "Taliban", 1.0),
        ("Syrian army soldiers", "soldiers", 0.5),
        ("Syrian army soldiers in Homs", "soldiers", 0.0),
        ("government", "rebels", 0.0),
        ("rebels", None, 0.0),
    ],
)
def test_names_are_alike_by_half_of_their_words(one: str, other: str | None, share: float) -> None:
    assert likeness(one, other) == share


@pytest.mark.parametrize("role", role_training.ROLES)
def test_a_model_is_small_enough_to_be_read(role: str) -> None:
    assert (role_training.DATA / f"{role}s.json").stat().st_size < 150_000
