"""The html5lib project's tests of a page's charset, as the source archive of tinyhtml5 has them."""

from collections.abc import Iterator
from pathlib import Path

import webencodings

from services.fetcher.content.charset import charset_of

UNDECLARED = "windows-1252"  # what the tests expect where a page declares nothing; we look at its bytes then


def cases(folder: Path) -> Iterator[tuple[bytes, str]]:
    for file in sorted(folder.glob("*.dat")):
        for block in file.read_bytes().split(b"#data\n")[1:]:
            page, _, rest = block.partition(b"\n#encoding\n")
            yield page, rest.split(b"\n")[0].decode().lower()


def codec(name: str) -> str:
    encoding = webencodings.lookup(name)
    assert encoding is not None
    return str(encoding.codec_info.name)


def test_charsets_are_found_as_browsers_find_them(suites: Path) -> None:
    every = list(cases(suites / "tinyhtml5-2.1.0" / "tests" / "encoding"))
    assert len(every) == 82
    for page, wanted in every:
        found = charset_of(page, None)
        if page.startswith(b"\xef\xbb\xbf"):
            assert codec(found.used) == codec(wanted), page[:200]
        else:
            assert codec(found.declared or UNDECLARED) == codec(wanted), page[:200]
