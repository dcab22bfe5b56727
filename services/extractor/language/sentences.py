"""An article as sentences whose tokens know where they stand in it; those that may tell something are parsed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from services.contracts import Span
from services.extractor.language.lexicon import entries
from services.extractor.language.text import Passage, plain
from services.extractor.parser.model import irregular, parse, tokenized
from services.extractor.parser.words import Doc, Token
from services.extractor.parser.words import Span as Words
from services.extractor.world import gazetteer

LONGEST = 160  # tokens: what is longer is a table or a list that has lost its marks, and the rules' time grows with it
_ENDS = frozenset({".", "!", "?", "…", "?!", "!!", "..."})
_CLOSING = frozenset({'"', "''", "'", ")", "]", "”", "’"})
_ENDINGS = (
    ("ies", "y"),
    ("ied", "y"),
    ("s", ""),
    ("es", ""),
    ("ed", ""),
    ("ed", "e"),
    ("d", ""),
    ("ing", ""),
    ("ing", "e"),
)
_DOUBLED = re.compile(r"([bdgklmnprtv])\1(?:ed|ing)$")
_MARK = '"'


@dataclass(frozen=True, eq=False)
class Sentence:
    """A sentence of a passage. `number` counts through the article: headline first, then body, then captions."""

    passage: Passage
    words: Words
    number: int

    @cached_property
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
    """The sentences of the passages, in reading order; each is parsed by itself.

    Not parsed are those that tell nothing and stand before none that does, whose pronouns they might explain.
    """
    docs = [tokenized(plain(passage.text)) for passage in passages]
    pieces = [[doc[start:end] for start, end in _bounds(doc) if _filled(doc[start:end])] for doc in docs]
    parse([words for here in pieces for words in _wanted(here)])
    told = [(passage, words) for passage, here in zip(passages, pieces, strict=True) for words in here]
    for _, words in told:
        for token in words:
            token.sent = words
        _name_known(words)
    return tuple(Sentence(passage, words, number) for number, (passage, words) in enumerate(told))


def _name_known(words: Words) -> None:
    """Make known organisations of several words names where the model sees none or another: "Save the Children"."""
    start = words.start_char
    for hit in gazetteer.hits(words.text):
        if hit.named.kind != "group" or " " not in words.text[hit.start : hit.end]:
            continue
        held = [t for t in words if hit.start <= t.idx - start < hit.end]
        inner = {id(t.ent): t.ent for t in held if t.ent is not None}
        within = all(held[0].i <= name.start and name.end <= held[-1].i + 1 for name in inner.values())
        if within and len(held) > max((len(name) for name in inner.values()), default=0):
            name = type(words)(words.doc, held[0].i, held[-1].i + 1, "ORG")
            words.doc.ents = [ent for ent in words.doc.ents if id(ent) not in inner] + [name]
            for token in held:
                token.ent, token.ent_type_ = name, "ORG"


def _wanted(here: list[Words]) -> Iterator[Words]:
    tell = [_tells(words) for words in here]
    for words, this, after in zip(here, tell, [*tell[1:], False], strict=False):
        if this or after:
            yield words


def _filled(words: Words) -> bool:
    return bool(words.text.strip()) and len(words) <= LONGEST


def _bounds(doc: Doc) -> Iterator[tuple[int, int]]:
    """First token and end of each sentence: behind a full stop and what it closes, before a capital, mark or figure."""
    tokens, start = doc.tokens, 0
    for token in tokens:
        if token.text not in _ENDS:
            continue
        end = token.i + 1
        while end < len(tokens) and (
            tokens[end].is_space or (tokens[end].text in _CLOSING and not tokens[end - 1].whitespace_)
        ):
            end += 1
        if end == len(tokens) or _begins(tokens[end]):
            yield start, end
            start = end
    if start < len(tokens):
        yield start, len(tokens)


def _begins(token: Token) -> bool:
    return not token.text[0].islower() and token.text[0] not in ",;:)"


# -- what may tell something


def _tells(words: Words) -> bool:
    """Whether a sentence has a word of the lexicon, of harm or of speech, or a quotation; the others are not parsed."""
    return any(token.text == _MARK or _known(token.lower_) for token in words)


@lru_cache(maxsize=50_000)
def _known(word: str) -> bool:
    return any(base in _lemmas() for base in _bases(word))


def _bases(word: str) -> Iterator[str]:
    """What a word may be a form of."""
    yield word
    yield from irregular(word)
    for ending, base in _ENDINGS:
        if word.endswith(ending):
            yield word.removesuffix(ending) + base
    if _DOUBLED.search(word):
        yield word.removesuffix("ed").removesuffix("ing")[:-1]


@cache
def _lemmas() -> frozenset[str]:
    """The lemmas that tell of something: of the lexicon, of people hurt, of speech."""
    lemmas = {lemma for _, lemma in entries()} | {"according"} | gazetteer.words("telling")
    for file in ("harm.tsv", "reporting.tsv"):
        lemmas |= {lemma for row in gazetteer.rows(file) for lemma in row[-1].split()}
    return frozenset(lemmas)
