"""Reads a page whose markup was lost: what a line is follows from its shape, its words and where it stands."""

import itertools
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from services import dates, trees
from services.cleaner.body import features
from services.cleaner.metadata import slugs
from services.cleaner.text import datelines, lines, signatures
from services.cleaner.text.reading import Part, Reading, removal
from services.contracts import BlockKind, Dateline, Image, Removed, RemovedReason

_WORDS_OF_PARAGRAPH = 9  # a shorter line is a title, a label, a cry
_STOPS = (".", "。", "।")
_EMPTY = re.compile(r"\n[ \t]*\n")
_INDIC = re.compile(r"[\u0900-\u0dff]")
_WORD = re.compile(r"[^\s\d.,:;!?।॥|()-]{4,}")
_BULLET = re.compile(r"^(?:[•·▪*–-]|\d{1,2}[.)])\s+(?=\S)")
_KEPT = 0.25  # the model's score from which on a line of the story's stretch is kept
_LENIENCE = 0.9  # added to a line's odds, so that a weak line does not cut a story in two
_DOUBT = 0.001
_BEST = 0.9  # the score that some line of a story has, be it short
_SHORT = 300  # words: a story of more has the weight to go on behind an advertisement
_NEAR = 9  # lines above and below in which running text must stand beside what interrupts it
_WORDS_OF_LABEL = 5  # no more than these: the title that it announces is on the next line
_TITLES = 3  # below the label of a box in mid-story
_END = 3  # lines beside an agency in which a story that it signs has ended
_AMONG: frozenset[RemovedReason | None] = frozenset({"ad_label", "cookie", "teaser"})
_BEGINS_BOX: frozenset[RemovedReason | None] = frozenset({"related", "teaser", "newsletter", "share"})
_LONGEST_CAPTION = 500  # characters
_WORDS_OF_HEADLINE = 4  # fewer are a section's name more often
_MOST_OF_HEADLINE = 20  # words
_SOME_HEADLINE = 0.5  # what the headline scores at least: see _titled
_SURE_HEADLINE = 4.0  # and what it scores if the body would begin with it
_NAMED = 0.8  # what a line and the address that was made of it have in common
_FAR = 0.5  # taken from that for the lines between headline and body (their logarithm)
_ADDRESSED = 4.0  # added as far as the address was made of it
_SIGNED = 2.0  # added for a byline or date right below
_BELOW_NAME = 2  # lines below a name in which its date stands: a role may be between
_BESIDE = 3  # lines below the headline in which they stand
_NARROW = range(45, 101)  # columns of a text that was wrapped by hand


@dataclass(frozen=True, kw_only=True, slots=True)
class _Line:
    """A line with what its words alone say: `running` is the running text of a story."""

    text: str
    running: bool
    furniture: RemovedReason | None


def read(text: str, *, country: str | None, url: str = "", judge: trees.Model | None = None) -> Reading:
    """The article in a flattened page; `url`: its address, if known; `judge`: the model, if not data/lines.json.

    A model scores every line; the body is the stretch of lines in which most speaks for a story. Above it stand chrome,
    headline, captions and dateline, below it credits and furniture; the headline is the line whose words return in it.
    """
    found = [_line(each) for each in unwrapped(text)]
    captions = {at for at, line in enumerate(found) if _is_caption(found, at)}
    body = _story(found, captions, judge or trees.load("cleaner", "lines"))
    if not body:
        return Reading(headline=None, parts=(), removed=tuple(removal(line.text, "boilerplate") for line in found))
    told = _stems(" ".join(found[at].text for at in body))
    titled, body = _begun(found, body, _headline(found, captions, body, told, url), url)
    if sum(lines.word_count(found[at].text) for at in body) <= _SHORT:
        body = [*_before(found, captions, titled, body[0]), *body, *_behind(found, captions, body[-1])]
    first, last = body[0], body[-1]
    head = _Head.of(found[:first], captions, titled, country)
    middle = _middle({at: found[at] for at in range(first, last + 1)}, captions, frozenset(body))
    tail = _tail(found[last + 1 :])
    images = tuple(_image(found[at].text) for at in sorted(captions) if at <= last)
    return Reading(
        headline=head.headline,
        parts=middle[0],
        images=images,
        removed=head.removed + middle[1] + tail[0],
        bylines=head.bylines,
        credit_line=head.credit_line or tail[1],
        dateline=head.dateline,
        printed=head.printed,
        signed_off=_named(found, titled, first, told) if titled is not None else (),
    )


def unwrapped(text: str) -> list[str]:
    """The lines that are not empty, trimmed; what was wrapped by hand into narrow lines is one line again.

    Two lines are a title and a name as often, so they are one only where groups of more were wrapped or a second line
    goes on with a sentence.
    """
    split = ([" ".join(row.split()) for row in group.split("\n") if row.strip()] for group in _EMPTY.split(text))
    groups = [(rows, _is_wrapped(rows)) for rows in split if rows]
    fewest = 2 if any(wrapped and (len(rows) > 2 or _goes_on(rows[1])) for rows, wrapped in groups) else 3  # noqa: PLR2004 - see above
    joined = ([" ".join(rows)] if wrapped and len(rows) >= fewest else rows for rows, wrapped in groups)
    return list(itertools.chain.from_iterable(joined))


def _is_wrapped(rows: list[str]) -> bool:
    """Whether rows are as narrow as those wrapped by hand, and hardly any ends with a sentence."""
    above = rows[:-1]
    narrow = all(len(row) in _NARROW for row in above) and len(rows[-1]) < _NARROW.stop
    return bool(above) and narrow and sum(row[-1] in ".!?" for row in above) <= len(above) / 2


def _goes_on(row: str) -> bool:
    return row[0].islower() and lines.is_sentence(row)


def _line(text: str) -> _Line:
    reason = lines.furniture(text)
    words = lines.word_count(text)
    running = (
        reason is None and words >= _WORDS_OF_PARAGRAPH and lines.is_sentence(text) and lines.credit_line(text) is None
    )
    return _Line(text=text, running=running, furniture=reason)


def _is_caption(found: list[_Line], at: int) -> bool:
    """A line that ends in the credit of a picture, unless it is longer than any caption."""
    text = found[at].text
    if len(text) >= _LONGEST_CAPTION or lines.credit_line(text):
        return False
    credit = lines.split_credit(text)[1]
    return credit is not None and not (lines.only_agencies(credit) and _ends(found, at))


def _ends(found: list[_Line], at: int) -> bool:
    """Whether running text stands near above a line and none near below it: an agency signs a story there."""
    above, below = found[max(0, at - _END) : at], found[at + 1 : at + 1 + _END]
    return any(line.running for line in above) and not any(line.running for line in below)


def _image(text: str) -> Image:
    caption, credit = lines.split_credit(text)
    return Image(caption=caption, credit=credit)


def _story(found: list[_Line], captions: set[int], judge: trees.Model) -> list[int]:
    """The lines of the story, in order; a short one is read once more without what may have cut it off."""
    if not found:
        return []
    kept = _kept(found, range(len(found)), captions, judge)
    if sum(lines.word_count(found[at].text) for at in kept) <= _SHORT:
        between = _interruptions(found, captions)
        kept = _kept(found, [at for at in range(len(found)) if at not in between], captions, judge, best=_BEST)
    return kept if any(found[at].running for at in kept) else []


def _kept(
    found: list[_Line], read: Sequence[int], captions: set[int], judge: trees.Model, *, best: float = 0.0
) -> list[int]:
    """The lines of the story if those at `read` are all that there is.

    Of a page whose best line scores less than `best` the model is unsure: from the story's first line on all odds rise
    by half of what that line lacks.
    """
    asked = [found[at] for at in read]
    scores = judge.scores(features.of_flat([line.text for line in asked])).tolist()
    first, last = _stretch([_evidence(line, score) for line, score in zip(asked, scores, strict=True)])
    lack = max(0.0, _odds(best) - _odds(max(scores))) / 2
    if lack:
        scores = [1 / (1 + math.exp(-_odds(score) - lack)) for score in scores]
        evidence = [_evidence(line, score) for line, score in zip(asked[first:], scores[first:], strict=True)]
        last = first + _stretch(evidence)[1]
    within = zip(read[first:last], scores[first:last], strict=True)
    return [at for at, score in within if score > _KEPT and at not in captions and not _is_label(found[at])]


def _interruptions(found: list[_Line], captions: set[int]) -> set[int]:
    """The lines that a story goes on behind: captions, and near running text advertisements, "Read also" with titles.

    A title that stands on the page again belongs to a list.
    """
    seen = Counter(line.text for line in found)
    begun = next((at for at, line in enumerate(found) if line.running), 0)
    between = {at for at in captions if at > begun}
    for at, line in enumerate(found):
        once = seen[line.text] == 1
        if line.furniture in _AMONG and (once or line.furniture != "teaser") and _runs(found, at):
            between.add(at)
        if line.furniture in _BEGINS_BOX and lines.word_count(line.text) <= _WORDS_OF_LABEL:
            end = _box(found, at)
            if all(seen[each.text] == 1 for each in found[at + 1 : end]):
                between.update(range(at, end))
    return between


def _runs(found: list[_Line], at: int) -> bool:
    """Whether running text stands near a line both above and below."""
    above, below = found[max(0, at - _NEAR) : at], found[at + 1 : at + 1 + _NEAR]
    return any(line.running for line in above) and any(line.running for line in below)


def _box(found: list[_Line], at: int) -> int:
    """Where running text follows on the label of other stories at `at` and the few titles below it; else `at`."""
    below = found[at + 1 : at + 1 + _TITLES + 1]
    return next((at + 1 + by for by, line in enumerate(below) if line.running), at) if _runs(found, at) else at


def _is_label(line: _Line) -> bool:
    """Furniture, a byline, or a dateline on a line of its own."""
    return line.furniture is not None or _signs(line)


def _evidence(line: _Line, score: float) -> float:
    """How much a line speaks for (or, below zero, against) a story: the odds, by the root of its words."""
    return (_odds(score) + _LENIENCE) * math.sqrt(lines.word_count(line.text) + 1)


def _odds(score: float) -> float:
    return math.log((score + _DOUBT) / (1 - score + _DOUBT))


def _stretch(evidence: list[float]) -> tuple[int, int]:
    """From where to where the sum is largest (Kadane's algorithm)."""
    best, found, total, start = 0.0, (0, 0), 0.0, 0
    for at, each in enumerate(evidence):
        if total <= 0:
            total, start = 0.0, at
        total += each
        if total > best:
            best, found = total, (start, at + 1)
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class _Head:
    """What stands above the body."""

    headline: str | None
    removed: tuple[Removed, ...]
    bylines: tuple[str, ...]
    credit_line: str | None
    dateline: Dateline | None
    printed: dates.PrintedDate | None

    @classmethod
    def of(cls, above: list[_Line], captions: set[int], titled: int | None, country: str | None) -> "_Head":
        """The lines above the body, told apart; the headline is the one at `titled`."""
        removed: list[Removed] = []
        credit: str | None = None
        bylines: tuple[str, ...] = ()
        dated: tuple[Dateline, dates.PrintedDate] | None = None
        for at, line in enumerate(above):
            dateline = datelines.own_line(line.text, country=country)
            if at in captions:
                removed.append(removal(line.text, "caption"))
            elif at == titled:
                removed.append(removal(line.text, "headline"))
            elif dateline is not None:
                dated = dated if dated and dated[0].place else dateline
                removed.append(removal(line.text, "dateline"))
            elif lines.is_byline(line.text):
                bylines = bylines or lines.people(line.text)
                removed.append(removal(line.text, "byline"))
            elif lines.credit_line(line.text):
                credit = credit or line.text
                removed.append(removal(line.text, "credit"))
            else:
                below = titled is not None and at > titled
                removed.append(removal(line.text, line.furniture or ("boilerplate" if below else _chrome(line))))
        return cls(
            headline=above[titled].text if titled is not None else None,
            removed=tuple(removed),
            bylines=bylines,
            credit_line=credit,
            dateline=dated[0] if dated and dated[0].place else None,
            printed=dated[1] if dated else None,
        )


def _named(found: list[_Line], titled: int, first: int, told: set[str]) -> tuple[str, ...]:
    """The people whom a line between headline and story names that holds nothing else, with a date on a line beside it.

    What stands there as often is a section, whose words the story has or which the menu has too. A second such line is
    the first one's role.
    """
    below, menu = found[titled + 1 : first], {line.text for line in found[:titled]}
    for at, line in enumerate(below):
        if line.furniture or line.text in menu or not (names := signatures.signed_off(line.text)):
            continue
        names = tuple(name for name in names if not (words := _stems(name)) or not words <= told)
        if names and any(map(_dates, below[max(0, at - 1) : at + _BELOW_NAME + 1])):
            return names
    return ()


def _dates(line: _Line) -> bool:
    return line.furniture == "dateline" or datelines.own_line(line.text, country=None) is not None


def _chrome(line: _Line) -> RemovedReason:
    return "navigation" if len(line.text.split()) <= 4 else "boilerplate"  # noqa: PLR2004 - menus have short words


def _headline(found: list[_Line], captions: set[int], body: list[int], told: set[str], url: str) -> int | None:
    """Which line is the headline: the likeliest of those above the body and, if it is no sentence, the body's first.

    `told`: the stems of the body's words. Address and signatures are looked at only where they can decide.
    """
    first = body[0]
    above = [at for at in range(first) if at not in captions]
    if len(body) > 1 and (not lines.is_sentence(found[first].text) or _is_named(found[first].text, url)):
        above.append(first)
    best, most = None, _SOME_HEADLINE
    for at in reversed(above):
        line, least = found[at], most if at < first else _SURE_HEADLINE
        if line.furniture is not None:
            continue
        score = _titled(line.text, told) - _FAR * math.log(1 + first - at) - (at == first)
        if score + _SIGNED + _ADDRESSED <= least or _signs(line) or lines.credit_line(line.text):
            continue
        score += _SIGNED * any(map(_signs, found[at + 1 : min(first, at + 1 + _BESIDE)]))
        if score + _ADDRESSED > least and (score := score + _ADDRESSED * slugs.likeness(url, line.text)) > least:
            best, most = at, score
    return best


def _is_named(text: str, url: str) -> bool:
    """Whether an address was made of a line."""
    return slugs.likeness(url, text) > _NAMED


def _begun(found: list[_Line], body: list[int], titled: int | None, url: str) -> tuple[int | None, list[int]]:
    """Headline and story without each other: a sentence that would be the headline right above the story begins it."""
    if titled is None:
        return None, body
    text = found[titled].text
    if text == found[body[0]].text:
        return titled, body[1:] or body
    if titled == body[0] - 1 and text.endswith(_STOPS) and not _is_named(text, url):
        return None, [titled, *body]
    return titled, body


def _before(found: list[_Line], captions: set[int], titled: int | None, first: int) -> list[int]:
    """The running text between headline and story, below all signatures, dates and shares: a short page's story.

    What stands there twice is a caption, what breaks off a path through the site or a teaser.
    """
    if titled is None:
        return []
    seen = Counter(line.text for line in found)
    between = range(titled + 1, first)
    start = max((at + 1 for at in between if _signs(found[at]) or found[at].furniture == "share"), default=titled + 1)
    return [
        at
        for at in range(start, first)
        if found[at].running and at not in captions and seen[found[at].text] == 1 and found[at].text[-1] != "…"
    ]


def _behind(found: list[_Line], captions: set[int], last: int) -> list[int]:
    """The running text that is all that follows on a short story: its last line."""
    end = len(found) - 1
    return [end] if last == end - 1 and found[end].running and end not in captions else []


def _signs(line: _Line) -> bool:
    """Whether a line is a byline or a dateline."""
    return line.furniture == "byline" or _dates(line) or lines.is_byline(line.text)


def _stems(text: str) -> set[str]:
    """The stems of a text's words; signs on letters, as Hindi's vowels are, break none up."""
    signed = not text.isascii() and _INDIC.search(text) is not None
    return {word[:5] for word in _WORD.findall(text)} if signed else lines.stems(text)


def _titled(text: str, told: set[str]) -> float:
    """How much a line looks like the headline of a story: its words return there, it is no sentence."""
    words = _stems(text)
    many = lines.word_count(text)
    score = 1.5 * math.log(1 + len(words & told)) + 2 * len(words & told) / max(1, len(words))
    return score - 2 * text.endswith(_STOPS) - 2 * (many < _WORDS_OF_HEADLINE) - 0.2 * max(0, many - _MOST_OF_HEADLINE)


def _middle(
    between: dict[int, _Line], captions: set[int], body: frozenset[int]
) -> tuple[tuple[Part, ...], tuple[Removed, ...]]:
    parts: list[Part] = []
    removed: list[Removed] = []
    for at, line in between.items():
        if at in captions:
            removed.append(removal(line.text, "caption"))
        elif line.furniture is not None:
            removed.append(removal(line.text, line.furniture))
        elif lines.credit_line(line.text):
            removed.append(removal(line.text, "credit"))
        elif at in body:
            parts.append(_part(line))
        else:
            removed.append(removal(line.text, "boilerplate"))
    return tuple(parts), tuple(removed)


def _part(line: _Line) -> Part:
    bullet = _BULLET.match(line.text)
    if bullet is not None:
        return Part(kind="list_item", text=line.text[bullet.end() :])
    kind: BlockKind = "paragraph" if lines.is_sentence(line.text) or lines.breadth(line.text) > 90 else "heading"  # noqa: PLR2004 - no heading is longer
    return Part(kind=kind, text=line.text)


def _tail(below: list[_Line]) -> tuple[tuple[Removed, ...], str | None]:
    """What stands below the body, all of it removed, and the credit line among it."""
    removed: list[Removed] = []
    credit: str | None = None
    reason: RemovedReason | None = None
    for line in below:
        if reason is None and lines.credit_line(line.text):
            credit = credit or line.text
            removed.append(removal(line.text, "credit"))
            continue
        reason = "comments" if line.furniture == "comments" else reason
        removed.append(removal(line.text, line.furniture or reason or "boilerplate"))
    return tuple(removed), credit
