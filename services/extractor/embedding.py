"""The first layer of an encoder, remembered word by word: it looks at one word at a time, and most words come again."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc
from thinc.api import Model

Rows = NDArray[np.float32]
_WORDS = 30_000  # that are remembered: a hundred numbers each, 12 MB an encoder


class _Memory:
    """The layer's answers by a word's features: a row each. All are forgotten when there is no more room."""

    def __init__(self, embed: Model[Any, Any]) -> None:
        self._columns, *self._layers = embed.layers
        self._numbers: dict[bytes, int] = {}
        self._rows = np.zeros((_WORDS, embed.get_dim("nO")), dtype=np.float32)

    def answers(self, docs: list[Doc]) -> list[Rows]:
        """What the layer says of each word of each document."""
        columns = self._columns.attrs["columns"]
        features = np.concatenate([doc.to_array(columns) for doc in docs]).astype(np.uint64)
        words = features.view(f"V{features.strides[0]}").ravel().tolist()
        if len(self._numbers) + len(words) > _WORDS:
            self._numbers.clear()
        self._learn({word: at for at, word in enumerate(words) if word not in self._numbers}, features)
        rows = self._rows[[self._numbers[word] for word in words]]
        return np.split(rows, np.cumsum([len(doc) for doc in docs])[:-1])

    def _learn(self, new: dict[bytes, int], features: NDArray[np.uint64]) -> None:
        answers: Any = [features[list(new.values())]]
        for layer in self._layers if new else ():
            answers = layer.predict(answers)
        first = len(self._numbers)
        self._numbers.update({word: first + n for n, word in enumerate(new)})
        self._rows[first : len(self._numbers)] = answers[0] if new else 0


def remember(encoder: Model[Any, Any]) -> None:
    """Let one of spaCy's encoders (an embedding, then convolutions) compute the embedding of each word once."""
    memory = _Memory(encoder.layers[0])
    encoder.layers[0] = Model("remembered", _forward, attrs={"memory": memory})


def _forward(
    model: Model[list[Doc], list[Rows]],
    docs: list[Doc],
    is_train: bool,  # noqa: ARG001, FBT001 - how thinc calls a layer
) -> tuple[list[Rows], Callable[[Any], Any]]:
    memory: _Memory = model.attrs["memory"]
    return memory.answers(docs), lambda _: []
