"""Direct quotations of three words or more, and who said them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.contracts import Actor, Quote
from services.extractor.language.marks import Quoted
from services.extractor.language.sentences import Sentence
from services.extractor.parser.words import Token
from services.extractor.story.attribution import Voice, quoted_by
from services.extractor.story.entities import actor_of
from services.extractor.story.reading import Reading
from services.extractor.story.speakers import speaker_of, subject_of

_SILENT = frozenset({"believe", "think", "conclude", "reckon", "count", "record", "go", "read"})
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_BESIDE = 8  # words behind a quotation among which its verb stands


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """A quotation with its speaker and the first sentence that it touches."""

    quote: Quote
    speaker: Actor | None
    sentence: Sentence


def spoken(reading: Reading) -> tuple[Spoken, ...]:
    """Every quotation with its speaker, where the text tells one."""
    found: list[Spoken] = []
    begun = 0  # where the quotation begins that runs on over paragraphs
    for mark in reading.quoted:
        touched = [s for s in reading.sentences if s.passage is mark.passage and _touches(s, mark)]
        if not touched:
            continue
        touched += _tail(mark, touched[-1], reading)
        asked = _put_to_them(mark, touched)
        own = None if asked else _speaker(mark, touched, reading)
        found.append(_spoken(mark, own or (None if asked else _carried(mark, found)), touched[0]))
        if _alone(mark) and mark.end == len(mark.passage.text):
            continue
        if own is not None:
            found[begun:] = [_by(own, one) for one in found[begun:]]
        begun = len(found)
    return tuple(found)


def _by(speaker: Actor, one: Spoken) -> Spoken:
    return replace(one, speaker=speaker, quote=replace(one.quote, speaker=speaker.name))


def _spoken(mark: Quoted, speaker: Actor | None, sentence: Sentence) -> Spoken:
    quote = Quote(speaker=speaker.name if speaker else None, span=mark.passage.span(mark.start, mark.end))
    return Spoken(quote, speaker, sentence)


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
        if s.words.start_char <= mark.end + 2 and (_goes_on(s, reading) if ends else _in_small(s))
    ]  # fmt: skip


def _in_small(sentence: Sentence) -> bool:
    return sentence.text.lstrip('"” ')[:1].islower()


def _goes_on(sentence: Sentence, reading: Reading) -> bool:
    """Whether a sentence tells who has asked what stands before it: "she wrote.", "Jane Doe asked."."""
    first = sentence.words.start
    return _in_small(sentence) or any(v.cue.i < first + _BESIDE for v in reading.voices_in(sentence))


def _speaker(mark: Quoted, touched: list[Sentence], reading: Reading) -> Actor | None:
    """The nearest reporting verb's speaker outside all quotations, else whom the words around the quote point to."""
    inside = [q for q in reading.quoted if q.passage is mark.passage]
    heard = [(v, s) for s in touched for v in reading.voices_in(s) if not _in(v.cue, inside) and _outside(v, inside)]
    heard = [(v, s) for v, s in heard if v.cue.lemma_.lower() not in _SILENT] or heard
    if heard:
        nearest = min(heard, key=lambda pair: _distance(pair[0].cue, mark))[0]
        return (quoted_by(nearest, [v for v, _ in heard]) or nearest).speaker
    return (
        _behind(mark, touched, reading)
        or _in_front(mark, touched, inside, reading)
        or _introduced(mark, touched, reading)
        or _said_before(mark, touched[0], reading)
    )


def _behind(mark: Quoted, touched: list[Sentence], reading: Reading) -> Actor | None:
    """Whoever does what follows a quotation that ends in a comma: "…,” lamented Jane Doe", "…?” asks the angel"."""
    if mark.passage.text[mark.end - 1] not in ",?!" and mark.passage.text[mark.end + 1 : mark.end + 2] != ",":
        return None
    for sentence in touched:
        after = [t for t in sentence.words if t.idx >= mark.end and not t.is_punct][:_BESIDE]
        verb = next((t for t in after if t.tag_ in _FINITE), None)
        subject = subject_of(verb) if verb is not None else None
        if subject in after and subject is not None:
            return speaker_of(subject, sentence, reading.names)
    return None


def _in_front(mark: Quoted, touched: list[Sentence], inside: list[Quoted], reading: Reading) -> Actor | None:
    """The subject of the clause before the quotation, "hailed “…”"; a pronoun for nobody leaves it to the one above."""
    for sentence in touched:
        for subject in _subjects_before(mark, sentence, inside):
            speaker = speaker_of(subject, sentence, reading.names)
            if speaker is not None or subject.pos_ != "PRON":
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


def _introduced(mark: Quoted, touched: list[Sentence], reading: Reading) -> Actor | None:
    """The one person whom the words before a colon name: "For Jane Doe it was plain: “…”"."""
    opened = mark.passage.text[: mark.start - 1].rstrip().endswith(":")
    first = touched[0]
    here = [m for m in reading.names.mentions if m.person and m.at[0] == first.number] if opened else []
    before = [m for m in here if first.words.doc.tokens[m.at[1]].idx < mark.start]
    if len({m.name for m in before}) != 1:
        return None
    return actor_of(first.words.doc.tokens[before[0].at[1]], first, reading.names)


def _subjects_before(mark: Quoted, sentence: Sentence, inside: list[Quoted]) -> Iterator[Token]:
    """The subjects of the verbs before a quotation, the nearest verb's first, as far as they do what it tells."""
    verbs = [t for t in sentence.words if t.pos_ == "VERB" and t.idx < mark.start and not _in(t, inside)]
    found = (subject_of(verb) for verb in reversed(verbs))
    return (t for t in found if t is not None and not _in(t, inside) and t.dep_ != "nsubjpass")


def _carried(mark: Quoted, found: list[Spoken]) -> Actor | None:
    """The speaker of the quotation before, in the same passage or where this passage is nothing but a quotation."""
    if not found:
        return None
    before = found[-1]
    same = before.quote.span.at == mark.passage.at and mark.passage.start <= before.quote.span.start
    return before.speaker if same or (_alone(mark) and before.quote.span.at == mark.passage.at) else None


def _said_before(mark: Quoted, first: Sentence, reading: Reading) -> Actor | None:
    """Who spoke, or whom it was about, in the sentence before one that begins with a quotation."""
    if not first.number or mark.start > first.words.start_char + 1:
        return None
    before = reading.sentences[first.number - 1]
    if before.passage.at != mark.passage.at:
        return None
    marks = [q for q in reading.quoted if q.passage is before.passage]
    voices = [v for v in reading.voices_in(before) if v.stance == "asserts" and not _in(v.cue, marks)]
    return voices[-1].speaker if voices else _topic(before, marks, reading)


def _topic(sentence: Sentence, marks: list[Quoted], reading: Reading) -> Actor | None:
    """The person whom a sentence is about: "She shook her head.", before what she says."""
    subject = subject_of(sentence.words.root)
    if subject is None or _in(subject, marks):
        return None
    actor = actor_of(subject, sentence, reading.names)
    return actor if actor is not None and actor.name in reading.names.persons else None


def _alone(mark: Quoted) -> bool:
    """Whether a paragraph is nothing but the quotation."""
    return mark.start <= 1 and mark.end >= len(mark.passage.text.rstrip()) - 2
