"""``report reconcile``: facts that several reports state, and whether they state the same.

Each report of ``Report.figures`` is asked for the period and the filters, and its totals are held together.
A line is one fact and one value; a fact of two values is a fault of the toolkit, and the exit code is 3.
"""

from dataclasses import dataclass, field, replace

from hotline_tools.reports.common import empty_notes, period_label
from hotline_tools.reports.figures import COUNTS, RATES
from hotline_tools.reports.kpi.basis import basis_note
from hotline_tools.reports.kpi.profile import Profile
from hotline_tools.reports.kpi.statement import profile_of
from hotline_tools.reports.query import Database, Query
from hotline_tools.reports.registry import Report, reports
from hotline_tools.table import Cell, Counts, Field, Note, NoteKind, ReportTable


@dataclass
class _Stated:
    """One fact with one value; ``value`` is a rate's quotient, or the count itself."""

    fact: str
    value: float | int | None
    numerator: int | None
    denominator: int | None
    reports: list[str] = field(default_factory=list)


def sql(query: Query) -> str:
    """Return the statements of the reports that are asked."""
    asked = _reports(query)
    return ";\n\n".join(f"-- {report.name}\n{report.sql(_asked(report, query))}" for report in asked)


def compute(database: Database, query: Query) -> ReportTable:
    """Return one row a fact and value, with the reports that state it; facts that differ come first."""
    stated: dict[tuple[object, ...], _Stated] = {}
    for report in _reports(query):
        totals = report.compute(database, _asked(report, query)).totals
        for name, fact in report.figures.items():
            if name in totals:
                found = _statement(fact, name, totals)
                key = (fact, found.value, found.numerator, found.denominator)
                stated.setdefault(key, found).reports.append(report.name)
    values = [item.fact for item in stated.values()]
    differing = {fact for fact in values if values.count(fact) > 1}
    order = [*COUNTS, *RATES]
    rows = sorted(stated.values(), key=lambda s: (s.fact not in differing, order.index(s.fact), s.reports))
    return ReportTable(
        report="reconcile",
        title="报表互核",
        period=period_label(query),
        filters=query.described(),
        columns=_COLUMNS,
        rows=[_row(item, item.fact in differing, profile_of(query)) for item in rows],
        totals={"facts": len(set(values)), "differing": len(differing)},
        notes=[
            *empty_notes(int(sum(item.value or 0 for item in rows if item.fact == "received"))),
            basis_note(query),
            _note(len(set(values)), len(differing)),
        ],
        incomplete=bool(differing),
    )


_COLUMNS = (
    Field("fact", "指标"),
    Field("name", "名称", machine=True),
    Field("value", "数值", "number"),
    Field("rate", "率", "rate", counts=Counts("numerator", "denominator")),
    Field("numerator", "分子", "integer"),
    Field("denominator", "分母", "integer"),
    Field("differs", "各报表不一致", "boolean"),
    Field("reports", "报表", "list"),
)


def _reports(query: Query) -> list[Report]:
    """Return the reports that state shared figures; at a moment given by hand, those that take one."""
    able = [report for report in reports().values() if report.figures]
    return [report for report in able if query.as_of is None or "as_of" in report.options]


def _asked(report: Report, query: Query) -> Query:
    """Leave out what a report has no use for."""
    own = report.options
    return replace(
        query,
        top=None,
        compare=None,
        as_of=query.as_of if "as_of" in own else None,
        basis=query.basis if "basis" in own else "event",
        profile=query.profile if "profile" in own else None,
    )


def _statement(fact: str, name: str, totals: dict[str, Cell]) -> _Stated:
    value = totals[name]
    number = value if isinstance(value, int | float) else None
    if fact not in RATES:
        return _Stated(fact, number, None, None)
    counts = (totals.get(f"{name}_{end}") for end in ("numerator", "denominator"))
    numerator, denominator = (count if isinstance(count, int) else None for count in counts)
    return _Stated(fact, number, numerator, denominator)


def _row(item: _Stated, differs: bool, profile: Profile) -> dict[str, Cell]:
    labels = {rate.name: rate.label for rate in profile.rates}
    is_rate = item.fact in RATES
    return {
        "fact": COUNTS.get(item.fact) or labels.get(item.fact, item.fact),
        "name": item.fact,
        "value": None if is_rate else item.value,
        "rate": item.value if is_rate else None,
        "numerator": item.numerator,
        "denominator": item.denominator,
        "differs": differs,
        "reports": item.reports,
    }


def _note(facts: int, differing: int) -> Note:
    if differing:
        text = (
            f"{facts:,} 项指标中有 {differing:,} 项各报表不一致，列在最前；请把本表和所用版本报告给维护者。"
        )
        return Note(NoteKind.QUALITY, text)
    return Note(NoteKind.SHOWN, f"{facts:,} 项指标在列出的各报表中完全一致。")


REPORT = Report(
    name="reconcile",
    title="报表互核",
    summary="同一时间段、同一范围内，各报表都列出的指标是否一致",
    compute=compute,
    sql=sql,
    needs_labels=True,
    touches=("profile", "issues", "satisfaction", "resolved", "status", "request_type"),
    options=("profile", "as_of", "basis"),
    is_whole=lambda _: True,
)
