"""A name for a group of messages: the words that are common inside it and rare outside."""

import numpy as np
from numpy.typing import NDArray

from hotline_tools.similarity.vectors import Vectors

LEAST_SHARE = 0.15
"""A key word stands in at least this share of the group's messages."""


def key_words(found: Vectors, rows: NDArray[np.int64], *, most: int = 4) -> list[str]:
    """The key words of the messages ``rows``, most telling first.

    A word's score is p·log(p/q), its part of the Kullback-Leibler divergence between the group
    (p: share of the group's messages with the word) and all messages (q).
    """
    inside = np.bincount(found.matrix[rows].indices, minlength=len(found.words))
    p = inside / max(1, len(rows))
    q = found.messages / max(1, found.matrix.shape[0])
    # the small constant ranks words by p when the group is all there is
    score = np.where(inside > 0, p * (np.log(np.maximum(p, 1e-9) / np.maximum(q, 1e-9)) + 0.1), -1)
    score[p < LEAST_SHARE] = -1
    chosen: list[str] = []
    for at in np.lexsort((np.arange(len(score)), -score.round(9))):
        word = found.words[at]
        if len(chosen) == most or score[at] <= 0:
            break
        if not any(word in seen or seen in word for seen in chosen):
            chosen.append(word)
    return chosen
