"""What a telling says, how and where in its story: by this an event that people would list differs from another."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import get_args

from services import trees
from services.contracts import EventType, Realis
from services.extractor.language.lexicon import HARM
from services.extractor.language.sentences import Sentence
from services.extractor.listing.merging import Telling
from services.extractor.parser.words import Token
from services.extractor.story.reading import Reading
from services.trees import Columns

TYPES = tuple(t for t in get_args(EventType) if t not in {"STATEMENT", "TOLL"})
_FAR = 99  # sentences: as good as never
_UNDATED, _EARLIEST, _LATEST = -60, 400, -30  # days before the story
_SHORTEST = 4  # letters of a word that says what a sentence is about
_LEAD = 2  # sentences of the body that sum the story up
_MODALS = frozenset({"will", "would", "could", "may", "might", "can", "should", "must", "'ll"})
_CONTENT = frozenset({"NOUN", "VERB", "PROPN", "ADJ", "NUM"})

Traits = dict[str, float]


def columns(told: tuple[Telling, ...], reading: Reading) -> Columns:
    """The traits of all tellings of an article by name, a value a telling."""
    story = _Story(told, reading)
    rows = [
        _says(t) | _worded(t) | _clause(t, story) | _stands(t, story) | _among(i, story) | _like(i, story)
        for i, t in enumerate(told)
    ]
    return trees.tabled(rows) if rows else {}


@dataclass(frozen=True)
class _Story:
    """The article around the tellings."""

    told: tuple[Telling, ...]
    reading: Reading

    @cached_property
    def lemmas(self) -> Counter[str]:
        """How often each word that tells something does."""
        return Counter(_lemma(t) for t in self.told)

    @cached_property
    def types(self) -> Counter[EventType]:
        """How many tellings there are of each type."""
        return Counter(t.event_type for t in self.told)

    @cached_property
    def body(self) -> tuple[Sentence, ...]:
        """The sentences of the story itself."""
        return tuple(s for s in self.reading.sentences if s.passage.at == "/body")

    @cached_property
    def first(self) -> dict[str, int]:
        """The number of the sentence that has a word, or a form of it, first; the headline's do not count."""
        found: dict[str, int] = {}
        for sentence in self.reading.sentences:
            if sentence.passage.at != "/headline":
                for word in sentence.words:
                    found.setdefault(word.lower_, sentence.number)
                    found.setdefault(word.lemma_.lower(), sentence.number)
        return found

    @cached_property
    def head(self) -> frozenset[str]:
        """What the headline is about."""
        return _about_all(s for s in self.reading.sentences if s.passage.at == "/headline")

    @cached_property
    def lead(self) -> frozenset[str]:
        """What the first sentences are about."""
        return _about_all(self.body[:_LEAD])

    @cached_property
    def about(self) -> tuple[frozenset[str], ...]:
        """What the sentence of each telling is about."""
        return tuple(_about(t.sentence) for t in self.told)

    def new(self, words: set[str], sentence: Sentence) -> int:
        """How many of a sentence's words the story has not had before it."""
        return sum(self.first.get(word, _FAR) >= sentence.number for word in words)


def _lemma(telling: Telling) -> str:
    return telling.trigger.token.lemma_.lower()


def _about(sentence: Sentence) -> frozenset[str]:
    return frozenset(
        t.lemma_.lower() or t.lower_ for t in sentence.words if len(t) >= _SHORTEST and t.text[0].isalnum()
    )


def _about_all(sentences: Iterator[Sentence] | tuple[Sentence, ...]) -> frozenset[str]:
    return frozenset().union(*map(_about, sentences))


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    return len(part & whole) / max(1, len(whole))


def _says(telling: Telling) -> Traits:
    """Its type, and what it names and counts."""
    kinds = {f"is {kind}": float(telling.event_type == kind) for kind in TYPES}
    reals = {f"is {real}": float(telling.realis == real) for real in get_args(Realis)}
    return (
        kinds
        | reals
        | {
            "is harm": telling.mode == HARM,
            "facts": telling.filled,
            "actor of a sector": any(a.sector for a in telling.actor),
            "dead counted": len(telling.dead),
            "told by the rules": telling.ruled,
        }
    )


def _worded(telling: Telling) -> Traits:
    """The word that tells it and the verb above it."""
    token = telling.trigger.token
    verb = verb_of(token)
    above = list(token.ancestors)
    return {
        "the": telling.trigger.nominal and any(t.lower_ == "the" for t in token.lefts),
        "term": bool(telling.trigger.entry.company),
        "words above": len(above),
        "verbs above": sum(t.pos_ == "VERB" for t in above),
        "words below": len(token.children),
        "past": verb.tag_ == "VBD",
        "present": verb.tag_ in {"VBZ", "VBP"},
        "modal": any(t.dep_ in {"aux", "auxpass"} and t.lower_ in _MODALS for t in verb.children),
    }


def verb_of(token: Token) -> Token:
    """The verb of the clause that a word stands in; the last word above where there is none."""
    while token.pos_ not in {"VERB", "AUX"} and token.head is not token:
        token = token.head
    return token


def _clause(telling: Telling, story: _Story) -> Traits:
    """What its sentence and its clause name, and what of it the story has not named before."""
    token, sentence = telling.trigger.token, telling.sentence
    clause = list((verb_of(token) if telling.trigger.nominal else token).subtree)
    names = {t.lower_ for t in sentence.words if t.pos_ == "PROPN" and t.text[:1].isupper()}
    inside = {t.lower_ for t in clause if t.pos_ == "PROPN" and t.text[:1].isupper()}
    content = {t.lemma_.lower() for t in clause if t.pos_ in _CONTENT}
    new = story.new(names, sentence)
    return {
        "clause": len(clause),
        "sentence": len(sentence.words),
        "at": (token.i - sentence.words.start) / max(1, len(sentence.words)),
        "figures": sum(t.pos_ == "NUM" for t in clause),
        "kinds of names": len({t.ent_type_ for t in clause if t.ent_type_}),
        "dated": float(any(t.ent_type_ == "DATE" for t in clause)),
        "names": len(names),
        "new names": new,
        "share of new names": new / max(1, len(names)),
        "new names beside it": story.new(inside, sentence),
        "share of new words": story.new(content, sentence) / max(1, len(content)),
    }


def _stands(telling: Telling, story: _Story) -> Traits:
    """Where in the story."""
    before = telling.sentence.number - story.reading.begins
    return {
        "sentence number": before,
        "share of the story before it": before / max(1, len(story.body)),
        "sentences": len(story.body),
        "tellings": len(story.told),
        "tellings a sentence": len(story.told) / max(1, len(story.body)),
        "days ago": _age(telling, story.reading.anchor),
    }


def _age(telling: Telling, anchor: date | None) -> float:
    """How many days before the story it happened."""
    if telling.date is None or anchor is None:
        return _UNDATED
    first = f"{telling.date.value}-01-01"[:10]
    try:
        ago = (anchor - date.fromisoformat(first)).days
    except ValueError:
        return _UNDATED
    return min(_EARLIEST, max(_LATEST, ago))


def _among(at: int, story: _Story) -> Traits:
    """How many others there are: of its type, of its word, in its sentence."""
    telling, told = story.told[at], story.told
    number, lemma = telling.sentence.number, _lemma(telling)
    alike = [t for t in told[:at] if t.event_type == telling.event_type]
    gaps = [number - t.sentence.number for t in alike if t.sentence.passage.at != "/headline"]
    total = story.types[telling.event_type]
    return {
        "alike before": len(alike),
        "alike after": total - len(alike) - 1,
        "share of its type": total / len(told),
        "alike in the sentence": sum(t.sentence.number == number for t in alike),
        "in the sentence before": sum(t.sentence.number == number for t in told[:at]),
        "in the sentence after": sum(t.sentence.number == number for t in told[at + 1 :]),
        "sentences since one alike": min(gaps, default=_FAR),
        "times of the word": story.lemmas[lemma],
        "word before": sum(_lemma(t) == lemma for t in told[:at]),
        "word in the headline": float(lemma in story.head),
    }


def _like(at: int, story: _Story) -> Traits:
    """How much it is like the headline, the lead and other tellings of its type."""
    kind, about = story.told[at].event_type, story.about
    alike = [i for i, t in enumerate(story.told) if t.event_type == kind and i != at]
    shared = [(i, len(about[i] & about[at]) / max(1, min(len(about[i]), len(about[at])))) for i in alike]
    return {
        "like the headline": _share(about[at], story.head),
        "like the lead": _share(about[at], story.lead),
        "like one before": max((share for i, share in shared if i < at), default=0.0),
        "like one after": max((share for i, share in shared if i > at), default=0.0),
    }
