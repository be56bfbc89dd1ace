"""The tables of a briefing: columns and rows of reports' answers, whose cells are never computed anew."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace

from hotline_tools.briefing.answers import Answers, BasePeriodFacts
from hotline_tools.briefing.numbers import integer
from hotline_tools.briefing.words import period_words, rest_of_sources
from hotline_tools.reports.kpi.carry_over import LABELS as FLOW_LABELS
from hotline_tools.table import ROW_KIND, Cell, ChartHint, Field, Note, NoteKind, ReportTable

Row = dict[str, Cell]


def narrowed(
    table: ReportTable,
    names: Sequence[str],
    *,
    title: str,
    rows: Iterable[Row] | None = None,
    compared: Sequence[str] = (),
    totals: bool = True,
    chart: bool = True,
    base: str = "",
) -> ReportTable:
    """Return the columns called ``names`` that the table has, rates with their counts, without its notes.

    ``compared`` are those whose figures of the base periods and changes come along; ``base`` is what the
    only base period is called.
    """
    wanted: dict[str, None] = {}
    known = {column.name: column for column in table.columns}
    for name in names:
        if name not in known:
            continue
        wanted[name] = None
        if counts := table.counts_of(known[name]):
            wanted |= {part.name: None for part in counts}
        if name in compared:
            wanted |= {c.name: None for c in table.columns if _added_to(c, name)}
            wanted |= {c.name: None for c in table.columns for part in wanted if c.then_of == part}
    columns = tuple(
        replace(known[name], detail=False, label=_label(known[name], known, base)) for name in wanted
    )
    hint = table.chart if chart else None
    if hint is not None:
        is_drawn = {hint.label, hint.value} <= set(wanted)
        hint = replace(hint, in_document=True) if is_drawn else None
    return replace(
        table,
        title=title,
        columns=columns,
        rows=list(table.rows if rows is None else rows),
        totals=table.totals if totals else {},
        notes=[],
        chart=hint,
        grid=None,
        incomplete=False,
        period="",
        filters={},
    )


def first_rows(table: ReportTable, most: int, unit: str) -> ReportTable:
    """Return the first rows of a table; a note says so, and the title too where nothing is summed up."""
    if len(table.rows) <= most:
        return table
    # what stands there only because of the period compared with is none of this one
    whole = sum(row.get(ROW_KIND) is None and row.get("orders") != 0 for row in table.rows)
    if whole <= most:
        return replace(table, rows=table.rows[:most])
    text = f"共{whole}{unit}，只列前{most}{unit}" + ("；合计含未列出的。" if table.totals else "。")
    title = table.title if table.totals else f"{table.title}（前{most}{unit}）"
    note = Note(NoteKind.SHOWN, text)
    return replace(table, title=title, rows=table.rows[:most], notes=[note, *table.notes])


def with_range(table: ReportTable, low: str, high: str, name: str, label: str) -> ReportTable:
    """Return the table with both ends of a range as one text, 3—12, so that no page has one alone."""
    if not {low, high} <= {column.name for column in table.columns}:
        return table
    columns = tuple(
        Field(name, label, decides=True) if column.name == low else column
        for column in table.columns
        if column.name != high
    )
    rows: list[Row] = [{**row, name: _range(row[low], row[high])} for row in table.rows]
    return replace(table, columns=columns, rows=rows)


def _range(low: Cell, high: Cell) -> str | None:
    if low is None or high is None:
        return None
    return str(low) if low == high else f"{low}—{high}"


def _label(column: Field, known: Mapping[str, Field], base: str) -> str:
    return f"{base}{known[column.then_of].label}" if column.then_of in known and base else column.label


def _added_to(column: Field, name: str) -> bool:
    return name in (column.then_of, column.change_of, column.change_rate_of, column.noise_of)


def plain_table(report: str, title: str, columns: Sequence[Field], rows: Sequence[Row]) -> ReportTable:
    """Return a small table whose cells are totals of reports."""
    return ReportTable(report=report, title=title, columns=tuple(columns), rows=list(rows))


def volume_table(answers: Answers, totals: Row) -> ReportTable:
    """Return the orders received: the present period and each base, a row each."""
    columns = [
        Field("span", "时间段"),
        Field("days", "天数", "integer"),
        Field("orders", "受理", "integer", "件"),
        Field("per_day", "日均", "number", "件"),
        Field("change", "本期比该期", "integer", "件"),
        Field("change_rate", "变化率", "rate"),
        Field("per_day_change_rate", "日均变化率", "rate"),
        Field("verdict", "判断"),
    ]
    orders, days = integer(totals["orders"]) or 0, answers.now.days
    rows: list[Row] = [
        {"span": period_words(answers.now), "days": days, "orders": orders, "per_day": orders / days}
    ]
    for base in answers.bases:
        then = integer(totals[compared_name("orders", base, "then")]) or 0
        noise = totals.get(compared_name("orders", base, "change_is_noise"))
        daily = orders / days / (then / base.then.days) - 1 if then else None
        rows.append(
            {
                "span": f"{base.name}（{period_words(base.then)}）",
                "days": base.then.days,
                "orders": then,
                "per_day": then / base.then.days,
                "change": totals[compared_name("orders", base, "change")],
                "change_rate": totals[compared_name("orders", base, "change_rate")],
                "per_day_change_rate": daily,
                "verdict": _verdict(noise, is_like=not answers.one_sided_sources(base)),
            }
        )
    return plain_table("categories", "受理量", columns, rows)


def sources_table(answers: Answers, base: BasePeriodFacts, totals: Row) -> ReportTable:
    """Return the sources that the two periods do not both have whole, a row each, and all others in one."""
    orders = integer(totals["orders"]) or 0, integer(totals[compared_name("orders", base, "then")]) or 0
    aside = answers.one_sided_sources(base)
    counts = {one.label: (one.now, one.then) for one in aside}
    rest = [whole - sum(part) for whole, part in zip(orders, zip(*counts.values(), strict=True), strict=True)]
    if any(rest):
        counts[rest_of_sources(is_partly=any(one.part for one in aside))] = (rest[0], rest[1])
    columns = [
        Field("source", "来源"),
        Field("now", "本期", "integer", "件"),
        Field("then", base.name, "integer", "件"),
        Field("change", "增减", "integer", "件"),
    ]
    rows: list[Row] = [
        {"source": name, "now": now, "then": then, "change": now - then}
        for name, (now, then) in counts.items()
    ]
    return plain_table("categories", f"与{base.name}不同的来源", columns, rows)


def _verdict(is_noise: Cell, *, is_like: bool) -> str | None:
    if not is_like:
        return "来源不同，不可比"
    return None if is_noise is None else "未超出日常波动" if is_noise else "超出日常波动"


def flow_table(answers: Answers, totals: Row, known: Container[str]) -> ReportTable:
    """Return those of the orders carried in, received, closed and open that are known, a row each.

    Where the store begins with the base period, what was carried into that is not known, and so no change.
    A base period of other sources is not set beside.
    """
    labels = {"carried_in": FLOW_LABELS["carried_in"], "orders": "受理"} | FLOW_LABELS
    base = answers.previous_alike
    columns = [Field("item", "项目"), Field("now", "本期", "integer", "件")]
    if base is not None:
        columns += [
            Field("then", base.name, "integer", "件"),
            Field("change", "增减", "integer", change_of="now"),
            Field("change_rate", "变化率", "rate", change_rate_of="now"),
            Field("is_noise", "可能只是偶然波动", "boolean", noise_of="now"),
        ]
    rows: list[Row] = []
    for name, label in labels.items():
        if name not in known or (name == "withdrawn" and not totals[name]):
            continue
        row: Row = {"item": label, "now": totals[name]}
        if base is not None and name == "carried_in" and not base.knows_before:
            row |= dict.fromkeys(("then", "change", "change_rate", "is_noise"))
        elif base is not None:
            row |= {
                role: totals.get(compared_name(name, base, role))
                for role in ("then", "change", "change_rate")
            }
            row["is_noise"] = totals.get(compared_name(name, base, "change_is_noise"))
        rows.append(row)
    made = plain_table("departments", "受理、办结与结转", columns, rows)
    if base is not None and "carried_in" in known and not base.knows_before:
        text = f"库中没有{base.name}以前的工单，{base.name}的上期结转不详。"
        made.notes.append(Note(NoteKind.SHOWN, text))
    return made


def rate_table(answers: Answers, table: ReportTable, rates: Sequence[str], *, least: int) -> ReportTable:
    """Return the rates of all orders: a row each, with counts, beside the period before.

    Of fewer than ``least`` orders no rate is given, and none is set beside that of a period of other sources.
    """
    base = answers.previous_alike
    columns = [
        Field("item", "指标"),
        Field("numerator", "分子", "integer", "件"),
        Field("denominator", "分母", "integer", "件"),
        Field("rate", "本期", "rate", comparable=False),
    ]
    if base is not None:
        columns += [
            Field("then", base.name, "rate", then_of="rate"),
            Field("change", "变化", "number", "百分点", change_of="rate"),
            Field("is_noise", "可能只是偶然波动", "boolean", noise_of="rate"),
        ]

    def is_enough(denominator: Cell) -> bool:
        return (integer(denominator) or 0) >= least

    rows: list[Row] = []
    for name in rates:
        totals = table.totals
        row: Row = {
            "item": table.column(name).label,
            "numerator": totals[f"{name}_numerator"],
            "denominator": totals[f"{name}_denominator"],
            "rate": totals[name] if is_enough(totals[f"{name}_denominator"]) else None,
        }
        if base is not None and row["rate"] is not None:
            row |= {role: totals.get(compared_name(name, base, role)) for role in ("then", "change")}
            row["is_noise"] = totals.get(compared_name(name, base, "change_is_noise"))
        rows.append(row)
    return plain_table("departments", "主要办理指标", columns, rows)


def bars(table: ReportTable, label: str, value: str, share: str = "") -> ReportTable:
    """Return the table with bars of one column."""
    return replace(table, chart=ChartHint("bars", label, value, share=share, in_document=True))


def compared_name(column: str, base: BasePeriodFacts, role: str) -> str:
    """Return the name of a compared figure: ``orders_previous_then``."""
    return "_".join(part for part in (column, base.tag, role) if part)
