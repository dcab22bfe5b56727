"""The messages on the topics, as frozen dataclasses, and how they become bytes and come back.

A field may be added with a default; anything else is a new topic version. Every span points into its article:
`article[at][start:end] == text`, `at` a JSON Pointer (RFC 6901), offsets in Unicode code points, half open.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeVar

import msgspec
import orjson

M = TypeVar("M")

EventType = Literal[
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",  # PLOVER's sixteen
    "DISASTER", "ACCIDENT",  # what PLOVER has no word for
    "STATEMENT", "TOLL",  # a quotation, a figure that belongs to no other event
]  # fmt: skip
Realis = Literal["happened", "ongoing", "planned", "hypothetical", "denied"]
ClaimKind = Literal["dead", "injured", "missing", "detained", "displaced"]
Stance = Literal["asserts", "denies", "disputes"]
SourceType = Literal[
    "government", "military", "rebel", "ngo", "agency", "witness", "medic", "unnamed", "narrator", "other"
]
SourceKind = Literal["rss", "atom", "json", "sitemap", "list", "auto", "file"]
BlockKind = Literal["paragraph", "heading", "list_item", "quote"]
RemovedReason = Literal[
    "navigation", "share", "related", "newsletter", "cookie", "ad_label", "author_box", "caption", "credit", "comments",
    "legal", "paywall", "teaser", "headline", "byline", "dateline", "boilerplate", "repeated_on_site",
]  # fmt: skip


class BrokenContract(ValueError):
    """Bytes that do not decode to the message they should hold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Push:
    """A source's hub (WebSub), and how the subscription to it stands. Whoever owns the hub's site asks the hub.

    `topic`: the source's address as the hub knows it; `asked_at`: when the hub was asked last; `until`: when the lease
    ends that it gave last; `heard_at`: when it last sent something, give or take hours.
    """

    hub: str
    topic: str
    asked_at: datetime | None = None
    until: datetime | None = None
    heard_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A feed, sitemap or URL list that the fetchers poll. Key: source_id.

    `moved_to`: where its URL redirects to on another site; whoever owns that site polls it there. `push`: the hub that
    it names, if the fetchers subscribe to hubs.
    """

    source_id: str
    kind: SourceKind
    url: str
    title: str | None = None
    added_at: datetime | None = None
    paused: bool = False
    moved_to: str | None = None
    push: Push | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundUrl:
    """A link that a feed, a sitemap or a user asks to fetch. Key: the site (registered domain) of `url`.

    `redirects`: the URLs passed on the way to `url`, which lies on another site than they do.
    """

    url: str
    source_id: str | None = None
    source_kind: SourceKind | None = None
    title: str | None = None
    published: str | None = None
    guid: str | None = None
    redirects: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class HostState:
    """How a host wants to be asked. Stands in the state of its robots.txt; whoever asks it next goes by it."""

    crawl_delay: float | None = None
    """Seconds between two requests, as its robots.txt says."""
    rests_until: datetime | None = None
    failures: int = 0
    """In a row."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PollState:
    """What is remembered of a source from poll to poll. Stands in the state of the URL that is polled.

    `interval`: seconds between two polls, before jitter; `polls`: how often it was read; `said`: the links that stand
    in it and were published, six bytes of each URL's SHA-256, base64; `unsaid`: how many are still to be; `since`,
    `newest_at`: when it was first read, and when it last had a new link; `habit`, `lately`: new links a day in the last
    weeks and in the last days, each decayed to `counted_at`; `etag_lies`: its ETag stayed the same when its body
    changed; `skip_hours` (UTC), `skip_days` (0 is Monday): when it does not want to be read; `pushed`: a hub tells of
    its news, so that it is read once in the longest interval only.
    """

    source_id: str
    next_at: datetime
    interval: float
    polls: int = 0
    said: str = ""
    unsaid: int = 0
    since: datetime
    newest_at: datetime | None = None
    counted_at: datetime
    habit: float = 0.0
    lately: float = 0.0
    etag_lies: bool = False
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    pushed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchState:
    """What became of a URL. Key: site + "|" + SHA-256 of the normalised URL; that of a source: its id.

    `due_at`: when it is to be fetched, again or for the first time; `found`: the link that asked for it, while it is
    due; `tries`: failures in a row; `first_at`: when a page was first had there; `revision`: the fetch time of the body
    that was published last; `body_sha256`: of the body that came last; `text_sha256`: of what its readers see; `host`,
    `poll`: if the URL is that of a robots.txt or a source.
    """

    url: str
    outcome: str
    fetched_at: datetime
    status: int | None = None
    body_sha256: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    detail: str | None = None
    due_at: datetime | None = None
    found: FoundUrl | None = None
    tries: int = 0
    first_at: datetime | None = None
    revision: datetime | None = None
    host: HostState | None = None
    poll: PollState | None = None
    text_sha256: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PageSource:
    """Where the fetcher learnt of the page."""

    id: str
    kind: SourceKind
    title: str | None = None
    published: str | None = None
    guid: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rights:
    """What the site says about machines reading the page, as it says it.

    `usage`: its preferences by use ("ai-train=no"); `reserved`: the statements that leave no room for mining the page's
    text ("tdm-reservation", "noai"), if any.
    """

    robots: str | None = None
    x_robots_tag: str | None = None
    meta_robots: str | None = None
    tdm_reservation: str | None = None
    tdm_policy: str | None = None
    license: str | None = None
    usage: str | None = None
    reserved: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PageMeta:
    """How a page was fetched: the `fetch` header of a record on news.pages.v1, whose value is the body itself."""

    url: str
    final_url: str
    fetched_at: datetime
    redirects: tuple[str, ...] = ()
    status: int | None = None
    revision_of: datetime | None = None
    http: dict[str, str] = field(default_factory=dict)
    charset_declared: str | None = None
    charset_used: str | None = None
    body_sha256: str
    truncated: bool = False
    source: PageSource | None = None
    rights: Rights = Rights()


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A stretch of the article's text: `article[at][start:end] == text`."""

    at: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Dateline:
    """The place and time printed at the head of a story; `text` as printed."""

    place: str | None
    datetime: str | None
    """ISO 8601, as precise as printed: "2016-09-18T13:57:00+05:30" or "2016-09-18"."""
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One block of the body: body[start:end]."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """A picture of the article. The caption carries no credit: that stands in `credit`."""

    url: str | None = None
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Removed:
    """A piece of the page that is no part of the body, and why."""

    text: str
    reason: RemovedReason


@dataclass(frozen=True, kw_only=True, slots=True)
class PageRef:
    """The record on news.pages.v1 from which an article was made."""

    topic: str
    partition: int
    offset: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """A clean article. Key: article_id. One article_id and revision name one state of one story."""

    article_id: str
    revision: datetime
    url: str
    canonical_url: str | None = None
    host: str | None = None
    publisher: str | None = None
    headline: str | None = None
    description: str | None = None
    bylines: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    credit_line: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    dateline: Dateline | None = None
    published_at: datetime | None = None
    published_from: Literal["json-ld", "meta", "dateline", "feed", "url", "input"] | None = None
    modified_at: datetime | None = None
    language: str | None = None
    language_confidence: float | None = None
    """How sure the detector is of `language`, 0 to 1."""
    body: str
    body_sha256: str
    blocks: tuple[Block, ...] = ()
    images: tuple[Image, ...] = ()
    removed: tuple[Removed, ...] = ()
    is_accessible_for_free: bool | None = None
    rights: Rights = Rights()
    page: PageRef | None = None
    cleaner_version: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleRef:
    """The article that an event was read from."""

    id: str
    url: str
    headline: str | None
    publisher: str | None
    published_at: datetime | None
    language: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Somebody who acts or is acted upon. `name` is the fullest form in the article; `country` ISO 3166-1 alpha-3."""

    text: str
    span: Span
    name: str
    country: str | None = None
    sector: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """Where it happened. Coordinates are WGS 84 degrees from GeoNames; `country` ISO 3166-1 alpha-2.

    A place of the precision `near` is on no map: the coordinates are those of the town of its country that the text
    names nearest to it. `confidence`, 0 to 1, is how likely annotators name this very place; `country` is right far
    more often.
    """

    text: str
    span: Span
    name: str
    geonameid: int | None = None
    lat: float | None = None
    lon: float | None = None
    admin1: str | None = None
    country: str | None = None
    precision: Literal["place", "near", "admin1", "country", "unknown"] = "unknown"
    confidence: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EventDate:
    """When it happened. `value`: YYYY-MM-DD, YYYY-MM or YYYY; `anchor`: what a relative date was resolved against.

    `confidence`, 0 to 1, is how likely annotators give this very value.
    """

    text: str
    span: Span
    value: str
    precision: Literal["day", "month", "year"]
    anchor: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribution:
    """Who vouches for an event. `via` is who passed it on ("AFP quoted unnamed military sources")."""

    source: str
    source_type: SourceType
    cue: str | None = None
    span: Span | None = None
    via: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimant:
    """Who gives a figure; `narrator` when the reporter says it in their own voice."""

    text: str
    source_type: SourceType


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A figure of people hurt or held, and who gives it. "at least 90" is min 90, max None."""

    kind: ClaimKind
    min: int | None
    max: int | None
    approx: bool = False
    qualifier: str | None = None
    victims: str | None = None
    claimant: Claimant
    stance: Stance = "asserts"
    cumulative: bool = False
    span: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """A direct quotation: the words between the marks, and who said them if the text says so."""

    speaker: str | None
    span: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Who did what to whom, where, when, how many were hurt and who says so. Key: event_id.

    `cameo_code` is CAMEO's code where it follows from type, mode and word, else null.
    """

    event_id: str
    revision: datetime
    article: ArticleRef
    event_type: EventType
    mode: str | None = None
    cameo_code: str | None = None
    main: bool = False
    realis: Realis
    evidence: Span
    trigger: Span
    actor: tuple[Actor, ...] = ()
    recipient: tuple[Actor, ...] = ()
    location: Location | None = None
    date: EventDate | None = None
    attribution: Attribution | None = None
    claims: tuple[Claim, ...] = ()
    quotes: tuple[Quote, ...] = ()
    confidence: float
    extractor_version: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EventSet:
    """The ids of the events that hold for this revision of an article, also when there are none. Key: article_id."""

    article_id: str
    revision: datetime
    event_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteMemory:
    """What the cleaner has learnt of a site's furniture, 8 KB at most. Key: the site.

    `stories` and `marks` are base64 of little-endian integers. A story is two of 32 bits, hashes of article id and
    headline, the newest first. A mark is one of 64: a line's hash in the upper 40, and in the lower 24 a bit for each
    story (bit 0: the newest) that prints the line; the lines first seen stand first.
    """

    site: str
    pages: int = 0
    """How many stories are remembered."""
    lines: dict[str, int] = field(default_factory=dict)
    """Empty: lines by their text, from before there were `marks`."""
    stories: str = ""
    marks: str = ""


def encode(message: object) -> bytes:
    """The message as JSON (UTF-8, keys in the contract's order). Raises TypeError for text with lone surrogates."""
    return orjson.dumps(message)


def decode(value: bytes | None, contract: type[M]) -> M:
    """The message that `value` holds. Unknown fields are ignored: they come from a later version of the contract.

    Raises BrokenContract, with the path of the field, for bytes that are no such message.
    """
    try:
        loaded: Any = orjson.loads(value or b"")
        return msgspec.convert(loaded, contract)
    except (orjson.JSONDecodeError, msgspec.ValidationError) as error:
        raise BrokenContract(f"no {contract.__name__}: {error}") from error
