"""An article as it has been read: its passages, sentences, names and who speaks where."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from services.contracts import Article
from services.extractor.language.days import Day, days
from services.extractor.language.fiction import reviewing
from services.extractor.language.marks import Quoted, quoted
from services.extractor.language.sentences import Sentence, sentences
from services.extractor.language.tense import ahead
from services.extractor.language.text import HEAD, Passage, passages
from services.extractor.language.timex import Told
from services.extractor.story.attribution import Before, Voice, voices
from services.extractor.story.cataphora import named_later
from services.extractor.story.entities import Names, names_of
from services.extractor.story.places import Place, places
from services.extractor.story.scene import Scene, scene_of

_BACK = 6  # sentences over which "he said" reaches back
_PLAUSIBLE = timedelta(days=90)


@dataclass(frozen=True, eq=False)
class Reading:
    """What every later step starts from. `heard` holds the voices of each sentence, by its number."""

    article: Article
    passages: tuple[Passage, ...]
    sentences: tuple[Sentence, ...]
    names: Names
    heard: tuple[tuple[Voice, ...], ...]
    quoted: tuple[Quoted, ...]
    scene: Scene
    _places: dict[int, tuple[Place, ...]] = field(default_factory=dict)
    _days: dict[tuple[int, bool], tuple[Day, ...]] = field(default_factory=dict)

    def places_in(self, sentence: Sentence) -> tuple[Place, ...]:
        """The places that the sentence names, looked up once."""
        if sentence.number not in self._places:
            self._places[sentence.number] = places(sentence, self.names, self.scene)
        return self._places[sentence.number]

    def voices_in(self, sentence: Sentence) -> tuple[Voice, ...]:
        """Who speaks in the sentence."""
        return self.heard[sentence.number]

    def days_in(self, sentence: Sentence, *, future: bool = False) -> tuple[Day, ...]:
        """The day expressions of the sentence, by their places in its words, read once."""
        told, key = self._told[sentence.number], (sentence.number, future)
        if key not in self._days:
            self._days[key] = days(sentence.words.text, replace(told, future=future))
        return self._days[key]

    def planned_in(self, sentence: Sentence) -> tuple[Day, ...]:
        """The same for what is planned: "Saturday" lies ahead, "May" only if the words around it do."""
        text = sentence.words.text
        coming = {day.start: day for day in self.days_in(sentence, future=True)}
        ahead_of_us = {at for at, day in coming.items() if day.precision == "day" or ahead(text, day.start, day.end)}
        past = {day.start: day for day in self.days_in(sentence)}
        return tuple(day if at in ahead_of_us else past.get(at, day) for at, day in coming.items())

    @cached_property
    def review(self) -> bool:
        """Whether it is a review of what is made up."""
        return reviewing(self.sentences)

    @cached_property
    def _told(self) -> tuple[Told, ...]:
        """What was told of when each sentence begins, from which its "the next day" counts."""
        states = [Told(self.anchor)]
        for sentence in self.sentences:
            told = states[-1]
            found = self._days[sentence.number, False] = days(sentence.words.text, told)
            for day in found:
                told = told.after(day.value)
            states.append(told)
        return tuple(states)

    @cached_property
    def begins(self) -> int:
        """The number of the first sentence of the story itself."""
        return next((s.number for s in self.sentences if s.passage.at == "/body"), 0)

    @cached_property
    def anchor(self) -> date | None:
        """The day that "on Saturday" is resolved against: the dateline's, else that of publication."""
        line = self.article.dateline
        if line is not None and line.datetime is not None:
            try:
                return date.fromisoformat(line.datetime[:10])
            except ValueError:
                pass
        published = self.article.published_at
        known = published.date() if published is not None else None
        return _printed(self.article.body, known) or known


def _printed(body: str, published: date | None) -> date | None:
    """A full date at the head of the body: a dateline that the article does not list as one."""
    full = [d for d in days(body[:HEAD], Told(None)) if d.precision == "day"]
    if not full:
        return None
    day = date.fromisoformat(full[0].value)
    return day if published is None or abs(day - published) < _PLAUSIBLE else None


def read(article: Article) -> Reading:
    """Read the article once."""
    found = passages(article)
    parsed = sentences(found)
    known = names_of(parsed, article.agencies)
    marks = quoted(found)
    heard = _heard(parsed, known, marks)
    return Reading(article, found, parsed, known, heard, marks, scene_of(article))


def _heard(parsed: tuple[Sentence, ...], known: Names, marks: tuple[Quoted, ...]) -> tuple[tuple[Voice, ...], ...]:
    inside = _inside(parsed, marks)
    outside = replace(known, mentions=tuple(m for m in known.mentions if m.at not in inside))
    heard: list[tuple[Voice, ...]] = []
    for sentence in parsed:
        before = tuple(v for there in heard[-_BACK:] for v in there if v.at not in inside)
        told = parsed[max(0, sentence.number - _BACK) : sentence.number]
        previous = next((s for s in reversed(told) if (s.number, s.words.root.i) not in inside), None)
        heard.append(voices(sentence, outside, Before(before, previous, inside)))
    return named_later(parsed, heard, known)


def _inside(parsed: tuple[Sentence, ...], marks: tuple[Quoted, ...]) -> frozenset[tuple[int, int]]:
    """The words that stand in quotations: (sentence number, token number)."""
    return frozenset(
        (sentence.number, token.i)
        for mark in marks
        for sentence in parsed
        if sentence.passage is mark.passage
        for token in sentence.words
        if mark.start <= token.idx < mark.end
    )
