"""Run the cleaner and its peers over labelled pages and write the README's table.

Each cleaner has a process of its own for each set and meets every page once; they take turns page by page, so that
whatever else the machine does meanwhile falls on all of them.

    python -m tests.benchmarks.cleaners PAGES.jsonl.xz... [--readme README.md] [--limit N]

A page is one JSON object a line with `id`, `url`, `html` and `body`, perhaps `meta`, `with` and `without`. A peer that
is not installed is left out.
The table stands between <!-- bench-clean --> and <!-- /bench-clean -->.
"""

import argparse
import gc
import json
import lzma
import multiprocessing
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import mean
from typing import Any

from tests.benchmarks.scoring import Answer, verdicts

Cleaner = Callable[[str, str], Answer]
Page = dict[str, Any]
_MARKS = ("<!-- bench-clean -->", "<!-- /bench-clean -->")
_GRAM = 4
_ASKED = ("title", "authors", "day", "instant", "with", "without")


@dataclass(frozen=True, slots=True)
class Result:
    """A cleaner on a set of pages: means a page, pages per CPU-second, peak memory in MB, `told`: shares by label."""

    precision: float
    recall: float
    speed: float
    memory: float
    told: dict[str, float]

    @property
    def f1(self) -> float:
        """The harmonic mean of the two averages."""
        return 2 * self.precision * self.recall / (self.precision + self.recall or 1)


def dateline() -> Cleaner:
    """The whole core: bytes in, Article out."""
    from services.cleaner.clean import article_of
    from services.contracts import PageMeta
    from services.stage import Rejected

    def cleaned(html: str, url: str) -> Answer:
        meta = PageMeta(url=url, final_url=url, fetched_at=datetime(2026, 11, 1, tzinfo=UTC), body_sha256="0")
        try:
            article = article_of(html.encode("utf-8", "replace"), meta, content_type="text/html; charset=utf-8")
        except Rejected:
            return Answer(body="", title="", authors=(), published="")
        published = article.published_at.isoformat() if article.published_at else ""
        return Answer(body=article.body, title=article.headline or "", authors=article.bylines, published=published)

    return cleaned


def trafilatura() -> Cleaner:
    """Text alone."""
    from trafilatura import extract

    return lambda html, url: Answer(body=extract(html, url=url, include_comments=False) or "")


def trafilatura_metadata() -> Cleaner:
    """Text and metadata: what compares with an Article."""
    from trafilatura import bare_extraction

    def cleaned(html: str, url: str) -> Answer:
        found = bare_extraction(html, url=url, include_comments=False, with_metadata=True)
        if not found:
            return Answer(body="", title="", authors=(), published="")
        authors = tuple((found.author or "").split("; "))
        return Answer(body=found.text or "", title=found.title or "", authors=authors, published=found.date or "")

    return cleaned


def trafilatura_precision() -> Cleaner:
    """Text alone, precision favoured."""
    from trafilatura import extract

    return lambda html, url: Answer(body=extract(html, url=url, include_comments=False, favor_precision=True) or "")


def readability() -> Cleaner:
    """readability-lxml, its summary as text."""
    from lxml.html import fromstring
    from readability import Document

    def cleaned(html: str, _: str) -> Answer:
        document = Document(html)
        return Answer(body="\n".join(fromstring(document.summary()).itertext()), title=document.short_title() or "")

    return cleaned


def newspaper() -> Cleaner:
    """newspaper4k, without download."""
    from newspaper import Article

    def cleaned(html: str, url: str) -> Answer:
        article = Article(url)
        article.download(input_html=html)
        article.parse()
        published = article.publish_date.isoformat() if article.publish_date else ""
        return Answer(
            body=str(article.text), title=article.title or "", authors=tuple(article.authors), published=published
        )

    return cleaned


def resiliparse() -> Cleaner:
    """Main content as plain text."""
    from resiliparse.extract.html2text import extract_plain_text

    return lambda html, _: Answer(body=extract_plain_text(html, main_content=True, alt_texts=False, links=False))


def rs_trafilatura() -> Cleaner:
    """The Rust port."""
    from rs_trafilatura import extract

    def cleaned(html: str, url: str) -> Answer:
        found = extract(html, url=url)
        authors = tuple((found.author or "").split("; "))
        return Answer(
            body=found.main_content or "", title=found.title or "", authors=authors, published=str(found.date or "")
        )

    return cleaned


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


_READY: list[Cleaner] = []  # in a cleaner's own process: that cleaner


def prepare(name: str, peers: Path, page: Page) -> str | None:
    """Load a cleaner in its own process and let it read a page; the reason where it cannot be had."""
    sys.path.append(str(peers))  # last: what the project pins comes first
    try:
        _READY[:] = [CLEANERS[name]()]
    except ImportError as error:
        return str(error)
    _cleaned(_READY[0], page)  # what is loaded once is no page's cost
    gc.collect()
    gc.freeze()
    return None


def timed(page: Page) -> tuple[Answer, float]:
    """What the process's cleaner makes of a page, and the CPU-seconds that this takes."""
    start = time.process_time()
    answer = _cleaned(_READY[0], page)
    return answer, time.process_time() - start


def peak() -> float:
    """The process's peak memory in MB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()  # rusage has the parent's
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) / 1024


def measured(pages: Callable[[], Iterator[Page]], peers: Path) -> dict[str, Result | str]:
    """Every cleaner on the same pages, in turns; the reason where one cannot be had."""
    spawn = multiprocessing.get_context("spawn")
    with ExitStack() as processes:
        pools = {name: processes.enter_context(spawn.Pool(1)) for name in CLEANERS}
        first = next(pages())
        missing = {name: pool.apply(prepare, (name, peers, first)) for name, pool in pools.items()}
        had = {name: pool for name, pool in pools.items() if missing[name] is None}
        labels, answers = [], {name: list[tuple[Answer, float]]() for name in had}
        for page in pages():
            labels.append({label: value for label, value in page.items() if label != "html"})
            for name, pool in had.items():
                answers[name].append(pool.apply(timed, (page,)))
        found = {name: _result(labels, answers[name], pool.apply(peak)) for name, pool in had.items()}
    return {name: found[name] if name in found else missing[name] or "" for name in CLEANERS}


def _result(labels: list[Page], timed_answers: list[tuple[Answer, float]], memory: float) -> Result:
    answers = [answer for answer, _ in timed_answers]
    scores = [precision_recall(page["body"], answer.body) for page, answer in zip(labels, answers, strict=True)]
    return Result(
        precision=mean(score[0] for score in scores),
        recall=mean(score[1] for score in scores),
        speed=len(answers) / sum(took for _, took in timed_answers),
        memory=memory,
        told=_told(labels, answers),
    )


def pages_of(path: Path, limit: int | None) -> Iterator[Page]:
    """The first pages of a set, one in memory at a time."""
    with lzma.open(path, "rt", encoding="utf-8") as rows:
        yield from islice((json.loads(row) for row in rows if row.strip()), limit)


def _told(pages: list[Page], answers: list[Answer]) -> dict[str, float]:
    """The share that is right of each thing that is labelled and that the cleaner says at all."""
    found: dict[str, list[bool]] = {}
    for page, answer in zip(pages, answers, strict=True):
        for what, right in verdicts(page, answer):
            found.setdefault(what, []).append(right)
    fields = {"title": "title", "authors": "authors", "day": "published", "instant": "published"}
    silent = {what for what, name in fields.items() if all(getattr(answer, name) is None for answer in answers)}
    return {what: mean(each) for what, each in found.items() if what not in silent}


def _cleaned(cleaner: Cleaner, page: Page) -> Answer:
    """What a cleaner makes of a page; one on which it stumbles counts as empty."""
    try:
        return cleaner(page["html"], page["url"])
    except Exception as error:  # noqa: BLE001 - whatever a peer raises
        print(f"{page['id']}: {type(error).__name__}", file=sys.stderr)  # noqa: T201
        return Answer(body="")


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


def tables(results: dict[str, list[Result | str]], sets: list[str]) -> str:
    """Two tables, a cleaner a row: body, speed and memory; then what else is labelled, set by set."""
    had = {name: [each for each in many if isinstance(each, Result)] for name, many in results.items()}
    had = {name: many for name, many in had.items() if many}
    return f"{_table(_bodies(had, sets))}\n\n{_table(_labels(had, sets))}"


def _bodies(results: dict[str, list[Result]], sets: list[str]) -> list[list[str]]:
    rows = [["", *(f"{name}: F1 (P, R)" for name in sets), "pages a CPU-second", "MB"]]
    for name, had in results.items():
        scores = [f"{result.f1:.3f} ({result.precision:.3f}, {result.recall:.3f})" for result in had]
        speed = len(had) / sum(1 / result.speed for result in had)
        rows.append([name, *scores, f"{speed:.0f}", f"{max(result.memory for result in had):.0f}"])
    return rows


def _labels(results: dict[str, list[Result]], sets: list[str]) -> list[list[str]]:
    """A column for everything that a set labels and any cleaner says."""
    columns = [
        (at, what)
        for at in range(len(sets))
        for what in _ASKED
        if any(what in had[at].told for had in results.values())
    ]
    rows = [["", *(f"{sets[at]}: {what}" for at, what in columns)]]
    for name, had in results.items():
        shares = [had[at].told.get(what) for at, what in columns]
        rows.append([name, *("" if share is None else f"{share:.3f}" for share in shares)])
    return rows


def _table(rows: list[list[str]]) -> str:
    marked = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    return "\n".join("| " + " | ".join(row) + " |" for row in marked)


def main() -> None:
    """Measure all cleaners on every set and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--peers", type=Path, default=Path(".venv/peers"))
    parser.add_argument("--readme", type=Path)
    parser.add_argument("--limit", type=int)
    asked = parser.parse_args()
    results: dict[str, list[Result | str]] = {}
    for path in asked.pages:
        for name, result in measured(partial(pages_of, path, asked.limit), asked.peers).items():
            results.setdefault(name, []).append(result)
            print(f"{time.strftime('%H:%M:%S')} {name}, {path.name}: {result}", file=sys.stderr)  # noqa: T201
    made = tables(results, [path.name.partition(".")[0] for path in asked.pages])
    print(made)  # noqa: T201
    if asked.readme:
        text = asked.readme.read_text(encoding="utf-8")
        before, _, rest = text.partition(_MARKS[0])
        after = rest.partition(_MARKS[1])[2]
        asked.readme.write_text(f"{before}{_MARKS[0]}\n{made}\n{_MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
