"""Which charset a page is in: byte order mark, HTTP header, meta element, then detection."""

import codecs
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass

import chardetng_py
import webencodings

from services.fetcher.content.prescan import charset_in_meta

BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16le"), (codecs.BOM_UTF16_BE, "utf-16be"))
FALLBACK = "windows-1252"
LOOKED_AT = 256 * 1024  # bytes that the detector is given
BEYOND_ASCII = bytes(range(0x80, 0x100))
MOST_DAMAGE = 0.1  # of the bytes beyond ASCII; in a wrong charset most fail

# Codecs of Python's that read more, or as browsers do, than the one of the name
READ_AS = {"gbk": "gb18030", "x-user-defined": FALLBACK, "cp1252": FALLBACK}
IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Charset:
    """`declared`: as the page says, lower case, or None; `used`: a codec of Python's that decodes the body."""

    declared: str | None
    used: str


def charset_of(body: bytes, content_type: str | None) -> Charset:
    """The charset of a page, from its bytes and its Content-Type header.

    The order is that of the HTML standard (13.2.3.2). A declared charset in which the body does not decode, but for
    some damage, is not used; what declares none and is no UTF-8 is looked at by the detector that a browser uses.
    """
    marked = next((name for mark, name in BYTE_ORDER_MARKS if body.startswith(mark)), None)
    in_header = _first(IN_HEADER.search(content_type or ""))
    named = dict.fromkeys(name for name in (marked, in_header) if name)
    used = _decoding(body, named)
    in_meta = None if in_header and used else charset_in_meta(body)
    if used is None and in_meta and in_meta not in named:
        named[in_meta] = None
        used = _decoding(body, [in_meta])
    return Charset(declared=in_header or in_meta, used=used or _guessed(body, named))


def _decoding(body: bytes, names: Iterable[str]) -> str | None:
    """The codec of the first of these declared names in which the body decodes, but for some damage."""
    return next((used for name in names if (used := _decodes(body, name, damaged=True))), None)


def _guessed(body: bytes, ruled_out: Container[str]) -> str:
    in_utf8 = None if "utf-8" in ruled_out else _decodes(body, "utf-8")
    return in_utf8 or _decodes(body, _detected(body)) or FALLBACK


def _detected(body: bytes) -> str:
    detector = chardetng_py.EncodingDetector()
    detector.feed(body[:LOOKED_AT], last=True)
    return str(detector.guess(tld=None, allow_utf8=False)).lower()


def _first(match: re.Match[str] | None) -> str | None:
    return match.group(1).strip().lower()[:40] if match else None


def _decodes(body: bytes, name: str, *, damaged: bool = False) -> str | None:
    """The codec for a charset's name if it decodes the body. windows-1252 always does, as browsers read it.

    Names are those that the web knows (WHATWG Encoding standard, 4.2). With `damaged` it may fail at few of the bytes
    that are not ASCII: a page cut off in a character, an advertisement in another charset.
    """
    encoding = webencodings.lookup(name)
    if encoding is None:
        return None
    codec = READ_AS.get(encoding.codec_info.name, encoding.codec_info.name)
    try:
        if codec != FALLBACK:
            body.decode(codec)
    except UnicodeDecodeError:
        if not damaged or body.decode(codec, "replace").count("\ufffd") > _count_beyond_ascii(body) * MOST_DAMAGE:
            return None
    return str(codec)


def _count_beyond_ascii(body: bytes) -> int:
    return len(body) - len(body.translate(None, BEYOND_ASCII))
