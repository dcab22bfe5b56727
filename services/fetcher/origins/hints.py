"""What a feed and its host say about how often to come: ttl, skipHours, skipDays, sy:updatePeriod, Cache-Control."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

HEAD = 32 * 1024  # bytes in which the channel's own elements are looked for
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
# RSS 1.0 Syndication module; years of a feed are as good as months.
PERIODS = {b"hourly": HOUR, b"daily": DAY, b"weekly": 7 * DAY, b"monthly": 30 * DAY, b"yearly": 30 * DAY}
DAYS = (b"monday", b"tuesday", b"wednesday", b"thursday", b"friday", b"saturday", b"sunday")
TTL = re.compile(rb"<ttl>\s*(\d{1,6})\s*</ttl>", re.IGNORECASE)
PERIOD = re.compile(rb"<(?:[\w-]+:)?updatePeriod>\s*(\w+)\s*<", re.IGNORECASE)
FREQUENCY = re.compile(rb"<(?:[\w-]+:)?updateFrequency>\s*(\d{1,6})\s*<", re.IGNORECASE)
SKIPPED = re.compile(rb"<(skipHours|skipDays)>(.{0,2000}?)</\1>", re.IGNORECASE | re.DOTALL)
HOUR_OF = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
DAY_OF = re.compile(rb"<day>\s*(\w+)\s*</day>", re.IGNORECASE)
MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hints:
    """`interval`: seconds between two readings that the source suggests; hours (UTC) and weekdays without readings."""

    interval: float | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()


def of(body: bytes, headers: Mapping[str, str]) -> Hints:
    """The hints of a feed's body and of the answer's headers; the body's interval counts before the headers'.

    RSS 2.0 counts hours 0 to 23, some feeds 1 to 24. A feed that skips every hour, or every day, skips none.
    """
    head = body[:HEAD]
    skipped = {name.lower(): inside for name, inside in SKIPPED.findall(head)}
    hours = {int(hour) % 24 for hour in HOUR_OF.findall(skipped.get(b"skiphours", b""))}
    named = [day.lower() for day in DAY_OF.findall(skipped.get(b"skipdays", b""))]
    days = {DAYS.index(day) for day in named if day in DAYS}
    return Hints(
        interval=_ttl(head) or _period(head) or _max_age(headers),
        skip_hours=tuple(sorted(hours)) if len(hours) < 24 else (),  # noqa: PLR2004 - hours of a day
        skip_days=tuple(sorted(days)) if len(days) < len(DAYS) else (),
    )


def _ttl(head: bytes) -> float | None:
    match = TTL.search(head)
    return int(match.group(1)) * MINUTE or None if match else None


def _period(head: bytes) -> float | None:
    match, frequency = PERIOD.search(head), FREQUENCY.search(head)
    if match is None or match.group(1).lower() not in PERIODS:
        return None
    return PERIODS[match.group(1).lower()] / max(1, int(frequency.group(1)) if frequency else 1)


def _max_age(headers: Mapping[str, str]) -> float | None:
    match = MAX_AGE.search(headers.get("Cache-Control", ""))
    return float(match.group(1)) or None if match else None
