"""Ranks within groups and boards, put into the rows of ``report departments``."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from hotline_tools.reports.kpi.cells import UnitCells
from hotline_tools.reports.kpi.dispersion import Dispersion, between, within
from hotline_tools.reports.kpi.ranking import (
    ALPHA,
    BETWEEN,
    LEAST_UNITS,
    BoardVerdict,
    RankedUnit,
    equal_rates_p,
    put_on_board,
    rank_intervals,
    standings,
)
from hotline_tools.reports.kpi.rates import Kpis
from hotline_tools.reports.kpi.score_model import SCORE, Board
from hotline_tools.reports.kpi.scoring import (
    ALL,
    OTHERS,
    Row,
    entries_by_score,
    entries_of,
    group_of,
    small_n,
    unranked_because,
)
from hotline_tools.reports.kpi.unit_score import pooled

_FIGURES = ("rank", "rank_low", "rank_high", "score", "score_points", "standing")


@dataclass(frozen=True)
class Ranking:
    """The rows in the order they are read, and what was found about groups and boards."""

    rows: list[Row]
    verdicts: tuple[BoardVerdict, ...]
    dispersions: Mapping[str, Dispersion]
    """As seen from week to week: of the score (``SCORE``) and of rates by name; without weeks none."""


def rank_units(rows: list[Row], kpis: Kpis, level: str, unknown_unit: str, cells: UnitCells) -> Ranking:
    """Add group, score, rank, rank interval, standing and boards; rows come best first, unranked last."""
    profile = kpis.profile
    for row in rows:
        row["group"] = group_of(row, profile, level)
        row["small_n"] = small_n(row, kpis)
        row["unranked_because"] = unranked_because(row, kpis, unknown_unit) if kpis.points else None
        row.update(dict.fromkeys((*_FIGURES, *(board.column for board in profile.boards))))
        row["orders_rank"] = 1 + sum(other["orders"] > row["orders"] for other in rows)
    names = [*(group.name for group in profile.groups if group.level == level), OTHERS, ALL]
    groups = {name: [row for row in rows if row["group"] == name] for name in names}
    scored = {name: entries_by_score(members, kpis) for name, members in groups.items()}
    seen = _dispersions([entry for entries in scored.values() for entry in entries], rows, kpis, cells)
    verdicts: dict[str, list[BoardVerdict]] = {board.name: [] for board in profile.boards}
    for name, members in groups.items():
        _rank(scored[name], _of_score(scored[name], seen))
        by_score = _judged(scored[name], SCORE, seen)
        for unit, standing in zip(scored[name], by_score.standings, strict=True):
            unit.row["standing"] = standing
        for board in profile.boards:
            units, judged = scored[name], by_score
            if board.by != SCORE:
                units = entries_of(board, members, kpis, unknown_unit)
                judged = _judged(units, board.by, seen)
            verdicts[board.name].append(_filled(board, name, units, judged))
    return Ranking(
        [row for name in names for row in sorted(groups[name], key=_place)],
        tuple(chain(*verdicts.values())),
        seen,
    )


def _place(row: Row) -> tuple[bool, int, int, str]:
    return row["rank"] is None, row["rank"] or 0, -row["orders"], row["unit"]


def _dispersions(
    entries: list[RankedUnit], rows: list[Row], kpis: Kpis, cells: UnitCells
) -> dict[str, Dispersion]:
    """Return the dispersions that can be seen from week to week inside the units."""
    taking_part = {row["unit"]: 1.0 for row in rows if not row["unranked_because"]}
    found = {rate.name: within(cells.by_time, {rate.name: taking_part}) for rate in kpis.judged}
    rates = pooled([entry.score for entry in entries])
    slopes: dict[str, dict[str, float]] = {name: {} for name in rates}
    for entry in entries:
        for part in entry.score.parts:
            of_rate, unit = slopes[part.name], entry.row["unit"]
            of_rate[unit] = of_rate.get(unit, 0.0) + part.slope(rates[part.name])
    found[SCORE] = within(cells.by_time, slopes)
    return {name: dispersion for name, dispersion in found.items() if dispersion}


def _of_rate(name: str, entries: list[RankedUnit], seen: Mapping[str, Dispersion]) -> Dispersion:
    """Return the dispersion of a rate; without weeks, that between the units."""
    counts = (part.counts for entry in entries for part in entry.score.parts if part.name == name)
    return seen.get(name) or between(list(counts))


def _of_score(entries: list[RankedUnit], seen: Mapping[str, Dispersion]) -> float:
    """Return the dispersion of the score; without weeks, the largest of its rates'."""
    if SCORE in seen:
        return seen[SCORE].factor
    return max((_of_rate(name, entries, seen).factor for name in _names(entries)), default=1.0)


def _names(entries: list[RankedUnit]) -> set[str]:
    return {part.name for entry in entries for part in entry.score.parts}


def _rank(entries: list[RankedUnit], dispersion: float) -> None:
    """Rank by score, ties sharing the better rank, each with the interval its rank may lie in."""
    intervals = rank_intervals([entry.score for entry in entries], dispersion)
    for entry, (low, high) in zip(entries, intervals, strict=True):
        rank = 1 + sum(other.row["score"] > entry.row["score"] for other in entries)
        entry.row.update(rank=rank, rank_low=min(low, rank), rank_high=max(high, rank))


@dataclass(frozen=True)
class _Judged:
    """Whether the units of a group differ, and how each stands to the middle."""

    p: float | None
    standings: list[str]


def _judged(units: list[RankedUnit], by: str, seen: Mapping[str, Dispersion]) -> _Judged:
    """Judge the units of a group by their score or by one rate; none is told apart where all may be alike."""
    alike = [BETWEEN] * len(units)
    if len(units) < LEAST_UNITS:
        return _Judged(None, alike)
    dispersions = {name: _of_rate(name, units, seen) for name in _names(units)}
    p = equal_rates_p(units, dispersions)
    if p > ALPHA:
        return _Judged(p, alike)
    factor = _of_score(units, seen) if by == SCORE else dispersions[by].factor
    return _Judged(p, standings(units, factor, dispersions))


def _filled(board: Board, group: str, units: list[RankedUnit], judged: _Judged) -> BoardVerdict:
    """Write a board of a group into the rows."""
    named = put_on_board(units, judged.standings, board.size, board.column)
    distinct = sum(standing != BETWEEN for standing in judged.standings)
    return BoardVerdict(board.label, group, len(units), judged.p, distinct, named)
