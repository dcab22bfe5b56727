"""The real cleaner and extractor between real topics: same facts as offline, bad pages kept, letters replayed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services import broker, contracts, local, topics
from services.cli import offline, replay
from services.cli.replay import Replayed
from services.contracts import Article, Event, EventSet
from services.envelope import page_record, sha256
from services.fetcher.content.pages import page_from_file
from services.settings import Settings
from services.stage import CUT, Message, Record
from tests.demo_site import FOLDER as DEMO
from tests.integration.pipeline import command, supervised, until

pytestmark = pytest.mark.kafka

FETCHED = datetime(2026, 10, 21, 6, tzinfo=UTC)
FLAT = DEMO / "brackwater-wire" / "item" / "261018-02.txt"


@pytest.fixture(scope="module")
def running(kafka: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The two stages as processes, supervised."""
    services = [
        local.Command(
            name=name,
            arguments=("-m", "services.cli", "run", name),
            environment=dict(command(kafka).environment) | {"DATELINE_MEMBER": f"{name}-1"},
        )
        for name in ("cleaner", "extractor")
    ]
    with supervised(tmp_path_factory.mktemp("services"), *services):
        yield kafka


def publish(settings: Settings, *records: Record) -> None:
    with broker.Publisher(settings, "test") as publisher:
        publisher.publish(records)


def until_told(settings: Settings, topic: topics.Topic, key: str) -> list[Message]:
    """All records of the topic up to the first with this key."""
    seen, quiet = [], 0
    for message in broker.follow(settings, topic, from_start=True):
        quiet = quiet + 1 if message is None else 0
        assert quiet < 60, f"no record {key} on {topic.name}"
        if message is not None:
            seen.append(message)
            if message.key == key.encode():
                return seen
    raise AssertionError("a followed topic has no end")


def events_of(settings: Settings, article_id: str) -> list[Event]:
    """The events that the article's set names, read from the topic."""
    told = until_told(settings, topics.EVENT_SETS, article_id)[-1]
    ids = contracts.decode(told.value, EventSet).event_ids
    all_events = [contracts.decode(each.value, Event) for each in broker.read_compacted(settings, topics.EVENTS)]
    return [event for ident in ids for event in all_events if event.event_id == ident]


def test_offline_and_through_the_topics_the_same_page_gives_the_same_events(running: Settings) -> None:
    page = page_from_file(FLAT.read_bytes(), name="flat", fetched_at=FETCHED)
    publish(running, page)
    made = offline.read_page(page, "extract")
    assert events_of(running, made.article.article_id) == list(made.events) != []


def test_the_first_page_of_all_gives_the_same_events_both_ways(running: Settings, shared: Path) -> None:
    [file] = (shared / "pages").glob("*.txt")
    page = page_from_file(file.read_bytes(), name="first", fetched_at=FETCHED)
    publish(running, page)
    made = offline.read_page(page, "extract")
    assert events_of(running, made.article.article_id) == list(made.events) != []


def test_events_come_before_the_set_that_names_them_and_in_the_same_partition(running: Settings) -> None:
    page = page_from_file(FLAT.read_bytes() + b"\n", name="flat", fetched_at=FETCHED)
    publish(running, page)
    article_id = offline.read_page(page, "clean").article.article_id
    told = until_told(running, topics.EVENT_SETS, article_id)[-1]
    ids = set(contracts.decode(told.value, EventSet).event_ids)
    events = [each for each in broker.read_compacted(running, topics.EVENTS) if (each.key or b"").decode() in ids]
    assert len(events) == len(ids) > 0
    assert {each.partition for each in events} == {told.partition}


def test_a_corrected_page_keeps_the_ids_of_its_untouched_sentences() -> None:
    body = FLAT.read_bytes()
    url = "http://correcting.example/story"
    first = page_from_file(body, name="flat", fetched_at=FETCHED, url=url)
    later = page_from_file(
        body.replace(b"Show Comments", b"The ministry met a delegation in Vienna on Saturday.\n\nShow Comments"),
        name="flat",
        fetched_at=FETCHED.replace(day=22),
        url=url,
    )
    ids = [{event.event_id for event in offline.read_page(page, "extract").events} for page in (first, later)]
    assert len(ids[0] & ids[1]) >= len(ids[0]) - 1


BAD = {
    "no_text": (b"%PDF-1.7 \x00\x01\x02\x03 endless bytes", "application/pdf", "not_text"),
    "empty": (b"", "text/html", "empty"),
    "blank": (b" \n\t ", "text/html", "empty"),
    "no_article": (
        b"<html><body><ul><li><a href='/a'>A</a><li><a href='/b'>B</a></ul></body></html>",
        "text/html",
        "no_article",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_page_without_an_article_is_a_dead_letter_with_its_reason(running: Settings, name: str) -> None:
    body, content_type, reason = BAD[name]
    meta = contracts.PageMeta(
        url=f"http://{name}.example/", final_url=f"http://{name}.example/", fetched_at=FETCHED, body_sha256=sha256(body)
    )
    publish(running, page_record(body, meta, site=f"{name}.example", content_type=content_type))
    letter = until_told(running, topics.PAGES.dead, f"{name}.example")[-1]
    assert letter.value == body
    assert (letter.header("dateline.error.reason") or b"").decode() == reason
    assert letter.header("fetch") == contracts.encode(meta)


def test_a_page_without_its_fetch_header_and_an_article_that_is_no_json_are_broken_contracts(running: Settings) -> None:
    bare = Record(topic=topics.PAGES, key=b"bare.example", value=b"<p>text</p>", place="bare.example")
    junk = Record(topic=topics.ARTICLES, key=b"junk-article", value=b'{"body": 3}', place="junk-article")
    publish(running, bare, junk)
    letters = [
        until_told(running, topics.PAGES.dead, "bare.example")[-1],
        until_told(running, topics.ARTICLES.dead, "junk-article")[-1],
    ]
    assert [each.header("dateline.error.reason") for each in letters] == [b"broken_contract"] * 2


def test_replayed_letters_go_through_once_more_without_their_error_headers(running: Settings) -> None:
    publish(running, Record(topic=topics.ARTICLES, key=b"junk", value=b"no article", place="junk"))
    until_told(running, topics.ARTICLES.dead, "junk")
    letters = dead_articles(running)
    assert replay.replay(running, topics.ARTICLES) == Replayed(sent=letters, cut=0)
    until(lambda: dead_articles(running) == 2 * letters)  # each has died again
    publish(running, Record(topic=topics.ARTICLES.dead, key=b"part", value=b"{", headers=((CUT, b"9"),), place="part"))
    assert replay.replay(running, topics.ARTICLES) == Replayed(sent=letters, cut=1)
    back = [each for each in broker.read_compacted(running, topics.ARTICLES) if each.key in {b"junk", b"part"}]
    assert [each.key for each in back] == [b"junk"] * 3
    assert not any(name.startswith("dateline.error.") for each in back for name, _ in each.headers)


def dead_articles(settings: Settings) -> int:
    return sum(broker.ends(settings, topics.ARTICLES.dead).values())


def test_an_article_without_events_has_an_empty_set(running: Settings) -> None:
    body = "The kettle was boiling and the cat was asleep on the old chair by the window. " * 4
    article = Article(
        article_id="quiet",
        revision=FETCHED,
        url="urn:x",
        body=body,
        body_sha256="0",
        language="en",
        cleaner_version="t",
    )
    publish(running, Record(topic=topics.ARTICLES, key=b"quiet", value=contracts.encode(article), place="quiet"))
    told = until_told(running, topics.EVENT_SETS, "quiet")[-1]
    assert contracts.decode(told.value, EventSet) == EventSet(article_id="quiet", revision=FETCHED, event_ids=())
