"""What a page says of itself to machines: JSON-LD, microdata, RDFa, meta tags, headings, what its markup names."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.cleaner.metadata.jsonld import Story, line, plain, story_of
from services.cleaner.metadata.marks import Mark, heading, marks_of, short
from services.contracts import Image

# One selection for everything: each costs a pass over the page (0.2 ms on an average page).
_TELLING = (
    "meta, title, link[rel~='canonical' i], script[type*='ld+json' i], h1, [itemprop]:not(meta), [property]:not(meta)"
)
_PROPERTIES = frozenset({
    "headline", "datepublished", "datecreated", "datemodified", "author", "creator", "articlesection", "keywords",
    "description", "publisher", "inlanguage", "isaccessibleforfree", "title", "date", "created", "issued", "modified",
})  # fmt: skip
# The values of content_tier, the Open Graph tag, and of isAccessibleForFree.
_FREE = {"true": True, "free": True, "false": False, "locked": False, "metered": False}
_MOST_KEYWORDS = 50
_BETWEEN_KEYWORDS = re.compile("[,;，、،]")
_MOST_HEADINGS = 10
_HOME = re.compile(r"(?:https?://[^/?#]+)?/?(?:(?:index|default)\.\w{3,5})?|\./")
_MOST_PROPERTIES = 60
_LONGEST_TITLE = 400
_TIMED = len("2026-10-12T06:30Z")
_ANY_SECTION = frozenset({"news", "article", "articles", "post", "story"})  # what a template says of every page


@dataclass(frozen=True, kw_only=True, slots=True)
class Metadata:
    """A page's machine-readable side. `meta`: values as written, by `_key`; read them with `first` and `every`."""

    url: str = ""
    story: Story = field(default_factory=Story)
    meta: dict[str, tuple[str, ...]] = field(default_factory=dict)
    properties: dict[str, tuple[str, ...]] = field(default_factory=dict)
    title: str | None = None
    h1: tuple[str, ...] = ()
    home: tuple[str, ...] = ()  # what an h1 says that leads to the front page: the paper's name
    language: str | None = None
    canonical: str | None = None
    marks: tuple[Mark, ...] = ()

    def first(self, *names: str) -> str | None:
        """The first non-empty value of the first of these meta names that the page gives, however it spells them."""
        values = (line(value) for name in names for value in self.meta.get(_key(name), ()))
        return next((value for value in values if value), None)

    def every(self, *names: str) -> tuple[str, ...]:
        """All values of these meta names, each once."""
        values = (line(value) for name in names for value in self.meta.get(_key(name), ()))
        return tuple(dict.fromkeys(value for value in values if value))

    def microdata(self, *names: str) -> str | None:
        """The first value of the first of these names that microdata or RDFa give."""
        return next((value for name in names for value in self.properties.get(name, ()) if value), None)

    @property
    def description(self) -> str | None:
        """The page's own summary."""
        return (
            self.first("og:description", "description", "twitter:description")
            or self.story.description
            or self.microdata("description")
        )

    @property
    def section(self) -> str | None:
        """The section of the paper, in its own word."""
        said = (
            *self.every("article:section", "section", "og:section"),
            self.story.section,
            self.microdata("articlesection"),
        )
        named = [name for name in said if name and not name.startswith(("http", "/"))]
        return next((name for name in named if name.lower() not in _ANY_SECTION), named[0] if named else None)

    @property
    def keywords(self) -> tuple[str, ...]:
        """The page's keywords, at most 50, each once."""
        said = self.story.keywords or self.every("article:tag") or self.every("news_keywords", "keywords")
        words = (word.strip() for text in said for word in _BETWEEN_KEYWORDS.split(text))
        return tuple(dict.fromkeys(word for word in words if word))[:_MOST_KEYWORDS]

    @property
    def free(self) -> bool | None:
        """Whether everybody may read the story; None where the page does not say."""
        if self.story.free is not None:
            return self.story.free
        said = self.microdata("isaccessibleforfree") or self.first("article:content_tier", "isAccessibleForFree") or ""
        return _FREE.get(said.rpartition("/")[2].lower())

    @property
    def lead_picture(self) -> Image | None:
        """The picture that the page shows of itself elsewhere."""
        pictured = self.first("og:image", "og:image:url", "og:image:secure_url", "twitter:image")
        told = next(iter(self.story.images), None)
        if pictured:
            return Image(url=pictured, caption=told[1] if told and told[0] == pictured else None)
        return Image(url=told[0], caption=told[1]) if told else None


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    """A meta name without its punctuation: "article:published_time" and "article.published-time" are one."""
    return re.sub(r"[^a-z0-9]+", "", name.lower())


def metadata_of(tree: LexborHTMLParser, url: str = "") -> Metadata:
    """What the markup of a parsed page says of the story; `url`: the page's own address."""
    found = _Found()
    for node in tree.css(_TELLING):
        found.take(node)
    titles = (*(found.meta.get("ogtitle", ())), *found.titles[:1], *found.h1)
    html = tree.css_first("html")
    story = story_of(found.scripts, titles=titles)
    return Metadata(
        url=url,
        story=story,
        meta={name: tuple(values) for name, values in found.meta.items()},
        properties={name: tuple(values) for name, values in found.properties.items()},
        title=found.titles[0] if found.titles else None,
        h1=tuple(found.h1),
        home=tuple(found.home),
        language=(html.attributes.get("lang") or html.attributes.get("xml:lang")) if html else None,
        canonical=found.canonical,
        marks=() if _complete(story) else marks_of(tree),
    )


def _complete(story: Story) -> bool:
    """Whether JSON-LD says by itself who wrote the story and when, to the minute: then no mark can add to it."""
    return len(story.authors) > len(story.organisations) and len(story.published or "") >= _TIMED


@dataclass(slots=True)
class _Found:
    """What the pass over the telling elements has gathered so far."""

    meta: dict[str, list[str]] = field(default_factory=dict)
    properties: dict[str, list[str]] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    h1: list[str] = field(default_factory=list)
    home: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    canonical: str | None = None

    def take(self, node: LexborNode) -> None:
        tag = node.tag
        if tag == "meta":
            self.declared(node.attributes)
        elif tag == "script":
            self.scripts.append(node.text(deep=True))
        elif tag == "title":
            if not self.titles and (node.parent is None or node.parent.tag != "svg"):
                self.titles.append(plain(node.text(deep=True)[:_LONGEST_TITLE]))
        elif tag == "h1":
            if len(self.h1) < _MOST_HEADINGS and (text := heading(node)):
                self.h1.append(text)
                self.home += [text] if _leads_home(node) else []
        elif tag == "link" and "canonical" in (node.attributes.get("rel") or "").lower():
            self.canonical = self.canonical or node.attributes.get("href")
        else:
            self.microdata(node)

    def microdata(self, node: LexborNode) -> None:
        said = node.attributes
        name = _property(said)
        if name in _PROPERTIES and len(self.properties) < _MOST_PROPERTIES:
            value = said.get("content") or said.get("datetime") or short(node)
            self.properties.setdefault(name, []).extend([line(value)] if value else [])

    def declared(self, said: dict[str, str | None]) -> None:
        content = said.get("content")
        if not content:
            return
        if name := said.get("property") or said.get("name"):
            self.meta.setdefault(_key(name), []).append(content)
        elif (name := _property(said)) in _PROPERTIES:
            self.properties.setdefault(name, []).append(line(content))


def _leads_home(node: LexborNode) -> bool:
    """Whether a heading is a link to the front page."""
    links = node.css("a[href]")
    return len(links) == 1 and _HOME.fullmatch(links[0].attributes.get("href") or "") is not None


def _property(said: dict[str, str | None]) -> str:
    """The local name of a microdata or RDFa property: "schema:datePublished" is datepublished."""
    return _local(said.get("itemprop") or said.get("property") or "")


@lru_cache(maxsize=4096)
def _local(name: str) -> str:
    return re.split(r"[:/#]", name.strip().lower())[-1]
