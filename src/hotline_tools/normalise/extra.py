"""Columns the schema does not know → one JSON object per row."""

import json
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.normalise.combining import join_filled

_NEEDS_ESCAPE = r'["\\\x00-\x1f]'


def json_objects(columns: Sequence[tuple[str, pa.Array]], rows: int) -> pa.Array:
    """Return ``{"header": "cell", …}`` of the filled cells of each row; null when none is filled."""
    members = [_member(name, column) for name, column in columns if column.null_count < rows]
    if not members:
        return pa.nulls(rows, pa.string())
    body = join_filled(members, ", ")
    return pc.binary_join_element_wise("{", body, "}", "")


def _member(name: str, column: pa.Array) -> pa.Array:
    special = pc.fill_null(pc.match_substring_regex(column, _NEEDS_ESCAPE), False)
    if pc.any(special).as_py():
        escaped = [json.dumps(text, ensure_ascii=False)[1:-1] for text in column.filter(special).to_pylist()]
        column = pc.replace_with_mask(column, special, pa.array(escaped, pa.string()))
    head = json.dumps(name, ensure_ascii=False) + ': "'
    return pc.binary_join_element_wise(head, column, '"', "")
