"""What speaks for somebody as a party to a deed: the columns over which the models of actors and recipients decide."""

from dataclasses import dataclass

from services.contracts import Actor
from services.extractor.listing.merging import Telling, alike
from services.extractor.listing.traits import TYPES, verb_of
from services.extractor.parser.words import Token
from services.extractor.parties.candidates import Candidate, Story
from services.extractor.parties.roles import active, grammatical, somewhere
from services.extractor.story.attribution import reporting
from services.extractor.story.entities import peopled
from services.extractor.world.gazetteer import names, words

Clues = dict[str, float]
Roles = tuple[Token | None, Token | None]
NOBODY = -1.0  # what the row of "nobody" has where the others say something of a person
_HUMANS = words("humans")
_MANY = words("collective")
_THINGS = frozenset().union(*map(words, ("weapons", "ground", "things", "premises", "nobody", "quantities")))
_THE = frozenset({"the", "this", "these", "that", "those"})
_FAR = 50  # words: of whom another sentence names
_MOST = 12  # mentions that are told apart
_LATE = 20  # sentences of a story that are told apart
_LONG_AGO = 10  # sentences: as good as never
_PREPOSITIONS = {
    "by": ("by",),
    "with": ("with", "between"),
    "against": ("against", "on", "at"),
    "in": ("in", "near", "into"),
    "of": ("of",),
    "to": ("to",),
    "from": ("from",),
}
CLAUSES = {
    "ROOT": 0, "conj": 1, "ccomp": 2, "xcomp": 3, "advcl": 4, "pcomp": 4, "relcl": 5, "acl": 6, "pobj": 7, "dobj": 8,
    "nsubj": 9, "nsubjpass": 9,
}  # fmt: skip
_SIDES = {
    "GOV": "government", "MIL": "soldiers", "COP": "police", "REB": "rebels", "CRM": "rebels", "UAF": "rebels",
    "CVL": "civilians", "REF": "civilians",
}  # fmt: skip


def clues(telling: Telling, able: tuple[Candidate, ...], story: Story) -> list[Clues]:
    """A row for each of the candidates (there is one at least) and, last, one for nobody, all of the same columns."""
    roles, rest = grammatical(telling.trigger), _rest(telling, story)
    deed = _deed(telling, roles)
    found = [_grammar(telling, c, roles) | _noted(c, story) | _bearing(c, rest) for c in able]
    for column, key in (("nth party", "distance"), ("party from the left", "offset")):
        for row, nth in zip(found, _ranked(found, key), strict=True):
            row[column] = nth
    return [row | deed for row in (*found, dict.fromkeys(found[0], NOBODY))]


def _deed(telling: Telling, roles: Roles) -> Clues:
    """What is said of the deed, whoever did it."""
    trigger, (doer, sufferer) = telling.trigger, roles
    found: Clues = {
        "clause": CLAUSES.get(trigger.token.dep_, 10),
        "object slot": trigger.entry.recipient[:1] == ("obj",),
        "a doer": _anonymity(doer),
        "a sufferer": _anonymity(sufferer),
        "an actor ruled": bool(telling.actor),
        "a recipient ruled": bool(telling.recipient),
        "passive": not trigger.nominal and not active(trigger),
        "an object": any(t.dep_ == "dobj" for t in trigger.token.children),
        "a clause below": any(t.dep_ in {"ccomp", "xcomp"} for t in trigger.token.children),
    }
    return found | {kind: float(telling.event_type == kind) for kind in TYPES}


def _anonymity(role: Token | None) -> float:
    """2 for one person without a name ("a man was arrested": the story may name him), 1 for others, 0 for nobody."""
    if role is None:
        return 0
    return 2 if role.tag_ == "NN" and role.lemma_.lower() in _HUMANS else 1


def _grammar(telling: Telling, candidate: Candidate, roles: Roles) -> Clues:
    """How the candidate's word stands to that of the deed."""
    verb, head = telling.trigger.token, candidate.head
    near = candidate.sentence is telling.sentence
    up, down = path(verb, head) if near else (9, 9)
    top = _phrase(head, verb)
    link = top.head.lower_ if top.dep_ == "pobj" else ""
    apart = head.i - verb.i if near else -_FAR
    doer, sufferer = roles
    found: Clues = {
        "up": up,
        "down": down,
        "near": near,
        "distance": abs(apart),
        "offset": apart,
        "sentences back": min(9, telling.sentence.number - candidate.sentence.number),
        "doer": _share(doer, head, top) if near else 0,
        "sufferer": _share(sufferer, head, top) if near else 0,
        "slot": near and link in telling.trigger.entry.recipient and up + down <= 4,  # noqa: PLR2004 - close by
        "subject": top.dep_ in {"nsubj", "nsubjpass"},
        "active subject": top.dep_ == "nsubj",
        "reports": top.dep_ == "nsubj" and top.head.lemma_.lower() in reporting(),
        "same verb": near and verb_of(top.head) is verb_of(verb),
        "main subject": top.dep_ in {"nsubj", "nsubjpass"} and top.head.dep_ == "ROOT",
        "pronoun": head.pos_ == "PRON",
        "proper": head.pos_ == "PROPN",
        "plural": head.tag_ in {"NNS", "NNPS"},
    }
    return found | {f"link {name}": float(link in links) for name, links in _PREPOSITIONS.items()}


def path(verb: Token, head: Token) -> tuple[int, int]:
    """Steps up from the deed's word to the first word that the other hangs on too, and steps down from there."""
    over = {token.i: steps for steps, token in enumerate((verb, *verb.ancestors))}
    for steps, token in enumerate((head, *head.ancestors)):
        if token.i in over:
            return over[token.i], steps
    return 9, 9


def _phrase(head: Token, verb: Token) -> Token:
    """The head of the whole phrase that a word is part of, below the deed's own word."""
    while head.dep_ in {"conj", "compound", "amod", "nmod", "poss", "appos"} and head.head is not verb:
        head = head.head
    return head


def _share(role: Token | None, head: Token, top: Token) -> float:
    """3 for the very word that has the role in the grammar, 2 for a part of its phrase, 1 for what hangs on it."""
    if role is None:
        return 0
    if role is head:
        return 3
    return 2 if role is top else float(any(token is role for token in head.ancestors))


def _noted(candidate: Candidate, story: Story) -> Clues:
    if candidate not in story.noted:
        story.noted[candidate] = _kind(candidate, story)
    return story.noted[candidate]


def _kind(candidate: Candidate, story: Story) -> Clues:
    """Who the candidate is, whatever the deed."""
    actor, label = candidate.actor, candidate.head.ent_type_
    known = names().get(actor.name)
    side = _SIDES.get(actor.sector or "")
    people = peopled(actor)
    times = story.mentioned[candidate.name]
    found: Clues = {
        "person": label == "PERSON" or actor.name in story.reading.names.persons,
        "people's name": label == "NORP",
        "land": known is not None and known.kind != "group",
        "of a country": actor.country is not None,
        "of a sector": actor.sector is not None,
        "named": actor.name[:1].isupper(),
        "peopled": people,
        "somewhere": somewhere(actor, story.reading.names),
        "party": people or actor.country is not None or label in {"PERSON", "ORG"},
        "words": len(actor.name.split()),
        "mentions": min(times, _MOST),
        "share": times / story.most,
        "headline": candidate.name in story.headline,
        "first named": min(_LATE, next(iter(story.stands.get(candidate.name, ())), _LATE)),
    }
    sides = {f"side {name}": float(side == name) for name in dict.fromkeys(_SIDES.values())}
    return found | _phrased(candidate.head) | sides


def _phrased(head: Token) -> Clues:
    """How the phrase is worded that names the candidate."""
    before, lemma = {t.lower_ for t in head.lefts}, head.lemma_.lower()
    return {
        "the": not before.isdisjoint(_THE),
        "a": not before.isdisjoint({"a", "an"}),
        "somebody's": any(t.dep_ == "poss" and t.pos_ == "PRON" for t in head.lefts),
        "numbered": any(t.dep_ == "nummod" for t in head.lefts),
        "joined": head.dep_ == "conj",
        "thing": lemma in _THINGS,
        "many in one": lemma in _MANY,
    }


@dataclass(frozen=True, slots=True, eq=False)
class _Rest:
    """What stands around a deed: who speaks in its sentence, who does all other deeds of its kind."""

    telling: Telling
    story: Story
    speakers: frozenset[str]
    kin: tuple[Actor, ...]


def _rest(telling: Telling, story: Story) -> _Rest:
    kind = (telling.event_type, telling.mode)
    kin = [t.actor[0] for t in story.told if t is not telling and t.actor and (t.event_type, t.mode) == kind]
    speakers = frozenset(voice.speaker.name for voice in story.reading.voices_in(telling.sentence))
    return _Rest(telling, story, speakers, tuple(kin))


def _bearing(candidate: Candidate, rest: _Rest) -> Clues:
    """What the rules and the rest of the story say of the candidate."""
    actor, name = candidate.actor, candidate.name
    telling, story, kind = rest.telling, rest.story, rest.telling.event_type
    counted = telling in story.told  # one read at an annotated word is not
    acts, suffers = (counted and _in(name, them) for them in (telling.actor, telling.recipient))
    return {
        "speaks": actor.name in rest.speakers,
        "source": telling.attribution is not None and telling.attribution.source == actor.name,
        "acts": min(4, story.acting[name, ""] - acts),
        "suffers": min(4, story.suffering[name, ""] - suffers),
        "acts alike": story.acting[name, kind] > acts,
        "suffers alike": story.suffering[name, kind] > suffers,
        "ruled to act": _ruled(actor, telling.actor),
        "ruled to suffer": _ruled(actor, telling.recipient),
        "sole doer": bool(rest.kin) and all(alike(actor, other) for other in rest.kin),
        "counted": _counted(candidate, story),
        "last named": _ago(candidate, rest),
    }


def _ago(candidate: Candidate, rest: _Rest) -> int:
    """How many sentences before the deed's own the candidate was last named."""
    here = rest.telling.sentence.number
    before = [number for number in rest.story.stands.get(candidate.name, ()) if number < here]
    return min(_LONG_AGO - 1, here - before[-1]) if before else _LONG_AGO


def _in(name: str, actors: tuple[Actor, ...]) -> bool:
    return bool(actors) and any(actor.name.lower() == name for actor in actors)


def _ruled(actor: Actor, found: tuple[Actor, ...]) -> float:
    """3 for whom the rules name by these very words, 2 for the same by others, 1 for who may be the same."""
    if any(a.span == actor.span for a in found):
        return 3
    if any(a.name == actor.name for a in found):
        return 2
    return float(any(alike(a, actor) for a in found))


def _counted(candidate: Candidate, story: Story) -> bool:
    """Whether a figure of the sentence counts them as victims."""
    text = candidate.actor.text
    here = (c.claim.victims for c in story.claims if c.sentence is candidate.sentence)
    return any(v is not None and (v in text or text in v) for v in here)


def _ranked(found: list[Clues], key: str) -> list[float]:
    """The place of each among the parties of its sentence by a column, 9 at most; 10 for who is no party of it."""
    near = sorted((row[key], n) for n, row in enumerate(found) if row["near"] and row["party"])
    place = {n: float(min(9, at)) for at, (_, n) in enumerate(near)}
    return [place.get(n, 10.0) for n in range(len(found))]
