"""Who did a deed and to whom: of all who may be, the two for whom most speaks, or nobody."""

from dataclasses import replace
from itertools import product
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from services import trees
from services.contracts import Actor, EventType
from services.extractor.listing.merging import Telling
from services.extractor.parties.candidates import Candidate, Story, candidates, likeness
from services.extractor.parties.clues import clues
from services.extractor.parties.roles import Roles
from services.extractor.story.entities import police
from services.trees import Column, Columns

_BEST = 5  # of the candidates for a role: the others are never of the likeliest pair
_NAMED = 0.33  # by how much nobody must be likelier than somebody
_TRUST = 1.1  # how much more the rules' word counts than in the articles that the models were fitted to
_PRONOUNS = frozenset({"he", "she", "it", "they"})
_SAME = 2  # from here on the rules mean this very party
_UNWILLED: frozenset[EventType] = frozenset({"ACCIDENT", "DISASTER"})  # whom it befalls is told, nobody does it


def with_parties(story: Story) -> tuple[Telling, ...]:
    """The deeds of the story, each with the likeliest actor and recipient."""
    chosen = _chosen({telling: able for telling in story.told if (able := candidates(telling, story))}, story)
    return tuple(_with(telling, chosen.get(telling, Roles())) for telling in story.told)


def _with(telling: Telling, found: Roles) -> Telling:
    """The deed with its parties; whom a pronoun stands for, and what had an accident that befell nobody, rules say."""
    unwilled = telling.event_type in _UNWILLED
    ruled = unwilled or any(actor.text.lower() in _PRONOUNS for actor in telling.actor)
    doers = () if unwilled and found.recipient else telling.actor if ruled else found.actor
    if telling.event_type == "PROTEST" and not any(map(police, telling.actor)):
        doers = tuple(doer for doer in doers if not police(doer))  # who was arrested "at a rally" held it
    names = {actor.name for actor in doers}
    return replace(telling, actor=doers, recipient=tuple(r for r in found.recipient if r.name not in names))


def _chosen(able: dict[Telling, tuple[Candidate, ...]], story: Story) -> dict[Telling, Roles]:
    """The parties of each deed; all rows of an article go through the models together."""
    if not able:
        return {}
    table = trees.tabled([row for telling, them in able.items() for row in clues(telling, them, story)])
    ends = np.cumsum([len(them) + 1 for them in able.values()])[:-1]
    doer = (table["ruled to act"] >= _SAME) | (table["sole doer"] > 0)
    sufferer = (table["ruled to suffer"] >= _SAME) & (table["ACCIDENT"] + table["DISASTER"] == 0)
    said = (_said("actors", table, doer), _said("recipients", table, sufferer))
    acting, suffering = (np.split(sums, ends) for sums in said)
    each = zip(able.items(), acting, suffering, strict=True)
    return {telling: likeliest(them, acts, suffers, story) for (telling, them), acts, suffers in each}


def _said(model: str, table: Columns, ruled: NDArray[np.bool_]) -> Column:
    """What a model says of each row, and of whom the rules name, or who alone does the like, a little more."""
    return trees.load("extractor", model).sums(table) + _TRUST * ruled


def likeliest(able: tuple[Candidate, ...], acting: Column, suffering: Column, story: Story) -> Roles:
    """The two of whom the fitted models say that they did it and had it done to them, or nobody: no one is both."""
    actor, recipient = pair(able, acting, suffering)
    return Roles(_whole(actor, recipient, story), _whole(recipient, actor, story))


def pair(able: tuple[Candidate, ...], acting: Column, suffering: Column) -> tuple[Candidate | None, Candidate | None]:
    """The likeliest actor and recipient; the last figure of each column speaks for nobody."""
    options: tuple[Candidate | None, ...] = (*able, None)
    actors, recipients = (_best(options, column) for column in (acting, suffering))
    found = [(a, r, acts + suffers) for (a, acts), (r, suffers) in product(actors, recipients) if not _same(a, r)]
    return max(found, key=lambda p: p[2], default=(None, None, 0.0))[:2]


def _best(options: tuple[Candidate | None, ...], said: Column) -> list[tuple[Candidate | None, float]]:
    """The likeliest with how likely they are (log odds): who are alike by name speak for each other."""
    each = zip(options, [*said[:-1].tolist(), float(said[-1]) - _NAMED], strict=True)
    best = sorted(each, key=lambda one: one[1], reverse=True)[:_BEST]
    return [(one, log(sum(exp(odds) for other, odds in best if one is other or _same(one, other)))) for one, _ in best]


def _same(one: Candidate | None, other: Candidate | None) -> bool:
    """Whether two may be one party, by the words of their names."""
    if one is None or other is None:
        return False
    return one is other or likeness(one.actor.name, other.actor.name) > 0


def _whole(one: Candidate | None, other: Candidate | None, story: Story) -> tuple[Actor, ...]:
    """A party with all that are joined to it by "and", but for the other party."""
    if one is None:
        return ()
    heard = {v.subject for v in story.reading.voices_in(one.sentence)}
    beside = [t for t in one.head.conjuncts if heard.isdisjoint(t.subtree)]  # "… 52 pupils, police and residents said"
    joined = [c for c in story.named_in(one.sentence) if c.head in beside and not _same(c, other)] if beside else []
    return tuple(c.actor for c in sorted((one, *joined), key=lambda c: c.head.i))
