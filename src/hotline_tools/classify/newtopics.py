"""New topics: messages that fit no class well, grouped and named by their key terms."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import scipy.sparse as sp
from numpy.typing import NDArray

from hotline_tools.classify.features import Features
from hotline_tools.classify.model import Model

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
ALIKE = 0.22
"""Cosine from which a message joins a group's centre."""
LEAST_MEMBERS = 3
SHOWN_TERMS = 4
ROUNDS = 3


@dataclass(frozen=True)
class Topic:
    """A group of messages; ``terms`` name it, ``members`` are row numbers, the most central first."""

    terms: tuple[str, ...]
    members: tuple[int, ...]

    @property
    def name(self) -> str:
        """What people see."""
        return "、".join(self.terms)


def new_topics(
    model: Model, titles: pa.Array, contents: pa.Array, *, least: int = LEAST_MEMBERS
) -> list[Topic]:
    """Group the given messages (the poorly fitting ones) by likeness, largest group first.

    Leader clustering over the readable words of body and title, centres recomputed; groups of fewer
    than ``least`` are left out. The order of the messages decides ties only.
    """
    features = model.features(titles, contents)
    vectors = _readable(features, model)
    member = _cluster(vectors)
    topics = []
    background = np.asarray(vectors.mean(axis=0)).ravel()
    for group in np.unique(member[member >= 0]).tolist():
        rows = np.flatnonzero(member == group)
        if len(rows) < least:
            continue
        centre = np.asarray(vectors[rows].mean(axis=0)).ravel()
        closest = rows[np.argsort(-(vectors[rows] @ centre), kind="stable")]
        terms = _terms(centre - background, model.space.words)
        topics.append(Topic(terms, tuple(int(row) for row in closest)))
    return sorted(topics, key=lambda topic: (-len(topic.members), topic.members))


def _readable(features: Features, model: Model) -> sp.csr_matrix:
    both = features.both() @ sp.diags(model.readable.astype(np.float32))
    norms = np.sqrt(np.asarray(both.multiply(both).sum(axis=1))).ravel()
    unit: sp.csr_matrix = (sp.diags(1 / np.maximum(norms, 1e-6)) @ both).tocsr()
    return unit


def _cluster(vectors: sp.csr_matrix) -> Ints:
    """Group of each row, -1 when it is like no centre."""
    likeness = (vectors @ vectors.T).tocsr()
    waiting = np.asarray((likeness > ALIKE).sum(axis=1)).ravel()
    member = np.full(vectors.shape[0], -1, np.int64)
    leaders = 0
    # the rows with most neighbours lead; their free neighbours follow
    for row in np.argsort(-waiting, kind="stable").tolist():
        if member[row] >= 0:
            continue
        near = likeness[[row]]
        followers = near.indices[near.data > ALIKE]
        member[followers[member[followers] < 0]] = leaders
        member[row] = leaders
        leaders += 1
    for _ in range(ROUNDS):
        gather = sp.csr_matrix(
            (np.ones(len(member)), (member, np.arange(len(member)))), shape=(leaders, len(member))
        )
        centres = gather @ vectors
        norms = np.sqrt(np.asarray(centres.multiply(centres).sum(axis=1))).ravel()
        close = (vectors @ (sp.diags(1 / np.maximum(norms, 1e-6)) @ centres).T).toarray()
        member = close.argmax(axis=1).astype(np.int64)
    member[close.max(axis=1) < ALIKE] = -1
    return member


def _terms(weight: Floats, words: list[str]) -> tuple[str, ...]:
    shown: list[str] = []
    for number in np.argsort(-weight, kind="stable")[:40].tolist():
        if weight[number] <= 0 or len(shown) == SHOWN_TERMS:
            break
        if not any(words[number] in seen or seen in words[number] for seen in shown):
            shown.append(words[number])
    return tuple(shown)
