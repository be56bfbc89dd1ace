"""Values without a code: ratings, states and the like that no layout maps, so that figures leave them out."""

from collections.abc import Iterable
from typing import Any

from hotline_tools.errors import UsageError
from hotline_tools.reports.common import LABELS
from hotline_tools.reports.query import Database, Query, scope
from hotline_tools.reports.registry import Touched
from hotline_tools.sql import literal
from hotline_tools.table import Note, NoteKind

CODED: dict[Touched, str] = {
    "satisfaction": "满意率等不含",
    "resolved": "解决率等不含",
    "status": "没有办结时间，按未办结计",
    "responded": "响应率不含",
    "request_type": "按诉求类型的规则不含",
}
"""Column of codes → what becomes of an order when its value has none."""
_RAW = {"satisfaction": "satisfaction_raw", "status": "status_raw"}
"""Columns whose text as exported is kept beside; of the others it is in ``extra``, by the export's header."""
_UNREAD = {"status": "status = 'unknown' AND closed_at IS NULL"}
_SHOWN = 5
MISLEADING = 0.05
"""Share of orders left out from which figures mislead."""


def unread_notes(database: Database, query: Query, columns: Iterable[Touched]) -> list[tuple[Note, bool]]:
    """Return a note for each column with values in scope that have no code, and whether they are many."""
    try:
        found = database.query("SELECT field, header FROM unread_values").to_pylist()
    except UsageError:  # orders that no import log goes with
        return []
    asked = set(columns)
    headers: dict[Touched, list[str]] = {}
    for row in found:
        if row["field"] in asked and row["field"] in CODED:
            headers.setdefault(row["field"], []).append(row["header"])
    notes = [_note(database, query, name, headers[name]) for name in CODED if name in headers]
    return [note for note in notes if note is not None]


def _note(database: Database, query: Query, column: Touched, headers: list[str]) -> tuple[Note, bool] | None:
    raw = _RAW.get(column) or f"coalesce({', '.join(map(_kept, headers))})"
    unread = f"{raw} IS NOT NULL AND {_UNREAD.get(column, f'{column} IS NULL')}"
    rows: list[dict[str, Any]] = database.query(
        f"SELECT CASE WHEN {unread} THEN {raw} END AS raw, count(*) AS orders "
        f"FROM ({scope(query, columns=())}) AS o WHERE {unread} OR {column} IS NOT NULL "
        "GROUP BY 1 ORDER BY orders DESC, raw"
    ).to_pylist()
    values = [row for row in rows if row["raw"] is not None]
    if not values:
        return None
    number = sum(row["orders"] for row in values)
    shown = "、".join(f"{row['raw']} {row['orders']:,}" for row in values[:_SHOWN])
    more = f" 等 {len(values):,} 种" if len(values) > _SHOWN else ""
    text = (
        f"{number:,} 件的{LABELS[column]}没有对照（{shown}{more}），{CODED[column]}；"
        f"请在版式文件的 [values.{column}] 里补上对照，再重新导入。"
    )
    return Note(NoteKind.EXCLUDED, text), number >= MISLEADING * sum(row["orders"] for row in rows)


def _kept(header: str) -> str:
    """Return the text of an export's column that is kept in ``extra``."""
    path = '$."' + header.replace('"', '\\"') + '"'
    return f"json_extract_string(extra, {literal(path)})"
