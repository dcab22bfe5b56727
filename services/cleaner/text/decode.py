"""From the bytes of a page to its text, or a reason why they are none."""

import codecs
import html
import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import Literal, NamedTuple

import numpy as np
from selectolax.lexbor import LexborHTMLParser

from services.contracts import PageMeta
from services.stage import Reason, Rejected
from services.topics import PAGE_BYTES

Kind = Literal["html", "text"]

# What files begin with that are no text whatever their label says.
# Signatures: the PRONOM registry of The National Archives.
_MAGIC = (
    b"%PDF-", b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06", b"BZh",
    b"\xfd7zXZ\x00", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x28\xb5\x2f\xfd", b"\x7fELF", b"wOFF", b"wOF2", b"OggS",
    b"ID3\x02", b"ID3\x03", b"ID3\x04", b"\xd0\xcf\x11\xe0", b"\x00\x00\x01\x00", b"%!PS", b"II*\x00", b"MM\x00*",
)  # fmt: skip
_SIGNED_UNICODE = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# The encoding standard's own reading of these labels (WHATWG Encoding, 4.2): the superset that pages really use.
_SUPERSETS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}
# Python calls these encodings too; no page is written in them, and some yield lone surrogates.
_NO_CHARSETS = frozenset({
    "idna", "punycode", "unicode-escape", "raw-unicode-escape", "unicode_escape", "raw_unicode_escape", "undefined",
    "utf-7", "mbcs", "oem",
})  # fmt: skip
_STRANGE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ue000-\uf8ff\ufffd]")
_HEAD = 4_000
_NOTHING = b" \t\r\n\f\v\x00"
_MOSTLY = 0.1  # the share of control characters from which on a "text" is none

# Of what tidy text must not hold, what Python calls printable: a joiner, Hangul's filler, Braille's blank.
_JOINER, _FILLER, _BLANK = "\u034f", "\u3164", "\u2800"
# The last: musical formatting, and the letters that fonts of icons have for their own.
_INVISIBLE = dict.fromkeys([
    0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0xFFF9, 0xFFFA,
    0xFFFB, ord(_JOINER), *range(0x1D173, 0x1D17B), *range(0xE000, 0xF900),
])  # fmt: skip
_SPACES = dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, ord(_FILLER), ord(_BLANK)], " ")
# The two zero-width joiners stay where spelling needs them, as in Persian and Hindi; the second also joins emoji.
_JOINED = "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af"
_LOST_JOINER = re.compile(f"(?<![{_JOINED}])\u200c|\u200c(?![{_JOINED}])|(?<![^\0-\u024f])\u200d")
_LOST_TAGS = re.compile("(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+")  # but those of flags
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8}\d{0,2});")
_CONTROLS = dict.fromkeys(code for code in [*range(0x20), *range(0x7F, 0xA0)] if chr(code) not in "\t\n\r\f\x85")
# Controls that no page means: Windows-1252's quotes and dashes that were written as if they were ISO 8859-1.
_QUOTES = {byte: letter for byte in range(0x80, 0xA0) if (letter := bytes([byte]).decode("cp1252", "ignore"))}
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_BREAKS = {0x85: "\n", 0x0C: "\n", 0x2028: "\n", 0x2029: "\n\n"}
_CLEAN = _INVISIBLE | _SPACES | _CONTROLS | _QUOTES | _SURROGATES | _BREAKS

_MARKUP = re.compile(
    r"<(?:!doctype\s+html|html|head|body|meta|title|script|style|div|p|article|section|span|table|h[1-6]|a\s)\b[^<]{0,2000}?>",
    re.IGNORECASE,
)
# One token of markup: a comment's start, or a tag with its attributes (a quote opens a value only after "=", as in the
# HTML standard's tokenizer). Possessive, so that no input makes it look twice.
_TOKEN = re.compile(
    r"<!--|<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]{0,40}+)(?P<attributes>(?:=\s*+(?:\"[^\"]*+\"|'[^']*+')|[^>=]++|=)*+)>?"
)
_RAW_TEXT = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
# Elements that never hold others, and those that close themselves when the next of their kind begins.
_FLAT = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "p", "li", "dt", "dd", "option", "tr", "td", "th", "tbody", "thead",
})  # fmt: skip
DEEPEST = 4_000  # open elements: real pages stay below 100, and lexbor takes 0.1 s for these
MOST_ATTRIBUTES = 400  # of one tag
_VALUES = re.compile(r"=\s*+(?:\"[^\"]*+\"|'[^']*+')")
_FEW_TAGS = 8_000  # start tags: lexbor takes 0.2 s for as many nested elements, 0.3 s for options
_LONG_TAG = 20_000  # characters: room for 10,000 attributes, 0.8 s
# One of these stands before every attribute: white space, a slash, or where it follows a quoted value, the mark with
# which that value began. JSON's quotes begin none: {"a":"b"} in a tag is the name of one attribute.
_BETWEEN = b" \n\t\r\f/"
_VALUE_BEGINS = (b'="', b"='")
_LONGEST_SPACE = 200  # bytes between an equals sign and its value; behind more, anything is possible
_MANY_MARKS = 4_000  # lexbor takes 0.1 s for as many attributes
_SHADOW_ROOT = re.compile(
    rb"<template(?=[^<>]*\bshadowroot)([^<>]*+>(?:[^<]++|<(?!/?template\b))*+)</template\s*+>", re.IGNORECASE
)
_DEEPEST_SHADOW = 4  # components inside components
MOST_OPTIONS = 5_000  # lexbor takes 19 s for 40,000 <option>s


class Decoded(NamedTuple):
    """A page as text, never with a lone surrogate or NUL, and the same in UTF-8: its own bytes where they are that."""

    text: str
    utf8: bytes


def decoded(body: bytes, meta: PageMeta) -> Decoded:
    """The page as text; its pieces still have to be made `tidy`.

    The charset that the fetcher used comes first, then the declared one, then UTF-8; what does not decode becomes
    U+FFFD. Raises Rejected: EMPTY, TOO_LARGE, NOT_TEXT.
    """
    if len(body) > PAGE_BYTES:
        raise Rejected(Reason.TOO_LARGE, f"{len(body)} bytes, {PAGE_BYTES} allowed")
    if not (body[:_HEAD].strip(_NOTHING) or body.strip(_NOTHING)):
        raise Rejected(Reason.EMPTY, "no bytes, or white space only")
    if (begun := body[:_HEAD].lstrip() or body.lstrip()).startswith(_MAGIC):
        raise Rejected(Reason.NOT_TEXT, f"begins like a file of another kind: {begun[:8]!r}")
    text, verbatim = _text_of(body, meta)
    if _controls(text) > _MOSTLY:
        raise Rejected(Reason.NOT_TEXT, "mostly control characters")
    if verbatim and b"\0" not in body:
        return Decoded(text, body)
    text = text.replace("\0", "")
    return Decoded(text, text.encode())


def tidy(text: str) -> str:
    """Text as it may stand in an article: NFC, only spaces and line breaks as white space, nothing invisible."""
    if text.isprintable():
        if text.isascii():
            return text
        if _JOINER not in text and _FILLER not in text and _BLANK not in text:
            return unicodedata.normalize("NFC", text)
    cleaned = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CLEAN)
    if "\u200c" in cleaned or "\u200d" in cleaned:
        cleaned = _LOST_JOINER.sub("", cleaned)
    cleaned = cleaned if cleaned.isascii() else _LOST_TAGS.sub("", cleaned)
    return cleaned if cleaned.isascii() else unicodedata.normalize("NFC", cleaned)


def tidy_line(text: str) -> str:
    """The same on one line, white space single and none at the ends, entities read that were escaped twice."""
    line = (unescaped(text) if "&" in text else text).strip()
    if "  " in line or not line.isprintable():
        line = " ".join(line.split())
    elif line.isascii():
        return line
    cleaned = tidy(line)
    return line if cleaned is line else " ".join(cleaned.split())


def unescaped(text: str) -> str:
    """Text with the entities read that a reader sees as such: "&#8217;" was written "&amp;#8217;"."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)


def kind_of(text: str, content_type: str) -> Kind:
    """Whether the text is HTML or a page whose markup was lost; the text decides, the label only where it is silent."""
    if len(list(islice(_MARKUP.finditer(text, 0, 200_000), 2))) > 1:
        return "html"
    return "html" if "html" in content_type.lower() and re.search(r"</?[a-zA-Z]", text) else "text"


def tree_of(utf8: bytes) -> LexborHTMLParser:
    """A page's markup, parsed. Raises Rejected(TOO_LARGE) for what would stall the parser.

    A template that is a shadow root (HTML standard, 4.12.3) is shown where it stands: it becomes an element like any.
    """
    refuse_stalling(utf8)
    for _ in range(_DEEPEST_SHADOW if b"shadowroot" in utf8 else 0):
        utf8 = _SHADOW_ROOT.sub(rb"<div\1</div>", utf8)
    return LexborHTMLParser(utf8)


def refuse_stalling(utf8: bytes) -> None:
    """Raise Rejected(TOO_LARGE) for markup that would stall the parser: nested too deep, or a tag with a long tail.

    Lexbor needs over 60 s for 100,000 nested elements, 13 s for 40,000 attributes and 19 s for 40,000 options.
    """
    if _is_harmless(utf8):
        return
    html = utf8.decode(errors="replace")
    open_elements: list[str] = []
    at = options = 0
    while (token := _TOKEN.search(html, at)) is not None:
        name = (token["name"] or "!--").lower()
        at = token.end() if name not in _RAW_TEXT and name != "!--" else _after(html, token, name)
        if len(token["attributes"] or "") > MOST_ATTRIBUTES:
            _refuse_attributes(name, token["attributes"])
        options += name == "option"
        if token["name"] and name not in _FLAT:
            _open_or_close(open_elements, name, token)
        if len(open_elements) > DEEPEST:
            raise Rejected(Reason.TOO_LARGE, f"elements nested more than {DEEPEST} deep")
    if options > MOST_OPTIONS:
        raise Rejected(Reason.TOO_LARGE, f"{options} options, {MOST_OPTIONS} allowed")


def _is_harmless(utf8: bytes) -> bool:
    """Whether the page is too small to stall the parser, whatever it holds: few tags begin, and none of them is long.

    This spares nearly every page the scan of every tag, which takes longer than their parsing.
    """
    marks = int(np.count_nonzero(np.frombuffer(utf8, dtype=np.uint8) == ord("<")))  # 20 times as fast as bytes.count
    few = marks <= _FEW_TAGS or marks - utf8.count(b"</") <= _FEW_TAGS
    return few and not any(_may_be_long_tag(utf8, start, end) for start, end in _sparse(utf8))


def _may_be_long_tag(utf8: bytes, start: int, end: int) -> bool:
    """Whether what stands between two "<" may belong to a tag with more attributes than the parser takes quickly.

    The tag may have begun before: a quoted value may hold "<" and ">".
    """
    stretch = utf8[start:end]
    return (
        len(stretch) > _LONG_TAG
        and not (stretch.startswith((b"<script", b"<style", b"<!--")) and not _may_be_quoted(utf8, start))
        and len(stretch) - len(stretch.translate(None, _BETWEEN)) + sum(map(stretch.count, _VALUE_BEGINS)) > _MANY_MARKS
    )


def _may_be_quoted(utf8: bytes, at: int) -> bool:
    """Whether a quoted value may be open: the last quote of either kind stands behind an equals sign."""
    for quote in (b'"', b"'"):
        last = utf8.rfind(quote, 0, at)
        before = utf8[max(0, last - _LONGEST_SPACE) : max(0, last)].rstrip()
        if last > 0 and (not before or before.endswith(b"=")):
            return True
    return False


def _sparse(utf8: bytes) -> Iterator[tuple[int, int]]:
    """Where a tag begins and where the next one does, for those with half a long tag's room between them.

    A stretch without "<" that is as long as a long tag covers one of the steps of half that length.
    """
    at, step = 0, _LONG_TAG // 2
    while at < len(utf8):
        if utf8.find(b"<", at, at + step) >= 0:
            at += step
            continue
        start, end = utf8.rfind(b"<", 0, at), utf8.find(b"<", at + step)
        at = end if end >= 0 else len(utf8)
        yield max(0, start), at


def _after(html: str, token: re.Match[str], name: str) -> int:
    """Where the next token may begin: behind a comment, behind the text of a script."""
    if name == "!--":
        end = html.find("-->", token.end())
    elif token["close"]:
        end = token.end()
    else:
        closing = re.compile(f"</{name}", re.IGNORECASE).search(html, token.end())
        end = closing.start() if closing else -1
    return end if end >= 0 else len(html)


def _refuse_attributes(name: str, attributes: str) -> None:
    bare = _VALUES.sub(" ", attributes)  # a value may touch the next name
    if bare.count("=") + len(bare.split()) > 2 * MOST_ATTRIBUTES:
        raise Rejected(Reason.TOO_LARGE, f"a <{name}> with more than {MOST_ATTRIBUTES} attributes")


def _open_or_close(open_elements: list[str], name: str, token: re.Match[str]) -> None:
    if token["close"]:
        if name in open_elements:
            while open_elements.pop() != name:
                pass
        return
    foreign = token["attributes"].endswith("/") and ("svg" in open_elements or "math" in open_elements)
    if not foreign and name not in _RAW_TEXT:
        open_elements.append(name)


def _text_of(body: bytes, meta: PageMeta) -> tuple[str, bool]:
    """The page decoded, and whether its bytes are that text in UTF-8."""
    for mark, charset in _SIGNED_UNICODE:
        if body.startswith(mark):
            return body.decode(charset, errors="replace"), False
    charset = _known(meta.charset_used) or _known(meta.charset_declared) or "utf-8"
    if charset not in {"utf-8", "cp1252"}:
        return body.decode(charset, errors="replace"), False
    try:
        return body.decode("utf-8"), True
    except UnicodeDecodeError as error:
        return _paired(body) or _lenient(body, charset, error), False


def _paired(body: bytes) -> str | None:
    """UTF-8 in which the halves of UTF-16's pairs stand one by one (CESU-8, UTR 26): pairs are letters, halves none."""
    try:
        halves = body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    return halves.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _lenient(body: bytes, charset: str, error: UnicodeDecodeError) -> str:
    """Bytes that are no UTF-8: a label that is plainly wrong gives way to the other of UTF-8 and Windows-1252.

    UTF-8 that decodes without error is hardly ever anything else; text labelled UTF-8 that does not is mostly
    Windows-1252.
    """
    damage = body[:100_000].decode("utf-8", errors="replace").count("\ufffd")
    high = sum(byte > 0x7F for byte in body[:100_000])  # noqa: PLR2004 - the end of ASCII
    if charset == "cp1252" or (error.reason and damage > high // 2):
        return body.decode("cp1252", errors="replace")
    return body.decode(charset, errors="replace")


def _known(label: str | None) -> str | None:
    """Python's name of a text encoding; None for a label that names none."""
    if not label or "\0" in label:
        return None
    try:
        found = codecs.lookup(label)
    except LookupError:
        return None
    if not getattr(found, "_is_text_encoding", True) or found.name in _NO_CHARSETS:
        return None
    return _SUPERSETS.get(found.name, found.name)


def _controls(text: str) -> float:
    """The share of characters that no text holds, in its first 4,000."""
    head = text[:_HEAD].replace("\0", "")
    return len(_STRANGE.findall(head)) / len(head) if head else 1.0
