"""Figures as an official writes them: counts without commas, rates in per cent, their changes in points."""

import re

from hotline_tools.rounding import rounded
from hotline_tools.table import Cell

_MOST_DIGITS = 6
_WIDE = r"[\u3000-\u9fff\uff00-\uffef]"
_COMMA = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_BLANK = re.compile(rf"(?<={_WIDE}) (?=[\d.]|{_WIDE})|(?<=[\d%]) (?={_WIDE})")


def percent(rate: float, digits: int = 1) -> str:
    """Return a rate or a change rate (a number, 1 = 100 %) in per cent.

    100% and 0% stand for exactly that; what only rounds to them gets more decimals.
    """
    if rate in (0, 1):
        return f"{rate * 100:.0f}%"
    while digits < _MOST_DIGITS and rounded(rate, digits, percent=True) in (0, 100):
        digits += 1
    return f"{rounded(rate, digits, percent=True)}%"


def points(change: float) -> str:
    """Return a change in percentage points, without its sign; what is not zero is not written as zero."""
    size, digits = abs(change), 1
    while size and digits < _MOST_DIGITS and rounded(size, digits) == 0:
        digits += 1
    return f"{rounded(size, digits)}"


def amount(value: float) -> str:
    """Return an average with one decimal, a whole one without."""
    text = str(rounded(value, 1))
    return text.removesuffix(".0")


def integer(value: Cell) -> int | None:
    """Return a cell that holds a count; None for any other."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def number(value: Cell) -> float | None:
    """Return a cell that holds a number; None for any other."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def without_blanks(text: str) -> str:
    """Return a text of reports as official texts have it: no blanks around figures, no commas in counts."""
    return _COMMA.sub("", _BLANK.sub("", text))
