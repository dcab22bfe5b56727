"""A text as plain values, under the names that spaCy gives them: what the rules read, many times over.

spaCy makes a new object of a token, and looks up each of its strings, whenever one is asked for. The rules ask for a
token some fifty times, so what the model says is copied once, and only from words to what the rules use.
"""

from collections.abc import Iterator
from typing import NamedTuple, overload


class Word(NamedTuple):
    """What a word is wherever it stands, under spaCy's names."""

    text: str
    lower_: str
    is_punct: bool
    is_quote: bool
    is_space: bool


class Token:
    """A word or a mark. Until its sentence has been parsed it hangs on nothing and is no part of speech.

    `ent` is the name that it is part of, `children` are what hangs on it, those before it first; `phrase` remembers the
    first and the last word of what it is the head of, once entities.py has been asked.
    """

    __slots__ = (
        "children", "dep_", "doc", "ent", "ent_type_", "head", "i", "idx", "is_punct", "is_quote", "is_space", "lefts",
        "lemma_", "lower_", "norm", "phrase", "pos_", "rights", "sent", "tag_", "text", "whitespace_",
    )  # fmt: skip

    def __init__(self, doc: "Doc", i: int, idx: int, word: Word, whitespace: str) -> None:
        self.doc, self.i, self.idx, self.whitespace_ = doc, i, idx, whitespace
        self.text, self.lower_, self.is_punct, self.is_quote, self.is_space = word
        self.lemma_ = self.pos_ = self.tag_ = self.dep_ = self.ent_type_ = ""
        self.norm = 0
        self.ent: Span | None = None
        self.phrase: tuple[Token, Token] | None = None
        self.head: Token = self
        self.lefts: list[Token] = []
        self.rights: list[Token] = []
        self.children: list[Token] = []
        self.sent: Span

    def __len__(self) -> int:
        return len(self.text)

    def __repr__(self) -> str:
        return self.text

    @property
    def subtree(self) -> list["Token"]:
        """The word and all that hangs on it, in their order."""
        found: list[Token] = []
        for token in self.lefts:
            found += token.subtree
        found.append(self)
        for token in self.rights:
            found += token.subtree
        return found

    @property
    def ancestors(self) -> Iterator["Token"]:
        """What the word hangs on, up to the root."""
        token = self
        while token.head is not token:
            token = token.head
            yield token

    @property
    def conjuncts(self) -> tuple["Token", ...]:
        """What the word is joined to by "and"."""
        first = self
        while first.dep_ == "conj":
            first = first.head
        joined = [first]
        for token in joined:
            joined += [right for right in token.rights if right.dep_ == "conj"]
        return tuple(token for token in joined if token is not self)

    @property
    def left_edge(self) -> "Token":
        """The first word of the subtree."""
        return min(self.subtree, key=lambda token: token.i)

    def nbor(self, i: int = 1) -> "Token":
        """The word so many places on. Raises IndexError beyond the text's ends."""
        if self.i + i < 0:
            raise IndexError(self.i + i)
        return self.doc.tokens[self.i + i]


class Span:
    """Words of a text: doc[start:end]; `label_` says what they name."""

    __slots__ = ("_root", "doc", "end", "label_", "start")

    def __init__(self, doc: "Doc", start: int, end: int, label: str = "") -> None:
        self.doc, self.start, self.end, self.label_ = doc, start, end, label
        self._root: Token | None = None

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[Token]:
        return iter(self.doc.tokens[self.start : self.end])

    def __getitem__(self, at: int) -> Token:
        return self.doc.tokens[self.start : self.end][at]

    @property
    def start_char(self) -> int:
        """Where the words begin in the text."""
        tokens = self.doc.tokens
        return tokens[self.start].idx if self.start < len(tokens) else len(self.doc.text)

    @property
    def end_char(self) -> int:
        """Where they end."""
        if self.start == self.end:
            return self.start_char
        last = self.doc.tokens[self.end - 1]
        return last.idx + len(last.text)

    @property
    def text(self) -> str:
        """The words as the text has them."""
        return self.doc.text[self.start_char : self.end_char]

    @property
    def ents(self) -> list["Span"]:
        """The names among the words."""
        return [name for name in self.doc.ents if self.start <= name.start and name.end <= self.end]

    @property
    def root(self) -> Token:
        """The word that the others hang on: a sentence's root, else the one nearest to it; found once, when parsed."""
        if self._root is None:
            self._root = self._found_root()
        return self._root

    def _found_root(self) -> Token:
        heads = [token for token in self if token.head is token or not self.start <= token.head.i < self.end]
        return min(heads, key=lambda t: (t.head is not t, _bare_mark(t), sum(1 for _ in t.ancestors), t.i))


def _bare_mark(token: Token) -> bool:
    """Whether a word is a mark or a space on which nothing hangs: a root only where nothing better is, as in spaCy."""
    return (token.is_punct or token.is_space) and not token.children


class Doc:
    """A passage's words and, as far as it has been parsed, the names in it."""

    __slots__ = ("ents", "text", "tokens")

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.ents: list[Span] = []

    def __len__(self) -> int:
        return len(self.tokens)

    @overload
    def __getitem__(self, at: int) -> Token: ...
    @overload
    def __getitem__(self, at: slice) -> Span: ...
    def __getitem__(self, at: int | slice) -> Token | Span:
        if isinstance(at, int):
            return self.tokens[at]
        start, end, _ = at.indices(len(self.tokens))
        return Span(self, start, max(start, end))
