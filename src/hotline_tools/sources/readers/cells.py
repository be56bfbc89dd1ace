"""Spreadsheet cells as the text a person would have typed."""

import math
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

_DIGITS_OF_EXCEL = 1e15


def cell_text(value: Any) -> str:
    """Whole numbers without ``.0``, times in ISO 8601, booleans as Excel shows them.

    Numbers beyond the 15 digits that a spreadsheet keeps are written in scientific notation, so that
    nobody takes them for an intact id.
    """
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    return "" if value is None else str(value)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return str(value)
    if abs(value) >= _DIGITS_OF_EXCEL:
        return f"{value:.14E}"
    return str(int(value)) if value == int(value) else repr(value)


def _rounded(value: datetime) -> datetime:
    """Serial dates come a millisecond early or late."""
    if value.microsecond == 0:
        return value
    whole = (value + timedelta(milliseconds=500)).replace(microsecond=0)
    return whole if abs(whole - value) <= timedelta(milliseconds=2) else value


def _duration(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


_WRITERS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (str, lambda value: value),
    (bool, lambda value: "TRUE" if value else "FALSE"),
    (float, _number),
    (datetime, lambda value: _rounded(value).isoformat(sep=" ")),
    (timedelta, _duration),
    (date, lambda value: value.isoformat()),
    (time, lambda value: value.isoformat()),
)
"""In this order: a bool is an int, a datetime is a date."""
