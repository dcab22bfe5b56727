"""A page's outline: one walk over the parsed tree gives its pieces of text, each with what the markup says of it."""

import re
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Literal, cast, get_args

from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.cleaner.text.datelines import own_line
from services.cleaner.text.decode import tidy_line
from services.cleaner.text.lines import breadth, furniture, is_byline, is_dense, listed, rows
from services.contracts import RemovedReason

Kind = Literal["text", "lone", "unseen", "control", "block", "link", "strong"]

_TAGS: dict[Kind, str] = {
    "text": "-text",
    "lone": "br img",
    "unseen": "script style template noscript svg math iframe object embed canvas video audio map head title link meta "
    "input source track param area base datalist -comment !doctype -undef -cdata",
    "control": "button select textarea",
    "block": "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html li main menu nav ol p pre section summary table tbody td "
    "tfoot th thead tr ul caption",
    "link": "a",
    "strong": "b strong",
}
_PLAIN = ("span", "em", "i", "small", "u", "time", "picture", "font", "sup", "label")  # the commonest of no kind
_FALLBACK = ("noscript", "template", "math")  # read only where the page shows nothing else
_TAG_REASONS: dict[str, RemovedReason] = {
    "nav": "navigation", "menu": "navigation", "footer": "legal", "figcaption": "caption", "aside": "related",
    "dialog": "boilerplate", "button": "navigation", "select": "navigation", "textarea": "boilerplate",
    "amp-ad": "ad_label", "amp-embed": "related", "amp-sidebar": "navigation", "amp-consent": "cookie",
}  # fmt: skip
_ROLE_REASONS: dict[str | None, RemovedReason] = {
    "navigation": "navigation", "menu": "navigation", "search": "navigation", "contentinfo": "legal",
    "complementary": "related", "dialog": "boilerplate", "alertdialog": "cookie", "alert": "boilerplate",
}  # fmt: skip
_WHOLE = frozenset({"nav", "menu", "button", "select", "textarea"})  # one piece each, whatever they hold
_DRAWN = ["script", "style", "svg"]  # what no reader reads, out of the tree before any text of it is taken
# What an element may say of itself to be skimmed: taken as one piece, where it holds little running text and no h1.
_SKIMMED: frozenset[RemovedReason | None] = frozenset(
    {"navigation", "share", "related", "newsletter", "cookie", "ad_label", "comments", "legal", "boilerplate"}
)
_WORDY: frozenset[RemovedReason | None] = frozenset({"related", "newsletter", "comments", "legal"})
_LONG = 100  # characters of one text: more are no menu's word and no label
_LABEL = 30  # characters of one text: no more are a title or a label, also with a full stop
_TALK = 1_000  # characters of sentences: more may be a story told in short paragraphs
_STOPS = (".", "!", "?", "”", '"', "。", "！", "？", "」", "।", "؟", "۔", "»")
_STORY = 500  # characters of such texts: more may be a story also where teasers, comments or notices are said to be
_HEADS: frozenset[RemovedReason | None] = frozenset({"byline", "dateline"})
_SHORTEST_HEAD = 8  # characters: a day in figures
_LONGEST_HEADLINE = 250  # characters of a headline with what stands below it
_LONGEST_HEAD = 120  # characters of a line above a story
_LEAD = 12  # characters of a label above the link that a piece begins with
_SKIMMED_IN_VAIN = 2_000_000  # characters: a page may nest a story in thousands of elements that say furniture
PAGE = frozenset({"html", "body", "main"})  # never furniture, whatever their class says
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PAGE = PAGE | {"article"}  # what only a dialog or a script that is not done yet hides
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_INLINE = frozenset({"link", "strong"})
_HIDING = frozenset({"style", "hidden", "aria-hidden"})
BODY_NAMES = frozenset(listed("body"))
_READERS = frozenset(listed("readers"))
_LINE_BREAK = "\n\x1c\n"  # white space that no page writes, for <br>
_INDENTS = ("\xa0\xa0", "\u3000\u3000")  # before a paragraph's first word, as pages without styles write them
_SUBJECTS = (["category"], ["tag"])
_LONGEST_NAMES = 400  # characters of class and id that are read
_ADDRESSES = ("src", "data-src", "data-original", "data-lazy-src", "srcset", "data-srcset")


@dataclass(slots=True)
class Said:
    """What class and id say: their words in lower case, and the reason that one of them gives to leave the text out.

    `low` and `high`: the weights of the words that speak most against a story and most for one.
    """

    words: tuple[str, ...] = ()
    reason: RemovedReason | None = None
    low: float = 0.0
    high: float = 0.0


@dataclass(slots=True)
class Box:
    """An element that holds blocks: the index of the one around it, and what its markup says.

    `reason`: why its own tag, role or class says that its text is no article.
    """

    parent: int
    tag: str
    said: Said
    reason: RemovedReason | None
    itemprop: str


@dataclass(slots=True)
class Piece:
    """A block of text. `box` is the index of the element that holds it; `linked` counts characters inside links.

    `led`: whether it begins with a link, perhaps behind a mark or an hour.
    """

    text: str
    box: int
    linked: int
    strong: int = 0
    led: bool = False

    @property
    def link_density(self) -> float:
        """The share of the text that is link, 0 to 1."""
        return self.linked / max(1, len(self.text))


@dataclass(slots=True)
class Picture:
    """An image as the page shows it: its address and the box that holds it."""

    url: str
    box: int


@dataclass(slots=True)
class Outline:
    """The boxes in document order (a parent before its children), the pieces and the pictures.

    `ends`: for each box the first box behind those that it holds.
    """

    boxes: list[Box] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)

    def lineage(self, box: int, *, most: int = 10_000) -> list[int]:
        """The box and those that hold it, innermost first."""
        found: list[int] = []
        boxes = self.boxes
        while box >= 0 and len(found) < most:
            found.append(box)
            box = boxes[box].parent
        return found


def outline_of(tree: LexborHTMLParser) -> Outline:
    """The outline of a parsed page, which loses its scripts and drawings; templates and noscript are no text."""
    return _walked(tree, _Walk(Outline()))


def whole_outline_of(tree: LexborHTMLParser) -> Outline:
    """The outline with what a reader without scripts sees too: hidden elements, noscript."""
    return _walked(tree, _Walk(Outline(), unhidden=True))


def _walked(tree: LexborHTMLParser, walk: "_Walk") -> Outline:
    if tree.root is not None:
        tree.strip_tags(_DRAWN)
        headings = tree.tags("h1")
        walk.headed, walk.titled = _around(headings), _around(headings[:1])
        walk.over(tree.root)
    return walk.outline


def _around(nodes: list[LexborNode]) -> set[int]:
    """The elements that hold one of these, by their `mem_id`."""
    found: set[int] = set()
    for each in nodes:
        node: LexborNode | None = each
        while node is not None and node.mem_id not in found:
            found.add(node.mem_id)
            node = node.parent
    return found


@cache
def _tags(*, unhidden: bool) -> dict[int, tuple[str, Kind | None]]:
    """The name and the kind of each tag by the parser's number for it, which takes less time to ask than its name."""
    kinds: dict[str, Kind | None] = {tag: kind for kind, tags in _TAGS.items() for tag in tags.split()}
    kinds |= dict.fromkeys((*_PLAIN, *(_FALLBACK if unhidden else ())))
    page = LexborHTMLParser("text<!-- comment -->")
    nodes = [page.create_node(tag) for tag in kinds if tag[0].isalpha()]
    nodes += page.css("body")[0].iter(include_text=True)
    return {node.tag_id: (tag, kinds[tag]) for node in nodes if (tag := node.tag)}


_Place = tuple[int, bool, bool]  # the box that a text stands in; whether inside a link; whether in strong type


class _Walk:
    """The state of one walk: what was found, and the text of the block being read."""

    __slots__ = ("headed", "led", "linked", "opinions", "outline", "parts", "room", "strong", "titled", "unhidden")

    def __init__(self, outline: Outline, *, unhidden: bool = False) -> None:
        self.outline = outline
        self.unhidden = unhidden
        self.headed: set[int] = set()
        self.titled: set[int] = set()
        self.opinions = False
        self.parts: list[str] = []
        self.room = _SKIMMED_IN_VAIN
        self.linked = self.strong = 0
        self.led = False

    def over(self, root: LexborNode) -> None:
        """Visit every node below `root` in document order, without recursion: pages nest deeper than Python calls."""
        parts, ends = self.parts, self.outline.ends
        known = _tags(unhidden=self.unhidden)
        around: list[tuple[LexborNode | None, _Place]] = []
        node, here = root.first_child, (-1, False, False)
        while node is not None or around:
            if node is None:
                node, outer = around.pop()
                if outer[0] != here[0]:
                    if parts:
                        self.flush(here[0])
                    ends[here[0]] = len(ends)
                here = outer
                continue
            tag, kind = known.get(node.tag_id) or (node.tag or "", None)
            if kind == "text":
                text = node.text_content
                if text and (parts or not text.isspace()):
                    self.read(text, here)
            elif kind == "lone":
                self.lone(node, tag, here[0])
            elif kind != "unseen":
                inner = self.enter(node, tag, kind, here)
                if inner is not None and (child := node.first_child) is not None:
                    around.append((node.next, here))
                    node, here = child, inner
                    continue
            node = node.next

    def read(self, text: str, here: _Place) -> None:
        """Take in a text; one that is indented below a line break begins a paragraph."""
        if self.parts and self.parts[-1] == _LINE_BREAK and text.lstrip("\t\n\r ").startswith(_INDENTS):
            self.flush(here[0])
        if here[1] and not self.linked:
            self.led = _is_mark("".join(self.parts))
        self.parts.append(text)
        if here[1]:
            self.linked += len(text.strip())
        if here[2]:
            self.strong += len(text.strip())

    def lone(self, node: LexborNode, tag: str, box: int) -> None:
        """Take in a line break or an image."""
        if tag == "br":
            self.line_break(box)
        else:
            self.picture(node.attributes, box)

    def enter(self, node: LexborNode, tag: str, kind: Kind | None, here: _Place) -> _Place | None:
        """Take in one element; the place in which its children stand, None where none of them is to be read."""
        box, in_link, in_strong = here
        attributes = node.attributes
        said, reason = _SILENT, _TAG_REASONS.get(tag)
        if attributes:
            if not _HIDING.isdisjoint(attributes) and not self.unhidden and _is_hidden(tag, attributes):
                return None
            get = attributes.get
            classes, ident = get("class"), get("id")
            if classes or ident:
                said = _said(classes, ident)
            reason = reason or _ROLE_REASONS.get(get("role")) or said.reason
        if reason is None and kind is None:
            return here
        if kind in _INLINE and reason is None:
            return box, in_link or kind == "link", in_strong or kind == "strong"
        if reason == "comments" and self.is_opinion(node, said.words):
            said, reason = replace(said, reason=None, low=0.0), None
        if self.parts:
            self.flush(box)
        found = self.outline
        opened = Box(box, tag, said, reason, (attributes.get("itemprop") or "") if attributes else "")
        box = len(found.ends)
        found.boxes.append(opened)
        found.ends.append(box + 1)
        if reason is not None and (text := self.skimmed(node, opened)) is not None:
            self.whole(text, box)
            return None
        return box, in_link or kind == "link", in_strong or kind == "strong"

    def is_opinion(self, node: LexborNode, words: tuple[str, ...]) -> bool:
        """Whether a box named "comment" is no reader's: it holds a headline ("article--comment"), or is a part of such.

        One that speaks of readers ("has-comments") has to hold the page's first; a single comment's class is "comment".
        """
        readers = not _READERS.isdisjoint(words)
        if node.mem_id in (self.titled if readers else self.headed):
            self.opinions = self.opinions or not readers
            return True
        return self.opinions and not readers and "comment" not in (node.attributes.get("class") or "").split()

    def skimmed(self, node: LexborNode, box: Box) -> str | None:
        """The text of an element that is taken as one piece: a menu, a control, furniture that holds no story."""
        if box.tag in _WHOLE:
            return node.text(separator="\n")
        if box.reason not in _SKIMMED or box.tag in _PAGE or self.unhidden or self.room < 0:
            return None
        if node.mem_id in self.headed or not BODY_NAMES.isdisjoint(box.said.words):
            return None
        text = node.text(separator="\n")
        if _is_no_story(text, _STORY if box.reason in _WORDY else _LONG):
            return text
        self.room -= len(text)
        return None

    def whole(self, text: str, box: int) -> None:
        """Take a text as one piece, all of it link: nobody asks what is inside."""
        text = tidy_line(text)
        if text:
            self.outline.pieces.append(Piece(text, box, len(text)))

    def line_break(self, box: int) -> None:
        """Two line breaks in a row end a paragraph; one is white space."""
        parts = self.parts
        at = len(parts) - 1
        while at >= 0 and parts[at] != _LINE_BREAK and parts[at].isspace():
            at -= 1
        if at >= 0 and (parts[at] == _LINE_BREAK or self.heads()):
            self.flush(box)
        else:
            parts.append(_LINE_BREAK)

    def heads(self) -> bool:
        """Whether what is read so far is one short line as it stands above a story: a byline, a day."""
        return _LINE_BREAK not in self.parts and _stands_in_head("".join(self.parts))

    def picture(self, attributes: dict[str, str | None], box: int) -> None:
        """Note the image's address, also where it is loaded late."""
        for name in _ADDRESSES:
            url = (attributes.get(name) or "").strip().split(" ")[0].rstrip(",")
            if url and not url.startswith("data:"):
                self.outline.pictures.append(Picture(url, box))
                return

    def flush(self, box: int) -> None:
        """End the block being read; a headline's last line is set apart if it signs or dates the story."""
        text = "".join(self.parts).rstrip()
        above, broken, last = text.rpartition(_LINE_BREAK)
        if broken and len(text) <= _LONGEST_HEADLINE and _stands_in_head(last):
            self.piece(above, box)
            self.linked = self.strong = 0
            text = last
        self.piece(text, box)
        self.parts.clear()
        self.linked = self.strong = 0
        self.led = False

    def piece(self, text: str, box: int) -> None:
        """Take a text in as a piece."""
        text = tidy_line(text)
        if text:
            found = Piece(text, box, min(self.linked, len(text)), min(self.strong, len(text)), self.led)
            self.outline.pieces.append(found)


def _stands_in_head(text: str) -> bool:
    """Whether a line is short and signs or dates a story."""
    text = tidy_line(text) if len(text) <= _LONGEST_HEAD else ""
    if len(text) < _SHORTEST_HEAD:
        return False
    if furniture(text) in _HEADS or is_byline(text):
        return True
    return any(map(str.isdigit, text)) and own_line(text, country=None) is not None


def _is_no_story(text: str, most: int) -> bool:
    """Whether a text's long lines have `most` characters together at most, its whole sentences no more than talk."""
    size = breadth if is_dense(text) else len
    if size(text) <= _LONG:
        return True
    worded = [line for line in text.split("\n") if size(line) > _LABEL]
    if sum([size(line) for line in worded if size(line) > _LONG]) > most:
        return False
    return size(text) <= _TALK or sum([size(line) for line in worded if line.rstrip().endswith(_STOPS)]) <= _TALK


def _is_hidden(tag: str, attributes: dict[str, str | None]) -> bool:
    """Whether a reader does not see the element.

    What holds the page is shown by a script once it is ready, and so are the parts that React streams ("S:1").
    """
    if tag in _PAGE:
        return False
    style = attributes.get("style")
    if style and _HIDDEN.search(style):
        return True
    if "hidden" in attributes:
        return not (attributes.get("id") or "").startswith("S:")
    return attributes.get("aria-hidden") == "true"


def _is_mark(before: str) -> bool:
    """Whether what stands in front of a link is no words: nothing, a mark, an hour, or a label on a line of its own."""
    label, _, last = before.rpartition(_LINE_BREAK)
    return len(label) <= _LEAD and not any(map(str.isalpha, last))


_SILENT = Said()


@lru_cache(maxsize=8_192)
def _said(classes: str | None, ident: str | None) -> Said:
    """What the values of class and id say, the first reason first."""
    words: list[str] = []
    reason, low, high = None, 0.0, 0.0
    for token in f"{classes or ''} {ident or ''}"[:_LONGEST_NAMES].split():
        its_words, its_reason, its_low, its_high = _token(token)
        words += its_words
        reason = reason or its_reason
        if its_low < low or its_high > high:
            low, high = min(low, its_low), max(high, its_high)
    return Said(tuple(words), reason, low, high)


@lru_cache(maxsize=32_768)
def _token(token: str) -> tuple[tuple[str, ...], RemovedReason | None, float, float]:
    """What one value of a class attribute says: "post__share-bar" is post, share, bar and postsharebar.

    "cuerpo-noticia" is body, article and articlebody: words of other languages count as the English ones, but not in
    "category-komentari" and "tag-ariane", which say what a story is about.
    """
    words: list[str] = _WORDS.findall(token)
    if not token.islower():
        words = [word.lower() for word in words]
    if len(words) != 1:
        joined = "".join(words)
        words.append(joined if joined.isalpha() else "".join(filter(str.isalpha, words)))
    if words[:1] not in _SUBJECTS:
        english = _english()
        words = [english.get(word, word) for word in words]
    lexicon = _lexicon()
    stems, reason, low, high = _class_stems(), None, 0.0, 0.0
    for word in words:
        if word in lexicon:
            its_reason, weight = lexicon[word]
            reason = reason or its_reason
            if weight < low:
                low = weight
            elif weight > high:
                high = weight
        if reason is None and (begun := stems.match(word)):
            reason = cast("RemovedReason", begun.lastgroup)
    return tuple(words), reason, low, high


@cache
def _english() -> dict[str, str]:
    """The words of other languages in data/class_names.tsv, each with the English one that means the same."""
    return {word: english for english, words in rows("class_names.tsv") for word in words.split()}


@cache
def _lexicon() -> dict[str, tuple[RemovedReason | None, float]]:
    """The words of class and id that say something: a reason, a weight or both."""
    reasons, weights = _class_words(), word_weights()
    return {word: (reasons.get(word), weights.get(word, 0.0)) for word in reasons.keys() | weights.keys()}


@cache
def word_weights() -> dict[str, float]:
    """The words of class and id with how much more often (a logarithm) a story stands inside than furniture."""
    return {word: float(weight) for weight, words in rows("class_words.tsv") for word in words.split()}


@cache
def _class_words() -> dict[str, RemovedReason]:
    """The whole words of data/classes.tsv, each with its reason."""
    return {word: reason for reason, words in _class_rows() for word in words if not word.endswith("*")}


@cache
def _class_stems() -> re.Pattern[str]:
    """The beginnings of words in data/classes.tsv, a group for each reason."""
    stems = ((reason, [word[:-1] for word in words if word.endswith("*")]) for reason, words in _class_rows())
    return re.compile("|".join(f"(?P<{reason}>{'|'.join(begun)})" for reason, begun in stems if begun))


def _class_rows() -> list[tuple[RemovedReason, list[str]]]:
    known = set(get_args(RemovedReason))
    table = rows("classes.tsv")
    assert all(reason in known for reason, _ in table)
    return [(cast("RemovedReason", reason), words.split()) for reason, words in table]
