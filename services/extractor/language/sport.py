"""Stories of sport, in which teams beat, attack and kill each other and nobody is hurt."""

import re

from services.extractor.language.sentences import Sentence
from services.extractor.language.triggers import Trigger, of_people
from services.extractor.parser.words import Token
from services.extractor.world.gazetteer import sectors, words

_SPORT = words("sport")
_WORD = re.compile(r"\w+")
_STRIKING = words("striking")
_DEEDS = frozenset({"ASSAULT", "COERCE", "PROTEST", "DISASTER", "ACCIDENT"})
_ARMED = frozenset({"REB", "MIL", "COP"})
_YIELDING = frozenset({
    "appeal", "block", "call", "challenge", "concede", "defend", "deny", "dismiss", "face", "march", "press", "push",
    "rally", "threaten",
})  # fmt: skip
_TRAINERS = frozenset({"coach", "manager", "trainer"})
_CROWD = frozenset({"fan", "supporter", "hooligan", "ultra", "spectator", "mob", "thug"})
_LEAD = 2  # the headline's number is 0
_LEAST_WORDS, _LEAST_SHARE = 6, 0.03


def sporting(sentences: tuple[Sentence, ...]) -> bool:
    """Whether a text speaks in words of sport, in at least six different ones and in three of a hundred."""
    told = _WORD.findall(" ".join(sentence.text for sentence in sentences).lower())
    found = [word for word in told if word in _SPORT]
    return len(set(found)) >= _LEAST_WORDS and len(found) >= _LEAST_SHARE * len(told)


def off_the_field(named: list[Trigger]) -> list[Trigger]:
    """What is told beside the play; where the lead tells nothing else than play, only deeds that are none of words."""
    found = [t for t in named if not _played(t)]
    if any(t.sentence.passage.at == "/headline" or t.sentence.number <= _LEAD for t in found):
        return found
    return [t for t in found if t.entry.event_type in _DEEDS]


def _played(trigger: Trigger) -> bool:
    """Whether a word of force has a sense of sport: "Ilmar beat Corvale", "struck from 20 yards"; no "bus attack".

    So have the words for what sides say or yield: "appealed for a catch", "conceded twice", "rallied late".
    """
    token = trigger.token
    if token.lemma_.lower() in _YIELDING:
        dismissed = token.lemma_.lower() == "dismiss" and any(t.lemma_.lower() in _TRAINERS for t in token.subtree)
        return not dismissed and not any(
            t.lemma_.lower() in sectors() or t.lemma_.lower() in _CROWD for t in token.lefts
        )
    if trigger.entry.event_type not in {"ASSAULT", "ACCUSE"} or token.lemma_.lower() not in _STRIKING:
        return False
    if trigger.nominal:
        return token.lemma_.lower() == "clash" or not any(t.dep_ == "compound" for t in token.lefts)
    doers = [t for t in token.lefts if t.dep_ == "nsubj"]
    doers += [t for by in token.rights if by.dep_ == "agent" for t in by.children]
    thing = next((t for t in token.children if t.dep_ in {"dobj", "nsubjpass"}), None)
    if any(map(_fights, doers)) or (thing is not None and thing.lemma_.lower() in _CROWD):
        return False
    return thing is None or thing.pos_ != "NOUN" or not of_people(token)


def _fights(doer: Token) -> bool:
    """Whether who hits does not play: "gunmen", "fans of Corvale"."""
    return doer.lemma_.lower() in _CROWD or sectors().get(doer.lemma_.lower()) in _ARMED
