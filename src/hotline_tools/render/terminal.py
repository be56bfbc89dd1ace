"""A report as a table in the terminal; Chinese takes two columns a character and stays aligned."""

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hotline_tools.render.values import heading, is_numeric, shown
from hotline_tools.table import ReportTable


def render_terminal(table: ReportTable, console: Console) -> None:
    """Draw the table, its totals as the last line, and its notes below."""
    head = "　".join([table.title, table.period, *(f"{k}={v}" for k, v in table.filters.items())])
    grid = Table(title=Text(head.strip(), style="bold"), box=box.SIMPLE_HEAD, title_justify="left")
    has_totals = bool(table.rows) and any(c.name in table.totals for c in table.columns)
    for index, field in enumerate(table.columns):
        numeric = is_numeric(field)
        total = table.totals.get(field.name)
        footer = shown(total, field) if field.name in table.totals else ("合计" if index == 0 else "")
        grid.add_column(
            heading(field),
            justify="right" if numeric else "left",
            no_wrap=numeric,
            overflow="fold",
            footer=footer if has_totals else "",
        )
    grid.show_footer = has_totals
    for row in table.rows:
        grid.add_row(*(Text(shown(row.get(c.name), c) if c.name in row else "") for c in table.columns))
    console.print(grid)
    for note in table.notes:
        console.print(Text(f"注：{note}"), style="dim")
