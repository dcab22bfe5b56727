"""Fits a sum of small decision trees to labelled rows and writes it as a file that a person can review.

Only the training commands need it, with the extra `train`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from services.trees import Column, Columns, Model

if TYPE_CHECKING:
    from catboost import CatBoost

_SETTINGS: dict[str, Any] = {
    "iterations": 120,
    "learning_rate": 0.15,
    "border_count": 32,
    "l2_leaf_reg": 10,
    "random_seed": 1,
    "thread_count": 2,
    "verbose": 0,
    "allow_writing_files": False,
}


def fitted(parts: Sequence[Columns], right: NDArray[np.bool_], weights: Column, **settings: float) -> Model:
    """The model that tells the `right` rows of all parts together from the others.

    `weights` says how much each row counts; `settings` are the learner's own, `depth` (the questions of a tree) above
    all. The same rows give the same model.
    """
    from catboost import CatBoostClassifier  # noqa: PLC0415 - nobody else needs it

    learner = CatBoostClassifier(**(_SETTINGS | settings))
    learner.fit(_table(parts), right.astype(int), sample_weight=weights)
    return _read(learner, list(parts[0]))


def _table(parts: Sequence[Columns]) -> NDArray[np.float64]:
    return np.vstack([np.stack([part[name] for name in parts[0]], axis=1) for part in parts])


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows of which one is to be chosen: how many there are in each group, in their order, and what a group weighs."""

    sizes: list[int]
    weights: Column


def choosing(parts: Sequence[Columns], share: Column, groups: Groups, **settings: float) -> Model:
    """The model that chooses one row of every group: `share` says how much of the choice is each row's, 1 in sum."""
    from catboost import CatBoost, Pool  # noqa: PLC0415 - nobody else needs it

    learner = CatBoost(_SETTINGS | {"loss_function": "QuerySoftMax"} | settings)
    number = np.repeat(np.arange(len(groups.sizes)), groups.sizes)
    learner.fit(Pool(_table(parts), share, group_id=number, group_weight=np.repeat(groups.weights, groups.sizes)))
    return _read(learner, list(parts[0]))


def _read(learner: "CatBoost", names: list[str]) -> Model:
    with TemporaryDirectory() as folder:  # the library writes only to a named file
        path = Path(folder) / "model.json"
        learner.save_model(str(path), format="json")
        said = json.loads(path.read_text(encoding="utf-8"))
    index = [names[each["flat_feature_index"]] for each in said["features_info"]["float_features"]]
    questions: dict[tuple[str, float], int] = {}
    asks = [
        [
            questions.setdefault((index[s["float_feature_index"]], round(s["border"], 4)), len(questions))
            for s in tree["splits"]
        ]
        for tree in said["oblivious_trees"]
    ]
    deepest = max(map(len, asks))  # a tree that found fewer questions asks its first again, to the same end
    leaves = [
        tree["leaf_values"] * 2 ** (deepest - len(own)) for tree, own in zip(said["oblivious_trees"], asks, strict=True)
    ]
    features = tuple(dict.fromkeys(name for name, _ in questions))
    scale, bias = said["scale_and_bias"]
    return Model(
        features=features,
        which=np.array([features.index(name) for name, _ in questions]),
        borders=np.array([border for _, border in questions]),
        trees=np.array([own + own[:1] * (deepest - len(own)) for own in asks]),
        leaves=np.array([[round(leaf * scale, 4) for leaf in tree] for tree in leaves]),
        bias=round(bias[0], 4),
    )


def write(file: Path, fit: Model) -> None:
    """Write a model as JSON, a question and a tree a line."""
    trees = [{"asks": asks, "says": says} for asks, says in zip(fit.trees.tolist(), fit.leaves.tolist(), strict=True)]
    asked = [[fit.features[which], border] for which, border in zip(fit.which, fit.borders.tolist(), strict=True)]
    head = {"features": fit.features, "bias": fit.bias}
    lines = [json.dumps(head)[:-1] + ', "questions": [']
    lines += [",\n".join(map(json.dumps, asked)), '], "trees": [', ",\n".join(map(json.dumps, trees)), "]}"]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
