"""``report repeats``: the issues that came again and again, ranked, with the rules that fired."""

from hotline_tools.reports.common import (
    counted_rate,
    empty_notes,
    filled,
    missing_notes,
    period_label,
    rate_cells,
    rate_fields,
)
from hotline_tools.reports.issues.statement import RATES, find_issues, kind_totals, statement
from hotline_tools.reports.kpi.basis import basis_note
from hotline_tools.reports.kpi.shared_rates import definition_notes
from hotline_tools.reports.query import Database, Query
from hotline_tools.reports.registry import Report
from hotline_tools.table import RANK, Field, Note, NoteKind, ReportTable

_COLUMNS = (
    RANK,
    Field("issue_id", "事项"),
    Field("label", "名称"),
    Field("kind", "来电人"),
    Field("orders", "工单数", "integer", "件", decides=True),
    Field("callers", "不同来电人", "integer", "人", decides=True),
    Field("unknown_callers", "来电人不详", "integer", "件", detail=True),
    Field("came_back", "办结后又来", "integer", "件", detail=True),
    *rate_fields("satisfied_rate", "满意率"),
    *rate_fields("dissatisfied_rate", "不满意率"),
    Field("first_at", "首次", "datetime", detail=True),
    Field("last_at", "最近", "datetime"),
    Field("weekly", "每周件数", "list", detail=True),
    Field("category", "类别", detail=True),
    Field("subcategory", "子类", detail=True),
    Field("place", "地点", detail=True),
    Field("street", "镇街", detail=True),
    Field("community", "社区", detail=True),
    Field("department_names", "承办单位", "list", detail=True),
    Field("channels", "渠道", "list", detail=True),
    Field("open_orders", "未办结", "integer", "件", detail=True),
    Field("level", "建议层级", decides=True),
    Field("reasons", "触发规则", "list", decides=True),
    Field("order_ids", "工单编号", "list", detail=True),
)


def compute(database: Database, query: Query) -> ReportTable:
    """Return the issues in scope: most distinct callers first, then most orders."""
    found = find_issues(database, query, _COLUMNS)
    counts = filled(database, ("received_at", "caller_key", "satisfaction", "closed_at"))
    ranked = sorted(found.rows, key=lambda r: (-r["callers"], -r["orders"], r["issue_id"]))
    rows = ranked[: query.top]
    for rank, row in enumerate(rows, 1):
        row["rank"] = rank
        for rate in RATES:
            row.update(counted_rate(rate, row))
    grouped = sum(row["orders"] for row in ranked)
    lacking = missing_notes(
        counts, {"received_at": "时间与走势", "caller_key": "不同来电人", "closed_at": "办结后又来"}
    )
    return ReportTable(
        report="repeats",
        title="重复事项",
        period=period_label(query),
        filters=query.described(),
        columns=_COLUMNS,
        rows=rows,
        totals={**kind_totals(ranked), **rate_cells("listed_share", grouped, counts[""])},
        notes=[
            *empty_notes(counts[""]),
            *lacking,
            basis_note(query),
            *definition_notes(RATES, query),
            found.note,
            *found.period_notes,
            Note(
                NoteKind.DEFINITION,
                f"范围内同一事项达 {found.rules.least_orders} 件的才列出。",
            ),
            Note(
                NoteKind.DEFINITION,
                "列出占比 = 列出事项的工单数 ÷ 全部工单数，只数范围内的工单；"
                "重复诉求率（报表 repeat-rates）还计入同一事项别的工单在范围之外的，故通常更大。",
                about=("listed_share",),
            ),
            Note(NoteKind.SHOWN, "“不同来电人”只数已知来电人；来电人不详的工单另列，不推测是几个人。"),
            Note(
                NoteKind.DEFINITION,
                f"提级规则：{found.rules.origin}；国家层面没有统一门槛，可用 --rules 换成本地规定。",
            ),
        ],
        incomplete=bool(lacking),
    )


REPORT = Report(
    name="repeats",
    title="重复事项",
    summary="反复出现的同一事项：件数、不同来电人、走势、办结后又来、触发的提级规则",
    compute=compute,
    sql=statement,
    needs_labels=True,
    touches=("issues", "satisfaction", "resolved", "status"),
    keys=("issue_id",),
    options=("rules", "profile", "as_of", "basis"),
)
