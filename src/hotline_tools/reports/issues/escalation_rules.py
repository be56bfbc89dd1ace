"""The escalation rules of a file: what each looks at, when it fires, to which level it raises an issue."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hotline_tools.errors import DataFileError
from hotline_tools.reports.query import Query
from hotline_tools.reports.rules import Rules, rules_for
from hotline_tools.reports.toml_reader import TomlReader
from hotline_tools.sql import literal

LEVELS = ("社区", "镇街", "区县")
"""From the lowest to the highest."""
KINDS = ("多人反映", "一人多次", "来电人不详")
MEASURES = {
    "callers": "不同来电人 {n} 人",
    "orders": "共 {n} 件",
    "orders_within": "{days} 天内 {n} 件",
    "came_back": "办结后又来 {n} 件",
    "growth": "最近 {days} 天 {recent} 件，是此前 {days} 天（{before} 件）的 {n} 倍以上",
    "dissatisfied_in_row": "连续 {n} 次不满意",
    "departments": "{n} 个单位经手",
    "words": "{n} 件提到{said}",
}
"""Measure → how it reads when its rule has fired."""
_DAYS = ("orders_within", "growth")


@dataclass(frozen=True)
class Rule:
    """One rule; ``number`` is its place in the file, from 0."""

    number: int
    name: str
    measure: str
    least: float
    level: str
    days: int = 0
    orders: int = 0
    kinds: tuple[str, ...] = KINDS
    words: tuple[str, ...] = ()

    @property
    def column(self) -> str:
        """The column of the statement that holds what this rule looks at."""
        own = self.measure in (*_DAYS, "words")
        return f"{self.measure}_{self.number}" if own else self.measure

    def fires(self, row: dict[str, Any]) -> bool:
        """Tell whether an issue meets the rule."""
        if row["kind"] not in self.kinds:
            return False
        if self.measure == "growth":
            recent, before = row[self.column], row[f"{self.column}_before"]
            return bool(recent >= self.orders and recent >= self.least * max(1, before))
        return bool(row[self.column] >= self.least)

    @property
    def ladder(self) -> tuple[object, ...]:
        """Equal for rules that look at the same thing and differ only in how much of it they ask for."""
        return self.measure, self.days, self.kinds, self.words

    def reason(self, row: dict[str, Any]) -> str:
        """Word why it fired, with the figures."""
        text = MEASURES[self.measure].format(
            n=f"{self.least:g}" if self.measure == "growth" else row[self.column],
            days=self.days,
            recent=row[self.column],
            before=row.get(f"{self.column}_before"),
            said="、".join(word for word in self.words if word in (row.get("said") or "")) or "相关词",
        )
        return f"{self.name}：{text}"


@dataclass(frozen=True)
class Escalation:
    """All rules, and how many orders make an issue worth listing."""

    name: str
    least_orders: int
    rules: tuple[Rule, ...]


def fired_rules(rules: Sequence[Rule], row: dict[str, Any]) -> list[Rule]:
    """Return the rules an issue meets, of each ladder (3, 5, 10 callers) only the highest step."""
    highest: dict[tuple[object, ...], Rule] = {}
    for rule in rules:
        if rule.fires(row):
            before = highest.get(rule.ladder, rule)
            highest[rule.ladder] = max(before, rule, key=lambda r: (LEVELS.index(r.level), r.least))
    return sorted(highest.values(), key=lambda rule: rule.number)


def escalation(query: Query) -> Escalation:
    """Return the rules given with the query, or the shipped ones; raise ``DataFileError`` for mistakes."""
    return read_escalation(rules_for("escalations", query.rules))


def read_escalation(rules: Rules) -> Escalation:
    """Check every rule and return them; all mistakes are raised together."""
    problems: list[str] = []
    top = TomlReader(dict(rules.values), "", problems)
    top.text("report")
    least = top.whole("least_orders", low=2)
    found = tuple(_rule(number, reader) for number, reader in enumerate(top.tables("rules")))
    top.done()
    if problems:
        raise DataFileError(
            "提级规则有误：" + "；".join(problems),
            where=rules.name,
            remedy="请对照内置的 escalations.toml 改正。",
        )
    return Escalation(rules.name, least, found)


def _rule(number: int, reader: TomlReader) -> Rule:
    measure = reader.text("measure", among=MEASURES)
    kinds = reader.texts("kind")
    for kind in kinds:
        if kind not in KINDS:
            reader.wrong(f"kind = “{kind}” 不认识，可用：{'、'.join(KINDS)}")
    rule = Rule(
        number,
        reader.text("name"),
        measure,
        reader.number("least", low=1),
        reader.text("level", among=LEVELS),
        reader.whole("days", low=1) if measure in _DAYS else 0,
        reader.whole("orders", 0) if measure == "growth" else 0,
        kinds or KINDS,
        reader.texts("words", needed=True) if measure == "words" else (),
    )
    reader.done()
    return rule


def measure_columns(rules: Sequence[Rule]) -> tuple[str, str]:
    """Return the SQL of the columns that rules add: per order, and per issue."""
    per_order, per_issue = [], []
    for rule in rules:
        name = rule.column
        if rule.measure == "orders_within":
            per_order.append(
                f"count(received_at) OVER (PARTITION BY issue_id ORDER BY received_at "
                f"RANGE BETWEEN INTERVAL {rule.days} DAY PRECEDING AND CURRENT ROW) AS {name}"
            )
            per_issue.append(f"coalesce(max({name}) FILTER (WHERE received_at IS NOT NULL), 0) AS {name}")
        elif rule.measure == "growth":
            recent = f"received_at > as_of - INTERVAL {rule.days} DAY"
            before = f"received_at > as_of - INTERVAL {2 * rule.days} DAY"
            per_issue.append(f"count(*) FILTER (WHERE {recent}) AS {name}")
            per_issue.append(f"count(*) FILTER (WHERE {before} AND NOT ({recent})) AS {name}_before")
        elif rule.measure == "words":
            text = "concat(title, ' ', content)"
            said = " OR ".join(f"contains({text}, {literal(word)})" for word in rule.words)
            per_issue.append(f"count(*) FILTER (WHERE {said}) AS {name}")
    return "".join(f",\n        {c}" for c in per_order), "".join(f",\n        {c}" for c in per_issue)
