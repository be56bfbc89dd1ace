"""KPIs of units from their counts: which rates can be computed, and the rows of the table."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hotline_tools.reports.common import rate_cells, rate_fields
from hotline_tools.reports.kpi.facts import NONE_CLOSED, column_label, needs_of
from hotline_tools.reports.kpi.profile import Profile, Rate
from hotline_tools.reports.kpi.statement import flag_name
from hotline_tools.table import Cell, Field, FieldType

Counts = dict[str, Any]
"""One row of departments.sql."""

_DURATIONS = (
    ("hours", "办理时长", "小时"),
    ("working_hours", "办理工时", "工作小时"),
)
_STATISTICS = (("median", "中位"), ("mean", "平均"), ("p90", "P90"))
_SHOWN_DURATION = ("hours", "median")
"""The one a narrow terminal has room for."""


@dataclass(frozen=True)
class Kpis:
    """What a profile's rates come to in one scope."""

    profile: Profile
    rates: tuple[Rate, ...]
    """The rates that this export supports."""
    missing: dict[str, str]
    """Label of a KPI that it cannot support → what is lacking, in Chinese."""
    missing_optional: dict[str, str]
    durations: bool

    @classmethod
    def of(cls, profile: Profile, total: Counts) -> "Kpis":
        """Decide from the total row and its has_COLUMN flags."""
        lacking = {rate.name: _lacking(rate, profile, total) for rate in profile.rates}
        durations = bool(total["has_received_at"]) and bool(total["has_closed_at"])
        missing = {r.label: lacking[r.name] for r in profile.rates if lacking[r.name] and not r.optional}
        if not durations and total["orders"]:
            names = [
                n
                for n, c in (("受理时间", "received_at"), ("办结时间", "closed_at"))
                if not total[f"has_{c}"]
            ]
            missing["办理时长"] = f"缺{'、'.join(names)}"
        return cls(
            profile=profile,
            rates=tuple(rate for rate in profile.rates if not lacking[rate.name]),
            missing=missing,
            missing_optional={
                r.label: lacking[r.name] for r in profile.rates if lacking[r.name] and r.optional
            },
            durations=durations,
        )

    @property
    def scored(self) -> tuple[Rate, ...]:
        """The rates that give points and can be computed."""
        return tuple(rate for rate in self.rates if rate.score)

    @property
    def points(self) -> float:
        """The full score of what can be computed."""
        return sum(rate.score.points for rate in self.scored if rate.score)


def kpi_rows(kpis: Kpis, counted: Iterable[Counts]) -> list[dict[str, Any]]:
    """Turn counts into rows with rates; a rate without denominator is None."""
    return [{"unit": counts["unit"], **_values(kpis, counts)} for counts in counted]


def kpi_total(kpis: Kpis, counts: Counts) -> dict[str, Cell]:
    """Return the totals: pooled counts, so pooled rates."""
    return dict(_values(kpis, counts))


def kpi_columns(kpis: Kpis, unit: str) -> tuple[Field, ...]:
    """Return the table's columns after the rank."""
    columns = [
        Field("group", "组别"),
        Field("unit", unit),
        Field("orders", "工单数", "integer", "件"),
        Field("orders_rank", "受理量位次", "integer", detail=True, comparable=False),
    ]
    if kpis.points:
        columns += [
            Field("score", "得分", "number", "分"),
            Field("score_points", "计分项满分", "number", "分", detail=True, comparable=False),
            Field("board", "红黑榜"),
        ]
    columns += [Field("small_n", "样本少", "list"), Field("unranked_because", "未排名原因", detail=True)]
    for rate in kpis.rates:
        columns += rate_fields(rate.name, rate.label)
    if kpis.durations:
        columns.append(Field("timed", "有时长的工单", "integer", "件", detail=True, comparable=False))
        columns.append(
            Field("negative_durations", "时长为负（剔除）", "integer", "件", detail=True, comparable=False)
        )
        number: FieldType = "number"
        columns += [
            Field(f"{name}_{key}", f"{label}{word}", number, unit_, detail=(name, key) != _SHOWN_DURATION)
            for name, label, unit_ in _DURATIONS
            for key, word in _STATISTICS
        ]
    return tuple(columns)


def _values(kpis: Kpis, counts: Counts) -> dict[str, Any]:
    values: dict[str, Any] = {"orders": counts["orders"]}
    for rate in kpis.rates:
        name = rate.name
        values |= rate_cells(name, counts[f"{name}_numerator"], counts[f"{name}_denominator"])
    if kpis.durations:
        values["timed"] = counts["timed"]
        values["negative_durations"] = counts["negative_durations"]
        for name, _, _ in _DURATIONS:
            for key, _ in _STATISTICS:
                value = counts[f"{name}_{key}"]
                values[f"{name}_{key}"] = None if value is None else round(float(value), 4)
    return values


def _lacking(rate: Rate, profile: Profile, total: Counts) -> str:
    """Say what an export lacks for a rate; empty when it can be computed, or nothing is in scope."""
    if not total["orders"]:
        return ""
    groups = dict.fromkeys(group for fact in rate.facts for group in needs_of(fact, profile))
    unmet = [group for group in groups if not any(_has(total, need) for need in group)]
    if any(not group for group in unmet):
        return "口径里没有规定这个时限"
    if unmet:
        named = (
            "或".join(column_label(column, profile) for column in group if column != NONE_CLOSED)
            for group in unmet
        )
        return f"缺{'、'.join(named)}"
    return ""


def _has(total: Counts, need: str) -> bool:
    return all(total[flag_name(column)] for column in need.split("&"))
