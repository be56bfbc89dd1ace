"""督办情况: what is overdue, falls due soon or does not move, counted at the period's end."""

from collections import Counter

from hotline_tools.briefing.material import Material, Parts, Row, source_of
from hotline_tools.briefing.outline import ChapterOutline
from hotline_tools.briefing.sentences.watching import supervision as sentence
from hotline_tools.briefing.tables import narrowed, plain_table
from hotline_tools.briefing.words import moment_words
from hotline_tools.codes import code_label
from hotline_tools.reports.common import UNFILLED
from hotline_tools.reports.rules import SuperviseRules, rules_for
from hotline_tools.table import Field, ReportTable

_REASONS = {
    "overdue_now": ("超期", "超期未办结"),
    "due_soon": ("即将到期", "即将到期"),
    "unanswered": ("未联系", "未及时联系"),
    "stalled": ("无进展", "长期无进展"),
    "dissatisfied_twice": ("连续不满意", "连续不满意"),
    "returned_often": ("多次退回", "多次退回"),
    "sent_back": ("回访转督办", "回访转督办"),
}
"""Total → the word in the rows' ``kinds``, and how a text says it."""


def supervision(material: Material, chapter: ChapterOutline) -> Parts:
    """Return the chapter."""
    table = material.answers.table("supervise")
    if table is None:
        return []
    if not table.rows and not material.answers.has("closed_at", "status"):
        material.lacks("办结时间", "督办情况")  # nobody knows what is open: no orders listed is no answer
        return []
    told = {name: said for name, (_, said) in _REASONS.items()} | {"sent_back": _sent_back(material)}
    reasons = [(said, int(str(table.totals.get(name) or 0))) for name, said in told.items()]
    found = [(said, number) for said, number in reasons if number]
    units = _by_unit(table)
    own = bool(material.answers.query.department)
    where = material.attach(chapter, _orders(table) if own else units)
    said = sentence(moment_words(material.answers.as_of), found, len(table.rows), where, source_of(table))
    parts: Parts = [said]
    if chapter.tables and units.rows and (own or not where):
        parts.append(units)
    return parts


def _sent_back(material: Material) -> str:
    """Say which answers send an order there: 基本满意 may, though a rate counts it as satisfied."""
    answers = rules_for(SuperviseRules, material.answers.query.rules).supervised_satisfaction
    return f"回访{'或'.join(map(code_label, answers))}转督办"


def _orders(table: ReportTable) -> ReportTable:
    """Return a unit's own orders, without what callers wrote."""
    columns = ("order_id", "reasons", "received_at", "due_at")
    return narrowed(table, columns, title="须督办的工单", totals=False)


def _by_unit(table: ReportTable) -> ReportTable:
    """Return how many orders each unit has to see to, by reason."""
    counts: dict[str, Counter[str]] = {}
    listed: Counter[str] = Counter()
    for row in table.rows:
        unit = str(row["department"] or UNFILLED)
        listed[unit] += 1
        kinds = row["kinds"] if isinstance(row["kinds"], list) else []
        counts.setdefault(unit, Counter()).update(map(str, kinds))
    words = [word for word, _ in _REASONS.values() if any(counts[unit][word] for unit in counts)]
    columns = [
        Field("unit", "主办单位"),
        Field("listed", "须督办", "integer", "件"),
        *(Field(word, word, "integer", "件") for word in words),
    ]
    rows: list[Row] = [
        {"unit": unit, "listed": number, **{word: counts[unit][word] for word in words}}
        for unit, number in sorted(listed.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    found = plain_table("supervise", "各单位须督办工单", columns, rows)
    totals: Row = {"listed": len(table.rows)}
    totals |= {word: sum(counts[unit][word] for unit in counts) for word in words}
    found.totals.update(totals)
    return found
