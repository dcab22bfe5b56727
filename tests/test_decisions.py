"""The contents of DECISIONS.md name what stands there."""

import re
from pathlib import Path

DECISIONS = (Path(__file__).parent.parent / "DECISIONS.md").read_text()


def test_every_decision_stands_in_the_contents_once() -> None:
    contents, _, entries = DECISIONS.partition("\n## 20")
    rows = re.findall(r"^- \*\*[^*]+\*\*: (.+?)\.$", contents, re.MULTILINE | re.DOTALL)
    named = [" ".join(name.split()) for row in rows for name in row.split("|")]
    written = re.findall(r"^## \d{4}-\d\d-\d\d (.+)$", f"## 20{entries}", re.MULTILINE)
    assert sorted(named) == sorted(written)
