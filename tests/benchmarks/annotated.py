"""News of GeoWebNews with annotated events and claims: for fitting, and for scoring on what no rule was made for.

    python -m tests.benchmarks.annotated places.gwn.xml --out DIR

writes DIR/gwn.articles.jsonl and DIR/gwn.gold.jsonl in the form of the other annotated articles. The annotations beside
this file hold no text: columns that name words are `start-end` into the article's title, a line feed and its text.
Language models annotated, two apart by the guidelines of the other sets (events with type F1 .81, with both roles
.67); a third chose.
"""

import argparse
import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

HERE = Path(__file__).parent
_WORDS = frozenset({"trigger", "evidence", "actor", "recipient", "place", "victims", "claimant"})
_DAY = re.compile(r"/(20\d\d)[/-]?(\d\d)[/-]?(\d\d)")


def articles(file: Path) -> Iterator[dict[str, Any]]:
    """The annotated articles of the corpus; `published` is the day that the address names, if any."""
    annotated = {row["id"] for row in _rows("events")}
    for article in ET.parse(file).getroot().iter("article"):
        if article.get("file") in annotated:
            yield {
                "id": article.get("file"),
                "published": _day(article.findtext("link") or ""),
                "headline": (article.findtext("title") or "").strip(),
                "body": (article.findtext("text") or "").strip(),
            }


def gold(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The annotations of these articles, the words read off their texts."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {kind: defaultdict(list) for kind in ("events", "claims")}
    for kind, by_article in found.items():
        for row in _rows(kind):
            by_article[row.pop("id")].append(row)
    for row in rows:
        text = f"{row['headline']}\n{row['body']}"
        read = {kind: [_read(each, text) for each in found[kind][row["id"]] if each["evidence"]] for kind in found}
        yield {"id": row["id"], "dateline": {}, "quotes": [], **read}


def _rows(kind: str) -> Iterator[dict[str, str]]:
    with (HERE / f"geowebnews.{kind}.tsv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t")


def _read(row: dict[str, str], text: str) -> dict[str, Any]:
    """A row with its words in place of where they stand, and its figures and yes or no as such."""
    read: dict[str, Any] = {}
    for name, value in row.items():
        start, _, end = value.partition("-")
        if name in _WORDS and end.isdigit():
            read[name] = text[int(start) : int(end)]
        elif name in {"main", "approx", "cumulative"}:
            read[name] = value == "yes"
        else:
            read[name] = (int(value) if value.isdigit() else value) or None
    return read


def _day(address: str) -> str | None:
    found = _DAY.search(address)
    try:
        return date(*map(int, found.groups())).isoformat() if found else None
    except ValueError:
        return None


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    rows = list(articles(asked.corpus))
    for name, lines in (("articles", rows), ("gold", list(gold(rows)))):
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (asked.out / f"gwn.{name}.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
