"""What the site memory costs and gains: `python -m tests.benchmarks.memory [fundus] [wcxb] [scrapinghub]`.

Prints the megabytes that a worker holds for 100,000 sites with full memories and the milliseconds of CPU for a page's
lesson and advice (in the child) and for learning it (in the parent). For each set of labelled pages it prints the body
F1 of the pages whose site has several, alone and with what the other pages teach: as it is, and where fewer stories are
enough to teach.
"""

import argparse
import random
import resource
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from services.cleaner import memory
from services.cleaner.memory import Known
from services.contracts import Article
from tests.cleaner.test_cleaner_memory import article as story_of
from tests.quality.test_clean_quality import pages
from tests.quality.test_memory_quality import Labelled, advised, f1, sites

SITES = 100_000
SITE = "harbour-post.example"
OWN_LINES = 30  # of a story, that no other prints
COMMON_LINES = 5  # that every story of the site prints
REPEATED = 2000


def story(number: int) -> bytes:
    """A lesson of a story that a full memory takes in."""
    own = [random.getrandbits(40) for _ in range(OWN_LINES)]
    return struct.pack(f"<{2 + COMMON_LINES + OWN_LINES}Q", 4 * number, number + 1, *range(COMMON_LINES), *own)


def full() -> bytes:
    """A memory that has no room left."""
    known = None
    for number in range(2 * memory.STORIES):
        known = memory.learnt(SITE, known, story(number)) or known
    assert known is not None
    return known


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def held(known: bytes) -> float:
    """Megabytes that the parent holds for 100,000 such memories."""
    before = resident()
    sites = {f"newspaper-{number}.example": known.replace(SITE.encode(), b"%d" % number) for number in range(SITES)}
    return (resident() - before) / 1e6 if sites else 0


def say(line: str) -> None:
    """Writes one line of the result."""
    sys.stdout.write(line + "\n")


def milliseconds(call: Callable[[], object]) -> float:
    """Of CPU, for one call."""
    started = time.process_time()
    for _ in range(REPEATED):
        call()
    return (time.process_time() - started) / REPEATED * 1000


def article() -> Article:
    """A page of 35 paragraphs of 150 characters."""
    return story_of(1, *(f"{number} {'word ' * 29}" for number in range(OWN_LINES + COMMON_LINES)))


def costs(known: bytes) -> None:
    """Prints what a page costs."""
    made, number = article(), iter(range(10_000, 10_000_000))
    say(f"lesson {milliseconds(lambda: memory.lesson_of(made, SITE, Known())):.3f} ms a page that is taken in")
    say(f"advice {milliseconds(lambda: memory.without_furniture(made, Known.of(known))):.3f} ms a page")
    say(
        f"learnt {milliseconds(lambda: memory.learnt(SITE, known, story(next(number)))):.3f} ms a page that is taken in"
    )


def gains(groups: dict[str, list[Labelled]]) -> None:
    """Prints F1 without and with the memory."""
    for enough in (memory.ENOUGH, 2, 1):
        with patch.object(memory, "ENOUGH", enough):
            told = [each for site, group in groups.items() for each in advised(site, group)]
        changed = sum(before is not after for _, before, after in told)
        alone, taught = f1(each[:2] for each in told), f1((gold, after) for gold, _, after in told)
        say(f"  {enough} stories enough: F1 {alone:.4f} alone, {taught:.4f} with memory, {changed} pages changed")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", nargs="*", metavar="SET")
    asked = parser.parse_args()
    known = full()
    say(f"{SITES:,} sites with full memories of {len(known):,} bytes: {held(known):.0f} MB")
    costs(known)
    for name in asked.labelled:
        groups = sites(pages(name))
        say(f"{name}: {sum(map(len, groups.values()))} pages of {len(groups)} sites")
        gains(groups)


if __name__ == "__main__":
    main()
