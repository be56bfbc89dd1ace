"""How a cell reads to a person: percent for rates, thousands apart, — for what is not there."""

from hotline_tools.table import Cell, Field

MISSING = "—"
TOTAL = "合计"


def shown(value: Cell, field: Field) -> str:
    """Return the text of one cell as people read it."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(value, int | float):
        return _number(value, field)
    return str(value)


def is_numeric(field: Field) -> bool:
    """Tell whether a column is read as figures, and so set flush right."""
    return field.type in ("integer", "number", "rate")


def heading(field: Field) -> str:
    """Return the label with its unit."""
    return f"{field.label}（{field.unit}）" if field.unit else field.label


def _number(value: float, field: Field) -> str:
    if field.type == "rate":
        return f"{value * 100:.1f}%"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
