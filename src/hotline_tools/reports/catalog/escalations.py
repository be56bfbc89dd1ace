"""``report escalations`` (提级建议): which issues to raise, why, and to which level."""

from typing import Any

from hotline_tools.reports.common import empty_notes, filled, missing_notes, period_label
from hotline_tools.reports.issues.escalation_rules import LEVELS
from hotline_tools.reports.issues.statement import find_issues, kind_totals, statement
from hotline_tools.reports.query import Database, Query
from hotline_tools.reports.registry import Report
from hotline_tools.table import RANK, Field, Note, NoteKind, ReportTable

_COLUMNS = (
    RANK,
    Field("level", "提级到"),
    Field("issue_id", "事项"),
    Field("label", "名称", decides=True),
    Field("reasons", "理由", "list", decides=True),
    Field("kind", "来电人", detail=True),
    Field("orders", "工单数", "integer", "件", decides=True),
    Field("callers", "不同来电人", "integer", "人"),
    Field("unknown_callers", "来电人不详", "integer", "件", detail=True),
    Field("came_back", "办结后又来", "integer", "件", detail=True),
    Field("first_at", "首次", "datetime", detail=True),
    Field("last_at", "最近", "datetime"),
    Field("weekly", "每周件数", "list", detail=True),
    Field("category", "类别", detail=True),
    Field("subcategory", "子类", detail=True),
    Field("street", "镇街", detail=True),
    Field("community", "社区", detail=True),
    Field("place", "地点", detail=True),
    Field("department_names", "承办单位", "list", detail=True),
    Field("order_ids", "工单编号", "list", detail=True),
)


def compute(database: Database, query: Query) -> ReportTable:
    """Return the issues for which a rule fired: highest level first, then most reasons, callers, orders."""
    found = find_issues(database, query, _COLUMNS)
    counts = filled(database, ("received_at", "caller_key", "satisfaction", "closed_at", "department"))
    raised = sorted((row for row in found.rows if row["reasons"]), key=_urgency)
    for rank, row in enumerate(raised, 1):
        row["rank"] = rank
    lacking = missing_notes(
        counts,
        {
            "received_at": "集中与增长",
            "caller_key": "来电人数",
            "closed_at": "办结后又来",
            "satisfaction": "连续不满意",
            "department": "经手单位数",
        },
    )
    return ReportTable(
        report="escalations",
        title="提级建议",
        period=period_label(query),
        filters=query.described(),
        columns=_COLUMNS,
        rows=raised[: query.top],
        totals={
            **kind_totals(raised),
            **{
                f"level_{number}": sum(r["level"] == level for r in raised)
                for number, level in enumerate(LEVELS, 1)
            },
        },
        notes=[
            *empty_notes(counts[""]),
            *lacking,
            found.note,
            *found.period_notes,
            Note(
                NoteKind.DEFINITION,
                f"提级规则：{found.rules.origin}；国家层面没有统一门槛，可用 --rules 换成本地规定。",
            ),
            Note(
                NoteKind.SHOWN,
                f"共 {len(found.rows)} 个重复事项，触发规则的 {len(raised)} 个；人工标为不再提示的不列。",
            ),
        ],
        incomplete=bool(lacking),
    )


def _urgency(row: dict[str, Any]) -> tuple[int, int, int, int, str]:
    level = LEVELS.index(row["level"])
    return -level, -len(row["reasons"]), -row["callers"], -row["orders"], str(row["issue_id"])


REPORT = Report(
    name="escalations",
    title="提级建议",
    summary="建议提级的事项：触发了哪条规则、证据、提到社区、镇街还是区县",
    compute=compute,
    sql=statement,
    needs_labels=True,
    touches=("issues", "satisfaction", "resolved", "status"),
    keys=("issue_id",),
    options=("rules", "profile", "as_of", "basis"),
)
