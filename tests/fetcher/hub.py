"""A hub of WebSub on loopback, as the Recommendation describes one, and a record of what it was asked."""

import asyncio
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

Form = dict[str, str]


@dataclass
class Hub:
    """`lease`: seconds that it gives; `denies`: with denied instead of a verification; `is_down`: answers 503.

    `reaches`: the callback as the hub reaches it, where a proxy would be.
    """

    lease: int = 86_400
    denies: bool = False
    is_down: bool = False
    reaches: tuple[str, str] = ("", "")
    asked: list[Form] = field(default_factory=list)
    verified: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    address: str = ""
    loop: asyncio.AbstractEventLoop | None = None

    def modes(self) -> list[str]:
        return [form["hub.mode"] for form in self.asked]

    def push(self, body: bytes, *, method: str = "sha256", secret: str | None = None) -> int:
        """Sends a body to the last subscriber, signed; returns the status of its answer."""
        form = [each for each in self.asked if each["hub.mode"] == "subscribe"][-1]
        key = form["hub.secret"] if secret is None else secret
        headers = {"Content-Type": "application/rss+xml"}
        if key:
            headers["X-Hub-Signature"] = f"{method}={hmac.new(key.encode(), body, method).hexdigest()}"
        return self.send("POST", form["hub.callback"], data=body, headers=headers)

    def send(self, method: str, callback: str, **more: object) -> int:
        """Any request to a callback; returns the status."""
        assert self.loop is not None
        return asyncio.run_coroutine_threadsafe(self._status(method, callback, **more), self.loop).result(30)

    async def _status(self, method: str, callback: str, **more: object) -> int:
        url = callback.replace(*self.reaches)
        async with aiohttp.ClientSession() as session, session.request(method, url, **more) as answer:  # type: ignore[arg-type]
            return answer.status

    async def answer(self, request: web.Request) -> web.Response:
        """Takes a request for a subscription, and verifies it afterwards."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append(form)
        if self.is_down:
            return web.Response(status=503)
        self.verifying = asyncio.create_task(self._verify(form))
        return web.Response(status=202)

    async def _verify(self, form: Form) -> None:
        await asyncio.sleep(0.05)
        query = {"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"]}
        if self.denies:
            query |= {"hub.mode": "denied", "hub.reason": "not here"}
        else:
            query |= {"hub.challenge": f"challenge-{len(self.asked)}", "hub.lease_seconds": str(self.lease)}
        url = form["hub.callback"].replace(*self.reaches)
        async with aiohttp.ClientSession() as session, session.get(url, params=query) as answer:
            if answer.status == 200 and await answer.text() == query.get("hub.challenge", ""):
                self.verified.append(query["hub.mode"])
            else:
                self.refused.append(answer.status)


@contextmanager
def running(hub: Hub, host: str = "127.0.0.1") -> Iterator[Hub]:
    """The hub for as long as the block lasts, on a thread of its own."""
    ready, stopping = threading.Event(), threading.Event()

    async def live() -> None:
        hub.loop = asyncio.get_running_loop()
        application = web.Application()
        application.router.add_post("/", hub.answer)
        runner = web.AppRunner(application)
        await runner.setup()
        site = web.TCPSite(runner, host, 0)
        await site.start()
        hub.address = "http://{}:{}/".format(*runner.addresses[0])
        ready.set()
        await asyncio.to_thread(stopping.wait)
        await runner.cleanup()

    thread = threading.Thread(target=asyncio.run, args=(live(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield hub
    finally:
        stopping.set()
        thread.join(10)
