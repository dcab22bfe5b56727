"""Sitemaps (sitemaps.org 0.9): pages, indexes of sitemaps, and the news extension."""

import codecs
import re
from dataclasses import dataclass, field
from xml.parsers import expat

from services.fetcher.origins.feeds import LONGEST_TITLE, LONGEST_WORD, Link, NoSource, one_line
from services.fetcher.wire.decoding import Bomb, BrokenBody, decode
from services.urls import LONGEST_URL, BadUrl, normalise

MOST_LINKS = 50_000  # of one sitemap (sitemaps.org)
LARGEST = 50 * 1024 * 1024  # bytes of one sitemap, unpacked (sitemaps.org)
DEEPEST = 30
GZIP = b"\x1f\x8b"
AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")  # that begins no reference of XML
STRAY = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # what XML has no place for


@dataclass(frozen=True, kw_only=True, slots=True)
class Sitemap:
    """What a sitemap names: pages, or further sitemaps (URLs); the most recently changed first, if it says when."""

    links: tuple[Link, ...] = ()
    sitemaps: tuple[str, ...] = ()


def parse(body: bytes, *, url: str) -> Sitemap:
    """The links of a sitemap, each once; `url` is what relative ones are resolved against.

    Raises NoSource for what is none, and for one that declares entities (none needs them; bombs do). A sitemap that is
    not well-formed is read again, its usual mistakes mended; one that breaks off gives what stands before the break.
    """
    reader, error = _read(body)
    if error is not None:
        mended, still = _read(STRAY.sub(b"", AMPERSAND.sub(b"&amp;", body)))
        reader, error = (mended, still) if len(mended.rows) > len(reader.rows) else (reader, error)
    if error is not None and not reader.rows:
        raise NoSource(f"no sitemap: {error}")
    if reader.root not in ("urlset", "sitemapindex"):
        raise NoSource(f"no sitemap: its root element is {str(reader.root)[:40]!r}")
    newest = sorted(reader.rows, key=lambda row: row.get("lastmod", ""), reverse=True)
    links = tuple(_links(newest, url))
    if reader.root == "sitemapindex":
        return Sitemap(sitemaps=tuple(link.url for link in links))
    return Sitemap(links=links)


def _read(body: bytes) -> tuple["_Reader", Exception | None]:
    """What could be read, and what ended it."""
    reader = _Reader()
    try:
        reader.parser.Parse(body.removeprefix(codecs.BOM_UTF8).lstrip(), True)  # noqa: FBT003 - expat takes no keywords
    except (expat.ExpatError, ValueError, LookupError) as error:
        return reader, error
    return reader, None


def unpacked(body: bytes, *, largest: int = LARGEST) -> bytes:
    """The bytes, unpacked if they are gzip. Raises NoSource for broken gzip and for more than `largest` bytes."""
    if not body.startswith(GZIP):
        return body
    try:
        plain = decode(body, "gzip", most=largest).body
    except (BrokenBody, Bomb) as error:
        raise NoSource(f"gzip: {error}") from error
    if len(plain) > largest:
        raise NoSource(f"over {largest} bytes unpacked")
    return plain


def _links(rows: list[dict[str, str]], base: str) -> list[Link]:
    found: dict[str, Link] = {}
    for row in rows:
        location = row.get("loc", "").strip()
        try:
            url = normalise(location, base) if location else None
        except BadUrl:
            url = None
        if url is not None:
            title = one_line(row.get("title"), LONGEST_TITLE)
            published = one_line(row.get("publication_date"), LONGEST_WORD)
            found.setdefault(url, Link(url=url, title=title, published=published))
    return list(found.values())


@dataclass
class _Reader:
    """Expat's callbacks: collects a row of texts for each url and sitemap element."""

    root: str | None = None
    rows: list[dict[str, str]] = field(default_factory=list)
    _path: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._refuse

    def _refuse(self, *_: object) -> None:
        raise ValueError("it declares entities")

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        self.root = self.root or local
        self._path.append(local)
        if len(self._path) > DEEPEST:
            raise ValueError("elements nested too deep")
        if len(self._path) == 2 and local in ("url", "sitemap"):  # noqa: PLR2004 - a child of the root
            if len(self.rows) >= MOST_LINKS:
                raise ValueError("too many links")
            self.rows.append({})

    def _end(self, _name: str) -> None:
        self._path.pop()

    def _text(self, text: str) -> None:
        """Texts of a row's children, and of the news extension's (url/news/title): not those of images and videos."""
        if not self.rows or not self._in_row():
            return
        name, row = self._path[-1], self.rows[-1]
        if len(row.get(name, "")) <= LONGEST_URL:
            row[name] = row.get(name, "") + text

    def _in_row(self) -> bool:
        depth = len(self._path)
        if depth == 3:  # noqa: PLR2004 - root, row, its child
            return self._path[1] in ("url", "sitemap") and self._path[2] in ("loc", "lastmod")
        return depth == 4 and self._path[2] == "news" and self._path[3] in ("title", "publication_date")  # noqa: PLR2004
