"""KPIs of units from their counts: which rates can be computed, and the rows of the table."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hotline_tools.reports.common import LABELS, counted_rate, rate_fields
from hotline_tools.reports.kpi.carry_over import LABELS as FLOW_LABELS
from hotline_tools.reports.kpi.carry_over import carry_over_fields
from hotline_tools.reports.kpi.durations import hours
from hotline_tools.reports.kpi.facts import FACTS, ISSUE, NONE_CLOSED, column_label, rate_needs
from hotline_tools.reports.kpi.profile import Profile, Rate
from hotline_tools.reports.kpi.score_model import Item
from hotline_tools.reports.kpi.statement import flag_name
from hotline_tools.reports.statistics import wilson
from hotline_tools.table import Cell, Field, FieldType

UnitCounts = dict[str, Any]
"""One row of departments.sql."""
Has = Callable[[str], bool]
"""Does an export fill a column (or meet ``NONE_CLOSED``, ``ISSUE``, ``fact:NAME``)?"""
DURATIONS = "办理时长"
DURATION_NEEDS = ("received_at", "closed_at")

_DURATIONS = (
    ("hours", DURATIONS, "小时"),
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
    closings: bool
    """Whether the export says what is closed, so that orders can be carried over."""

    @classmethod
    def of(cls, profile: Profile, total: UnitCounts) -> "Kpis":
        """Decide from the total row and its has_COLUMN flags."""

        def has(need: str) -> bool:
            return bool(total[flag_name(need)])

        found: dict[str, str] = {}
        durations = not lacking_durations(has)
        if total["active"]:  # an empty scope lacks orders, not columns
            found = {rate.name: why for rate in profile.rates if (why := lacking(rate, profile, has))}
        missing = {r.label: found[r.name] for r in profile.rates if r.name in found and not r.optional}
        if not durations and total["active"]:
            missing[DURATIONS] = lacking_durations(has)
        return cls(
            profile=profile,
            rates=tuple(rate for rate in profile.rates if rate.name not in found),
            missing=missing,
            missing_optional={
                r.label: found[r.name] for r in profile.rates if r.name in found and r.optional
            },
            durations=durations,
            closings=not lacking_closings(has),
        )

    @property
    def scored(self) -> tuple[Rate, ...]:
        """The rates that give points and can be computed."""
        return tuple(rate for rate in self.rates if rate.score)

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of the score beside the rates that can be computed."""
        names = {rate.name for rate in self.rates}
        return tuple(item for item in self.profile.items if not item.rate or item.rate in names)

    @property
    def judged(self) -> tuple[Rate, ...]:
        """The rates by which units are told apart: the scored ones and those of items and boards."""
        asked = {item.rate for item in self.items} | {board.by for board in self.profile.boards}
        return tuple(rate for rate in self.rates if rate.score or rate.name in asked)

    @property
    def points(self) -> float:
        """The full score of what can be computed."""
        rates = sum(rate.score.points for rate in self.scored if rate.score)
        return rates + sum(item.points for item in self.items if item.is_full_mark)


def kpi_rows(kpis: Kpis, counted: Iterable[UnitCounts]) -> list[dict[str, Any]]:
    """Turn counts into rows with rates; a rate without denominator is None.

    A unit that received nothing, closed nothing, was open on nothing and is in no rate is no row.
    """
    return [{"unit": counts["unit"], **_values(kpis, counts)} for counts in counted if takes_part(counts)]


def takes_part(counts: Mapping[str, Any]) -> bool:
    """Tell whether a unit's counts, or its row, have anything of the period; a row of the base has not."""
    bases = (name for name in counts if name.endswith("_denominator"))
    return any(counts.get(name) for name in ("orders", *FLOW_LABELS, *bases))


def kpi_total(kpis: Kpis, counts: UnitCounts) -> dict[str, Cell]:
    """Return the totals: pooled counts, so pooled rates."""
    return dict(_values(kpis, counts))


def kpi_columns(kpis: Kpis, unit: str, *, standardised: bool) -> tuple[Field, ...]:
    """Return the table's columns after the rank; ``standardised``: with rates standardised by category."""
    columns = [
        Field("group", "组别"),
        Field("unit", unit),
        Field("orders", "工单数", "integer", "件", decides=True),
        *(carry_over_fields() if kpis.closings else ()),
        Field("orders_rank", "受理量位次", "integer", detail=True, comparable=False),
    ]
    if kpis.points:
        columns += [
            Field("score", "得分", "number", "分", decides=True),
            Field("score_points", "计分项满分", "number", "分", detail=True, comparable=False),
            *(
                Field(f"{name}_points", f"{label}得分", "number", "分", detail=True, comparable=False)
                for name, label in [
                    *((rate.name, rate.label) for rate in kpis.scored),
                    *((item.name, item.label) for item in kpis.items),
                ]
            ),
            Field("standing", "与全组相比", detail=True),
            Field("rank_low", "名次区间起", "integer", detail=True, comparable=False),
            Field("rank_high", "名次区间止", "integer", detail=True, comparable=False),
        ]
    columns += [Field(board.column, board.label, decides=True) for board in kpis.profile.boards]
    columns += [Field("small_n", "样本少", "list"), Field("unranked_because", "未排名原因", detail=True)]
    for rate in kpis.rates:
        columns += rate_fields(rate.name, rate.label, decides=rate in kpis.scored)
        beside = {"low": "下限", "high": "上限"}
        if standardised and rate.score:
            beside["standardised"] = "（按类别标准化）"
        form = Field("", "", "rate", detail=True, comparable=False, estimate_of=rate.name)
        columns += [
            replace(form, name=f"{rate.name}_{end}", label=f"{rate.label}{word}")
            for end, word in beside.items()
        ]
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


def _values(kpis: Kpis, counts: UnitCounts) -> dict[str, Any]:
    values: dict[str, Any] = {"orders": counts["orders"]}
    if kpis.closings:
        values |= {name: counts[name] for name in FLOW_LABELS}
    for rate in kpis.rates:
        values |= counted_rate(rate.name, counts)
        low, high = _interval(values[f"{rate.name}_numerator"], values[f"{rate.name}_denominator"])
        values |= {f"{rate.name}_low": low, f"{rate.name}_high": high}
    if kpis.durations:
        values["timed"] = counts["timed"]
        values["negative_durations"] = counts["negative_durations"]
        for name, _, _ in _DURATIONS:
            for key, _ in _STATISTICS:
                values[f"{name}_{key}"] = hours(counts[f"{name}_{key}"])
    return values


def _interval(numerator: int, denominator: int) -> tuple[float | None, float | None]:
    """Return the ends of a rate's 95 % interval (Wilson 1927); none without a denominator."""
    return wilson(numerator, denominator) or (None, None)


def lacking(rate: Rate, profile: Profile, has: Has) -> str:
    """Say in Chinese what an export lacks for a rate; empty when the rate can be computed."""
    unmet = [group for group in rate_needs(rate, profile) if not any(_meets(need, has) for need in group)]
    if any(not group for group in unmet):
        return "口径里没有规定这个时限"
    if unmet:
        named = (
            "或".join(column_label(column, profile) for column in group if column != NONE_CLOSED)
            for group in unmet
        )
        return f"缺{'、'.join(named)}"
    return ""


def lacking_durations(has: Has) -> str:
    """Say in Chinese what an export lacks for handling times; empty when they can be computed."""
    missing = [LABELS[column] for column in DURATION_NEEDS if not has(column)]
    return f"缺{'、'.join(missing)}" if missing else ""


def lacking_closings(has: Has) -> bool:
    """Tell whether nothing says what is closed, so that no order can be carried over."""
    return not any(has(column) for group in FACTS["closed"].needs for column in group)


def lacking_kpis(profile: Profile, has: Has) -> dict[str, str]:
    """Return the label of each KPI that an export cannot support → what it lacks, the optional ones too.

    ``has`` tells whether the export fills a column. Of a file that is not imported yet it also answers for
    ``NONE_CLOSED`` (true when no order is closed), ``ISSUE`` and ``fact:NAME``: see ``of_file``.
    """
    found = {rate.label: lacking(rate, profile, has) for rate in profile.rates}
    found[DURATIONS] = lacking_durations(has)
    return {label: why for label, why in found.items() if why}


def of_file(filled: Collection[str], *, none_closed: bool = False) -> Has:
    """Return ``has`` for a file before its import: which columns it fills, and whether no order is closed.

    Repeat issues and the profile's own facts are found only after the import: nothing is said against them.
    """
    return lambda need: (
        need in filled or need == ISSUE or need.startswith("fact:") or (need == NONE_CLOSED and none_closed)
    )


def _meets(need: str, has: Has) -> bool:
    return all(has(column) for column in need.split("&"))
