"""Measures of replies by their own words: repeated sentences, elements of completeness."""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import repeat
from typing import NamedTuple

import numpy as np

ELEMENTS = {"found": "查明情况", "done": "办理结果", "contact": "联系方式", "date": "日期或时限"}
_SENTENCE_END = re.compile(r"[。！？；!?;\n]+")
_NOT_WORD = re.compile(r"(?:[^\w。！？；!?;\n]|_)+")
"""What is neither a word nor the end of a sentence."""


class Repetition(NamedTuple):
    """Of one reply."""

    same: int
    """Others that say the same word for word."""
    boilerplate: float
    """The share of its characters in sentences that many replies have word for word."""


class Said:
    """How many replies say the same, as a whole and sentence by sentence; punctuation and spaces aside.

    It takes the replies block by block and keeps 8 bytes of each text. ``shortest``: characters of a sentence
    that is looked at.
    """

    def __init__(self, shortest: int) -> None:
        self._shortest = shortest
        self._wholes, self._sentences = _Occurrences(), _Occurrences()

    def add(self, replies: Iterable[str]) -> None:
        """Count a block of replies."""
        for reply, number in Counter(replies).items():  # most are said often, and are looked at once
            parts = _parts(reply)
            self._wholes.add("".join(parts), number)
            for part in {part for part in parts if len(part) >= self._shortest}:
                self._sentences.add(part, number)

    def repetitions(self, replies: Iterable[str], least: int) -> dict[str, Repetition]:
        """Return the repetition of each distinct reply among all that were added.

        ``least``: replies that have a sentence for it to be boilerplate. One that was not added, as an import
        came in between, repeats nothing.
        """
        split = {reply: _parts(reply) for reply in set(replies)}
        wholes = self._wholes.times({"".join(parts) for parts in split.values()})
        looked_at = {part for parts in split.values() for part in parts if len(part) >= self._shortest}
        common = {part for part, times in self._sentences.times(looked_at).items() if times >= least}
        found = {}
        for reply, parts in split.items():
            whole = "".join(parts)
            said = sum(len(part) for part in parts if part in common)
            found[reply] = Repetition(max(wholes[whole] - 1, 0), said / len(whole) if whole else 1.0)
        return found


class _Occurrences:
    """How often each text occurs, by 64-bit hashes: two of 40 million differ in 99.99 % of all cases."""

    def __init__(self) -> None:
        self._hashes = array("q")
        self._sorted = True

    def add(self, text: str, times: int) -> None:
        """Count ``times`` occurrences."""
        self._hashes.extend(repeat(hash(text), times))
        self._sorted = False

    def times(self, texts: Iterable[str]) -> dict[str, int]:
        """Return how often each text occurs."""
        known = np.frombuffer(self._hashes, dtype=np.int64)
        if not self._sorted:
            known.sort()
            self._sorted = True
        asked = sorted(texts, key=hash)  # neighbours lie near each other in memory: three times as fast
        wanted = np.array([hash(text) for text in asked], dtype=np.int64)
        found = known.searchsorted(wanted, side="right") - known.searchsorted(wanted)
        return dict(zip(asked, found.tolist(), strict=True))


def _parts(reply: str) -> list[str]:
    """Return the sentences without punctuation and spaces, so that only their words are compared."""
    return _SENTENCE_END.split(_NOT_WORD.sub("", reply))


def missing_elements(reply: str, patterns: Mapping[str, "re.Pattern[str]"]) -> list[str]:
    """Return the Chinese names of the elements that the reply lacks."""
    return [label for name, label in ELEMENTS.items() if not patterns[name].search(reply)]
