"""All steps together: orders in, the group of each order out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hotline_tools.repeats.blocking.candidates import Task, candidate_pairs
from hotline_tools.repeats.clustering.cross_references import follow_quotes, quoted_orders
from hotline_tools.repeats.clustering.linkage import average_linkage, missing_pairs
from hotline_tools.repeats.comparison.features import compare
from hotline_tools.repeats.comparison.matching import BLOCK
from hotline_tools.repeats.comparison.model import PairModel, shipped_model
from hotline_tools.repeats.encode.batch import Batch, make_batch
from hotline_tools.repeats.encode.chunks import PIECE, counted
from hotline_tools.repeats.encode.eligibility import may_join
from hotline_tools.repeats.encode.order_metadata import Around
from hotline_tools.repeats.encode.ragged import Longs, Mask
from hotline_tools.repeats.workers import default_workers, in_threads

COLUMNS = (
    "order_id", "title", "content", "address", "place", "district", "street", "community", "grid",
    "request_type", "caller_key", "received_at",
)  # fmt: skip
LIKELY = 0.02
"""Pairs less likely than this are forgotten."""
Step = Callable[[str], None]
"""Called with the name of each step as it begins."""


@dataclass(frozen=True)
class Groups:
    """``group[i]`` is the smallest order of the group of order i; alone: i itself."""

    group: Longs
    evidence: Mask
    """Orders that name a place or an actor; the others stay alone."""
    pairs: int
    """Candidates that were compared."""


@dataclass(frozen=True)
class Scored:
    """The likely pairs (i * n + j, i < j) with their probabilities, of so many ``compared``."""

    codes: Longs
    probability: NDArray[np.float64]
    compared: int


def find_groups(
    orders: pa.Table,
    *,
    model: PairModel | None = None,
    workers: int | None = None,
    folder: Path | None = None,
    piece: int = PIECE,
    step: Step = lambda _: None,
) -> Groups:
    """Group the orders that are one issue.

    ``orders`` has the columns ``COLUMNS`` of the work order, and may have those of a classifier
    (``around.TOPICS``), which help; others are ignored. ``folder`` is where
    temporary files lie (the system's directory for them unless said): unnamed, 1-2 kB for each order of
    the usual length. ``piece`` orders are read at a time.

    An order that names no place or actor more closely than its district never joins a group.
    Orders with the same text, address included, are compared once.
    Raises ``StoreError`` when the temporary files cannot be written.
    """
    many = default_workers() if workers is None else workers
    many = many if orders.num_rows > piece else 1
    group = np.arange(orders.num_rows)
    if not orders.num_rows:
        return Groups(group, np.empty(0, bool), 0)
    step("取词与地点")
    with counted(orders, many, folder, piece) as found:
        evidence = may_join(found.named, found.alone, orders)
        if not evidence.any():
            return Groups(group, evidence, 0)
        around = Around.of(orders)
        first, back = _distinct(_apart(found.digest, around, found.sited), evidence)
        step("计算权重")
        batch = make_batch(found, around.take(first), first, folder, piece)
    scored = score(batch, model or shipped_model(), many, step)
    step("成组")
    small = average_linkage(batch.n, scored.codes, scored.probability)
    at = np.flatnonzero(back >= 0)
    group[at] = first[small[back[at]]]
    return Groups(follow_quotes(group, quoted_orders(orders), evidence), evidence, scored.compared)


def _apart(digest: NDArray[np.uint64], around: Around, sited: NDArray[np.int8]) -> NDArray[np.uint64]:
    """Return digests equal only for one text about one place.

    Without a site in the address that is one of the same community; where the community is not known, the
    same site in the text; where there is no site either, the same caller.
    """
    n = len(digest)
    caller = np.where(around.caller >= 0, around.caller, -1 - np.arange(n))
    area = (around.community + 1 << 32) + around.street
    key = np.where(around.community >= 0, area, np.where(sited == 0, caller, 1 << 31))
    mixed = (digest ^ (key.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.where(around.area_known & (sited < 2), mixed, digest)


def _distinct(digest: NDArray[np.uint64], evidence: Mask) -> tuple[Longs, Longs]:
    """Return the first order of each text with evidence, in order, and for each order its text or -1."""
    at = np.flatnonzero(evidence)
    _, first, back = np.unique(digest[at], return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    text_of = np.full(len(digest), -1, dtype=np.int64)
    text_of[at] = rank[back]
    return at[first[order]], text_of


def score(batch: Batch, model: PairModel, workers: int, step: Step = lambda _: None) -> Scored:
    """Find the candidates and compare them."""
    step("找候选")

    def run(function: Callable[[Task], Longs], tasks: list[Task]) -> list[Longs]:
        return in_threads(function, tasks, workers)

    candidates = candidate_pairs(batch, run)
    step("比较")
    asked = _scored(batch, model, candidates, workers, screened=True)
    missing = missing_pairs(batch.n, asked.codes, asked.probability)
    more = _scored(batch, model, missing, workers, screened=False)
    return Scored(
        np.concatenate([asked.codes, more.codes]),
        np.concatenate([asked.probability, more.probability]),
        asked.compared + more.compared,
    )


def _scored(batch: Batch, model: PairModel, codes: Longs, workers: int, *, screened: bool) -> Scored:
    blocks = [codes[start : start + BLOCK] for start in range(0, len(codes), BLOCK)]
    parts = in_threads(partial(_score_block, batch, model, screened), blocks, workers)
    return Scored(
        np.concatenate([np.empty(0, dtype=np.int64), *(kept for kept, _ in parts)]),
        np.concatenate([np.empty(0), *(probability for _, probability in parts)]),
        len(codes),
    )


def _score_block(
    batch: Batch, model: PairModel, screened: bool, codes: Longs
) -> tuple[Longs, NDArray[np.float64]]:
    kept, features = compare(batch, codes // batch.n, codes % batch.n, screened=screened)
    probability = model.probability(features)
    likely = (probability >= LIKELY) | (probability < 0)
    return codes[kept][likely], probability[likely]
