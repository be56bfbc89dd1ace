"""``report loop`` (Yanzhou): 接 – 转 – 办 – 访 – 督 – 考 as one table.

Each step says how many orders reached it, how many wait before it, its rate with both counts, and
the hours spent getting there: so one sees where orders wait.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hotline_tools.reports.common import (
    closing_known,
    empty_notes,
    filled_sql,
    lacking_note,
    period_label,
    rate_cells,
    rate_fields,
)
from hotline_tools.reports.coverage import (
    Needs,
    Uncovered,
    coverage_notes,
    covered_needs,
    covered_sql,
    uncovered_sources,
)
from hotline_tools.reports.figures import shared
from hotline_tools.reports.kpi.basis import basis_note, within_sql
from hotline_tools.reports.kpi.carry_over import carry_over_marks, nothing_before
from hotline_tools.reports.kpi.durations import hours, seconds_sql
from hotline_tools.reports.kpi.facts import ANSWER_FACTS, CODED, FACTS
from hotline_tools.reports.kpi.profile import Profile
from hotline_tools.reports.kpi.shared_rates import shared_rate
from hotline_tools.reports.kpi.statement import (
    admitted_sql,
    define_views,
    events_told,
    facts_ctes,
    in_event,
    profile_of,
    rate_conditions,
    source_of,
    with_facts,
)
from hotline_tools.reports.query import Database, Query
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.reports.rules import SuperviseRules, rules_for
from hotline_tools.sql import literal
from hotline_tools.table import Cell, Field, Note, NoteKind, ReportTable

_FACTS = (
    "dispatched", "returned", "closed", "due", "closed_on_time", "revisited", "rated", "satisfied",
)  # fmt: skip


@dataclass(frozen=True)
class _Step:
    """A row: names are columns of loop.sql; ``needs`` are columns of which the export must have one."""

    stage: str
    step: str
    orders: str
    rate: str = ""
    denominator: str = ""
    waiting: str = ""
    hours: str = ""
    needs: tuple[str, ...] = ()
    shared: str = ""
    """The profile's rate that the step's rate is."""


def _needs(fact: str) -> tuple[str, ...]:
    """Return the columns that a fact needs, of which the export must have one."""
    return FACTS[fact].needs[-1]


_STEPS = (
    _Step("接", "上期结转", "carried_in", needs=_needs("closed")),
    _Step("接", "受理", "received"),
    _Step("转", "派单", "dispatched", "派单率（÷受理）", "received", "dispatch_waiting", "dispatch",
          ("dispatched_at", "department")),
    _Step("转", "签收", "signed", "签收率（÷派单）", "dispatched", "sign_waiting", "sign", ("signed_at",)),
    _Step("转", "退回", "returned", "退回率（÷派单）", needs=_needs("returned"), shared="returned_rate"),
    _Step("办", "办结", "closed", "办结率（÷受理）", "received", "close_waiting", "close",
          _needs("closed")),
    _Step("办", "超时办结", "closed_late", needs=("closed_at",)),
    _Step("办", "未办结（结转下期）", "open_at_end", needs=_needs("closed")),
    _Step("办", "按时办结", "closed_on_time", "按时办结率（÷应办结）", waiting="due_waiting",
          needs=("closed_at",), shared="on_time_rate"),
    _Step("访", "回访", "revisited", "回访率（÷办结）", waiting="revisit_waiting", hours="revisit",
          needs=_needs("revisited"), shared="revisited_rate"),
    _Step("督", "转督办（基本满意、不满意）", "supervised", "转督办率（÷已评价）", "rated",
          "supervise_waiting", needs=_needs("rated")),
    _Step("考", "满意", "satisfied", "满意销号率（÷已评价）", "rated", needs=_needs("rated")),
    _Step("考", "解决", "resolved", "解决率（÷回访已答）", needs=_needs("resolved"), shared="resolved_rate"),
)  # fmt: skip
_TIMED = {
    "dispatch": ("received_at", "dispatched_at"),
    "sign": ("dispatched_at", "signed_at"),
    "close": ("received_at", "closed_at"),
    "revisit": ("closed_at", "revisited_at"),
}
_HOUR = 3600
_ASKED = tuple(dict.fromkeys(name for step in _STEPS for name in step.needs))
_BASED = ("dispatched", "signed", "closed")
"""The steps whose denominator holds orders that a source may say nothing of; so do the shared rates."""
_SHARED = {step.orders: step.shared for step in _STEPS if step.shared}
_EVENTS = ("received", "dispatched", "signed", "due", "closed", "answered")
_TIMES = ("hours_median", "hours_mean", "hours_p90", "timed")
_CARRIED = ("carried_in", "closed", "closed_late", "withdrawn", "open_at_end", "overdue_at_end")


def sql(query: Query) -> str:
    """Return the statement, one row wide; its columns become the steps afterwards (Python)."""
    return _statement(query, {})


def _statement(query: Query, uncovered: Uncovered) -> str:
    supervised = rules_for(SuperviseRules, query.rules).supervised_satisfaction
    rates = {step: shared_rate(name, profile_of(query)) for step, name in _SHARED.items()}
    facts = tuple(dict.fromkeys((*_FACTS, *(fact for rate in rates.values() for fact in rate.facts))))
    own = tuple(name for name in facts if name not in ANSWER_FACTS)
    marks = (f"is_{name}" for name in own)
    covers = (f"{covered_sql(uncovered.get(name, ()))} AS covers_{name}" for name in (*_BASED, *_SHARED))
    fillings = (f"{name} IS NOT NULL AS is_filled_{name}" for name in _ASKED if name not in CODED)
    filled = {
        name: filled_sql(name) + " IS NOT NULL" if name in CODED else f"is_filled_{name}" for name in _ASKED
    }
    places = {
        "facts": facts_ctes(query, own, flags=()),
        "satisfaction": ", ".join(literal(code) for code in supervised),
        "answers": with_facts((name for name in facts if name in ANSWER_FACTS), profile_of(query)),
        "keys": _lines((*marks, *events_told(query), *covers, *fillings)),
        "carry_over": carry_over_marks(query, uncovered.get("closed", ())),
        **{f"in_{event}": in_event(event, query) for event in _EVENTS},
        **{
            f"{step}_then": within_sql(f"{step}_at", query)
            for step in ("dispatched", "signed", "closed", "revisited")
        },
        "flags": _lines(f"coalesce(bool_or({sign}), FALSE) AS has_{name}" for name, sign in filled.items()),
        "rates": _lines(_rate(step, *rate_conditions(rate, query)) for step, rate in rates.items()),
        "durations": _lines(_statistics(name) for name in _TIMED),
        **{name: seconds_sql(*moments) for name, moments in _TIMED.items()},
        "source": source_of(query),
        "admitted": admitted_sql(query),
    }
    return sql_text("loop", **places)


def _rate(step: str, numerator: str, denominator: str) -> str:
    """Count a shared rate: its numerator and denominator, and the denominator of all sources."""
    inside = f"{denominator} AND covers_{step}"
    counts = {"of": f"{inside} AND {numerator}", "base": inside, "all": denominator}
    return _lines(f"sum(orders) FILTER (WHERE {sql}) AS {step}_{name}" for name, sql in counts.items())


def _lines(parts: Iterable[str]) -> str:
    return ",\n        ".join(parts)


def _statistics(name: str) -> str:
    seconds = f"{name}_seconds"
    return (
        f"count({seconds}) AS {name}_timed, avg({seconds}) AS {name}_mean,\n        "
        f"percentile_cont([0.5, 0.9]) WITHIN GROUP (ORDER BY {seconds}) AS {name}_quantiles"
    )


def _counted(database: Database, query: Query, uncovered: Uncovered) -> dict[str, Any]:
    """Return the row of the statement: counts, has_COLUMN, and times in hours."""
    found: dict[str, Any] = database.query(_statement(query, uncovered)).to_pylist()[0]
    times: dict[str, float | None] = {}
    for name in _TIMED:
        median, p90 = found.pop(f"{name}_quantiles") or (None, None)
        for key, value in (("median", median), ("p90", p90), ("mean", found.pop(f"{name}_mean"))):
            times[f"{name}_{key}"] = None if value is None else hours(round(value, 3) / _HOUR)
    return {name: int(value or 0) for name, value in found.items()} | times


_EXPLAINED = (
    "各比率只看分母里的工单（办结率：本期受理的到截至时刻办结的），“到达”还含上期结转的，两者不能直接相除。"
    "“等待”是尚未到达该步骤的未办结工单（访：已办结未回访；督：转督办后未重办，重办没有时间，"
    "按导出时的次数）；用时从上一步算起（办结从受理算起，与考核表（departments）的"
    "办理时长相同），负值与截至时刻之后的剔除。"
)


def compute(database: Database, query: Query) -> ReportTable:
    """Return one row a step; a step that the export knows nothing of has no figures and a note."""
    define_views(database, query)
    uncovered = uncovered_sources(database, _all_needs(profile_of(query)))
    row = _counted(database, query, uncovered)
    active = row["received"] + row["carried_in"] + row["closed"] + row["due"] + row["excluded"]
    counts = {name: row[f"has_{name}"] for name in _ASKED} | {"": active}
    known = {step.step: not step.needs or any(counts[name] for name in step.needs) for step in _STEPS}
    lacking = [
        lacking_note(f"“{step.stage}·{step.step}”", *step.needs)
        for step in _STEPS
        if counts[""] and not known[step.step]
    ]
    if not closing_known(counts):
        # Whoever cannot tell what is closed cannot tell what is open, or waits.
        row |= dict.fromkeys((*(step.waiting for step in _STEPS if step.waiting), *_CARRIED))
    rows = [_cells(step, row) for step in _STEPS if known[step.step]] if counts[""] else []
    return ReportTable(
        report="loop",
        title="接转办访督考闭环",
        period=period_label(query),
        filters=query.described(),
        columns=(
            Field("stage", "环节"),
            Field("step", "步骤"),
            Field("orders", "到达", "integer", "件", decides=True),
            Field("waiting", "等待", "integer", "件", decides=True),
            Field("rate_label", "比率名称", decides=True),
            *rate_fields("rate", "比率", decides=True),
            Field("hours_median", "用时中位", "number", "小时", decides=True),
            Field("hours_mean", "用时平均", "number", "小时"),
            Field("hours_p90", "用时P90", "number", "小时"),
            Field("timed", "有用时的工单", "integer", "件", comparable=False),
        ),
        rows=rows,
        totals=_totals(row, rows),
        notes=[
            *empty_notes(counts[""]),
            *lacking,
            basis_note(query),
            Note(NoteKind.DEFINITION, _EXPLAINED),
            *_coverage_notes(uncovered, row),
            *(nothing_before(database, query) if row["carried_in"] is not None else ()),
            Note(
                NoteKind.DEFINITION,
                "按兖州做法，回访基本满意与不满意转督办，满意销号；"
                "满意销号率只计“满意”，满意率还计“基本满意”。",
            ),
        ],
        incomplete=bool(lacking),
    )


def _all_needs(profile: Profile) -> dict[str, Needs]:
    """Return the columns that each step with a rate needs of a source."""
    needs: dict[str, Needs] = {step.orders: [step.needs] for step in _STEPS if step.orders in _BASED}
    for step, name in _SHARED.items():
        rate = shared_rate(name, profile)
        needs[step] = covered_needs([rate], profile)[rate.name]
    return needs


def _coverage_notes(uncovered: Uncovered, row: dict[str, Any]) -> list[Note]:
    based = [step for step in _STEPS if step.orders in uncovered]
    left_out = {
        step.orders: _number(row[f"{step.orders}_all" if step.shared else step.denominator])
        - row[f"{step.orders}_base"]
        for step in based
    }
    return coverage_notes(uncovered, left_out, {step.orders: step.rate.split("（")[0] for step in based})


def _number(value: int | None) -> int:
    return value or 0


def _cells(step: _Step, row: dict[str, Any]) -> dict[str, Cell]:
    times = ("median", "mean", "p90")
    timed = row[f"{step.hours}_timed"] if step.hours else None
    return {
        "stage": step.stage,
        "step": step.step,
        "orders": _reached(step, row),
        "waiting": row[step.waiting] if step.waiting else None,
        "rate_label": step.rate or None,
        **rate_cells("rate", _inside(step, row), _base(step, row)),
        **{f"hours_{name}": row[f"{step.hours}_{name}"] if step.hours else None for name in times},
        "timed": timed,
    }


def _reached(step: _Step, row: dict[str, Any]) -> int | None:
    """Return how many orders reached a step: its own count, else the numerator of its shared rate."""
    reached: int | None = row[step.orders] if step.orders in row else row[f"{step.orders}_of"]
    return reached


def _inside(step: _Step, row: dict[str, Any]) -> int | None:
    """Return a rate's numerator: what reached the step of the orders in its denominator."""
    if not step.rate or _reached(step, row) is None:
        return None
    return int(row[f"{step.orders}_of" if step.shared or step.orders in _BASED else step.orders])


def _base(step: _Step, row: dict[str, Any]) -> int | None:
    """Return a rate's denominator, without the orders of sources that cannot show the step."""
    if not step.rate or (step.denominator and row[step.denominator] is None):
        return None
    return int(row[f"{step.orders}_base" if step.shared or step.orders in _BASED else step.denominator])


def _totals(row: dict[str, Any], rows: list[dict[str, Cell]]) -> dict[str, Cell]:
    """Return the counts that are carried over, the shared rates, and the time to closing."""
    by_step = {str(cells["step"]): cells for cells in rows}
    totals: dict[str, Cell] = {"orders": row["received"], "waiting": row["close_waiting"]}
    totals |= {name: row[name] for name in _CARRIED}
    for step in _STEPS:
        if step.shared and step.step in by_step:
            cells = by_step[step.step]
            named = {f"{step.shared}{end}": cells[f"rate{end}"] for end in ("", "_numerator", "_denominator")}
            totals |= named
    if "办结" in by_step:
        totals |= {name: by_step["办结"][name] for name in _TIMES}
    return totals


REPORT = Report(
    name="loop",
    title="接转办访督考闭环",
    summary="六个环节的件数、比率、用时与滞留",
    compute=compute,
    sql=sql,
    touches=("satisfaction", "resolved", "status", "request_type"),
    keys=("stage", "step"),
    is_whole=lambda _: True,
    options=("rules", "profile", "as_of", "basis"),
    figures=shared(*_CARRIED, *_SHARED.values(), *_TIMES, orders="assessed"),
)
