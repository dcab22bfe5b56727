"""What a site prints on many of its stories is furniture there: learnt from page to page, kept small, used with care.

A memory knows the site's last stories and, for each line, on which of them it stood: one bit a story. To see a page
again sets bits that are set, so a replay teaches nothing, and versions or copies of a story share one bit.
"""

import math
import struct
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from zlib import crc32

from services import contracts, topics, urls
from services.cleaner.text.reading import bounded, removal
from services.contracts import Article, Block, BrokenContract, SiteMemory
from services.stage import Memory, Message

STORIES = 24  # that are remembered of a site
LINES = 200  # that are remembered of a site
ENOUGH = 4  # stories that print a line before it counts as furniture
_SAMPLED = 4  # of a site that is known, one story in so many is taken in: it forgets slowly
_SHARE, _SHARE_OF_LONG = 1 / 3, 1 / 2  # of the stories; a long line may be what stories of one subject have in common
_LONG = 200  # characters: as many as `removed` keeps of a line, so only these tell lines apart
_SHORTEST = 24  # bytes of UTF-8, some four words: shorter ones (Pros, Q., Price) are text as often as not
_FIRST, _LAST = 24, 40  # lines of a page that teach: furniture stands at its ends
_COPY = 4 / 5  # of a page's lines in one earlier story: it is that story again
_MOST_TAKEN = 2 / 3  # of a page's text that may go; more would be a copy, or its only text
_LONGEST_SITE = 253  # characters of a host's name (RFC 1035, 2.3.4)
# Reasons whose texts never are another story's: a teaser repeated all over a site is the lead of its own page.
_TEACHING = frozenset({"ad_label", "cookie", "legal", "newsletter", "paywall", "share"})
_BITS = (1 << STORIES) - 1


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a site: stories as numbers of id and headline, newest first; lines as marks."""

    stories: tuple[tuple[int, int], ...] = ()
    marks: tuple[int, ...] = ()

    @classmethod
    def of(cls, value: bytes | None) -> "Known":
        """What the value holds; one that does not decode is as good as none."""
        try:
            memory = contracts.decode(value, SiteMemory) if value else None
            told = _unpacked(memory.stories if memory else "", "I")
            marks = _unpacked(memory.marks if memory else "", "Q")
        except (BrokenContract, ValueError, struct.error):
            return cls()
        return cls(tuple(zip(told[::2], told[1::2], strict=False))[:STORIES], marks[:LINES])

    def packed(self, site: str) -> bytes:
        """The value for the topic: SiteMemory as JSON."""
        told = [number for story in self.stories for number in story]
        return contracts.encode(
            SiteMemory(site=site, pages=len(self.stories), stories=_packed(told, "I"), marks=_packed(self.marks, "Q"))
        )

    def wants(self, ident: int) -> bool:
        """Whether a new story of that number is taken in."""
        return len(self.stories) < STORIES or ident % _SAMPLED == 0

    def lines(self) -> dict[int, int]:
        """For each line the bits of the stories that print it."""
        return {mark >> STORIES: mark & _BITS for mark in self.marks}

    def counted(self) -> dict[int, int]:
        """The lines on enough stories to be furniture, each with the number of stories."""
        return {mark >> STORIES: count for mark in self.marks if (count := (mark & _BITS).bit_count()) >= ENOUGH}


def _line(text: str) -> int:
    """The number, of 40 bits, by which a line is known again; 0 for one that is too short to be."""
    raw = text[:_LONG].encode()
    return crc32(raw) << 8 | len(raw) & 0xFF if len(raw) >= _SHORTEST else 0


def _packed(numbers: Sequence[int], kind: str) -> str:
    return b64encode(struct.pack(f"<{len(numbers)}{kind}", *numbers)).decode()


def _unpacked(text: str, kind: str) -> tuple[int, ...]:
    raw = b64decode(text, validate=True)
    return struct.unpack(f"<{len(raw) // struct.calcsize(f'<{kind}')}{kind}", raw)


def site_of_page(message: Message) -> str | None:
    """The site that the page's key names; None for a page without one (a file is a site of its own)."""
    key = message.key or b""
    if not key or len(key) > _LONGEST_SITE or key.startswith(b"urn:"):
        return None
    return key.decode(errors="replace")


def learnt(site: str, known: bytes | None, lesson: bytes) -> bytes | None:
    """The site's memory (the value of its record, 8 KB at most) after a page's lesson; None if it is as before."""
    memory = Known.of(known)
    (ident, headline, *told), stories = struct.unpack(f"<{len(lesson) // 8}Q", lesson), memory.stories
    at = next((at for at, each in enumerate(stories) if each[0] == ident or (headline and each[1] == headline)), None)
    if at is None and not memory.wants(ident):
        return None
    lines = memory.lines()
    at = _copied(lines, told) if at is None else at
    if at is not None:
        lines = _marked(lines, told, at)
    else:
        stories = ((ident, headline), *stories)[:STORIES]
        lines = _added({line: moved for line, bits in lines.items() if (moved := bits << 1 & _BITS)}, told)
    after = Known(stories, tuple(line << STORIES | bits for line, bits in lines.items()))
    return None if after == memory else after.packed(site)


def _copied(lines: dict[int, int], told: list[int]) -> int | None:
    """The story that printed nearly all of these lines before: an agency's text under another headline."""
    known = [bits for line in told if (bits := lines.get(line))]
    most = max(ENOUGH, _COPY * len(told))
    if len(known) < most:
        return None
    return next((at for at in range(STORIES) if sum(bits >> at & 1 for bits in known) >= most), None)


def _marked(lines: dict[int, int], told: list[int], at: int) -> dict[int, int]:
    """The lines with those of a known story marked; lines that are new on it only as far as there is room."""
    for line in told:
        if line in lines or len(lines) < LINES:
            lines[line] = lines.get(line, 0) | 1 << at
    return lines


def _added(lines: dict[int, int], told: list[int]) -> dict[int, int]:
    """The lines with those of a new story; the oldest that stood on one story only make room."""
    for line in told:
        lines[line] = lines.get(line, 0) | 1
    over = len(lines) - LINES
    if over > 0:
        once = islice((line for line, bits in lines.items() if not bits & bits - 1), over)
        for line in list(once):
            del lines[line]
    return dict(islice(lines.items(), max(0, len(lines) - LINES), None))


MEMORY = Memory(topic=topics.SITES, about=site_of_page, learn=learnt)


def lesson_of(article: Article, site: str | None, known: Known) -> bytes | None:
    """What a page teaches about its site: numbers of its story, its headline and its lines.

    None where there is nothing to learn: on another site than the page's key names, and from a story that a site which
    is known well can do without. The lines are those of the body, and those removed by their own words or markup for a
    reason that no line of another story has.
    """
    ident = crc32(article.article_id.encode())
    if site is None or site != _site_of(article.url) or not known.wants(ident):
        return None
    body = [article.body[b.start : b.end] for b in article.blocks if b.kind != "heading"]
    body = body if len(body) <= _FIRST + _LAST else body[:_FIRST] + body[-_LAST:]
    removed = [piece.text for piece in article.removed if piece.reason in _TEACHING][-_LAST:]
    lines = dict.fromkeys(number for text in body + removed if (number := _line(text)))
    headline = crc32(article.headline.casefold().encode()) if article.headline else 0
    return struct.pack(f"<{len(lines) + 2}Q", ident, headline, *lines)


def _site_of(url: str) -> str | None:
    try:
        return urls.site_of(url)
    except urls.BadUrl:
        return None


def without_furniture(article: Article, known: Known) -> Article:
    """The article without the lines that its site's memory knows as furniture; they go to `removed`.

    Nothing goes where most of the text would: that is a copy of a story, or a page's only text.
    """
    counted = known.counted()
    if not counted:
        return article
    texts = [article.body[block.start : block.end] for block in article.blocks]
    own = (article.headline or "", article.description or "")
    furniture = {
        at
        for at, text in enumerate(texts)
        if counted.get(_line(text), 0) >= _enough(text, len(known.stories))
        and article.blocks[at].kind != "heading"
        and not _says(text, own)
    }
    out = _with_headings(article.blocks, furniture)
    if not out or sum(len(texts[at]) for at in out) >= _MOST_TAKEN * len(article.body):
        return article
    return _without(article, texts, out)


def _enough(text: str, stories: int) -> int:
    """On how many of the stories a line must stand to be none of theirs."""
    return max(ENOUGH, math.ceil(stories * (_SHARE_OF_LONG if len(text) >= _LONG else _SHARE)))


def _says(text: str, own: tuple[str, ...]) -> bool:
    """Whether a line is what the page says about its own story: other pages print that too, as a teaser."""
    return any(said and (text in said or said in text) for said in own)


def _with_headings(blocks: tuple[Block, ...], furniture: set[int]) -> set[int]:
    """The blocks to leave out: the furniture, and a heading with nothing but furniture under it."""
    out, taken, kept = set(furniture), False, False
    for at in range(len(blocks) - 1, -1, -1):
        if blocks[at].kind != "heading":
            taken, kept = taken or at in furniture, kept or at not in furniture
            continue
        if taken and not kept:
            out.add(at)
        taken = kept = False
    return out


def _without(article: Article, texts: list[str], out: set[int]) -> Article:
    body, blocks = "", list[Block]()
    for at, block in enumerate(article.blocks):
        if at not in out:
            start = len(body) + 2 if body else 0
            body = f"{body}\n\n{texts[at]}" if body else texts[at]
            blocks.append(replace(block, start=start, end=len(body)))
    removed = bounded((*(removal(texts[at], "repeated_on_site") for at in sorted(out)), *article.removed))
    return replace(
        article, body=body, body_sha256=sha256(body.encode()).hexdigest(), blocks=tuple(blocks), removed=removed
    )
