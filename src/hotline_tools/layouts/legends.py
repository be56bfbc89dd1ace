"""What a header explains of the codes in its cells: 处置状态：1=待受理，2=已受理."""

import re
from collections.abc import Mapping
from functools import lru_cache

import pyarrow as pa

from hotline_tools.layouts.keys import value_key

_PAIRS = (
    re.compile(r"(?<![A-Za-z\d])([A-Za-z]{1,3}|\d{1,3})\s*[=＝:：\-—]\s*([^\s,，;；、:：=＝/|()（）]+)"),
    re.compile(r"([A-Za-z_]{2,24})\s*[=＝:：\-—]?\s*([\u4e00-\u9fff]{1,12})"),
    re.compile(r"(?<![\d\w.\-])(\d{1,2})([\u4e00-\u9fff]{1,12})"),
)
"""A code and what it stands for: 1=待受理, NORMAL普通, 0未确认."""
_LEAST = 2
"""Codes from which they explain the cells: 处理时间（1-3天） has one."""


@lru_cache(maxsize=4096)
def legend_of(header: str) -> Mapping[str, str]:
    """Return folded code → what it stands for; empty where the header explains nothing."""
    for pair in _PAIRS:
        found = {value_key(code): said for code, said in pair.findall(header)}
        if min(len(found), len(set(found.values()))) >= _LEAST:
            return found
    return {}


def explained(cells: pa.Array, legend: Mapping[str, str]) -> pa.Array:
    """Put what they stand for in place of the codes of ``legend``; other texts stay."""
    encoded = cells.dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    return pa.array([legend.get(value_key(text), text) for text in texts], pa.string()).take(encoded.indices)


def explained_rows(rows: pa.Table) -> pa.Table:
    """Put what their headers explain in place of the codes of a table of texts."""
    for place, header in enumerate(rows.column_names):
        if legend := legend_of(header):
            cells = rows.column(header).combine_chunks().cast(pa.string())
            rows = rows.set_column(place, header, explained(cells, legend))
    return rows
