"""What films, novels and plays tell: it stands in the present tense, and nobody has done it."""

import re

from services.extractor.language.lexicon import entries
from services.extractor.language.sentences import Sentence
from services.extractor.parser.words import Token

_WORKS = frozenset({
    "film", "movie", "novel", "novella", "thriller", "sitcom", "musical", "opera", "episode", "sequel", "prequel",
    "screenplay", "melodrama", "play",
})  # fmt: skip
_TOLD_IN = _WORKS | {"book", "story", "tale", "drama", "series", "comedy", "show", "game"}
_TELLING = frozenset({"tell", "follow", "open", "begin", "start", "depict", "portray", "centre", "center", "revolve"})
_CRITICS = frozenset({
    "review", "director", "directed", "actor", "actress", "cast", "starring", "stars", "cinema", "cinemas", "plot",
    "protagonist", "heroine", "villain", "villains", "prose", "novelist", "author", "theatre", "premiere", "playwright",
    "chapter", "finale", "dialogue", "script", "pages", "published", "audience", "readers", "character", "characters",
    "performance", "performances", "act", "scenes", "thriller", "drama", "comedy", "series", "screen", "channel",
})  # fmt: skip
_ARTS = _WORKS - {"play"} | {"theatre"}
_NEWS = frozenset({"ASSAULT", "COERCE", "PROTEST", "ACCIDENT", "DISASTER", "ACCUSE", "CONCEDE"})
_WORD = re.compile(r"\w+")
_LEAD = 2  # sentences of a review in which it says what it is of
_LEAST = 3  # words of critics, and of what they write about


def reviewing(sentences: tuple[Sentence, ...]) -> bool:
    """Whether a text speaks of a film, novel or play from its beginning, in words of critics."""
    first = [s for s in sentences if s.number <= _LEAD]
    lead = {word for s in first for word in _WORD.findall(s.text.lower())}
    if not lead & (_ARTS | {"review"}) or any(map(_reports, first)):
        return False
    told = {word for s in sentences for word in _WORD.findall(s.text.lower())}
    return bool(told & _ARTS) and len(told & (_CRITICS | _WORKS)) >= _LEAST


def _reports(sentence: Sentence) -> bool:
    """Whether a sentence tells what was done on some day: "gunmen attacked a theatre on Friday"."""
    days = any(t.ent_type_ == "DATE" and t.lower_.endswith("day") for t in sentence.words)
    return days and any(t.tag_ in {"VBD", "VBN"} and _done(t) for t in sentence.words)


def _done(verb: Token) -> bool:
    past = verb.tag_ == "VBD" or any(t.dep_ == "auxpass" and t.tag_ == "VBD" for t in verb.lefts)
    return past and any(row.event_type in _NEWS for row in entries().get(("V", verb.lemma_.lower()), ()))


def imagined(word: Token, *, review: bool) -> bool:
    """Whether a deed is told of in a work: "in the film a cop shoots", "a book tells of a thief who kills".

    In a review it is all that stands in the present.
    """
    above = [word, *word.ancestors]
    about = any(of.lower_ in {"about", "of"} and of.head.lemma_ in _WORKS for of in above)
    if about and word.pos_ == "NOUN":
        return True
    return _present(above) and (review or _of_a_work(above, word))


def _of_a_work(above: list[Token], word: Token) -> bool:
    told = (verb for verb in above if verb.lemma_ in _TELLING)
    works = (t for verb in told for t in (verb.head, *(t for left in verb.lefts for t in left.subtree)))
    if any(t.lemma_ in _TOLD_IN for t in works):
        return True
    works = (t for t in word.sent if t.lemma_ in _WORKS and t.pos_ == "NOUN" and not _of_politics(t))
    return any(t.dep_ == "nsubj" or (t.dep_ == "pobj" and t.head.lower_ == "in") for t in works)


def _of_politics(work: Token) -> bool:
    """As in "the play for power", "in a tragic episode, gunmen kidnap a judge"."""
    plain = work.lemma_ == "episode" and any(t.lower_ in {"a", "an", "another"} for t in work.lefts)
    return plain or (work.lemma_ == "play" and any(t.lower_ == "for" for t in work.rights))


def _present(above: list[Token]) -> bool:
    """Whether the clause stands in the present: "shoots", "is shot", "explodes, killing two"."""
    for verb in above:
        helping = {t.tag_ for t in verb.lefts if t.dep_ in {"aux", "auxpass"}}
        perfect = any(t.lemma_ == "have" and t.dep_ == "aux" for t in verb.lefts)
        bare = verb.tag_ == "VB" and not helping and any(t.dep_ == "nsubj" for t in verb.lefts)  # "police arrest him"
        if bare or verb.tag_ in {"VBZ", "VBP"} or helping & {"VBZ", "VBP"}:
            return not perfect
        if verb.tag_ in {"VBD", "MD"} or helping & {"VBD", "MD"}:
            return False
    return False
