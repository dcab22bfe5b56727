import pytest
import spacy
import spacy.tokens
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from services.extractor.language.sentences import sentences
from services.extractor.language.text import passages
from services.extractor.parser.forms import Forms
from services.extractor.parser.model import MODEL, parse, tokenized
from services.extractor.parser.words import Doc, Span, Token, Word
from services.extractor.world.gazetteer import hits
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


def read_by(bare: Language, sentence: Span) -> spacy.tokens.Doc:
    words, spaces = [t.text for t in sentence], [bool(t.whitespace_) for t in sentence]
    starts: list[bool | int | None] = [number == 0 for number in range(len(words))]
    return bare(spacy.tokens.Doc(bare.vocab, words, spaces, sent_starts=starts))


def same(ours: Token, theirs: spacy.tokens.Token) -> bool:
    names = ("text", "lower_", "tag_", "pos_", "lemma_", "dep_", "ent_type_", "is_punct", "is_quote", "is_space")
    return all(getattr(ours, name) == getattr(theirs, name) for name in names) and all(
        [token.text for token in getattr(ours, name)] == [token.text for token in getattr(theirs, name)]
        for name in ("lefts", "rights", "children", "subtree", "ancestors", "conjuncts")
    )


def names_in(span: Span | spacy.tokens.Doc) -> list[tuple[str, str, str]]:
    return [(name.text, name.label_, name.root.text) for name in span.ents]


def test_a_sentence_is_read_as_the_bare_model_reads_it(bare: Language) -> None:
    read = [sentence.words for sentence in sentences(passages(TRUCE))]
    assert len(read) > 10
    for ours in read:
        theirs = read_by(bare, ours)
        assert all(same(a, b) for a, b in zip(ours, theirs, strict=True))
        assert names_in(ours) == names_in(theirs)
        assert ours.root.text == theirs[:].root.text
        assert [t.left_edge.text for t in ours] == [t.left_edge.text for t in theirs]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12), min_size=1, max_size=4))
def test_the_names_in_any_row_of_words_are_the_bare_models(bare: Language, rows: list[list[str]]) -> None:
    docs = [tokenized(" ".join(words)) for words in rows]
    parse([doc[:] for doc in docs])
    for doc in docs:
        assert names_in(doc[:]) == names_in(read_by(bare, doc[:]))


def test_the_forms_of_words_looked_up_together_are_those_of_each_alone(bare: Language) -> None:
    uses = [
        ("gon", "VBG", "ROOT"),
        ("na", "TO", "aux"),
        ("ca", "MD", "aux"),
        ("let", "VB", "ROOT"),
        ("'s", "PRP", "nsubj"),
    ]
    uses += [
        ("did", "VBD", "ccomp"),
        ("did", "VBD", "aux"),
        ("that", "IN", "mark"),
        ("that", "IN", "prep"),
        ("wolves", "NNS", "pobj"),
    ]
    words = [
        Token(Doc(""), 0, 0, Word(text, text.lower(), is_punct=False, is_quote=False, is_space=False), "")
        for text, *_ in uses
    ]
    for word, (_, tag, role) in zip(words, uses, strict=True):
        word.tag_, word.dep_ = tag, role
    Forms(bare).give(words)
    assert [(word.pos_, word.lemma_) for word in words] == [form_of(bare, *use) for use in uses]


def form_of(bare: Language, text: str, tag: str, role: str) -> tuple[str, str]:
    doc = spacy.tokens.Doc(bare.vocab, words=[text], tags=[tag], deps=[role], heads=[0])
    for table in ("attribute_ruler", "lemmatizer"):
        doc = bare.get_pipe(table)(doc)
    return doc[0].pos_, doc[0].lemma_


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
