"""Polynomial rolling hashes of runs of characters, for a whole chunk of texts at once.

Equal runs have equal hashes in every text and process, so that no vocabulary is held in memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

PRIME = 1099511628211
_INVERSE = pow(PRIME, -1, 2**64)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
Longs = NDArray[np.int64]
Hashes = NDArray[np.uint64]


@dataclass(frozen=True)
class JoinedTexts:
    """Texts joined by line breaks; a gram never runs across one."""

    text: str

    @classmethod
    def of(cls, texts: Sequence[str]) -> "JoinedTexts":
        """Join texts that hold no line break themselves."""
        return cls("\n".join(texts) + "\n")

    @cached_property
    def codes(self) -> NDArray[np.uint64]:
        """Character codes."""
        return np.frombuffer(self.text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)

    @cached_property
    def doc(self) -> NDArray[np.int32]:
        """The number of the text each character is in."""
        ends = self.codes == 10
        number: NDArray[np.int32] = (np.cumsum(ends) - ends).astype(np.int32)
        return number

    @cached_property
    def is_word(self) -> NDArray[np.bool_]:
        """Whether each character is a Chinese one, a digit or a Latin letter."""
        c = self.codes
        return ((c >= 0x4E00) & (c <= 0x9FFF)) | ((c >= 48) & (c <= 57)) | ((c >= 97) & (c <= 122))

    @cached_property
    def _sums(self) -> tuple[Hashes, Hashes]:
        """Polynomial prefix sums modulo 2**64, and the powers of the base."""
        n = len(self.codes)
        powers = np.full(n + 1, PRIME, dtype=np.uint64)
        inverses = np.full(n + 1, _INVERSE, dtype=np.uint64)
        powers[0] = inverses[0] = 1
        powers, inverses = np.multiply.accumulate(powers), np.multiply.accumulate(inverses)
        sums = np.zeros(n + 1, dtype=np.uint64)
        np.cumsum((self.codes + np.uint64(7)) * inverses[:n], out=sums[1:])
        return sums, powers

    def span_hashes(self, start: Longs, length: Longs | int) -> Hashes:
        """Return the hash of each span."""
        sums, powers = self._sums
        raw = (sums[start + length] - sums[start]) * powers[start]
        raw = (raw ^ (raw >> np.uint64(29))) * _MIX
        mixed: Hashes = raw ^ (raw >> np.uint64(32))
        return mixed

    def ngrams(self, size: int) -> tuple[NDArray[np.int32], Hashes]:
        """Return (text, hash) of every run of ``size`` word characters."""
        run = np.cumsum(~self.is_word)
        last = max(0, len(self.codes) - size + 1)
        inside = self.is_word[:last] & (run[:last] == run[size - 1 : size - 1 + last])
        start = np.flatnonzero(inside)
        return self.doc[start], self.span_hashes(start, size)

    def unordered_bigrams(self) -> tuple[NDArray[np.int32], Hashes]:
        """Return (text, hash) of each bigram of word characters, whatever its order (绿地 = 地绿)."""
        start = np.flatnonzero(self.is_word[:-1] & self.is_word[1:])
        a, b = self.codes[start], self.codes[start + 1]
        key = (np.minimum(a, b) * np.uint64(70001) + np.maximum(a, b)) * np.uint64(0x9E3779B97F4A7C15)
        return self.doc[start], key ^ (key >> np.uint64(31))
