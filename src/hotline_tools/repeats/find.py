"""The whole pipeline: orders in, the group of each order out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hotline_tools.repeats.blocking.candidate_pairs import NeighbourTask, candidate_pairs
from hotline_tools.repeats.clustering.certainty import Shares, closest_of_orders, closest_of_texts
from hotline_tools.repeats.clustering.cross_references import follow_cross_references, referenced_orders
from hotline_tools.repeats.clustering.linkage import best_pairs_linkage, missing_pairs
from hotline_tools.repeats.comparison.features import compare
from hotline_tools.repeats.comparison.model import PairModel, shipped_model
from hotline_tools.repeats.comparison.shared_ids import BLOCK
from hotline_tools.repeats.encode.batch import Batch, make_batch
from hotline_tools.repeats.encode.chunks import CHUNK, extracted_terms
from hotline_tools.repeats.encode.eligibility import eligible_orders
from hotline_tools.repeats.encode.order_metadata import OrderMetadata
from hotline_tools.repeats.encode.ragged import Longs, Mask
from hotline_tools.repeats.encode.spilled_tables import let_go
from hotline_tools.workers import default_workers, in_threads

COLUMNS = (
    "order_id", "title", "content", "address", "place", "district", "street", "community", "grid",
    "request_type", "caller_key", "received_at", "original_category",
)  # fmt: skip
LIKELY = 0.02
"""Pairs with a lower probability are dropped before clustering."""
_BLOCKS_AT_A_TIME = 400
"""Blocks of pairs, half a minute's work; what they read of the tables is in memory until the last is done."""
StepCallback = Callable[[str], None]
"""Called with the Chinese name of each step as it begins."""


def ignore_step(_name: str) -> None:
    """Do nothing: the callback of callers that show no progress."""


@dataclass(frozen=True)
class Groups:
    """The result for n orders."""

    group: Longs
    """(n,) The smallest row number in the group of each order; its own where it is in no group."""
    eligible: Mask
    """(n,) Which orders may be part of an issue (see ``encode.eligibility``)."""
    pairs: int
    """Candidate pairs that were compared."""
    closest: Shares
    """(n,) How likely each order is of one issue with the one of its group most like it; 0 where none is."""


@dataclass(frozen=True)
class Scored:
    """The likely pairs as i * n + j (i < j), their probabilities, and how many pairs were ``compared``."""

    codes: Longs
    probability: NDArray[np.float64]
    compared: int


def find_groups(
    orders: pa.Table,
    *,
    model: PairModel | None = None,
    workers: int | None = None,
    folder: Path | None = None,
    chunk: int = CHUNK,
    step: StepCallback = ignore_step,
) -> Groups:
    """Group the orders that are one issue.

    ``orders`` has the columns ``COLUMNS`` of the work order and may have a classifier's
    (``order_metadata.CATEGORY_COLUMNS``); others are ignored. ``workers`` is the number of processes, by
    default the cores of the machine up to ``workers.MOST``; one where ``orders`` is a single chunk.
    ``folder`` holds the unnamed temporary files (1-2 kB an order of the usual length), by default the
    system's temporary directory. ``chunk`` is the number of orders encoded at a time; the result does not
    depend on it. ``step`` is called with the Chinese name of each step.

    An order that names no place or organisation more closely than its district is in no group.
    Orders with the same text, address included, are compared once.
    Raises ``StoreError`` when the temporary files cannot be written.
    """
    encoded = encode(orders, workers=workers, folder=folder, chunk=chunk, step=step)
    return group_encoded(encoded, model=model, step=step)


@dataclass(frozen=True)
class Encoded:
    """What is compared of n orders, without their texts: those of a district are half a gigabyte."""

    eligible: Mask
    """(n,) As in ``Groups``."""
    batch: Batch | None
    """The distinct texts of the eligible orders; None when no order is eligible."""
    first: Longs
    """The first order of each text, ascending."""
    text: Longs
    """(n,) Which text an order has; -1 for one that is not eligible."""
    referenced: Longs
    """(n,) As ``cross_references.referenced_orders`` returns it."""
    workers: int


def encode(
    orders: pa.Table,
    *,
    workers: int | None = None,
    folder: Path | None = None,
    chunk: int = CHUNK,
    step: StepCallback = ignore_step,
) -> Encoded:
    """Return what ``group_encoded`` compares of the orders; parameters as for ``find_groups``."""
    many = default_workers() if workers is None else workers
    many = many if orders.num_rows > chunk else 1
    nothing = np.empty(0, np.int64)
    if not orders.num_rows:
        return Encoded(np.empty(0, bool), None, nothing, nothing, nothing, many)
    step("取词与地点")
    with extracted_terms(orders, many, folder, chunk) as found:
        eligible = eligible_orders(found.named, found.self_contained, orders)
        if not eligible.any():
            none = np.full(orders.num_rows, -1)
            return Encoded(eligible, None, nothing, none, none, many)
        metadata = OrderMetadata.of(orders)
        first, text = _unique_texts(_text_keys(found.digest, metadata, found.site_source), eligible)
        step("计算权重")
        batch = make_batch(found, metadata.take(first), first, folder, chunk)
    return Encoded(eligible, batch, first, text, referenced_orders(orders), many)


def group_encoded(
    encoded: Encoded, *, model: PairModel | None = None, step: StepCallback = ignore_step
) -> Groups:
    """Compare and group what ``encode`` returns; the numbers of orders are those of its table."""
    batch, text, referenced = encoded.batch, encoded.text, encoded.referenced
    group = np.arange(len(encoded.eligible))
    if batch is None:
        return Groups(group, encoded.eligible, 0, np.zeros(len(group), np.float32))
    scored = score(batch, model or shipped_model(), encoded.workers, step)
    step("成组")
    small = best_pairs_linkage(batch.n, scored.codes, scored.probability)
    at = np.flatnonzero(text >= 0)
    group[at] = encoded.first[small[text[at]]]
    whole = follow_cross_references(group, referenced, encoded.eligible)
    of_texts = closest_of_texts(batch.n, scored.codes, scored.probability, small)
    joined = (referenced >= 0) & (whole == whole[referenced])
    closest = closest_of_orders(of_texts, text, joined, referenced)
    return Groups(whole, encoded.eligible, scored.compared, closest)


def _text_keys(
    digest: NDArray[np.uint64], metadata: OrderMetadata, site_source: NDArray[np.int8]
) -> NDArray[np.uint64]:
    """Return (n,) keys that are equal only for one text about one place.

    The digest alone decides where the address names a site, or no column states an area. Otherwise orders
    with equal digests also need the same community; where it is not known, a site in the text; where there
    is none, the same caller.
    """
    n = len(digest)
    caller = np.where(metadata.caller >= 0, metadata.caller, -1 - np.arange(n))
    area = (metadata.community + 1 << 32) + metadata.street
    key = np.where(metadata.community >= 0, area, np.where(site_source == 0, caller, 1 << 31))
    mixed = (digest ^ (key.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.where(metadata.area_known & (site_source < 2), mixed, digest)


def _unique_texts(key: NDArray[np.uint64], eligible: Mask) -> tuple[Longs, Longs]:
    """Return the first eligible order of each text, ascending, and for each order its text's number or -1."""
    at = np.flatnonzero(eligible)
    _, first, back = np.unique(key[at], return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    text_of = np.full(len(key), -1, dtype=np.int64)
    text_of[at] = rank[back]
    return at[first[order]], text_of


def score(batch: Batch, model: PairModel, workers: int, step: StepCallback = ignore_step) -> Scored:
    """Return the likely pairs: candidate pairs compared, then those missing inside small components."""
    step("找候选")

    def run(function: Callable[[NeighbourTask], Longs], tasks: list[NeighbourTask]) -> list[Longs]:
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
    parts = []
    for start in range(0, len(blocks), _BLOCKS_AT_A_TIME):
        let_go(batch.tables.values())
        some = blocks[start : start + _BLOCKS_AT_A_TIME]
        parts += in_threads(partial(_score_block, batch, model, screened), some, workers)
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
