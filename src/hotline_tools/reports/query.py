"""What was asked: the filters shared by all reports, and the SQL they become."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from typing import Literal, Protocol, get_args

import pyarrow as pa

from hotline_tools.codes import FILTER_LABELS
from hotline_tools.errors import UsageError
from hotline_tools.reports.kpi.profile import Profile
from hotline_tools.reports.period import Period
from hotline_tools.reports.population import Population
from hotline_tools.reports.rule_model import Rules
from hotline_tools.sql import literal
from hotline_tools.suggestions import did_you_mean
from hotline_tools.text import BETWEEN_NAMES, BLANK_BETWEEN_NAMES

Granularity = Literal["day", "week", "month", "quarter"]
Basis = Literal["event", "received"]
BasePeriod = Literal["previous", "last-year"] | Period
"""What a period is compared with: 环比, 同比, or a period of one's own."""

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
_MOST_HOURS = 87_600
"""Ten years: whoever asks for more has mistaken the unit."""
_MOST_BASES = 3


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
    compare: BasePeriod | tuple[BasePeriod, ...] | None = None
    """One base or several; ``run.run_report`` compares."""
    profile: Profile | None = None
    """Deadlines, rates and scores; the default profile when not given."""
    profile_is_setting: bool = False
    """The profile is the store's setting, not asked of this report: one that uses none ignores it."""
    as_of: datetime | None = None
    """The moment of the count: what falls due later is not counted. Default: the period's end or
    the latest time in the store, whichever is earlier."""
    basis: Basis = "event"
    """A figure counts in the period of its own event, or of the order's receipt (``kpi.basis``)."""
    co: bool = False
    """Count by 协办单位 instead of 主办单位."""
    granularity: Granularity | None = None
    """``trend``: length of one step; by default fitted to the period."""
    hours: float | None = None
    """``supervise``: what falls due within so many hours; default from the rules."""
    proactive: bool = False
    """``channels``: found by grid workers and the like against called in."""
    population: Population | None = None
    """``areas``: residents by area, for figures per 10,000."""
    rules: Rules | None = None
    """A report's own rules, in place of the shipped ones."""
    namesakes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Found in the store (``namesakes``): a name that several areas have → how each of them is printed."""

    def __post_init__(self) -> None:
        """Refuse an unknown level or step, naming the and numbers that cannot be."""
        if self.by is not None and self.by not in LEVELS:
            labelled = [name for name, label in LEVELS.items() if label == self.by]
            hint = did_you_mean(self.by, LEVELS) if not labelled else f"是不是 {labelled[0]}？"
            raise UsageError(f"没有 {self.by} 这个分组", remedy=f"{hint}可用：{'、'.join(LEVELS)}。")
        steps = get_args(Granularity)
        if self.granularity is not None and self.granularity not in steps:
            hint = did_you_mean(self.granularity, steps)
            raise UsageError(f"没有 {self.granularity} 这个粒度", remedy=f"{hint}可用：{'、'.join(steps)}。")
        bases = get_args(Basis)
        if self.basis not in bases:
            hint = did_you_mean(self.basis, bases)
            raise UsageError(f"没有 {self.basis} 这种归期", remedy=f"{hint}可用：{'、'.join(bases)}。")
        if self.hours is not None and not 0 <= self.hours <= _MOST_HOURS:
            raise UsageError(
                f"--hours 须在 0 到 {_MOST_HOURS} 之间，不能是 {self.hours:g}", remedy="例如 --hours 24。"
            )
        if self.top is not None and self.top < 1:
            raise UsageError("--top 须是正整数", remedy="例如 --top 10。")
        if len(self.bases) > _MOST_BASES or len(set(self.bases)) < len(self.bases):
            raise UsageError(
                f"--compare 至多写 {_MOST_BASES} 个时间段，不能重复",
                remedy="例如 --compare previous,last-year。",
            )

    @property
    def bases(self) -> tuple[BasePeriod, ...]:
        """What the period is compared with, in the order asked for."""
        if self.compare is None:
            return ()
        return self.compare if isinstance(self.compare, tuple) else (self.compare,)

    @property
    def periods(self) -> list[Period]:
        """The periods that were written out: the query's own, and those it is compared with."""
        return [period for period in (self.period, *self.bases) if isinstance(period, Period)]

    def described(self) -> dict[str, str]:
        """Return the filters in use, for the table's head."""
        return {
            f.name: _described(value)
            for f in fields(self)
            if f.name in FILTER_LABELS
            and not (f.name == "profile" and self.profile_is_setting)
            and (value := getattr(self, f.name)) not in (None, False, "event")
        }


def _described(value: object) -> str:
    if isinstance(value, Profile):
        return value.name
    if isinstance(value, Period):
        return value.text
    if isinstance(value, tuple):
        return ",".join(map(_described, value))
    return "是" if value is True else str(value)


AREA_LEVELS = ("district", "street", "community", "grid")
"""The levels of areas, the widest first."""
LABEL_LEVELS = ("category", "subcategory")
"""The levels that come from an order's label."""
LABEL_COLUMNS = frozenset((
    *LABEL_LEVELS, "confidence", "needs_review", "label_origin", "predicted_request_type",
    "effective_request_type",
))  # fmt: skip
"""What the view ``orders`` has beside the columns of ``stored_orders``."""


NAMED = "named_"
"""Before the name of a view whose areas of one name are printed with their parents."""


def view_of(query: Query, columns: Iterable[str | None] | None = None) -> str:
    """Return the view that has ``columns`` and what the filters look at: ``orders`` or ``stored_orders``.

    Without ``columns`` it is the one that has all. To join millions of orders with their labels takes
    longer than to count them, so a report names the columns that may come from a label.
    """
    needs_labels = query.category is not None or columns is None or not LABEL_COLUMNS.isdisjoint(columns)
    view = "orders" if needs_labels else "stored_orders"
    return f"{NAMED}{view}" if query.namesakes else view


def scope(query: Query, period: Period | None = None, *, columns: Iterable[str | None] | None = None) -> str:
    """Return the SELECT of the orders a question is about; ``period`` replaces the query's own.

    ``columns`` as for ``view_of``.
    """
    conditions = [*period_conditions(period or query.period), *filter_conditions(query)]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT * FROM {view_of(query, columns)}{where}"


def period_conditions(period: Period | None) -> list[str]:
    """Return the SQL conditions that an order was received within the period."""
    if period is None:
        return []
    return [
        f"received_at >= {midnight(period.start)}",
        f"received_at < {midnight(period.end)}",
    ]


def midnight(day: date) -> str:
    """Return the start of a day as an SQL literal."""
    return literal(datetime.combine(day, time()))


def known_at_sql(as_of: datetime | None) -> str:
    """Return the condition that an order had come in at a moment given by hand; ``TRUE`` without one."""
    return f"coalesce(received_at <= {literal(last_moment(as_of))}, TRUE)" if as_of else "TRUE"


def last_moment(moment: datetime) -> datetime:
    """Return the last moment before a midnight: what happened on the day that begins there was not yet.

    A limit that ends at that 24:00 has passed all the same (``kpi.facts.PASSED``).
    """
    return moment - timedelta(microseconds=1) if moment.time() == time() else moment


def co_units_sql() -> str:
    """Return the list of an order's helping units, each once; null where it has none.

    An import writes ``;`` between them; orders stored before may have what the export had.
    """
    apart = literal(r"\1;\2")
    marked = f"regexp_replace(co_departments, {literal(BLANK_BETWEEN_NAMES)}, {apart}, 'g')"
    marked = f"regexp_replace({marked}, {literal(BETWEEN_NAMES)}, ';', 'g')"
    return f"list_distinct(string_split(trim({marked}, '; '), ';'))"


def filter_conditions(query: Query) -> list[str]:
    """Return the SQL conditions of the other filters: category, department, area, channel.

    What came in after a moment given by hand was not known at it.
    """
    conditions = []
    if query.as_of is not None:
        conditions.append(known_at_sql(query.as_of))
    if query.category is not None:
        text = literal(query.category)
        conditions.append(f"(category = {text} OR subcategory = {text})")
    if query.department is not None and query.co:
        conditions.append(f"list_contains({co_units_sql()}, {literal(query.department)})")
    elif query.department is not None:
        conditions.append(f"department = {literal(query.department)}")
    if query.area is not None:
        names = (query.area, *query.namesakes.get(query.area, ()))
        one_of = f"IN ({', '.join(map(literal, names))})"
        conditions.append(f"({' OR '.join(f'{level} {one_of}' for level in AREA_LEVELS)})")
    if query.channel is not None:
        conditions.append(f"channel = {literal(query.channel)}")
    return conditions
