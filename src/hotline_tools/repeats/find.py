"""All steps together: orders in, the group of each order out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hotline_tools.repeats.around import Around
from hotline_tools.repeats.batch import Batch, make_batch
from hotline_tools.repeats.candidates import Task, candidate_pairs
from hotline_tools.repeats.count import Counts, Texts, count
from hotline_tools.repeats.evidence import may_join
from hotline_tools.repeats.features import compare
from hotline_tools.repeats.grouping import average_linkage, missing_pairs
from hotline_tools.repeats.matching import BLOCK
from hotline_tools.repeats.model import PairModel, shipped_model
from hotline_tools.repeats.quotes import follow_quotes, quoted_orders
from hotline_tools.repeats.rows import Longs, Mask
from hotline_tools.repeats.words import Cutter
from hotline_tools.repeats.workers import default_workers, in_processes, in_threads

COLUMNS = (
    "order_id", "title", "content", "address", "place", "district", "street", "community", "grid",
    "request_type", "caller_key", "received_at",
)  # fmt: skip
PIECE = 5_000
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
    """Pairs compared in full."""


def find_groups(
    orders: pa.Table,
    *,
    model: PairModel | None = None,
    workers: int | None = None,
    step: Step = lambda _: None,
) -> Groups:
    """Group the orders that are one issue.

    ``orders`` has the columns ``COLUMNS`` of the work order (others are ignored).

    An order that names no place or actor more closely than its district never joins a group.
    Orders with the same text, address included, are compared once.
    """
    many = default_workers() if workers is None else workers
    many = many if orders.num_rows > PIECE else 1
    step("取词与地点")
    pieces = count_pieces(orders, many)
    if not pieces:
        return Groups(np.empty(0, np.int64), np.empty(0, bool), 0)
    named, alone, sited, digest = (
        np.concatenate([getattr(piece, name) for piece in pieces])
        for name in ("named", "alone", "sited", "digest")
    )
    evidence = may_join(named, alone, orders)
    if not evidence.any():
        return Groups(np.arange(orders.num_rows), evidence, 0)
    around = Around.of(orders)
    first, back = _distinct(_apart(digest, around, sited), evidence)
    kept = [pick(piece, part) for piece, part in zip(pieces, _split(first, pieces), strict=True)]
    pieces.clear()
    batch = make_batch(kept, around.take(first))
    codes, probability = score(batch, model or shipped_model(), many, step)
    step("成组")
    small = average_linkage(batch.n, codes, probability)
    group = np.arange(orders.num_rows)
    at = np.flatnonzero(back >= 0)
    group[at] = first[small[back[at]]]
    return Groups(follow_quotes(group, quoted_orders(orders), evidence), evidence, len(codes))


def count_pieces(orders: pa.Table, workers: int) -> list[Counts]:
    """Count the orders piece by piece."""
    texts = orders.select(["title", "content", "address", "place"])
    starts = range(0, orders.num_rows, PIECE)
    tasks = ((texts.slice(start, PIECE).combine_chunks(),) for start in starts)
    return list(in_processes(_count, tasks, workers))


@cache
def _cutter() -> Cutter:
    """One cutter a process: it remembers the words it has seen."""
    return Cutter()


def _count(texts: pa.Table) -> Counts:
    titles, contents, addresses, places = (texts[name].to_pylist() for name in texts.column_names)
    where = [address or place for address, place in zip(addresses, places, strict=True)]
    return count(Texts(titles, contents, where), _cutter())


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


def _split(first: Longs, pieces: list[Counts]) -> list[Longs]:
    """Return the chosen orders of each piece, counted from its start."""
    ends = np.cumsum([len(piece.digest) for piece in pieces])
    parts = np.split(first, np.searchsorted(first, ends[:-1]))
    return [part - start for part, start in zip(parts, np.append(0, ends[:-1]), strict=True)]


def pick(piece: Counts, chosen: Longs) -> Counts:
    """Return some orders of a piece."""
    if len(chosen) == len(piece.digest):
        return piece
    tables = {name: rows.take(chosen) for name, rows in piece.tables.items()}
    return Counts(
        tables,
        piece.title_length[chosen],
        piece.named[chosen],
        piece.alone[chosen],
        piece.sited[chosen],
        piece.site[chosen],
        piece.digest[chosen],
    )


def score(
    batch: Batch, model: PairModel, workers: int, step: Step = lambda _: None
) -> tuple[Longs, NDArray[np.float64]]:
    """Return the likely pairs (i * n + j, i < j) with their probabilities."""
    step("找候选")

    def run(function: Callable[..., Longs], tasks: list[Task]) -> list[Longs]:
        return in_threads(lambda task: function(*task), tasks, workers)

    candidates = candidate_pairs(batch, run)
    step("比较")
    codes, probability = _scored(batch, model, candidates, workers, screened=True)
    extra = missing_pairs(batch.n, codes, probability)
    more, more_probability = _scored(batch, model, extra, workers, screened=False)
    return np.concatenate([codes, more]), np.concatenate([probability, more_probability])


def _scored(
    batch: Batch, model: PairModel, codes: Longs, workers: int, *, screened: bool
) -> tuple[Longs, NDArray[np.float64]]:
    blocks = [codes[start : start + BLOCK] for start in range(0, len(codes), BLOCK)]
    parts = in_threads(partial(_score_block, batch, model, screened), blocks, workers)
    return (
        np.concatenate([np.empty(0, dtype=np.int64), *(kept for kept, _ in parts)]),
        np.concatenate([np.empty(0), *(probability for _, probability in parts)]),
    )


def _score_block(
    batch: Batch, model: PairModel, screened: bool, codes: Longs
) -> tuple[Longs, NDArray[np.float64]]:
    kept, features = compare(batch, codes // batch.n, codes % batch.n, screened=screened)
    probability = model.probability(features)
    likely = (probability >= LIKELY) | (probability < 0)
    return codes[kept][likely], probability[likely]
