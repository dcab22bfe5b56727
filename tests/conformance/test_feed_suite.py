"""The feeds of feedparser's own tests, from its source archive."""

from pathlib import Path

from services.fetcher.origins import feeds, wellformed
from services.fetcher.origins.feeds import Link, NoSource

URL = "http://example.org/feed.xml"


def exact(body: bytes) -> list[Link] | None:
    try:
        return feeds.exact(body, url=URL)
    except NoSource:
        return None


def quick(body: bytes) -> list[Link] | None:
    try:
        return feeds.quick(body, url=URL)
    except wellformed.Unsure:
        return None


def test_the_quick_reader_answers_as_the_exact_one_or_not_at_all(suites: Path) -> None:
    files = sorted((suites / "feedparser-6.0.14" / "tests").rglob("*.xml"))
    assert len(files) > 2000
    both = [(file.name, exact(body), quick(body)) for file in files for body in (file.read_bytes(),)]
    answered = [each for each in both if each[2] is not None]
    assert [(name, ours, theirs) for name, theirs, ours in answered if ours != theirs] == []
    assert len(answered) > 1800
    assert sum(bool(links) for _, links, _ in both) > 60
