"""Who may be a party to a deed: whom its sentences name, who does the like in the story, whom the story is about."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from services.contracts import Actor
from services.extractor.language.lexicon import entries
from services.extractor.language.sentences import Sentence
from services.extractor.listing.merging import Telling, alike
from services.extractor.parser.words import Token
from services.extractor.parties.roles import onlooker
from services.extractor.story.entities import NAMING, actor_of, peopled
from services.extractor.story.reading import Reading
from services.extractor.tolls.claims import Counted
from services.extractor.world.gazetteer import sectors, words

_FIGURES = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL", "QUANTITY"})
_QUALIFYING = frozenset({"compound", "amod", "nmod", "npadvmod"})
_RETOLD = 4  # sentences of a deed in which people are looked for
_WITHIN = frozenset({"in", "at", "near", "outside"})
_NO_PARTIES = words("currencies") | {"count", "charge", "bullet", "teargas", "gas", "stone", "rock", "brick"}
_LIKE = 0.5  # F1 of the words of two names of one party, as the scoring of annotated articles has it
_SMALL = frozenset({
    "the", "a", "an", "of", "and", "in", "on", "at", "to", "for", "by", "from", "with", "its", "his", "her", "their",
    "s",
})  # fmt: skip
_CHIEF = 2  # persons, and as many bodies, that a story is about


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """Somebody who may be a party to a deed: who, and the word that names them in which sentence."""

    actor: Actor
    head: Token
    sentence: Sentence

    @property
    def name(self) -> str:
        """The name by which candidates are told apart."""
        return self.actor.name.lower()


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """What the whole article says of its people.

    `mentioned` counts the names, `stands` numbers the sentences in which each stands, `headline` holds those in it,
    `chief` are the persons and bodies named most, `most` is how often the first of all names stands there; `acting` and
    `suffering` count the tellings in which the rules give somebody a role, by name and type of the deed, and by name
    and "" for all; `noted` keeps what has been found out about a candidate, whatever the deed.
    """

    reading: Reading
    told: tuple[Telling, ...]
    claims: tuple[Counted, ...]
    mentioned: Counter[str]
    stands: dict[str, list[int]]
    headline: frozenset[str]
    chief: tuple[Candidate, ...]
    most: int
    acting: Counter[tuple[str, str]]
    suffering: Counter[tuple[str, str]]
    noted: dict[Candidate, dict[str, float]] = field(default_factory=dict)
    _named: dict[int, tuple[Candidate, ...]] = field(default_factory=dict)

    def named_in(self, sentence: Sentence) -> tuple[Candidate, ...]:
        """Everybody whom a sentence names; read once."""
        if sentence.number not in self._named:
            self._named[sentence.number] = tuple(_named(sentence, self.reading))
        return self._named[sentence.number]


def story_of(reading: Reading, told: tuple[Telling, ...], claims: tuple[Counted, ...]) -> Story:
    """Read the names of the article once for all its tellings."""
    mentions = reading.names.mentions
    headline = {s.number for s in reading.sentences if s.passage.at == "/headline"}
    times = Counter(m.name.lower() for m in mentions)
    stands: dict[str, list[int]] = {}
    for mention in mentions:
        stands.setdefault(mention.name.lower(), []).append(mention.at[0])
    return Story(
        reading, told, claims, times, stands, frozenset(m.name.lower() for m in mentions if m.at[0] in headline),
        tuple(_chief(reading)), max(times.values(), default=1),
        Counter(key for t in told for key in _roles(t, t.actor)),
        Counter(key for t in told for key in _roles(t, t.recipient)),
    )  # fmt: skip


def _roles(telling: Telling, actors: tuple[Actor, ...]) -> Iterator[tuple[str, str]]:
    for name in {actor.name.lower() for actor in actors}:
        yield name, telling.event_type
        yield name, ""


def _chief(reading: Reading) -> Iterator[Candidate]:
    named = [m for m in reading.names.mentions if not m.people]
    often = [name for name, times in Counter(m.name for m in named).most_common() if times > 1]
    persons = [name for name in often if name in reading.names.persons][:_CHIEF]
    for name in persons + [name for name in often if name not in persons][:_CHIEF]:
        number, at = next(m.at for m in named if m.name == name)
        sentence = reading.sentences[number]
        head = sentence.words.doc.tokens[at]
        actor = actor_of(head, sentence, reading.names)
        if actor is not None:
            yield Candidate(actor, head, sentence)


def candidates(telling: Telling, story: Story) -> tuple[Candidate, ...]:
    """Everybody who may be a party to a deed: all of its own sentence, of the others one for each name."""
    none = (telling.trigger.token, onlooker(telling.trigger) if telling.aside else None)
    here = [c for c in story.named_in(telling.sentence) if c.head not in none and not _title(c.head)]
    sides = {c.head.head for c in here if c.head.dep_ in _QUALIFYING and peopled(c.actor)}
    found = [c for c in here if c.head not in sides or peopled(c.actor) or c.head.ent_type_ == "PERSON"]
    known = {c.name for c in found}
    for other in chain(_elsewhere(telling, story), _ruled(telling, story, known), story.chief):
        if other.name not in known and not _office(other.head):
            known.add(other.name)
            found.append(other)
    return tuple(found)


def _title(head: Token) -> bool:
    """Whether a word only says what those are whose names follow: "President Jonas Lind", "the victims, Ole and Jo"."""
    if head.dep_ == "poss" and head.head.pos_ == "PROPN" and head.lemma_.lower() in sectors():
        return True  # "the sheriff's Deputy Jonas Lind"
    several = head.tag_ == "NNS" and any(t.dep_ == "appos" and t.ent_type_ == "PERSON" for t in head.rights)
    if several or _office(head):
        return True
    return head.dep_ in _QUALIFYING and head.ent_type_ not in NAMING and head.head.ent_type_ == "PERSON"


def _office(head: Token) -> bool:
    """As in "resigned as chairman of Ilmar Bank"."""
    return head.dep_ == "pobj" and head.head.lower_ == "as" and head.pos_ == "NOUN"


def _elsewhere(telling: Telling, story: Story) -> Iterator[Candidate]:
    """The people, sides and names of the other sentences that tell the deed."""
    for number in [n for n in telling.told if n != telling.sentence.number][:_RETOLD]:
        for one in story.named_in(story.reading.sentences[number]):
            if one.actor.country or one.actor.sector or one.actor.name[:1].isupper():
                yield one


def _ruled(telling: Telling, story: Story, known: set[str]) -> Iterator[Candidate]:
    """Whom the rules name as parties to this deed and to others of its type, of two that do the like neither."""
    kin = [t for t in story.told if t is not telling and t.event_type == telling.event_type]
    doers = [a for t in kin for a in t.actor]
    sole = doers if all(alike(doers[0], other) for other in doers) else []
    for actor in (*telling.actor, *telling.recipient, *sole, *(a for t in kin for a in t.recipient)):
        if actor.name.lower() not in known and (one := _placed(actor, story.reading)) is not None:
            yield one


def _named(sentence: Sentence, reading: Reading) -> Iterator[Candidate]:
    for head in sentence.words:
        if _may_name(head) and (actor := actor_of(head, sentence, reading.names)) is not None:
            yield Candidate(actor, head, sentence)


def _may_name(token: Token) -> bool:
    """Whether a word may name somebody: a noun, a name or a pronoun, no figure, no deed, no part of another name."""
    within = token.dep_ == "pobj" and token.ent is not None and token.head.ent is token.ent  # "Doctors Without Borders"
    if within or _where(token) or token.ent_type_ in _FIGURES or token.pos_ in {"DET", "ADP"} or token.is_punct:
        return False
    if token.pos_ == "PRON":
        counted = token.head.head if token.head.lower_ == "of" else token  # "shells fell, we have counted nine of them"
        return counted.tag_ != "CD" or counted.dep_ != "dobj"
    if token.pos_ not in {"NOUN", "PROPN"} and token.ent_type_ not in NAMING:
        return False
    emergency = token.lower_ == "state" and any(t.lower_ == "of" for t in token.rights)
    if emergency or token.lemma_.lower() in _NO_PARTIES:
        return False
    if token.dep_ in _QUALIFYING and not _own_name(token):
        return token.lemma_.lower() in sectors() and token.ent_type_ not in NAMING
    return token.ent_type_ in NAMING or ("N", token.lemma_.lower()) not in entries()


def _where(token: Token) -> bool:
    """As in "the clinic in Corvale": where somebody is does what they do in no sense."""
    inside = token.dep_ == "pobj" and token.head.lower_ in _WITHIN and token.head.head.dep_ in {"nsubj", "nsubjpass"}
    return inside and token.pos_ == "PROPN" and token.ent_type_ not in {"PERSON", "ORG", "NORP"}


def _own_name(token: Token) -> bool:
    """Whether a word is the head of a name: "Russian" in "Russian raids", not "Saint" in "Saint Petersburg"."""
    return token.ent is not None and token.ent.root is token


def _placed(actor: Actor, reading: Reading) -> Candidate | None:
    """An actor with the sentence and the word that name them."""
    sentence = next((s for s in reading.sentences if _holds(s, actor)), None)
    if sentence is None:
        return None
    start, end = (at - sentence.passage.start for at in (actor.span.start, actor.span.end))
    inside = [t for t in sentence.words if start <= t.idx and t.idx + len(t) <= end]
    head = next((t for t in inside if t.head not in inside), None)
    return Candidate(actor, head, sentence) if head is not None else None


def _holds(sentence: Sentence, actor: Actor) -> bool:
    passage, at = sentence.passage, actor.span.start - sentence.passage.start
    return passage.at == actor.span.at and sentence.words.start_char <= at < sentence.words.end_char


def likeness(one: str | None, other: str | None) -> float:
    """The F1 of the words of two names; less than a half is nothing, as with names of which one is of nobody."""
    if not one or not other:
        return 0.0
    ours, theirs = _words_of(one), _words_of(other)
    if ours.keys().isdisjoint(theirs):
        return 0.0
    found = 2 * sum((ours & theirs).values()) / (sum(ours.values()) + sum(theirs.values()))
    return found if found >= _LIKE else 0.0


@lru_cache(maxsize=4096)
def _words_of(name: str) -> Counter[str]:
    return Counter(word for word in re.findall(r"\w+", name.lower()) if word not in _SMALL)
