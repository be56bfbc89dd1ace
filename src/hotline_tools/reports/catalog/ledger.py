"""``report ledger`` (Xinhai, 社区工作日): 动态建账, 务实销账, 及时晒账, 满意结账, year on year.

Disposal classes (能办即办 / 限时结办 / 协调商办) follow from handling time and co-departments, by the
rules in ``defaults/ledger.toml``.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hotline_tools.reports.common import (
    UNFILLED,
    blank,
    closing_known,
    empty_notes,
    lacking_note,
    level_of,
    missing_notes,
    period_label,
    rate_cells,
    rate_fields,
    sum_of,
)
from hotline_tools.reports.compare.periods import known_part, same_days
from hotline_tools.reports.coverage import Needs, Uncovered, coverage_notes, covered_sql, uncovered_sources
from hotline_tools.reports.covered_days import extent, received_days
from hotline_tools.reports.figures import shared
from hotline_tools.reports.kpi.basis import EVENTS, basis_note
from hotline_tools.reports.kpi.carry_over import LABELS as FLOW_LABELS
from hotline_tools.reports.kpi.carry_over import (
    carry_over_fields,
    carry_over_marks,
    carry_over_notes,
    nothing_before,
    overdue_moves,
)
from hotline_tools.reports.kpi.facts import FACTS, REPLIED
from hotline_tools.reports.kpi.patterns import any_sql
from hotline_tools.reports.kpi.statement import define_views, facts_ctes, in_event, profile_of
from hotline_tools.reports.period import Period
from hotline_tools.reports.query import LEVELS, Database, Query, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.reports.rules import LedgerRules, rules_for
from hotline_tools.sql import literal
from hotline_tools.table import Cell, ChartHint, Field, Note, NoteKind, ReportTable

_DAY = timedelta(days=1)
Rows = list[dict[str, Any]]
_CLASSES = (("instant", "能办即办"), ("timed", "限时结办"), ("joint", "协调商办"))
_LOOKED_AT = (
    "received_at", "satisfaction", "co_departments", "handling_hours", "status", "closed_at", "reply",
)  # fmt: skip
_NEEDS: dict[str, Needs] = {"cleared": FACTS["closed"].needs, "public": [("reply",)]}
"""What a source must fill for a rate of all orders opened."""
_USED = ("closed", "due", "rated")
_COUNTS = {
    "received": {
        "opened": "is_received",
        "cleared_of": "is_received AND is_closed AND covers_cleared",
        "cleared_base": "is_received AND covers_cleared",
        "public_of": "is_received AND is_public AND covers_public",
        "public_base": "is_received AND covers_public",
        "carried_in": "flow_carried_in",
        "overdue_at_start": "flow_overdue_at_start",
        "closing_untold": "flow_closing_untold",
        "active": "TRUE",
        "with_received_at": "has_received_at",
        "with_closed_at": "has_closed_at",
        "with_status": "has_status",
        "with_satisfaction": "satisfaction <> 'unrated'",
        "with_co_departments": "is_joint",
        "with_handling_hours": "is_instant IS NOT NULL",
        "with_reply": "is_public",
    },
    "closed": {
        "cleared": "is_cleared",
        "public": "is_public AND is_closed_now",
        "joint": "is_cleared AND is_joint",
        "instant": "is_cleared AND NOT is_joint AND is_instant",
        "timed": "is_cleared AND NOT is_joint AND NOT is_instant",
        "closed": "flow_closed",
        "closed_late": "flow_closed_late",
        "withdrawn": "flow_withdrawn",
        "ended_overdue": "has_ended_overdue",
    },
    "answered": {"settled": "is_rated_now AND satisfaction IN ({satisfied})", "rated": "is_rated_now"},
    "due": {"became_overdue": "has_become_overdue"},
}
"""Event → count → its condition, over the columns of ``moments``."""
_SUMMED = tuple(name for counts in _COUNTS.values() for name in counts)


def sql(query: Query) -> str:
    """Return the statement; run again over last year's orders for the year-on-year columns."""
    return _statement(query, {})


def _statement(query: Query, uncovered: Uncovered) -> str:
    rules = rules_for(LedgerRules, query.rules)
    satisfied = ", ".join(literal(code) for code in rules.closed_satisfaction)
    counts = [
        f"coalesce(CAST(sum(orders) FILTER (WHERE event = {literal(event)} AND {condition}) AS BIGINT), 0)"
        f" AS {name}"
        for event, conditions in _COUNTS.items()
        for name, condition in conditions.items()
    ]
    untold = uncovered.get("cleared", ())
    became_overdue, ended_overdue = overdue_moves()
    places = {
        "facts": facts_ctes(query, _USED, flags=()),
        **{f"{event}_unit": _unit(query, event) for event in _COUNTS},
        **{f"in_{event}": in_event(event, query) for event in _COUNTS},
        "told": covered_sql(untold),
        "became_overdue": became_overdue,
        "ended_overdue": ended_overdue,
        "replied": REPLIED,
        "carry_over": carry_over_marks(query, untold),
        "instant": str(rules.instant_hours),
        "counts": ",\n    ".join(counts).replace("{satisfied}", satisfied),
        **{f"covers_{name}": covered_sql(uncovered.get(name, ())) for name in _NEEDS},
    }
    return sql_text("ledger", **places)


def _unit(query: Query, event: str) -> str:
    """Return the level of ``by``, or the month of an event: on basis ``received`` that of the receipt.

    An order without a time of receipt is in no month, whatever else is known of it.
    """
    if query.by is not None:
        return level_of(query, "community")
    moment = EVENTS[event if query.basis == "event" else "received"]
    if event == "due" and query.basis == "event":
        moment = f"{moment} - INTERVAL 1 MICROSECOND"  # 24:00 is of the day that it ends
    return f"CASE WHEN received_at IS NOT NULL THEN CAST(date_trunc('month', {moment}) AS DATE) END"


def compute(database: Database, query: Query) -> ReportTable:
    """Return one row a month, or one a unit of ``by``."""
    database.define("scope", scope(query, columns=(query.by,)))
    define_views(database, query)
    rules = rules_for(LedgerRules, query.rules)
    uncovered = uncovered_sources(database, _NEEDS)
    everything: Rows = database.query(_statement(query, uncovered)).to_pylist()
    counts = {name: sum_of(everything, f"with_{name}") for name in _LOOKED_AT}
    counts |= {"": sum_of(everything, "active")}
    unknown = _unknown(counts)
    found = _carried(everything, query, closings=closing_known(counts))
    if query.by is not None:  # units, the largest first; months stay in their order
        found = sorted(found, key=lambda row: -row["opened"])
    same, cut = _same_days_last_year(database, query)
    before = _last_year(database, query, found, same)
    rows = [
        {"position": place, **blank(_row(row, before, query, rules.minimum_base), unknown)}
        for place, row in enumerate(found, 1)
    ]
    lacking = missing_notes(
        counts,
        {
            "received_at": "按月台账与同比",
            "satisfaction": "满意结账",
            "reply": "及时晒账（以有无答复为准）",
            "handling_hours": "能办即办与限时结办",
        },
    )
    if not closing_known(counts):
        lacking.insert(0, lacking_note("销账、结转、满意结账与处置方式", "closed_at", "status"))
    notes = [*empty_notes(counts[""]), *lacking, basis_note(query), _explained(rules, counts)]
    if closing_known(counts):
        notes += carry_over_notes({"closing_untold": sum_of(found, "closing_untold")})
        notes += nothing_before(database, query)
    left_out = {name: sum_of(found, "opened") - sum_of(found, f"{name}_base") for name in uncovered}
    notes += coverage_notes(uncovered, left_out, {"cleared": "销账率", "public": "晒账率"})
    if query.period is None and query.by is None and query.as_of is None:
        moments = (
            "各月的上期结转、未办结、超期未办结截至该月月末；"
            "销账率、晒账率是该月建账的工单截至库中最晚时间的结果。"
        )
        notes.append(Note(NoteKind.DEFINITION, moments))
    if found and not before:
        notes.append(Note(NoteKind.MISSING, "库中没有完整的去年同期数据，同比从略。"))
    elif cut is not None:
        text = f"本期数据只到 {cut}，时间段未满：建账同比与去年的相应天数比。"
        notes.append(Note(NoteKind.SCOPE, text))
    return ReportTable(
        report="ledger",
        title="社区工作日台账",
        period=period_label(query),
        filters=query.described(),
        columns=_columns(query),
        rows=rows[: query.top],
        totals=blank(_totals(found, query), unknown),
        notes=notes,
        chart=ChartHint("bars", label="unit", value="opened", share="settled_rate", latest=query.by is None),
        incomplete=bool(lacking),
    )


def _carried(everything: Rows, query: Query, *, closings: bool) -> Rows:
    """Return the rows with what is carried over: of months, what is open at the end of one goes to the next.

    Orders that came in before the period are carried into its first month. What belongs to no month is left
    out, unless the rows are units. Without ``closings`` a unit with nothing but old orders is no row.
    """
    left_out = {"active", *(() if closings else (*FLOW_LABELS, "overdue_at_start"))}
    figures = [name for name in _SUMMED if not name.startswith("with_") and name not in left_out]
    rows = [row for row in everything if any(row[name] for name in figures)]
    if query.by is not None:
        return [_balanced(row, row["carried_in"], row["overdue_at_start"]) for row in rows]
    first = query.period.start if query.period is not None else date.min
    undated = [
        row for row in rows if row["unit"] is None and row["opened"]
    ]  # none where a period is asked for
    rows = [row for row in rows if row["unit"] is not None and row["unit"] >= first.replace(day=1)]
    undated = undated if rows else []  # an export without any time has no months
    if query.basis == "received":
        return [_balanced(row, 0, 0) for row in [*undated, *rows] if row["opened"]]
    open_orders, overdue = sum_of(everything, "carried_in"), sum_of(everything, "overdue_at_start")
    balanced: Rows = []
    months = _every_month(rows, query)
    if not months and open_orders and query.period is not None:  # nothing happened, and orders are still open
        months = [dict.fromkeys(_SUMMED, 0) | {"unit": query.period.start.replace(day=1)}]
    for row in months:
        balanced.append(_balanced(row, open_orders, overdue))
        open_orders, overdue = balanced[-1]["open_at_end"], balanced[-1]["overdue_at_end"]
    return [*(_balanced(row, 0, 0) for row in undated), *balanced]


def _every_month(rows: Rows, query: Query) -> Rows:
    """Leave out months after the period's end, where orders received in it may still fall due."""
    if query.period is None:
        return rows
    return [row for row in rows if row["unit"] < query.period.end]


def _balanced(row: dict[str, Any], open_orders: int, overdue: int) -> dict[str, Any]:
    gone = row["closed"] + row["withdrawn"]
    return {
        **row,
        "carried_in": open_orders,
        "open_at_end": open_orders + row["opened"] - row["closing_untold"] - gone,
        "overdue_at_end": overdue + row["became_overdue"] - row["ended_overdue"],
    }


def _unknown(counts: Mapping[str, int]) -> set[str]:
    """Return the figures that the export says nothing of."""
    if not counts[""]:
        return set()
    shares = {f"{name}_share" for name, _ in _CLASSES}
    figures: set[str] = set()
    if not closing_known(counts):
        figures |= {"cleared", "cleared_rate", "settled", "settled_rate", *shares, *FLOW_LABELS}
    if not counts["satisfaction"]:
        figures |= {"settled", "settled_rate"}
    if not counts["reply"]:
        figures |= {"public", "public_rate"}
    return figures if counts["handling_hours"] else figures | shares


def _columns(query: Query) -> tuple[Field, ...]:
    return (
        Field("unit", LEVELS[query.by] if query.by else "月份"),
        *(() if query.by else (Field("position", "第几月", "integer", machine=True, comparable=False),)),
        Field("carried_in", "上期结转", "integer", "件"),
        Field("opened", "建账", "integer", "件", decides=True),
        Field("cleared", "销账", "integer", "件", decides=True),
        *(field for field in carry_over_fields() if field.name not in ("carried_in", "closed")),
        Field("public", "晒账", "integer", "件"),
        Field("settled", "满意结账", "integer", "件"),
        *rate_fields("cleared_rate", "销账率", decides=True),
        *rate_fields("public_rate", "晒账率"),
        *rate_fields("settled_rate", "满意结账率", decides=True),
        *(item for name, label in _CLASSES for item in rate_fields(f"{name}_share", f"{label}占比")),
        Field("opened_last_year", "去年同期建账", "integer", "件", comparable=False),
        Field("opened_change", "建账同比", "rate", comparable=False, change_rate_of="opened"),
    )


def _same_days_last_year(database: Database, query: Query) -> tuple[Period | None, date | None]:
    """Return the days of the year before that answer those of the period, and the last of these where it is
    cut: where the data end early. None where there is no period, or nothing of it.
    """
    whole = extent(database, query)
    if query.period is None or whole is None:
        return None, None
    now, before = known_part(query.period, whole[1]), query.period.last_year()
    return (before, None) if now is query.period else (same_days(now, query.period, before), now.last)


def _last_year(database: Database, query: Query, found: Rows, same: Period | None) -> dict[Any, int]:
    """Return unit → orders a year before; empty when the store does not reach back so far.

    A month of which the data end early has none: it is compared where it is the period asked for.
    """
    known = received_days(database)
    if known is None or (query.period is None and query.by is not None):
        return {}
    if query.period is not None:
        earlier = same
        if earlier is None or known[0] > earlier.start:
            return {}
        unit = query.by or "CAST(date_trunc('month', received_at) AS DATE)"
        orders = scope(query, earlier, columns=(query.by,))
        rows = database.query(
            f"SELECT {unit} AS unit, count(*) AS opened FROM ({orders}) AS o"
            f" WHERE NOT {any_sql(profile_of(query).exclude)} GROUP BY 1"
        ).to_pylist()
    else:
        rows = found
    if query.by is not None:
        return {row["unit"]: row["opened"] for row in rows}
    dated = [row for row in rows if row["unit"] is not None]
    last = known[1] + _DAY  # the months before that of the last day, and its own when it is whole
    whole = [
        row
        for row in dated
        if query.period is not None
        or (row["unit"] >= known[0] and _year_later(row["unit"]) < last.replace(day=1))
    ]
    return {_year_later(row["unit"]): row["opened"] for row in whole}


def _year_later(month: date) -> date:
    return month.replace(year=month.year + 1)


def _row(row: dict[str, Any], before: Mapping[Any, int], query: Query, least: int) -> dict[str, Cell]:
    unit = row["unit"]
    base = before.get(unit)
    shown = f"{unit:%Y-%m}" if query.by is None and unit is not None else unit or UNFILLED
    change = (row["opened"] - base) / base if base and base >= least else None
    return {"unit": shown, **_figures(row), "opened_last_year": base, "opened_change": change}


def _figures(row: dict[str, Any]) -> dict[str, Cell]:
    classed = row["instant"] + row["timed"] + row["joint"]
    shown = ("opened", "cleared", "public", "settled", *FLOW_LABELS)
    figures: dict[str, Cell] = {name: row[name] for name in shown}
    figures |= rate_cells("cleared_rate", row["cleared_of"], row["cleared_base"])
    figures |= rate_cells("public_rate", row["public_of"], row["public_base"])
    figures |= rate_cells("settled_rate", row["settled"], row["rated"])
    for name, _ in _CLASSES:
        figures |= rate_cells(f"{name}_share", row[name], classed)
    return figures


def _totals(found: Rows, query: Query) -> dict[str, Cell]:
    """Return the sums; of months, what was carried into the first and is open at the end of the last."""
    total = {name: sum(row[name] for row in found) for name in (*_SUMMED, "open_at_end", "overdue_at_end")}
    if query.by is None and query.basis == "event":
        months = [row for row in found if row["unit"] is not None]
        ends = [row for row in found if row["unit"] is None] + months[-1:]
        total["carried_in"] = months[0]["carried_in"] if months else 0
        total |= {name: sum_of(ends, name) for name in ("open_at_end", "overdue_at_end")}
    return {**_figures(total), "orders": total["opened"]}


def _explained(rules: LedgerRules, counts: dict[str, int]) -> Note:
    told = counts["co_departments"] or not counts["handling_hours"]
    joint = "" if told else "数据中没有协办单位，协调商办记为 0。"
    return Note(
        NoteKind.DEFINITION,
        f"销账=已办结，晒账=有答复；销账率、晒账率只看本期建账的工单，“销账”“晒账”件数还含上期结转的；"
        f"满意结账率=满意结账÷已评价；能办即办=无协办且 {rules.instant_hours:g} "
        f"小时内办结，限时结办=更久，协调商办=有协办单位，占比的分母是可判断的已办结工单。{joint}",
    )


REPORT = Report(
    name="ledger",
    title="社区工作日台账",
    summary="建账、销账、晒账、满意结账与处置方式，附同比",
    compute=compute,
    sql=sql,
    touches=("satisfaction", "status", "request_type"),
    keys=("position|unit",),
    series=lambda query: {"unit": level_of(query, "community")} if query.by else {},
    options=("by", "rules", "profile", "as_of", "basis"),
    figures=shared(*FLOW_LABELS, orders="assessed"),
)
