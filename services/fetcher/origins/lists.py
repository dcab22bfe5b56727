"""Plain lists of URLs: one a line, lines that start with # are comments."""

from services.fetcher.origins.feeds import Link, NoSource
from services.urls import BadUrl, normalise

MOST_LINKS = 50_000


def links(body: bytes) -> list[Link]:
    """The URLs of a list in its order, each once, 50,000 at most. Other lines are passed over.

    Raises NoSource if the first line that is neither empty nor a comment is no http or https URL.
    """
    found: dict[str, Link] = {}
    lines = (line.strip() for line in body.decode("utf-8-sig", "replace").splitlines())
    for line in lines:
        if not line or line.startswith("#"):
            continue
        try:
            url = normalise(line)
        except BadUrl as error:
            if not found:
                raise NoSource(f"no list of URLs: {error}") from error
            continue
        found.setdefault(url, Link(url=url))
        if len(found) >= MOST_LINKS:
            break
    return list(found.values())
