"""What an operator relies on: a change of sources is live at once, outcomes add up, what moves is followed."""

import re
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from services import broker, contracts, local, topics
from services.contracts import FetchState, Source
from services.settings import Settings
from services.stage import Message
from tests.fetcher.process import (
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
)
from tests.fetcher.servers import Page, cut_off, redirect, serving

pytestmark = pytest.mark.kafka


def counted(port: int, name: str) -> dict[str, float]:
    """The values of a counter of the fetcher, by its label."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    found = re.findall(rf'^{name}(?:{{\w+="([^"]*)"}})? (\S+)$', text, re.MULTILINE)
    return {label: float(value) for label, value in found}


def test_a_change_of_sources_reaches_a_running_fetcher_within_five_seconds(kafka: Settings) -> None:
    port = local.free_port()
    with serving({"/1": Page(story(1))}, host="127.0.0.21") as site, fetcher(kafka, poll=0.01, health_port=port):
        site.pages["/feed"] = feed(site, "/1")
        until(lambda: ready(port))
        added = time.monotonic()
        publish(kafka, source_record("live", site.url("/feed")))
        until(lambda: bool(site.log))
        assert time.monotonic() - added < 5
        until(lambda: site.asked("/feed") > 2)
        publish(kafka, source_record("live", site.url("/feed"), paused=True))
        assert_ends(lambda: site.asked("/feed"))
        polls, resumed = site.asked("/feed"), time.monotonic()
        publish(kafka, source_record("live", site.url("/feed")))
        until(lambda: site.asked("/feed") > polls)
        assert time.monotonic() - resumed < 5
        publish(kafka, gone_record("live"))
        assert_ends(lambda: site.asked("/feed"))


def assert_ends(count: Callable[[], int], seconds: float = 5) -> None:
    """Within the seconds the count begins to stand still, and does so for two more."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        before = count()
        time.sleep(2)
        if count() == before:
            return
    raise AssertionError(f"it went on after {seconds} s")


def test_the_outcomes_add_up_to_the_attempts(kafka: Settings) -> None:
    port = local.free_port()
    served = {
        "/robots.txt": ROBOTS,
        "/ok": Page(story(1)),
        "/picture": Page(b"\xff\xd8", content_type="image/jpeg"),
        "/large": Page(b"x" * 6_000_000),
        "/empty": Page(b" "),
        "/round": redirect("/round"),
        "/m/ok": Page(story(2) + b"<link rel=canonical href=/ok>"),
    }
    paths = ["/missing", "/private/x", *(path for path in served if path != "/robots.txt")]
    with serving(dict(served), host="127.0.0.22") as site, fetcher(kafka, health_port=port):
        until(lambda: ready(port))
        site.pages |= {"/feed": feed(site, *paths), "/nothing": Page(b"<html>no feed</html>")}
        publish(kafka, source_record("adds", site.url("/feed")), source_record("fails", site.url("/nothing")))
        until(lambda: len(states(kafka, site)) >= len(paths) + 2)
        publish(kafka, link_record("http://[", "127.0.0.22"), link_record(site.url("/ok"), "127.0.0.22"))
        until(lambda: {"bad_url", "unchanged"} <= {name for name, count in fetches(port).items() if count})
        attempts, fetched = counted(port, "dateline_fetch_attempts_total"), fetches(port)
        assert attempts["page"] == sum(fetched.values())
        assert attempts["source"] == sum(counted(port, "dateline_polls_total").values())
        assert {name: count for name, count in fetched.items() if count} == {
            "ok": 1,
            "unchanged": 1,
            "duplicate": 1,
            "http_4xx": 1,
            "robots_denied": 1,
            "not_html": 1,
            "too_large": 1,
            "empty": 1,
            "too_many_redirects": 1,
            "bad_url": 1,
        }
        assert counted(port, "dateline_fetched_bytes_total")[""] > len(story(1))
        assert counted(port, "dateline_polled_sources") == {"": 2}
        publish(kafka, gone_record("adds"), gone_record("fails"))


def fetches(port: int) -> dict[str, float]:
    return counted(port, "dateline_fetches_total")


def test_a_broken_host_is_counted_once_a_try_and_tried_again(kafka: Settings) -> None:
    port = local.free_port()
    with serving({"/cut": cut_off}, host="127.0.0.23") as site, fetcher(kafka, health_port=port):
        until(lambda: ready(port))
        publish(kafka, link_record(site.url("/cut"), "127.0.0.23"))
        until(lambda: fetches(port).get("broken_body") == 1)
        until(lambda: counted(port, "dateline_resting_hosts") == {"": 1})
        state = states(kafka, site)["/cut"]
        assert (state.outcome, state.tries) == ("broken_body", 1)
        site.pages["/cut"] = Page(story(1))
        until(lambda: len(pages(kafka, site)) == 1)
        assert (fetches(port)["broken_body"], site.asked("/cut")) == (1, 2)
        assert counted(port, "dateline_fetch_attempts_total")["page"] == 2


def test_a_source_that_moves_to_another_fetchers_site_is_read_there(kafka: Settings) -> None:
    """Each of the four partitions gets a source from another one: with two fetchers some must change hands."""
    hosts: dict[int, str] = {}
    for number in range(30, 90):
        hosts.setdefault(broker.partition_for(f"127.0.0.{number}", 4), f"127.0.0.{number}")
    with ExitStack() as stack:
        sites = [stack.enter_context(serving({}, host=hosts[number])) for number in range(4)]
        for number, (old, new) in enumerate(zip(sites, [*sites[1:], sites[0]], strict=True)):
            old.pages["/old"] = redirect(new.url("/feed"))
            new.pages |= {"/feed": feed(new, "/story"), "/story": Page(story(number))}
        ports = [local.free_port(), local.free_port()]
        for port in ports:
            stack.enter_context(fetcher(kafka, health_port=port))
        until(lambda: all(map(ready, ports)))
        publish(kafka, *(source_record(f"moves-{number}", site.url("/old")) for number, site in enumerate(sites)))
        until(lambda: all(len(pages(kafka, site)) == 1 for site in sites))
        moved = [
            source.moved_to
            for message in broker.read_compacted(kafka, topics.SOURCES)
            if (message.key or b"").startswith(b"moves-")
            and (source := read_source(message)) is not None
            and source.moved_to
        ]
        assert moved
        publish(kafka, *(gone_record(f"moves-{number}") for number in range(4)))


def read_source(message: Message) -> Source | None:
    return contracts.decode(message.value, Source) if message.value is not None else None


def test_a_restart_reads_no_source_that_is_not_due_and_says_no_link_again(kafka: Settings) -> None:
    with serving({"/1": Page(story(1))}, host="127.0.0.24") as site:
        site.pages["/feed"] = feed(site, "/1")
        publish(kafka, source_record("rests", site.url("/feed")))
        with fetcher(kafka):
            until(lambda: "/1" in states(kafka, site))
        polls = site.asked("/feed")
        with fetcher(kafka):
            publish(kafka, link_record(site.url("/1"), "127.0.0.24"))
            until(lambda: site.asked("/1") == 2)
        assert site.asked("/feed") == polls == 1
        publish(kafka, gone_record("rests"))
        last = [
            state
            for message in source_states(kafka)
            if (state := contracts.decode(message.value, FetchState)).url == site.url("/feed")
        ][-1]
        assert last.poll is not None
        assert last.poll.interval == 6 * 3600
