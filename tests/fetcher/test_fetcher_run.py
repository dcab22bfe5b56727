"""The fetcher's process against a real Kafka and real web servers."""

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise

import pytest

from services import broker, envelope, local, topics
from services.contracts import FetchState, PageMeta
from services.settings import Settings
from services.stage import Message
from services.urls import url_hash
from tests.fetcher.process import (
    DELAY,
    ROBOTS,
    feed,
    fetcher,
    gone_record,
    link_record,
    pages,
    publish,
    ready,
    source_record,
    source_states,
    states,
    story,
    until,
    waits,
)
from tests.fetcher.servers import Page, Site, cut_off, serving

pytestmark = pytest.mark.kafka


@dataclass(frozen=True)
class Harvest:
    """What one run made of one feed."""

    site: Site
    pages: list[tuple[PageMeta, Message]]
    states: dict[str, FetchState]
    dead: list[Message]


@pytest.fixture(scope="module")
def harvest(kafka: Settings) -> Iterator[Harvest]:
    paths = [f"/{number}" for number in range(8)]
    with serving({"/robots.txt": ROBOTS}, takes=0.02) as site:
        site.pages |= {path: Page(story(number), headers=(("ETag", '"1"'),)) for number, path in enumerate(paths)}
        site.pages["/feed"] = feed(site, *paths, "/missing", "/private/x", f"{paths[0]}?utm_source=feed")
        publish(kafka, source_record("harvest", site.url("/feed")))
        with fetcher(kafka) as process:
            until(lambda: len(states(kafka, site)) == 11)
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        dead = list(broker.read_compacted(kafka, topics.PAGES.dead))
        publish(kafka, gone_record("harvest"))
        yield Harvest(site, pages(kafka, site), states(kafka, site), dead)


def test_a_feeds_pages_are_published_once_as_served(harvest: Harvest) -> None:
    found = {meta.url.removeprefix(harvest.site.url("")): message.value for meta, message in harvest.pages}
    assert found == {f"/{number}": story(number) for number in range(8)}
    assert len(harvest.pages) == 8


def test_a_page_says_where_it_comes_from(harvest: Harvest, kafka: Settings) -> None:
    for meta, message in harvest.pages:
        assert meta.source is not None
        assert (meta.source.id, meta.status, meta.http["etag"]) == ("harvest", 200, '"1"')
        assert meta.source.title == meta.url.removeprefix(harvest.site.url(""))
        assert message.key == b"127.0.0.1"
        assert message.partition == broker.partition_for("127.0.0.1", kafka.partitions)
        assert message.header("content-type") == b"text/html"
        assert (message.header("traceparent") or b"").startswith(b"00-")
        assert meta.body_sha256 == envelope.sha256(message.value or b"")


def test_a_missing_page_is_an_outcome_and_no_dead_letter(harvest: Harvest) -> None:
    state = harvest.states["/missing"]
    assert (state.outcome, state.status) == ("http_4xx", 404)
    assert not [message for message in harvest.dead if b"/missing" in (message.header("fetch") or b"")]


def test_what_robots_txt_forbids_is_never_requested(harvest: Harvest) -> None:
    assert harvest.states["/private/x"].outcome == "robots_denied"
    assert harvest.site.asked("/private/x") == 0


def test_a_fetch_state_stands_under_site_and_url_hash(harvest: Harvest, kafka: Settings) -> None:
    url = harvest.site.url("/0")
    keys = [message.key for message in broker.read_compacted(kafka, topics.FETCH_STATE)]
    assert f"127.0.0.1|{url_hash(url)}".encode() in keys
    assert b"harvest" in {message.key for message in source_states(kafka)} - set(keys)
    assert harvest.states["/0"].body_sha256 == envelope.sha256(story(0))


def test_the_host_sees_one_request_at_a_time_and_no_faster_than_the_delay(harvest: Harvest) -> None:
    log = sorted(harvest.site.log, key=lambda visit: visit.started)
    gaps = [after.started - before.ended for before, after in pairwise(log)]
    assert len(log) == 12
    assert min(gaps) > DELAY * 0.9


def test_a_request_under_way_is_finished_on_sigterm_and_the_next_is_left(kafka: Settings) -> None:
    with serving({"/slow": Page(story(1)), "/next": Page(story(2))}, host="127.0.0.5", takes=1.0) as site:
        publish(kafka, *(link_record(site.url(path), "127.0.0.5") for path in ("/slow", "/next")))
        with fetcher(kafka) as process:
            until(lambda: site.asked("/.well-known/tdmrep.json") == 1)
            time.sleep(DELAY + 0.4)
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        assert [visit.path for visit in site.log] == ["/robots.txt", "/.well-known/tdmrep.json", "/slow"]
        assert [meta.url for meta, _ in pages(kafka, site)] == [site.url("/slow")]
        with fetcher(kafka):
            until(lambda: len(pages(kafka, site)) == 2)
        assert site.asked("/next") == 1


def test_a_source_is_polled_soon_again_and_brings_its_new_pages_only(kafka: Settings) -> None:
    with serving({"/1": Page(story(1)), "/2": Page(story(2))}, host="127.0.0.6") as site, fetcher(kafka, poll=0.02):
        site.pages["/feed"] = feed(site, "/1")
        publish(kafka, source_record("again", site.url("/feed")))
        until(lambda: "/1" in states(kafka, site))
        site.pages["/feed"] = feed(site, "/2", "/1")
        until(lambda: "/2" in states(kafka, site))
        publish(kafka, gone_record("again"))
        assert site.asked("/feed") > 1
        assert site.asked("/1") == 1


def test_a_page_that_a_user_asks_for_again_is_published_if_it_changed(kafka: Settings) -> None:
    with serving({"/1": Page(story(1))}, host="127.0.0.7") as site, fetcher(kafka):
        ask = link_record(site.url("/1"), "127.0.0.7")
        publish(kafka, ask)
        until(lambda: len(pages(kafka, site)) == 1)
        publish(kafka, ask)
        until(lambda: "/1" in states(kafka, site) and states(kafka, site)["/1"].outcome == "unchanged")
        site.pages["/1"] = Page(story(2))
        publish(kafka, ask)
        until(lambda: len(pages(kafka, site)) == 2)
        (_, old), (new, message) = pages(kafka, site)
        assert (old.value, message.value) == (story(1), story(2))
        assert new.revision_of is not None
        assert new.revision_of < new.fetched_at


def test_a_reserved_page_is_counted_and_not_kept_and_one_that_breaks_off_again_is_marked(kafka: Settings) -> None:
    reserved = Page(b'<meta name="robots" content="noai"><p>Mine.</p>')
    with serving({"/reserved": reserved, "/cut": cut_off}, host="127.0.0.9") as site, fetcher(kafka):
        publish(kafka, *(link_record(site.url(path), "127.0.0.9") for path in ("/reserved", "/cut")))
        until(lambda: len(pages(kafka, site)) == 1)
        until(lambda: states(kafka, site)["/cut"].revision is not None)
        found = states(kafka, site)
        assert (found["/reserved"].outcome, found["/reserved"].body_sha256) == ("rights_reserved", None)
        assert found["/cut"].outcome == "broken_body"
        assert site.asked("/cut") == 2
        [(meta, message)] = pages(kafka, site)
        assert (meta.url, meta.truncated, message.value) == (site.url("/cut"), True, b"0123456789")


def test_two_fetchers_share_the_sites_and_lose_nothing_when_one_joins_and_leaves(kafka: Settings) -> None:
    hosts = [f"127.0.1.{number}" for number in range(1, 9)]
    with ExitStack() as stack:
        sites = [stack.enter_context(serving({}, host=host, takes=0.05)) for host in hosts]
        for site in sites:
            site.pages |= {f"/{number}": Page(story(number)) for number in range(30)}
        links = [
            link_record(site.url(f"/{number}"), host)
            for number in range(30)
            for site, host in zip(sites, hosts, strict=True)
        ]
        publish(kafka, *links)
        stack.enter_context(fetcher(kafka))
        until(lambda: sum(len(site.log) for site in sites) > 20)
        port = local.free_port()
        with fetcher(kafka, health_port=port) as second:
            until(lambda: ready(port))
            time.sleep(1)
            second.send_signal(signal.SIGTERM)
            assert second.wait(10) == 0
        until(lambda: all(len(states(kafka, site)) == 30 for site in sites))
        for site in sites:
            assert {meta.url for meta, _ in pages(kafka, site)} == {site.url(f"/{number}") for number in range(30)}
            log = sorted(site.log, key=lambda visit: visit.started)
            assert all(after.started >= before.ended for before, after in pairwise(log))


def test_a_fetcher_that_waits_for_its_broker_stops_when_told_to() -> None:
    port = local.free_port()
    with fetcher(Settings(brokers="127.0.0.1:1", allow_private=True), health_port=port) as process:
        until(lambda: waits(port))
        time.sleep(1)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_kill_9_in_the_middle_loses_no_page_and_known_ones_are_not_fetched_again(kafka: Settings) -> None:
    paths = [f"/{number}" for number in range(40)]
    with serving({path: Page(story(number)) for number, path in enumerate(paths)}, host="127.0.0.4") as site:
        site.pages["/feed"] = feed(site, *paths)
        publish(kafka, source_record("killed", site.url("/feed")))
        with fetcher(kafka, member="victim") as process:
            until(lambda: len(site.log) >= 15)
            process.kill()
        before = {visit.path for visit in site.log}
        with fetcher(kafka, member="victim"):
            until(lambda: len(states(kafka, site)) == 41)
        publish(kafka, gone_record("killed"))
        found = [meta.url.removeprefix(site.url("")) for meta, _ in pages(kafka, site)]
        assert set(found) == set(paths)
        assert len(before) < 41
        again = [path for path in paths if site.asked(path) > 1]
        assert len(again) <= 2
        gaps = [after.started - last.ended for last, after in pairwise(site.log)]
        assert min(gaps) > DELAY * 0.9
