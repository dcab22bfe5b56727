"""What can become of a fetch: a closed set, for it is a metric's label and stands in the fetch state."""

from enum import StrEnum

DAY = 24 * 3600.0


class Outcome(StrEnum):
    """The outcome of a fetch or a poll: each attempt has exactly one. WAITING stands in states only."""

    WAITING = "waiting"  # not tried yet

    OK = "ok"
    UNCHANGED = "unchanged"  # fetched again, the same body
    NOT_MODIFIED = "not_modified"  # 304
    ROBOTS_DENIED = "robots_denied"  # robots.txt forbids it
    ROBOTS_UNREACHABLE = "robots_unreachable"  # robots.txt: a server error or no answer, which means no (RFC 9309)
    RIGHTS_RESERVED = "rights_reserved"  # the page came, and says that it is not to be mined
    HTTP_4XX = "http_4xx"
    RATE_LIMITED = "rate_limited"  # 429
    HTTP_5XX = "http_5xx"
    HTTP_OTHER = "http_other"  # a status that is no answer to a GET
    TIMEOUT = "timeout"
    CONNECTION_FAILED = "connection_failed"
    DNS_FAILED = "dns_failed"
    TLS_FAILED = "tls_failed"
    BROKEN_BODY = "broken_body"  # cut off, or not decodable as its Content-Encoding says
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    BAD_URL = "bad_url"  # the URL, or where it redirects to
    REFUSED_ADDRESS = "blocked_address"  # it leads into a private network
    NOT_TEXT = "not_html"  # an image, a PDF, an archive
    EMPTY = "empty"
    NO_SOURCE = "no_source"  # a poll found neither feed nor sitemap nor list
    DUPLICATE = "duplicate"  # it redirects to, or is the AMP or mobile twin of, a page that we have
    HANDED_OVER = "handed_over"  # it redirects to another site, whose fetcher was told
    POSTPONED = "postponed"  # not tried: the host is down or rests
    HUNG_UP = "hung_up"  # a kept connection ended before the answer: it is asked again, but not at once
    ABANDONED = "abandoned"  # broken off: the site went to another fetcher, or this one stops
    BUG = "bug"  # an exception nobody foresaw


# The page is had, here or under another URL.
SETTLED = frozenset({Outcome.OK, Outcome.UNCHANGED, Outcome.NOT_MODIFIED, Outcome.DUPLICATE, Outcome.HANDED_OVER})

# Signs that the host is ill: it rests before anything else is asked of it.
PASSING = frozenset(
    {
        Outcome.RATE_LIMITED,
        Outcome.HTTP_5XX,
        Outcome.TIMEOUT,
        Outcome.CONNECTION_FAILED,
        Outcome.DNS_FAILED,
        Outcome.BROKEN_BODY,
    }
)

# What says nothing of the host: it has not been asked, or may not have heard it.
UNHEARD = frozenset({Outcome.POSTPONED, Outcome.HUNG_UP})

# What says nothing against the link itself: it is tried again by itself.
RETRIED = PASSING | UNHEARD | {Outcome.ROBOTS_UNREACHABLE}

# What no later try will change. All that is in none of these sets is tried again when found again a day later.
FOR_GOOD = frozenset({Outcome.BAD_URL, Outcome.NOT_TEXT, Outcome.NO_SOURCE})


def of_status(status: int) -> Outcome:
    """The outcome that an HTTP status stands for (redirects are followed before)."""
    if status == 304:  # noqa: PLR2004 - Not Modified
        return Outcome.NOT_MODIFIED
    if status == 429:  # noqa: PLR2004 - Too Many Requests
        return Outcome.RATE_LIMITED
    return {2: Outcome.OK, 4: Outcome.HTTP_4XX, 5: Outcome.HTTP_5XX}.get(status // 100, Outcome.HTTP_OTHER)
