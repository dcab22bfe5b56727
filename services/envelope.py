"""CloudEvents headers (binary mode, spec 1.0): what every record says about itself beside its value."""

import hashlib
from datetime import datetime

from services import contracts, topics
from services.contracts import BrokenContract, PageMeta
from services.stage import Headers, Message, Reason, Record, Rejected

JSON = b"application/json"


def sha256(data: bytes) -> str:
    """SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def headers(*, kind: str, ident: str, source: str, time: datetime, content_type: bytes = JSON) -> Headers:
    """CloudEvents attributes as Kafka headers: `kind` becomes ce_type, e.g. news.dateline.article.v1."""
    return (
        ("ce_specversion", b"1.0"),
        ("ce_type", f"news.dateline.{kind}.v1".encode()),
        ("ce_id", ident.encode()),
        ("ce_source", source.encode()),
        ("ce_time", time.isoformat().encode()),
        ("content-type", content_type),
    )


def page_record(body: bytes, meta: PageMeta, *, site: str, content_type: str, traceparent: str | None = None) -> Record:
    """The page as it travels: the body untouched as the value, everything about the fetch in headers.

    Its ce_id is a function of URL and fetch time, so that publishing a fetch twice is seen as one.
    """
    ident = sha256(f"{meta.final_url}\n{meta.fetched_at.isoformat()}".encode())[:32]
    about = headers(
        kind="page", ident=ident, source=meta.final_url, time=meta.fetched_at, content_type=content_type.encode()
    )
    about += (("fetch", contracts.encode(meta)),)
    if traceparent is not None:
        about += (("traceparent", traceparent.encode()),)
    return Record(topic=topics.PAGES, key=site.encode(), value=body, headers=about, place=site)


def page_meta(message: Message) -> PageMeta:
    """How the page was fetched. Raises BrokenContract where the `fetch` header is missing, does not decode or lies."""
    fetch = message.header("fetch")
    if fetch is None:
        raise BrokenContract("no `fetch` header: a page carries its PageMeta there")
    meta = contracts.decode(fetch, PageMeta)
    if not meta.final_url.startswith(("http://", "https://", "urn:")):
        raise BrokenContract(f"{meta.final_url[:100]!r} is no page's address: http, https and urn are")
    return meta


def json_record(record_of: object, *, topic: topics.Topic, key: str, place: str, about: Headers) -> Record:
    """A contract as a JSON record. Raises Rejected(TOO_LARGE) over the topic's limit."""
    value = contracts.encode(record_of)
    if len(value) > topic.value_bytes:
        raise Rejected(Reason.TOO_LARGE, f"{len(value)} bytes for {topic.name}, {topic.value_bytes} allowed")
    return Record(topic=topic, key=key.encode(), value=value, headers=about, place=place)


def message_of(record: Record) -> Message:
    """The record as the next stage would consume it: for running the pipeline without a broker."""
    return Message(
        topic=record.topic.name, partition=0, offset=0, key=record.key, value=record.value, headers=record.headers
    )
