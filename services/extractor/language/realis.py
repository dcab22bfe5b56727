"""Whether what a word names has happened, goes on, is planned, is only possible, or is denied."""

from collections.abc import Iterator

from services.contracts import Realis
from services.extractor.parser.words import Token
from services.extractor.world.gazetteer import words

BARRING = words("barring")
_AHEAD = words("ahead")
_FEARS = words("fears")
_FAILING = words("failing")
_LASTING = words("lasting")
_CALLED_OFF = words("called_off")
_AWAITED = words("awaited")
_FEARED = words("feared")
_ENDURED = words("endured")
_UNENDED = words("unended")
_CALLING = words("calling")
_CARRYING = words("light") | _CALLED_OFF | _AHEAD | _FEARS
_PUT_OFF = _CALLED_OFF | {"postpone", "announce"}
_MIGHT = frozenset({"could", "might", "would", "may", "can", "should", "must", "ca"})
_WISHING = frozenset({"demand", "insist", "request", "ask", "urge", "recommend", "propose", "suggest", "require"})
_SAID = frozenset({"say", "add", "announce", "promise", "tell", "confirm"})
_NO = frozenset({"no", "neither"})
_NOBODY = frozenset({"nobody", "none", "neither"})
_WILL = frozenset({"will", "'ll", "shall"})
_IS = frozenset({"is", "are", "'s", "'re", "am"})
_WAS = frozenset({"was", "were"})
_PERFECT = frozenset({"has", "have", "'ve"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})


def realis(token: Token) -> Realis:
    """What the clauses above a word say of it, the nearest first; "happened" where none says anything."""
    shown = next((real for verb in _carriers(token) if (real := _of_verb(verb)) is not None), None)
    if shown == "ongoing" and token.pos_ == "NOUN":
        shown = _done_to(token) or shown  # "they are planning a march"
    return shown or (_of_noun(token) if token.pos_ == "NOUN" else None) or "happened"


def _carriers(word: Token) -> tuple[Token, ...]:
    """The verbs that say whether a deed is: of a noun not those that only speak of it ("nobody claimed the attack")."""
    verbs = tuple(governors(word))
    if word.pos_ == "VERB" or not verbs or (word.dep_ in _SUBJECTS and word.head is verbs[0]):
        return verbs
    told = any(t.dep_ == "relcl" and t.tag_ == "VBD" for t in word.rights)  # "the attack that killed two"
    return verbs if verbs[0].lemma_.lower() in _CARRYING and not told else ()


def _of_noun(noun: Token) -> Realis | None:
    return _done_to(noun) or _called(noun)


def _done_to(noun: Token) -> Realis | None:
    """As in "feared an attack", "foiled an attack", "called for talks", "is under attack"."""
    link, over = noun.head, noun.head.lemma_.lower()
    if noun.dep_ in {"dobj", "nsubjpass"}:
        return "denied" if over in _CALLED_OFF else _under(over) if over in _AHEAD | _FEARS else None
    if over == "for" and link.head.lemma_.lower() in _CALLING:
        return "planned"
    return "ongoing" if over == "under" and noun.lemma_.lower() in _ENDURED and _now(link.head) else None


def _called(noun: Token) -> Realis | None:
    """As in "no attack", "a planned attack"."""
    before = {t.lower_ for t in noun.lefts}
    if _took_place(noun):
        before -= _AWAITED | _FEARED
    kinds: tuple[tuple[frozenset[str], Realis], ...] = (
        (_NO, "denied"), (_AWAITED, "planned"), (_FEARED, "hypothetical"), (_UNENDED, "ongoing"),
    )  # fmt: skip
    return next((real for known, real in kinds if before & known), None)


def _took_place(noun: Token) -> bool:
    """As in "the planned talks were held", "a scheduled march drew thousands"."""
    verb = noun.head
    past = verb.tag_ == "VBD" or any(t.lower_ in _WAS for t in verb.lefts)
    return noun.dep_ in _SUBJECTS and past and verb.lemma_.lower() not in _PUT_OFF


def _now(verb: Token) -> bool:
    """As in "has been under siege", "are under attack"."""
    return verb.lower_ in _IS or any(t.lower_ in _IS | _PERFECT for t in verb.lefts)


def _barred(word: Token) -> bool:
    """As in "bars both sides from attacking …", "… from attacks on …"."""
    source = word.head
    return word.dep_ in {"pcomp", "pobj"} and source.lower_ == "from" and above(source, BARRING) is not None


def _of_verb(verb: Token) -> Realis | None:
    if _barred(verb):
        return "hypothetical"
    helping = {t.lower_ for t in verb.children if t.dep_ in {"aux", "auxpass"}}
    if any(t.dep_ == "neg" for t in verb.children) or _by_nobody(verb):
        return "denied"
    if helping & _WILL or ("would" in helping and _announced(verb)) or _wished(verb):
        return "planned"
    if helping & _MIGHT or any(t.dep_ == "mark" and t.lower_ in {"if", "unless"} for t in verb.children):
        return "hypothetical"
    return _infinitive(verb) if "to" in helping and "have" not in helping else _lasting(verb, helping)


def _announced(verb: Token) -> bool:
    """As in "said it would visit", which was "we will visit"."""
    return verb.dep_ == "ccomp" and verb.head.lemma_.lower() in _SAID and verb.head.tag_ == "VBD"


def _wished(verb: Token) -> bool:
    """As in "demanded that the army leave the town"."""
    bare = verb.tag_ in {"VB", "VBP"} and not any(t.dep_ == "aux" for t in verb.lefts)
    return bare and verb.dep_ == "ccomp" and verb.head.lemma_.lower() in _WISHING


def _by_nobody(verb: Token) -> bool:
    """As in "nobody was arrested", "neither side has withdrawn"; not in "no fewer than 15 were arrested"."""
    subject = next((t for t in verb.lefts if t.dep_ in _SUBJECTS), None)
    if subject is None or {"fewer", "less"} & {t.lower_ for t in subject.subtree}:
        return False
    return subject.lower_ in _NOBODY or any(t.lower_ in _NO and t.dep_ == "det" for t in subject.lefts)


def _infinitive(verb: Token) -> Realis | None:
    """As in "plans to", "no plan to", "failed to", "has yet to", "is to meet" and the headline's "Police to meet"."""
    over = verb.head
    if over is verb or over.lower_ in _IS | _WAS:
        return "planned"
    if any(t.lower_ == "no" for t in over.lefts) or any(t.lower_ == "yet" for t in over.children):
        return "denied"
    return _under(over.lemma_.lower()) or ("planned" if _asked_for(verb) or _to_come(verb) else None)


def _asked_for(verb: Token) -> bool:
    """As in "urged him to resume talks"."""
    return verb.head.lemma_.lower() in _CALLING | _WISHING and verb.dep_ in {"xcomp", "ccomp"}


def _to_come(verb: Token) -> bool:
    """As in "will travel to Berlin to ask for tanks", "is to meet the king to ask for help"."""
    over = verb.head
    if verb.dep_ != "advcl" or over is verb:
        return False
    bound = any(t.lower_ == "to" for t in over.lefts) and over.dep_ in {"xcomp", "ROOT"}
    return any(t.lower_ in _WILL for t in over.lefts) or (bound and _infinitive(over) == "planned")


def _lasting(verb: Token, helping: set[str]) -> Realis | None:
    """As in "is attacking", "has been attacking", "is being attacked", "keeps attacking", "no hope of attacking"."""
    if verb.tag_ == "VBG":
        if helping & _IS or ("been" in helping and helping & _PERFECT):
            return "ongoing"
        if verb.dep_ == "pcomp" and verb.head.lower_ == "of" and verb.head.head.pos_ == "NOUN":
            return _infinitive(verb.head)
        return _under(verb.head.lemma_.lower()) if verb.dep_ == "xcomp" and not helping else None
    return "ongoing" if "being" in helping and helping & _IS else None


def _under(lemma: str) -> Realis | None:
    kinds: tuple[tuple[frozenset[str], Realis], ...] = (
        (_AHEAD, "planned"), (_FEARS, "hypothetical"), (_FAILING, "denied"), (_LASTING, "ongoing"),
    )  # fmt: skip
    return next((real for known, real in kinds if lemma in known), None)


def governors(token: Token) -> Iterator[Token]:
    """The verb of the event: the word itself, or the light verb that carries the noun, and what that hangs on."""
    verb = token
    if token.pos_ != "VERB":
        while verb.dep_ in {"conj", "pobj", "prep", "compound"} and verb.head.pos_ in {"NOUN", "ADP", "PROPN"}:
            verb = verb.head
        carrier = _coming(verb) or verb.head
        if verb.dep_ not in {"dobj", "nsubjpass", "nsubj"} or carrier.pos_ != "VERB":
            return
        verb = carrier
    yield verb
    for _ in range(2):
        if verb.dep_ not in {"conj", "xcomp"} or verb.head.pos_ != "VERB":
            return
        if verb.dep_ == "conj" and _on_its_own(verb):
            return
        verb = verb.head
        yield verb


def _on_its_own(verb: Token) -> bool:
    """Whether what is said of the verb before holds no more: "is investigating it and fined it"; not of "to …"."""
    own = any(t.dep_ in {"nsubj", "nsubjpass"} or (t.dep_ == "aux" and t.lower_ != "to") for t in verb.children)
    return own or (verb.tag_ == "VBD" and verb.head.tag_ == "VBG")


def _coming(noun: Token) -> Token | None:
    """The verb of "a march is to be held"."""
    if noun.dep_ not in _SUBJECTS or noun.head.lower_ not in _IS | _WAS:
        return None
    return next((t for t in noun.head.rights if t.dep_ == "xcomp" and any(c.lower_ == "to" for c in t.lefts)), None)


def above(link: Token, held: frozenset[str]) -> Token | None:
    """The verb that a preposition belongs to, also where it stands behind the verb's object or agent."""
    verb = link.head
    if verb.dep_ in {"dobj", "nsubjpass"}:
        verb = verb.head
    elif verb.dep_ == "pobj" and verb.head.dep_ == "agent":
        verb = verb.head.head
    return verb if verb.pos_ == "VERB" and verb.lemma_.lower() in held else None
