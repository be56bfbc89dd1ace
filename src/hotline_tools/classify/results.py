"""The shape of a classification's result, and the small steps to it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

CHUNK = 4000
SHOWN_ALTERNATIVES = 3
LEAST_ALTERNATIVE = 0.03
RESULT = pa.schema(
    [
        ("category", pa.string()),
        ("subcategory", pa.string()),
        ("confidence", pa.float64()),
        ("evidence", pa.string()),
        ("alternatives", pa.string()),
        ("request_type", pa.string()),
        ("needs_review", pa.bool_()),
    ]
)
Texts: TypeAlias = "pa.Array | pa.ChunkedArray | Sequence[str | None]"
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Prediction:
    """Class probabilities of some messages, and how to name the subcategory below a chosen class.

    ``confidence``: the chance that the likeliest class is right.
    """

    classes: tuple[str, ...]
    probabilities: Floats
    confidence: Floats
    subcategories: Callable[[NDArray[np.int64]], pa.Array]


def as_array(texts: Texts) -> pa.Array:
    """One contiguous string array."""
    if isinstance(texts, pa.ChunkedArray):
        return texts.combine_chunks().cast(pa.string())
    return texts.cast(pa.string()) if isinstance(texts, pa.Array) else pa.array(texts, pa.string())


def chunks(titles: pa.Array, contents: pa.Array) -> Iterator[tuple[pa.Array, pa.Array]]:
    """Slices of at most ``CHUNK`` messages."""
    for i in range(0, len(titles), CHUNK):
        yield titles.slice(i, CHUNK), contents.slice(i, CHUNK)


def two_best(scores: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Index of the best and of the second-best column of each row."""
    if scores.shape[1] == 1:
        zero = np.zeros(len(scores), np.int64)
        return zero, zero
    rows = np.arange(len(scores))
    first = scores.argmax(axis=1)
    rest = scores.copy()
    rest[rows, first] = -np.inf
    return first, rest.argmax(axis=1)


def take_names(names: Sequence[str], index: NDArray[np.int64]) -> pa.Array:
    """Names by index; -1 gives null."""
    return pa.array(names, pa.string()).take(pa.array(index, mask=index < 0))


def alternatives(classes: Sequence[str], probabilities: Floats, chosen: NDArray[np.int64]) -> list[str]:
    """Runners-up as ``名称:0.21;名称:0.08``."""
    rest = probabilities.copy()
    rest[np.arange(len(rest)), chosen] = 0
    count = min(SHOWN_ALTERNATIVES, rest.shape[1])
    order = np.argsort(-rest, axis=1, kind="stable")[:, :count]
    values = np.take_along_axis(rest, order, axis=1)
    return [
        ";".join(f"{classes[i]}:{p:.2f}" for i, p in zip(row, ps, strict=True) if p >= LEAST_ALTERNATIVE)
        for row, ps in zip(order.tolist(), values.tolist(), strict=True)
    ]
