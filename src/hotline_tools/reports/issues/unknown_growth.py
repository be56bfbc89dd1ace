"""Whether the days before the latest ones are known, where a rule says that an issue grows."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from hotline_tools.reports.gaps import LONG, Gap, gaps
from hotline_tools.reports.issues.escalation_rules import EscalationRule
from hotline_tools.reports.query import Database
from hotline_tools.table import Note, NoteKind


class UnknownGrowth:
    """Takes the growth back that a gap in the data makes: of a source that has no orders of the days before.

    The gaps are those of all orders of a source, so that filters make none.
    """

    def __init__(self, database: Database, rules: Sequence[EscalationRule]) -> None:
        self.rules = [rule for rule in rules if rule.measure == "growth"]
        self._gaps = _gaps(database) if self.rules else {}
        self._taken: Counter[int] = Counter()

    def judge(self, row: dict[str, Any]) -> None:
        """Mark an issue's growth as unknown where the time before lacks data; counted for ``notes``."""
        for rule in self.rules:
            sources = row[f"{rule.column}_sources"] or ()
            found = [gap for source in sources for gap in self._gaps.get(source, ())]
            if found and _lacking(rule, row["as_of"], found) and rule.fires(row):
                row[f"{rule.column}_known"] = False
                self._taken[rule.number] += 1

    def notes(self) -> list[Note]:
        """Return what was not judged, a note for each rule."""
        taken = [(rule, count) for rule in self.rules if (count := self._taken[rule.number])]
        return [
            Note(
                NoteKind.GAP,
                f"{count:,} 个事项没有按“{rule.name}”判断：其来源此前 {rule.days} 天疑似缺数据。",
            )
            for rule, count in taken
        ]


def _gaps(database: Database) -> dict[str, list[Gap]]:
    days: defaultdict[str, Counter[date]] = defaultdict(Counter)
    found = database.query("SELECT source, day, orders FROM received_days WHERE day IS NOT NULL")
    for row in found.to_pylist():
        days[row["source"] or ""][row["day"]] += row["orders"]
    return {source: gaps(source, orders, max(orders)) for source, orders in days.items()}


def _lacking(rule: EscalationRule, as_of: datetime, found: Iterable[Gap]) -> bool:
    """Tell whether the days before ``rule``'s latest ones have a gap of a week, or of half of them."""
    end = as_of.date() - timedelta(days=rule.days)
    begin = end - timedelta(days=rule.days)
    days = sum(max((min(gap.last, end) - max(gap.first, begin)).days + 1, 0) for gap in found)
    return days >= min(LONG, rule.days / 2)
