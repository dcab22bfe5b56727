"""Who publishes a page: its name, its other names, its country."""

import re
from functools import lru_cache

from services import urls
from services.cleaner.metadata.metadata import Metadata

_LONGEST = 100  # characters of a site's name

# Country codes that are sold as words.
_NO_COUNTRY = frozenset({"IO", "AI", "TV", "ME", "CO", "EU", "CC", "FM", "LY", "GG", "WS", "TO"})


def publisher_of(metadata: Metadata) -> str | None:
    """The name that the page gives its publisher."""
    return (
        metadata.first("og:site_name", "application-name")
        or metadata.story.publisher
        or metadata.microdata("publisher")
    )


def site_names(metadata: Metadata) -> frozenset[str]:
    """Every name of the site that the page or its address give, `squeezed`."""
    said = (
        *metadata.every(
            "og:site_name",
            "application-name",
            "apple-mobile-web-app-title",
            "twitter:site",
            "publisher",
            "dc.publisher",
        ),
        metadata.story.publisher or "",
        metadata.microdata("publisher") or "",
        *metadata.home,
    )
    short = [name[:_LONGEST] for name in said]
    named = [*short, *(re.sub(r"\([^()]*\)", "", name) for name in short)]
    found = {*map(squeezed, named), *_host_names(metadata.url)}
    return frozenset(found - {"", squeezed((metadata.story.headline or "")[:_LONGEST])})


@lru_cache(maxsize=1024)
def _host_names(url: str) -> tuple[str, ...]:
    """What a site is called by its address: that of www.paper.co.uk is paper.co.uk and paper."""
    try:
        host, site = urls.hostname_of(url), urls.site_of(url)
    except urls.BadUrl:
        return ()
    return tuple(
        {squeezed(host), squeezed(host.removeprefix("www.")), squeezed(site), squeezed(site.partition(".")[0])}
    )


@lru_cache(maxsize=1024)
def squeezed(name: str) -> str:
    """The letters and digits of a name in lower case, nothing else: "The Vale-Courier" is thevalecourier."""
    return re.sub(r"[\W_]+", "", name.casefold())


def country_of(url: str, metadata: Metadata) -> str | None:
    """ISO 3166-1 alpha-2 of the paper, from its top-level domain or its language's region; None if neither says."""
    ending = (host_of(url) or "").rpartition(".")[2].upper()
    if len(ending) == 2 and ending.isalpha() and ending not in _NO_COUNTRY:  # noqa: PLR2004 - country codes have two letters
        return "GB" if ending == "UK" else ending
    region = re.search(r"[-_]([A-Za-z]{2})\b", metadata.language or metadata.first("og:locale") or "")
    return region[1].upper() if region else None


def host_of(url: str) -> str | None:
    """The host of a URL; None where it has none."""
    try:
        return urls.hostname_of(url) or None
    except urls.BadUrl:
        return None
