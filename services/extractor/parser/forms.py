"""Parts of speech and lemmas by the model's own tables: rules in Python, so what they say of a word is remembered."""

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import spacy.tokens
from spacy.language import Language

from services.extractor.parser.words import Token

if TYPE_CHECKING:
    from spacy.pipeline import AttributeRuler, Lemmatizer

_PAST_FORMS = {"staged": "stage", "staging": "stage", "raped": "rape", "raping": "rape", "lambasted": "lambaste"}
_MOST = 100_000  # words in their uses that are remembered; all are forgotten when there is no more room
_BETWEEN = (",", ",", "punct")  # stands between two words, so that they are no phrase to the rules
_ANY = "\N{DOUBLE VERTICAL LINE}"  # a word that no rule names

_Asked = str | dict[str, list[str]]
_Row = dict[str, list[list[dict[str, _Asked]]]]  # a rule: patterns of words, of each what it asks
_Use = tuple[str, str, str]  # a word, its tag and its role where its form may hang on that


class Forms:
    """The tables of a model, mended where they are wrong ("staged" as of "stag"), and their answers.

    Most words have the part of speech of their tag and role, whatever they are: that is looked up once, with a word
    that no rule knows. Only words that a rule names are looked up themselves.
    """

    def __init__(self, nlp: Language) -> None:
        self._vocab = nlp.vocab
        self._ruler = cast("AttributeRuler", nlp.get_pipe("attribute_ruler"))
        self._lemmatizer = cast("Lemmatizer", nlp.get_pipe("lemmatizer"))
        lookups = self._lemmatizer.lookups
        self._irregular = lookups.get_table("lemma_exc")
        self._irregular["verb"].update({form: [lemma] for form, lemma in _PAST_FORMS.items()})
        index = lookups.get_table("lemma_index")
        for part, lemmas in index.items():
            index[part] = frozenset(lemmas)  # a list of thousands, in which each ending of a word would be sought
        asking = [
            word for row in cast("list[_Row]", self._ruler.patterns) for pattern in row["patterns"] for word in pattern
        ]
        self._named = re.compile("|".join(_spelled(word["LOWER"]) for word in asking if "LOWER" in word))
        self._words, self._roles = _asked([word for word in asking if "DEP" in word])
        self._kinds: dict[tuple[str, str], spacy.tokens.Token] = {}
        self._known: dict[_Use, tuple[str, str]] = {}

    def irregular(self, word: str) -> list[str]:
        """The verbs and nouns that a word is an irregular form of: "shot" -> shoot."""
        return [*self._irregular["verb"].get(word, ()), *self._irregular["noun"].get(word, ())]

    def give(self, words: list[Token]) -> None:
        """Give words with tags and roles their parts of speech and lemmas."""
        uses = [self._use(word) for word in words]
        new = [use for use in dict.fromkeys(uses) if use not in self._known]
        if len(self._known) + len(new) > _MOST:
            self._known.clear()
            new = list(dict.fromkeys(uses))
        self._learn(new)
        for word, use in zip(words, uses, strict=True):
            word.pos_, word.lemma_ = self._known[use]

    def _use(self, word: Token) -> _Use:
        role = word.dep_ if word.dep_ in self._roles or word.lower_ in self._words else "dep"
        return word.text, word.tag_, role

    def _learn(self, new: list[_Use]) -> None:
        named = [use for use in new if use[0].isspace() or self._named.fullmatch(use[0].lower())]
        for use, word in zip(named, self._ruled(named), strict=True):
            self._known[use] = word.pos_, word.lemma_ or self._lemma(use[0], word)
        for use in new:
            if use not in self._known:
                kind = self._kind(use[1], use[2])
                self._known[use] = kind.pos_, kind.lemma_ or self._lemma(use[0], kind)

    def _kind(self, tag: str, role: str) -> spacy.tokens.Token:
        """What the rules make of any word with this tag and role that none of them names."""
        if (tag, role) not in self._kinds:
            (self._kinds[tag, role],) = self._ruled([(_ANY, tag, role)])
        return self._kinds[tag, role]

    def _lemma(self, text: str, kind: spacy.tokens.Token) -> str:
        """The lemma of a word that is used like another: all that the lemmatizer asks of a word."""
        word = SimpleNamespace(orth=text, text=text, pos=kind.pos, pos_=kind.pos_, morph=kind.morph)
        return self._lemmatizer.lemmatize(cast("spacy.tokens.Token", word))[0]

    def _ruled(self, uses: list[_Use]) -> list[spacy.tokens.Token]:
        """The words as the rules leave them, before they have lemmas."""
        if not uses:
            return []
        words, tags, roles = zip(*(each for use in uses for each in (use, _BETWEEN)), strict=True)
        doc = spacy.tokens.Doc(self._vocab, words=words, tags=tags, deps=roles, heads=range(len(words)))  # type: ignore[arg-type]
        return [*self._ruler(doc)][::2]


def _asked(asking: list[dict[str, _Asked]]) -> tuple[frozenset[str], frozenset[str]]:
    """The words that a model's rules ask for their role, and the roles that they ask all words for."""
    words = {lower for word in asking if "LOWER" in word for lower in _values(word["LOWER"])}
    roles = {role for word in asking if "LOWER" not in word for role in _values(word["DEP"])}
    return frozenset(words), frozenset(roles)


def _spelled(asked: _Asked) -> str:
    """A pattern for the words that an entry of a rule names."""
    if isinstance(asked, dict) and "REGEX" in asked:
        return str(asked["REGEX"])
    return "|".join(map(re.escape, _values(asked)))


def _values(asked: _Asked) -> list[str]:
    """The strings that an entry of a rule names: "mark", {"IN": ["det", "quantmod"]}."""
    return [asked] if isinstance(asked, str) else [value for values in asked.values() for value in values]
