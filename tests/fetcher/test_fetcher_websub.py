"""Subscriptions to hubs: a hub on loopback, our callback, and what stands on the topics afterwards."""

import asyncio
import hmac
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import pytest
from multidict import CIMultiDict

from services import contracts, local, topics
from services.contracts import FoundUrl, Push, Source
from services.fetcher.hubs import websub
from services.fetcher.hubs.callback import LARGEST_PUSH, Callback, listening
from services.fetcher.hubs.subscribing import TICK, Subscriptions
from services.fetcher.hubs.websub import Callbacks
from services.fetcher.manners.visit import Everywhere, Visitor
from services.fetcher.origins import schedule
from services.fetcher.origins.schedule import Reading
from services.fetcher.outbox import Outbox
from services.fetcher.wire.download import Downloader, Request
from services.metrics import CALLBACKS, HUB_REQUESTS
from services.settings import Settings, WrongSetting, read
from services.stage import Message, Record
from tests.fetcher.hub import Hub, running
from tests.fetcher.process import fetcher, gone_record, publish, until
from tests.fetcher.process import source_record as listed
from tests.fetcher.servers import Page, serving

NOW = datetime(2026, 11, 26, tzinfo=UTC)
URL = "https://paper.example/feed"
SECRET = "a-key-of-all-fetchers"
HUBS = {"websub_callback": "http://callback.example", "websub_secret": SECRET}
FEED = b"<rss version='2.0'><channel>%s<item><link>https://paper.example/1</link></item></channel></rss>"


def named(body: bytes = FEED % b"", *links: str) -> tuple[str, str] | None:
    push = websub.hub_of(body, CIMultiDict([("Link", link) for link in links]), URL)
    return (push.hub, push.topic) if push else None


def test_the_hub_and_the_topic_are_found_in_headers_first() -> None:
    in_rss = FEED % b"<atom:link rel='hub' href='https://hub.example/?a=1&amp;b=2'/><atom:link href='/f' rel=\"self\"/>"
    in_atom = b"<feed><link rel='self' href='https://p.example/a'/><link rel='hub' href='//hub.example/'/></feed>"
    assert named(in_rss) == ("https://hub.example/?a=1&b=2", "https://paper.example/f")
    assert named(in_atom) == ("https://hub.example/", "https://p.example/a")
    assert named(in_rss, '</x>; rel="hub", <https://p.example/s?utm_source=x>; rel=self') == (
        "https://paper.example/x",
        "https://p.example/s?utm_source=x",
    )
    assert named(in_rss, "<https://h.example/>; title=x; rel='other'", '<https://h.example/>; rel="next hub"') == (
        "https://h.example/",
        URL,
    )


@pytest.mark.parametrize(
    "body",
    [
        FEED % b"",
        FEED % b"<atom:link rel='self' href='/f'/>",
        FEED % b"<link rel='hub' href='ftp://hub.example/'/>",
        FEED % b"<link rel='hub' href=''/>",
        b"<feed><entry><link rel='hub' href='https://an-item.example/'/></entry></feed>",
        b"\xff\x00<link",
    ],
)
def test_what_names_no_hub_has_none(body: bytes) -> None:
    assert named(body) is None


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_signature_is_that_of_body_and_secret(method: str) -> None:
    signature = f"{method}={hmac.new(b's', b'body', method).hexdigest()}"
    assert websub.is_signed(b"body", signature, "s")
    assert not websub.is_signed(b"body!", signature, "s")
    assert not websub.is_signed(b"body", signature, "t")


@pytest.mark.parametrize("signature", ["", "sha256=", "md5=841a2d689ad86bd1611447453c22c6fc", "sha256=é", "="])
def test_what_is_no_signature_signs_nothing(signature: str) -> None:
    assert not websub.is_signed(b"body", signature, "s")


def test_callbacks_differ_by_subscription_and_by_key_and_the_same_key_makes_the_same() -> None:
    ours, theirs = Callbacks(base="https://x.example/hub/", key="k" * 16), Callbacks(base="https://x.example", key="l")
    made = {each.url(name, topic) for each in (ours, theirs) for name in "ab" for topic in "tu"}
    assert len(made) == 8
    token = ours.url("a", "t").removeprefix("https://x.example/hub/a/")
    assert replace(ours, base="https://y.example").is_ours("a", "t", token)
    assert not ours.is_ours("b", "t", token)
    assert ours.secret("a", "t") != token


def test_a_lease_is_renewed_before_it_ends_and_a_refusal_waited_out() -> None:
    push, pause = Push(hub="h", topic="t"), timedelta(hours=6)
    assert websub.next_ask(push, pause) is None
    assert websub.next_ask(replace(push, asked_at=NOW), pause) == NOW + pause
    lent = replace(push, asked_at=NOW, until=NOW + timedelta(days=8))
    assert websub.next_ask(lent, pause) == NOW + timedelta(days=6)
    tried = replace(lent, asked_at=NOW + timedelta(days=6))
    assert websub.next_ask(tried, pause) == NOW + timedelta(days=7.5)
    over = replace(lent, asked_at=NOW + timedelta(days=9))
    assert websub.next_ask(over, pause) == NOW + timedelta(days=9) + pause


@pytest.mark.parametrize(("said", "days"), [(None, 10), ("86400", 1), ("junk", 10), ("-5", 10), ("9" * 30, 30)])
def test_a_lease_is_as_the_hub_says_and_no_longer_than_a_month(said: str | None, days: int) -> None:
    assert websub.lease(said) == timedelta(days=days)


def test_a_source_is_read_once_a_day_while_its_hub_delivers_and_soon_once_it_does_not() -> None:
    push = Push(hub="h", topic="t", until=NOW + timedelta(days=5))
    assert not websub.is_live(push, NOW)
    assert websub.is_live(replace(push, heard_at=NOW), NOW + timedelta(days=1))
    assert not websub.is_live(replace(push, heard_at=NOW), NOW + timedelta(days=3))
    assert not websub.is_live(replace(push, heard_at=NOW, until=NOW), NOW)
    poll = replace(schedule.first("x", NOW), polls=3, interval=1200.0)
    pushed = schedule.after_reading(poll, Reading(at=NOW, new=3, pushed=True), shortest=600)
    assert 21 < (pushed.next_at - NOW).total_seconds() / 3600 < 27
    assert pushed.interval == 1200
    assert not schedule.is_due(pushed, NOW + timedelta(hours=20), pushed=True)
    assert schedule.is_due(pushed, NOW + timedelta(hours=20), pushed=False)
    failed = schedule.after_failure(pushed, NOW, failures=1, shortest=600)
    assert not schedule.is_due(failed, NOW, pushed=False)


def test_a_source_of_a_hub_is_not_silent_for_what_a_reading_a_day_misses() -> None:
    poll, at = replace(schedule.first("x", NOW), polls=1, interval=600.0), NOW
    for _ in range(30 * 24):
        at += timedelta(hours=1)
        poll = schedule.after_reading(poll, Reading(at=at, new=5), shortest=600)
    for _ in range(10):
        poll = schedule.after_reading(poll, Reading(at=at, new=20, pushed=True), shortest=600)
        at += timedelta(hours=26)
        assert not schedule.is_silent(poll, at)
    assert schedule.is_silent(poll, at + timedelta(hours=14))


def test_a_callback_without_a_secret_is_a_wrong_setting() -> None:
    with pytest.raises(WrongSetting, match="WEBSUB_SECRET"):
        read({"DATELINE_WEBSUB_CALLBACK": "https://x.example/"})
    with pytest.raises(WrongSetting, match="WEBSUB_CALLBACK"):
        read({"DATELINE_WEBSUB_CALLBACK": "x.example", "DATELINE_WEBSUB_SECRET": SECRET})


class Bench:
    """Subscriptions and callback in this process; what they publish to the topic of sources comes back to them."""

    def __init__(self, settings: Settings, visitor: Visitor, territory: Everywhere) -> None:
        self.records: list[Record] = []
        self.died_of: list[str] = []
        self.outbox = Outbox(self.publish, self.die)
        self.hubs = Subscriptions(settings, visitor=visitor, outbox=self.outbox, territory=territory)
        self.hubs.is_complete = True

    def publish(self, records: Iterable[Record]) -> None:
        self.records += records

    def die(self, why: str) -> NoReturn:
        self.died_of.append(why)
        raise AssertionError(why)

    def learn(self, source: Source | None, name: str = "s") -> None:
        value = None if source is None else contracts.encode(source)
        self.hubs.learn(Message(topic="", partition=0, offset=0, key=name.encode(), value=value, headers=()))

    def links(self) -> list[str]:
        found = [each for each in self.records if each.topic is topics.URLS]
        return [contracts.decode(each.value, FoundUrl).url for each in found]


@asynccontextmanager
async def bench(port: int, territory: Everywhere | None = None) -> AsyncIterator[Bench]:
    settings = Settings(
        websub_callback=f"http://127.0.0.1:{port}/a/prefix", websub_secret=SECRET, websub_port=port, poll=0.05
    )
    async with Downloader(contact="", allow_private=True) as downloader:
        made = Bench(settings, Visitor(downloader, delay=0.05), territory or Everywhere())
        async with listening(Callback(made.hubs, made.outbox), settings):
            ticking = asyncio.create_task(made.hubs.tick_forever())
            yield made
            ticking.cancel()


async def holds(check: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not check():  # noqa: ASYNC110 - what it looks at tells nobody
            await asyncio.sleep(0.02)


def source(hub: Hub) -> Source:
    return Source(source_id="s", kind="auto", url=URL, push=Push(hub=hub.address, topic=URL))


def count(kind: str) -> float:
    return float(CALLBACKS.labels(kind)._value.get())  # noqa: SLF001 - the library reads it nowhere else


def subscribed(hub: Hub, then: Callable[[Bench], None]) -> None:
    """Subscribes at the hub and does the rest in a thread, for the hub's methods wait."""

    async def main() -> None:
        with running(hub):
            async with bench(local.free_port()) as made:
                made.learn(source(hub))
                await holds(lambda: hub.verified)
                await asyncio.to_thread(then, made)

    asyncio.run(main())


def test_a_subscription_is_asked_for_verified_and_its_pushes_become_links() -> None:
    hub = Hub()

    def then(made: Bench) -> None:
        form = hub.asked[0]
        assert (form["hub.mode"], form["hub.topic"], form["hub.lease_seconds"]) == ("subscribe", URL, "864000")
        known = made.hubs.source("s")
        assert known is not None
        assert known.push is not None
        assert known.push.until is not None
        assert hub.push(FEED % b"") == 202
        assert made.links() == ["https://paper.example/1"]
        (link,) = [contracts.decode(each.value, FoundUrl) for each in made.records if each.topic is topics.URLS]
        assert (link.source_id, link.source_kind) == ("s", "rss")
        assert websub.is_live(getattr(made.hubs.source("s"), "push", None), datetime.now(UTC))

    subscribed(hub, then)
    assert len(hub.asked) == 1


def test_a_push_with_a_wrong_signature_is_acknowledged_counted_and_ignored() -> None:
    hub, before = Hub(), count("bad_signature")

    def then(made: Bench) -> None:
        assert hub.push(FEED % b"", secret="guessed") == 202
        assert hub.push(FEED % b"", secret="") == 202
        assert made.links() == []
        assert hub.push(b"not a feed at all") == 202
        assert hub.push(b"x" * (LARGEST_PUSH + 1)) == 413
        assert made.links() == []

    subscribed(hub, then)
    assert count("bad_signature") == before + 2


def test_who_does_not_know_the_callback_is_told_nothing() -> None:
    hub = Hub()

    def then(made: Bench) -> None:
        callback = hub.asked[0]["hub.callback"]
        asks = {"hub.mode": "subscribe", "hub.topic": URL, "hub.challenge": "x"}
        guessed = callback[:-1] + ("0" if callback[-1] != "0" else "1")
        assert hub.send("GET", guessed, params=asks) == 404
        assert hub.send("POST", guessed, data=FEED) == 404
        assert hub.send("GET", callback, params=asks | {"hub.topic": "https://other.example/"}) == 404
        assert hub.send("GET", callback, params=asks | {"hub.mode": "unsubscribe"}) == 404
        assert hub.send("GET", callback, params=asks | {"hub.mode": "x"}) == 404
        assert made.links() == []

    subscribed(hub, then)


def test_who_does_not_know_all_sources_yet_asks_the_hub_to_come_again_and_asks_nobody() -> None:
    hub = Hub()

    def then(made: Bench) -> None:
        made.hubs.is_complete = False
        assert hub.push(FEED % b"") == 503
        made.learn(None)
        assert hub.push(FEED % b"") == 503
        made.hubs.is_complete = True
        assert hub.push(FEED % b"") == 410
        assert hub.modes() == ["subscribe"]

    subscribed(hub, then)


def test_a_source_that_is_resumed_is_subscribed_to_anew() -> None:
    hub = Hub()

    async def main() -> None:
        with running(hub):
            async with bench(local.free_port()) as made:
                made.learn(source(hub))
                await holds(lambda: hub.verified)
                known = made.hubs.source("s")
                assert known is not None
                made.learn(replace(known, paused=True))
                await holds(lambda: hub.verified == ["subscribe", "unsubscribe"])
                await holds(lambda: len([each for each in made.records if each.topic is topics.SOURCES]) >= 3)
                (*_, last) = (each for each in made.records if each.topic is topics.SOURCES)
                written = contracts.decode(last.value, Source)
                assert written.push == Push(hub=hub.address, topic=URL)
                made.learn(replace(written, paused=False))
                await holds(lambda: hub.verified == ["subscribe", "unsubscribe", "subscribe"])

    asyncio.run(main())


def test_a_source_that_was_removed_meanwhile_is_not_written_again() -> None:
    async def main() -> None:
        async with bench(local.free_port()) as made:
            made.learn(None)
            await made.hubs.put(Source(source_id="s", kind="auto", url=URL))
            assert made.records == []

    asyncio.run(main())


def test_a_lease_is_renewed_before_it_ends() -> None:
    hub = Hub(lease=2)

    async def main() -> None:
        with running(hub):
            async with bench(local.free_port()) as made:
                made.learn(source(hub))
                await holds(lambda: len(hub.verified) >= 3)
                push = getattr(made.hubs.source("s"), "push", None)
                assert push is not None
                assert push.until > datetime.now(UTC)

    asyncio.run(main())


@pytest.mark.parametrize("end", ["removed", "paused"])
def test_the_end_of_a_source_ends_its_subscription(end: str) -> None:
    hub = Hub()

    async def main() -> None:
        with running(hub):
            async with bench(local.free_port()) as made:
                made.learn(source(hub))
                await holds(lambda: hub.verified)
                known = made.hubs.source("s")
                assert known is not None
                made.learn(None if end == "removed" else replace(known, paused=True))
                await holds(lambda: hub.verified == ["subscribe", "unsubscribe"])
                assert await asyncio.to_thread(hub.push, FEED % b"") == 410
                assert made.links() == []

    asyncio.run(main())


class Handed(Everywhere):
    """A territory that is on its way from one fetcher to the next until `has_come`."""

    has_come = True

    def since(self, site: str) -> float | None:  # type: ignore[override]
        return super().since(site) if self.has_come else None


def test_a_source_that_is_removed_while_its_hub_changes_hands_is_ended_by_the_next_fetcher() -> None:
    hub, territory = Hub(), Handed()

    async def main() -> None:
        with running(hub):
            async with bench(local.free_port(), territory) as made:
                made.learn(source(hub))
                await holds(lambda: hub.verified)
                territory.has_come = False
                made.learn(None)
                await asyncio.sleep(3 * TICK)
                assert hub.modes() == ["subscribe"]
                territory.has_come = True
                await holds(lambda: hub.verified == ["subscribe", "unsubscribe"])
                await asyncio.sleep(3 * TICK)
                assert hub.modes() == ["subscribe", "unsubscribe"]

    asyncio.run(main())


def test_a_hub_may_ask_of_an_end_before_the_topic_tells_of_it() -> None:
    hub = Hub()

    async def main() -> None:
        with running(hub):
            async with bench(local.free_port()) as made:
                made.learn(source(hub))
                await holds(lambda: hub.verified)
                asks = {"hub.mode": "unsubscribe", "hub.topic": URL, "hub.challenge": "x"}
                asked = asyncio.to_thread(hub.send, "GET", hub.asked[0]["hub.callback"], params=asks)
                answer = asyncio.create_task(asked)
                await asyncio.sleep(TICK)
                assert not answer.done()
                made.learn(None)
                assert await answer == 200

    asyncio.run(main())


def test_a_hub_that_denies_or_is_down_is_asked_again_later() -> None:
    hub = Hub(denies=True)

    async def main() -> None:
        with running(hub):
            async with bench(local.free_port()) as made:
                made.learn(source(hub))
                await holds(lambda: hub.verified == ["denied"])
                hub.denies, hub.is_down = False, True
                await holds(lambda: len(hub.asked) >= 2)
                assert getattr(made.hubs.source("s"), "push", Push(hub="", topic="")).until is None
                hub.is_down = False
                await holds(lambda: "subscribe" in hub.verified)

    asyncio.run(main())


def test_no_hub_ends_the_process_whatever_its_address_and_whatever_comes_of_asking_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hub, get = Hub(), Downloader.get

    async def gets(downloader: Downloader, request: Request) -> object:
        if "bug" in request.url:
            raise RuntimeError(request.url)
        return await get(downloader, request)

    async def main() -> None:
        hostile = [f"http://{host}/" for host in ("a..b", "a" * 64 + ".example", "bug.example")]
        before = [outcomes("dns_failed"), outcomes("bug")]
        with running(hub):
            async with bench(local.free_port()) as made:
                for address in hostile:
                    made.learn(replace(source(hub), source_id=address, push=Push(hub=address, topic=URL)), address)
                await holds(lambda: outcomes("dns_failed") >= before[0] + 2 and outcomes("bug") > before[1])
                made.learn(source(hub))
                await holds(lambda: hub.verified)
                assert made.died_of == []

    def outcomes(name: str) -> float:
        return float(HUB_REQUESTS.labels("subscribe", name)._value.get())  # noqa: SLF001 - as above

    monkeypatch.setattr(Downloader, "get", gets)
    asyncio.run(main())


@pytest.mark.kafka
def test_a_subscription_outlives_its_fetcher_and_any_fetcher_takes_its_pushes(kafka: Settings) -> None:
    ports = [local.free_port(), local.free_port()]
    with serving({}, host="127.0.0.21") as site, running(Hub(), host="127.0.0.22") as hub:
        hub.reaches = ("http://callback.example", f"http://127.0.0.1:{ports[0]}")
        link = ("Link", f'<{hub.address}>; rel="hub", <{site.url("/feed")}>; rel="self"')
        items = [f"<item><link>{site.url(f'/{number}')}</link></item>".encode() for number in range(1, 5)]
        site.pages |= {f"/{number}": Page(b"<!doctype html><p>Story.") for number in range(1, 5)}
        site.pages["/feed"] = Page(feed(items[0]), content_type="application/rss+xml", headers=(link,))
        publish(kafka, listed("hubbed", site.url("/feed")))
        with fetcher(kafka, **HUBS, websub_port=ports[0]):
            until(lambda: hub.verified == ["subscribe"])
            assert hub.push(feed(items[1])) == 202
            until(lambda: site.asked("/2") == 1)
        hub.reaches = ("http://callback.example", f"http://127.0.0.1:{ports[1]}")
        asked = len(hub.asked)
        with (
            fetcher(kafka, **HUBS, websub_port=ports[0]),
            fetcher(kafka, **HUBS, websub_port=ports[1]),
        ):
            until(lambda: pushed(hub, feed(items[2])))
            until(lambda: site.asked("/3") == 1)
            assert len(hub.asked) == asked
            polls = site.asked("/feed")
            publish(kafka, gone_record("hubbed"))
            until(lambda: hub.verified == ["subscribe", "unsubscribe"])
            assert hub.push(feed(items[3])) == 410
            assert site.asked("/feed") == polls
        assert site.asked("/4") == 0


def feed(*items: bytes) -> bytes:
    return b"<rss version='2.0'><channel>%s</channel></rss>" % b"".join(items)


def pushed(hub: Hub, body: bytes) -> bool:
    try:
        return hub.push(body) == 202
    except OSError:
        return False
