"""提级与预警: issues that meet the rules, and what reached the line of its own history."""

from dataclasses import replace

from hotline_tools.briefing.chapters.repeats import issue_of, private, private_notes
from hotline_tools.briefing.material import Material, Parts, Row, source_of
from hotline_tools.briefing.numbers import integer, number
from hotline_tools.briefing.outline import ChapterOutline
from hotline_tools.briefing.sentences.issues import (
    KNOWN_CALLERS,
    escalation,
    escalation_totals,
    not_looked_at,
)
from hotline_tools.briefing.sentences.watching import AlertFacts, alert, alert_totals
from hotline_tools.briefing.tables import narrowed
from hotline_tools.document import Sentence

_PLACE = "地点"


def escalations(material: Material, chapter: ChapterOutline) -> Parts:
    """Return the issues that meet the rules of escalation."""
    if not material.answers.knows_issues:
        material.lacks("诉求地点", "提级建议")
        return []
    table = material.answers.table("escalations")
    if table is None:
        return []
    unlooked = material.answers.unlooked
    behind: Parts = []
    if unlooked:
        behind.append(not_looked_at(unlooked, source_of(table), is_listed=bool(table.rows)))
    if not table.rows:
        return behind or [Sentence("本期没有符合提级规则的事项。", {}, source_of(table))]
    shown = private(table)
    levels: dict[str, int] = {}
    for row in shown.rows:
        levels[str(row["level"])] = levels.get(str(row["level"]), 0) + 1
    columns = ("level", "label", "reasons", "orders", "callers", "came_back", "street", "community")
    whole = narrowed(shown, columns, title="提级建议事项", totals=False)
    whole = replace(whole, notes=private_notes(table))
    where = material.attach(chapter, whole, [*table.notes, *whole.notes])
    parts: Parts = [escalation_totals(list(levels.items()), where or "见表", source_of(table))]
    parts += [escalation(issue_of(row), source_of(table)) for row in shown.rows[: chapter.top]]
    parts += behind
    if chapter.tables and not where:
        parts.append(whole)
    return parts


def alerts(material: Material, chapter: ChapterOutline) -> Parts:
    """Return what reached the line of its own history."""
    table = material.answers.table("alerts")
    if table is None:
        return []
    shown = [printable_alert(row) for row in table.rows]
    columns = ("kind", "subject", "start", "end", "orders", "expected", "limit", "callers")
    whole = narrowed(table, columns, title="异常上升预警", rows=shown, chart=False)
    where = material.attach(chapter, whole, table.notes)
    tests = integer(table.totals.get("tests")) or 0
    if not tests:
        return [Sentence("历史不足，本期不作预警。", {}, source_of(table))]
    parts: Parts = [alert_totals(len(shown), tests, where or "见表", source_of(table))]
    parts += [alert(_alert(row), source_of(table)) for row in shown[: chapter.top]]
    if shown and chapter.tables and not where:
        parts.append(whole)
    return parts


def _alert(row: Row) -> AlertFacts:
    first, last = row["start"], row["end"]
    return AlertFacts(
        str(row["kind"]),
        str(row["subject"]),
        f"{first.month}月{first.day}日",  # type: ignore[union-attr]
        f"{last.month}月{last.day}日" if first.month != last.month else f"{last.day}日",  # type: ignore[union-attr]
        integer(row["orders"]) or 0,
        number(row["expected"]) or 0.0,
        integer(row["limit"]) or 0,
    )


def printable_alert(row: Row) -> Row:
    """Return an alert without a place that must not be named for want of known callers."""
    if _PLACE not in str(row["kind"]) or (integer(row["callers"]) or 0) >= KNOWN_CALLERS:
        return row
    return {**row, "subject": f"{row['item'] or '诉求'}（来电人不足{KNOWN_CALLERS}人，不列地点）"}
