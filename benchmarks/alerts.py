"""False alarms and detections of ``report alerts`` on simulated weekly counts.

    python benchmarks/alerts.py

Each line: 20,000 series of 13 weeks with 0.3 to 60 orders a week; the current week as before (false
alarms), and three times as large (detections), at the shipped alpha and minimum of orders.
"""

import numpy as np

from hotline_tools.reports.outbreaks import judge
from hotline_tools.reports.rules import shipped_rules

SERIES, GAP = 20_000, 3


def draw(dice: np.random.Generator, mean: np.ndarray, dispersion: float) -> np.ndarray:
    """Poisson counts, or negative binomial ones with ``dispersion`` times the mean as variance."""
    if dispersion == 1:
        return dice.poisson(mean).astype(float)
    return dice.negative_binomial(mean / (dispersion - 1), 1 / dispersion).astype(float)


def main() -> None:
    """Print one line a setting."""
    values = shipped_rules("alerts").values
    weeks = values["baseline_weeks"]
    print(
        f"alpha {values['alpha']}, at least {values['minimum_orders']} orders, {weeks} weeks, {SERIES} series"
    )
    print("dispersion  growth/week  false alarms  tripling seen: 2-7 a week   7-60 a week")
    for dispersion, growth in ((1, 0), (1.5, 0), (2, 0), (3, 0), (1.5, 0.01), (1.5, 0.02)):
        dice = np.random.default_rng(2021)
        mean = np.exp(dice.uniform(np.log(0.3), np.log(60), SERIES))
        baseline = draw(dice, mean[:, None] * np.exp(growth * np.arange(weeks)), dispersion)
        level = mean * np.exp(growth * (weeks + GAP - 1))
        seen = []
        for times in (1, 3):
            current = draw(dice, times * level, dispersion)
            verdict = judge(current, baseline, np.ones_like(baseline), values["alpha"])
            seen.append((verdict.p_value < values["alpha"]) & (current >= values["minimum_orders"]))
        few, many = seen[1][(mean >= 2) & (mean < 7)].mean(), seen[1][mean >= 7].mean()
        print(f"{dispersion:10} {growth:12.0%} {seen[0].mean():13.3%} {few:29.1%} {many:13.1%}")


if __name__ == "__main__":
    main()
