"""Whether a row has the shape of a header: short different names above values of another kind."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from hotline_tools.column_names import without_remark
from hotline_tools.dates import TIME_CELL

BELOW = 30
"""Rows below a header that are looked at."""
LONGEST_NAME, _LONGEST_QUESTION = 40, 300
"""Characters of a name, and of a question of a form, which half of the names may be."""
_ASKS = re.compile(r"[?？:：][\s*]*$")
_DATA_LIKE = re.compile(
    r"^[\s\d.,:/+%￥$-]+$|^https?://|^\d{4}年\d|^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[\sT]+\d[\d:.]*.*)?$"
)
_TIME = re.compile(TIME_CELL)
_WORD = re.compile(r"[^\W\d_]")
_CODE = re.compile(r"^\S*\d\S*$")
_FEW_ODD = 8
_AGREE = 0.7
_LONG_TEXT = 8


@dataclass(frozen=True)
class Shape:
    """What the values below a row of names say for it."""

    coverage: float
    """Share of the values that stand below a name."""
    times: int
    """Named columns of times, of texts, and of codes and numbers."""
    texts: int
    codes: int

    @property
    def is_table(self) -> bool:
        """A time or a text column, which a table of cases has at least."""
        return self.times + self.texts > 0

    @property
    def is_rich(self) -> bool:
        """Times, and beside them texts or codes: no list of codes, no statistics, no menu."""
        return self.times > 0 and self.texts + self.codes > 0


def is_data_like(cell: str) -> bool:
    """Numbers, times and links are values, never names."""
    return _DATA_LIKE.match(cell.strip()) is not None


def may_be_names(row: Sequence[str]) -> bool:
    """At least two cells with words, mostly short, nearly all different and nearly none like data."""
    cells = [without_remark(cell.strip()) for cell in row if cell.strip()]
    long = [cell for cell in cells if len(cell) > LONGEST_NAME]
    odd = sum(1 for cell in cells if is_data_like(cell) or not _WORD.search(cell))
    odd += sum(1 for cell in long if not _ASKS.search(cell))
    odd += sum(1 for cell in row if len(cell) > LONGEST_NAME and "。" in cell)  # of a case, not of a name
    return (
        len(cells) >= 2
        and len(long) <= len(cells) / 2
        and all(len(cell) <= _LONGEST_QUESTION for cell in long)
        and 5 * len(set(cells)) >= 4 * len(cells)
        and odd <= len(cells) / _FEW_ODD
    )


def shape_below(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Shape | None:
    """The shape of the rows below ``names``; None when there are none, or they are of another width."""
    filled = [row for row in rows[:BELOW] if any(cell.strip() for cell in row)]
    named = [column for column, name in enumerate(names) if name.strip()]
    if not filled or sum(len(row) == len(names) for row in filled) < 0.5 * len(filled):
        return None
    kinds = {"time": 0, "text": 0, "code": 0, "": 0}
    inside = 0
    for column in named:
        values = [row[column].strip() for row in filled if column < len(row) and row[column].strip()]
        inside += len(values)
        kinds[_kind(names[column].strip(), values)] += 1
    values_in_all = sum(1 for row in filled for cell in row if cell.strip())
    return Shape(inside / max(1, values_in_all), kinds["time"], kinds["text"], kinds["code"])


def _kind(name: str, values: Sequence[str]) -> str:
    """``time``, ``text`` or ``code`` when the values are that and the name is not."""
    if not values:
        return ""
    need = _AGREE * len(values)
    if not _TIME.search(name) and sum(_TIME.search(value) is not None for value in values) >= need:
        return "time" if any(not value.isdigit() or len(value) in (8, 14) for value in values) else "code"
    if not any(char.isdigit() for char in name) and sum(map(_is_code, values)) >= need:
        return "code"
    length = median(map(len, values))
    wide = any(ord(char) > 0x2E7F for value in values for char in value)
    if length >= (_LONG_TEXT if wide else 2 * _LONG_TEXT) and length > 1.2 * len(name):
        return "text" if len(set(values)) > len(values) / 2 else ""
    return ""


def _is_code(value: str) -> bool:
    if len(value) > LONGEST_NAME or not _CODE.match(value):
        return False
    return 2 * sum(map(str.isascii, value)) >= len(value)
