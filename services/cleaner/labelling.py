"""Which pieces of a page are the article's, by a label that is the article's text and says nothing of the page."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

SHINGLE = 4  # words, as the benchmark of article extraction has it

Words = tuple[str, ...]
_Found = tuple[int, int, int]  # a piece, and where in the label its words begin and end
_Gap = tuple[range, Sequence[str]]  # the pieces between two that are found, and the label's words between them


def words_of(text: str) -> Words:
    """The words of a text, as the benchmark counts them."""
    return tuple(re.findall(r"\w+", text))


def shingles(words: Sequence[str], size: int = SHINGLE) -> list[Words]:
    """Every `size` words in a row."""
    return [tuple(words[at : at + size]) for at in range(len(words) - size + 1)]


def told(pieces: Sequence[Words], label: str) -> list[bool]:
    """For each piece, given as its words, whether it is the article's.

    A long one is if most of its shingles are; of a repeated text the copy next to the story is. A short one (a cell of
    a table, a name in a list) is if it is a line of the label, or if its words stand there in the page's order between
    the same long ones.
    """
    words = words_of(label)
    known = {size: Counter(shingles(words, size)) for size in range(1, SHINGLE + 1)}
    lines = {words_of(line) for line in label.split("\n")}
    kept = _without_copies([_is_told(piece, known, lines) for piece in pieces], pieces, known)
    sure = [at for at, right in enumerate(kept) if right and len(pieces[at]) >= SHINGLE]
    if sure:
        kept = [
            right and (len(piece) >= SHINGLE or sure[0] <= at <= sure[-1])
            for at, (right, piece) in enumerate(zip(kept, pieces, strict=True))
        ]
    for between, said in _gaps(_found([(at, pieces[at]) for at in sure], words), len(pieces), words):
        for at in _in_order(between, pieces, said):
            kept[at] = True
    return kept


def _is_told(words: Words, known: dict[int, Counter[Words]], lines: set[Words]) -> bool:
    if len(words) < SHINGLE:
        return bool(words) and (words in lines or (len(words) > 1 and words in known[len(words)]))
    each = shingles(words)
    return sum(shingle in known[SHINGLE] for shingle in each) >= len(each) / 2


def _without_copies(kept: list[bool], pieces: Sequence[Words], known: dict[int, Counter[Words]]) -> list[bool]:
    """Without the copies of a text that are more than the label has, those furthest from the story first."""
    copies: dict[Words, list[int]] = defaultdict(list)
    for at, words in enumerate(pieces):
        if kept[at]:
            copies[words].append(at)
    alone = [places[0] for words, places in copies.items() if len(places) == 1 and len(words) >= SHINGLE]
    for words, places in copies.items():
        size = min(SHINGLE, len(words))
        times = max(1, min(known[size][shingle] for shingle in shingles(words, size)))
        nearest = sorted(places, key=lambda here: -sum(len(pieces[at]) / (1 + abs(here - at)) for at in alone))
        for at in nearest[times:]:
            kept[at] = False
    return kept


def _found(long: Sequence[tuple[int, Words]], label: Words) -> list[_Found]:
    """Where in the label the long pieces stand that follow its order."""
    where: dict[Words, list[int]] = defaultdict(list)
    for at, shingle in enumerate(shingles(label)):
        where[shingle].append(at)
    found: list[_Found] = []
    reached = 0
    for piece, words in long:
        places = [where[shingle] for shingle in shingles(words) if shingle in where]
        begin = next((at for at in places[0] if at >= reached), None)
        if begin is not None:
            last = next((at for at in places[-1] if at >= begin), begin)
            reached = (last if last - begin <= 3 * len(words) else begin) + 1
            found.append((piece, begin, reached + SHINGLE - 1))
    return found


def _gaps(found: list[_Found], count: int, label: Words) -> Iterator[_Gap]:
    """What stands between the pieces that are found, above the first and below the last, where the label has words."""
    if not found:
        return
    for (before, _, end), (after, begin, _) in pairwise(found):
        yield range(before + 1, after), label[end:begin]
    (first, begin, _), (last, _, end) = found[0], found[-1]
    yield range(max(0, first - begin), first), label[:begin]
    yield range(last + 1, min(count, last + 1 + len(label) - end)), label[end:]


def _in_order(between: range, pieces: Sequence[Words], said: Sequence[str]) -> Iterator[int]:
    """The short pieces of a gap most of whose words the label has there too, in the same order."""
    owners = [at for at in between for _ in pieces[at]]
    shown = [word for at in between for word in pieces[at]]
    matches = SequenceMatcher(None, shown, said, autojunk=False).get_matching_blocks() if said else []
    right = Counter(owners[at] for match in matches for at in range(match.a, match.a + match.size))
    return (at for at in right if len(pieces[at]) < SHINGLE and 2 * right[at] > len(pieces[at]))
