"""Sums of small decision trees over named features: the form of every model here that was fitted to labelled text."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]
Columns = dict[str, Column]


@dataclass(frozen=True, slots=True)
class Model:
    """Trees whose levels ask one question each ("is this feature above this border?"), the same for all of a level.

    A question is whether the feature with the index `which` is above `borders`. `trees`: a row a tree, the number of
    each level's question. `leaves`: a row a tree, the value for every series of answers (eight at most), the first
    answer the lowest bit.
    """

    features: tuple[str, ...]
    which: NDArray[np.int64]
    borders: Column
    trees: NDArray[np.int64]
    leaves: Column
    bias: float

    def scores(self, columns: Columns) -> Column:
        """How likely each row is one of those that the model was fitted to find, 0 to 1."""
        return np.asarray(1 / (1 + np.exp(-self.sums(columns))))

    def sums(self, columns: Columns) -> Column:
        """What the trees say of each row, summed: log odds, or where the model chooses one of several, log shares."""
        values = np.array([columns[name] for name in self.features])
        answers = (np.take(values, self.which, axis=0) > self.borders[:, None]).view(np.uint8)
        asked = np.take(answers, self.trees, axis=0)
        bits = (1 << np.arange(self.trees.shape[1])).astype(np.uint8)
        leaf = np.einsum("tlr,l->tr", asked, bits)  # tree, level, row
        first = np.arange(len(self.leaves))[:, None] * self.leaves.shape[1]
        return np.asarray(self.leaves.ravel()[leaf + first].sum(axis=0) + self.bias)

    def weights(self, row: dict[str, float]) -> dict[str, float]:
        """What each feature of a row adds to the log odds, compared with not knowing the answers to its questions."""
        answers = np.array([row[self.features[which]] for which in self.which]) > self.borders
        found = dict.fromkeys(self.features, 0.0)
        for asks, says in zip(self.trees, self.leaves, strict=True):
            leaf = sum(int(answers[ask]) << level for level, ask in enumerate(asks))
            names = [self.features[self.which[ask]] for ask in asks]
            for name in set(names):
                mine = sum(1 << level for level, other in enumerate(names) if other == name)
                unknown = [value for at, value in enumerate(says) if at & ~mine == leaf & ~mine]
                found[name] += float(says[leaf] - np.mean(unknown))
        return found


def tabled(rows: list[dict[str, float]]) -> Columns:
    """Rows of the same names in the same order, of which there is one at least, as columns."""
    values = np.fromiter(chain.from_iterable(row.values() for row in rows), np.float64)
    return dict(zip(rows[0], values.reshape(len(rows), -1).T, strict=True))


@cache
def load(service: str, name: str) -> Model:
    """The model in services/<service>/data/<name>.json, as fitting.py writes it."""
    file = resources.files(f"services.{service}") / "data" / f"{name}.json"
    read = json.loads(file.read_text(encoding="utf-8"))
    questions = read["questions"]
    return Model(
        features=tuple(read["features"]),
        which=np.array([read["features"].index(feature) for feature, _ in questions]),
        borders=np.array([border for _, border in questions]),
        trees=np.array([tree["asks"] for tree in read["trees"]]),
        leaves=np.array([tree["says"] for tree in read["trees"]]),
        bias=read["bias"],
    )
