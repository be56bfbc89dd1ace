"""Scores of units from their counts: who takes part in the ranking, and the points of each part."""

from typing import Any

from hotline_tools.reports.kpi.patterns import fits
from hotline_tools.reports.kpi.profile import Profile, Rate
from hotline_tools.reports.kpi.ranking import RankedUnit
from hotline_tools.reports.kpi.rates import Kpis
from hotline_tools.reports.kpi.score_model import Board, Item
from hotline_tools.reports.kpi.unit_score import Part, UnitScore, item_part, plain_part, rate_part

OTHERS, ALL = "其他", "全部"
_DECIMALS = 4
Row = dict[str, Any]


def group_of(row: Row, profile: Profile, level: str) -> str:
    """Return the group a unit is ranked in."""
    groups = [group for group in profile.groups if group.level == level]
    if not groups:
        return ALL
    return next(
        (g.name for g in groups if row["orders"] >= g.orders_from and fits(row["unit"], g.match)), OTHERS
    )


def small_n(row: Row, kpis: Kpis) -> list[str]:
    """Name what rests on too few orders: the orders themselves, or a scored rate's denominator."""
    few = ["工单数"] if row["orders"] < kpis.profile.minimum_orders else []
    return few + [rate.label for rate in kpis.scored if not _enough(row, rate, kpis.profile)]


def unranked_because(row: Row, kpis: Kpis, unknown_unit: str) -> str | None:
    """Say why a unit has no rank; None when it has one."""
    least = kpis.profile.minimum_orders
    if not _takes_part(row, kpis.profile, unknown_unit):
        return "未填写单位" if row["unit"] == unknown_unit else f"工单数不足 {least:,} 件"
    lacking = [rate for rate in kpis.scored if not _enough(row, rate, kpis.profile)]
    needed = [rate for rate in kpis.rates if rate.required and not _enough(row, rate, kpis.profile)]
    if kpis.profile.missing == "unranked" or (lacking and len(lacking) == len(kpis.scored)):
        needed += [rate for rate in lacking if rate not in needed]
    none = [rate.label for rate in needed if not row[f"{rate.name}_denominator"]]
    few = [rate.label for rate in needed if row[f"{rate.name}_denominator"]]
    said = [f"{'、'.join(none)}无分母"] if none else []
    said += [f"{'、'.join(few)}分母不足 {least:,} 件"] if few else []
    return "；".join(said) or None


def entries_by_score(rows: list[Row], kpis: Kpis) -> list[RankedUnit]:
    """Score the units of a group that are ranked, and write the points into their rows."""
    ranked = [row for row in rows if not row["unranked_because"]] if kpis.points else []
    largest = max((row["orders"] for row in ranked), default=1)
    return [RankedUnit(row, _score(row, kpis, largest)) for row in ranked]


def entries_of(board: Board, rows: list[Row], kpis: Kpis, unknown_unit: str) -> list[RankedUnit]:
    """Return the units of a group with enough orders in the rate that a board goes by."""
    return [
        RankedUnit(row, UnitScore((plain_part(rate, _counts(row, rate.name)),)))
        for rate in kpis.rates
        if rate.name == board.by
        for row in rows
        if _takes_part(row, kpis.profile, unknown_unit) and _enough(row, rate, kpis.profile)
    ]


def _takes_part(row: Row, profile: Profile, unknown_unit: str) -> bool:
    return row["unit"] != unknown_unit and int(row["orders"]) >= profile.minimum_orders


def _enough(row: Row, rate: Rate, profile: Profile) -> bool:
    return int(row[f"{rate.name}_denominator"]) >= profile.minimum_orders


def _counts(row: Row, rate: str) -> tuple[float, float]:
    return row[f"{rate}_numerator"], row[f"{rate}_denominator"]


def _score(row: Row, kpis: Kpis, largest: int) -> UnitScore:
    """Score a unit; ``largest``: the orders of the largest ranked unit of its group."""
    known = [rate for rate in kpis.scored if rate.score and _enough(row, rate, kpis.profile)]
    full = sum(rate.score.points for rate in known if rate.score)
    whole = sum(rate.score.points for rate in kpis.scored if rate.score)
    scale = whole / full if full else 1.0  # makes up for the rates that the unit lacks
    parts = [rate_part(rate, _counts(row, rate.name), scale) for rate in known]
    for part in parts:
        row[f"{part.name}_points"] = round(part.value / scale, _DECIMALS)
    fixed = 0.0
    for item in kpis.items:
        given = _given(item, row, largest)
        if isinstance(given, Part):
            parts.append(given)
        else:
            fixed += given
        points = given.value if isinstance(given, Part) else given
        row[f"{item.name}_points"] = round(points, _DECIMALS)
    score = UnitScore(tuple(parts), fixed)
    row["score"] = round(score.value, _DECIMALS)
    full += sum(item.points for item in kpis.items if item.is_full_mark)
    row["score_points"] = round(full, _DECIMALS)
    return score


def _given(item: Item, row: Row, largest: int) -> Part | float:
    """Return what an item gives: points that are certain, or a part that rests on counts of orders."""
    if item.kind == "basic":
        return dict(item.marks).get(row["unit"], item.points)
    if item.kind == "workload":
        return item.points * float(row["orders"]) / largest
    counts = _counts(row, item.rate)
    return item_part(item, counts) if counts[1] else 0.0
