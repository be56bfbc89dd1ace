"""Long rows laid out as the matrix that people read (``table.Grid``); nothing is computed but sums."""

from collections import Counter
from dataclasses import replace

from hotline_tools.render.values import TOTAL, shown
from hotline_tools.table import Cell, Field, Grid, Note, NoteKind, ReportTable


def pivoted(table: ReportTable) -> ReportTable:
    """Return the table with its rows as a matrix; as it is when it has no grid or no rows."""
    grid = table.grid
    if grid is None or not table.rows:
        return table
    value = table.column(grid.value)
    lines: dict[str, dict[str, Cell]] = {}
    across: Counter[str] = Counter()
    down: Counter[str] = Counter()
    for row in table.rows:
        name, place = (shown(row[key], table.column(key)) for key in (grid.down, grid.across))
        lines.setdefault(name, {})[place] = _marked(row, grid, value)
        number = row[grid.value]
        across[place] += number if isinstance(number, int) else 0
        down[name] += number if isinstance(number, int) else 0
    places = [Field(f"at_{place}", place, value.type) for place in across]
    return replace(
        table,
        title=f"{table.title}（格内为{value.label}{f'，{value.unit}' if value.unit else ''}）",
        columns=(
            Field("down", table.column(grid.down).label),
            *places,
            Field("sum", TOTAL, "integer", decides=True),
        ),
        rows=[
            {"down": name, **{f"at_{place}": cell for place, cell in line.items()}, "sum": down[name]}
            for name, line in lines.items()
        ],
        totals={**{f"at_{place}": number for place, number in across.items()}, "sum": across.total()},
        notes=[*_mark_notes(table, grid), *table.notes],
        grid=None,
    )


def _mark_notes(table: ReportTable, grid: Grid) -> list[Note]:
    if not grid.mark:
        return []
    return [Note(NoteKind.SHOWN, f"带 * 的：{table.column(grid.mark).label}。")]


def _marked(row: dict[str, Cell], grid: Grid, value: Field) -> Cell:
    """Return the figure, as text when it carries a mark."""
    if grid.mark and row.get(grid.mark):
        return f"{shown(row[grid.value], value)}*"
    return row[grid.value]
