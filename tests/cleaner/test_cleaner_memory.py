"""What a site repeats is learnt page by page, within bounds, and never costs a page its own text."""

import random
import struct
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services import contracts
from services.cleaner import memory
from services.cleaner.memory import Known
from services.contracts import Article, Block, BlockKind, Removed, SiteMemory
from services.stage import Message

SITE = "harbour-post.example"
FURNITURE = "The Harbour Post has told this city's stories from above the old fish market since 1911."
URN = f"urn:sha256:{'0' * 64}"
Line = str | tuple[BlockKind, str]


def article(number: int, *lines: Line, **fields: object) -> Article:
    """Story number so-and-so with these lines after two of its own."""
    own = (
        f"The council met for session {number}, heard both sides and broke off twice before anybody would vote.",
        f"The vote on motion {number} fell late in the night, with one voice more for the harbour than against it.",
    )
    kinds = [line if isinstance(line, tuple) else ("paragraph", line) for line in (*own, *lines)]
    body, blocks = "\n\n".join(text for _, text in kinds), []
    at = 0
    for kind, text in kinds:
        blocks.append(Block(kind=kind, start=at, end=at + len(text)))
        at += len(text) + 2
    made = Article(
        article_id=sha256(str(number).encode()).hexdigest()[:32],
        revision=datetime(2026, 10, 18, tzinfo=UTC),
        url=f"https://www.{SITE}/story/{number}",
        headline=f"Council votes for the {number}th time",
        body=body,
        body_sha256=sha256(body.encode()).hexdigest(),
        blocks=tuple(blocks),
        cleaner_version="test",
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def page(key: str) -> Message:
    return Message(topic="t", partition=0, offset=0, key=key.encode(), value=None)


def taught(*stories: Article, known: bytes | None = None) -> bytes | None:
    """The memory after these stories."""
    for story in stories:
        lesson = memory.lesson_of(story, SITE, Known.of(known))
        known = (memory.learnt(SITE, known, lesson) or known) if lesson else known
    return known


def cleaned(story: Article, known: bytes | None) -> Article:
    return memory.without_furniture(story, Known.of(known))


def kept(story: Article, known: bytes | None) -> list[str]:
    return cleaned(story, known).body.split("\n\n")


def test_a_line_on_several_stories_goes_and_the_reason_is_named() -> None:
    known = taught(*(article(n, FURNITURE) for n in range(memory.ENOUGH)))
    made = cleaned(article(99, FURNITURE, "And so it ended."), known)
    assert FURNITURE not in made.body
    assert made.removed == (Removed(text=FURNITURE, reason="repeated_on_site"),)
    assert made.body_sha256 == sha256(made.body.encode()).hexdigest()
    assert [made.body[b.start : b.end] for b in made.blocks] == made.body.split("\n\n")
    assert made.body.endswith("And so it ended.")


def test_fewer_stories_than_enough_take_nothing() -> None:
    story = article(99, FURNITURE)
    for count in range(memory.ENOUGH):
        assert cleaned(story, taught(*(article(n, FURNITURE) for n in range(count)))) is story


def test_a_line_that_few_of_many_stories_print_stays() -> None:
    stories = [article(n, *([FURNITURE] if n < memory.ENOUGH else [])) for n in range(20)]
    assert FURNITURE in kept(article(99, FURNITURE), taught(*stories))


def test_versions_of_one_article_do_not_teach_that_its_story_is_furniture() -> None:
    versions = [article(7, FURNITURE, headline=f"Council votes, update {n}") for n in range(20)]
    assert FURNITURE in kept(article(99, FURNITURE), taught(*versions))


def test_copies_of_one_story_under_many_addresses_count_once() -> None:
    copies = [article(n, FURNITURE, headline="Council votes at last") for n in range(20)]
    assert FURNITURE in kept(article(99, FURNITURE), taught(*copies))


def test_copies_that_differ_in_address_and_headline_count_once() -> None:
    story = article(1, *(f"A long account of point {n} of what was said that night." for n in range(8)), FURNITURE)
    copies = [replace(article(n), body=story.body, blocks=story.blocks) for n in range(20)]
    assert FURNITURE in kept(article(99, FURNITURE), taught(*copies))


def test_a_page_never_loses_most_of_its_text() -> None:
    stubs = [f"Read the rest of it in print, for {n} crowns at every kiosk of the city and the port." for n in range(6)]
    known = taught(*(article(n, *stubs) for n in range(memory.ENOUGH)))
    whole = article(99, *stubs)
    assert cleaned(whole, known) is whole
    assert stubs[0] not in kept(article(99, stubs[0]), known)
    alone = replace(article(99), body=stubs[0], blocks=(Block(kind="paragraph", start=0, end=len(stubs[0])),))
    assert cleaned(alone, known) is alone


def test_a_lead_that_the_site_prints_as_a_teaser_everywhere_stays_on_its_own_page() -> None:
    known = taught(*(article(n, FURNITURE) for n in range(memory.ENOUGH)))
    assert FURNITURE in kept(article(99, FURNITURE, description=f"{FURNITURE} More inside."), known)


def test_short_lines_and_headings_are_not_learnt_but_a_heading_goes_with_all_that_it_heads() -> None:
    lines: list[Line] = ["Pros", ("heading", "What this newspaper thinks of it"), FURNITURE]
    known = taught(*(article(n, *lines) for n in range(memory.ENOUGH)))
    assert "Pros" in kept(article(99, *lines), known)
    assert kept(article(99, *lines), known)[-1] == "Pros"
    told = kept(article(99, ("heading", "What this newspaper thinks of it"), FURNITURE, "Quite a lot."), known)
    assert told[-2:] == ["What this newspaper thinks of it", "Quite a lot."]


def test_what_other_pages_had_removed_as_a_newsletter_goes_where_the_rules_miss_it() -> None:
    removed = (Removed(text=FURNITURE, reason="newsletter"),)
    assert FURNITURE not in kept(
        article(99, FURNITURE), taught(*(article(n, removed=removed) for n in range(memory.ENOUGH)))
    )
    teasers = (Removed(text=FURNITURE, reason="teaser"),)
    assert FURNITURE in kept(
        article(99, FURNITURE), taught(*(article(n, removed=teasers) for n in range(memory.ENOUGH)))
    )


def test_a_new_design_is_learnt_and_the_old_one_forgotten_slowly() -> None:
    known = taught(*(article(n, FURNITURE) for n in range(memory.STORIES)))
    known = taught(*(article(n) for n in range(100, 100 + memory.STORIES)), known=known)
    assert FURNITURE not in kept(article(99, FURNITURE), known)
    known = taught(*(article(n) for n in range(200, 400)), known=known)
    assert FURNITURE in kept(article(99, FURNITURE), known)


def test_a_page_that_ended_on_another_site_and_a_file_teach_nothing() -> None:
    assert memory.lesson_of(article(1), "other.example", Known()) is None
    assert memory.lesson_of(article(1, url=URN), None, Known()) is None
    assert memory.site_of_page(page(URN)) is None
    assert memory.site_of_page(page(SITE)) == SITE


lines = st.lists(st.text(min_size=0, max_size=40), max_size=12)
told = st.lists(st.tuples(st.integers(0, 40), lines), max_size=40)


@settings(deadline=None, max_examples=50)
@given(told, st.one_of(st.none(), st.binary(max_size=200), st.just(b'{"site":"s","stories":"AAAA","marks":"/w=="}')))
def test_a_memory_is_bounded_whatever_was_known_and_whatever_comes(
    stories: list[tuple[int, list[str]]], known: bytes | None
) -> None:
    for number, texts in stories:
        known = taught(article(number, *texts), known=known)
    for number in range(8):
        many = (f"{random.random()} of the lines of story {number} that nobody else prints" for _ in range(100))
        known = taught(article(1000 + number, *many), known=known)
    assert known is not None
    assert len(known) <= 8 * 1024
    assert contracts.decode(known, SiteMemory).pages <= memory.STORIES


@settings(deadline=None, max_examples=50)
@given(told)
def test_a_page_seen_again_teaches_nothing(stories: list[tuple[int, list[str]]]) -> None:
    known = None
    for number, texts in stories:
        known = taught(article(number, *texts), known=known)
        lesson = memory.lesson_of(article(number, *texts), SITE, Known())
        assert lesson is not None
        assert memory.learnt(SITE, known, lesson) is None


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 11), max_size=40), st.sets(st.integers(0, 11)))
def test_a_replay_of_what_was_seen_in_any_order_changes_no_verdict(replayed: list[int], printing: set[int]) -> None:
    stories = [article(n, *([FURNITURE] if n in printing else [])) for n in range(12)]
    known = taught(*stories)
    again = taught(*(stories[n] for n in replayed), known=known)
    assert kept(article(99, FURNITURE), again) == kept(article(99, FURNITURE), known)


@settings(deadline=None, max_examples=50)
@given(st.permutations(range(12)), st.sets(st.integers(0, 11)))
def test_the_order_of_the_pages_changes_no_verdict(order: list[int], printing: set[int]) -> None:
    stories = [article(n, *([FURNITURE] if n in printing else [])) for n in order]
    assert (FURNITURE in kept(article(99, FURNITURE), taught(*stories))) == (len(printing) < memory.ENOUGH)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from([FURNITURE, "Yes.", "A line of its own that nobody else prints.", ""]), max_size=9))
def test_what_stays_is_the_article_without_whole_lines_and_the_blocks_still_fit(texts: list[str]) -> None:
    known = taught(*(article(n, FURNITURE) for n in range(memory.ENOUGH)))
    whole = article(99, *texts)
    made = cleaned(whole, known)
    before = [whole.body[b.start : b.end] for b in whole.blocks]
    after = [made.body[b.start : b.end] for b in made.blocks]
    assert after in (before, [text for text in before if text != FURNITURE])
    assert "\n\n".join(after) == made.body


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=400))
def test_bytes_that_are_no_memory_are_as_good_as_none(known: bytes) -> None:
    story = article(1, FURNITURE)
    assert cleaned(story, known) is story
    lesson = struct.pack("<3Q", 1, 2, 3)
    assert memory.learnt(SITE, known, lesson) == memory.learnt(SITE, None, lesson)


@pytest.mark.parametrize("text", ["x" * 10_000, "零" * 8])
def test_any_line_can_be_learnt(text: str) -> None:
    assert taught(*(article(n, text) for n in range(memory.ENOUGH))) is not None
