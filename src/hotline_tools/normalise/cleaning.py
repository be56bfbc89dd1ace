"""``text.clean`` over a whole column: only cells that need it are touched."""

import re

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.text import clean

_BLANK = (
    r"\t\r\f\v\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200b}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}"
)
_UNTIDY = rf"[{_BLANK}]|  |\n\n|\n | \n|^[ \n]|[ \n]$|&[#a-zA-Z]"


def clean_column(column: pa.Array) -> pa.Array:
    """Return the strings of ``column`` as ``text.clean`` would write them; empty becomes null."""
    untidy = pc.fill_null(pc.match_substring_regex(column, _UNTIDY), False)
    if not pc.any(untidy).as_py():
        return nullify_empty(column)
    tidied = _tidy(column.filter(untidy))
    return nullify_empty(pc.replace_with_mask(column, untidy, tidied))


def nullify_empty(column: pa.Array) -> pa.Array:
    """Turn empty strings into nulls."""
    empty = pc.equal(column, "")
    if not pc.any(empty).as_py():
        return column
    return pc.if_else(empty, pa.scalar(None, pa.string()), column)


def _tidy(column: pa.Array) -> pa.Array:
    with_entity = pc.match_substring_regex(column, "&[#a-zA-Z]")
    plain = pc.replace_substring(column, "\r\n", "\n")
    plain = pc.replace_substring_regex(plain, f"[ {_BLANK}]+", " ")
    plain = pc.replace_substring_regex(plain, r" ?\n[ \n]*", "\n")
    plain = pc.utf8_trim(plain, " \n")
    if not pc.any(with_entity).as_py():
        return plain
    unescaped = pa.array([clean(text) for text in column.filter(with_entity).to_pylist()], pa.string())
    return pc.replace_with_mask(plain, with_entity, unescaped)


_BREAK = re.compile(r"\s*\n\s*")


def one_line(text: str) -> str:
    """Join the lines of a short field (a name, a code) with a blank."""
    return _BREAK.sub(" ", clean(text))
