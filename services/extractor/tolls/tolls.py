"""Which figures count people killed, injured, missing, held or displaced, in any wording.

The rules of counts.py read the wordings they know. For every figure there are columns, what the rules say of it among
them, over which a fitted model decides (training/tolls.py fits it).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import cast, get_args

from services import trees
from services.contracts import ClaimKind
from services.extractor.language.numbers import Figure, figures
from services.extractor.language.sentences import Sentence
from services.extractor.parser.words import Token
from services.extractor.story.entities import QUANTITIES, thing
from services.extractor.tolls.counts import Count, by_rule, by_trade, counted_noun, in_name, measured
from services.extractor.tolls.harms import UNREAL, Fate, comes_back, done, of_delegates, of_their_own, unreal
from services.extractor.world.gazetteer import rows, sectors, words
from services.trees import Columns

KINDS: tuple[ClaimKind, ...] = get_args(ClaimKind)
Row = dict[str, float]
Paths = list[tuple["Sign", tuple[int, int]]]
SURE, _HARDLY = 0.4, 0.1  # what the model must say for a figure the rules miss, and against one they read
_BACK = 2  # sentences before this one whose figures may go on: "Two of them were infants."
_LEAD = 3  # sentences, the headline among them, that say what a story is about
_MOST = 20  # figures of a sentence: what has more is a table
_FAR = 99  # words, to a word that the sentence has not
_NO_PATH = (9, 9)
_HUMANS = words("humans") | {"people"}
_COLLECTIVE = words("collective")
_THINGS = words("things")
_MEASURES = words("measures")
_TALLYING = words("tallying")
_SUMS = frozenset({"figure", "number", "toll", "count", "tally", "total", "estimate", "list", "record", "case"})
_ARMED = frozenset({"MIL", "REB"})
_HARMS = frozenset({"dead", "injured", "missing"})
_QUALIFYING = frozenset({"DT", "PRP$", "JJ", "VBN", "RB", "IN"})
_UNHURT = frozenset({"unharmed", "unhurt", "uninjured", "unscathed", "safe", "alive"})
_SAVING = frozenset({"rescue", "survive", "save", "spare", "escape"})
_MACHINES = words("weapons") | words("vehicles")
_PARTS = frozenset({"them", "whom", "those", "which", "its", "their", "these"})
_OTHERS = frozenset({"others", "other", "more", "further", "people"})
_LINKS = ("of", "at", "and", "in", "by", ",")
_SLOTS = ("nsubj", "nsubjpass", "dobj", "pobj", "attr", "appos", "conj")
_ENTITIES = ("CARDINAL", "DATE", "TIME", "PERCENT", "QUANTITY")
_LIKE = ("human", "trade", "sector", "collective", "quantity", "measure", "thing", "PROPN", "PRON", "NUM", "noun")


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A figure that may count people: the noun that it counts, and its own first and last word.

    `signs` are those of its sentence, `kinds` what may have become of the people by these signs or the rules nearby.
    """

    figure: Figure
    node: Token
    first: Token
    last: Token
    sentence: Sentence
    signs: tuple["Sign", ...]
    kinds: tuple[ClaimKind, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """A word that tells (`strong`), or that may tell, what became of people."""

    token: Token
    kind: ClaimKind
    strong: bool


@dataclass(frozen=True, slots=True)
class Told:
    """People of whom the rules read that sentence `number` tells, and the noun for them."""

    number: int
    count: Count
    noun: str


def tolls(sentences: tuple[Sentence, ...]) -> tuple[tuple[Count, ...], ...]:
    """The people hurt or held of whom each sentence tells.

    What the rules read stands unless the model puts it out of the question (a sum, "a woman and her two sons", always
    stands); of the other figures those count of which the model is sure, ages and other measures never.
    """
    ruled = by_rule(sentences)
    able = candidates(sentences, ruled)
    if not able:
        return ruled
    likely = iter(trees.load("extractor", "tolls").scores(columns(able, ruled)).tolist())
    more: dict[int, list[Count]] = defaultdict(list)
    less: set[Count] = set()
    for candidate in able:
        number, age = candidate.sentence.number, measured(list(candidate.sentence.words), candidate.figure)
        for kind, share in zip(candidate.kinds, likely, strict=False):
            read = [c for c in ruled[number] if c.kind == kind and (_reads(c, candidate) or _sums(c, candidate))]
            else_ = kind == "displaced" and any(_reads(c, candidate) for c in ruled[number])  # "refugees feared dead"
            likely_so = share > SURE and not (read or age or else_)
            if likely_so and _real(candidate, shown := _shown(candidate, kind)):
                more[number].append(Count(candidate.figure, candidate.node, *shown))
            elif share < _HARDLY:
                less.update(c for c in read if c.last is None)
    return tuple(
        tuple(c for c in (*(c for c in here if c not in less), *more[number]) if not _does_it(c))
        for number, here in enumerate(ruled)
    )


def _does_it(count: Count) -> bool:
    """As in "three of them killed a family", "two of them hit a school, killing nine": who kills is not the killed."""
    deed, doer = count.trigger, count.node
    deed = deed.head if deed.dep_ == "acomp" else deed  # "shot dead a man"
    whom = next((t for t in deed.rights if t.dep_ == "dobj"), None)
    if whom is None or whom.pos_ != "NOUN" or done(deed) is None:
        return False
    over = (deed, deed.head) if deed.dep_ in {"advcl", "conj"} else (deed,)
    misread = deed.dep_ == "acl" and deed.head is doer and doer.dep_ == "ROOT"  # "two soldiers stabbed to death a man"
    return misread or (doer.dep_ == "nsubj" and doer.head in over)


def candidates(sentences: tuple[Sentence, ...], ruled: tuple[tuple[Count, ...], ...]) -> list[Candidate]:
    """Every figure in sentences that have a sign of harm, or that follow on one that tells of people hurt or held.

    A sentence of more than _MOST figures is a table, and left to the rules.
    """
    found: list[Candidate] = []
    for sentence in sentences:
        tokens = list(sentence.words)
        held = figures([t.text for t in tokens]) if any(t.pos_ for t in tokens) else ()
        if not 0 < len(held) <= _MOST:
            continue
        shown = signs(sentence)
        near = chain.from_iterable(ruled[max(0, sentence.number - _BACK) : sentence.number + 1])
        told = {*(sign.kind for sign in shown), *(count.kind for count in near)}
        kinds = tuple(kind for kind in KINDS if kind in told)
        made = (_candidate(f, tokens, sentence, shown, kinds) for f in held if f.max != 0 and not in_name(tokens, f))
        found += [candidate for candidate in made if candidate.kinds]
    return found


def _candidate(
    figure: Figure, tokens: list[Token], sentence: Sentence, shown: tuple["Sign", ...], kinds: tuple[ClaimKind, ...]
) -> Candidate:
    first, last = tokens[figure.start], tokens[figure.end - 1]
    behind = (t for t in tokens[figure.end : figure.end + 4] if t.pos_ in {"NOUN", "PROPN"})
    node = counted_noun(tokens, figure) or next(behind, last)
    armed = sectors().get(thing(node).lemma_) in _ARMED  # who leaves under arms is not displaced
    able = tuple(kind for kind in kinds if kind != "displaced" or not armed)
    return Candidate(figure, node, first, last, sentence, shown, able)


def _real(candidate: Candidate, shown: Fate) -> bool:
    """Whether it has happened, and to those whom the figure counts."""
    word = shown[1]
    spared = shown[0] in _HARMS and (_spared(candidate.node) or _whole(candidate))
    away = shown[0] == "displaced" and comes_back(word)
    return not (unreal(word) or of_their_own(word) or away) and not spared and not _of_things(candidate)


def _spared(node: Token) -> bool:
    """As in "31 were dead, with 629 rescued", "only 29 people survived", "a group of 50 that suffered no injuries"."""
    saved = next((t for t in node.rights if t.dep_ in {"acl", "relcl"}), node.head)
    unhurt = any(t.lower_ == "no" for what in saved.rights if what.dep_ == "dobj" for t in what.lefts)
    unhurt = unhurt or any(t.dep_ == "acomp" and t.lower_ in _UNHURT for t in saved.rights)
    more = any(t.dep_ == "conj" for t in saved.rights)  # "were rescued and rushed to hospital"
    return unhurt or (saved.lemma_ in _SAVING and not more and not any(t.dep_ == "neg" for t in saved.lefts))


def _whole(candidate: Candidate) -> bool:
    """As in "20 of the estimated 31 passengers", "all among the 51 on board": of how many they were a part.

    Not "44 of the 312 who were missing".
    """
    before = list(candidate.first.doc[candidate.sentence.words.start : candidate.first.i])
    link = next((t for t in reversed(before) if t.tag_ not in _QUALIFYING or t.lower_ in {"of", "among"}), None)
    if link is None or any(t.tag_ == "WP" for clause in candidate.node.rights for t in clause.lefts):
        return False
    return link.lower_ == "among" or (link.lower_ == "of" and link.head.pos_ == "NUM")


def _of_things(candidate: Candidate) -> bool:
    """As in "the shells — and we have counted nine of them —", which are no people."""
    words_here = list(candidate.sentence.words)
    before = words_here[: words_here.index(candidate.first)]
    behind = [t.lower_ for t in words_here[len(before) :] if t.i > candidate.last.i][:2]
    things = next((t for t in reversed(before) if t.tag_ == "NNS"), None)
    return behind in (["of", "them"], ["of", "which"]) and things is not None and things.lemma_ in _MACHINES


def _sums(count: Count, candidate: Candidate) -> bool:
    """Whether the figure is one of those that a count is the sum of."""
    return count.last is not None and count.node.i <= candidate.node.i <= count.last.i


def _reads(count: Count, candidate: Candidate) -> bool:
    """Whether the rules' count is of this very figure."""
    mine, theirs = candidate.figure, count.figure
    return (mine.start, mine.end) == (theirs.start, theirs.end)


def _shown(candidate: Candidate, kind: ClaimKind) -> Fate:
    """What the model is sure of, and the nearest word that tells it, else the nearest that may, else the noun."""
    over = _steps_over(candidate.node)
    able = [s for s in candidate.signs if s.kind == kind]
    best = min(able, key=lambda s: (not s.strong, sum(_path(over, s.token))), default=None)
    return kind, best.token if best else candidate.node


# -- words that tell, or may tell, what became of people


@cache
def _known() -> Mapping[str, Mapping[ClaimKind, bool]]:
    """The words and whether they tell each kind by themselves."""
    table: dict[str, dict[ClaimKind, bool]] = defaultdict(dict)
    weak = ((kind, False, lemmas) for kind, lemmas in rows("signs.tsv"))
    for kind, strong, lemmas in (*weak, *((kind, True, lemmas) for kind, _, lemmas in rows("harm.tsv"))):
        for lemma in lemmas.split():
            table[lemma][cast("ClaimKind", kind)] = strong
    return table


def signs(sentence: Sentence) -> tuple[Sign, ...]:
    """The words of a sentence that tell, or may tell, what became of people, once for each kind."""
    table = _known()
    found: dict[tuple[Token, ClaimKind], bool] = {}
    for token in sentence.words:
        for word in (token.lemma_.lower(), token.lower_):
            for kind, strong in table.get(word, {}).items() if not of_delegates(token) else ():
                found[token, kind] = found.get((token, kind), False) or strong
    return tuple(Sign(token, kind, strong) for (token, kind), strong in found.items())


# -- the columns


def columns(able: list[Candidate], ruled: tuple[tuple[Count, ...], ...]) -> Columns:
    """The columns of the candidates, of whom there is one at least: a row for each of the kinds of each."""
    told = [Told(number, count, thing(count.node).lemma_) for number, here in enumerate(ruled) for count in here]
    return trees.tabled([row for candidate in able for row in _rows(candidate, ruled, told)])


def _rows(candidate: Candidate, ruled: tuple[tuple[Count, ...], ...], told: list[Told]) -> Iterator[Row]:
    over = _steps_over(candidate.node)
    paths = [(sign, _path(over, sign.token)) for sign in candidate.signs]
    every = _shape(candidate) | _around(candidate) | _governed(candidate)
    others = [c for c in ruled[candidate.sentence.number] if not _reads(c, candidate)]
    taken = {token for count in others for token in (count.trigger, count.node)}
    story = Counter(each.count.kind for each in told)
    elsewhere = [each for each in told if not _reads(each.count, candidate)]
    for kind in candidate.kinds:
        row = every | {"kind": KINDS.index(kind), "story": story.get(kind, 0)} | _ruled(candidate, kind, ruled)
        row |= _storied(candidate, kind, elsewhere)
        for name, known in (("strong", [way for way in paths if way[0].strong]), ("any", paths)):
            row |= {f"{name} {key}": value for key, value in _signed(candidate, kind, known, taken).items()}
        yield row


def _shape(candidate: Candidate) -> Row:
    """The figure and what it counts."""
    figure, node = candidate.figure, candidate.node
    like = _like(thing(node))
    return {
        "value": min(figure.min or figure.max or 0, 1_000_000),
        "vague": figure.approx,
        "open": figure.max is None,
        "top": figure.min is None,
        "year": figure.may_be_year and figure.qualifier is None,
        "alone": node is candidate.last,
        "plural": node.tag_ in {"NNS", "NNPS"},
        "headline": candidate.sentence.passage.at == "/headline",
        "length": len(candidate.sentence.words),
        **{f"is {name}": like == name for name in _LIKE},
        **{f"slot {name}": node.dep_ == name for name in _SLOTS},
        **{f"entity {name}": candidate.last.ent_type_ == name for name in _ENTITIES},
    }


def _like(noun: Token) -> str:
    """What kind of thing a noun names."""
    lemma = noun.lemma_.lower()
    kinds = (
        ("human", lemma in _HUMANS or noun.ent_type_ == "PERSON"),
        ("trade", noun.pos_ == "NOUN" and by_trade(lemma)),
        ("collective", lemma in _COLLECTIVE),
        ("sector", lemma in sectors()),
        ("quantity", lemma in QUANTITIES or lemma in _OTHERS),
        ("measure", lemma in _MEASURES),
        ("thing", lemma in _THINGS),
        (noun.pos_, noun.pos_ in _LIKE),
    )
    return next((kind for kind, is_so in kinds if is_so), "noun")


def _around(candidate: Candidate) -> Row:
    """The words right before and behind the figure."""
    tokens = list(candidate.sentence.words)
    at, end = candidate.first.i - tokens[0].i, candidate.last.i - tokens[0].i + 1
    before, behind = tokens[max(0, at - 2) : at], tokens[end : end + 2]
    link = before[-1].lower_ if before else ""
    first, second = ([t.lower_ for t in behind] + ["", ""])[:2]
    part_of_speech = behind[0].pos_ if behind else ""
    return {
        **{f"behind {word}": link == word for word in _LINKS},
        "sum": min((at - i for i, t in enumerate(tokens[:at]) if t.lemma_ in _SUMS), default=_FAR),
        "sum behind": min((i for i, t in enumerate(tokens[end:]) if t.lemma_ in _SUMS), default=_FAR),
        "behind a verb": bool(before) and before[-1].pos_ == "VERB",
        "first": at == 0,
        "before of": first == "of",
        "a part": first == "of" and second in _PARTS,
        "before others": first in _OTHERS,
        "before a comma": first in {",", ")"},
        "before a verb": part_of_speech in {"VERB", "AUX"},
        "before a noun": part_of_speech in {"NOUN", "PROPN", "ADJ"},
        "measured": measured(tokens, candidate.figure),
    }


def _governed(candidate: Candidate) -> Row:
    """The verb that the figure hangs on."""
    verb = next((t for t in (candidate.node, *candidate.node.ancestors) if t.pos_ in {"VERB", "AUX"}), None)
    below = verb.lefts if verb is not None else []
    return {
        "verb": verb is not None,
        "passive": any(t.dep_ == "auxpass" for t in below),
        "tallies": verb is not None and verb.lemma_ in _TALLYING,
        "unreal": verb is not None and (unreal(verb) or any(t.lower_ in UNREAL for t in below)),
    }


def _ruled(candidate: Candidate, kind: ClaimKind, ruled: tuple[tuple[Count, ...], ...]) -> Row:
    """What the rules say of this figure, of the others in its sentence and of those just before."""
    number, at = candidate.sentence.number, candidate.first.i
    mine = [c.kind == kind for c in ruled[number] if _reads(c, candidate)]
    rest = [c for c in ruled[number] if not _reads(c, candidate)]
    before = [c.kind == kind for c in ruled[number - 1]] if number else []
    joined = candidate.node.conjuncts
    return {
        "ruled": any(mine),
        "ruled else": not all(mine),
        "others": sum(c.kind == kind for c in rest),
        "others else": sum(c.kind != kind for c in rest),
        "since such": min((at - c.node.i for c in rest if c.node.i < at and c.kind == kind), default=_FAR),
        "since any": min((at - c.node.i for c in rest if c.node.i < at), default=_FAR),
        "before": sum(before),
        "before else": len(before) - sum(before),
        "joined": any(c.kind == kind and c.node in joined for c in rest),
    }


def _storied(candidate: Candidate, kind: ClaimKind, told: list[Told]) -> Row:
    """What the story says elsewhere of such figures and of such people, and how far back."""
    low, noun, number = (
        candidate.figure.min or candidate.figure.max,
        thing(candidate.node).lemma_,
        candidate.sentence.number,
    )
    such = [each for each in told if each.count.kind == kind]
    else_ = [each for each in told if each.count.kind != kind]
    return {
        "repeated": sum((each.count.figure.min or each.count.figure.max) == low for each in such),
        "of such people": sum(each.noun == noun for each in such),
        "of such people else": sum(each.noun == noun for each in else_),
        "led by": sum(each.number < _LEAD for each in such),
        "sentences since such": min((number - each.number for each in such if each.number <= number), default=_FAR),
        "sentences since else": min((number - each.number for each in else_ if each.number <= number), default=_FAR),
    }


def _signed(candidate: Candidate, kind: ClaimKind, paths: Paths, taken: AbstractSet[Token]) -> Row:
    """The nearest sign of this kind: how it stands to the figure, and how near one of another kind is.

    `taken` are the words that tell of the sentence's other figures.
    """
    first, last = candidate.first.i, candidate.last.i
    mine = [(s.token, path) for s, path in paths if s.kind == kind]
    others = [(s.token, path) for s, path in paths if s.kind != kind]
    nearest, (up, down) = min(mine, key=lambda way: (sum(way[1]), abs(way[0].i - last)), default=(None, _NO_PATH))
    low, high = sorted((nearest.i, last)) if nearest is not None else (0, 0)
    between = candidate.node.doc.tokens[low + 1 : high]
    return {
        "right": min((token.i - last for token, _ in mine if token.i >= last), default=_FAR),
        "left": min((first - token.i for token, _ in mine if token.i < first), default=_FAR),
        "signs": len(mine),
        "up": up,
        "down": down,
        "taken": nearest in taken,
        "passive": nearest is not None and any(t.dep_ == "auxpass" for t in nearest.lefts),
        "unreal": nearest is not None and unreal(nearest),
        "governs": nearest is not None and nearest.pos_ == "VERB" and nearest in candidate.node.ancestors,
        "rival path": min((sum(path) for _, path in others), default=sum(_NO_PATH)),
        "rival": min((abs(token.i - last) for token, _ in others), default=_FAR),
        "figures between": sum(t.pos_ == "NUM" for t in between),
        "verbs between": sum(t.pos_ == "VERB" for t in between),
        "commas between": sum(t.text in {",", ";"} for t in between),
    }


def _steps_over(node: Token) -> dict[int, int]:
    """The words over a noun, itself the first, by how many steps they are above it."""
    return {token.i: steps for steps, token in enumerate((node, *node.ancestors))}


def _path(over: Mapping[int, int], token: Token) -> tuple[int, int]:
    """Steps up from the noun to the first word that the token hangs on too, and steps down from there."""
    for steps, above in enumerate((token, *token.ancestors)):
        if above.i in over:
            return over[above.i], steps
    return _NO_PATH
