"""The words of a sentence that name events, and whether what they name has happened."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from services.contracts import Realis
from services.extractor.gazetteer import sectors, words
from services.extractor.lexicon import Entry, entries
from services.extractor.sentences import Sentence

LIGHT = words("light")
_OBJECTS = frozenset({"dobj", "obj", "nsubjpass", "nsubj", "attr", "prt", "prep", "advmod", "agent", "dative", "oprd"})
_LOOKS_AHEAD = words("ahead")
_FEARS = words("fears")
_MIGHT = frozenset({"could", "might", "would", "may", "can", "should", "must", "ca"})


@dataclass(frozen=True, slots=True, eq=False)
class Trigger:
    """A word that names an event. `words` are the first and the last token of the whole term ("air" … "strike")."""

    token: Token
    words: tuple[Token, Token]
    entry: Entry
    sentence: Sentence
    realis: Realis

    @property
    def nominal(self) -> bool:
        """Whether the event is named by a noun."""
        return self.token.pos_ in {"NOUN", "PROPN"}


def triggers(sentence: Sentence) -> tuple[Trigger, ...]:
    """Every event word of the sentence, in the order of the text."""
    return tuple(_triggers(sentence))


def _triggers(sentence: Sentence) -> Iterator[Trigger]:
    for token in sentence.words:
        entry = _entry(token)
        if entry is not None:
            yield Trigger(token, _term(token, entry), entry, sentence, realis(token))


def _entry(token: Token) -> Entry | None:
    lemma = token.lemma_.lower()
    if token.pos_ == "VERB" and token.dep_ not in {"amod", "compound"}:
        return _fitting(entries().get(("V", lemma), ()), _verb_company(token))
    if token.pos_ in {"NOUN", "PROPN"} and token.dep_ not in {"compound", "npadvmod"}:
        return _fitting(entries().get(("N", lemma), ()), _noun_company(token))
    return None


def _fitting(rows: tuple[Entry, ...], company: frozenset[str]) -> Entry | None:
    return next((row for row in rows if not row.company or row.company & company), None)


def _verb_company(verb: Token) -> frozenset[str]:
    near = [t for t in verb.children if t.dep_ in _OBJECTS]
    near += [t for p in near if p.dep_ in {"prep", "agent"} for t in p.children]
    near += [t for o in near if o.dep_ in {"dobj", "nsubjpass"} for t in o.children if t.dep_ in {"compound", "amod"}]
    near += [t for o in near if o.dep_ in {"dobj", "nsubjpass"} for t in o.conjuncts]
    if verb.dep_ in {"acl", "relcl"}:
        near.append(verb.head)
    return frozenset({t.lemma_.lower() for t in near} | {t.lower_ for t in near})


def _noun_company(noun: Token) -> frozenset[str]:
    near = [t for left in noun.lefts if left.dep_ in {"compound", "amod", "nmod", "nummod"} for t in left.subtree]
    return frozenset({t.lemma_.lower() for t in near} | {t.lower_ for t in near})


def _term(token: Token, entry: Entry) -> tuple[Token, Token]:
    """The whole term: "air strike" with its company before it, "called for" with its particle after it."""
    first = last = token
    if token.pos_ in {"NOUN", "PROPN"}:
        for left in reversed(list(token.lefts)):
            if left.i != first.i - 1 or left.dep_ not in {"compound", "amod"} or left.lower_ not in entry.company:
                break
            if left.lower_ in sectors():
                break  # a side is no part of the term
            first = left
        return first, last
    follower = next((t for t in token.rights if t.i == token.i + 1 and t.dep_ in {"prt", "prep"}), None)
    if follower is not None and follower.lower_ in entry.company:
        last = follower
    return first, last


def realis(token: Token) -> Realis:
    """Whether what the word names has happened, goes on, is planned, is only possible, or is denied."""
    shown = next((real for verb in _governors(token) if (real := _of_verb(verb)) is not None), None)
    if shown is not None:
        return shown
    if token.pos_ == "NOUN" and token.head.lemma_.lower() in _LOOKS_AHEAD | _FEARS and token.dep_ in {"dobj", "pobj"}:
        return _ahead(token.head.lemma_.lower()) or "happened"
    return "denied" if any(t.lower_ == "no" and t.dep_ == "det" for t in token.lefts) else "happened"


def _of_verb(verb: Token) -> Realis | None:
    kinds = {t.lower_ for t in verb.children if t.dep_ in {"aux", "auxpass"}}
    if any(t.dep_ == "neg" for t in verb.children):
        return "denied"
    if kinds & _MIGHT or any(t.dep_ == "mark" and t.lower_ in {"if", "unless"} for t in verb.children):
        return "hypothetical"
    if kinds & {"will", "'ll", "shall"}:
        return "planned"
    if "to" in kinds and "have" not in kinds:
        return _ahead(verb.head.lemma_.lower())
    return "ongoing" if verb.tag_ == "VBG" and kinds & {"is", "are", "'s", "'re"} else None


def _ahead(lemma: str) -> Realis | None:
    return "planned" if lemma in _LOOKS_AHEAD else "hypothetical" if lemma in _FEARS else None


def _governors(token: Token) -> Iterator[Token]:
    """The verb of the event: the word itself, or the light verb that carries the noun, and what that hangs on."""
    verb = token
    if token.pos_ != "VERB":
        while verb.dep_ in {"conj", "pobj", "prep", "compound"} and verb.head.pos_ in {"NOUN", "ADP", "PROPN"}:
            verb = verb.head
        if verb.dep_ not in {"dobj", "nsubjpass", "nsubj"} or verb.head.pos_ != "VERB":
            return
        verb = verb.head
    yield verb
    for _ in range(2):
        if verb.dep_ not in {"conj", "xcomp"} or verb.head.pos_ != "VERB":
            return
        if verb.dep_ == "conj" and any(t.dep_ in {"aux", "nsubj", "nsubjpass"} for t in verb.children):
            return
        verb = verb.head
        yield verb


def apart(token: Token, trigger: Token) -> bool:
    """Whether "after" or "before" parts a day or a place from the event: it tells of something else then."""
    if any(t.i == trigger.i for t in token.ancestors):
        return False
    low, high = sorted((token.i, trigger.i))
    return any(t.lower_ in {"after", "before", "following"} for t in token.doc[low + 1 : high])
