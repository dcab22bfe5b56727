"""How good, how fast and how large the extractor is, on the annotated articles beside the repository.

    python -m tests.benchmarks.extract ../shared [--readme README.md]

Prints a table in Markdown and, with --readme, writes it between the README's marks. Speed is in articles a CPU-second
against `nlp(body)` with the whole model, in turns on the same articles, none of which was read before.
"""

import argparse
import gc
import json
import re
import resource
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import spacy

from services.contracts import Article
from services.extractor.extract import events_of, prepare
from services.extractor.parser.model import MODEL
from tests.benchmarks import places, sentences
from tests.benchmarks.articles import article_of, read
from tests.benchmarks.events import write

SETS = ("conflict", "general")
WIDTH = 128  # characters of a line of prose in README.md
MARKS = re.compile(r"(<!-- bench-extract -->\n).*?(<!-- /bench-extract -->)", re.DOTALL)


def scores(shared: Path, of: str) -> dict[str, dict[str, Any]]:
    """What the scorer says of one set of articles."""
    articles, gold = (shared / "data" / "events" / f"{of}.{kind}.jsonl" for kind in ("articles", "gold"))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "predicted.jsonl"
        write(articles, out, None)
        scorer = shared / "tools" / "score_events.py"
        command = [sys.executable, *map(str, (scorer, articles, gold, out)), "--json"]
        ran = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, dict[str, Any]] = json.loads(ran.stdout)
    return found


def speed(shared: Path) -> tuple[float, float]:
    """Articles a CPU-second, the extractor's and the bare model's, in turns: what else runs is the same for both."""
    articles = _articles(shared)
    nlp = spacy.load(MODEL)
    gc.freeze()  # as the extractor does with its own model
    ours = bare = 0.0
    for article in articles:
        bare += _seconds(partial(nlp, article.body))
        ours += _seconds(partial(events_of, article))
    return len(articles) / ours, len(articles) / bare


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _articles(shared: Path) -> list[Article]:
    rows = [row for of in SETS for row in read(shared / "data" / "events" / f"{of}.articles.jsonl")]
    return [article_of(row) for row in rows]


def profile(articles: list[Article]) -> Counter[str]:
    """In which of the extractor's modules the time is spent, what they call included: samples, one each 2 ms of CPU."""
    found: Counter[str] = Counter()

    def sample(_: int, frame: FrameType | None) -> None:
        while frame is not None and not frame.f_globals["__name__"].startswith("services.extractor."):
            frame = frame.f_back
        if frame is not None:
            found[frame.f_globals["__name__"].rpartition(".")[2]] += 1

    before = signal.signal(signal.SIGPROF, sample)
    signal.setitimer(signal.ITIMER_PROF, 0.002, 0.002)
    for article in articles:
        events_of(article)
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, before)
    return found


def _shares(found: Counter[str]) -> str:
    return ", ".join(f"{module} {100 * count / found.total():.0f} %" for module, count in found.most_common(12))


def table(shared: Path) -> str:
    """The table in Markdown."""
    prepare()
    ours, bare = speed(shared)  # first: no article has been read before
    found = {of: scores(shared, of) for of in SETS}
    rows = [
        f"| {measure} | {_cell(found['conflict'], measure)} | {_cell(found['general'], measure)} |"
        for measure in found["conflict"]
    ]
    named = places.score(shared / "data" / "events" / "places.gwn.xml")
    single = sentences.score(shared / "data" / "events" / "plover.dev.jsonl")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return (
        "| `make bench-extract` | conflict | general |\n|---|---|---|\n" + "\n".join(rows) + "\n\n"
        f"Places: {named['accuracy@161km']} of {named['n']} names within 161 km, median {named['median_km']} km. "
        f"PLOVER sentences: accuracy {single['accuracy']}, macro-F1 {single['macro_f1']} (n {single['n']}).\n"
        f"Speed: {ours:.1f} articles a CPU-second, {ours / bare:.2f} times the bare model. "
        f"Memory of the run, two models loaded: {memory} MB.\n"
        + textwrap.fill(f"Where the time goes, by module: {_shares(profile(_articles(shared)))}.", WIDTH)
        + "\n"
    )


def _cell(found: dict[str, dict[str, Any]], measure: str) -> str:
    score = found.get(measure)
    if score is None:
        return ""
    return f"F1 {score['f1']:.3f}" if "f1" in score else f"{score['accuracy']:.3f} (n {score['n']})"


def main() -> None:
    """Print the table; write it into the README where one is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--readme", type=Path)
    asked = parser.parse_args()
    made = table(asked.shared)
    print(made)  # noqa: T201 - a command's output
    if asked.readme is not None:
        text = asked.readme.read_text(encoding="utf-8")
        asked.readme.write_text(MARKS.sub(lambda m: m[1] + made + m[2], text), encoding="utf-8")


if __name__ == "__main__":
    main()
