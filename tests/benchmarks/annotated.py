"""Annotated news beside the shared articles: for fitting, and for scoring on what no rule was made for.

    python -m tests.benchmarks.annotated places.gwn.xml --out DIR

writes DIR/gwn.articles.jsonl and DIR/gwn.gold.jsonl, of GeoWebNews, and DIR/reports.articles.jsonl and
DIR/reports.gold.jsonl, in the form of the shared annotated articles.

geowebnews/ holds no text, for it is another's. Language models annotated its articles, two apart by the guidelines of
the other sets (events with type F1 .81, with both roles .67); a third chose. reports/ holds news that language models
made up for this and annotated, each its own: the people in it do not exist, and what it tells of never happened. In
both, columns that name words are `start-end` into the article's headline, a line feed and its text.
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

GEOWEBNEWS, REPORTS = (Path(__file__).parent / name for name in ("geowebnews", "reports"))
_KINDS = ("events", "claims", "quotes")
_WORDS = frozenset(
    {"trigger", "evidence", "actor", "recipient", "place", "reported_by", "victims", "claimant", "speaker", "content"}
)
_SHOWN_BY = {"events": "evidence", "claims": "evidence", "quotes": "content"}  # empty in a row that says "none here"
_DAY = re.compile(r"/(20\d\d)[/-]?(\d\d)[/-]?(\d\d)")
Article = dict[str, Any]


def of_geowebnews(file: Path) -> Iterator[Article]:
    """The annotated articles of the corpus; `published` is the day that the address names, if any."""
    annotated = {row["id"] for row in _rows(GEOWEBNEWS / "events.tsv")}
    for article in ET.parse(file).getroot().iter("article"):
        if article.get("file") in annotated:
            yield {
                "id": article.get("file"),
                "published": _day(article.findtext("link") or ""),
                "headline": (article.findtext("title") or "").strip(),
                "body": (article.findtext("text") or "").strip(),
            }


def of_reports() -> list[Article]:
    """The reports that were made up."""
    return [json.loads(line) for line in (REPORTS / "articles.jsonl").read_text(encoding="utf-8").splitlines()]


def gold(articles: list[Article], folder: Path) -> Iterator[dict[str, Any]]:
    """The annotations of these articles that a folder holds, the words read off their texts."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {kind: defaultdict(list) for kind in _KINDS}
    for kind, by_article in found.items():
        for row in _rows(folder / f"{kind}.tsv"):
            if row[_SHOWN_BY[kind]]:
                by_article[row["id"]].append(row)
    for article in articles:
        text = f"{article['headline']}\n{article['body']}"
        read = {kind: [_read(row, text) for row in found[kind][article["id"]]] for kind in _KINDS}
        yield {"id": article["id"], "dateline": {}, **read}


def _rows(file: Path) -> Iterator[dict[str, str]]:
    if file.exists():
        with file.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines, delimiter="\t")


def _read(row: dict[str, str], text: str) -> dict[str, Any]:
    """A row with its words in place of where they stand, and its figures and yes or no as such."""
    read: dict[str, Any] = {}
    for name, value in row.items():
        start, _, end = value.partition("-")
        if name == "id":
            continue
        if name in _WORDS and end.isdigit():
            read[name] = text[int(start) : int(end)]
        elif name in {"main", "approx", "cumulative"}:
            read[name] = value == "yes"
        elif name in {"min", "max"}:
            read[name] = int(value) if value else None
        else:
            read[name] = value or None
    return read


def _day(address: str) -> str | None:
    found = _DAY.search(address)
    try:
        return date(*map(int, found.groups())).isoformat() if found else None
    except ValueError:
        return None


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    for name, articles, folder in (
        ("gwn", list(of_geowebnews(asked.corpus)), GEOWEBNEWS),
        ("reports", of_reports(), REPORTS),
    ):
        for what, rows in (("articles", articles), ("gold", list(gold(articles, folder)))):
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            (asked.out / f"{name}.{what}.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
