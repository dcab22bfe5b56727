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
