"""Whom a pronoun stands for by the grammar of its sentence: who does what the clause above says."""

from collections.abc import Iterator

from services.extractor.parser.words import Token
from services.extractor.world.gazetteer import sectors, words

_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_BELOW = frozenset({"ccomp", "advcl"})  # clauses whose "it" is who does what stands above them
_HE = frozenset({"he", "she"})
_MANY = frozenset({"NNS", "NNPS"})
_PEOPLE = words("humans") | words("offices")
_OTHERS = {"he": words("women"), "she": words("men")}
_DEPUTIES = words("kin") | words("deputies")
_BODIES = words("collective") | words("institutions")
_BODY_NAMES = frozenset({"ORG", "GPE", "NORP"})
_DEEPEST = 3  # clauses above


def antecedent(pronoun: Token) -> Token | None:
    """The word that a pronoun stands for, as in "the army said it had …", "was hit by rebels when they …".

    None where the sentence does not tell: the names before it may.
    """
    if pronoun.dep_ not in _SUBJECTS or pronoun.lower_ not in {"he", "she", "it", "they"}:
        return None
    able = [token for token in _above(pronoun.head) if _agree(pronoun, token)]
    return next((token for token in able if pronoun.lower_ == "they" and token.tag_ in _MANY), next(iter(able), None))


def _above(verb: Token) -> Iterator[Token]:
    """Who does what the clauses above a verb say, the nearest first."""
    for _ in range(_DEEPEST):
        while verb.dep_ in {"conj", "xcomp"} and verb.head.pos_ == "VERB":
            verb = verb.head
        if verb.dep_ not in _BELOW and not (verb.dep_ == "relcl" and any(t.tag_ == "WRB" for t in verb.lefts)):
            return
        verb = verb.head if verb.head.pos_ in {"VERB", "AUX"} else verb.head.head  # "Thursday when they seized …"
        yield from (t for t in verb.children if t.dep_ in _SUBJECTS)
        yield from (t for link in verb.children if link.dep_ == "agent" for t in link.children if t.dep_ == "pobj")


def _agree(pronoun: Token, token: Token) -> bool:
    """Whether a word may be meant by the pronoun: a person by "he", a body by "it", several or a body by "they"."""
    lemma, label = token.lemma_.lower(), token.ent_type_
    if token.pos_ not in {"NOUN", "PROPN"}:
        return False
    many = token.tag_ in _MANY
    person = lemma not in _BODIES and (label == "PERSON" or (not label and lemma in _PEOPLE))
    if pronoun.lower_ in _HE:
        return person and not many and lemma not in _OTHERS[pronoun.lower_] and not _for_another(token, lemma)
    body = label in _BODY_NAMES or lemma in _BODIES or token.head.lemma_ == "say"  # who speaks is somebody
    if pronoun.lower_ == "it":
        return body and not many and not person
    return (body and not person) or (many and (person or lemma in sectors()))


def _for_another(token: Token, lemma: str) -> bool:
    """As in "his lawyer said he was …", "the mother of the boy said he had …": it is the other who is spoken of."""
    owned = any(t.dep_ == "poss" for t in token.lefts) or any(t.lower_ in {"of", "for"} for t in token.rights)
    return lemma in _DEPUTIES and owned
