"""The commands that speak to Kafka, as processes, against a real one."""

import gzip
import json
from pathlib import Path

import pytest

from services import broker, topics
from services.envelope import sha256
from services.settings import Settings
from tests.demo_site import FOLDER as DEMO
from tests.test_cli import dateline

pytestmark = pytest.mark.kafka


@pytest.fixture
def variables(kafka: Settings) -> dict[str, str]:
    return {"DATELINE_BROKERS": kafka.brokers, "DATELINE_PARTITIONS": str(kafka.partitions)}


def test_topics_are_created_once_and_shown(variables: dict[str, str]) -> None:
    assert dateline("topics", "create", variables=variables).stdout == b"all topics are there\n"
    shown = dateline("topics", "show", variables=variables)
    assert shown.returncode == 0
    assert all(each.name in shown.stdout.decode() for each in topics.TOPICS)
    assert b"missing" not in shown.stdout


@pytest.mark.parametrize("command", [("topics", "create"), ("topics", "show"), ("sources", "list")])
def test_topics_with_other_partitions_are_refused_in_one_line(
    variables: dict[str, str], command: tuple[str, str]
) -> None:
    ran = dateline(*command, variables=variables | {"DATELINE_PARTITIONS": "5"})
    assert (ran.returncode, len(ran.stderr.splitlines())) == (78, 1)
    assert b"DATELINE_PARTITIONS" in ran.stderr


def test_a_source_is_added_once_listed_and_removed_by_its_url(variables: dict[str, str]) -> None:
    url = "http://cli-test.example/feed.xml"
    ident = sha256(url.encode())[:12]
    for _ in range(2):
        assert dateline("sources", "add", url, "--kind", "rss", variables=variables).stdout.decode().startswith(ident)
    listed = [
        line for line in dateline("sources", "list", variables=variables).stdout.decode().splitlines() if url in line
    ]
    assert [line.split()[:3] for line in listed] == [[ident, "rss", url]]
    assert dateline("sources", "remove", url, variables=variables).returncode == 0
    assert url not in dateline("sources", "list", variables=variables).stdout.decode()
    assert b"no source" in dateline("sources", "remove", url, variables=variables).stderr


def test_a_file_is_published_as_a_page_named_after_its_bytes(
    variables: dict[str, str], kafka: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "page.txt"
    file.write_bytes((DEMO / "brackwater-wire/item/261018-02.txt").read_bytes() + b"from a file\n")
    name = f"urn:sha256:{sha256(file.read_bytes())}"
    assert name in dateline("sources", "add", file, variables=variables).stdout.decode()
    [page] = [each for each in broker.read_compacted(kafka, topics.PAGES) if each.key == name.encode()]
    assert page.value == file.read_bytes()
    assert json.loads(page.header("fetch") or b"{}")["url"] == name


def test_the_pages_of_an_archive_are_published(variables: dict[str, str], kafka: Settings, tmp_path: Path) -> None:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><p>From an archive</p></html>"
    gone = b"HTTP/1.1 404 Not Found\r\n\r\n"
    about = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://archive.example/%d\r\nContent-Length: %d\r\n\r\n"
    )
    records = [
        (about % (number, len(block))).encode() + block + b"\r\n\r\n" for number, block in enumerate((http, gone, http))
    ]
    file = tmp_path / "news.warc.gz"
    file.write_bytes(b"".join(map(gzip.compress, records)))
    added = dateline("sources", "add", file, variables=variables)
    assert (added.returncode, added.stdout.decode()) == (0, f"published {file}: 2 ok, 1 http_4xx\n")
    published = [each for each in broker.read_compacted(kafka, topics.PAGES) if each.key == b"archive.example"]
    assert [each.value for each in published] == [http.partition(b"\r\n\r\n")[2]] * 2


def test_tail_shows_key_headers_and_value_and_stops_after_a_count(variables: dict[str, str], kafka: Settings) -> None:
    url = "http://tail.example/feed.xml"
    dateline("sources", "add", url, variables=variables)
    count = len(list(broker.read_compacted(kafka, topics.SOURCES)))
    ran = dateline("tail", "sources", "--from-start", "--count", str(count), variables=variables)
    assert ran.returncode == 0
    records = ran.stdout.decode().split("── ")[1:]
    assert len(records) == count
    [ours] = [each for each in records if url in each]
    assert ours.startswith("news.sources.v1 [0] ")
    assert "ce_type: news.dateline.source.v1" in ours
    assert '"source_id"' in ours
    dateline("sources", "remove", url, variables=variables)
