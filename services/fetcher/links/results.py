"""What came of a visit: the page to publish, if there is a new one, and the states that it leaves behind. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from services import envelope
from services.contracts import FetchState, FoundUrl
from services.fetcher.content import twins, visible
from services.fetcher.content.pages import clean, is_page, looks_like_html, page_of, validator
from services.fetcher.links import revisits
from services.fetcher.links.known import Known
from services.fetcher.manners.visit import MOST_REDIRECTS, Elsewhere, Fetched
from services.fetcher.wire.download import Failed
from services.fetcher.wire.outcomes import SETTLED, Outcome, of_status
from services.stage import Record
from services.urls import site_of

LONGEST_DETAIL = 200


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of a link. `digest`: SHA-256 of the body; `text`: of what its readers see.

    `page`: the record to publish, if there is something new to see; `onward`: the link for the fetcher of another
    site; `also`: other URLs of the same page, on this site; `reserved`: the statements by which it is not to be mined.
    """

    outcome: Outcome
    at: datetime
    status: int | None = None
    detail: str | None = None
    digest: str | None = None
    text: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    page: Record | None = None
    onward: FoundUrl | None = None
    also: tuple[str, ...] = ()
    reserved: tuple[str, ...] = ()


def conditions(state: FetchState, now: datetime) -> dict[str, str]:
    """The headers that ask for a page only if it has changed; none if we have no version, and for the last look."""
    if state.revision is None or revisits.is_last_look(state, now):
        return {}
    asked = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in asked.items() if value}


def result_of(
    answer: Fetched | Failed | Elsewhere,
    state: FetchState,
    known: Callable[[str], Known | None],
    *,
    traceparent: str | None = None,
) -> Result:
    """The result that a visit stands for: a page only if the status is a success, the body text, and a new one.

    A page that broke off is tried again as any broken body is; if it breaks off again, and there is no version of it
    yet, it is published, marked. The looks that follow replace it by the whole one.
    """
    if isinstance(answer, Elsewhere):
        return _handed_over(answer, state)
    if isinstance(answer, Failed):
        detail = clean(answer.detail)[:LONGEST_DETAIL]
        return Result(outcome=answer.outcome, at=answer.ended_at, status=answer.status, detail=detail)
    outcome, why = _outcome_of(answer)
    result = Result(outcome=outcome, at=answer.fetched_at, status=answer.status, detail=why, headers=answer.headers)
    return _read(answer, state, known, result, traceparent) if outcome is Outcome.OK else result


def state_after(state: FetchState, result: Result) -> FetchState:
    """The state that a result leaves behind. A failed attempt at a page that we have does not make us forget it."""
    is_new, is_had = result.page is not None, result.outcome in SETTLED
    return replace(
        state,
        outcome=result.outcome,
        fetched_at=result.at,
        status=result.status,
        detail=result.detail,
        revision=result.at if is_new else state.revision,
        first_at=(state.first_at or result.at) if is_new else state.first_at,
        body_sha256=(result.digest if is_new or is_had else None) or state.body_sha256,
        text_sha256=(result.text if is_new or is_had else None) or state.text_sha256,
        etag=(validator(result.headers, "ETag") if is_had else None) or state.etag,
        last_modified=(validator(result.headers, "Last-Modified") if is_had else None) or state.last_modified,
    )


def same_page(state: FetchState, result: Result) -> list[FetchState]:
    """The states of the page's other URLs: had, and not looked at again by themselves."""
    if result.page is None:
        return []
    return [replace(state, url=url, due_at=None, found=None) for url in result.also]


def withheld(result: Result) -> Result:
    """The result without its page, if the page's rights are reserved: nothing of it is kept, not even its digest."""
    if not result.reserved:
        return result
    detail = ", ".join(result.reserved)[:LONGEST_DETAIL]
    return replace(
        result, outcome=Outcome.RIGHTS_RESERVED, detail=detail, digest=None, text=None, page=None, headers={}, also=()
    )


def _read(
    answer: Fetched, state: FetchState, known: Callable[[str], Known | None], result: Result, traceparent: str | None
) -> Result:
    """The result with what the body of a success is: the page, or why it is none that we publish now."""
    digest, found = envelope.sha256(answer.body), state.found or FoundUrl(url=state.url)
    if answer.truncated:
        result = replace(result, outcome=Outcome.BROKEN_BODY, detail="broke off", headers={})
        if state.tries == 0 or state.revision is not None:
            return result
    elif digest == state.body_sha256:
        return replace(result, outcome=Outcome.UNCHANGED, digest=digest)
    text = visible.text_sha256(answer.body) if looks_like_html(answer.body) else digest
    if text == state.text_sha256 and not answer.truncated:
        return replace(result, outcome=Outcome.UNCHANGED, digest=digest, text=text)
    also = _other_urls(answer, state)
    if state.revision is None and found.source_id is not None and any(_is_had(known(url)) for url in also):
        return replace(result, outcome=Outcome.DUPLICATE, detail=also[-1][:LONGEST_DETAIL])
    meta, content_type = page_of(answer, found, digest=digest, revision_of=state.revision)
    reserved = meta.rights.reserved
    record = envelope.page_record(
        answer.body, meta, site=site_of(meta.final_url), content_type=content_type, traceparent=traceparent
    )
    return replace(result, digest=digest, text=text, page=record, also=also, reserved=reserved)


def _other_urls(answer: Fetched, state: FetchState) -> tuple[str, ...]:
    """Where the link ended, and the page that this one is the AMP or mobile twin of; on the link's own site only."""
    site = site_of(state.url)
    others = (answer.final_url, twins.canonical(answer.body, answer.final_url))
    return tuple(dict.fromkeys(url for url in others if url and url != state.url and site_of(url) == site))


def _is_had(known: Known | None) -> bool:
    return known is not None and known.revision is not None


def _handed_over(answer: Elsewhere, state: FetchState) -> Result:
    found = state.found or FoundUrl(url=state.url)
    passed = (*found.redirects, *answer.redirects)
    if answer.url in passed or len(passed) > MOST_REDIRECTS:
        return Result(outcome=Outcome.TOO_MANY_REDIRECTS, at=answer.ended_at, detail=answer.url[:LONGEST_DETAIL])
    onward = replace(found, url=answer.url, redirects=passed)
    return Result(outcome=Outcome.HANDED_OVER, at=answer.ended_at, detail=answer.url[:LONGEST_DETAIL], onward=onward)


def _outcome_of(answer: Fetched) -> tuple[Outcome, str | None]:
    outcome = of_status(answer.status)
    if outcome is not Outcome.OK:
        return outcome, None if outcome in SETTLED else f"status {answer.status}"
    if not answer.body.strip():
        return Outcome.EMPTY, "no bytes but white space"
    if not is_page(answer):
        return Outcome.NOT_TEXT, "bytes that are no text"
    return Outcome.OK, None
