"""Figures of people in wordings that no rule knows, as the fitted model reads them; the reports it was fitted to."""

import pytest

from services.extractor.extract import events_of
from services.extractor.numbers import figures
from tests.benchmarks import annotated
from tests.extractor.stories import article


def counted(text: str) -> set[tuple[str, int | None]]:
    told = events_of(article(text, headline="News"))
    return {(claim.kind, claim.min) for event in told for claim in event.claims}


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Some 600 families have moved into the school since the dam broke.", {("displaced", 600)}),
        ("The governor said 212 gunmen had left the town by bus.", {("displaced", 212)}),
        ("The police station holds 40 suspects in a cell made for ten.", {("detained", 40)}),
    ],
)
def test_a_figure_counts_people_by_the_words_around_it(text: str, claims: set[tuple[str, int | None]]) -> None:
    assert counted(text) == claims


@pytest.mark.parametrize(
    "text",
    [
        "The council bought 40 beds for the hospital and 12 stretchers.",
        "The hospital, which has 300 beds, treated patients from 14 towns last year.",
        "The company cut 400 jobs after it lost three contracts.",
        "The film about the massacre won four prizes and 12 nominations.",
        "The mayor has held office for 14 years and lost two elections.",
    ],
)
def test_words_of_harm_beside_a_figure_do_not_make_it_one_of_people(text: str) -> None:
    assert counted(text) == set()


def test_the_reports_say_in_their_own_words_what_was_annotated() -> None:
    articles = annotated.of_reports()
    found = list(annotated.gold(articles, annotated.REPORTS))
    claims = [(row, claim) for row in found for claim in row["claims"] if claim["min"] and claim["min"] > 1]
    spelt = [figures(claim["evidence"].replace(",", "").split()) for _, claim in claims]
    assert len(found) == len(articles)
    assert (
        sum(any(f.min == claim["min"] for f in shown) for (_, claim), shown in zip(claims, spelt, strict=True))
        > len(claims) / 2
    )
    assert all(
        event["evidence"] in f"{a['headline']}\n{a['body']}"
        for a, row in zip(articles, found, strict=True)
        for event in row["events"]
    )
