"""What can become of a fetch: a closed set, for it is a metric's label and stands in the fetch state."""

from enum import StrEnum

DAY = 24 * 3600.0


class Outcome(StrEnum):
    """The outcome of a fetch or a poll."""

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
    REFUSED_ADDRESS = "refused_address"  # it leads into a private network
    NOT_TEXT = "not_text"  # an image, a PDF, an archive
    EMPTY = "empty"
    NO_SOURCE = "no_source"  # a poll found neither feed nor sitemap nor list
    POSTPONED = "postponed"  # not tried: the host is down or asked for a long rest
    BUG = "bug"  # an exception nobody foresaw


SETTLED = frozenset({Outcome.OK, Outcome.UNCHANGED, Outcome.NOT_MODIFIED})

# Seconds after which a link that is found again is tried again; what is not named here is settled for good.
TRY_AGAIN = {
    Outcome.ROBOTS_DENIED: DAY,
    Outcome.RIGHTS_RESERVED: DAY,
    Outcome.HTTP_4XX: DAY,
    Outcome.HTTP_OTHER: DAY,
    Outcome.TLS_FAILED: DAY,
    Outcome.TOO_LARGE: DAY,
    Outcome.TOO_MANY_REDIRECTS: DAY,
    Outcome.REFUSED_ADDRESS: DAY,
    Outcome.EMPTY: DAY,
    Outcome.BUG: DAY,
    Outcome.ROBOTS_UNREACHABLE: 0.0,
    Outcome.RATE_LIMITED: 0.0,
    Outcome.HTTP_5XX: 0.0,
    Outcome.TIMEOUT: 0.0,
    Outcome.CONNECTION_FAILED: 0.0,
    Outcome.DNS_FAILED: 0.0,
    Outcome.BROKEN_BODY: 0.0,
    Outcome.POSTPONED: 0.0,
}

# Signs that the host is ill: worth a second try after its back-off, before the outcome is written down.
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


def of_status(status: int) -> Outcome:
    """The outcome that an HTTP status stands for (redirects are followed before)."""
    if status == 304:  # noqa: PLR2004 - Not Modified
        return Outcome.NOT_MODIFIED
    if status == 429:  # noqa: PLR2004 - Too Many Requests
        return Outcome.RATE_LIMITED
    return {2: Outcome.OK, 4: Outcome.HTTP_4XX, 5: Outcome.HTTP_5XX}.get(status // 100, Outcome.HTTP_OTHER)
