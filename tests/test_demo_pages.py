"""The demo site's pages give the articles and events that are listed beside them."""

from collections.abc import Iterator

import pytest

from services.contracts import Event, Span
from tests.demo_site import PAGES, Listed, agree, event_agrees, read

every_page = pytest.mark.parametrize("listed", PAGES, ids=str)


@every_page
def test_the_article_is_as_listed(listed: Listed) -> None:
    row, article = listed.row, read(listed.row["publisher"], listed.row["path"]).article
    assert article.headline == row["headline"]
    assert article.body.startswith(row["body_starts"])
    assert article.body.endswith(row["body_ends"])
    assert article.published_at is not None
    assert article.published_at.isoformat() == row["published_at"]
    assert (article.dateline.place if article.dateline else None) == row["dateline_place"]
    assert list(article.agencies) == row["agencies"]
    assert [text for text in row["must_be_removed"] if text in article.body] == []


@every_page
def test_every_listed_event_is_found(listed: Listed) -> None:
    events = read(listed.row["publisher"], listed.row["path"]).events
    assert [each for each in listed.row["events"] if not any(event_agrees(each, event) for event in events)] == []


@every_page
def test_every_listed_claim_is_found_with_its_claimant(listed: Listed) -> None:
    events = read(listed.row["publisher"], listed.row["path"]).events
    claims = [claim for event in events for claim in event.claims]
    missing = [
        each
        for each in listed.row["claims"]
        if not any(
            (each["kind"], each["min"], each["max"]) == (claim.kind, claim.min, claim.max)
            and agree(each["claimant"], claim.claimant.text)
            for claim in claims
        )
    ]
    assert missing == []


@every_page
def test_every_listed_quote_is_found_with_its_speaker(listed: Listed) -> None:
    events = read(listed.row["publisher"], listed.row["path"]).events
    said = [(quote.span.text, quote.speaker) for event in events for quote in event.quotes]
    missing = [
        each
        for each in listed.row["quotes"]
        if not any(each["content"] in text and agree(each["speaker"], speaker) for text, speaker in said)
    ]
    assert missing == []


@pytest.mark.parametrize("listed", [each for each in PAGES if each.row.get("no_deeds")], ids=str)
def test_a_page_without_deeds_gives_none(listed: Listed) -> None:
    events = read(listed.row["publisher"], listed.row["path"]).events
    assert {event.event_type for event in events} <= {"STATEMENT", "TOLL"}


def test_one_agency_story_in_two_papers_is_two_articles_with_the_same_events() -> None:
    first = read("harbour-post", "/world/2026/10/tolmeria-earthquake.html")
    second = read("solmar-tribune", "/2026/10/17/tolmeria-earthquake/")
    assert first.article.article_id != second.article.article_id
    facts = [
        {(each.event_type, each.trigger.text) for each in made.events if each.evidence.at == "/body"}
        for made in (first, second)
    ]
    assert facts[0] == facts[1] != set()
    assert {each.event_id for each in first.events}.isdisjoint(each.event_id for each in second.events)


@every_page
def test_every_span_points_into_the_article(listed: Listed) -> None:
    made = read(listed.row["publisher"], listed.row["path"])
    texts = {"/headline": made.article.headline or "", "/body": made.article.body}
    texts |= {f"/images/{n}/caption": image.caption or "" for n, image in enumerate(made.article.images)}
    spans = [span for event in made.events for span in spans_of(event)]
    assert [span for span in spans if texts[span.at][span.start : span.end] != span.text] == []
    assert spans


def spans_of(event: Event) -> Iterator[Span]:
    """Every span of an event."""
    yield from (event.evidence, event.trigger)
    yield from (each.span for each in (*event.actor, *event.recipient))
    yield from (each.span for each in event.claims)
    yield from (each.span for each in event.quotes)
    yield from (each.span for each in (event.location, event.date) if each is not None)
    if event.attribution is not None and event.attribution.span is not None:
        yield event.attribution.span
