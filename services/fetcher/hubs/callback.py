"""Where hubs reach us (WebSub): they verify what we asked for, and push what is new."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

from aiohttp import web

from services import metrics, topics
from services.contracts import Push, Source
from services.fetcher.hubs import websub
from services.fetcher.hubs.subscribing import Subscriptions
from services.fetcher.links.records import found_record
from services.fetcher.origins import schedule, sources
from services.fetcher.origins.feeds import Link, NoSource
from services.fetcher.outbox import Outbox
from services.fetcher.wire.download import today
from services.settings import Settings, WrongSetting

log = logging.getLogger("dateline.fetcher")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LARGEST_PUSH = topics.PAGE_BYTES
PATIENCE = 20.0  # seconds in which a push must have come in whole
LONGEST_CHALLENGE = 2000
PATH = "/{prefix:(?:.*/)?}{name:[^/]+}/{token:[^/]+}"  # the proxy before us may keep a prefix, or not


class Callback:
    """Answers hubs. A push is acknowledged only after its links are on the broker."""

    def __init__(self, subscriptions: Subscriptions, outbox: Outbox) -> None:
        self._subscriptions = subscriptions
        self._outbox = outbox

    def once_complete(self, handler: Handler) -> Handler:
        """The handler, but that a hub is asked to come again while we do not know all sources yet."""

        async def handle(request: web.Request) -> web.StreamResponse:
            return await handler(request) if self._subscriptions.is_complete else _answer("early", 503)

        return handle

    async def verify(self, request: web.Request) -> web.Response:
        """The hub asks whether we want what was asked for in our name, or says that it will not (5.2, 5.3)."""
        asked, name = request.query, request.match_info["name"]
        topic, mode = asked.get("hub.topic", ""), asked.get("hub.mode", "")
        is_ours = self._subscriptions.callbacks.is_ours(name, topic, request.match_info["token"])
        if not is_ours or mode not in ("subscribe", "unsubscribe", "denied"):
            return _answer("unknown", 404)
        if mode == "unsubscribe":
            return await self._ended(name, topic, asked)
        source = await self._subscriptions.heard(name, topic, there=True)
        if source is None or source.push is None:
            return _answer("unwanted", 404)
        if mode == "denied":
            log.warning("a hub refuses: %s", asked.get("hub.reason", "")[:200], extra={"url": source.push.hub})
            await self._put(source, replace(source.push, until=None))
            return _answer("denied", 200)
        now, given = today(), websub.lease(asked.get("hub.lease_seconds"))
        await self._put(source, replace(source.push, asked_at=now, until=now + given))
        return _answer("verified", 200, asked.get("hub.challenge", ""))

    async def _ended(self, name: str, topic: str, asked: Mapping[str, str]) -> web.Response:
        """The end of a subscription is wanted only where its source is gone or paused."""
        if await self._subscriptions.heard(name, topic, there=False) is not None:
            return _answer("unwanted", 404)
        return _answer("unsubscribed", 200, asked.get("hub.challenge", ""))

    async def take(self, request: web.Request) -> web.Response:
        """A push (7). One with a wrong signature is acknowledged as any other, and ignored (7.1.1)."""
        name, source = request.match_info["name"], self._subscriptions.source(request.match_info["name"])
        if source is None:
            return _answer("gone", 410)  # by which the hub may know that the subscription has ended
        push, callbacks = source.push, self._subscriptions.callbacks
        assert push is not None
        if not callbacks.is_ours(name, push.topic, request.match_info["token"]):
            return _answer("unknown", 404)
        try:
            async with asyncio.timeout(PATIENCE):
                body = await request.read()
        except TimeoutError:
            return _answer("timeout", 408)
        except web.HTTPRequestEntityTooLarge:
            return _answer("too_large", 413)
        if not websub.is_signed(body, request.headers.get("X-Hub-Signature", ""), callbacks.secret(name, push.topic)):
            return _answer("bad_signature", 202)
        return await self._publish(source, push, body, request.headers.get("Content-Type"))

    async def _publish(self, source: Source, push: Push, body: bytes, content_type: str | None) -> web.Response:
        try:
            read = asyncio.to_thread(sources.read, body, kind=source.kind, url=push.topic, content_type=content_type)
            polled = await read
        except NoSource as error:
            log.warning("a push that is no feed: %s", error, extra={"url": push.topic})
            return _answer("no_source", 202)
        links: tuple[Link, ...] = polled.links[: schedule.MOST_LINKS]
        now = today()
        found = (sources.found(link, source, polled.kind) for link in links)
        await self._outbox.put(*(found_record(each, found_at=now) for each in found))
        if push.heard_at is None or now - push.heard_at > websub.SEEN_EVERY:
            await self._put(source, replace(push, heard_at=now))
        log.info("pushed %s: %d links", source.source_id, len(links), extra={"url": push.topic})
        return _answer("ok", 202)

    async def _put(self, source: Source, push: Push) -> None:
        await self._subscriptions.put(replace(source, push=push))


@asynccontextmanager
async def listening(callback: Callback, settings: Settings) -> AsyncIterator[None]:
    """Hubs are answered as long as the block lasts. Raises WrongSetting where the port cannot be had."""
    application = web.Application(client_max_size=LARGEST_PUSH)
    application.router.add_get(PATH, callback.once_complete(callback.verify))
    application.router.add_post(PATH, callback.once_complete(callback.take))
    runner = web.AppRunner(application, access_log=None, handle_signals=False, shutdown_timeout=2.0)
    await runner.setup()
    where = f"{settings.websub_host}:{settings.websub_port}"
    try:
        await web.TCPSite(runner, settings.websub_host, settings.websub_port).start()
    except OSError as error:
        raise WrongSetting(f"{where} cannot be had ({error.strerror or error}): set DATELINE_WEBSUB_PORT") from error
    log.info("listening for hubs at http://%s", where)
    try:
        yield
    finally:
        await runner.cleanup()


def _answer(kind: str, status: int, text: str = "") -> web.Response:
    """A challenge is given back as plain text: it is what a stranger wrote."""
    metrics.CALLBACKS.labels(kind).inc()
    return web.Response(status=status, text=text[:LONGEST_CHALLENGE], headers={"X-Content-Type-Options": "nosniff"})
