"""Which words name which event, in the company that gives them their sense, and that every row can be reached."""

import pytest

from services.extractor.extract import events_of
from services.extractor.language.lexicon import entries
from services.extractor.world.gazetteer import rows
from tests.extractor.stories import article


def types(sentence: str) -> set[str]:
    return {event.event_type for event in events_of(article(sentence), least=0.0)}


@pytest.mark.parametrize(
    ("event_type", "sentence"),
    [
        ("ACCIDENT", "Two boys drowned in the Tarna river near Belmont on Friday."),
        ("ACCIDENT", "A truck struck a cyclist in Belmont on Friday."),
        ("ACCIDENT", "The roof of a mine caved in near Belmont on Friday."),
        ("ACCIDENT", "A pile-up on the Belmont motorway killed two drivers on Friday."),
        ("ACCUSE", "Anna Berg filed a lawsuit against Norden Bank on Friday."),
        ("ACCUSE", "Anna Berg launched a lawsuit against Norden Bank on Friday."),
        ("ACCUSE", "Mayor Anna Berg described the plan of Norden Bank as reckless."),
        ("AGREE", "Norway signed off on Friday on the sale of three ships to Greece."),
        ("SANCTION", "Norway ordered its ambassador home from Greece on Friday."),
        ("SANCTION", "Norway ordered three diplomats of Greece out of the country on Friday."),
        ("AID", "The Red Cross handed out blankets to families in Belmont on Friday."),
        ("ASSAULT", "Two shells fell on the town of Belmont on Friday."),
        ("COERCE", "Police picked up two traders in Belmont on Friday."),
        ("COERCE", "A judge ordered the closure of Norden Bank on Friday."),
        ("COERCE", "Jonas Lind, who was captured in Belmont on Friday, is a trader."),
        ("COERCE", "Jonas Lind was convicted of fraud in Belmont on Friday."),
        ("COERCE", "Police recovered 40 rifles from the Norden Militia on Friday."),
        ("COERCE", "The court revoked the licence of Norden Bank on Friday."),
        ("CONCEDE", "The court reduced the sentence of Jonas Lind on Friday."),
        ("CONCEDE", "Jonas Lind was found not guilty on Friday."),
        ("CONCEDE", "Jonas Lind pleaded guilty to fraud on Friday."),
        ("CONCEDE", "Minister Anna Berg said she would resign on Friday."),
        ("CONCEDE", "Two hostages were let go in Belmont on Friday."),
        ("CONCEDE", "Jonas Lind is scheduled to be released on Friday."),
        ("CONSULT", "Minister Anna Berg will testify before Congress on Friday."),
        ("COOPERATE", "Norden University launched a partnership with Belmont College on Friday."),
        ("DISASTER", "A blaze engulfed three homes in Belmont on Friday."),
        ("PROTEST", "A sit-in outside the town hall of Belmont ended on Friday."),
        ("PROTEST", "Unions in Belmont called a 24-hour strike on Friday."),
        ("PROTEST", "Teachers in Belmont went on strike on Friday."),
        ("REJECT", "Jonas Lind pleaded not guilty on Friday."),
        ("REJECT", "Norway failed to answer the invitation of Greece on Friday."),
        ("REQUEST", "Anyone with information is asked to call the police in Belmont."),
        ("REQUEST", "Norway joined Greece in calling for the minister to resign."),
        ("SANCTION", "Norway imposed duties on steel from Greece on Friday."),
        ("SUPPORT", "Norway expressed solidarity with Greece on Friday."),
        ("THREATEN", "Norway gave a deadline to Greece on Friday."),
    ],
)
def test_a_word_in_its_company_names_its_event(event_type: str, sentence: str) -> None:
    assert event_type in types(sentence)


@pytest.mark.parametrize(
    ("event_type", "sentence"),
    [
        ("COERCE", "Jonas Lind picked up a stone on Friday."),
        ("REJECT", "Norway declined to comment on Friday."),
        ("RETREAT", "In a letter handed over on Monday, Norway praised Greece."),
        ("CONCEDE", "Jonas Lind pleaded not guilty on Friday."),
        ("REQUEST", "Norway asked why Greece was late."),
        ("REQUEST", "Jonas Lind pleaded guilty to fraud on Friday."),
        ("ASSAULT", "Teachers in Belmont have been on strike since Friday."),
        ("ASSAULT", "Nurses called a 24-hour strike on Friday. The strike closed a clinic in Belmont."),
        ("REJECT", "Flames broke out in Belmont on Friday, according to the police of Norway."),
        ("ASSAULT", "Belmont beat Norden 3-1 on Friday."),
        ("ASSAULT", "The Belmont union threatened strikes on Friday."),
        ("ASSAULT", "Norden Bank killed off a plan of Belmont Bank on Friday."),
        ("ASSAULT", "The striker Jonas Lind shot wide in Belmont on Friday."),
        ("COERCE", "Norden Air ordered 50 jets from Belmont Works on Friday."),
        ("SANCTION", "Norway ordered its ambassador on Friday to return to the talks in Greece."),
        ("PROTEST", "A teacher struck a pupil in Belmont on Friday."),
        ("COERCE", "Jonas Lind gave his life for Norway on Friday."),
        ("COERCE", "Jonas Lind served a second term as mayor of Belmont."),
        ("ACCUSE", "Students from Norway booked a hotel in Belmont on Friday."),
        ("ACCIDENT", "The government of Norway caved in to demands of Greece on Friday."),
        ("ACCIDENT", "Shares in Norden Bank plunged into the red on Friday."),
        ("ACCIDENT", "The army of Norway crushed the rebels near Belmont on Friday."),
        ("CONCEDE", "The Norden Militia took responsibility for the bombing in Belmont on Friday."),
    ],
)
def test_a_word_in_other_company_does_not(event_type: str, sentence: str) -> None:
    assert event_type not in types(sentence)


def test_no_row_is_hidden_behind_the_rows_before_it() -> None:
    hidden = []
    for tried in entries().values():
        seen: set[str] = set()
        for number, row in enumerate(tried):
            bare = not row.company and any(not other.company for other in tried[:number])
            if bare or (row.company and row.company <= seen):
                hidden.append((row.lemma, row.line))
            seen |= row.company
    assert hidden == []


def test_no_two_sets_of_words_have_one_name() -> None:
    named = [name for name, _ in rows("words.tsv")]
    assert len(named) > 20
    assert sorted(set(named)) == sorted(named)
