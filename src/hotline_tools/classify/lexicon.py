"""The lexicon model: weighted words and patterns per category, and rules that move evidence.

A word counts by how rare it is, ``TITLE_WEIGHT`` times in the title, ``ASKED_WEIGHT`` times in what is
asked for, not at all after a negator; repeating it adds little.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from hotline_tools.classify.counts import TermCounts
from hotline_tools.taxonomy import Category, LexiconRules, Taxonomy

TITLE_WEIGHT = 3.0
ASKED_WEIGHT = 1.5
PATTERN_WEIGHT = 6.0
SHIFT_SCALE = 4.0
NAME_WEIGHT = 3.0
UNSEEN_IDF = 6.0

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class _Group:
    """Columns of the vocabulary of which one must occur."""

    columns: NDArray[np.int64]


class CategoryLexicon:
    """Scores messages against every category of a taxonomy, from counts of ``words``."""

    def __init__(
        self, taxonomy: Taxonomy, rules: LexiconRules, words: Sequence[str], idf: Mapping[str, float]
    ):
        self.nodes = tuple(taxonomy.walk())
        self.taxonomy, self.rules = taxonomy, rules
        place = {word: i for i, word in enumerate(words)}
        self.idf = np.array([idf.get(word, UNSEEN_IDF) for word in words], np.float32)
        row, column, value = [], [], []
        for j, node in enumerate(self.nodes):
            for word, weight in node_terms(node).items():
                row.append(place[word])
                column.append(j)
                value.append(weight * float(self.idf[place[word]]))
        shape = (len(words), len(self.nodes))
        self.weights = sp.csr_matrix((value, (row, column)), shape=shape, dtype=np.float32)
        self.in_lexicon = np.zeros(len(words), bool)
        self.in_lexicon[row] = True
        self._patterns = [
            ([place[p] for p in pattern.parts], j)
            for j, node in enumerate(self.nodes)
            for pattern in node.patterns
        ]
        keys = {node.key: j for j, node in enumerate(self.nodes)}
        self._shifts = [
            (
                [_Group(_columns(place, g)) for g in (s.when, s.both, s.unless)],
                keys[s.to],
                [keys[a] for a in s.away],
                s.weight * SHIFT_SCALE,
            )
            for s in rules.shifts
        ]
        needed = {c for parts, _ in self._patterns for c in parts}
        needed |= {int(c) for groups, *_ in self._shifts for g in groups for c in g.columns}
        self._needed = np.zeros(len(words), bool)
        self._needed[sorted(needed)] = True
        self._dense_at = np.cumsum(self._needed) - 1

    def entry_weights(self, counts: TermCounts) -> Floats:
        """Weight of each entry of ``counts`` before idf: title, asked-for and repetition in one."""
        amount = counts.total + (ASKED_WEIGHT - 1) * counts.asked + (TITLE_WEIGHT - 1) * counts.title
        weights: Floats = np.log1p(amount).astype(np.float32)
        return weights

    def scores(self, counts: TermCounts) -> Floats:
        """(messages × nodes) scores, ≥ 0; nodes in the taxonomy's order, parents first."""
        entries = counts.matrix(self.entry_weights(counts), self.in_lexicon[counts.word])
        scores: Floats = (entries @ self.weights).toarray()
        seen = self._seen(counts)
        for parts, j in self._patterns:
            both = seen[self._dense_at[parts[0]]]
            for part in parts[1:]:
                both = both & seen[self._dense_at[part]]
            scores[both, j] += PATTERN_WEIGHT
        for groups, to, away, weight in self._shifts:
            hit = self._any(seen, groups[0]) & self._any(seen, groups[1]) & ~self._any(seen, groups[2])
            scores[hit, to] += weight
            for j in away:
                scores[hit, j] -= weight
        return np.maximum(scores, 0.0)

    def _seen(self, counts: TermCounts) -> NDArray[np.bool_]:
        """(needed words × messages): does the word occur?"""
        seen = np.zeros((int(self._needed.sum()) + 1, counts.rows), bool)
        keep = self._needed[counts.word]
        seen[self._dense_at[counts.word[keep]], counts.row[keep]] = True
        return seen

    def _any(self, seen: NDArray[np.bool_], group: _Group) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = seen[self._dense_at[group.columns]].any(axis=0)
        return found


def lexicon_words(taxonomy: Taxonomy, rules: LexiconRules) -> list[str]:
    """Every word the lexicon needs counted, sorted."""
    words = {word for node in taxonomy.walk() for word in node_terms(node)}
    words |= {part for node in taxonomy.walk() for pattern in node.patterns for part in pattern.parts}
    for shift in rules.shifts:
        words |= {*shift.when, *shift.both, *shift.unless}
    return sorted(words)


def node_terms(node: Category) -> dict[str, float]:
    """The category's words; its own name counts as a strong one."""
    terms = dict(node.terms)
    name = node.name.lower()
    if 2 <= len(name) <= 8:
        terms.setdefault(name, NAME_WEIGHT)
    return terms


def _columns(place: Mapping[str, int], words: Sequence[str]) -> NDArray[np.int64]:
    return np.array([place[w] for w in words], np.int64)
