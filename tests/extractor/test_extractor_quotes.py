import pytest

from services.extractor.language.marks import quoted
from services.extractor.language.text import passages
from tests.extractor.stories import article


def contents(*paragraphs: str) -> list[str]:
    found = quoted(passages(article("\n\n".join(paragraphs))))
    return [quote.passage.text[quote.start : quote.end] for quote in found]


@pytest.mark.parametrize(
    "text",
    [
        'She said, "We will be back."',
        "She said, “We will be back.”",
        "She said, ‘We will be back.’",
        "She said, 'We will be back.'",
        "She said, ``We will be back.''",
        "Elle dit « We will be back. » enfin",
    ],
)
def test_the_words_between_the_marks_are_the_quotation(text: str) -> None:
    assert [quote.strip() for quote in contents(text)] == ["We will be back."]


def test_two_words_are_no_quotation() -> None:
    assert contents('He called it a "cheap stunt".') == []


def test_an_apostrophe_ends_no_quotation() -> None:
    assert contents("It’s ‘the mayor’s own house’ now, the farmers’ union said.") == ["the mayor’s own house"]


def test_a_quotation_may_run_over_paragraphs() -> None:
    assert contents("“The dam is broken and we must go.", "“Take the children first,” he said.") == [
        "The dam is broken and we must go.",
        "Take the children first,",
    ]


@pytest.mark.parametrize("mark", ["“", "‘", "``"])
def test_each_paragraph_of_a_quotation_may_open_it_anew(mark: str) -> None:
    first, second = "The dam is broken and we must go.", "Take the children first."
    assert contents(f"{mark}{first}", f"{mark}{second}")[:1] == [first]


def test_a_quotation_may_run_into_a_paragraph_that_does_not_open_it() -> None:
    assert contents('"The dam is broken.', 'We must go now," he said. "Take the children."') == [
        "The dam is broken.",
        "We must go now,",
        "Take the children.",
    ]


def test_a_mark_that_is_never_closed_opens_nothing() -> None:
    assert contents("“The dam is broken and we must go.", "He left the town.") == []
