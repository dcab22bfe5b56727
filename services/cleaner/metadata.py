"""What a page says of itself to machines: JSON-LD, meta tags, time elements."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from services.cleaner.decode import tidy

# schema.org types that are a story, in the vocabulary's own spelling.
_STORIES = frozenset({
    "Article", "NewsArticle", "AnalysisNewsArticle", "AskPublicNewsArticle", "BackgroundNewsArticle",
    "OpinionNewsArticle", "ReportageNewsArticle", "ReviewNewsArticle", "BlogPosting", "LiveBlogPosting", "Report",
    "AdvertiserContentArticle", "TechArticle", "ScholarlyArticle", "Review", "SocialMediaPosting",
    "DiscussionForumPosting", "Recipe", "VideoObject", "WebPage",
})  # fmt: skip
_WEAK = {"WebPage": 2, "VideoObject": 3, "Review": 1, "Recipe": 1}
_LARGEST_JSON = 2_000_000
_MOST_NODES = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """The JSON-LD node that describes the article; text as written there, cleaned of markup."""

    headline: str | None = None
    description: str | None = None
    authors: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    publisher: str | None = None
    images: tuple[str, ...] = ()
    language: str | None = None
    free: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Metadata:
    """A page's machine-readable side. `meta`: every <meta>, by name or property in lower case, in page order."""

    story: Story = Story()
    meta: dict[str, tuple[str, ...]] = field(default_factory=dict)
    title: str | None = None
    h1: tuple[str, ...] = ()
    language: str | None = None
    canonical: str | None = None
    times: tuple[tuple[str, str], ...] = ()
    """<time datetime>: (itemprop or class words, value)."""

    def first(self, *names: str) -> str | None:
        """The first non-empty value of the first of these names that the page gives."""
        return next((value for name in names for value in self.meta.get(name, ()) if value), None)

    def every(self, *names: str) -> tuple[str, ...]:
        """All values of these names, each once."""
        return tuple(dict.fromkeys(value for name in names for value in self.meta.get(name, ()) if value))


def metadata_of(tree: LexborHTMLParser) -> Metadata:
    """What the head, the JSON-LD blocks and the time elements of a parsed page say."""
    meta: dict[str, list[str]] = {}
    for node in tree.css("meta"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = attributes.get("content")
        if name and content:
            meta.setdefault(name.lower().strip(), []).append(_line(content))
    html = tree.css_first("html")
    canonical = tree.css_first("link[rel~='canonical' i]")
    title = tree.css_first("head title") or tree.css_first("title")
    return Metadata(
        story=_story(tree),
        meta={name: tuple(values) for name, values in meta.items()},
        title=_line(title.text(deep=True)) if title else None,
        h1=tuple(text for node in tree.css("h1")[:10] if (text := _line(node.text(deep=True, separator=" ")))),
        language=(html.attributes.get("lang") or html.attributes.get("xml:lang")) if html else None,
        canonical=canonical.attributes.get("href") if canonical else None,
        times=tuple(_times(tree)),
    )


def _times(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for node in tree.css(
        "time[datetime], [itemprop='datePublished'][content], [itemprop='dateModified'][content], abbr.published[title]"
    )[:20]:
        attributes = node.attributes
        value = attributes.get("datetime") or attributes.get("content") or attributes.get("title")
        if value:
            yield f"{attributes.get('itemprop') or ''} {attributes.get('class') or ''}".strip(), value.strip()


def _story(tree: LexborHTMLParser) -> Story:
    nodes = [
        node for script in tree.css("script[type*='ld+json' i]") for node in _nodes(_loaded(script.text(deep=True)))
    ]
    stories = [node for node in nodes if _types(node) & _STORIES]
    if not stories:
        return Story()
    best = max(stories, key=_evidence)
    named = {str(node["@id"]): node for node in nodes if "@id" in node and len(node) > 1}
    return _read(best, named)


def _loaded(text: str) -> object:
    """The JSON in a script element, or None; comments around it and raw line breaks in strings are forgiven."""
    text = re.sub(r"^\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s*$", "", text).strip().rstrip(";")
    if len(text) > _LARGEST_JSON:
        return None
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(loaded: object) -> list[dict[str, Any]]:
    """Every JSON object in a document, breadth first."""
    found: list[dict[str, Any]] = []
    waiting = [loaded]
    for each in waiting:
        if len(waiting) > _MOST_NODES:
            break
        if isinstance(each, dict):
            found.append(each)
            waiting += [
                value
                for key, value in each.items()
                if key in {"@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "hasPart", "article"}
            ]
        elif isinstance(each, list):
            waiting += each
    return found


def _types(node: dict[str, Any]) -> set[str]:
    kind = node.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return {each.rpartition("/")[2] for each in kinds if isinstance(each, str)}


def _evidence(node: dict[str, Any]) -> tuple[int, int]:
    """A story with more of a story's fields is more likely the page's own."""
    kinds = _types(node) & _STORIES
    weak = min((_WEAK.get(kind, 0) for kind in kinds), default=9)
    return -weak, sum(
        key in node
        for key in ("headline", "datePublished", "author", "articleBody", "image", "publisher", "description")
    )


def _read(node: dict[str, Any], named: dict[str, dict[str, Any]]) -> Story:
    creators = [_resolved(each, named) for each in _list(node.get("author") or node.get("creator"))]
    free = node.get("isAccessibleForFree")
    return Story(
        headline=_text(node.get("headline")) or (_text(node.get("name")) if not _types(node) & {"WebPage"} else None),
        description=_text(node.get("description")),
        authors=tuple(name for each in creators if "Organization" not in _types(each) and (name := _name(each))),
        organisations=tuple(name for each in creators if "Organization" in _types(each) and (name := _name(each))),
        published=_text(node.get("datePublished")) or _text(node.get("dateCreated")) or _text(node.get("uploadDate")),
        modified=_text(node.get("dateModified")),
        section=next((text for each in _list(node.get("articleSection")) if (text := _text(each))), None),
        keywords=_keywords(node.get("keywords")),
        publisher=next(
            (name for each in _list(node.get("publisher")) if (name := _name(_resolved(each, named)))), None
        ),
        images=tuple(url for each in _list(node.get("image")) if (url := _url(_resolved(each, named)))),
        language=_text(node.get("inLanguage")),
        free={"true": True, "false": False}.get(str(free).lower()),
    )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _resolved(value: object, named: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A node, a reference to one, or a bare name, as a node."""
    if isinstance(value, dict):
        return named.get(str(value.get("@id")), value) if "name" not in value else value
    return {"name": value, "url": value} if isinstance(value, str) else {}


def _name(node: dict[str, Any]) -> str | None:
    name = node.get("name")
    return _text(name[0] if isinstance(name, list) and name else name)


def _url(node: dict[str, Any]) -> str | None:
    url = node.get("url") or node.get("contentUrl") or node.get("@id")
    first = url[0] if isinstance(url, list) and url else url
    return tidy(first) if isinstance(first, str) and first.startswith(("http", "/")) else None


def _keywords(value: object) -> tuple[str, ...]:
    words = [
        word
        for each in _list(value)
        if isinstance(each, str)
        for word in (each.split(",") if isinstance(value, str) else [each])
    ]
    return tuple(dict.fromkeys(text for word in words if (text := _text(word))))


def _text(value: object) -> str | None:
    return _line(value) or None if isinstance(value, str) else None


def _line(text: str) -> str:
    """One clean line: entities and tags that were escaped twice are read, white space is single."""
    if "&" in text or "<" in text:
        text = LexborHTMLParser(f"<body>{text[:20_000]}").text(deep=True)
    return " ".join(tidy(text).split())
