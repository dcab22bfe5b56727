"""Who it is that a reporting verb makes speak, where the grammar or the order of the words says so."""

from collections.abc import Iterator

from services.contracts import Actor
from services.extractor.language.lexicon import entries
from services.extractor.language.sentences import Sentence
from services.extractor.parser.words import Token
from services.extractor.story.apposition import called, human, person_at
from services.extractor.story.entities import Names, actor_of, phrase_ends, thing
from services.extractor.world.gazetteer import sectors, words

_PAPERS = words("papers")
_INFORMANTS = words("informants")
_INSTITUTIONS = words("institutions")
_MUTE = words("mute")
_OFFICES = words("offices")
_PRONOUNS = frozenset({"he", "she", "it", "they"})
_STATIONS = frozenset({"station", "channel", "agency", "newspaper", "television"})  # "Ostmark official station Rada"
_SOME = frozenset({"some", "most", "many", "several", "all"})
_SOURCES = _INFORMANTS | _INSTITUTIONS | {"worker", "authority"}
_OF_WHOM = frozenset({"at", "in", "from", "with", "of", "for"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_INVERTED = frozenset({"say", "add", "report", "explain", "claim", "warn", "confirm", "announce"})
_SAYING = frozenset({"say", "add"})  # the others may be done to whom they stand before: "announced the death of …"
_OPENING = frozenset({"DET", "PROPN", "NOUN", "ADJ"})
_TELLING = _INVERTED | {"tell", "state", "note"}
_ADDING = frozenset(
    {"note", "add", "call", "describe", "say", "cite", "quote", "stress", "indicate", "explain", "warn"}
)
_OF_OTHERS = frozenset({"say", "believe", "think", "confirm", "report"})
_BETWEEN = frozenset({"ADV", "AUX", "PART"})  # "the coalition has previously denied"
_NOMINAL = frozenset({"NOUN", "PROPN", "ADJ", "NUM"})
_LONGEST = 10  # words of a name in commas
_LINKS = frozenset({"of", "for", "in", "at", "-", "'s", "’s", "'"})


def subject_of(verb: Token) -> Token | None:
    """The verb's subject, its own or that of the verb it is joined to; the head of a relative clause for "who"."""
    for _ in range(4):
        subjects = [t for v in (verb, *_auxiliaries(verb)) for t in v.children if t.dep_ in _SUBJECTS]
        if subjects:
            subject = max(subjects, key=lambda t: (t.i < verb.i, t.i))
            relative = subject.lower_ in {"who", "which", "that"} and verb.dep_ == "relcl"
            return verb.head if relative else subject
        above = verb.head.head if verb.head.dep_ == "acomp" else verb.head  # "is ready to send"
        if verb.dep_ not in {"conj", "xcomp"} or above.pos_ not in {"VERB", "AUX"}:
            return None
        verb = _said_and_warned(verb, above)
    return None


def _said_and_warned(verb: Token, above: Token) -> Token:
    """The verb whose subject goes on: "the mayor said a child was among the dead and warned …"."""
    says = above.head
    both = verb.tag_ == above.tag_ == says.tag_ == "VBD" and above.dep_ == "ccomp" and says.lemma_ in _TELLING
    told = next((t for t in above.lefts if t.dep_ in _SUBJECTS), None) if both and verb.lemma_ in _TELLING else None
    if told is None or told.pos_ != "NOUN" or told.lemma_ in _SOURCES or sectors().get(told.lemma_, "CVL") != "CVL":
        return above
    return says


def _auxiliaries(verb: Token) -> Iterator[Token]:
    """Its auxiliaries: the parser hangs the subject on one where much stands between it and the verb."""
    return (t for t in verb.children if t.dep_ in {"aux", "auxpass"})


def speaking(verb: Token) -> Token | None:
    """Who speaks by a reporting verb: its subject, if that can speak, else who stands right beside the verb.

    News that has lost its commas misleads the parser ("… on Wednesday a monitoring group said"); the order of the words
    is what remains.
    """
    if _said_of(verb):
        return None
    before, after = _before(verb), _after(verb)
    if (named := _named_between(verb) or _glued(before)) is not None:
        return named
    subject = _with_partner(_subject(verb), before)
    straight = subject is not None and before is not None and before[0].i <= subject.i <= before[1].i
    if after is not None and (straight or verb.lemma_ not in _SAYING) and _is_told(after, verb):
        after = None
    if after is not None and _closes(after, verb) and (verb.lemma_ in _SAYING or not straight):
        subject = _name(after)
    elif straight and before is not None and subject is not None and _can_speak(subject):
        named = _name(before)
        subject = named if named.ent_type_ == "PERSON" else subject
    elif (
        before is not None
        and _can_speak(_name(before))
        and (subject is None or not _can_speak(subject) or _runs_on(before, subject) or _named_last(before, subject))
    ):
        subject = _name(before)
    elif after is not None and (subject is None or not _can_speak(subject)):
        subject = _name(after)
    subject = _named_beside(subject) if subject is not None else None
    return subject if subject is not None and _can_speak(subject) else None


def _named_beside(subject: Token) -> Token:
    """The name right before "a …" that says who it is: "Jane Doe a passenger who jumped told", commas lost."""
    if subject.lower_ == "one":
        return next((t for t in subject.rights if t.dep_ == "appos" and t.pos_ == "PROPN"), subject)
    article = next((t for t in subject.lefts if t.lower_ in {"a", "an", "another"}), None)
    before = article.nbor(-1) if article is not None and article.i > article.sent.start else subject
    named = before.ent_type_ in {"PERSON", "WORK_OF_ART"} and before.pos_ == "PROPN" and not _sat_in(before)
    return (
        before if named and subject.tag_ in {"NN", "NNP"} and subject.lemma_ not in _INSTITUTIONS | _PAPERS else subject
    )


def _with_partner(subject: Token | None, phrase: tuple[Token, Token] | None) -> Token | None:
    """The first of two who speak, whom the parser has joined to what was told: "…, a senator and residents said"."""
    last = phrase[1] if phrase is not None else None
    first = last.head if last is not None and last.dep_ == "conj" else None
    if phrase is None or first is None or first is subject or first.i >= phrase[0].i:
        return subject
    between = [t.lower_ for t in first.doc[first.i + 1 : phrase[0].i]]
    apart = between == ["and"] and first.left_edge.i > first.sent.start
    beside = apart and first.left_edge.nbor(-1).text == ","
    return first if beside and human(first) else subject


def _glued(phrase: tuple[Token, Token] | None) -> Token | None:
    """Who speaks behind a place that has lost its comma: "fell into a ravine in southern Peru authorities said"."""
    if phrase is None or phrase[0] is phrase[1]:
        return _glued_pair(phrase[1]) if phrase is not None else None
    if _behind_one(phrase):
        return phrase[1]
    head, last = _name(phrase), phrase[1]
    able = last.tag_ in {"NN", "NNS"} and (last.lemma_ in sectors() or last.lemma_ in _INFORMANTS)
    placed = last.nbor(-1).pos_ == "PROPN" and any(t.lower_ in _LINKS for t in head.doc[head.i : last.i])
    silent = head.pos_ == "NOUN" and head.lemma_.lower() not in sectors().keys() | _INFORMANTS | _INSTITUTIONS | _PAPERS
    return last if head is not last and able and placed and silent else None


def _glued_pair(last: Token) -> Token | None:
    """The first of "… died in the blaze officials and witnesses said"."""
    first = last.head
    joined = last.dep_ == "conj" and first.i == last.i - 2 and first.dep_ not in _SUBJECTS
    many = last.tag_ == first.tag_ == "NNS" and {last.lemma_, first.lemma_} <= _INFORMANTS
    return first if joined and many and last.nbor(-1).lower_ == "and" else None


def _behind_one(phrase: tuple[Token, Token]) -> bool:
    """As in "… shot by an off-duty officer police said"."""
    before, last = phrase[1].nbor(-1), phrase[1]
    many = last.lower_ == "police" or (last.tag_ == "NNS" and last.lemma_ in _INFORMANTS)
    return many and before.tag_ == "NN" and human(before) and any(t.lower_ in {"a", "an"} for t in last.lefts)


def _named_between(verb: Token) -> Token | None:
    """The name between commas in "The president of Ostmark, Arsen Kalan, said", "One of them, Jane Doe, has said"."""
    doc, first = verb.doc, verb.sent.start
    end = min((t.i for t in verb.children if t.dep_ in {"aux", "neg"} and t.i < verb.i), default=verb.i) - 1
    if end <= first or doc[end].text != "," or verb.tag_ not in {"VBD", "VBZ", "VBN"}:
        return None
    start = next((at for at in range(end - 1, max(first, end - _LONGEST), -1) if doc[at].text == ","), first)
    name = person_at(start + 1, doc) if start > first else None
    if name is None or name.i + 1 != end:
        return None
    described = any(human(t) for t in doc[first:start])
    alone = name.ent_type_ == "PERSON" and not any(t.lower_ == "and" for t in doc[max(first, start - 4) : start])
    return name if described or alone else None


def _said_of(verb: Token) -> bool:
    """Whether it is told of what stands before: "a man believed to be the leader", "two were reported missing"."""
    behind = [t.lower_ for t in verb.doc[verb.i + 1 : verb.i + 3]]
    if verb.lemma_ in _OF_OTHERS and behind in (["to", "be"], ["to", "have"]):
        return True
    if verb.lemma_ in _OF_OTHERS and {"dead", "missing"} & {*(behind[1:] if behind[0:1] == ["still"] else behind[:1])}:
        return True  # "people believed still missing"
    if verb.tag_ != "VBN" or verb.lemma_ in {"quote", "cite"} or any(t.dep_ == "agent" for t in verb.children):
        return False
    following = verb.nbor().lower_ if verb.i + 1 < verb.sent.end else ""
    passive = any(t.dep_ == "auxpass" for t in verb.lefts)
    return passive or (following == "to" and not any(t.dep_ == "aux" for t in verb.lefts))


def _subject(verb: Token) -> Token | None:
    subject = subject_of(verb)
    if subject is None and verb.tag_ == "VBG" and verb.dep_ == "advcl" and verb.head.lemma_ in {"quote", "cite"}:
        return next((t for t in verb.head.rights if t.dep_ == "dobj"), None)  # "quoted a witness describing how"
    if subject is None and verb.tag_ == "VBG" and verb.dep_ == "advcl":
        return subject_of(_told_by(verb))  # "the army apologised, saying it had …"
    if subject is None and verb.tag_ == "VBG" and verb.dep_ == "acl" and verb.head.lemma_ in _PAPERS:
        above = next((t for t in verb.ancestors if t.pos_ == "VERB"), verb)
        return _issuer(verb.head) or subject_of(above)  # "claimed it in a statement saying …"
    if subject is None and verb.tag_ == "VBG" and verb.dep_ == "acl" and verb.lemma_ in {"quote", "cite"}:
        return verb.head  # "the agency, quoting the army, said"
    if subject is None and verb.tag_ in {"VBD", "VBZ"}:
        subject = _misled(verb)
    if subject is not None and _by_others(subject, verb) and verb.lemma_ not in {"quote", "cite"}:
        by = next((t for t in verb.children if t.dep_ == "agent"), None)
        return next((t for t in by.children if t.dep_ == "pobj"), None) if by is not None else None
    return None if subject is not None and _quotation_between(subject, verb) else subject


def _told_by(verb: Token) -> Token:
    """The verb whose subject goes on in "…, noting that": not what it tells, "he said two had died, adding that"."""
    above = verb.head.head if verb.head.dep_ == "ccomp" else verb.head
    goes_on = verb.lemma_ in _ADDING and above.lemma_ in _TELLING and above.i < verb.head.i
    return above if goes_on else verb.head


def _misled(verb: Token) -> Token | None:
    """Whom a clause hides that stands between: "one activist reached by phone said", "a priest who took part said"."""
    told = (verb.nbor(-1) if verb.i > verb.sent.start else verb).head
    while told.dep_ in {"prep", "pobj", "dobj"}:
        told = told.head
    if told.dep_ == "relcl" and any(t.lower_ in {"who", "which", "that"} and t.dep_ == "nsubj" for t in told.lefts):
        return next((t for t in told.head.ancestors if told.head.dep_ == "conj"), told.head)
    if told.head is not verb or told.dep_ != "ccomp" or told.tag_ not in {"VBN", "VBD"} or verb.nbor(-1).head is verb:
        return None
    return next((t for t in told.lefts if t.dep_ in _SUBJECTS and t.lemma_.lower() in sectors()), None)


def _by_others(subject: Token, verb: Token) -> bool:
    """Whether the subject is what is told: "… was confirmed by the army", "warplanes confirmed by officials as …"."""
    reduced = verb.tag_ == "VBN" and not verb.lefts and any(t.dep_ == "agent" for t in verb.rights)
    return subject.dep_ == "nsubjpass" or reduced


def _quotation_between(one: Token, other: Token) -> bool:
    """Whether one of the two stands in a quotation and the other does not."""
    low, high = sorted((one.i, other.i))
    return one.doc[low:high].text.count('"') % 2 == 1


def _before(verb: Token) -> tuple[Token, Token] | None:
    """First and last token of the noun phrase that ends right before the verb."""
    doc, first = verb.doc, verb.sent.start
    end = verb.i - 1
    while end >= first and doc[end].pos_ in _BETWEEN and doc[end].lower_ != "to":
        end -= 1
    if end >= first and doc[end].lower_ in _PRONOUNS:
        return doc[end], doc[end]
    if end < first or doc[end].pos_ not in {"NOUN", "PROPN"}:
        return None
    start = end
    while start > first and _belongs(doc[start - 1]):
        if doc[start].pos_ == "DET" and doc[start - 1].pos_ != "ADP":
            break
        start -= 1
    while start < end and doc[start].lower_ in _LINKS:
        start += 1
    return doc[start], doc[end]


def _after(verb: Token) -> tuple[Token, Token] | None:
    """First and last token of the noun phrase right behind the verb, where the sentence is turned around."""
    doc, last = verb.doc, verb.sent.end - 1
    quoted = verb.i > verb.sent.start and verb.nbor(-1).is_quote
    if not (quoted or verb.lemma_ in _INVERTED) or verb.tag_ not in {"VBD", "VBZ", "VBP"} or verb.i == last:
        return None
    start = end = verb.i + 1
    if doc[start].pos_ not in _OPENING and doc[start].dep_ != "poss":
        return None
    while end < last and (_belongs(doc[end + 1]) and (doc[end + 1].pos_ != "DET" or doc[end].pos_ == "ADP")):
        end += 1
    if end < last and doc[end + 1].tag_ in {"VBD", "VBZ", "VBP", "MD", "TO"}:
        return None  # what is said, not who says it
    while end > start and doc[end].pos_ not in {"NOUN", "PROPN"}:
        end -= 1
    return (doc[start], doc[end]) if doc[end].pos_ in {"NOUN", "PROPN"} else None


def _closes(phrase: tuple[Token, Token], verb: Token) -> bool:
    """Whether a name behind the verb ends the clause, so that it must be the speaker's: "… said Jane Doe."."""
    last = phrase[1]
    named = last.ent_type_ in {"PERSON", "ORG"} or last.lemma_.lower() in sectors() or last.lemma_ in _INFORMANTS
    rest = [t for t in last.doc[last.i + 1 : verb.sent.end] if not t.is_quote]
    return named and (not rest or (rest[0].is_punct and rest[0].text != "-") or _goes_on(rest[0]))


def _goes_on(word: Token) -> bool:
    """As in "said the source, noting that …"."""
    return word.tag_ == "VBG" and word.lemma_ in _ADDING


def _is_told(phrase: tuple[Token, Token], verb: Token) -> bool:
    """Whether a phrase behind the verb is what is said, or begins it: "confirmed the death", "said a boy was …"."""
    heads = [t for t in verb.doc[phrase[0].i : phrase[1].i + 1] if not phrase[0].i <= t.head.i <= phrase[1].i]
    begins = any(t.dep_ in _SUBJECTS and t.head is not verb and not _goes_on(t.head) for t in heads)
    return begins or (verb.lemma_ not in _SAYING and any(t.dep_ == "dobj" for t in heads))


def _belongs(token: Token) -> bool:
    if token.lower_ in _OFFICES or (token.tag_ == "VBN" and token.i and token.nbor(-1).text == "-"):
        return True
    if token.ent_type_ in {"DATE", "TIME"}:
        return False
    return token.pos_ in _NOMINAL or token.pos_ == "DET" or token.lower_ in _LINKS


def _runs_on(phrase: tuple[Token, Token], subject: Token) -> bool:
    """Whether a new noun phrase begins before the verb, after a noun and without a comma, that is not its subject."""
    first = phrase[0]
    if phrase[0].i <= subject.i <= phrase[1].i or first.i == first.sent.start:
        return False
    before = first.nbor(-1)
    if before.text == ",":
        name = _name(phrase)
        far = name.head.dep_ == "pobj" or name.head.lower_ in _SOME  # "some of them badly, a doctor said"
        return name.dep_ == "appos" and far and phrase[0].pos_ == "DET"
    if phrase[1].dep_ == "conj" and phrase[1].head in subject.subtree:
        return False  # "authorities in Sefer and Orvan confirmed"
    if before.lower_ == "and" and before.i > first.sent.start and phrase[1] not in subject.conjuncts:
        before = before.nbor(-1)  # "Cholera killed two, the Ministry of Public Health and Population said"
    return first.pos_ in {"DET", "PROPN"} and before.pos_ in _NOMINAL | {"ADV"}


def _named_last(phrase: tuple[Token, Token], subject: Token) -> bool:
    """Whether a person's name stands right before the verb that does not belong to its subject's own clause."""
    name = phrase[1]
    while name.dep_ in {"conj", "appos", "compound", "nmod", "npadvmod", "dep"} and name is not subject:
        name = name.head
    alone = name is subject or subject not in name.ancestors
    last = phrase[1]
    return alone and last.i > last.sent.start and last.ent_type_ == last.nbor(-1).ent_type_ == "PERSON"


def _name(phrase: tuple[Token, Token]) -> Token:
    """The head of a noun phrase: the person that it ends with, else the noun before its first preposition."""
    first, last = phrase
    if last.ent_type_ == "PERSON" and not _sat_in(last):
        return last.ent.root if last.ent is not None else last
    before = first.nbor(-1) if first.i > first.sent.start else first
    if before.ent_type_ == "PERSON" and last.lower_ in _OFFICES:
        return before  # "Jane Doe the group's head said"
    if before.ent_type_ == "ORG" and first.lower_ in {"a", "an"}:
        return before  # "the Ilmar Centre a private organisation said"
    for token in first.doc[first.i : last.i + 1]:
        nominal = token.pos_ in {"NOUN", "PROPN"}
        if nominal and (token.i == last.i or token.nbor().lower_ in _LINKS - {"-", "'s", "’s", "'"}):
            return token
    return last


def _sat_in(name: Token) -> bool:
    """As in "a doctor in the border town of Sarikoy said", a town that the model takes for a person."""
    first = name.ent.start if name.ent is not None else name.i
    return first > name.sent.start and name.doc[first - 1].lower_ in {"of", "in", "at"}


def _can_speak(head: Token) -> bool:
    head = thing(head)
    lemma = head.lemma_.lower()
    return head.ent_type_ not in {"DATE", "TIME"} and (
        head.pos_ in {"PROPN", "PRON"}
        or lemma in sectors()
        or lemma in _INSTITUTIONS
        or (lemma not in _MUTE and ("N", lemma) not in entries())
    )


def speaker_of(head: Token, sentence: Sentence, known: Names) -> Actor | None:
    """Who speaks: the issuer of a statement rather than the statement, a source with where it sits."""
    station = (
        t for t in head.rights if t.dep_ == "appos" and t.lemma_ in _STATIONS and t.left_edge.nbor(-1).text != ","
    )
    head = thing(next(station, head))
    if head.lemma_.lower() in _PAPERS and (issuer := _issuer(head)) is not None:
        return actor_of(issuer, sentence, known)
    actor = actor_of(called(head) or head, sentence, known)
    if actor is not None and _glued_to(head):
        span = sentence.between(head, head)
        return Actor(text=span.text, span=span, name=span.text, country=actor.country, sector=actor.sector)
    if actor is None or head.lemma_.lower() not in _INFORMANTS:
        return actor
    near = (to for t in head.rights if t.lower_ == "close" for to in t.rights)  # "close to the rebels"
    links = (*head.rights, *near)
    seat = next((t for t in links if t.lower_ in _OF_WHOM | {"to"} and t.dep_ == "prep"), None)
    inner = next((t for t in seat.children if t.dep_ == "pobj"), None) if seat is not None else None
    return _seated(actor, inner, sentence) if inner is not None else actor


def _glued_to(head: Token) -> bool:
    """Whether what stands before who speaks is of the clause before: "in the town of Sefer activists said"."""
    before = head.nbor(-1) if head.i > head.sent.start else head
    if before.head is not head or before.dep_ != "compound":
        return False
    if before.tag_ == "NN":
        return _behind_one((before, head))
    link = head.left_edge
    placed = link.i > head.sent.start and link.nbor(-1).pos_ == "ADP" and before.pos_ == "PROPN"
    return placed and head.tag_ == "NNS" and head.lemma_ in _INFORMANTS


def _issuer(paper: Token) -> Token | None:
    owner = next((t for t in paper.lefts if t.dep_ == "poss" and t.pos_ != "PRON"), None)
    owner = owner or next((t for t in paper.lefts if t.dep_ in {"compound", "nmod"} and t.pos_ == "PROPN"), None)
    links = (*paper.rights, *(t for made in paper.rights if made.dep_ == "acl" for t in made.rights))
    link = next((t for t in links if t.lower_ in {"from", "by", "of"} and t.dep_ in {"prep", "agent"}), None)
    if owner is not None or link is None:
        return owner
    return next((t for t in link.children if t.dep_ == "pobj"), None)


def _seated(actor: Actor, inner: Token, sentence: Sentence) -> Actor:
    end = sentence.between(*phrase_ends(inner)).end
    if end <= actor.span.end or end - actor.span.start > 80:  # noqa: PLR2004 - a phrase, no clause
        return actor
    at = sentence.passage
    span = at.span(actor.span.start - at.start, end - at.start)
    return Actor(text=span.text, span=span, name=span.text, country=actor.country, sector=actor.sector)
