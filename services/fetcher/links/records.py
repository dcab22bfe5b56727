"""What the fetcher writes beside pages: found links, fetch states and sources, as records."""

import os
from datetime import datetime

from services import contracts, envelope, topics
from services.contracts import FetchState, FoundUrl, Source
from services.stage import Record
from services.urls import site_of, url_hash


def found_record(found: FoundUrl, *, found_at: datetime) -> Record:
    """The link on news.urls.v1, placed by its site. Raises BadUrl."""
    site = site_of(found.url)
    about = envelope.headers(
        kind="found-url", ident=url_hash(f"{found.url}\n{found_at.isoformat()}")[:32], source=found.url, time=found_at
    )
    return envelope.json_record(found, topic=topics.URLS, key=site, place=site, about=about)


def state_record(state: FetchState) -> Record:
    """What became of a normalised URL, placed by its site. Raises BadUrl.

    Those of sources have a topic of their own: people ask for them, and should not have to read those of all pages.
    Without CloudEvents headers: the topics are the fetchers' own memory, and they would double the time to read it.
    """
    site = site_of(state.url)
    topic, key = topics.FETCH_STATE, f"{site}|{url_hash(state.url)}"
    if state.poll is not None:
        topic, key = topics.SOURCE_STATES, state.poll.source_id
    return Record(topic=topic, key=key.encode(), value=contracts.encode(state), place=site)


def source_record(source: Source, *, now: datetime) -> Record:
    """The source on news.sources.v1, as it is from now on."""
    about = envelope.headers(kind="source", ident=f"{source.source_id}/{now.isoformat()}", source=source.url, time=now)
    return envelope.json_record(source, topic=topics.SOURCES, key=source.source_id, place="", about=about)


def traceparent() -> str:
    """A new trace for a new page (W3C Trace Context, version 00, sampled)."""
    chance = os.urandom(24).hex()
    return f"00-{chance[:32]}-{chance[32:]}-01"
