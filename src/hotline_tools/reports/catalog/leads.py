"""``report leads`` (Wuchang): issues that a grid worker or app knew of before the hotline rang."""

from statistics import median
from typing import Any

from hotline_tools.reports.channels.kinds import channel_rules, kind_sql, unmapped_notes
from hotline_tools.reports.common import empty_notes, filled, missing_notes, period_label, rate_cells
from hotline_tools.reports.issues.view import define_issued
from hotline_tools.reports.query import Database, Query, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.table import Cell, Field, Note, NoteKind, ReportTable


def sql(query: Query) -> str:
    """Return the statement; its view ``issued`` is the scope with ``issue_id``."""
    rules = channel_rules(query)
    return sql_text("leads", kind=kind_sql(rules), days=str(rules.same_issue_days))


def compute(database: Database, query: Query) -> ReportTable:
    """Return the issues found first, longest lead first; ``totals`` also count those called in first."""
    database.define("scope", scope(query))
    rules = channel_rules(query)
    counts = filled(database, ("channel", "received_at", "place", "subcategory"))
    source_note = define_issued(database)
    both: list[dict[str, Any]] = database.query(sql(query)).to_pylist()
    first = [row for row in both if row["lead_hours"] > 0]
    lacking = missing_notes(counts, {"channel": "主动发现", "received_at": "先后"})
    return ReportTable(
        report="leads",
        title="先于热线发现的事项",
        period=period_label(query),
        filters=query.described(),
        columns=(
            Field("issue_id", "事项"),
            Field("community", "社区"),
            Field("place", "地点"),
            Field("subcategory", "子类"),
            Field("found_at", "主动发现于", "datetime", decides=True),
            Field("found_channel", "发现渠道"),
            Field("called_at", "首次来电来信", "datetime", decides=True),
            Field("called_channel", "来电渠道"),
            Field("lead_hours", "提前", "number", "小时", decides=True),
            Field("found", "主动发现", "integer", "件"),
            Field("called", "被动受理", "integer", "件"),
        ),
        rows=[dict(row) for row in first[: query.top]],
        totals=_totals(both, first),
        notes=[
            *empty_notes(counts[""]),
            *([_none(both)] if counts[""] and not first else []),
            *lacking,
            *([_found_first(both, first)] if first else []),
            source_note,
            Note(
                NoteKind.DEFINITION,
                f"只比较两种渠道都出现、首次相隔不超过 {rules.same_issue_days} 天的事项；"
                "提前发现后仍有人来电，说明发现后没有及时办好。",
            ),
            *unmapped_notes(database, rules),
        ],
        incomplete=bool(lacking),
    )


def _none(both: list[dict[str, Any]]) -> Note:
    if not both:
        return Note(NoteKind.EMPTY, "没有主动发现与来电来信都出现的事项，无从比较先后。")
    return Note(NoteKind.EMPTY, f"{len(both):,} 个事项两种渠道都出现，没有一个是主动发现在先。")


def _found_first(both: list[dict[str, Any]], first: list[dict[str, Any]]) -> Note:
    ahead = median(row["lead_hours"] for row in first)
    return Note(
        NoteKind.SHOWN,
        f"两种渠道都出现的 {len(both):,} 个事项中，主动发现在先的 {len(first):,} 个"
        f"（{len(first) / len(both):.1%}），提前时间的中位数 {ahead:,.1f} 小时。",
    )


def _totals(both: list[dict[str, Any]], first: list[dict[str, Any]]) -> dict[str, Cell]:
    return {
        "issues_on_both": len(both),
        **rate_cells("found_first_rate", len(first), len(both)),
        "median_lead_hours": median(row["lead_hours"] for row in first) if first else None,
    }


REPORT = Report(
    name="leads",
    title="先于热线发现的事项",
    summary="网格、微邻里等先发现、后来又有人打热线的事项与提前时间",
    compute=compute,
    sql=sql,
    needs_labels=True,
    touches=("issues",),
    options=("rules",),
)
