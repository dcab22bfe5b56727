"""The words of a sentence that name events, and whether what they name has happened."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from services.contracts import EventType, Realis
from services.extractor.language.lexicon import Entry, entries
from services.extractor.language.realis import BARRING, above, governors, realis
from services.extractor.language.sentences import Sentence
from services.extractor.parser.words import Token
from services.extractor.world.gazetteer import sectors, words

LIGHT = words("light")
_OBJECTS = frozenset({"dobj", "nsubjpass", "nsubj", "attr", "prt", "prep", "advmod", "agent", "dative", "oprd"})
_OPENING = frozenset({"for", "that"})
_DESCRIBING = words("describing")
_BLAMING = words("blaming")
_COMMENTING = words("commenting")
_HOSTILITIES = words("hostilities")
_STOPPING = words("stopping")
_HUMANS = words("humans")
_QUANTITIES = words("quantities")
_SPEAKING = words("speaking")
_TROUBLES = words("troubles") | words("pests")
_WEAPONS = words("weapons") - {"device", "fire", "gas", "vehicle"} | {"artillery", "drone", "tank"}
_REACHED = frozenset({"road", "streets", "shelves", "market", "headlines", "record", "target"})  # "hit the shelves"
_FLAMES = frozenset({"fire", "blaze", "wildfire", "flame"})
_RESCUERS = frozenset({"firefighter", "fireman", "crew", "doctor", "medic", "surgeon"})
PEOPLE = "PEOPLE"  # company of a verb whose object is people
DEMANDED = Entry("must", frozenset(), "REQUEST", None, ("subj",))
FRIENDLY: frozenset[EventType] = frozenset({"AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "CONCEDE", "RETREAT"})
HOSTILE: frozenset[EventType] = frozenset({"THREATEN", "SANCTION", "COERCE", "ASSAULT", "MOBILIZE", "PROTEST"})
_LETTERS = frozenset({"note", "notes", "letter", "letters"})
_TRADING = frozenset({"trading", "volatile", "choppy", "erratic", "training"})
_BLOWS = frozenset({"hit", "strike", "slam", "pound", "batter", "destroy", "attack", "threaten"})
_FORCES = frozenset({"cyclone", "hurricane", "typhoon", "storm", "tornado", "wave", "rain", "wind", "flood", "disaster",
                     "earthquake", "quake", "tsunami", "drought", "calamity"})  # fmt: skip
_PENALTIES = frozenset({"ban", "fine", "sanction", "penalty", "lawsuit", "suit", "charge", "suspension", "injunction",
                        "tariff", "tax", "fee", "bill", "demand", "cost", "complaint", "subpoena"})  # fmt: skip
_ILLS = frozenset({"cancer", "illness", "disease", "leukaemia", "leukemia", "depression", "addiction", "dementia"})
_RELEASED = frozenset({"say", "state", "add", "announce", "read"})  # what a press release does
_PRIZES = frozenset({"support", "survival", "vote", "title", "place", "right", "justice", "recognition", "job"})
_READY = frozenset({"ready", "prepared", "willing"})
_FINDERS = frozenset({"investigation", "probe", "inquiry", "enquiry", "inquest"})
_CRIMES = frozenset({"murder", "assault", "robbery", "burglary", "theft", "arson", "kidnapping", "rape", "homicide"})
_WARDS = frozenset({"hospital", "clinic"})
_COUNTS = frozenset({"count", "charge", "suspicion", "each"})
_CHARGING = frozenset({"charge", "arrest", "accuse", "convict", "sentence", "jail", "detain", "hold", "indict", "book",
                       "try", "wanted", "suspect", "acquit", "imprison", "remand"})  # fmt: skip
_SHOWING = frozenset({"show", "indicate", "suggest", "determine", "establish"})


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


def of_one_sense(found: list[Trigger]) -> dict[int, list[Trigger]]:
    """A story's triggers by the numbers of their sentences, a noun without company in the sense that it has in company.

    A word seldom changes its sense within a text (Gale, Church and Yarowsky, 1992): in a story of "the teachers'
    strike" "the strike" is no attack.
    """
    senses: dict[str, dict[EventType, Entry]] = defaultdict(dict)
    for trigger in found:
        if trigger.entry.company and (trigger.nominal or trigger.entry.mode == "strike"):
            senses[trigger.entry.lemma][trigger.entry.event_type] = trigger.entry
    told: dict[int, list[Trigger]] = defaultdict(list)
    for trigger in found:
        bare = trigger.nominal and not trigger.entry.company
        known = list(senses[trigger.entry.lemma].values()) if bare else []
        told[trigger.sentence.number].append(replace(trigger, entry=known[0]) if len(known) == 1 else trigger)
    return told


def _triggers(sentence: Sentence) -> Iterator[Trigger]:
    for token in sentence.words:
        entry = DEMANDED if _demanded(token) else _entry(token)
        if entry is not None and not _ended(token) and not _describing(token):
            yield Trigger(token, _term(token, entry), entry, sentence, realis(token))


def _describing(verb: Token) -> bool:
    """As in "a coalition fighting the group", "rebels backed by …": it says who they are, not what they did."""
    behind = verb.dep_ == "acl" or (verb.dep_ == "relcl" and verb.tag_ != "VBD")
    return behind and verb.lemma_.lower() in _DESCRIBING and verb.pos_ == "VERB"


def _demanded(verb: Token) -> bool:
    """As in "said the government must …": what somebody says that others have to do."""
    if verb.pos_ not in {"VERB", "AUX"} or not any(
        t.dep_ == "aux" and t.lower_ in {"must", "should"} for t in verb.children
    ):
        return False
    subject = next((t for t in verb.children if t.dep_ in {"nsubj", "nsubjpass"}), None)
    side = subject is not None and (
        subject.lemma_.lower() in sectors() or subject.ent_type_ in {"PERSON", "ORG", "GPE"}
    )
    return side and verb.dep_ in {"ccomp", "ROOT"} and verb.lemma_ not in {"be", "have", "remain"}


def _ended(noun: Token) -> bool:
    """As in "halted eleven months of fighting": what goes on and is told of only because it ends."""
    verb = _object_of(noun) if noun.lemma_.lower() in _HOSTILITIES and noun.pos_ == "NOUN" else None
    return verb is not None and verb.lemma_.lower() in _STOPPING


def _entry(token: Token) -> Entry | None:
    if token.pos_ == "VERB" and not _attributive(token) and token.lower_ != "according":
        entry = _fitting(_rows(token), token, _verb_company)
        able = entry is not None and not _figurative(token) and not _to_nobody(token, entry)
        return entry if able and entry is not None and _meant(token, entry) else None
    if token.pos_ in {"NOUN", "PROPN"} and token.dep_ not in {"compound", "npadvmod"} and not _unmeant(token):
        return _fitting(entries().get(("N", token.lemma_.lower()), ()), token, _noun_company)
    return None


def _rows(verb: Token) -> tuple[Entry, ...]:
    """The rows of a verb's lemma; who strikes somebody, if no firm, does not stop work, and no storm assaults."""
    rows = entries().get(("V", verb.lemma_.lower()), ())
    if verb.lemma_.lower() in _BLOWS and _by_force_of_nature(verb):
        return tuple(row for row in rows if row.event_type == "DISASTER")
    struck = next((t for t in verb.rights if t.dep_ == "dobj"), None) if verb.lemma_.lower() == "strike" else None
    if struck is not None and struck.lower_ == "back":  # "struck the back of a lorry"
        rows = tuple(row for row in rows if row.event_type != "ACCUSE")
    if struck is None or struck.ent_type_ == "ORG" or struck.lemma_ in _WORKPLACES:
        return rows
    return tuple(row for row in rows if row.mode != "strike")


def _attributive(verb: Token) -> bool:
    """As in "a wounded man"; the model takes "have hijacked trucks" for that, too."""
    if verb.dep_ not in {"amod", "compound"}:
        return False
    return not any(t.dep_ == "aux" for t in verb.lefts) and (
        verb.i == verb.sent.start or verb.nbor(-1).lemma_ != "have"
    )


def _unmeant(noun: Token) -> bool:
    """Whether a noun has none of its rows' senses: the month of March, "demand for cars", "said on a call"."""
    lemma = noun.lemma_.lower()
    if lemma == "demand" and noun.tag_ == "NN":
        return not any(t.dep_ in {"det", "poss"} for t in noun.lefts)
    on_the_phone = lemma == "call" and noun.dep_ == "pobj" and noun.head.lower_ in {"on", "in", "during"}
    if _month(noun) or (on_the_phone and any(t.dep_ == "det" for t in noun.lefts)):
        return True
    if lemma == "call":
        return _answered_call(noun)
    if lemma in _FINDERS:
        return _finding(noun)
    return _only_charged(noun) if lemma in _CRIMES else _of_no_side(noun, lemma)


def _of_no_side(noun: Token, lemma: str) -> bool:
    """As in "volatile trading session", "a note of protest", "a battle with cancer", "the release said"."""
    return (
        (lemma == "session" and any(t.lower_ in _TRADING for t in noun.lefts))
        or (lemma == "protest" and noun.dep_ == "pobj" and noun.head.head.lower_ in _LETTERS)
        or (lemma in {"battle", "fight"} and any(t.lemma_ in _ILLS for t in _behind(noun, {"with", "against"})))
        or (lemma == "release" and noun.dep_ == "nsubj" and noun.head.lemma_ in _RELEASED)
    )


def _answered_call(noun: Token) -> bool:
    """As in "officers responded to a call from a neighbour", by which nobody asks for anything in public."""
    answered = noun.dep_ == "pobj" and noun.head.lower_ == "to" and noun.head.head.lemma_ in {"respond", "rush", "go"}
    return answered and not any(t.lower_ == "for" or t.dep_ in {"acl", "xcomp", "relcl"} for t in noun.rights)


def _only_charged(noun: Token) -> bool:
    """As in "arrested for murder", "faces two counts of assault": what somebody is charged with, not told of whom."""
    told = any(t.lower_ in {"of", "on", "against", "at", "in"} or t.dep_ == "relcl" for t in noun.rights)
    told = told or any(t.dep_ == "poss" for t in noun.lefts)  # "charged with her murder"
    while noun.dep_ == "conj" or (noun.dep_ == "pobj" and noun.head.head.lemma_ in _COUNTS):
        noun = noun.head if noun.dep_ == "conj" else noun.head.head
    link = noun.head
    charged = noun.lemma_ in _COUNTS or (noun.dep_ == "pobj" and link.lower_ in {"for", "with", "of"})
    return charged and not told and (noun.lemma_ in _COUNTS or link.head.lemma_.lower() in _CHARGING)


def _finding(noun: Token) -> bool:
    """As in "the inquiry showed that the brakes had failed": what is told is what it found."""
    return noun.dep_ == "nsubj" and noun.head.lemma_ in _SHOWING


def _behind(noun: Token, links: set[str]) -> Iterator[Token]:
    return (t for link in noun.rights if link.lower_ in links for t in link.children)


def _month(token: Token) -> bool:
    """Whether "March" is the month."""
    return token.pos_ == "PROPN" and token.ent_type_ == "DATE"


def _meant(verb: Token, entry: Entry) -> bool:
    """Whether a verb of several senses has that of its row: by what its object is, or by who is to do what is asked."""
    lemma = verb.lemma_.lower()
    thing = next((t for t in verb.children if t.dep_ == "dobj"), None)
    if entry.mode in {"execute", "release", "expel"}:
        return of_people(verb) if entry.mode != "expel" else lemma != "order" or _sent_off(verb)
    if entry.mode == "demo" and not entry.company:
        return thing is None and not any(t.dep_ == "ccomp" for t in verb.children)
    if lemma in {"defend", "prosecute"} and thing is None:
        return verb.tag_ != "VBG"  # "Defending, Jane Doe said": in court
    if lemma in {"fight", "battle"}:
        return not _vied(verb) if thing is None else _human(thing) or thing.ent_type_ in {"ORG", "GPE"}
    if entry.event_type == "REQUEST" and lemma in {"ask", "want"}:
        passive = any(t.dep_ == "nsubjpass" for t in verb.children)
        return passive or thing is not None or any(_asked(t) for t in verb.children)
    silent = any(t.dep_ == "xcomp" and t.lemma_ in _SPEAKING for t in verb.children)  # "declined to comment"
    return entry.event_type != "REJECT" or not silent


def _to_nobody(verb: Token, entry: Entry) -> bool:
    """As in "released from hospital", "were met with smoke", "was barricaded in the house", "fights for her life"."""
    lemma = verb.lemma_.lower()
    lies = lemma == "sit" and not any(t.lower_ == "down" for t in verb.rights)  # "the house sits on a quiet road"
    well = entry.mode == "release" and any(t.lemma_.lower() in _WARDS for link in verb.rights for t in link.rights)
    passive = lemma in {"meet", "barricade"} and any(t.dep_ in {"nsubjpass", "auxpass"} for t in verb.lefts)
    by_people = any(_human(t) or t.ent_type_ == "PERSON" for by in verb.rights if by.dep_ == "agent" for t in by.rights)
    return lies or well or (passive and not by_people) or (lemma in {"fight", "battle"} and _for_life(verb))


def _for_life(verb: Token) -> bool:
    """As in "is fighting for her life", "firefighters battled across steep terrain"."""
    aims = [t for link in verb.rights if link.lower_ == "for" for t in link.children]
    alone = not any(t.dep_ == "dobj" or t.lower_ == "with" for t in verb.rights)  # "fought with police"
    return (any(t.lemma_ in {"life", "survival"} for t in aims) and not _by_arms(verb)) or any(
        alone and t.dep_ == "nsubj" and t.lemma_.lower() in _RESCUERS for t in verb.lefts
    )


def _by_arms(verb: Token) -> bool:
    doer = _doer(verb)
    return doer is not None and _armed(doer)


def _vied(verb: Token) -> bool:
    """As in "battled for votes"; not "rebels fought for the right to rule"."""
    return not _by_arms(verb) and any(
        t.lower_ == "for" and any(o.lemma_ in _PRIZES for o in t.children) for t in verb.rights
    )


def _sent_off(verb: Token) -> bool:
    """As in "ordered the envoy to leave", "ordered its ambassador home"; not "… to return to the talks"."""
    what = [t for clause in verb.rights if clause.dep_ in {"xcomp", "ccomp"} for t in clause.subtree]
    away = [t.lower_ for t in what or verb.subtree]
    return bool({"home", "out", "expelled", "leave", "quit", "depart"} & set(away)) or (not what and "from" in away)


def _told_to_do(verb: Token) -> bool:
    """Whether a verb tells the reader to do it, as in "pick everything, green or not"."""
    bare = verb.tag_ == "VB" and verb.dep_ == "ROOT"
    return bare and not any(t.dep_ in {"nsubj", "nsubjpass", "aux", "auxpass"} for t in verb.lefts)


def _summoned(verb: Token) -> bool:
    """As in "called a meeting for Thursday", "called a strike", which is the meeting and the strike."""
    thing = next((t for t in verb.rights if t.dep_ == "dobj"), None)
    if any(t.dep_ == "oprd" for t in verb.rights):
        return False  # "called the strike a disgrace"
    called = entries().get(("N", thing.lemma_.lower()), ()) if thing is not None else ()
    return any(row.event_type in {"CONSULT", "PROTEST"} for row in called)


_WORKPLACES = frozenset({"company", "firm", "factory", "plant"})
_ASTRAY = frozenset({("kill", "off"), ("shoot", "wide"), ("shoot", "over"), ("shoot", "ahead"), ("take", "place"),
                      ("drown", "out"), ("crash", "out"), ("storm", "out"), ("storm", "off"),
                      ("defend", "champion"), ("defend", "champions")})  # fmt: skip
_SCORE = re.compile(r"(?<![\w-])\d{1,2}[-–]\d{1,2}(?![\w-])")


def _figurative(verb: Token) -> bool:
    """Whether a verb has none of its rows' senses: "killed off the plan", "beat Porto 3-1", "gave his life"."""
    lemma = verb.lemma_.lower()
    if _told_to_do(verb) or (lemma == "call" and _summoned(verb)):
        return True
    if not _ASTRAY.isdisjoint((lemma, t.lower_) for t in verb.rights):
        return True
    if lemma in _STRAYING and _STRAYING[lemma](verb):
        return True
    thing = next((t for t in verb.children if t.dep_ == "dobj"), None)
    return thing is not None and lemma in _UNLIKE and _UNLIKE[lemma](thing)


def _by_a_crowd(verb: Token) -> bool:
    """Whether people, and no water, fill a place: "columns of marchers flooded the square"."""
    doers = [t for t in verb.lefts if t.dep_ == "nsubj"]
    return any(_human(t) or any(map(_human, _of(t))) for t in doers)


def _admitted(verb: Token) -> bool:
    """As in "conceded that it had failed"."""
    return verb.dep_ == "parataxis" or any(t.dep_ == "ccomp" for t in verb.children)


def _settled_somewhere(verb: Token) -> bool:
    """As in "crude settled at 90 dollars", "settled in the valley"; not "settled their dispute in Orvan"."""
    with_some = any(t.dep_ == "dobj" or t.lower_ == "with" for t in verb.rights)
    return not with_some and any(t.dep_ == "prep" and t.lower_ in {"at", "in", "into", "down"} for t in verb.rights)


def _scored(verb: Token) -> bool:
    """As in "beat Porto 3-1"."""
    return _SCORE.search(verb.sent.text[verb.idx - verb.sent.start_char :]) is not None


def _by_force_of_nature(verb: Token) -> bool:
    """As in "the cyclone was due to hit the coast", "a storm set to slam the port"; no "wave of attacks"."""
    doer = _doer(verb)
    return doer is not None and doer.lemma_.lower() in _FORCES and not any(t.lower_ == "of" for t in doer.rights)


def _doer(verb: Token) -> Token | None:
    """Who does what a verb says; the word that says so may stand over a verb above it."""
    for word in (verb, *verb.ancestors):
        doer = next((t for t in word.lefts if t.dep_ == "nsubj"), None)
        if doer is not None and doer.tag_ == "WDT" and word.dep_ == "relcl":
            return word.head  # "the storm that hit the coast"
        if doer is not None or word.dep_ not in {"xcomp", "acomp", "conj", "advcl"}:
            return doer
    return None


def _by_no_blow(verb: Token) -> bool:
    """As in "were hit by a shortage of chips", "mould attacks the leaves", "the fire destroyed four homes"."""
    doers = [t for t in verb.lefts if t.dep_ == "nsubj"]
    doers += [t for by in verb.rights if by.dep_ == "agent" for t in by.rights if t.dep_ == "pobj"]
    if verb.lemma_ == "destroy":
        return any(t.lemma_.lower() in _FLAMES and not any(map(_armed, t.lefts)) for t in doers)
    return any(t.lemma_.lower() in _TROUBLES for t in doers)


def _armed(word: Token) -> bool:
    """As "rebel", "mortar" of fire are."""
    return sectors().get(word.lemma_.lower()) in {"MIL", "REB"} or word.lemma_.lower() in _WEAPONS


def _without_a_blow(verb: Token) -> bool:
    """As in "were hit by a shortage", "hit with a fine", "hit the road"; not "a shell hit the road"."""
    thing, doer = next((t for t in verb.rights if t.dep_ == "dobj"), None), _doer(verb)
    reached = thing is not None and thing.lower_ in _REACHED and not any(t.lower_ in {"a", "an"} for t in thing.lefts)
    deed = doer is not None and ("N", doer.lemma_.lower()) in entries()
    fined = any(t.lemma_.lower() in _PENALTIES for by in verb.rights if by.lower_ == "with" for t in by.children)
    return _by_no_blow(verb) or fined or (reached and not deed and not _by_arms(verb))


def _counted_goods(thing: Token) -> bool:
    """As in "airlines ordered 50 planes"."""
    told = any(t.dep_ in {"xcomp", "ccomp", "advcl"} for t in thing.head.rights)  # "ordered 50 soldiers to leave"
    told = told or any(t.lower_ in {"out", "home"} for t in thing.head.rights)
    return not told and any(t.dep_ == "nummod" for t in thing.lefts)


_STRAYING: dict[str, Callable[[Token], bool]] = {
    "hit": _without_a_blow,
    "strike": _by_no_blow,
    "attack": _by_no_blow,
    "destroy": _by_no_blow,
    "threaten": _by_no_blow,
    "flood": _by_a_crowd,
    "swamp": _by_a_crowd,
    "inundate": _by_a_crowd,
    "concede": _admitted,
    "settle": _settled_somewhere,
    "beat": _scored,
}  # what stands beside a verb where it has none of its rows' senses


def _no_sentence(thing: Token) -> bool:
    """As in "gave his life", "gave them a year to comply"."""
    spare = any(t.dep_ == "poss" for t in thing.lefts) or any(t.dep_ in {"acl", "relcl"} for t in thing.rights)
    return spare and thing.lemma_.lower() in {"life", "year"}


def _for_a_blow(thing: Token) -> bool:
    """As in "took responsibility for the bombing", which is a boast."""
    over = (t for link in (*thing.rights, *thing.head.rights) if link.lower_ == "for" for t in link.children)
    struck = (entries().get(("N", t.lemma_.lower()), ()) for t in over)
    return thing.lower_ == "responsibility" and any(row.event_type == "ASSAULT" for rows in struck for row in rows)


_UNLIKE: dict[str, Callable[[Token], bool]] = {
    "order": _counted_goods,
    "give": _no_sentence,
    "take": _for_a_blow,
    "accept": _for_a_blow,
}  # objects with which a verb has none of its rows' senses


def _asked(word: Token) -> bool:
    """Whether a complement of "ask" or "want" says what another is to do: "wants the army to leave", not "to leave"."""
    if word.dep_ in {"xcomp", "ccomp"}:
        return any(t.dep_ in {"nsubj", "nsubjpass"} or t.lower_ == "for" for t in word.children)
    return word.lower_ == "for"


def _fitting(rows: tuple[Entry, ...], token: Token, company: Callable[[Token], frozenset[str]]) -> Entry | None:
    """The first row that needs no company, or has what it needs in the word's."""
    beside = company(token) if any(row.company for row in rows) else frozenset()
    return next((row for row in rows if not row.company or row.company & beside), None)


def _verb_company(verb: Token) -> frozenset[str]:
    near = [t for t in verb.children if t.dep_ in _OBJECTS]
    near += [t for p in near if p.dep_ in {"prep", "agent"} and p.lower_ != "according" for t in p.children]
    near += [t for o in near if o.dep_ in {"dobj", "nsubjpass"} for t in o.children if t.dep_ in {"compound", "amod"}]
    near += [t for o in near if o.dep_ in {"dobj", "nsubjpass"} for t in o.conjuncts]
    near += [t for o in near if o.dep_ in {"dobj", "nsubjpass"} for t in _of(o)]
    near += [t for t in verb.children if t.dep_ in {"neg", "acomp", "xcomp"}]
    near += [a for t in verb.children if t.dep_ in {"acomp", "oprd"} for a in t.children if a.dep_ == "neg"]
    clauses = [t for t in verb.children if t.dep_ in {"xcomp", "ccomp", "advcl"}]
    near += [a for t in clauses for a in t.lefts if a.lower_ in _OPENING or (a.lower_ == "to" and t.dep_ != "advcl")]
    if verb.dep_ in {"acl", "relcl"}:
        near.append(verb.head)
    if verb.dep_ == "xcomp":  # "the union plans to strike"
        near += [t for t in verb.head.lefts if t.dep_ in {"nsubj", "nsubjpass"}]
    near = [t for t in near if not _month(t) and t.lower_ != "according"]  # which is no accord
    people = {PEOPLE} if of_people(verb) else frozenset()
    return frozenset({t.lemma_.lower() for t in near} | {t.lower_ for t in near} | people)


def _of(noun: Token) -> Iterator[Token]:
    """What stands behind "of", "by" or "as", with its compounds: "part of an aid program", "the act as a crime"."""
    for link in noun.rights:
        if link.lower_ in {"of", "by", "as"}:
            for thing in link.children:
                yield thing
                yield from (t for t in thing.lefts if t.dep_ == "compound")


def of_people(verb: Token) -> bool:
    """Whether the verb's object is people: "hanged three men", not "hung a banner" or "executed a plan"."""
    undergoer = next((t for t in verb.children if t.dep_ in {"dobj", "nsubjpass"}), None)
    if undergoer is None and verb.dep_ == "xcomp" and any(t.dep_ == "auxpass" for t in verb.children):
        undergoer = next((t for t in verb.head.children if t.dep_ in {"nsubj", "nsubjpass"}), None)
    if verb.dep_ == "acl" or (verb.dep_ == "relcl" and (undergoer is None or undergoer.lower_ in {"who", "that"})):
        undergoer = verb.head
    if undergoer is None and verb.dep_ == "conj" and verb.head.pos_ == "VERB":
        return of_people(verb.head)
    return undergoer is not None and _human(undergoer)


def _human(head: Token) -> bool:
    if head.pos_ in {"PROPN", "PRON", "NUM"}:
        return not head.lower_.endswith(("self", "selves")) and head.lower_ not in {"it", "this", "which"}
    lemma = head.lemma_.lower()
    return lemma in _HUMANS | _QUANTITIES or lemma in sectors() or head.ent_type_ in {"PERSON", "NORP"}


def _noun_company(noun: Token) -> frozenset[str]:
    near = [t for left in noun.lefts if left.dep_ in {"compound", "amod", "nmod", "nummod"} for t in left.subtree]
    near += [t for t in noun.lefts if t.dep_ == "poss" and noun.lemma_.lower() == "strike"]  # "a teachers' strike"
    near += [t for t in noun.rights if t.dep_ in {"compound", "prep"}]
    near += _of(noun)
    if noun.dep_ == "pobj":
        near += [noun.head, noun.head.head]  # "went on strike"
    elif noun.dep_ == "dobj":
        near.append(noun.head)
    return frozenset({t.lemma_.lower() for t in near} | {t.lower_ for t in near})


def _term(token: Token, entry: Entry) -> tuple[Token, Token]:
    """The whole term: "air strike", "sit-in" with its company before it, "called for" with its particle after it."""
    first = last = token
    if token.pos_ in {"NOUN", "PROPN"}:
        for left in reversed([t for t in token.lefts if t.text != "-"]):
            beside = left.i == first.i - 1 or (left.i == first.i - 2 and token.doc[first.i - 1].text == "-")
            if not beside or left.dep_ not in {"compound", "amod"} or left.lower_ not in entry.company:
                break
            if left.lower_ in sectors():
                break  # a side is no part of the term
            first = left
        return first, last
    follower = next((t for t in token.rights if t.i == token.i + 1 and t.dep_ in {"prt", "prep"}), None)
    if follower is not None and follower.lower_ in entry.company:
        last = follower
    return first, last


def willing(word: Token) -> bool:
    """As in "is ready to send aid", "has sworn to fight"."""
    verb = next(governors(word), word)
    if verb.dep_ not in {"xcomp", "ccomp"} or not any(t.lower_ == "to" for t in verb.lefts):
        return False
    return verb.head.lower_ in _READY or verb.head.lemma_.lower() in {"swear", "vow", "pledge", "promise", "threaten"}


def announced(word: Token) -> bool:
    """As in "said it would leave", "announced that it will stay"."""
    return any(t.dep_ == "aux" and t.lower_ in {"will", "would", "'ll"} for v in governors(word) for t in v.children)


def refused(word: Token) -> bool:
    """Whether what is announced is announced not to be done."""
    return any(t.dep_ == "neg" for v in governors(word) for t in v.children)


def blamer(word: Token) -> Token | None:
    """The verb by which somebody is said to have done what the word names: "accused … of shelling the market"."""
    for _ in range(4):
        link = word.head
        if word.dep_ in {"pcomp", "pobj"} and link.lower_ in {"of", "for"} and (verb := above(link, _BLAMING)):
            return verb
        if word.dep_ not in {"conj", "dobj"}:
            return None
        word = link
    return None


def controlled(verb: Token) -> Token | None:
    """The verb above "of …", "for …" or "from …" whose object, not its subject, is the doer of what stands there."""
    if verb.dep_ != "pcomp" or verb.tag_ != "VBG":
        return None
    held = BARRING if verb.head.lower_ == "from" else _BLAMING if verb.head.lower_ in {"of", "for"} else frozenset()
    return above(verb.head, held)


def commenter(noun: Token) -> Token | None:
    """The verb by which a deed is only spoken of: "condemned the shelling"."""
    verb = _object_of(noun) if noun.pos_ != "VERB" else None
    return verb if verb is not None and verb.lemma_.lower() in _COMMENTING else None


def _object_of(noun: Token) -> Token | None:
    """The verb whose object, or whose subject in the passive, the noun is; "months of fighting" is fighting."""
    while noun.dep_ == "conj" or (noun.dep_ == "pobj" and noun.head.lower_ == "of" and _lasting(noun.head.head)):
        noun = noun.head if noun.dep_ == "conj" else noun.head.head
    return noun.head if noun.dep_ in {"dobj", "nsubjpass"} and noun.head.pos_ == "VERB" else None


def _lasting(noun: Token) -> bool:
    return noun.lemma_.lower() in {"day", "week", "month", "year", "decade", "hour", "wave", "series", "round"}


def apart(token: Token, trigger: Token) -> bool:
    """Whether "after" or "before" parts a day or a place from the event: it tells of something else then."""
    if any(t.i == trigger.i for t in token.ancestors):
        return False
    low, high = sorted((token.i, trigger.i))
    return any(t.lower_ in {"after", "before", "following"} for t in token.doc[low + 1 : high])
