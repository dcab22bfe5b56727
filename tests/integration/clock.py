"""A fixed instant for records whose time does not matter."""

from datetime import UTC, datetime

LONG_AGO = datetime(2016, 9, 18, tzinfo=UTC)
