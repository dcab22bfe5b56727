"""When a deed may have been done, and what speaks for each day: the columns over which the model decides."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise

from services.contracts import EventDate
from services.extractor.language.days import Day, Precision
from services.extractor.language.sentences import Sentence
from services.extractor.language.tense import ahead
from services.extractor.language.triggers import apart
from services.extractor.listing.merging import HURTING, Telling
from services.extractor.listing.traits import verb_of
from services.extractor.parser.words import Token
from services.extractor.parties.clues import CLAUSES, path
from services.extractor.setting.deeds import kinds, words_of
from services.extractor.story.attribution import reporting
from services.extractor.story.reading import Reading
from services.extractor.world.gazetteer import words as listed_words

Clues = dict[str, float]
_NEVER = -1.0  # what the row of "no day" has where the others say something of a day
_BACK, _ON = 5, 2  # sentences before and after a deed's in which its day is looked for
_LEAD = 3  # sentences of the body in which the news stands
_NEWS = 10  # sentences in which a story says on which day its news was
_FAR = 60  # words: of a day that another sentence names
_LATE = 20  # sentences: as good as never
_NO_SENTENCE = 12  # how far back the day of the story itself is
_OLDEST, _NEWEST = 400, -60  # days before the story
_PRECISIONS: dict[Precision, int] = {"day": 0, "month": 1, "year": 2}
_ABOVE = {"since": ("since", "from"), "of": ("of", "for"), "between": ("between", "to", "through")}
_BESIDE = {
    "on": ("on",), "in": ("in", "during"), "until": ("until", "till", "by"), "before": ("before",),
    "between": ("between", "to", "through"),
}  # fmt: skip
_MODALS = frozenset({"will", "would", "could", "may", "might", "can", "should", "must"})
_WORDS = ("today", "week", "ago")
_ATTRIBUTES = frozenset({"compound", "amod", "nmod", "poss", "nummod"})
_PUNISHING = listed_words("punishing")
_ANSWERED = frozenset({"for", "of", "over", "with", "to"})


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A day, month or year, and the word of a sentence that names it; those of the story itself have none.

    `coming` is true of one that lies ahead, if the sentence speaks of what is to come.
    """

    date: EventDate
    head: Token | None = None
    sentence: Sentence | None = None
    coming: bool = False

    @property
    def value(self) -> str:
        """YYYY-MM-DD, YYYY-MM or YYYY."""
        return self.date.value


@dataclass(frozen=True)
class Calendar:
    """The days of an article and the deeds that may have been done on them."""

    reading: Reading
    told: tuple[Telling, ...]
    _kinds: dict[Moment, Clues] = field(default_factory=dict)

    @cached_property
    def moments(self) -> tuple[tuple[Moment, ...], ...]:
        """What each sentence names, by the sentence's number."""
        return tuple(tuple(_moments(sentence, self.reading)) for sentence in self.reading.sentences)

    @cached_property
    def times(self) -> Counter[str]:
        """How often each day, month or year is named."""
        return Counter(m.value for moments in self.moments for m in moments if not m.coming)

    @cached_property
    def first(self) -> str | None:
        """The first day that the story names."""
        named = (m.value for moments in self.moments[:_NEWS] for m in moments if m.date.precision == "day")
        return next(named, None)

    def kind(self, moment: Moment) -> Clues:
        """What a moment is, whatever the deed; found out once."""
        if moment not in self._kinds:
            self._kinds[moment] = _kind(moment, self)
        return self._kinds[moment]


# -- what may be the day


def _moments(sentence: Sentence, reading: Reading) -> Iterator[Moment]:
    told, anchor, text = reading.days_in(sentence), reading.anchor, sentence.words.text
    coming = [day for day in reading.days_in(sentence, future=True) if day not in told]
    twins = {day.start for day in coming}
    past = (day for day in told if day.start not in twins or not ahead(text, day.start, day.end))
    for day in (*past, *coming):
        start, end = (sentence.words.start_char + at for at in (day.start, day.end))
        head = next(t for t in reversed(list(sentence.words)) if t.idx <= start)
        yield Moment(_told(day, sentence, start, end, anchor), head, sentence, day in coming)


def _told(day: Day, sentence: Sentence, start: int, end: int, anchor: date | None) -> EventDate:
    span = sentence.passage.span(start, end)
    against = anchor.isoformat() if day.relative and anchor is not None else None
    return EventDate(text=span.text, span=span, value=day.value, precision=day.precision, anchor=against)


def moments(telling: Telling, calendar: Calendar) -> tuple[Moment, ...]:
    """When the deed may have been done, one moment for each value: what stands nearest comes first.

    Not the day on which somebody only spoke of it, or answered for it: "condemned Monday's shelling on Wednesday".
    """
    verb, found = telling.trigger.token, dict[str, Moment]()
    own = sorted(_of_its_sentence(telling, calendar), key=lambda m: (m.coming, _apart(m, verb)))
    elsewhere = (m for m in _elsewhere(telling, calendar) if telling.event_type not in HURTING or not _of_court(m))
    for moment in (*own, *elsewhere):
        found.setdefault(moment.value, moment)
    if telling.date is not None:
        found.setdefault(telling.date.value, Moment(telling.date))
    for moment in of_the_story(telling, calendar.reading.anchor):
        found.setdefault(moment.value, moment)
    spoken = {m.value for m in own if telling.aside and m.head is not None and verb not in m.head.ancestors}
    spoken |= _of_saying(verb, own) | _of_the_law(verb, own)
    able = (moment for value, moment in found.items() if value not in spoken)
    return tuple(m for m in able if telling.realis != "happened" or not _to_come(m, calendar.reading.anchor))


def _of_saying(word: Token, own: list[Moment]) -> set[str]:
    """The days on which the deed was only told of, where it has its own: "said on Monday he fled on Friday"."""
    above = [word, *word.ancestors]
    found: set[str] = set()
    for clause, verb in pairwise(above):
        if verb.lemma_.lower() in reporting() and verb.pos_ == "VERB" and verb is not word:
            heads = {m.value: [m.head, *m.head.ancestors] for m in own if m.head is not None}
            inside = {value for value, chain in heads.items() if clause in chain}
            if inside:
                found |= {value for value, chain in heads.items() if verb in chain and value not in inside}
    return found


def _of_the_law(word: Token, own: list[Moment]) -> set[str]:
    """The days on which somebody answers for the deed: "arrested on Saturday in a shooting", "jailed for a raid"."""
    if word.lemma_.lower() in _PUNISHING:
        return set()
    above = [word, *word.ancestors]
    verbs = [t for n, t in enumerate(above) if t.lemma_.lower() in _PUNISHING and _answered(above[:n])]
    return {m.value for m in own if m.head is not None and word not in m.head.ancestors and _held(m, verbs)}


def _of_court(moment: Moment) -> bool:
    """Whether somebody was arrested or judged then: what was done to others was done before."""
    link = _link(moment)
    return link is not None and link.head.lemma_.lower() in _PUNISHING


def _link(moment: Moment) -> Token | None:
    """The word by which a moment hangs on what it is the time of; none of an attribute: "Friday's death"."""
    if moment.head is None or moment.sentence is None:
        return None
    word, end = moment.head, moment.date.span.end - moment.sentence.passage.start
    while word.dep_ in _ATTRIBUTES and word.i < word.head.i and word.head.idx < end:
        word = word.head
    if word.dep_ in _ATTRIBUTES:
        return None
    return word.head if word.dep_ == "pobj" else word


def _answered(below: list[Token]) -> bool:
    """Whether what stands on this way down from a verb of the law is what somebody answers for, or who has done it."""
    done_by = len(below) > 1 and below[-1].dep_ in {"nsubj", "nsubjpass", "dobj"}
    return done_by or any(t.lower_ in _ANSWERED for t in below)


def _held(moment: Moment, verbs: list[Token]) -> bool:
    """Whether a moment is that of one of the verbs, or of what is told beside it: "found guilty Friday and jailed"."""
    link = _link(moment)
    verb = verb_of(link.head) if link is not None else None
    return verb is not None and any(verb is each or (each.dep_ == "conj" and verb is each.head) for each in verbs)


def _to_come(moment: Moment, anchor: date | None) -> bool:
    """Whether it lies behind the day of the story: nothing has happened "next month"."""
    return anchor is not None and moment.value > anchor.isoformat()[: len(moment.value)]


def _of_its_sentence(telling: Telling, calendar: Calendar) -> Iterator[Moment]:
    """What its sentence names; of "Saturday" the one to come for what is planned, else the one that was."""
    here = calendar.moments[telling.sentence.number]
    if telling.realis == "planned":
        values = {day.value for day in calendar.reading.planned_in(telling.sentence)}
    else:
        values = {m.value for m in here if not m.coming}
    read = Counter(m.date.span for m in here)
    for moment in here:
        if moment.value in values or (read[moment.date.span] == 1 and telling.realis != "happened"):
            yield moment


def _apart(moment: Moment, verb: Token) -> int:
    return abs(moment.head.i - verb.i) if moment.head is not None else _FAR


def _elsewhere(telling: Telling, calendar: Calendar) -> Iterator[Moment]:
    """What the other sentences of the deed name, those around it and those in which the news stands."""
    own, begins = telling.sentence.number, calendar.reading.begins
    around = [*range(own - 1, own - _BACK - 1, -1), *range(own + 1, own + _ON + 1)]
    for number in (*telling.told, *around, *range(begins, begins + _LEAD)):
        if number != own and 0 <= number < len(calendar.moments):
            yield from (m for m in calendar.moments[number] if not m.coming)


def of_the_story(telling: Telling, anchor: date | None) -> Iterator[Moment]:
    """The day, month and year of the story; nothing is printed of them but the deed itself."""
    if anchor is not None:
        span, whole = telling.sentence.between(*telling.trigger.words), anchor.isoformat()
        for precision, value in zip(_PRECISIONS, (whole, whole[:7], whole[:4]), strict=True):
            yield Moment(EventDate(text=span.text, span=span, value=value, precision=precision, anchor=whole))


# -- what speaks for it


def clues(telling: Telling, able: tuple[Moment, ...], calendar: Calendar, ruled: EventDate | None) -> list[Clues]:
    """A row for each of the moments (there is one at least) and, last, one for no day, all of the same columns.

    `ruled` is the day that the rules give the deed.
    """
    deed, words = _deed(telling, able), words_of(telling, calendar.reading)
    found = [
        _grammar(words, m) | calendar.kind(m) | _bearing(telling, m, calendar) | _among(words, m, able) for m in able
    ]
    for row, moment in zip(found, able, strict=True):
        row["carried"] = ruled is not None and ruled.value == moment.value
    return [row | deed for row in (*found, dict.fromkeys(found[0], _NEVER))]


def _deed(telling: Telling, able: tuple[Moment, ...]) -> Clues:
    """What is said of the deed, whenever it was done: tense above all."""
    word = telling.trigger.token
    verb = verb_of(word)
    helping = {t.lower_ for t in verb.children if t.dep_ in {"aux", "auxpass"}}
    return kinds(telling) | {
        "own ruled": telling.date is not None,
        "ongoing": telling.realis == "ongoing",
        "past": verb.tag_ == "VBD",
        "perfect": bool(helping & {"has", "have"}),
        "pluperfect": "had" in helping,
        "progressive": verb.tag_ == "VBG" and bool(helping),
        "modal": bool(helping & _MODALS),
        "clause": CLAUSES.get(word.dep_, 10),
        "verb's clause": CLAUSES.get(verb.dep_, 10),
        "plural": word.tag_ == "NNS",
        "spoken": telling.attribution is not None,
        "reported": any(t.lemma_.lower() in reporting() for t in word.ancestors),
        "sentence no": min(_LATE, telling.sentence.number),
        "moments here": sum(m.sentence is telling.sentence for m in able),
    }


def _grammar(words: dict[int, Token], moment: Moment) -> Clues:
    """How the moment's word stands to the deed's in its sentence, if that tells the deed."""
    head, verb = moment.head, words.get(moment.sentence.number) if moment.sentence is not None else None
    up, down = path(verb, head) if head is not None and verb is not None else (9, 9)
    offset = head.i - verb.i if head is not None and verb is not None else -_FAR
    over = list(verb.ancestors) if verb is not None else []
    chain = [head, *head.ancestors] if head is not None else []
    above = next((t for t in chain if t.pos_ in {"VERB", "AUX"}), None)
    reports = above is not None and above.lemma_.lower() in reporting()
    return {
        "up": up,
        "down": down,
        "distance": abs(offset),
        "offset": offset,
        "behind deed": 0 < offset <= 3,  # noqa: PLR2004 - "killed late on Friday"
        "apart": head is not None and verb is not None and apart(head, verb),
        "below": verb in chain,
        "of the deed's verb": verb is not None and above is verb_of(verb),
        "of who reports": reports and above in over,
    }


def _kind(moment: Moment, calendar: Calendar) -> Clues:
    """What the moment is and how its own clause tells it, whatever the deed."""
    anchor, head, text = calendar.reading.anchor, moment.head, moment.date.text.lower()
    return (
        {
            "precision": _PRECISIONS[moment.date.precision],
            "relative": head is not None and moment.date.anchor is not None,
            "coming": moment.coming,
            "age": _age(moment.value, anchor),
            "count": min(6, calendar.times[moment.value]),
            "is first": moment.value == calendar.first,
            "headline": moment.sentence is not None and moment.sentence.passage.at == "/headline",
            "weekday": head is not None and "day" in text and "today" not in text,
            "attributive": head is not None and head.dep_ in _ATTRIBUTES,
            "ahead": _ahead(moment),
        }
        | {word: float(head is not None and word in text) for word in _WORDS}
        | _linked(head)
    )


def _ahead(moment: Moment) -> float:
    """Whether the words around it speak of what is to come: 1, of what was: 0, of neither: -1."""
    if moment.sentence is None:
        return -1
    start = moment.date.span.start - moment.sentence.passage.start
    told = ahead(moment.sentence.passage.text, start, start + len(moment.date.text))
    return -1 if told is None else told


def _linked(head: Token | None) -> Clues:
    """The words by which a moment hangs in its sentence."""
    chain = [head, *head.ancestors] if head is not None else []
    link = next((t.lower_ for t in chain if t.pos_ in {"ADP", "SCONJ"}), "")
    above = next((t for t in chain if t.pos_ in {"VERB", "AUX"}), None)
    beside = {t.lower_ for t in head.doc.tokens[max(0, head.i - 2) : head.i]} if head is not None else set()
    found: Clues = {
        "above reports": above is not None and above.lemma_.lower() in reporting(),
        "above past": above is not None and above.tag_ == "VBD",
        "above clause": CLAUSES.get(above.dep_, 10) if above is not None else -1,
    }
    found |= {f"above {name}": float(link in links) for name, links in _ABOVE.items()}
    return found | {f"beside {name}": float(not beside.isdisjoint(links)) for name, links in _BESIDE.items()}


def _age(value: str, anchor: date | None) -> float:
    """How many days before the story it began."""
    if anchor is None:
        return 0
    return max(_NEWEST, min(_OLDEST, (anchor - date.fromisoformat(f"{value}-01-01"[:10])).days))


def _bearing(telling: Telling, moment: Moment, calendar: Calendar) -> Clues:
    """What the rules and the rest of the story say of the moment for this deed."""
    sentence, value = moment.sentence, moment.value
    kin = [t for t in calendar.told if t is not telling and t.date is not None and t.date.value == value]
    back = telling.sentence.number - sentence.number if sentence is not None else _NO_SENTENCE
    return {
        "back": max(-9, min(9, back)) if sentence is not None else back,
        "same passage": sentence is not None and sentence.passage is telling.sentence.passage,
        "own sentence": sentence is not None and sentence is telling.sentence,
        "ruled": telling.date is not None and telling.date.value == value,
        "kin": min(5, len(kin)),
        "kin of type": min(5, sum(t.event_type == telling.event_type for t in kin)),
    }


def _among(words: dict[int, Token], moment: Moment, able: tuple[Moment, ...]) -> Clues:
    """How the moment compares with the others: how many stand nearer, how many lie within it, or it in them."""
    others = [m for m in able if m is not moment]
    here = [m for m in others if m.sentence is not None and m.sentence is moment.sentence]
    verb = words.get(moment.sentence.number) if moment.sentence is not None else None
    return {
        "closer": sum(_apart(m, verb) < _apart(moment, verb) for m in here) if verb is not None else 9,
        "within": sum(m.value.startswith(moment.value) for m in others),
        "within here": sum(m.value.startswith(moment.value) for m in here),
        "parts": sum(moment.value.startswith(m.value) for m in others),
    }
