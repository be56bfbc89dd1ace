"""A date column and a clock column that together are one time (受理日期 2025-06-03, 受理时间 08:30)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pyarrow as pa

from hotline_tools.dates import CLOCK_CELL, DAY_CELL
from hotline_tools.layouts.model import FieldSpec
from hotline_tools.schema import MAPPABLE

_CLOCK = re.compile(CLOCK_CELL)
_DAY = re.compile(DAY_CELL)
_ENOUGH = 0.9


def join_dates_and_clocks(
    mapping: dict[str, list[str]], specs: Mapping[str, FieldSpec], free: Iterable[str], sample: pa.Table
) -> tuple[dict[str, list[str]], dict[str, FieldSpec]]:
    """Where a time field got a column of clock times, put the date column of the same stem before it."""
    joined, rules = dict(mapping), dict(specs)
    left = set(free)
    for field, columns in mapping.items():
        if MAPPABLE[field].kind != "time" or len(columns) != 1 or not _mostly(sample, columns[0], _CLOCK):
            continue
        stem = re.sub(r"时间|時間|时刻|時刻|time", "", columns[0], flags=re.IGNORECASE)
        for other in sorted(left):
            same = re.sub(r"日期|date", "", other, flags=re.IGNORECASE)
            if same == stem and other != columns[0] and _mostly(sample, other, _DAY):
                joined[field] = [other, columns[0]]
                rules[field] = replace(rules[field], parts=((other,), (columns[0],)), joiner=" ")
                left.discard(other)
                break
    return joined, rules


def _mostly(sample: pa.Table, column: str, pattern: re.Pattern[str]) -> bool:
    if column not in sample.column_names:
        return False
    values = [v for v in sample.column(column).drop_null().slice(0, 100).to_pylist() if v.strip()]
    return bool(values) and sum(1 for v in values if pattern.search(v)) >= _ENOUGH * len(values)
