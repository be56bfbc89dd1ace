"""Finds all words of a vocabulary in a batch of codes at once: a trie walked by numpy.

All positions of the batch step down the trie together; after each character only the
positions that still match go on. An edge (node, character) → node lies in a hash table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CHAR_BITS = 13
MAX_CHARS = 1 << CHAR_BITS
EMPTY = np.uint32(0xFFFFFFFF)
MULTIPLIER = np.uint32(2654435769)
LOAD = 4
"""Slots per edge: few collisions."""

UInt32s = NDArray[np.uint32]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Matches:
    """Word ``word[i]`` (index into the vocabulary) stands at ``start[i]``."""

    start: NDArray[np.int64]
    word: Ints


class Trie:
    """A vocabulary of up to 262,144 trie nodes over up to 8,191 different characters."""

    def __init__(self, words: Sequence[str]) -> None:
        letters = sorted({letter for word in words for letter in word})
        if len(letters) >= MAX_CHARS:
            raise ValueError(f"too many different characters: {len(letters)}")
        self.char_ids = np.zeros(0x10000, np.uint32)
        for index, letter in enumerate(letters, 1):
            self.char_ids[ord(letter)] = index
        ids = {letter: index for index, letter in enumerate(letters, 1)}
        edges: dict[int, int] = {}
        word_at: dict[int, int] = {}
        for number, word in enumerate(words):
            node = ids[word[0]]
            for letter in word[1:]:
                # the nodes of single characters are the character ids themselves
                node = edges.setdefault((node << CHAR_BITS) | ids[letter], len(letters) + 1 + len(edges))
            word_at[node] = number
        self.word_of = np.full(len(letters) + 1 + len(edges), -1, np.int32)
        self.word_of[list(word_at)] = list(word_at.values())
        if len(self.word_of) >= 1 << (32 - CHAR_BITS):
            raise ValueError(f"too many words: {len(self.word_of)} nodes")
        inner = np.zeros(len(self.word_of), bool)
        inner[np.fromiter((key >> CHAR_BITS for key in edges), np.int64, len(edges))] = True
        self.has_children = inner
        self._fill(edges)

    def _fill(self, edges: dict[int, int]) -> None:
        bits = max(4, int(np.ceil(np.log2(max(1, len(edges)) * LOAD))))
        self.shift = np.uint32(32 - bits)
        self.keys = np.full((1 << bits) + 64, EMPTY, np.uint32)
        self.values = np.zeros(len(self.keys), np.int32)
        for key, value in edges.items():
            slot = (key * int(MULTIPLIER) & 0xFFFFFFFF) >> int(self.shift)
            while self.keys[slot] != EMPTY:
                slot += 1
            self.keys[slot] = key
            self.values[slot] = value

    def find(self, codes: NDArray[np.uint16]) -> Matches:
        """All occurrences of all words, ordered by word length, then by place."""
        chars = self.char_ids[codes]
        alive = np.flatnonzero(self.has_children[chars])
        node = chars
        single = self.word_of[chars]
        hits = np.flatnonzero(single >= 0)
        starts, words = [hits], [single[hits]]
        node, depth = chars[alive], 1
        while len(alive):
            alive_in = alive + depth < len(chars)
            if not alive_in.all():
                alive, node = alive[alive_in], node[alive_in]
            found, child = self._step(node, chars[alive + depth])
            alive, node = alive[found], child
            word = self.word_of[node]
            hit = word >= 0
            starts.append(alive[hit])
            words.append(word[hit])
            go_on = self.has_children[node]
            alive, node = alive[go_on], node[go_on]
            depth += 1
        return Matches(np.concatenate(starts), np.concatenate(words))

    def _step(self, node: UInt32s, char: UInt32s) -> tuple[NDArray[np.int64], UInt32s]:
        """Indices that have a child along ``char``, and those children."""
        key = (node << np.uint32(CHAR_BITS)) | char
        slot = ((key * MULTIPLIER) >> self.shift).astype(np.int64)
        held = self.keys[slot]
        found = held == key
        open_ = np.flatnonzero(~found & (held != EMPTY))
        while len(open_):
            slot[open_] += 1
            held = self.keys[slot[open_]]
            same = held == key[open_]
            found[open_[same]] = True
            open_ = open_[~same & (held != EMPTY)]
        index = np.flatnonzero(found)
        return index, self.values[slot[index]].astype(np.uint32)
