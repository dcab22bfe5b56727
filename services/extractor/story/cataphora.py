"""Who "a rescue official" of a story's lead is: the one whom the next sentences name."""

import re
from collections.abc import Sequence
from dataclasses import replace

from services.extractor.language.sentences import Sentence
from services.extractor.story.attribution import Voice
from services.extractor.story.entities import Names, naming_words, singular
from services.extractor.world.gazetteer import names, sectors, words

_OFFICES = words("informants") | words("offices")
_SOON = 3  # sentences in which a name may follow
_MANY_KINDS = frozenset({"minister", "secretary", "president"})
_Heard = Sequence[tuple[Voice, ...]]


def named_later(told: tuple[Sentence, ...], heard: _Heard, known: Names) -> tuple[tuple[Voice, ...], ...]:
    """The voices, with the names that those have who are called by an office first."""
    if not known.persons:
        return tuple(heard)
    return tuple(tuple(_named(voice, told, heard, known) for voice in here) for here in heard)


def _named(voice: Voice, told: tuple[Sentence, ...], heard: _Heard, known: Names) -> Voice:
    subject = voice.subject
    office = subject is not None and subject.tag_ == "NN" and subject.lemma_ in _OFFICES
    by_name = voice.speaker.name in known.persons or not voice.speaker.name.rsplit(maxsplit=1)[-1].islower()
    if not office or by_name or voice.stance != "asserts":
        return voice
    number = voice.at[0]
    following = (v for here in heard[number + 1 : number + 1 + _SOON] for v in here)
    name = next((v for v in following if v.person and v.speaker.name in known.persons and _by_name(v)), None)
    if name is None or not _is_meant(voice, name, told, known):
        return voice
    speaker = replace(voice.speaker, name=name.speaker.name)
    return replace(voice, speaker=speaker, person=True)


def _by_name(voice: Voice) -> bool:
    return voice.subject is not None and voice.subject.pos_ == "PROPN"


def _is_meant(voice: Voice, named: Voice, told: tuple[Sentence, ...], known: Names) -> bool:
    """Whether the text says of the one named what it called the other, or has said all of him that it will."""
    at = min((m.at for m in known.mentions if m.name == named.speaker.name), default=named.at)
    if at[0] != named.at[0] or named.subject is None or named.subject.pos_ != "PROPN":
        return False
    said = _words(naming_words(told[at[0]], named.subject)) - _words(named.speaker.name)
    if not said:
        return named.at[0] == voice.at[0] + 1 and not any(t.dep_ in {"relcl", "acl"} for t in named.subject.rights)
    office = voice.subject.lemma_ if voice.subject is not None else ""
    other = said - {office}
    ours, theirs = (
        {sectors()[word] for word in side - {office} if word in sectors()}
        for side in (_words(voice.speaker.name), said)
    )
    if ours and theirs and not ours & theirs:
        return False  # "an army spokesman" is not the rebels'
    if office in _MANY_KINDS and other and not _words(voice.speaker.name) & other:
        return False  # the health minister is not the prime minister
    return any(word.capitalize() not in names() for word in _words(voice.speaker.name) & said)


def _words(name: str) -> set[str]:
    return {singular(word) for word in re.findall(r"[a-z]{3,}", name.lower())} - {"the", "for", "who"}
