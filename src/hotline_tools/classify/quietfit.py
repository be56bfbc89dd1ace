"""Fit a support vector machine without scikit-learn's warning; whether it converged is returned instead."""

import warnings
from typing import Any

from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import LinearSVC


def fit_quietly(model: LinearSVC, matrix: Any, truth: Any, weight: Any = None) -> bool:
    """Fit ``model`` in place; return whether liblinear converged within its iterations.

    A fit that stopped early is usable, only not at its optimum: what it is worth is for the
    cross-validation to say, and whether to tell for the caller.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(matrix, truth, sample_weight=weight)
    return bool(model.n_iter_ < model.max_iter)
