"""The deeds that an article tells: one telling of each, from the words of its own sentence and of those around."""

from dataclasses import replace

from services.contracts import Actor, EventDate, EventType
from services.extractor.language.fiction import imagined
from services.extractor.language.lexicon import HARM
from services.extractor.language.sentences import Sentence
from services.extractor.language.sport import off_the_field, sporting
from services.extractor.language.triggers import (
    FRIENDLY,
    HOSTILE,
    Trigger,
    announced,
    apart,
    blamer,
    commenter,
    controlled,
    of_one_sense,
    refused,
    triggers,
    willing,
)  # fmt: skip
from services.extractor.listing.merging import HURTING, Telling, definite, joined, merged, somebody
from services.extractor.parser.words import Token
from services.extractor.parties.roles import accuser, active, roles, subject
from services.extractor.story.attribution import Voice, attribution, voice_over
from services.extractor.story.entities import actor_of, is_person, police
from services.extractor.story.places import nearest
from services.extractor.story.quotes import Spoken
from services.extractor.story.reading import Reading
from services.extractor.story.speakers import speaker_of
from services.extractor.tolls.claims import Counted, running
from services.extractor.world.gazetteer import words

_ANYBODY = words("anybody") | {"crowd", "pedestrian", "shopper"}
_VEHICLES = words("vehicles")
_ARMS = frozenset(
    {"suicide", "bomb", "explosive", "shell", "missile", "rocket", "mine", "grenade", "gunfire", "bullet", "drone"}
)
_ATTACKED = frozenset({
    "ambush", "attack", "blow", "bomb", "bombard", "open", "raid", "shell", "shoot", "spray", "target",
})  # fmt: skip
_WRITERS = frozenset({"i", "we", "you"})
_LEAD = 3  # sentences of the body in which the news stands if the headline does not name it


def tellings(reading: Reading, said: tuple[Spoken, ...], claims: tuple[Counted, ...]) -> tuple[Telling, ...]:
    """What the rules hold for told, one of each deed, and all else that a word of the lexicon may tell."""
    found: list[Telling] = []
    named = [t for s in reading.sentences for t in triggers(s) if not _imagined(t.token, s, reading)]
    meant = of_one_sense(off_the_field(named) if _only_play(reading, claims) else named)
    for sentence in reading.sentences:
        news = (t for t in meant[sentence.number] if not _only_words(t, said) and not _own_view(t, reading))
        here = [told_by(t, reading) for t in news]
        dead = tuple(c.claim for c in claims if c.claim.kind == "dead" and c.sentence.number == sentence.number)
        found += [replace(t, dead=dead) if t.event_type in HURTING else t for t in _folded(here)]
    found = _without_echoes(found)
    told = [t for t in found if _tells(t)]
    rest = (replace(t, ruled=False) for t in found if t not in told)
    return tuple(sorted((*merged(tuple(told)), *rest), key=lambda t: (t.sentence.number, t.trigger.token.i)))


def _imagined(word: Token, sentence: Sentence, reading: Reading) -> bool:
    return sentence.passage.at == "/body" and imagined(word, review=reading.review)


def _without_echoes(found: list[Telling]) -> list[Telling]:
    """Without "200 people were injured" in the story of an earthquake or a crash: nobody did it; its figures remain."""
    deed = next((t for t in found if t.event_type in HURTING and t.mode != HARM), None)
    if deed is None or deed.event_type == "ASSAULT":
        return found
    return [t for t in found if t.mode != HARM or t.actor]


def _only_words(trigger: Trigger, said: tuple[Spoken, ...]) -> bool:
    """Whether the trigger stands in a quotation and names no deed: what people say in quotes is their own view."""
    if trigger.entry.event_type in HURTING:
        return False
    span = trigger.sentence.between(trigger.token, trigger.token)
    return any(s.quote.span.at == span.at and s.quote.span.start <= span.start < s.quote.span.end for s in said)


def _own_view(trigger: Trigger, reading: Reading) -> bool:
    """As in "we often criticise the mayor", where nobody is said to say so: it is what the writer thinks."""
    own = any(t.dep_ == "nsubj" and t.lower_ in _WRITERS for t in trigger.token.lefts)
    return own and trigger.entry.event_type not in HURTING and not reading.voices_in(trigger.sentence)


def _only_play(reading: Reading, claims: tuple[Counted, ...]) -> bool:
    """Whether a story is of sport and nobody was killed in it."""
    return sporting(reading.sentences) and not any(c.claim.kind == "dead" for c in claims)


def told_by(trigger: Trigger, reading: Reading) -> Telling:
    """The deed that one word tells, as far as its own sentence tells it."""
    sentence = trigger.sentence
    found = roles(trigger, reading.names)
    heard = reading.voices_in(sentence)
    voice = _accusing(trigger, reading) or voice_over(trigger.token, heard)
    denied = voice is not None and voice.stance == "denies" and not _answered(trigger, voice)
    real = "denied" if denied else trigger.realis
    actor = _spoken_of(trigger, voice, reading) or found.actor or _speaking(trigger, voice)
    kind = _stated(trigger, voice, actor) or trigger.entry.event_type
    kind, mode = _by_whom(trigger, actor) or (kind, trigger.entry.mode)
    return Telling(
        event_type=kind,
        mode=mode,
        trigger=trigger,
        realis=real,
        actor=actor,
        recipient=tuple(r for r in found.recipient if not any(v.speaker.span == r.span for v in heard)),
        location=nearest(trigger.token, reading.places_in(sentence), anywhere=trigger.entry.event_type in HURTING),
        date=_date(trigger, reading, planned=real == "planned"),
        attribution=attribution(voice, sentence),
        told=(sentence.number,),
        aside=_aside(trigger),
    )


def _by_whom(trigger: Trigger, actor: tuple[Actor, ...]) -> tuple[EventType, str | None] | None:
    """What a word means by who does it or to whom: a raid of the police is a search, a strike of a union stops work."""
    word = trigger.token.lemma_.lower()
    if trigger.entry.mode == "territory" and any(map(_taken, trigger.token.children)):
        return "COERCE", "arrest"
    if word in {"hit", "strike"} and trigger.entry.mode is None and _driven(trigger.token):
        return "ACCIDENT", None
    if trigger.entry.mode == HARM and not actor and _crashed(trigger.token):
        return "ACCIDENT", HARM
    if word == "raid" and any(police(a) for a in actor):
        return "COERCE", "seize"
    voted = trigger.token.dep_ == "xcomp" and trigger.token.head.lemma_ == "vote"  # "members voted to strike"
    return ("PROTEST", "strike") if word == "strike" and (voted or any(a.sector == "LAB" for a in actor)) else None


def _driven(verb: Token) -> bool:
    """Whether a vehicle hits something: "a ferry struck the boat", "was hit by a train"; no car bomb, no plane."""
    doers = [t for t in verb.children if t.dep_ == "nsubj"]
    doers += [t for by in verb.children if by.dep_ == "agent" for t in by.children]
    found = [t for doer in doers for t in ((doer, *doer.lefts) if doer.pos_ == "PROPN" else (doer,))]
    armed = any(t.lemma_.lower() in _ARMS for t in verb.subtree)
    return not armed and any(t.lemma_.lower() in _VEHICLES for t in found)


def _crashed(verb: Token) -> bool:
    """As in "were killed when a car drove into a barricade"; not into a crowd, which is mostly meant."""
    when = (t for t in verb.rights if t.dep_ == "advcl" and any(w.lower_ in {"when", "after", "as"} for w in t.lefts))
    return any(
        any(t.dep_ in {"nsubj", "nsubjpass"} and t.lemma_.lower() in _VEHICLES for t in clause.lefts)
        and clause.lemma_.lower() not in _ATTACKED
        and not any(t.lemma_.lower() in _ARMS | _ANYBODY for t in clause.subtree)
        for clause in when
    )


def _taken(word: Token) -> bool:
    """Whether a person, and no town, is captured: "who was captured", "seized him"."""
    return word.dep_ in {"dobj", "nsubjpass"} and word.lower_ in {"who", "him", "her"}


def _answered(trigger: Trigger, voice: Voice) -> bool:
    """As in "accused the army of looting, a charge it denied": what is denied is the looting."""
    return trigger.entry.event_type == "ACCUSE" and voice.cue.i > trigger.token.i


def _speaking(trigger: Trigger, voice: Voice | None) -> tuple[Actor, ...]:
    """The speaker, where to say it is the deed: "said the raid violated the law"; nobody otherwise."""
    said = trigger.entry.recipient == ("subj",) or trigger.entry.lemma == "crime"
    return (voice.speaker,) if voice is not None and said else ()


def _stated(trigger: Trigger, voice: Voice | None, actor: tuple[Actor, ...]) -> EventType | None:
    """What it is to say that one will do a thing oneself: to promise it, to threaten with it or to refuse it.

    PLOVER codes a stated intention by AGREE and THREATEN, not by the deed that is still to come.
    """
    own = voice is not None and voice.stance == "asserts" and any(a.name == voice.speaker.name for a in actor)
    if not willing(trigger.token) and not (own and announced(trigger.token)):
        return None
    if refused(trigger.token):
        return "REJECT" if trigger.entry.event_type in FRIENDLY else None
    if trigger.entry.event_type in FRIENDLY and trigger.entry.mode != "resign":
        return "AGREE"
    return "THREATEN" if trigger.entry.event_type in HOSTILE else None


def _aside(trigger: Trigger) -> bool:
    """Whether the sentence does not tell the deed itself, but that somebody is blamed for it or speaks of it."""
    if blamer(trigger.token) is not None:
        return True
    return trigger.entry.event_type in HURTING and commenter(trigger.token) is not None


def _accusing(trigger: Trigger, reading: Reading) -> Voice | None:
    """The voice of the one who blames somebody for the deed."""
    found = accuser(trigger)
    if found is None:
        return None
    speaker, cue = found
    named = speaker_of(speaker, trigger.sentence, reading.names)
    return Voice(named, cue, "asserts", person=is_person(speaker)) if named is not None else None


def _spoken_of(trigger: Trigger, voice: Voice | None, reading: Reading) -> tuple[Actor, ...]:
    """Whom a pronoun stands for as the doer: the one who speaks ("the army said it had …"), else the topic before."""
    doer = subject(trigger)
    if doer is None or doer.lower_ not in {"it", "they", "he", "she"}:
        return ()
    span = trigger.sentence.between(doer, doer)
    own = next((v for v in reading.voices_in(trigger.sentence) if v.subject == doer), None)
    if own is not None and own.speaker.name.lower() != doer.lower_:
        return (replace(own.speaker, span=span, text=span.text),)
    if voice is not None and voice.person == (doer.lower_ in {"he", "she"}):
        return (replace(voice.speaker, span=span, text=span.text),)
    number = trigger.sentence.number
    before = reading.sentences[number - 1] if number else None
    if before is None or doer.lower_ != "it" or before.passage is not trigger.sentence.passage:
        return ()
    topic = next((t for t in before.words.root.children if t.dep_ == "nsubj" and _body(t)), None)
    named = actor_of(topic, before, reading.names) if topic is not None else None
    return (replace(named, span=span, text=span.text),) if named is not None else ()


def _body(topic: Token) -> bool:
    """Whether "it" may stand for somebody called by a name, or by a word in it: "the football association of Peru"."""
    return (topic.pos_ == "PROPN" or (topic.tag_ == "NN" and topic.ent_type_ == "ORG")) and not is_person(topic)


def _date(trigger: Trigger, reading: Reading, *, planned: bool) -> EventDate | None:
    """The day expression nearest to the trigger in its sentence, days before months before years."""
    passage, words = trigger.sentence.passage, trigger.sentence.words
    anchor = reading.anchor
    read = reading.planned_in(trigger.sentence) if planned else reading.days_in(trigger.sentence)
    found = [d for d in read if _when(d.start + words.start_char, trigger)]
    if not found:
        return None
    at = trigger.token.idx - words.start_char
    day = min(found, key=lambda d: (d.precision != "day", d.precision == "year", abs(d.start - at)))
    span = passage.span(words.start_char + day.start, words.start_char + day.end)
    against = anchor.isoformat() if day.relative and anchor is not None else None
    return EventDate(text=span.text, span=span, value=day.value, precision=day.precision, anchor=against)


def _when(start: int, trigger: Trigger) -> bool:
    """Whether a day expression may tell the trigger's day: not "since …", nor the day of what came after the deed."""
    token = next((t for t in trigger.sentence.words if t.idx <= start < t.idx + len(t)), None)
    if token is None:
        return False
    if any(t.i == token.i for t in trigger.token.ancestors):
        return True  # "since 2011, when the state cracked down"
    other_clause = _aside(trigger) or controlled(trigger.token) is not None
    if other_clause and not any(t.i == trigger.token.i for t in token.ancestors):
        return False  # the day on which somebody spoke of it, or ruled it out
    before = {t.lower_ for t in (token, *token.ancestors) if t.pos_ in {"ADP", "SCONJ"} and t.i < token.i}
    if before & {"since", "until"} and not any(t.i == trigger.token.i for t in token.ancestors):
        return False
    return not apart(token, trigger.token)


def _folded(here: list[Telling]) -> list[Telling]:
    """What a deed did is no second event: "the strike killed …" is one, and so is "staged a protest"."""
    here = [t for t in here if not _struck(t, here)]
    deeds = [t for t in here if t.mode != HARM]
    found: list[Telling] = []
    for telling in deeds:
        twin = next((i for i, f in enumerate(found) if _twins(f, telling)), None)
        if twin is None:
            found.append(telling)
        else:
            found[twin] = replace(joined(found[twin], telling), trigger=found[twin].trigger)
    for harm in (t for t in here if t.mode == HARM):
        hurting = [i for i, f in enumerate(found) if f.event_type in HURTING]
        if not hurting:
            found.append(harm)
            continue
        nearest_deed = min(hurting, key=lambda i: abs(found[i].trigger.token.i - harm.trigger.token.i))
        found[nearest_deed] = _hurt(found[nearest_deed], harm)
    return found


def _twins(one: Telling, other: Telling) -> bool:
    """Whether two words of one sentence name one event: one carries the other."""
    words_of = one.trigger.token, other.trigger.token
    return one.event_type == other.event_type and any(
        _carries(verb, noun) or _within(verb, noun) for verb, noun in (words_of, words_of[::-1])
    )


def _carries(verb: Token, noun: Token) -> bool:
    """Whether a noun is the verb's object, subject or agent: "staged a protest", "was hit by an air strike"."""
    if noun.dep_ in {"dobj", "nsubj", "nsubjpass", "attr", "xcomp"}:
        return noun.head.i == verb.i
    if noun.dep_ == "advcl" and noun.tag_ == "VBG":
        return noun.head.i == verb.i  # "attacked the town, destroying its bridge"
    return noun.dep_ == "pobj" and noun.head.dep_ == "agent" and noun.head.head.i == verb.i


def _within(verb: Token, noun: Token) -> bool:
    """As in "in another attack raiders attacked the village"."""
    link = noun.head
    return noun.dep_ == "pobj" and noun.tag_ == "NN" and link.lower_ in {"in", "during"} and link.head.i == verb.i


def _struck(telling: Telling, here: list[Telling]) -> bool:
    """Whether a verb of assault is only what a disaster or accident did: "an earthquake struck the coast"."""
    others = [t for t in here if t.event_type in {"DISASTER", "ACCIDENT"}]
    verb = telling.trigger.token
    over = {t.i for t in verb.ancestors}
    return telling.event_type == "ASSAULT" and any(
        t.trigger.token.i in over or _carries(verb, t.trigger.token) for t in others
    )


def _hurt(deed: Telling, harm: Telling) -> Telling:
    return replace(
        deed,
        actor=deed.actor or (harm.actor if deed.event_type == "ASSAULT" else ()),
        recipient=_undergone(deed, harm),
        location=deed.location or harm.location,
        date=deed.date or harm.date,
        attribution=deed.attribution or harm.attribution,
    )


def _undergone(deed: Telling, harm: Telling) -> tuple[Actor, ...]:
    """A verb's own object comes first ("shot down a helicopter, killing two"); a noun's is who was hurt.

    A side by its name comes before the people of it: "raids on the Front's positions killed ten militants".
    """
    sides = {a.sector for a in harm.recipient if not a.name[:1].isupper()}
    if any(a.name[:1].isupper() and a.sector in sides for a in deed.recipient):
        return deed.recipient
    if deed.trigger.nominal or not any(map(somebody, deed.recipient)):
        return harm.recipient or deed.recipient
    return deed.recipient


def _tells(telling: Telling) -> bool:
    """Whether a telling says enough to be an event: words between parties need one who speaks, deeds need anything."""
    if _nobodys(telling):
        return False
    if telling.event_type in HURTING:
        told = telling.filled > 1 or definite(telling.trigger) or _main_clause(telling.trigger.token)
        leads = telling.sentence.number < _LEAD and telling.filled > 0
        return telling.aside or leads or (told and bool(telling.actor or telling.recipient))
    if telling.event_type == "PROTEST":
        return telling.filled > 0
    if telling.event_type in {"MOBILIZE", "COERCE", "RETREAT", "AID"}:
        return bool(telling.actor or telling.recipient)
    if telling.trigger.nominal:
        return _named(telling) and telling.filled > 1
    passive = telling.event_type in {"ACCUSE", "CONCEDE", "REQUEST"} and telling.filled > 0
    return _named(telling) or passive or bool(telling.location and telling.date)


def _main_clause(word: Token) -> bool:
    """Whether the sentence itself tells it, or somebody says it: "the army launched an offensive, … said"."""
    verb = word if word.pos_ == "VERB" else word.head
    return verb.dep_ in {"ROOT", "ccomp"} and word.dep_ in {"ROOT", "ccomp", "dobj"}


def _nobodys(telling: Telling) -> bool:
    """Whether nobody did it: "a bus overturned, killing six", a war's toll, "rocks blocked the road"."""
    if telling.mode == "obstruct":
        return not _named(telling)
    harmed = telling.mode == HARM and not telling.actor
    return harmed and (active(telling.trigger) or running(telling.sentence))


def _named(telling: Telling) -> bool:
    return any(actor.country or actor.sector or actor.name[:1].isupper() for actor in telling.actor)
