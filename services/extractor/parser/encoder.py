"""A model's encoders: what each word is, remembered word by word, then what stands around it, all sentences at once."""

from functools import partial, reduce
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from spacy.tokens import Doc
from thinc.api import Model

Rows = NDArray[np.float32]
_Features = NDArray[np.uint64]
_WORDS = 30_000  # that are remembered: a hundred numbers each, 12 MB an encoder
_EVEN = np.float32(1e-8)  # what thinc adds to a variance


class Encoders:
    """Encoders that read the same words, each as spaCy makes them: an embedding, then convolutions.

    A word's embedding is computed once; all are forgotten when there is no more room.
    """

    def __init__(self, *encoders: Model[Any, Any]) -> None:
        self._encoders = [_Encoder(encoder) for encoder in encoders]
        self._columns = list(dict.fromkeys(column for each in self._encoders for column in each.columns))
        self._numbers: dict[bytes, int] = {}

    def vectors(self, docs: list[Doc]) -> list[Rows]:
        """What each encoder says of every word: a row a word, of one document behind the other; none is empty."""
        features = np.concatenate([doc.to_array(self._columns) for doc in docs]).astype(np.uint64, copy=False)
        numbers = self._numbered(features)
        return [encoder.read(numbers, [len(doc) for doc in docs]) for encoder in self._encoders]

    def _numbered(self, features: _Features) -> list[int]:
        """The number of each word, by its features; those not met before are learnt."""
        words = features.view(f"V{features.strides[0]}").ravel().tolist()
        if len(self._numbers) + len(words) > _WORDS:
            self._numbers.clear()
        new = {word: at for at, word in enumerate(words) if word not in self._numbers}
        first = len(self._numbers)
        for encoder in self._encoders if new else ():
            encoder.learn(first, features[list(new.values())], self._columns)
        self._numbers.update({word: first + n for n, word in enumerate(new)})
        return [self._numbers[word] for word in words]


class _Encoder:
    """One encoder, with the embedding of each word that it has met."""

    def __init__(self, encoder: Model[Any, Any]) -> None:
        embed, around = encoder.layers
        features, _, embeddings, mixer, _ = embed.layers
        self.columns: list[int | str] = features.attrs["columns"]
        self._mixer = _Maxout(mixer)
        tables = [layer for layer in embeddings.walk() if layer.name == "hashembed"]
        weights = np.split(self._mixer.weights, len(tables))
        self._embeddings = [_Embedding(*each) for each in zip(tables, weights, strict=True)]
        self._apart: int = around.attrs["pad"]
        self._layers = [_Maxout(layer) for layer in around.layers[0].layers]
        self._rows = np.zeros((_WORDS, embed.get_dim("nO")), dtype=np.float32)

    def learn(self, first: int, features: _Features, columns: list[int | str]) -> None:
        """Remember new words, a row of features each, numbered from `first` on."""
        mine = features[:, [columns.index(column) for column in self.columns]]
        sums = reduce(np.add, (each.added(mine[:, each.column]) for each in self._embeddings))
        self._rows[first : first + len(features)] = self._mixer.evened(sums)

    def read(self, numbers: list[int], lengths: list[int]) -> Rows:
        """A row for each word in its sentence; empty rows stand between two sentences, so that they do not meet."""
        at = np.arange(len(numbers)) + self._apart * np.repeat(np.arange(1, len(lengths) + 1), lengths)
        rows = np.zeros((len(numbers) + self._apart * (len(lengths) + 1), self._rows.shape[1]), dtype=np.float32)
        rows[at] = self._rows[numbers]
        *inner, last = self._layers
        for layer in inner:
            rows[1:-1] += layer.answer(np.ascontiguousarray(_windows(rows)))
        return np.asarray(rows[at] + last.answer(_windows(rows)[at - 1]))


def _windows(rows: Rows) -> Rows:
    """A view of all rows but the first and the last: each with the one before it in front, the one behind it last."""
    width = rows.shape[1]
    return sliding_window_view(rows.ravel(), 3 * width)[::width]


class _Embedding:
    """A table of vectors: four of them, as a feature's hash has it, are summed to what is known of the feature."""

    def __init__(self, layer: Model[Any, Any], weights: Rows) -> None:
        self.column: int = layer.attrs["column"]
        self._table, self._weights = np.asarray(layer.get_param("E")), weights
        self._hash: Any = partial(layer.ops.hash, seed=layer.attrs["seed"])

    def added(self, features: _Features) -> Rows:
        """What each feature adds to the weighted sums of its word; words share features, endings above all."""
        each, at = np.unique(features, return_inverse=True)
        vectors = self._table.take(self._hash(each) % len(self._table), axis=0).sum(axis=1)
        return np.asarray((vectors @ self._weights)[at])


class _Maxout:
    """A layer of the network: of a few weighted sums the largest, made even."""

    def __init__(self, layer: Model[Any, Any]) -> None:
        maxout, norm = (next(each for each in layer.walk() if each.name == name) for name in ("maxout", "layernorm"))
        self._pieces, self._width = maxout.get_dim("nP"), maxout.get_dim("nO")
        weights = np.asarray(maxout.get_param("W"))
        self.weights = np.ascontiguousarray(weights.transpose(2, 1, 0).reshape(weights.shape[2], -1))
        self._bias = np.asarray(maxout.get_param("b")).T.ravel()
        self._scale, self._shift = (np.asarray(norm.get_param(name)) for name in ("G", "b"))
        self._mean = np.full(self._width, 1 / self._width, dtype=np.float32)

    def answer(self, rows: Rows) -> Rows:
        """What the layer says of rows."""
        return self.evened(rows @ self.weights)

    def evened(self, sums: Rows) -> Rows:
        """What it makes of its weighted sums, in place."""
        sums += self._bias
        best = reduce(np.maximum, np.split(sums, self._pieces, axis=1))
        best -= (best @ self._mean)[:, None]
        spread = np.einsum("ij,ij->i", best, best) / np.float32(self._width) + _EVEN
        best *= (1 / np.sqrt(spread))[:, None]
        best *= self._scale
        best += self._shift
        return best
