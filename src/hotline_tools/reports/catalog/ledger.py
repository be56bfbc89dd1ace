"""``report ledger`` (Xinhai, 社区工作日): 动态建账, 务实销账, 及时晒账, 满意结账, year on year.

Disposal classes (能办即办 / 限时结办 / 协调商办) follow from handling time and co-departments, by the
rules in ``defaults/ledger.toml``.
"""

from collections.abc import Mapping
from datetime import date
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
from hotline_tools.reports.coverage import Needs, Uncovered, coverage_notes, covered_sql, uncovered_sources
from hotline_tools.reports.covered_days import received_days
from hotline_tools.reports.kpi.facts import FACTS
from hotline_tools.reports.query import LEVELS, Database, Query, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.reports.rules import LedgerRules, rules_for
from hotline_tools.sql import literal
from hotline_tools.table import Cell, ChartHint, Field, Note, NoteKind, ReportTable

_MONTH = "CAST(date_trunc('month', received_at) AS DATE)"
_CLEARED = "(status = 'closed' OR closed_at IS NOT NULL)"
_CLASSES = (("instant", "能办即办"), ("timed", "限时结办"), ("joint", "协调商办"))
_LOOKED_AT = (
    "received_at", "satisfaction", "co_departments", "handling_hours", "status", "closed_at",
)  # fmt: skip
_SUMMED = (
    "opened",
    "cleared",
    "public",
    "settled",
    "rated",
    "instant",
    "timed",
    "joint",
    "cleared_base",
    "public_base",
)
_NEEDS: dict[str, Needs] = {"cleared": FACTS["closed"].needs, "public": [("reply",)]}
"""What a source must fill for a rate of all orders opened."""


def sql(query: Query) -> str:
    """Return the statement; run again over last year's orders for the year-on-year columns."""
    return _statement(query, "scope", {})


def _statement(query: Query, source: str, uncovered: Uncovered) -> str:
    rules = rules_for(LedgerRules, query.rules)
    places = {
        "unit": _MONTH if query.by is None else level_of(query, "community"),
        "cleared": _CLEARED,
        "satisfied": ", ".join(literal(code) for code in rules.closed_satisfaction),
        "instant": str(rules.instant_hours),
        "source": source,
        **{f"covers_{name}": covered_sql(uncovered.get(name, ())) for name in _NEEDS},
    }
    return sql_text("ledger", **places)


def compute(database: Database, query: Query) -> ReportTable:
    """Return one row a month, or one a unit of ``by``."""
    database.define("scope", scope(query, columns=(query.by,)))
    rules = rules_for(LedgerRules, query.rules)
    uncovered = uncovered_sources(database, _NEEDS)
    everything: list[dict[str, Any]] = database.query(_statement(query, "scope", uncovered)).to_pylist()
    counts = {name: sum_of(everything, f"with_{name}") for name in _LOOKED_AT}
    counts |= {"": sum_of(everything, "opened"), "reply": sum_of(everything, "public")}
    unknown = _unknown(counts)
    found = _dated(everything, query)
    before = _last_year(database, query, found)
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
        lacking.insert(0, lacking_note("销账、满意结账与处置方式", "closed_at", "status"))
    notes = [*empty_notes(counts[""]), *lacking, _explained(rules, counts)]
    left_out = {name: sum_of(found, "opened") - sum_of(found, f"{name}_base") for name in uncovered}
    notes += coverage_notes(uncovered, left_out, {"cleared": "销账率", "public": "晒账率"})
    if found and not before:
        notes.append(Note(NoteKind.MISSING, "库中没有完整的去年同期数据，同比从略。"))
    return ReportTable(
        report="ledger",
        title="社区工作日台账",
        period=period_label(query),
        filters=query.described(),
        columns=_columns(query),
        rows=rows[: query.top],
        totals=blank(_totals(found), unknown),
        notes=notes,
        chart=ChartHint("bars", label="unit", value="opened", share="settled_rate"),
        incomplete=bool(lacking),
    )


def _dated(rows: list[dict[str, Any]], query: Query) -> list[dict[str, Any]]:
    """Leave out what belongs to no month."""
    return [row for row in rows if row["unit"] is not None or query.by is not None]


def _unknown(counts: Mapping[str, int]) -> set[str]:
    """Return the figures that the export says nothing of."""
    if not counts[""]:
        return set()
    shares = {f"{name}_share" for name, _ in _CLASSES}
    figures: set[str] = set()
    if not closing_known(counts):
        figures |= {"cleared", "cleared_rate", "settled", "settled_rate", *shares}
    if not counts["satisfaction"]:
        figures |= {"settled", "settled_rate"}
    if not counts["reply"]:
        figures |= {"public", "public_rate"}
    return figures if counts["handling_hours"] else figures | shares


def _columns(query: Query) -> tuple[Field, ...]:
    return (
        Field("unit", LEVELS[query.by] if query.by else "月份"),
        *(() if query.by else (Field("position", "第几月", "integer", machine=True, comparable=False),)),
        Field("opened", "建账", "integer", "件"),
        Field("cleared", "销账", "integer", "件"),
        Field("public", "晒账", "integer", "件"),
        Field("settled", "满意结账", "integer", "件"),
        *rate_fields("cleared_rate", "销账率"),
        *rate_fields("public_rate", "晒账率"),
        *rate_fields("settled_rate", "满意结账率"),
        *(item for name, label in _CLASSES for item in rate_fields(f"{name}_share", f"{label}占比")),
        Field("opened_last_year", "去年同期建账", "integer", "件", comparable=False),
        Field("opened_change", "建账同比", "rate", comparable=False, change_rate_of="opened"),
    )


def _last_year(database: Database, query: Query, found: list[dict[str, Any]]) -> dict[Any, int]:
    """Return unit → orders a year before; empty when the store does not reach back so far."""
    days = received_days(database)
    if days is None or (query.period is None and query.by is not None):
        return {}
    if query.period is not None:
        earlier = query.period.last_year()
        if days[0] > earlier.start:
            return {}
        database.define("before", scope(query, earlier, columns=(query.by,)))
    rows = found
    if query.period is not None:
        rows = _dated(database.query(_statement(query, "before", {})).to_pylist(), query)
    if query.by is not None:
        return {row["unit"]: row["opened"] for row in rows}
    whole = [row for row in rows if query.period is not None or row["unit"] >= days[0]]
    return {_year_later(row["unit"]): row["opened"] for row in whole}


def _year_later(month: date) -> date:
    return month.replace(year=month.year + 1)


def _row(row: dict[str, Any], before: Mapping[Any, int], query: Query, least: int) -> dict[str, Cell]:
    unit = row["unit"]
    base = before.get(unit)
    shown = f"{unit:%Y-%m}" if query.by is None else unit or UNFILLED
    change = (row["opened"] - base) / base if base and base >= least else None
    return {"unit": shown, **_figures(row), "opened_last_year": base, "opened_change": change}


def _figures(row: dict[str, Any]) -> dict[str, Cell]:
    classed = row["instant"] + row["timed"] + row["joint"]
    figures: dict[str, Cell] = {name: row[name] for name in ("opened", "cleared", "public", "settled")}
    figures |= rate_cells("cleared_rate", row["cleared"], row["cleared_base"])
    figures |= rate_cells("public_rate", row["public"], row["public_base"])
    figures |= rate_cells("settled_rate", row["settled"], row["rated"])
    for name, _ in _CLASSES:
        figures |= rate_cells(f"{name}_share", row[name], classed)
    return figures


def _totals(found: list[dict[str, Any]]) -> dict[str, Cell]:
    return _figures({name: sum(row[name] for row in found) for name in _SUMMED})


def _explained(rules: LedgerRules, counts: dict[str, int]) -> Note:
    told = counts["co_departments"] or not counts["handling_hours"]
    joint = "" if told else "数据中没有协办单位，协调商办记为 0。"
    return Note(
        NoteKind.DEFINITION,
        f"销账=已办结，晒账=有答复，满意结账率=满意结账÷已评价；能办即办=无协办且 {rules.instant_hours} "
        f"小时内办结，限时结办=更久，协调商办=有协办单位，占比的分母是可判断的已办结工单。{joint}",
    )


REPORT = Report(
    name="ledger",
    title="社区工作日台账",
    summary="建账、销账、晒账、满意结账与处置方式，附同比",
    compute=compute,
    sql=sql,
    keys=("position|unit",),
    series=lambda query: {"unit": level_of(query, "community")} if query.by else {},
    options=("by", "rules"),
)
