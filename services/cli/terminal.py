"""Articles and events as a person reads them in a terminal."""

from collections.abc import Iterable, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from services.contracts import Actor, Article, Claim, Event

NOBODY = "narrator"
LONGEST_QUOTE = 160
_EXACT = 0.2  # confidence below which only the country of a place is shown
_SURE = 0.5  # confidence below which a day is more often another, or none


def console(*, stderr: bool = False) -> Console:
    """A console as wide as the terminal, and at least wide enough for the table where there is none."""
    made = Console(stderr=stderr, highlight=False)
    if not made.is_terminal:
        made = Console(stderr=stderr, highlight=False, width=160)
    return made


def events_table(events: Sequence[Event]) -> RenderableType:
    """The events of one article under its headline: who did what to whom, where, when, how many, who says so."""
    if not events:
        return Text("no events")
    about = events[0].article
    where_from = " · ".join(part for part in (about.publisher or about.url, _day(about.published_at)) if part)
    table = Table(show_edge=False, pad_edge=False, header_style="bold", row_styles=("", "dim"))
    for column in ("what", "who", "to whom", "where", "when", "how many", "says who"):
        table.add_column(column, overflow="fold")
    for event in events:
        table.add_row(*(Text(cell) for cell in row(event)), style="bold" if event.main else None)
    quotes = [
        Text(f"“{_cut(quote.span.text.rstrip(','))}” - {quote.speaker or 'unknown'}")
        for e in events
        for quote in e.quotes
    ]
    said = [Padding(Group(*quotes), (0, 0, 0, 2))] if quotes else []
    return Group(Text(about.headline or about.url, style="bold"), Text(where_from), table, *said, Text())


def row(event: Event) -> tuple[str, str, str, str, str, str, str]:
    """The table's row for an event."""
    what = event.event_type if event.realis == "happened" else f"{event.event_type} ({event.realis})"
    said = event.event_type == "STATEMENT"  # its words stand below the table
    return (
        what if said else f"{what}: {event.trigger.text}",
        _names(event.actor),
        _names(event.recipient),
        _where(event),
        _when(event),
        "\n".join(how_many(claim) for claim in event.claims),
        _says_who(event),
    )


def how_many(claim: Claim) -> str:
    """A claim in a few words: "at least 90 dead - Syrian Observatory", "dozens (24 or more) injured"."""
    who = "" if claim.claimant.text == NOBODY else f" - {claim.claimant.text}"
    denied = "" if claim.stance == "asserts" else f" ({claim.stance})"
    return f"{_number(claim)} {claim.kind}{denied}{who}"


def _number(claim: Claim) -> str:
    if claim.min == claim.max:
        return f"about {claim.min}" if claim.approx else str(claim.min)
    if claim.max is None:
        vague = claim.approx and claim.qualifier
        return f"{claim.qualifier} ({claim.min} or more)" if vague else f"{claim.qualifier or 'at least'} {claim.min}"
    return f"up to {claim.max}" if claim.min is None else f"{claim.min} to {claim.max}"


def article_text(article: Article) -> RenderableType:
    """The article as a person reads it, with what was found out about it and what was removed."""
    facts = Table(show_header=False, box=None, pad_edge=False)
    for name, value in _facts(article):
        facts.add_row(Text(name, style="bold"), Text(value))
    removed = Table(show_edge=False, pad_edge=False, header_style="bold")
    removed.add_column("removed", overflow="fold")
    removed.add_column("why")
    for each in article.removed:
        removed.add_row(Text(each.text), each.reason)
    return Group(facts, Text(), Text(article.body), Text(), removed)


def _facts(article: Article) -> Iterable[tuple[str, str]]:
    dateline = article.dateline
    facts = (
        ("headline", article.headline),
        ("by", ", ".join(article.bylines)),
        ("agencies", ", ".join(article.agencies)),
        ("credit line", article.credit_line),
        ("publisher", article.publisher),
        (
            "published",
            f"{article.published_at.isoformat()} ({article.published_from})" if article.published_at else None,
        ),
        ("dateline", f"{dateline.place or ''} {dateline.datetime or ''}".strip() if dateline else None),
        ("language", article.language),
        *(("image", " | ".join(filter(None, (each.caption, each.credit)))) for each in article.images),
        ("article id", article.article_id),
    )
    return ((name, value) for name, value in facts if value)


def _names(actors: tuple[Actor, ...]) -> str:
    return ", ".join(f"{each.name} [{each.country}]" if each.country else each.name for each in actors)


def _where(event: Event) -> str:
    place = event.location
    if place is None:
        return ""
    if place.country and place.confidence is not None and place.confidence < _EXACT:
        return f"({place.country})"
    at = "" if place.lat is None else f" {'near ' * (place.precision == 'near')}{place.lat:.2f},{place.lon:.2f}"
    return f"{place.text}{f' ({place.country})' if place.country else ''}{at}"


def _when(event: Event) -> str:
    day = event.date
    if day is None:
        return ""
    return f"{day.value}?" if day.confidence is not None and day.confidence < _SURE else day.value


def _says_who(event: Event) -> str:
    said = event.attribution
    if said is None or said.source == NOBODY:
        return ""
    return f"{said.source} (via {said.via})" if said.via else said.source


def _day(instant: object) -> str:
    return str(instant)[:10] if instant else ""


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"
