"""AMP and mobile twins: the same story under a second address, where the page itself says so."""

import re

from services.urls import BadUrl, hostname_of, normalise, path_of

HEAD = 64 * 1024  # bytes in which a canonical link is looked for
LINK = re.compile(rb"<link\b[^<>]{0,2000}>", re.IGNORECASE)
CANONICAL = re.compile(rb"\brel\s*=\s*[\"']?canonical[\"'\s/>]", re.IGNORECASE)
HREF = re.compile(rb"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
MARK = r"(?:amp|m|mobile|mobi|touch)"
IN_HOST = re.compile(rf"^(?:www\.)?(?:{MARK}\.)?(?:www\.)?")
IN_PATH = re.compile(rf"/{MARK}(?=/|$)|[./-]amp(?=\.html?$|/?$)")
IN_QUERY = re.compile(
    r"(?<=[?&])(?:amp|mobile|outputtype|view|display|platform|m)(?:=(?:amp|mobile|1|true|yes)?)?(?=&|$)"
)


def canonical(body: bytes, url: str) -> str | None:
    """The page's canonical address, if the page is its AMP or mobile twin; None for all others.

    A canonical link that leads to a different story, or to the front page, as broken templates print it, is no twin:
    only what differs by the marks of such twins in host, path or query is believed.
    """
    named = _canonical_link(body[:HEAD])
    try:
        told = normalise(named, url) if named else None
    except BadUrl:
        return None
    return told if told and told != url and _bare(told) == _bare(url) else None


def _canonical_link(head: bytes) -> str | None:
    if b"canonical" not in head.lower():
        return None
    for link in LINK.findall(head):
        if CANONICAL.search(link) and (href := HREF.search(link)):
            return next(part for part in href.groups() if part is not None).decode("utf-8", "replace").strip()
    return None


def _bare(url: str) -> tuple[str, str, str]:
    """Host, path and query without the marks of a twin."""
    path, _, query = path_of(url).lower().partition("?")
    kept = IN_QUERY.sub("", f"?{query}").strip("?&")
    return IN_HOST.sub("", hostname_of(url)), IN_PATH.sub("", path).rstrip("/"), kept
