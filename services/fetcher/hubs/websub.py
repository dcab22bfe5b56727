"""WebSub (W3C Recommendation, 2018), the subscriber's part: a hub tells of a source's news as they come. Pure."""

import hmac
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from multidict import CIMultiDict, CIMultiDictProxy

from services.contracts import Push
from services.fetcher.origins.hints import HEAD
from services.urls import BadUrl, resolve

METHODS = frozenset({"sha1", "sha256", "sha384", "sha512"})  # of signatures (7.1)
LEASE = timedelta(days=10)  # that is asked for; the hub says what it gives
LONGEST_LEASE = timedelta(days=30)
RENEWED_AT = 0.75  # of what is left of a lease, when it is asked for anew
TRUST = timedelta(days=2)  # after a hub's last push, in which its source is read rarely
SEEN_EVERY = timedelta(hours=12)  # a push is written down at most so often

LINK_HEADER = re.compile(r"<([^<>]*)>([^<]*)")
REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))", re.IGNORECASE)
ITEM = re.compile(rb"<(?:[\w-]+:)?(?:entry|item)[\s>]", re.IGNORECASE)
LINK = re.compile(rb"<(?:[\w-]+:)?link\b[^<>]{1,2000}>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"\b(rel|href)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
Headers = CIMultiDictProxy[str] | CIMultiDict[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Callbacks:
    """Where a hub reaches us for a subscription, and with what it signs: made from one key that all fetchers know."""

    base: str
    key: str

    def url(self, source_id: str, topic: str) -> str:
        """An address that nobody can guess, other for each subscription."""
        return f"{self.base.rstrip('/')}/{source_id}/{self._made('callback', source_id, topic)}"

    def secret(self, source_id: str, topic: str) -> str:
        """What the hub signs its pushes with."""
        return self._made("secret", source_id, topic)

    def is_ours(self, source_id: str, topic: str, token: str) -> bool:
        """Whether a callback's last part was made by us for this subscription."""
        return hmac.compare_digest(self._made("callback", source_id, topic).encode(), token.encode())

    def _made(self, *parts: str) -> str:
        return hmac.new(self.key.encode(), "\n".join(parts).encode(), "sha256").hexdigest()


def hub_of(body: bytes, headers: Headers, url: str) -> Push | None:
    """The first hub that a source at `url` names, and its own address there; None if it names none.

    Link headers count before the elements of the feed's head (4). Without rel=self the topic is where the feed stands.
    """
    for named in (list(_in_headers(headers)), list(_in_body(body))):
        hubs = [target for rel, target in named if rel == "hub"]
        if hubs and (hub := _resolved(hubs[0], url)):
            topics = [target for rel, target in named if rel == "self"]
            return Push(hub=hub, topic=(_resolved(topics[0], url) if topics else None) or url)
    return None


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether X-Hub-Signature is that of the body: the method, "=", hexadecimal digits (7.1)."""
    method, _, digest = signature.strip().partition("=")
    if method.lower() not in METHODS:
        return False
    wanted = hmac.new(secret.encode(), body, method.lower()).hexdigest()
    return hmac.compare_digest(wanted.encode(), digest.strip().lower().encode())


def is_live(push: Push | None, now: datetime) -> bool:
    """Whether a hub tells of the source's news: the lease runs, and something came lately."""
    if push is None or push.until is None or push.heard_at is None:
        return False
    return push.until > now and now - push.heard_at < TRUST


def next_ask(push: Push, pause: timedelta) -> datetime | None:
    """When the hub is asked for a lease; None for at once. `pause`: between two times that it gave none.

    A lease is asked for anew at three quarters of what is left of it: if that fails, again and again before its end.
    """
    if push.asked_at is None:
        return None
    left = push.until - push.asked_at if push.until is not None else timedelta()
    return push.asked_at + (max(RENEWED_AT * left, pause / 36) if left > timedelta() else pause)


def lease(seconds: str | None) -> timedelta:
    """The lease that a hub gives by hub.lease_seconds; what we asked for if it does not say."""
    if not seconds or not (seconds.isascii() and seconds.isdigit()):
        return LEASE
    return min(timedelta(seconds=int(seconds[:9])), LONGEST_LEASE)


def _in_headers(headers: Headers) -> Iterator[tuple[str, str]]:
    for value in headers.getall("Link", []):
        for target, parameters in LINK_HEADER.findall(value):
            if (rel := REL.search(parameters)) is not None:
                yield from ((each, target) for each in _words("".join(rel.groups(""))))


def _in_body(body: bytes) -> Iterator[tuple[str, str]]:
    head = ITEM.split(body[:HEAD], maxsplit=1)[0]
    for tag in LINK.findall(head):
        said = {name.lower(): "".join(values) for name, *values in ATTRIBUTE.findall(tag.decode("utf-8", "replace"))}
        yield from ((each, html.unescape(said.get("href", ""))) for each in _words(said.get("rel", "")))


def _words(rel: str) -> list[str]:
    return rel.lower().split()


def _resolved(target: str, base: str) -> str | None:
    try:
        return resolve(target.strip(), base) if target.strip() else None
    except BadUrl:
        return None
