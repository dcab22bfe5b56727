"""One event where two words tell it: of what is asked for or agreed on the asking, of what is voted for the deed."""

from services.extractor.language.lexicon import entries
from services.extractor.listing.merging import Telling
from services.extractor.parser.words import Token
from services.extractor.world.gazetteer import words

_AGREEING = frozenset({"agree", "promise", "pledge", "vow", "undertake", "consent", "commit"})
_STOPPING = words("stopping")


def without_asked(told: tuple[Telling, ...]) -> tuple[Telling, ...]:
    """Without "resign" of "called on him to resign", "talks" of "called for talks", "leave" of "agreed to leave".

    A strike that is called takes place. Of "voted to bar ships" the vote is left out, and the deed kept.
    """
    marching = {t.trigger.token for t in told if t.event_type == "PROTEST"}
    able = [t for t in told if not _waits(t, told) and not _chanted(t, marching)]
    voted = {t.trigger.token.head for t in able if t.trigger.token.dep_ == "xcomp"}
    return tuple(t for t in able if t.trigger.token.lemma_ != "vote" or t.trigger.token not in voted)


def _waits(telling: Telling, told: tuple[Telling, ...]) -> bool:
    """Whether a deed is asked for or agreed on, and told in no sentence that does not tell of that."""
    word, kind = telling.trigger.token, telling.event_type
    over = "REQUEST" if _asked(word) else "AGREE" if _agreed(word) else None
    told_there = {number for t in told if t.event_type == over for number in t.told}
    return over is not None and kind not in {"PROTEST", "REQUEST", over} and told_there.issuperset(telling.told)


def _chanted(telling: Telling, marching: set[Token]) -> bool:
    """Whether it is what a protest is for: "marched to demand", "blocked the road, demanding"."""
    word = telling.trigger.token
    purpose = word.dep_ in {"advcl", "xcomp", "acl"} and (word.tag_ == "VBG" or _infinitive(word))
    return purpose and word.head in marching and telling.event_type in {"REQUEST", "ACCUSE"}


def _asked(word: Token) -> bool:
    word = _first(word)
    if word.pos_ != "VERB":
        link = word.head
        if link.lemma_ in _STOPPING:
            return False  # "called on them to stop the shelling", which goes on
        if _asks(link) or _asks(link.head):
            return word.dep_ == "dobj" or (word.dep_ == "pobj" and link.lower_ in {"for", "to"})
        word = link  # "urged both sides to accept a truce"
    done = word.dep_ in {"xcomp", "ccomp"} or (word.dep_ == "advcl" and _infinitive(word))
    return done and _asks(word.head) and _of_another(word)


def _agreed(word: Token) -> bool:
    word = _first(word)
    return word.dep_ == "xcomp" and _infinitive(word) and word.head.lemma_ in _AGREEING


def _first(word: Token) -> Token:
    """What a word is joined to by "and": of "was asked to resign and resigned" the second was done."""
    while word.dep_ == "conj" and word.tag_ not in {"VBD", "VBZ"}:
        word = word.head
    return word


def _infinitive(verb: Token) -> bool:
    return any(t.lower_ == "to" for t in verb.lefts)


def _asks(verb: Token) -> bool:
    rows = entries().get(("V", verb.lemma_.lower()), ()) if verb.pos_ == "VERB" else ()
    return any(row.event_type == "REQUEST" for row in rows)


def _of_another(verb: Token) -> bool:
    """Whether another is to do it: not "proposed to impose tariffs"."""
    whom = {"dobj", "dative", "prep", "nsubjpass"}
    own = any(t.dep_ in {"nsubj", "nsubjpass"} for t in verb.lefts)
    return own or any(t.dep_ in whom and t.i < verb.i for t in verb.head.children)
