"""One page, fetched now and politely, without a broker."""

import asyncio

from services import envelope
from services.contracts import FoundUrl
from services.fetcher.content.pages import is_page, page_of
from services.fetcher.manners.visit import Elsewhere, Fetched, Visitor
from services.fetcher.wire.download import Downloader, Failed, Request
from services.fetcher.wire.outcomes import Outcome, of_status
from services.settings import Settings
from services.stage import Record
from services.urls import normalise, site_of


class NotFetched(Exception):
    """There is no page, and why: `outcome` of the closed set, `detail` in words."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(f"{outcome}: {detail}")
        self.outcome = outcome
        self.detail = detail


def page_from_url(url: str, settings: Settings) -> Record:
    """The record on news.pages.v1 for a URL, fetched now. Raises BadUrl and NotFetched.

    robots.txt is asked first, as ever; the delay to the page is short, for these are two requests and no crawl.
    """
    fetched = asyncio.run(_fetch(normalise(url), settings))
    assert not isinstance(fetched, Elsewhere), "who is alone may go everywhere"
    if isinstance(fetched, Failed):
        raise NotFetched(fetched.outcome, fetched.detail)
    if (outcome := of_status(fetched.status)) is not Outcome.OK:
        raise NotFetched(outcome, f"status {fetched.status}")
    if not is_page(fetched):
        raise NotFetched(Outcome.NOT_TEXT, fetched.content_type or "bytes that are no text")
    meta, content_type = page_of(fetched, FoundUrl(url=url), digest=envelope.sha256(fetched.body))
    return envelope.page_record(fetched.body, meta, site=site_of(meta.final_url), content_type=content_type)


async def _fetch(url: str, settings: Settings) -> Fetched | Failed | Elsewhere:
    async with Downloader.of(settings) as downloader:
        return await Visitor(downloader, delay=min(settings.delay, 1.0)).visit(Request(url=url))
