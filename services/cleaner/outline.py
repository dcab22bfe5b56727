"""A page's outline: one walk over the parsed tree gives its pieces of text, each with what the markup says of it."""

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import cast, get_args

from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.cleaner.decode import tidy
from services.contracts import RemovedReason

_SKIPPED = frozenset({
    "script", "style", "template", "noscript", "svg", "math", "iframe", "object", "embed", "select", "option",
    "button", "textarea", "input", "canvas", "video", "audio", "map", "head", "title", "link", "meta",
})  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup",
    "hr", "html", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul", "caption",
})  # fmt: skip
_TAG_REASONS: dict[str, RemovedReason] = {
    "nav": "navigation", "menu": "navigation", "footer": "legal", "figcaption": "caption", "aside": "related",
    "dialog": "boilerplate",
}  # fmt: skip
_ROLE_REASONS: dict[str, RemovedReason] = {
    "navigation": "navigation", "menu": "navigation", "search": "navigation", "contentinfo": "legal",
    "complementary": "related", "dialog": "boilerplate", "alertdialog": "cookie", "alert": "boilerplate",
}  # fmt: skip
_NO_NAMES: frozenset[str] = frozenset()
_LETTERS = re.compile(r"[^a-z]+")
_PAGE = frozenset({"html", "body", "main", "article"})  # what only a dialog before it hides
_STRONG = frozenset({"b", "strong"})
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Box:
    """An element that holds blocks. `reason`: why its own tag, role or class says that its text is no article."""

    parent: int
    tag: str
    names: frozenset[str]
    reason: RemovedReason | None
    itemprop: str


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as the page shows it: its address and the box that holds it."""

    url: str
    box: int


@dataclass(frozen=True, slots=True)
class Outline:
    """The boxes in document order (a parent before its children), the pieces and the pictures."""

    boxes: tuple[Box, ...]
    pieces: tuple[Piece, ...]
    pictures: tuple[Picture, ...]

    def lineage(self, box: int) -> list[int]:
        """The box and all that hold it, innermost first."""
        found = []
        while box >= 0:
            found.append(box)
            box = self.boxes[box].parent
        return found


def outline_of(tree: LexborHTMLParser) -> Outline:
    """The outline of a parsed page. Script, style, template, noscript and form controls are no text."""
    walk = _Walk()
    if tree.root is not None:
        walk.over(tree.root)
    return Outline(boxes=tuple(walk.boxes), pieces=tuple(walk.pieces), pictures=tuple(walk.pictures))


@dataclass(slots=True)
class _Walk:
    """The state of one walk: what was found, and the text of the block being read."""

    boxes: list[Box] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    linked: int = 0
    strong: int = 0
    in_link: int = 0
    in_strong: int = 0

    def over(self, root: LexborNode) -> None:
        """Visit every node below `root` in document order, without recursion: pages nest deeper than Python calls."""
        around: list[tuple[str, int, LexborNode | None, int]] = []
        node, box = root.child, -1
        while node is not None or around:
            if node is None:
                tag, inner, node, box = around.pop()
                self.leave(tag, inner)
                continue
            tag = node.tag or ""
            entered = self.enter(node, tag, box)
            if entered is None:
                node = node.next
            else:
                around.append((tag, entered, node.next, box))
                node, box = node.child, entered
        self.flush(-1)

    def enter(self, node: LexborNode, tag: str, box: int) -> int | None:
        """Take in one node; the box in which its children stand, None where it has none to be read."""
        if tag == "-text":
            self.read(node.text_content or "")
        elif tag == "br":
            self.line_break(box)
        elif tag == "img":
            self.picture(node, box)
        elif tag not in _SKIPPED and tag[:1] not in "-!":
            return self.element(node, tag, box)
        return None

    def read(self, text: str) -> None:
        self.text.append(text)
        if self.in_link:
            self.linked += len(text.strip())
        if self.in_strong:
            self.strong += len(text.strip())

    def line_break(self, box: int) -> None:
        """Two line breaks in a row end a paragraph; one is white space."""
        at = len(self.text) - 1
        while at >= 0 and self.text[at].isspace() and self.text[at] != "\n<br>":
            at -= 1
        if at >= 0 and self.text[at] == "\n<br>":
            self.flush(box)
        else:
            self.text.append("\n<br>")

    def element(self, node: LexborNode, tag: str, box: int) -> int | None:
        attributes = node.attributes
        if attributes and _is_hidden(tag, attributes):
            return None
        self.in_link += tag == "a"
        self.in_strong += tag in _STRONG
        if tag not in _BLOCKS and not attributes:
            return box
        names, reason = _said_by(tag, attributes)
        if tag not in _BLOCKS and reason is None:
            return box
        self.flush(box)
        self.boxes.append(Box(box, tag, names, reason, attributes.get("itemprop") or ""))
        return len(self.boxes) - 1

    def leave(self, tag: str, box: int) -> None:
        self.in_link -= tag == "a"
        self.in_strong -= tag in _STRONG
        if box >= 0 and self.boxes[box].tag == tag and (tag in _BLOCKS or self.boxes[box].reason is not None):
            self.flush(box)

    def picture(self, node: LexborNode, box: int) -> None:
        attributes = node.attributes
        for name in ("src", "data-src", "data-original", "data-lazy-src", "srcset", "data-srcset"):
            url = (attributes.get(name) or "").strip().split(" ")[0].rstrip(",")
            if url and not url.startswith("data:"):
                self.pictures.append(Picture(url, box))
                return

    def flush(self, box: int) -> None:
        if self.text:
            text = " ".join(tidy("".join(self.text).replace("\n<br>", "\n")).split())
            if text:
                self.pieces.append(Piece(text, box, min(self.linked, len(text)), min(self.strong, len(text))))
            self.text, self.linked, self.strong = [], 0, 0


def _is_hidden(tag: str, attributes: dict[str, str | None]) -> bool:
    """Whether a reader does not see the element."""
    style = attributes.get("style")
    if style and _HIDDEN.search(style):
        return True
    return "hidden" in attributes or (tag not in _PAGE and attributes.get("aria-hidden") == "true")


def _said_by(tag: str, attributes: dict[str, str | None]) -> tuple[frozenset[str], RemovedReason | None]:
    """The words of an element's class and id, and why its text is furniture by tag, role or those words."""
    reason = _TAG_REASONS.get(tag)
    if not attributes:
        return _NO_NAMES, reason
    role = attributes.get("role")
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if len(named) == 1:
        names, by_class = _NO_NAMES, None
    else:
        names, by_class = _class_says(named[:400])
    reason = reason or (_ROLE_REASONS.get(role) if role else None) or by_class
    return names, reason


@lru_cache(maxsize=16_384)
def _class_says(named: str) -> tuple[frozenset[str], RemovedReason | None]:
    """The words of class and id in lower case, with each value's parts joined ("share-bar": sharebar), and a reason."""
    words = [word.lower() for word in _WORDS.findall(named)]
    words += [_LETTERS.sub("", value.lower()) for value in named.split()]
    known, stems = _class_words()
    names = frozenset(words)
    found = next((known[name] for name in words if name in known), None)
    if found is None:
        begun = next((name for name in words if name.startswith(tuple(stems))), None)
        found = next((reason for stem, reason in stems.items() if begun and begun.startswith(stem)), None)
    return names, found


@cache
def _class_words() -> tuple[dict[str, RemovedReason], dict[str, RemovedReason]]:
    """Whole words and word beginnings, each with its reason."""
    known = set(get_args(RemovedReason))
    words: dict[str, RemovedReason] = {}
    stems: dict[str, RemovedReason] = {}
    text = (resources.files("services.cleaner") / "data" / "classes.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        reason, how, named = line.split("\t")
        assert reason in known, reason
        each = [(word, cast("RemovedReason", reason)) for word in named.split()]
        (words if how == "word" else stems).update(each)
    return words, stems
