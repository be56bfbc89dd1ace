"""``report movers``: what rose and fell most against another period, chance set apart.

Compared with the period before unless ``--compare`` says otherwise. Without a period it looks at the
month of the latest order.
"""

from dataclasses import replace
from datetime import date

from hotline_tools.errors import UsageError
from hotline_tools.reports.common import empty_notes, filled, level_of, missing_notes, period_label
from hotline_tools.reports.compare.change import TINY
from hotline_tools.reports.compare.history import known_variation
from hotline_tools.reports.compare.periods import Span, spans
from hotline_tools.reports.covered_days import has_orders, received_days
from hotline_tools.reports.period import Period, month
from hotline_tools.reports.query import LEVELS, Database, Query, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.reports.statistics import ALPHA, adjusted
from hotline_tools.table import Cell, ChartHint, Field, Note, NoteKind, ReportTable


def sql(query: Query) -> str:
    """Return the statement; it runs over the views ``scope`` and ``before``."""
    return _statement(query, "scope")


def _statement(query: Query, source: str) -> str:
    return sql_text("movers", level=level_of(query, "subcategory"), source=source)


def compute(database: Database, query: Query) -> ReportTable:
    """Return one row an item: real changes first, the largest first; then what may be chance."""
    days = received_days(database)
    asked = replace(query, period=query.period or _latest_month(days), compare=query.compare or "previous")
    level = level_of(query, "subcategory")
    if asked.period is None or days is None:
        everything = filled(database, ("received_at",), "stored_orders")
        notes = empty_notes(everything[""]) + missing_notes(everything, {"received_at": "升降"})
        table = _table(asked, level, [], {"orders": everything[""], "orders_then": 0}, notes)
        return replace(table, incomplete=bool(everything[""]))
    if len(asked.bases) > 1:
        raise UsageError(
            "movers 按升降排列，一次只能与一个时间段比",
            remedy="要同时看环比和同比，用 categories --compare previous,last-year。",
        )
    (span,) = spans(REPORT, asked, *days)
    database.define("scope", scope(query, span.now, columns=(level,)))
    database.define("before", scope(query, span.then, columns=(level,)))
    counts, then = filled(database, (level,)), filled(database, (level,), "before")
    lacking = missing_notes(counts, {level: f"按{LEVELS[level]}的升降"})
    is_there = has_orders(database, span.then)
    rows = _rows(database, query, span) if is_there else []
    notes = [*empty_notes(counts[""]), *lacking, *span.notes]
    if not is_there:
        notes.append(Note(NoteKind.MISSING, f"库中没有 {span.then.label} 的工单，无从对比。"))
    totals: dict[str, Cell] = {"orders": counts[""], "orders_then": then[""]}
    table = _table(asked, level, rows[: query.top], totals, notes)
    return replace(table, incomplete=bool(lacking) or (bool(counts[""]) and not is_there))


def _latest_month(days: tuple[date, date] | None) -> Period | None:
    return month(days[1].year, days[1].month) if days else None


def _rows(database: Database, query: Query, span: Span) -> list[dict[str, Cell]]:
    now, then = (
        {row["item"]: int(row["orders"]) for row in database.query(_statement(query, view)).to_pylist()}
        for view in ("scope", "before")
    )
    items = list(dict.fromkeys([*now, *then]))
    pairs = [(now.get(item, 0), then.get(item, 0)) for item in items]
    known = known_variation(REPORT, database, replace(query, period=span.now), span.then)
    p_values = adjusted(
        [known.count_p(known.of({"item": item}), *pair) for item, pair in zip(items, pairs, strict=True)]
    )
    rows: list[dict[str, Cell]] = [
        {"item": item, "orders": a, "orders_then": b, "change": a - b,
         "change_rate": (a - b) / b if b >= TINY else None, "is_noise": p > ALPHA}
        for item, (a, b), p in zip(items, pairs, p_values, strict=True)
    ]  # fmt: skip
    return sorted(rows, key=lambda r: (bool(r["is_noise"]), -abs(int(str(r["change"]))), str(r["item"])))


def _table(
    query: Query, level: str, rows: list[dict[str, Cell]], totals: dict[str, Cell], notes: list[Note]
) -> ReportTable:
    return ReportTable(
        report="movers",
        title=f"升降最多的{LEVELS[level]}",
        period=period_label(query),
        filters=query.described(),
        columns=(
            Field("item", LEVELS[level]),
            Field("orders", "本期", "integer", "件"),
            Field("orders_then", "对比期", "integer", "件", then_of="orders"),
            Field("change", "增减", "integer", "件", change_of="orders"),
            Field("change_rate", "变化率", "rate", change_rate_of="orders"),
            Field("is_noise", "可能只是偶然波动", "boolean", noise_of="orders"),
        ),
        rows=rows,
        totals=totals,
        notes=[
            *notes,
            Note(
                NoteKind.DEFINITION,
                "“可能只是偶然波动”：没有超出该项自身逐周的波动（准泊松检验，校正行数后 5% 水平），列在后；"
                f"基数不足 {TINY} 件不列变化率。",
            ),
        ],
        chart=ChartHint("bars", label="item", value="change", pale="is_noise"),
    )


REPORT = Report(
    name="movers",
    title="升降最多的类别",
    summary="与上期或去年同期比，哪些类别、单位、区域真正升降，偶然波动另列",
    compute=compute,
    sql=sql,
    needs_labels=True,
    keys=("item",),
    series=lambda query: {"item": level_of(query, "subcategory")},
    compares_itself=True,
    options=("by",),
)
