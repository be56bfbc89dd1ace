"""The escalation rules of a file: what each looks at, when it fires, to which level it raises an issue."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from hotline_tools.datafile import DataModel
from hotline_tools.reports.rule_model import Rules
from hotline_tools.sql import literal

LEVELS = ("社区", "镇街", "区县")
"""From the lowest to the highest."""
Kind = Literal["多人反映", "一人多次", "来电人不详"]
KINDS: tuple[Kind, ...] = ("多人反映", "一人多次", "来电人不详")
MEASURES = {
    "callers": "不同来电人 {n} 人",
    "orders": "共 {n} 件",
    "orders_within": "{days} 天内 {n} 件",
    "came_back": "办结后又来 {n} 件",
    "rounds": "全部办结后又来 {n} 轮",
    "growth": "最近 {days} 天 {recent} 件，是此前 {days} 天（{before} 件）的 {n} 倍以上",
    "dissatisfied_in_row": "连续 {n} 次不满意",
    "departments": "{n} 个单位",
    "words": "{n} 件提到{said}",
}
"""Measure → how it reads when its rule has fired."""
_NEW = "最近 {days} 天 {recent} 件，此前 {days} 天 0 件"
_GAP = "[^，。；！？,;!?]?" * 6
"""What ``*`` in a phrase stands for."""
_DAYS = ("orders_within", "growth")
_WORDS = ("words", "not_meant", "not_present", "share")
_OWN_KEYS = {"days": _DAYS, "orders": ("growth",), **dict.fromkeys(_WORDS, ("words",))}
"""Key → the measures that use it."""


def _texts(value: Any) -> Any:
    """Read a single text as a list of one."""
    return (value,) if isinstance(value, str) else value


class EscalationRule(DataModel):
    """One rule; ``number`` is its place in the file, from 0."""

    number: int = 0
    name: str
    measure: Literal[
        "callers",
        "orders",
        "orders_within",
        "came_back",
        "rounds",
        "growth",
        "dissatisfied_in_row",
        "departments",
        "words",
    ]
    least: Annotated[float, Field(ge=1)]
    level: Literal["社区", "镇街", "区县"]
    days: Annotated[int, Field(ge=1)] = 0
    orders: Annotated[int, Field(ge=0)] = 0
    kind: Annotated[tuple[Kind, ...], BeforeValidator(_texts)] = KINDS
    words: Annotated[tuple[str, ...], BeforeValidator(_texts)] = ()
    not_meant: Annotated[tuple[str, ...], BeforeValidator(_texts)] = ()
    """Phrases in which a word means something else (信息爆炸, 怕着火).

    ``*`` stands for up to six characters of the clause, ``#`` for any of the words.
    """
    not_present: Annotated[tuple[str, ...], BeforeValidator(_texts)] = ()
    """Words from which on a sentence tells of what is not there: 如果, 万一, 避免."""
    share: Annotated[float, Field(ge=0, le=1)] = 0.0
    """The share of the orders that must say it, besides ``least`` orders."""
    least_callers: Annotated[int, Field(ge=0)] = 0
    """Distinct callers that are needed too, unless the rule ``or_rule`` fires."""
    or_rule: str = ""

    @model_validator(mode="after")
    def _has_what_it_measures(self) -> Self:
        for key, measures in _OWN_KEYS.items():
            if key in self.model_fields_set and self.measure not in measures:
                raise ValueError(f"{key} 不用于 measure = “{self.measure}”")
        if self.measure in _DAYS and not self.days:
            raise ValueError("缺 days")
        if self.measure == "words" and not self.words:
            raise ValueError("words 须是文字的列表")
        return self

    @property
    def column(self) -> str:
        """The column of the statement that holds what this rule looks at."""
        own = self.measure in (*_DAYS, "words")
        return f"{self.measure}_{self.number}" if own else self.measure

    def fires(self, row: dict[str, Any]) -> bool:
        """Tell whether an issue meets the rule."""
        if row["kind"] not in self.kind:
            return False
        if self.measure == "growth":
            recent, before = row[self.column], row[f"{self.column}_before"]
            grown = recent >= self.orders and recent >= self.least * max(1, before)
            return bool(grown and row[f"{self.column}_known"])
        return bool(row[self.column] >= max(self.least, self.share * row.get("orders", 0)))

    def has_callers(self, row: dict[str, Any], fired: Collection[str]) -> bool:
        """Tell whether enough people report it, or a rule that needs no more people has fired."""
        return row["callers"] >= self.least_callers or self.or_rule in fired

    @property
    def ladder(self) -> tuple[object, ...]:
        """Equal for rules that look at the same thing and differ only in how much of it they ask for."""
        looked_at = "came_back" if self.measure == "rounds" else self.measure
        return looked_at, self.days, self.words

    def reason(self, row: dict[str, Any]) -> str:
        """Word why it fired, with the figures."""
        before = row.get(f"{self.column}_before")
        text = (_NEW if before == 0 else MEASURES[self.measure]).format(
            n=f"{self.least:g}" if self.measure == "growth" else row[self.column],
            days=self.days,
            recent=row[self.column],
            before=before,
            said="、".join(word for word in self.words if word in (row.get(f"{self.column}_said") or ""))
            or "相关词",
        )
        return text if text.startswith(self.name) else f"{self.name}：{text}"


class EscalationRules(Rules):
    """All rules, and how many orders make an issue worth listing."""

    least_orders: Annotated[int, Field(ge=2)]
    rules: tuple[EscalationRule, ...]

    @model_validator(mode="after")
    def _names_rules_that_are_there(self) -> Self:
        names = [rule.name for rule in self.rules]
        for rule in self.rules:
            if rule.or_rule and rule.or_rule not in names:
                raise ValueError(f"规则“{rule.name}”的 or_rule：没有“{rule.or_rule}”这条规则")
        return self

    @field_validator("rules", mode="before")
    @classmethod
    def _numbered(cls, rules: Any) -> Any:
        if not isinstance(rules, tuple):
            return rules
        return tuple(
            {**rule, "number": number} if isinstance(rule, dict) else rule
            for number, rule in enumerate(rules)
        )


def fired_rules(rules: Sequence[EscalationRule], row: dict[str, Any]) -> list[EscalationRule]:
    """Return the rules an issue meets, of each ladder (3, 5, 10 callers) only the highest step."""
    highest: dict[tuple[object, ...], EscalationRule] = {}
    firing = [rule for rule in rules if rule.fires(row)]
    alone = {rule.name for rule in firing if not rule.least_callers}
    for rule in firing:
        if rule.has_callers(row, alone):
            before = highest.get(rule.ladder, rule)
            highest[rule.ladder] = max(before, rule, key=lambda r: (LEVELS.index(r.level), r.least))
    return sorted(highest.values(), key=lambda rule: rule.number)


def meant_sql(rule: EscalationRule) -> str:
    """Return what an order says as SQL, without phrases that mean something else and what is not there.

    The title speaks only for an order without a content: 电梯困人紧急求助 may ask for a lift's repair.
    """
    text = "coalesce(nullif(trim(content), ''), title, '')"
    if rule.not_meant:
        words = f"(?:{'|'.join(map(re.escape, rule.words))})"
        parts = (map(re.escape, re.split(r"([*#])", phrase)) for phrase in rule.not_meant)
        phrases = "|".join("".join({r"\*": _GAP, r"\#": words}.get(p, p) for p in each) for each in parts)
        text = f"regexp_replace({text}, {literal(phrases)}, '', 'g')"
    if rule.not_present:
        cues = "|".join(map(re.escape, rule.not_present))
        text = f"regexp_replace({text}, {literal(f'({cues})[^。；！？!?;]*')}, '', 'g')"
    return text


@dataclass(frozen=True)
class MeasureColumns:
    """The SQL of the columns that rules add: per order, per issue in scope, and per issue at all times."""

    meant: str
    """Per order, what its text means."""
    worded: str
    """Per order, which of the rules' words that has."""
    per_order: str
    per_issue: str
    whole: str


def measure_columns(rules: Sequence[EscalationRule]) -> MeasureColumns:
    """Return the columns that the rules look at; growth needs the time before the period."""
    meant, worded, per_order, per_issue, whole = [], [], [], [], []
    for rule in rules:
        name = rule.column
        if rule.measure == "orders_within":
            per_order.append(
                f"count(received_at) OVER (PARTITION BY issue_id ORDER BY received_at "
                f"RANGE BETWEEN INTERVAL {rule.days} DAY PRECEDING AND CURRENT ROW) AS {name}"
            )
            per_issue.append(f"coalesce(max({name}) FILTER (WHERE received_at IS NOT NULL), 0) AS {name}")
        elif rule.measure == "growth":
            recent = f"received_at > as_of - INTERVAL {rule.days} DAY AND received_at <= as_of"
            before = f"received_at > as_of - INTERVAL {2 * rule.days} DAY"
            whole.append(f"count(*) FILTER (WHERE {recent}) AS {name}")
            earlier = f"{before} AND received_at <= as_of - INTERVAL {rule.days} DAY"
            whole.append(f"count(*) FILTER (WHERE {earlier}) AS {name}_before")
            whole.append(f"list(DISTINCT coalesce(source, '')) FILTER (WHERE {recent}) AS {name}_sources")
            # Without orders of the time before, nothing is known to have grown.
            whole.append(f"bool_or(begun_at <= as_of - INTERVAL {2 * rule.days} DAY) AS {name}_known")
        elif rule.measure == "words":
            meant.append(f"{meant_sql(rule)} AS {name}_text")
            held = [(f"contains({name}_text, {word})", word) for word in map(literal, rule.words)]
            worded.append(f"{_said(held)} AS {name}_words")
            per_issue.append(f"count(*) FILTER (WHERE {name}_words <> '') AS {name}")
            ever = [(f"bool_or(contains({name}_words, {word}))", word) for word in map(literal, rule.words)]
            per_issue.append(f"{_said(ever)} AS {name}_said")
    return MeasureColumns(
        *("".join(f",\n        {c}" for c in some) for some in (meant, worded, per_order, per_issue, whole))
    )


def _said(words: Iterable[tuple[str, str]]) -> str:
    """Return the words whose condition holds, as SQL, in the rule's order; an empty text without any."""
    return f"concat_ws('、', {', '.join(f'CASE WHEN {held} THEN {word} END' for held, word in words)})"
