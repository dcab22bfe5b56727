"""JSON-LD: the node that describes the story, also out of JSON that is broken as pages break it."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from services.cleaner.text.decode import tidy

# schema.org types that are a story, in the vocabulary's own spelling, and how weak a sign of one the others are.
_STORIES = dict.fromkeys(
    (
        "Article", "NewsArticle", "AnalysisNewsArticle", "AskPublicNewsArticle", "BackgroundNewsArticle",
        "OpinionNewsArticle", "ReportageNewsArticle", "ReviewNewsArticle", "BlogPosting", "LiveBlogPosting", "Report",
        "AdvertiserContentArticle", "TechArticle", "ScholarlyArticle", "SocialMediaPosting", "DiscussionForumPosting",
    ),
    0,
) | {"Review": 1, "Recipe": 1, "WebPage": 2, "VideoObject": 3}  # fmt: skip
_LEADS_ON = frozenset({"@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "hasPart", "article", "item"})
_FIELDS = ("headline", "datePublished", "author", "image", "publisher", "articleBody", "description")
_LARGEST_JSON = 2_000_000
_LARGEST_BROKEN = 200_000  # repairing costs ten times as much as reading
_MOST_NODES = 2_000
_MOST_IMAGES = 20

Node = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """The JSON-LD node that describes the article; text as written there, cleaned of markup.

    `authors` are the names in the node's order; `organisations` are those of them that it calls organisations; `body`
    is its articleBody as written.
    """

    news: bool = False
    headline: str | None = None
    description: str | None = None
    authors: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    publisher: str | None = None
    images: tuple[tuple[str, str | None], ...] = ()
    language: str | None = None
    free: bool | None = None
    body: str | None = None


def story_of(scripts: list[str], *, titles: tuple[str, ...]) -> Story:
    """The story in a page's JSON-LD blocks; of several the one that is headed as the page itself (`titles`) is."""
    nodes = [node for text in scripts for node in _nodes(load(text))]
    stories = [node for node in nodes if _types(node) & _STORIES.keys()]
    if not stories:
        return Story()
    headed = " ".join(titles).casefold()
    best = max(stories, key=lambda node: _evidence(node, headed))
    named = {str(node["@id"]): node for node in nodes if "@id" in node and len(node) > 1}
    return _read(best, named)


def load(text: str) -> object:
    """The JSON in a script element, repaired where needed; a list where several stand in a row; None for none."""
    if len(text) > _LARGEST_JSON:
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return _lenient(_repaired(text)) if len(text) <= _LARGEST_BROKEN else None


def _lenient(text: str) -> object:
    """Every JSON value at the head of `text`, as far as it can be read; raw line breaks in strings are forgiven."""
    decoder, found, at = json.JSONDecoder(strict=False), [], 0
    try:
        while at < len(text):
            value, at = decoder.raw_decode(text, at)
            found.append(value)
            at = len(text) - len(text[at:].lstrip(" \t\r\n,;"))
    except (ValueError, RecursionError):
        pass
    return found or None


# A comment; a string (a quote ends it only before what may follow a string); one in single quotes; a comma too many.
# What is never closed goes on to the end, so that no input makes the pattern look twice.
_PIECE = re.compile(
    r"(?P<note>//[^\n]*+|/\*(?:.*?\*/|.*)|<!--|-->|<!\[CDATA\[|\]\]>)"
    r"|\"(?P<text>(?:[^\"\\]|\\(?:.|\Z)|\"(?!\s*+(?:[,:}\]]|/[/*]|\Z|\"[\w@-]++\"\s*+:)))*+)(?:\"|\Z)"
    r"|(?<=[:\[,\s])'(?P<single>(?:[^'\\]|\\(?:.|\Z)|'(?!\s*+[,:}\]]))*+)(?:'|\Z)"
    r"|(?P<comma>,)(?=\s*+[}\]])",
    re.DOTALL,
)


_LACKING = re.compile(r"[\"}\]](?=\s*+\"[\w@-]++\"\s*+:)")  # a value before another key
_BRACKETS = re.compile(r"\"(?:[^\"\\]|\\(?:.|\Z))*+(?:\"|\Z)|[{}\[\]]", re.DOTALL)
_VALUELESS = re.compile(r"\"[^\"]*\"\s*:\s*\Z")  # a key whose value was cut off


def _repaired(text: str) -> str:
    """Without comments and commas too many, with quotes inside strings escaped, commas that lack, and an end."""
    whole = _PIECE.sub(_repair, text).strip().rstrip(";")
    return _closed(_LACKING.sub(r"\g<0>,", whole))


def _closed(text: str) -> str:
    """What was cut off, with the brackets closed that are open; of a key without its value nothing is left."""
    open_ones = []
    for bracket in _BRACKETS.findall(text):
        if bracket in "{[":
            open_ones.append("}" if bracket == "{" else "]")
        elif open_ones and bracket in "}]":
            open_ones.pop()
    if not open_ones:
        return text
    return _VALUELESS.sub("", text).rstrip(" \t\r\n,:") + "".join(reversed(open_ones))


def _repair(found: re.Match[str]) -> str:
    inside = found["text"] if found["text"] is not None else found["single"]
    if inside is None or len(found[0]) == len(inside) + 1:  # nothing, or a string that was cut off
        return ""
    return '"' + re.sub(r'(?<!\\)((?:\\\\)*)"', r"\1\\" + '"', inside.replace(r"\'", "'")) + '"'


def _nodes(loaded: object) -> Iterator[Node]:
    """Every JSON object that may be a story or be named by one, breadth first."""
    waiting = [loaded]
    for each in waiting:
        if len(waiting) > _MOST_NODES:
            return
        if isinstance(each, dict):
            yield each
            waiting += [value for key, value in each.items() if key in _LEADS_ON]
        elif isinstance(each, list):
            waiting += each


def _types(node: Node) -> set[str]:
    return {each.rpartition("/")[2] for each in _list(node.get("@type")) if isinstance(each, str)}


def _evidence(node: Node, headed: str) -> tuple[int, bool, int]:
    """A story that is headed as the page is, with more of a story's fields, is more likely the page's own."""
    weak = min(_STORIES.get(kind, 9) for kind in _types(node))
    headline = (text(node.get("headline")) or "").casefold()
    return -weak, bool(headline) and headline in headed, sum(bool(node.get(each)) for each in _FIELDS)


def _read(node: Node, named: dict[str, Node]) -> Story:
    kinds = _types(node)
    creators = [
        (name, each)
        for each in _people(node.get("author") or node.get("creator"), named)
        if (name := _name(each)) is not None and not _ADMIN.search(str(each.get("url")))
    ]
    return Story(
        news=any("News" in kind for kind in kinds) or "LiveBlogPosting" in kinds,
        headline=text(node.get("headline")) or (None if "WebPage" in kinds else text(node.get("name"))),
        description=text(node.get("description")),
        authors=tuple(name for name, _ in creators),
        organisations=tuple(name for name, each in creators if any("Organization" in kind for kind in _types(each))),
        published=text(node.get("datePublished")) or text(node.get("dateCreated")) or text(node.get("uploadDate")),
        modified=text(node.get("dateModified")),
        section=next((words for each in _list(node.get("articleSection")) if (words := text(each))), None),
        keywords=_keywords(node.get("keywords")),
        publisher=next((name for each in _people(node.get("publisher"), named) if (name := _name(each))), None),
        images=tuple(_images(node.get("image"), named)),
        language=text(node.get("inLanguage")),
        free={"true": True, "false": False}.get(str(node.get("isAccessibleForFree")).rpartition("/")[2].lower()),
        body=body if isinstance(body := node.get("articleBody"), str) else None,
    )


_ADMIN = re.compile(r"/author/(?:admin\w*|administrator|webmaster|editor)/?$")  # an account, whatever it calls itself


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _people(value: object, named: dict[str, Node]) -> Iterator[Node]:
    """Nodes, references to nodes and bare names, in lists of any depth, as nodes."""
    waiting = _list(value)[:50]
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, list):
            waiting = each[:50] + waiting
        elif isinstance(each, dict):
            yield each if "name" in each else named.get(str(each.get("@id")), each)
        elif isinstance(each, str):
            yield {"name": each}


def _name(node: Node) -> str | None:
    names = _list(node.get("name"))
    return text(names[0]) if names else None


def _images(value: object, named: dict[str, Node]) -> Iterator[tuple[str, str | None]]:
    """The addresses of pictures, each with its caption if it has one."""
    for each in _list(value)[:_MOST_IMAGES]:
        node = named.get(str(each.get("@id")), each) if isinstance(each, dict) else {"url": each}
        for url in _list(node.get("url") or node.get("contentUrl") or node.get("@id"))[:_MOST_IMAGES]:
            if isinstance(url, str) and url.startswith(("http", "/")):
                yield tidy(url).strip(), text(node.get("caption"))


def _keywords(value: object) -> tuple[str, ...]:
    said = value.split(",") if isinstance(value, str) else _list(value)
    return tuple(dict.fromkeys(words for each in said if (words := text(each))))


def text(value: object) -> str | None:
    """A JSON value as one clean line; None where it is no text or an empty one."""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if isinstance(value, list):
        value = value[0] if value else None
    return line(value) or None if isinstance(value, str) else None


_TAG = re.compile(
    r"</?(?:p|br|div|span|a|b|i|em|strong|u|sup|sub|small|mark|q|ul|ol|li|h[1-6]|font|img|figure)\b[^<>]*>",
    re.IGNORECASE,
)


def line(written: str) -> str:
    """One clean line: entities and tags that were escaped twice are read, white space is single."""
    if "<" in written:
        written = _TAG.sub(" ", written[:20_000])
    return plain(written)


def plain(written: str) -> str:
    """One line of text: entities that were escaped once or twice too often are read, nothing invisible is left."""
    for _ in range(2):
        if "&" not in written:
            break
        written = html.unescape(written)
    if written.isascii() and written.isprintable() and "  " not in written:
        return written.strip()
    return " ".join(tidy(written).split())
