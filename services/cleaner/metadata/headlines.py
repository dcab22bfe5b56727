"""The headline, settled between what the page shows and what it tells others."""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from services import dates
from services.cleaner.metadata import slugs
from services.cleaner.metadata.metadata import Metadata
from services.cleaner.metadata.publishers import site_names, squeezed
from services.cleaner.text.lines import UNSPACED, folded, word_count

_BARS = re.compile(r"\s+[|–—•·:»«/-]{1,2}\s+|\s*[|｜]\s*|\s+::\s+")
_ABOUT = 0.25  # how much of a title's and a heading's words must be the same for them to head one story (Dice)
_NAMED = 0.5  # how much of a heading's and the address's words must be the same where no title is like it
_LONGEST_TITLE = 400  # characters: what is longer is cut
_LONGEST = 250  # characters: a longer h1 is a paragraph
_WORDS = 3  # of a part of a title that may be the headline
_KICKER = 40  # characters of a section's name that runs into the headline
_CUT = 100  # characters: JSON-LD's headline is often cut at 110, the limit that search engines once set


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline and, if the page shows it in an h1, the number of that h1 (from 1; 0 for none).

    `alone`: whether the title element is all that tells it, which on old pages may be the site's name on each page;
    `titles`: what of that may be the headline, the longest first.
    """

    text: str | None
    order: int = 0
    titles: tuple[str, ...] = ()
    alone: bool = False


def headline_of(metadata: Metadata) -> Headline:
    """The story's headline without the site's name.

    News: og:title, the headline that editors give to readers elsewhere; h1 and title of a news page are rewritten for
    search engines or, in live blogs, by the hour. Other pages: the heading that readers see. Either gives way where it
    is missing, and to the title that the page's address was made of; the heading where it is not about what the page's
    titles or its address are about.
    """
    sites = site_names(metadata)
    said = metadata.first("og:title", "twitter:title", "title") or metadata.microdata("headline")
    told, story, titled = (text and text[:_LONGEST_TITLE] for text in (said, metadata.story.headline, metadata.title))
    order = _heading(metadata, [text for text in (told, story, titled) if text], sites)
    heading = metadata.h1[order - 1] if order else None
    bare = without_site(told, heading, (story,), sites)
    bare, story = _whole(bare, (story, heading)), _whole(without_site(story, heading, (bare,), sites), (bare, heading))
    title = without_site(titled, heading, (story, bare), sites)
    titles = _Titles(bare, story, heading, title)
    ranked = _of_news(titles, metadata.url) if is_news(metadata) else _of_others(titles, metadata.url)
    found = [text for text in ranked if text]
    named = (text for text in found if squeezed(text) not in sites)
    best = next(named, found[0] if found else None)
    if order or said or story:
        return Headline(best, order)
    parts = {part for part in _parts(titled or "") if squeezed(part) not in sites and word_count(part) >= _WORDS}
    return Headline(best, 0, tuple(sorted(parts, key=len, reverse=True)), alone=True)


@dataclass(frozen=True, slots=True)
class _Titles:
    """A page's titles without its site's name: og:title, JSON-LD's headline, the fitting h1, the title element."""

    bare: str | None
    story: str | None
    heading: str | None
    title: str | None


def _of_news(titles: _Titles, url: str) -> Iterator[str | None]:
    """The titles of a news page, the best first.

    Where og:title is the heading and the address says what JSON-LD says, both were rewritten since. Where the three
    have nothing to do with each other, the one that readers see counts.
    """
    bare, story, heading = (folded(text or "") for text in (titles.bare, titles.story, titles.heading))
    if bare == heading and story not in bare and slugs.names(url, titles.story):
        yield titles.story
    if all(one and one not in other for one, other in itertools.permutations((bare, story, heading), 2)):
        yield titles.heading
    yield from (titles.bare, titles.story, titles.heading, titles.title)


def _of_others(titles: _Titles, url: str) -> Iterator[str | None]:
    """The titles of a page that is no news, the best first: the heading, or og:title that the address was made of."""
    if titles.bare and folded(titles.bare) != folded(titles.heading or "") and slugs.names(url, titles.bare):
        yield titles.bare
    yield from (titles.heading, titles.story, titles.bare, titles.title)


def as_shown(headline: Headline, shown: Iterable[str]) -> Headline:
    """The headline of a page without a fitting h1: the line that readers see, where one is most of the headline."""
    title = headline.text
    if headline.order or not title:
        return headline
    near = [line for line in shown if len(line) <= len(title) + _KICKER]
    whole = f" {folded(title)} "
    most = (line for line in near if len(title) / 2 < len(line) <= len(title) and f" {folded(line)} " in whole)
    ends = (part for part in headline.titles if any(line.endswith(part) for line in near))
    line = next(most, None) or next(ends, title)
    return Headline(title if folded(line) == folded(title) else line)


def is_news(metadata: Metadata) -> bool:
    """Whether the page says that it is news: by its schema.org type or the keywords that news search engines read."""
    return metadata.story.news or metadata.first("news_keywords") is not None


def _whole(text: str | None, others: tuple[str | None, ...]) -> str | None:
    """A headline, or another that goes on behind the place at which this one was cut."""
    if not text or not (len(text) >= _CUT or text.endswith(("…", "..."))):
        return text
    stem = text.rstrip(" .…")
    return next((other for other in others if other and len(other) > len(text) and other.startswith(stem)), text)


def _heading(metadata: Metadata, titles: list[str], sites: frozenset[str]) -> int:
    """The number of the h1 that heads the story: the one most like one of the titles; 0 for none."""
    headings = [text if squeezed(text) not in sites and len(text) <= _LONGEST else "" for text in metadata.h1]
    if not titles:
        return next((at for at, text in enumerate(headings, start=1) if text), 0)
    alike = [max(_alike(text, title) for title in titles) for text in headings]
    best = max(alike, default=0)
    if best >= _ABOUT:
        return alike.index(best) + 1
    return next((at for at, text in enumerate(headings, start=1) if slugs.likeness(metadata.url, text) >= _NAMED), 0)


def _alike(one: str, two: str) -> float:
    """Dice's coefficient of the words; of pairs of letters where a script writes no spaces."""
    first, second = _words(one), _words(two)
    return 2 * len(first & second) / max(1, len(first) + len(second))


@lru_cache(maxsize=64)
def _words(text: str) -> frozenset[str]:
    words = re.findall(r"\w+", text.casefold())
    if UNSPACED.search(text):
        return frozenset(word[at : at + 2] for word in words for at in range(max(1, len(word) - 1)))
    return frozenset(words)


def without_site(
    title: str | None, heading: str | None, others: tuple[str | None, ...], sites: frozenset[str]
) -> str | None:
    """A title without what stands behind (or before) a bar and is no part of the headline.

    Nothing goes from a title that heads the page as it is. Else what is cut is what leaves the heading or one of the
    other titles, or the site's name, perhaps with a date.
    """
    title = _unlabelled(title, sites) if title else None
    if not title or not _BARS.search(title) or (heading and squeezed(title) == squeezed(heading)):
        return title
    known = {squeezed(text) for text in (heading, *others) if text}
    rests = list(_rests(title))
    seen = (rest for rest in rests if squeezed(rest) in known)
    return next(seen, None) or next((rest for rest in rests if _foreign(title, rest, sites)), title)


def _unlabelled(title: str, sites: frozenset[str]) -> str:
    """A title without the site's name before or behind its colon: "The Post: Bridge opens", "橋が開通：朝刊"."""
    before, _, after = title.partition(": ")
    if after and squeezed(before) in sites:
        return after
    before, _, after = title.replace("：", ":").rpartition(":")
    return title[: len(before)] if before and squeezed(after) in sites else title


def _rests(title: str) -> Iterator[str]:
    """What is left when the title loses parts at its end, or at its beginning; the longest first."""
    bars = list(_BARS.finditer(title))
    yield from (title[: bar.start()].strip() for bar in reversed(bars) if bar.start())
    yield from (title[bar.end() :].strip() for bar in bars if bar.end() < len(title))


def _parts(title: str) -> Iterator[str]:
    """What a title may be the headline with: all behind or before a bar or a colon."""
    yield from _rests(title)
    yield from (title[at.end() :] for at in re.finditer(": ", title))


def _foreign(title: str, rest: str, sites: frozenset[str]) -> bool:
    """Whether what `rest` lacks of the title is the site's name, with nothing but dates beside it."""
    cut = title[len(rest) :] if title.startswith(rest) else title[: -len(rest)]
    parts = [part for part in _BARS.split(f" {cut} ") if squeezed(part)]
    named = [part for part in parts if squeezed(part) in sites]
    return bool(named) and all(part in named or dates.parse_printed(part) for part in parts)
