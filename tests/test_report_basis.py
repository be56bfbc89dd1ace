"""Every figure in the period of its event: months add up, stocks are carried over, reports agree.

Checked on three stores that come through the real importer: a generated year, a hotline beside a board and a
grid, and (where the shared data are) the letters of a city. What is late is recounted by hand.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import hotline_tools as ht
from helpers import database_of, orders_of
from hotline_tools.engine import Engine
from hotline_tools.reports.catalog import channels, departments, ledger, loop, reconcile, replies, supervise
from hotline_tools.reports.figures import COUNTS, RATES
from hotline_tools.reports.kpi.carry_over import LABELS
from hotline_tools.reports.kpi.profile_file import find_profile
from hotline_tools.reports.period import Period, month, quarter, year
from hotline_tools.reports.query import Query
from hotline_tools.reports.registry import find_report, reports
from hotline_tools.reports.run import run_report
from hotline_tools.sample.board import generate_board
from hotline_tools.sample.gridreports import generate_grid
from hotline_tools.sample.hotline import generate_month, generate_year
from hotline_tools.sample.story import Sample

LETTERS = Path(os.environ.get("HOTLINE_SHARED_DATA", "/nonexistent")) / "letters-dalian"
STOCKS = ("carried_in", "open_at_end", "overdue_at_end")
STATES = (
    "closing_rate_numerator",
    "revisited_rate_numerator",
    "resolved_closed_rate_numerator",
    "open_rate_numerator",
)
"""Numerators that tell a state at the moment of the count (docs/kpi.md section 2)."""


def _csv(folder: Path, name: str, sample: Sample) -> Path:
    path = folder / name
    sample.orders.to_pandas().to_csv(path, index=False, encoding="utf-8-sig")
    return path


def _year(folder: Path) -> tuple[list[Path], int]:
    return [_csv(folder, "年度.csv", generate_year(orders=3000))], 2021


def _mixed(folder: Path) -> tuple[list[Path], int]:
    months = ("2021-05", "2021-06", "2021-07")
    makers = {"热线": generate_month, "留言": generate_board, "网格": generate_grid}
    return [_csv(folder, f"{n}{m}.csv", make(m, 7)) for m in months for n, make in makers.items()], 2021


def _letters(folder: Path) -> tuple[list[Path], int]:
    if not LETTERS.exists():
        pytest.skip("needs the shared data")
    return sorted(LETTERS.glob("*.csv")), 2018


@pytest.fixture(scope="module", params=[_year, _mixed, _letters], ids=["year", "mixed", "letters"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[ht.Store, int]:
    folder = tmp_path_factory.mktemp("basis")
    paths, year_ = request.param(folder)
    store = ht.Store.open(folder / "store", create=True)
    ht.import_files(store, paths)
    ht.classify(store)
    ht.find_repeats(store)
    return store, year_


@pytest.fixture(scope="module")
def engine(place: tuple[ht.Store, int]) -> Iterator[tuple[Engine, int]]:
    with Engine(place[0]) as database:
        yield database, place[1]


def asked(engine: Engine, name: str, **query: Any) -> Any:
    return run_report(find_report(name), engine, Query(**query))


def test_every_report_states_the_same_of_the_year_and_of_each_month(engine: tuple[Engine, int]) -> None:
    database, year_ = engine
    periods = [month(year_, number) for number in range(1, 13)]
    for basis, period in [
        ("event", year(year_)),
        ("received", year(year_)),
        *(("event", p) for p in periods),
    ]:
        table = reconcile.compute(database, Query(period=period, basis=basis))
        assert [row for row in table.rows if row["differs"]] == []
        assert not table.incomplete
    whole = reconcile.compute(database, Query(period=year(year_)))
    shared = [row for row in whole.rows if len(row["reports"]) > 1]
    assert len(shared) >= 8, "there is something to hold together"
    assert all(row["value"] or row["denominator"] for row in shared if row["name"] == "received")


def test_a_difference_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"received_at": "2025-06-02", "department": "甲局", "status": "open", "channel": "电话"}]
    assert not reconcile.compute(database_of(rows), Query()).incomplete
    wrong = dict(find_report("channels").figures) | {"orders": "closed"}
    real = reports()
    monkeypatch.setattr(
        reconcile, "reports", lambda: {**real, "channels": replace(real["channels"], figures=wrong)}
    )
    table = reconcile.compute(database_of(rows), Query())
    assert table.incomplete
    assert [row["name"] for row in table.rows if row["differs"]] == ["closed", "closed"]


def test_facts_have_a_meaning_and_every_report_declares_what_it_shares() -> None:
    for report in reports().values():
        assert {*report.figures.values()} <= {*COUNTS, *RATES}, report.name


@pytest.mark.parametrize("name", ["departments", "loop", "ledger", "channels", "repeat-rates"])
def test_months_add_up_to_quarters_and_the_year(engine: tuple[Engine, int], name: str) -> None:
    database, year_ = engine
    quarters = [asked(database, name, period=quarter(year_, n)).totals for n in range(1, 5)]
    months = [asked(database, name, period=month(year_, n)).totals for n in (4, 5, 6)]
    for parts, whole in ((quarters, asked(database, name, period=year(year_)).totals), (months, quarters[1])):
        counts = [
            key
            for key, value in whole.items()
            if type(value) is int and key not in (*STOCKS, *STATES, *_DISTINCT)
        ]
        assert "orders" in counts
        for key in counts:
            assert sum(totals.get(key) or 0 for totals in parts) == whole[key], key


_DISTINCT = ("channels", "issues", "waiting", "cleared_rate_numerator", "public_rate_numerator")
"""Things counted once however many months they are in, and what waits or is cleared at the moment."""


def test_units_add_up_too_and_with_one_moment_states_as_well(engine: tuple[Engine, int]) -> None:
    database, year_ = engine
    as_of = datetime(year_ + 1, 1, 1)
    whole = asked(database, "departments", period=year(year_), as_of=as_of)
    summed: dict[str, Counter[str]] = {}
    for number in range(1, 13):
        for row in asked(database, "departments", period=month(year_, number), as_of=as_of).rows:
            counts = {
                key: value
                for key, value in row.items()
                if key in ("orders", "closed", "closed_late") or key.endswith(("_numerator", "_denominator"))
            }
            summed.setdefault(row["unit"], Counter()).update({k: v or 0 for k, v in counts.items()})
    for row in whole.rows:
        for key, value in summed[row["unit"]].items():
            assert (row.get(key) or 0) == value, (row["unit"], key)
    assert sum(counts["orders"] for counts in summed.values()) == whole.totals["orders"]


@pytest.mark.parametrize("basis", ["event", "received"])
@pytest.mark.parametrize("name", ["departments", "loop", "ledger"])
def test_what_came_in_is_closed_or_open(engine: tuple[Engine, int], name: str, basis: Any) -> None:
    database, year_ = engine
    open_before = None
    for number in range(1, 13):
        table = asked(database, name, period=month(year_, number), basis=basis)
        if "carried_in" not in table.totals or table.totals["closed"] is None:
            continue
        rows = [row for row in table.rows if "carried_in" in row and name == "departments"]
        untold = sum(
            int(note.partition(" 件所在的来源")[0].replace(",", ""))
            for note in table.notes
            if " 件所在的来源从不填写办结情况" in note
        )
        for cells, without in [(table.totals, untold), *((row, None) for row in rows)]:
            came = cells["carried_in"] + cells["orders"]
            gone = cells["closed"] + cells["withdrawn"] + cells["open_at_end"]
            if without is None:
                assert 0 <= came - gone <= untold
            else:
                assert came == gone + without
            assert cells["overdue_at_end"] <= cells["open_at_end"]
            assert cells["closed_late"] <= cells["closed"]
        if basis == "event" and open_before is not None:
            assert table.totals["carried_in"] == open_before
        open_before = table.totals["open_at_end"]


def test_every_late_order_is_late_in_exactly_one_month(engine: tuple[Engine, int]) -> None:
    """Late, recounted by hand from the store: due by the export's deadline, closed after it or not at all."""
    database, year_ = engine
    last = database.query(
        "SELECT greatest(max(received_at), max(closed_at), max(revisited_at), max(dispatched_at)) AS t "
        "FROM stored_orders"
    ).to_pylist()[0]["t"]
    end = min(datetime(year_ + 1, 1, 1), last)
    rows = database.query("SELECT received_at, due_at, closed_at, status FROM stored_orders").to_pylist()
    late = sum(
        row["due_at"] is not None
        and row["status"] != "cancelled"
        and row["received_at"] is not None
        and datetime(year_, 1, 1) < row["due_at"] <= end
        and not (row["closed_at"] is None and row["status"] == "closed")
        and not (row["closed_at"] and row["closed_at"] < row["received_at"])
        and (row["closed_at"] is None or row["closed_at"] > row["due_at"])
        for row in rows
    )
    if not any(row["due_at"] for row in rows):
        pytest.skip("no deadlines in this store")
    if any(row["due_at"] is None for row in rows):
        return  # the profile's deadlines come on top; the year has them all in the export
    found = 0
    for number in range(1, 13):
        totals = asked(database, "departments", period=month(year_, number)).totals
        found += totals["on_time_rate_denominator"] - totals["on_time_rate_numerator"]
    assert found == late > 0


# As of 1 July. 1: May → closed late in June. 2: May → open, overdue. 3: June → closed in June, in time.
# 4: June → due in July. 5: June, withdrawn. 6: closed before it came in. 7: closed, nobody knows when.
# 8: due 24:00 on 30 June, closed on 1 July at 00:30: late in June. 9: closed on 1 July 00:00: open in June.
FLOW = """
received_at | due_at | closed_at | status | revisited_at | satisfaction
2025-05-20 08:00 | 2025-05-30 18:00 | 2025-06-03 10:00 | closed | 2025-06-05 | dissatisfied
2025-05-21 08:00 | 2025-05-31 18:00 | - | open | - | -
2025-06-02 08:00 | 2025-06-10 18:00 | 2025-06-04 10:00 | closed | 2025-07-02 | satisfied
2025-06-28 08:00 | 2025-07-05 18:00 | - | open | - | -
2025-06-03 08:00 | 2025-06-09 18:00 | - | cancelled | - | -
2025-06-05 08:00 | 2025-06-11 18:00 | 2025-06-04 08:00 | closed | - | -
2025-06-06 08:00 | 2025-06-12 18:00 | - | closed | - | -
2025-06-20 08:00 | 2025-07-01 00:00 | 2025-07-01 00:30 | closed | - | -
2025-06-21 08:00 | 2025-07-02 18:00 | 2025-07-01 00:00 | closed | - | -
"""
EVERYTHING = """
title = "不剔除"
[[rate]]
name = "on_time_rate"
label = "按时办结率"
numerator = ["closed_on_time"]
denominator = ["due"]
exclude = ["closing_time_unknown"]
[[rate]]
name = "satisfied_rate"
label = "满意率"
numerator = ["satisfied"]
denominator = ["rated"]
"""


@pytest.mark.parametrize(
    ("period", "expected", "on_time", "satisfied"),
    [
        # May: received 2, both due in May, neither closed then.
        (month(2025, 5), (0, 2, 0, 0, 0, 2, 2), (0, 2), (0, 0)),
        # June: carried in 1, 2; received 3-9; closed 1, 3, 6, 7; withdrawn 5; open 2, 4, 8, 9. Due: 3,
        # 5, 6, 7, 8, of which 6 and 7 cannot be judged; in time: 3. Late: 5 and 8. Revisited in June: 1.
        (month(2025, 6), (2, 7, 4, 1, 1, 4, 2), (1, 3), (0, 1)),
        # July, as of 2 July 00:00, the latest time there is: 8 and 9 closed, 8 late; 2 and 4 still open. Not
        # yet due: 4 and 9.
        (month(2025, 7), (4, 0, 2, 1, 0, 2, 1), (0, 0), (1, 1)),
    ],
)
def test_carry_over_by_hand(period: Any, expected: Any, on_time: Any, satisfied: Any, tmp_path: Path) -> None:
    path = tmp_path / "不剔除.toml"
    path.write_text(EVERYTHING, encoding="utf-8")
    database = database_of(orders_of(FLOW, department="甲局"))
    query = Query(period=period, profile=find_profile(str(path)))
    names = ("carried_in", "orders", "closed", "closed_late", "withdrawn", "open_at_end", "overdue_at_end")
    for report in (departments, loop, ledger):
        totals = report.compute(database, query).totals
        assert tuple(totals[name] for name in names) == expected, report.__name__
    totals = departments.compute(database, query).totals
    assert (totals["on_time_rate_numerator"], totals["on_time_rate_denominator"]) == on_time
    assert (totals["satisfied_rate_numerator"], totals["satisfied_rate_denominator"]) == satisfied
    assert set(LABELS) == {*names} - {"orders"}


def test_the_ledger_carries_from_month_to_month() -> None:
    table = ledger.compute(database_of(orders_of(FLOW, department="甲局")), Query(period=year(2025)))
    carried = {row["unit"]: (row["carried_in"], row["open_at_end"]) for row in table.rows}
    assert carried == {"2025-05": (0, 2), "2025-06": (2, 4), "2025-07": (4, 2)}
    assert table.rows[0]["unit"] == f"{date(2025, 5, 1):%Y-%m}"


# Closed on a day: the first of October is October's, though its midnight is where September ends.
DAYS = """
received_at | due_at | closed_at | status | reply | channel
2025-09-10 08:00 | 2025-09-20 18:00 | 2025-10-01 00:00 | closed | 已修复 | 电话
2025-09-11 08:00 | 2025-09-21 18:00 | 2025-10-01 00:00 | closed | 已修复 | 电话
2025-09-12 08:00 | 2025-09-22 18:00 | 2025-09-15 10:00 | closed | 已修复 | 电话
2025-09-13 08:00 | 2025-10-20 18:00 | - | open | - | 电话
2025-11-02 08:00 | 2025-11-20 18:00 | - | open | - | 电话
"""
SEPTEMBER = Query(period=month(2025, 9))


def test_what_is_closed_on_the_day_after_is_open_at_the_end_in_every_report() -> None:
    database = database_of(orders_of(DAYS, department="甲局"))
    totals = departments.compute(database, SEPTEMBER).totals
    assert (totals["closed"], totals["open_at_end"], totals["overdue_at_end"]) == (1, 3, 2)
    assert (totals["closing_rate_numerator"], totals["closing_rate_denominator"]) == (1, 3)
    assert loop.compute(database, SEPTEMBER).totals["overdue_at_end"] == 2
    assert ledger.compute(database, SEPTEMBER).totals["cleared_rate_numerator"] == 1
    pushed = supervise.compute(database, SEPTEMBER)
    assert pushed.totals["overdue_now"] == 2
    assert any("截至 2025-10-01 00:00" in note for note in pushed.notes)


# Both limits end at 24:00 of 30 September. 1 is closed on the stroke, 2 a minute later; 3 is open to the end.
STROKE = """
received_at | due_at | closed_at | status
2025-09-30 10:00 | 2025-10-01 00:00 | 2025-10-01 00:00 | closed
2025-09-30 10:00 | 2025-10-01 00:00 | 2025-10-01 00:01 | closed
2025-09-30 10:00 | 2025-10-10 18:00 | - | open
2025-10-20 10:00 | 2025-11-10 18:00 | - | open
"""


@pytest.mark.parametrize(
    ("period", "open_at_end", "overdue", "on_time"),
    [
        (month(2025, 9), 3, 1, (1, 2)),
        (month(2025, 10), 2, 1, (0, 1)),
        (Period(date(2025, 9, 1), date(2025, 11, 1), "2025-09..2025-10"), 2, 1, (1, 3)),
    ],
)
def test_what_is_closed_on_the_stroke_of_its_limit_is_never_late(
    period: Period, open_at_end: int, overdue: int, on_time: tuple[int, int]
) -> None:
    database = database_of(orders_of(STROKE, department="甲局"))
    query = Query(period=period)
    for report in (departments, loop, ledger):
        totals = report.compute(database, query).totals
        assert (totals["open_at_end"], totals["overdue_at_end"]) == (open_at_end, overdue), report.__name__
    totals = departments.compute(database, query).totals
    assert (totals["on_time_rate_numerator"], totals["on_time_rate_denominator"]) == on_time
    assert supervise.compute(database, query).totals["overdue_now"] == overdue
    assert reconcile.compute(database, query).totals["differing"] == 0


def test_the_months_of_the_stroke_carry_on_from_one_another() -> None:
    both = Query(period=Period(date(2025, 9, 1), date(2025, 11, 1), "2025-09..2025-10"))
    rows = ledger.compute(database_of(orders_of(STROKE, department="甲局")), both).rows
    assert {row["unit"]: row["overdue_at_end"] for row in rows} == {"2025-09": 1, "2025-10": 1}


@pytest.mark.parametrize("report", [departments, loop, ledger])
def test_a_later_moment_does_not_make_more_of_what_was_overdue_at_the_end(report: Any) -> None:
    # On 31 October, 4 was due too; at the end of September only 1 and 2 were.
    database = database_of(orders_of(DAYS, department="甲局"))
    later = replace(SEPTEMBER, as_of=datetime(2025, 11, 1))
    assert report.compute(database, later).totals["overdue_at_end"] == 2
    assert report.compute(database, SEPTEMBER).totals["overdue_at_end"] == 2


def test_a_reply_counts_once_it_was_given() -> None:
    database = database_of(orders_of(DAYS, department="甲局"))
    for report, rate in ((ledger, "public_rate"), (replies, "replied_rate")):
        for query, expected in (
            (SEPTEMBER, (1, 4)),
            (replace(SEPTEMBER, as_of=datetime(2025, 11, 1)), (3, 4)),
        ):
            totals = report.compute(database, query).totals
            assert (totals[f"{rate}_numerator"], totals[f"{rate}_denominator"]) == expected, rate


def test_replies_leave_out_a_source_that_never_has_any() -> None:
    grid = orders_of(
        "received_at | status\n2025-09-05 08:00 | open\n2025-09-06 08:00 | open\n", source="grid"
    )
    database = database_of([*orders_of(DAYS, source="board"), *grid])
    table = replies.compute(database, SEPTEMBER)
    assert table.totals["replied_rate_denominator"] == 4
    assert any("有答复的占比的分母不含" in note and " 2 件" in note for note in table.notes)


def test_the_ledger_of_all_time_counts_orders_without_a_time_too() -> None:
    undated = orders_of("status | closed_at\nopen | -\nclosed | 2025-10-02 09:00\n", department="甲局")
    database = database_of([*orders_of(DAYS, department="甲局"), *undated])
    months = ledger.compute(database, Query())
    units = departments.compute(database, Query())
    assert months.rows[0]["unit"] == "（未填写）"
    for name in ("orders", "closed", "open_at_end"):
        assert months.totals[name] == units.totals[name], name
    assert any("各月的上期结转" in note for note in months.notes)


def test_channels_have_a_total_of_closings_without_a_channel() -> None:
    rows = [{**row, "channel": None} for row in orders_of(DAYS)]
    assert channels.compute(database_of(rows), Query()).totals["closed"] == 3
