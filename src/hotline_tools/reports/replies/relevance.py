"""How well replies fit the messages that they answer, held against other messages."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from hotline_tools.text import Segmenter

SUSPECT = 0.2
"""A reply that fits this share of other messages better than its own is suspected to be beside the point."""
_OTHERS = 20
"""A reply is held against so many messages that are not its own."""
QUESTION_CHARS, _REPLY_CHARS = 200, 300
"""Where the point is made; the rest costs time and changes little."""
_PAIRS = 50_000
"""Pairs of texts that are compared at once, about 50 MB."""
_Places = NDArray[np.intp]


@dataclass(frozen=True)
class Relevance:
    """How a reply fits its own message."""

    cosine: float
    """With its own message, 0-1."""
    better: float
    """The share of other messages that the reply fits better than its own."""
    fit: float | None
    """The share of other messages that it fits worse than its own, ties half; None: it cannot be told."""


def relevances(questions: Sequence[str], replies: Sequence[str], common: float) -> list[Relevance]:
    """Measure each reply against its own message and against ``_OTHERS`` others, evenly drawn.

    Replies differ in length and manner, and so does what they share with any message: three words of a result
    share nothing with most. So the question is not how near a reply is to its message, but whether it is
    nearer than to others. Words have two and more characters, count once a text, and weigh by inverse
    document frequency over all questions and replies; those in more than the share ``common`` of them, as
    市民 and 您好, tell nothing and count nothing. A reply that shares no word with its own message nor with
    ``SUSPECT`` of the others says too little to tell.
    """
    if not replies:
        return []
    asked, said = (
        [text[:most] for text in texts]
        for texts, most in ((questions, QUESTION_CHARS), (replies, _REPLY_CHARS))
    )
    places = {text: place for place, text in enumerate(dict.fromkeys(chain(asked, said)))}
    own, answers = (np.array([places[text] for text in texts]) for texts in (asked, said))
    nearness = _Nearness(_words_of(places), np.bincount(np.concatenate([own, answers])), common)
    near = nearness.cosines(own, answers)
    others, worse, better = (np.zeros(len(said)) for _ in range(3))
    step = max(1, (len(asked) - 1) // _OTHERS)
    for place in range(step, len(asked), step)[:_OTHERS]:
        other = np.roll(own, -place)
        theirs = nearness.cosines(other, answers)
        others += other != own
        better += (other != own) & (theirs > near)
        worse += (other != own) & (theirs < near)
    return [
        _placed(*of)
        for of in zip(near.tolist(), others.tolist(), better.tolist(), worse.tolist(), strict=True)
    ]


def _placed(own: float, others: float, better: float, worse: float) -> Relevance:
    if not others:
        return Relevance(own, 0.0, 1.0 if own else None)
    better, worse = better / others, worse / others
    unclear = not own and better < SUSPECT
    return Relevance(own, better, None if unclear else worse + (1 - worse - better) / 2)


class _Nearness:
    """Cosines between texts by their words; ``times``: how often each text occurs."""

    def __init__(self, words: csr_array, times: NDArray[np.intp], common: float) -> None:
        found = words.T @ times.astype(np.float64)
        total = float(times.sum())
        self._weights = np.where(found <= max(2.0, common * total), np.log(1 + total / found) ** 2, 0.0)
        self._words = words
        self._sizes = words @ self._weights

    def cosines(self, ones: _Places, others: _Places) -> NDArray[np.float64]:
        """Return the cosine of each pair of texts, 0-1; 0 where they share no word that counts."""
        parts = [
            self._cosines(ones[start : start + _PAIRS], others[start : start + _PAIRS])
            for start in range(0, len(ones), _PAIRS)
        ]
        return np.concatenate(parts)

    def _cosines(self, ones: _Places, others: _Places) -> NDArray[np.float64]:
        shared = self._words[ones].multiply(self._words[others]) @ self._weights
        sizes = np.sqrt(self._sizes[ones] * self._sizes[others])
        found: NDArray[np.float64] = np.divide(shared, sizes, out=np.zeros(len(ones)), where=shared > 0)
        return np.minimum(found, 1.0)


def _words_of(texts: Iterable[str]) -> csr_array:
    """Return which words each distinct text has (texts × words, 1 or 0): boilerplate is cut once."""
    cut = Segmenter().overlapping
    known = defaultdict[str, int]()
    known.default_factory = known.__len__
    columns = array("i")
    ends = [0]
    for text in texts:
        found = dict.fromkeys(word for word in cut(text) if len(word) > 1)
        columns.extend(map(known.__getitem__, found))
        ends.append(len(columns))
    ones = np.ones(len(columns), dtype=np.int8)
    words = csr_array((ones, np.asarray(columns), np.array(ends)), (len(ends) - 1, len(known)))
    words.sort_indices()
    return words
