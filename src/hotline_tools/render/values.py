"""How a cell reads to a person: percent for rates, thousands apart, — for what is not there."""

from collections.abc import Sequence
from datetime import datetime

from hotline_tools.codes import COLUMN_LABELS, FILTER_LABELS, code_label
from hotline_tools.rounding import rounded
from hotline_tools.table import Cell, Field, ReportTable

MISSING = "—"
TOTAL = "合计"
_FILTER_VALUES = {
    "previous": "环比",
    "last-year": "同比",
    "day": "日",
    "week": "周",
    "month": "月",
    "quarter": "季",
}


def shown(value: Cell, field: Field) -> str:
    """Return the text of one cell as people read it."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return _listed([str(part) for part in value])
    if isinstance(value, int | float):
        return _number(value, field)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return code_label(str(value)) if field.coded else str(value)


def is_numeric(field: Field) -> bool:
    """Tell whether a column is read as figures, and so set flush right."""
    return field.type in ("integer", "number", "rate")


def is_ordinal(field: Field) -> bool:
    """Tell whether a column's whole numbers are places in an order, which are not grouped by thousands."""
    return field.names_row or field.is_place


def heading(field: Field) -> str:
    """Return the label with its unit."""
    return f"{field.label}（{field.unit}）" if field.unit else field.label


def people_columns(table: ReportTable) -> tuple[Field, ...]:
    """Return the columns that people read: all but those for programs alone."""
    return tuple(column for column in table.columns if not column.machine)


def naming_columns(columns: Sequence[Field]) -> list[Field]:
    """Return the leading columns that say what a row is: a rank and the first text columns, three at most.

    What a comparison adds behind a rank does not end them.
    """
    leading = []
    for column in columns:
        if column.then_of or column.change_of or column.change_rate_of or column.noise_of:
            continue
        if column.type != "text" and not column.names_row:
            break
        leading.append(column)
    return leading[:3]


def described_filters(table: ReportTable) -> list[str]:
    """Return the filters as people read them; the default profile needs no saying."""
    return [
        f"{FILTER_LABELS.get(name, name)}：{_filter_value(name, value)}"
        for name, value in table.filters.items()
        if not _goes_without_saying(name, value, table)
    ]


def _goes_without_saying(name: str, value: str, table: ReportTable) -> bool:
    """Tell whether title or period name the filter already, or it is the default profile."""
    if name == "by":
        return COLUMN_LABELS.get(value, value) in table.title
    return (
        (name, value) == ("profile", "default")
        or name == "proactive"
        or (name == "compare" and "对比" in table.period)
    )


def _filter_value(name: str, value: str) -> str:
    if name == "by":
        return COLUMN_LABELS.get(value, value)
    if name == "top":
        return f"前 {value} 项"
    return _FILTER_VALUES.get(value, value) if name in ("compare", "granularity") else value


def _listed(parts: list[str]) -> str:
    """Return a list as people read it: items that have marks inside are set apart by a stronger one."""
    return ("；" if any(mark in part for part in parts for mark in "、，；：") else "、").join(parts)


def _number(value: float, field: Field) -> str:
    if field.type == "rate":
        return _signed(f"{rounded(value, 1, percent=True):,}%")
    if isinstance(value, int):
        return str(value) if is_ordinal(field) else f"{value:,}"
    least = 10.0**-field.digits
    if field.digits > 1 and 0 < value < least:
        return f"<{least:.{field.digits}f}"
    return _signed(f"{rounded(value, field.digits):,}")


def _signed(text: str) -> str:
    """Return a figure without the minus of what rounds to zero."""
    return text.removeprefix("-") if not text.strip("-0.,%") else text
