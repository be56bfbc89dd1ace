"""``report levels`` (Penglai): the four levels 区 – 镇街 – 村居 – 网格 rolled up.

小事不出网格: at which level were orders settled? And targets against actual: event flow, disputes.
"""

from collections import Counter
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
    told,
)
from hotline_tools.reports.coverage import Needs, Uncovered, coverage_notes, covered_sql, uncovered_sources
from hotline_tools.reports.figures import shared
from hotline_tools.reports.kpi.basis import active_scope, basis_note
from hotline_tools.reports.kpi.facts import FACTS
from hotline_tools.reports.kpi.patterns import column_sql
from hotline_tools.reports.kpi.shared_rates import rated_orders
from hotline_tools.reports.query import LABEL_LEVELS, LEVELS, Database, Query
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.reports.rules import LevelRules, rules_for
from hotline_tools.table import Cell, Field, Note, NoteKind, ReportTable

_LEVELS = ("district", "street", "community", "grid")
_STATES, _SENT = FACTS["closed"].needs[0], ("dispatched_at", "department")
_NEEDS: dict[str, Needs] = {"flow": [(*_SENT, *_STATES)], "disputes": [_STATES]}
"""What a source must fill for a rate of all its orders, or of all its disputes."""
_NAMED = 5
"""So many names are given in a note."""
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
    places = {
        "which": _by_level({level: repr(level) for level in asked}),
        "unit": _by_level({level: level for level in asked}),
        "parent": _by_level({level: _nearest(_above(level)) for level in asked}),
        "above": _by_level({level: _nearest(_above(level)[-1:]) for level in asked}),
        "path": _by_level({level: _path(level) for level in asked}),
        "orders": rated_orders("active", query, (), facts=("dispatched", "unresolved")),
        **{f"covers_{name}": covered_sql(uncovered.get(name, ())) for name in _NEEDS},
        "settled": f"CASE {arms} END",
        "disputed": " OR ".join(column_sql(name, disputes) for name in LABEL_LEVELS),
        "original": column_sql("original_category", disputes),
        "levels": ", ".join(_LEVELS),
        "sets": ", ".join(f"({', '.join((*_above(level), level))})" for level in asked),
    }
    return sql_text("levels", **places)


def _above(level: str) -> tuple[str, ...]:
    """Return the levels above one, the widest first: a unit is the same where all of them are."""
    return _LEVELS[: _LEVELS.index(level)]


def _path(level: str) -> str:
    """Return the names from the district down; a level that is not filled stays empty between its slashes."""
    names = [f"coalesce({name}, '')" for name in _above(level)]
    return f"concat_ws('/', {', '.join((*names, level))})"


def _nearest(levels: tuple[str, ...]) -> str:
    return f"coalesce({', '.join((*reversed(levels), 'CAST(NULL AS VARCHAR)'))})"


def _by_level(values: dict[str, str]) -> str:
    """Return the value of the level a row is grouped by, its lowest."""
    arms = " ".join(f"WHEN grouping({level}) = 0 THEN {values[level]}" for level in reversed(values))
    return f"CASE {arms} END"


def _asked(query: Query) -> tuple[str, ...]:
    return (level_of(query, "street", _LEVELS),) if query.by else _LEVELS


def compute(database: Database, query: Query) -> ReportTable:
    """Return a row for each unit of each level, district first; ``by`` picks one level."""
    database.define("active", active_scope(query, columns=()))
    rules = rules_for(LevelRules, query.rules)
    asked = _asked(query)
    uncovered = uncovered_sources(database, _NEEDS)
    everything: list[dict[str, Any]] = database.query(_statement(query, uncovered)).to_pylist()
    found = [row for row in told(everything, "orders", "closed") if row["unit"] is not None]
    counts = _counts(asked, everything)
    unknown = _unknown(counts)
    by_level = [
        [_row(level, row, rules, unknown) for row in found if row["level"] == level] for level in asked
    ]
    rows = [row for of_level in by_level for row in of_level]
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
        rows=[row for of_level in by_level for row in of_level[: query.top]],
        totals={
            "orders": counts[""],
            "closed": _closed(asked, everything) if closing_known(counts) else None,
            "units": len(rows),
            "missed": sum(bool(r["missed"]) for r in rows),
        },
        notes=[
            *empty_notes(counts[""]),
            *lacking,
            basis_note(query),
            *_notes(rules, rows),
            *_coverage_notes(uncovered, asked, everything),
            *_place_notes(found),
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


def _place_notes(found: list[dict[str, Any]]) -> list[Note]:
    """Say which names stand for several units, and how many orders name a unit without the one above it."""
    names = Counter((row["level"], row["unit"]) for row in found)
    several = [f"{unit}（{LEVELS[level]}）" for (level, unit), number in names.items() if number > 1]
    shown = "、".join(several[:_NAMED]) + ("等" if len(several) > _NAMED else "")
    text = f"同名而上级不同（或没有上级）的按不同单位分列：{shown}，共 {len(several):,} 个名称。"
    notes = [Note(NoteKind.SHOWN, text)] if several else []
    for parent, level in pairwise(_LEVELS):
        there = {row["level"] for row in found}
        orphans = sum_of([row for row in found if row["level"] == level and row["above"] is None], "orders")
        if orphans and parent in there:
            text = f"{orphans:,} 件写了{LEVELS[level]}、没有写{LEVELS[parent]}，不计入任何{LEVELS[parent]}。"
            notes.append(Note(NoteKind.QUALITY, text))
    return notes


def _unknown(counts: Mapping[str, int]) -> set[str]:
    """Return the figures that the export says nothing of."""
    settled = {*(f"settled_{name}" for name in (*_LEVELS, "unknown")), "grid_rate", "community_rate"}
    if not closing_known(counts):
        sent = any(counts[name] for name in _SENT)
        return settled | {"dispute_rate"} | (set() if sent else {"flow_rate"})
    return settled if counts[""] and not counts["handling_level"] else set()


def _closed(asked: tuple[str, ...], rows: list[dict[str, Any]]) -> int:
    """Return what was closed; the rows of each level hold all orders."""
    return sum_of([row for row in rows if row["level"] == asked[0]], "closed")


def _columns() -> tuple[Field, ...]:
    return (
        Field("level", "层级"),
        Field("unit", "单位"),
        Field("parent", "上级"),
        Field("path", "所在", machine=True),
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
        **{name: row[name] for name in ("unit", "parent", "path", "orders")},
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
    touches=("labels", "resolved", "status"),
    keys=("level", "path"),
    top_within="level",
    options=("by", "rules", "profile", "as_of", "basis"),
    figures=shared("closed", orders="received"),
)
