"""What was asked: the filters shared by all reports, and the SQL they become."""

from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Protocol

import pyarrow as pa

from hotline_tools.errors import UsageError
from hotline_tools.reports.period import Period

LEVELS: dict[str, str] = {
    "category": "类别",
    "subcategory": "子类",
    "district": "区县",
    "street": "镇街",
    "community": "社区",
    "grid": "网格",
    "department": "主办单位",
    "channel": "渠道",
    "request_type": "诉求类型",
    "original_category": "原分类",
}
"""What ``--by`` may be, and its label."""

_FILTER_LABELS = {
    "by": "分组",
    "category": "类别",
    "department": "单位",
    "area": "区域",
    "channel": "渠道",
    "top": "前",
}


class Database(Protocol):
    """What a report needs of an engine."""

    def query(self, sql: str) -> pa.Table:
        """Run one SELECT."""

    def define(self, name: str, select: str) -> None:
        """Make ``select`` a temporary view called ``name``."""


@dataclass(frozen=True)
class Query:
    """The filters of one question; ``None`` means not asked for."""

    period: Period | None = None
    by: str | None = None
    category: str | None = None
    department: str | None = None
    area: str | None = None
    channel: str | None = None
    top: int | None = None

    def __post_init__(self) -> None:
        """Refuse an unknown level, naming the closest."""
        if self.by is not None and self.by not in LEVELS:
            close = get_close_matches(self.by, LEVELS, n=1)
            hint = f"是不是 {close[0]}？" if close else ""
            raise UsageError(f"没有 {self.by} 这个分组", remedy=f"{hint}可用：{'、'.join(LEVELS)}。")
        if self.top is not None and self.top < 1:
            raise UsageError("--top 须是正整数", remedy="例如 --top 10。")

    def described(self) -> dict[str, str]:
        """Return the filters in use, for the table's head."""
        return {
            f.name: str(value)
            for f in fields(self)
            if f.name in _FILTER_LABELS and (value := getattr(self, f.name)) is not None
        }


def scope(query: Query, period: Period | None = None) -> str:
    """Return the SELECT of the orders a question is about; ``period`` replaces the query's own."""
    when = period or query.period
    conditions = []
    if when is not None:
        conditions.append(f"received_at >= TIMESTAMP '{when.start} 00:00:00'")
        conditions.append(f"received_at < TIMESTAMP '{when.end} 00:00:00'")
    if query.category is not None:
        text = quoted(query.category)
        conditions.append(f"(category = {text} OR subcategory = {text})")
    if query.department is not None:
        conditions.append(f"department = {quoted(query.department)}")
    if query.area is not None:
        text = quoted(query.area)
        conditions.append(f"(district = {text} OR street = {text} OR community = {text} OR grid = {text})")
    if query.channel is not None:
        conditions.append(f"channel = {quoted(query.channel)}")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT * FROM orders{where}"


def quoted(text: str) -> str:
    """Return ``text`` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"
