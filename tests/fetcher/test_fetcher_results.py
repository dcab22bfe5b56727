"""What becomes of an answer: a new page, a revision, a failure, a link for later."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from services import envelope
from services.contracts import FetchState, FoundUrl, PageMeta
from services.fetcher.content.twins import canonical
from services.fetcher.links.known import Known
from services.fetcher.links.results import Result, conditions, result_of, same_page, state_after, withheld
from services.fetcher.links.revisits import LOOKS, planned
from services.fetcher.manners.robots import EVERYTHING_ALLOWED
from services.fetcher.manners.visit import Elsewhere, Fetched
from services.fetcher.wire.download import Failed
from services.fetcher.wire.outcomes import Outcome

NOW = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=3)
URL = "http://news.example/story"
FOUND = FoundUrl(url=URL, source_id="feed", title="Dam")
WAITING = FetchState(url=URL, outcome="waiting", fetched_at=EARLIER, due_at=EARLIER, found=FOUND)
OLD, NEW = b"<!doctype html><p>The dam holds.</p>", b"<!doctype html><p>The dam broke.</p>"
HAD = replace(WAITING, outcome="ok", body_sha256=envelope.sha256(OLD), revision=EARLIER, first_at=EARLIER, etag='"1"')


def fetched(body: bytes = NEW, *, status: int = 200, final: str = URL, **headers: str) -> Fetched:
    return Fetched(
        url=URL,
        final_url=final,
        redirects=() if final == URL else (URL,),
        status=status,
        headers=CIMultiDictProxy(CIMultiDict({"Content-Type": "text/html"} | headers)),
        body=body,
        fetched_at=NOW,
        rules=EVERYTHING_ALLOWED,
    )


def nothing(_: str) -> Known | None:
    return None


def had(_: str) -> Known | None:
    return Known(outcome=Outcome.OK, fetched_at=EARLIER, revision=EARLIER)


def meta(result: Result) -> PageMeta:
    assert result.page is not None
    return envelope.page_meta(envelope.message_of(result.page))


def test_a_new_page_is_published_and_remembered_with_its_body() -> None:
    result = result_of(fetched(ETag='"2"'), WAITING, nothing)
    after = state_after(WAITING, result)
    assert (result.outcome, meta(result).revision_of) == (Outcome.OK, None)
    assert (after.body_sha256, after.etag, after.revision, after.first_at) == (envelope.sha256(NEW), '"2"', NOW, NOW)


def test_a_changed_page_is_published_again_as_a_revision_of_the_one_that_was_published() -> None:
    looked = state_after(HAD, result_of(fetched(OLD), HAD, nothing))
    result = result_of(fetched(), looked, nothing)
    assert meta(result).revision_of == EARLIER
    assert state_after(looked, result).revision == NOW
    assert state_after(looked, result).first_at == EARLIER


@pytest.mark.parametrize("answer", [fetched(OLD), fetched(b"", status=304)])
def test_an_unchanged_page_is_not_published_again(answer: Fetched) -> None:
    result = result_of(answer, HAD, nothing)
    after = state_after(HAD, result)
    assert result.page is None
    assert (after.revision, after.body_sha256, after.etag) == (EARLIER, HAD.body_sha256, '"1"')


STORY = " ".join(f"Line {number} of what the mayor said about the dam on Monday." for number in range(20))


def paper(text: str = STORY, *, token: str = "1") -> bytes:
    """A page as sites make them: tokens, slots and clocks around a story."""
    return f"""<!doctype html><html><head><title>Dam</title>
        <script nonce="{token}">var now = "{token} < 3";</script><style>.a{token} {{}}</style></head>
        <body data-request="{token}"><!-- served {token} -->
        <form><input type=hidden name=csrf value="{token}"></form><div id="ad-{token}"></div>
        <template><p>{token}</p></template><p class="p{token}">{text}</p>
        <SCRIPT>render({token})</SCRIPT ></body></html>""".encode()


def test_a_page_that_differs_where_no_reader_looks_is_unchanged() -> None:
    first = state_after(WAITING, result_of(fetched(paper()), WAITING, nothing))
    second = result_of(fetched(paper(token="2" * 30)), first, nothing)
    assert (second.outcome, second.page) == (Outcome.UNCHANGED, None)
    after = state_after(first, second)
    assert (after.revision, after.text_sha256) == (first.revision, first.text_sha256)
    assert after.body_sha256 != first.body_sha256


@pytest.mark.parametrize("changed", [STORY.replace("Line 7", "Line 8"), STORY + " Corrected.", STORY[20:]])
def test_a_page_that_differs_by_a_word_is_a_revision(changed: str) -> None:
    first = state_after(WAITING, result_of(fetched(paper()), WAITING, nothing))
    second = result_of(fetched(paper(changed, token="2")), first, nothing)
    assert meta(second).revision_of == first.revision


def test_a_page_whose_story_stands_in_a_script_is_compared_by_its_bytes() -> None:
    shell = b"<!doctype html><div id=app></div><script>story = 'The dam %s.'</script>"
    first = state_after(WAITING, result_of(fetched(shell % b"holds"), WAITING, nothing))
    assert result_of(fetched(shell % b"broke"), first, nothing).page is not None
    assert result_of(fetched(shell % b"holds"), first, nothing).page is None


def test_a_script_or_comment_without_an_end_hides_the_rest_and_nothing_else() -> None:
    for cut in (b"<script>x", b"<!-- x", b"<style x"):
        first = state_after(WAITING, result_of(fetched(paper() + cut), WAITING, nothing))
        assert result_of(fetched(paper() + cut + b"more"), first, nothing).page is None


def test_a_text_is_compared_by_its_bytes() -> None:
    first = state_after(WAITING, result_of(fetched(STORY.encode() + b" 2 < 3 > 1"), WAITING, nothing))
    assert result_of(fetched(STORY.encode() + b" 2 < 4 > 1"), first, nothing).page is not None


def test_a_failure_does_not_make_us_forget_the_page_that_we_have() -> None:
    failed = Failed(outcome=Outcome.TIMEOUT, detail="slow", ended_at=NOW)
    after = state_after(HAD, result_of(failed, HAD, nothing))
    assert (after.outcome, after.revision, after.body_sha256) == ("timeout", EARLIER, HAD.body_sha256)


def test_a_page_that_breaks_off_is_published_the_second_time_and_replaced_by_the_whole_one() -> None:
    cut = replace(fetched(OLD, ETag='"2"'), truncated=True)
    first = result_of(cut, WAITING, nothing)
    assert (first.outcome, first.page) == (Outcome.BROKEN_BODY, None)
    tried = planned(state_after(WAITING, first))
    second = result_of(cut, tried, nothing)
    assert (second.outcome, meta(second).truncated) == (Outcome.BROKEN_BODY, True)
    after = planned(state_after(tried, second))
    assert (after.outcome, after.revision, after.etag, after.due_at) == ("broken_body", NOW, None, NOW + LOOKS[0])
    assert result_of(cut, after, nothing).page is None
    whole = result_of(fetched(), after, nothing)
    assert (whole.outcome, meta(whole).revision_of, meta(whole).truncated) == (Outcome.OK, NOW, False)


def test_a_broken_off_body_never_takes_the_place_of_a_whole_one() -> None:
    result = result_of(replace(fetched(), truncated=True), replace(HAD, tries=1), nothing)
    assert (result.outcome, result.page) == (Outcome.BROKEN_BODY, None)


def test_of_a_page_that_reserves_mining_nothing_is_kept_when_that_is_honoured() -> None:
    result = result_of(fetched(b'<meta name="tdm-reservation" content="1"><p>Mine.</p>', ETag='"2"'), WAITING, nothing)
    assert (result.outcome, meta(result).rights.reserved) == (Outcome.OK, ("tdm-reservation",))
    after = state_after(WAITING, withheld(result))
    assert (withheld(result).page, withheld(result).also) == (None, ())
    assert (after.outcome, after.body_sha256, after.etag, after.revision) == ("rights_reserved", None, None, None)
    assert withheld(result_of(fetched(), WAITING, nothing)).page is not None


def test_a_page_is_asked_for_on_condition_until_its_last_look() -> None:
    state = replace(HAD, last_modified="then")
    assert conditions(state, NOW) == {"If-None-Match": '"1"', "If-Modified-Since": "then"}
    assert conditions(state, EARLIER + LOOKS[-1]) == {}
    assert conditions(replace(WAITING, etag='"1"'), NOW) == {}


def test_a_link_that_leads_to_a_page_we_have_is_a_duplicate_unless_a_user_asks() -> None:
    answer = fetched(final="http://www.news.example/story")
    assert result_of(answer, WAITING, had).outcome is Outcome.DUPLICATE
    asked = replace(WAITING, found=FoundUrl(url=URL))
    assert result_of(answer, asked, had).outcome is Outcome.OK


def test_a_page_is_remembered_under_the_address_where_it_ended_too() -> None:
    result = result_of(fetched(final="http://www.news.example/story"), WAITING, nothing)
    (other,) = same_page(state_after(WAITING, result), result)
    assert (other.url, other.revision, other.due_at) == ("http://www.news.example/story", NOW, None)


def test_a_page_that_ended_on_another_site_is_left_to_that_sites_own_memory() -> None:
    result = result_of(fetched(final="http://other.example/story"), WAITING, had)
    assert (result.outcome, result.also) == (Outcome.OK, ())


def test_a_redirect_to_another_fetchers_site_is_handed_over_with_the_way_it_came() -> None:
    away = Elsewhere(url="http://other.example/x", redirects=(URL,), ended_at=NOW)
    result = result_of(away, WAITING, nothing)
    assert result.outcome is Outcome.HANDED_OVER
    assert result.onward == replace(FOUND, url="http://other.example/x", redirects=(URL,))


def test_handing_over_in_circles_ends() -> None:
    state = replace(WAITING, found=replace(FOUND, redirects=("http://other.example/x",)))
    away = Elsewhere(url="http://other.example/x", redirects=(URL,), ended_at=NOW)
    assert result_of(away, state, nothing).outcome is Outcome.TOO_MANY_REDIRECTS


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://a.example/2026/dam/amp/", "http://a.example/2026/dam/"),
        ("http://a.example/amp/2026/dam", "http://www.a.example/2026/dam"),
        ("http://a.example/dam.amp.html", "http://a.example/dam.html"),
        ("http://m.a.example/dam", "http://www.a.example/dam"),
        ("http://amp.a.example/dam?id=3", "http://a.example/dam?id=3"),
        ("http://a.example/dam?outputType=amp", "http://a.example/dam"),
        ("http://a.example/dam?id=3&amp=1", "http://a.example/dam?id=3"),
    ],
)
def test_an_amp_or_mobile_twin_is_known_by_the_canonical_link_of_the_page(url: str, told: str) -> None:
    body = f'<html><head><link href="{told}" rel="canonical"></head>'.encode()
    assert canonical(body, url) == told


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://a.example/dam", "http://a.example/"),
        ("http://a.example/dam", "http://a.example/other"),
        ("http://a.example/dam?id=3", "http://a.example/dam?id=4"),
        ("http://a.example/camp", "http://a.example/c"),
        ("http://a.example/dam", "http://a.example/dam"),
        ("http://a.example/dam", "mailto:x"),
    ],
)
def test_a_canonical_link_to_anything_else_is_not_believed(url: str, told: str) -> None:
    assert canonical(f"<link rel=canonical href='{told}'>".encode(), url) is None


def test_a_page_without_a_canonical_link_has_no_twin() -> None:
    assert canonical(b"<html><link rel=stylesheet href=/x.css></html>", URL) is None
