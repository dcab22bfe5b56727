"""Archives that other programs wrote (wget, wpull, crawlers of libraries), from the source archive of pywb."""

import gzip
import re
from collections import Counter
from pathlib import Path

import pytest

from services.fetcher.warc import BrokenArchive, batches, is_archive
from services.fetcher.wire.outcomes import Outcome

RESPONSE = re.compile(rb"^WARC-Type: (?:response|resource)\r*$", re.MULTILINE)
FOLDER = Path("pywb-2.10.0") / "sample_archive" / "warcs"


def responses(file: Path) -> int:
    body = file.read_bytes()
    return len(RESPONSE.findall(gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body))


def outcomes(file: Path) -> Counter[Outcome]:
    return Counter(result.outcome for batch in batches(file, honour=True) for result in batch)


def test_each_response_of_an_archive_is_accounted_for(suites: Path) -> None:
    files = sorted(file for file in (suites / FOLDER).iterdir() if is_archive(file))
    found = {file.name: outcomes(file) for file in files}
    assert len(found) > 10
    assert {name: each.total() for name, each in found.items()} == {file.name: responses(file) for file in files}
    assert found["iana.warc.gz"][Outcome.OK] == 18
    assert found["example.warc"] == found["example.warc.gz"]  # the plain one says wrong lengths


def test_the_format_before_warc_is_refused(suites: Path) -> None:
    with pytest.raises(BrokenArchive):
        outcomes(suites / FOLDER / "example.arc")
