"""The council's agenda, and the register that carries its topics through five steps."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import database_of, orders_of
from hotline_tools.errors import StoreError, UsageError
from hotline_tools.reports.catalog import agenda
from hotline_tools.reports.period import quarter
from hotline_tools.reports.query import Query
from hotline_tools.reports.topic_register import topics_table
from hotline_tools.store import Store
from hotline_tools.store.topics import STEPS, Topic, TopicRegister, advance

# Q2 2025 has 91 days, its data run from 1 April to 20 June (81 days): the middle is 11 May.
ROWS = """
received_at|community|place|category|subcategory|caller_key|satisfaction|department|status|redos
2025-04-01 | 东社区 | 甲小区 | 物业 | 电梯 | a | dissatisfied | 甲局 | closed | 1
2025-05-12 | 东社区 | 甲小区 | 物业 | 电梯 | a | satisfied | 甲局 | closed | -
2025-06-01 | 东社区 | 甲小区 | 物业 | 电梯 | b | unrated | 乙局 | open | -
2025-06-02 | 东社区 | 乙小区 | 物业 | 电梯 | c | - | 甲局 | open | -
2025-06-03 | 东社区 | 乙小区 | 停车 | 乱停 | - | - | 丙局 | open | -
2025-06-20 | 西社区 | 丙路 | 停车 | 乱停 | - | - | 丙局 | open | -
2025-06-20 | 西社区 | - | 停车 | 乱停 | - | - | 丙局 | open | -
"""


def test_the_agenda_has_issues_and_themes_with_evidence() -> None:
    # 东: the issue 甲小区·电梯 has 3 orders by 2 callers, 1 before and 2 after 11 May, 1 of 2 rated
    # dissatisfied; the theme 电梯 has 4 orders by 3 callers. 西: no issue of 2 orders, theme 乱停 2.
    table = agenda.compute(database_of(orders_of(ROWS)), Query(period=quarter(2025, 2)))
    got = [
        (r["unit"], r["kind"], r["topic"], r["orders"], r["callers"], r["earlier_half"], r["later_half"])
        for r in table.rows
    ]
    assert got == [
        ("东社区", "事项", "甲小区 · 电梯", 3, 2, 1, 2),
        ("东社区", "主题", "电梯", 4, 3, 1, 3),
        ("西社区", "主题", "乱停", 2, None, 0, 2),
    ]
    issue = table.rows[0]
    assert (issue["dissatisfied_rate_numerator"], issue["dissatisfied_rate_denominator"]) == (1, 2)
    assert issue["departments"] == ["甲局 2 件", "乙局 1 件"]
    assert issue["order_ids"] == ["3", "2", "1"]
    assert (issue["redone"], issue["still_open"]) == (1, 1)


def test_top_limits_each_unit() -> None:
    more = orders_of(ROWS) + orders_of(ROWS.replace("电梯", "电表"))
    table = agenda.compute(database_of(more), Query(top=1))
    assert [r["topic"] for r in table.rows if r["unit"] == "东社区"] == ["甲小区 · 电梯", "电梯"]


LIMITS = {"公示": 15, "督办": 30, "验收": 60, "评定": 15, "反馈": 15}
TOPIC = Topic(1, "东社区", "乱停乱放", date(2025, 1, 1))


def test_a_topic_goes_through_the_steps_in_order() -> None:
    topic = TOPIC
    for number, step in enumerate(STEPS, 1):
        assert topic.next_step == step
        topic = advance(topic, step, date(2025, 1, number))
    assert topic.next_step is None
    assert not topic.is_stuck(date(2030, 1, 1), LIMITS)


@pytest.mark.parametrize(
    ("step", "day", "says"),
    [
        ("验收", date(2025, 1, 2), "下一步是公示"),
        ("公告", date(2025, 1, 2), "没有“公告”"),
        ("公示", date(2024, 12, 31), "早于"),
    ],
)
def test_a_wrong_step_is_refused(step: str, day: date, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        advance(TOPIC, step, day)


@given(st.integers(0, 200))
def test_a_topic_is_stuck_after_its_limit_and_not_before(days: int) -> None:
    today = date.fromordinal(TOPIC.opened.toordinal() + days)
    assert TOPIC.is_stuck(today, LIMITS) == (days > 15)


def test_the_register_outlives_the_process(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", create=True)
    register = TopicRegister(store.files)
    first = register.open("东社区", "乱停乱放", date(2025, 1, 1), ["7", "8"])
    second = register.open("西社区", "牛皮癣", date(2025, 1, 1))
    assert (first.number, second.number) == (1, 2)
    register.advance(1, "公示", date(2025, 1, 5), "张贴于公告栏")
    register.withdraw(2, "已由物业解决")
    again = TopicRegister(store.files).topics()
    assert [(t.number, t.next_step, t.order_ids) for t in again] == [(1, "督办", ("7", "8")), (2, None, ())]
    table = topics_table(again, date(2025, 3, 1))
    assert [(r["number"], r["waiting_days"], r["stuck"], r["next_step"]) for r in table.rows] == [
        (1, 55, True, "督办"),
        (2, 0, False, "已撤销"),
    ]
    assert table.totals == {"topics": 2, "ended": 1, "stuck": 1}
    with pytest.raises(UsageError, match="没有编号为 9"):
        register.advance(9, "公示", date(2025, 1, 5))


def test_a_damaged_register_names_the_line(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", create=True)
    register = TopicRegister(store.files)
    register.open("东社区", "乱停乱放", date(2025, 1, 1))
    path = store.path / "topics.jsonl"
    path.write_text(path.read_text(encoding="utf-8") + "{\n", encoding="utf-8")
    with pytest.raises(StoreError, match="第 2 行"):
        register.topics()


def test_an_export_without_times_still_has_an_agenda() -> None:
    # Beijing-style exports have no receive time: topics stay, halves are missing and said so.
    untimed = [{k: v for k, v in row.items() if k != "received_at"} for row in orders_of(ROWS)]
    table = agenda.compute(database_of(untimed), Query())
    assert [(r["topic"], r["orders"], r["later_half"]) for r in table.rows] == [
        ("甲小区 · 电梯", 3, None), ("电梯", 4, None), ("乱停", 2, None)
    ]  # fmt: skip
    assert table.incomplete
    assert any("前后半段" in note for note in table.notes)
