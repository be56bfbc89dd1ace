"""Columns and cells of rates, notes on missing columns, fill counts, levels, ranks: used by most reports."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hotline_tools.errors import UsageError
from hotline_tools.reports.query import LEVELS, Database, Query
from hotline_tools.schema import ORDER_COLUMNS
from hotline_tools.sql import literal
from hotline_tools.table import Cell, Counts, Field, Note, NoteKind

LABELS = {column.name: column.label for column in ORDER_COLUMNS}
UNFILLED = "（未填写）"
"""How a missing level value reads."""
_UNKNOWN = {"status": "unknown", "resolved": "unknown", "satisfaction": "unrated"}


def filled_sql(column: str) -> str:
    """Return the expression that is null where the column says nothing."""
    return f"NULLIF({column}, {literal(_UNKNOWN[column])})" if column in _UNKNOWN else column


def rate_fields(name: str, label: str, *, decides: bool = False) -> tuple[Field, Field, Field]:
    """Return the three columns of a rate: ``name``, ``name_numerator``, ``name_denominator``."""
    counts = Counts(f"{name}_numerator", f"{name}_denominator")
    return (
        Field(name, label, "rate", counts=counts, decides=decides),
        Field(f"{name}_numerator", f"{label}分子", "integer"),
        Field(f"{name}_denominator", f"{label}分母", "integer"),
    )


def rate_cells(name: str, numerator: int | None, denominator: int | None) -> dict[str, Cell]:
    """Return the cells of ``rate_fields``; the rate of nothing is missing, not zero."""
    rate = numerator / denominator if numerator is not None and denominator else None
    return {name: rate, f"{name}_numerator": numerator, f"{name}_denominator": denominator}


def counted_rate(name: str, row: Mapping[str, Any]) -> dict[str, Cell]:
    """Return the cells of ``rate_fields`` from a row that holds NAME_numerator and NAME_denominator."""
    return rate_cells(name, row[f"{name}_numerator"], row[f"{name}_denominator"])


def blank(cells: dict[str, Cell], names: Iterable[str]) -> dict[str, Cell]:
    """Return the cells without any figure for ``names``, counts or rates: what is not known is not 0."""
    asked = set(names)
    ends = ("", "_numerator", "_denominator")
    return {
        key: None if any(key == f"{name}{end}" for name in asked for end in ends) else value
        for key, value in cells.items()
    }


def period_label(query: Query) -> str:
    """Return the period as people write it."""
    return query.period.label if query.period else "全部时间"


def level_of(query: Query, default: str, allowed: Iterable[str] = LEVELS) -> str:
    """Return the level asked for by ``--by``; raise ``UsageError`` when the report cannot use it."""
    level = query.by or default
    names = tuple(allowed)
    if level not in names:
        raise UsageError(f"这张报表不能按 {level} 分组", remedy=f"可用 --by {'、'.join(names)}。")
    return level


def filled(database: Database, columns: Iterable[str], view: str = "scope") -> dict[str, int]:
    """Return how many orders of ``view`` have a value in each column; ``""`` counts all orders."""
    names = tuple(columns)
    counts = "".join(f", count({filled_sql(name)}) AS {name}" for name in names)
    answer = database.query(f'SELECT count(*) AS "all_orders"{counts} FROM {view}')
    row: dict[str, Any] = answer.to_pylist()[0]
    return {"": row["all_orders"], **{name: row[name] for name in names}}


def any_filled(database: Database, column: str, orders: str) -> bool:
    """Tell whether any of ``orders`` (a SELECT) has a value in the column; stops at the first that has."""
    found = database.query(f"SELECT 1 AS one FROM ({orders}) AS o WHERE {column} IS NOT NULL LIMIT 1")
    return bool(found.num_rows)


def sum_of(rows: Iterable[Mapping[str, Any]], column: str) -> int:
    """Return the sum of a column of counts: groups that leave no order out say what ``filled`` would."""
    return sum(int(row[column]) for row in rows)


def told(rows: Iterable[dict[str, Any]], *columns: str) -> list[dict[str, Any]]:
    """Return the rows in which one of the counts is not 0.

    Orders received before the period are read too, for what happens to them in it; one to which nothing
    happened makes no row.
    """
    return [row for row in rows if any(row[name] for name in columns)]


def missing_notes(counts: Mapping[str, int], needed: Mapping[str, str]) -> list[Note]:
    """Return a note for each column without any value; ``needed`` says what leans on it.

    An empty scope lacks orders, not columns, and gives no such note.
    """
    if not counts[""]:
        return []
    return [
        Note(NoteKind.MISSING, f"无法计算{what}：范围内的工单都没有填“{LABELS.get(name, name)}”。")
        for name, what in needed.items()
        if not counts[name]
    ]


def lacking_note(what: str, *columns: str) -> Note:
    """Return the note on what needs any one of ``columns``, none of which has a value."""
    named = "或".join(f"“{LABELS[name]}”" for name in columns)
    return Note(NoteKind.MISSING, f"无法计算{what}：范围内的工单都没有填{named}。")


def closing_known(counts: Mapping[str, int]) -> bool:
    """Tell whether ``filled`` counts say what is closed or open; an empty scope lacks nothing."""
    return not counts[""] or bool(counts["closed_at"] or counts["status"])


def empty_notes(orders: int) -> list[Note]:
    """Return the note of an empty scope."""
    return [] if orders else [Note(NoteKind.EMPTY, "范围内没有工单；请放宽 --period 等筛选条件。")]


def ranks(figures: Sequence[float]) -> list[int]:
    """Return competition ranks (1, 2, 2, 4), the largest figure first; equals share a rank."""
    return [1 + sum(other > figure for other in figures) for figure in figures]
