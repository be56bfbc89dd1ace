"""Personal data in the columns of a batch, replaced by asterisks."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotline_tools.normalise.own_names import OwnColumn, hide_names
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
_SHORT_TEXTS = (
    "channel", "original_category", "urgency", "district", "street", "community", "department",
    "co_departments", "status_raw", "satisfaction_raw", "handling_level", "reporter",
)  # fmt: skip
"""Columns of few different texts, of the office; ids are no persons' numbers, however long."""


def mask_columns(
    columns: Mapping[str, pa.Array], names: Sequence[OwnColumn], masker: Masker
) -> tuple[dict[str, pa.Array], NDArray[np.bool_] | None]:
    """Return all columns, those with free text masked, and the rows that had something to mask (or None).

    ``names`` are those, and the numbers, of the callers of the rows.
    """
    texts = hide_names({name: columns[name] for name in _AUTHORS if name in columns}, names)
    safe = {**columns, **texts}
    for author in dict.fromkeys(map(_AUTHORS.__getitem__, texts)):
        safe |= _masked({name: texts[name] for name in texts if _AUTHORS[name] == author}, masker, author)
    masked: NDArray[np.bool_] | None = None
    for name in texts:
        if safe[name] is not columns[name]:
            changed = np.asarray(pc.fill_null(pc.not_equal(safe[name], columns[name]), False))
            masked = changed if masked is None else masked | changed
    return safe | _masked_short_texts(columns, masker), masked


def _masked_short_texts(columns: Mapping[str, pa.Array], masker: Masker) -> dict[str, pa.Array]:
    """Return the short columns of which a value had to be masked: only different values are looked at."""
    encoded = {name: columns[name].dictionary_encode() for name in _SHORT_TEXTS if name in columns}
    kinds = {name: column.dictionary for name, column in encoded.items()}
    return {
        name: plain.take(encoded[name].indices)
        for name, plain in _masked(kinds, masker, "office").items()
        if plain is not kinds[name]
    }


def _masked(columns: Mapping[str, pa.Array], masker: Masker, author: Author) -> dict[str, pa.Array]:
    """Mask columns at one go: the automaton of the patterns takes long to make. One unchanged is itself."""
    before = pa.concat_arrays(columns.values()) if columns else pa.array([], pa.string())
    after = masker.mask(before, author)
    if after is before:
        return dict(columns)
    masked, start = {}, 0
    for name, column in columns.items():
        plain = after.slice(start, len(column))
        start += len(column)
        masked[name] = column if plain.equals(column) else plain
    return masked
