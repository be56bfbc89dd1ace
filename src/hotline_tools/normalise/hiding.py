"""Personal data of an order's columns, hidden."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotline_tools.privacy import Author, Masker

_AUTHORS: dict[str, Author] = {
    "title": "caller",
    "content": "caller",
    "address": "caller",
    "place": "caller",
    "reply": "office",
    "extra": "caller",
}
"""The columns with free text, and who wrote it."""


def mask_columns(
    columns: Mapping[str, pa.Array], masker: Masker
) -> tuple[dict[str, pa.Array], NDArray[np.bool_] | None]:
    """Return all columns, those with free text masked, and the rows that had something to mask (or None)."""
    masked: NDArray[np.bool_] | None = None
    safe = dict(columns)
    for name, author in _AUTHORS.items():
        if name not in columns:
            continue
        safe[name] = masker.mask(columns[name], author)
        if safe[name] is not columns[name]:
            changed = np.asarray(pc.fill_null(pc.not_equal(safe[name], columns[name]), False))
            masked = changed if masked is None else masked | changed
    return safe, masked
