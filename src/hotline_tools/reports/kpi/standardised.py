"""Rates as they would be if units handled alike categories, and pairs whose order turns round (Simpson).

Standardisation is indirect (Breslow & Day 1987, "Statistical methods in cancer research" II, chapter 2):
the orders that a unit would have had in the numerator, had each of its categories the rate of the whole
scope, are expected; observed ÷ expected × the rate of the whole scope is the standardised rate. It counts
the rarer side (in time, or late), so that it stays between 0 and 1, and needs no cell to be large.

Two units are compared within categories by the rate difference of Mantel & Haenszel (1959; Greenland &
Robins 1985) over the categories that both handle, where these hold most of the orders of each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from hotline_tools.reports.kpi.cells import UnitCells
from hotline_tools.reports.kpi.dispersion import Dispersion
from hotline_tools.reports.kpi.profile import Rate
from hotline_tools.reports.kpi.ranking import ALPHA
from hotline_tools.table import Note, NoteKind

_Z = NormalDist().inv_cdf(1 - ALPHA / 2)
_MOST_UNITS = 500
"""Units of a group that are compared pair by pair, the largest."""
_MOST_PAIRS = 3
_LEAST_SHARED, _SHARED_PART = 5, 0.5
"""Categories count in which both units have so many orders; they must hold this part of each one's orders."""
Row = dict[str, Any]


@dataclass(frozen=True)
class Reversal:
    """A unit that is lower than another in a rate, but higher among orders of one category."""

    rate: Rate
    lower: Row
    higher: Row
    within: float
    """How much higher within categories (0-1)."""


def has_categories(cells: UnitCells) -> bool:
    """Tell whether there are categories to standardise by."""
    return len({name for unit in cells.by_category.values() for name in unit}) > 1


def standardise(rows: Sequence[Row], rates: Sequence[Rate], cells: UnitCells) -> None:
    """Write NAME_standardised into the rows; without categories it stays away."""
    if not has_categories(cells):
        return
    for rate in rates:
        totals: dict[str, list[float]] = {}
        for unit in cells.by_category.values():
            for category, cell in unit.items():
                total = totals.setdefault(category, [0.0, 0.0])
                total[0] += cell[rate.name][0]
                total[1] += cell[rate.name][1]
        orders = sum(total[1] for total in totals.values())
        whole = sum(total[0] for total in totals.values()) / orders if orders else 0.0
        expected_rates = {name: n / d for name, (n, d) in totals.items() if d}
        for row in rows:
            unit = cells.by_category.get(row["unit"], {})
            counts = [(expected_rates.get(name, 0.0), *cell[rate.name]) for name, cell in unit.items()]
            row[f"{rate.name}_standardised"] = _standardised(counts, whole)


def _standardised(counts: Sequence[tuple[float, float, float]], whole: float) -> float | None:
    """Return a unit's standardised rate from (rate of the scope, numerator, denominator) by category."""
    orders = sum(d for _, _, d in counts)
    if not orders:
        return None
    observed, expected = sum(n for _, n, _ in counts), sum(share * d for share, _, d in counts)
    if whole <= 0.5:
        return min(1.0, whole * observed / expected) if expected else whole
    missed, expected = orders - observed, orders - expected
    return max(0.0, 1 - (1 - whole) * missed / expected) if expected else whole


def reversals(
    rows: Sequence[Row], rates: Sequence[Rate], cells: UnitCells, dispersions: Mapping[str, Dispersion]
) -> list[Reversal]:
    """Return the pairs of ranked units of a group whose order within categories is the other way round.

    Both differences are beyond chance (5 %), the one within categories for all pairs asked about at once
    (Bonferroni); the largest comes first.
    """
    if not has_categories(cells):
        return []
    found = []
    groups: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: -row["orders"]):
        if row["rank"] is not None:
            groups.setdefault(row["group"], []).append(row)
    for rate in rates:
        factor = dispersions.get(rate.name, Dispersion()).factor
        for members in groups.values():
            units = [row for row in members[:_MOST_UNITS] if row[f"{rate.name}_denominator"]]
            found += _reversed_pairs(rate, units, cells, factor)
    return sorted(found, key=lambda one: -one.within)


def _reversed_pairs(rate: Rate, units: Sequence[Row], cells: UnitCells, factor: float) -> list[Reversal]:
    if len(units) < 2:
        return []
    of_units = [cells.by_category.get(row["unit"], {}) for row in units]
    names = sorted({name for unit in of_units for name in unit})
    counts = np.array([[unit[c][rate.name] if c in unit else (0, 0) for c in names] for unit in of_units])
    hits, orders = counts[..., 0].astype(float), counts[..., 1].astype(float)
    all_orders = orders.sum(axis=1)
    share = hits.sum(axis=1) / all_orders
    smoothed = (hits.sum(axis=1) + 0.5) / (all_orders + 1)
    spread = factor * smoothed * (1 - smoothed)
    raw = share[:, None] - share[None, :]
    raw_error = np.sqrt(spread[:, None] / all_orders[:, None] + spread[None, :] / all_orders[None, :])
    weights, within, variance, shared = (np.zeros_like(raw) for _ in range(4))
    for hit, order in zip(hits.T, orders.T, strict=True):
        enough = order >= _LEAST_SHARED
        both = enough[:, None] & enough[None, :]
        sizes = np.maximum(order, 1)
        weight = both * sizes[:, None] * sizes[None, :] / (sizes[:, None] + sizes[None, :])
        here = hit / sizes
        weights += weight
        within += weight * (here[:, None] - here[None, :])
        variance += weight**2 * (spread[:, None] / sizes[:, None] + spread[None, :] / sizes[None, :])
        shared += both * order[:, None]
    part = shared / all_orders[:, None]
    comparable = (part >= _SHARED_PART) & (part.T >= _SHARED_PART)
    within /= np.maximum(weights, 1e-9)
    error = np.sqrt(variance) / np.maximum(weights, 1e-9)
    asked = comparable & (raw < -_Z * raw_error)
    turned = asked & (within > NormalDist().inv_cdf(1 - ALPHA / max(2, int(asked.sum()))) * error)
    return [
        Reversal(rate, units[a], units[b], float(within[a, b]))
        for a, b in zip(*np.nonzero(turned), strict=True)
    ]


def standardised_notes(found: Sequence[Reversal], cells: UnitCells, scored: Sequence[Rate]) -> list[Note]:
    """Say how rates were standardised, and warn of pairs whose order turns round."""
    if not has_categories(cells):
        return []
    text = (
        "按类别标准化的率 = 全范围的率 × 实际件数 ÷ 按各类别全范围的率应有的件数（取少的一侧计）："
        "承办类别难易不同的单位，比各率本身更公允。"
    )
    about = tuple(f"{rate.name}_standardised" for rate in scored)
    notes = [Note(NoteKind.DEFINITION, text, about)]
    if found:
        parts = [_said(one) for one in found[:_MOST_PAIRS]]
        more = f"，另有 {len(found) - _MOST_PAIRS:,} 对" if len(found) > _MOST_PAIRS else ""
        text = f"同类工单相比，先后与名次相反（各单位承办的类别不同所致）：{'；'.join(parts)}{more}。"
        notes.append(Note(NoteKind.QUALITY, text))
    return notes


def _said(one: Reversal) -> str:
    name, label = one.rate.name, one.rate.label
    low, high = (f"{row['unit']}（{row[name]:.1%}）" for row in (one.lower, one.higher))
    return f"{label}{low}低于{high}，同类工单相比却高 {one.within * 100:.1f} 个百分点"
