"""Which messages people should look at: the doubtful and different ones, and a few at random.

Sources: margin uncertainty (Scheffer et al. 2001); facility location, greedily, for messages that are
different and yet stand for many (Wei, Iyer, Bilmes 2015), here weighted by the uncertainty.
``benchmarks/review_selection.py`` compares it with random choice and with lowest confidence.
"""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
CONTROL_SHARE = 0.2
"""Part of a review that is drawn at random, so that accuracy can be estimated without bias."""
SAME_TEXT = 0.9
"""Cosine from which a message is a near-duplicate of one already chosen, and left out."""


def uncertainty(confidence: Sequence[float | None], alternatives: Sequence[str | None]) -> Floats:
    """1 - margin between the category and its runner-up (``名称:0.21;…``); 1 is least certain."""
    first = np.array([value or 0.0 for value in confidence], np.float64)
    second = np.array([_runner_up(text) for text in alternatives], np.float64)
    return 1 - np.clip(first - second, 0, 1)


def _runner_up(alternatives: str | None) -> float:
    if not alternatives:
        return 0.0
    return float(alternatives.split(";")[0].rpartition(":")[2])


def control_sample(keys: Sequence[str], count: int) -> Ints:
    """Positions of ``count`` keys drawn at random.

    The draw depends on each key alone (its hash): neither the order of the rows nor other rows matter,
    and those reviewed once do not come again as long as they are taken out of ``keys``.
    """
    drawn = [blake2b(key.encode(), digest_size=8, person=b"hotline-control").digest() for key in keys]
    order = sorted(range(len(keys)), key=lambda i: (drawn[i], keys[i]))
    return np.array(order[:count], np.int64)


def most_useful(doubt: Floats, matrix: sp.csr_matrix, count: int) -> Ints:
    """Positions of up to ``count`` messages, the most useful first.

    ``doubt`` is each message's uncertainty (0-1), ``matrix`` its unit vector (messages × words). Each
    step takes the message that covers most of the doubt not covered yet: the sum, over all messages, of
    their doubt × how much nearer they come to a chosen one. Near-duplicates of a chosen one are never
    taken. Holds a messages × messages table of 4-byte numbers.
    """
    near = np.asarray((matrix @ matrix.T).toarray(), np.float32)
    np.fill_diagonal(near, 1)  # also for a message without a shared word, whose vector is empty
    weight = np.asarray(doubt, np.float32)
    covered = np.zeros(len(weight), np.float32)
    taken = np.zeros(len(weight), bool)
    chosen: list[int] = []
    while len(chosen) < count and not taken.all():
        gain = np.maximum(near - covered, 0) @ weight
        # rounding makes ties exact, so that the first row wins on every machine
        best = int(np.where(taken, -1, gain).round(4).argmax())
        chosen.append(best)
        covered = np.maximum(covered, near[best])
        taken |= near[best] >= SAME_TEXT
    return np.array(chosen, np.int64)


def interleaved(useful: Sequence[int], control: Sequence[int]) -> list[tuple[int, bool]]:
    """One list of (position, is control): the control rows evenly between the useful ones."""
    mixed = [((i + 0.5) / len(useful), position, False) for i, position in enumerate(useful)]
    mixed += [((i + 0.5) / len(control), position, True) for i, position in enumerate(control)]
    return [(position, is_control) for _, position, is_control in sorted(mixed)]
