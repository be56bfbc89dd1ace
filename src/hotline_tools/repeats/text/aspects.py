"""Aspects: what is complained of, as the lexicon's aspects; a text may have several."""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hotline_tools.repeats.text.hashing import JoinedTexts
from hotline_tools.repeats.text.lexicon import lexicon

OPENING = 200
"""Characters of the content in which aspects are searched."""
_PLAIN = re.compile(r"[^\\.*+?()\[\]{}^$]+")
Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


@cache
def _plain() -> dict[int, tuple[NDArray[np.uint64], NDArray[np.int64]]]:
    """Return, by length, the sorted hashes of plain words and the aspect of each."""
    by_size: dict[int, list[tuple[int, int]]] = {}
    for number, pattern in enumerate(lexicon().aspects.values()):
        for word in _alternatives(pattern):
            if _PLAIN.fullmatch(word):
                key = int(JoinedTexts(word).span_hashes(np.zeros(1, np.int64), len(word))[0])
                by_size.setdefault(len(word), []).append((key, number))
    tables = {}
    for size, items in by_size.items():
        items.sort()
        tables[size] = (
            np.array([k for k, _ in items], dtype=np.uint64),
            np.array([n for _, n in items], dtype=np.int64),
        )
    return tables


@cache
def _patterns() -> tuple[tuple[int, re.Pattern[str]], ...]:
    """Return the aspects that need more than a plain word."""
    found = []
    for number, pattern in enumerate(lexicon().aspects.values()):
        complex_ones = [word for word in _alternatives(pattern) if not _PLAIN.fullmatch(word)]
        if complex_ones:
            found.append((number, re.compile("|".join(complex_ones))))
    return tuple(found)


def _alternatives(pattern: str) -> list[str]:
    """Split at each | that stands outside brackets."""
    parts, depth = [""], 0
    for char in pattern:
        depth += (char == "(") - (char == ")")
        if char == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def aspects_of(texts: Sequence[str]) -> Pairs:
    """Return (text number, aspect number) of all texts, unordered, with repetitions."""
    joined = JoinedTexts.of(texts)
    size_of = len(joined.codes)
    docs, aspects = [], []
    for size, (keys, numbers) in _plain().items():
        start = np.flatnonzero(joined.codes[: max(0, size_of - size)] != 10)
        hashes = joined.span_hashes(start, size)
        # A small table of the upper bits sorts out nearly all before the exact look-up.
        maybe = np.zeros(1 << 16, dtype=bool)
        maybe[(keys >> np.uint64(48)).astype(np.int64)] = True
        likely = np.flatnonzero(maybe[(hashes >> np.uint64(48)).astype(np.int64)])
        low = np.searchsorted(keys, hashes[likely], side="left")
        high = np.searchsorted(keys, hashes[likely], side="right")
        for step in range(int((high - low).max(initial=0))):
            hit = np.flatnonzero(high - low > step)
            docs.append(joined.doc[start[likely[hit]]].astype(np.int64))
            aspects.append(numbers[low[hit] + step])
    for number, pattern in _patterns():
        at = np.array([m.start() for m in pattern.finditer(joined.text)], dtype=np.int64)
        docs.append(joined.doc[at].astype(np.int64))
        aspects.append(np.full(len(at), number, dtype=np.int64))
    return np.concatenate(docs), np.concatenate(aspects)
