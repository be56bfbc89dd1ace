"""The words that decided: what each word adds to the chosen class beyond the runner-up."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hotline_tools.classify.features import Features

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
SHOWN = 5
LEAST_SHARE = 0.25
LEXICON_SHARE = 0.05
"""Weight of a lexicon word's own points beside its fitted weight."""


@dataclass(frozen=True)
class WordWeights:
    """(words × classes) weights: fitted in all text, fitted in the title, lexicon points."""

    words: Sequence[str]
    is_word: NDArray[np.bool_]
    body: Floats
    title: Floats
    points: Floats


def evidence(features: Features, weights: WordWeights, *, chosen: Ints, rival: Ints) -> list[str]:
    """Per message its strongest words for ``chosen`` against ``rival``, joined by ``;``."""
    counts = features.counts
    entries = np.flatnonzero(weights.is_word[counts.word])
    word, row = counts.word[entries], counts.row[entries]
    mine, other = chosen[row], rival[row]
    value = _gain(features.body.data[entries], weights.body, word, mine, other)
    head = counts.title[entries] > 0
    in_title = (np.cumsum(counts.title > 0) - 1)[entries[head]]
    value[head] += _gain(features.title.data[in_title], weights.title, word[head], mine[head], other[head])
    amount = np.log1p(counts.total + counts.title)[entries] * np.float32(LEXICON_SHARE)
    value += _gain(amount, weights.points, word, mine, other)
    best = np.zeros(counts.rows, np.float32)
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    if len(starts):
        best[row[starts]] = np.maximum.reduceat(value, starts)
    keep = np.flatnonzero(value > np.maximum(best[row] * LEAST_SHARE, 1e-6))
    keep = keep[np.lexsort((-value[keep], row[keep]))]
    ends = np.searchsorted(row[keep], np.arange(counts.rows + 1)).tolist()
    strongest = word[keep].tolist()
    return [_joined(strongest[a:b], weights.words) for a, b in pairwise(ends)]


def _joined(numbers: list[int], words: Sequence[str]) -> str:
    """The first words, none of them part of another."""
    shown: list[str] = []
    for number in numbers:
        text = words[number]
        for seen in shown:
            if text in seen or seen in text:
                break
        else:
            shown.append(text)
            if len(shown) == SHOWN:
                break
    return ";".join(shown)


def _gain(amount: Floats, weights: Floats, word: NDArray[np.int32], mine: Ints, other: Ints) -> Floats:
    gain: Floats = amount * (weights[word, mine] - weights[word, other])
    return gain
