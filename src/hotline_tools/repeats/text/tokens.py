"""Tokenisation: each text is cut into words once, and the marks of each word are cached."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotline_tools.repeats.text.hashing import Hashes, JoinedTexts
from hotline_tools.repeats.text.lexicon import lexicon
from hotline_tools.text import Segmenter

GOOD, KNOWN, STOP, LETTERS = 1, 2, 4, 8
"""Marks of a word: worth counting, in the general dictionary, never inside a name, letters only."""
KIND_SHIFT = 4
KINDS = ("", "estate", "road", "line", "village", "district", "school", "actor")
_LETTERS = re.compile(r"^[\u4e00-\u9fffa-z0-9]+$")
_REMEMBERED = 400_000


class Marks(dict[str, int]):
    """Word → its marks and, above ``KIND_SHIFT``, the kind of name it would close."""

    def __init__(self, segmenter: Segmenter) -> None:
        super().__init__()
        self._segmenter = segmenter
        self._kinds = {kind: number for number, kind in enumerate(KINDS)}
        self._last = {ending[-1] for ending in lexicon().kind_of}

    def __missing__(self, word: str) -> int:
        """Work out the marks of a word seen for the first time."""
        if len(self) > _REMEMBERED:
            self.clear()
        marks = self[word] = self._marks(word)
        return marks

    def _marks(self, word: str) -> int:
        first = word[0]
        han = "\u4e00" <= first <= "\u9fff"
        alnum = "0" <= first <= "9" or "a" <= first <= "z"
        marks = GOOD if (han and len(word) >= 2) or alnum else 0
        if han and len(word) >= 2 and self._segmenter.knows(word):
            marks |= KNOWN
        if word in lexicon().never_inside:
            marks |= STOP
        if _LETTERS.match(word):
            marks |= LETTERS
        return marks | self._kinds[self._kind(word)] << KIND_SHIFT

    def _kind(self, word: str) -> str:
        known = lexicon()
        if word[-1] not in self._last:
            return ""
        for size in range(min(known.longest_ending, len(word)), 0, -1):
            kind = known.kind_of.get(word[-size:])
            if kind:
                return kind
        return ""


@dataclass(frozen=True)
class TokenizedText:
    """One text in words with their marks."""

    words: list[str]
    marks: list[int]


@dataclass(frozen=True)
class CountedWords:
    """The good words of many texts: text number, hash, whether in the general dictionary."""

    doc: NDArray[np.int32]
    key: Hashes
    known: NDArray[np.bool_]


class Tokenizer:
    """Cuts texts into words; caches the marks of words."""

    def __init__(self) -> None:
        self._segmenter = Segmenter()
        self._marks = Marks(self._segmenter)

    def tokenize(self, text: str) -> TokenizedText:
        """TokenizedText one normalised text."""
        words = self._segmenter.cut(text)
        return TokenizedText(words, list(map(self._marks.__getitem__, words)))


def count_words(tokenized: Sequence[Sequence[str]], marks: Sequence[Sequence[int]]) -> CountedWords:
    """Return the good words of texts as hashes."""
    words = [word for cut in tokenized for word in cut]
    length = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    flags = np.fromiter((m for each in marks for m in each), dtype=np.int64, count=len(words))
    doc = np.repeat(np.arange(len(tokenized), dtype=np.int32), [len(cut) for cut in tokenized])
    start = np.cumsum(length) - length
    good = np.flatnonzero(flags & GOOD)
    key = JoinedTexts("".join(words)).span_hashes(start[good], length[good])
    return CountedWords(doc[good], key, (flags[good] & KNOWN) > 0)
