import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from services.extractor.gazetteer import hits
from services.extractor.model import MODEL, parsed, tokenized
from services.extractor.sentences import sentences
from services.extractor.text import passages
from tests.extractor.stories import TRUCE

WORDS = (
    "The",
    "Lakeland",
    "Observatory",
    "for",
    "Human",
    "Rights",
    "said",
    "62",
    "soldiers",
    "of",
    "Ostmark",
    "\n",
    ".",
)


@pytest.fixture(scope="module")
def bare() -> Language:
    return spacy.load(MODEL)


def read_by(bare: Language, doc: Doc) -> list[tuple[str, ...]]:
    words, spaces = [t.text for t in doc], [bool(t.whitespace_) for t in doc]
    starts: list[bool | int | None] = [number == 0 for number in range(len(words))]
    return facts(bare(Doc(bare.vocab, words, spaces, sent_starts=starts)))


def facts(doc: Doc) -> list[tuple[str, ...]]:
    return [(t.text, t.tag_, t.pos_, t.lemma_, t.dep_, t.head.text, t.ent_iob_, t.ent_type_) for t in doc]


def test_a_sentence_is_read_as_the_bare_model_reads_it(bare: Language) -> None:
    read = parsed([sentence.words for sentence in sentences(passages(TRUCE))])
    assert len(read) > 10
    assert [facts(doc) for doc in read] == [read_by(bare, doc) for doc in read]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12), min_size=1, max_size=4))
def test_the_names_in_any_row_of_words_are_the_bare_models(bare: Language, rows: list[list[str]]) -> None:
    docs = [tokenized(" ".join(words)) for words in rows]
    for doc in parsed([doc[:] for doc in docs]):
        assert [fact[-2:] for fact in facts(doc)] == [fact[-2:] for fact in read_by(bare, doc)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("South Sudan and Sudan, Sudanese-born", ["South Sudan", "Sudan", "Sudanese"]),
        ("The US told us. U.S. officials in Francetown", ["US", "U.S."]),
        ("the al-Nusra Front's men", ["al-Nusra Front"]),
    ],
)
def test_the_longest_known_name_is_found_and_none_within_a_word(text: str, names: list[str]) -> None:
    assert [text[hit.start : hit.end] for hit in hits(text)] == names
