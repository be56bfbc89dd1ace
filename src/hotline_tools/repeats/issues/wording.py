"""What the complaints of an issue have in common: how far they say a title's words, and their own clause.

A word weighs the more, the fewer issues of the store hold it: 市民来电反映 and 请尽快处理 weigh next to
nothing, whatever formulas a city uses.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import log

from hotline_tools.repeats.issues.headline import DEMAND, without_telling
from hotline_tools.repeats.text.normalisation import normalise
from hotline_tools.repeats.text.tokens import GOOD, Tokenizer

SAMPLE = 40
"""Members looked at: enough to tell what is common."""
_ISSUES, _LOOKED_AT = 2_000, 240
"""Issues of a store whose words are counted, and the characters of a content of each."""
_TOLD = 8
"""Contents whose clauses are weighed."""
_CLAUSES = 12
"""Clauses of a content that are weighed: what follows are formulas."""
_LONGEST, _LEAST = 30, 4
_SENTENCE = re.compile(r"[\n。！？!?；;]+|(?<=[\u4e00-\u9fff])\.")
_CLAUSE = re.compile(r"[，,：:\s]+")
_CALLER = re.compile(r"^(?:我|本人|其(?!他|它|中|实)|来电人|市民|居民|业主)")
"""A clause that begins so tells more of the caller than of the matter."""
_ASIDE = 0.5
"""What such a clause, and a demand, is worth."""
_EARLY = 0.75
"""The first clause of a content that is worth so much of its best one begins the matter."""


@dataclass(frozen=True)
class Corpus:
    """A store's issues: how many were looked at, in how many each word occurs, and the places they have."""

    issues: int = 0
    held: Mapping[str, int] = field(default_factory=dict)
    places: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, contents: Sequence[Sequence[str | None]], places: Iterable[str | None], tokenizer: Tokenizer
    ) -> "Corpus":
        """Count the words of one content of each issue, of 2,000 issues at most; places are normalised."""
        some = contents[:: max(1, len(contents) // _ISSUES)]
        texts = normalise([next((t for t in each if t), "")[:_LOOKED_AT] for each in some])
        held = Counter(word for text in texts for word in set(words_of(text, tokenizer)))
        return cls(len(texts), held, frozenset(normalise([place for place in places if place])))

    def weight(self, word: str) -> float:
        """Return how much a word tells: the logarithm of the share of issues without it."""
        return log((self.issues + 2) / (self.held.get(word, 0) + 1))


def words_of(text: str, tokenizer: Tokenizer) -> list[str]:
    """Return the words of a normalised text that may tell something, numbers left out."""
    cut = tokenizer.tokenize(text)
    return [word for word, mark in zip(cut.words, cut.marks, strict=True) if mark & GOOD and not word.isdigit()]


@dataclass(frozen=True)
class Weighed:
    """``share``: how far the members say a text's words; ``worth``: how much these words tell of them."""

    share: float
    worth: float


class Members:
    """The contents of an issue's orders."""

    def __init__(self, contents: Sequence[str | None], corpus: Corpus, tokenizer: Tokenizer) -> None:
        self.written = [text for text in contents if text][:SAMPLE]
        self._texts = normalise(self.written)
        self._corpus, self._tokenizer = corpus, tokenizer
        self._shares: dict[str, float] = {}

    def share(self, word: str) -> float:
        """Return the share of the contents that hold a normalised word."""
        if word not in self._shares:
            self._shares[word] = sum(word in text for text in self._texts) / max(1, len(self._texts))
        return self._shares[word]

    def weigh(self, text: str, aside: str = "") -> Weighed:
        """Weigh the words of a text, those of ``aside`` (the place) left out."""
        words = words_of(normalise([text])[0], self._tokenizer)
        place = normalise([aside])[0]
        words = [word for word in words if word not in place]
        weights = [self._corpus.weight(word) for word in words]
        held = sum(weight * self.share(word) for weight, word in zip(weights, words, strict=True))
        return Weighed(held / sum(weights) if words and sum(weights) else 1.0, held / (len(words) + 2))

    def clause(self, place: str | None) -> str:
        """Return the clause, or the clauses in a row, that the members have most in common; or nothing."""
        step = max(1, len(self.written) // _TOLD)
        runs = [self._best_run(text, place or "") for text in self.written[::step][:_TOLD]]
        return max(runs, key=lambda run: run[0], default=(0.0, ""))[1]

    def _best_run(self, content: str, place: str) -> tuple[float, str]:
        runs: list[tuple[float, str]] = []
        for sentence in _SENTENCE.split(content):
            clauses = [without_telling(each) for each in _CLAUSE.split(sentence) if each]
            worth = [self._worth(clause, place) for clause in clauses]
            for first, clause in enumerate(clauses[:_CLAUSES]):
                if len(clause) < _LEAST or len(clause) > 2 * _LONGEST:
                    continue
                run, last = clause, first + 1
                while (
                    last < len(clauses)
                    and worth[last] >= _EARLY * worth[first]
                    and len(run) + len(clauses[last]) < _LONGEST
                ):
                    run, last = f"{run}，{clauses[last]}", last + 1
                runs.append((sum(worth[first:last]) / (last - first + 1), run))
        best = max((worth for worth, _ in runs), default=0.0)
        return next((run for run in runs if run[0] >= _EARLY * best), (0.0, ""))

    def _worth(self, clause: str, place: str) -> float:
        if not clause:
            return 0.0
        aside = _ASIDE if _CALLER.match(clause) or DEMAND.match(clause) else 1.0
        return aside * self.weigh(clause, place).worth
