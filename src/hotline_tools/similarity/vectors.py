"""Messages as unit vectors of their telling words (TF-IDF), so that a product is a cosine."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from hotline_tools.similarity.words import content_words

TITLE_TIMES = 2
MOST_COMMON = 0.3
"""A word in more than this share of the messages tells nothing, once there are many messages."""
FEW = 60
"""So many messages may always share a word."""
SINGLE = 0.5
"""Weight of a word of one message only: mostly names and slips, yet a text full of them is about more."""


@dataclass(frozen=True)
class Vectors:
    """Rows of ``matrix`` (messages × words) have length 1, or 0 for a message without telling words.

    A word of a single message adds to the length (by ``SINGLE``) but has no column: it can match nothing.
    ``messages[j]`` is how many messages have the word ``words[j]``; ``wordless[i]``: message i has no
    telling word at all (谢谢, a number, nothing), not even one of its own.
    """

    matrix: sp.csr_matrix
    words: tuple[str, ...]
    messages: NDArray[np.int64]
    wordless: NDArray[np.bool_]


def vectors(
    titles: Sequence[str | None], contents: Sequence[str | None], *, without: Collection[str] = ()
) -> Vectors:
    """Vectors of messages; words ``without`` are left out. The idf is that of these messages."""
    place: dict[str, int] = {}
    rows: list[dict[int, int]] = []
    for title, content in zip(titles, contents, strict=True):
        counts: dict[int, int] = {}
        for text, times in ((title, TITLE_TIMES), (content, 1)):
            for word in content_words(text or ""):
                if word not in without:
                    at = place.setdefault(word, len(place))
                    counts[at] = counts.get(at, 0) + times
        rows.append(counts)
    pointers = np.cumsum([0, *map(len, rows)])
    column = np.fromiter((at for counts in rows for at in counts), np.int64, int(pointers[-1]))
    amount = np.fromiter((n for counts in rows for n in counts.values()), float, int(pointers[-1]))
    return _weighted(sp.csr_matrix((amount, column, pointers), shape=(len(rows), len(place))), list(place))


def _weighted(counts: sp.csr_matrix, words: list[str]) -> Vectors:
    messages = np.bincount(counts.indices, minlength=len(words))
    idf = np.log((1 + counts.shape[0]) / (1 + messages)) + 1
    # too common a word gets no weight at all
    idf[messages > max(MOST_COMMON * counts.shape[0], FEW)] = 0
    idf[messages == 1] *= SINGLE
    counts.data = (1 + np.log(counts.data)) * idf[counts.indices]
    norms = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1))).ravel()
    unit = sp.diags(1 / np.maximum(norms, 1e-9)) @ counts
    kept = np.flatnonzero((messages > 1) & (idf > 0))
    # words in their order, so that the same messages give the same columns in whatever order they come
    kept = kept[np.argsort(np.array(words, dtype=object)[kept])] if len(kept) else kept
    return Vectors(unit.tocsc()[:, kept].tocsr(), tuple(words[i] for i in kept), messages[kept], norms == 0)
