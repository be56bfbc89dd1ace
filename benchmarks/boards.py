"""How often boards name a unit for nothing, and what they find: months simulated with known rates.

    python benchmarks/boards.py [--months 1000]

69 units of very different sizes (12 to 4,000 orders a month, as in a city of 30,000 orders) are judged by the
default profile's scored rates. Orders come in events of one to three orders that fall into one week and end
alike (dispersion 1 to 3); whether the caller was content depends on whether the matter was resolved. The
same code judges them as in ``report departments``. Told are: months with any unit on a board where all have
the same rates; how often units that are worse are found, and how many others are named; how often the rank
interval holds the true rank, and how wide it is; whether Simpson's paradox is told where it was planted.
"""

import argparse
from dataclasses import dataclass
from typing import Any

import numpy as np

from hotline_tools.reports.kpi.cells import UnitCells
from hotline_tools.reports.kpi.dispersion import TimeCells
from hotline_tools.reports.kpi.profile_file import find_profile
from hotline_tools.reports.kpi.rank_units import Ranking, rank_units
from hotline_tools.reports.kpi.ranking import BLACK, RED
from hotline_tools.reports.kpi.rates import Kpis
from hotline_tools.reports.kpi.standardised import reversals

RATES = ("on_time_rate", "resolved_rate", "satisfied_rate")
UNITS, WEEKS, REVISITED = 69, 5, 0.5
_BASE = (0.93, 0.85)
"""On time; resolved."""
_CONTENT = (0.97, 0.55)
"""Content where resolved, and where not."""


@dataclass(frozen=True)
class City:
    """Orders of each unit, and the true chance of being on time and resolved."""

    sizes: np.ndarray
    on_time: np.ndarray
    resolved: np.ndarray

    @classmethod
    def alike(cls, units: int = UNITS) -> "City":
        """Return units of equal rates, their sizes spread evenly on a log scale from 12 to 4,000."""
        sizes = np.exp(np.linspace(np.log(12), np.log(4000), units)).astype(int)
        return cls(sizes, np.full(units, _BASE[0]), np.full(units, _BASE[1]))

    @property
    def scores(self) -> np.ndarray:
        """The true scores, of 100."""
        content = self.resolved * _CONTENT[0] + (1 - self.resolved) * _CONTENT[1]
        return 40 * self.on_time + 30 * self.resolved + 30 * content


def simulated(city: City, dispersion: int, dice: np.random.Generator) -> Ranking:
    """Return the ranking of one month; ``dispersion`` orders make one event."""
    rows: list[dict[str, Any]] = []
    of_units: list[list[dict[str, tuple[float, float]]]] = []
    for number, size in enumerate(city.sizes):
        events = max(1, round(size / dispersion))
        week = dice.integers(WEEKS, size=events)
        on_time = dice.random(events) < city.on_time[number]
        resolved = dice.random(events) < city.resolved[number]
        content = dice.random(events) < np.where(resolved, *_CONTENT)
        asked = dice.binomial(dispersion, REVISITED, size=events)
        cells = []
        for one in range(WEEKS):
            here = week == one
            orders = int(here.sum()) * dispersion
            answered = int(asked[here].sum())
            cells.append(
                {
                    "on_time_rate": (int(on_time[here].sum()) * dispersion, orders),
                    "resolved_rate": (int(asked[here & resolved].sum()), answered),
                    "satisfied_rate": (int(asked[here & content].sum()), answered),
                }
            )
        unit = f"u{number}"
        of_units.append(cells)
        rows.append(_row(unit, events * dispersion, cells))
    return rank_units(rows, _kpis(), "department", "", UnitCells(_by_time(of_units)))


def _by_time(of_units: list[list[dict[str, tuple[float, float]]]]) -> TimeCells:
    every = [cell for cells in of_units for cell in cells]
    return TimeCells(
        tuple(f"u{number}" for number in range(len(of_units))),
        np.repeat(np.arange(len(of_units)), WEEKS),
        {name: tuple(np.array([cell[name][end] for cell in every]) for end in (0, 1)) for name in RATES},
    )


def _row(
    unit: str, orders: int, cells: list[dict[str, tuple[float, float]]], rates: tuple[str, ...] = RATES
) -> dict[str, Any]:
    row: dict[str, Any] = {"unit": unit, "orders": orders}
    for name in rates:
        numerator, denominator = (sum(cell[name][end] for cell in cells) for end in (0, 1))
        row |= {f"{name}_numerator": numerator, f"{name}_denominator": denominator}
        row[name] = numerator / denominator if denominator else None
    return row


def _kpis() -> Kpis:
    profile = find_profile("default")
    rates = tuple(rate for rate in profile.rates if rate.name in RATES)
    return Kpis(profile, rates, {}, {}, durations=False, closings=True)


def on_boards(ranking: Ranking) -> dict[str, str]:
    """Return who is on a board, and on which."""
    return {row["unit"]: row["board"] for row in ranking.rows if row["board"]}


def false_months(city: City, dispersion: int, months: int, seed: int = 1) -> float:
    """Return the share of months in which a board names a unit."""
    dice = np.random.default_rng(seed)
    return sum(bool(on_boards(simulated(city, dispersion, dice))) for _ in range(months)) / months


def worse(city: City, units: tuple[int, ...], points: float) -> City:
    """Return the city with these units on time and resolved less often, by ``points`` (0-1)."""
    on_time, resolved = city.on_time.copy(), city.resolved.copy()
    on_time[list(units)] -= points
    resolved[list(units)] -= points
    return City(city.sizes, on_time, resolved)


def found(city: City, planted: tuple[int, ...], dispersion: int, months: int) -> tuple[float, float]:
    """Return how often a planted unit is on the black board, and the share of months with another named."""
    dice = np.random.default_rng(2)
    names = {f"u{number}" for number in planted}
    hits = others = 0
    for _ in range(months):
        boards = on_boards(simulated(city, dispersion, dice))
        hits += sum(boards.get(name) == BLACK for name in names)
        others += any(name not in names or boards[name] == RED for name in boards)
    return hits / months / len(names), others / months


def coverage(dispersion: int, months: int) -> tuple[float, float]:
    """Return how often a unit's true rank is in its interval, and the mean width of the interval.

    The units' rates differ (standard deviation 4 points on time, 6 resolved).
    """
    dice = np.random.default_rng(3)
    inside = width = units = 0
    for _ in range(months):
        alike = City.alike()
        city = City(
            alike.sizes,
            np.clip(dice.normal(_BASE[0] - 0.03, 0.04, UNITS), 0.6, 0.995),
            np.clip(dice.normal(_BASE[1], 0.06, UNITS), 0.5, 0.99),
        )
        ranked = [row for row in simulated(city, dispersion, dice).rows if row["rank"]]
        truth = {row["unit"]: city.scores[int(row["unit"][1:])] for row in ranked}
        for row in ranked:
            rank = 1 + sum(other > truth[row["unit"]] for other in truth.values())
            inside += row["rank_low"] <= rank <= row["rank_high"]
            width += row["rank_high"] - row["rank_low"] + 1
            units += 1
    return inside / units, width / units


def simpson(months: int, *, planted: bool) -> float:
    """Return the share of months in which a pair is warned of, among ten units of 1,500 orders.

    Planted: the first is better than the second in each of three categories, and handles the hard one.
    Otherwise all have the same rates in each category, and categories of their own choice.
    """
    dice = np.random.default_rng(4)
    base = np.array([0.95, 0.85, 0.60])
    warned = 0
    for _ in range(months):
        mixes = dice.dirichlet([2.0, 2.0, 2.0], size=10)
        rates = np.tile(base, (10, 1))
        if planted:
            mixes[0], mixes[1] = (0.2, 0.2, 0.6), (0.5, 0.3, 0.2)
            rates[0], rates[1] = base + 0.04, base - 0.04
        orders = np.array([dice.multinomial(1500, mix) for mix in mixes])
        hits = dice.binomial(orders, np.clip(rates, 0, 1))
        cells = {
            f"u{unit}": {
                f"c{number}": {"on_time_rate": (int(hits[unit, number]), int(orders[unit, number]))}
                for number in range(3)
            }
            for unit in range(10)
        }
        rows = [
            {**_row(unit, 1500, list(of_unit.values()), ("on_time_rate",)), "rank": 1, "group": ""}
            for unit, of_unit in cells.items()
        ]
        (rate,) = (rate for rate in _kpis().rates if rate.name == "on_time_rate")
        found = reversals(rows, [rate], UnitCells(by_category=cells), {})
        pairs = {(one.lower["unit"], one.higher["unit"]) for one in found}
        warned += ("u0", "u1") in pairs if planted else bool(pairs)
    return warned / months


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--months", type=int, default=1000)
    months = parser.parse_args().months
    print("dispersion | months with a unit named though all are alike")
    for dispersion in (1, 2, 3):
        print(f"{dispersion} | {false_months(City.alike(), dispersion, months):.1%}")
    print("planted worse | orders a month | dispersion | on the black board | months with another named")
    alike = City.alike()
    for points in (0.03, 0.05, 0.10):
        for unit in (45, 60):
            for dispersion in (1, 3):
                city = worse(alike, (unit,), points)
                hits, others = found(city, (unit,), dispersion, months // 5)
                print(f"{points:.0%} | {alike.sizes[unit]} | {dispersion} | {hits:.0%} | {others:.1%}")
    print("dispersion | true rank inside | mean width of the interval, of 69")
    for dispersion in (1, 2, 3):
        share, width = coverage(dispersion, max(20, months // 20))
        print(f"{dispersion} | {share:.1%} | {width:.0f}")
    print("Simpson's paradox | months with a warning")
    print(f"planted | {simpson(months, planted=True):.1%}")
    print(f"none | {simpson(months, planted=False):.1%}")


if __name__ == "__main__":
    main()
