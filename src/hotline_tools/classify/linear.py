"""A fitted linear model over ``Features``: logits of classes, request types and subcategories."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from hotline_tools.classify.features import Features

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Linear:
    """Weights of k classes: words in all text, words in the title (words × k), lexicon block, bias."""

    body: Floats
    title: Floats
    prior: Floats
    bias: Floats
    converged: bool = True
    """False when fitting ran out of iterations; not kept in a saved model."""

    def logits(self, features: Features) -> Floats:
        """(messages × k) scores, before calibration."""
        # The dense product sums in an order that depends on how many rows there are; in doubles that
        # difference is far below what a single keeps, so a row's scores do not depend on its batch.
        prior = (features.prior.astype(np.float64) @ self.prior.astype(np.float64)).astype(np.float32)
        found: Floats = (
            np.asarray(features.body @ self.body)
            + np.asarray(features.title @ self.title)
            + prior
            + self.bias
        )
        return found


@dataclass(frozen=True)
class LeafTree:
    """Leaf l is called ``names[l]``, stands below class ``parent[l]`` and is lexicon node ``node[l]``."""

    names: tuple[str, ...]
    parent: NDArray[np.int64]
    node: NDArray[np.int64]


@dataclass(frozen=True)
class Leaves:
    """Chooses the subcategory below a chosen class.

    ``weights`` (words × leaves, sparse) reads body + title; the lexicon's own score of the leaf
    (``tree.node[l]``, -1 when it has none) is added with ``lexicon_weight``.
    """

    tree: LeafTree
    weights: sp.csr_matrix
    bias: Floats
    lexicon_weight: float

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the leaves."""
        return self.tree.names

    @cached_property
    def _below(self) -> dict[int, tuple[NDArray[np.int64], Floats]]:
        """The leaves of each class, and their weights (words × these leaves)."""
        leaves = {int(parent): np.flatnonzero(self.tree.parent == parent) for parent in self.tree.parent}
        return {parent: (below, self.weights[:, below].toarray()) for parent, below in leaves.items()}

    def choose(self, features: Features, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        """Index of the best leaf below ``chosen`` class of each message, -1 where it has none."""
        best = np.full(len(chosen), -1, np.int64)
        words = features.both()
        for parent, (below, _) in self._below.items():
            rows = np.flatnonzero(chosen == parent)
            if len(rows):
                scores = self._scores(words[rows], features.lexicon_scores[rows], parent)
                best[rows] = below[scores.argmax(axis=1)]
        return best

    def _scores(self, words: sp.csr_matrix, lexicon_scores: Floats, parent: int) -> Floats:
        """(messages × leaves of the class) scores, which the leaves of another class do not compare with."""
        below, weights = self._below[parent]
        scores: Floats = np.asarray(words @ weights, np.float32) + self.bias[below]
        known = self.tree.node[below] >= 0
        lexicon = np.log1p(lexicon_scores[:, self.tree.node[below[known]]])
        scores[:, known] += np.float32(self.lexicon_weight) * lexicon
        return scores

    def probabilities(self, features: Features, classes: Floats) -> Floats:
        """(messages × leaves): the class's probability shared out among its leaves."""
        words = features.both()
        shared = np.zeros((len(classes), len(self.names)), np.float32)
        for parent, (below, _) in self._below.items():
            scores = self._scores(words, features.lexicon_scores, parent)
            shared[:, below] = softmax(scores) * classes[:, [parent]]
        return shared


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Probabilities row by row."""
    scaled = logits / np.float32(temperature)
    scaled = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    probabilities: Floats = scaled / scaled.sum(axis=1, keepdims=True)
    return probabilities
