"""A page as it travels: the body untouched, and how it was got."""

import re
from collections.abc import Mapping
from datetime import datetime

from services import envelope
from services.contracts import FoundUrl, PageMeta, PageSource
from services.fetcher.content.charset import charset_of
from services.fetcher.manners import rights
from services.fetcher.manners.visit import Fetched
from services.fetcher.wire.download import UNTOLD_TYPES, is_text
from services.stage import Record
from services.urls import normalise, site_of

KEPT_HEADERS = (
    "age", "cache-control", "content-language", "content-location", "content-type", "content-usage", "date", "etag",
    "expires", "last-modified", "link", "server", "tdm-policy", "tdm-reservation", "vary", "x-robots-tag",
)  # fmt: skip
LONGEST_HEADER = 1000
LONGEST_VALIDATOR = 200
LONGEST_TEXT = 1000  # of what a source says: all that travels in headers must fit into the record
SNIFFED = 2048
HTML = "text/html"
PLAIN = "text/plain"
# The tags by which a page is told from a text (WHATWG MIME Sniffing, 7.1), and some that pages without a head open with
LOOKS_LIKE_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|h1|div|font|table|a|style|title|b|br|p|meta|article|section)"
    rb"[\s>/]",
    re.IGNORECASE,
)
# Bytes that no text has (ibid., 7.2): control characters but for tab, line feed, form feed, carriage return, escape.
BINARY = bytes({*range(0x20)} - {*b"\t\n\f\r\x1b"})


def looks_like_html(body: bytes) -> bool:
    """Whether the first bytes hold a tag of HTML."""
    return LOOKS_LIKE_HTML.search(body[:SNIFFED].replace(b"\x00", b"")) is not None


def looks_binary(body: bytes) -> bool:
    """Whether the first bytes are those of no text. UTF-16 with its mark is one."""
    head = body[:SNIFFED]
    return not body.startswith((b"\xff\xfe", b"\xfe\xff")) and len(head.translate(None, BINARY)) < len(head)


def is_page(fetched: Fetched) -> bool:
    """Whether the answer is text, by its Content-Type and its bytes. A NUL in what is declared HTML is a mere slip."""
    told, head = fetched.content_type or "", fetched.body[:SNIFFED]
    if "html" in told.lower():
        head = head.replace(b"\x00", b"")
    return is_text(told) and not looks_binary(head)


def page_of(
    fetched: Fetched, found: FoundUrl, *, digest: str, revision_of: datetime | None = None
) -> tuple[PageMeta, str]:
    """How the page was got, and its media type.

    `digest`: SHA-256 of the body; `revision_of`: the fetch time of the version before, if any.
    """
    charset = charset_of(fetched.body, fetched.content_type)
    redirects = (*found.redirects, *fetched.redirects)
    meta = PageMeta(
        url=redirects[0] if redirects else fetched.url,
        final_url=fetched.final_url,
        fetched_at=fetched.fetched_at,
        redirects=redirects,
        status=fetched.status,
        revision_of=revision_of,
        http=kept_headers(fetched.headers),
        charset_declared=charset.declared,
        charset_used=charset.used,
        body_sha256=digest,
        truncated=fetched.truncated,
        source=page_source(found),
        rights=rights.read(fetched.headers, fetched.body, url=fetched.final_url, robots=fetched.rules),
    )
    return meta, media_type(fetched.content_type, fetched.body)


def page_from_file(
    body: bytes, *, name: str, fetched_at: datetime, url: str | None = None, content_type: str | None = None
) -> Record:
    """The record on news.pages.v1 for a file. `name` is kept as the source's id, `fetched_at` is the page's revision.

    `content_type` is what a server would have said, if that is known: its charset beats the page's own. Without a URL
    the page is named after its bytes, `urn:sha256:` and 64 digits, and is a site of its own. Raises BadUrl.
    """
    digest = envelope.sha256(body)
    address = f"urn:sha256:{digest}" if url is None else normalise(url)
    charset = charset_of(body, content_type)
    meta = PageMeta(
        url=address,
        final_url=address,
        fetched_at=fetched_at,
        charset_declared=charset.declared,
        charset_used=charset.used,
        body_sha256=digest,
        source=PageSource(id=name, kind="file"),
    )
    site = address if url is None else site_of(address)
    return envelope.page_record(body, meta, site=site, content_type=media_type(content_type, body))


def media_type(content_type: str | None, body: bytes) -> str:
    """The type that the host named, without parameters; where it named none, HTML if it looks like it, else text."""
    named = (content_type or "").partition(";")[0].strip().lower()
    if named not in UNTOLD_TYPES:
        return clean(named)[:100]
    return HTML if looks_like_html(body) else PLAIN


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers worth keeping, names in lower case, values of 1,000 characters at most."""
    return {name: clean(headers[name])[:LONGEST_HEADER] for name in KEPT_HEADERS if name in headers}


def page_source(found: FoundUrl) -> PageSource | None:
    """Where the link came from; None if a user asked for it."""
    if found.source_id is None:
        return None
    return PageSource(
        id=found.source_id[:LONGEST_TEXT],
        kind=found.source_kind or "auto",
        title=_cut(found.title),
        published=_cut(found.published),
        guid=_cut(found.guid),
    )


def _cut(text: str | None) -> str | None:
    return text[:LONGEST_TEXT] if text is not None else None


def clean(text: str) -> str:
    """The text without lone surrogates, which stand for bytes of headers that are no UTF-8 and no JSON can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")


def validator(headers: Mapping[str, str], name: str) -> str | None:
    """The ETag or date to ask by the next time; None if it is too long, or has what cannot be sent as it came."""
    value = headers.get(name)
    return value if value and len(value) <= LONGEST_VALIDATOR and value.isprintable() else None
