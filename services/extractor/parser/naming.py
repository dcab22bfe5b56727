"""The names in sentences, by the model's own network, its moves decided for all words at once.

spaCy's recogniser walks from word to word and asks of each whether it begins a name, is in it, ends it or stands alone.
Outside a name the answer hangs on the word alone, so it is computed for every word in one product of matrices; only
where a name of several words begins is there a walk, and all such walks are taken together. The names are the same.
"""

from collections.abc import Iterator
from functools import reduce

import numpy as np
from numpy.typing import NDArray
from spacy.pipeline import EntityRecognizer

from services.extractor.parser.encoder import Rows

Name = tuple[int, int, str]  # first word, end, label
_Indices = NDArray[np.intp]
_Flags = NDArray[np.bool_]
_HERE, _FIRST, _BEFORE = range(3)  # what the network looks at: a word, the first word of its name, the word before it


class Namer:
    """A recogniser of spaCy's, its weights as arrays and its moves by what they do."""

    def __init__(self, ner: EntityRecognizer) -> None:
        lower, self._upper = ner.model.get_ref("lower"), ner.model.get_ref("upper")
        self._narrow = ner.model.get_ref("tok2vec").layers[-1]
        self._bias, self._absent = lower.get_param("b").ravel(), lower.get_param("pad")[0].reshape(3, -1)
        self._pieces = lower.get_dim("nP")
        self._looks = lower.get_param("W").reshape(3, self._bias.size, -1)
        moves = {ner.moves.get_class_name(number): number for number in range(self._upper.get_dim("nO"))}
        self._labels = [move.removeprefix("B-") for move in moves if move.startswith("B-")]
        self._begin, self._inside, self._last, self._unit = (
            np.array([moves[f"{kind}-{label}"] for label in self._labels]) for kind in "BILU"
        )
        self._outside = np.array([*self._begin, *self._unit, moves["O"]])  # the moves of a word outside a name

    def names(self, vectors: Rows, starts: _Indices, blank: _Flags) -> list[list[Name]]:
        """The names in each sentence: where the sentences start, and last where they end, is in `starts`.

        A row of `vectors` is what the recogniser's encoder says of a word, `blank` whether it is white space.
        """
        found: list[list[Name]] = [[] for _ in starts[1:]]
        for first, end, label in self._names(self._narrow.predict(vectors), starts, blank):
            number = int(np.searchsorted(starts, first, side="right")) - 1
            at = int(starts[number])
            found[number].append((first - at, end - at, label))
        return found

    def _names(self, vectors: Rows, starts: _Indices, blank: _Flags) -> Iterator[Name]:
        """First word, end and label of every name; words are counted through the sentences."""
        final = np.zeros(len(vectors), dtype=bool)
        final[starts[1:] - 1] = True
        moves = self._begun(vectors, final, blank)
        ends = self._ended(vectors, final, moves)
        free = 0
        for first in np.nonzero(moves < 2 * len(self._labels))[0].tolist():
            if first >= free:
                free = int(ends[first])
                yield first, free, self._labels[moves[first] % len(self._labels)]

    def _begun(self, vectors: Rows, final: _Flags, blank: _Flags) -> _Indices:
        """What each word does if it is not in a name: begin one (0 …), be one (as many further …), or neither."""
        scores = self._scores(vectors @ self._looks[_HERE].T + self._absent[_FIRST] + self._absent[_BEFORE])
        scores = scores[:, self._outside]
        scores[final, : len(self._labels)] = -np.inf
        scores[blank, :-1] = -np.inf
        return np.asarray(scores.argmax(axis=1))

    def _ended(self, vectors: Rows, final: _Flags, moves: _Indices) -> _Indices:
        """Where the name ends that begins with a word."""
        ends = np.arange(1, len(vectors) + 1)
        first = np.nonzero(moves < len(self._labels))[0]
        at = first + 1
        while first.size:
            looks = zip((at, first, at - 1), self._looks, strict=True)
            scores = self._scores(sum(vectors[words] @ weights.T for words, weights in looks))
            row, label = np.arange(first.size), moves[first]
            stays = (scores[row, self._inside[label]] >= scores[row, self._last[label]]) & ~final[at]
            ends[first[~stays]] = at[~stays] + 1
            first, at = first[stays], at[stays] + 1
        return ends

    def _scores(self, hidden: Rows) -> Rows:
        pieces = (hidden + self._bias).reshape(len(hidden), self._upper.get_dim("nI"), self._pieces)
        scores: Rows = self._upper.predict(reduce(np.maximum, np.moveaxis(pieces, 2, 0)))
        return scores
