"""``report callers``: callers who came more than once, by the keyed hash of their number or account."""

from typing import Any

from hotline_tools.reports.common import (
    counted_rate,
    empty_notes,
    filled,
    missing_notes,
    period_label,
    rate_cells,
    rate_fields,
)
from hotline_tools.reports.issues.view import define_issued
from hotline_tools.reports.kpi.basis import active_scope, basis_note
from hotline_tools.reports.kpi.shared_rates import (
    RateCoverage,
    definition_notes,
    rate_coverage,
    rated_orders,
)
from hotline_tools.reports.query import Database, Query, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.table import RANK, Field, Note, NoteKind, ReportTable

_RATE = "dissatisfied_rate"
_BANDS = (2, 3, 4)
"""来电 2 次、3 次、4 次及以上：as alerts in use count them."""
_SHOWN_KEY = 8
"""So many signs of a key are enough to tell callers apart on paper."""
_COLUMNS = (
    RANK,
    Field("caller", "来电人"),
    Field("caller_key", "来电人标识", machine=True),
    Field("orders", "工单数", "integer", "件", decides=True),
    Field("issues", "涉及事项", "integer", "个", decides=True),
    Field("most_on_one_issue", "同一事项最多", "integer", "件"),
    Field("single_orders", "不在重复事项中", "integer", "件", detail=True),
    Field("first_at", "首次", "datetime", detail=True),
    Field("last_at", "最近", "datetime"),
    Field("category", "主要类别", decides=True),
    Field("departments", "经手单位", "integer", "个", detail=True),
    *rate_fields(_RATE, "不满意率"),
    Field("order_ids", "工单编号", "list", detail=True),
)


def sql(query: Query) -> str:
    """Return the statement; it reads the views ``scope`` and ``issued``."""
    return _statement(query)


def _statement(query: Query, coverage: RateCoverage | None = None) -> str:
    return sql_text("callers", orders=rated_orders("active", query, (_RATE,), coverage))


def compute(database: Database, query: Query) -> ReportTable:
    """Return the callers of two orders or more, most orders first."""
    database.define("scope", scope(query))
    database.define("active", active_scope(query))
    note = define_issued(database)
    counts = filled(database, ("caller_key",), f"({scope(query, columns=())})")
    found: list[dict[str, Any]] = database.query(
        _statement(query, rate_coverage(database, query, (_RATE,)))
    ).to_pylist()
    lacking = missing_notes(counts, {"caller_key": "重复来电人"})
    rows = [
        {
            **{name: row.get(name) for name in (column.name for column in _COLUMNS)},
            "rank": rank,
            "caller": row["caller_key"][:_SHOWN_KEY],
            **counted_rate(_RATE, row),
        }
        for rank, row in enumerate(found[: query.top], 1)
    ]
    again = sum(row["orders"] for row in found)
    return ReportTable(
        report="callers",
        title="重复来电人",
        period=period_label(query),
        filters=query.described(),
        columns=_COLUMNS,
        rows=rows,
        totals={
            "callers": len(found),
            "caller_orders": again,
            **{f"callers_{n}": sum(_in_band(row["orders"], n) for row in found) for n in _BANDS},
            **rate_cells("repeat_caller_rate", again, counts["caller_key"]),
        },
        notes=[
            *empty_notes(counts[""]),
            *lacking,
            basis_note(query),
            *definition_notes((_RATE,), query),
            note,
            Note(
                NoteKind.EXCLUDED,
                f"{_counted(found)}来电人不详的 {counts[''] - counts['caller_key']:,} 件不计入。",
            ),
            Note(
                NoteKind.SHOWN,
                "来电人一列是来电人标识的前几位，由号码或账号加密得来，不能还原；同一人换号码来电会算作两人。",
            ),
        ],
        incomplete=bool(lacking),
    )


def _counted(found: list[dict[str, Any]]) -> str:
    if not found:
        return ""
    counts = [f"{sum(_in_band(row['orders'], n) for row in found):,}" for n in _BANDS]
    said = "、".join(
        f"来电 {n} 次{'及以上' if n == _BANDS[-1] else ''}的 {count} 人"
        for n, count in zip(_BANDS, counts, strict=True)
    )
    return f"{said}；"


def _in_band(orders: int, band: int) -> bool:
    return orders >= band if band == _BANDS[-1] else orders == band


REPORT = Report(
    name="callers",
    title="重复来电人",
    summary="多次来电的人：件数、涉及几个事项、同一事项最多几件、满意情况",
    compute=compute,
    sql=sql,
    needs_labels=True,
    touches=("issues", "satisfaction", "resolved", "status"),
    keys=("caller_key",),
    options=("profile", "as_of", "basis"),
)
