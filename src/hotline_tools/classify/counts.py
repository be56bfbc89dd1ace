"""How often each word of a vocabulary stands in each message: in all, in the title, and weighted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from hotline_tools.classify.codes import CodeBatch
from hotline_tools.classify.trie import Matches, Trie

PLAIN, ASKED, TITLE = 0, 1, 2
CLAUSE_ENDS = ",.;!?，。；！？\n…"

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class TermCounts:
    """Sparse counts: entry k is for word ``word[k]`` in message ``row[k]``.

    Entries are ordered by message, then word. ``total`` counts all occurrences,
    ``asked`` those in a clause after an asking word, ``title`` those in the title.
    """

    row: NDArray[np.int32]
    word: NDArray[np.int32]
    total: Floats
    asked: Floats
    title: Floats
    rows: int
    words: int

    def matrix(self, data: Floats, keep: NDArray[np.bool_] | None = None) -> sp.csr_matrix:
        """(rows × words) matrix with ``data`` in the entries (of ``keep``)."""
        row, word = (self.row, self.word) if keep is None else (self.row[keep], self.word[keep])
        pointers = np.searchsorted(row, np.arange(self.rows + 1, dtype=np.int32)).astype(np.int32)
        values = data if keep is None else data[keep]
        return sp.csr_matrix((values, word, pointers), shape=(self.rows, self.words))


class TermCounter:
    """Counts a fixed list of words; ``negators`` and ``asks`` need not be in the list."""

    def __init__(self, words: Sequence[str], negators: Sequence[str] = (), asks: Sequence[str] = ()) -> None:
        self.words = list(words)
        extra = [w for w in dict.fromkeys([*negators, *asks]) if w not in set(self.words)]
        self._all = [*self.words, *extra]
        self._trie = Trie(self._all)
        place = {word: i for i, word in enumerate(self._all)}
        self._length = np.array([len(w) for w in self._all], np.int64)
        self._negates = np.zeros(len(self._all), bool)
        self._negates[[place[w] for w in negators]] = True
        self._asks = np.zeros(len(self._all), bool)
        self._asks[[place[w] for w in asks]] = True

    def count(self, batch: CodeBatch) -> TermCounts:
        """Count every word in every message of the batch."""
        found = self._trie.find(batch.codes)
        kind = np.full(len(found.word), PLAIN, np.uint8)
        if self._asks.any():
            kind[self._is_asked(batch, found)] = ASKED
        kind[batch.in_title[found.start]] = TITLE
        keep = found.word < len(self.words)
        if self._negates.any():
            keep &= ~self._is_negated(batch, found)
        return self._gather(batch, found, kind, keep)

    def _gather(
        self, batch: CodeBatch, found: Matches, kind: NDArray[np.uint8], keep: NDArray[np.bool_]
    ) -> TermCounts:
        width = len(self.words)
        # the narrowest numbers that hold the keys: half the bytes are sorted in half the time
        number = np.dtype(np.uint32 if batch.rows * width << 2 < 1 << 32 else np.uint64)
        row, word = batch.row[found.start[keep]].astype(number), found.word[keep].astype(number)
        # one sort puts message, word and kind of place in order
        key = np.sort((row * width + word) << 2 | kind[keep])
        pair, kinds = key >> 2, key & 3
        is_new = np.ones(len(pair), bool)
        is_new[1:] = pair[1:] != pair[:-1]
        new = np.flatnonzero(is_new)
        ends = np.append(new, len(key))[1:]
        total = (ends - new).astype(np.float32)
        asked = _sums(kinds == ASKED, ends)
        title = _sums(kinds == TITLE, ends)
        rows, words = np.divmod(pair[new], width)
        return TermCounts(
            rows.astype(np.int32), words.astype(np.int32), total, asked, title, batch.rows, width
        )

    def _is_negated(self, batch: CodeBatch, found: Matches) -> NDArray[np.bool_]:
        negator = self._negates[found.word]
        after = np.zeros(len(batch.codes) + 1, bool)
        after[found.start[negator] + self._length[found.word[negator]]] = True
        return after[found.start]

    def _is_asked(self, batch: CodeBatch, found: Matches) -> NDArray[np.bool_]:
        table = np.zeros(0x10000, bool)
        table[[ord(mark) for mark in CLAUSE_ENDS]] = True
        clause = np.cumsum(table[batch.codes], dtype=np.int32)
        first = np.full(int(clause[-1]) + 1 if len(clause) else 1, len(batch.codes), np.int64)
        asks = found.start[self._asks[found.word]]
        # later assignments win, so the earliest asking word of a clause is written last
        asks = np.sort(asks)[::-1]
        first[clause[asks]] = asks
        return found.start >= first[clause[found.start]]


def _sums(flags: NDArray[np.bool_], ends: NDArray[np.int64]) -> Floats:
    """How many flags each part has, from the end of the one before to its own."""
    until = np.cumsum(flags, dtype=np.int32)[ends - 1]
    sums: Floats = np.diff(until, prepend=np.int32(0)).astype(np.float32)
    return sums
