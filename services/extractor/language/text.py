"""The readable fields of an article, passage by passage, and spans that point into them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from services.contracts import Article, Span
from services.extractor.world.atlas import sites
from services.extractor.world.gazetteer import names, words

BODY_LIMIT = 40_000  # characters of the body that are read: some 6,500 words, longer than news stories are
CAPTION_LIMIT = 2_000
CAPTIONS_LIMIT = 20
HEAD = 160  # characters at the head of a body in which a dateline stands
PIECE = 4_000  # characters that are parsed at once: the parser's memory grows with them

_TOWN = 50_000  # people of a place that begins a story without a mark behind it
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)]*\s+(?=[\"'“‘(]*[A-Z])")
_LINE = re.compile(r"[^\r\n]+")
_DATELINE = re.compile(
    r"[A-Z][A-Z .'’/-]{2,40}(?:, [A-Z][A-Za-z .]{1,30})?(?:,? [A-Z][a-z]{2,8}\.? \d{1,2})?(?:,? \d{4})? ?"
    r"(?:\([^()\n]{2,40}\))? ?(?:--?|[–—]) "
)
_NAMED_PLACE = (
    re.compile(  # "BAMAKO, 3 May (MNA) Two …", "BEIRUT At least …", "MOSCOW, April 23. Two …", "KAMPALA. The …"
        r"(?P<place>[A-Z][A-Z '’-]{2,30}?)\b(?:,? (?:[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Z][a-z]{2,8})(?:,? \d{4})?)?"
        r"(?: \([^()\n]{2,40}\))?(?:,? [A-Z][a-z]{2,8}\.? \d{1,2})?(?:\.|:| ?//| ?—)? ?(?=[\"“]?[A-Z][a-z]|[\"“]?A )"
    )
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_STAMP = re.compile(
    r"(?:(?:Published|Posted|Updated|Last updated|Date of publication)(?: at| on)?:? )?"
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?"
    rf"(?:\d{{1,2}} {_MONTH},? \d{{4}}|{_MONTH} \d{{1,2}},? ?\d{{4}}|\d{{1,2}}[-./]\d{{1,2}}[-./]\d{{4}})"
    r"(?:,? \d{1,2}[:.]\d\d)?"
)
_BETWEEN = re.compile(r"[\s.,:|–—-]*")
_LONE_GROUP = re.compile(r"(?<![\w.])IS(?=(?: group)?\b)(?!['’]?[A-Z])")
_NO_NOUN = re.compile(r"\bTrump\b")
_RANK = re.compile(r"\b(?:Lt|Fr|Sgt|Maj|Col|Cpl|Pvt|Det|Hon|Mme|Mgr|Msgr|Capt|Cmdr|Brig|Insp|Supt)\.(?= [A-Z])")
_TITLES = {len(title): title for title in ("Dr.", "Gen.", "Prof.")}  # that the model knows, by their length
_TYPEWRITER = str.maketrans("“”„«»‘’‚\xa0\u2007\u202f", '"""""\'\'\'   ')


@dataclass(frozen=True, slots=True)
class Passage:
    """A headline, a caption or a paragraph: `article[at][start:start + len(text)] == text`."""

    at: str
    start: int
    text: str

    def span(self, start: int, end: int) -> Span:
        """The span of `text[start:end]`, white space at its ends left out."""
        piece = self.text[start:end]
        start += len(piece) - len(piece.lstrip())
        piece = piece.strip()
        return Span(at=self.at, start=self.start + start, end=self.start + start + len(piece), text=piece)


def passages(article: Article) -> tuple[Passage, ...]:
    """What is read of an article: the headline, the first BODY_LIMIT characters of the body, then the captions.

    A paragraph is a passage: no sentence runs from one into the next. A dateline at the head of the body is no part of
    its first sentence, nor is what a text that lost its lines has before it: its headline again, an agency.
    """
    body = article.body[:BODY_LIMIT]
    read = [*_lines("/headline", article.headline or ""), *_lines("/body", body, _dateline(article))]
    for number, image in enumerate(article.images[:CAPTIONS_LIMIT]):
        read += _lines(f"/images/{number}/caption", (image.caption or "")[:CAPTION_LIMIT])
    return tuple(read)


def _dateline(article: Article) -> int:
    """Where the story begins after "GENEVA, May 8 (MNA) - ", and after a headline that the body repeats."""
    printed = article.dateline.text if article.dateline is not None else ""
    at = article.body.find(printed, 0, HEAD + len(printed)) if printed else -1
    known = max(_furniture(article), at + len(printed) if at >= 0 else 0)
    opening = _DATELINE.match(article.body, known) or _place(article.body, known)
    return max(known, opening.end() if opening else 0)


def _place(body: str, start: int) -> re.Match[str] | None:
    """A dateline without its dash, as far as a place on the map shows that it is one."""
    opening = _NAMED_PLACE.match(body, start)
    if opening is None:
        return None
    place = opening["place"].title()
    is_marked = opening[0].rstrip() != opening["place"]
    known = sites(place)
    return opening if known and (is_marked or _stands_alone(place, known[0].people, body[opening.end() :])) else None


def _stands_alone(place: str, people: int, after: str) -> bool:
    """Whether a town's name in capitals is not the beginning of a sentence: "TEN Palestinians", "GAZA Strip"."""
    following = next(iter(_WORD.findall(after[:HEAD])), "")
    if people < _TOWN or sites(f"{place} {following}"):
        return False
    return place.lower() not in words("no_datelines") and following.lower() not in words("no_dateline_before")


def _furniture(article: Article) -> int:
    """The length of what a body begins with before its story: its headline again, a day of print, an agency."""
    at, headline = 0, re.split(r" [-|] ", article.headline or "")[0].strip()
    while True:
        here = headline and article.body.startswith(headline, at)
        stamp = _STAMP.match(article.body, at) or (at and _agency().match(article.body, at))
        if not here and not stamp:
            return at
        end = at + len(headline) if here or not stamp else stamp.end()
        if end == len(article.body):
            return at
        between = _BETWEEN.match(article.body, end)
        at = between.end() if between else end


@cache
def _agency() -> re.Pattern[str]:
    """A news agency's name, the longest first."""
    known = sorted((name for name, named in names().items() if named.sector == "MED"), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, known)))


def _lines(at: str, text: str, start: int = 0) -> Iterator[Passage]:
    for line in _LINE.finditer(text, start):
        yield from _pieces(at, line.start(), line.group())


def _pieces(at: str, start: int, line: str) -> Iterator[Passage]:
    """A paragraph in pieces of at most PIECE characters, cut after a sentence where there is one."""
    while line.strip():
        end = len(line)
        if end > PIECE:
            ends = [match.end() for match in _SENTENCE_END.finditer(line, PIECE // 2, PIECE)]
            end = ends[-1] if ends else PIECE
        yield Passage(at, start, line[:end])
        start, line = start + end, line[end:]


def plain(text: str) -> str:
    """The text as the language model reads it, character for character as long as the text itself.

    Typographic marks become the typewriter's; the group that is named IS and a president whose name is also a noun
    become names that the model knows: it takes them for the verb and the noun. So does a rank whose full stop it takes
    for the end of a sentence: "Lt. Jane Doe".
    """
    text = text.translate(_TYPEWRITER).encode("utf-8", "replace").decode()
    text = _RANK.sub(lambda rank: _TITLES[len(rank.group())], text)
    return text if text.isupper() else _LONE_GROUP.sub("UN", _NO_NOUN.sub("Smith", text))
