"""False alarms and detections of ``report alerts``: on simulated weekly counts, and on the sample year.

    python benchmarks/alerts.py [DEMO]

Each line of the first table: 20,000 series of 13 weeks with 0.3 to 60 orders a week; the current week as
before (false alarms), and three times as large (detections), at the shipped alpha and minimum of orders.
With outbreaks: a week of the history of a tenth of the series is five times as large. "Promised" is what the
report would say of false alarms a week, "found" how many there are, a 1,000 series.

With the folder of a ``hotline demo``: all weeks of its year, once as it is; once without the orders of its
planted outbreaks and repeat issues, the seasons of its categories left; and six times with the times of the
remaining orders shuffled, so that nothing rises but by chance. An alert is matched when it would not have
alarmed without its planted orders.
"""

import csv
import re
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa

from hotline_tools.engine import Engine
from hotline_tools.reports.alerts.chance import JudgedSeries, false_alarms
from hotline_tools.reports.alerts.detection import judge
from hotline_tools.reports.catalog import alerts
from hotline_tools.reports.period import year
from hotline_tools.reports.query import Query
from hotline_tools.reports.rules import AlertRules, load_rules, rules_for
from hotline_tools.store import Store

SERIES, GAP, SHUFFLES = 20_000, 3, 6
OUTBREAK, STRUCK = 5, 0.1


def draw(dice: np.random.Generator, mean: np.ndarray, dispersion: float) -> np.ndarray:
    """Poisson counts, or negative binomial ones with ``dispersion`` times the mean as variance."""
    if dispersion == 1:
        return dice.poisson(mean).astype(float)
    return dice.negative_binomial(mean / (dispersion - 1), 1 / dispersion).astype(float)


class Without:
    """A database that leaves the planted orders out; with ``shuffled``, each has the time of another."""

    def __init__(self, engine: Engine, planted: set[str], *, shuffled: int = 0) -> None:
        self._engine = engine
        listed = ", ".join(f"'{order}'" for order in sorted(planted))
        rest = f"SELECT * FROM orders WHERE order_id NOT IN ({listed})"
        if shuffled:
            rest = (
                "SELECT o.* EXCLUDE (number) REPLACE (t.received_at AS received_at) FROM "
                f"(SELECT *, row_number() OVER (ORDER BY hash(order_key)) AS number FROM ({rest})) AS o JOIN "
                f"(SELECT received_at, row_number() OVER (ORDER BY hash(order_key, {shuffled})) AS number "
                f"FROM ({rest})) AS t USING (number)"
            )
        self._rest = f"({rest}) AS orders"

    def query(self, sql: str) -> pa.Table:
        """Run one SELECT over the rest."""
        return self._engine.query(self._over_rest(sql))

    def define(self, name: str, select: str) -> None:
        """Define a view over the rest."""
        self._engine.define(name, self._over_rest(select))

    def _over_rest(self, sql: str) -> str:
        """Read the rest wherever orders are read, with their labels or without."""
        return re.sub(r"\bFROM (?:stored_)?orders\b", f"FROM {self._rest}", sql)


def sample_year(folder: Path) -> None:
    """Print the alerts of the sample year by kind, with planted events and without."""
    (truth,) = folder.glob("年度工单-真值.csv")
    with truth.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    planted = {row["order_id"]: row["outbreak_id"] or row["issue_id"] for row in rows}
    waves = {row["order_id"]: row["outbreak_id"] for row in rows if row["outbreak_id"]}
    rules_file = folder / "alerts-all-evidence.toml"
    rules_file.write_text('report = "alerts"\nevidence = 100000\n', encoding="utf-8")
    query = Query(period=year(2021), rules=load_rules(rules_file))
    with Engine(Store.open(folder / "hotline-store")) as engine:
        started = time.process_time()
        table = alerts.compute(engine, query)
        print(f"\nsample year, {time.process_time() - started:.1f} CPU s: {table.totals}")
        _print_matches(list(table.rows), planted, waves)
        events = {order for order, event in planted.items() if event}
        quiet = alerts.compute(Without(engine, events), query)
        shuffles = [alerts.compute(Without(engine, events, shuffled=n + 1), query) for n in range(SHUFFLES)]
    raised = [table.totals["raised"] for table in shuffles]
    print(f"\nwithout anything planted, and every order with the time of another: {raised} raised")
    kinds = Counter(str(row["kind"]) for row in quiet.rows)
    tests = int(str(quiet.totals["tests"]))
    print(
        f"\nwithout anything planted: {quiet.totals}, {len(quiet.rows) / tests:.3%} of tests; {dict(kinds)}"
    )
    for row in quiet.rows:
        print(f"  {row['kind']} {row['subject']} {row['end']} {row['orders']} of {row['expected']:.1f}")
    notes = [note for table in (table, quiet, *shuffles) for note in table.notes if "纯属偶然" in note]
    print("\n".join(notes))


def _print_matches(rows: list[dict], planted: dict[str, str], waves: dict[str, str]) -> None:
    found, matched, seen = Counter(), Counter(), set()
    for row in rows:
        events = Counter(planted[order] for order in row["order_ids"])
        inside = sum(count for event, count in events.items() if event)
        found[row["kind"]] += 1
        matched[row["kind"]] += row["orders"] - inside < row["limit"]
        seen |= {waves[order] for order in row["order_ids"] if order in waves}
        if row["orders"] - inside >= row["limit"]:
            print(
                f"  unmatched: {row['kind']} {row['subject']} {row['end']} {row['orders']} of "
                f"{row['expected']:.1f}, line {row['limit']}, planted {inside}, p {row['p_value']:.5f}"
            )
    for kind in found:
        print(f"{kind}: {found[kind]} alerts, {matched[kind]} matched")
    print(f"planted outbreaks seen: {len(seen)} of {len(set(waves.values()))}; "
          f"missed: {sorted(set(waves.values()) - seen)}")  # fmt: skip


def setting(rules: AlertRules, dispersion: float, growth: float = 0.0, *, outbreaks: bool = False) -> str:
    """Return one line of the first table."""
    dice, weeks = np.random.default_rng(2021), rules.baseline_weeks
    mean = np.exp(dice.uniform(np.log(0.3), np.log(60), SERIES))
    means = mean[:, None] * np.exp(growth * np.arange(weeks))
    if outbreaks:
        struck = np.flatnonzero(dice.random(SERIES) < STRUCK)
        means[struck, dice.integers(0, weeks, len(struck))] *= OUTBREAK
    baseline, level = draw(dice, means, dispersion), mean * np.exp(growth * (weeks + GAP - 1))
    judged, seen = JudgedSeries(), []
    for times in (1, 3):
        current = draw(dice, times * level, dispersion)
        verdict = judge(current, baseline, np.ones_like(baseline), rules.alpha)
        seen.append((verdict.p_value < rules.alpha) & (current >= rules.minimum_orders))
    judged.add(verdict, weeks)
    promised = 1000 * false_alarms([judged], rules.alpha, rules.minimum_orders) / SERIES
    few, many = seen[1][(mean >= 2) & (mean < 7)].mean(), seen[1][mean >= 7].mean()
    return (
        f"{dispersion:10} {growth:12.0%} {'yes' if outbreaks else 'no':>10} {seen[0].mean():13.3%}"
        f" {few:27.1%} {many:6.1%} {promised:9.2f} {1000 * seen[0].mean():6.2f}"
    )


def main() -> None:
    """Print one line a setting, then the sample year."""
    rules = rules_for(AlertRules, None)
    weeks = rules.baseline_weeks
    print(f"alpha {rules.alpha}, at least {rules.minimum_orders} orders, {weeks} weeks, {SERIES} series")
    print(
        "dispersion  growth/week  outbreaks  false alarms  tripling seen: 2-7 a week   7-60  promised  found"
    )
    for dispersion in (1, 1.5, 2, 3):
        print(setting(rules, dispersion))
        print(setting(rules, dispersion, outbreaks=True))
    for growth in (0.01, 0.02):
        print(setting(rules, 1.5, growth))
    if len(sys.argv) > 1:
        sample_year(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
