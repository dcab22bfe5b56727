"""RSS, RDF and Atom read in one pass of expat, if they are well-formed and plain: the quick way, taken by most feeds.

What it is not sure of it leaves to the exact reader in feeds.py; where it answers, it answers the same.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

import ada_url

LONGEST_TEXT = 8000  # characters of one field that are kept
DEEPEST = 100
CHUNK = 256 * 1024
ITEMS = frozenset({"item", "entry"})
ATOM = frozenset({"http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"})
RSS = frozenset(
    {
        "",
        "http://purl.org/rss/1.0/",
        "http://purl.org/net/rss1.1#",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://channel.netscape.com/rdf/simple/0.9/",
        "http://backend.userland.com/rss2",
        "http://blogs.law.harvard.edu/tech/rss",
    }
)
ROOTS = {"rss": RSS, "feed": ATOM, "RDF": frozenset({"http://www.w3.org/1999/02/22-rdf-syntax-ns#"})}
BASE = "http://www.w3.org/XML/1998/namespace base"
ABOUT = "http://www.w3.org/1999/02/22-rdf-syntax-ns# about"
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml"})
FIELDS = {
    "title": "title",
    "link": "link",
    "guid": "guid",
    "id": "guid",
    "pubDate": "published",
    "published": "published",
    "issued": "published",
    "updated": "updated",
    "modified": "updated",
}
OTHER_FIELDS = {
    "http://purl.org/dc/elements/1.1/ title": "title",
    "http://purl.org/dc/elements/1.1/ date": "updated",
    "http://purl.org/dc/terms/ issued": "published",
    "http://purl.org/dc/terms/ modified": "updated",
    "http://rssnamespace.org/feedburner/ext/1.0 origLink": "original",
}
# Words of HTTP's charset parameter under which expat reads a body as it would without.
HARMLESS = re.compile(r"^(?!.*charset)|charset\s*=\s*[\"']?utf-?8", re.IGNORECASE)


class Unsure(Exception):
    """A feed for the exact reader."""


@dataclass(kw_only=True, slots=True)
class Item:
    """What one item says, as it says it. `base`: what its link is relative to."""

    base: str
    title: str = ""
    link: str = ""
    guid: str = ""
    published: str = ""
    updated: str = ""
    original: str = ""
    guid_is_link: bool = False


def items(body: bytes, *, url: str, content_type: str | None = None) -> Iterator[Item]:
    """The items of a feed in its order, as they are read: who has enough stops. Raises Unsure, also after some."""
    if not HARMLESS.search(content_type or "") and not body.isascii():
        raise Unsure("HTTP names a charset of its own")
    reader = _Reader(base=[url])
    body = body.removeprefix(codecs.BOM_UTF8).lstrip()  # blank lines before the XML declaration are a common mistake
    try:
        for start in range(0, len(body), CHUNK):
            reader.parser.Parse(body[start : start + CHUNK], False)  # noqa: FBT003 - expat takes no keywords
            yield from reader.taken()
        reader.parser.Parse(b"", True)  # noqa: FBT003
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Unsure(str(error)) from error
    yield from reader.taken()


@dataclass
class _Reader:
    """Expat's callbacks. `base`: of each open element, the feed's URL first."""

    base: list[str]
    done: list[Item] = field(default_factory=list)
    _path: list[str] = field(default_factory=list)
    _item: Item | None = None
    _item_depth: int = 0
    _field: str | None = None
    _field_depth: int = 0
    _text: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse

    def taken(self) -> list[Item]:
        done, self.done = self.done, []
        return done

    def _refuse(self, *_: object) -> None:
        raise Unsure("it has a document type")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        self._path.append(name)
        depth = len(self._path)
        if depth == 1 and space not in ROOTS.get(local, ()):
            raise Unsure(f"its root element is {name[:40]!r}")
        if depth > DEEPEST:
            raise Unsure("elements nested too deep")
        self.base.append(_joined(attributes[BASE], self.base[-1]) if BASE in attributes else self.base[-1])
        if self._item is None:
            if local in ITEMS and (space in RSS or space in ATOM):
                self._item = Item(base=self.base[-1], guid=attributes.get(ABOUT, ""))
                self._item_depth = depth
        elif depth == self._item_depth + 1:
            self._start_field(self._item, space, local, attributes)

    def _start_field(self, item: Item, space: str, local: str, attributes: dict[str, str]) -> None:
        if attributes.get("mode", "escaped") == "base64" or attributes.get("type", "").endswith("base64"):
            raise Unsure("base64")
        name = _field_of(space, local)
        if name == "link" and "href" in attributes:
            kind = attributes.get("type", "text/html")
            if attributes.get("rel", "alternate") == "alternate" and kind in HTML_TYPES:
                item.link, item.base = attributes["href"], self.base[-1]
            return
        if name is None:
            return
        if name == "link":
            item.base = self.base[-1]
        if name == "guid":
            item.guid_is_link = attributes.get("isPermaLink", "true").lower() == "true"
        self._field, self._field_depth, self._text = name, len(self._path), []
        self.parser.CharacterDataHandler = self._text.append

    def _end(self, _: str) -> None:
        depth = len(self._path)
        self._path.pop()
        self.base.pop()
        if self._item is None:
            return
        if self._field is not None and depth == self._field_depth:
            setattr(self._item, self._field, "".join(self._text).strip()[:LONGEST_TEXT])
            self._field = self.parser.CharacterDataHandler = None
        elif depth == self._item_depth:
            self.done.append(self._item)
            self._item = None


def _field_of(space: str, local: str) -> str | None:
    if space in RSS or space in ATOM:
        return FIELDS.get(local)
    return OTHER_FIELDS.get(f"{space} {local}")


def _joined(base: str, outer: str) -> str:
    try:
        return str(ada_url.URL(base.strip(), outer).href)
    except ValueError:
        raise Unsure("an xml:base that is no URL") from None
