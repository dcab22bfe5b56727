"""A page's outline: one walk over the parsed tree gives its pieces of text, each with what the markup says of it."""

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import Literal, cast, get_args

from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.cleaner.decode import tidy
from services.contracts import RemovedReason

Kind = Literal["text", "unseen", "break", "image", "control", "block", "link", "strong", "inline"]

_TAGS: dict[Kind, str] = {
    "text": "-text",
    "unseen": "script style template noscript svg math iframe object embed canvas video audio map head title link meta "
    "input source track param area base datalist -comment !doctype -undef -cdata",
    "break": "br",
    "image": "img",
    "control": "button select textarea",
    "block": "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html li main menu nav ol p pre section summary table tbody td "
    "tfoot th thead tr ul caption",
    "link": "a",
    "strong": "b strong",
}
_KINDS: dict[str, Kind] = {tag: kind for kind, tags in _TAGS.items() for tag in tags.split()}
_FALLBACK = frozenset({"noscript", "template", "math"})  # read only where the page shows nothing else
_TAG_REASONS: dict[str, RemovedReason] = {
    "nav": "navigation", "menu": "navigation", "footer": "legal", "figcaption": "caption", "aside": "related",
    "dialog": "boilerplate", "button": "navigation", "select": "navigation", "textarea": "boilerplate",
}  # fmt: skip
_ROLE_REASONS: dict[str, RemovedReason] = {
    "navigation": "navigation", "menu": "navigation", "search": "navigation", "contentinfo": "legal",
    "complementary": "related", "dialog": "boilerplate", "alertdialog": "cookie", "alert": "boilerplate",
}  # fmt: skip
_MENUS = frozenset({"nav", "menu"})
_BOXED = frozenset({"block", "control"})
_STEM = 4  # letters that every stem of data/classes.tsv has
_NONE = -2  # no box: what is inside is not read
_PAGE = frozenset({"html", "body", "main", "article"})  # what only a dialog or a script that is not done yet hides
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
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
    """A block of text. `box` is the index of the element that holds it; `linked` counts characters inside links."""

    text: str
    box: int
    linked: int
    strong: int = 0

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
    """The boxes in document order (a parent before its children), the pieces and the pictures."""

    boxes: list[Box] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)

    def lineage(self, box: int, *, most: int = 10_000) -> list[int]:
        """The box and those that hold it, innermost first."""
        found: list[int] = []
        while box >= 0 and len(found) < most:
            found.append(box)
            box = self.boxes[box].parent
        return found


def outline_of(tree: LexborHTMLParser) -> Outline:
    """The outline of a parsed page. Script, style, template, noscript and form controls are no text."""
    return _walked(tree, _Walk(Outline()))


def whole_outline_of(tree: LexborHTMLParser) -> Outline:
    """The outline with what a reader without scripts sees too: hidden elements, noscript."""
    return _walked(tree, _Walk(Outline(), unhidden=True))


def _walked(tree: LexborHTMLParser, walk: "_Walk") -> Outline:
    if tree.root is not None:
        walk.over(tree.root)
    return walk.outline


class _Walk:
    """The state of one walk: what was found, and the text of the block being read."""

    __slots__ = ("linked", "outline", "strong", "text", "unhidden")

    def __init__(self, outline: Outline, *, unhidden: bool = False) -> None:
        self.outline = outline
        self.unhidden = unhidden
        self.text: list[str] = []
        self.linked = self.strong = 0

    def over(self, root: LexborNode) -> None:
        """Visit every node below `root` in document order, without recursion: pages nest deeper than Python calls."""
        around: list[tuple[LexborNode | None, int, bool, bool, bool]] = []
        node, box, in_link, in_strong, opened = root.child, -1, False, False, False
        while node is not None or around:
            if node is None:
                if opened and self.text:
                    self.flush(box)
                node, box, in_link, in_strong, opened = around.pop()
                continue
            tag = node.tag or ""
            kind = _KINDS.get(tag, "inline")
            if kind == "text":
                text = node.text_content or ""
                if self.text or not text.isspace():
                    self.text.append(text)
                    if in_link:
                        self.linked += len(text.strip())
                    if in_strong:
                        self.strong += len(text.strip())
                node = node.next
                continue
            seen = kind != "unseen" or (self.unhidden and tag in _FALLBACK)
            inner = self.enter(node, tag, kind, box) if seen else _NONE
            child = node.child if inner != _NONE else None
            if child is None:
                node = node.next
                continue
            around.append((node.next, box, in_link, in_strong, opened))
            opened = inner != box
            node, box = child, inner
            in_link = in_link or kind == "link"
            in_strong = in_strong or kind == "strong"

    def enter(self, node: LexborNode, tag: str, kind: Kind, box: int) -> int:
        """Take in one element; the box in which its children stand, _NONE where it has none to be read."""
        if kind == "break":
            self.line_break(box)
            return _NONE
        attributes = node.attributes
        if kind == "image":
            self.picture(attributes, box)
            return _NONE
        if attributes and not self.unhidden and _is_hidden(tag, attributes):
            return _NONE
        if not attributes:
            said, reason, itemprop = _SILENT, _TAG_REASONS.get(tag), ""
        else:
            classes, ident = attributes.get("class") or "", attributes.get("id") or ""
            said = _said(classes, ident) if classes or ident else _SILENT
            reason = _TAG_REASONS.get(tag) or _ROLE_REASONS.get(attributes.get("role") or "") or said.reason
            itemprop = attributes.get("itemprop") or ""
        if reason is None and kind not in _BOXED:
            return box
        if self.text:
            self.flush(box)
        self.outline.boxes.append(Box(box, tag, said, reason, itemprop))
        if (kind == "control" or tag in _MENUS) and node.css_first("script,style,svg") is None:
            self.whole(node)
            return _NONE
        return len(self.outline.boxes) - 1

    def whole(self, node: LexborNode) -> None:
        """Take a menu or a control as one piece, all of it link: nobody asks what is inside."""
        text = " ".join(tidy(node.text(separator=" ")).split())
        if text:
            self.outline.pieces.append(Piece(text, len(self.outline.boxes) - 1, len(text)))

    def line_break(self, box: int) -> None:
        """Two line breaks in a row end a paragraph; one is white space."""
        at = len(self.text) - 1
        while at >= 0 and self.text[at] != "\n<br>" and self.text[at].isspace():
            at -= 1
        if at >= 0 and self.text[at] == "\n<br>":
            self.flush(box)
        else:
            self.text.append("\n<br>")

    def picture(self, attributes: dict[str, str | None], box: int) -> None:
        """Note the image's address, also where it is loaded late."""
        for name in _ADDRESSES:
            url = (attributes.get(name) or "").strip().split(" ")[0].rstrip(",")
            if url and not url.startswith("data:"):
                self.outline.pictures.append(Picture(url, box))
                return

    def flush(self, box: int) -> None:
        """End the block being read."""
        text = " ".join(tidy("".join(self.text).replace("\n<br>", "\n")).split())
        if text:
            self.outline.pieces.append(Piece(text, box, min(self.linked, len(text)), min(self.strong, len(text))))
        self.text = []
        self.linked = self.strong = 0


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


_SILENT = Said()


@lru_cache(maxsize=8_192)
def _said(classes: str, ident: str) -> Said:
    """What the values of class and id say, the first reason first."""
    each = [_token(token) for token in f"{classes} {ident}"[:_LONGEST_NAMES].split()]
    if len(each) == 1:
        return each[0]
    words = tuple([word for said in each for word in said.words])
    reason = next((said.reason for said in each if said.reason), None)
    return Said(words, reason, min([0.0, *[said.low for said in each]]), max([0.0, *[said.high for said in each]]))


@lru_cache(maxsize=32_768)
def _token(token: str) -> Said:
    """What one value of a class attribute says: "post__share-bar" is post, share, bar and postsharebar."""
    words = [word.lower() for word in _WORDS.findall(token)]
    if len(words) != 1:
        words.append("".join([word for word in words if word.isalpha()]))
    known, weights = _class_words(), word_weights()
    reason, low, high = None, 0.0, 0.0
    for word in words:
        reason = reason or known.get(word) or _stem_reason(word)
        weight = weights.get(word, 0.0)
        low, high = min(low, weight), max(high, weight)
    return Said(tuple(words), reason, low, high)


def _stem_reason(word: str) -> RemovedReason | None:
    stems = _class_stems().get(word[:_STEM])
    return next((reason for stem, reason in stems.items() if word.startswith(stem)), None) if stems else None


@cache
def word_weights() -> dict[str, float]:
    """The words of class and id with how much more often (a logarithm) a story stands inside than furniture."""
    text = (resources.files("services.cleaner") / "data" / "class_words.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {word: float(weight) for weight, words in rows for word in words.split()}


@cache
def _class_words() -> dict[str, RemovedReason]:
    """Whole words, each with its reason."""
    return {word: reason for how, reason, words in _class_rows() if how == "word" for word in words}


@cache
def _class_stems() -> dict[str, dict[str, RemovedReason]]:
    """Word beginnings, each with its reason, by their first letters."""
    found: dict[str, dict[str, RemovedReason]] = {}
    for how, reason, stems in _class_rows():
        for stem in stems if how == "stem" else ():
            found.setdefault(stem[:_STEM], {})[stem] = reason
    return found


def _class_rows() -> list[tuple[str, RemovedReason, list[str]]]:
    """The rows of data/classes.tsv: how the words match, the reason, the words."""
    known = set(get_args(RemovedReason))
    text = (resources.files("services.cleaner") / "data" / "classes.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    assert all(reason in known for reason, _, _ in rows)
    return [(how, cast("RemovedReason", reason), words.split()) for reason, how, words in rows]
