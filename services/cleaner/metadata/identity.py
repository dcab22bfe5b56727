"""Which article a page is: its canonical URL, and the id made of it."""

from services.envelope import sha256
from services.urls import BadUrl, normalise, path_of, site_of


def article_url(url: str) -> str:
    """The URL as it names the article: normalised; what is no http(s) URL (urn:…) as it is."""
    try:
        return normalise(url)
    except BadUrl:
        return url


def canonical(said: list[str], final_url: str) -> str | None:
    """The first of the page's own claims (rel=canonical, og:url) that is an http(s) URL of the same site, normalised.

    A claim for another site is not trusted: anybody could overwrite anybody's article. Nor is one for the site's front
    page, which templates print on every page.
    """
    return next((url for claim in said if (url := absolute(final_url, claim)) and _trusted(url, final_url)), None)


def _trusted(url: str, final_url: str) -> bool:
    try:
        return site_of(url) == site_of(final_url) and (path_of(url) != "/" or path_of(final_url) == "/")
    except BadUrl:
        return False


def article_id(url: str) -> str:
    """32 hexadecimal digits: SHA-256 of the URL as given (normalise it first)."""
    return sha256(url.encode("utf-8", errors="replace"))[:32]


def absolute(base: str, link: str | None) -> str | None:
    """`link` as an absolute http(s) URL; None for anything else (data:, javascript:, broken)."""
    try:
        return normalise(link.strip(), base) if link else None
    except BadUrl:
        return None
