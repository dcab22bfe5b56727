"""People's names by where they stand, whatever the model takes them for: right behind what somebody is, or in commas.

"police spokeswoman Jane Doe", "the bishop of Torit, Jane Doe, has called", "said one of them, Jane Doe".
"""

from collections.abc import Iterator

from services.extractor.parser.words import Doc, Span, Token
from services.extractor.world.gazetteer import words

_HUMANS = words("humans") | words("offices") | words("informants")
_LONGEST = 10  # words between what somebody is and the name, or of the name
_KIN = words("kin")
_NAMES = frozenset({"name", "nickname", "pseudonym"})
_SOON = 4  # words in which a name follows the word for it: "name, Omar", "the name of Omar"
_FIRMS = frozenset({"owner", "contractor", "builder", "broadcaster", "trader", "vendor"})  # what a company may be, too


def named_people(sentence: Span) -> Iterator[Span]:
    """The names of two words and more that stand where a human being's must."""
    for word in sentence:
        if word.pos_ in {"NOUN", "PROPN"} and human(word) and (last := called(word)) is not None:
            first = last
            while first.i - 1 > word.i and _in_name(first.nbor(-1)):
                first = first.nbor(-1)
            if last.ent_type_ != "ORG" or word.lemma_.lower() not in _FIRMS:
                yield word.doc[first.i : last.i + 1]


def called(head: Token) -> Token | None:
    """The last word of the name of whom `head` says what he or she is: of two words, of one for a wife or a brother."""
    if head.pos_ == "PRON":
        return None
    if (alias := _alias(head)) is not None:
        return alias
    doc, end = head.doc, head.sent.end
    if human(head) and (name := person_at(head.i + 1, doc)) is not None:
        return name
    comma = next((t for t in doc[head.i + 1 : min(end, head.i + _LONGEST)] if _stops(t)), None)
    least = 1 if head.lemma_.lower() in _KIN else 2
    name = person_at(comma.i + 1, doc, least) if comma is not None and comma.text == "," else None
    if name is None or name.i + 1 >= end:
        return name
    return name if doc[name.i + 1].is_punct or doc[name.i + 1].pos_ in {"VERB", "AUX"} else None


def _alias(head: Token) -> Token | None:
    """As in "a resident who gave only his first name, Omar", "one of them, who asked to be called Omar"."""
    if not human(head):
        return None
    clause = next((t for t in (*head.rights, *head.subtree) if t.dep_ == "relcl"), None)
    if clause is None:
        return None
    said = clause.subtree
    word = next((t for t in said if t.lower_ in _NAMES or _calls(t)), None)
    behind = head.doc[word.i + 1 : min(word.i + _SOON, said[-1].i + 1)] if word is not None else ()
    name = next((t for t in behind if t.pos_ == "PROPN"), None)
    while name is not None and name.i + 1 < head.sent.end and name.nbor().pos_ == "PROPN":
        name = name.nbor()
    return name


def _calls(word: Token) -> bool:
    identified = word.lower_ == "as" and word.head.lemma_ in {"identify", "introduce"}
    return identified or (word.lower_ == "called" and word.tag_ == "VBN")


def human(word: Token) -> bool:
    """Whether a noun says what a human being is, as "minister" does; "one" may be "one of them"."""
    return word.lower_ == "one" or word.lemma_.lower() in _HUMANS


def person_at(start: int, doc: Doc, least: int = 2) -> Token | None:
    """The last word of the name of `least` words or more that begins there: "Maj-General Jane Doe", "R. K. Lind"."""
    end = start
    while end < len(doc) and end < start + _LONGEST and _in_name(doc[end]):
        end += 1
    count = sum(t.pos_ == "PROPN" for t in doc[start:end])
    return doc[end - 1] if count >= least and doc[end - 1].pos_ == "PROPN" else None


def _stops(word: Token) -> bool:
    return word.text == "," or word.pos_ in {"VERB", "AUX"}


def _in_name(word: Token) -> bool:
    hyphen = word.text in {"-", "'", "’"} and word.nbor(-1).pos_ == "PROPN" and not word.nbor(-1).whitespace_
    return hyphen or (word.pos_ == "PROPN" and word.ent_type_ not in {"GPE", "LOC", "DATE", "NORP"})
