"""Fits the models that choose the day and the place of a deed to annotated articles, and says what they are worth.

    python -m services.extractor.training.settings ARTICLES.jsonl GOLD.jsonl [ARTICLES GOLD ...] [--write]

An article is one JSON object a line with `id`, `headline`, `body` and, where known, `published` (YYYY-MM-DD); its line
of GOLD has the `id` and `events`, each with `type`, `trigger`, `evidence`, `date` (YYYY-MM-DD, YYYY-MM, YYYY or null),
`place` (text or null) and `country` (ISO 3166-1 alpha-2 or null). Printed is of how many annotated events the day,
place and country are right, by the rules and by models: fitted to four fifths of the articles, on the last fifth, and
fitted to the other files; below, how many of the days and places that are told are the annotated ones. `--write` fits
all and writes data/days.json, data/places.json, data/exact_days.json and data/exact_places.json. Needs the extra
`train`.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from services import fitting, trees
from services.extractor.events import listed_in
from services.extractor.extract import prepare
from services.extractor.listing.merging import Telling
from services.extractor.parties.candidates import likeness
from services.extractor.setting import dating, day_clues, place_clues, placing
from services.extractor.setting.day_clues import Calendar, Moment, moments
from services.extractor.setting.place_clues import Ground, Spot, spots
from services.extractor.training.listing import arguments, article_of, partings, rows
from services.extractor.training.roles import Event, read_events, shares
from services.trees import Column, Columns, Model

DATA = Path(__file__).parent.parent / "data"
_LEADS = {"days": dating.SOME_DAY, "places": placing.SOMEWHERE}
_DEPTH = 4  # questions of a tree
_LEAST = (0.0, 0.2, 0.5)  # confidences for which it is printed how many are right
Known = tuple[str, str, bool]  # the file, the article, and whether the extractor tells the event


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """An annotated event: what speaks for each day or place that it may have, and which of them are right.

    `right` has a share a row, the last row being none; `at_home` says which rows are in the annotated country, for a
    place alone. `ruled` is whether the rules are right, of the country too. `told` is whether the extractor tells the
    event itself, `named` the annotated day or place, `land` the country.
    """

    file: str
    article: str
    told: bool
    named: str | None
    land: str | None
    columns: Columns
    right: Column
    at_home: Column
    ruled: tuple[bool, bool]


def choices(articles: Path, gold: Path) -> Iterator[tuple[str, Choice]]:
    """The choices of a file, of its annotated events that can be read at their word, each with "days" or "places"."""
    annotated = {row["id"]: row["events"] for row in rows(gold)}
    for row in rows(articles):
        reading, told = listed_in(article_of(row))
        calendar, ground = Calendar(reading, told), placing.ground_of(told, reading)
        for event, telling in read_events(annotated.get(row["id"], []), told, reading):
            known = articles.name, row["id"], telling in told
            if able := moments(telling, calendar):
                yield "days", _day(known, event, (telling, able, calendar))
            if found := spots(telling, ground):
                yield "places", _place(known, event, (telling, found, ground))


def _day(known: Known, event: Event, asked: tuple[Telling, tuple[Moment, ...], Calendar]) -> Choice:
    telling, able, calendar = asked
    day, ruled = event["date"], dating.ruled(telling, calendar)
    right = np.array([*(moment.value == day for moment in able), not day], dtype=np.float64)
    columns = trees.tabled(day_clues.clues(telling, able, calendar, ruled))
    said = (ruled.value if ruled else None) == day
    return Choice(*known, day, None, columns, shares(right), np.zeros(len(right)), (said, said))


def _place(known: Known, event: Event, asked: tuple[Telling, tuple[Spot, ...], Ground]) -> Choice:
    """Where no place is named, each in the annotated country is right."""
    telling, able, ground = asked
    place, land, ruled = event["place"], event["country"], placing.ruled(telling, ground)
    at_home = np.array([*(spot.location.country == land for spot in able), not land], dtype=np.float64)
    alike = np.array([*(likeness(place, spot.location.name) > 0 for spot in able), False], dtype=np.float64)
    columns = trees.tabled(place_clues.clues(telling, able, ground, ruled))
    said = likeness(place, ruled.name if ruled else None) > 0, (ruled.country if ruled else None) == land
    return Choice(*known, place, land, columns, shares(alike if place else at_home), at_home, said)


# -- fitting and what it is worth


def fitted(found: list[Choice]) -> Model:
    """The model that chooses, of the events of which something right is among the candidates.

    Every file weighs as much as its events' square root says.
    """
    known = [choice for choice in found if choice.right.any()]
    size = Counter(choice.file for choice in known)
    weights = np.array([(1000 / size[choice.file]) ** 0.5 for choice in known])
    groups = fitting.Groups([len(choice.right) for choice in known], weights)
    right = np.concatenate([choice.right for choice in known])
    return fitting.choosing([choice.columns for choice in known], right, groups, depth=_DEPTH)


Judged = list[tuple[Choice, int]]


def judged(found: list[Choice], part: Callable[[Choice], object], lead: float) -> Judged:
    """Every event with the row that a model chooses that saw nothing of its part."""
    judgement: Judged = []
    for this in sorted({str(part(choice)) for choice in found}):
        model = fitted([choice for choice in found if str(part(choice)) != this])
        for choice in (choice for choice in found if str(part(choice)) == this):
            said = model.sums(choice.columns)
            judgement.append((choice, int(np.argmax([*said[:-1], said[-1] - lead]))))
    return judgement


def exactness(judgement: Judged) -> Model:
    """The model that says how likely a choice, by a model without its story, is the annotated day or place."""
    chosen = _chosen(judgement)
    size = Counter(choice.file for choice, _ in chosen)
    right = np.array([_is_exact(choice, at) for choice, at in chosen])
    weights = np.array([(1000 / size[choice.file]) ** 0.5 for choice, _ in chosen])
    return fitting.fitted([_row(choice, at) for choice, at in chosen], right, weights, depth=_DEPTH)


def _row(choice: Choice, at: int) -> Columns:
    return {name: column[at : at + 1] for name, column in choice.columns.items()}


def _chosen(judgement: Judged) -> Judged:
    return [(choice, at) for choice, at in judgement if at < len(choice.right) - 1]


def _is_exact(choice: Choice, at: int) -> bool:
    return choice.named is not None and bool(choice.right[at] > 0)


def likely(judgement: Judged, part: Callable[[Choice], object]) -> Iterator[tuple[Choice, bool, float]]:
    """Every day or place told, whether it is the annotated one, and how likely so to a model without its part."""
    for this in sorted({str(part(choice)) for choice, _ in judgement}):
        model = exactness([(choice, at) for choice, at in judgement if str(part(choice)) != this])
        for choice, at in _chosen(judgement):
            if choice.told and str(part(choice)) == this:
                yield choice, _is_exact(choice, at), float(model.scores(_row(choice, at))[0])


def exact(what: str, told: list[tuple[Choice, bool, float]]) -> Iterator[str]:
    """A line a file: how many of the days or places told are as annotated, of all, then of those that are likely so."""
    for file in dict.fromkeys(choice.file for choice, _, _ in told):
        mine = [(right, sure) for choice, right, sure in told if choice.file == file]
        worth = [[right for right, sure in mine if sure >= least] for least in _LEAST]
        counts = (f"by {least} {sum(each)} of {len(each)}" for least, each in zip(_LEAST, worth, strict=True))
        yield f"  {file}, {what} likely {', '.join(counts)} as annotated"


def report(judgement: Judged) -> Iterator[str]:
    """A line a file, of the events that the extractor tells: what the rules have right, and what the model."""
    for file in dict.fromkeys(choice.file for choice, _ in judgement):
        mine = [(choice, at) for choice, at in judgement if choice.file == file and choice.told]
        named = [(c.ruled[0], c.right[at] > 0) for c, at in mine if c.named]
        lands = [(c.ruled[1], c.at_home[at] > 0) for c, at in mine if c.land]
        none = [at == len(c.right) - 1 for c, at in mine if not c.named and not c.land]
        yield f"  {file}: named {_worth(named)}, country {_worth(lands)}, none {sum(none)} of {len(none)}"


def _worth(pairs: list[tuple[bool, bool]]) -> str:
    ruled, chosen = (sum(each) / max(1, len(pairs)) for each in zip(*pairs, strict=True)) if pairs else (0.0, 0.0)
    return f"{ruled:.3f} to {chosen:.3f} of {len(pairs)}"


def main() -> None:
    """Read the arguments, fit, print and write."""
    files, write = arguments(__doc__)
    prepare()
    found: dict[str, list[Choice]] = {"days": [], "places": []}
    for what, choice in (each for articles, gold in files for each in choices(articles, gold)):
        found[what].append(choice)
    for what, mine in found.items():
        judgements = [(title, part, judged(mine, part, _LEADS[what])) for title, part in partings(mine)]
        for title, part, judgement in judgements:
            lines = [*report(judgement), *exact(what, list(likely(judgement, part)))]
            print("\n".join([f"{what}, {title}", *lines]), flush=True)  # noqa: T201 - a command's output
        if write:
            fitting.write(DATA / f"{what}.json", fitted(mine))
            fitting.write(DATA / f"exact_{what}.json", exactness(judgements[0][-1]))


if __name__ == "__main__":
    main()
