"""When the demo knows that it is done."""

from services import contracts, topics
from services.cli.demo import Progress
from services.contracts import EventSet, FetchState, FoundUrl
from services.stage import Message
from tests.integration.clock import LONG_AGO

URL = "http://harbour.example/story"


def record(topic: topics.Topic, value: object, ident: str = "1") -> Message:
    about = (("ce_id", ident.encode()),)
    return Message(topic=topic.name, partition=0, offset=0, key=b"k", value=contracts.encode(value), headers=about)


def seen_up_to_the_page() -> Progress:
    progress = Progress(sources=frozenset({"s"}))
    progress.see(record(topics.URLS, FoundUrl(url=URL, source_id="s")))
    progress.see(record(topics.FETCH_STATE, FetchState(url=URL, outcome="ok", fetched_at=LONG_AGO)))
    progress.see(record(topics.PAGES, None))
    return progress


def test_it_is_done_when_every_page_has_its_event_set() -> None:
    progress = seen_up_to_the_page()
    assert not progress.finished
    progress.see(record(topics.EVENT_SETS, EventSet(article_id="a", revision=LONG_AGO, event_ids=())))
    assert progress.finished


def test_what_a_restarted_service_sends_again_counts_once() -> None:
    progress = seen_up_to_the_page()
    for _ in range(2):
        progress.see(record(topics.PAGES, None))
        progress.see(record(topics.EVENT_SETS, EventSet(article_id="a", revision=LONG_AGO, event_ids=())))
    assert progress.finished
    assert [made.article_id for made in progress.done()] == ["a"]
