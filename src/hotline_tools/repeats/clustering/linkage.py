"""Agglomerative clustering of sparse pair probabilities, without chaining.

A linkage between single and average: the score of two groups is the mean of their best ``BEST`` pairs.
"""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from hotline_tools.repeats.encode.ragged import Longs, Mask

THRESHOLD = 0.4
"""Two groups are joined down to this score."""
BEST = 6
"""Number of pairs averaged: an order that joins a large issue need not be like each of its orders, one that
joins a small issue must be like nearly all."""
LEAST_MEAN = 0.05
"""Groups whose pairs average less are never joined, however good the best pairs are."""
FILL_FLOOR, FILL_CAP = 0.15, 300
"""Within components of pairs at least so likely, of at most so many orders, all pairs are compared."""
Link = tuple[float, tuple[float, ...]]
"""Between two groups: sum of the probabilities (less one for each pair that a rule forbids), the best few."""


def components(n: int, i: Longs, j: Longs) -> NDArray[np.int32]:
    """Return the connected component of each order."""
    graph = coo_matrix((np.ones(len(i), dtype=np.int8), (i, j)), shape=(n, n))
    part: NDArray[np.int32] = connected_components(graph, directed=False)[1]
    return part


def missing_pairs(n: int, codes: Longs, probability: NDArray[np.float64]) -> Longs:
    """Return the unscored pairs (i * n + j) inside small components of likely pairs."""
    likely = codes[probability >= FILL_FLOOR]
    part = components(n, likely // n, likely % n)
    size = np.bincount(part)
    member = np.flatnonzero((size[part] >= 3) & (size[part] <= FILL_CAP))
    member = member[np.argsort(part[member], kind="stable")]
    out = [np.empty(0, dtype=np.int64)]
    for group in np.split(member, np.flatnonzero(np.diff(part[member])) + 1):
        a, b = np.triu_indices(len(group), 1)
        out.append(group[a] * n + group[b])
    return np.setdiff1d(np.concatenate(out), codes)


@dataclass
class _Linkage:
    """Groups as they are merged; only pairs that were scored are stored."""

    links: dict[int, dict[int, Link]] = field(default_factory=dict)
    size: dict[int, int] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=dict)
    heap: list[tuple[float, int, int]] = field(default_factory=list)

    def score(self, a: int, b: int, link: Link) -> float:
        total, best = link
        pairs = self.size[a] * self.size[b]
        return sum(best) / min(BEST, pairs) if total >= LEAST_MEAN * pairs else 0.0

    def merge(self, a: int, b: int, fresh: int) -> None:
        """Join groups ``a`` and ``b`` as ``fresh``."""
        of_a, of_b = self.links.pop(a), self.links.pop(b)
        self.size[fresh] = self.size[a] + self.size[b]
        self.members[fresh] = self.members.pop(a, [a]) + self.members.pop(b, [b])
        new: dict[int, Link] = {}
        for source in (of_a, of_b):
            for c, link in source.items():
                if c not in (a, b):
                    new[c] = _both(new[c], link) if c in new else link
        self.links[fresh] = new
        for c, link in new.items():
            other = self.links[c]
            other.pop(a, None)
            other.pop(b, None)
            other[fresh] = link
            score = self.score(fresh, c, link)
            if score >= THRESHOLD:
                heapq.heappush(self.heap, (-score, fresh, c))


def _both(one: Link, other: Link) -> Link:
    return one[0] + other[0], tuple(sorted((*one[1], *other[1]), reverse=True)[:BEST])


def best_pairs_linkage(n: int, codes: Longs, probability: NDArray[np.float64]) -> Longs:
    """Return for each order the smallest order of its group.

    The two groups with the highest score are joined until it falls under ``THRESHOLD``; a pair never
    scored counts 0. The cost follows the number of pairs, not the square of the number of orders.
    """
    i, j = codes // n, codes % n
    strong: Mask = probability >= THRESHOLD
    part = components(n, i[strong], j[strong])
    inside = np.flatnonzero(part[i] == part[j])
    inside = inside[np.argsort(part[i[inside]], kind="stable")]
    group = np.arange(n)
    # Component by component: what a large one needs in memory is free again for the next.
    for pairs in np.split(inside, np.flatnonzero(np.diff(part[i[inside]])) + 1):
        for members in _joined(n, i[pairs].tolist(), j[pairs].tolist(), probability[pairs].tolist()):
            group[members] = min(members)
    return group


def _joined(n: int, i: list[int], j: list[int], probability: list[float]) -> Iterable[list[int]]:
    """Return the groups of one component; new groups are numbered from ``n``."""
    state = _Linkage()
    for a, b, p in zip(i, j, probability, strict=True):
        link = (p, (max(p, 0.0),))
        state.links.setdefault(a, {})[b] = state.links.setdefault(b, {})[a] = link
        if p >= THRESHOLD:
            state.heap.append((-p, a, b))
    heapq.heapify(state.heap)
    state.size = dict.fromkeys(state.links, 1)
    fresh = n
    while state.heap:
        _, a, b = heapq.heappop(state.heap)
        if a in state.links and b in state.links:
            state.merge(a, b, fresh)
            fresh += 1
    return state.members.values()
