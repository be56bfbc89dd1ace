"""Alerts: false-alarm rate and detection on simulated series, and planted outbreaks in whole stores."""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from scipy.stats import poisson

from helpers import database_of
from hotline_tools.reports.alerts.chance import JudgedSeries, false_alarms
from hotline_tools.reports.alerts.detection import exposures, judge
from hotline_tools.reports.catalog import alerts
from hotline_tools.reports.period import month
from hotline_tools.reports.query import Query

ALPHA = 0.001


def simulated(dispersion: float, times: float = 1.0, seed: int = 7) -> tuple[Any, Any, Any]:
    """3,000 series of 13 weeks with 0.3 to 60 orders a week, and a current week ``times`` as large."""
    dice = np.random.default_rng(seed)
    mean = np.exp(dice.uniform(np.log(0.3), np.log(60), 3000))

    def draw(expected: Any) -> Any:
        if dispersion == 1:
            return dice.poisson(expected).astype(float)
        return dice.negative_binomial(expected / (dispersion - 1), 1 / dispersion).astype(float)

    return mean, draw(np.tile(mean[:, None], 13)), draw(times * mean)


@pytest.mark.parametrize("dispersion", [1, 1.5, 2])
def test_false_alarms_stay_near_the_nominal_rate(dispersion: float) -> None:
    _, baseline, current = simulated(dispersion)
    verdict = judge(current, baseline, np.ones_like(baseline), ALPHA)
    alarms = int(((verdict.p_value < ALPHA) & (current >= 5)).sum())
    assert alarms <= 9  # 3 expected of 3,000; more than three times as many would be a broken test


@pytest.mark.parametrize(("dispersion", "least"), [(1, 0.9), (1.5, 0.8), (2, 0.7)])
def test_a_tripling_is_seen_where_there_are_orders_enough(dispersion: float, least: float) -> None:
    mean, baseline, current = simulated(dispersion, times=3)
    seen = judge(current, baseline, np.ones_like(baseline), ALPHA).p_value < ALPHA
    assert seen[mean >= 7].mean() >= least


def test_a_flat_poisson_series_by_hand() -> None:
    # 13 weeks of 4: rate (52 + 0.5)/13 = 4.038; spread below Poisson, so dispersion 1;
    # variance = rate + rate/13 = 4.349, hardly above the mean: the limit is at least Poisson's.
    verdict = judge(np.array([12.0]), np.full((1, 13), 4.0), np.ones((1, 13)), ALPHA)
    assert verdict.expected[0] == pytest.approx(52.5 / 13)
    assert verdict.dispersion[0] == 1.0
    assert verdict.limit(0) >= poisson.isf(ALPHA, 52.5 / 13) + 1
    assert 0.001 < verdict.p_value[0] < 0.005


def test_a_past_outbreak_does_not_hide_the_next() -> None:
    baseline = np.full((1, 13), 4.0)
    baseline[0, 3] = 60
    again = judge(np.array([25.0]), baseline, np.ones_like(baseline), ALPHA)
    assert again.expected[0] < 6  # the plain mean would be 8.3
    assert again.p_value[0] < ALPHA


def test_a_season_known_from_last_year_is_expected() -> None:
    # Heating: last year the category went from 100 a week to 500 now; this year it does the same.
    baseline = np.full((1, 13), 20.0)
    season = exposures(np.array([500.0]), np.full((1, 13), 100.0))
    assert judge(np.array([60.0]), baseline, season, ALPHA).p_value[0] > 0.05
    assert judge(np.array([60.0]), baseline, np.ones((1, 13)), ALPHA).p_value[0] < ALPHA


def store_rows(days: int, planted: dict[tuple[str, str], int]) -> list[dict[str, Any]]:
    """Orders of 6 categories × 8 streets with busy Mondays; ``planted`` adds to the last 7 days."""
    dice = np.random.default_rng(11)
    first, rows = date(2025, 1, 1), []
    for number in range(days):
        day = first + timedelta(days=number)
        busy = (1.6, 1.2, 1.0, 1.0, 1.0, 0.6, 0.5)[day.weekday()]
        for category in range(6):
            for street in range(8):
                extra = planted.get((f"类{category}", f"街{street}"), 0) if days - number <= 7 else 0
                for _ in range(dice.poisson(0.6 * busy) + extra):
                    moment = datetime(day.year, day.month, day.day, 9)
                    rows.append({"received_at": moment, "category": f"类{category}",
                                 "street": f"街{street}", "caller_key": f"c{len(rows)}"})  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def planted() -> Any:
    return database_of(store_rows(120, {("类2", "街5"): 3}))


def test_the_planted_outbreak_is_the_first_alert_with_its_orders(planted: Any) -> None:
    table = alerts.compute(planted, Query())
    first = table.rows[0]
    assert (first["category"], first["area"]) == ("类2", "街5")
    assert first["end"] == date(2025, 4, 30)  # day 120
    assert first["orders"] > 3 * first["expected"]
    assert first["callers"] == first["orders"]
    assert len(first["order_ids"]) == min(20, first["orders"])
    others = [row for row in table.rows if row["category"] != "类2"]
    assert len(others) <= 1
    assert table.totals["tests"] <= 6 + 8 + 48 + 1  # categories, streets, both, and the total


def test_a_quiet_store_has_no_alerts_over_a_month() -> None:
    table = alerts.compute(database_of(store_rows(120, {})), Query(period=month(2025, 4)))
    assert table.totals["windows"] == 4
    assert table.totals["alerts"] <= 1  # about 200 tests
    assert not table.incomplete


def test_a_period_that_ends_before_the_data_looks_no_further(planted: Any) -> None:
    # The outbreak of the last week of April does not exist yet in March, and raises no index error.
    table = alerts.compute(planted, Query(period=month(2025, 3)))
    assert table.totals["windows"] == 4
    assert all(row["end"] <= date(2025, 3, 31) for row in table.rows)
    assert ("类2", "街5") not in {(row["category"], row["area"]) for row in table.rows}


@pytest.mark.parametrize("days", [380, 400, 440, 480, 520], ids="{} days".format)
def test_a_store_in_its_second_year_is_judged(days: int) -> None:
    """The data reach a year before the newest week of an alert's history, but not before the oldest."""
    table = alerts.compute(database_of(store_rows(days, {("类2", "街5"): 3})), Query())
    assert ("类2", "街5") in {(row["category"], row["area"]) for row in table.rows}


def test_a_short_history_is_said_and_not_judged() -> None:
    table = alerts.compute(database_of(store_rows(40, {("类2", "街5"): 9})), Query())
    assert table.rows == []
    assert table.incomplete
    assert any("不足 6 周" in note for note in table.notes)


def test_nothing_at_all() -> None:
    table = alerts.compute(database_of([]), Query())
    assert (table.rows, table.incomplete) == ([], False)
    lone = alerts.compute(database_of([{"title": "x"}]), Query())
    assert lone.incomplete


def test_places_are_watched_too() -> None:
    rows = store_rows(120, {})
    burst: list[dict[str, Any]] = [
        {
            "received_at": f"2025-04-{28 + n % 3} 10:00",
            "category": "类1",
            "subcategory": "停水",
            "place": "甲小区",
        }
        for n in range(9)
    ]
    table = alerts.compute(database_of(rows + burst), Query())
    found = [(row["kind"], row["item"], row["area"], row["orders"]) for row in table.rows]
    assert ("子类 × 地点", "停水", "甲小区", 9) in found
    assert ("子类", "停水") not in {(row["kind"], row["item"]) for row in table.rows}, "the same nine orders"
    (row,) = [row for row in table.rows if row["area"] == "甲小区"]
    assert row["times"] is None, "nine orders where less than one was expected are no multiple"
    assert any("停水" in other for other in row["related"])


SPREAD = [
    (
        "one more in every category and street: the total",
        {(f"类{c}", f"街{s}"): 0.25 for c in range(6) for s in range(8)},
        "总量",
        "全部工单",
    ),
    ("one street, in every category: the street", {(f"类{c}", "街5"): 0.9 for c in range(6)}, "区域", "街5"),
    ("one department, in every category and street: the department", {}, "单位", "乙局"),
]


@pytest.mark.parametrize(("what", "planted", "kind", "item"), SPREAD, ids=[case[0] for case in SPREAD])
def test_what_rises_everywhere_a_little_is_seen(what: str, planted: Any, kind: str, item: str) -> None:
    """Each category by itself rises too little; the orders that the planted ones add are spread."""
    rows = store_rows(120, {})
    for number, row in enumerate(rows):
        row["department"] = ("甲局", "乙局", "丙局")[number % 3]
    last = [row for row in rows if row["received_at"] >= datetime(2025, 4, 24)]
    for (category, street), share in planted.items():
        cell = [row for row in last if (row["category"], row["street"]) == (category, street)]
        rows += [dict(row) for row in cell * 7][: round(share * 7)]
    if not planted:
        rows += [dict(row) for row in last if row["department"] == "乙局"]
    table = alerts.compute(database_of(rows), Query())
    seen = {(row["kind"], row["item"]) for row in table.rows}
    told = "".join(other for row in table.rows for other in row["related"])
    assert (kind, item) in seen or f"{kind} {item}" in told


def test_the_title_tells_the_days_that_are_watched(planted: Any) -> None:
    assert alerts.compute(planted, Query()).period == "2025-04-24 至 2025-04-30"
    assert alerts.compute(planted, Query(period=month(2025, 4))).period == "2025年4月"


@pytest.mark.parametrize("dispersion", [1, 1.5, 2, 3])
def test_as_many_false_alarms_as_promised(dispersion: float) -> None:
    """Ten windows of 3,000 series with nothing planted: promised from their history, and really found."""
    judged, found, ones = JudgedSeries(), 0, np.ones((3000, 13))
    for seed in range(10):
        _, baseline, current = simulated(dispersion, seed=seed)
        verdict = judge(current, baseline, ones, ALPHA)
        judged.add(verdict, 13)
        found += int(((verdict.p_value < ALPHA) & (current >= 5)).sum())
    promised = false_alarms([judged], ALPHA, 5)
    assert abs(found - promised) <= 2 * promised**0.5 + 0.1 * promised


@pytest.mark.parametrize(
    ("rates", "struck", "burst", "alpha", "least"),
    [
        ((0.3, 60), 0.1, 20, 0.001, 5),
        ((0.05, 0.3), 0.05, 4, 0.001, 5),
        ((0.3, 60), 0.1, 20, 0.01, 5),
        ((0.3, 60), 0.1, 20, 0.001, 50),
    ],
    ids=["outbreaks in a tenth", "rare series, few with an outbreak", "another alpha", "another minimum"],
)
def test_the_promise_holds_with_outbreaks_in_the_history_and_with_other_rules(
    rates: tuple[float, float], struck: float, burst: int, alpha: float, least: int
) -> None:
    """In the week that is judged nothing happens; what had happened before is not taken for chance."""
    judged, found = JudgedSeries(), 0
    for seed in range(10):
        dice = np.random.default_rng(seed)
        mean = np.exp(dice.uniform(*np.log(rates), 3000))
        baseline = dice.poisson(np.repeat(mean[:, None], 13, axis=1)).astype(float)
        baseline[dice.random(3000) < struck, ::6] += burst
        current = dice.poisson(mean).astype(float)
        verdict = judge(current, baseline, np.ones_like(baseline), alpha)
        judged.add(verdict, 13)
        found += int(((verdict.p_value < alpha) & (current >= least)).sum())
    promised = false_alarms([judged], alpha, least)
    assert abs(found - promised) <= 2 + 2 * promised**0.5 + 0.1 * promised, f"{promised} for {found}"


def with_titles(word: str) -> list[dict[str, Any]]:
    """The quiet store with a title on each order; in the last week, one order a category says ``word``."""
    rows = store_rows(120, {})
    for number, row in enumerate(rows):
        row["title"] = ("路灯损坏", "楼道垃圾", "施工噪声")[number % 3]
    for number in range(12):
        rows.append({
            "received_at": f"2025-04-{24 + number % 7} 10:00", "category": f"类{number % 6}", "street": "街1",
            "title": f"反映{word}", "place": "甲小区", "caller_key": f"t{number}",
        })  # fmt: skip
    return rows


def test_a_word_that_rises_across_categories_is_an_alert_of_its_own() -> None:
    table = alerts.compute(database_of(with_titles("溺水")), Query())
    (found,) = [row for row in table.rows if row["kind"] == "热词"]
    assert (found["subject"], found["orders"], found["callers"]) == ("溺水", 12, 12)
    assert found["expected"] < 0.5  # never said before: Jeffreys' half an order in 13 weeks
    assert len(found["order_ids"]) == 12


@pytest.mark.parametrize("word", ["有人", "突然", "楼下", "半夜", "经常", "一直"])
def test_a_word_that_is_never_the_matter_is_no_alert(word: str) -> None:
    found = alerts.compute(database_of(with_titles(f"{word}溺水")), Query()).rows
    assert {row["subject"] for row in found if row["kind"] == "热词"} == {"溺水"}


def test_a_count_that_alarms_reaches_its_line_and_need_not_exceed_it() -> None:
    table = alerts.compute(database_of(with_titles("溺水")), Query())
    assert all(row["orders"] >= row["limit"] for row in table.rows)
    assert any("个达到预警线" in note for note in table.notes)


def test_a_word_of_the_orders_own_place_is_no_alert() -> None:
    rows = with_titles("溺水")
    for row in rows:
        row["place"] = "溺水潭公园"
    found = alerts.compute(database_of(rows), Query()).rows
    assert "溺水" not in {row["subject"] for row in found}


def test_a_word_that_another_alert_is_about_is_not_told_twice() -> None:
    rows = store_rows(120, {("类2", "街5"): 3})
    for row in rows:
        burst = row["category"] == "类2" and row["street"] == "街5" and row["received_at"].month == 4
        row["title"] = "停水多日" if burst and row["received_at"].day > 23 else "楼道垃圾"
    found = alerts.compute(database_of(rows), Query()).rows
    assert ("类2", "街5") in {(row["category"], row["area"]) for row in found}
    assert [row["subject"] for row in found if row["kind"] == "热词"] == []


def test_the_weeks_behind_an_alert_end_with_it(planted: Any) -> None:
    # 13 weeks of baseline, 2 of gap, the window itself: day 120 is 30 April, the 16 weeks begin 9 January.
    first = alerts.compute(planted, Query()).rows[0]
    weeks, limits = first["weekly_orders"], first["weekly_limit"]
    assert len(weeks) == len(limits) == len(first["weekly_expected"]) == 16
    assert (weeks[-1], limits[-1]) == (first["orders"], first["limit"])
    assert first["weekly_expected"][-1] == pytest.approx(first["expected"], abs=0.01)
    assert all(count < line for count, line in zip(weeks[:-1], limits[:-1], strict=True))


def test_orders_that_nobody_classified_are_no_lull_against_which_all_others_rise() -> None:
    # 30 weeks of 40 orders of one department and 40 of another, each day alike. The last three weeks are not
    # classified yet: held against the classified alone, both would be far above what they should be.
    first = date(2025, 1, 6)
    rows = [
        {
            "received_at": datetime.combine(first + timedelta(days=day), datetime.min.time()).isoformat(" "),
            "department": department,
            "street": "甲街",
            "title": "路灯不亮",
            **({"category": "市政设施", "subcategory": "路灯"} if day < 27 * 7 or number == 0 else {}),
        }
        for day in range(30 * 7)
        for department in ("甲局", "乙局")
        for number in range(6)
    ]
    table = alerts.compute(database_of(rows), Query())
    assert table.totals["tests"]
    assert [(row["kind"], row["subject"]) for row in table.rows] == []
