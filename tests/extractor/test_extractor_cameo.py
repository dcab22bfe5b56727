"""CAMEO's code of an event: which one follows, when none does, and that every row of the table can be reached."""

import pytest

from services.extractor.extract import events_of
from services.extractor.language.cameo import cameo
from services.extractor.language.lexicon import entries
from services.extractor.world.gazetteer import rows
from tests.extractor.stories import article

ROOTS = {
    "STATEMENT": {"01"}, "REQUEST": {"02", "10"}, "AGREE": {"03", "05"}, "CONSULT": {"04"}, "SUPPORT": {"05"},
    "COOPERATE": {"06"}, "AID": {"07"}, "CONCEDE": {"05", "08"}, "RETREAT": {"08"}, "ACCUSE": {"09", "11", "17"},
    "REJECT": {"12"}, "THREATEN": {"13"}, "PROTEST": {"14"}, "MOBILIZE": {"15"}, "SANCTION": {"16"},
    "COERCE": {"17", "19"}, "ASSAULT": {"18", "19"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("173", "Police in Belmont arrested Jonas Lind on Friday."),
        ("195", "Norwegian jets carried out an air strike on Belmont on Friday."),
        ("057", "Norway and Greece signed an agreement in Belmont on Friday."),
        ("115", "Anna Berg sued Norden Bank on Friday."),
        ("141", "Thousands of students protested in Belmont on Friday."),
        ("075", "Norway granted asylum to Jonas Lind on Friday."),
        (None, "Militants attacked the town of Belmont on Friday, killing two people."),
        (None, "A storm hit the town of Belmont on Friday, killing two people."),
    ],
)
def test_an_event_has_the_code_that_follows_from_its_words_and_none_where_several_would_fit(
    code: str | None, sentence: str
) -> None:
    assert [event.cameo_code for event in events_of(article(sentence))] == [code]


def test_a_quotation_is_a_statement_in_public() -> None:
    [said] = events_of(article("“The bridge was old and everybody knew it,” said Anna Berg, the mayor of Belmont."))
    assert (said.event_type, said.cameo_code) == ("STATEMENT", "010")


def test_a_deed_that_is_threatened_has_the_code_of_a_threat() -> None:
    assert cameo("THREATEN", "aerial", "bomb") == "130"


@pytest.mark.parametrize(("event_type", "mode", "lemmas", "code", "_"), list(rows("cameo.tsv")))
def test_every_row_can_be_reached_and_stands_at_its_types_place_in_cameo(
    event_type: str, mode: str, lemmas: str, code: str, _: str
) -> None:
    assert code[:2] in ROOTS[event_type]
    known = {(e.event_type, e.mode, e.lemma) for found in entries().values() for e in found}
    for lemma in lemmas.split() if lemmas != "-" else ():
        assert any(t == event_type and mode in {"-", m} and named == lemma for t, m, named in known), lemma
    assert mode == "-" or any((t, m) == (event_type, mode) for t, m, _ in known)
