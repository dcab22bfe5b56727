"""The charset that a page's meta elements name, read as browsers do before they parse (HTML standard, 13.2.3.2)."""

import re
from collections.abc import Iterator

import webencodings

# Browsers look through 1,024 bytes, and begin anew when they meet a later meta element while they parse.
LOOKED_AT = 16 * 1024
SPACE = rb"[\t\n\f\r ]"
VALUE = rb"%b*=%b*(?:\"([^\"]*)\"|'([^']*)'|([^\t\n\f\r >\"'][^\t\n\f\r >]*))" % (SPACE, SPACE)
TAG = re.compile(rb"</?[A-Za-z][^\t\n\f\r >]*")
META = re.compile(rb"<meta[\t\n\f\r /]", re.IGNORECASE)
ATTRIBUTE = re.compile(rb"[\t\n\f\r /]*([^\t\n\f\r />][^\t\n\f\r />=]*)(?:%b)?" % VALUE)
OPEN_QUOTE = re.compile(rb"%b*=%b*[\"']" % (SPACE, SPACE))
IN_CONTENT = re.compile(
    rb"charset%b*=%b*(?:\"([^\"]*)\"|'([^']*)'|([^\t\n\f\r ;\"']+))" % (SPACE, SPACE), re.IGNORECASE
)
LONGEST = 40


class _CutOff(Exception):
    """A quoted value has no end: nothing more can be read."""


def charset_in_meta(body: bytes) -> str | None:
    """The name of the charset, lower case, as the page writes it; None if no meta element names one that is known."""
    head = body[:LOOKED_AT]
    if b"charset" not in head.lower():
        return None
    try:
        return next(filter(None, map(_named, _metas(head))), None)
    except _CutOff:
        return None


def _metas(head: bytes) -> Iterator[dict[bytes, bytes]]:
    """The attributes of each meta element. Raises _CutOff."""
    at = head.find(b"<")
    while at >= 0:
        if head.startswith(b"<!--", at):
            at = _after(head, b"-->", at + 2)
        elif tag := TAG.match(head, at):
            attributes, at = _attributes(head, tag.end())
            if META.match(head, tag.start()):
                yield attributes
        elif head.startswith((b"<!", b"</", b"<?"), at):
            at = _after(head, b">", at)
        else:
            at += 1
        at = head.find(b"<", at)


def _after(head: bytes, end: bytes, at: int) -> int:
    found = head.find(end, at)
    return len(head) if found < 0 else found + len(end)


def _attributes(head: bytes, at: int) -> tuple[dict[bytes, bytes], int]:
    """Names, lower case, and values, the first of a name; and where they end. Raises _CutOff."""
    found: dict[bytes, bytes] = {}
    while attribute := ATTRIBUTE.match(head, at):
        at = attribute.end()
        if attribute.lastindex == 1 and OPEN_QUOTE.match(head, at):
            raise _CutOff
        name, *values = attribute.groups(b"")
        found.setdefault(name.lower(), b"".join(values))
    if head.find(b">", at) < 0:
        raise _CutOff
    return found, at


def _named(attributes: dict[bytes, bytes]) -> str | None:
    """The charset that a meta element names; one in `content` counts only where http-equiv says what it is about."""
    name = attributes.get(b"charset")
    if name is None:
        match = IN_CONTENT.search(attributes.get(b"content", b""))
        if match is None or attributes.get(b"http-equiv", b"").lower() != b"content-type":
            return None
        name = b"".join(match.groups(b""))
    told = name.decode("ascii", "replace").strip().lower()[:LONGEST]
    if webencodings.lookup(told) is None:
        return None
    return "utf-8" if told.startswith("utf-16") else told  # a meta element that can be read is not in UTF-16 (ibid.)
