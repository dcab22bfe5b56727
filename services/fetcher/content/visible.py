"""What of a page its readers see, as a hash: whether a page has changed is asked of that, not of its bytes.

Tokens, nonces and slots of advertisements stand in scripts and attributes, and differ with every answer.
"""

import re

from services.envelope import sha256

HIDDEN = re.compile(rb"<(!--|script\b|style\b|template\b)")
ENDS = {b"!--": b"-->", b"script": b"</script", b"style": b"</style", b"template": b"</template"}
WHITE = b" \t\r\n\f"
TEXT = re.compile(rb">([^<]+)")
LEAST = 500  # bytes of text; a page with less keeps its story in a script


def text_sha256(body: bytes) -> str:
    """SHA-256 of the text of an HTML page, white space aside; of all its bytes where there is hardly any text."""
    text = b"".join(TEXT.findall(_shown(body))).translate(None, WHITE)
    return sha256(text if len(text) >= LEAST else body)


def _shown(body: bytes) -> bytes:
    """The page without comments, scripts, styles and templates; one that has no end hides the rest."""
    lower, parts, at = body.lower(), [], 0
    while match := HIDDEN.search(lower, at):
        parts.append(body[at : match.start()])
        at = lower.find(ENDS[match.group(1)], match.end())
        if at < 0:
            return b"".join(parts)
    return b"".join([*parts, body[at:]])
