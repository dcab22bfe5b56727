import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services import contracts, topics
from services.contracts import Article, BrokenContract, Event, EventSet, Image
from services.extractor.extract import events_of, extract
from services.stage import Message
from tests.extractor.stories import TRUCE, article
from tests.extractor.test_extractor_story import field, spans


def message(of: Article) -> Message:
    return Message(topic=topics.ARTICLES.name, partition=0, offset=0, key=None, value=contracts.encode(of))


def test_the_set_comes_last_and_lists_the_events_before_it() -> None:
    *events, last = extract(message(TRUCE)).records
    assert {record.topic.name for record in events} == {topics.EVENTS.name}
    assert last.topic == topics.EVENT_SETS
    ids = tuple(contracts.decode(record.value, Event).event_id for record in events)
    assert contracts.decode(last.value, EventSet).event_ids == ids
    assert tuple(record.key for record in events) == tuple(ident.encode() for ident in ids)
    assert len(set(ids)) == len(ids) > 5


def test_an_article_and_its_events_share_a_partition() -> None:
    assert {record.place for record in extract(message(TRUCE)).records} == {TRUCE.article_id}


def test_a_record_says_what_it_is_in_its_headers() -> None:
    *_, event, event_set = extract(message(TRUCE)).records
    said = dict(event.headers)
    assert said["ce_type"] == b"news.dateline.event.v1"
    assert said["ce_id"] == b"%s/%s" % (event.key, TRUCE.revision.isoformat().encode())
    assert said["ce_source"] == TRUCE.url.encode()
    assert said["ce_time"] == TRUCE.revision.isoformat().encode()
    assert dict(event_set.headers)["ce_type"] == b"news.dateline.event-set.v1"


def test_a_replay_writes_the_same_bytes() -> None:
    assert extract(message(TRUCE)) == extract(message(TRUCE))


def test_a_corrected_story_keeps_the_ids_of_its_untouched_sentences() -> None:
    corrected = replace(TRUCE, body=TRUCE.body.replace("killing one pilot", "killing both pilots"))
    before = {event.event_id: event.evidence.text for event in events_of(TRUCE)}
    after = {event.event_id: event.evidence.text for event in events_of(corrected)}
    untouched = {ident for ident, text in before.items() if "Wednesday" not in text}
    assert untouched <= after.keys()
    assert before.keys() - after.keys()


def test_what_it_is_less_sure_of_than_asked_for_is_in_no_message_and_counted() -> None:
    sure = sorted(event.confidence for event in events_of(TRUCE))
    least = sure[len(sure) // 2]
    made = extract(message(TRUCE), least=least)
    *events, last = (
        contracts.decode(r.value, EventSet if r.topic == topics.EVENT_SETS else Event) for r in made.records
    )
    left = {e.event_id for e in events if isinstance(e, Event) and e.confidence >= least}
    assert isinstance(last, EventSet)
    assert len(left) == len(events) == len([each for each in sure if each >= least])
    assert set(last.event_ids) == left
    assert made.counts["skipped", "confidence"] == len([each for each in sure if each < least]) > 0
    assert ("skipped", "confidence") not in extract(message(TRUCE)).counts


def test_what_was_found_is_counted() -> None:
    counts = extract(message(TRUCE)).counts
    assert counts["event_type", "AGREE"] >= 1
    assert counts["claim_kind", "dead"] == 5


@pytest.mark.parametrize("language", ["de", "ar", "pt-BR"])
def test_another_language_has_an_empty_set_and_is_counted(language: str) -> None:
    outcome = extract(message(replace(TRUCE, language=language)))
    (record,) = outcome.records
    assert contracts.decode(record.value, EventSet).event_ids == ()
    assert outcome.counts == {("skipped", "language"): 1}


@pytest.mark.parametrize("language", ["en", "en-GB", None])
def test_english_and_unknown_languages_are_read(language: str | None) -> None:
    assert len(events_of(article("Police arrested two dozen students.", language=language))) == 1


def test_an_empty_body_has_an_empty_set() -> None:
    outcome = extract(message(article("")))
    assert [record.topic for record in outcome.records] == [topics.EVENT_SETS]
    assert outcome.counts == {}


def test_bytes_that_are_no_article_are_refused() -> None:
    with pytest.raises(BrokenContract):
        extract(replace(message(TRUCE), value=b"{}"))


WORDS = st.sampled_from(
    [
        "killed",
        "wounded",
        "12",
        "at",
        "least",
        "dozens",
        "of",
        "soldiers",
        "the",
        "army",
        "said",
        "IS",
        "he",
        "it",
        '"',
        "“",
        "”",
        "‘",
        "’",
        "'",
        ",",
        ".",
        "-",
        "—",
        ":",
        "(",
        "in",
        "Paris",
        "on",
        "Monday",
        "2016",
        "strike",
        "attack",
        "signed",
        "agreement",
        "with",
        "Russia",
        "and",
        "US-led",
        "coalition",
        "to",
        "threatened",
        "if",
        "not",
        "1,200",
        "including",
        "among",
        "them",
        "according",
        "toll",
        "99999999999999999999",
        "two",
        "hundred",
        "and",
        "fifty\n\n",
        "\xa0",
        "😀",
        "é",
        "al-Zor",
        "U.S.",
        "May",
        "31",
        "yesterday",
    ]
)
TEXT = st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=60).map(" ".join))


@settings(max_examples=60, deadline=None)
@given(body=TEXT, headline=TEXT, caption=TEXT)
def test_no_text_breaks_it_and_every_span_holds(body: str, headline: str, caption: str) -> None:
    story = article(body, headline=headline, images=(Image(caption=caption),))
    for span in spans(events_of(story)):
        assert field(story, span.at)[span.start : span.end] == span.text != ""


def test_only_the_head_of_an_endless_body_is_read() -> None:
    dull, deed = "The weather in the valley was mild and dry. " * 1_000, "Rebels killed ten soldiers in Aleppo. "
    heads = [events_of(article(text), least=0.0) for text in (deed + dull, dull + deed)]
    assert ["ASSAULT" in {event.event_type for event in found} for found in heads] == [True, False]


@pytest.mark.parametrize(
    "words", ["the army killed 12 soldiers and ", "soldiers of the army of ", "12 and ", '" he said ', "x"]
)
def test_a_text_without_sentences_takes_no_more_time_than_a_story(words: str) -> None:
    start = time.process_time()
    events_of(article(words * (40_000 // len(words))))
    assert time.process_time() - start < 12
