"""Comparison with another period: changes, tiny bases, unfinished periods, and what may be chance."""

import json
import math
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from helpers import MemoryDatabase, database_of
from hotline_tools.calendar import WorkCalendar
from hotline_tools.errors import UsageError
from hotline_tools.render.columns import drawn_columns
from hotline_tools.render.json import render_json
from hotline_tools.reports.compare.periods import spans
from hotline_tools.reports.compare.tables import Base, compare
from hotline_tools.reports.compare.variation import plain, variation_of
from hotline_tools.reports.filters import make_query
from hotline_tools.reports.kpi.profile import Profile, Rate, Score
from hotline_tools.reports.period import Period, cycle, days, half_year, month, quarter, weeks, year
from hotline_tools.reports.query import Query
from hotline_tools.reports.registry import find_report
from hotline_tools.reports.run import run_report, statements
from hotline_tools.reports.statistics import adjusted, counts_p, proportions_p
from hotline_tools.table import Field, ReportTable

JUNE, MAY = month(2025, 6), month(2025, 5)
WEEK_23 = weeks(date(2025, 6, 2))
BOTH = ("previous", "last-year")
CATEGORIES, DEPARTMENTS = find_report("categories"), find_report("departments")
TREND, CROSS = find_report("trend"), find_report("cross")


def orders(category: str, number: int, day: str, **more: Any) -> list[dict[str, Any]]:
    return [{"category": category, "received_at": f"{day} 09:00", "status": "open", **more}] * number


def store(*groups: list[dict[str, Any]]) -> MemoryDatabase:
    """Return the groups between an order on 1 January 2024 and one on 31 July 2025: no period is cut."""
    edges = orders("边", 1, "2024-01-01") + orders("边", 1, "2025-07-31")
    return database_of([row for group in groups for row in group] + edges)


def test_counts_shares_and_percent() -> None:
    """June: 物业 200, 噪音 50 of 250. May: 物业 100, 噪音 60, 供暖 40 of 200."""
    database = store(
        orders("物业", 200, "2025-06-10"),
        orders("噪音", 50, "2025-06-11"),
        orders("物业", 100, "2025-05-10"),
        orders("噪音", 60, "2025-05-11"),
        orders("供暖", 40, "2025-05-12"),
    )
    table = run_report(CATEGORIES, database, Query(period=JUNE, compare="previous"))
    rows = {row["category"]: row for row in table.rows}
    first = rows["物业"]
    assert (first["orders"], first["orders_then"], first["orders_change"]) == (200, 100, 100)
    assert first["orders_change_rate"] == 1.0
    assert first["orders_change_is_noise"] is False
    assert (first["share"], first["share_then"]) == (0.8, 0.5)
    assert first["share_change"] == pytest.approx(30)
    assert first["share_change_is_noise"] is False
    second = rows["噪音"]
    assert (second["orders_change"], second["orders_change_is_noise"]) == (-10, True)
    gone = rows["供暖"]
    assert (gone["orders"], gone["orders_then"], gone["orders_change_rate"]) == (0, 40, -1.0)
    assert (gone["share"], gone["share_then"], gone["share_change"]) == (0.0, 0.2, -20.0)
    assert [row["category"] for row in table.rows] == ["物业", "噪音", "供暖"]
    assert (table.totals["orders"], table.totals["orders_then"]) == (250, 200)
    assert table.totals["orders_change_rate"] == 0.25
    assert table.column("share_change").unit == "百分点"
    assert "2025年5月" in table.period


def test_a_published_fall_of_76_percent() -> None:
    """信访量同比下降 76.1 %: 239 after 1,000 gives -76.1 %."""
    database = store(orders("信访", 239, "2025-06-10"), orders("信访", 1000, "2024-06-10"))
    (row,) = run_report(CATEGORIES, database, Query(period=JUNE, compare="last-year")).rows
    assert row["orders_change_rate"] == pytest.approx(-0.761)
    assert row["orders_change_is_noise"] is False


TINY = [
    ("no base: no percent", 5, 0, None),
    ("a base of 3: no percent", 9, 3, None),
    ("a base of 10 is enough", 20, 10, 1.0),
]


@pytest.mark.parametrize(("what", "now", "then", "rate"), TINY, ids=[case[0] for case in TINY])
def test_tiny_bases_show_their_counts_only(what: str, now: int, then: int, rate: float | None) -> None:
    database = store(
        orders("a", now, "2025-06-10"), orders("a", then, "2025-05-10"), orders("b", 50, "2025-05-10")
    )
    rows = run_report(CATEGORIES, database, Query(period=JUNE, compare="previous")).rows
    assert (rows[0]["orders"], rows[0]["orders_then"]) == (now, then)
    assert rows[0]["orders_change_rate"] == rate


def test_a_store_without_the_base_period_says_so() -> None:
    database = store(orders("a", 20, "2025-06-10"))
    table = run_report(CATEGORIES, database, Query(period=JUNE, compare="previous"))
    row = table.rows[0]
    assert (row["orders_then"], row["orders_change"], row.get("orders_change_is_noise")) == (None, None, None)
    assert "库中没有 2025年5月 的工单，无从对比。" in table.notes


def test_a_zero_in_a_period_that_the_store_holds_is_a_count() -> None:
    database = store(orders("a", 20, "2025-06-10", channel="电话"), orders("a", 5, "2025-05-10"))
    table = run_report(CATEGORIES, database, Query(period=JUNE, compare="previous", channel="电话"))
    assert (table.rows[0]["orders_then"], table.rows[0]["orders_change"]) == (0, 20)


RATED = Profile(
    "rated",
    "满意",
    (Rate("satisfied_rate", "满意率", ("satisfied",), ("rated",), score=Score("share", 100)),),
)


def rated(unit: str, yes: int, no: int, day: str) -> list[dict[str, Any]]:
    return orders("c", yes, day, department=unit, satisfaction="satisfied") + orders(
        "c", no, day, department=unit, satisfaction="dissatisfied"
    )


def test_departments_compare_rates_in_points_with_their_counts() -> None:
    """甲局 90 of 100 after 60 of 100; 乙局 8 of 10 after 7 of 10; 丙局 5 of 5 after 0 of 5."""
    database = store(
        rated("甲局", 90, 10, "2025-06-10"),
        rated("甲局", 60, 40, "2025-05-10"),
        rated("乙局", 8, 2, "2025-06-10"),
        rated("乙局", 7, 3, "2025-05-10"),
        rated("丙局", 5, 0, "2025-06-10"),
        rated("丙局", 0, 5, "2025-05-10"),
        rated("丁局", 0, 20, "2025-05-10"),
    )
    table = run_report(DEPARTMENTS, database, Query(period=JUNE, compare="previous", profile=RATED))
    rows = {row["unit"]: row for row in table.rows}
    assert rows["甲局"]["satisfied_rate_change"] == pytest.approx(30)
    assert rows["甲局"]["satisfied_rate_change_is_noise"] is False
    assert (rows["甲局"]["score"], rows["甲局"]["score_then"], rows["甲局"]["score_change"]) == (90, 60, 30)
    assert rows["乙局"]["satisfied_rate_change"] == pytest.approx(10)
    assert rows["乙局"]["satisfied_rate_change_is_noise"] is True
    assert rows["丙局"]["satisfied_rate_change"] is None
    assert rows["丙局"]["satisfied_rate_numerator_then"] == 0
    assert rows["丙局"]["satisfied_rate_denominator_then"] == 5
    assert (rows["丁局"]["orders"], rows["丁局"]["satisfied_rate"]) == (0, None)
    assert (rows["丁局"]["board"], rows["丁局"]["rank"]) == (None, None)
    assert table.totals["satisfied_rate_change"] == pytest.approx((103 / 115 - 67 / 135) * 100, abs=1e-3)
    names = [column.name for column in table.columns]
    assert names.index("satisfied_rate_then") > names.index("satisfied_rate")
    assert len(names) == len(set(names))
    json.loads(render_json(table))


def span_of(query: Query, first: str, last: str) -> tuple[str, str, str]:
    (found,) = spans(CATEGORIES, query, date.fromisoformat(first), date.fromisoformat(last))
    return found.now.label, found.then.label, "\n".join(found.notes)


SPANS = [
    ("a full month", JUNE, "previous", "2025-07-04", "2025年6月", "2025年5月"),
    (
        "the month to date, against the same days",
        JUNE,
        "previous",
        "2025-06-12",
        "2025-06-01 至 2025-06-12",
        "2025-05-01 至 2025-05-12",
    ),
    (
        "the same for last year",
        JUNE,
        "last-year",
        "2025-06-12",
        "2025-06-01 至 2025-06-12",
        "2024-06-01 至 2024-06-12",
    ),
    (
        "30 days of March against all of February",
        month(2025, 3),
        "previous",
        "2025-03-30",
        "2025-03-01 至 2025-03-30",
        "2025年2月",
    ),
    ("the year", year(2025), "previous", "2026-01-02", "2025年", "2024年"),
    (
        "the quarter to date",
        quarter(2025, 2),
        "previous",
        "2025-04-20",
        "2025-04-01 至 2025-04-20",
        "2025-01-01 至 2025-01-20",
    ),
    ("a period of one's own", JUNE, month(2023, 6), "2025-07-04", "2025年6月", "2023年6月"),
    (
        "a half-year to date",
        half_year(2025, 2),
        "previous",
        "2025-07-20",
        "2025-07-01 至 2025-07-20",
        "2025-01-01 至 2025-01-20",
    ),
    (
        "a leap year to date: the same dates, not as many days",
        year(2024),
        "last-year",
        "2024-03-15",
        "2024-01-01 至 2024-03-15",
        "2023-01-01 至 2023-03-15",
    ),
    (
        "the year before a year is last year",
        year(2024),
        "previous",
        "2024-03-15",
        "2024-01-01 至 2024-03-15",
        "2023-01-01 至 2023-03-15",
    ),
    (
        "to the end of February: both to the month's end",
        year(2025),
        "last-year",
        "2025-02-28",
        "2025年1—2月",
        "2024年1—2月",
    ),
    (
        "a week to Wednesday against the days of the same week",
        WEEK_23,
        "last-year",
        "2025-06-04",
        "2025-06-02 至 2025-06-04",
        "2024-06-03 至 2024-06-05",
    ),
    (
        "a cycle to date",
        cycle(2025, 6, 19),
        "previous",
        "2025-05-25",
        "2025-05-19 至 2025-05-25",
        "2025-04-19 至 2025-04-25",
    ),
    (
        "one day of a cycle that starts before a leap day",
        days(date(2024, 2, 29), date(2024, 3, 9)),
        "last-year",
        "2024-02-29",
        "2024-02-29",
        "2023-02-28",
    ),
    (
        "a whole week",
        WEEK_23,
        "previous",
        "2025-06-30",
        "2025年第23周（6月2日至6月8日）",
        "2025年第22周（5月26日至6月1日）",
    ),
]


@pytest.mark.parametrize(
    ("what", "period", "against", "last", "now", "then"), SPANS, ids=[case[0] for case in SPANS]
)
def test_which_days_are_compared(
    *, what: str, period: Period, against: Any, last: str, now: str, then: str
) -> None:
    found = span_of(Query(period=period, compare=against), "2020-01-01", last)
    assert found[:2] == (now, then)
    assert ("时间段未满" in found[2]) is (now != period.label)


@settings(max_examples=300, deadline=None)
@given(
    st.dates(date(2019, 1, 1), date(2025, 1, 1)),
    st.integers(1, 500),
    st.integers(0, 500),
    st.sampled_from(BOTH),
)
def test_a_cut_period_has_the_first_days_of_its_base(
    start: date, length: int, covered: int, base: Any
) -> None:
    asked = days(start, start + timedelta(days=length - 1))
    query = Query(period=asked, compare=base)
    (found,) = spans(CATEGORIES, query, date(2018, 1, 1), start + timedelta(days=min(covered, length - 1)))
    whole = asked.previous() if base == "previous" else asked.last_year()
    assert found.now.start == asked.start
    assert found.now.end <= asked.end
    assert found.then.start == whole.start
    assert found.then.end <= whole.end
    # A leap day, the length of months before, and nothing more.
    assert abs(found.now.days - found.then.days) <= (1 if base == "last-year" else 40)


def test_a_base_that_begins_late_is_flagged() -> None:
    assert "对比期数据不全" in span_of(Query(period=JUNE, compare="previous"), "2025-05-20", "2025-07-04")[2]
    assert "不全" not in span_of(Query(period=JUNE, compare="previous"), "2025-05-02", "2025-07-04")[2]


def test_the_moment_of_the_count_moves_with_the_period() -> None:
    """Counted 5 days after June's end; so May is counted 5 days after its own."""
    rate = Rate("closing_rate", "结案率", ("closed",), ("received",))
    day = {"department": "甲局", "status": "closed"}
    database = store(
        orders("c", 20, "2025-06-10", **{**day, "closed_at": "2025-07-04 09:00"}),
        orders("c", 20, "2025-05-10", **{**day, "closed_at": "2025-06-07 09:00"}),
    )
    query = Query(
        period=JUNE, compare="previous", as_of=datetime(2025, 7, 6), profile=Profile("p", "p", (rate,))
    )
    row = run_report(DEPARTMENTS, database, query).rows[0]
    assert (row["closing_rate"], row["closing_rate_then"]) == (1.0, 0.0)


def test_what_cannot_be_compared() -> None:
    with pytest.raises(UsageError, match="--period"):
        run_report(CATEGORIES, store(), Query(compare="previous"))
    with pytest.raises(UsageError, match="不能对比"):
        run_report(replace(CATEGORIES, keys=()), store(), Query(period=JUNE, compare="previous"))


def test_without_comparison_it_is_the_report_itself() -> None:
    database = store(orders("a", 20, "2025-06-10"))
    query = Query(period=JUNE)
    assert run_report(CATEGORIES, database, query) == CATEGORIES.compute(database, query)


def test_top_is_taken_after_the_join() -> None:
    """b is second in June and first in May: with --top 1 only a is left, with a's own base."""
    database = store(
        orders("a", 30, "2025-06-10"),
        orders("b", 20, "2025-06-10"),
        orders("a", 10, "2025-05-10"),
        orders("b", 40, "2025-05-10"),
    )
    table = run_report(CATEGORIES, database, Query(period=JUNE, compare="previous", top=1))
    assert [(row["category"], row["orders_then"]) for row in table.rows] == [("a", 10)]
    assert "只列前 1 行" in "\n".join(table.notes)


def test_the_sql_of_a_comparison_has_both_periods() -> None:
    text = statements(DEPARTMENTS, Query(period=JUNE, compare="previous"))
    assert "TIMESTAMP '2025-06-01 00:00:00'" in text
    assert "TIMESTAMP '2025-05-01 00:00:00'" in text


def test_a_number_without_counts_has_no_noise_mark() -> None:
    columns = (Field("k", "k"), Field("hours", "时长", "number", "小时"))
    now = ReportTable("r", "r", columns, [{"k": "a", "hours": 3.5}, {"k": "b", "hours": None}])
    then = ReportTable("r", "r", columns, [{"k": "a", "hours": 5.0}, {"k": "b", "hours": 1.0}])
    table = compare(now, then, ("k",), Base("前", plain(30, 31)))
    assert [column.name for column in table.columns] == ["k", "hours", "hours_then", "hours_change"]
    assert [row["hours_change"] for row in table.rows] == [-1.5, None]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 400), st.integers(0, 400), st.sampled_from([(1.0, 1.0), (30.0, 31.0), (15.0, 365.0)]))
def test_counts_agree_with_scipy(now: int, then: int, days: tuple[float, float]) -> None:
    """Doubled one-sided binomial tails, as scipy's one-sided tests give them."""
    if now + then == 0:
        assert counts_p(now, then, *days) == 1.0
        return
    share = days[0] / sum(days)
    tails = [stats.binomtest(now, now + then, share, alternative=side).pvalue for side in ("less", "greater")]
    assert counts_p(now, then, *days) == pytest.approx(min(1.0, 2 * min(tails)), rel=1e-6, abs=1e-12)


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_proportions_agree_with_scipy(all_now: int, all_then: int, data: st.DataObject) -> None:
    now, then = data.draw(st.integers(0, all_now)), data.draw(st.integers(0, all_then))
    p = proportions_p(now, all_now, then, all_then)
    hits, total = now + then, all_now + all_then
    if hits in (0, total):
        assert p == 1.0
        return
    table = [[now, all_now - now], [then, all_then - then]]
    if min(all_now, all_then) * min(hits, total - hits) / total < 5:
        assert p == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-6)
    else:
        assert p == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue, rel=1e-6)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_the_correction_agrees_with_scipy(values: list[float]) -> None:
    expected = stats.false_discovery_control(values).tolist() if values else []
    assert adjusted(values) == pytest.approx(expected)


@settings(max_examples=60, deadline=None)
@given(st.integers(2001, 10**7), st.integers(1, 10**7))
def test_large_counts_are_finite_and_symmetric(now: int, then: int) -> None:
    p = counts_p(now, then)
    assert 0 <= p <= 1
    assert math.isfinite(p)
    assert p == pytest.approx(counts_p(then, now))


def test_noise_is_seldom_called_real() -> None:
    """200 categories drawn from one rate in both months: at most a few may be called real."""
    draws = stats.poisson(30).rvs(size=(2, 200), random_state=7)
    columns = (Field("category", "类别"), Field("orders", "工单数", "integer"))
    now, then = (
        ReportTable("r", "r", columns, [{"category": str(i), "orders": int(n)} for i, n in enumerate(side)])
        for side in draws
    )
    marks = [
        row["orders_change_is_noise"]
        for row in compare(now, then, ("category",), Base("前", plain(30, 30))).rows
    ]
    assert marks.count(False) <= 2
    raw = [counts_p(int(a), int(b)) for a, b in draws.T]
    assert sum(p < 0.05 for p in raw) > 2, "without the correction several would be"


def test_whether_a_change_is_chance_reads_without_a_double_negative() -> None:
    database = store(orders("物业", 20, "2025-06-10"), orders("物业", 19, "2025-05-10"))
    table = run_report(CATEGORIES, database, Query(period=JUNE, compare="previous"))
    labels = {column.name: column.label for column in table.columns}
    assert labels["orders_change_is_noise"] == "工单数的变化可能只是偶然波动"


def test_a_base_that_is_not_in_the_store_is_something_not_computed() -> None:
    rows = [{"received_at": "2025-06-10", "channel": "热线"}]
    table = run_report(
        find_report("channels"), database_of(rows), Query(period=month(2025, 6), compare="last-year")
    )
    assert table.incomplete
    assert any("无从对比" in note for note in table.notes)


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        (counts_p(30, 10), 0.0022214337732293183),
        (counts_p(0, 7), 0.015625000000000003),
        (counts_p(900, 1000), 0.02310884510890068),
        (proportions_p(3, 10, 9, 10), 0.019766611097880388),
        (proportions_p(0, 5, 4, 5), 0.04761904761904776),
        (proportions_p(50, 100, 60, 100), 0.1552184896846842),
    ],
)
def test_p_values_are_those_of_the_summed_probabilities(p: float, expected: float) -> None:
    """Expected: every binomial and hypergeometric probability summed one by one (``math.lgamma``)."""
    assert p == pytest.approx(expected, abs=1e-9)


def test_two_bases_stand_side_by_side_under_names_of_their_own() -> None:
    """June 2025: 物业 30, 噪音 20. May 2025: 物业 20, 供暖 15. June 2024: 物业 60, 噪音 40."""
    database = store(
        orders("物业", 30, "2025-06-10"),
        orders("噪音", 20, "2025-06-11"),
        orders("物业", 20, "2025-05-10"),
        orders("供暖", 15, "2025-05-11"),
        orders("物业", 60, "2024-06-10"),
        orders("噪音", 40, "2024-06-11"),
    )
    table = run_report(CATEGORIES, database, Query(period=JUNE, compare=BOTH))
    rows = {str(row["category"]): row for row in table.rows}
    assert [*rows] == ["物业", "噪音", "供暖"]
    names = [f"orders_{base}_{role}" for base in ("previous", "last_year") for role in ROLES]
    assert {column.name for column in table.columns} >= {*names}
    assert not {column.name for column in table.columns} & {"orders_then", "orders_change"}
    found = {category: [row.get(name) for name in names] for category, row in rows.items()}
    assert found["物业"] == [20, 10, 0.5, True, 60, -30, -0.5, False]
    assert found["噪音"] == [0, 20, None, False, 40, -20, -0.5, False]
    assert found["供暖"] == [15, -15, -1.0, False, 0, 0, None, True]
    assert rows["物业"]["share_last_year_then"] == 0.6
    assert [table.totals[f"orders_{base}_then"] for base in ("previous", "last_year")] == [35, 100]
    labels = {column.name: column.label for column in table.columns}
    assert [labels[name] for name in names] == [
        "上期工单数", "工单数环比增减", "工单数环比变化率", "工单数的环比变化可能只是偶然波动",
        "去年同期工单数", "工单数同比增减", "工单数同比变化率", "工单数的同比变化可能只是偶然波动",
    ]  # fmt: skip
    assert table.period == "2025年6月 对比 2025年5月、2024年6月"
    assert {"环比：2025年6月 对 2025年5月。", "同比：2025年6月 对 2024年6月。"} <= set(table.notes)
    assert table.filters["compare"] == "previous,last-year"


ROLES = ("then", "change", "change_rate", "change_is_noise")


def test_the_counts_of_a_rate_are_those_of_its_base() -> None:
    """甲局: 90 of 100 in June, 60 of 100 in May, 20 of 50 a year before."""
    database = store(
        rated("甲局", 90, 10, "2025-06-10"),
        rated("甲局", 60, 40, "2025-05-10"),
        rated("甲局", 20, 30, "2024-06-10"),
    )
    table = run_report(DEPARTMENTS, database, Query(period=JUNE, compare=BOTH, profile=RATED))
    (row,) = [row for row in table.rows if row["unit"] == "甲局"]
    assert row["satisfied_rate_previous_change"] == pytest.approx(30)
    assert row["satisfied_rate_last_year_change"] == pytest.approx(50)
    counts = table.counts_of(table.column("satisfied_rate_last_year_then"))
    assert counts is not None
    assert [row[part.name] for part in counts] == [20, 50]
    drawn = {column.field.name: column.text(row) for column in drawn_columns(table)}
    assert drawn["satisfied_rate_last_year_then"] == "40.0% 20/50"
    assert drawn["orders_previous_change"] == "0（0.0%）≈"
    assert drawn["orders_last_year_change"] == "+50（+100.0%）"


def test_a_period_of_ones_own_beside_the_others_is_the_other() -> None:
    database = store(
        orders("a", 30, "2025-06-10"), orders("a", 10, "2024-03-10"), orders("a", 20, "2024-04-10")
    )
    query = Query(period=JUNE, compare=("last-year", month(2024, 3), month(2024, 4)))
    table = run_report(CATEGORIES, database, query)
    assert [table.rows[0][f"orders_{tag}_change"] for tag in ("other", "other_2")] == [20, 10]
    assert table.rows[0]["orders_last_year_change"] is None
    assert "库中没有 2024年6月 的工单，无从对比。" in table.notes
    assert table.column("orders_other_change").label == "工单数较2024年3月增减"


@pytest.mark.parametrize(
    ("what", "text", "bases"),
    [
        ("one", "previous", ("previous",)),
        ("two", "previous,last-year", BOTH),
        ("with a Chinese comma", "last-year，2023年6月", ("last-year", month(2023, 6))),
        ("a list, as the library takes it", ["previous", "2023-06"], ("previous", month(2023, 6))),
        ("a tuple of one", ("last-year",), ("last-year",)),
    ],
)
def test_bases_as_they_are_written(what: str, text: Any, bases: tuple[Any, ...]) -> None:
    assert make_query(date(2025, 7, 1), period="2025-06", compare=text).bases == bases


@pytest.mark.parametrize("text", ["previous,last-year,2023-06,2022-06", "previous,previous", "previous,"])
def test_too_many_bases_and_doubled_ones_are_refused(text: str) -> None:
    with pytest.raises(UsageError):
        make_query(date(2025, 7, 1), period="2025-06", compare=text)


def test_movers_ranks_against_one_base() -> None:
    with pytest.raises(UsageError, match="一次只能"):
        run_report(
            find_report("movers"), store(orders("a", 1, "2025-06-01")), Query(period=JUNE, compare=BOTH)
        )


def by_step(table: ReportTable) -> dict[Any, tuple[Any, ...]]:
    return {
        (row["position"], row.get("series")): (
            row["step"],
            row["orders"],
            row["orders_then"],
            row["orders_change"],
        )
        for row in table.rows
    }


def test_a_day_that_only_the_base_month_has_is_no_fall_to_zero() -> None:
    """31 May has no day of June beside it: 12 orders that no row of June answers, nor a point of it."""
    database = store(
        orders("a", 20, "2025-06-30"), orders("a", 5, "2025-05-30"), orders("a", 12, "2025-05-31")
    )
    table = run_report(TREND, database, Query(period=JUNE, compare="previous", granularity="day"))
    found = by_step(table)
    assert len(found) == 30
    assert found[30, "全部"] == ("2025-06-30", 20, 5, 15)
    assert all(row["step"] for row in table.rows)
    assert table.totals["orders_then"] == 17
    assert any("多 1 步" in note for note in table.notes)


def test_a_day_that_the_base_month_has_not_is_no_rise_from_zero() -> None:
    database = store(orders("a", 20, "2025-05-31"), orders("a", 5, "2025-04-30"))
    found = by_step(run_report(TREND, database, Query(period=MAY, compare="previous", granularity="day")))
    assert found[30, "全部"] == ("2025-05-30", 0, 5, -5)
    assert found[31, "全部"] == ("2025-05-31", 20, None, None)


def test_a_series_of_the_base_alone_stands_at_the_steps_of_the_present() -> None:
    database = store(
        orders("物业", 20, "2025-06-02"), orders("供暖", 7, "2025-05-02"), orders("供暖", 9, "2025-05-31")
    )
    query = Query(period=JUNE, compare="previous", granularity="day", by="category")
    found = by_step(run_report(TREND, database, query))
    assert found[2, "供暖"] == ("2025-06-02", 0, 7, -7)
    assert found[2, "物业"] == ("2025-06-02", 20, 0, 20)
    assert (31, "供暖") not in found


def test_a_series_or_area_beyond_those_shown_is_no_zero() -> None:
    """June: c0 … c8 have 20, 19 … 12 orders; in May c8 was the largest. Eight lines are shown."""
    groups = [orders(f"c{n}", 20 - n, "2025-06-02", street=f"s{n}") for n in range(25 - 8)]
    database = store(
        *groups,
        orders("c8", 50, "2025-05-02", street="s8"),
        *(orders(f"c{n}", 1, "2025-05-02", street=f"s{n}") for n in range(8)),
    )
    query = Query(period=JUNE, compare="previous", granularity="month", by="category")
    table = run_report(TREND, database, query)
    assert [row["series"] for row in table.rows] == [f"c{n}" for n in range(8)]
    assert "只列前 8 个类别的" in "\n".join(table.notes)
    assert table.filters.get("top") is None
    more = run_report(TREND, database, replace(query, top=9))
    assert by_step(more)[1, "c8"] == ("2025-06", 12, 50, -38)
    crossed = run_report(CROSS, database, Query(period=JUNE, compare="previous", top=9))
    (cell,) = [row for row in crossed.rows if (row["area"], row["category"]) == ("s8", "c8")]
    assert (cell["orders"], cell["orders_then"]) == (12, 50)
    assert len({row["area"] for row in crossed.rows}) == 9


def test_top_counts_series_not_their_steps() -> None:
    database = store(orders("a", 9, "2025-06-02"), orders("b", 5, "2025-06-03"), orders("a", 3, "2025-05-02"))
    query = Query(period=JUNE, compare="previous", granularity="day", by="category", top=1)
    table = run_report(TREND, database, query)
    assert {row["series"] for row in table.rows} == {"a"}
    assert len(table.rows) == 30


def test_a_period_without_any_order_is_not_a_fall_of_all() -> None:
    table = run_report(
        CATEGORIES, store(orders("a", 40, "2025-07-10")), Query(period=month(2025, 8), compare="previous")
    )
    assert table.rows == []
    assert table.incomplete
    assert "库中没有 2025年8月 的工单，无从对比。" in table.notes


LACKING = [
    ("the present has no departments", "2025-05-10", "2025-06-10"),
    ("the base has none", "2025-06-10", "2025-05-10"),
]


@pytest.mark.parametrize(("what", "named", "unnamed"), LACKING, ids=[case[0] for case in LACKING])
def test_what_an_export_has_no_column_for_is_neither_a_fall_nor_a_rise(
    what: str, named: str, unnamed: str
) -> None:
    database = store(orders("a", 40, named, department="甲局"), orders("a", 40, unnamed))
    table = run_report(
        find_report("pareto"), database, Query(period=JUNE, compare="previous", by="department")
    )
    assert all(row.get("orders_change") is None for row in table.rows), table.rows
    assert table.incomplete
    assert any("无法计算" in note for note in table.notes)


def test_a_published_case_of_a_leap_day() -> None:
    """20 orders on 29 February 2024; the 60th day of 2023 is 1 March: 24 orders."""
    database = store(
        orders("a", 20, "2024-02-29"), orders("a", 24, "2023-03-01"), orders("a", 7, "2023-02-28")
    )
    query = make_query(date(2025, 7, 1), period="2024-02-29", compare="last-year")
    (row,) = run_report(CATEGORIES, database, query).rows
    assert (row["orders"], row["orders_then"]) == (20, 24)


def clustered(dice: Any, mean: float, dispersion: float, days: int) -> Any:
    """Daily counts with ``dispersion`` times the mean as variance."""
    return dice.negative_binomial(mean / (dispersion - 1), 1 / dispersion, days)


@pytest.mark.parametrize("dispersion", [2, 3])
def test_clustered_counts_without_a_change_are_seldom_called_real(dispersion: float) -> None:
    """40 tables of 14 rows, 100 a month, 13 weeks of history: Poisson's test calls most tables changed."""
    dice = np.random.default_rng(11)
    first, false, poisson = date(2025, 3, 2), 0, 0
    for _ in range(40):
        counts = clustered(dice, 100 / 30, dispersion, 14 * 121).reshape(14, 121)  # 2 March to 30 June
        answer = pa.table({
            "category": [str(row) for row in range(14) for _ in range(91)],
            "day": [first + timedelta(days=day) for _ in range(14) for day in range(91)],
            "orders": counts[:, :91].ravel(),
        })  # fmt: skip
        known = variation_of(answer, ("category",), (JUNE, MAY), first=first, calendar=WorkCalendar())
        now, then = counts[:, 91:].sum(axis=1), counts[:, 60:91].sum(axis=1)
        rows = [known.of({"category": str(row)}) for row in range(14)]
        p = [known.count_p(row, int(a), int(b)) for row, a, b in zip(rows, now, then, strict=True)]
        false += min(adjusted(p)) <= 0.05
        poisson += (
            min(adjusted([counts_p(int(a), int(b), 30, 31) for a, b in zip(now, then, strict=True)])) <= 0.05
        )
    assert false <= 6  # 2 expected of 40 at 5 %; more than 6 comes once in 300 such tests
    assert poisson >= 15


def daily_orders(category: str, counts: dict[date, int]) -> list[dict[str, Any]]:
    return [row for day, number in counts.items() for row in orders(category, number, day.isoformat())]


def test_a_month_with_a_holiday_is_expected_to_have_less() -> None:
    """甲: 20 on a working day, 2 on others. October has 18 working days, September 23: no change at all."""
    calendar, start = WorkCalendar(), date(2025, 5, 1)
    days = [start + timedelta(days=number) for number in range(184)]
    rows = daily_orders("甲", {day: 20 if calendar.is_working_day(day) else 2 for day in days})
    even = daily_orders("乙", dict.fromkeys(days, 20))
    table = run_report(
        CATEGORIES, database_of(rows + even), Query(period=month(2025, 10), compare="previous")
    )
    marks = {row["category"]: row["orders_change_is_noise"] for row in table.rows}
    assert marks == {"甲": True, "乙": True}
    (row,) = [row for row in table.rows if row["category"] == "甲"]
    assert counts_p(int(str(row["orders"])), int(str(row["orders_then"])), 31, 30) < 0.025


def test_a_week_of_holidays_in_which_nobody_works_says_nothing() -> None:
    """One order a working day: of 1-7 October 2024 none is expected and none came, which is no 0 ÷ 0."""
    calendar, start = WorkCalendar(), date(2024, 8, 6)
    worked = [day for n in range(98) if calendar.is_working_day(day := start + timedelta(days=n))]
    answer = pa.table({"category": ["甲"] * len(worked), "day": worked, "orders": [1] * len(worked)})
    week, before = days(date(2024, 11, 5), date(2024, 11, 11)), days(date(2024, 10, 29), date(2024, 11, 4))
    known = variation_of(answer, ("category",), (week, before), first=start, calendar=calendar)
    row = known.of({"category": "甲"})
    assert row.dispersion == known.whole.dispersion == 1.0
    assert known.count_p(row, 20, 5) < 0.05 < known.count_p(row, 5, 5)


def test_a_row_that_swings_every_week_is_not_called_changed() -> None:
    """稳: 40 a week, then 70 in June's. 荡: 10 and 70 in turn, then as much more in June as 稳."""
    start = date(2025, 1, 6)
    days = [start + timedelta(days=number) for number in range(176)]
    june = date(2025, 6, 1)
    steady = {day: 10 if day >= june else 6 for day in days}
    swinging = {day: 14 if day >= june or (day - start).days // 7 % 2 else 2 for day in days}
    others = {f"其他{n}": dict.fromkeys(days, 8) for n in range(4)}
    rows = [
        row
        for name, counts in {"稳": steady, "荡": swinging, **others}.items()
        for row in daily_orders(name, counts)
    ]
    table = run_report(CATEGORIES, database_of(rows), Query(period=JUNE, compare="previous"))
    marks = {row["category"]: row["orders_change_is_noise"] for row in table.rows}
    assert marks["稳"] is False
    assert marks["荡"] is True
    assert any("逐周件数" in note for note in table.notes)


BY_ORDERS = [
    "categories",
    "departments",
    "areas",
    "channels",
    "cross",
    "pareto",
    "repeat-rates",
    "movers",
    "trend",
]


@pytest.mark.parametrize("name", BY_ORDERS)
def test_the_keys_that_orders_tell_are_keys_of_the_rows(name: str) -> None:
    """A report that names no series of its rows is judged by the whole alone."""
    report = find_report(name)
    series = report.series(Query(by="category" if name == "trend" else None))
    assert series
    assert set(series) <= set(report.keys)


def test_shares_and_counts_that_are_marked_differently_are_explained() -> None:
    """All double but one: its share halves though its count stays, and the counts of the others rise."""
    start = date(2025, 1, 6)
    days = [start + timedelta(days=number) for number in range(176)]
    june = date(2025, 6, 1)
    doubled = {day: 40 if day >= june else 20 for day in days}
    rows = (
        daily_orders("同", dict.fromkeys(days, 20))
        + daily_orders("甲", doubled)
        + daily_orders("乙", doubled)
    )
    table = run_report(CATEGORIES, database_of(rows), Query(period=JUNE, compare="previous"))
    (row,) = [row for row in table.rows if row["category"] == "同"]
    assert (row["orders_change_is_noise"], row["share_change_is_noise"]) == (True, False)
    assert any("件数与占比判断不同" in note for note in table.notes)


def workdays_only(category: str, days: list[date], worked: int = 40, other: int = 4) -> list[dict[str, Any]]:
    calendar = WorkCalendar()
    counts = {day: worked if calendar.is_working_day(day) else other for day in days}
    return daily_orders(category, counts)


@pytest.mark.parametrize("by", [None, "category"])
@pytest.mark.parametrize("history", [182, 0], ids=["26 weeks of history", "no history"])
def test_a_saturday_is_not_weighed_against_a_working_day(by: str | None, history: int) -> None:
    """40 on a working day, 4 on others; the first of June 2025 is a Sunday, that of May a holiday's Thursday.

    Step for step working days meet others. Only 11 June, of 400, is a change.
    """
    first = date(2025, 5, 1) - timedelta(days=history)
    days = [first + timedelta(days=n) for n in range((date(2025, 7, 1) - first).days)]
    rows = workdays_only("甲", days) + orders("甲", 360, "2025-06-11")
    table = run_report(
        TREND, database_of(rows), Query(period=JUNE, compare="previous", granularity="day", by=by)
    )
    real = [row["step"] for row in table.rows if row["orders_change_is_noise"] is False]
    assert real == ["2025-06-11"]
    assert {(row["days"], row["workdays"]) for row in table.rows} == {(1, 0), (1, 1)}
    assert sum(int(str(row["workdays"])) for row in table.rows) == 20  # 2 June is 端午


def test_a_series_that_the_base_lacks_is_weighed_by_the_days_of_the_step() -> None:
    """乙 comes in June alone, 20 on each working day: on the 12th against 12 May, a working day as well;
    on the 11th against a Sunday, on which none were to be expected.
    """
    first = date(2024, 11, 1)
    days = [first + timedelta(days=n) for n in range((date(2025, 7, 1) - first).days)]
    rows = workdays_only("甲", days) + workdays_only("乙", [d for d in days if d >= JUNE.start], 20, 0)
    table = run_report(
        TREND, database_of(rows), Query(period=JUNE, compare="previous", granularity="day", by="category")
    )
    of_b = {row["step"]: row for row in table.rows if row["series"] == "乙"}
    assert {row["orders_then"] for row in of_b.values()} == {0}
    assert of_b["2025-06-11"]["orders_change_is_noise"] is True
    assert of_b["2025-06-12"]["orders_change_is_noise"] is False
