"""Stories made up for the tests: invented states, invented events, traits that real stories have."""

from datetime import UTC, datetime
from typing import Any

from services.contracts import Article, Dateline, Image

REVISION = datetime(2024, 5, 8, 16, 0, tzinfo=UTC)

TRUCE_HEADLINE = "Toravia ceasefire in danger after Westland-led drone strike kills guards"
TRUCE_CAPTION = (
    "The Lakeland Observatory for Human Rights said at least 45 guards were killed in the strike. "
    "Toravia's ally Ostmark put the death toll at 31."
)
TRUCE_BODY = """\
The ceasefire in Toravia seems close to an end after dozens of Toravian guards loyal to Governor Hamid Sorel were \
killed in a Westland-led coalition drone strike on Tuesday.

The latest drone strike, which killed at least 31 guards of the Toravian government at Mount Karal near Belasur \
airport, has endangered the ceasefire signed by Westland and Ostmark.

Ostmark called for an urgent session of the League Council, but the session ended without a result.

The Coalition Command said its pilots “would never knowingly fire on a guard post”.

The ceasefire was signed by Westland and Ostmark on May 2, halting two years of war.

“The crews of these drones — unless somebody gave them such an order — were careless beyond belief,” a statement from \
the Ostmark defence ministry said, MNA reported.

The rebels have agreed to “keep talking” for a while.

Meanwhile, government troops have launched a new offensive against Red Dawn in the town of Sefer, MNA quoted unnamed \
army officers as saying.

On Wednesday, Red Dawn claimed to have hit a Toravian helicopter near Sefer, killing one pilot."""


def article(body: str, **fields: Any) -> Article:
    """An English article of 8 May 2024, a Wednesday."""
    given: dict[str, Any] = {
        "article_id": "story",
        "revision": REVISION,
        "url": "https://courier.example/story",
        "body": body,
        "body_sha256": "",
        "language": "en",
        "published_at": REVISION,
        "cleaner_version": "tests",
    }
    return Article(**given | fields)


TRUCE = article(
    TRUCE_BODY,
    headline=TRUCE_HEADLINE,
    agencies=("MNA",),
    dateline=Dateline(place="Korrin", datetime="2024-05-08T13:57:00+05:30", text="Korrin May 8, 2024, 01.57 PM (IST)"),
    images=(Image(caption=TRUCE_CAPTION, credit="MNA"),),
)
