"""Who did it and to whom: the actor and the recipient of an event word."""

import re
from dataclasses import dataclass

from services.contracts import Actor, EventType
from services.extractor.language.lexicon import entries
from services.extractor.language.sentences import Sentence
from services.extractor.language.triggers import LIGHT, Trigger, blamer, commenter, controlled
from services.extractor.parser.words import Token
from services.extractor.story.entities import Names, actors_of, bare, international, nation, peopled, sector_of, thing
from services.extractor.story.speakers import subject_of
from services.extractor.world.gazetteer import Hit, hits, names, sectors, words

_NOBODY = words("nobody")
_GROUND = words("ground")
_ANYBODY = words("anybody")
_JOINT: frozenset[EventType] = frozenset({"AGREE", "CONSULT", "COOPERATE"})  # the parties face each other
_PLAIN: frozenset[EventType] = frozenset({"PROTEST", "AID", "ACCIDENT", "COERCE", "CONSULT", "MOBILIZE"})
_SPOKEN: frozenset[EventType] = frozenset({"ACCUSE", "REQUEST"})
_CURRENCIES = words("currencies")
_HOLDING = words("holding")
_WEAPONS = words("weapons")


@dataclass(frozen=True, slots=True)
class Roles:
    """Actors and recipients, as far as the sentence names them."""

    actor: tuple[Actor, ...] = ()
    recipient: tuple[Actor, ...] = ()


def roles(trigger: Trigger, known: Names) -> Roles:
    """Actors and recipients of an event word in its sentence."""
    found = _nominal(trigger, known) if trigger.nominal else _verbal(trigger, known)
    if trigger.entry.event_type == "ASSAULT":
        found = Roles(tuple(a for a in found.actor if _could_strike(a, known)), found.recipient)
    joint = trigger.entry.event_type in _JOINT and len(found.actor) > 1 and not found.recipient
    return Roles(found.actor[:1], found.actor[1:]) if joint else found


def _could_strike(actor: Actor, known: Names) -> bool:
    """Whether somebody may be the doer of an assault: no monitor, no newspaper, no town, nobody who is only hit."""
    town = somewhere(actor, known) and (actor.name not in names() or actor.text.split()[-1].lower() in _GROUND)
    return not town and actor.sector not in {"NGO", "MED"} and actor.name.lower() not in _ANYBODY


def active(trigger: Trigger) -> bool:
    """Whether the word is a verb whose subject does the deed."""
    return not trigger.nominal and not _passive(trigger.token)


def _named(head: Token | None, sentence: Sentence, known: Names) -> tuple[Actor, ...]:
    """The actors that a token names; none for things that cannot act."""
    if head is None or thing(head).lemma_.lower() in _NOBODY or head.ent_type_ in {"DATE", "TIME", "MONEY", "PERCENT"}:
        return ()
    return actors_of(head, sentence, known)


def _verbal(trigger: Trigger, known: Names) -> Roles:
    verb, sentence = trigger.token, trigger.sentence
    passive = _passive(verb) and not _misread(trigger)
    doer, undergoer = grammatical(trigger)
    kind = trigger.entry.event_type
    if trigger.entry.recipient == ("subj",):
        return Roles((), _people(_named(undergoer if passive else _subject(verb), sentence, known)))
    actor = _through(doer, sentence, known) or (_named(doer, sentence, known) if kind in _PLAIN else ())
    recipient = next(
        (found for slot in trigger.entry.recipient if (found := _slot(slot, verb, undergoer, sentence, known))), ()
    )
    if not recipient and trigger.entry.recipient[:1] == ("obj",) and kind in _PLAIN | {"ASSAULT", "REQUEST"}:
        recipient = tuple(r for r in _named(undergoer, sentence, known) if not somewhere(r, known))
    if not recipient and kind in _SPOKEN:
        recipient = _named(_many(verb, undergoer), sentence, known)
    if not recipient and kind == "THREATEN":
        recipient = _threatened(verb, sentence, known)
    if kind in _JOINT and not actor and len(recipient) > 1:
        return Roles(recipient[:1], recipient[1:])
    return Roles(actor, recipient)


def _many(verb: Token, undergoer: Token | None) -> Token | None:
    """People under any plural noun whom words are said to or of: "accused foreign actors", "answers from providers"."""
    links = [t for v in (verb, undergoer) if v is not None for t in v.rights if t.lower_ in {"from", "of", "on"}]
    heads = [*(t for link in links for t in link.children if t.dep_ == "pobj"), undergoer]
    return next((t for t in heads if t is not None and t.tag_ == "NNS" and ("N", t.lemma_) not in entries()), None)


def _misread(trigger: Trigger) -> bool:
    """As in "Thousands of workers protested": the model sometimes takes a past tense for a participle."""
    verb = trigger.token
    if verb.dep_ != "acl" or verb.tag_ not in {"VBN", "VBD"} or _agent(verb) is not None:
        return False
    active = verb.tag_ == "VBD" or _object(verb) is not None or verb.head.dep_ == "ROOT"
    return active or trigger.entry.event_type in {"PROTEST", "ACCIDENT", "DISASTER"}


def somewhere(actor: Actor, known: Names) -> bool:
    """Whether what was hit is a place rather than a side."""
    return actor.name in known.placed or actor.text.rsplit(maxsplit=1)[-1].lower() in _GROUND


def _threatened(verb: Token, sentence: Sentence, known: Names) -> tuple[Actor, ...]:
    """As in "threatened to bomb the camps of …", "… unless the government opens talks"."""
    acts = [t for t in verb.children if t.dep_ in {"xcomp", "advcl"} and any(a.lower_ == "to" for a in t.lefts)]
    hit = [_object(act) for act in acts]
    unless = [t for v in (verb, *acts) for t in v.children if t.dep_ == "advcl" and _conditional(t)]
    for head in [*hit, *(subject_of(t) for t in unless)]:
        if head is not None and (found := _people(_named(head, sentence, known))):
            return found
    return ()


def _conditional(verb: Token) -> bool:
    return any(t.dep_ == "mark" and t.lower_ in {"unless", "if"} for t in verb.children)


def subject(trigger: Trigger) -> Token | None:
    """The grammatical doer of a verb, or of the light verb that carries a noun."""
    verb = _carrier(trigger.token) if trigger.nominal else trigger.token
    return None if verb is None or _passive(verb) else _subject(verb)


def grammatical(trigger: Trigger) -> tuple[Token | None, Token | None]:
    """The words for who does the deed and to whom it is done, as far as its verb or light verb has them."""
    word = trigger.token
    if not trigger.nominal:
        passive = _passive(word) and not _misread(trigger)
        doer = _agent(word) if passive else word.head if _misread(trigger) else _subject(word)
        if doer is None and not passive and trigger.entry.event_type not in _SPOKEN:
            doer = _purposeful(word)
        return doer, _undergone(word) if passive else _object(word)
    carrier = _carrier(word)
    doer = None if carrier is None else _agent(carrier) if _passive(carrier) else _subject(carrier)
    return (doer if doer is not None and doer is not word else _agent(word)), None


def _passive(verb: Token) -> bool:
    if any(t.dep_ in {"nsubjpass", "auxpass", "agent"} for t in verb.children):
        return True
    if verb.dep_ == "conj" and verb.tag_ == "VBN" and verb.head.tag_ == "VBN":
        own = any(t.dep_ in {"nsubj", "aux", "dobj"} for t in verb.children)
        return not own and _passive(verb.head)
    return verb.tag_ == "VBN" and verb.dep_ == "acl"


def _subject(verb: Token) -> Token | None:
    """The subject, also of "…, killing one pilot", which is that of the verb above."""
    if _joined_too_low(verb):
        return _subject(next(t for t in verb.ancestors if t.tag_ == "VBD"))
    subject = subject_of(verb)
    above = controlled(verb.head if subject is None and verb.dep_ == "conj" else verb)
    if subject is None and above is not None:
        return _undergone(above) if _passive(above) else _object(above)
    if subject is None and verb.dep_ in {"advcl", "pcomp", "acl"} and verb.tag_ == "VBG":
        if verb.dep_ == "acl" and (verb.head.pos_ == "PROPN" or verb.head.lemma_.lower() in sectors()):
            return verb.head
        above = next((t for t in verb.ancestors if t.pos_ == "VERB"), verb.head)
        return _agent(above) if _passive(above) else subject_of(above)
    return subject


def _joined_too_low(verb: Token) -> bool:
    """As in "accused them of plotting a coup and rejected their calls": no participle goes on in the past tense."""
    apart = verb.dep_ == "conj" and verb.tag_ == "VBD" and verb.head.tag_ == "VBG" and verb.head.dep_ == "pcomp"
    return apart and any(t.tag_ == "VBD" for t in verb.ancestors)


def _purposeful(verb: Token) -> Token | None:
    """Who does what is done to an end: the troops in "troops are pressing a battle to retake …"."""
    if verb.dep_ not in {"advcl", "acl"} or not any(t.lower_ == "to" for t in verb.lefts):
        return None
    above = next((t for t in verb.ancestors if t.pos_ == "VERB"), None)
    return None if above is None or _passive(above) else subject_of(above)


def _agent(verb: Token) -> Token | None:
    by = next((t for t in verb.children if t.dep_ == "agent" or (t.lower_ == "by" and t.dep_ == "prep")), None)
    return next((t for t in by.children if t.dep_ == "pobj"), None) if by is not None else None


def _who(named: Token, pronoun: Token) -> Token:
    """Whom "who" stands for: no town, but who is from there, as in "a worker from Ilmar, who is accused"."""
    if pronoun.lower_ == "who" and named.ent_type_ in {"GPE", "LOC"} and named.dep_ == "pobj":
        over = named.head.head
        return over if over.pos_ in {"NOUN", "PROPN"} else named
    return named


def _undergone(verb: Token) -> Token | None:
    subject = next((t for t in verb.children if t.dep_ == "nsubjpass"), None)
    if subject is not None:
        behind = subject.lower_ in {"who", "which", "that"} and verb.dep_ == "relcl"
        return _who(verb.head, subject) if behind else subject
    if verb.dep_ == "acl":
        return _before_court(verb.head) or verb.head
    return subject_of(verb) if verb.dep_ == "conj" else None


def _before_court(noun: Token) -> Token | None:
    """Who "appeared in court charged with …": the court is not."""
    if noun.lemma_ != "court" or noun.dep_ != "pobj" or noun.head.lower_ != "in" or noun.head.dep_ != "prep":
        return None
    return subject_of(noun.head.head) if noun.head.head.pos_ == "VERB" else None


def _object(verb: Token) -> Token | None:
    """What the verb is done to, also in "wants London to send …"."""
    own = next((t for t in verb.children if t.dep_ == "dobj"), None)
    if own is not None and own.lemma_.lower() in _CURRENCIES:  # "fined the bank 200,000 euros"
        own = next((t for t in verb.children if t.dep_ == "dative" and t.pos_ != "ADP"), own)
    asked = [t for t in verb.children if t.dep_ in {"xcomp", "ccomp"} and any(a.lower_ == "to" for a in t.lefts)]
    return own or next((t for act in asked for t in act.children if t.dep_ == "nsubj"), None)


def _slot(slot: str, verb: Token, undergoer: Token | None, sentence: Sentence, known: Names) -> tuple[Actor, ...]:
    if slot == "obj":
        owner = next((t for t in undergoer.lefts if t.dep_ == "poss"), None) if undergoer is not None else None
        if owner is not None and undergoer is not None and _individual(undergoer):
            owner = None  # "the sheriff's Deputy Jonas Lind"
        whole, owned = _people(_named(undergoer, sentence, known)), _people(_named(owner, sentence, known))
        found = whole if not owned or any(map(peopled, whole)) else owned
        return _held(found, undergoer, sentence, known)
    near = [*verb.children, *(t for o in verb.children if o.dep_ == "dobj" for t in o.children)]
    prepositions = [t for t in near if t.dep_ in {"prep", "dative"} and t.lower_ == slot]
    heads = [t for p in prepositions for t in p.children if t.dep_ == "pobj"]
    if slot == "between" and heads:
        both = [heads[0], *(t for t in heads[0].subtree if t.dep_ == "conj" and t.i > heads[0].i)]
        return tuple(actor for head in both[:2] for actor in _people(_named(head, sentence, known))[:1])
    return _held(_people(_named(heads[0], sentence, known)), heads[0], sentence, known) if heads else ()


def _individual(name: Token) -> bool:
    """Whether a name is of several words, as human beings and no towns, groups or things have it."""
    return name.pos_ == "PROPN" and name.ent_type_ in {"PERSON", ""} and name.i > 0 and name.nbor(-1).pos_ == "PROPN"


def _held(found: tuple[Actor, ...], target: Token | None, sentence: Sentence, known: Names) -> tuple[Actor, ...]:
    """Whose a place or a thing is that was hit: "positions held by the group", "the group's positions"."""
    if target is None or target.pos_ == "PRON" or any(peopled(actor) for actor in found):
        return found
    for verb in target.rights:
        if verb.dep_ == "acl" and verb.lemma_.lower() in _HOLDING and (holder := _holder(verb)) is not None:
            return _people(_named(holder, sentence, known)) or found
    side = _qualifier(target, sentence, known) if target.pos_ == "NOUN" else ()
    return side if any(actor.sector and peopled(actor) for actor in side) else found


def _holder(verb: Token) -> Token | None:
    """As in "held by the group", "belonging to the group"."""
    to = next((t for t in verb.children if t.dep_ == "prep" and t.lower_ == "to"), None)
    return _agent(verb) or next((t for t in to.children if t.dep_ == "pobj"), None) if to is not None else _agent(verb)


def _people(found: tuple[Actor, ...]) -> tuple[Actor, ...]:
    """Only those that can be acted upon: somebody with a country or a sector, or a proper name."""
    return tuple(a for a in found if a.country or a.sector or a.text[:1].isupper())


def _through(doer: Token | None, sentence: Sentence, known: Names) -> tuple[Actor, ...]:
    """The doer; where that is a deed or a weapon ("the raid killed …"), whoever stands behind it."""
    if doer is None:
        return ()
    deed = doer.pos_ == "NOUN" and ("N", doer.lemma_.lower()) in entries()
    if deed or doer.lemma_.lower() in _WEAPONS:
        return _behind(doer, sentence, known)
    return _people(_named(doer, sentence, known))


def _nominal(trigger: Trigger, known: Names) -> Roles:
    noun, sentence = trigger.token, trigger.sentence
    actor = _behind(noun, sentence, known) or _people(_named(_blamed(noun) or _charged(trigger), sentence, known))
    carrier = _carrier(noun)
    if not actor and carrier is not None:
        doer = _agent(carrier) if _passive(carrier) else _subject(carrier)
        mine = doer is None or doer.i == noun.i or noun in doer.conjuncts
        actor = () if mine else _people(_named(doer, sentence, known))
    slots = [(slot, word) for slot in trigger.entry.recipient for word in (noun, carrier) if word is not None]
    recipient = next((r for slot, word in slots if (r := _slot(slot, word, None, sentence, known))), ())
    recipient = recipient or _people(_named(_opposed(noun), sentence, known))
    if "between" in trigger.entry.recipient and not actor and len(recipient) > 1:
        return Roles(recipient[:1], recipient[1:])
    return Roles(actor, tuple(r for r in recipient if r.span not in {a.span for a in actor}))


def _opposed(noun: Token) -> Token | None:
    """Whom "an anti-government offensive" is against."""
    for token in noun.doc[noun.left_edge.i : noun.i]:
        if token.lower_ == "anti" and token.i + 2 < noun.i:
            return token.nbor(2)
    return None


def _blamed(noun: Token) -> Token | None:
    """Who is said to have done the deed: "blamed the rebels for the attack", "blamed the attack on the rebels"."""
    verb = blamer(noun)
    if verb is not None:
        return _undergone(verb) if _passive(verb) else _object(verb)
    verb = commenter(noun)
    if verb is None or verb.lemma_.lower() != "blame":
        return None
    on = next((t for t in (*verb.children, *noun.children) if t.dep_ == "prep" and t.lower_ == "on"), None)
    return next((t for t in on.children if t.dep_ == "pobj"), None) if on is not None else None


def _charged(trigger: Trigger) -> Token | None:
    """Who "was charged with assault"."""
    noun, link = trigger.token, trigger.token.head
    if trigger.entry.event_type != "ASSAULT" or noun.dep_ != "pobj" or link.lower_ != "with":
        return None
    verb = link.head
    return (_undergone(verb) if _passive(verb) else _object(verb)) if verb.lemma_ == "charge" else None


def accuser(trigger: Trigger) -> tuple[Token, Token] | None:
    """Who only says that the deed was done, and by which verb: "X accused Y of …"; None where nobody is named."""
    verb, speaker = blamer(trigger.token), onlooker(trigger)
    if verb is None and (told := commenter(trigger.token)) is not None and told.lemma_.lower() == "blame":
        verb = told
    return (speaker, verb) if speaker is not None and verb is not None else None


def onlooker(trigger: Trigger) -> Token | None:
    """The word for who only speaks of the deed: "X condemned the shelling", "X accused Y of shelling"."""
    verb = blamer(trigger.token) or commenter(trigger.token)
    return None if verb is None else _agent(verb) if _passive(verb) else subject_of(verb)


def _carrier(noun: Token) -> Token | None:
    """The light verb that carries the noun: "launched an offensive", "an attack carried out by"."""
    head = noun
    while head.dep_ == "conj":
        head = head.head
    if head.dep_ in {"dobj", "nsubjpass", "nsubj"} and head.head.lemma_.lower() in LIGHT:
        return head.head
    return next((t for t in noun.rights if t.dep_ in {"acl", "relcl"} and t.lemma_.lower() in LIGHT), None)


def _behind(noun: Token, sentence: Sentence, known: Names) -> tuple[Actor, ...]:
    """Who stands behind a deed: "by …", "Russia's …", "US-led coalition …", "rebel …"."""
    agent = _agent(noun)
    owner = next((t for t in noun.lefts if t.dep_ == "poss" and t.pos_ != "PRON"), None)
    for head in (agent, owner):
        if head is not None and (found := _people(_named(head, sentence, known))):
            return found
    return _qualifier(noun, sentence, known)


def _qualifier(noun: Token, sentence: Sentence, known: Names) -> tuple[Actor, ...]:
    """The side that a deed is named after: "a United States-led coalition air strike"."""
    left = [t for t in noun.doc[noun.left_edge.i : noun.i] if t.dep_ != "det" and t.ent_type_ not in {"DATE", "TIME"}]
    left = [t for t in left if t.dep_ not in {"relcl", "poss"}]
    if not left:
        return ()
    text = sentence.between(left[0], left[-1]).text
    named = [(h.start, h.end) for h in hits(text)]
    words = [t for t in left if _side(t)]
    leaders = [t.nbor(-2) for t in words if t.lower_ == "led" and t.i > t.sent.start + 1 and t.nbor(-1).text == "-"]
    words += leaders
    starts = [left[0].idx + s for s, _ in named] + [t.idx for t in words]
    ends = [left[0].idx + e for _, e in named] + [t.idx + len(t) for t in words]
    if not starts or re.search(r"\banti-", text, re.IGNORECASE):
        return ()
    span = sentence.passage.span(min(starts), max(ends))
    country = _land(hits(span.text))
    sector = sector_of(span.text)
    home = known.home if sector and not international(span.text) else None
    text = bare(span.text)
    name = nation(span.text) or (text if text in names() else known.full(text))
    return (Actor(text=span.text, span=span, name=name, country=country or home, sector=sector),)


def _land(found: tuple[Hit, ...]) -> str | None:
    return next((h.named.country for h in found if h.named.country), None)


def _side(token: Token) -> bool:
    if token.lower_ == "led":
        return True
    if token.i + 2 < len(token.doc) and token.nbor().text == "-" and token.nbor(2).lower_ == "besieged":
        return False
    sector = sector_of(token.lower_)
    return sector is not None and (token.pos_ in {"NOUN", "PROPN"} or sector == "REB")
