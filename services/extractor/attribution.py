"""Who vouches for what a sentence says."""

import re
from dataclasses import dataclass, replace
from functools import cache

from spacy.tokens import Token

from services.contracts import Actor, Attribution, SourceType, Span, Stance
from services.extractor.entities import Names, actor_of, is_person, sector_of, thing
from services.extractor.gazetteer import names, rows, sectors, words
from services.extractor.sentences import Sentence
from services.extractor.speakers import speaker_of, speaking, subject_of

_INFORMANTS = words("informants")
_HE = frozenset({"he", "she", "i"})
_IT = frozenset({"it", "they", "who", "which", "we"})
_GENERIC = re.compile(
    r"(?:(?:uk|britain|london|british)-based )?(?:same |human |rights |war )*(?:monitoring )?"
    r"(?:group|monitor|monitors|organi[sz]ation|watchdog|agency|network|statement|body|charity)"
)
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_WATCHING = re.compile(r"\b(?:monitor(?:s|ing)?|watchdog)\b")
_BODIES = frozenset({"group", "organisation", "organization", "body", "network"})
_FAR = 6  # sentences over which "he" may reach back
_TAIL = 14  # tokens at a sentence's end in which ", X said" may stand

_BY_SECTOR: dict[str, SourceType] = {
    "GOV": "government", "LEG": "government", "JUD": "government", "COP": "government", "MIL": "military",
    "REB": "rebel", "NGO": "ngo", "MED": "agency", "HLH": "medic", "UAF": "rebel",
}  # fmt: skip
_BY_WORDS: tuple[tuple[re.Pattern[str], SourceType], ...] = (
    (re.compile(r"\b(?:unnamed|anonymous|anonymity|unidentified)\b"), "unnamed"),
    (re.compile(r"\b(?:medic(?:al|s)?|doctors?|hospitals?|health|ambulance|rescue(?:rs)?)\b"), "medic"),
    (re.compile(r"\b(?:witness(?:es)?|residents?|villagers?|locals?|survivors?)\b"), "witness"),
    (re.compile(r"\bsources?\b"), "unnamed"),
    (re.compile(r"\b(?:army|military|navy|air force|troops|pentagon)\b"), "military"),
    (re.compile(r"\b(?:activists?|monitors?|monitoring|observatory|charity)\b"), "ngo"),
    (re.compile(r"\b(?:news agency|state media|state tv|television|newspaper|media|reports?)\b"), "agency"),
)


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who speaks: who, by which word, and whether they vouch for what follows or deny it.

    `at` is the cue's place in the article, (sentence number, token number).
    """

    speaker: Actor
    cue: Token
    stance: Stance
    via: str | None = None
    person: bool = False
    at: tuple[int, int] = (0, 0)


@cache
def reporting() -> dict[str, Stance]:
    """The reporting verbs and the stance that they take."""
    table: dict[str, Stance] = {}
    for stance, lemmas in rows("reporting.tsv"):
        held: Stance = "denies" if stance == "denies" else "disputes" if stance == "disputes" else "asserts"
        table |= dict.fromkeys(lemmas.split(), held)
    return table


def source_type(name: str, sector: str | None) -> SourceType:
    """What kind of source a phrase names."""
    low = name.lower()
    by_words = next((kind for pattern, kind in _BY_WORDS if pattern.search(low)), None)
    return by_words or _BY_SECTOR.get(sector or "", "other")


@dataclass(frozen=True, slots=True)
class Before:
    """What a sentence follows on: the voices before it, the last sentence, and which words stand in quotations."""

    voices: tuple[Voice, ...] = ()
    previous: Sentence | None = None
    inside: frozenset[tuple[int, int]] = frozenset()


def voices(sentence: Sentence, known: Names, context: Before) -> tuple[Voice, ...]:
    """Everybody who speaks in the sentence, in the order of their cues."""
    found: list[Voice] = []
    for token in sentence.words:
        voice = _voice(token, sentence, known)
        if voice is not None:
            before = (*context.voices, *(v for v in found if v.at not in context.inside))
            recalled = _recalled(replace(voice, at=(sentence.number, token.i)), before, known)
            found.append(_topic(recalled, context.previous, found, known) or recalled)
    return tuple(voice for voice in found if voice.speaker.name.lower() not in _HE | _IT)


def _recalled(voice: Voice, before: tuple[Voice, ...], known: Names) -> Voice:
    """The voice under its full name: "he said" is the last person who spoke, "the group said" the last body."""
    low = voice.speaker.text.lower()
    if low in _HE:
        return _same_person(voice, before, known)
    if low in _IT:
        towns = known.placed if low == "they" else frozenset()
        last = next((v for v in reversed(before) if not v.person and v.speaker.name not in towns), None)
        return _under(voice, last)
    if voice.speaker.name in known.persons:
        return replace(voice, person=True)
    if known.monitor is not None and voice.speaker.name.endswith("Observatory"):
        return replace(voice, speaker=replace(voice.speaker, name=known.monitor, sector="NGO"), person=False)
    name = known.titles.get(low) or (known.titles.get(low.rsplit(maxsplit=1)[-1]) if _definite(voice) else None)
    if name is not None:
        return replace(voice, speaker=replace(voice.speaker, name=name), person=True)
    if voice.speaker.text != low and not _GENERIC.fullmatch(low):
        return _agency(voice, known) or voice
    return _common(voice, before, known)


def _definite(voice: Voice) -> bool:
    """Whether the speaker is "the …": somebody whom the text has named."""
    before = [t for t in voice.cue.sent if t.idx < voice.cue.idx] or [voice.cue]
    phrase = voice.cue.doc.text[before[0].idx : voice.cue.sent.end_char]
    return f"the {voice.speaker.text}" in phrase or f"The {voice.speaker.text}" in phrase


def _under(voice: Voice, last: Voice | None) -> Voice:
    if last is None:
        return voice
    name, land, sector = last.speaker.name, last.speaker.country, last.speaker.sector
    return replace(voice, speaker=replace(voice.speaker, name=name, country=land, sector=sector), person=last.person)


def _same_person(voice: Voice, before: tuple[Voice, ...], known: Names) -> Voice:
    """Who "he" is: the person who spoke or was the topic of a sentence last."""
    last = next((v for v in reversed(before) if v.person and not _relative(v.cue) and v.cue.dep_ != "acl"), None)
    since = last.at if last is not None else (voice.at[0] - _FAR, 0)
    topics = [m for m in known.mentions if m.person and m.topic and since < m.at < voice.at]
    if not topics:
        return _under(voice, last)
    name = topics[-1].name
    speaker = replace(
        voice.speaker, name=name, country=known.countries.get(name), sector=known.sectors.get(name)
    )
    return replace(voice, speaker=speaker, person=True)


def _common(voice: Voice, before: tuple[Voice, ...], known: Names) -> Voice:
    """Whom a common noun means: "a monitoring group", "the jihadist group", "the source", "the state news agency"."""
    low = voice.speaker.text.lower()
    last = low.rsplit(maxsplit=1)[-1]
    if known.monitor is not None and (_WATCHING.search(low) or (last in _BODIES and _watches(voice.cue))):
        return replace(voice, speaker=replace(voice.speaker, name=known.monitor, sector="NGO"), person=False)
    if last in _BODIES and sector_of(low) == "REB" or low in {"group", "militant group", "jihadist group"}:
        armed = [m.name for m in known.mentions if m.at < voice.at and _sector(m.name) == "REB"]
        if armed and not any(not v.person and v.at[0] == voice.at[0] for v in before):
            return replace(voice, speaker=replace(voice.speaker, name=armed[-1], sector="REB"))
    fuller = next((v for v in reversed(before) if last in v.speaker.name.split() and v.speaker.name != low), None)
    if fuller is not None and fuller.speaker.name.islower() is False:
        return _under(voice, fuller)
    if _GENERIC.fullmatch(low):
        return _under(voice, next((v for v in reversed(before) if not v.person), None))
    return _agency(voice, known) or voice


def _agency(voice: Voice, known: Names) -> Voice | None:
    """As in "the official Syrian news agency": the one of that country that the article names."""
    low = voice.speaker.text.lower()
    if not low.endswith(("news agency", "state media", "state agency", "state television", "state tv")):
        return None
    land = voice.speaker.country or known.home
    named = [m.name for m in known.mentions if _sector(m.name) == "MED" and _country(m.name) == land]
    return replace(voice, speaker=replace(voice.speaker, name=named[0], sector="MED")) if named and land else None


def _sector(name: str) -> str | None:
    named = names().get(name)
    return named.sector if named is not None and named.kind == "group" else None


def _country(name: str) -> str | None:
    named = names().get(name)
    return named.country if named is not None else None


def _watches(cue: Token) -> bool:
    return any(t.lower_ in {"tracking", "monitoring", "documenting"} for t in cue.sent)


def _topic(voice: Voice, previous: Sentence | None, found: list[Voice], known: Names) -> Voice | None:
    """As in "The Compact apologised. It said …": the subject of the sentence before, where nobody spoke in it."""
    if previous is None or found or voice.speaker.text.lower() != "it":
        return None
    root = previous.words.root
    subject = next((t for t in root.children if t.dep_ in _SUBJECTS), None)
    if subject is None or root.lemma_.lower() in reporting() or previous.words.doc is not voice.cue.doc:
        return None
    if is_person(thing(subject)) or not (subject.pos_ == "PROPN" or subject.lemma_.lower() in sectors()):
        return None
    actor = actor_of(subject, previous, known)
    return replace(voice, speaker=replace(actor, span=voice.speaker.span, text=voice.speaker.text)) if actor else None


def _voice(token: Token, sentence: Sentence, known: Names) -> Voice | None:
    if token.lower_ == "according":
        to = next((t for t in token.children if t.lower_ == "to"), None)
        named = next((t for t in to.children if t.dep_ == "pobj"), None) if to is not None else None
        speaker = speaker_of(named, sentence, known) if named is not None else None
        return Voice(speaker, token, "asserts", person=_person(named)) if speaker and named is not None else None
    lemma = token.lemma_.lower()
    if lemma not in reporting() or token.pos_ not in {"VERB", "AUX"}:
        return None
    return _verb_voice(token, sentence, known)


def _person(head: Token) -> bool:
    """Whether a speaker is a human being rather than a body: "he said" may go on."""
    head = thing(head)
    return head.ent_type_ == "PERSON" or head.lower_ in _HE or head.lemma_.lower() in _INFORMANTS


def _verb_voice(verb: Token, sentence: Sentence, known: Names) -> Voice | None:
    subject = speaking(verb)
    if subject is None:
        return None
    speaker = speaker_of(subject, sentence, known) or _pronoun(subject, sentence)
    if speaker is None:
        return None
    stance = reporting()[verb.lemma_.lower()]
    if verb.lemma_ in {"quote", "cite"}:
        quoted = next((t for t in verb.children if t.dep_ in {"dobj", "obj"}), None)
        inner = speaker_of(quoted, sentence, known) if quoted is not None else None
        return Voice(inner, verb, stance, via=speaker.name) if inner else Voice(speaker, verb, stance)
    return Voice(speaker, verb, stance, via=_heard_by(verb, sentence, known), person=_person(subject))




def _pronoun(subject: Token, sentence: Sentence) -> Actor | None:
    if subject.lower_ not in _HE | _IT:
        return None
    span = sentence.between(subject, subject)
    return Actor(text=span.text, span=span, name=span.text)


def _heard_by(verb: Token, sentence: Sentence, known: Names) -> str | None:
    """The agency that was told: "the officer told Reuters"."""
    if verb.lemma_ != "tell":
        return None
    heard = next((t for t in verb.children if t.dep_ in {"dobj", "dative"}), None)
    agency = actor_of(heard, sentence, known) if heard is not None else None
    return agency.name if agency and agency.sector == "MED" else None






def voice_over(trigger: Token, heard: tuple[Voice, ...]) -> Voice | None:
    """The voice that vouches for what the trigger names: the verb above it, "according to", or ", X said" after it."""
    above = {t.i for t in trigger.ancestors}
    over = [v for v in heard if v.cue.i in above and not _within(trigger, v)]
    if over:
        return _relayed(min(over, key=lambda v: abs(v.cue.i - trigger.i)), heard)
    according = [v for v in heard if v.cue.lower_ == "according"]
    if according:
        return according[0]
    last = trigger.sent.end
    tail = [v for v in heard if v.cue.i > trigger.i and v.cue.i >= last - _TAIL and not _relative(v.cue)]
    tail = [v for v in tail if any(t.dep_ in {"nsubj", "nsubjpass", "dobj"} for t in v.cue.children)]
    tail = [v for v in tail if not _within(trigger, v)]
    return _relayed(tail[0], heard) if tail else None


def _relative(cue: Token) -> bool:
    return any(t.lower_ in {"who", "which", "that"} and t.dep_ == "nsubj" for t in cue.children)


def _within(trigger: Token, voice: Voice) -> bool:
    """Whether the trigger is part of the speaker's own phrase, not of what is said."""
    subject = subject_of(voice.cue)
    return subject is not None and (trigger.i == subject.i or subject in trigger.ancestors)


def _relayed(voice: Voice, heard: tuple[Voice, ...]) -> Voice:
    """As in "…, the ministry said, AFP reported": the agency passes on what the other said."""
    agency = [v for v in heard if v is not voice and v.speaker.sector == "MED" and v.cue.i > voice.cue.i]
    if agency and voice.via is None and voice.speaker.sector != "MED":
        return replace(voice, via=agency[-1].speaker.name)
    return voice


def attribution(voice: Voice | None, sentence: Sentence) -> Attribution | None:
    """The voice as the contract has it."""
    if voice is None:
        return None
    speaker = voice.speaker
    span: Span = speaker.span
    return Attribution(
        source=speaker.name,
        source_type=source_type(speaker.name, speaker.sector),
        cue=sentence.printed(voice.cue),
        span=span,
        via=voice.via,
    )
