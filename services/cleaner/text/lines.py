"""What a line of a page is, from its words alone: furniture, a credit, a caption, a byline."""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import get_args

from services.contracts import RemovedReason

LONGEST_FURNITURE = 240  # characters: a longer line that begins like furniture is more likely a paragraph
_BEGINNING = 80  # characters: no phrase is longer
_WORDY: frozenset[RemovedReason | None] = frozenset({"cookie", "dateline"})  # what notices of a paragraph are
_EDGES = " \t\n•·▪►▶➤➡»«›‹<>|*#-–—:.,!()[]0123456789"
_MARKS = re.compile(r"^[^\w\"'“”„«‹‘「『¿¡—–-]+")  # bullets and pictures in front of a line's words; a dash speaks
_SIGNING: frozenset[RemovedReason] = frozenset({"byline", "dateline", "credit"})
_NOTICE = 3  # spaces in a phrase
_WORDS_SIGNING = 5  # behind such a phrase: a sentence with more tells something
_FEWEST_TOLD = 3  # words behind a colon that begin with a small letter
_SPEECH = '"“”„«‹‘「『'
_DATED_RIGHTS = re.compile(r"copyright (?:19|20)\d\d\b.*\breserved\b")
_LONGEST_WORD = 12  # letters: longer phrases are more than one word
_DOTLESS_I = "\u0131"
_CYRILLIC = "\u0400"  # the first letter behind those of Latin and Greek
_DOTTED_I = "i\u0307"  # what Turkish's capital becomes when its case is folded
_SENTENCE_ENDS = frozenset(".!?…。！？:;：；।॥؟۔؛։។။｡．")
_CLOSING = "\"”’»›)]'」』“）"  # what may stand behind the end of a sentence


def rows(name: str) -> list[list[str]]:
    """The rows of a table in data/: its columns, comments and empty lines left out."""
    text = (resources.files("services.cleaner") / "data" / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


def listed(name: str) -> tuple[str, ...]:
    """The words of a list in data/words.tsv."""
    return tuple(word for known, words in rows("words.tsv") if known == name for word in words.split())


def alternatives(name: str) -> str:
    """The words of a list in data/words.tsv as a regular expression for one of them."""
    return "|".join(words for known, words in rows("words.tsv") if known == name)


@dataclass(frozen=True, slots=True)
class _Phrases:
    """Whole lines and line beginnings, each with its reason.

    `starts`: the beginnings by their first two letters, longest first.
    """

    whole: dict[str, RemovedReason]
    starts: dict[str, tuple[str, ...]]
    begun: dict[str, RemovedReason]


@cache
def _phrases() -> _Phrases:
    reasons: dict[str, RemovedReason] = {str(reason): reason for reason in get_args(RemovedReason)}
    whole: dict[str, RemovedReason] = {}
    begun: dict[str, RemovedReason] = {}
    starts: dict[str, tuple[str, ...]] = {}
    for reason, how, words in rows("furniture.tsv"):
        known = whole if how == "whole" else begun
        for spelling in _spellings(words.replace(_DOTLESS_I, "i")):
            known.setdefault(spelling, reasons[reason])
    for words in sorted(begun, key=len, reverse=True):
        starts[words[:2]] = (*starts.get(words[:2], ()), words)
    return _Phrases(whole, starts, begun)


def _spellings(words: str) -> tuple[str, ...]:
    """Words as they are and, in Latin and Greek letters, without accents, as capitals are printed ("A LIRE AUSSI")."""
    bare = "".join(itertools.filterfalse(unicodedata.combining, unicodedata.normalize("NFD", words)))
    return (words, bare) if bare < _CYRILLIC else (words,)


@lru_cache(maxsize=4_096)
def furniture(text: str) -> RemovedReason | None:
    """Why a line is furniture of the page by its own words; None for a line that may be a part of the article.

    A long line is none, whatever it begins with, unless it asks for consent or says at length when it was posted.
    """
    if breadth(text) > LONGEST_FURNITURE:
        return _at_length(_caseless(text[:_BEGINNING]))
    known = _phrases()
    folded = _caseless(text)
    if (core := folded.strip(_EDGES)) in known.whole:
        return known.whole[core]
    if _DATED_RIGHTS.match(folded):
        return "legal"
    return _begun(folded) or (_begun(_MARKS.sub("", folded)) if not folded[:1].isalnum() else None)


_CHANNEL = re.compile(alternatives("channel"), re.IGNORECASE)
_FOLLOW = frozenset(listed("follow"))
_FOLLOWED = frozenset(listed("followed"))
_ROUND = _EDGES + "?¡!…:👉"
_LONGEST_APPEAL = 200


def appeals(text: str) -> bool:
    """Whether a line tells readers to follow the paper somewhere: "Follow us on Google News", "X'te takip edin"."""
    if len(text) > _LONGEST_APPEAL:
        return False
    first, last = text.partition(" ")[0], text.rpartition(" ")[2]
    begun = first.casefold().replace(_DOTTED_I, "i").strip(_ROUND) in _FOLLOW
    return (begun or last.casefold().strip(_ROUND) in _FOLLOWED) and _CHANNEL.search(text) is not None


def _caseless(text: str) -> str:
    return text.casefold().strip().replace("’", "'").replace(_DOTTED_I, "i").replace(_DOTLESS_I, "i")


def _begun(folded: str) -> RemovedReason | None:
    """The reason of the longest phrase that begins the line and ends with a word."""
    known = _phrases().starts
    starts = known.get(folded[:2], ()) + known.get(folded[:1], ())  # some are one character: "©"
    if not starts or not folded.startswith(starts):
        return None
    for words in starts:
        if folded.startswith(words) and not _goes_on(words[-1], folded[len(words) : len(words) + 1]):
            reason = _phrases().begun[words]
            if words == "©":
                return "legal" if _reserves_rights(folded) else reason
            return None if reason in _SIGNING and _tells(words, folded[len(words) :], reason) else reason
    return None


def _tells(words: str, rest: str, reason: RemovedReason) -> bool:
    """Whether a line begins as signatures do but is a sentence: "Dodał: nikt nie zginął.", "Publié par le juge, ...".

    Four words that no story begins with and a number are a notice in a sentence: "This entry was posted on 3 May."
    """
    if rest[-3:].rstrip(_CLOSING)[-1:] not in _SENTENCE_ENDS:
        return False
    said = rest.strip(_EDGES)
    if words.count(" ") >= _NOTICE and any(map(str.isdigit, rest)):
        return False
    many = word_count(said)
    if many > _WORDS_SIGNING:
        return True
    spoken = said[:1] in _SPEECH or (words[-1] == ":" and many >= _FEWEST_TOLD and said[:1].islower())
    return reason != "dateline" and spoken


def _at_length(folded: str) -> RemovedReason | None:
    """The reason of a long line that begins with a phrase of three words: a story may begin with "Your browser"."""
    reason = _begun(folded)
    long = (words for words, its in _phrases().begun.items() if its == reason and words.count(" ") > 1)
    return reason if reason in _WORDY and any(map(folded.startswith, long)) else None


def _reserves_rights(folded: str) -> bool:
    """Whether a line with a copyright sign goes on as notices begin: it is no picture's credit."""
    begun = _phrases().begun.items()
    return any(reason == "legal" and len(words) > _LONGEST_WORD and words in folded for words, reason in begun)


def _goes_on(last: str, after: str) -> bool:
    """Whether a word that has this letter goes on behind it; where a script writes no spaces, none does."""
    return _in_word(last) and _in_word(after) and not UNSPACED.match(last)


def _in_word(letter: str) -> bool:
    """Whether it is a letter, a digit or a sign on a letter, as the vowels of Hindi are."""
    return letter.isalnum() or (letter != "" and unicodedata.category(letter)[0] == "M")


_NO_SPACES = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
UNSPACED = re.compile(_NO_SPACES)
_RUN = re.compile(f"{_NO_SPACES}{{2,}}")


_DENSE = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")


def is_dense(text: str) -> bool:
    """Whether a text has Chinese, Japanese or Korean and most of its letters take three bytes, as theirs do."""
    if text.isascii() or len(text.encode("utf-8", "replace")) <= 2 * len(text):
        return False
    return _DENSE.search(text) is not None


def breadth(text: str) -> int:
    """Characters that a text would take in Latin letters: one of Chinese, Japanese or Korean says as much as 2.5."""
    return len(text) + (len(text.encode("utf-8", "replace")) - len(text)) * 3 // 4 if is_dense(text) else len(text)


def word_count(text: str) -> int:
    """Words in a line; where a script writes none (Chinese, Japanese, Thai), one for every two letters."""
    words = text.count(" ") + 1
    return words if text.isascii() else words + len(UNSPACED.findall(text)) // 2


def stems(text: str) -> set[str]:
    """The first five letters of each word of four letters or more: enough to find "soldiers" in "soldier".

    Where a script writes no spaces, every two letters that stand together.
    """
    found = {word[:5] for word in re.findall(r"[^\W\d_]{4,}", text.casefold())}
    return found if text.isascii() or not UNSPACED.search(text) else found | pairs(text)


def pairs(text: str) -> set[str]:
    """Every two letters that stand together in what a text has of scripts without spaces."""
    return {run[at : at + 2] for run in _RUN.findall(text) for at in range(len(run) - 1)}


_SIGNED = re.compile(r"(?<=[.!?\"”»])\s*\(([^()]{2,40})\)$")


def is_sentence(text: str) -> bool:
    """Whether a line reads as running text: it ends as sentences end, or is far longer than a title.

    An agency may sign behind the last sentence: "... on Monday. (AFP)".
    """
    if text[-6:].rstrip(_CLOSING)[-1:] in _SENTENCE_ENDS or breadth(text) > 200:  # noqa: PLR2004 - longer than any headline
        return True
    return text[-1:] == ")" and (signed := _SIGNED.search(text)) is not None and only_agencies(signed[1])


@cache
def _agencies() -> tuple[dict[str, str], re.Pattern[str]]:
    names: dict[str, str] = {}
    for row in rows("agencies.tsv"):
        for printed in (row[0], *(row[1].split("|") if len(row) > 1 else ())):
            if printed:
                names[printed] = row[0]
    longest_first = sorted(names, key=len, reverse=True)
    return names, re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![\w-])")


def agencies_in(text: str) -> tuple[str, ...]:
    """The news agencies that `text` names, in its order, each once and by the name in data/agencies.tsv."""
    if _agency_words().isdisjoint(_WORD.findall(text)):
        return ()
    names, pattern = _agencies()
    return tuple(dict.fromkeys(names[found] for found in pattern.findall(text)))


_VERBS = alternatives("verb")


def agencies_reporting(text: str) -> tuple[str, ...]:
    """The agencies that `text` names as giver of a report ("AFP reported", "according to Reuters"), each once."""
    names, _ = _agencies()
    told = _telling_words()
    printed = {name for word in told.keys() & text.split() for name in told[word] if name in text}
    found: list[tuple[int, int, str]] = []
    for name in printed:
        found += [(*span, name) for span in _reports(text, name)]
    agencies, last = [], 0
    for start, end, name in sorted(found, key=lambda each: (each[0], -len(each[2]))):
        if start >= last:
            agencies.append(names[name])
            last = end
    return tuple(dict.fromkeys(agencies))


def _reports(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Where a name stands as a word of its own before or behind a verb of reporting, with the verb."""
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        if not _INSIDE_WORD.match(text, end) and not (start and _INSIDE_WORD.match(text, start - 1)):
            if (behind := _REPORTS.match(text, end)) is not None:
                yield start, behind.end()
            elif (before := _REPORTED.search(text, max(0, start - _LONGEST_VERB), start)) is not None:
                yield before.start(), end
        start = text.find(name, end)


@cache
def _telling_words() -> dict[str, list[str]]:
    """Words as they stand between two spaces, each with the agencies' names that it is a part of.

    Of each name one word: the longest of those that others follow, for "The" and "New" stand in every text.
    """
    told: dict[str, list[str]] = {}
    for name in _agencies()[0]:
        first, *others = name.split()
        longest = max([first, *others[:-1]], key=len)
        before = ("", "(", "“", '"') if longest == first else ("",)
        behind = ("",) if others else ("", ",", ".", ")", "”", '"', ";", ":", ").", ",”")
        for opening, closing in itertools.product(before, behind):
            told.setdefault(f"{opening}{longest}{closing}", []).append(name)
    return told


_INSIDE_WORD = re.compile(r"[\w-]")
_REPORTS = re.compile(rf"(?:\snews\sagency|\sagency)?,?\s(?:had\s|has\s|also\s)?(?:{_VERBS})\b")
_REPORTED = re.compile(
    r"\b(?:told|according\sto|reported\sby|cited\sby|quoted\sby|said\sto)\s(?:the\s)?(?:news\sagency\s)?\Z|"
    r"\b(?:[Ll]aut|[Ee]nligt|[Ii]følge|[Vv]olgens|[Ss]elon\sl['’]|[Ss]egún|[Ss]econdo\sl['’]|[Ss]egundo\sa|[Pp]odle|по\sданным)\s?\Z"
)
_LONGEST_VERB = 40  # characters: "according to the news agency " and room


_CREDIT_LINE = re.compile(
    r"(?:with|from|avec|mit|con|com)\s(?:additional\s)?(?:inputs?|agency|agencies|reporting|material|files|wire|wires)\b|"
    r"\binputs?\sfrom\b|\b(?:agencies|news\sservices?|wire\sreports|newswires)\b|\bsource:|\bquelle:|\bfuente:|\bfonte:|"
    r"\b(?:reporting|writing|editing|additional\sreporting|compiled|edited)\sby\b|\bcontributed\sto\sthis\s(?:report|story|article)\b"
)
# One of these stands in all that the pattern finds: asked first, for the pattern takes twenty times as long.
_OF_CREDIT = (
    "agenc", "input", "report", "wire", "material", "files", "service", "source:", "quelle:", "fuente:", "fonte:",
    "writing", "edit", "compiled", "contributed",
)  # fmt: skip
_REPORTED_BY = re.compile(r"(?:Reporting|Writing|Additional reporting|Editing|Compiled) by\b")
LONGEST_CREDIT = 200
_LONGEST_SOURCES = 80  # characters: nobody names more agencies than fit
_WORDS_OF_CREDIT = 8
_WORDS_OF_SOURCE = 3  # behind "Kaynak:": more may be a sentence that a source said
_LONGEST_BYLINE = 120


def credit_line(text: str) -> str | None:
    """The line as printed when it says who else the story comes from: "(Ours with inputs from agencies)", "(AFP)"."""
    line = text.strip()
    if not line or len(line) > LONGEST_CREDIT:
        return None
    bracketed = line[0] in "([" and line.rstrip(".")[-1] in ")]"
    core = line.strip("()[]. -–—")
    if only_agencies(core):
        return line
    if bracketed or len(line.split()) <= 8:  # noqa: PLR2004 - a credit without brackets is short
        return line if _says_credit(core.lower()) else None
    return line if _REPORTED_BY.match(core) else None


_SOURCES = frozenset(listed("sources"))


def _says_credit(folded: str) -> bool:
    label, colon, said = folded.partition(":")
    if colon and label in _SOURCES:
        return word_count(said.strip()) <= _WORDS_OF_SOURCE
    return any(word in folded for word in _OF_CREDIT) and _CREDIT_LINE.search(folded) is not None


_WORD = re.compile(r"[^\W\d_]+")
_JOINS = re.compile(
    r"\b(?:and|und|et|y|e|via|by|with|agencies|contributors?|news|agency)\b|[\W\d_]", flags=re.IGNORECASE
)


@cache
def _agency_words() -> frozenset[str]:
    """The first words of agencies' names, letters alone: a quick answer for the many lines that begin otherwise."""
    return frozenset(word[0] for name in _agencies()[0] if (word := _WORD.search(name)))


def only_agencies(text: str) -> bool:
    """Whether a text names news agencies and nobody else."""
    first = _WORD.search(text) if len(text) <= _LONGEST_SOURCES else None
    if first is None or (first[0] not in _agency_words() and not _JOINS.fullmatch(first[0])):
        return False
    rest = _agencies()[1].sub("", text)
    return rest != text and not _JOINS.sub("", rest)


_CREDIT_WORD = f"(?:{alternatives('credit')})"
_CREDIT_AFTER = re.compile(
    rf"[\s|/(\[–—-]*(?<![\w])(?:{_CREDIT_WORD}(?:\s(?:by|credit|courtesy(?:\sof)?|von|de))?\s?[:：/|©=]|(?:fot|zdj)\.:?(?!.*[.!?]$))"
    r"\s?(?P<credit>[^:]{2,120})$",
    re.IGNORECASE,
)
_CREDIT_MARKS = re.compile("[:：/|©=]|(?i:fot|zdj)\\.")  # one of these stands in what the pattern above finds
_CREDIT_JOIN = re.compile(r"\sby\s", re.IGNORECASE)  # and this in what the one below does
_CREDIT_BY = re.compile(
    r"[\s|(\[–—-]+(?P<credit>(?:photos?|photographs?|pictures?|images?|illustration)\sby\s[^.]{3,80})[)\]]?\.?$",
    re.IGNORECASE,
)
_BRACKETED_END = re.compile(r"\s*[(\[](?P<credit>[^()\[\]]{2,120})[)\]]\.?$")
_CREDIT_LABEL = re.compile(r"[:：|©=]|\sby\s")
_PHOTO_HOUSE = re.compile(rf"\b(?:{alternatives('picture house')})\b|/")


def split_credit(caption: str) -> tuple[str | None, str | None]:
    """A caption and its credit, each None where there is none: "Smoke. Photograph: (AFP)" is "Smoke." and "AFP"."""
    text = caption.strip()
    found = _BRACKETED_END.search(text)
    labelled = found is None or _CREDIT_LABEL.search(text, max(0, found.start() - 1))  # (Photo: Bo Ek), Photo: (AFP)
    if found is not None and not labelled and _is_credit(found["credit"]):
        return text[: found.start()].strip() or None, _bare(found["credit"])
    for marks, shape in ((_CREDIT_MARKS, _CREDIT_AFTER), (_CREDIT_JOIN, _CREDIT_BY)):
        if marks.search(text) and (found := shape.search(text)) is not None:
            return text[: found.start()].strip(" |([–—-") or None, _bare(found["credit"])
    found = _BRACKETED_END.search(text)
    if found is not None and _is_credit(found["credit"]):
        return text[: found.start()].strip() or None, _bare(found["credit"])
    sign = text.rfind("©")
    if sign >= 0 and len(text) - sign < 100:  # noqa: PLR2004 - a credit is short
        return text[:sign].strip(" |([–—-") or None, _bare(text[sign + 1 :])
    tail = re.search(r"(?<=[^\W\d_][.!?]|[.!?][\"”)])\s*(?P<credit>[^.!?]{2,80})$", text)
    if tail is not None and _is_credit(tail["credit"]):
        return text[: tail.start()].strip() or None, _bare(tail["credit"])
    return text or None, None


def lone_credit(text: str) -> str | None:
    """The credit of a picture that a line is and nothing more: "Getty Images", "Photo: Bo Ek"."""
    if len(text) > _LONGEST_SOURCES:
        return None
    caption, credit = split_credit(text)
    return credit if caption is None else text if credit is None and _is_credit(text) else None


def _is_credit(text: str) -> bool:
    if len(text.split()) > _WORDS_OF_CREDIT or not _WORD.search(text):  # a date in brackets is none
        return False
    return only_agencies(text) or bool(_PHOTO_HOUSE.search(text)) or bool(agencies_in(text))


def _bare(credit: str) -> str | None:
    """A credit without its brackets, and once where it is given twice ("Ines Holt | Ines Holt")."""
    bare = credit.strip(" ()[]|/–—-:").rstrip(".")
    once, _, again = bare.partition(" | ")
    return (once if once == again else bare) or None


_BY = re.compile(
    r"^(?:by|von|par|por|di|da|door|af|av|od|oleh|text|words|story by|written by|reported by|author)\s*:?\s+(?=\S)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:^|(?<=\s))[\w.+-]*@[\w.-]+")
_KOREAN = re.compile(r"[\uac00-\ud7a3]{2,4}(?: (?:기자|특파원|논설위원))?")
_BEGINS_BYLINE = re.compile(r"(?:By|BY|by|[Vv]on|Par|Por|Door|Text:|Words:)\s")
BETWEEN = re.compile(
    r"\s*(?:,|;|،|、|؛|\||•|·|/|&|\band\b|\bund\b|\bet\b|\by\b|\be\b|\ben\b|\boch\b|\bog\b|\bwith\b|\bavec\b|\bmit\b)\s*"
)
_NOBODY = re.compile(rf"\b(?:{alternatives('nobody')})\b|[@\d:©/]", re.IGNORECASE)


def people(text: str) -> tuple[str, ...]:
    """The people of a byline: "By Ann Lee and Bo Ek, Staff" is Ann Lee and Bo Ek; desks, staff, agencies are nobody."""
    bare = re.sub(r"\([^()]{1,40}\)", "", without_by(text.strip())[:400])
    parts = (part.strip(" .,;:-–—()\"'") for part in BETWEEN.split(bare))
    return tuple(dict.fromkeys(filter(_is_person, parts)))


def without_by(line: str) -> str:
    """A byline without its "By" or "Text:" and the addresses and handles beside the names."""
    if "@" in line:
        line = _ADDRESS.sub("", line).strip()
    while (begun := _BY.match(line)) is not None:
        line = line[begun.end() :]
    return line


def nobody(name: str) -> bool:
    """Whether a name is a desk's, a team's or a label, and no person's."""
    return bool(_NOBODY.search(name))


def is_byline(text: str) -> bool:
    """Whether a line is a byline: "By" and nothing but names, which end with no small word as "Monday morning" does."""
    if len(text) >= _LONGEST_BYLINE or not _BEGINS_BYLINE.match(text):
        return False
    return not all(name.split()[-1].islower() for name in people(text))


def _begins_name(word: str) -> bool:
    """Whether a word begins as names do: with a capital, or in a script that has none."""
    return word[0].isalpha() and not word[0].islower()


def _is_person(name: str) -> bool:
    if UNSPACED.match(name):
        return 2 <= len(name) <= 6 and not _NOBODY.search(name)  # noqa: PLR2004 - a Chinese or Japanese name
    if _KOREAN.fullmatch(name):
        return True
    words = name.split()
    named = 2 <= len(words) <= 5 and len(name) <= 60  # noqa: PLR2004 - names have a first and a last part, seldom over five
    letters = bool(words) and words[0][0].isalpha() and any(_begins_name(word) for word in words)
    return named and letters and not _NOBODY.search(name) and not only_agencies(name)


def folded(text: str) -> str:
    """The words of a text without case and marks, one space between: as two that are the same are compared."""
    return re.sub(r"\W+", " ", text.casefold()).strip()
