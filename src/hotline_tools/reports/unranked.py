"""No rank among one: a table that a filter has narrowed to the unit asked for ranks nobody."""

from dataclasses import replace

from hotline_tools.reports.query import Query
from hotline_tools.table import ROW_KIND, Note, NoteKind, ReportTable

_RANKS = ("rank", "orders_rank", "board")
_UNITS = ("unit", "area", "item", "channel")
"""The columns that say whose row it is."""


def unranked(table: ReportTable, query: Query) -> ReportTable:
    """Return the table without ranks and boards where its only unit is the one that was asked for.

    Rank 1 of one would read as the best of all.
    """
    asked = {query.department: "--department", query.area: "--area", query.channel: "--channel"}
    asked.pop(None, None)
    naming = next((name for name in _UNITS if any(c.name == name for c in table.columns)), None)
    if not asked or naming is None:
        return table
    named = {row.get(naming) for row in table.rows if not row.get(ROW_KIND)}
    present = [c.name for c in table.columns if c.name in _RANKS]
    if not named or not named <= asked.keys() or not present:
        return table
    options = "、".join(sorted(option for value, option in asked.items() if value in named))
    text = f"只看一个单位（{options}），不排名次；看名次请去掉这个筛选条件。"
    return replace(
        table,
        rows=[{**row, **dict.fromkeys(present)} for row in table.rows],
        notes=[*table.notes, Note(NoteKind.SHOWN, text)],
    )
