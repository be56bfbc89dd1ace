"""Scores, ranks within groups, 红榜 and 黑榜, and who must not be on them."""

from typing import Any

from hotline_tools.reports.kpi.patterns import fits
from hotline_tools.reports.kpi.profile import Profile, Rate, Score
from hotline_tools.reports.kpi.rates import Kpis

RED, BLACK = "红榜", "黑榜"
_OTHERS = "其他"
_DECIMALS = 4


def points_of(value: float, score: Score, *, lower_is_better: bool = False) -> float:
    """Turn a rate (0-1) into points; the formulas are told in ``profile.Score``."""
    if score.kind == "share":
        return score.points * (1 - value if lower_is_better else value)
    if score.kind == "linear_gap":
        gap = value - score.target if lower_is_better else score.target - value
        return max(score.floor, score.points - score.per_point * max(0.0, gap) * 100)
    reached = [
        points for edge, points in score.steps if (value <= edge if lower_is_better else value >= edge)
    ]
    return max(reached, default=score.floor)


def rank_units(rows: list[dict[str, Any]], kpis: Kpis, level: str, unknown_unit: str) -> list[dict[str, Any]]:
    """Add group, score, rank, board and flags; return the rows in the order they are read."""
    names = [group.name for group in kpis.profile.groups if group.level == level]
    for row in rows:
        row["group"] = _group_of(row["unit"], kpis.profile, level)
        row["small_n"] = _small(row, kpis)
        _score(row, kpis, unknown_unit)
        row["orders_rank"] = 1 + sum(other["orders"] > row["orders"] for other in rows)
    order = {name: index for index, name in enumerate([*names, _OTHERS, "全部"])}
    for name in order:
        _rank([row for row in rows if row["group"] == name], kpis)
    return sorted(
        rows,
        key=lambda row: (
            order[row["group"]],
            row["rank"] is None,
            row["rank"] or 0,
            -row["orders"],
            row["unit"],
        ),
    )


def _group_of(unit: str, profile: Profile, level: str) -> str:
    groups = [group for group in profile.groups if group.level == level]
    if not groups:
        return "全部"
    return next((group.name for group in groups if fits(unit, group.match)), _OTHERS)


def _small(row: dict[str, Any], kpis: Kpis) -> list[str]:
    """Name what rests on too few orders: the orders themselves, or a scored rate's denominator."""
    least = kpis.profile.minimum_orders
    few = ["工单数"] if row["orders"] < least else []
    return few + [rate.label for rate in kpis.scored if row[f"{rate.name}_denominator"] < least]


def _score(row: dict[str, Any], kpis: Kpis, unknown_unit: str) -> None:
    row.update(rank=None, score=None, score_points=None, board=None, unranked_because=None)
    if not kpis.points:
        return
    known = [rate for rate in kpis.scored if row[rate.name] is not None]
    row["unranked_because"] = _unranked(row, kpis, known, unknown_unit)
    if row["unranked_because"]:
        return
    full = sum(rate.score.points for rate in known if rate.score)
    got = sum(
        points_of(row[rate.name], rate.score, lower_is_better=rate.lower_is_better)
        for rate in known
        if rate.score
    )
    row["score"] = round(got * kpis.points / full, _DECIMALS)
    row["score_points"] = round(full, _DECIMALS)


def _unranked(row: dict[str, Any], kpis: Kpis, known: list[Rate], unknown_unit: str) -> str | None:
    if row["unit"] == unknown_unit:
        return "未填写单位"
    for rate in kpis.rates:
        if rate.required and row[rate.name] is None:
            return f"{rate.label}无分母"
    if not known:
        return "各计分项均无分母"
    if len(known) < len(kpis.scored) and kpis.profile.missing == "unranked":
        return f"{'、'.join(r.label for r in kpis.scored if r not in known)}无分母"
    return None


def _rank(rows: list[dict[str, Any]], kpis: Kpis) -> None:
    """Rank by score, ties sharing the better rank; boards hold only units with enough orders."""
    scores = [row["score"] for row in rows if row["score"] is not None]
    for row in rows:
        if row["score"] is not None:
            row["rank"] = 1 + sum(other > row["score"] for other in scores)
    fair = [row for row in rows if row["score"] is not None and not row["small_n"]]
    size = min(kpis.profile.board_size, len(fair) // 2)
    for row in fair:
        above = sum(other["score"] > row["score"] for other in fair)
        below = sum(other["score"] < row["score"] for other in fair)
        if (above < size) != (below < size):
            row["board"] = RED if above < size else BLACK
