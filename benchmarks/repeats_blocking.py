"""Recall and cost of each blocking key beside MinHash LSH: do orders of one issue find each other?"""

import time
from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa

from hotline_tools.repeats.blocking.blocking_keys import BLOCKING_KEYS
from hotline_tools.repeats.blocking.candidate_pairs import candidate_pairs, pairs_of_key, same_caller
from hotline_tools.repeats.clustering.linkage import components
from hotline_tools.repeats.encode.batch import make_batch
from hotline_tools.repeats.encode.chunks import extracted_terms
from hotline_tools.repeats.encode.order_metadata import OrderMetadata

HEAD = (
    f"{'blocking key':34s} {'pairs an order':>14} {'of judged pairs':>16} {'orders with one':>16}"
    f" {'issues linked':>14} {'ms an order':>12}"
)
PERMUTATIONS = 128
THRESHOLDS = (0.1, 0.2, 0.3, 0.5)


def measure_blocking_keys(orders: pa.Table, gold: np.ndarray) -> Iterator[str]:
    """Yield the lines of a table: how much of the truth each blocking key brings up, and its processor time.

    ``of judged pairs``: pairs of one issue among the candidates; ``orders with one``: orders of an issue
    with a candidate of the same issue; ``issues linked``: issues whose orders hang together by candidates
    of their own, which is all that grouping needs.
    """
    yield HEAD
    started = time.process_time()
    with extracted_terms(orders, 1) as found:
        batch = make_batch(found, OrderMetadata.of(orders), np.arange(orders.num_rows))
    counting = (time.process_time() - started) / batch.n * 1000
    yield f"{'cutting and weighing, for all':34s}{'':65}{counting:>12.2f}"

    def run(function: Callable, tasks: list) -> list:
        return list(map(function, tasks))

    for key in BLOCKING_KEYS:
        yield _timed(key.name, gold, lambda key=key: np.concatenate(pairs_of_key(batch, key, run)))
    yield _timed("same caller", gold, lambda: same_caller(batch.metadata.caller, batch.metadata.day, batch.n))
    yield _timed("all of them", gold, lambda: candidate_pairs(batch, run))
    yield from _minhash(orders, gold)


def _timed(name: str, gold: np.ndarray, find: Callable[[], np.ndarray], before: float = 0.0) -> str:
    """``before``: seconds already spent on what ``find`` builds upon."""
    started = time.process_time()
    codes = np.unique(find())
    seconds = time.process_time() - started + before
    n = len(gold)
    _, issue, size = np.unique(gold, return_inverse=True, return_counts=True)
    i, j = codes // n, codes % n
    same = issue[i] == issue[j]
    within = int((size * (size - 1) // 2).sum())
    grouped = size[issue] > 1
    met = np.zeros(n, dtype=bool)
    met[i[same]] = met[j[same]] = True
    part = components(n, i[same], j[same])
    parts = np.unique(np.stack([issue[grouped], part[grouped]]), axis=1)[0]
    linked = np.count_nonzero(np.unique(parts, return_counts=True)[1] == 1)
    return (
        f"{name:34s} {len(codes) / n:>14.1f} {same.sum() / within:>16.3f} {met[grouped].mean():>16.3f}"
        f" {linked / np.count_nonzero(size > 1):>14.3f} {seconds / n * 1000:>12.2f}"
    )


def _minhash(orders: pa.Table, gold: np.ndarray) -> Iterator[str]:
    """MinHash over triples of characters of title and text, as datasketch does it."""
    from datasketch import MinHash, MinHashLSH

    columns = (orders["title"].to_pylist(), orders["address"].to_pylist(), orders["content"].to_pylist())
    texts = ["".join(part or "" for part in parts) for parts in zip(*columns, strict=True)]
    started = time.process_time()
    hashes = []
    for text in texts:
        one = MinHash(num_perm=PERMUTATIONS)
        one.update_batch([text[k : k + 3].encode() for k in range(max(1, len(text) - 2))])
        hashes.append(one)
    hashing = time.process_time() - started

    def pairs(threshold: float) -> np.ndarray:
        index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
        found = []
        for row, one in enumerate(hashes):
            found.extend(other * len(texts) + row for other in index.query(one))
            index.insert(row, one)
        return np.array(found, dtype=np.int64)

    for threshold in THRESHOLDS:
        name = f"MinHash LSH, {PERMUTATIONS}, threshold {threshold}"
        yield _timed(name, gold, lambda threshold=threshold: pairs(threshold), hashing)
