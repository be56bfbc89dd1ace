"""``report departments``: published rates, a store counted by hand, and what must never be claimed."""

import csv
import json
import math
import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from helpers import MemoryDatabase, database_of, orders_of, orders_table
from hotline_tools.errors import UsageError
from hotline_tools.render.json import render_json
from hotline_tools.reports.catalog.departments import compute, sql
from hotline_tools.reports.common import UNFILLED
from hotline_tools.reports.kpi.profile import Limit, LimitRule, OwnFact, Profile, Rate, Score, UnitGroup
from hotline_tools.reports.kpi.profile_file import find_profile, shipped_profiles
from hotline_tools.reports.kpi.statement import define_views
from hotline_tools.reports.period import month
from hotline_tools.reports.query import Query
from hotline_tools.table import ReportTable

JUNE = month(2025, 6)
ON_TIME = Rate("on_time_rate", "按时办结率", ("closed_on_time",), ("due",), required=True)
SCORED = Rate("satisfied_rate", "满意率", ("satisfied",), ("rated",), score=Score("share", 100))


def copies_of(*groups: tuple[int, dict[str, Any]]) -> MemoryDatabase:
    """Return a database with each order as often as said, without holding the copies."""
    database = MemoryDatabase(orders_table(row for _, row in groups))
    times = ", ".join(f"('k{number}', {count})" for number, (count, _) in enumerate(groups, 1))
    database.connection.execute("ALTER TABLE orders RENAME TO kinds")
    database.connection.execute(
        "CREATE VIEW orders AS SELECT kinds.* FROM kinds "
        f"JOIN (SELECT k, unnest(range(n)) AS copy FROM (VALUES {times}) AS t(k, n)) AS many ON k = order_key"
    )
    return database


def row_of(table: ReportTable, unit: str) -> dict[str, Any]:
    (row,) = [row for row in table.rows if row["unit"] == unit]
    return dict(row)


LATE = {"received_at": "2025-06-02 09:00", "due_at": "2025-06-10 00:00", "department": "甲局"}
PUBLISHED = [
    (
        "按时办结率 24,165 of 29,186 due",
        "default",
        "on_time_rate",
        [
            (24165, {**LATE, "closed_at": "2025-06-09 09:00", "status": "closed"}),
            (25783 - 24165, {**LATE, "closed_at": "2025-06-11 09:00", "status": "closed"}),
            (29186 - 25783, {**LATE, "status": "open"}),
            (5000, {**LATE, "due_at": "2025-07-10 00:00", "status": "open"}),
        ],
        (24165, 29186, 0.828),
    ),
    (
        "结案率 25,783 of 29,186 due",
        "default",
        "closing_rate",
        [
            (25783, {**LATE, "closed_at": "2025-06-11 09:00", "status": "closed"}),
            (29186 - 25783, {**LATE, "status": "open"}),
            (5000, {**LATE, "due_at": "2025-07-10 00:00", "status": "open"}),
        ],
        (25783, 29186, 0.8834),
    ),
    (
        "不满意率 64,735 of 737,702 revisited",
        "default",
        "dissatisfied_rate",
        [
            (64735, {"department": "甲局", "satisfaction": "dissatisfied"}),
            (600000, {"department": "甲局", "satisfaction": "satisfied"}),
            (
                737702 - 664735,
                {"department": "甲局", "revisited_at": "2025-06-11", "satisfaction": "unrated"},
            ),
            (12345, {"department": "甲局", "satisfaction": "unrated"}),
        ],
        (64735, 737702, 0.0878),
    ),
    (
        "回复率 11,330 of 18,804 messages",
        "message-board",
        "reply_rate",
        [
            (11330, {"department": "甲局", "status": "closed", "reply": "已办"}),
            (18804 - 11330, {"department": "甲局", "status": "open"}),
        ],
        (11330, 18804, 0.6025),
    ),
    (
        "直接解答率 57.07 %",
        "default",
        "direct_answer_rate",
        [
            (5707, {"department": "热线办", "handling_level": "坐席直接解答"}),
            (4293, {"department": "甲局", "handling_level": "转办"}),
        ],
        (5707, 10000, 0.5707),
    ),
]


@pytest.mark.parametrize(
    ("what", "profile", "rate", "groups", "expected"), PUBLISHED, ids=[p[0] for p in PUBLISHED]
)
def test_published_figures(
    *,
    what: str,
    profile: str,
    rate: str,
    groups: list[tuple[int, dict[str, Any]]],
    expected: tuple[int, int, float],
) -> None:
    query = Query(profile=find_profile(profile), as_of=datetime(2025, 7, 1))
    totals = compute(copies_of(*groups), query).totals
    numerator, denominator, published = expected
    assert (totals[f"{rate}_numerator"], totals[f"{rate}_denominator"]) == (numerator, denominator)
    assert totals[rate] == pytest.approx(published, abs=0.00005)


MAY = {"received_at": "2025-05-20 09:00", "department": "甲局"}
IN_JUNE = {"received_at": "2025-06-20 09:00", "department": "甲局"}
CLOSED_IN_JUNE = {"closed_at": "2025-06-09 09:00", "status": "closed"}
CLOSED_IN_JULY = {"closed_at": "2025-07-09 09:00", "status": "closed"}
BY_BASIS = [
    (
        "按时办结率: of what falls due in June, whenever it came; 200 not yet due move on",
        "default",
        "on_time_rate",
        "event",
        [
            (5844, {**MAY, **CLOSED_IN_JUNE, "due_at": "2025-06-10 00:00"}),
            (24165 - 5844, {**LATE, **CLOSED_IN_JUNE}),
            (29186 - 24165, {**LATE, **CLOSED_IN_JULY}),
            (200, {**IN_JUNE, "due_at": "2025-07-10 00:00", "status": "open"}),
            (700, {**MAY, **CLOSED_IN_JUNE, "due_at": "2025-05-30 00:00"}),
        ],
        (24165, 29186, 0.828),
    ),
    (
        "结案率: closed by the end of June ÷ due in June",
        "default",
        "closing_rate",
        "event",
        [
            (5844, {**MAY, **CLOSED_IN_JUNE, "due_at": "2025-06-10 00:00"}),
            (25783 - 5844, {**LATE, "closed_at": "2025-06-11 09:00", "status": "closed"}),
            (29186 - 25783, {**LATE, **CLOSED_IN_JULY}),
            (200, {**IN_JUNE, "due_at": "2025-07-10 00:00", "status": "open"}),
            (700, {**MAY, **CLOSED_IN_JUNE, "due_at": "2025-05-30 00:00"}),
        ],
        (25783, 29186, 0.8834),
    ),
    (
        "不满意率: of what was revisited in June",
        "default",
        "dissatisfied_rate",
        "event",
        [
            (64735, {**MAY, "revisited_at": "2025-06-11 09:00", "satisfaction": "dissatisfied"}),
            (737702 - 64735, {**LATE, "revisited_at": "2025-06-11 09:00", "satisfaction": "satisfied"}),
            (9999, {**LATE, "revisited_at": "2025-07-11 09:00", "satisfaction": "dissatisfied"}),
        ],
        (64735, 737702, 0.0878),
    ),
    (
        "回复率: of June's messages, replied by the moment of the count",
        "message-board",
        "reply_rate",
        "received",
        [
            (11000, {**LATE, **CLOSED_IN_JUNE, "reply": "已办"}),
            (330, {**IN_JUNE, **CLOSED_IN_JULY, "reply": "已办"}),
            (18804 - 11330, {**IN_JUNE, "status": "open"}),
            (500, {**MAY, **CLOSED_IN_JUNE, "reply": "已办"}),
        ],
        (11330, 18804, 0.6025),
    ),
    (
        "直接解答率: of June's calls",
        "default",
        "direct_answer_rate",
        "received",
        [
            (5707, {**LATE, **CLOSED_IN_JUNE, "handling_level": "坐席直接解答"}),
            (4293, {**IN_JUNE, "handling_level": "转办"}),
            (500, {**MAY, **CLOSED_IN_JUNE, "handling_level": "坐席直接解答"}),
        ],
        (5707, 10000, 0.5707),
    ),
]


@pytest.mark.parametrize(
    ("what", "profile", "rate", "basis", "groups", "expected"), BY_BASIS, ids=[p[0] for p in BY_BASIS]
)
def test_published_figures_of_a_month_under_the_basis_they_were_published_with(
    *,
    what: str,
    profile: str,
    rate: str,
    basis: Any,
    groups: list[tuple[int, dict[str, Any]]],
    expected: tuple[int, int, float],
) -> None:
    """Beside what was published there is what only the other basis counts, which gives another rate."""
    database = copies_of(*groups)
    query = Query(period=JUNE, profile=find_profile(profile), as_of=datetime(2025, 7, 15), basis=basis)
    if basis == "event":
        query = replace(query, as_of=None)
    totals = compute(database, query).totals
    numerator, denominator, published = expected
    assert (totals[f"{rate}_numerator"], totals[f"{rate}_denominator"]) == (numerator, denominator)
    assert totals[rate] == pytest.approx(published, abs=0.00005)
    other = replace(query, basis="received" if basis == "event" else "event")
    counted = compute(database, other).totals
    told = (counted[f"{rate}_numerator"], counted[f"{rate}_denominator"])
    assert (told == (numerator, denominator)) is (rate in DATED_BY_RECEIPT)


DATED_BY_RECEIPT = {"direct_answer_rate", "reply_rate"}
"""Rates whose event is the receipt: both bases count alike."""


def test_a_published_month_with_its_carry_over() -> None:
    """55,978 new and 5,844 carried in are handled; 200 that are not yet due go to the next month."""
    database = copies_of(
        (5844, {**MAY, **CLOSED_IN_JUNE}),
        (55978 - 200, {**LATE, **CLOSED_IN_JUNE}),
        (200, {**IN_JUNE, "due_at": "2025-07-10 00:00", "status": "open"}),
        (300, {**MAY, "closed_at": "2025-05-30 09:00", "status": "closed"}),
    )
    totals = compute(database, Query(period=JUNE)).totals
    flows = ("carried_in", "orders", "closed", "open_at_end", "overdue_at_end")
    assert {name: totals[name] for name in flows} == {
        "carried_in": 5844, "orders": 55978, "closed": 61622, "open_at_end": 200, "overdue_at_end": 0,
    }  # fmt: skip


def order(department: str, received: str, **more: Any) -> dict[str, Any]:
    status = "closed" if "closed_at" in more else "open"
    return {"department": department, "received_at": received, "status": status, **more}


# 2 June 2025 (Monday) was Dragon Boat, so 3 to 6 and 9 to 13 are working days. LimitRule: 3 working days
# from the day after receipt, so an order of Tuesday the 3rd is due by the end of Friday the 6th.
GOLDEN = [
    order(
        "甲局", "2025-06-03 10:00", closed_at="2025-06-06 23:59:59", satisfaction="satisfied"
    ),  # 24:00, as it is read: on time
    order(
        "甲局", "2025-06-03 10:00", closed_at="2025-06-07 00:01", satisfaction="basically"
    ),  # a minute into the next day: late
    order("甲局", "2025-06-03 10:00"),  # open and overdue
    order("甲局", "2025-06-27 10:00"),  # due at the end of 2 July, so not yet due on 1 July
    order(
        "甲局", "2025-06-03 10:00", closed_at="2025-06-12 09:00", due_at="2025-06-12 09:00"
    ),  # the export's own
    order("乙局", "2025-06-05 10:00", closed_at="2025-06-05 09:00", satisfaction="unrated"),  # negative
    order("乙局", "2025-06-05 10:00", status="closed"),  # closed, nobody knows when
    order("乙局", "2025-06-05 10:00", closed_at="2025-07-05 10:00"),  # closed after the count: late and open
    order("丙局", "2025-06-30 10:00", satisfaction="dissatisfied"),  # nothing due
    {**order("甲局", "2025-06-03 10:00"), "status": "cancelled"},
    order("甲局", "2025-05-03 10:00"),  # another month
    {"department": "甲局", "status": "open"},  # no time of receipt
]
RULES = Limit("deadline", "received_at", (LimitRule((), 3, "workdays", "next-day"),))
HAND = Profile(
    "hand",
    "手算",
    (
        Rate(
            "on_time_rate",
            "按时办结率",
            ("closed_on_time",),
            ("due",),
            exclude=("closing_time_unknown",),
            required=True,
            score=Score("share", 50),
        ),
        Rate("closing_rate", "结案率", ("closed",), ("due",)),
        Rate(
            "satisfied_rate",
            "满意率",
            ("satisfied", "basically_satisfied"),
            ("rated",),
            score=Score("share", 50),
        ),
    ),
    minimum_orders=1,
    deadline=RULES,
    exclude=(("status", ("cancelled",)),),
)
HAND_QUERY = Query(period=JUNE, profile=HAND)
HAND_COUNTS = [
    # 甲局 has 5 orders; 4 are due (10:00 on the 27th is not): on time are 24:00 and the export's own.
    ("甲局", "on_time_rate", 2, 4),
    ("甲局", "closing_rate", 3, 4),
    ("甲局", "satisfied_rate", 2, 2),
    # 乙局 has 3, all due; of the ones without a closing time, or closed before they came in,
    # nobody can say whether they were in time.
    ("乙局", "on_time_rate", 0, 1),
    ("乙局", "closing_rate", 2, 3),
    ("乙局", "satisfied_rate", 0, 0),
    ("丙局", "on_time_rate", 0, 0),
    ("丙局", "satisfied_rate", 0, 1),
]


@pytest.fixture(scope="module")
def golden() -> ReportTable:
    return compute(database_of(GOLDEN), HAND_QUERY)


@pytest.mark.parametrize(("unit", "rate", "numerator", "denominator"), HAND_COUNTS)
def test_counted_by_hand(golden: ReportTable, unit: str, rate: str, numerator: int, denominator: int) -> None:
    row = row_of(golden, unit)
    assert (row[f"{rate}_numerator"], row[f"{rate}_denominator"]) == (numerator, denominator)
    assert row[rate] == (numerator / denominator if denominator else None)


@pytest.mark.parametrize(
    ("closed", "on_time"),
    [("2025-06-06", 1), ("2025-06-06 23:59:59", 1), ("2025-06-07", 0)],
    ids=["the day itself", "its end", "the day after"],
)
def test_a_closing_that_is_a_day_alone_is_late_on_the_day_after_the_limit(closed: str, on_time: int) -> None:
    query = replace(HAND_QUERY, as_of=datetime(2025, 7, 1))
    table = compute(database_of([order("甲局", "2025-06-03 10:00", closed_at=closed)]), query)
    assert (table.totals["on_time_rate_numerator"], table.totals["on_time_rate_denominator"]) == (on_time, 1)


def test_totals_are_the_pooled_counts(golden: ReportTable) -> None:
    assert golden.totals["orders"] == 9
    assert (golden.totals["on_time_rate_numerator"], golden.totals["on_time_rate_denominator"]) == (2, 5)
    assert golden.totals["on_time_rate"] == 0.4
    # Durations: 86 h, 86 h 1 min and 215 h of 甲局; the negative one and the one of July are out.
    assert golden.totals["timed"] == 3
    assert golden.totals["negative_durations"] == 1
    assert golden.totals["hours_median"] == pytest.approx(86 + 1 / 60, abs=1e-3)
    assert golden.totals["hours_mean"] == pytest.approx((86 + 86 + 1 / 60 + 215) / 3, abs=1e-3)
    # P90 of three by linear interpolation: 0.8 of the way from the second to the third.
    assert golden.totals["hours_p90"] == pytest.approx(86 + 1 / 60 + 0.8 * (129 - 1 / 60), abs=1e-3)
    # Working hours 9-17 by default: 7 h on the 3rd and 8 on the 4th, 5th, 6th = 31.
    assert golden.totals["working_hours_median"] == pytest.approx(31)


def test_closings_without_a_time_are_told(golden: ReportTable) -> None:
    told = [str(note) for note in golden.notes if "已办结而无办结时间" in str(note)]
    assert [note.split("，")[0] for note in told] == ["1 件已办结而无办结时间"]


def test_scores_and_units_without_due_orders(golden: ReportTable) -> None:
    first, second, apart = (row_of(golden, unit) for unit in ("甲局", "乙局", "丙局"))
    # 甲局: 50 x 2/4 + 50 x 2/2 = 75; 乙局 has no rating: 50 x 0/1 of 50.
    assert (first["score"], first["score_points"], first["rank"]) == (75, 100, 1)
    assert (second["score"], second["score_points"], second["rank"]) == (0, 50, 2)
    assert (apart["score"], apart["rank"], apart["board"]) == (None, None, None)
    assert apart["unranked_because"] == "按时办结率无分母"
    assert [row["unit"] for row in golden.rows] == ["甲局", "乙局", "丙局"]


def test_the_notes_say_what_was_counted(golden: ReportTable) -> None:
    notes = "\n".join(golden.notes)
    for part in (
        "手算（hand）",
        "截至 2025-07-01 00:00",
        "1 件取平台应办结时间，6 件按口径推算，0 件无时限",
        "按口径剔除 1 件",
        "另有 1 件没有受理时间",
        "1 件办结早于受理",
        "1 个单位未排名",
    ):
        assert part in notes
    assert golden.incomplete is False


def test_the_statement_shown_is_the_one_that_runs(golden: ReportTable) -> None:
    database = database_of(GOLDEN)
    define_views(database, HAND_QUERY)
    rows = {row["unit"]: row for row in database.query(sql(HAND_QUERY)).to_pylist()}
    for shown in golden.rows:
        for column in golden.columns:
            if column.name.endswith(("_numerator", "_denominator")):
                assert rows[str(shown["unit"])][column.name] == shown[column.name]


def test_as_of_moves_what_is_due() -> None:
    early = compute(database_of(GOLDEN), Query(period=JUNE, profile=HAND, as_of=datetime(2025, 6, 7)))
    # On 7 June 0:00 only the four orders of the 3rd with the computed limit are due; 甲局's own is not.
    assert row_of(early, "甲局")["on_time_rate_denominator"] == 3
    assert early.totals["orders"] == 7, "the orders of the 27th and the 30th had not come in"
    cohort = Query(period=JUNE, profile=HAND, as_of=datetime(2025, 8, 1), basis="received")
    late = compute(database_of(GOLDEN), cohort)
    assert row_of(late, "甲局")["on_time_rate_denominator"] == 5, "one of them fell due in July"
    by_event = compute(database_of(GOLDEN), replace(cohort, basis="event"))
    assert row_of(by_event, "甲局")["on_time_rate_denominator"] == 4
    assert row_of(late, "乙局")["closing_rate_numerator"] == 3


def test_the_latest_time_in_the_store_ends_the_count_before_the_period_does() -> None:
    rows = [
        order("甲局", "2025-06-03 10:00"),
        order("甲局", "2025-06-05 11:30", signed_at="2025-06-06 08:00", closed_at="2025-06-05 12:00"),
    ]
    table = compute(database_of(rows), HAND_QUERY)
    assert "截至 2025-06-06 08:00" in "\n".join(table.notes)
    assert table.totals["closing_rate_denominator"] == 0


def test_beijing_style_export_without_times_gives_what_it_can() -> None:
    rows = [
        {"department": "甲镇", "status": "closed", "resolved": resolved, "satisfaction": satisfaction}
        for resolved, satisfaction in [("yes", "satisfied")] * 12
        + [("no", "dissatisfied"), ("partly", "unrated")]
    ]
    table = compute(database_of(rows), Query(profile=find_profile("three-rates")))
    assert table.incomplete is True
    notes = "\n".join(table.notes)
    assert "无法计算 按时办结率：缺应办结时间或受理时间、办结时间。" in notes
    assert "无法计算 响应率" in notes
    assert "无法计算 办理时长：缺受理时间、办结时间。" in notes
    row = row_of(table, "甲镇")
    assert (row["resolved_rate_numerator"], row["resolved_rate_denominator"]) == (12, 14)
    assert (row["satisfied_rate_numerator"], row["satisfied_rate_denominator"]) == (12, 13)
    assert "on_time_rate" not in [column.name for column in table.columns]
    # 35 x 12/14 + 35 x 12/13 of 70 points.
    assert row["score"] == pytest.approx(35 * 12 / 14 + 35 * 12 / 13, abs=1e-3)
    assert "原满分 100 分" in notes


def test_no_rating_at_all_is_not_a_satisfaction_rate() -> None:
    rows = [order("甲局", "2025-06-03 10:00", satisfaction="unrated") for _ in range(3)]
    table = compute(database_of(rows), Query(period=JUNE))
    assert "无法计算 满意率：缺满意度。" in table.notes


def rated(unit: str, satisfied: int, not_satisfied: int, **more: Any) -> list[dict[str, Any]]:
    values = ["satisfied"] * satisfied + ["dissatisfied"] * not_satisfied
    return [{"department": unit, "satisfaction": value, **more} for value in values]


def boards(rows: list[dict[str, Any]], **more: Any) -> dict[str, tuple[Any, Any]]:
    profile = Profile("b", "榜", (SCORED,), minimum_orders=10, board_size=1, **more)
    table = compute(database_of(rows), Query(profile=profile))
    return {str(row["unit"]): (row["rank"], row["board"]) for row in table.rows}


def test_ties_share_a_rank() -> None:
    rows = rated("a", 10, 0) + rated("b", 20, 0) + rated("c", 8, 2) + rated("d", 5, 5)
    assert {unit: rank for unit, (rank, _) in boards(rows).items()} == {"a": 1, "b": 1, "c": 3, "d": 4}


def test_small_units_have_no_rank_and_come_last() -> None:
    rows = rated("tiny", 9, 0) + rated("good", 9, 1) + rated("bad", 5, 5) + rated("worst", 0, 9)
    assert boards(rows) == {"good": (1, None), "bad": (2, None), "tiny": (None, None), "worst": (None, None)}
    table = compute(database_of(rows), Query(profile=Profile("b", "榜", (SCORED,))))
    assert [row["unit"] for row in table.rows] == ["good", "bad", "tiny", "worst"]
    assert row_of(table, "tiny")["unranked_because"] == "工单数不足 10 件"


def test_a_large_unit_with_few_ratings_is_small() -> None:
    unrated = [{"department": "few", "satisfaction": "unrated"} for _ in range(50)]
    rows = rated("few", 3, 0) + unrated + rated("good", 9, 1) + rated("bad", 5, 5)
    table = compute(database_of(rows), Query(profile=Profile("b", "榜", (SCORED,))))
    few = row_of(table, "few")
    assert (few["rank"], few["small_n"], few["unranked_because"]) == (
        None,
        ["满意率"],
        "满意率分母不足 10 件",
    )


def test_groups_rank_apart_by_name() -> None:
    groups = (UnitGroup("镇街", ("*镇", "*街道")), UnitGroup("部门", ("*局",)))
    rows = (
        rated("甲镇", 6, 4)
        + rated("乙街道", 8, 2)
        + rated("丙局", 5, 5)
        + rated("丁局", 7, 3)
        + rated("戊", 10, 0)
    )
    assert boards(rows, groups=groups) == {
        "乙街道": (1, None),
        "甲镇": (2, None),
        "丁局": (1, None),
        "丙局": (2, None),
        "戊": (1, None),
    }


def test_areas_have_groups_of_their_own() -> None:
    groups = (UnitGroup("城区", ("东*",), level="street"), UnitGroup("部门", ("*局",)))
    rows = [{**row, "street": street} for street in ("东一", "西一") for row in rated("甲局", 6, 4)]
    query = Query(by="street", profile=Profile("b", "榜", (SCORED,), groups=groups))
    assert {row["unit"]: row["group"] for row in compute(database_of(rows), query).rows} == {
        "东一": "城区",
        "西一": "其他",
    }


TARGETS = [
    ("high is better", ("satisfied",), False, "目标（只算分母满 10 件的单位）：满意率 ≥ 80.0%，2/3 个达到。"),
    (
        "low is better",
        ("dissatisfied",),
        True,
        "目标（只算分母满 10 件的单位）：满意率 ≤ 80.0%，3/3 个达到。",
    ),
]


@pytest.mark.parametrize(("what", "numerator", "low", "note"), TARGETS, ids=[t[0] for t in TARGETS])
def test_targets_are_held_against_units_with_enough_orders(
    what: str, numerator: tuple[str, ...], low: bool, note: str
) -> None:
    rate = Rate("r", "满意率", numerator, ("rated",), target=0.8, lower_is_better=low)
    rows = rated("a", 10, 0) + rated("b", 8, 2) + rated("c", 5, 5) + rated("few", 9, 0)
    rows += [{"satisfaction": "satisfied"}] * 20  # nobody's
    assert note in compute(database_of(rows), Query(profile=Profile("t", "t", (rate,)))).notes


def test_orders_without_department_are_shown_but_not_ranked() -> None:
    rows = rated("甲局", 5, 5) + [{"satisfaction": "satisfied"}] * 4
    table = compute(database_of(rows), Query(profile=Profile("b", "榜", (SCORED,))))
    row = row_of(table, UNFILLED)
    assert (row["orders"], row["rank"], row["unranked_because"]) == (4, None, "未填写单位")
    assert table.totals["orders"] == 14


def test_helping_departments_by_option() -> None:
    rows = [{**LATE, "co_departments": "乙局;丙局"}, {**LATE, "co_departments": "乙局"}, LATE]
    table = compute(database_of(rows), Query(co=True))
    assert {row["unit"]: row["orders"] for row in table.rows} == {"乙局": 2, "丙局": 1}
    assert "几个协办单位就计几次" in "\n".join(table.notes)
    only = compute(database_of(rows), Query(co=True, department="丙局"))
    assert {row["unit"]: row["orders"] for row in only.rows} == {"丙局": 1}
    with pytest.raises(UsageError, match="协办"):
        sql(Query(co=True, by="street"))


@pytest.mark.parametrize(("by", "label"), [("district", "区县"), ("street", "镇街"), ("community", "社区")])
def test_the_same_by_area(by: str, label: str) -> None:
    rows = [{**row, by: "一"} for row in GOLDEN[:3]] + [{**row, by: "二"} for row in GOLDEN[5:7]]
    table = compute(database_of(rows), Query(period=JUNE, by=by, profile=HAND))
    assert table.column("unit").label == label
    assert row_of(table, "一")["on_time_rate_denominator"] == 3
    assert row_of(table, "二")["orders"] == 2


def test_a_unit_that_lacks_a_scored_rate_can_be_left_unranked() -> None:
    two = (
        Rate("resolved_rate", "解决率", ("resolved",), ("resolution_known",), score=Score("share", 50)),
        SCORED,
    )
    rows = rated("a", 10, 0, resolved="yes") + rated("b", 10, 0)
    table = compute(database_of(rows), Query(profile=Profile("m", "m", two, missing="unranked")))
    assert row_of(table, "b")["unranked_because"] == "解决率无分母"
    assert row_of(table, "a")["rank"] == 1


def test_repeat_issues_give_a_rate_once_they_are_found() -> None:
    rows = [order("甲局", "2025-06-03 10:00") for _ in range(4)]
    table = compute(database_of(rows), Query(period=JUNE))
    assert "未列 重复诉求率：缺重复诉求识别结果（先运行 hotline repeats）。" in table.notes
    database = database_of(rows)
    database.connection.execute(
        "CREATE TABLE issue_members AS SELECT 'k1' AS order_key, 'i' AS issue_id UNION ALL SELECT 'k3', 'i'"
    )
    totals = compute(database, Query(period=JUNE)).totals
    assert (totals["repeat_rate_numerator"], totals["repeat_rate_denominator"]) == (2, 4)


def test_a_fact_of_ones_own_without_a_match_is_not_a_rate_of_zero() -> None:
    own = OwnFact("answered", "直接解答", (("handling_level", ("坐席*",)),))
    rate = Rate("answer_rate", "直接解答率", ("answered",), ("received",))
    table = compute(database_of(GOLDEN[:3]), Query(profile=Profile("o", "o", (rate,), facts=(own,))))
    assert table.incomplete is True
    assert "缺符合“直接解答”写法的工单" in "\n".join(table.notes)


def finite(value: Any) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


@pytest.mark.parametrize("name", shipped_profiles())
@pytest.mark.parametrize("rows", [[], GOLDEN[:1], GOLDEN, [{}]], ids=["none", "one", "all", "blank"])
def test_no_infinity_and_no_rate_without_its_counts(name: str, rows: list[dict[str, Any]]) -> None:
    table = compute(database_of(rows), Query(profile=find_profile(name)))
    names = [column.name for column in table.columns]
    for column in table.columns:
        if column.counts:
            assert f"{column.name}_numerator" in names
            assert f"{column.name}_denominator" in names
    for row in [*table.rows, table.totals]:
        assert all(finite(value) for value in row.values())
        for rate in (column.name for column in table.columns if column.counts):
            assert (row[rate] is None) == (row[f"{rate}_denominator"] == 0)
            assert row[rate] is None or 0 <= row[rate] <= 1
    assert json.loads(render_json(table))["report"] == "departments"


def test_the_mailbox_of_a_real_city_ranks_all_its_departments() -> None:
    """Dalian's letters: 236 units, the service hub first with 1,059, 188 units too small for a board."""
    folder = os.environ.get("HOTLINE_SHARED_DATA")
    if not folder:
        pytest.skip("HOTLINE_SHARED_DATA is not set")
    with (Path(folder) / "letters-dalian" / "dalian_detail.csv").open(encoding="gb18030", newline="") as file:
        letters = list(csv.DictReader(file))
    rows = [
        {
            "department": letter["受理单位"].strip() or None,
            "received_at": datetime.fromisoformat(letter["反映时间"].strip()),
            "status": "closed",
        }
        for letter in letters
    ]
    table = compute(database_of(rows), Query(profile=find_profile("message-board")))
    assert len(table.rows) == 236
    largest = max(table.rows, key=lambda row: int(str(row["orders"])))
    assert (largest["unit"], largest["orders"], largest["orders_rank"]) == ("大连市公共行政服务中心", 1059, 1)
    assert all(row["board"] is None for row in table.rows if int(str(row["orders"])) < 10)


def test_top_keeps_the_first_of_each_group() -> None:
    groups = (UnitGroup("镇街", ("*镇",)), UnitGroup("部门", ("*局",)))
    rows = rated("甲镇", 6, 4) + rated("乙镇", 8, 2) + rated("丙局", 5, 5) + rated("丁局", 7, 3)
    profile = Profile("b", "榜", (SCORED,), groups=groups)
    table = compute(database_of(rows), Query(profile=profile, top=1))
    assert [row["unit"] for row in table.rows] == ["乙镇", "丁局"]
    assert table.totals["orders"] == 40


def test_a_department_filter_and_a_category_filter_narrow_the_count() -> None:
    rows = [{**row, "category": "物业"} for row in GOLDEN[:3]] + GOLDEN[3:]
    only = Query(period=JUNE, profile=HAND, department="甲局", category="物业")
    assert compute(database_of(rows), only).totals["orders"] == 3


def test_a_year_not_yet_published_is_said() -> None:
    first = datetime(2031, 6, 2, 9)
    rows = [
        {"received_at": first, "department": "甲局", "status": "open"},
        {"received_at": first + timedelta(60)},
    ]
    table = compute(database_of(rows), Query(profile=HAND))
    assert "2031 年的国务院放假安排尚未收录" in "\n".join(table.notes)


def test_a_closing_time_before_the_receipt_counts_for_neither_side() -> None:
    # Two due orders: one closed in time, one "closed" a day before it came in: 1 of 1, and the note says so.
    rows = orders_of("""
received_at | due_at | closed_at | status | department
2025-06-02 08:00 | 2025-06-05 | 2025-06-03 08:00 | closed | 甲局
2025-06-02 08:00 | 2025-06-05 | 2025-06-01 08:00 | closed | 甲局
2025-06-02 08:00 | 2025-06-05 | 2025-06-20 08:00 | closed | 甲局
""")
    table = compute(database_of(rows), Query())
    assert (
        table.totals["on_time_rate_numerator"],
        table.totals["on_time_rate_denominator"],
    ) == (1, 2)
    assert any("1 件办结早于受理" in note for note in table.notes)


def test_an_export_without_any_closed_order_counts_the_overdue_as_late() -> None:
    rows = orders_of("""
received_at | due_at | status | department
2025-06-02 08:00 | 2025-06-05 | open | 甲局
2025-06-02 08:00 | 2025-06-30 | open | 甲局
""")
    table = compute(database_of(rows), Query(as_of=datetime(2025, 6, 10)))
    assert (table.totals["on_time_rate"], table.totals["on_time_rate_denominator"]) == (0.0, 1)
    assert not any("无法计算 按时办结率" in note for note in table.notes)


def test_closed_orders_without_any_closing_time_are_not_judged() -> None:
    rows = orders_of("""
received_at | due_at | status | department
2025-06-02 08:00 | 2025-06-05 | closed | 甲局
2025-06-02 08:00 | 2025-06-05 | open | 甲局
""")
    table = compute(database_of(rows), Query(as_of=datetime(2025, 6, 10)))
    assert any("无法计算 按时办结率：缺办结时间" in note for note in table.notes)


def test_late_open_and_first_time_by_hand() -> None:
    """Five orders on 1 July: closed in time; late after a redo; open; closed on the 2nd; closed, no time."""
    rows = orders_of(
        """
received_at | due_at | closed_at | status | returns | redos
2025-06-02 08:00 | 2025-06-05 | 2025-06-03 08:00 | closed | 0 | 0
2025-06-02 08:00 | 2025-06-05 | 2025-06-06 08:00 | closed | 0 | 1
2025-06-02 08:00 | 2025-06-05 | - | open | 2 | 0
2025-06-02 08:00 | 2025-06-05 | 2025-07-02 08:00 | closed | 0 | 0
2025-06-02 08:00 | 2025-06-05 | - | closed | - | -
""",
        department="甲局",
    )
    totals = compute(database_of(rows), Query(as_of=datetime(2025, 7, 1))).totals
    names = ("late_rate", "open_rate", "first_time_rate")
    assert {n: (totals[f"{n}_numerator"], totals[f"{n}_denominator"]) for n in names} == {
        "late_rate": (1, 2),
        "open_rate": (2, 5),
        "first_time_rate": (2, 3),
    }
