"""When a link is fetched, and fetched again. Pure: the time is an argument."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.contracts import FetchState, FoundUrl
from services.fetcher.links.known import Known
from services.fetcher.wire.outcomes import FOR_GOOD, RETRIED, SETTLED, Outcome

# Ages of a page at which it is looked at again: most corrections come within hours, few after two days.
LOOKS = tuple(timedelta(hours=hours) for hours in (1, 4, 12, 24, 48))
# Pauses before a link whose host was ill is tried again; then only if it is found again.
RETRIES = tuple(timedelta(minutes=minutes) for minutes in (0.25, 5, 60, 240, 720, 1440))
FOUND_AGAIN = timedelta(days=1)


def is_wanted(found: FoundUrl, known: Known | None, *, waits: bool, now: datetime) -> bool:
    """Whether a link that was found is to be fetched: if it is new, if it failed a day ago, or if a user asks.

    A link without a source comes from a user, who wants it fetched whatever is known.
    """
    if found.source_id is None:
        return True
    if waits:
        return False
    if known is None:
        return True
    if known.revision is not None or known.outcome in SETTLED | FOR_GOOD:
        return False
    return now - known.fetched_at >= FOUND_AGAIN


def next_look(first_at: datetime, now: datetime) -> datetime | None:
    """When a page first had at `first_at` is looked at again; None once it is two days old."""
    return next((first_at + age for age in LOOKS if first_at + age > now), None)


def is_last_look(state: FetchState, now: datetime) -> bool:
    """Whether no further look is planned. The last one is unconditional: some hosts keep the ETag of a changed page."""
    return state.first_at is not None and next_look(state.first_at, now) is None


def planned(state: FetchState) -> FetchState:
    """The state after an attempt, with the time when the link is due again.

    A page that broke off, and of which there is a version, waits for its next look.
    """
    now, outcome = state.fetched_at, Outcome(state.outcome)
    is_had = outcome is Outcome.BROKEN_BODY and state.revision is not None
    if outcome in RETRIED and state.tries < len(RETRIES) and not is_had:
        tried = state.tries if outcome is Outcome.POSTPONED else state.tries + 1
        return replace(state, tries=tried, due_at=now + RETRIES[state.tries])
    due = None if state.first_at is None else next_look(state.first_at, now)
    return replace(state, tries=0, due_at=due, found=None if due is None else state.found)
