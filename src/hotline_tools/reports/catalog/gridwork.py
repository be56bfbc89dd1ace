"""``report gridwork`` (Wuchang): grids and grid workers with few or no findings, fewest first.

A grid in which nobody finds anything while people call is where to look; a grid without calls may
just be quiet, so calls stand beside findings.
"""

from dataclasses import replace
from typing import Any

from hotline_tools.reports.channels.kinds import channel_rules, kind_sql, unmapped_notes
from hotline_tools.reports.common import filled, missing_notes, period_label, rate_cells, rate_fields
from hotline_tools.reports.query import Database, Query, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.table import Cell, Field, Note, NoteKind, ReportTable

_PLACE = ("unit", "community", "street", "district", "within")
"""What makes a grid or a worker another one of the same name."""
_KINDS = {"grid": "网格", "worker": "上报人"}


def sql(query: Query) -> str:
    """Return the statement; its view ``whole`` is the scope without the period."""
    return sql_text("gridwork", kind=kind_sql(channel_rules(query)))


def compute(database: Database, query: Query) -> ReportTable:
    """Return one row a grid and a grid worker known to the store."""
    database.define("scope", scope(query, columns=()))
    database.define("whole", scope(replace(query, period=None, channel=None, category=None), columns=()))
    rules = channel_rules(query)
    few = rules.few_findings
    counts = filled(database, ("grid", "reporter", "channel"), "whole")
    found: list[dict[str, Any]] = database.query(sql(query)).to_pylist()
    rows = [_row(row, few) for row in found]
    lacking = missing_notes(
        counts, {"grid": "各网格的发现", "reporter": "各网格员的发现", "channel": "主动与被动"}
    )
    return ReportTable(
        report="gridwork",
        title="网格与网格员的主动发现",
        period=period_label(query),
        filters=query.described(),
        columns=(
            Field("kind", "对象"),
            Field("unit", "网格或上报人"),
            Field("community", "社区"),
            Field("street", "镇街"),
            Field("district", "区县", detail=True),
            Field("within", "所在网格", detail=True),
            Field("finding", "判断", decides=True),
            Field("proactive", "主动发现", "integer", "件", decides=True),
            Field("reactive", "被动受理", "integer", "件", decides=True),
            *rate_fields("proactive_share", "主动发现占比"),
            Field("last_found_at", "最近一次发现", "datetime"),
        ),
        rows=rows[: query.top],
        totals={
            "silent_grids": _without_findings(rows, "网格"),
            "silent_workers": _without_findings(rows, "上报人"),
            "units": len(rows),
        },
        notes=[
            *([] if rows else [Note(NoteKind.EMPTY, "库中没有网格或上报人的记录，名单为空。")]),
            *lacking,
            Note(
                NoteKind.DEFINITION,
                f"“无发现”为 0 件，“发现偏少”为少于 {few} 件；名单取自库中全部工单出现过的网格与上报人，"
                "从未上报过的网格员不在数据里，看不到。同名而所在社区（没有社区的看网格）不同的，按不同的网格、不同的人计。",
            ),
            *unmapped_notes(database, rules),
        ],
        incomplete=bool(lacking),
    )


def _without_findings(rows: list[dict[str, Cell]], kind: str) -> int:
    return sum(row["kind"] == kind and row["proactive"] == 0 for row in rows)


def _row(row: dict[str, Any], few: int) -> dict[str, Cell]:
    found, called = row["proactive"], row["reactive"]
    return {
        **{name: row[name] for name in (*_PLACE, "last_found_at")},
        "kind": _KINDS[row["kind"]],
        "finding": "无发现" if not found else ("发现偏少" if found < few else "有发现"),
        "proactive": found,
        "reactive": called,
        **rate_cells("proactive_share", found, found + called),
    }


REPORT = Report(
    name="gridwork",
    title="网格与网格员的主动发现",
    summary="哪些网格、网格员没有或很少主动发现问题",
    compute=compute,
    sql=sql,
    keys=("kind", *_PLACE),
    options=("rules",),
)
