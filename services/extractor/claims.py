"""Figures of people hurt or held, and who gives them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.contracts import Actor, Claim, Claimant, ClaimKind, Stance
from services.extractor.attribution import Voice, source_type, voice_over
from services.extractor.entities import QUANTITIES, bare, phrase_ends, thing
from services.extractor.gazetteer import sectors, words
from services.extractor.harms import Fate, done, fate, fate_of, harm, named_by, unreal
from services.extractor.numbers import Figure, figures
from services.extractor.quotes import Spoken
from services.extractor.reading import Reading
from services.extractor.sentences import Sentence
from services.extractor.words import Token

_COLLECTIVE = words("collective")
_HUMANS = words("humans")
_MEASURES = words("measures")
_NOT_PEOPLE = words("things") | _MEASURES
_ANYONE = words("anyone")
_MONTHS = words("months")
_UNITS = frozenset({"%", "percent", "per", "a.m.", "p.m.", "am", "pm", "th", "st"})
_SIGNS = frozenset({"$", "£", "€", "#"})
_AGES = frozenset({"year", "month", "week", "day", "hour"})
_GOES_ON = 2  # sentences over which "another five were killed" goes on from what somebody said
_BEHIND = frozenset({"NOUN", "PROPN", "ADJ", "AUX", "ADV", "VERB"})
_ENDS = frozenset({"death", "killing", "murder", "assassination", "arrest", "detention", "kidnapping", "execution"})
_REACHES = frozenset({"of", "at", "to", "reach", "hit", "pass", "exceed", "top"})
_FURTHER = re.compile(
    r"^(?:Another|A further|Also|(?:The )?\w+ (?:others|more)|In addition)\b|\b(?:was|were) also\b"
    r"|^The (?:\w+ ){0,3}(?:attack|strike|blast|raid|explosion|bombing|clashe)s?\b|^The shelling\b"
    r"|\bin the (?:attack|blast|clashe|strike|raid)s?\b|\bamong (?:those|the) (?:killed|dead|injured|wounded)\b"
)
CUMULATIVE = re.compile(
    r"\bsince\b|\bso far\b|\b(?:past|last) (?:\w+ )?(?:days|weeks|months?|years?|decades?)\b|\bthis (?:year|month)\b"
    r"|\b(?:years?|months|decades?) of\b|\boverall\b"
    r"|\b(?:war|conflict|uprising|crisis) (?:has|have|had|that|which|began|erupted)\b"
    r"|\bin (?:the|its|[A-Z]\w+)(?:['’]s)?(?: \w+)? (?:war|conflict|uprising)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """A claim, the sentence that makes it and the word that shows its kind.

    `known`: whether its words point back to one person told of before ("the man", "his son").
    """

    claim: Claim
    sentence: Sentence
    trigger: Token
    known: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Count:
    """A figure in a sentence with the noun that it counts."""

    figure: Figure
    node: Token
    kind: ClaimKind
    trigger: Token


def counted(reading: Reading, said: tuple[Spoken, ...]) -> tuple[Counted, ...]:
    """Every claim of the article, in the order of the text.

    A headline's figure counts only where the text does not repeat it.
    """
    found: list[Counted] = []
    for sentence in reading.sentences:
        heard = reading.voices_in(sentence)
        for count in _counts(sentence):
            quoted = _quoting(count, sentence, said)
            voice = None if quoted else voice_over(count.trigger, heard)
            speaker = quoted or (voice.speaker if voice else None) or _going_on(sentence, reading)
            found.append(_counted(count, sentence, speaker, voice))
    kept = [one for one in found if not _repeated(one, found)]
    return tuple(one for i, one in enumerate(kept) if not any(_again(one, other) for other in kept[:i]))


def _going_on(sentence: Sentence, reading: Reading) -> Actor | None:
    """Who still speaks: "Another five were killed" goes on from what somebody said shortly before."""
    if not sentence.number or reading.voices_in(sentence) or not _FURTHER.search(sentence.text):
        return None
    near = reading.sentences[max(0, sentence.number - _GOES_ON) : sentence.number]
    voices = [v for s in near if s.passage.at == sentence.passage.at for v in reading.voices_in(s)]
    asserted = [v for v in voices if v.stance == "asserts"]
    return asserted[-1].speaker if asserted else None


def _quoting(count: _Count, sentence: Sentence, said: tuple[Spoken, ...]) -> Actor | None:
    """The speaker of the quotation in which the figure stands."""
    at = sentence.between(count.trigger, count.trigger)
    around = [s for s in said if s.quote.span.at == at.at and s.quote.span.start <= at.start < s.quote.span.end]
    return around[0].speaker if around else None


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
    if one.known and (one.claim.kind, one.claim.claimant) == (other.claim.kind, other.claim.claimant):
        return other.claim.min == other.claim.max == 1 and _may_be(one.claim.victims, other.claim.victims)
    if one.sentence.number != other.sentence.number and one.sentence.text == other.sentence.text:
        return (one.claim.kind, one.claim.min, one.claim.max) == (other.claim.kind, other.claim.min, other.claim.max)
    if _FURTHER.search(one.sentence.text) or _FURTHER.search(other.sentence.text):
        return False
    same = of_same_people(one.claim, other.claim) and one.sentence.number != other.sentence.number
    return same and ((one.claim.min or one.claim.max or 0) > 2 or one.claim.victims == other.claim.victims)  # noqa: PLR2004 - one or two


def _may_be(again: str | None, before: str | None) -> bool:
    """Whether "the man", "his son" may be the one told of before: by a shared word, or by words for anybody."""
    ours, theirs = ({*(name or "").lower().split()} for name in (again, before))
    return bool(ours & theirs) or ours <= _ANYONE


def _counted(count: _Count, sentence: Sentence, speaker: Actor | None, voice: Voice | None) -> Counted:
    figure = count.figure
    stance: Stance = voice.stance if voice else "asserts"
    claim = Claim(
        kind=count.kind, min=figure.min, max=figure.max, approx=figure.approx, qualifier=figure.qualifier,
        victims=_victims(count, sentence), claimant=_claimant(speaker), stance=stance,
        cumulative=bool(CUMULATIVE.search(sentence.text)), span=sentence.span,
    )  # fmt: skip
    return Counted(claim, sentence, count.trigger, _known(count))


def _known(count: _Count) -> bool:
    head = thing(count.node)
    one = count.figure.min == count.figure.max == 1 and head.tag_ == "NN"
    return one and any(t.lower_ in {"the", "this", "that"} or t.dep_ == "poss" for t in head.lefts)


def _claimant(speaker: Actor | None) -> Claimant:
    if speaker is None:
        return Claimant(text="narrator", source_type="narrator")
    return Claimant(text=speaker.name, source_type=source_type(speaker.name, speaker.sector))


def _victims(count: _Count, sentence: Sentence) -> str | None:
    """Whom the figure counts: the noun's phrase without the figure."""
    head = thing(count.node)
    if head.lower_ in {"them", "whom"} and head.i + 1 < len(head.doc) and head.nbor().pos_ == "NOUN":
        return head.nbor().text
    if (
        head.pos_ in {"NUM", "PRON"}
        or head.lemma_.lower() in QUANTITIES
        or harm("state", head.lower_)
        or harm("noun", head.lemma_)
        or harm("toll", head.lemma_)
    ):
        return None
    first, last = phrase_ends(head)
    if head.ent_type_ == "PERSON" or head.pos_ in {"NOUN", "PROPN"}:
        return bare(sentence.between(first, last).text) or None
    return None


def _counts(sentence: Sentence) -> Iterator[_Count]:
    tokens = list(sentence.words)
    taken: set[int] = set()
    last: _Count | None = None
    for figure in figures([t.text for t in tokens]):
        behind = _behind(tokens, figure)
        node = _counted_noun(tokens, figure, behind[1]) if behind else _node(tokens, figure)
        if figure.max == 0 or node is None:
            continue
        shown = (
            behind or _told_before(tokens, figure) or _among(tokens, figure) or fate_of(node, 0)
            or _part(tokens, figure, last) or _beside(tokens, figure, node) or _orphan(tokens, figure)
            or named_by(node)
        )  # fmt: skip
        if shown is None or unreal(shown[1]):
            continue
        taken.add(node.i)
        last = _Count(figure, node, *shown)
        yield last
        if (twin := _shared(shown[1])) is not None and twin[0] != last.kind:
            yield _Count(figure, node, *twin)
    for token in tokens:
        if token.i not in taken and _one_person(token) and (shown := fate_of(token, 0)) and not unreal(shown[1]):
            yield _Count(Figure(0, 0, 1, 1), token, *shown)


def _behind(tokens: list[Token], figure: Figure) -> Fate | None:
    """What the words right behind the figure say: "1,407 injured", "86 people were killed", "dozens of guards dead"."""
    year = figure.qualifier is None and figure.min == figure.max and 1900 <= (figure.min or 0) <= 2100  # noqa: PLR2004 - years
    for token in tokens[figure.end : figure.end + 7] if not year else ():
        if token.lower_ != "of" and (token.pos_ not in _BEHIND or token.lemma_.lower() in _NOT_PEOPLE):
            return None
        passive = token.tag_ in {"VBN", "JJ", "NN", "VBD"} and not any(t.dep_ == "dobj" for t in token.rights)
        if passive and (kind := harm("state", token.lower_)):
            return kind, token
        if token.pos_ == "VERB":
            return None
    return None


def _counted_noun(tokens: list[Token], figure: Figure, state: Token) -> Token:
    """The last noun between the figure and the word for what became of those it counts, else the figure."""
    between = [t for t in tokens[figure.end :] if t.i < state.i and t.pos_ in {"NOUN", "PROPN"}]
    return between[-1] if between else tokens[figure.end - 1]


def _told_before(tokens: list[Token], figure: Figure) -> Fate | None:
    """As in "the death toll … reached 51", "put the number of civilians killed at 13"."""
    before = tokens[max(0, figure.start - 16) : figure.start]
    if not before or (before[-1].lower_ not in _REACHES and before[-1].lemma_.lower() not in _REACHES):
        return None
    words_before = [t.lemma_.lower() for t in before]
    toll = max((i for i, word in enumerate(words_before) if harm("toll", word)), default=None)
    if toll is not None and not any(t.pos_ == "NUM" or t.text in {";", '"'} for t in before[toll:-2]):
        return "dead", before[toll]
    number = max((i for i, word in enumerate(words_before) if word == "number"), default=None)
    told = [(kind, t) for t in before[number or 0 :] if (kind := harm("state", t.lower_))]
    return told[-1] if number is not None and told else None


def _among(tokens: list[Token], figure: Figure) -> Fate | None:
    """As in "among those killed were three children", "20 women among the dead"."""
    for at, token in enumerate(tokens):
        if token.lower_ != "among":
            continue
        told = tokens[at + 1 : at + 4]
        state = next((t for t in told if harm("state", t.lower_) or harm("subject", t.lemma_)), None)
        kind = harm("state", state.lower_) or harm("subject", state.lemma_) if state is not None else None
        if state is None or kind is None:
            continue
        opening = at < figure.start <= at + 8 and at == 0
        closing = figure.end <= at <= figure.end + 7 and not any(
            t.pos_ == "VERB" or t.is_punct for t in tokens[figure.end : at]
        )
        if opening or closing:
            return kind, state
    return None


def _part(tokens: list[Token], figure: Figure, last: _Count | None) -> Fate | None:
    """A part of the last figure: "…, including seven children", "among them four women", "six of them children"."""
    if last is None:
        return None
    before = [t.lower_ for t in tokens[max(0, figure.start - 2) : figure.start]]
    after = [t.lower_ for t in tokens[figure.end : figure.end + 2]]
    opened = before[-1:] == ["including"] or before == ["among", "them"]
    of_them = after[:1] == ["of"] and after[1:] and after[1] in {"them", "whom", "which"}
    again = before[-1:] == ["and"] and any(t.lower_ in {"including", "among"} for t in tokens[: figure.start])
    return (last.kind, last.trigger) if opened or of_them or again else None


def _shared(word: Token) -> Fate | None:
    """As in "killing and injuring dozens": two words that share their victims."""
    partner = word.head if word.dep_ == "conj" else next((t for t in word.rights if t.dep_ == "conj"), None)
    if partner is None or partner.pos_ != "VERB" or word.pos_ != "VERB" or abs(partner.i - word.i) > 2:  # noqa: PLR2004 - side by side
        return None
    return fate(harm("object", partner.lemma_), partner)


def _node(tokens: list[Token], figure: Figure) -> Token | None:
    """The noun that the figure counts, or the figure itself where it stands alone; None for ages, years and shares."""
    if _measure(tokens, figure):
        return None
    last = tokens[figure.end - 1]
    node = last.head if last.dep_ == "conj" and last.head.i >= tokens[figure.start].i else last
    while (
        node.dep_ in {"nummod", "quantmod", "compound", "amod", "nmod", "advmod", "npadvmod"} and node.head.i > node.i
    ):
        node = node.head
    if node.pos_ not in {"NOUN", "PROPN", "NUM", "ADJ", "VERB", "PRON", "DET"} or node.i - last.i > 8:  # noqa: PLR2004 - a noun phrase
        node = last
    dated = last.ent_type_ == "DATE" and (node is last or node.ent_type_ == "DATE")
    between = [t for t in tokens[figure.end :] if t.i < node.i]
    if dated or node.lemma_.lower() in _NOT_PEOPLE or any(t.lemma_.lower() in _MEASURES for t in between):
        return None
    year = figure.min == figure.max and figure.min is not None and 1900 <= figure.min <= 2100  # noqa: PLR2004 - years
    return None if year and "," not in last.text and (node is last or node.tag_ not in {"NNS", "NNPS"}) else node


def _measure(tokens: list[Token], figure: Figure) -> bool:
    """Whether the words around the figure make it an age, a day, a sum or a share."""
    last = tokens[figure.end - 1]
    after, beyond = (tokens[at].lower_ if at < len(tokens) else "" for at in (figure.end, figure.end + 1))
    before = tokens[figure.start - 1].lower_ if figure.start else ""
    span = after == "-" and beyond.startswith(("year", "month", "day", "hour", "mile"))
    return (
        span
        or after in _UNITS
        or before in _SIGNS
        or after in _MONTHS
        or before in _MONTHS
        or after.rstrip("s") in _AGES
        or last.ent_type_ in {"MONEY", "TIME"}
        or (before == "," and after in {",", ")"} and _aged(tokens, figure))
    )


def _aged(tokens: list[Token], figure: Figure) -> bool:
    """As in "his son, 4, drowned": an age stands behind one human being."""
    one = tokens[figure.start - 2] if figure.start > 1 else None
    digits = figure.end - figure.start == 1 and tokens[figure.start].text.isdigit()
    return digits and one is not None and (one.ent_type_ == "PERSON" or (one.tag_ == "NN" and one.lemma_ in _HUMANS))


def _beside(tokens: list[Token], figure: Figure, node: Token) -> Fate | None:
    """What stands right beside the figure, where the parser lost its way: "killing at least 12", "25 injured"."""
    if figure.start and (kind := done(tokens[figure.start - 1])):
        return kind, tokens[figure.start - 1]
    if node.dep_ == "pobj" and node.head.lower_ in {"in", "at", "near", "from", "with", "by"}:
        return None
    stop = max(figure.end, node.i - tokens[0].i + 1)
    for token in tokens[figure.end : stop + 3]:
        if token.pos_ == "NUM" or token.is_punct:
            return None
        if token.tag_ in {"VBN", "VBD", "JJ"} and (kind := harm("state", token.lower_)):
            return kind, token
        if token.pos_ == "VERB" and (kind := harm("subject", token.lemma_)):
            return kind, token
    return None


def _orphan(tokens: list[Token], figure: Figure) -> Fate | None:
    """A passive after the figure that has lost its subject: "dozens of guards loyal to the governor were killed"."""
    if figure.start and tokens[figure.start - 1].dep_ not in {"mark", "punct", "cc"}:
        return None
    for token in tokens[figure.end : figure.end + 16]:
        if token.pos_ == "NUM" or token.text in {",", ";", '"'}:
            return None
        if token.tag_ == "VBN" and any(t.dep_ == "auxpass" for t in token.lefts):
            lost = not any(t.dep_ in {"nsubj", "nsubjpass"} for t in token.lefts)
            return fate(harm("object", token.lemma_), token) if lost else None
    return None


def _one_person(token: Token) -> bool:
    """Whether the token names one human being without a number: a name, or "the leader"."""
    if token.dep_ == "pobj":
        return token.ent_type_ == "PERSON" and token.head.lower_ == "of" and token.head.head.lemma_ in _ENDS
    if token.dep_ not in {"dobj", "nsubjpass", "nsubj", "conj"}:
        return False
    if token.ent_type_ == "PERSON" or (token.pos_ == "PROPN" and not token.ent_type_ and token.dep_ == "nsubjpass"):
        return token.pos_ == "PROPN" and token.dep_ in {"nsubjpass", "dobj"}
    if token.tag_ != "NN" or any(t.dep_ == "nummod" for t in token.lefts):
        return False
    human = token.lemma_ in _HUMANS or (token.lemma_ in sectors() and token.lemma_ not in _COLLECTIVE)
    return human and any(t.dep_ in {"det", "poss", "amod", "compound"} for t in token.lefts)


def of_same_people(one: Claim, other: Claim) -> bool:
    """Whether two claims say the same figure from the same claimant: written once."""
    same = (one.kind, one.min, one.max, one.claimant) == (other.kind, other.min, other.max, other.claimant)
    people = {(one.victims or "").lower(), (other.victims or "").lower()} - {""}
    return same and len(people) < 2  # noqa: PLR2004 - no two
