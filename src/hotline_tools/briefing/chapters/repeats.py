"""热点与重复诉求: issues that came at least twice."""

import re
from dataclasses import replace

from hotline_tools.briefing.masking import masked_name
from hotline_tools.briefing.material import Material, Parts, Row, source_of
from hotline_tools.briefing.numbers import integer
from hotline_tools.briefing.outline import ChapterOutline
from hotline_tools.briefing.sentences.issues import (
    KNOWN_CALLERS,
    RepeatedIssue,
    not_looked_at,
    repeat_issues,
    repeat_totals,
)
from hotline_tools.briefing.tables import narrowed
from hotline_tools.table import Note, NoteKind, ReportTable

_VAGUE = re.compile("不足以判断|^其[他它](?:类|问题|事项|诉求)?$")
"""Categories that say of no order what it is about."""
EVERYTHING = 1_000_000_000
_COLUMNS = (
    "rank", "label", "orders", "callers", "unknown_callers", "came_back", "open_orders",
    "street", "community",
)  # fmt: skip


def repeats(material: Material, chapter: ChapterOutline) -> Parts:
    """Return the chapter."""
    if not material.answers.knows_issues:
        material.lacks("诉求地点", "热点与重复诉求")
        return []
    table = material.answers.table("repeats", top=EVERYTHING)
    if table is None:
        return []
    totals = table.totals
    issues, total = integer(totals["issues"]) or 0, integer(totals["listed_share_denominator"]) or 0
    unlooked = material.answers.unlooked
    behind: Parts = []
    if unlooked:
        behind.append(not_looked_at(unlooked, source_of(table), is_listed=bool(issues)))
    if not issues or not total:
        return behind
    again = sum(integer(row["came_back"]) or 0 for row in table.rows)
    orders = integer(totals["issue_orders"]) or 0
    parts: Parts = [repeat_totals(issues, orders, total, again, source_of(table))]
    shown = private(table)
    most = sorted(shown.rows, key=lambda row: -(integer(row["orders"]) or 0))[: chapter.top]
    parts += [repeat_issues([issue_of(row) for row in most], source_of(table)), *behind]
    whole = narrowed(shown, _COLUMNS, title="重复事项")
    of_all: Row = {"orders": orders, "came_back": again, "issues": issues, "total": total}
    whole = replace(whole, totals=of_all, notes=private_notes(table))
    where = material.attach(chapter, whole, [*table.notes, *whole.notes])
    if chapter.tables and not where:
        parts.append(whole)
    return parts


def issue_of(row: Row) -> RepeatedIssue:
    """Return what may be said of an issue in a row of ``private``."""
    reasons = row.get("reasons")
    return RepeatedIssue(
        str(row["label"]),
        integer(row["orders"]) or 0,
        integer(row["callers"]) or 0,
        integer(row["unknown_callers"]) or 0,
        integer(row["came_back"]) or 0,
        str(row.get("level") or ""),
        tuple(map(str, reasons)) if isinstance(reasons, list) else (),
    )


def private(table: ReportTable) -> ReportTable:
    """Return issues under names without persons, and without a place finer than a community if few called."""
    return replace(table, rows=[_private(row) for row in table.rows])


def private_notes(table: ReportTable) -> list[Note]:
    """Say why some names are no more than a community and a category, where there are such."""
    if all(_may_be_named(row) for row in table.rows):
        return []
    text = f"已知来电人不足{KNOWN_CALLERS}人的事项，名称只写所在社区（村）或镇街与诉求类别，不列具体地点。"
    return [Note(NoteKind.SHOWN, text)]


def _may_be_named(row: Row) -> bool:
    return (integer(row["callers"]) or 0) >= KNOWN_CALLERS


def _private(row: Row) -> Row:
    if _may_be_named(row):
        return {**row, "label": masked_name(str(row["label"]))}
    where = row.get("community") or row.get("street") or ""
    what = row.get("subcategory") or row.get("category")
    if not what or _VAGUE.search(str(what)):
        return {**row, "label": f"{where}其他事项", "place": None}
    return {**row, "label": f"{where}{what}{'' if str(what).endswith('问题') else '问题'}", "place": None}
