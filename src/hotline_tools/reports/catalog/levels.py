"""``report levels`` (Penglai): the four levels 区 – 镇街 – 村居 – 网格 rolled up.

小事不出网格: at which level were orders settled? And targets against actual: event flow, disputes.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from hotline_tools.reports.common import (
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
from hotline_tools.reports.kpi.facts import FACTS
from hotline_tools.reports.kpi.patterns import column_sql
from hotline_tools.reports.query import LABEL_LEVELS, LEVELS, Database, Query, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.reports.rules import LevelRules, rules_for
from hotline_tools.table import Cell, Field, Note, NoteKind, ReportTable

_LEVELS = ("district", "street", "community", "grid")
_CLOSED = "(status = 'closed' OR closed_at IS NOT NULL)"
_STATES, _SENT = FACTS["closed"].needs[0], ("dispatched_at", "department")
_NEEDS: dict[str, Needs] = {"flow": [(*_SENT, *_STATES)], "disputes": [_STATES]}
"""What a source must fill for a rate of all its orders, or of all its disputes."""
_TARGETS = (
    ("flow_rate", "flow_target", "事件流转率"),
    ("dispute_rate", "dispute_target", "纠纷化解率"),
    ("grid_rate", "grid_target", "网格处置率"),
)


def sql(query: Query) -> str:
    """Return the statement: all levels in one look at the orders."""
    return _statement(query, {})


def _statement(query: Query, uncovered: Uncovered) -> str:
    rules = rules_for(LevelRules, query.rules)
    asked = _asked(query)
    arms = " ".join(
        f"WHEN {column_sql('handling_level', getattr(rules, name))} THEN {name!r}"
        for name in reversed(_LEVELS)
    )
    disputes = rules.disputes
    above = {"district": "CAST(NULL AS VARCHAR)"} | {
        level: f"max(in_{parent})" for parent, level in pairwise(_LEVELS)
    }
    places = {
        "which": _by_level({level: repr(level) for level in asked}),
        "unit": _by_level({level: level for level in asked}),
        "parent": _by_level({level: above[level] for level in asked}),
        "closed": _CLOSED,
        **{f"covers_{name}": covered_sql(uncovered.get(name, ())) for name in _NEEDS},
        "settled": f"CASE {arms} END",
        "disputed": " OR ".join(column_sql(name, disputes) for name in LABEL_LEVELS),
        "original": column_sql("original_category", disputes),
        "levels": ", ".join(_LEVELS),
        "inner": ", ".join(f"{level} AS in_{level}" for level in _LEVELS),
        "sets": ", ".join(f"({level})" for level in asked),
    }
    return sql_text("levels", **places)


def _by_level(values: dict[str, str]) -> str:
    arms = " ".join(f"WHEN grouping({level}) = 0 THEN {value}" for level, value in values.items())
    return f"CASE {arms} END"


def _asked(query: Query) -> tuple[str, ...]:
    return (level_of(query, "street", _LEVELS),) if query.by else _LEVELS


def compute(database: Database, query: Query) -> ReportTable:
    """Return a row for each unit of each level, district first; ``by`` picks one level."""
    database.define("scope", scope(query, columns=()))
    rules = rules_for(LevelRules, query.rules)
    asked = _asked(query)
    uncovered = uncovered_sources(database, _NEEDS)
    everything: list[dict[str, Any]] = database.query(_statement(query, uncovered)).to_pylist()
    found = [row for row in everything if row["unit"] is not None]
    counts = _counts(asked, everything)
    unknown = _unknown(counts)
    rows = [
        _row(level, row, rules, unknown)
        for level in asked
        for row in [row for row in found if row["level"] == level][: query.top]
    ]
    lacking = missing_notes(
        counts,
        {"handling_level": "在哪一级办结", **{level: f"{LEVELS[level]}一级的汇总" for level in asked}},
    )
    if not closing_known(counts):
        lacking.insert(0, lacking_note("各级办结、处置率与纠纷化解率", *_STATES))
        if "flow_rate" in unknown:
            lacking.insert(1, lacking_note("事件流转率", *_SENT, *_STATES))
    return ReportTable(
        report="levels",
        title="四级网格处置汇总",
        period=period_label(query),
        filters=query.described(),
        columns=_columns(),
        rows=rows,
        totals={"orders": counts[""], "units": len(rows), "missed": sum(bool(r["missed"]) for r in rows)},
        notes=[
            *empty_notes(counts[""]),
            *lacking,
            *_notes(rules, rows),
            *_coverage_notes(uncovered, asked, everything),
        ],
        incomplete=bool(lacking),
    )


def _counts(asked: tuple[str, ...], rows: list[dict[str, Any]]) -> dict[str, int]:
    """Return what ``filled`` would; the rows of each level hold all orders, those of no unit as a row."""
    whole = [row for row in rows if row["level"] == asked[0]]
    named = [row for row in rows if row["unit"] is not None]
    return {
        "": sum_of(whole, "orders"),
        **{level: sum_of([row for row in named if row["level"] == level], "orders") for level in asked},
        **{name: sum_of(whole, f"with_{name}") for name in ("handling_level", *_STATES, *_SENT)},
    }


def _coverage_notes(uncovered: Uncovered, asked: tuple[str, ...], rows: list[dict[str, Any]]) -> list[Note]:
    whole = [row for row in rows if row["level"] == asked[0]]
    of_all = {"flow": "orders", "disputes": "disputes"}
    left_out = {name: sum_of(whole, of_all[name]) - sum_of(whole, f"{name}_base") for name in uncovered}
    return coverage_notes(uncovered, left_out, {"flow": "事件流转率", "disputes": "纠纷化解率"})


def _unknown(counts: Mapping[str, int]) -> set[str]:
    """Return the figures that the export says nothing of."""
    settled = {*(f"settled_{name}" for name in (*_LEVELS, "unknown")), "grid_rate", "community_rate"}
    if not closing_known(counts):
        sent = any(counts[name] for name in _SENT)
        return settled | {"dispute_rate"} | (set() if sent else {"flow_rate"})
    return settled if counts[""] and not counts["handling_level"] else set()


def _columns() -> tuple[Field, ...]:
    return (
        Field("level", "层级"),
        Field("unit", "单位"),
        Field("parent", "上级"),
        Field("orders", "工单数", "integer", "件", decides=True),
        Field("settled_grid", "网格办结", "integer", "件"),
        Field("settled_community", "村居办结", "integer", "件"),
        Field("settled_street", "镇街办结", "integer", "件"),
        Field("settled_district", "区级办结", "integer", "件"),
        Field("settled_unknown", "层级不明", "integer", "件"),
        *rate_fields("grid_rate", "网格处置率"),
        *rate_fields("community_rate", "村居及以下处置率"),
        *rate_fields("flow_rate", "事件流转率"),
        *rate_fields("dispute_rate", "纠纷化解率"),
        Field("missed", "未达目标", "list", decides=True),
    )


def _row(level: str, row: dict[str, Any], rules: LevelRules, unknown: set[str]) -> dict[str, Cell]:
    settled = {name: row[f"settled_{name}"] for name in reversed(_LEVELS)}
    known = sum(settled.values())
    cells: dict[str, Cell] = {
        "level": LEVELS[level],
        **{name: row[name] for name in ("unit", "parent", "orders")},
        **{f"settled_{name}": number for name, number in settled.items()},
        "settled_unknown": row["closed"] - known,
        **rate_cells("grid_rate", settled["grid"], known),
        **rate_cells("community_rate", settled["grid"] + settled["community"], known),
        **rate_cells("flow_rate", row["flowed"], row["flow_base"]),
        **rate_cells("dispute_rate", row["disputes_settled"], row["disputes_base"]),
    }
    cells = blank(cells, unknown)
    cells["missed"] = [
        f"{label} {float(str(cells[rate])):.1%} < {getattr(rules, target):.0%}"
        for rate, target, label in _TARGETS
        if cells[rate] is not None and float(str(cells[rate])) < getattr(rules, target)
    ]
    return cells


def _notes(rules: LevelRules, rows: list[dict[str, Cell]]) -> list[Note]:
    targets = "，".join(
        f"{label} {getattr(rules, target):.0%}" for _, target, label in _TARGETS if getattr(rules, target)
    )
    top = rows[0]["level"] if rows else None
    unknown = sum(int(str(row["settled_unknown"] or 0)) for row in rows if row["level"] == top)
    left_out = f"{unknown:,} 件已办结，但处置层级没有填写或无法辨认，不在处置率的分母里。"
    return [
        *([Note(NoteKind.EXCLUDED, left_out)] if unknown else []),
        Note(
            NoteKind.DEFINITION,
            "处置率的分母是已办结且层级可辨的工单；事件流转率 = 已派单、已有承办单位或已办结 ÷ 受理；"
            "纠纷化解率 = 已办结且回访未说“未解决”的 ÷ 矛盾纠纷类工单。",
        ),
        Note(NoteKind.DEFINITION, f"目标：{targets}。"),
    ]


REPORT = Report(
    name="levels",
    title="四级网格处置汇总",
    summary="区、镇街、村居、网格逐级汇总，在哪一级办结，目标与实际",
    compute=compute,
    sql=sql,
    keys=("level", "unit"),
    options=("by", "rules"),
)
