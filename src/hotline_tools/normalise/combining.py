"""Several source columns → one field."""

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

_PATH_SEPARATOR = re.compile(r"/|-+>|—+>|[>＞»\\]+")


def combine(columns: Sequence[pa.Array], how: str, joiner: str, *, need_first: bool = False) -> pa.Array:
    """Put columns together: ``join`` the filled cells with ``joiner``, or take the ``first`` filled one.

    With ``need_first`` a row whose first cell is null is null (a clock time without a date is nothing).
    """
    if len(columns) == 1:
        return columns[0]
    if how == "first":
        return pc.coalesce(*columns)
    joined = pc.binary_join_element_wise(*columns, joiner, null_handling="skip")
    empty = pc.is_null(columns[0]) if need_first else pc.equal(joined, "")
    return pc.if_else(empty, pa.scalar(None, pa.string()), joined)


def as_path(text: str, separator: str = "") -> str:
    """Write a category path with ``/`` between levels: ``住房->物业 > 电梯`` → ``住房/物业/电梯``."""
    if separator:
        text = text.replace(separator, "/")
    levels = (level.strip() for level in _PATH_SEPARATOR.split(text))
    return "/".join(level for level in levels if level)
