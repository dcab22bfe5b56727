"""The story in a page's scripts: what a framework would draw where the markup shows nothing.

Next.js (`__NEXT_DATA__`, the chunks of `__next_f`), Nuxt (`__NUXT_DATA__`, `__NUXT__`), Arc (`Fusion.globalContent`)
and the `__INITIAL_STATE__` of many hold the story as JSON: one string of HTML, or a list with a paragraph an item.
Whatever the fields are called, the story is the longest such text that stands under the page's own headline.
"""

import json
import re
from collections.abc import Iterator
from html import escape
from itertools import islice
from typing import Any

import orjson
from selectolax.lexbor import LexborHTMLParser

from services.cleaner.metadata.publishers import squeezed
from services.cleaner.text.lines import UNSPACED, breadth, listed

_LARGEST = 3_000_000  # characters of one script
_MOST_VALUES = 200  # JSON values of one page
_MOST_NODES = 200_000  # of all of them
_MOST_STORIES = 3
_DEEPEST = 200  # React nests deep; two calls of ours a level stay far below what Python allows
_INLINE = 8  # how deep the parts of one paragraph nest
_PARAGRAPH = 40  # characters, as many as Latin letters would need: less is a label
_STORY = 250  # and less is a teaser
_ASSIGNED = re.compile(r"(?:[\w\])]\s*=|\bparse\(|\bpush\()\s*(?=[\[{\"])")
_UNDEFINED = re.compile(r"(?<=[:,\[])(?:undefined|void 0|NaN)\b")
_LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*+"')
_ROW = re.compile(rb"([0-9a-f]*):(?:T([0-9a-f]+),)?")
_SENTENCE = re.compile(r"[.!?…。！？।؟۔][\"”»')\]]*\s*$")
_NOT_READ = re.compile(r"https?:|[{\[]|<(?:style|nav|script)|[\w-]{30}")
_ELEMENT = re.compile(r"[a-z][a-z0-9-]{0,30}")
_OUTER = re.compile(r"\A<template[^<>]*>|</template>\Z")
_TAG = re.compile(r"<[^<>]*>")
_ADDRESSES = frozenset({"url", "href", "link", "slug", "permalink", "path", "uri", "canonicalUrl", "canonical_url"})
_HTML = re.compile(r"<p[\s>]|<br")
_TITLES = ("headline", "headlines", "title", "name", "basic")
_NO_TEXT = frozenset(listed("no text"))


def stories(tree: LexborHTMLParser, headline: str | None, body: str | None) -> Iterator[str]:
    """What may be the story of a page that shows none, as HTML: out of scripts, templates, then JSON-LD's `body`."""
    yield from _in_scripts(tree, headline)
    templates = sorted((node.html or "" for node in tree.css("template")), key=len, reverse=True)
    yield from (_OUTER.sub("", template) for template in templates[:_MOST_STORIES])
    if body:
        yield _as_html([body])


def _in_scripts(tree: LexborHTMLParser, headline: str | None) -> Iterator[str]:
    """The longest texts of 250 characters or more, those under the page's own headline first."""
    walk = _Walk(squeezed((headline or "")[:_STORY]))
    for value in islice(_values(tree), _MOST_VALUES):
        walk.into(value, own=False)
    ranked = sorted(walk.found, key=lambda each: (each[0], sum(map(breadth, filter(_is_prose, each[1])))), reverse=True)
    return (_as_html(paragraphs) for _, paragraphs in ranked[:_MOST_STORIES])


def _as_html(paragraphs: list[str]) -> str:
    """Paragraphs, each plain text or HTML, as HTML."""
    lines = (line for text in paragraphs for line in ([text] if "<" in text else text.split("\n")))
    return "\n".join(line if "<" in line else f"<p>{escape(line, quote=False)}</p>" for line in lines)


class _Walk:
    """What was found so far: lists of paragraphs, each with whether they stand under the page's own headline."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.found: list[tuple[bool, list[str]]] = []
        self.room = _MOST_NODES

    def into(self, node: object, *, own: bool, depth: int = 0) -> None:
        """Look through a JSON value; `own`: whether what holds it is headed as the page is."""
        self.room -= 1
        if self.room < 0 or depth > _DEEPEST:
            return
        if isinstance(node, list):
            self.take(_paragraphs(node), own=own)
        inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        own = self.owns(node, own) if isinstance(node, dict) else own
        for key, value in inside:
            if isinstance(value, (dict, list)):
                self.into(value, own=own, depth=depth + 1)
            elif isinstance(value, str) and breadth(value) >= _STORY and key not in _NO_TEXT:
                if value[0] in "{[":
                    self.into(_json(value), own=own, depth=depth + 1)
                else:
                    self.take([value], own=own)

    def take(self, paragraphs: list[str], *, own: bool) -> None:
        """Keep paragraphs that may be a story."""
        prose = [text for text in paragraphs if _is_prose(text)]
        if sum(map(breadth, prose)) >= _STORY:
            self.found.append((own, _each_once(paragraphs)))

    def owns(self, node: dict[str, Any], around: bool) -> bool:  # noqa: FBT001 - what held before
        """Whether the story in `node` is the page's: by its own headline, else by that around it."""
        titles = [squeezed(title[:_STORY]) for title in _titles(node)]
        return self.title in titles if titles and self.title else around


def _titles(node: dict[str, Any]) -> Iterator[str]:
    for key in _TITLES:
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("basic") or value.get("rendered") or value.get("default")
        if isinstance(value, str) and value:
            yield value


def _each_once(paragraphs: list[str]) -> list[str]:
    """Without a paragraph that came before, be it as HTML: a state often holds a story in two forms."""
    found: dict[str, str] = {}
    for text in paragraphs:
        found.setdefault(squeezed(_TAG.sub(" ", text[: 4 * _STORY])[: 2 * _STORY])[:_STORY], text)
    return list(found.values())


def _is_prose(text: str) -> bool:
    if breadth(text) < _PARAGRAPH:
        return False
    return bool(_HTML.search(text) or (_SENTENCE.search(text) and _has_words(text)))


def _has_words(text: str) -> bool:
    """Whether a text is more than one word, or in a script that writes no spaces."""
    return " " in text or UNSPACED.search(text) is not None


def _paragraphs(items: list[Any], depth: int = 0) -> list[str]:
    """The text of each item of a list: a list of blocks, or one line in parts."""
    shown = items[3:] if items[:1] == ["$"] else items  # an element in React's flight format
    if depth and len(items) > 1 and isinstance(items[0], str) and _ELEMENT.fullmatch(items[0]):
        shown = items[1:]  # an element in JsonML
    texts = [text for item in shown for text in _texts(item, depth) if text.strip()]
    blocks = sum(map(_is_prose, texts))
    return ["".join(texts)] if depth and texts and blocks <= 1 else texts


def _texts(item: object, depth: int) -> list[str]:
    """The text that an item of a list holds: its own, or that of the parts it is made of; nothing of another story."""
    if isinstance(item, str):
        return [item] if (depth or _has_words(item)) and not _NOT_READ.match(item) else []
    if depth > _INLINE or not isinstance(item, (dict, list)):
        return []
    if isinstance(item, list):
        return _paragraphs(item, depth + 1)
    if not _ADDRESSES.isdisjoint(item) and any(_titles(item)):
        return []
    fields = (value for key, value in item.items() if key not in _NO_TEXT)
    return [text for value in fields for text in _texts(value, depth + 1) if "text" in item or _has_words(text)]


def _values(tree: LexborHTMLParser) -> Iterator[object]:
    """Every JSON value in the page's scripts; of what is no JSON the literals."""
    flight: list[str] = []
    for script in tree.css("script"):
        text = script.text(deep=True).strip()
        kind = script.attributes.get("type") or ""
        if not text or len(text) > _LARGEST or "ld+json" in kind:
            continue
        if text[0] in "{[":
            value = _json(text)
            yield _revived(value) if script.attributes.get("id") == "__NUXT_DATA__" else value
        else:
            yield from _assigned(text, flight)
    if flight:
        yield from _flight("".join(flight))


def _assigned(text: str, flight: list[str]) -> Iterator[object]:
    """The values that a script assigns, parses or pushes; Next.js's chunks go to `flight`.

    What breaks off is not looked at again: the search goes on behind the place.
    """
    if "__NUXT__" in text and "function" in text:
        literals = (_json(literal) for literal in _LITERAL.findall(text))
        yield [literal for literal in literals if isinstance(literal, str) and _is_prose(literal)]
    text, at = text if "__next_f" in text else _UNDEFINED.sub("null", text), 0
    while (begun := _ASSIGNED.search(text, at)) is not None:
        value, at = _decoded(text, begun.end())
        if isinstance(value, list) and "__next_f" in text[max(0, begun.start() - 20) : begun.end()]:
            flight += [each for each in value if isinstance(each, str)]
        else:
            yield _json(value) if isinstance(value, str) else value


def _decoded(text: str, at: int) -> tuple[object, int]:
    """The JSON value that begins at `at`, and where the next one may begin."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, at)
    except json.JSONDecodeError as broken:
        return None, max(at + 1, broken.pos)
    except RecursionError:
        return None, at + 1


def _json(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _flight(payload: str) -> Iterator[object]:
    """The rows of React's flight format: "id:json" up to the line's end, "id:Tlength," with as many bytes of text."""
    data, at = payload.encode("utf-8", "replace"), 0
    texts: dict[str, str] = {}
    rows: list[object] = []
    while (row := _ROW.match(data, at)) is not None:
        if row[2]:
            at = row.end() + int(row[2], 16)
            texts[f"${row[1].decode()}"] = data[row.end() : at].decode("utf-8", "replace")
            continue
        end = data.find(b"\n", row.end())
        end = len(data) if end < 0 else end
        rows.append(_json(data[row.end() : end].decode("utf-8", "replace")))
        at = end + 1
    yield _with_texts(rows, texts, 0)


def _with_texts(node: object, texts: dict[str, str], depth: int) -> object:
    """The value with its references to rows of text resolved."""
    if isinstance(node, str):
        return texts.get(node, node)
    if depth > _DEEPEST:
        return None
    if isinstance(node, list):
        return [_with_texts(each, texts, depth + 1) for each in node]
    if isinstance(node, dict):
        return {key: _with_texts(value, texts, depth + 1) for key, value in node.items()}
    return node


def _revived(flat: object) -> object:
    """Nuxt's flattened values (devalue's format: every number inside a container is the place of a value) as a tree."""
    return _revive(flat, 0, {}, 0) if isinstance(flat, list) else flat


def _revive(flat: list[object], at: object, made: dict[int, object], depth: int) -> object:
    """The value at a place, those inside it in place of their numbers; each is made once."""
    if not isinstance(at, int) or not 0 <= at < len(flat) or depth > _DEEPEST:
        return None
    if at not in made:
        made[at] = None
        node = flat[at]
        if isinstance(node, dict):
            made[at] = {key: _revive(flat, value, made, depth + 1) for key, value in node.items()}
        elif isinstance(node, list):
            made[at] = [_revive(flat, value, made, depth + 1) for value in node if not isinstance(value, str)]
        else:
            made[at] = node
    return made[at]
