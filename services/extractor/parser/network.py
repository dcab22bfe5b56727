"""The model's network over the sentences of an article: tags, syntax and names, the answers spaCy's own pipes give."""

from itertools import pairwise
from typing import TYPE_CHECKING, cast

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from services.extractor.parser.encoder import Encoders
from services.extractor.parser.naming import Name, Namer
from services.extractor.parser.parsing import Mover

if TYPE_CHECKING:
    from spacy.pipeline import DependencyParser, EntityRecognizer, Tagger, Tok2Vec


class Network:
    """A model's tagger, parser and recogniser of names, the encoders before them run for all sentences at once."""

    def __init__(self, nlp: Language) -> None:
        ner = cast("EntityRecognizer", nlp.get_pipe("ner"))
        encoder = cast("Tok2Vec", nlp.get_pipe("tok2vec")).model
        self._encoders = Encoders(encoder, ner.model.get_ref("tok2vec").layers[0])
        self._tagger = cast("Tagger", nlp.get_pipe("tagger"))
        self._mover = Mover(cast("DependencyParser", nlp.get_pipe("parser")))
        self._namer = Namer(ner)

    def read(self, docs: list[Doc]) -> list[list[Name]]:
        """Give each document, one sentence with at least one word, its tags and its syntax; the names in each."""
        starts = np.cumsum([0, *map(len, docs)])
        vectors, naming = self._encoders.vectors(docs)
        for doc, (start, end) in zip(docs, pairwise(starts), strict=True):
            doc.tensor = vectors[start:end]  # type: ignore[assignment] # as spaCy's own pipe sets it
        self._tagger.set_annotations(docs, self._tagger.predict(docs))
        self._mover.parse(docs, vectors)
        blank = np.concatenate([doc.to_array("IS_SPACE") for doc in docs]).astype(bool)
        return self._namer.names(naming, starts, blank)
