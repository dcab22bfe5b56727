"""Who vouches for what a sentence says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from services.contracts import Actor, Attribution, SourceType, Span, Stance
from services.extractor.language.lexicon import entries
from services.extractor.language.sentences import Sentence
from services.extractor.parser.words import Token
from services.extractor.story.apposition import called, human
from services.extractor.story.entities import Names, actor_of, is_person, thing
from services.extractor.story.speakers import speaker_of, speaking
from services.extractor.world.gazetteer import hits, names, rows, sectors, words

_INFORMANTS = words("informants")
_HUMANS = words("humans")
_KIN = words("kin")
_PAPERS = words("papers")
_SPEAKING = _INFORMANTS | _PAPERS | words("institutions")
_COLLECTIVE = words("collective")
_BODIES_AND_PEOPLE = _HUMANS | _INFORMANTS | words("institutions") | words("collective")
_HE = frozenset({"he", "she", "i"})
_IT = frozenset({"it", "they", "who", "which", "we"})
_OWN = {"its": "it", "their": "they", "his": "he", "him": "he", "her": "she"}
_GENERIC = re.compile(
    r"(?:(?:uk|britain|london|british)-based )?(?:earlier |previous |initial )?"
    r"(?:same |human |rights |war |medical |aid |relief |humanitarian |international |advocacy )*(?:monitoring )?"
    r"(?:group|monitor|monitors|organi[sz]ation|watchdog|agency|network|statement|letter|report|body|charity|movement|outfit)"
)
_OF_TEXTS = frozenset({"go", "read", "show"})  # what a text does, and nobody else who is quoted for it
_STORIES = frozenset({"story", "saying", "account", "version", "rumour", "rumor", "inscription", "joke"})
_OWNED = frozenset({"killing", "death", "loss"})  # what is admitted, where nobody is let in
_CLAIMED = frozenset({"life", "responsibility", "victim", "credit"})
_PLAINLY = frozenset({"say", "add", "tell", "report", "announce", "confirm", "note", "state", "write", "quote", "cite"})
_SEEING = frozenset({"see", "count", "witness"})
_EYEWITNESSES = words("eyewitnesses")
_RECKONINGS = frozenset({"estimate", "estimates", "count", "account", "tally", "reckoning"})
_TELLING = frozenset({"give", "raise", "lower", "revise", "update", "correct", "issue", "publish", "cut", "reduce"})
_SUMS = frozenset({"total", "toll", "figure", "number", "count", "tally", "estimate", "breakdown"})
_HURT = frozenset({"dead", "killed", "wounded", "injured", "missing"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_WATCHING = re.compile(r"\b(?:monitor(?:ing)?|watchdog)\b")
_FIRMS = frozenset({"company", "firm", "airline", "carrier", "operator", "manufacturer", "bank", "airport"})
_STATIONS = frozenset({"television", "tv", "radio", "station", "channel", "agency", "newspaper"})
_BODIES = frozenset({"group", "organisation", "organization", "body", "network"})
_MEDIA = ("news agency", "state agency")
_DASHES = frozenset({"-", "–", "—", "--"})
_FAR = 6  # sentences over which "he" may reach back
_SIDE = frozenset({"advcl", "xcomp"})
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

    `at` is the cue's place in the article, (sentence number, token number), `subject` the word for who speaks.
    """

    speaker: Actor
    cue: Token
    stance: Stance
    via: str | None = None
    person: bool = False
    at: tuple[int, int] = (0, 0)
    subject: Token | None = None


@cache
def reporting() -> dict[str, Stance]:
    """The reporting verbs and the stance that they take."""
    table: dict[str, Stance] = {}
    for stance, lemmas in rows("reporting.tsv"):
        held: Stance = "denies" if stance == "denies" else "disputes" if stance == "disputes" else "asserts"
        table |= dict.fromkeys(lemmas.split(), held)
    return table


@lru_cache(maxsize=4096)
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
            found.append(_topic(recalled, context, found, known) or recalled)
    return tuple(voice for voice in found if _in_small(voice.speaker.name) not in _HE | _IT)


def _in_small(name: str) -> str:
    """The name in lower case, but for what is no pronoun in capitals: the WHO."""
    return name if name == "WHO" else name.lower()


def _recalled(voice: Voice, before: tuple[Voice, ...], known: Names) -> Voice:
    """The voice under its full name: "he said" is the last person who spoke, "the group said" the last body."""
    low = _in_small(voice.speaker.text)
    if low in _HE:
        return _same_person(voice, before, known)
    if low in _IT:
        towns = known.placed if low == "they" else frozenset()
        bodies = [v for v in before if not v.person and v.speaker.name not in towns]
        last = next((v for v in reversed(bodies) if low != "it" or not _plural(v.speaker.name)), None)
        return _under(voice, last)
    return _named(voice, known) or _common(voice, before, known)


def _named(voice: Voice, known: Names) -> Voice | None:
    """The voice of whoever is called by a name: a person, a body also among words that describe it, the monitor."""
    low = voice.speaker.text.lower()
    if voice.speaker.name in known.persons:
        return replace(voice, person=voice.speaker.name != known.monitor and not _one_of_bodies(voice.subject))
    if (body := _described_body(voice)) is not None:
        meant = known.body(body)
        speaker = replace(voice.speaker, name=known.full(body), sector=meant.sector if meant else None)
        return replace(voice, speaker=speaker, person=False)
    if known.monitor is not None and voice.speaker.name.endswith("Observatory"):
        return replace(voice, speaker=replace(voice.speaker, name=known.monitor, sector="NGO"), person=False)
    if voice.speaker.text != low and not _GENERIC.fullmatch(low):
        return _agency(voice, known) or voice
    return None


def _described_body(voice: Voice) -> str | None:
    """The known body among the words that describe it: "the state SANA news agency", "the opposition Observatory …"."""
    if voice.subject is None or voice.subject.ent_type_ == "PERSON":
        return None
    edge = max(voice.subject.left_edge.i, voice.cue.i - 10) if voice.subject.i < voice.cue.i else voice.subject.i
    end = voice.subject.i + 6 if voice.subject.i > voice.cue.i else voice.cue.i
    clause = next((t.i for t in voice.cue.doc[voice.subject.i + 1 : end] if t.lemma_ in {"quote", "cite"}), end)
    phrase = voice.cue.doc[edge:clause].text
    known = [hit for hit in hits(phrase) if hit.named.kind == "group" and hit.named.sector in {"MED", "NGO"}]
    if not known:
        return None
    after = re.sub(r"\s*\b(?:\w+ly|also|has|have|had|later|earlier)\b", "", phrase[known[-1].end :]).strip().lower()
    alone = after in {"", "news agency", "agency", "tv", "television"}
    named = known[0] if " or " in phrase[known[0].end : known[-1].start] else known[-1]  # "… or White Helmets"
    return phrase[named.start : named.end] if alone else None


def _definite(voice: Voice) -> bool:
    """Whether the speaker is "the …": somebody whom the text has named."""
    before = [t for t in voice.cue.sent if t.idx < voice.cue.idx] or [voice.cue]
    phrase = voice.cue.doc.text[before[0].idx : voice.cue.sent.end_char]
    return f"the {voice.speaker.text}" in phrase or f"The {voice.speaker.text}" in phrase


def _plural(name: str) -> bool:
    return name.islower() and name.endswith("s")


def _under(voice: Voice, last: Voice | None) -> Voice:
    if last is None:
        return voice
    name, land, sector = last.speaker.name, last.speaker.country, last.speaker.sector
    return replace(voice, speaker=replace(voice.speaker, name=name, country=land, sector=sector), person=last.person)


def _same_person(voice: Voice, before: tuple[Voice, ...], known: Names) -> Voice:
    """Who "he" is: the person who spoke or was the topic of a sentence last."""
    told = (v for v in before if not _relative(v.cue) and v.cue.dep_ != "acl")
    able = [v for v in told if not _plural(v.speaker.name)]
    near = voice.at[0] - 1  # "a shepherd said …. He had …"
    last = next((v for v in reversed(able) if v.person or (v.at[0] >= near and _one_human(v))), None)
    since = last.at if last is not None else (voice.at[0] - _FAR, 0)
    topics = [m for m in known.mentions if m.person and m.topic and since < m.at < voice.at]
    if not topics:
        return _under(voice, last or next((v for v in reversed(able) if _one_human(v)), None))
    name = topics[-1].name
    speaker = replace(voice.speaker, name=name, country=known.countries.get(name), sector=known.sectors.get(name))
    return replace(voice, speaker=speaker, person=True)


def _one_human(voice: Voice) -> bool:
    """Whether who speaks may be "he": somebody called by a common noun for one, "a tribal elder"."""
    name = voice.speaker.name
    return name[:1].islower() and voice.subject is not None and voice.subject.tag_ == "NN" and _is_one(voice.subject)


def _common(voice: Voice, before: tuple[Voice, ...], known: Names) -> Voice:
    """Whom a common noun means: "a monitoring group", "the jihadist group", "the source", "the state news agency"."""
    low = voice.speaker.text.lower()
    last = low.rsplit(maxsplit=1)[-1]
    if known.monitor is not None and (_WATCHING.search(low) or (last in _BODIES and _watches(voice.cue))):
        return replace(voice, speaker=replace(voice.speaker, name=known.monitor, sector="NGO"), person=False)
    armed = [name for at, name in known.bodies if at < voice.at[0] and _sector(name) == "REB"]
    if armed and last in _BODIES and low != last and any(sectors().get(word) == "REB" for word in low.split()):
        return replace(voice, speaker=replace(voice.speaker, name=known.full(armed[-1]), sector="REB"))
    others = [v for v in before if v.speaker.name != low]
    fuller = next((v for v in reversed(others) if last in v.speaker.name.lower().split()), None)
    if fuller is not None and not fuller.speaker.name.islower() and not _somebody_else(voice, fuller):
        return _under(voice, fuller)
    if _GENERIC.fullmatch(low) and not _newly_met(voice):
        return _under(voice, next((v for v in reversed(before) if not v.person and not _one_human(v)), None))
    firm = next((v for v in reversed(before) if _may_be_firm(v)), None) if low in _FIRMS and _definite(voice) else None
    return _under(voice, firm) if firm is not None else _agency(voice, known) or voice


def _may_be_firm(voice: Voice) -> bool:
    """Whether "the company" may be the one that spoke before: called by a name, and by none of another kind."""
    return not voice.person and not voice.speaker.name.islower() and voice.speaker.sector in {None, "BUS"}


def _somebody_else(voice: Voice, other: Voice) -> bool:
    """Whether "a local police source" is another than "the ministry source": new, and called by words of their own."""
    return (_newly_met(voice) or not _definite(voice)) and not set(voice.speaker.name.lower().split()) <= set(
        other.speaker.name.lower().split()
    )


def _newly_met(voice: Voice) -> bool:
    """Whether the speaker is "a …", of whom nothing has been said."""
    behind = voice.cue.doc[voice.cue.i + 1 : voice.cue.i + 3]  # "according to a rights group"
    before = {t.lower_ for t in (voice.subject.lefts if voice.subject is not None else behind)}
    return not before.isdisjoint({"a", "an"}) and before.isdisjoint({"earlier", "previous"})  # "an earlier statement"


def _is_one(noun: Token) -> bool:
    return human(noun) or (noun.lemma_ in sectors() and noun.lemma_ not in _COLLECTIVE)


def _agency(voice: Voice, known: Names) -> Voice | None:
    """As in "the official Syrian news agency": the one of that country that the article names."""
    low = voice.speaker.text.lower()
    if not low.endswith(_MEDIA) or any(map(_called_so, voice.speaker.text.split())):
        return None
    land = voice.speaker.country or known.home
    named = {name: None for _, name in known.bodies if _sector(name) == "MED" and _country(name) == land}
    if not named or land is None:
        return None
    return replace(voice, speaker=replace(voice.speaker, name=next(iter(named)), sector="MED"))


def _called_so(word: str) -> bool:
    """Whether a word is a name, and not only a country's: "the IRNA news agency", not "the Syrian news agency"."""
    return word[:1].isupper() and (word not in names() or names()[word].kind == "group")


def _sector(name: str) -> str | None:
    named = names().get(name)
    return named.sector if named is not None and named.kind == "group" else None


def _country(name: str) -> str | None:
    named = names().get(name)
    return named.country if named is not None else None


def _watches(cue: Token) -> bool:
    return any(t.lower_ in {"tracking", "monitoring", "documenting"} for t in cue.sent)


def _topic(voice: Voice, context: Before, found: list[Voice], known: Names) -> Voice | None:
    """The subject of the sentence before, where nobody else may be meant: "The Compact apologised. It said …"."""
    previous, low = context.previous, voice.speaker.text.lower()
    if previous is None or low not in {"he", "she", "it"} or previous.words.doc is not voice.cue.doc:
        return None
    subject = next((t for t in previous.words.root.children if t.dep_ in _SUBJECTS), None)
    since = (previous.number, 0)
    if subject is None or any(since <= v.at for v in context.voices):
        return None
    if low == "it":
        able = not found and subject.tag_ != "NNS" and _is_body(subject)
    else:
        others = any(m.person and since <= m.at < voice.at for m in known.mentions)
        able = subject.tag_ == "NN" and human(subject) and not others
    actor = actor_of(subject, previous, known) if able else None
    speaker = replace(actor, span=voice.speaker.span, text=voice.speaker.text) if actor else None
    return replace(voice, speaker=speaker, person=low != "it") if speaker else None


def _is_body(subject: Token) -> bool:
    """Whether it may say something and is no person: "The Compact", "the hospital", "a report"; no blast, no storm."""
    named = subject.pos_ == "PROPN" and not is_person(thing(subject))
    return named or subject.lemma_.lower() in sectors().keys() | _SPEAKING | _COLLECTIVE | _STATIONS | _FIRMS | _BODIES


def _voice(token: Token, sentence: Sentence, known: Names) -> Voice | None:
    if token.lower_ == "according":
        to = next((t for t in token.children if t.lower_ == "to"), None)
        named = next((t for t in to.children if t.dep_ == "pobj"), None) if to is not None else None
        speaker = speaker_of(named, sentence, known) if named is not None and _somebody(named) else None
        if named is not None and named.lower_ in {"him", "her"}:
            span = sentence.between(named, named)
            return Voice(Actor(text=_OWN[named.lower_], span=span, name=_OWN[named.lower_]), token, "asserts")
        return Voice(speaker, token, "asserts", person=_person(named)) if speaker and named is not None else None
    if _reckons(token):
        return _reckoned(token, sentence, known)
    tells = token.lemma_.lower() in reporting() and (token.pos_ in {"VERB", "AUX"} or _misread(token))
    naming = token.dep_ == "pcomp" and any(t.lower_ == "what" for t in token.lefts)
    if naming or not (_counts(token) or (tells and not _does(token))):
        return None  # "in what residents described as a raid" vouches for the name alone
    return _verb_voice(token, sentence, known)


def _reckons(noun: Token) -> bool:
    """As in "by the military's estimate", "the government's figure was 12"."""
    if noun.lower_ in _RECKONINGS and noun.dep_ == "pobj" and noun.head.lower_ == "by":
        return True
    is_so = noun.lemma_ in _SUMS and noun.dep_ == "nsubj" and noun.head.lemma_ == "be"
    return is_so and any(t.dep_ == "poss" and t.ent_type_ not in {"DATE", "TIME"} for t in noun.lefts)


def _does(verb: Token) -> bool:
    """Whether a verb that may tell does something else: "went missing", "claimed a life", "claimed the attack"."""
    if verb.lemma_ == "admit":
        return any(t.dep_ == "dobj" and t.lemma_ not in _OWNED for t in verb.rights)  # patients
    if verb.lemma_ in {"ask", "call"} and (
        wanted := [t for link in verb.rights if link.lower_ == "for" for t in link.rights]
    ):
        return not any(t.dep_ == "nummod" for what in wanted for t in what.lefts)  # "asked for 12 men held in Orvan"
    if verb.lemma_ == "continue":
        return any(t.dep_ in {"dobj", "xcomp", "prep"} for t in verb.rights)
    if verb.lemma_ == "claim":
        return any(t.dep_ == "dobj" and (t.lemma_ in _CLAIMED or ("N", t.lemma_) in entries()) for t in verb.rights)
    if verb.lemma_ in _OF_TEXTS:
        subject = next((t for t in verb.lefts if t.dep_ in _SUBJECTS), None)
        return subject is None or subject.lemma_ not in _PAPERS | _STORIES
    return False


def _counts(verb: Token) -> bool:
    """Whether it says how many: "gave a lower count of", "spoke of 17 wounded", "a reporter saw four bodies"."""
    if verb.lemma_ in _SEEING and verb.pos_ == "VERB":
        return any(t.dep_ in _SUBJECTS and t.lemma_ in _EYEWITNESSES for t in verb.lefts)
    if verb.lemma_ in {"speak", "talk"}:
        return any(t.lower_ == "of" and t.dep_ == "prep" for t in verb.rights)
    told = verb.lemma_ in _TELLING and verb.pos_ == "VERB"
    if verb.tag_ == "VBG" and verb.dep_ in _SIDE and not (verb.head.lemma_ in reporting() or _counts(verb.head)):
        return False  # "a student succumbed, raising the toll to seven"
    objects = [t for t in verb.rights if t.dep_ == "dobj"]
    objects += [t for to in verb.rights if to.lower_ == "to" for t in to.children]  # "updated to 18 its toll"
    if verb.lemma_ == "give" and any(w.lower_ in _HURT for t in objects for w in t.rights):
        return True  # "the spokesman gave two dead and 14 injured"
    return told and any(t.lemma_ in _SUMS for t in objects)


def _reckoned(noun: Token, sentence: Sentence, known: Names) -> Voice | None:
    """As in "by the military's estimate", "by the count of the Red Crescent", "the army's figure was 12"."""
    of = (t for link in noun.rights if link.lower_ == "of" for t in link.children if t.dep_ == "pobj")
    whose = next((t for t in noun.lefts if t.dep_ == "poss"), None) or next(of, None)
    whose = whose or next((t for t in noun.lefts if t.dep_ == "compound" and t.pos_ == "PROPN"), None)  # "by UN count"
    if whose is not None and whose.lower_ in _OWN:
        span = sentence.between(whose, whose)
        return Voice(Actor(text=_OWN[whose.lower_], span=span, name=span.text), noun, "asserts")
    speaker = speaker_of(whose, sentence, known) if whose is not None else None
    return Voice(speaker, noun, "asserts") if speaker else None


def _misread(token: Token) -> bool:
    """As in "…, a broadcaster claims": the model takes the verb for a noun, with a subject."""
    return token.tag_ == "NNS" and any(t.dep_ == "nsubj" for t in token.lefts)


def _somebody(head: Token) -> bool:
    """Whether one may speak according to it: "according to flight patterns" names nobody."""
    head = thing(head)
    lemma = head.lemma_.lower()
    named = head.pos_ == "PROPN" or bool(head.ent_type_) or lemma in sectors() or head.lower_ == "media"
    return named or lemma in _SPEAKING | _BODIES_AND_PEOPLE | _EYEWITNESSES | _FIRMS or human(head)


def _person(head: Token) -> bool:
    """Whether a speaker is a human being rather than a body: "he said" may go on."""
    if head.tag_ == "NN" and human(head) and called(head) is not None:
        return True  # "a woman who asked to be called Omara"
    station = head.lemma_.lower() in _STATIONS
    head = thing(head)
    if station or _one_of_bodies(head):
        return False
    if head.pos_ == "PROPN" and _told_as_human(head):
        return True
    lemma = head.lemma_.lower()
    common = (head.pos_ == "NOUN" and lemma in _INFORMANTS) or (head.tag_ == "NN" and lemma in _KIN | _EYEWITNESSES)
    return common or head.ent_type_ == "PERSON" or head.lower_ in _HE


def _told_as_human(name: Token) -> bool:
    """As in "Jane Doe, who lives there, said", "Ahmed, another activist, said"."""
    described = any(t.dep_ == "appos" and t.tag_ == "NN" and human(t) for t in name.rights)
    described = described or any(t.dep_ == "appos" and t.text.isdecimal() for t in name.rights)  # "Umm Ali, 60, said"
    described = described or (name.dep_ == "appos" and name.head.tag_ == "NN" and human(name.head))
    return described or any(t.lower_ == "who" for clause in name.rights for t in clause.lefts)


def _one_of_bodies(name: Token | None) -> bool:
    """As in "White Lamps, one of the rebel groups, said"."""
    said = next((t for t in name.rights if t.dep_ == "appos"), None) if name is not None else None
    return said is not None and said.lower_ == "one" and any(t.lemma_ in _BODIES for t in said.subtree)


def _verb_voice(verb: Token, sentence: Sentence, known: Names) -> Voice | None:
    subject = speaking(verb)
    if subject is None:
        return None
    speaker = speaker_of(subject, sentence, known) or _pronoun(subject, sentence)
    if speaker is None:
        return None
    stance = reporting().get(verb.lemma_.lower(), "asserts")
    if verb.lemma_ in {"quote", "cite"}:
        quoted = next((t for t in verb.children if t.dep_ == "dobj"), None)
        inner = speaker_of(quoted, sentence, known) if quoted is not None else None
        return Voice(inner, verb, stance, via=speaker.name) if inner else Voice(speaker, verb, stance, subject=subject)
    heard_by = _heard_by(verb, sentence, known)
    return Voice(speaker, verb, stance, via=heard_by, person=_person(subject), subject=subject)


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
    """The voice that vouches for what the trigger names: "according to", the verb above it, or "X said" at the end."""
    able = [v for v in heard if not (_within(trigger, v) or _begins(trigger, v.cue) or _meanwhile(trigger, v.cue))]
    according = [v for v in able if v.cue.lower_ == "according" or v.cue.pos_ == "NOUN"]
    according = [v for v in according if not _apart(trigger, v.cue)]
    if according:
        return according[0]
    above = {t.i for t in trigger.ancestors}
    over = [v for v in able if v.cue.i in above and not (v.cue.i > trigger.i and _apart(trigger, v.cue))]
    if over and not (all(map(_of_things, over)) and any(v.cue.i > trigger.i and _plainly_said(v) for v in able)):
        nearest = min(over, key=lambda v: (_of_things(v), abs(v.cue.i - trigger.i)))
        linked = (
            v for v in able if nearest.cue is v.cue.head or (nearest.cue.head is v.cue and trigger.i < nearest.cue.i)
        )
        passed_on = (v for v in linked if v is not nearest and v.cue.i < trigger.i)
        if nearest.speaker.sector == "MED" and (first := next(passed_on, None)) is not None:
            return replace(first, via=nearest.speaker.name)  # "the army said that … and that two died, Rada TV said"
        return quoted_by(nearest, able) or _relayed(nearest, heard)
    last = trigger.sent.end
    behind = [v for v in able if v.cue.i > trigger.i and not _relative(v.cue) and not _has_its_own(v.cue)]
    tail = [v for v in behind if v.cue.i >= last - _TAIL or v.cue.lemma_ in _PLAINLY]
    tail = [v for v in tail if not (_apart(trigger, v.cue) or _joined(trigger, v.cue))]
    aside = [v for v in able if v.cue.i < trigger.i and _aside(v.cue)]
    before_colon = [v for v in able if v.cue.i < trigger.i and _lists(v.cue, trigger)]
    voice = next(iter(tail or aside[-1:] or before_colon[-1:]), None)
    return _relayed(voice, heard) if voice is not None else None


def _meanwhile(trigger: Token, cue: Token) -> bool:
    """Whether it is told in a clause of its own behind who speaks: "…, police said, as hundreds were led away"."""
    clauses = [t for t in (trigger, *trigger.ancestors) if t.dep_ == "advcl" and t.left_edge.i > cue.i + 1]
    opening = [t.left_edge for t in clauses if t.left_edge.lower_ in {"while", "as"}]
    own_clause = any(t.nbor(-1).text == "," for t in opening) or any(map(_later, trigger.doc[cue.i + 1 : trigger.i]))
    return own_clause and not _has_its_own(cue)


def _later(word: Token) -> bool:
    """As in "…, police said, a week after a bomb had killed six"."""
    before = word.nbor(-1)
    return word.lower_ == "after" and before.ent_type_ in {"DATE", "TIME"} and before.tag_ in {"NN", "NNS"}


def _apart(trigger: Token, cue: Token) -> bool:
    """Whether a semicolon stands between what is told and who is said to tell it."""
    low, high = sorted((trigger.i, cue.i))
    between = trigger.doc[low:high]
    dashes = [t for t in between if t.text in _DASHES and t.whitespace_ and t.nbor(-1).whitespace_]
    once = len(dashes) == 1 and cue.pos_ == "NOUN"  # "40 dead - 48, by the ministry's count"
    return once or any(t.text == ";" for t in between)


def _joined(trigger: Token, cue: Token) -> bool:
    """As in "61 people were killed and Rada TV reported 25 dead": who is joined to a deed tells something else."""
    above = (trigger, *trigger.ancestors)
    figure = any(t.dep_ == "dobj" and any(c.pos_ == "NUM" for c in t.subtree) for t in cue.rights)
    return cue.dep_ == "conj" and cue.head in above and figure


def _begins(trigger: Token, cue: Token) -> bool:
    """Whether a new clause begins with who tells it: "many died and, according to survivors, the door was locked"."""
    opened = trigger.i < cue.i and cue.i - trigger.i > 1 and cue.nbor(-1).text == ","
    return opened and cue.nbor(-2).lower_ in {"and", "but"}


def _lists(cue: Token, trigger: Token) -> bool:
    """As in "the union gave other numbers: 313 arrests, 88 wounded"."""
    between = [t.text for t in cue.doc[cue.i : trigger.i]]
    return _counts(cue) and ":" in between and ";" not in between


def _aside(cue: Token) -> bool:
    """As in "patrols had gone out, she said, and one man had been stabbed": what follows is said too."""
    subject = next((t for t in cue.lefts if t.dep_ in _SUBJECTS), None)
    first = subject.left_edge.i if subject is not None else cue.i
    end = cue.i + 1
    opened = first > cue.sent.start and cue.doc[first - 1].text == ","
    closed = end < cue.sent.end and cue.doc[end].text in {",", ";"}
    return opened and closed and not _has_its_own(cue)


def _of_things(voice: Voice) -> bool:
    """Whether tests, reports or records speak, behind whom somebody stands: "he said tests had confirmed"."""
    subject = voice.subject
    if subject is None or subject.pos_ != "NOUN" or voice.person:
        return False
    lemma = thing(subject).lemma_.lower()
    return lemma not in sectors() and lemma not in _BODIES_AND_PEOPLE


def _plainly_said(voice: Voice) -> bool:
    return voice.cue.lemma_ in _PLAINLY and not _of_things(voice) and not _has_its_own(voice.cue)


def quoted_by(voice: Voice, heard: Sequence[Voice]) -> Voice | None:
    """As in "the agency, quoting the ministry, said": the ministry, by way of the agency."""
    within = [v for v in heard if v.cue.head in {voice.cue, voice.subject} and v.cue.tag_ == "VBG"]
    agency = source_type(voice.speaker.name, voice.speaker.sector) == "agency"
    lemmas = {"quote", "cite"} if agency else {"quote"}
    within = [v for v in within if agency or v.cue.i < voice.cue.i]
    inner = next((v for v in within if v.cue.lemma_ in lemmas), None)
    return replace(inner, via=voice.speaker.name) if inner is not None else None


def _has_its_own(cue: Token) -> bool:
    """Whether the verb has what it says, or whom it asks, behind it: it does not vouch for what stands before."""
    content = {"ccomp", "xcomp"} if cue.lemma_ in _PLAINLY else {"ccomp", "xcomp", "dobj"}
    return any(t.dep_ in content and t.tag_ != "VBG" and not t.ent_type_ for t in cue.rights)


def _relative(cue: Token) -> bool:
    if any(t.lower_ in {"who", "which", "that"} and t.dep_ == "nsubj" for t in cue.children):
        return True
    if cue.lemma_ in {"say", "add", "tell"} and not _has_its_own(cue) and any(t.dep_ == "nsubj" for t in cue.lefts):
        return False  # "killed 17 people a doctor said", which has lost its comma
    return cue.dep_ in {"relcl", "acl"} and cue.i != cue.sent.root.i and not _closes(cue)


def _closes(cue: Token) -> bool:
    """As in "… hit the town a monitoring group said on Wednesday": nothing but a day stands behind the verb."""
    rest = cue.doc[cue.i + 1 : cue.sent.end]
    return cue.tag_ != "VBG" and all(
        t.is_punct or t.ent_type_ in {"DATE", "TIME"} or t.lower_ in {"on", "in"} for t in rest
    )


def _within(trigger: Token, voice: Voice) -> bool:
    """Whether the trigger is part of the speaker's own phrase, not of what is said."""
    subject = voice.subject
    if subject is None or trigger.i == subject.i:
        return subject is not None
    above = [t.i for t in trigger.ancestors]
    if subject.i not in above:
        return False
    behind = trigger.i > subject.i  # "said a man wounded in May"
    return voice.cue.i not in above or (behind and above.index(subject.i) < above.index(voice.cue.i))


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
