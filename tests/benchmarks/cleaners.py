"""Run the cleaner and its peers over labelled pages, each in a process of its own, and write the README's table.

    python -m tests.benchmarks.cleaners PAGES.jsonl.xz... [--readme README.md] [--limit N]

A page is one JSON object a line with `id`, `url`, `html` and `body`, in some sets also `with` and `without`: texts that
must and must not be in what comes out. A peer that is not installed is left out.
The table stands between <!-- bench-clean --> and <!-- /bench-clean -->.
"""

import argparse
import gc
import json
import lzma
import multiprocessing
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any

Cleaner = Callable[[str, str], str]
_MARKS = ("<!-- bench-clean -->", "<!-- /bench-clean -->")
_GRAM = 4


@dataclass(frozen=True, slots=True)
class Result:
    """A cleaner on a set of pages: means a page, pages per CPU-second, peak memory in MB.

    `segments`: the share of texts that must be there and are, and of those that must not and are not; None without any.
    """

    precision: float
    recall: float
    segments: tuple[float, float] | None
    speed: float
    memory: float

    @property
    def f1(self) -> float:
        """The harmonic mean of the two averages."""
        return 2 * self.precision * self.recall / (self.precision + self.recall or 1)


def dateline() -> Cleaner:
    """The whole core: bytes in, Article out."""
    from services.cleaner.clean import article_of
    from services.contracts import PageMeta
    from services.stage import Rejected

    def cleaned(html: str, url: str) -> str:
        meta = PageMeta(url=url, final_url=url, fetched_at=datetime(2026, 1, 1, tzinfo=UTC), body_sha256="0")
        try:
            return article_of(html.encode("utf-8", "replace"), meta, content_type="text/html; charset=utf-8").body
        except Rejected:
            return ""

    return cleaned


def trafilatura() -> Cleaner:
    """Text alone."""
    from trafilatura import extract

    return lambda html, url: extract(html, url=url, include_comments=False) or ""


def trafilatura_metadata() -> Cleaner:
    """Text and metadata: what compares with an Article."""
    from trafilatura import bare_extraction

    def cleaned(html: str, url: str) -> str:
        found = bare_extraction(html, url=url, include_comments=False, with_metadata=True)
        return (found.text or "") if found else ""

    return cleaned


def trafilatura_precision() -> Cleaner:
    """Text alone, precision favoured."""
    from trafilatura import extract

    return lambda html, url: extract(html, url=url, include_comments=False, favor_precision=True) or ""


def readability() -> Cleaner:
    """readability-lxml, its summary as text."""
    from lxml.html import fromstring
    from readability import Document

    return lambda html, _: "\n".join(fromstring(Document(html).summary()).itertext())


def newspaper() -> Cleaner:
    """newspaper4k, without download."""
    from newspaper import Article

    def cleaned(html: str, url: str) -> str:
        article = Article(url)
        article.download(input_html=html)
        article.parse()
        return str(article.text)

    return cleaned


def resiliparse() -> Cleaner:
    """Main content as plain text."""
    from resiliparse.extract.html2text import extract_plain_text

    return lambda html, _: extract_plain_text(html, main_content=True, alt_texts=False, links=False)


def rs_trafilatura() -> Cleaner:
    """The Rust port."""
    from rs_trafilatura import extract

    return lambda html, url: extract(html, url=url).main_content or ""


CLEANERS: dict[str, Callable[[], Cleaner]] = {
    "**Dateline** (the whole Article)": dateline,
    "trafilatura": trafilatura,
    "trafilatura, with metadata": trafilatura_metadata,
    "trafilatura, precision": trafilatura_precision,
    "rs-trafilatura": rs_trafilatura,
    "readability-lxml": readability,
    "newspaper4k": newspaper,
    "resiliparse": resiliparse,
}


@dataclass(frozen=True, slots=True)
class Run:
    """What to measure: a cleaner on the first pages of a set; where the peers are installed."""

    name: str
    path: Path
    limit: int | None
    peers: Path


def measured(run: Run) -> Result | str:
    """One cleaner over one set; the reason where it cannot be had."""
    sys.path.append(str(run.peers))  # last: what the project pins comes first
    with lzma.open(run.path, "rt", encoding="utf-8") as rows:
        pages = [json.loads(row) for row in rows if row.strip()][: run.limit]
    try:
        cleaner = CLEANERS[run.name]()
    except ImportError as error:
        return str(error)
    cleaner(pages[0]["html"], pages[0]["url"])  # what is loaded once is no page's cost
    gc.collect()
    gc.freeze()
    start = time.process_time()
    bodies = [_cleaned(cleaner, page) for page in pages]
    took = time.process_time() - start
    scores = [precision_recall(page["body"], body) for page, body in zip(pages, bodies, strict=True)]
    return Result(
        precision=mean(score[0] for score in scores),
        recall=mean(score[1] for score in scores),
        segments=segments(pages, bodies),
        speed=len(pages) / took,
        memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def segments(pages: list[dict[str, Any]], bodies: list[str]) -> tuple[float, float] | None:
    """The share of the pages' `with` that is found in their bodies, and of their `without` that is not."""
    flat = [" ".join(body.split()) for body in bodies]
    found, kept_in = (
        [
            " ".join(text.split()) in body
            for page, body in zip(pages, flat, strict=True)
            for text in page.get(name) or ()
        ]
        for name in ("with", "without")
    )
    return (mean(found), 1 - mean(kept_in)) if found and kept_in else None


def _cleaned(cleaner: Cleaner, page: dict[str, str]) -> str:
    """The body; a page on which a peer stumbles counts as empty."""
    try:
        return cleaner(page["html"], page["url"])
    except Exception as error:  # noqa: BLE001 - whatever a peer raises
        print(f"{page['id']}: {type(error).__name__}", file=sys.stderr)  # noqa: T201
        return ""


def precision_recall(gold: str, found: str) -> tuple[float, float]:
    """Of the shingles of four words, as multisets."""
    wanted, got = _shingles(gold), _shingles(found)
    both = (wanted & got).total()
    return both / max(1, got.total()), both / max(1, wanted.total())


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return (
        Counter(tuple(words[at : at + _GRAM]) for at in range(max(1, len(words) - _GRAM + 1))) if words else Counter()
    )


def table(results: dict[str, list[Result | str]], sets: list[str]) -> str:
    """The table, a cleaner a row; F1 (precision, recall) a set, then wanted and unwanted texts, speed and memory."""
    head = ["", *(f"{name}: F1 (P, R)" for name in sets), "wanted found, unwanted kept out", "pages a CPU-second", "MB"]
    rows = [head, ["---"] * len(head)]
    for name, each in results.items():
        had = [result for result in each if isinstance(result, Result)]
        if not had:
            continue
        scores = [f"{result.f1:.3f} ({result.precision:.3f}, {result.recall:.3f})" for result in had]
        speed = len(had) / sum(1 / result.speed for result in had)
        told = ", ".join(f"{share:.3f}" for result in had for share in result.segments or ())
        rows.append([name, *scores, told, f"{speed:.0f}", f"{max(result.memory for result in had):.0f}"])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def main() -> None:
    """Run every cleaner in a process of its own and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--peers", type=Path, default=Path(".venv/peers"))
    parser.add_argument("--readme", type=Path)
    parser.add_argument("--limit", type=int)
    asked = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    results: dict[str, list[Result | str]] = {}
    for name in CLEANERS:
        for path in asked.pages:
            with spawn.Pool(1) as one:
                results.setdefault(name, []).append(one.apply(measured, (Run(name, path, asked.limit, asked.peers),)))
            print(name, path.name, results[name][-1], file=sys.stderr)  # noqa: T201
    made = table(results, [path.name.partition(".")[0] for path in asked.pages])
    print(made)  # noqa: T201
    if asked.readme:
        text = asked.readme.read_text(encoding="utf-8")
        before, _, rest = text.partition(_MARKS[0])
        after = rest.partition(_MARKS[1])[2]
        asked.readme.write_text(f"{before}{_MARKS[0]}\n{made}\n{_MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
