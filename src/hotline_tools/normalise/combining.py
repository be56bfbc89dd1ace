"""Several source columns → one: a field of several parts, and the JSON object of what has no field."""

import json
import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

_NULL = pa.scalar(None, pa.string())
_NEEDS_ESCAPE = r'["\\\x00-\x1f]'
_ARROW = r"-+>|—+>|→|[>＞»\\]+"
_LEVEL_SLASH = "／"
"""How a slash inside a level is stored: the plain one stands between levels."""


def combine(columns: Sequence[pa.Array], how: str, joiner: str, *, need_first: bool = False) -> pa.Array:
    """Put columns together: ``join`` the filled cells with ``joiner``, or take the ``first`` filled one.

    With ``need_first`` a row whose first cell is null is null (a clock time without a date is nothing).
    """
    if len(columns) == 1:
        return columns[0]
    if how == "first":
        return pc.coalesce(*columns)
    joined = join_filled(columns, joiner)
    return pc.if_else(pc.is_null(columns[0]), _NULL, joined) if need_first else joined


def join_filled(columns: Sequence[pa.Array], joiner: str) -> pa.Array:
    """Join the non-null cells of each row with ``joiner``; null where there is none.

    (``binary_join_element_wise(null_handling="skip")`` loses rows that are null throughout.)
    """
    parts = [pc.fill_null(pc.binary_join_element_wise(joiner, column, ""), "") for column in columns]
    joined = pc.binary_join_element_wise(*parts, "")
    bare = pc.utf8_slice_codeunits(joined, len(joiner))
    return pc.if_else(pc.equal(joined, ""), _NULL, bare)


def as_path(text: str, separator: str = "") -> str:
    """Write a category path with ``/`` between levels: ``住房->物业 > 电梯`` → ``住房/物业/电梯``.

    ``separator`` is the layout's. A slash separates only where nothing else does: ``住房->供水/供电`` has two
    levels.
    """
    levels = re.split(f"{re.escape(separator)}|{_ARROW}" if separator else _ARROW, text)
    if len(levels) == 1 and not separator:
        levels = text.split("/")
    return "/".join(written for level in levels if (written := as_level(level)))


def as_level(text: str) -> str:
    """Write one level of a category path, whatever is inside it."""
    return text.strip("/ ").replace("/", _LEVEL_SLASH)


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
