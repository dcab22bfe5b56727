"""Who is meant: the phrase that names somebody, its fullest form in the article, country and sector."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from services.contracts import Actor, Span
from services.extractor.language.sentences import Sentence
from services.extractor.parser.particles import PARTICLES
from services.extractor.parser.words import Token
from services.extractor.story.antecedents import antecedent
from services.extractor.story.apposition import human, named_people
from services.extractor.world.gazetteer import Named, groups, hits, meant, names, sectors, words

_KINDS = frozenset({"PERSON", "ORG", "GPE", "NORP"})
NAMING = frozenset({"PERSON", "ORG", "GPE", "NORP", "FAC", "LOC"})
QUANTITIES = words("quantities")
_BEFORE = frozenset({"compound", "amod", "nmod", "poss", "npadvmod", "punct", "advmod", "case", "quantmod"})
_NO_NAME = words("qualifiers")
_HE = frozenset({"he", "she", "him", "her", "his", "hers", "i", "himself", "herself"})
_THEY = frozenset({"it", "they", "them", "its", "their", "we", "itself", "themselves", "who", "which", "that"})
_MONITOR = re.compile(r"\b(?:Observatory|Network|Watch)\b")
_OBSERVATORY = re.compile(r"((?:(?!The\b)[A-Z][\w-]+ )*Observatory)\b")  # where the model sees no name in it
_OTHER_MONITOR = re.compile(r"\b[Tt]he (?:[A-Z]\w+-based )?((?:[A-Z]\w+ )+Monitor)\b")
_COUNTING = re.compile(r",? (?:which|that) (?:\w+ ){0,2}?(?:monitors|tracks|documents|relies on)\b")
_OF_A_LAND = frozenset({"country", "people", "group"})  # a capital may only host the talks
_TIMES = frozenset({"minute", "hour", "day", "week", "month", "year"})
_BACKER = re.compile(r"\s?-\s?(?:backed|allied|supported|sponsored|funded|trained|brokered|held|occupied)\b")
_TITLE = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lord|Lady)\b")
_SHORT_FOR_ONE = frozenset(
    {"observatory", "commission", "council"}
)  # also in lower case short for the one that is named
_RANKS = frozenset({"fighter", "member", "militant", "gunman", "soldier", "jihadist", "rebel", "insurgent"})
_LANDS = frozenset({"GPE", "LOC"})  # "fighters from Norway" are no Norway
_RELATIVE = frozenset({"WDT", "WP"})
_MANY = frozenset({"they", "them", "their"})
_OF_WHAT = frozenset({"accuse", "suspect", "convict", "acquit", "warn"})  # what is done to somebody "of" something
_LINKING = frozenset({"CCONJ", "ADP", "DET"})  # no name ends with these
_STANDS_FOR = {
    "country": "country",
    "nation": "country",
    "kingdom": "country",
    "group": "group",
    "organisation": "group",
}
_BUREAUS = frozenset({"ministry", "department", "minister", "secretary"})  # "for disaster management"
_PHRASES = 4096  # names and phrases about which what they say is remembered: an article has them many times
_NEAR = 3  # sentences that a pronoun may reach back


@dataclass(frozen=True, slots=True)
class Mention:
    """A name somewhere in the text, remembered for the pronouns after it. `at` is (sentence number, token number).

    `people` are many under a common noun, "rebels"; `place` is a name of a country, a town or wherever something is;
    `topic` is the subject of a whole sentence.
    """

    at: tuple[int, int]
    name: str
    person: bool
    subject: bool
    people: bool = False
    place: bool = False
    topic: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """What the whole article says about who is who: fullest forms, countries and sectors by name, the home country.

    `monitor` is the body that "a monitoring group" stands for, `placed` are the names that somewhere stand behind "in",
    `persons` are the human beings among the fullest forms, `titles` says who "the prime minister" is,
    `bodies` are the known organisations with the numbers of the sentences that name them, `senses` says which of two of
    one name is meant, `met` remembers whom a word names.
    """

    fullest: dict[str, str]
    countries: dict[str, str]
    sectors: dict[str, str]
    mentions: tuple[Mention, ...]
    home: str | None
    monitor: str | None = None
    placed: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()
    titles: dict[str, str] = field(default_factory=dict)
    bodies: tuple[tuple[int, str], ...] = ()
    senses: dict[str, Named] = field(default_factory=dict)
    met: dict[Token, Actor | None] = field(default_factory=dict, init=False)

    def body(self, name: str) -> Named | None:
        """The known organisation of a name, of several the one that the article means."""
        named = self.senses.get(name) or names().get(name)
        return named if named is not None and named.kind == "group" else None

    def full(self, text: str) -> str:
        """The fullest form of a name that the article prints; "the army" is a state's, not short for the Ridge Army."""
        full = self.fullest.get(text.lower(), text)
        common = text.islower() and not text.startswith("al-") and text not in _SHORT_FOR_ONE
        return text if common else full


def names_of(sentences: tuple[Sentence, ...], agencies: tuple[str, ...] = ()) -> Names:
    """Read every name of the article once. `agencies` are those that the article names as its sources."""
    printed = list(_printed(sentences))
    fullest = _fullest(printed, sentences)
    people = {text for _, _, text, kind in printed if kind == "PERSON" and " " in text}
    known: Counter[str] = Counter()
    for sentence in sentences:
        known.update(h.named.country for h in hits(sentence.text) if h.named.country and h.named.kind in _OF_A_LAND)
    home = next((land for land, count in known.most_common(1) if count > 1), None)
    placed = _placed(sentences)
    mentions = [
        Mention(
            (s.number, t.i),
            fullest.get(text.lower(), text),
            kind == "PERSON" or fullest.get(text.lower()) in people,
            _subject(t),
            place=_is_place(text, kind, placed),
            topic=_topic(t),
        )
        for s, t, text, kind in printed
        if kind != "NORP"
    ]
    seen = {m.at for m in mentions}
    mentions += [m for m in _surnames(sentences, fullest, people) if m.at not in seen]
    mentions = sorted((*mentions, *_peoples(sentences)), key=lambda m: m.at)
    found = Names(fullest, {}, {}, tuple(mentions), home, _monitor(sentences, printed), placed)
    bodies = tuple(
        (s.number, s.text[h.start : h.end]) for s in sentences for h in hits(s.text) if h.named.kind == "group"
    )
    lands, roles = _persons(printed, found)
    humans = frozenset(found.full(text) for _, _, text, kind in printed if kind == "PERSON")
    return replace(
        found,
        countries=lands,
        sectors=roles | dict.fromkeys(agencies, "MED"),
        persons=frozenset(name for name in humans if " " in name),
        titles=_titles(printed, found),
        bodies=bodies,
        senses=_senses(sentences, {name for _, name in bodies}),
    )


def _senses(sentences: tuple[Sentence, ...], bodies: set[str]) -> dict[str, Named]:
    """The bodies whose names several have, each with the one that the article means."""
    told = Counter(  # the lands that are named, not those of the bodies themselves
        h.named.country or "" for s in sentences for h in hits(s.text) if h.named.kind != "group"
    )
    text = " ".join(s.text for s in sentences)
    return {name: one for name in bodies if (one := meant(name, bodies, told, text)) is not None}


def _titles(printed: list[tuple[Sentence, Token, str, str]], found: Names) -> dict[str, str]:
    """Who "the prime minister" is: titles that stand right before one person's name, and before no other's."""
    held: dict[str, set[str]] = {}
    for _, head, text, kind in printed:
        if kind == "PERSON":
            title = _title_before(head) or _title_beside(head)
            for short in {title, title.rsplit(maxsplit=1)[-1]} if title else ():
                held.setdefault(short.lower(), set()).add(found.full(text))
    return {title: next(iter(people)) for title, people in held.items() if len(people) == 1}


def _title_beside(head: Token) -> str:
    """Of "Jane Doe, the minister" and of "the commissioner for schools, Jane Doe"."""
    beside = [t for t in head.rights if t.dep_ == "appos"]
    if head.dep_ == "appos" and head.head.pos_ in {"NOUN", "PROPN"}:
        beside.append(head.head)
    return next((t.lower_ for t in beside if human(t) and t.tag_ != "NNS"), "")  # several are not called so


def _title_before(head: Token) -> str:
    entity = head.ent
    first = end = entity.start if entity is not None else head.i
    doc = head.doc
    while first > head.sent.start and doc[first - 1].pos_ in {"NOUN", "PROPN"} and first > end - 3:
        if doc[first - 1].ent_type_ in {"GPE", "NORP", "PERSON", "DATE"}:
            break
        first -= 1
    named = [t.text for t in doc[first:end]]
    held = singular(named[-1].lower()) if named else ""
    one = held not in words("collective")  # "Superintendent of police Jane Doe"
    return " ".join(named) if one and (held in words("offices") or sectors().get(held)) else ""


def _surnames(sentences: Iterable[Sentence], fullest: dict[str, str], people: set[str]) -> Iterator[Mention]:
    """Surnames of people that the model has not seen as names."""
    for sentence in sentences:
        for token in (t for t in sentence.words if t.pos_ == "PROPN" and t.dep_ != "compound"):
            name = sentence.printed(token)
            full = fullest.get(name.lower())
            if full is not None and full in people and {name, f"al-{name}", f"el-{name}"} & {*full.split()}:
                subject = _subject(token)
                yield Mention((sentence.number, token.i), full, person=True, subject=subject, topic=_topic(token))


def _is_place(name: str, kind: str, placed: frozenset[str]) -> bool:
    known = names().get(name)
    return (kind == "GPE" or name in placed) and (known is None or known.kind != "group")


def _peoples(sentences: Iterable[Sentence]) -> Iterator[Mention]:
    """The people told of under a common noun: "rebels", "the police"."""
    many = words("collective")
    for sentence in sentences:
        for token in (t for t in sentence.words if t.pos_ == "NOUN"):
            lemma = token.lemma_.lower()
            if lemma in sectors() and (token.tag_ == "NNS" or lemma in many):
                name = bare(sentence.between(*phrase_ends(token)).text)
                if name and token.dep_ not in {"compound", "nmod", "npadvmod"}:
                    yield Mention((sentence.number, token.i), name, person=False, subject=_subject(token), people=True)


def _placed(sentences: Iterable[Sentence]) -> frozenset[str]:
    found = set()
    for sentence in sentences:
        for token in sentence.words:
            if token.dep_ == "pobj" and token.pos_ == "PROPN" and token.head.lower_ in {"in", "near", "at"}:
                entity = token.ent
                if token.ent_type_ not in {"DATE", "TIME", "NORP"} and (entity is None or entity.root.i == token.i):
                    found.add(bare(sentence.between(*phrase_ends(token)).text))
    return frozenset(found - {""})


def _monitor(sentences: Iterable[Sentence], printed: list[tuple[Sentence, Token, str, str]]) -> str | None:
    known = [s.text[h.start : h.end] for s in sentences for h in hits(s.text) if _watches(h.named)]
    named = [text for _, _, text, kind in printed if kind == "ORG" and _MONITOR.search(text)]
    named += [text for s, head, text, kind in printed if kind in {"ORG", "FAC"} and _keeps_count(s, text)]
    plain = [found[1] for form in (_OBSERVATORY, _OTHER_MONITOR) for s in sentences if (found := form.search(s.text))]
    return max(known, key=len, default=None) or max(named, key=len, default=None) or next(iter(plain), None)


def _keeps_count(sentence: Sentence, name: str) -> bool:
    """As in "the Centre, which relies on a network of sources"; "… in Orvan, a monitor said" tells of nobody's name."""
    _, found, behind = sentence.text.partition(name)
    return bool(found) and _COUNTING.match(behind) is not None


def _watches(named: Named) -> bool:
    return named.kind == "group" and _MONITOR.search(named.name) is not None


def _printed(sentences: Iterable[Sentence]) -> Iterator[tuple[Sentence, Token, str, str]]:
    """Sentence, head token, text and kind of every name."""
    for sentence in sentences:
        people = list(named_people(sentence.words))
        humans = {t.i for person in people for t in person}
        found = [(e, e.label_) for e in sentence.words.ents if e.label_ in _KINDS and not humans & {t.i for t in e}]
        for name, kind in sorted([*found, *((p, "PERSON") for p in people)], key=lambda each: each[0].start):
            text = bare(sentence.passage.text[name.start_char : name.end_char])
            if text and (text[0].isupper() or text[0:3] in {"al-", "al "} or text.split()[0] in PARTICLES):
                yield sentence, name.root, text, kind


@lru_cache(maxsize=_PHRASES)
def bare(name: str) -> str:
    """A name without article, possessive and marks around it: "the Observatory's" -> "Observatory"."""
    name = re.sub(r"^(?:(?:the|a|an|its|his|their)\s+)+", "", name.strip(), flags=re.IGNORECASE)
    name = re.sub(r"^(?:\w+-)?based |\s+\([^)]*$", "", re.sub(r"(?:['’]s|['’])$", "", name))  # "Bureau (NBI"
    name = name[:-1] if name.endswith("s") and name not in names() and name[:-1] in names() else name
    return name.strip(" \t.,;:\"'()[]“”‘’-–—") if not re.fullmatch(r"(?:\w\.){2,}", name) else name


def _fullest(printed: list[tuple[Sentence, Token, str, str]], sentences: Iterable[Sentence]) -> dict[str, str]:
    """Short form -> the longest form that it stands for: a surname, an acronym, one of a group's names."""
    count = Counter((text, kind) for _, _, text, kind in printed)
    seen = {text for text, kind in count if kind == "PERSON" and " " in text}
    people = sorted(seen | _spelt_out(seen, sentences), key=lambda name: (-len(name), name))
    bodies = {text for text, kind in count if kind == "ORG" and " " in text}
    bodies |= {s.text[h.start : h.end] for s in {s.number: s for s, *_ in printed}.values() for h in hits(s.text)
               if h.named.kind == "group" and " " in s.text[h.start : h.end]}  # fmt: skip
    others = sorted(bodies, key=lambda name: (-len(name), name))
    forms: dict[str, str] = {}
    for text, kind in count:
        full = _person(text, people) if kind == "PERSON" else _organisation(text, others)
        if full is not None:
            forms[text.lower()] = full
    for full in reversed(people):
        known = _TITLE.match(full) or singular(_surname(full).lower()) in sectors()
        if not known and full[0].isupper() and len(full.split()) < 5:  # noqa: PLR2004 - a name
            forms |= dict.fromkeys((_surname(full).lower(), full.split()[-1].lower()), full)
    for full in others:
        words = full.split()
        if words[-1][0].isupper() and len(words) < 7:  # noqa: PLR2004 - longer ones are mistakes of the model
            if (land := names().get(words[-1])) is None or land.kind == "group":  # "Bank of Ruritania" is no land
                forms.setdefault(words[-1].lower(), full)
            forms.setdefault(_initials(full).lower(), full)
            forms |= {w.lower(): full for w in words if w in {"Observatory", "Ministry", "Commission", "Council"}}
    return forms


def _spelt_out(people: set[str], sentences: Iterable[Sentence]) -> set[str]:
    """First name and surname of "Ms Persson" where the model has not seen them as a name."""
    surnames = {_surname(name) for name in people if _TITLE.match(name)} - {
        _surname(name) for name in people if not _TITLE.match(name)
    }
    if not surnames:
        return set()
    family = "|".join(map(re.escape, surnames))
    printed = re.compile(rf"\b(?!{_TITLE.pattern})[A-Z][\w’'-]+ (?:{family})\b")
    return {match.group() for sentence in sentences for match in printed.finditer(sentence.text)}


def _surname(name: str) -> str:
    """The last name, which papers print with and without its article: "Omar al-Kindari", "Kindari"."""
    last = re.sub(r",? (?:Jr|Sr|II|III)\.?$", "", name).rsplit(maxsplit=1)[-1]
    return re.sub(r"^[AaEe]l-(?=[A-Z])", "", last)


def _person(text: str, people: list[str]) -> str | None:
    last = _surname(text)
    same = [full for full in people if _surname(full) == last and len(full) < 40]  # noqa: PLR2004 - a name
    return next((full for full in same if not _TITLE.match(full) and not _other_first_name(text, full)), None)


def _other_first_name(text: str, full: str) -> bool:
    """Whether two names of one surname are of two people: "Jane Doe" is not short for "John Peter Doe"."""
    first, *rest = text.casefold().split()
    theirs = full.casefold().split()[:-1]
    short = any(first.rstrip(".")[0] == name[0] for name in theirs)  # "J.", "Joe" for "Joseph"
    title = _TITLE.match(text) or first in words("offices") or sectors().get(first)
    return bool(rest) and text[:1].isupper() and not title and not short


def _organisation(text: str, others: list[str]) -> str | None:
    known = names().get(text)
    if known and known.kind == "group":
        same = [full for full in others if names().get(full) in groups()[text]]
        return max([text, *same], key=len)
    return next((full for full in others if text == _initials(full)), None)


def _initials(name: str) -> str:
    return "".join(word[0] for word in re.split(r"[\s-]+", name) if word and word[0].isupper())


def _persons(printed: list[tuple[Sentence, Token, str, str]], found: Names) -> tuple[dict[str, str], dict[str, str]]:
    """Countries and sectors of persons and organisations, by what stands around their names: "Syrian President …"."""
    lands: dict[str, str] = {}
    roles: dict[str, str] = {}
    for sentence, head, text, kind in printed:
        if kind not in {"PERSON", "ORG"}:
            continue
        full, around = found.full(text), naming_words(sentence, head)
        land, role = _country(around), sector_of(around)
        if land:
            lands.setdefault(full, land)
        if role:
            roles.setdefault(full, role)
    return lands, roles


def naming_words(sentence: Sentence, head: Token) -> str:
    """A name with its titles before it and its apposition: "Syrian Foreign Minister Walid al-Moallem, …"."""
    near = [t for t in head.lefts if t.dep_ in {"compound", "amod", "nmod", "poss"}]
    near += [t for t in head.rights if t.dep_ == "appos"]
    if head.dep_ == "appos":
        near.append(head.head)
    spread = [t for token in near for t in token.subtree if t.i != head.i and abs(t.i - head.i) < 12]  # noqa: PLR2004 - near
    tokens = sorted({*spread, head}, key=lambda t: t.i)
    return " ".join(sentence.printed(t) for t in tokens)


def is_person(head: Token) -> bool:
    """Whether a name is a human being's; a single word may be anything, whatever the model thinks."""
    return head.ent_type_ == "PERSON" and any(t.ent_type_ == "PERSON" for t in head.lefts)


def _subject(token: Token) -> bool:
    while token.dep_ in {"compound", "poss", "nmod", "amod"}:
        token = token.head
    return token.dep_ in {"nsubj", "nsubjpass"}


def _topic(token: Token) -> bool:
    while token.dep_ in {"compound", "poss", "nmod", "amod", "appos"}:  # "the rector, Jane Doe, works"
        token = token.head
    return token.dep_ in {"nsubj", "nsubjpass"} and token.head.dep_ == "ROOT"


@lru_cache(maxsize=_PHRASES)
def sector_of(phrase: str) -> str | None:
    """The sector that the words of a phrase name, the last one first: "army officer" is an officer."""
    known = hits(phrase)
    if known and known[-1].named.kind in {"group", "capital", "country"} and known[-1].end >= len(phrase.rstrip(" .")):
        return known[-1].named.sector
    rest = phrase
    for hit in (hit for hit in known if hit.named.kind == "group"):
        rest = rest[: hit.start] + " " * (hit.end - hit.start) + rest[hit.end :]  # no trade union in the European Union
    for word in reversed(re.findall(r"[A-Za-z]+", rest)):
        if (sector := sectors().get(singular(word.lower()))) is not None:
            return sector
    return next((hit.named.sector for hit in known if hit.named.kind == "group"), None)


def police(actor: Actor) -> bool:
    """Whether the actor is the police: "army officers" are not."""
    words_of = {sectors().get(singular(word)) for word in actor.name.lower().split()}
    return actor.sector == "COP" and not words_of & {"MIL", "REB"}


def peopled(actor: Actor) -> bool:
    """Whether the actor is people or a side rather than a place or a thing of theirs: "rebels", not "rebel town"."""
    return _peopled(actor.name, actor.text)


@lru_cache(maxsize=_PHRASES)
def _peopled(name: str, text: str) -> bool:
    named = names().get(name) or names().get(text)
    if named is not None:
        return named.kind in {"group", "people"}
    head = re.split(r" (?:of|from|in|at) ", text)[0].rsplit(maxsplit=1)[-1]
    lemma = singular(head.lower())
    return lemma not in words("premises") and (lemma in sectors() or lemma in words("humans"))


@lru_cache(maxsize=_PHRASES)
def singular(word: str) -> str:
    """A plain noun's singular: forces -> force, parties -> party, children -> child."""
    irregular = {"men": "man", "women": "woman", "children": "child", "people": "people", "policemen": "policeman",
                 "gunmen": "gunman", "militiamen": "militiaman", "authorities": "authority"}  # fmt: skip
    if word in irregular:
        return irregular[word]
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=_PHRASES)
def _country(phrase: str) -> str | None:
    known = tuple(hit for hit in hits(phrase) if not _BACKER.match(phrase, hit.end))
    last = next((hit.named.country for hit in reversed(known) if hit.named.country), None)
    first = next((hit.named.country for hit in known if hit.named.country), None)
    return first if known and known[0].start == 0 else last


def phrase_ends(head: Token) -> tuple[Token, Token]:
    """First and last token of the phrase that names somebody: the head, what qualifies it, and its "of …"."""
    if head.phrase is None:
        head.phrase = _phrase_ends(head)
    return head.phrase


def _phrase_ends(head: Token) -> tuple[Token, Token]:
    entity = _entity(head)
    if entity is not None:
        return entity
    first, last = head, head
    for token in reversed(list(head.lefts)):
        if token.dep_ not in _BEFORE or token.lower_ in _NO_NAME or token.i < first.i - 8:
            break
        if token.dep_ == "poss" and (token.pos_ == "PRON" or token.tag_ == "WP$" or _called(first, head)):
            break
        if (token.ent_type_ in {"CARDINAL", "DATE", "ORDINAL", "TIME"} and not _age(token)) or _many(token):
            break
        first = token.left_edge
    first = _after_article(first, head)
    while first.dep_ in {"punct", "det", "case"} and first.i < head.i:
        first = first.nbor()
    links = {"of", "for"} if head.lemma_.lower() in _BUREAUS else {"of"}
    of = next((t for t in head.rights if t.dep_ == "prep" and t.lower_ in links and t.i == head.i + 1), None)
    thing = next((t for t in of.children if t.dep_ == "pobj"), None) if of is not None else None
    if thing is not None and not _charge(thing, head):
        last = max(phrase_ends(thing)[1], last, key=lambda t: t.i)
    while last.i > head.i and (
        last.lemma_ in _TIMES or last.ent_type_ in {"DATE", "TIME"} or last.pos_ in {"ADP", "DET", "PUNCT", "ADV"}
    ):
        last = last.nbor(-1)
    return first, last


def _called(first: Token, head: Token) -> bool:
    """Whether somebody has a name of several words, to which whose they are adds nothing: "Westland's Jonas Lind"."""
    return first.i < head.i and head.pos_ == "PROPN" and first.pos_ == "PROPN"


def _charge(thing: Token, head: Token) -> bool:
    """As in "accused the government of weakness", not "… the government of Norway"."""
    return thing.pos_ != "PROPN" and head.dep_ in {"dobj", "nsubjpass"} and head.head.lemma_ in _OF_WHAT


def _age(word: Token) -> bool:
    """Whether it says how old somebody is, as people without a name are told apart: "a 17-year-old girl"."""
    return word.lower_ == "old" and any(t.lower_ == "year" for t in word.subtree)


def _many(noun: Token) -> bool:
    """Whether a number counts it: as in "wounding 80 people officials said", no part of what follows."""
    return noun.tag_ == "NNS" and any(t.dep_ == "nummod" for t in noun.lefts)


def _after_article(first: Token, head: Token) -> Token:
    """The token after the last article before the head: what stands before that belongs to another phrase."""
    articles = [t for t in head.doc[first.i : head.i] if t.lower_ in {"the", "a", "an"}]
    return articles[-1].nbor() if articles else first


def _entity(head: Token) -> tuple[Token, Token] | None:
    """The name that the head is part of, when the name ends with it (a name in the middle is a qualifier)."""
    if head.ent_type_ not in NAMING:
        return None
    entity = head.ent
    if entity is None or entity.root.i != head.i:
        return None
    first, last = entity[0], entity[-1]
    if entity.label_ != "PERSON" and head.i == first.i:
        compounds = [t for t in head.lefts if t.dep_ in {"compound", "amod"} and t.lower_ not in _NO_NAME]
        first = compounds[0] if compounds else first
    first = _after_article(first, head)
    while first.i < head.i and (first.dep_ == "det" or first.lower_ in {"the", "a", "an"} or first.is_punct):
        first = first.nbor()
    while last.i > head.i and (last.lower_ in {"'s", "’s", "'"} or last.is_punct or last.pos_ in _LINKING):
        last = last.nbor(-1)
    return first, last


def thing(head: Token) -> Token:
    """The noun that is meant: "scores of soldiers" is about soldiers, "Damascus ally Moscow" about Moscow."""
    if head.lemma_.lower() in QUANTITIES or head.pos_ == "NUM":
        for of in head.rights:
            if of.lower_ == "of" and (inner := next((t for t in of.children if t.dep_ == "pobj"), None)) is not None:
                return thing(inner)
    if head.lemma_.lower() in _RANKS:
        for link in head.rights:
            group = next((t for t in link.children if t.dep_ == "pobj"), None) if link.lower_ == "from" else None
            if group is not None and thing(group).pos_ == "PROPN" and thing(group).ent_type_ not in _LANDS:
                return thing(group)
    own = head.ent.end if head.ent is not None else head.i  # "an" of "Lu Chieh-an" is no other name
    beside = (t for t in head.rights if t.dep_ == "appos" and t.i >= own and _calls(head, t))
    named = next((t for t in beside if t.ent_type_ in NAMING and t.pos_ == "PROPN"), None)
    if named is None and head.tag_ == "NN":
        named = next(
            (t for t in head.lefts if t.dep_ in {"compound", "nmod", "appos"} and t.ent_type_ == "PERSON"), None
        )
    titled = head.pos_ == "NOUN" or (head.pos_ == "PROPN" and singular(head.lower_) in sectors())
    return named if named is not None and titled else head


def _calls(head: Token, name: Token) -> bool:
    """Whether a name beside a noun is what that is called: not "the driver, a Dane", "men, among them two Danes"."""
    one_of_many = head.tag_ == "NNS" and name.ent_type_ == "PERSON"  # "the victims, Jonas Lind and Ole Berg"
    return not one_of_many and not any(t.dep_ == "nummod" or t.lower_ in {"a", "an"} for t in name.lefts)


def actors_of(head: Token, sentence: Sentence, known: Names) -> tuple[Actor, ...]:
    """Everybody whom the token and what is joined to it by "and" names; empty for pronouns that stand for nobody."""
    named = (t for t in head.rights if head.tag_ == "NNS" and t.dep_ == "appos" and t.ent_type_ == "PERSON")
    first = next(named, head)  # "the victims, Jonas Lind and Ole Berg"
    heads = [first, *(t for t in first.conjuncts if t.i > first.i)]
    found = [actor_of(t, sentence, known) for t in heads[:6]]
    return tuple(actor for actor in found if actor is not None)


def actor_of(head: Token, sentence: Sentence, known: Names) -> Actor | None:
    """Whom the token names; None where it is a pronoun that stands for nobody, or no noun."""
    if head not in known.met:
        known.met[head] = _read_actor(head, sentence, known)
    return known.met[head]


def _read_actor(head: Token, sentence: Sentence, known: Names) -> Actor | None:
    head = thing(head)
    if head.pos_ == "PRON" or (head.lower_ in _HE | _THEY and head.pos_ != "PROPN"):  # the WHO is a body
        return _stood_for(head, sentence, known)
    if head.pos_ not in {"NOUN", "PROPN", "ADJ"} and head.ent_type_ not in NAMING:
        return None
    first, last = phrase_ends(head)
    span = sentence.between(first, last)
    text = bare(span.text)
    if not text:
        return None
    if (meant := _meant(head, first, sentence, known)) is not None:
        return replace(_described(meant, span, lambda: meant, known), text=span.text)
    offset = span.text.find(text)
    span = Span(at=span.at, start=span.start + offset, end=span.start + offset + len(text), text=text)
    return _described(text, span, lambda: naming_words(sentence, head), known)


def _meant(head: Token, first: Token, sentence: Sentence, known: Names) -> str | None:
    """The country or the body that "the country", "the group" means: the last one that was named before it."""
    if first.i != head.i or not any(t.lower_ in {"the", "this"} for t in head.lefts):
        return None
    here = (sentence.number, head.i)
    before = [m.name for m in known.mentions if m.at < here and here[0] - m.at[0] <= _NEAR and not m.person]
    kind = _STANDS_FOR.get(head.lower_)
    fits = [n for n in before if kind is not None and (named := names().get(n)) is not None and named.kind == kind]
    return fits[-1] if fits else None


def _described(text: str, span: Span, around: Callable[[], str], known: Names) -> Actor:
    """Who is named so; the words around the name are asked where it does not tell country and sector itself."""
    name = nation(text) or known.titles.get(text) or known.full(text)
    body = known.body(text)
    if body is not None:
        return Actor(text=text, span=span, name=text, country=body.country, sector=body.sector)
    land = _country(text)
    if land is None and not international(text) and not international(name):
        land = known.countries.get(name) or _country(around())
    sector = sector_of(text) or known.sectors.get(name) or sector_of(around())
    if (
        land is None
        and "coalition" not in text.lower()
        and sector in {"GOV", "MIL", "REB", "COP", "CVL", "OPP", "LEG", "JUD"}
        and not name[:1].isupper()
        and not international(text)
    ):
        land = known.home
    return Actor(text=text, span=span, name=name, country=land, sector=sector)


@lru_cache(maxsize=_PHRASES)
def international(phrase: str) -> bool:
    """Whether the phrase names a body of many states, or somebody of it: it belongs to no country."""
    return any(hit.named.sector == "IGO" for hit in hits(phrase))


def nation(text: str) -> str | None:
    """The country behind a bare demonym: "Israeli" -> Israel."""
    named = names().get(text)
    return named.name if named is not None and named.kind == "people" and not text.endswith("s") else None


def _stood_for(pronoun: Token, sentence: Sentence, known: Names) -> Actor | None:
    if pronoun.tag_ in _RELATIVE:
        return None  # what it stands for is named right before it
    span = sentence.between(pronoun, pronoun)
    head = antecedent(pronoun)
    if head is not None and (actor := actor_of(head, sentence, known)) is not None:
        return replace(actor, span=span, text=span.text)
    name = referent(pronoun, sentence, known)
    if name is None:
        return None
    return replace(_described(name, span, lambda: name, known), text=span.text)


def referent(pronoun: Token, sentence: Sentence, known: Names) -> str | None:
    """The name that a pronoun stands for: the nearest one before it of the right kind, subjects preferred."""
    person = pronoun.lower_ in _HE
    if not person and pronoun.lower_ not in _THEY:
        return None
    here = (sentence.number, pronoun.i)
    near = [m for m in known.mentions if m.at < here and m.person == person and here[0] - m.at[0] <= _NEAR]
    before = [
        m for m in near if not (m.people and pronoun.lower_ != "they") and not (m.place and pronoun.lower_ in _MANY)
    ]
    subjects = [m for m in before if m.subject]
    pick = subjects or before
    return pick[-1].name if pick else None
