"""What a sentence says became of people: which word says it of what a noun names, and whether it is real."""

from functools import cache
from typing import Literal, cast

from services.contracts import ClaimKind
from services.extractor.parser.words import Token
from services.extractor.story.entities import QUANTITIES, singular, thing
from services.extractor.world.gazetteer import rows, sectors, words

Fate = tuple[ClaimKind, Token]  # what became of somebody, and the word that says so
Way = Literal["object", "subject", "state", "noun", "toll", "people"]
_BEFORE = frozenset(  # what a clause says happened first: "two men abducted in May were found dead"
    {("injured", "dead"), ("missing", "dead"), ("detained", "dead"), ("detained", "missing"), ("displaced", "dead")}
)
_SUCCEED = frozenset({"able", "manage", "continue", "begin", "go", "appear", "seem", "claim", "happen"})
_CONFINED = words("confined")
_HURTS = words("hurts")
_LIMBS = words("limbs")
_KIN = words("kin")
_RECOVERING = words("recovering")
_EQUIVOCAL = words("equivocal")
_HUMANS = words("humans")
_NO_HUMANS = words("collective") | words("premises")
_ARMED = frozenset({"MIL", "REB", "COP"})
_REPORTED = frozenset({"say", "report", "believe", "think", "know", "presume", "understand"})
_FOUND = frozenset({"find", "trace", "locate", "hear", "account"})
_LED_OFF = frozenset(
    (verb, way)
    for verb in ("lead", "take", "drag", "march", "cart", "carry", "haul", "whisk", "spirit", "bundle")
    for way in ("away", "off")
) | {("round", "up")}
_PATIENTS = frozenset({"patient", "victim", "casualty", "wounded", "survivor"})
_COMPANY = frozenset({"people", "family", "household", "couple", "newcomer", "crew"})
_JUDGING = frozenset({"sentence", "condemn"})  # "to death", which is still to come
_ARMS = frozenset({"shoot", "gun", "stab", "beat", "hack", "strike"})
_RUBBLE = frozenset({"rubble", "debris", "wreckage", "ruin", "mud"})
_ENVOYS = frozenset({"diplomat", "ambassador", "envoy", "attache"})  # who are expelled
_FLEEING = frozenset({"escape", "flee", "avoid", "seek", "find", "take", "shelter", "live", "stay", "move", "reach"})
_MOVING = frozenset({"move", "shift", "relocate", "take", "transfer"})
_HOMES = frozenset({"home", "house", "camp"})
_SICK = frozenset({"suspected", "confirmed", "probable", "fresh"})  # cases
_GRAVE = frozenset({"serious", "critical", "grave"})
_CARE = {
    "for": {"treat", "hospitalize", "hospitalise"},
    "with": {"treat", "hospitalize", "hospitalise"},
    "from": {"suffer"},
    "to": words("carrying"),
}
_BEARING = frozenset({"escape", "be", "take", "admit", "leave", "survive", "bring", "lie", "fly"})
UNREAL = frozenset({"could", "would", "may", "might", "can", "will", "should", "shall", "'ll", "must"})
_BODIES_OF = frozenset({"body", "corpse"})
_ENDS_OF = frozenset({"assassination", "remain"}) | _BODIES_OF


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
    meant = thing(node)  # "three of its commanders held by …"
    below = _below(node) or (_below(meant) if meant is not node else None)
    above = _above(node)
    if below and above and (below[0], above[0]) in _BEFORE:
        below = above  # "five who were wounded died on the way"
    return _unknown(node) or _own(node) or below or above or _joined(node, depth)


def _unknown(node: Token) -> Fate | None:
    """As in "the fate of nine men whom rebels took"."""
    of = node.head
    known = node.dep_ != "pobj" or of.lower_ != "of" or of.head.lemma_ != "fate"
    return None if known else ("missing", of.head)


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
            if of_their_own(child):
                continue
            passive = (child.tag_ == "VBN" and child.dep_ != "relcl") or any(
                c.dep_ == "nsubjpass" for c in child.children
            )
            kind = (done(child) or _confined(child) if passive else None) or harm("subject", child.lemma_)
            kind = kind or harm("state", child.lower_) or _held(child) or _treated(child) or _bereft(child)
            if kind and (kind != "missing" or _may_be_people(node)):
                return kind, child
    return None


def _may_be_people(node: Token) -> bool:
    """Whether what is missing may be people: no bricks."""
    lemma = thing(node).lemma_.lower()
    return thing(node).pos_ != "NOUN" or lemma in _HUMANS | sectors().keys() | QUANTITIES | {"people", "more"}


def of_their_own(clause: Token) -> bool:
    """As in "children whose parents had been killed", which tells of the parents."""
    return clause.dep_ == "relcl" and any(
        t.dep_ == "poss" and t.lower_ == "whose" for subject in clause.lefts for t in subject.lefts
    )


def _above(node: Token) -> Fate | None:
    head, dep = node.head, node.dep_
    if dep == "dobj":
        head = head.head if head.lower_ == "dead" and _shot_dead(head.head) else head
        kind = done(head) or _confined(head) or _lost(head, node) or _holding(head) or _caring(head)
        return fate(kind, head) or _left(head) or _counting(head)
    if dep in {"nsubj", "nsubjpass"} or (dep == "dep" and _be_done(head)):
        found = next((told for verb in _chain(head) if (told := _befallen(verb, node, first=head))), None)
        return found if found is None or found[0] != "displaced" or not _armed(thing(node)) else None
    if dep == "appos" and (verb := _without_subject(node)) is not None:
        return _befallen(verb, node, first=verb)
    if dep == "poss":
        return fate(_ended(head), head)
    if dep == "attr" and (found := _predicate(head) or _counting(head)) is not None:
        return found
    return _counted_by(node) if dep in {"pobj", "npadvmod", "attr"} else None


def behind_place(node: Token) -> bool:
    """Whether the parser has hung it on the name of a place: "In the town of Sefer, a nurse died"."""
    return node.head.dep_ == "pobj" and node.head.pos_ == "PROPN"


def _without_subject(node: Token) -> Token | None:
    """The verb whose subject hangs on the place before it."""
    able = behind_place(node) and node.left_edge.i > node.sent.start
    if not able or node.left_edge.nbor(-1).text != ",":
        return None
    verb = next((t for t in node.ancestors if t.pos_ in {"VERB", "AUX"}), node)
    return verb if verb.i > node.i and not any(t.dep_ in {"nsubj", "nsubjpass"} for t in verb.lefts) else None


def _counting(verb: Token) -> Fate | None:
    """As in "the dead include a boy", "the wounded were two soldiers": those named are what the subject says."""
    if verb.lemma_ not in {"include", "be"}:
        return None
    whose = next((t for t in verb.lefts if t.dep_ in {"nsubj", "nsubjpass"}), None)
    if whose is None:
        return None
    told = (whose, *whose.rights[:1])  # "the nine killed included two boys"
    return next(((kind, t) for t in told if (kind := harm("state", t.lower_))), None)


def _ended(noun: Token) -> ClaimKind | None:
    """As in "the driver's body was found", "the boy's death"."""
    found = singular(noun.lower_) in _BODIES_OF and _recovered(noun)
    told = noun.dep_ in {"dobj", "nsubj"} and noun.lemma_ in {"death", "killing", "murder", "beheading"}
    return "dead" if found or told else None


def _be_done(verb: Token) -> bool:
    return any(t.dep_ == "auxpass" for t in verb.lefts)


def _chain(verb: Token) -> tuple[Token, ...]:
    """The verb and those joined to it that share its subject: "were ambushed and killed"."""
    more = (t for t in verb.rights if t.dep_ == "conj" and t.pos_ in {"VERB", "AUX"})
    return (verb, *(t for t in more if not any(c.dep_ in {"nsubj", "nsubjpass"} for c in t.lefts)))


def _befallen(verb: Token, node: Token, *, first: Token) -> Fate | None:
    """What a verb says of its subject, which may be that of the verb before it."""
    beside = node.dep_ == "nsubjpass" if verb is first else verb.tag_ == "VBN" and _be_done(first)
    if not beside and not _be_done(verb):
        return _active(verb)
    said = _as_reported(verb)
    return _passive(verb) or _untraced(verb) or (_active(said) if said is not None else None)


def _passive(verb: Token) -> Fate | None:
    kind = done(verb) or _held(verb) or _confined(verb) or _treated(verb) or _picked_up(verb) or _holding(verb)
    return fate(kind, verb) or _predicate(verb)


def _active(verb: Token) -> Fate | None:
    if verb.lemma_ == "survive" and (lost := _not(verb)) and not any(t.dep_ == "dobj" for t in verb.rights):
        return "dead", lost
    if verb.lemma_ in {"be", "remain", "lie"} and _below_rubble(verb):
        return "missing", verb
    if kind := _confined(verb) or _treated(verb) or _bereft(verb) or _sheltering(verb):
        return kind, verb
    if _be_done(verb) and (kind := done(verb)):
        return kind, verb
    acts = any(t.dep_ == "dobj" for t in verb.rights) and harm("subject", verb.lemma_) == "dead"  # "drown the enemy"
    kind = None if acts else harm("subject", verb.lemma_)
    perfect = verb.tag_ == "VBN" and any(t.dep_ == "aux" and t.lemma_ == "have" for t in verb.lefts)  # "had killed two"
    able = (verb.tag_ == "VBN" and not perfect) or verb.pos_ != "VERB" or verb.lower_ == "missing"
    kind = kind or harm("state", verb.lower_ if able else "")
    return fate(kind, verb) or (None if _shot_dead(verb) else _predicate(verb))


def _as_reported(verb: Token) -> Token | None:
    """As in "twelve were said to be in hospital": the verb that tells what is said of them."""
    told = verb.lemma_ in _REPORTED
    return next((t for t in verb.rights if t.dep_ == "xcomp"), None) if told else None


def _untraced(verb: Token) -> Fate | None:
    """As in "a constable has not been traced"."""
    never = _not(verb)
    unseen = verb.lemma_ == "see" and any(t.lower_ in {"since", "again"} for t in verb.rights)
    return fate("missing", never) if never is not None and (unseen or verb.lemma_ in _FOUND) else None


def _not(verb: Token) -> Token | None:
    return next((t for t in verb.lefts if t.dep_ == "neg"), None)


def _held(verb: Token) -> ClaimKind | None:
    """As in "two tourists held since May", "three men were being held", not "talks were held"."""
    passive = verb.tag_ == "VBN" and (verb.dep_ in {"acl", "relcl"} or any(t.dep_ == "auxpass" for t in verb.lefts))
    return "detained" if passive and verb.lemma_ == "hold" and _of_humans(verb) else None


def _holding(verb: Token) -> ClaimKind | None:
    """As in "the group holds 9,000 men", "freed 93 women", not "released him"."""
    let = verb.lemma_ == "let" and any(t.lemma_ == "go" for t in verb.rights)
    held = let or verb.lemma_ in {"hold", "free", "release"}
    other = any(t.dep_ == "prt" or t.lower_ == "without" for t in verb.rights)  # "held off", "released without charge"
    other = other or any(
        t.lemma_.lower() == "hospital" for link in verb.rights for t in link.rights
    )  # "released from hospital"
    return "detained" if held and not other and _of_humans(verb) and not _of_him(verb) else None


def _of_him(verb: Token) -> bool:
    return any(t.dep_ in {"dobj", "nsubjpass"} and t.pos_ == "PRON" for t in verb.children)


def _caring(verb: Token) -> ClaimKind | None:
    """As in "had treated 26 people", "admitted more than 900 patients", not "treated them as guests"."""
    as_what = any(t.lower_ in {"as", "like", "with"} for t in verb.rights)
    patients = any(t.dep_ == "dobj" and thing(t).lemma_ in _PATIENTS for t in verb.rights)
    cared = verb.lemma_ == "treat" or (verb.lemma_ == "admit" and patients)
    return "injured" if cared and not as_what and _of_humans(verb) and not _of_him(verb) else None


def _sheltering(verb: Token) -> ClaimKind | None:
    """As in "are now in tents", "slept in schools", "sought refuge"."""
    if verb.lemma_ in {"seek", "take", "find"}:
        return "displaced" if any(t.lemma_ in {"refuge", "shelter"} for t in verb.rights) else None
    where = [t for link in verb.rights if link.lower_ == "in" for t in link.children if t.dep_ == "pobj"]
    able = verb.lemma_ in {"be", "live", "sleep", "stay", "shelter", "remain", "huddle"}
    return "displaced" if able and any(t.lemma_ in {"tent", "camp", "shelter"} for t in where) else None


def _picked_up(verb: Token) -> ClaimKind | None:
    """As in "twelve cadres were picked up by the police"."""
    up = verb.lemma_ == "pick" and any(t.dep_ == "prt" and t.lower_ == "up" for t in verb.rights)
    return "detained" if up and _of_humans(verb) else None


def _armed(node: Token) -> bool:
    return sectors().get(node.lemma_.lower()) in _ARMED or node.lemma_ in {"man", "member"}


def _lost(verb: Token, node: Token) -> ClaimKind | None:
    """As in "the battalion lost 45 men", "the blast took six lives", "she lost two sons"."""
    if node.lemma_ == "life" and verb.lemma_ in {"claim", "take", "cost", "lose"}:
        return "dead"
    people = _armed(node) or node.lemma_ in _KIN or node.lower_ == "people"
    return "dead" if verb.lemma_ == "lose" and people else None


def _confined(verb: Token) -> ClaimKind | None:
    """As in "remains in custody", "was taken into custody"."""
    places = [t for link in verb.rights if link.lower_ in {"in", "into"} for t in link.children if t.dep_ == "pobj"]
    places += [t for link in verb.rights if link.lower_ == "under" for t in link.rights if t.lemma_ == "arrest"]
    held = verb.lemma_ in {"be", "remain", "take", "hold", "remand", "place", "put"}
    hands = any(t.lower_ == "hands" and any(of.lower_ == "of" for of in t.rights) for t in places)
    captive = any(t.lower_ in {"hostage", "captive", "prisoner", "alive"} for t in verb.rights) and verb.lemma_ != "be"
    captive = captive or (verb.lemma_ == "take" and (_to_nowhere_known(verb) or _with_them(verb)))
    there = any(t.lower_ in _CONFINED | {"arrest"} for t in places)
    return "detained" if held and (hands or captive or there) else None


def _to_nowhere_known(verb: Token) -> bool:
    """As in "were taken to an unknown location", "taken from their homes", and nobody says where to."""
    places = [t for link in verb.rights if link.lower_ == "to" for t in link.children if t.dep_ == "pobj"]
    from_home = any(link.lower_ == "from" and any(t.lemma_ in _HOMES for t in link.children) for link in verb.rights)
    unknown = any(t.lower_ in {"unknown", "undisclosed", "unidentified"} for place in places for t in place.lefts)
    return unknown or (from_home and not places)


def _with_them(verb: Token) -> bool:
    """As in "taking four men with them"."""
    return any(t.lower_ in {"them", "him"} for link in verb.rights if link.lower_ == "with" for t in link.rights)


def _bereft(verb: Token) -> ClaimKind | None:
    """As in "lost their lives", "lost their homes", "lost both legs", "broke an ankle", "had his jaw broken"."""
    whats = [t for t in verb.rights if t.dep_ == "dobj"]
    if verb.lemma_ == "lose" and any(t.lemma_ == "life" for t in whats):
        return "dead"
    if verb.lemma_ == "lose" and any(t.lemma_ in _HOMES for t in whats):
        return "displaced"
    if _leaving(verb):
        return "displaced"
    if verb.lemma_ == "have":
        hurt = (t for t in verb.rights if t.dep_ == "ccomp" and t.tag_ == "VBN")
        whats = [limb for t in hurt for limb in t.lefts] + [
            t for t in whats if any(c.tag_ == "VBN" for c in t.children)
        ]
    own = [t for t in whats if not any(c.dep_ == "poss" and c.pos_ != "PRON" for c in t.lefts)]
    hurts = verb.lemma_ in {"lose", "break", "have"} and any(t.lemma_ in _LIMBS for t in own)
    return "injured" if hurts else None


def _leaving(verb: Token) -> bool:
    """As in "had to leave their homes", "abandoned their houses"."""
    left = next((t for t in verb.rights if t.dep_ == "xcomp"), verb) if verb.lemma_ == "have" else verb
    homes = any(t.dep_ == "dobj" and t.lemma_ in _HOMES and t.tag_ == "NNS" for t in left.rights)
    return homes and left.lemma_ in {"leave", "abandon"} and not comes_back(left)


def comes_back(verb: Token) -> bool:
    """As in "left their homes early to vote", not "to escape the lava"."""
    aims = [t for t in verb.rights if t.dep_ in {"advcl", "xcomp"} and any(c.lower_ == "to" for c in t.lefts)]
    return verb.lemma_ == "leave" and any(t.lemma_ not in _FLEEING for t in aims)


def _treated(verb: Token) -> ClaimKind | None:
    """As in "suffered burns", "had minor injuries", "was treated for a head wound"."""
    suffered = [t for t in verb.rights if t.dep_ == "dobj" and verb.lemma_ in {"sustain", "suffer", "have", "receive"}]
    suffered = [t for t in suffered if not any(c.lower_ == "no" for c in t.lefts)]
    links = [t for t in verb.rights if t.dep_ == "prep" and verb.lemma_ in _CARE.get(t.lower_, ())]
    links += [t for t in verb.rights if t.dep_ == "prep" and t.lower_ == "with" and _hurt_with(t)]
    hurts = [*suffered, *(t for link in links for t in link.children if t.dep_ == "pobj")]
    if _in_care(verb) or _nursed(verb) or _under_care(verb):
        return "injured"
    hurt = any(t.lemma_ in _HURTS or (t.lemma_ == "hospital" and t.dep_ == "pobj") for t in hurts)
    return "injured" if hurt and not any(harm("state", t.lower_) == "dead" for t in verb.subtree) else None


def _under_care(verb: Token) -> bool:
    """As in "are receiving treatment", "underwent surgery"; not "heart surgery"."""
    return verb.lemma_ in {"receive", "undergo", "seek"} and any(
        t.dep_ == "dobj" and t.lemma_ in {"treatment", "surgery"} and not any(c.dep_ == "compound" for c in t.lefts)
        for t in verb.rights
    )


def _hurt_with(link: Token) -> bool:
    """As in "escaped with burns", not "deals with injuries"."""
    return link.head.lemma_ in _BEARING and any(t.lemma_ in _HURTS for t in link.children)


def _nursed(verb: Token) -> bool:
    """As in "31 people had been treated", not "were treated as equals"."""
    how = any(t.lower_ in {"as", "like", "to", "with"} or t.dep_ == "advmod" for t in verb.rights)
    return verb.lemma_ == "treat" and _be_done(verb) and not how


def _in_care(verb: Token) -> bool:
    """As in "were in serious condition", "remain in hospital", "are fighting for their lives"."""
    if verb.lemma_ not in {"be", "remain", "lie", "stay", "leave", "fight"}:
        return False
    where = [(link.lower_, t) for link in verb.rights for t in link.children if t.dep_ == "pobj"]
    return any(
        (link == "in" and noun.lemma_ in {"condition", "state"} and any(t.lower_ in _GRAVE for t in noun.lefts))
        or (link == "in" and noun.lemma_ in {"care", "unit"} and any(t.lower_ == "intensive" for t in noun.subtree))
        or (link == "in" and noun.lemma_ == "hospital" and not any(t.dep_ == "det" for t in noun.lefts))
        or (link == "under" and noun.lemma_ == "treatment")
        or (link == "for" and noun.lemma_ == "life" and verb.lemma_ == "fight")
        for link, noun in where
    )


def _shot_dead(verb: Token) -> bool:
    """As in "shot dead two guards", where the parser makes the guards, or who shot, dead ones."""
    return verb.lemma_ in _ARMS and verb.i + 1 < verb.sent.end and verb.nbor().lower_ == "dead"


def _struck(verb: Token) -> bool:
    """As in "was hit in the shoulder", "shot two men in the legs"."""
    where = [t for link in verb.rights if link.lower_ in {"in", "on"} for t in link.children if t.dep_ == "pobj"]
    struck = verb.lemma_ in {"hit", "shoot", "stab", "strike", "slash", "cut", "beat", "bite"}
    return struck and any(t.lemma_ in _LIMBS for t in where)


def fate(kind: ClaimKind | None, word: Token) -> Fate | None:
    """A kind and its word; None where there is no kind."""
    return (kind, word) if kind else None


def named_by(node: Token) -> Fate | None:
    """As in "swapped two hostages", "took in 1,200 refugees": the noun says what has become of them."""
    lemma = singular(node.lower_) if singular(node.lower_) in _BODIES_OF else node.lemma_
    if node.pos_ != "NOUN" or of_delegates(node):
        return None
    if lemma == "case" and any(t.lower_ in _SICK for t in node.lefts):
        of = [t for link in node.rights if link.lower_ == "of" for t in link.children]
        return None if of and not any(t.lemma_.lower() in words("diseases") for t in of) else ("injured", node)
    return fate(harm("people", lemma), node)


def of_delegates(token: Token) -> bool:
    """Whether it is a body of the living, "two bodies joined the talks": the dead at most bear something."""
    acts = token.dep_ == "nsubj" and any(t.dep_ == "dobj" for t in token.head.rights)
    return acts and singular(token.lower_) == "body" and token.head.lemma_ not in {"bear", "show", "have", "carry"}


def _recovered(body: Token) -> bool:
    while body.dep_ == "conj" and body.head.pos_ == "NOUN":
        body = body.head  # "found 20 survivors and twelve bodies"
    near = [body.head, body.head.head, *body.rights] if body.head.lower_ == "over" else [body.head, *body.rights]
    there = any(t.dep_ == "expl" for t in body.head.lefts)
    lay = body.head.lemma_ == "be" and any(t.lower_ in {"at", "in", "on", "under"} for t in body.head.rights)
    there = there or (lay and body.dep_ == "nsubj")  # "60 bodies were at the mosque"
    return there or any(t.lemma_ in _RECOVERING for t in near)


def done(verb: Token) -> ClaimKind | None:
    """What a verb does to its object; "stabbed to death" is dead."""
    if _to_death(verb):
        return "dead"
    if _of_no_people(verb):
        return None
    if _led_off(verb):
        return "detained"
    if verb.lemma_ in {"bury", "trap"} and _below_rubble(verb):
        return "missing"  # of whom nobody says that they are dead
    if ("gun", "down") in _parts(verb) or _shot_dead(verb):
        return "dead"
    return (
        "injured" if _struck(verb) or ("beat", "up") in _parts(verb) else harm("object", verb.lemma_) or _driven(verb)
    )


def _below_rubble(verb: Token) -> bool:
    links = [t for t in verb.rights if t.lower_ in {"under", "beneath", "underneath", "in"}]
    return any(t.lemma_ in _RUBBLE for link in links for t in link.children)


def _of_no_people(verb: Token) -> bool:
    """As in "hanged a banner", "captured Sefer", a town more often than not."""
    if (verb.lemma_ in _EQUIVOCAL and not _of_humans(verb)) or (verb.lemma_ == "destroy" and _of_him(verb)):
        return True
    names = [t for t in verb.rights if t.dep_ == "dobj" and t.pos_ == "PROPN"]
    town = verb.lemma_ == "capture" or (verb.lemma_ == "seize" and all(t.ent_type_ != "PERSON" for t in names))
    return bool(names) and town


def _led_off(verb: Token) -> bool:
    return bool(_parts(verb) & _LED_OFF) and _of_humans(verb)


def _parts(verb: Token) -> set[tuple[str, str]]:
    """The verb with what belongs to it: ("round", "up")."""
    return {(verb.lemma_, t.lower_) for t in verb.rights if t.dep_ in {"prt", "advmod"}}


def _to_death(verb: Token) -> bool:
    """As in "stabbed to death", "fatally shot", "burned alive"."""
    below = {t.lower_ for t in verb.children}
    if verb.lemma_ in _JUDGING:
        return False
    if "fatally" in below or ("dead" in below and verb.lemma_ in _ARMS) or (verb.lemma_ == "burn" and "alive" in below):
        return True
    return any(t.lower_ == "death" for to in verb.rights if to.lower_ == "to" for t in to.rights)


def _of_humans(verb: Token) -> bool:
    """Whether the verb's object is human beings and no body or building of theirs: "destroyed thousands of jobs"."""
    whom = next((t for t in verb.children if t.dep_ in {"dobj", "nsubjpass"}), None)
    noun = thing(whom if whom is not None else verb.head)
    if noun.pos_ != "NOUN":
        return noun.pos_ == "PROPN" or not any(t.lower_ == "of" for t in noun.rights)
    lemma = noun.lemma_.lower()
    return lemma in _COMPANY | QUANTITIES or (lemma in _HUMANS | sectors().keys() and lemma not in _NO_HUMANS)


def _driven(verb: Token) -> ClaimKind | None:
    """As in "were forced from their homes", "driven into camps"."""
    places = [t for link in verb.rights if link.dep_ == "prep" for t in link.children if t.dep_ == "pobj"]
    if verb.lemma_ in _MOVING:
        return "displaced" if any(map(_safe, places)) and _of_humans(verb) else None
    if verb.lemma_ not in {"drive", "force", "tell", "order"}:
        return None
    told = any(t.dep_ == "xcomp" and t.lemma_ in {"leave", "flee", "evacuate"} for t in verb.rights)
    told = told and not any(t.lemma_ in _ENVOYS for t in verb.rights)
    out = verb.lemma_ in {"drive", "force"} and any(t.lemma_ in _HOMES for t in places)
    return "displaced" if out or (told and _of_humans(verb)) else None


def _safe(place: Token) -> bool:
    """As in "moved to safer areas", "taken to higher ground"."""
    return place.lower_ == "safety" or any(t.lower_ in {"safe", "safer", "higher"} for t in place.lefts)


def _left(verb: Token) -> Fate | None:
    """As in "the blast left twelve dead": the model sometimes hangs both on "left"."""
    if verb.lemma_ != "leave":
        return None
    if _in_care(verb):
        return "injured", verb
    state = next((t for t in verb.rights if harm("state", t.lower_)), None)
    return fate(harm("state", state.lower_), state) if state is not None else None


def _predicate(verb: Token) -> Fate | None:
    """As in "five children were among the dead", "two are missing"."""
    for child in verb.children:
        found = verb.lemma_ == "find" and child.i == verb.i + 1  # "were found injured", which is no clause
        if (found or child.dep_ in {"acomp", "attr", "oprd"}) and (kind := harm("state", child.lower_)):
            return kind, child
        if (
            child.lower_ == "among"
            and (dead := next((t for t in child.children if t.dep_ == "pobj"), None)) is not None
        ):
            state = next((t for t in dead.lefts if harm("state", t.lower_)), dead)  # "among the killed fighters"
            return fate(harm("state", state.lower_), state) or _below(dead)
    return None


def _counted_by(node: Token) -> Fate | None:
    """As in "a toll of twelve", "put the death toll at 62", "the deaths of two men"."""
    link = node.head
    if link.lower_ == "of":
        return _of(link.head, node)
    if link.lower_ in {"at", "to"}:
        toll = next((t for t in (link.head, *link.head.children) if harm("toll", t.lemma_)), None)
        return fate("dead", toll) if toll is not None else None
    return None


def _of(above: Token, node: Token) -> Fate | None:
    """What a noun says of those behind its "of"."""
    if kind := harm("noun", above.lemma_):
        return kind, above
    if above.lemma_ in {"total", "estimate", "number"} or (above.lemma_ in _COMPANY and node.pos_ == "NUM"):
        return _above(above)  # "killed a family of five"
    if above.lemma_ == "life" and above.head.lemma_ in {"claim", "take", "cost", "lose"}:
        return "dead", above.head
    if (
        above.lemma_ in _ENDS_OF
        or singular(above.lower_) == "corpse"
        or harm("toll", above.lemma_)
        or _fallen_men(above, node)
    ):
        return "dead", above
    return None


def _fallen_men(loss: Token, node: Token) -> bool:
    """As in "with the loss of 45 men"."""
    return loss.lemma_ == "loss" and _armed(node)


def _joined(node: Token, depth: int) -> Fate | None:
    """As in "62 soldiers and three civilians", "42 people including seven children", "nine men, two of them boys"."""
    if depth > 3:  # noqa: PLR2004 - longer lists are no news
        return None
    head = node.head
    if node.dep_ == "conj" and singular(head.lower_) in _BODIES_OF and node.lemma_ in _HUMANS:
        return "dead", head  # "the bodies of four men and a woman"
    if node.dep_ in {"conj", "appos"} and head.pos_ in {"NOUN", "PROPN", "NUM", "PRON"} and head.i != node.i:
        return fate_of(head, depth + 1) if not harm("noun", head.lemma_) else None
    if node.dep_ == "pobj" and head.lower_ in {"including", "among"} and head.head.i != head.i:
        return fate_of(head.head, depth + 1)
    return None


def unreal(word: Token) -> bool:
    """Whether the word is only planned, risked or denied by its own clause; "feared dead" counts."""
    if word.dep_ == "pcomp" and word.head.head.lemma_ in {"danger", "risk"}:
        return True  # "in danger of dying"
    if any(t.dep_ == "neg" or (t.dep_ == "aux" and t.lower_ in UNREAL) for t in word.children):
        return True
    if word.dep_ == "conj" and word.head.pos_ == "VERB" and not any(t.dep_ in {"aux", "nsubj"} for t in word.children):
        return unreal(word.head)
    to = any(t.dep_ == "aux" and t.lower_ == "to" for t in word.children)
    to = to and not (word.dep_ == "xcomp" and word.head.lemma_ in _SUCCEED | _REPORTED)
    perfect = any(t.dep_ == "aux" and t.lower_ == "have" for t in word.children)
    due = to and perfect and word.head.lemma_ == "be"  # "was to have evacuated 600"
    return (to and not perfect) or due or any(t.dep_ == "mark" and t.lower_ in {"if", "unless"} for t in word.children)
