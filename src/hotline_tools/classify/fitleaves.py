"""Fits the choice among the subcategories of each class."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.svm import LinearSVC

from hotline_tools.classify.features import Features
from hotline_tools.classify.fitting import fit_svc
from hotline_tools.classify.linear import LeafTree, Leaves

Ints = NDArray[np.int64]
KEPT_PER_LEAF = 250
LEAST_EXAMPLES = 3
LEXICON_WEIGHT = 0.7


def fit_leaves(features: Features, tree: LeafTree, truth: Ints, rows: Ints) -> Leaves:
    """``truth`` is the leaf of each message (-1: unknown); only ``rows`` are learnt from.

    A leaf with too few examples is left to the lexicon.
    """
    names, parent = tree.names, tree.parent
    words = features.body.shape[1]
    both = features.both().astype(np.float64)
    weights = np.zeros((words, len(names)), np.float32)
    bias = np.zeros(len(names), np.float32)
    for top in np.unique(parent):
        below = np.flatnonzero(parent == top)
        mine = rows[np.isin(truth[rows], below)]
        known = [leaf for leaf in below if (truth[mine] == leaf).sum() >= LEAST_EXAMPLES]
        if len(known) < 2:
            continue
        mine = mine[np.isin(truth[mine], known)]
        model = LinearSVC(C=0.5, max_iter=5000, class_weight="balanced", random_state=0)
        fit_svc(model, both[mine], truth[mine])
        coefficients = model.coef_ if len(known) > 2 else np.vstack([-model.coef_, model.coef_]) / 2
        intercept = (
            model.intercept_ if len(known) > 2 else np.array([-model.intercept_[0], model.intercept_[0]]) / 2
        )
        weights[:, model.classes_] = _strongest(coefficients).T
        bias[below] = intercept.min() - 1.0
        bias[model.classes_] = intercept
    return Leaves(tree, sp.csr_matrix(weights), bias, LEXICON_WEIGHT)


def _strongest(coefficients: NDArray[np.float64]) -> NDArray[np.float64]:
    kept = np.zeros_like(coefficients)
    for i, row in enumerate(coefficients):
        best = np.argsort(-np.abs(row))[:KEPT_PER_LEAF]
        kept[i, best] = row[best]
    return kept
