"""Figures rounded as people and office programs do (四舍五入): halves go away from zero.

Python's own formats round 81.25 to 81.2, where a workbook shows 81.3; and what a float stands for, 28.65, may
lie a hair below it.
"""

from decimal import ROUND_HALF_UP, Decimal

_LARGEST = 1e15
"""What is larger has no decimals in a float."""


def rounded(value: float, digits: int, *, percent: bool = False) -> Decimal:
    """Return a number with so many decimals, or in per cent (1 = 100 %)."""
    if not abs(value) < _LARGEST:
        return Decimal(f"{value * (100 if percent else 1):.{digits}f}")
    exact = Decimal(repr(float(value))).scaleb(2 if percent else 0)
    return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
