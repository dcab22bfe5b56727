"""The words in a page's address: most publishing systems make them once, of the headline that a story first had."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote, urlsplit

# How addresses spell letters that have no ASCII letter below their marks: the German and Nordic way, then the bare one.
_SPELLINGS = (
    str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "ß": "ss"}),
    str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "ı": "i", "ł": "l", "đ": "d"}),
)
_FEWEST = 4  # words: fewer name a section or a subject
_BEHIND = 2  # words behind the headline's: a story's number
_STEM = 5  # letters by which a word is known in another form of it
_SHORT = 2  # letters of words that tell nothing
_LONGEST = 400  # characters of a title


def names(url: str, title: str | None) -> bool:
    """Whether the address was made of this title: its words in order, all of them, with a number or two behind."""
    if not title:
        return False
    spelt = [words for spelling in _SPELLINGS if len(words := _words(title, spelling)) >= _FEWEST]
    return any(
        slug[: len(words)] == words and len(slug) - len(words) <= _BEHIND for slug in _slugs(url) for words in spelt
    )


def likeness(url: str, title: str) -> float:
    """How much title and address have in common, 0 to 1: Dice's coefficient of their words' first letters."""
    if not (named := _named(url)):
        return 0
    said = _stems(_words(title, _SPELLINGS[0]))
    return max((2 * len(said & each) / (len(said) + len(each)) for each in named if len(said & each) > 1), default=0)


@lru_cache(maxsize=16)
def _named(url: str) -> tuple[set[str], ...]:
    """The first letters of the words of each part of an address with more than one: asked for line by line."""
    return tuple(stems for slug in _slugs(url) if len(stems := _stems(slug)) > 1)


def _words(title: str, spelling: dict[int, str]) -> list[str]:
    spelt = unicodedata.normalize("NFKD", title[:_LONGEST].casefold().translate(spelling))
    bare = re.sub(r"['’`]", "", "".join(letter for letter in spelt if not unicodedata.combining(letter)))
    return re.sub(r"[\W_]+", " ", bare).split()


def _slugs(url: str) -> Iterator[list[str]]:
    """The words of each part of the address's path, without what names a file's kind."""
    try:
        path = unquote(urlsplit(url).path).casefold()
    except ValueError:
        return
    for part in re.split("[/,]", path):
        yield re.sub(r"[\W_]+", " ", re.sub(r"\.\w{2,5}$", "", part)).split()


def _stems(words: list[str]) -> set[str]:
    return {word[:_STEM] for word in words if len(word) > _SHORT}
