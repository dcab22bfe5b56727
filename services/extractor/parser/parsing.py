"""The parser's moves, taken for all sentences at once: a step of each between two products of matrices.

spaCy's own loop takes Python's lock ten times a move, which is most of its time. The moves are its own, and so are the
states and what they look at; only the scores between them are computed here.
"""

from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.ml.parser_model import ParserStepModel  # type: ignore[import-not-found] # compiled, without stubs
from spacy.pipeline import DependencyParser
from spacy.tokens import Doc

from services.extractor.parser.encoder import Rows


class Mover:
    """A parser of spaCy's, its weights as arrays."""

    def __init__(self, parser: DependencyParser) -> None:
        self._parser = parser
        self._narrow = parser.model.get_ref("tok2vec").layers[-1]
        lower, upper = parser.model.get_ref("lower"), parser.model.get_ref("upper")
        weights, absent, bias = (lower.get_param(name) for name in ("W", "pad", "b"))
        looks, self._hidden, _, width = weights.shape
        self._weights = np.ascontiguousarray(weights.transpose(3, 0, 2, 1).reshape(width, -1))
        self._absent, self._bias = absent.transpose(0, 1, 3, 2).ravel(), bias.T.ravel()
        self._scores, self._shift = np.ascontiguousarray(upper.get_param("W").T), upper.get_param("b")
        self._stepping = SimpleNamespace(state2vec=SimpleNamespace(nF=looks))  # all that spaCy asks of its own model
        self._places = np.arange(looks, 2 * looks, dtype=np.int32)
        self._all = np.ones((1, looks), dtype=np.float32)

    def parse(self, docs: list[Doc], vectors: Rows) -> None:
        """Give the documents their syntax; `vectors` is what the encoder says of their words, a row each."""
        table = self._table(vectors)
        states = self._parser.moves.init_batch(docs)
        going = [state for state in states if not state.is_final()]
        while going:
            going = self._parser.transition_states(going, self._scored(going, table))
        self._parser.set_annotations(docs, states)

    def _table(self, vectors: Rows) -> Rows:
        """What each word adds at each place that a state looks at: a row a word and place, first for no word there."""
        table = np.empty((1 + len(vectors), self._absent.size), dtype=np.float32)
        table[0] = self._absent
        np.matmul(self._narrow.predict(vectors), self._weights, out=table[1:])
        table[:, : self._bias.size] += self._bias  # at the first place, for the sum of all
        return table.reshape(-1, self._bias.size)

    def _scored(self, states: list[Any], table: Rows) -> NDArray[np.float32]:
        """How good each move is for each of the states; the network takes the larger of two pieces."""
        words = ParserStepModel.get_token_ids(self._stepping, states)
        words *= self._places.size
        words += self._places
        hidden = (self._all @ table.take(words, axis=0))[:, 0]
        scores = np.maximum(hidden[:, : self._hidden], hidden[:, self._hidden :]) @ self._scores
        scores += self._shift
        return np.asarray(scores)
