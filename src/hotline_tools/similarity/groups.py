"""Groups of messages about one thing: star clustering, then near groups joined.

Star clustering (Aslam, Pelekhov, Rus 2004): the message with the most neighbours leads a group and
takes all neighbours that are still free, then the next. Unlike single linkage it does not chain, and
it does not depend on the order of the messages (but for exact ties).
"""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

NEIGHBOUR = 0.22
"""Cosine from which two messages are neighbours."""
JOIN = 0.45
"""Mean cosine of centres from which two groups are one."""
BLOCK = 512
MOST_GROUPS = 1500
Ints = NDArray[np.int64]


def star_groups(matrix: sp.csr_matrix, *, least: int, neighbour: float = NEIGHBOUR) -> Ints:
    """Group number of each row of a unit matrix; -1 when it is in no group of ``least`` or more.

    Groups are numbered from 0, largest first, ties by their first row.
    """
    graph = _neighbours(matrix, neighbour)
    group = _stars(graph)
    group = _numbered(group, least)
    if group.max(initial=-1) < 0:
        return group
    group = _joined(matrix, group)
    group = _gathered(matrix, group, neighbour)
    return _numbered(group, least)


def _neighbours(matrix: sp.csr_matrix, least: float) -> sp.csr_matrix:
    """Rows × rows: cosines of at least ``least``, block by block."""
    turned = matrix.T.tocsr()
    blocks = []
    for start in range(0, matrix.shape[0], BLOCK):
        near = (matrix[start : start + BLOCK] @ turned).tocsr()
        near.data[near.data < least] = 0
        near.eliminate_zeros()
        blocks.append(near)
    return sp.vstack(blocks).tocsr() if blocks else sp.csr_matrix((0, 0))


def _stars(graph: sp.csr_matrix) -> Ints:
    rows = graph.shape[0]
    weight = np.asarray(graph.sum(axis=1)).ravel().round(6)
    group = np.full(rows, -1, np.int64)
    for leader in np.lexsort((np.arange(rows), -weight)):
        if group[leader] >= 0:
            continue
        near = graph.indices[graph.indptr[leader] : graph.indptr[leader + 1]]
        free = near[group[near] < 0]
        group[free] = leader
        group[leader] = leader
    return group


def _joined(matrix: sp.csr_matrix, group: Ints) -> Ints:
    """Join groups whose centres are alike (average linkage over at most ``MOST_GROUPS`` groups)."""
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415 - a fifth of a second to import

    count = min(int(group.max()) + 1, MOST_GROUPS)
    if count < 2:
        return group
    centres = _centres(matrix, group, count)
    distance = np.clip(1 - (centres @ centres.T).toarray(), 0, 1)
    tree = linkage(distance[np.triu_indices(count, 1)], "average")
    joined = fcluster(tree, 1 - JOIN, "distance").astype(np.int64)
    result = group.copy()
    inside = (group >= 0) & (group < count)
    first = {int(name): int(np.flatnonzero(joined == name)[0]) for name in np.unique(joined)}
    to = np.array([first[int(name)] for name in joined], np.int64)
    result[inside] = to[group[inside]]
    return result


def _gathered(matrix: sp.csr_matrix, group: Ints, least: float) -> Ints:
    """Give rows without a group to the nearest centre that is near enough."""
    free = np.flatnonzero(group < 0)
    if not len(free):
        return group
    centres = _centres(matrix, group, int(group.max()) + 1)
    near = (matrix[free] @ centres.T).toarray()
    best = near.argmax(axis=1)
    result = group.copy()
    close = near[np.arange(len(free)), best] >= least
    result[free[close]] = best[close]
    return result


def _centres(matrix: sp.csr_matrix, group: Ints, count: int) -> sp.csr_matrix:
    """Mean direction of each group (groups × words), unit length."""
    rows = np.flatnonzero((group >= 0) & (group < count))
    member = sp.csr_matrix((np.ones(len(rows)), (group[rows], rows)), shape=(count, matrix.shape[0]))
    total = (member @ matrix).tocsr()
    norms = np.sqrt(np.asarray(total.multiply(total).sum(axis=1))).ravel()
    return (sp.diags(1 / np.maximum(norms, 1e-9)) @ total).tocsr()


def _numbered(group: Ints, least: int) -> Ints:
    """Number the groups by size; those below ``least`` become -1."""
    names, first, sizes = np.unique(group, return_index=True, return_counts=True)
    kept = (names >= 0) & (sizes >= least)
    names, first, sizes = names[kept], first[kept], sizes[kept]
    result = np.full(len(group), -1, np.int64)
    for number, at in enumerate(np.lexsort((first, -sizes))):
        result[group == names[at]] = number
    return result
