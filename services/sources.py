"""The sources that the fetchers poll, as records of news.sources.v1: added, listed, removed."""

from datetime import datetime

from services import broker, contracts, topics
from services.contracts import Source, SourceKind
from services.envelope import headers, json_record, sha256
from services.settings import Settings
from services.stage import Record


def source_id(url: str) -> str:
    """A source's id: the first 12 digits of its URL's SHA-256, so that adding it twice is adding it once."""
    return sha256(url.encode())[:12]


def add(publisher: broker.Publisher, url: str, now: datetime, kind: SourceKind = "auto") -> Source:
    """Publishes the source and returns it. Raises broker.Undelivered."""
    source = Source(source_id=source_id(url), kind=kind, url=url, added_at=now)
    publisher.publish([source_record(source, now=now)])
    return source


def source_record(source: Source, *, now: datetime) -> Record:
    """The source as a record of news.sources.v1."""
    about = headers(kind="source", ident=f"{source.source_id}/{now.isoformat()}", source=source.url, time=now)
    return json_record(source, topic=topics.SOURCES, key=source.source_id, place="", about=about)


def remove(publisher: broker.Publisher, ident: str) -> None:
    """Takes the source back (a tombstone). Raises broker.Undelivered."""
    publisher.publish([Record(topic=topics.SOURCES, key=ident.encode(), value=None, place="")])


def present(settings: Settings) -> list[Source]:
    """The sources that hold now, in the order in which they were added."""
    sources: dict[bytes | None, Source] = {}
    for message in broker.read_compacted(settings, topics.SOURCES):
        sources.pop(message.key, None)
        if message.value is not None:
            sources[message.key] = contracts.decode(message.value, Source)
    return list(sources.values())
