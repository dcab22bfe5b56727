"""The day of an event: of all days that the story names, and its own, the one for which most speaks, or none."""

from dataclasses import replace

from services.contracts import EventDate
from services.extractor.language.sentences import Sentence
from services.extractor.listing.merging import Telling
from services.extractor.setting.day_clues import Calendar, Moment, clues, moments, of_the_story
from services.extractor.setting.deeds import exactness, likeliest
from services.extractor.story.reading import Reading

_BACK = 3  # sentences over which a day that was told goes on
_LEAD = 3  # sentences of the body in which the news stands
_NEWS = 8  # sentences in which a story says on which day its news was
_HAPPENED = frozenset({"happened", "ongoing"})
SOME_DAY = 1.1  # by how much no day must be likelier than any


def dated(told: tuple[Telling, ...], reading: Reading) -> tuple[Telling, ...]:
    """The tellings, each with the likeliest day; those of which the text gives none without one."""
    calendar = Calendar(reading, told)
    able = {telling: found for telling in told if (found := moments(telling, calendar))}
    rows = [clues(telling, found, calendar, ruled(telling, calendar)) for telling, found in able.items()]
    best = zip(able.items(), rows, likeliest("days", rows, SOME_DAY), strict=True)
    finest = (
        (telling, found, row, _finest(at, found, telling)) for (telling, found), row, at in best if at is not None
    )
    chosen = [(telling, found[at].date, row[at]) for telling, found, row, at in finest]
    sure = exactness("days", [row for *_, row in chosen])
    dates = {telling: replace(day, confidence=likely) for (telling, day, _), likely in zip(chosen, sure, strict=True)}
    return tuple(replace(telling, date=dates.get(telling)) for telling in told)


def _finest(at: int, able: tuple[Moment, ...], telling: Telling) -> int:
    """Of a deed of "last week" the one day that its sentences name for it: "abducted on Friday"."""
    if "week" not in able[at].date.text.lower():
        return at
    told = [(n, m) for n, m in enumerate(able) if m.sentence is not None and m.sentence.number in telling.told]
    days = [n for n, m in told if m.date.precision == "day" and m.value.startswith(able[at].value)]
    return days[0] if len(days) == 1 else at


# -- what the rules say


def ruled(telling: Telling, calendar: Calendar) -> EventDate | None:
    """The day of its own sentence; of a deed done, else the day that the text told last.

    The lead has the day of the news: the first that the story names, else the day of the story itself.
    """
    if telling.date is not None or telling.realis not in _HAPPENED:
        return telling.date
    reading, number = calendar.reading, telling.sentence.number
    if _day(telling.sentence, calendar) is not None:
        return None  # the day of something else in its sentence: of who speaks of it, of what came after
    before = reading.sentences[max(0, number - _BACK) : number]
    near = [s for s in reversed(before) if s.passage.at == telling.sentence.passage.at]
    told = next((day for s in near if (day := _day(s, calendar)) is not None), None)
    if told is None and _leads(telling, calendar):
        news = (day for s in reading.sentences[: _NEWS + 1] if (day := _day(s, calendar)) is not None)
        told = next(news, None) or next((m.date for m in of_the_story(telling, reading.anchor)), None)
    return told


def _leads(telling: Telling, calendar: Calendar) -> bool:
    return telling.told[0] < calendar.reading.begins + _LEAD


def _day(sentence: Sentence, calendar: Calendar) -> EventDate | None:
    """The first day that a sentence names in the words of the news: "on Tuesday", "last night"."""
    named = (m.date for m in calendar.moments[sentence.number] if not m.coming and m.date.precision == "day")
    return next((day for day in named if day.anchor is not None), None)
