"""From messages to the numbers a linear model reads: word weights, title weights, lexicon scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import scipy.sparse as sp
from numpy.typing import NDArray

from hotline_tools.classify.codes import encode
from hotline_tools.classify.counts import TermCounter, TermCounts
from hotline_tools.classify.lexicon import CategoryLexicon, lexicon_words
from hotline_tools.taxonomy import LexiconRules, Taxonomy

Floats = NDArray[np.float32]
TITLE_SCALE = 0.7
CUE_SCALE = 0.3


@dataclass(frozen=True)
class Features:
    """Of n messages: counts, tf-idf of all text and of the title (n × words), lexicon block (n × m)."""

    counts: TermCounts
    body: sp.csr_matrix
    title: sp.csr_matrix
    lexicon_scores: Floats
    prior: Floats
    mass: Floats
    """Length of the tf-idf vector of each message's text before it is made one."""
    base: "Features | None" = None
    """The features of the same messages in the base model's space, for a model that has one."""

    def both(self) -> sp.csr_matrix:
        """``body + title``; the title's entries are some of the body's."""
        values = self.body.data.copy()
        values[self.counts.title > 0] += self.title.data
        return sp.csr_matrix((values, self.body.indices, self.body.indptr), shape=self.body.shape)


class FeatureSpace:
    """A vocabulary with its idf, a lexicon and request cues; turns messages into ``Features``."""

    def __init__(
        self,
        words: Sequence[str],
        idf: Floats,
        taxonomy: Taxonomy,
        rules: LexiconRules,
        cues: Mapping[str, Mapping[str, float]],
    ) -> None:
        self.words = list(words)
        self.idf = idf
        self.cue_names = tuple(cues)
        self._counter = TermCounter(self.words, rules.negators, rules.asks)
        self.lexicon = CategoryLexicon(
            taxonomy, rules, self.words, dict(zip(self.words, idf.tolist(), strict=True))
        )
        names = taxonomy.names
        self.top_of = np.array([names.index(node.path[0]) for node in self.lexicon.nodes], np.int64)
        place = {word: i for i, word in enumerate(self.words)}
        row = [place[w] for weights in cues.values() for w in weights]
        column = [j for j, weights in enumerate(cues.values()) for _ in weights]
        value = [weight for weights in cues.values() for weight in weights.values()]
        self._cues = sp.csr_matrix(
            (value, (row, column)), shape=(len(self.words), len(cues)), dtype=np.float32
        )

    @staticmethod
    def needed_words(
        taxonomy: Taxonomy, rules: LexiconRules, cues: Mapping[str, Mapping[str, float]]
    ) -> list[str]:
        """The words that must be in the vocabulary whatever a model selects."""
        return sorted({*lexicon_words(taxonomy, rules), *(w for weights in cues.values() for w in weights)})

    def features(self, titles: pa.Array, contents: pa.Array) -> Features:
        """Features of a batch; each row depends on its own message only."""
        counts = self._counter.count(encode(titles, contents))
        scores = self.lexicon.scores(counts)
        entries = counts.matrix(np.log1p(counts.total))
        cues = np.log1p(np.asarray((entries @ self._cues).toarray())) * np.float32(CUE_SCALE)
        known = np.log1p(np.hstack([scores, self.best_per_top(scores)]))
        prior = np.hstack([_unit_rows(known), cues]).astype(np.float32)
        body, mass = self._tfidf(counts, counts.total, None, 1.0)
        title, _ = self._tfidf(counts, counts.title, counts.title > 0, TITLE_SCALE)
        return Features(counts, body, title, lexicon_scores=scores, prior=prior, mass=mass)

    def best_per_top(self, scores: Floats) -> Floats:
        """The best score below each level-1 class (n × classes)."""
        starts = np.flatnonzero(np.diff(self.top_of, prepend=-1))
        best: Floats = np.maximum.reduceat(scores, starts, axis=1)
        return best

    def _tfidf(
        self, counts: TermCounts, amount: Floats, keep: NDArray[np.bool_] | None, scale: float
    ) -> tuple[sp.csr_matrix, Floats]:
        """Rows of length ``scale``, and the lengths they had."""
        value = (1 + np.log(np.maximum(amount, 1))) * (self.idf[counts.word] + 1)
        matrix = counts.matrix(value.astype(np.float32), keep)
        lengths = np.diff(matrix.indptr)
        norms = np.sqrt(np.bincount(np.repeat(np.arange(counts.rows), lengths), matrix.data**2, counts.rows))
        matrix.data *= np.repeat((scale / np.maximum(norms, 1e-9)).astype(np.float32), lengths)
        return matrix, norms.astype(np.float32)


def _unit_rows(matrix: Floats) -> Floats:
    norms = np.sqrt((matrix**2).sum(axis=1, keepdims=True))
    unit: Floats = matrix / np.maximum(norms, 1e-9)
    return unit
