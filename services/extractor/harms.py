"""What a sentence says became of people: which word says it of what a noun names, and whether it is real."""

from functools import cache
from typing import Literal, cast

from services.contracts import ClaimKind
from services.extractor.gazetteer import rows, words
from services.extractor.triggers import of_people
from services.extractor.words import Token

Fate = tuple[ClaimKind, Token]  # what became of somebody, and the word that says so
Way = Literal["object", "subject", "state", "noun", "toll", "people"]
_SUCCEED = frozenset({"able", "manage", "continue", "begin", "go", "appear", "seem", "claim", "happen"})
_CONFINED = words("confined")
_HURTS = words("hurts")
_HOMES = frozenset({"home", "house", "camp"})
_GRAVE = frozenset({"serious", "critical", "grave"})
_CARE = {
    "for": {"treat", "hospitalize"},
    "with": {"treat", "hospitalize"},
    "to": {"take", "rush", "admit", "bring", "airlift"},
}
_UNREAL = frozenset({"could", "would", "may", "might", "can", "will", "should", "shall", "'ll", "must"})
_BODIES_OF = frozenset({"murder", "assassination", "body", "corpse", "remain"})


@cache
def _words() -> dict[tuple[Way, str], ClaimKind]:
    return {
        (cast("Way", way), lemma): cast("ClaimKind", kind)
        for kind, way, lemmas in rows("harm.tsv")
        for lemma in lemmas.split()
    }


def harm(way: Way, lemma: str) -> ClaimKind | None:
    """What kind of harm a word names when it takes its victims that way."""
    return _words().get((way, lemma.lower()))


def fate_of(node: Token, depth: int) -> Fate | None:
    """What the grammar says became of what the node names, and the word that says so."""
    return _own(node) or _below(node) or _above(node) or _joined(node, depth)


def _own(node: Token) -> Fate | None:
    """As in "12 dead", "49 civilian deaths", "22 wounded"."""
    kind = harm("state", node.lower_)
    if kind and (node.pos_ in {"ADJ", "NOUN"} or node.tag_ == "VBN"):
        return kind, node
    noun = harm("noun", node.lemma_) if node.pos_ == "NOUN" else None
    return (noun, node) if noun and node.lower_ != "killing" else None


def _below(node: Token) -> Fate | None:
    """As in "two people killed in the blast", "three men dead"."""
    for child in node.rights:
        if child.dep_ in {"acl", "amod", "relcl"} and child.i - node.i < 6:  # noqa: PLR2004 - right beside
            passive = (child.tag_ == "VBN" and child.dep_ != "relcl") or any(
                c.dep_ == "nsubjpass" for c in child.children
            )
            kind = harm("object", child.lemma_) if passive else harm("subject", child.lemma_)
            kind = kind or harm("state", child.lower_)
            if kind:
                return kind, child
    return None


def _above(node: Token) -> Fate | None:
    head, dep = node.head, node.dep_
    if dep in {"dobj", "obj"}:
        return fate(done(head) or _confined(head), head) or _left(head)
    if dep == "nsubjpass":
        return fate(done(head) or _confined(head) or _treated(head), head) or _predicate(head)
    if dep == "nsubj":
        if kind := _confined(head) or _treated(head) or _bereft(head):
            return kind, head
        kind = harm("subject", head.lemma_) or harm(
            "state", head.lower_ if head.pos_ != "VERB" or head.tag_ == "VBN" or head.lower_ == "missing" else ""
        )
        return fate(kind, head) or _predicate(head)
    return _counted_by(node) if dep in {"pobj", "npadvmod", "attr"} else None


def _confined(verb: Token) -> ClaimKind | None:
    """As in "remains in custody", "was taken into custody"."""
    places = [t for link in verb.rights if link.lower_ in {"in", "into"} for t in link.children if t.dep_ == "pobj"]
    held = verb.lemma_ in {"be", "remain", "take", "hold", "remand", "place", "put"}
    return "detained" if held and any(t.lower_ in _CONFINED for t in places) else None


def _bereft(verb: Token) -> ClaimKind | None:
    """As in "lost their lives"."""
    lives = verb.lemma_ == "lose" and any(t.dep_ == "dobj" and t.lemma_ == "life" for t in verb.rights)
    return "dead" if lives else None


def _treated(verb: Token) -> ClaimKind | None:
    """As in "suffered burns", "had minor injuries", "was treated for a head wound"."""
    suffered = [t for t in verb.rights if t.dep_ == "dobj" and verb.lemma_ in {"sustain", "suffer", "have", "receive"}]
    links = [t for t in verb.rights if t.dep_ == "prep" and verb.lemma_ in _CARE.get(t.lower_, ())]
    hurts = [*suffered, *(t for link in links for t in link.children if t.dep_ == "pobj")]
    states = [t for link in verb.rights if link.lower_ == "in" for t in link.children if t.lemma_ == "condition"]
    if verb.lemma_ in {"be", "remain"} and any(t.lower_ in _GRAVE for state in states for t in state.lefts):
        return "injured"
    hurt = any(t.lemma_ in _HURTS or (t.lemma_ == "hospital" and t.dep_ == "pobj") for t in hurts)
    return "injured" if hurt and not any(harm("state", t.lower_) == "dead" for t in verb.subtree) else None


def fate(kind: ClaimKind | None, word: Token) -> Fate | None:
    """A kind and its word; None where there is no kind."""
    return (kind, word) if kind else None


def named_by(node: Token) -> Fate | None:
    """As in "swapped two hostages", "took in 1,200 refugees": the noun says what has become of them."""
    return fate(harm("people", node.lemma_), node) if node.pos_ == "NOUN" else None


def done(verb: Token) -> ClaimKind | None:
    """What a verb does to its object; "stabbed to death" is dead."""
    to = next((t for t in verb.children if t.dep_ == "prep" and t.lower_ == "to"), None)
    if to is not None and any(t.lower_ == "death" for t in to.children):
        return "dead"
    if any(t.lower_ == "fatally" for t in verb.children):
        return "dead"
    if verb.lemma_ in {"hang", "execute", "capture"} and not of_people(verb):
        return None
    if verb.lemma_ == "capture" and any(t.dep_ == "dobj" and t.pos_ == "PROPN" for t in verb.rights):
        return None  # a town, more often than not
    return harm("object", verb.lemma_) or _driven(verb)


def _driven(verb: Token) -> ClaimKind | None:
    """As in "were forced from their homes", "driven into camps"."""
    places = [t for link in verb.rights if link.dep_ == "prep" for t in link.children if t.dep_ == "pobj"]
    return "displaced" if verb.lemma_ in {"drive", "force"} and any(t.lemma_ in _HOMES for t in places) else None


def _left(verb: Token) -> Fate | None:
    """As in "the blast left twelve dead": the model sometimes hangs both on "left"."""
    if verb.lemma_ != "leave":
        return None
    state = next((t for t in verb.rights if harm("state", t.lower_)), None)
    return fate(harm("state", state.lower_), state) if state is not None else None


def _predicate(verb: Token) -> Fate | None:
    """As in "five children were among the dead", "two are missing"."""
    for child in verb.rights:
        if child.dep_ in {"acomp", "attr", "oprd"} and (kind := harm("state", child.lower_)):
            return kind, child
        if (
            child.lower_ == "among"
            and (dead := next((t for t in child.children if t.dep_ == "pobj"), None)) is not None
        ):
            return fate(harm("state", dead.lower_), dead)
    return None


def _counted_by(node: Token) -> Fate | None:
    """As in "a toll of twelve", "put the death toll at 62", "the deaths of two men"."""
    preposition = node.head
    above = preposition.head
    if preposition.lower_ == "of":
        if kind := harm("noun", above.lemma_) or ("dead" if above.lemma_ in _BODIES_OF else None):
            return kind, above
        if above.lemma_ in {"total", "estimate", "number"}:
            return _above(above)
        if above.lemma_ == "life" and above.head.lemma_ in {"claim", "take", "cost", "lose"}:
            return "dead", above.head
        if harm("toll", above.lemma_):
            return "dead", above
    if preposition.lower_ in {"at", "to"}:
        near = [above, *above.children]
        toll = next((t for t in near if harm("toll", t.lemma_)), None)
        return fate("dead", toll) if toll is not None else None
    return None


def _joined(node: Token, depth: int) -> Fate | None:
    """As in "62 soldiers and three civilians", "42 people including seven children", "nine men, two of them boys"."""
    if depth > 3:  # noqa: PLR2004 - longer lists are no news
        return None
    head = node.head
    if node.dep_ in {"conj", "appos"} and head.pos_ in {"NOUN", "PROPN", "NUM", "PRON"} and head.i != node.i:
        return fate_of(head, depth + 1)
    if node.dep_ == "pobj" and head.lower_ in {"including", "among"} and head.head.i != head.i:
        return fate_of(head.head, depth + 1)
    return None


def unreal(word: Token) -> bool:
    """Whether the word is only feared, planned or denied by its own clause."""
    if any(t.dep_ == "neg" or (t.dep_ == "aux" and t.lower_ in _UNREAL) for t in word.children):
        return True
    if word.dep_ == "conj" and word.head.pos_ == "VERB" and not any(t.dep_ in {"aux", "nsubj"} for t in word.children):
        return unreal(word.head)
    to = any(t.dep_ == "aux" and t.lower_ == "to" for t in word.children)
    to = to and not (word.dep_ == "xcomp" and word.head.lemma_ in _SUCCEED)
    perfect = any(t.dep_ == "aux" and t.lower_ == "have" for t in word.children)
    return (to and not perfect) or any(t.dep_ == "mark" and t.lower_ in {"if", "unless"} for t in word.children)
