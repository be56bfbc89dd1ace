"""Rules of a report that a city may want to change: shipped as TOML, replaced by a file of the same shape.

Each report's rules are a model below; ``defaults/REPORT.toml`` holds the shipped values and explains them.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field

from hotline_tools.datafile import parsed, read_toml
from hotline_tools.errors import DataFileError
from hotline_tools.reports.issues.escalation_rules import EscalationRules
from hotline_tools.reports.rule_model import SHIPPED, Rules

_COPY = "可先复制内置规则再改（见 docs/reports.zh-CN.md）。"


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"正则表达式有误：{error}") from error
    return text


Share = Annotated[float, Field(ge=0, le=1)]
Number = Annotated[int, Field(ge=0)]
Hours = Annotated[float, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]
Texts = tuple[str, ...]
Regex = Annotated[str, AfterValidator(_pattern)]


class AlertRules(Rules):
    """``alerts``: the test and its evidence."""

    alpha: Annotated[float, Field(gt=0, lt=1)]
    minimum_orders: Number
    baseline_weeks: Positive
    minimum_baseline_weeks: Positive
    guard_weeks: Number
    evidence: Number


class ChannelRules(Rules):
    """``channels``, ``gridwork``, ``leads``: which channels find, which are called."""

    proactive: Texts
    reactive: Texts
    same_issue_days: Number
    few_findings: Number


class LedgerRules(Rules):
    """``ledger``: what settles an order, and how fast is at once."""

    closed_satisfaction: Texts
    instant_hours: Hours
    minimum_base: Number


class LevelRules(Rules):
    """``levels``: how handling levels and disputes are written, and the targets."""

    grid: Texts
    community: Texts
    street: Texts
    district: Texts
    disputes: Texts
    flow_target: Share
    dispute_target: Share
    grid_target: Share


class ReplyRules(Rules):
    """``replies``: what counts as boilerplate, relevance and completeness, and the weights."""

    boilerplate_from: Positive
    shortest_sentence: Number
    near_repeat_share: Share
    common_words: Share
    praise: Texts
    praise_titles: Regex
    found: Regex
    done: Regex
    contact: Regex
    date: Regex
    weight_original: Hours
    weight_relevance: Hours
    weight_complete: Hours


class SuperviseRules(Rules):
    """``supervise``, ``loop``: when an order is pushed."""

    due_within_hours: Hours
    unanswered_hours: Hours
    stalled_hours: Hours
    returned_times: Positive
    supervised_satisfaction: Texts
    look_back_days: Number


class TopicRules(Rules):
    """``topics``: how long each step of a topic may take, in days."""

    publish_days: Number
    supervise_days: Number
    accept_days: Number
    assess_days: Number
    feedback_days: Number


_MODELS: dict[str, type[Rules]] = {
    "alerts": AlertRules,
    "channels": ChannelRules,
    "escalations": EscalationRules,
    "ledger": LedgerRules,
    "levels": LevelRules,
    "replies": ReplyRules,
    "supervise": SuperviseRules,
    "topics": TopicRules,
}
Model = TypeVar("Model", bound=Rules)


def rules_for(model: type[Model], given: Rules | None) -> Model:
    """Return the rules given, or the shipped ones; raise ``DataFileError`` when they are another report's."""
    report = next(name for name, known in _MODELS.items() if known is model)
    rules = given or shipped_rules(report)
    if not isinstance(rules, model):
        raise DataFileError(
            f"这是报表 {rules.report} 的规则，不能用于 {report}",
            where=rules.name,
            remedy=f'请换成以 report = "{report}" 开头的规则文件。',
        )
    return rules


@cache
def shipped_rules(report: str) -> Rules:
    """Return the rules that come with the toolkit for ``report``."""
    return read_rules(report, {}, SHIPPED)


def load_rules(path: Path) -> Rules:
    """Read a rule file; what it leaves out is as shipped.

    Raises ``DataFileError`` for what is not TOML, names no report, or has unknown or ill-typed keys.
    """
    values = read_toml(path)
    report = values.get("report")
    if not isinstance(report, str) or report not in _MODELS:
        raise DataFileError(
            "规则文件没有写明用于哪张报表", where=str(path), remedy=f'第一行写 report = "报表名"；{_COPY}'
        )
    return read_rules(report, values, path.name)


def read_rules(report: str, values: Mapping[str, Any], name: str) -> Rules:
    """Check the values of a rule file called ``name``; all mistakes are raised together."""
    data = {**_shipped_values(report), **values, "name": name}
    return parsed(_MODELS[report], data, where=name, what="规则", remedy=_COPY)


@cache
def _shipped_values(report: str) -> Mapping[str, Any]:
    with as_file(files("hotline_tools.reports").joinpath("defaults", f"{report}.toml")) as path:
        return read_toml(path)
