import pytest

from services.extractor.extract import events_of
from tests.extractor.stories import article


def news(headline: str, body: str) -> str:
    return next(event for event in events_of(article(body, headline=headline)) if event.main).event_type


def test_the_news_is_what_the_headline_shares_its_words_with_not_what_is_told_first() -> None:
    body = (
        "The mayor of Geneva once promised the nurses a hearing.\n\nOn Tuesday thousands of nurses marched through the "
        "streets of Geneva in anger over their pay.\n\nPolice arrested two men."
    )
    assert news("Nurses' anger reaches the streets of Geneva", body) == "PROTEST"


def test_a_deed_that_is_hardly_one_does_not_hide_the_one_below_it() -> None:
    body = (
        "The mayor had promised safer streets.\n\nOn Monday gunmen shot dead five people in Harbour Street, and fear "
        "came.\n\nThe mayor said he would meet the families."
    )
    assert news("How fear came to Harbour Street", body) == "ASSAULT"


@pytest.mark.parametrize(
    ("story", "kinds"),
    [
        ("Opposition leaders called on the interior minister to resign on Monday.", ["REQUEST"]),
        ("The family urged the court on Monday to free her.", ["REQUEST"]),
        ("The envoy called for talks with the rebels on Monday.", ["REQUEST"]),
        ("Toravia urged both sides to accept a ceasefire.", ["REQUEST"]),
        ("The Red Ridge Army agreed on Friday to withdraw its fighters from Korrin.", ["AGREE"]),
        ("Toravia's parliament voted on Tuesday to impose sanctions on Ostmark.", ["SANCTION"]),
        ("The union called a strike for Friday.", ["PROTEST"]),
        ("Nurses struck the factory in Korrin on Friday.", ["PROTEST"]),
        ("Norway called on Ostmark to stop its air strikes on Korrin.", ["REQUEST", "ASSAULT"]),
        ("Members voted to strike from Monday.", ["PROTEST"]),
        ("The envoy called on the army to withdraw. The army withdrew on Monday.", ["REQUEST", "RETREAT"]),
        ("The army ordered its troops to attack Korrin on Friday.", ["COERCE", "ASSAULT"]),
    ],
)
def test_what_is_asked_or_agreed_is_one_event_and_what_is_voted_for_the_deed(story: str, kinds: list[str]) -> None:
    assert [event.event_type for event in events_of(article(story))] == kinds
