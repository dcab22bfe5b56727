"""`dateline sources`, as a process, against a real Kafka and a real site."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services import broker, topics
from services.cli import registry
from services.cli.registry import source_id
from services.contracts import FetchState, PollState, Source
from services.fetcher.links.records import state_record
from services.fetcher.origins import feeds
from services.settings import Settings
from services.stage import Record
from tests.fetcher.servers import Page, Site, serving
from tests.fetcher.test_fetcher_sources import RSS
from tests.test_cli import dateline

pytestmark = pytest.mark.kafka

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture
def variables(kafka: Settings) -> dict[str, str]:
    return {
        "DATELINE_BROKERS": kafka.brokers,
        "DATELINE_PARTITIONS": str(kafka.partitions),
        "DATELINE_ALLOW_PRIVATE": "true",
        "DATELINE_DELAY": "0",
    }


@pytest.fixture
def site() -> Iterator[Site]:
    home = b"<html><link rel=alternate type=application/rss+xml href=/world.xml></html>"
    with serving(
        {"/": Page(home), "/world.xml": Page(RSS), "/bare": Page(b"<html></html>")}, host="127.0.0.40"
    ) as site:
        yield site


def listed(variables: dict[str, str], *options: str) -> dict[str, str]:
    """The lines of `sources list`, by id."""
    lines = dateline("sources", "list", *options, variables=variables).stdout.decode().splitlines()
    return {line.split()[0]: line for line in lines}


def test_the_address_of_a_site_adds_its_feeds_and_says_what_they_are(variables: dict[str, str], site: Site) -> None:
    ran = dateline("sources", "add", site.url("/"), variables=variables)
    feed = source_id(site.url("/world.xml"))
    links = len(feeds.links(RSS, url=site.url("/world.xml")))
    assert ran.stdout.decode() == f"{feed}  {site.url('/world.xml')}  rss, {links} links\n"
    assert " new" in listed(variables)[feed]
    assert source_id(site.url("/")) not in listed(variables)
    none = dateline("sources", "add", site.url("/bare"), variables=variables)
    assert (none.returncode, len(none.stderr.splitlines())) == (1, 1)
    dateline("sources", "remove", feed, variables=variables)


def test_nobody_is_looked_at_without_a_contact(variables: dict[str, str], site: Site) -> None:
    url, public = "http://unseen.example/", variables | {"DATELINE_ALLOW_PRIVATE": "false"}
    ran = dateline("sources", "add", url, variables=public)
    assert b"DATELINE_CONTACT" in ran.stderr
    assert ran.stdout.decode().startswith(source_id(url))
    dateline("sources", "remove", url, variables=variables)
    assert dateline("sources", "add", site.url("/"), variables=public).returncode == 2
    assert site.log == []


def test_a_list_is_imported_but_for_the_lines_that_are_refused(
    variables: dict[str, str], tmp_path: Path, kafka: Settings
) -> None:
    file = tmp_path / "sources.csv"
    file.write_text("url,title\nhttp://listed.example/feed,Good\nftp://listed.example/,Bad\n")
    assert dateline("sources", "import", "--strict", file, variables=variables).returncode == 1
    assert not [each for each in registry.present(kafka) if "listed" in each.url]
    ran = dateline("sources", "import", file, variables=variables)
    assert ran.stdout == b"1 sources added, 0 were there, 1 refused\n"
    assert b"sources.csv:3: ftp://listed.example/ refused" in ran.stderr
    assert [each.url for each in registry.present(kafka) if "listed" in each.url] == ["http://listed.example/feed"]
    dateline("sources", "remove", "http://listed.example/feed", variables=variables)


def test_a_source_is_paused_and_resumed(variables: dict[str, str]) -> None:
    url = "http://pause.example/feed.xml"
    dateline("sources", "add", url, "--as-is", variables=variables)
    assert dateline("sources", "pause", url, variables=variables).stdout == f"paused {url}\n".encode()
    assert " paused" in listed(variables)[source_id(url)]
    dateline("sources", "resume", source_id(url), variables=variables)
    assert " new" in listed(variables)[source_id(url)]
    dateline("sources", "remove", url, variables=variables)


def test_what_is_exported_can_be_imported_and_what_is_there_stays(
    variables: dict[str, str], tmp_path: Path, kafka: Settings
) -> None:
    urls = [f"http://export.example/{name}.xml" for name in ("a", "b")]
    dateline("sources", "add", *urls, "--kind", "rss", variables=variables)
    dateline("sources", "pause", urls[1], variables=variables)
    for style in ("opml", "csv"):
        file = tmp_path / f"sources.{style}"
        file.write_bytes(dateline("sources", "export", "--format", style, variables=variables).stdout)
        dateline("sources", "remove", urls[1], variables=variables)
        assert dateline("sources", "import", file, variables=variables).stdout.startswith(b"1 sources added")
        assert [each.paused for each in registry.present(kafka) if each.url in urls] == [False, True]
    wrong = dateline("sources", "import", tmp_path / "none.csv", variables=variables)
    assert wrong.returncode == 2
    dateline("sources", "remove", *urls, variables=variables)


def remember(kafka: Settings, name: str, *, newest: datetime, tries: int = 0) -> None:
    """A source, and its state after a month with a link an hour up to `newest`."""
    url = f"http://{name}.example/feed.xml"
    poll = PollState(
        source_id=name, next_at=NOW, interval=600, since=NOW - 30 * DAY, polls=9, newest_at=newest, counted_at=newest,
        habit=24, lately=24,
    )  # fmt: skip
    state = FetchState(
        url=url, outcome="http_5xx" if tries else "ok", fetched_at=NOW, tries=tries, detail="status 500", poll=poll
    )
    with broker.Publisher(kafka, "tests") as publisher:
        registry.put(publisher, [Source(source_id=name, kind="rss", url=url)], NOW)
        publisher.publish([state_record(state)])


def test_the_list_says_how_each_source_is_and_which_are_silent(variables: dict[str, str], kafka: Settings) -> None:
    remember(kafka, "lively", newest=NOW - timedelta(hours=1))
    remember(kafka, "quiet", newest=NOW - 3 * DAY)
    remember(kafka, "broken", newest=NOW - timedelta(hours=2), tries=3)
    lines = listed(variables)
    assert " ok " in lines["lively"]
    assert "newest 60 min ago" in lines["lively"] or "newest 1 h ago" in lines["lively"]
    assert " silent " in lines["quiet"]
    assert "http_5xx 3 times: status 500" in lines["broken"]
    silent = listed(variables, "--silent")
    assert "quiet" in silent
    assert not {"lively", "broken"} & set(silent)
    dateline("sources", "remove", "lively", "quiet", "broken", variables=variables)


def test_what_is_no_source_on_the_topic_hides_no_other(variables: dict[str, str], kafka: Settings) -> None:
    url = "http://beside.example/feed"
    with broker.Publisher(kafka, "test") as publisher:
        publisher.publish([Record(topic=topics.SOURCES, key=b"junk", value=b'{"url": 7}', place="")])
        registry.add(publisher, url, NOW)
        assert source_id(url) in listed(variables)
        for ident in ("junk", source_id(url)):
            registry.remove(publisher, ident)
