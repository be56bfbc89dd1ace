"""Excerpts of messages: what a confidence is calibrated on beside the whole messages.

Labels are read on whole messages, but an export may hold a type name of six characters only. So a piece
of each title and of each content is classified too; most say less, and some nothing of the subject.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

LENGTHS = (4, 5, 6, 8, 10, 12, 16, 24, 40)
"""Characters of the excerpts, taken in turn."""


@dataclass(frozen=True)
class Excerpts:
    """Texts cut from messages; ``of[i]`` is the row of the message that excerpt i is from."""

    texts: pa.Array
    of: NDArray[np.int64]

    @property
    def titles(self) -> pa.Array:
        """Excerpts have no title: a null for each."""
        return pa.nulls(len(self.texts), pa.string())


def excerpts(titles: pa.Array, contents: pa.Array, rows: NDArray[np.int64]) -> Excerpts:
    """The beginning of each title and a piece of each content of ``rows``; drawn alike in every run."""
    generator = np.random.default_rng(0)
    texts, of = [], []
    for turn, row in enumerate(rows.tolist()):
        length = LENGTHS[turn % len(LENGTHS)]
        title, content = (" ".join((column[row].as_py() or "").split()) for column in (titles, contents))
        start = int(generator.integers(0, max(1, len(content) - length)))
        pieces = [piece for piece in (title[:length], content[start : start + length]) if piece]
        texts += pieces
        of += [row] * len(pieces)
    return Excerpts(pa.array(texts, pa.string()), np.array(of, np.int64))
