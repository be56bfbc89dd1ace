"""How sure it is that the orders of a group are one issue: how like each is to the one most like it.

Of measures tried on generated years (the mean of all pairs, of the best three, the weakest order's best) this
one tells mixed groups best (``benchmarks/repeats.py --year``). Small groups need it: of two orders out of
thirty thousand about one clinic, half are two matters; of six that are all alike hardly any.
"""

import numpy as np
from numpy.typing import NDArray

from hotline_tools.repeats.encode.ragged import Longs, Mask

SURE = 0.9
"""A group stands for itself where the mean of its orders is at least this; else somebody should look."""
Shares = NDArray[np.float32]


def closest_of_texts(n: int, codes: Longs, probability: NDArray[np.float64], group: Longs) -> Shares:
    """Return (n,) the probability of each text's best pair (i * n + j) inside its group; 0 without any."""
    i, j = codes // n, codes % n
    inside = group[i] == group[j]
    out = np.zeros(n, dtype=np.float32)
    best = probability[inside].astype(np.float32)
    for side in (i, j):
        np.maximum.at(out, side[inside], best)
    return out


def closest_of_orders(of_texts: Shares, text_of: Longs, joined: Mask, referenced: Longs) -> Shares:
    """Return (m,) the same of each order, whose text is ``text_of`` (or -1): 1 beside another of its text.

    An order that ``joined`` the one it names by number, ``referenced``, is sure of it, and that one of it.
    """
    out = np.zeros(len(text_of), dtype=np.float32)
    known = text_of >= 0
    copies = np.bincount(text_of[known], minlength=len(of_texts))
    out[known] = np.where(copies > 1, np.float32(1), of_texts)[text_of[known]]
    out[joined] = out[referenced[joined]] = 1
    return out
