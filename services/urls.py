"""URLs: one spelling for one page, and the site that a URL belongs to."""

import hashlib
import re
from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import unquote_plus

import ada_url
from publicsuffixlist import PublicSuffixList

LONGEST_URL = 8000
FETCHED_AT_ONCE = 1000  # URLs whose parts are kept: to take one apart costs as much as to ask for all of them
HOSTS_AT_ONCE = 10_000
PORTS = {"http:": 80, "https:": 443}
# An origin and a path, of characters that no parser changes in a path.
PLAIN = re.compile(r"(https?://[a-z0-9.:-]+)(/[A-Za-z0-9_~!$&()*+,;=:@?./-]*)")
# Query parameters that say where a reader came from, never which page it is.
TRACKING = frozenset({
    "_ga", "_gl", "_hsenc", "_hsmi", "at_campaign", "at_medium", "cmpid", "cvid", "dclid", "fbclid", "gbraid",
    "gclid", "gclsrc", "icid", "igsh", "igshid", "ito", "mc_cid", "mc_eid", "mkt_tok", "msclkid", "ncid",
    "ocid", "oly_anon_id", "oly_enc_id", "ref_src", "ref_url", "s_cid", "smid", "soc_src", "soc_trk", "spm",
    "sr_share", "ttclid", "twclid", "vero_id", "wbraid", "wt.mc_id", "wt_mc", "xtor", "yclid",
})  # fmt: skip
TRACKING_PREFIXES = ("hsa_", "mtm_", "pk_", "utm_")


class BadUrl(ValueError):
    """What is no http or https URL."""


class Parts(NamedTuple):
    """What is asked of a URL again and again while it is fetched."""

    protocol: str
    host: str
    hostname: str
    path: str
    site: str
    port: int


def normalise(url: str, base: str | None = None) -> str:
    """The URL as this project spells it, resolved against `base` if given.

    Parsed as browsers do (WHATWG URL standard): lower-case ASCII host, no default port, dots in the path resolved.
    Beyond that no credentials, no fragment, no dot at the host's end, no tracking parameters; the other parameters keep
    order and spelling. Raises BadUrl for anything but http and https, and for URLs over 8,000 characters.
    """
    if _is_normal(url):  # whatever the base: it has an origin of its own
        return url
    parsed = _web(url, base)
    href = parsed.href
    if "?" in href:
        kept = _without_tracking(parsed.search)
        parsed.search = f"?{kept}" if kept else ""
        href = parsed.href
    return _checked(href)


def resolve(url: str, base: str) -> str:
    """The URL of a redirect: as `normalise`, but every parameter stays: the site itself asks for it. Raises BadUrl."""
    return _checked(_web(url, base).href)


def host_of(url: str) -> str:
    """Host and port of a URL ("example.org", "127.0.0.1:8080"): whom politeness is due to. Raises BadUrl."""
    return parts_of(url).host


def hostname_of(url: str) -> str:
    """The host of a URL without its port ("" for a URN). Raises BadUrl."""
    return parts_of(url).hostname


def port_of(url: str) -> int:
    """The port of a URL of the web, named or not. Raises BadUrl."""
    return parts_of(url).port


def path_of(url: str) -> str:
    """Path and query of a URL. Raises BadUrl."""
    return parts_of(url).path


def robots_url(url: str) -> str:
    """Where the robots.txt stands that speaks for this URL (RFC 9309, 2.3). Raises BadUrl."""
    parts = parts_of(url)
    return f"{parts.protocol}//{parts.host}/robots.txt"


def site_of(url: str) -> str:
    """The site of a URL: the registered domain of its host ("bbc.co.uk"), without the port.

    An IP address, a single label and a public suffix are their own site; an IPv6 address stands without its brackets.
    The list of public suffixes is the one that the library `publicsuffixlist` brings. Raises BadUrl.
    """
    return parts_of(url).site


@lru_cache(maxsize=FETCHED_AT_ONCE)
def url_hash(url: str) -> str:
    """SHA-256 of a normalised URL as 64 hexadecimal digits."""
    return hashlib.sha256(url.encode()).hexdigest()


def _is_normal(url: str) -> bool:
    """Whether it can be seen without a parser that the URL is spelt as it should be, as most of them are."""
    plain = _plain(url)
    if plain is None or "?" in plain[1] or len(url) > LONGEST_URL:
        return False
    origin, _ = plain
    parts = _taken_apart(f"{origin}/")
    return origin == f"{parts.protocol}//{parts.host}" and not parts.hostname.endswith(".")


def _web(url: str, base: str | None) -> ada_url.URL:
    if len(url) > LONGEST_URL:
        raise BadUrl(f"a URL of {len(url)} characters")
    parsed = _parse(url, base)
    href = parsed.href
    if not href.startswith(("http:", "https:")):
        raise BadUrl(f"neither http nor https: {url[:200]!r}")
    if "@" in href or "#" in href:
        parsed.username = parsed.password = parsed.hash = ""
    named = parsed.hostname
    host = named.rstrip(".")
    if not host:
        raise BadUrl(f"no host: {url[:200]!r}")
    if host != named:
        try:
            parsed.hostname = host
        except ValueError as error:  # without its dots at the end it is none
            raise BadUrl(f"no host: {url[:200]!r}") from error
    return parsed


def _checked(href: str) -> str:
    if len(href) > LONGEST_URL:
        raise BadUrl(f"a URL of {len(href)} characters")
    return href


def _parse(url: str, base: str | None = None) -> ada_url.URL:
    try:
        return ada_url.URL(url, base)
    except ValueError as error:  # UnicodeEncodeError for lone surrogates is one
        raise BadUrl(f"no URL: {url[:200]!r}") from error


@lru_cache(maxsize=FETCHED_AT_ONCE)
def parts_of(url: str) -> Parts:
    """The URL taken apart; what is the same for all URLs of a host, once a host. Raises BadUrl."""
    origin, path = _plain(url) or _split(str(_parse(url).href))
    return _taken_apart(f"{origin}/")._replace(path=path) if path is not None else _taken_apart(url)


def _plain(url: str) -> tuple[str, str] | None:
    """Origin and path of a URL in which nothing is left to be resolved or encoded behind the host."""
    match = PLAIN.fullmatch(url)
    return None if match is None or "/." in match[2] else (match[1], match[2])


def _split(href: str) -> tuple[str, str | None]:
    """Origin and path of a parsed URL of the web; without a path one of any other kind."""
    protocol, _, rest = href.partition("//")
    authority, _, path = rest.partition("/")
    return f"{protocol}//{authority}", f"/{path.partition('#')[0]}" if protocol in PORTS else None


@lru_cache(maxsize=HOSTS_AT_ONCE)
def _taken_apart(url: str) -> Parts:
    parsed = _parse(url)
    host = parsed.hostname.strip("[]").rstrip(".")
    return Parts(
        protocol=parsed.protocol,
        host=parsed.host,
        hostname=parsed.hostname,
        path=f"{parsed.pathname}{parsed.search}",
        site=host if parsed.host_type != ada_url.HostType.DEFAULT else _registered_domain(host),
        port=int(parsed.port or PORTS.get(parsed.protocol, 0)),
    )


@lru_cache(maxsize=HOSTS_AT_ONCE)
def _registered_domain(host: str) -> str:
    return _suffixes().privatesuffix(host) or host


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _without_tracking(search: str) -> str:
    kept = []
    for part in search.removeprefix("?").split("&"):
        name = unquote_plus(part.partition("=")[0]).lower()
        if part and name not in TRACKING and not name.startswith(TRACKING_PREFIXES):
            kept.append(part)
    return "&".join(kept)
