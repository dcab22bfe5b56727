"""Which figures of a sentence count people hurt or held, and what became of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.contracts import ClaimKind
from services.extractor.language.lexicon import entries
from services.extractor.language.numbers import Figure, figures
from services.extractor.language.sentences import Sentence
from services.extractor.parser.words import Token
from services.extractor.story.entities import singular
from services.extractor.tolls.harms import Fate, behind_place, done, fate, fate_of, harm, named_by, unreal
from services.extractor.world.gazetteer import sectors, words

_COLLECTIVE = words("collective")
_HUMANS = words("humans")
_MEASURES = words("measures")
_NOT_PEOPLE = words("things") | _MEASURES
_MONTHS = words("months")
_UNITS = frozenset({"%", "percent", "per", "a.m.", "p.m.", "am", "pm", "th", "st"})
_SIGNS = frozenset({"$", "£", "€", "#", "magnitude"})
_AGES = frozenset({"year", "month", "week", "day", "hour"})
_BEHIND = frozenset({"NOUN", "PROPN", "ADJ", "AUX", "ADV", "VERB"})
_ENDS = words("ends")
_REACHES = frozenset({"of", "at", "to", "as", "be", "reach", "hit", "pass", "exceed", "top"})

_SAID_OF = frozenset({"NOUN", "PROPN", "ADJ", "VERB", "DET", "NUM"})
_HOLDING = frozenset({"arrest", "jail", "imprison", "detain"})
_THEM = frozenset({"them", "whom", "which"})
_SUMS = frozenset({"figure", "estimate", "count", "tally", "total"})
_GIVEN = frozenset({"reported", "given", "claimed", "announced", "cited"})
_COMPARED = (["compared", "with"], ["compared", "to"], ["up", "from"], ["down", "from"])
_THE = frozenset({"the", "those", "its", "their"})
_HEADS = frozenset({"odd", "plus", "strong", "man", "woman", "member", "person"})  # "a seven-man crew"
_ORDINALS = frozenset(
    {"second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"}
)
_TRADES = ("er", "or", "ist", "eer", "man", "woman", "ian", "boy", "girl", "smith", "keeper", "wright")
_SHORT = 4  # letters
_ASIDE = 18  # words within which an aside ends
_BACK = 2  # sentences to which "a higher figure of 31" may point back
_OF_THEM = ("of them", "of whom")
_NEAR = 4  # words in which a name ends that begins right behind what somebody is
_OFFICES = words("offices")
_TOOLS = words("tools")
_HIM = frozenset({"he", "she", "him", "her"})


@dataclass(frozen=True, slots=True, eq=False)
class Count:
    """A figure in a sentence, the noun that it counts, what became of those counted and the word that says so.

    `last`: the last noun where the figure is a sum, "a woman and her three children".
    """

    figure: Figure
    node: Token
    kind: ClaimKind
    trigger: Token
    last: Token | None = None


def by_rule(sentences: tuple[Sentence, ...]) -> tuple[tuple[Count, ...], ...]:
    """The counts of each sentence by the rules."""
    found: list[tuple[Count, ...]] = []
    for sentence in sentences:
        near = [count for there in found[-_BACK:] for count in there if count.figure.end]
        found.append(tuple(counts(sentence, near[-1] if near else None)))
    return tuple(found)


def counts(sentence: Sentence, before: Count | None = None) -> Iterator[Count]:
    """Every figure of people hurt or held in the sentence, and everybody who is told of without one.

    `before`: the last figure of the sentences before it, to which "a higher figure of 31" points back.
    """
    found = list(_figured(sentence, before))
    taken = {count.node.i for count in found}
    divided = any(token.lower_ in {"among", "including"} for token in sentence.words)
    for token in sentence.words:
        among = divided and _among_them(token)
        told = token.i not in taken and (among or (not _told_again(token, taken) and _one_person(token)))
        shown = (fate_of(token, 0) or (_of_those_before(token, found) if among else None)) if told else None
        if shown and shown[0] != "displaced" and not unreal(shown[1]):  # who fled alone ran away
            found.append(Count(Figure(0, 0, 1, 1), token, *shown))
    yield from _together(found)


def _figured(sentence: Sentence, before: Count | None) -> Iterator[Count]:
    tokens = list(sentence.words)
    last: Count | None = None
    for figure in figures([t.text for t in tokens]):
        aged = _of_age(tokens[max(0, figure.start - 8) : figure.start])
        behind = None if aged else _behind(tokens, figure)
        told = _told_before(tokens, figure)
        node = _last_noun(tokens, figure, behind[1]) if behind else counted_noun(tokens, figure)
        if node is None and told and not measured(tokens, figure):
            node = tokens[figure.end - 1]  # "the toll had been 76", which the model takes for a year
        if figure.max == 0 or node is None or in_name(tokens, figure) or _taken_up(tokens, figure):
            continue
        if node.dep_ == "pobj" and node.lemma_ in _COLLECTIVE and (figure.max == 1 or node.head.lower_ == "from"):
            continue  # "five members of one family"
        shown = (
            behind or told or _of_the_dead(tokens, figure) or _resumed(tokens, figure, last or before)
            or fate_of(node, 0) or _part(tokens, figure, last) or _beside(tokens, figure, node) or named_by(node)
        )  # fmt: skip
        if shown is None or unreal(shown[1]):
            continue
        last = Count(_highest(figure, tokens) if told else figure, node, *shown)
        yield last
        if (twin := _shared(shown[1])) is not None and twin[0] != last.kind:
            yield Count(figure, node, *twin)


def _highest(figure: Figure, tokens: list[Token]) -> Figure:
    """As in "the toll could reach 400", "may be as high as 400": no more than that."""
    plain = figure.min == figure.max and any(t.lower_ in {"could", "may", "might"} for t in tokens[: figure.start][-5:])
    return replace(figure, min=None) if plain else figure


def in_name(tokens: list[Token], figure: Figure) -> bool:
    """As in "Erik ten Berg"."""
    return tokens[figure.start].lower_ == "ten" and tokens[figure.start].ent_type_ == "PERSON"


def _among_them(token: Token) -> bool:
    """As in "five people, among them a boy", "33 dead, including a boy": one human being of those told of before."""
    article = next((t for t in token.lefts if t.lower_ in {"a", "an"}), token)
    first = article is not token and article.i - token.sent.start > 1
    opened = first and [t.lower_ for t in token.doc[article.i - 2 : article.i]] == ["among", "them"]
    opened = opened or (first and [t.lower_ for t in token.doc[article.i - 2 : article.i]] == [",", "including"])
    return opened and _one_human(token)


def _of_those_before(token: Token, found: list[Count]) -> Fate | None:
    """What became of those who were counted last before somebody."""
    before = [count for count in found if count.node.i < token.i]
    return (before[-1].kind, before[-1].trigger) if before else None


def _taken_up(tokens: list[Token], figure: Figure) -> bool:
    """Whether the figure is one told before that is now divided: "Of the nine, three died in the north"."""
    before, behind = tokens[: figure.start], tokens[figure.end : figure.end + 3]
    return [t.lower_ for t in before] in (["of", "the"], ["of", "these"]) and any(t.text == "," for t in behind)


def _told_again(token: Token, taken: set[int]) -> bool:
    """Whether it only says who others are: "two civilians, a father and his son", "the judge Jane Doe was shot"."""
    beside = (t for t in token.head.children if t.ent_type_ == "PERSON" and t.dep_ == token.dep_)
    if token.pos_ == "NOUN" and any(token.i < t.i < token.i + _NEAR for t in beside):
        return True
    while token.dep_ == "conj":
        token = token.head
    return token.dep_ == "appos" and token.head.i in taken


def _together(found: list[Count]) -> Iterator[Count]:
    """The counts, those of one company as one: "a woman and her three children"."""
    by_node = {(count.node.i, count.kind): count for count in found}
    leading = {c: first for c in found if (first := by_node.get((c.node.head.i, c.kind))) and _company(first, c)}
    for count in found:
        if count in leading:
            continue
        more = list(_following(count, leading))
        total = sum(c.figure.max or 0 for c in (count, *more))
        figure = replace(count.figure, min=total, max=total) if more else count.figure
        yield replace(count, figure=figure, last=more[-1].node if more else None)


def _following(count: Count, leading: dict[Count, Count]) -> Iterator[Count]:
    """Those joined to a count, and to those in their turn: "a man, his wife and his five children"."""
    for other, first in leading.items():
        if first is count:
            yield other
            yield from _following(other, leading)


def _company(first: Count, second: Count) -> bool:
    """Whether two counts joined by "and" are told of as one: somebody and theirs."""
    exact = all(c.figure.min == c.figure.max and c.figure.qualifier is None for c in (first, second))
    if second.node.dep_ != "conj" or first.kind != second.kind or not exact:
        return False
    if first.trigger.head.lower_ == "among":
        return False
    owners = [t for c in (first, second) for t in c.node.lefts if t.dep_ == "poss" and t.lower_ != "its"]
    return any(t.pos_ == "PRON" for t in owners)


def _behind(tokens: list[Token], figure: Figure) -> Fate | None:
    """What the words right behind the figure say: "1,407 injured", "86 people were killed", "dozens of guards dead"."""
    year = figure.qualifier is None and figure.may_be_year
    for token in _without_aside(tokens[figure.end :])[:7] if not year else ():
        if token.lower_ != "of" and (token.pos_ not in _BEHIND or token.lemma_.lower() in _NOT_PEOPLE):
            return None
        passive = token.tag_ in {"VBN", "JJ", "NN", "VBD"} and not any(t.dep_ == "dobj" for t in token.rights)
        if (passive or _are_missing(token)) and (kind := harm("state", token.lower_)):
            counted = token.dep_ == "acl" and tokens[figure.end - 1].i < token.head.i < token.i
            later = fate_of(token.head if counted else tokens[figure.end - 1], 0)
            fled = kind == "displaced" and token.dep_ == "amod" and later is not None and later[0] == "dead"
            return (later if counted or fled else None) or (kind, token)  # "two men abducted in May were found dead"
        if token.pos_ == "VERB":
            return None
    return None


def _without_aside(tokens: list[Token]) -> list[Token]:
    """The words without what is said of some: "126 people, 68 of them children, were killed"."""
    commas = [at for at, t in enumerate(tokens[:_ASIDE]) if t.text == ","]
    if len(commas) < 2:  # noqa: PLR2004 - a comma on either side
        return tokens
    opening, closing = commas[:2]
    inner = [t.lower_ for t in tokens[opening + 1 : closing]]
    some = inner[:1] in (["including"], ["among"]) or any(pair in " ".join(inner) for pair in _OF_THEM)
    verb = closing + 1 < len(tokens) and tokens[closing + 1].pos_ in {"AUX", "VERB"}
    return tokens[:opening] + tokens[closing + 1 :] if some and verb else tokens


def _are_missing(word: Token) -> bool:
    return word.lower_ == "missing" and word.i > 0 and word.nbor(-1).pos_ == "AUX"


def _last_noun(tokens: list[Token], figure: Figure, state: Token) -> Token:
    """The last noun between the figure and the word for what became of those it counts, else the figure."""
    rest = _without_aside(tokens[figure.end :])
    between = [t for t in rest if t.i < state.i and t.pos_ in {"NOUN", "PROPN"}]
    return between[-1] if between else tokens[figure.end - 1]


def _told_before(tokens: list[Token], figure: Figure) -> Fate | None:
    """As in "the death toll … reached 51", "put the number of civilians killed at 13"."""
    start = figure.start + (tokens[figure.start].lemma_ in _REACHES)  # "has topped 45,000" is a figure
    before = tokens[max(0, start - 16) : start]
    if not before or (before[-1].lower_ not in _REACHES and before[-1].lemma_.lower() not in _REACHES):
        return None
    words_before = [t.lemma_.lower() for t in before]
    if before[-1].lemma_ == "be" and not any(harm("toll", word) for word in words_before[-5:]):
        return None
    toll = max((i for i, word in enumerate(words_before) if harm("toll", word)), default=None)
    if toll is not None:
        return "dead", before[toll]
    number = max((i for i, word in enumerate(words_before) if word in {"number", "put"}), default=None)
    told = [(kind, t) for t in before[number or 0 :] if (kind := harm("state", t.lower_))]
    return told[-1] if number is not None and told else None


def _part(tokens: list[Token], figure: Figure, last: Count | None) -> Fate | None:
    """A part of the last figure: "…, including seven children", "among them four women", "six of them children"."""
    if last is None:
        return None
    before = [t.lower_ for t in tokens[max(0, figure.start - 2) : figure.start]]
    after = tokens[figure.end : figure.end + 3]
    opened = before[-1:] == ["including"] or before == ["among", "them"]
    of_them = [t.lower_ in those for t, those in zip(after, ({"of"}, _THEM), strict=False)] == [True, True]
    of_them = of_them and after[2:] != [] and after[2].pos_ in _SAID_OF
    again = before[-1:] == ["and"] and any(t.lower_ in {"including", "among"} for t in tokens[: figure.start])
    return (last.kind, last.trigger) if opened or of_them or again else None


def _resumed(tokens: list[Token], figure: Figure, before: Count | None) -> Fate | None:
    """What became of those told of before: "gave a higher figure of 31", "Among them were three children"."""
    if before is None:
        return None
    ahead, behind = tokens[max(0, figure.start - 4) : figure.start], tokens[figure.end : figure.end + 1]
    links = [t.lower_ for t in ahead[-2:]]
    sums = links[-1:] in (["of"], ["to"], ["at"]) and any(t.lemma_ in _SUMS for t in ahead[-2:-1])
    rival = links[-1:] == ["the"] and behind != [] and behind[0].lower_ in _GIVEN  # "fewer than the 55 reported by"
    bare = behind == [] or behind[0].pos_ not in {"NOUN", "PROPN", "ADJ", "NUM", "VERB"}
    sums = sums or links in _COMPARED
    some = figure.start <= len(ahead) and [t.lower_ for t in ahead[:2]] == ["among", "them"]
    return (before.kind, ahead[-1]) if (sums and bare) or rival or some else None


def _of_the_dead(tokens: list[Token], figure: Figure) -> Fate | None:
    """A part of those of whom the noun says what became of them: "two of the victims were children"."""
    for at, token in enumerate(tokens[figure.end : figure.end + 5]):
        if (at == 0) != (token.lower_ == "of") or (at == 1 and token.lower_ not in _THE):
            return None
        if at > 1 and harm("state", token.lower_) == "injured" and _moved(tokens[figure.end - 1]):
            return "injured", token
        if at > 1 and token.lower_ in {"victims", "fatalities"} and figure.max != 1 and _said_to_be(token):
            return "dead", token
    return None


def _moved(figure: Token) -> bool:
    """As in "evacuated 55 of the wounded", who are no displaced people."""
    told = fate_of(figure, 0)
    return told is not None and told[0] == "displaced"


def _said_to_be(word: Token) -> bool:
    """As in "of the victims were children", "… were recovered", not "… testified", "… were in court"."""
    verb = word.nbor() if word.i + 1 < word.sent.end else word
    if verb.dep_ == "auxpass":
        return verb.head.lemma_ in {"recover", "bury", "identify"}
    told = any(t.dep_ == "attr" for t in verb.rights)
    return verb.lemma_ == "be" and verb.dep_ != "aux" and told


def _shared(word: Token) -> Fate | None:
    """As in "killing and injuring dozens", not "abducted and killed two": two words that share their victims."""
    partner = word.head if word.dep_ == "conj" else next((t for t in word.rights if t.dep_ == "conj"), None)
    if partner is None or partner.pos_ != "VERB" or word.pos_ != "VERB" or abs(partner.i - word.i) > 2:  # noqa: PLR2004 - side by side
        return None
    both = fate(harm("object", partner.lemma_), partner)
    return both if both and both[0] != "detained" and harm("object", word.lemma_) != "detained" else None


def counted_noun(tokens: list[Token], figure: Figure) -> Token | None:
    """The noun that the figure counts, or the figure itself where it stands alone; None for ages, years and shares."""
    if measured(tokens, figure):
        return None
    last = tokens[figure.end - 1]
    node = last.head if last.dep_ == "conj" and last.head.i >= tokens[figure.start].i else last
    while (
        node.dep_ in {"nummod", "quantmod", "compound", "amod", "nmod", "advmod", "npadvmod"}
        and node.head.i > node.i
        and not (last.head is node and node.tag_ == "NNS" and node.head.dep_ == "nsubj")  # "80 people officials said"
    ):
        node = node.head
    if node.pos_ not in {"NOUN", "PROPN", "NUM", "ADJ", "VERB", "PRON", "DET"} or node.i - last.i > 8:  # noqa: PLR2004 - a noun phrase
        node = last
    acts = last.dep_ in {"nsubj", "nsubjpass"} and last.text.isdecimal() and not figure.may_be_year  # "57 had died"
    dated = last.ent_type_ == "DATE" and not acts and (node is last or node.ent_type_ == "DATE")
    between = [t for t in tokens[figure.end :] if t.i < node.i]
    if dated or node.lemma_.lower() in _NOT_PEOPLE or any(t.lemma_.lower() in _MEASURES for t in between):
        return None
    year = figure.may_be_year and "," not in last.text
    return None if year and (node is last or node.tag_ not in {"NNS", "NNPS"}) else node


def measured(tokens: list[Token], figure: Figure) -> bool:
    """Whether the words around the figure make it an age, a day, a sum or a share."""
    last = tokens[figure.end - 1]
    after, beyond = (tokens[at].lower_ if at < len(tokens) else "" for at in (figure.end, figure.end + 1))
    before = tokens[figure.start - 1].lower_ if figure.start else ""
    compares = beyond == "than" and after in {"more", "fewer", "less"}  # "nine more than last year"
    compares = compares or (after, beyond) == ("by", "one")
    span = after == "-" and beyond not in _HEADS and not beyond[:1].isdecimal()
    return (
        span
        or _scored(tokens, figure)
        or _named(tokens, figure)
        or _how_old(last)
        or compares
        or after in _UNITS
        or before in _SIGNS
        or (before in {"in", "since"} and figure.may_be_year and figure.qualifier is None)
        or after in _MONTHS
        or after.rstrip("s") in _AGES
        or last.ent_type_ in {"MONEY", "TIME"}
        or (before in {",", "("} and after in {",", ")", ";"} and _aged(tokens, figure))
        or _of_age(tokens[max(0, figure.start - 8) : figure.start])
    )


def _scored(tokens: list[Token], figure: Figure) -> bool:
    """As in "lost 2-1", "voted 65-30", "magnitude of 8.0"."""
    last, at = tokens[figure.end - 1], figure.start
    game = _higher(tokens[at : figure.end + 2]) or (at > 1 and _higher(tokens[at - 2 : figure.end]))
    return game or (last.text.endswith(".0") and last.text[:-2].isdecimal())


def _higher(score: list[Token]) -> bool:
    texts = [t.text for t in score]
    plain = len(texts) == 3 and texts[1] == "-" and texts[0].isdecimal() and texts[2].isdecimal()  # noqa: PLR2004
    return plain and int(texts[0]) >= int(texts[2])


def _how_old(last: Token) -> bool:
    """As in "my brother was 19 and wanted to be a barber"."""
    digits = last.dep_ in {"attr", "acomp"} and last.head.lemma_ == "be" and last.text.isdecimal()
    whose = next((t for t in last.head.lefts if t.dep_ == "nsubj"), None) if digits else None
    one = whose is not None and (whose.lower_ in _HIM or whose.ent_type_ == "PERSON" or whose.tag_ == "NN")
    return one and whose is not None and (whose.tag_ != "NN" or whose.lemma_ in _HUMANS)


def _named(tokens: list[Token], figure: Figure) -> bool:
    """Whether the figure is part of a name: "Alarm 24 said", "Highway 4"."""
    last = tokens[figure.end - 1]
    plain = figure.end - figure.start == 1 and last.text.isdecimal() and last.head.pos_ == "PROPN"
    return plain and last.head.i == last.i - 1 and last.ent_type_ not in {"CARDINAL", ""}


def _of_age(before: list[Token]) -> bool:
    """As in "aged 12", "died at 88", "the youngest of them was 12", "a boy of 15"; and "a father of four"."""
    read = [t.lower_ for t in before]
    ended = read[-1:] == ["at"] and [t.lemma_ for t in before[-2:-1]] == ["die"]
    compared = read[-1:] in (["is"], ["was"]) and not {"youngest", "oldest", "eldest"}.isdisjoint(read)
    one = read[-1:] == ["of"] and any(t.lemma_ in _HUMANS and t.tag_ == "NN" for t in before[-2:-1])
    ages = not {"ages", "aged"}.isdisjoint(read[-4:])
    return ended or compared or one or ages or read[-1:] == ["age"]


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
        if token.pos_ == "NUM" or token.is_punct or token.lower_ == "for":
            return None
        if token.tag_ in {"VBN", "VBD", "JJ"} and (kind := harm("state", token.lower_)):
            return kind, token
        if token.pos_ == "VERB" and (kind := harm("subject", token.lemma_)):
            return kind, token
    return None


def _one_person(token: Token) -> bool:
    """Whether the token names one human being without a number: a name, "the leader", "him"."""
    if token.dep_ in {"pobj", "appos"}:
        return _one_behind(token) if token.dep_ == "pobj" else behind_place(token) and _one_human(token)
    if token.dep_ not in {"dobj", "nsubjpass", "nsubj", "conj", "attr", "poss"}:
        return False
    if token.lower_ in _ORDINALS or token.pos_ == "PRON" or token.lower_ in {"another", "other"}:
        return _one_of_many(token)
    if token.pos_ == "PROPN" and token.dep_ == "nsubjpass" and (not token.ent_type_ or token.head.lemma_ in _HOLDING):
        return True
    if token.ent_type_ == "PERSON":
        return token.pos_ == "PROPN" and token.dep_ in {"nsubjpass", "nsubj", "dobj"}
    return _one_human(token)


def _one_of_many(token: Token) -> bool:
    """As in "a third died", "injured him", "killed one and injured another"."""
    first = token.dep_ in {"nsubj", "nsubjpass", "dobj"} and token.lower_ in _ORDINALS
    first = first and not any(t.lower_ == "of" for t in token.rights)  # "injured a third of them"
    another = token.lower_ == "another" and token.dep_ in {"nsubjpass", "nsubj", "dobj", "conj"}
    another = another or (token.lower_ == "other" and any(t.lower_ == "the" for t in token.lefts))
    return first or another or (token.lower_ in _HIM and token.dep_ != "conj")


def _one_behind(token: Token) -> bool:
    """As in "the killing of a rider", "including a rider"."""
    link, noun = token.head.lower_, token.head.head.lemma_
    if link == "including":
        return _one_human(token)
    ended = link == "of" and (noun in _ENDS or noun == "life" or singular(noun) in {"body", "remain", "corpse"})
    return ended and (token.ent_type_ == "PERSON" or (_one_human(token) and noun != "arrest"))


def _one_human(token: Token) -> bool:
    if token.ent_type_ == "NORP" and token.pos_ in {"NOUN", "PROPN"} and not token.lower_.endswith("s"):
        return any(t.lower_ in {"a", "an"} for t in token.lefts)
    if token.tag_ != "NN" or any(t.dep_ == "nummod" for t in token.lefts):
        return False
    if token.lemma_ == "crew":
        return False
    human = token.lemma_ in _HUMANS or (token.lemma_ in sectors() and token.lemma_ not in _COLLECTIVE)
    human = human or token.lemma_ in _OFFICES or by_trade(token.lemma_)
    first = token.head if token.dep_ == "conj" and token.lemma_ in _HUMANS else token  # "his wife and daughter"
    return human and any(t.dep_ in {"det", "poss", "amod", "compound"} for t in (*token.lefts, *first.lefts))


def by_trade(noun: str) -> bool:
    """Whether a noun is made as the names of trades are, and names no tool, place or deed: "gardener"."""
    made = len(noun) > _SHORT and noun.endswith(_TRADES)
    return made and noun not in _NOT_PEOPLE | _COLLECTIVE | _TOOLS and ("N", noun) not in entries()
