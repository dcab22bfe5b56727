"""Parts of speech and lemmas by the model's own tables: rules in Python, so what they say of a word is remembered."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from spacy.language import Language
from spacy.tokens import Doc

from services.extractor.words import Token

if TYPE_CHECKING:
    from spacy.pipeline import AttributeRuler, Lemmatizer

TABLES = ("attribute_ruler", "lemmatizer")
_PAST_FORMS = {"staged": "stage", "staging": "stage", "raped": "rape", "raping": "rape", "lambasted": "lambaste"}
_MOST = 100_000  # words in their uses that are remembered; all are forgotten when there is no more room
_BETWEEN = (",", ",", "punct")  # stands between two words, so that they are no phrase to the tables

_Asked = str | dict[str, list[str]]
_Row = dict[str, list[list[dict[str, _Asked]]]]  # a rule: patterns of words, of each what it asks
_Use = tuple[str, str, str]  # a word, its tag and its role where its form may hang on that


class Forms:
    """The tables of a model, mended where they are wrong ("staged" as of "stag"), and their answers."""

    def __init__(self, nlp: Language) -> None:
        self._vocab, self._tables = nlp.vocab, [nlp.get_pipe(name) for name in TABLES]
        lookups = cast("Lemmatizer", nlp.get_pipe("lemmatizer")).lookups
        self._irregular = lookups.get_table("lemma_exc")
        self._irregular["verb"].update({form: [lemma] for form, lemma in _PAST_FORMS.items()})
        index = lookups.get_table("lemma_index")
        for part, lemmas in index.items():
            index[part] = frozenset(lemmas)  # a list of thousands, in which each ending of a word would be sought
        ruler = cast("AttributeRuler", nlp.get_pipe("attribute_ruler"))
        self._words, self._roles = _asked(cast("list[_Row]", ruler.patterns))
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
        if not new:
            return
        words, tags, roles = zip(*(each for use in new for each in (use, _BETWEEN)), strict=True)
        doc = Doc(self._vocab, words=words, tags=tags, deps=roles, heads=range(len(words)))  # type: ignore[arg-type]
        for table in self._tables:
            doc = table(doc)
        self._known.update({use: (word.pos_, word.lemma_) for use, word in zip(new, [*doc][::2], strict=True)})


def _asked(rows: Iterable[_Row]) -> tuple[frozenset[str], frozenset[str]]:
    """The words that a model's rules ask for their role, and the roles that they ask all words for."""
    asking = [word for row in rows for pattern in row["patterns"] for word in pattern if "DEP" in word]
    words = {lower for word in asking if "LOWER" in word for lower in _values(word["LOWER"])}
    roles = {role for word in asking if "LOWER" not in word for role in _values(word["DEP"])}
    return frozenset(words), frozenset(roles)


def _values(asked: _Asked) -> list[str]:
    """The strings that an entry of a rule names: "mark", {"IN": ["det", "quantmod"]}."""
    return [asked] if isinstance(asked, str) else [value for values in asked.values() for value in values]
