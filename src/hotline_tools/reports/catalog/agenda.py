"""``report agenda`` (Diaobingshan, 圆桌议事会): what a community's quarterly council should talk about.

Two kinds of topic: a concrete issue (one problem at one place) and a theme (a subcategory in the
community, such as 乱停乱放). Each comes with orders, callers, trend, departments and order ids.
"""

from collections import defaultdict
from datetime import date
from typing import Any

from hotline_tools.reports.common import (
    counted_rate,
    empty_notes,
    filled,
    level_of,
    missing_notes,
    period_label,
    rate_fields,
)
from hotline_tools.reports.covered_days import extent
from hotline_tools.reports.figures import shared
from hotline_tools.reports.issues.view import define_issued, issue_names
from hotline_tools.reports.kpi.basis import active_scope, basis_note
from hotline_tools.reports.kpi.shared_rates import (
    RateCoverage,
    definition_notes,
    rate_coverage,
    rated_orders,
)
from hotline_tools.reports.query import LEVELS, Database, Query, midnight, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.sql import literal
from hotline_tools.table import Cell, Field, Note, NoteKind, ReportTable

_RATE = "dissatisfied_rate"
_LEVELS = ("community", "street", "grid", "district")
_KINDS = (("事项", "issue_id", "issued"), ("主题", "subcategory", "scope"))
_ACTIVE = {"issued": "issued_active", "scope": "active"}
"""Orders received, the evidence → those and others that were rated in the period."""
_TOP, _LEAST, _MOST_IDS, _MOST_DEPARTMENTS, _MANY = 5, 2, 20, 3, 10


def sql(query: Query) -> str:
    """Return the statements of issues and of themes."""
    middle = _middle((query.period.start, query.period.end)) if query.period else None
    return ";\n\n".join(_statement(query, item, source, middle) for _, item, source in _KINDS)


def _statement(
    query: Query, item: str, source: str, middle: date | None, coverage: RateCoverage | None = None
) -> str:
    return sql_text(
        "agenda",
        level=level_of(query, "community", _LEVELS),
        item=item,
        orders=rated_orders(_ACTIVE[source], query, (_RATE,), coverage),
        middle=midnight(middle or date(1970, 1, 1)),
        least=str(_LEAST),
        top=str(query.top or _TOP),
    )


def _middle(days: tuple[date, date]) -> date:
    return days[0] + (days[1] - days[0]) / 2


def compute(database: Database, query: Query) -> ReportTable:
    """Return the ``top`` (5) issues and themes of each community."""
    database.define("scope", scope(query))
    database.define("active", active_scope(query))
    level = level_of(query, "community", _LEVELS)
    counts = filled(database, (level, "received_at", "subcategory", "place"))
    issue_note = define_issued(database)
    define_issued(database, "active", "issued_active")
    days = extent(database, query)
    coverage = rate_coverage(database, query, (_RATE,))
    rows: list[dict[str, Cell]] = []
    for kind in _KINDS:
        rows += _topics(database, query, kind, _middle(days) if days else None, coverage)
    rows.sort(key=lambda row: (str(row["unit"]), row["kind"] != "事项", int(str(row["standing"]))))
    lacking = missing_notes(
        counts, {level: f"按{LEVELS[level]}的议题", "received_at": "前后半段", "subcategory": "主题"}
    )
    return ReportTable(
        report="agenda",
        title=f"议事会议题（按{LEVELS[level]}）",
        period=period_label(query),
        filters=query.described(),
        columns=_columns(level),
        rows=rows,
        totals={"orders": counts[""], "units": len({row["unit"] for row in rows}), "topics": len(rows)},
        notes=[
            *empty_notes(counts[""]),
            *lacking,
            basis_note(query),
            *definition_notes((_RATE,), query),
            issue_note,
            *_many(rows, level, query),
            Note(
                NoteKind.SHOWN,
                "“事项”是一处的一个具体问题，“主题”是本区域的一个子类，两者有重合，不能相加；"
                f"不足 {_LEAST} 件的不列，工单编号最多列 {_MOST_IDS} 个。",
            ),
        ],
        incomplete=bool(lacking),
    )


def _many(rows: list[dict[str, Cell]], level: str, query: Query) -> list[Note]:
    """Say how to look at one area where there are too many to read."""
    units = {row["unit"] for row in rows}
    if query.area is not None or len(units) <= _MANY:
        return []
    return [Note(NoteKind.ADVICE, f"共 {len(units):,} 个{LEVELS[level]}；用 --area 只看一个。")]


def _columns(level: str) -> tuple[Field, ...]:
    return (
        Field("unit", LEVELS[level]),
        Field("kind", "类型"),
        Field("topic", "议题"),
        Field("standing", "序", "integer"),
        Field("issue_id", "事项编号", machine=True),
        Field("category", "类别"),
        Field("orders", "工单数", "integer", "件", decides=True),
        Field("callers", "不同来电人", "integer", "人", decides=True),
        Field("first_at", "最早", "datetime", detail=True),
        Field("last_at", "最近", "datetime"),
        Field("earlier_half", "前半段", "integer", "件", detail=True),
        Field("later_half", "后半段", "integer", "件", detail=True),
        *rate_fields(_RATE, "不满意率"),
        Field("redone", "重办", "integer", "件", detail=True),
        Field("still_open", "未办结", "integer", "件", detail=True),
        Field("departments", "承办单位", "list"),
        Field("order_ids", "工单编号", "list", detail=True),
    )


def _topics(
    database: Database,
    query: Query,
    kind: tuple[str, str, str],
    middle: date | None,
    coverage: RateCoverage,
) -> list[dict[str, Cell]]:
    name, item, source = kind
    found: list[dict[str, Any]] = database.query(
        _statement(query, item, source, middle, coverage)
    ).to_pylist()
    if not found:
        return []
    topics = [(row["unit"], row["item"]) for row in found]
    places = {
        "level": level_of(query, "community", _LEVELS),
        "item": item,
        "source": source,
        "topics": ", ".join(f"({literal(unit)}, {literal(name)})" for unit, name in topics),
    }
    behind = _behind(database, places)
    names = issue_names(database, [name for _, name in topics]) if item == "issue_id" else {}
    rows = [
        {
            **_row(name, row),
            "topic": names.get(row["item"], row["item"]),
            "departments": [f"{of['name']} {of['orders']:,} 件" for of in behind[*topic, "department"]],
            "order_ids": [of["name"] for of in behind[*topic, "order"]],
        }
        for topic, row in zip(topics, found, strict=True)
    ]
    return rows if middle else [{**row, "earlier_half": None, "later_half": None} for row in rows]


def _behind(
    database: Database, places: dict[str, str]
) -> defaultdict[tuple[str, str, str], list[dict[str, Any]]]:
    """Return orders and departments of each topic; the engine chooses them, there may be millions."""
    statement = sql_text(
        "agenda_evidence", most_orders=str(_MOST_IDS), most_departments=str(_MOST_DEPARTMENTS), **places
    )
    found: defaultdict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in database.query(statement).to_pylist():
        found[row["unit"], row["item"], row["kind"]].append(row)
    return found


def _row(kind: str, row: dict[str, Any]) -> dict[str, Cell]:
    return {
        **{name: row[name] for name in ("unit", "standing", "category", "orders", "first_at", "last_at")},
        **{name: row[name] for name in ("later_half", "redone", "still_open")},
        "kind": kind,
        "issue_id": row["item"] if kind == "事项" else None,
        "callers": row["callers"] if row["with_caller"] else None,
        "earlier_half": row["orders"] - row["later_half"],
        **counted_rate(_RATE, row),
    }


REPORT = Report(
    name="agenda",
    title="议事会议题",
    summary="各社区最集中的事项与主题，附走势、单位与工单，供议事会选题",
    compute=compute,
    sql=sql,
    needs_labels=True,
    touches=("issues", "satisfaction", "resolved", "status"),
    area_level="community",
    options=("by", "profile", "as_of", "basis"),
    figures=shared(orders="received"),
)
