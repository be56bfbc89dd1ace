"""诉求分类: what people ask for, and what grew beyond its own variation."""

from dataclasses import replace

from hotline_tools.briefing.material import Material, Parts, source_of
from hotline_tools.briefing.numbers import integer
from hotline_tools.briefing.outline import ChapterOutline
from hotline_tools.briefing.sentences.shares import (
    REST,
    Listed,
    Mover,
    leading,
    most_of,
    movers,
    other_sources,
)
from hotline_tools.briefing.tables import first_rows, narrowed
from hotline_tools.document import Chart
from hotline_tools.table import ROW_KIND, ReportTable


def categories(material: Material, chapter: ChapterOutline) -> Parts:
    """Return the chapter."""
    confined = bool(material.answers.query.category)
    level = {"by": "subcategory"} if confined else {}
    table = material.answers.table("categories", compare=True, **level)
    if table is None or not table.totals["orders"]:
        return []
    name, unit = ("subcategory", "子类") if confined else ("category", "类别")
    rows = [row for row in table.rows if not row.get("unclassified") and row.get("orders")]
    if not rows:
        material.lacks("类别", "诉求分类")
        return []
    total = integer(table.totals["orders"]) or 0
    items = [
        Listed(str(row[name]), integer(row["orders"]) or 0, integer(row.get("needs_review")) or 0)
        for row in rows
    ]
    parts: Parts = [leading(items, total, chapter.top, source=source_of(table))]
    columns = ("rank", name, "orders", "share", "satisfied_rate", "needs_review")
    whole = narrowed(
        table, columns, title="诉求分类统计表", compared=("orders",), base=material.answers.only_base
    )
    cited = material.attach(chapter, whole, table.notes)
    if chapter.charts:
        parts.append(_chart(table, items, chapter, name))
    parts += _movers(material, table, name, unit)
    if not confined:
        parts += _subcategories(material, chapter)
    if chapter.tables and not cited:
        parts.append(whole)
    return parts


def _chart(table: ReportTable, items: list[Listed], chapter: ChapterOutline, name: str) -> Chart:
    whole = narrowed(table, ("rank", name, "orders", "share"), title="各类诉求件数")
    shown = first_rows(whole, chapter.rows, "类")
    alt = "条形图：" + "，".join(f"{row[name]}{row['orders']}件" for row in shown.rows)
    only = f"（图列前{chapter.rows}类）" if shown is not whole else ""
    named = [item for item in items if item.name != REST] or items
    besides = f"除{REST}外，" if named[0] is not items[0] else ""
    return Chart(shown, f"{besides}{most_of(named, '类')}{only}", alt)


def _movers(material: Material, table: ReportTable, name: str, unit: str) -> Parts:
    """Return what changed since the period before, from the compared table."""
    base = material.answers.previous
    if base is None:
        return []
    if material.answers.one_sided_sources(base):
        return [other_sources(base.name, unit, source_of(table))]
    fields = [table.derived(role, "orders", base.tag) for role in ("then", "noise")]
    then, noise = (field.name for field in fields if field)
    judged = [row for row in table.rows if isinstance(row.get(then), int) and row.get(ROW_KIND) is None]
    found = [
        Mover(str(row[name]), integer(row["orders"]) or 0, integer(row[then]) or 0)
        for row in judged
        if row.get(noise) is False and row["orders"] != row[then]
    ]
    found.sort(key=lambda mover: -abs(mover.now - mover.then))
    return [movers(found, len(judged) - len(found), base.name, unit, source=source_of(table))]


def _subcategories(material: Material, chapter: ChapterOutline) -> Parts:
    base = material.answers.previous
    table = material.answers.table("movers") if base else None
    if base is None or table is None or material.answers.one_sided_sources(base):
        return []
    found = [
        Mover(str(row["item"]), integer(row["orders"]) or 0, integer(row["orders_then"]) or 0)
        for row in table.rows
        if row.get("is_noise") is False
    ]
    parts: Parts = [
        movers(
            found, len(table.rows) - len(found), base.name, "子类", most=chapter.top, source=source_of(table)
        )
    ]
    if found and chapter.tables:
        rows = [row for row in table.rows if row.get("is_noise") is False]
        columns = ("item", "orders", "orders_then", "change", "change_rate")
        shown = narrowed(table, columns, title="变化超出日常波动的子类", rows=rows, totals=False, chart=False)
        labels = {"orders": "本期", "orders_then": base.name, "change": "增减"}
        columns_shown = tuple(replace(c, label=labels.get(c.name, c.label)) for c in shown.columns)
        parts.append(first_rows(replace(shown, columns=columns_shown), chapter.rows, "个子类"))
    return parts
