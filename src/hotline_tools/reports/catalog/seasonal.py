"""``report seasonal`` (季节性诉求): what rose in earlier years in the ISO weeks that come next.

The six weeks to come are held, year by year, against the six before them. Rises that may be chance are left
out: a quasi-Poisson test (``statistics.counts_p``) with the dispersion of weeks within each six
(``dispersion``), adjusted for the number of items. One earlier year cannot tell a season from an event of
that year, and the notes say so.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from hotline_tools.reports.common import empty_notes, filled, level_of, missing_notes, period_label
from hotline_tools.reports.covered_days import received_days
from hotline_tools.reports.dispersion import PRIOR_DEGREES, drawn, family_dispersion, pearson
from hotline_tools.reports.period import Period
from hotline_tools.reports.query import LEVELS, Database, Query, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.reports.statistics import ALPHA, adjusted, counts_p
from hotline_tools.table import RANK, ChartHint, Field, Note, NoteKind, ReportTable

WEEKS = 6
_WEEK = timedelta(days=7)
_LEAST_YEARS = 2
_PRIOR = 0.5
Weeks = dict[date, int]
"""Monday → orders."""


@dataclass(frozen=True)
class _Year:
    """An earlier year: the Mondays of its weeks before, and of those like the weeks to come."""

    year: int
    before: list[date]
    ahead: list[date]


def sql(query: Query) -> str:
    """Return the statement of weekly counts; it runs over all orders up to the period's end."""
    return sql_text("seasonal", level=level_of(query, "subcategory"))


def compute(database: Database, query: Query) -> ReportTable:
    """Return one row an item that rose, the largest rise first.

    The weeks to come begin with the first that is not over at the end of the period or of the data.
    """
    level = level_of(query, "subcategory")
    until = Period(date.min, query.period.end, query.period.text) if query.period else None
    database.define("scope", scope(replace(query, period=until), columns=(level,)))
    counts, days = filled(database, (level, "received_at")), received_days(database)
    lacking = missing_notes(counts, {level: "季节性诉求", "received_at": "季节性诉求"})
    items: defaultdict[str, Weeks] = defaultdict(dict)
    for row in database.query(sql(query)).to_pylist():
        items[row["item"]][row["week"]] = row["orders"]
    start = _first_week(days[1], query.period) if days else None
    years = _years(start, days[0], items) if start and days else []
    rows = _rows(items, start, years) if start else []
    few = bool(counts[""]) and not lacking and not years
    return ReportTable(
        report="seasonal",
        title=f"未来 {WEEKS} 周的季节性诉求（按{LEVELS[level]}）",
        period=Period(start, start + WEEKS * _WEEK, "").label if start else period_label(query),
        filters=query.described(),
        columns=_columns(level),
        rows=[{"rank": rank, **row} for rank, row in enumerate(rows[: query.top], 1)],
        totals={"items": len(rows), "years": len(years)},
        notes=[*empty_notes(counts[""]), *lacking, *([] if lacking else _notes(years, rows))],
        chart=ChartHint("bars", label="item", value="rise"),
        incomplete=bool(lacking) or few,
    )


def _columns(level: str) -> tuple[Field, ...]:
    return (
        RANK,
        Field("item", LEVELS[level], decides=True),
        Field("recent", f"近 {WEEKS} 周", "integer", "件", decides=True),
        Field("before", "往年之前", "integer", "件", decides=True),
        Field("ahead", "往年同期", "integer", "件", decides=True),
        Field("rise", "往年增加", "integer", "件", decides=True),
        Field("times", "倍数", "number", decides=True),
        Field("years_risen", "上升的年数", "integer", "年", decides=True),
        Field("years", "逐年", "list", decides=True),
        Field("p_value", "偶然概率", "number", digits=4),
    )


def _first_week(last: date, period: Period | None) -> date:
    """Return the Monday of the first week that is not over, by the period or the day of the last order."""
    after = min(last + timedelta(days=1), period.end) if period else last + timedelta(days=1)
    return after - timedelta(days=after.weekday())


def _years(start: date, first: date, items: dict[str, Weeks]) -> list[_Year]:
    """Return the earlier years whose weeks the data hold on both sides, newest first."""
    told = {week for weeks in items.values() for week in weeks}
    found = []
    iso = start.isocalendar()
    for year in range(iso.year - 1, first.year - 1, -1):
        # As in ``Period.last_year``: where a year has no 53rd week, the 52nd is its namesake.
        last = date(year, 12, 28).isocalendar().week
        begin = date.fromisocalendar(year, min(iso.week, last), 1)
        one = _Year(
            year,
            [begin - week * _WEEK for week in range(WEEKS, 0, -1)],
            [begin + week * _WEEK for week in range(WEEKS)],
        )
        if first <= one.before[0] and told.issuperset([*one.before, *one.ahead]):
            found.append(one)
    return found


def _rows(items: dict[str, Weeks], start: date, years: list[_Year]) -> list[dict[str, Any]]:
    """Return the items that rose beyond chance over the years together, the largest rise first."""
    if not years or not items:
        return []
    # Items × six-week blocks × weeks: each year has one block before and one like the weeks to come.
    blocks = [block for year in years for block in (year.before, year.ahead)]
    counts = np.array(
        [[[weeks.get(day, 0) for day in block] for block in blocks] for weeks in items.values()]
    )
    fitted = np.repeat(np.maximum(counts.mean(axis=2, keepdims=True), _PRIOR / WEEKS), WEEKS, axis=2)
    flat, expected = counts.reshape(len(items), -1).astype(float), fitted.reshape(len(items), -1)
    degrees = (WEEKS - 1) * len(blocks)
    squares = pearson(flat, expected)
    dispersion = drawn(squares, degrees, family_dispersion(squares, expected, degrees))
    sums = counts.sum(axis=2)
    before, ahead = sums[:, 0::2], sums[:, 1::2]
    chances = adjusted([
        counts_p(int(a.sum()), int(b.sum()), dispersion=float(spread), degrees=degrees + PRIOR_DEGREES)
        for a, b, spread in zip(ahead, before, dispersion, strict=True)
    ])  # fmt: skip
    recent = [start - week * _WEEK for week in range(WEEKS, 0, -1)]
    rows: list[dict[str, Any]] = []
    for (item, weeks), a, b, p in zip(items.items(), ahead, before, chances, strict=True):
        if p > ALPHA or a.sum() <= b.sum():
            continue
        rows.append({
            "item": item,
            "recent": sum(weeks.get(day, 0) for day in recent),
            "before": int(b.sum()),
            "ahead": int(a.sum()),
            "rise": int(a.sum() - b.sum()),
            "times": float(a.sum() / b.sum()) if b.sum() else None,
            "years_risen": int((a > b).sum()),
            "years": [f"{year.year}年 {then:,}→{now:,}" for year, then, now in zip(years, b, a, strict=True)],
            "p_value": p,
        })  # fmt: skip
    return sorted(rows, key=lambda row: (-row["rise"], row["item"]))


def _notes(years: list[_Year], rows: list[dict[str, Any]]) -> list[Note]:
    if not years:
        text = f"库中没有往年同期（前 {WEEKS} 周和后 {WEEKS} 周都有工单的年份），无从判断季节性诉求。"
        return [Note(NoteKind.MISSING, text)]
    named = "、".join(str(year.year) for year in years)
    notes = [
        Note(
            NoteKind.DEFINITION,
            f"往年同期 = {named} 年相同的 ISO 周（{WEEKS} 周）合计，往年之前 = 其前 {WEEKS} 周合计；"
            f"只列两者之差超出逐周波动的（准泊松检验，校正行数后 {ALPHA:.0%} 水平）。",
        )
    ]
    if len(years) < _LEAST_YEARS:
        notes.append(
            Note(NoteKind.QUALITY, f"只有 {named} 年一年可比，分不清是季节规律还是当年的个别事件，仅供参考。")
        )
    if not rows:
        notes.append(Note(NoteKind.EMPTY, "没有一项在往年同期明显上升。"))
    return notes


REPORT = Report(
    name="seasonal",
    title="季节性诉求",
    summary="往年同期上升的类别：未来 6 周按历年相同 ISO 周预判，逐年列件数",
    compute=compute,
    sql=sql,
    needs_labels=True,
    options=("by",),
)
