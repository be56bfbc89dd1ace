"""Measures of replies by their own words: repeated sentences, elements of completeness."""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat

import numpy as np

ELEMENTS = {"found": "查明情况", "done": "办理结果", "contact": "联系方式", "date": "日期或时限"}
_SENTENCE_END = re.compile(r"[。！？；!?;\n]+")
_NOT_WORD = re.compile(r"[\W_]+")


def squeezed(text: str) -> str:
    """Return the text without punctuation and spaces, so that only its words are compared."""
    return _NOT_WORD.sub("", text)


class Said:
    """How many replies say the same, as a whole and sentence by sentence, word for word.

    It takes the replies block by block and keeps 8 bytes of each text. ``shortest``: characters of a sentence
    that is looked at.
    """

    def __init__(self, shortest: int) -> None:
        self._shortest = shortest
        self._wholes, self._sentences = _Occurrences(), _Occurrences()

    def add(self, replies: Iterable[str]) -> None:
        """Count a block of replies."""
        for reply, number in Counter(replies).items():  # most are said often, and are looked at once
            self._wholes.add(squeezed(reply), number)
            for part in {part for part in _parts(reply) if len(part) >= self._shortest}:
                self._sentences.add(part, number)

    def repeats(self, replies: Sequence[str]) -> list[int]:
        """Return for each reply how many others of all that were added say the same word for word."""
        wholes = {reply: squeezed(reply) for reply in set(replies)}
        times = self._wholes.times(set(wholes.values()))
        return [times[wholes[reply]] - 1 for reply in replies]

    def boilerplate_shares(self, replies: Sequence[str], least: int) -> list[float]:
        """Return the share of characters in sentences that ``least`` or more replies have word for word."""
        split = {reply: _parts(reply) for reply in set(replies)}
        looked_at = {part for parts in split.values() for part in parts if len(part) >= self._shortest}
        common = {part for part, times in self._sentences.times(looked_at).items() if times >= least}
        shares = {}
        for reply, parts in split.items():
            total = sum(map(len, parts))
            said = sum(len(part) for part in parts if part in common)
            shares[reply] = said / total if total else 1.0
        return [shares[reply] for reply in replies]


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
    return [squeezed(part) for part in _SENTENCE_END.split(reply)]


def missing_elements(reply: str, patterns: Mapping[str, "re.Pattern[str]"]) -> list[str]:
    """Return the Chinese names of the elements that the reply lacks."""
    return [label for name, label in ELEMENTS.items() if not patterns[name].search(reply)]
