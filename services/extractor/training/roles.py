"""Fits the models that choose actors and recipients to annotated articles, and says what they are worth on unseen ones.

    python -m services.extractor.training.roles ARTICLES.jsonl GOLD.jsonl [ARTICLES GOLD ...] [--write]

An article is one JSON object a line with `id`, `headline`, `body` and, where known, `published` (YYYY-MM-DD); its line
of GOLD has the `id` and `events`, each with `type`, `trigger`, `evidence`, `actor` and `recipient` (text or null).
`--write` first fits all and writes data/actors.json and data/recipients.json. Then it is printed how many annotated
events get the right actor, recipient and both: by models fitted to four fifths of the articles, on the last fifth, and
by models fitted to the other files. On stderr stands how far it has come. Needs the extra `train`.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from services import fitting, trees
from services.extractor.events import story_in
from services.extractor.extract import prepare
from services.extractor.language.lexicon import Entry
from services.extractor.language.realis import realis
from services.extractor.language.sentences import Sentence
from services.extractor.language.triggers import Trigger, triggers
from services.extractor.listing.merging import Telling
from services.extractor.parties.candidates import Candidate, candidates, likeness
from services.extractor.parties.clues import clues
from services.extractor.parties.parties import pair
from services.extractor.story.reading import Reading
from services.extractor.telling import told_by
from services.extractor.training.listing import arguments, article_of, partings, rows
from services.trees import Column, Columns, Model

DATA = Path(__file__).parent.parent / "data"
ROLES = ("actor", "recipient")
Event = dict[str, Any]  # as annotated
_SETTINGS = {"depth": 5, "iterations": 400, "l2_leaf_reg": 30, "learning_rate": 0.6, "leaf_estimation_iterations": 5}
_SLOTS = ("obj", "on", "against", "with", "to", "of", "for")  # where a recipient stands by words of no lexicon


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """An annotated event: who may be its parties, what speaks for each, and who of them the annotators name.

    `right` holds for each role a share a row, the last row being nobody. `told` is whether the extractor tells the
    event itself; the others are read at the annotated word.
    """

    file: str
    article: str
    told: bool
    able: tuple[Candidate, ...]
    columns: Columns
    right: dict[str, Column]


def choices(articles: Path, gold: Path) -> Iterator[Choice]:
    """The annotated events of a file that can be read at their word, with all their candidates."""
    annotated = {row["id"]: row["events"] for row in rows(gold)}
    for row in rows(articles):
        story = story_in(article_of(row))
        for event, telling in read_events(annotated.get(row["id"], []), story.told, story.reading):
            if able := candidates(telling, story):
                right = {role: _meant(event[role], able) for role in ROLES}
                table = trees.tabled(clues(telling, able, story))
                yield Choice(articles.name, row["id"], telling in story.told, able, table, right)


def read_events(events: list[Event], told: tuple[Telling, ...], reading: Reading) -> Iterator[tuple[Event, Telling]]:
    """Each annotated event with what tells it: a telling of the extractor's, else the annotated word."""
    left = list(told)
    for event in events:
        telling = next((t for t in left if _tells(t, event)), None)
        if telling is not None:
            left.remove(telling)
        if (read := telling or _at_word(event, reading)) is not None:
            yield event, read


def _tells(telling: Telling, event: Event) -> bool:
    """Whether a telling is of the annotated event: of its type, in the sentence of its evidence."""
    sentence, evidence = telling.sentence.text, event["evidence"]
    return telling.event_type == event["type"] and (evidence in sentence or sentence in evidence)


def _at_word(event: Event, reading: Reading) -> Telling | None:
    """The event as its own word tells it, for one that the extractor does not tell."""
    for sentence in reading.sentences:
        if event["evidence"] in sentence.text or sentence.text in event["evidence"]:
            trigger = _trigger(event, sentence)
            if trigger is not None:
                return replace(told_by(trigger, reading), event_type=event["type"])
    return None


def _trigger(event: Event, sentence: Sentence) -> Trigger | None:
    """The annotated word as an event word of the annotated type."""
    at = sentence.words.start_char + sentence.text.find(event["trigger"])
    inside = [t for t in sentence.words if at <= t.idx and t.idx + len(t) <= at + len(event["trigger"]) and t.pos_]
    words = [t for t in inside if t.pos_ in {"VERB", "NOUN", "PROPN"}]
    if event["trigger"] not in sentence.text or not words:
        return None
    word = next((t for t in words if t.head not in inside), words[0])
    known = next((t for t in triggers(sentence) if t.token is word and t.entry.event_type == event["type"]), None)
    entry = Entry(word.lemma_.lower(), frozenset(), event["type"], None, _SLOTS)
    return known or Trigger(word, (inside[0], inside[-1]), entry, sentence, realis(word))


def _meant(name: str | None, able: tuple[Candidate, ...]) -> Column:
    """Who of the candidates the annotators mean, all alike in name, or nobody; all zero where it is none of them."""
    return shares(np.array([*(likeness(name, c.actor.name) > 0 for c in able), not name], dtype=np.float64))


def shares(right: Column) -> Column:
    """What is right, 1 in sum if anything is."""
    return np.asarray(right / (right.sum() or 1.0))


# -- fitting and what it is worth


def fitted(found: list[Choice], role: str) -> Model:
    """The model that chooses for one role, of the events whose party is among the candidates.

    Every file weighs as much as its events' square root says.
    """
    known = [choice for choice in found if choice.right[role].any()]
    right = np.concatenate([choice.right[role] for choice in known])
    events = Counter(choice.file for choice in found)
    weights = np.array([(1000 / events[choice.file]) ** 0.5 for choice in known])
    groups = fitting.Groups([len(choice.right[role]) for choice in known], weights)
    return fitting.choosing([choice.columns for choice in known], right, groups, **_SETTINGS)


def judged(found: list[Choice], part: Callable[[Choice], str]) -> Iterator[tuple[Choice, tuple[bool, bool]]]:
    """Every event with whether its actor and recipient are found by models that saw nothing of its part."""
    for this in sorted({part(choice) for choice in found}):
        seen = [choice for choice in found if part(choice) != this]
        _progress(f"fitting to {len(seen)} events, all but part {this}")
        models = [fitted(seen, role) for role in ROLES]
        for choice in found:
            if part(choice) == this:
                yield choice, _judge(choice, models)


def _judge(choice: Choice, models: list[Model]) -> tuple[bool, bool]:
    acting, suffering = (model.sums(choice.columns) for model in models)
    found = pair(choice.able, acting, suffering)
    places = [len(choice.able) if one is None else choice.able.index(one) for one in found]
    right = [bool(choice.right[role][place]) for role, place in zip(ROLES, places, strict=True)]
    return right[0], right[1]


def report(judgements: Iterable[tuple[Choice, tuple[bool, bool]]]) -> Iterator[str]:
    """A line a file, of the events that the extractor tells and of all."""
    found = list(judgements)
    for file in dict.fromkeys(choice.file for choice, _ in found):
        for what, only in (("told", True), ("all", False)):
            rows = np.array([right for choice, right in found if choice.file == file and (choice.told or not only)])
            shares = zip((*ROLES, "both"), (*rows.mean(axis=0), rows.all(axis=1).mean()), strict=True)
            yield f"  {file} {what}: {' '.join(f'{name} {share:.3f}' for name, share in shares)} n {len(rows)}"


def main() -> None:
    """Read the arguments, fit, write and print."""
    files, write = arguments(__doc__)
    prepare()
    found: list[Choice] = []
    for articles, gold in files:
        found += choices(articles, gold)
        _progress(f"read {articles.name}, {len(found)} events so far")
    for role in ROLES if write else ():
        fitting.write(DATA / f"{role}s.json", fitted(found, role))
        _progress(f"wrote {role}s.json")
    for title, part in partings(found):
        print("\n".join([title, *report(judged(found, part))]), flush=True)  # noqa: T201 - a command's output


def _progress(line: str) -> None:
    """Minutes pass between two lines."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - a command's output


if __name__ == "__main__":
    main()
