"""What holds for every report on any orders: finite figures, rates with their counts, SQL that is shown."""

import math
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from every_code import everything
from helpers import database_of
from hotline_tools.render.registry import names, render
from hotline_tools.reports.period import month
from hotline_tools.reports.query import Query
from hotline_tools.reports.registry import Report, reports
from hotline_tools.reports.run import run_report
from hotline_tools.table import Field, Note, ReportTable

NAMES = sorted(reports())
START = datetime(2025, 3, 1)


def maybe(strategy: Any) -> Any:
    return st.none() | strategy


def moment() -> Any:
    return maybe(st.integers(0, 90 * 24).map(lambda hours: START + timedelta(hours=hours)))


ORDER = st.fixed_dictionaries(
    {
        **{name: moment() for name in ("received_at", "dispatched_at", "signed_at", "first_contact_at")},
        **{name: moment() for name in ("due_at", "closed_at", "revisited_at")},
        "category": maybe(st.sampled_from(["物业", "噪声"])),
        "subcategory": maybe(st.sampled_from(["电梯", "施工"])),
        "street": maybe(st.sampled_from(["甲街", "乙街"])),
        "community": maybe(st.sampled_from(["东社区", "西'社区"])),
        "grid": maybe(st.just("1")),
        "place": maybe(st.just("甲小区")),
        "channel": maybe(st.sampled_from(["12345热线", "网格员上报", "信使"])),
        "department": maybe(st.sampled_from(["甲局", "乙局"])),
        "co_departments": maybe(st.just("丙局")),
        "status": maybe(st.sampled_from(["open", "closed", "cancelled", "unknown"])),
        "satisfaction": maybe(st.sampled_from(["satisfied", "basically", "dissatisfied", "unrated"])),
        "resolved": maybe(st.sampled_from(["yes", "partly", "no", "unknown"])),
        "returns": maybe(st.integers(0, 3)),
        "redos": maybe(st.integers(0, 2)),
        "reply": maybe(st.sampled_from(["已处理", "经查，已修复", ""])),
        "title": maybe(st.sampled_from(["路灯不亮", ""])),
        "original_category": maybe(st.sampled_from(["物业/电梯", "环保"])),
        "handling_level": maybe(st.sampled_from(["网格", "街道", "热线"])),
        "reporter": maybe(st.just("w1")),
        "caller_key": maybe(st.sampled_from(["a", "b"])),
        "handling_hours": maybe(st.floats(0, 500)),
        "needs_review": maybe(st.booleans()),
    }
)


def check(table: ReportTable) -> None:
    """Every number is finite; a rate is in 0-1 and has its counts beside it; no column repeats."""
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    cells = [value for row in [*table.rows, table.totals] for value in row.values()]
    assert all(math.isfinite(value) for value in cells if isinstance(value, float))
    for column in table.columns:
        if column.type != "rate":
            continue
        numerator, denominator = f"{column.name}_numerator", f"{column.name}_denominator"
        for row in table.rows:
            value = row.get(column.name)
            if value is None or column.name.endswith("change") or column.name.endswith("change_rate"):
                continue
            assert 0 <= float(str(value)) <= 1, (column.name, value)
            if numerator in names:
                assert float(str(value)) == pytest.approx(
                    int(str(row[numerator])) / int(str(row[denominator]))
                )


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders=st.lists(ORDER, max_size=25))
def test_figures_are_finite_and_rates_have_counts(name: str, orders: list[dict[str, Any]]) -> None:
    report = reports()[name]
    for query in (Query(), Query(period=month(2025, 4), top=2)):
        table = report.compute(database_of(orders), query)
        check(table)
    for form in names("table"):
        assert render(table, form)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_scope_is_empty_and_says_so(name: str) -> None:
    database = database_of([{"received_at": "2025-03-01", "category": "物业", "street": "甲街"}])
    table = reports()[name].compute(database, Query(period=month(1999, 1)))
    assert table.notes
    assert not any(row.get("orders") for row in table.rows)


@pytest.mark.parametrize("report", reports().values(), ids=NAMES)
def test_the_sql_is_whole(report: Report) -> None:
    text = report.sql(Query(period=month(2025, 4)))
    assert "SELECT" in text
    assert "{" not in text, "a place was left unfilled"


@pytest.mark.parametrize(
    "row",
    [
        {"rate": math.nan},
        {"rate": 1.5, "rate_numerator": 3, "rate_denominator": 2},
        {"rate": 0.5, "rate_numerator": 1, "rate_denominator": 3},
    ],
)
def test_the_check_sees_what_is_wrong(row: dict[str, Any]) -> None:
    fields = (Field("rate", "率", "rate"), *(Field(f"rate_{n}", n) for n in ("numerator", "denominator")))
    with pytest.raises(AssertionError):
        check(ReportTable(report="x", title="x", columns=fields, rows=[row]))


SHARES = {
    ("agreement", "share_in_original"): ("orders", "original_orders"),
    ("areas", "share"): ("orders", "@orders"),
    ("categories", "share"): ("orders", "@orders"),
    ("channels", "share"): ("orders", "@orders"),
    ("cross", "share_in_area"): ("orders", "area_orders"),
    ("cross", "share_in_category"): ("orders", "category_orders"),
    ("hours", "share"): ("orders", "@orders"),
    ("newtopics", "share"): ("orders", "@doubtful"),
    ("pareto", "share"): ("orders", "@orders"),
    ("reconcile", "rate"): ("numerator", "denominator"),
    ("pareto", "cumulative_share"): ("cumulative_orders", "@orders"),
}
"""A share without counts of its own → what it divides by what; ``@`` is a total of the table."""
NOT_COUNTS = {("replies", "boilerplate_share"), ("ledger", "opened_change")}
"""A share of characters, and a rate of change whose two counts stand beside it."""


@pytest.fixture(scope="module")
def whole() -> Any:
    return database_of(everything())


@pytest.mark.parametrize("name", NAMES)
def test_every_rate_is_the_quotient_of_counts_that_are_there(name: str, whole: Any) -> None:
    report = reports()[name]
    compared = [Query(period=month(2025, 5), compare="previous")] if report.keys else []
    for query in [Query(), *compared]:
        table = run_report(report, whole, query)
        names = {column.name for column in table.columns}
        for column in table.columns:
            base, end = (column.name[:-5], "_then") if column.name.endswith("_then") else (column.name, "")
            skip = (
                (name, base) in NOT_COUNTS or base.endswith("change_rate") or (end and (name, base) in SHARES)
            )
            if column.type != "rate" or skip or column.estimate_of:
                continue
            counts = (f"{base}_numerator{end}", f"{base}_denominator{end}")
            if counts[0] not in names:
                counts = SHARES[name, base]
            for row in table.rows:
                above, below = (_figure(row, table, count) for count in counts)
                expected = above / below if above is not None and below else None
                assert row.get(column.name) == pytest.approx(expected), (column.name, row)


BARE = {
    ("agreement", "share_in_original"),
    ("categories", "share_in_category"),
    ("cross", "share_in_area"),
    ("cross", "share_in_category"),
    *NOT_COUNTS,
}
"""Rates that divide columns which mean something of their own, or no counts at all."""


def asked(report: Report) -> list[Query]:
    compared = [Query(period=month(2025, 5), compare="previous")] if report.keys else []
    return [Query(), *compared, *([Query(by="subcategory")] if report.name == "categories" else [])]


@pytest.mark.parametrize("name", NAMES)
def test_every_rate_knows_its_counts_and_every_mark_names_a_column(name: str, whole: Any) -> None:
    for query in asked(reports()[name]):
        table = run_report(reports()[name], whole, query)
        names = [column.name for column in table.columns]
        assert len(names) == len(set(names)), "two columns of one name"
        assert all(isinstance(note, Note) for note in table.notes)
        for column in table.columns:
            derived = column.then_of or column.change_of or column.change_rate_of or column.noise_of
            assert not derived or derived in names
            assert not column.estimate_of or column.estimate_of in names
            if column.type == "rate" and not derived and not column.estimate_of:
                assert (column.counts is None) == ((name, column.name) in BARE), column.name
            if column.counts is not None:
                assert column.counts.numerator in names
                assert column.counts.denominator in (table.totals if column.counts.of_total else names)


def test_a_column_of_a_report_gives_way_to_one_of_the_comparison(whole: Any) -> None:
    # The ledger has a change since last year of its own, called as the change since the base is.
    table = run_report(reports()["ledger"], whole, Query(period=month(2025, 5), compare="previous"))
    assert table.column("opened_change").change_of == "opened"
    assert [c.type for c in table.columns if c.name == "opened_change"] == ["integer"]


def _figure(row: dict[str, Any], table: ReportTable, name: str) -> Any:
    return table.totals[name[1:]] if name.startswith("@") else row.get(name)


def _finished(name: str, day: str) -> dict[str, Any]:
    """An order with everything, closed on the day it came, every name of it beginning with ``name``."""
    names = ("category", "subcategory", "district", "street", "community", "channel", "department", "grid")
    return {
        **{column: f"{name}{column}" for column in names},
        "original_category": f"{name}/{name}",
        "order_id": f"{name}{day}",
        "received_at": f"{day} 09:00",
        "closed_at": f"{day} 15:00",
        "status": "closed",
        "satisfaction": "satisfied",
        "reply": f"{name}已处理，请放心。",
        "content": f"{name}路灯不亮",
    }


ROWS_BY_PLAN = {"gridwork", "hours", "trend", "loop", "seasonal", "supervise", "reconcile"}
"""Reports whose rows are steps, hours, workers, facts: that nothing happened may be what they tell."""


@pytest.mark.parametrize("name", sorted({*NAMES} - ROWS_BY_PLAN))
def test_what_nothing_happened_to_in_the_period_makes_no_row(name: str) -> None:
    """旧 came in March and is still open: it is read for what may happen, and in May nothing did."""
    old = {**_finished("旧", "2025-03-03"), "closed_at": None, "status": "open", "satisfaction": None}
    new = _finished("新", "2025-05-06")
    table = run_report(reports()[name], database_of([old, new]), Query(period=month(2025, 5)))
    for row in table.rows:
        figures = {name: cell for name, cell in row.items() if isinstance(cell, int | float)}
        assert any(cell for name, cell in figures.items() if name != "rank"), row
