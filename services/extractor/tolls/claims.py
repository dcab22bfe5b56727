"""Figures of people hurt or held, and who gives them."""

import re
from dataclasses import dataclass, replace

from services.contracts import Actor, Claim, Claimant, Stance
from services.extractor.language.fiction import imagined
from services.extractor.language.sentences import Sentence
from services.extractor.parser.words import Token
from services.extractor.story.attribution import Voice, source_type, voice_over
from services.extractor.story.entities import QUANTITIES, Names, bare, phrase_ends, referent, thing
from services.extractor.story.quotes import Spoken
from services.extractor.story.reading import Reading
from services.extractor.tolls.counts import Count
from services.extractor.tolls.harms import harm
from services.extractor.tolls.tolls import tolls
from services.extractor.world.gazetteer import words

_ANYONE = words("anyone")
_WAS_HIT_AND_DIED = ("injured", "dead")
_GOES_ON = 2  # sentences over which "another five were killed" goes on from what somebody said
_FURTHER = re.compile(
    r"^(?:Another|A further|Also|(?:The )?\w+ (?:others|more)|In addition)\b|\b(?:was|were) also\b"
    r"|^The (?:\w+ ){0,3}(?:attack|strike|blast|raid|explosion|bombing|clashe)s?\b|^The shelling\b"
    r"|\bin the (?:attack|blast|clashe|strike|raid)s?\b|\bamong (?:those|the) (?:killed|dead|injured|wounded)\b"
)
_LONG = "(?:war|conflict|uprising|crisis|insurgency|rebellion|epidemic|pandemic|outbreak)"  # no one deed
_RECORD = re.compile(  # "in the bloodiest attack on the alliance this year" tells of one deed
    r"\b(?:deadliest|bloodiest|heaviest|worst|biggest|largest|most \w+) (?!month|week|year)\w+(?: [\w'’-]+){0,7}?"
    r" (?:this year|this month|in (?:\w+ ){0,2}(?:weeks|months|years|decades))\b"
)
_TODAY = frozenset({"dawn", "sunrise", "morning", "midnight", "noon", "yesterday", "today"})
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day")
_TOTAL = re.compile(
    r"\bbetween \d{4} and \d{4}\b|\bin \w+ years\b|\b(?:has|have) so far\b|\bthis (?:year|month)\b"
    r"|\b(?:over|past|last) (?:\w+ )?(?:weeks|months?|years?|decades?)\b"
    r"|\b(?:years?|months|decades?) of\b|\boverall\b|\bin its \w+ year\b"
    rf"|\b{_LONG} (?:in (?:\w+ ){{1,3}})?(?:has|have|had|that|which|began|erupted)\b(?! when)"
    rf"|\bin (?:the|its|[A-Z]\w+)(?:['’]s)?(?: \w+)? {_LONG}\b"
    rf"|\b(?:in|from|of|since|during) (?:\w+ ){{1,2}}?\w+-(?:year|month|week|day)(?:-old)? {_LONG}\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """A claim, the sentence that makes it and the word that shows its kind.

    `known`: whether its words point back to one person told of before ("the man", "his son"), `pronoun`: as "he" does,
    `definite`: whether they point back to a figure ("the two dead men").
    """

    claim: Claim
    sentence: Sentence
    trigger: Token
    known: bool = False
    pronoun: bool = False
    definite: bool = False


def counted(reading: Reading, said: tuple[Spoken, ...]) -> tuple[Counted, ...]:
    """Every claim of the article, in the order of the text.

    A headline's figure counts only where the text does not repeat it.
    """
    found: list[Counted] = []
    figured = tolls(reading.sentences)
    for sentence in reading.sentences:
        heard = reading.voices_in(sentence)
        for count in figured[sentence.number]:
            if sentence.passage.at == "/body" and imagined(count.trigger, review=reading.review):
                continue
            quoted = _quoting(count, sentence, said)
            if _he(count.node) and _in_marks(count, sentence, reading):
                continue
            if _speaks(count, heard):
                continue
            voice = None if quoted else _own_voice(count, heard) or voice_over(count.trigger, heard)
            speaker = quoted or (voice.speaker if voice else None) or _going_on(sentence, reading)
            speaker = _with_others(speaker, voice, sentence)
            one = _with_victims(_counted(count, sentence, speaker, voice), found)
            found.append(_under_name(one, count.node, reading.names) if one.pronoun else one)
    kept = [one for one in found if not _repeated(one, found)]
    return tuple(one for i, one in enumerate(kept) if not any(_again(one, other) for other in kept[:i]))


def _speaks(count: Count, heard: tuple[Voice, ...]) -> bool:
    """Whether one person counted only says so: "… killed two a monitor and a local official said"."""
    if not count.figure.min == count.figure.max == 1 or count.trigger in count.node.subtree:
        return False
    spoke = [v.subject for v in heard if v.subject is not None and v.cue not in count.node.subtree]
    return any(t is count.node or (t.dep_ == "appos" and t.head is count.node) for t in spoke)


def _own_voice(count: Count, heard: tuple[Voice, ...]) -> Voice | None:
    """Whoever gives the figure, behind the word that says what it counts: "… died, while Moscow puts it at 62"."""
    told = {count.trigger, *count.trigger.ancestors}
    above = [t for t in count.node.ancestors if t.i < count.node.i and (t.i > count.trigger.i or t not in told)]
    mine = [v for v in heard if v.cue in above]
    return min(mine, key=lambda v: above.index(v.cue), default=None)


def _with_others(speaker: Actor | None, voice: Voice | None, sentence: Sentence) -> Actor | None:
    """The speaker with those who say it too: "his lawyer and a press freedom group said"."""
    subject = _spoken_by(voice) if voice is not None else None
    if speaker is None or voice is None or voice.speaker is not speaker or subject is None:
        return speaker
    either = any(t.lower_ == "or" for t in subject.rights)
    end = voice.cue.i if voice.cue.i > subject.i else subject.sent.end
    joined = [t for t in subject.conjuncts if subject.i < t.i < end and not either and t.pos_ != "NUM"]
    if not joined or subject.sent is not sentence.words:
        return speaker
    found = [speaker.name]
    for more in (bare(sentence.between(*phrase_ends(t)).text) for t in joined):
        found += [more] if more and not any(more in name for name in found) else []
    return replace(speaker, name=" and ".join(found))


def _spoken_by(voice: Voice) -> Token | None:
    """The word for who speaks, also behind "according to"."""
    to = next((t for t in voice.cue.rights if t.lower_ == "to"), None) if voice.cue.lower_ == "according" else None
    return next((t for t in to.rights if t.dep_ == "pobj"), None) if to is not None else voice.subject


def _going_on(sentence: Sentence, reading: Reading) -> Actor | None:
    """Who still speaks: "Another five were killed" goes on from what somebody said shortly before in its paragraph."""
    if reading.voices_in(sentence) or not _FURTHER.search(sentence.text):
        return None
    near = reading.sentences[max(0, sentence.number - _GOES_ON) : sentence.number]
    voices = [v for s in near if _in_one_paragraph(s, sentence) for v in reading.voices_in(s)]
    asserted = [v for v in voices if v.stance == "asserts"]
    return asserted[-1].speaker if asserted else None


def _in_one_paragraph(one: Sentence, other: Sentence) -> bool:
    between = one.passage.text[one.words.end_char : other.words.start_char]
    return one.passage is other.passage and "\n" not in between


def _quoting(count: Count, sentence: Sentence, said: tuple[Spoken, ...]) -> Actor | None:
    """The speaker of the quotation in which the figure stands."""
    at = sentence.between(count.trigger, count.trigger)
    around = [s for s in said if s.quote.span.at == at.at and s.quote.span.start <= at.start < s.quote.span.end]
    return around[0].speaker if around else None


def _in_marks(count: Count, sentence: Sentence, reading: Reading) -> bool:
    """Whether the figure stands in a quotation."""
    at = count.node.idx
    return any(mark.passage is sentence.passage and mark.start <= at < mark.end for mark in reading.quoted)


def _repeated(one: Counted, found: list[Counted]) -> bool:
    """Whether a headline's figure is told again, more fully, below it."""
    if one.sentence.passage.at != "/headline":
        return False
    below = [o.claim for o in found if o.sentence.passage.at != "/headline" and o.claim.kind == one.claim.kind]
    return any(_rounds(one.claim, claim) for claim in below)


def _rounds(short: Claim, full: Claim) -> bool:
    """Whether a headline's "dozens" or "more than 50" is the text's "at least 51"."""
    if {short.min, short.max} & ({full.min, full.max} - {None}):
        return True
    low, exact = short.min or 0, full.min or full.max or 0
    vague = short.approx or short.max is None
    return vague and low <= exact <= (5 if short.approx else 1.3) * low


def _again(one: Counted, other: Counted) -> bool:
    """Whether a figure was told before: by the same claimant, of the same people, or in the same words."""
    if one.pronoun and (other.claim.kind == one.claim.kind or (one.claim.kind, other.claim.kind) == _WAS_HIT_AND_DIED):
        return other.claim.min == other.claim.max == 1
    if _same_name(one.claim, other.claim) or (one.definite and _same_figure(one.claim, other.claim)):
        return True
    if one.known and (one.claim.kind, one.claim.claimant) == (other.claim.kind, other.claim.claimant):
        return other.claim.min == other.claim.max == 1 and _may_be(one.claim.victims, other.claim.victims)
    return one.sentence.number != other.sentence.number and _printed_again(one, other)


def _printed_again(one: Counted, other: Counted) -> bool:
    """Whether two sentences give one figure: in the same words, or by the same claimant of the same people."""
    if not of_same_people(one.claim, other.claim):
        return False
    if _FURTHER.search(one.sentence.text) or _FURTHER.search(other.sentence.text):
        return False
    return (one.claim.min or one.claim.max or 0) > 2 or one.claim.victims == other.claim.victims  # noqa: PLR2004 - one or two


def _same_name(again: Claim, before: Claim) -> bool:
    """Whether two claims are of one person's fate, called by one name: "Jane Doe", "Doe"."""
    one = all(claim.min == claim.max == 1 for claim in (again, before)) and again.kind == before.kind
    last, same = ((claim.victims or "").rpartition(" ")[2] for claim in (again, before))
    return one and last == same and last[:1].isupper()


def _same_figure(again: Claim, before: Claim) -> bool:
    """Whether "the two dead men" are the two told of before: of whom nobody else tells now."""
    same = (again.kind, again.min, again.max) == (before.kind, before.min, before.max)
    return same and again.claimant.text in {"narrator", before.claimant.text}


def _may_be(again: str | None, before: str | None) -> bool:
    """Whether "the man", "his son" may be the one told of before: by a shared word, or by words for anybody."""
    ours, theirs = ({*(name or "").lower().split()} for name in (again, before))
    return bool(ours & theirs) or ours <= _ANYONE


def _under_name(one: Counted, pronoun: Token, known: Names) -> Counted:
    """The claim about "him" under the name that he has."""
    return replace(one, claim=replace(one.claim, victims=referent(pronoun, one.sentence, known)))


def _counted(count: Count, sentence: Sentence, speaker: Actor | None, voice: Voice | None) -> Counted:
    figure = count.figure
    stance: Stance = voice.stance if voice else "asserts"
    claim = Claim(
        kind=count.kind, min=figure.min, max=figure.max, approx=figure.approx, qualifier=figure.qualifier,
        victims=_victims(count, sentence), claimant=_claimant(speaker), stance=stance,
        cumulative=_cumulative(count, sentence), span=sentence.span,
    )  # fmt: skip
    return Counted(claim, sentence, count.trigger, _known(count), _he(count.node), _definite(count, sentence))


def _he(node: Token) -> bool:
    return node.pos_ == "PRON" and node.lower_ != "another"


def _definite(count: Count, sentence: Sentence) -> bool:
    """As in "the two dead men", "all nine"."""
    start = count.figure.start
    return start > 0 and sentence.words[start - 1].lower_ in {"the", "these", "those", "all"}


def running(sentence: Sentence) -> bool:
    """Whether a sentence may tell of more than one deed: of a war, a year, or all that happened since a day."""
    return _TOTAL.search(sentence.text) is not None or any(t.lower_ == "since" for t in sentence.words)


def _cumulative(count: Count, sentence: Sentence) -> bool:
    """Whether the figure is a running total, of a war or a year, and not of a day or two."""
    if count.figure.min == count.figure.max == 1:
        return False
    return bool(_TOTAL.search(_RECORD.sub("", sentence.text))) or any(_since(t, count) for t in sentence.words)


def _since(word: Token, count: Count) -> bool:
    """As in "killed since the war began", not "killed since dawn", "in the deadliest raid since May"."""
    told = word.head.head if word.dep_ in {"mark", "advmod"} else word.head
    told = told.head if told.dep_ == "conj" and told is not count.trigger else told  # "killed and 40 wounded since …"
    if word.lower_ != "since" or told not in {count.trigger, count.node, *count.trigger.ancestors}:
        return False
    if any(t.tag_ == "JJS" for t in word.doc[max(word.sent.start, word.i - 8) : word.i]):
        return False
    behind = word.doc[word.i + 1 : min(word.i + 4, word.sent.end)]
    days = any(t.lower_ in _TODAY or _WEEKDAY.match(t.lower_) for t in behind)
    return not days and (word.i == word.sent.start or word.nbor(-1).lower_ != "ever")


def _with_victims(one: Counted, before: list[Counted]) -> Counted:
    """The claim with those whom the figure before it counts: "nine people were killed and 13 wounded"."""
    here = [o for o in before if o.sentence is one.sentence]
    last = next((o for o in here if o.claim.victims and o.claim.kind == here[-1].claim.kind), None)
    if one.claim.victims or last is None or last.claim.kind == one.claim.kind:
        return one
    return replace(one, claim=replace(one.claim, victims=last.claim.victims))


def _known(count: Count) -> bool:
    head = thing(count.node)
    if _he(head):
        return True
    one = count.figure.min == count.figure.max == 1 and head.tag_ == "NN"
    return one and any(t.lower_ in {"the", "this", "that"} or t.dep_ == "poss" for t in head.lefts)


def _claimant(speaker: Actor | None) -> Claimant:
    if speaker is None:
        return Claimant(text="narrator", source_type="narrator")
    return Claimant(text=speaker.name, source_type=source_type(speaker.name, speaker.sector))


def _victims(count: Count, sentence: Sentence) -> str | None:
    """Whom the figure counts: the noun's phrase without the figure."""
    head = thing(count.node)
    if head.dep_ == "appos" and count.figure.max != 1:
        head = count.node  # "20 people, eight of them Hazaras"
    if count.last is not None:
        return sentence.between(head.left_edge, phrase_ends(thing(count.last))[1]).text
    if head.lower_ in {"them", "whom"} and head.i + 1 < len(head.doc) and head.nbor().pos_ == "NOUN":
        return head.nbor().text
    if head.lower_ == "others":
        return "others"
    whom = _who_they_were(count.node) or head
    if _names_nobody(whom) or not (whom.ent_type_ == "PERSON" or whom.pos_ in {"NOUN", "PROPN"}):
        return None
    return bare(sentence.between(*phrase_ends(whom)).text) or None


def _names_nobody(head: Token) -> bool:
    """Whether a noun only counts, says what became of them, or is who tells it: "wounding 13 police said"."""
    tells = head.dep_ == "nsubj" and head.head.i == head.i + 1 and head.head.lemma_ in {"say", "report", "add"}
    told = harm("state", head.lower_) or harm("noun", head.lemma_) or harm("toll", head.lemma_)
    return tells or told is not None or head.lemma_.lower() in QUANTITIES


def _who_they_were(node: Token) -> Token | None:
    """As in "five of those killed were children"."""
    told = node.pos_ == "NUM" and node.dep_ == "nsubj" and node.head.lemma_ == "be"
    told = told and any(t.lower_ == "of" for t in node.rights)
    return next((t for t in node.head.rights if t.dep_ == "attr" and t.pos_ == "NOUN"), None) if told else None


def of_same_people(one: Claim, other: Claim) -> bool:
    """Whether two claims say the same figure from the same claimant: written once."""
    same = (one.kind, one.min, one.max, one.claimant) == (other.kind, other.min, other.max, other.claimant)
    people = {(one.victims or "").lower(), (other.victims or "").lower()} - {""}
    return same and len(people) < 2  # noqa: PLR2004 - no two
