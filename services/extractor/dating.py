"""The day of an event that names none itself: that of the story around it."""

from dataclasses import replace

from services.contracts import EventDate
from services.extractor.days import days
from services.extractor.merging import Telling
from services.extractor.reading import Reading
from services.extractor.sentences import Sentence

_BACK = 3  # sentences over which a day that was told goes on
_LEAD = 3  # sentences of the body in which the news stands
_NEWS = 8  # sentences in which a story says on which day its news was
_HAPPENED = frozenset({"happened", "ongoing"})


def dated(told: tuple[Telling, ...], reading: Reading) -> tuple[Telling, ...]:
    """The tellings, those of deeds done without a day of their own with the day that the text told last.

    The lead has the day of the news: the first that the story names, else the day of the story itself.
    """
    days_of = [_day(sentence, reading) for sentence in reading.sentences]
    return tuple(
        telling if telling.date is not None or telling.realis not in _HAPPENED else _carried(telling, reading, days_of)
        for telling in told
    )


def _carried(telling: Telling, reading: Reading, days_of: list[EventDate | None]) -> Telling:
    number = telling.sentence.number
    if days_of[number] is not None:
        return telling  # the day of something else in its sentence: of who speaks of it, of what came after
    at = telling.sentence.passage.at
    near = [n for n in range(number - 1, max(-1, number - _BACK - 1), -1) if reading.sentences[n].passage.at == at]
    told = next((date for n in near if (date := days_of[n]) is not None), None)
    if told is None and _leads(telling, reading):
        first = next((date for date in days_of[: _NEWS + 1] if date is not None), None)
        told = first or _of_the_story(telling, reading)
    return replace(telling, date=told)


def _leads(telling: Telling, reading: Reading) -> bool:
    body = next((s.number for s in reading.sentences if s.passage.at == "/body"), 0)
    return telling.told[0] < body + _LEAD


def _day(sentence: Sentence, reading: Reading) -> EventDate | None:
    """The first day that a sentence names in the words of the news: "on Tuesday", "last night"."""
    passage, anchor = sentence.passage, reading.anchor
    found = (d for d in days(sentence.words.text, anchor) if d.precision == "day" and d.relative)
    day = next(found, None)
    if day is None or anchor is None:
        return None
    start = sentence.words.start_char
    span = passage.span(start + day.start, start + day.end)
    return EventDate(text=span.text, span=span, value=day.value, precision="day", anchor=anchor.isoformat())


def _of_the_story(telling: Telling, reading: Reading) -> EventDate | None:
    """The day of the story; nothing is printed of it but the event itself."""
    if reading.anchor is None:
        return None
    span = telling.sentence.between(*telling.trigger.words)
    day = reading.anchor.isoformat()
    return EventDate(text=span.text, span=span, value=day, precision="day", anchor=day)
