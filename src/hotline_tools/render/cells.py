"""Text in the cells of a spreadsheet program: no formula out of an export, no more than a cell holds."""

import re

EXCEL_CELL = 32_767
"""Characters that a cell of a workbook holds."""
_GUARD = "'"
_FORMULA = re.compile(r"[=+\-@\t\r]")
_HARMLESS = re.compile(r"[+-]?\d[\d,]*(\.\d+)?%?|[-+]+")
"""A number, or a dash that stands for nothing."""


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet program would compute a text cell of a csv file (CSV injection, OWASP)."""
    return _FORMULA.match(text) is not None and _HARMLESS.fullmatch(text) is None


def guarded(text: str) -> str:
    """Return the text with an apostrophe before what would be a formula; import takes it off again."""
    return _GUARD + text if is_formula(text) else text


def fitted(text: str) -> str:
    """Return the part of a text that a cell of a workbook holds."""
    return text[:EXCEL_CELL]


def guarded_sentence(cells: int) -> str:
    """Say that so many cells were guarded; empty for none."""
    if not cells:
        return ""
    return f"{cells:,} 格文字以 =、+、-、@ 开头，前面加了 '，以免表格软件当作公式执行。"


def cut_sentence(cells: int) -> str:
    """Say that so many cells were cut; empty for none."""
    if not cells:
        return ""
    return f"{cells:,} 格文字超过 Excel 一格的 {EXCEL_CELL:,} 字，只写了前面的；要全文请用 -o 结果.csv。"
