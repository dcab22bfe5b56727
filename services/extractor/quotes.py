"""Direct quotations of three words or more, and who said them."""

from dataclasses import dataclass

from services.contracts import Actor, Quote
from services.extractor.attribution import Voice
from services.extractor.marks import Quoted
from services.extractor.reading import Reading
from services.extractor.sentences import Sentence
from services.extractor.speakers import speaker_of, subject_of
from services.extractor.words import Token

_SILENT = frozenset({"believe", "think", "conclude", "reckon", "count", "record", "go", "read"})


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """A quotation with its speaker and the first sentence that it touches."""

    quote: Quote
    speaker: Actor | None
    sentence: Sentence


def spoken(reading: Reading) -> tuple[Spoken, ...]:
    """Every quotation with its speaker, where the text tells one."""
    marks = reading.quoted
    found: list[Spoken] = []
    for mark in marks:
        touched = [s for s in reading.sentences if s.passage is mark.passage and _touches(s, mark)]
        if not touched:
            continue
        touched += _tail(mark, touched[-1], reading)
        inside = [q for q in marks if q.passage is mark.passage]
        speaker = None
        if not _put_to_them(mark, touched):
            speaker = (
                _speaker(mark, touched, inside, reading)
                or _said_before(mark, touched[0], reading)
                or _carried(mark, found)
            )
        span = mark.passage.span(mark.start, mark.end)
        name = speaker.name if speaker else None
        found.append(Spoken(Quote(speaker=name, span=span), speaker, touched[0]))
    return tuple(found)


def _put_to_them(mark: Quoted, touched: list[Sentence]) -> bool:
    """As in "he was asked, …?": the text does not say who asked."""
    before = [t for s in touched for t in s.words if t.idx < mark.start and not t.is_punct]
    asked = before[-1] if before else None
    return (
        asked is not None
        and asked.lower_ == "asked"
        and any(t.dep_ in {"auxpass", "nsubjpass"} for t in asked.children)
    )


def _touches(sentence: Sentence, mark: Quoted) -> bool:
    return sentence.words.start_char < mark.end and sentence.words.end_char > mark.start


def _tail(mark: Quoted, last: Sentence, reading: Reading) -> list[Sentence]:
    """What the model has cut off a quotation that ends like a sentence: "…?" she wrote."""
    after = [s for s in reading.sentences[last.number + 1 : last.number + 3] if s.passage is mark.passage]
    ends = mark.passage.text[: mark.end].rstrip("’'")[-1] in ",?!"
    return [
        s for s in after
        if s.words.start_char <= mark.end + 2 and (ends or s.text.lstrip('"” ')[:1].islower())
    ]  # fmt: skip


def _speaker(mark: Quoted, touched: list[Sentence], inside: list[Quoted], reading: Reading) -> Actor | None:
    """The nearest reporting verb's speaker outside all quotations, else the subject of the clause before the quote."""
    heard = [(v, s) for s in touched for v in reading.voices_in(s) if not _in(v.cue, inside) and _outside(v, inside)]
    heard = [(v, s) for v, s in heard if v.cue.lemma_.lower() not in _SILENT] or heard
    if heard:
        return min(heard, key=lambda pair: _distance(pair[0].cue, mark))[0].speaker
    for sentence in touched:
        verb = _verb_before(mark, sentence, inside)
        subject = subject_of(verb) if verb is not None else None
        if subject is not None and not _in(subject, inside) and subject.dep_ != "nsubjpass":
            speaker = speaker_of(subject, sentence, reading.names)
            return speaker if speaker is not None and (speaker.sector or speaker.name[:1].isupper()) else None
    return None


def _outside(voice: Voice, inside: list[Quoted]) -> bool:
    start = voice.speaker.span.start
    return not any(q.passage.start + q.start <= start < q.passage.start + q.end for q in inside)


def _in(token: Token, inside: list[Quoted]) -> bool:
    return any(q.start <= token.idx < q.end for q in inside)


def _distance(cue: Token, mark: Quoted) -> int:
    """Characters between the cue and the quote; after the quote counts as nearer."""
    return cue.idx - mark.end if cue.idx >= mark.end else mark.start - cue.idx + 10


def _verb_before(mark: Quoted, sentence: Sentence, inside: list[Quoted]) -> Token | None:
    verbs = [t for t in sentence.words if t.pos_ == "VERB" and t.idx < mark.start and not _in(t, inside)]
    return next((t for t in reversed(verbs) if subject_of(t) is not None), None)


def _carried(mark: Quoted, found: list[Spoken]) -> Actor | None:
    """The speaker of the quotation before, in the same passage or where this passage is nothing but a quotation."""
    if not found:
        return None
    before = found[-1]
    same = before.quote.span.at == mark.passage.at and mark.passage.start <= before.quote.span.start
    alone = mark.start <= 1 and mark.end >= len(mark.passage.text.rstrip()) - 2
    return before.speaker if same or (alone and before.quote.span.at == mark.passage.at) else None


def _said_before(mark: Quoted, first: Sentence, reading: Reading) -> Actor | None:
    """Who spoke last in the paragraph before one that is nothing but a quotation."""
    alone = mark.start <= 1 and mark.end >= len(mark.passage.text.rstrip()) - 2
    if not alone or not first.number:
        return None
    before = reading.sentences[first.number - 1]
    marks = [q for q in reading.quoted if q.passage is before.passage]
    voices = [v for v in reading.voices_in(before) if v.stance == "asserts" and not _in(v.cue, marks)]
    return voices[-1].speaker if voices and before.passage.at == mark.passage.at else None
