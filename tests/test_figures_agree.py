"""What an independent recount found at odds: one test a kind."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from helpers import database_of
from hotline_tools.briefing.answers import Answers
from hotline_tools.briefing.chapters.cases import _order
from hotline_tools.briefing.sentences.flow import carry_over
from hotline_tools.briefing.sentences.volume import Volume, volume
from hotline_tools.briefing.words import LocalWords
from hotline_tools.document import Behind, OrdersBehind, counted_key
from hotline_tools.reports.catalog import alerts, departments, ledger, loop, repeats, supervise
from hotline_tools.reports.period import days, month
from hotline_tools.reports.query import Query
from hotline_tools.reports.registry import find_report
from hotline_tools.reports.run import run_report
from hotline_tools.table import NoteKind, ReportTable

Rows = list[dict[str, Any]]


def test_an_event_before_the_receipt_counts_in_the_month_of_the_receipt() -> None:
    # 1 came in on 2 June, and its revisit, dispatch and signing are dated May; 2 is of May.
    wrong = {"revisited_at": "2025-05-20", "dispatched_at": "2025-05-21", "signed_at": "2025-05-22"}
    rows = [
        {"received_at": "2025-06-02", "closed_at": "2025-06-05", "satisfaction": "satisfied", **wrong},
        {"received_at": "2025-05-03", "closed_at": "2025-05-05", "satisfaction": "satisfied",
         "dispatched_at": "2025-05-03", "signed_at": "2025-05-03", "revisited_at": "2025-05-06"},
    ]  # fmt: skip
    database = database_of([{"status": "closed", "department": "甲局", **row} for row in rows])
    may, june, both = (
        Query(period=period)
        for period in (month(2025, 5), month(2025, 6), days(date(2025, 5, 1), date(2025, 6, 30)))
    )

    def counted(query: Query) -> dict[str, Any]:
        (row,) = departments.compute(database, query).rows
        steps = {step["step"]: step["orders"] for step in loop.compute(database, query).rows}
        return {"rated": row["satisfied_rate_denominator"], "派单": steps["派单"], "签收": steps["签收"]}

    assert counted(may) == counted(june) == {"rated": 1, "派单": 1, "签收": 1}
    assert counted(both) == {"rated": 2, "派单": 2, "签收": 2}


def ledger_rows(rows: Rows, query: Query) -> dict[str, dict[str, Any]]:
    return {str(row["unit"]): dict(row) for row in ledger.compute(database_of(rows), query).rows}


def test_an_unfinished_period_is_held_against_the_same_days_of_the_year_before() -> None:
    # 40 a month in the first half of 2024; 2025 has January alone.
    rows = [
        {"received_at": f"{y}-{m:02d}-{d:02d}", "community": "东社区"}
        for y, months in ((2024, range(1, 7)), (2025, (1,)))
        for m in months
        for d in range(1, 29)
        for _ in range(2)
    ]
    rows += [
        {"received_at": "2023-12-30", "community": "东社区"},
        {"received_at": "2025-01-31", "community": "东社区"},
    ]
    quarter = days(date(2025, 1, 1), date(2025, 3, 31))
    table = ledger.compute(database_of(rows), Query(period=quarter, by="community"))
    (row,) = table.rows
    assert (row["opened"], row["opened_last_year"]) == (57, 56)
    assert any("本期数据只到 2025-01-31，时间段未满" in note for note in table.notes)
    after = ledger_rows(rows, Query(period=month(2025, 3), by="community"))
    assert all(row["opened_change"] is None for row in after.values())


def test_a_month_that_the_data_end_in_has_no_change_from_the_whole_one() -> None:
    rows = [{"received_at": f"{y}-06-{d:02d}"} for y in (2024, 2025) for d in range(1, 21) for _ in range(3)]
    rows += [{"received_at": "2024-05-31"}]
    rows = rows + [{"received_at": f"2024-06-{d}"} for d in range(21, 31)]
    assert ledger_rows(rows, Query())["2025-06"]["opened_last_year"] is None
    whole = [*rows, {"received_at": "2025-06-30"}]
    assert ledger_rows(whole, Query())["2025-06"]["opened_last_year"] == 70


OF_TWO_MONTHS = [
    {"received_at": "2025-06-02", "status": "open", "due_at": "2025-06-09"},
    {"received_at": None, "status": "open", "due_at": "2025-06-09"},
    {"received_at": None, "status": "closed", "closed_at": "2025-06-20", "due_at": "2025-06-09"},
    {"received_at": None, "status": "closed", "closed_at": None, "due_at": "2025-06-09"},
    {"received_at": "2025-07-01", "status": "open"},
]
"""Two dated orders; of three undated one is open and late, one closed late, one closed nobody knows when."""


def test_undated_orders_are_carried_into_no_month() -> None:
    found = ledger_rows(OF_TWO_MONTHS, Query())
    names = ("carried_in", "opened", "closed_late", "open_at_end", "overdue_at_end")
    june = [found["2025-06"][name] for name in names]
    assert june == [0, 1, 0, 1, 1]
    by_month = ledger_rows(OF_TWO_MONTHS, Query(period=month(2025, 6)))
    assert [by_month["2025-06"][name] for name in names] == june


def test_the_whole_store_has_one_number_of_overdue_orders() -> None:
    database = database_of([{"department": "甲局", **row} for row in OF_TWO_MONTHS])
    by_month = ledger.compute(database, Query()).totals
    by_unit = departments.compute(database, Query()).totals
    assert by_month["overdue_at_end"] == by_unit["overdue_at_end"] == 2
    assert by_month["open_at_end"] == by_unit["open_at_end"]


def test_a_source_that_never_tells_the_contact_is_not_pushed_for_it() -> None:
    told = {"source": "平台", "first_contact_at": "2025-06-02 10:00"}
    rows = [
        {**told, "received_at": "2025-06-02 09:00", "status": "closed", "closed_at": "2025-06-03"},
        {"source": "平台", "received_at": "2025-06-02 09:00", "status": "open"},
        {"source": "区级", "received_at": "2025-06-02 09:00", "status": "open"},
    ]
    table = supervise.compute(database_of(rows), Query(as_of=datetime(2025, 6, 20)))
    kinds = {row["order_id"]: row["kinds"] for row in table.rows}
    assert "未联系" in kinds["2"] and "未联系" not in kinds["3"]
    (row,) = (row for row in table.rows if row["order_id"] == "2")
    assert any("受理 18 天未联系群众" in str(reason) for reason in row["reasons"]), "it was never dispatched"
    assert any("来源“区级”的工单从不填写首次联系时间" in note for note in table.notes)


def test_a_period_without_receipts_is_not_called_empty_over_a_full_table() -> None:
    rows = [{"received_at": "2025-05-02", "status": "open", "due_at": "2025-05-09", "department": "甲局"}]
    database = database_of([*rows, {"received_at": "2025-08-01", "status": "open", "department": "乙局"}])
    full = run_report(find_report("departments"), database, Query(period=month(2025, 6)))
    assert full.rows and not any(note.kind is NoteKind.EMPTY for note in full.notes)
    assert "时间段内没有受理的工单，所列是此前受理的。" in full.notes
    empty = run_report(find_report("departments"), database, Query(period=month(2025, 4)))
    assert any(note.kind is NoteKind.EMPTY for note in empty.notes)


def test_two_orders_with_one_id_are_told_apart_by_their_keys() -> None:
    rows = [
        {
            "order_key": "甲:1",
            "order_id": "1",
            "source": "甲",
            "content": "幼儿园停办",
            "received_at": "2025-06-01",
        },
        {
            "order_key": "乙:1",
            "order_id": "1",
            "source": "乙",
            "content": "水表井漏水",
            "received_at": "2025-06-02",
        },
    ]
    found = _order(database_of(rows), ["乙:1"])
    assert found is not None and found["content"] == "水表井漏水"


def test_a_row_opens_the_orders_that_it_counts_and_no_others() -> None:
    table = ReportTable("orders", "工单", (), [])
    own = Behind("甲局", 3, (0,))
    orders = OrdersBehind(table, ("unit",), {("unit", counted_key("甲局", 3)): own})
    assert orders.of({"unit": "甲局", "orders": 3}) is own
    assert orders.of({"unit": "甲局", "orders": 5}) is None
    assert orders.of({"unit": "甲局", "listed": 3}) is None


def test_all_chapters_count_at_one_moment() -> None:
    # Orders of December and January; what was done with them goes on until 9 February.
    rows = [
        {"received_at": f"{m}-{d:02d}", "status": "open"}
        for m in ("2024-12", "2025-01")
        for d in range(1, 32)
    ]
    rows += [
        {"received_at": f"2024-{m:02d}-{d:02d}", "status": "open"} for m in (9, 10, 11) for d in range(1, 31)
    ]
    rows += [{"received_at": "2025-01-31", "status": "closed", "closed_at": "2025-02-09 22:49"}]
    asked = Query(period=days(date(2025, 1, 1), date(2025, 3, 31)))
    answers = Answers.of(database_of(rows), asked)
    assert answers.bases and datetime(2025, 1, 31, 23, 59) < answers.as_of <= datetime(2025, 2, 1)
    supervised, compared = answers.table("supervise"), answers.table("departments", compare=True)
    assert supervised is not None and compared is not None
    for table in (supervised, compared):
        assert any("截至 2025-02-01" in note or "截至 2025-01-31 24" in note for note in table.notes), (
            table.report
        )


@pytest.mark.parametrize(
    ("since", "of_days", "orders", "said"),
    [
        ("12月1日", 31, 1392, "2023年第4季度（数据自12月1日起）共受理群众诉求1392件，日均44.9件。"),
        ("", 92, 1392, "2023年第4季度共受理群众诉求1392件，日均15.1件。"),
        ("", 92, 1, "2023年第4季度共受理群众诉求1件。"),
    ],
)
def test_the_daily_mean_is_of_the_days_that_the_data_cover(
    since: str, of_days: int, orders: int, said: str
) -> None:
    now = Volume("2023年第4季度", orders, of_days, since=since)
    assert volume(now, None, LocalWords()).text == said


def test_an_answers_days_begin_with_the_data() -> None:
    rows = [{"received_at": f"2025-06-{d:02d}", "status": "open"} for d in range(11, 31)]
    answers = Answers.of(
        database_of([*rows, {"received_at": "2025-07-02", "status": "open"}]), Query(period=month(2025, 6))
    )
    assert (answers.days, answers.begins) == (20, date(2025, 6, 11))


@pytest.mark.parametrize("name", ["hours", "loop", "reconcile", "trend"])
def test_the_parts_of_a_whole_are_not_cut_and_not_said_to_be(name: str) -> None:
    rows = [
        {"received_at": f"2025-06-{d:02d} 08:30", "status": "open", "category": "甲"} for d in range(1, 31)
    ]
    query = Query(period=month(2025, 6))
    database = database_of([{"department": "甲局", **row} for row in rows])
    table = run_report(find_report(name), database, replace(query, top=3))
    assert len(table.rows) == len(run_report(find_report(name), database, query).rows) > 3
    assert "top" not in table.filters and "各行是一个整体，不按 --top 截取，全部列出。" in table.notes


def test_a_closing_before_the_receipt_brings_nothing_back() -> None:
    members = {"place": "春晖小区", "subcategory": "电梯运行", "category": "物业管理"}
    rows = [
        {"order_id": f"T{n}", "received_at": f"2025-06-{n + 3:02d}", "closed_at": closed, **members}
        for n, closed in enumerate(["2025-06-01", "2025-06-01", "2025-06-01"])
    ]
    (issue,) = repeats.compute(database_of(rows), Query()).rows
    assert issue["came_back"] == 0
    rows[0]["closed_at"] = "2025-06-04 00:00"
    rows[0]["received_at"] = "2025-06-03"
    (issue,) = repeats.compute(database_of(rows), Query()).rows
    assert issue["came_back"] == 1


def test_closings_whose_time_is_wrong_are_not_said_to_be_in_time() -> None:
    flows = {
        "orders": 332,
        "closed": 44,
        "closed_late": 0,
        "withdrawn": 0,
        "open_at_end": 288,
        "overdue_at_end": 0,
    }
    said = carry_over(flows, "本月", LocalWords(), untimed=43).text
    assert "办结44件（其中43件办结时间缺或早于受理，是否超时无从判断，其余无超时）" in said
    assert "办结44件（无超时办结）" in carry_over(flows, "本月", LocalWords()).text


def test_of_a_mailbox_nobody_can_tell_whether_callers_were_called() -> None:
    rows = [
        {"received_at": "2025-06-02", "department": "甲局", "reply": "已回复",
         "closed_at": "2025-06-20", "status": "closed"},
        {"received_at": "2025-06-03", "department": "甲局", "status": "open"},
    ]  # fmt: skip
    table = supervise.compute(database_of(rows), Query(as_of=datetime(2025, 6, 21)))
    assert table.totals["unanswered"] == 0
    assert any("无法判断是否已联系群众" in note for note in table.notes)


def weekly(source: str, start: date, weeks: int, each: int) -> Rows:
    return [
        {"source": source, "received_at": str(start + timedelta(days=7 * week + n % 7)),
         "category": "物业管理", "subcategory": "电梯运行", "street": "东街道", "title": "电梯坏了"}
        for week in range(weeks)
        for n in range(each)
    ]  # fmt: skip


def test_months_of_which_there_are_no_data_are_no_months_without_orders() -> None:
    rows = weekly("a", date(2025, 1, 6), 4, 30) + weekly("a", date(2025, 6, 2), 4, 30)
    table = alerts.compute(database_of(rows), Query())
    assert table.rows == [] and any("无法预警" in note for note in table.notes)


def test_a_source_that_has_just_begun_raises_no_alarm() -> None:
    board, hotline = weekly("board", date(2025, 1, 6), 24, 2), weekly("hotline", date(2025, 6, 9), 2, 60)
    table = alerts.compute(database_of(board + hotline), Query())
    assert table.rows == []
    assert any("hotline" in note and "不参加预警" in note for note in table.notes)


def test_a_unit_that_had_no_part_in_the_period_is_no_row() -> None:
    rows = [
        {"received_at": "2025-07-02", "closed_at": "2025-07-05", "status": "closed", "department": "甲局"},
        {"received_at": "2025-06-08", "closed_at": "2025-06-13", "status": "closed", "department": "乙局"},
    ]
    table = departments.compute(database_of(rows), Query(period=month(2025, 7)))
    assert [row["unit"] for row in table.rows] == ["甲局"]
    assert "1 个单位未排名，不记 0 分也不记满分。" in table.notes
