"""The cleaner under a fuzzer that sees which lines run: `make fuzz`.

    python -m tests.fuzz.clean CORPUS [libFuzzer's options]

The first byte of an input chooses charset and content type, the rest is the page. An input that breaks a claim, takes
longer or needs more memory than the limits allow is written to a file `crash-…`, `timeout-…` or `oom-…`: what is at the
bottom of it belongs into the tests, among what the fuzzer found.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["services.cleaner", "services.dates"]):
    from tests.fuzz.claims import check, outcome

from services.contracts import Article

_CHARSETS = (None, "utf-8", "latin-1", "utf-16", "shift_jis", "utf-7", "gb2312", "\0")
_LIMITS = ("-timeout=10", "-malloc_limit_mb=512", "-rss_limit_mb=2560", "-max_len=30000")  # the last grows with the run
_SEEDS = sorted((Path(__file__).parents[1] / "cleaner" / "pages").iterdir())


def one(data: bytes) -> None:
    """Clean one input and check what comes out; one in two again, for the same must come out again."""
    how, page = data[0] if data else 0, data[1:]
    charset = _CHARSETS[how % len(_CHARSETS)]
    content_type = "text/plain" if how & 0x80 else "text/html"
    found = outcome(page, charset=charset, content_type=content_type)
    if isinstance(found, Article):
        check(found)
        assert not how & 0x40 or found == outcome(page, charset=charset, content_type=content_type)


def main() -> None:
    """Fuzz until told to stop, from the project's own pages on."""
    corpus = Path(sys.argv[1])
    corpus.mkdir(parents=True, exist_ok=True)
    for page in _SEEDS:
        (corpus / page.name).write_bytes(b"\1" + page.read_bytes())
    dictionary = Path(__file__).with_name("tokens.txt")
    atheris.Setup([*sys.argv, *_LIMITS, f"-dict={dictionary}"], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
