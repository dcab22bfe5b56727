"""Who did a deed and to whom: of all who may be, the two for whom most speaks, or nobody."""

from dataclasses import replace
from itertools import product

import numpy as np

from services import trees
from services.contracts import Actor
from services.extractor.candidates import Candidate, Story, candidates
from services.extractor.clues import Clues, clues
from services.extractor.entities import actors_of
from services.extractor.merging import Telling
from services.extractor.roles import Roles
from services.trees import Column, Columns

_BEST = 8  # of the candidates for a role: the others are never of the likeliest pair
_NAMED = 0.25  # by how much nobody must be likelier than somebody


def with_parties(story: Story) -> tuple[Telling, ...]:
    """The deeds of the story, each with the likeliest actor and recipient."""
    return tuple(_with_parties(telling, story) for telling in story.told)


def _with_parties(telling: Telling, story: Story) -> Telling:
    able = candidates(telling, story)
    if not able:
        return replace(telling, actor=(), recipient=())
    table = columns(clues(telling, able, story))
    sums = [trees.load("extractor", role).sums(table) for role in ("actors", "recipients")]
    found = likeliest(able, sums[0], sums[1], story)
    return replace(telling, actor=found.actor, recipient=found.recipient)


def columns(rows: list[Clues]) -> Columns:
    """The rows as columns."""
    table = np.array([list(row.values()) for row in rows], dtype=np.float64)
    return dict(zip(rows[0], table.T, strict=True))


def likeliest(able: tuple[Candidate, ...], acting: Column, suffering: Column, story: Story) -> Roles:
    """The two of whom the fitted models say that they did it and had it done to them, or nobody: no one is both."""
    actor, recipient = pair(able, acting, suffering)
    return Roles(_whole(actor, recipient, story), _whole(recipient, actor, story))


def pair(able: tuple[Candidate, ...], acting: Column, suffering: Column) -> tuple[Candidate | None, Candidate | None]:
    """The likeliest actor and recipient; the last figure of each column speaks for nobody."""
    options: tuple[Candidate | None, ...] = (*able, None)
    said = [np.append(column[:-1], column[-1] - _NAMED) for column in (acting, suffering)]
    best = [np.argsort(-column, kind="stable")[:_BEST].tolist() for column in said]
    pairs = [(options[a], options[r], said[0][a] + said[1][r]) for a, r in product(*best)]
    found = max((p for p in pairs if not _same(p[0], p[1])), key=lambda p: p[2], default=(None, None, 0.0))
    return found[0], found[1]


def _same(one: Candidate | None, other: Candidate | None) -> bool:
    return one is not None and other is not None and one.name == other.name


def _whole(one: Candidate | None, other: Candidate | None, story: Story) -> tuple[Actor, ...]:
    """A party with all that are joined to it by "and", but for the other party."""
    if one is None:
        return ()
    joined = actors_of(one.head, one.sentence, story.reading.names)[1:]
    return tuple(a for a in (one.actor, *joined) if other is None or a.name.lower() != other.name)
