"""Reports of repeat issues: what fires a rule, one caller against many, rates with their counts."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from helpers import MemoryDatabase, orders_of, orders_table
from hotline_tools.errors import DataFileError
from hotline_tools.reports.issues.escalation_rules import LEVELS, EscalationRule, fired_rules
from hotline_tools.reports.period import month
from hotline_tools.reports.query import Query
from hotline_tools.reports.registry import find_report
from hotline_tools.reports.rules import load_rules, read_rules, shipped_rules
from hotline_tools.table import ReportTable

ORDERS = """
order_key | received_at | closed_at | caller_key | satisfaction | resolved | department | category | content
a1 | 2025-03-01 08:00 | 2025-03-03 08:00 | p | dissatisfied | yes | 甲局 | 物业 | 电梯困人
a2 | 2025-03-02 08:00 | 2025-03-04 08:00 | q | dissatisfied | no | 乙局 | 物业 | 电梯困人，老人害怕
a3 | 2025-03-05 08:00 | - | r | - | - | 丙局 | 物业 | 电梯坏
b1 | 2025-03-01 08:00 | 2025-03-02 08:00 | p | satisfied | yes | 甲局 | 噪声 | 吵
b2 | 2025-03-09 08:00 | 2025-03-10 08:00 | p | satisfied | yes | 甲局 | 噪声 | 吵
c1 | 2025-03-01 08:00 | - | - | - | - | 甲局 | 噪声 | 灯
c2 | 2025-03-01 09:00 | - | - | - | - | 甲局 | 噪声 | 灯
d1 | 2025-03-01 09:00 | 2025-03-02 09:00 | s | satisfied | yes | 甲局 | 噪声 | 别的
"""
ISSUES = {"a1": "R1", "a2": "R1", "a3": "R1", "b1": "R2", "b2": "R2", "c1": "R3", "c2": "R3"}


def database(muted: str = "") -> MemoryDatabase:
    members = pa.table({"order_key": list(ISSUES), "issue_id": list(ISSUES.values())})
    named = pa.table(
        {
            "issue_id": ["R1", "R2", "R3"],
            "label": ["甲小区电梯", "乙路噪声", "丙路灯"],
            "place": pa.nulls(3, pa.string()),
            "muted": [name == muted for name in ("R1", "R2", "R3")],
            "to_check": [False, False, None],
        }
    )
    return MemoryDatabase(orders_table(orders_of(ORDERS)), issue_members=members, issues=named)


def rows(report: str, **query: Any) -> list[dict[str, Any]]:
    return find_report(report).compute(database(), Query(**query)).rows


def test_repeats_tell_one_caller_from_many() -> None:
    found = {row["issue_id"]: row for row in rows("repeats")}
    assert {name: row["kind"] for name, row in found.items()} == {
        "R1": "多人反映", "R2": "一人多次", "R3": "来电人不详",
    }  # fmt: skip
    assert (found["R1"]["callers"], found["R1"]["orders"], found["R1"]["came_back"]) == (3, 3, 1)
    assert (found["R2"]["callers"], found["R2"]["came_back"]) == (1, 1)
    assert (found["R3"]["callers"], found["R3"]["unknown_callers"]) == (0, 2)
    assert found["R1"]["label"] == "甲小区电梯"
    assert found["R1"]["dissatisfied_rate"] == 1.0
    assert found["R1"]["dissatisfied_rate_denominator"] == 2
    assert found["R2"]["weekly"] == [1, 1]


def test_open_orders_are_not_known_where_no_order_says_its_state() -> None:
    found = {row["issue_id"]: row["open_orders"] for row in rows("repeats")}
    assert found == {"R1": 1, "R2": 0, "R3": None}  # a3 has no closing, as others of its source have


@pytest.mark.parametrize("report", ["repeats", "escalations"])
def test_without_a_search_issues_have_short_numbers_beside_their_names(report: str) -> None:
    orders = [{**order, "place": "甲小区", "subcategory": "电梯"} for order in orders_of(ORDERS)]
    alone = MemoryDatabase(orders_table(orders))
    found = find_report(report).compute(alone, Query()).rows
    assert [row["label"] for row in found] == ["甲小区 · 电梯"]
    assert re.fullmatch(r"P[0-9A-F]{8}", found[0]["issue_id"])
    assert find_report(report).compute(alone, Query()).rows == found


def test_totals_are_of_all_issues() -> None:
    table = find_report("repeats").compute(database(), Query(top=1))
    assert len(table.rows) == 1
    assert table.totals["issues"] == 3
    assert (table.totals["listed_share_numerator"], table.totals["listed_share_denominator"]) == (7, 8)


def test_escalations_say_why_and_to_whom() -> None:
    found = rows("escalations")
    assert [row["issue_id"] for row in found] == ["R1"]
    assert found[0]["level"] == "区县"
    assert found[0]["reasons"] == [
        "多人反映：不同来电人 3 人",
        "连续不满意：连续 2 次不满意",
        "多个单位经手：3 个单位",
        "人身安全：2 件提到困人",
    ]
    assert found[0]["order_ids"] == ["1", "2", "3"]


# Of one issue: three in May, five in June, one in July; closed once, in May. a, x: orders of none.
BEFORE = """
order_key | received_at | closed_at | caller_key | satisfaction
a0 | 2025-04-01 08:00 | - | z | -
m1 | 2025-05-10 08:00 | 2025-05-12 08:00 | a | -
m2 | 2025-05-20 08:00 | - | b | -
m3 | 2025-05-28 08:00 | - | c | dissatisfied
j1 | 2025-06-02 08:00 | - | d | dissatisfied
j2 | 2025-06-03 08:00 | - | e | -
j3 | 2025-06-10 08:00 | - | f | -
j4 | 2025-06-20 08:00 | - | g | -
j5 | 2025-06-28 08:00 | - | h | -
y1 | 2025-07-02 08:00 | - | i | dissatisfied
"""


def period_rows(report: str, text: str = BEFORE, **query: Any) -> list[dict[str, Any]]:
    return period_table(report, text, **query).rows


def period_table(report: str, text: str, **query: Any) -> ReportTable:
    orders = [{**order, "place": "甲小区", "subcategory": "电梯"} for order in orders_of(text)]
    keys = [str(order["order_key"]) for order in orders if str(order["order_key"])[0] not in "ax"]
    members = pa.table({"order_key": keys, "issue_id": ["R1"] * len(keys)})
    named = pa.table(
        {
            "issue_id": ["R1"],
            "label": ["甲小区电梯"],
            "place": ["甲小区3号楼"],
            "muted": [False],
            "to_check": [False],
        }
    )
    found = MemoryDatabase(orders_table(orders), issue_members=members, issues=named)
    return find_report(report).compute(found, Query(**query))


def test_a_period_does_not_cut_what_came_before_it() -> None:
    # The last of June is the 28th: the 30 days before it hold five, the 30 before those (29 April to 29 May)
    # three. 5 is less than twice 3. The first was on 10 May. All five came after the closing of 12 May. The
    # dissatisfied of 28 May and of 2 June are two in a row; July is not known yet.
    (row,) = period_rows("escalations", period=month(2025, 6))
    assert (row["orders"], row["came_back"]) == (5, 5)
    assert row["first_at"] == datetime(2025, 5, 10, 8)
    assert row["last_at"] == datetime(2025, 6, 28, 8)
    assert not any("快速增多" in reason for reason in row["reasons"])
    assert "连续不满意：连续 2 次不满意" in row["reasons"]
    assert row["order_ids"] == ["5", "6", "7", "8", "9"]
    assert row["place"] == "甲小区3号楼", "where its orders' addresses say it is, not where most columns do"


def test_growth_counts_the_days_before_the_period() -> None:
    rules = read_rules("escalations", {"rules": [
        {"name": "增多", "measure": "growth", "days": 30, "least": 1.5, "orders": 5, "level": "镇街"},
        {"name": "集中", "measure": "orders_within", "days": 7, "least": 3, "level": "镇街"},
    ]}, "r.toml")  # fmt: skip
    (row,) = period_rows("escalations", period=month(2025, 6), rules=rules)
    # Seven days up to 3 June hold 28 May, 2 June, 3 June.
    assert row["reasons"] == [
        "增多：最近 30 天 5 件，是此前 30 天（3 件）的 1.5 倍以上",
        "集中：7 天内 3 件",
    ]


GROWTH = {"name": "增多", "measure": "growth", "days": 30, "least": 2, "orders": 5, "level": "镇街"}


@pytest.mark.parametrize(
    ("orders_of_may", "reasons"),
    [
        ("a0 | 2025-04-01 08:00 | - | z | -", ["增多：最近 30 天 5 件，此前 30 天 0 件"]),
        ("a0 | 2025-05-20 08:00 | - | z | -", None),
    ],
    ids=["nothing of it in May", "an export that begins in May tells nothing of its first days"],
)
def test_growth_from_nothing_needs_the_orders_of_the_time_before(
    orders_of_may: str, reasons: list[str] | None
) -> None:
    head, rest = BEFORE.split("a0", 1)
    of_june = head + orders_of_may + "\n" + rest[rest.index("j1") :]
    rules = read_rules("escalations", {"rules": [GROWTH]}, "r.toml")
    found = period_rows("escalations", of_june, period=month(2025, 6), rules=rules)
    assert [row["reasons"] for row in found] == ([reasons] if reasons else [])


@pytest.mark.parametrize("whole_may", [True, False], ids=["whole", "a month without data"])
def test_a_month_without_data_is_no_growth(whole_may: bool) -> None:
    head, rest = BEFORE.split("a0", 1)
    others = "\n".join(
        f"x{month}{day:02d}{hour} | 2025-{month:02d}-{day:02d} {hour:02d}:00 | - | z | -"
        for month in ((4, 5, 6) if whole_may else (4, 6))
        for day in range(1, 29)
        for hour in (8, 9, 10, 11)
    )
    rules = read_rules("escalations", {"rules": [GROWTH]}, "r.toml")
    table = period_table(
        "escalations", f"{head}{others}\n{rest[rest.index('j1') :]}", period=month(2025, 6), rules=rules
    )
    told = "1 个事项没有按“增多”判断：其来源此前 30 天疑似缺数据。"
    assert [row["reasons"] for row in table.rows] == (
        [["增多：最近 30 天 5 件，此前 30 天 0 件"]] if whole_may else []
    )
    assert (told in table.notes) is not whole_may


def test_issues_without_any_time_grow_by_nothing_that_is_known() -> None:
    orders = [
        {**order, "place": "甲小区", "subcategory": "电梯", "received_at": None}
        for order in orders_of(BEFORE)
    ]
    table = find_report("escalations").compute(MemoryDatabase(orders_table(orders)), Query())
    assert not any("增多" in reason for row in table.rows for reason in row["reasons"])


def test_muted_issues_are_left_out() -> None:
    assert find_report("escalations").compute(database("R1"), Query()).rows == []
    assert find_report("repeats").compute(database("R1"), Query()).totals["issues"] == 2


def test_callers_who_came_again() -> None:
    found = rows("callers")
    assert [(r["caller_key"], r["orders"], r["issues"], r["most_on_one_issue"]) for r in found] == [
        ("p", 3, 2, 2)
    ]
    table = find_report("callers").compute(database(), Query())
    assert table.totals["callers_3"] == 1
    counted = "来电 2 次的 {callers_2} 人、来电 3 次的 {callers_3} 人、来电 4 次及以上的 {callers_4} 人"
    assert any(counted.format(**table.totals) in note for note in table.notes)
    assert table.totals["callers_2"] == 0


def test_repeat_rates_come_in_threes() -> None:
    found = {row["item"]: row for row in rows("repeat-rates", as_of=datetime(2025, 5, 1))}
    assert (found["噪声"]["repeat_rate_numerator"], found["噪声"]["repeat_rate_denominator"]) == (4, 5)
    assert found["物业"]["repeat_rate"] == 1.0
    assert (found["噪声"]["back_rate_numerator"], found["噪声"]["back_rate_denominator"]) == (1, 3)
    assert (
        found["物业"]["resolved_back_rate_numerator"],
        found["物业"]["resolved_back_rate_denominator"],
    ) == (1, 1)
    assert (found["物业"]["repeat_satisfied_rate"], found["物业"]["repeat_satisfied_rate_denominator"]) == (
        0.0,
        2,
    )
    assert found["噪声"]["other_satisfied_rate"] == 1.0
    early = {row["item"]: row for row in rows("repeat-rates", as_of=datetime(2025, 4, 1, 9))}
    assert early["噪声"]["back_rate_denominator"] == 2, "b1 and d1; b2 was closed less than 30 days ago"
    by_unit = {row["item"] for row in rows("repeat-rates", by="department")}
    assert by_unit == {"甲局", "乙局", "丙局"}
    table = find_report("repeat-rates").compute(database(), Query(by="department"))
    assert sum(row["issues"] for row in table.rows) == 5, "R1 is in three rows"
    assert table.totals["issues"] == 3


@pytest.mark.parametrize(
    ("callers", "came_back", "said"),
    [
        (3, 0, ["多人反映"]),
        (6, 0, ["较多人反映"]),
        (12, 0, ["群体反映"]),
        (12, 2, ["群体反映", "办结后又来"]),
        (12, 5, ["群体反映", "屡办屡发"]),  # three of the five in rounds
    ],
)
def test_of_steps_of_one_ladder_only_the_highest_is_given(
    callers: int, came_back: int, said: list[str]
) -> None:
    rules = shipped_rules("escalations").rules
    row = dict.fromkeys([column for r in rules for column in (r.column, f"{r.column}_before")], 0)
    found = fired_rules(
        rules,
        {**row, "kind": "多人反映", "callers": callers, "came_back": came_back, "rounds": came_back - 2},
    )
    assert [rule.name for rule in found] == said


def test_a_lower_step_with_the_higher_level_wins() -> None:
    steps = [("甲", 3, "区县"), ("乙", 5, "社区")]
    rules = [
        EscalationRule(number=n, name=name, measure="callers", least=least, level=level)
        for n, (name, least, level) in enumerate(steps)
    ]
    assert [rule.name for rule in fired_rules(rules, {"kind": "多人反映", "callers": 9})] == ["甲"]


def test_shipped_rules_are_sound() -> None:
    rules = shipped_rules("escalations")
    assert {rule.level for rule in rules.rules} == set(LEVELS)
    assert len({rule.name for rule in rules.rules}) == len(rules.rules)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"measure": "caller", "least": 3}, "是不是 callers"),
        ({"measure": "callers", "least": 0}, "须不小于 1"),
        ({"measure": "callers", "least": 3, "level": "省"}, "level"),
        ({"measure": "words", "least": 1}, "words"),
        ({"measure": "callers", "least": 3, "kind": ["大家"]}, "大家"),
        ({"measure": "callers", "least": 3, "day": 7}, "day"),
    ],
)
def test_mistakes_in_rules_are_named(rule: dict[str, Any], said: str) -> None:
    values = {"report": "escalations", "least_orders": 2, "rules": [{"name": "x", "level": "社区", **rule}]}
    with pytest.raises(DataFileError, match=said):
        read_rules("escalations", values, "我市.toml")


def test_a_city_may_bring_its_own_rules(tmp_path: Path) -> None:
    own = tmp_path / "我市.toml"
    own.write_text(
        'report = "escalations"\n[[rules]]\nname = "两人"\nmeasure = "callers"\nleast = 2\nlevel = "镇街"\n',
        encoding="utf-8",
    )
    found = rows("escalations", rules=load_rules(own))
    assert [(row["issue_id"], row["level"], row["reasons"]) for row in found] == [
        ("R1", "镇街", ["两人：不同来电人 3 人"])
    ]


def _of(texts: list[str], callers: int, title: str | None = None) -> list[str]:
    """Return the reasons of an issue of these messages by so many callers."""
    rows = [
        {"received_at": f"2025-03-0{n} 08:00", "caller_key": f"c{n % callers}", "content": text,
         "title": title, "place": "甲小区", "order_key": f"k{n}", "subcategory": "其他"}
        for n, text in enumerate(texts, 1)
    ]  # fmt: skip
    members = pa.table(
        {"order_key": [f"k{n}" for n in range(1, len(texts) + 1)], "issue_id": ["R"] * len(texts)}
    )
    found = find_report("escalations").compute(
        MemoryDatabase(orders_table(rows), issue_members=members), Query()
    )
    return [reason.partition("：")[0] for row in found.rows for reason in row["reasons"]]


@pytest.mark.parametrize(
    ("what", "text", "is_hazard"),
    [
        ("reported as present", "电线裸露，昨天有人触电。", True),
        ("a figure of speech", "现在是信息大爆炸的时代，停车信息应当公开。", False),
        ("a certificate", "去派出所开死亡证明，跑了三趟。", False),
        ("what might be", "电动车在楼道充电，万一起火后果不堪设想。", False),
        ("to be prevented", "请加固护栏，避免坠落伤人！", False),
        ("present, and what might follow", "燃气泄漏，味道很大；如果爆炸就晚了。", True),
        ("elsewhere", "前天看新闻，有地方墙体坍塌，请检查本小区外墙。", False),
        ("feared", "楼道堆满纸箱，大家都怕着火，请清理。", False),
        ("feared, and present", "大家都怕着火，昨晚楼道里就着火了。", True),
        ("what would follow", "电动车起火引起汽车爆炸将会是大事故，请整治车库。", False),
        ("in another estate", "昨天城北又一个小区着火，死了两人。我们小区灭火器过期，请检查。", False),
        ("a boiler that does not light", "水压太低，热水器打不着火。", False),
        ("an error of the register", "养老金停了，说系统里显示死亡，人好好的。", False),
        ("denied", "老师说孩子没触电，可是手上有伤。", False),
        ("people shut in a lift", "昨晚电梯停在九楼，两个老人被困半小时。", True),
        ("bothered, not shut in", "我们长期被困扰，睡不好觉。", False),
        ("the sentence before is not touched", "昨晚楼下着火。如果再不管，我就投诉。", True),
    ],
)
def test_a_hazard_counts_where_it_is_reported_as_present(what: str, text: str, is_hazard: bool) -> None:
    assert ("人身安全" in _of([text] * 2, callers=1)) is is_hazard


def test_a_title_tells_of_a_hazard_only_where_there_is_no_content() -> None:
    assert "人身安全" not in _of(["电梯要大修，维修资金迟迟不批。"] * 2, callers=1, title="电梯困人求助")
    assert "人身安全" in _of([""] * 2, callers=1, title="电梯困人求助")


def test_sensitive_groups_are_what_half_of_the_orders_speak_of() -> None:
    old, other = "老人出行不便，请修台阶。", "台阶缺了一块，请修。"
    assert "特殊群体" in _of([old] * 3 + [other] * 3, callers=6)
    assert "特殊群体" not in _of([old] * 3 + [other] * 4, callers=7)


def test_sensitive_groups_need_three_callers_or_a_hazard() -> None:
    old = "老人出行不便，请修台阶。"
    assert "特殊群体" not in _of([old] * 3, callers=2)
    assert "特殊群体" in _of([old] * 3, callers=3)
    note = "请修台阶。（老人口述，表达不太清楚）"
    assert "特殊群体" not in _of([note] * 3, callers=3), "the operator's note is not the complaint"
    assert "特殊群体" in _of([old + "扶手漏电，有人触电。"] * 2, callers=1)


@pytest.mark.parametrize(
    ("callers", "said", "level"),
    [("pq", "屡办屡发：全部办结后又来 3 轮", "区县"), ("p", "办结后又来 4 件", "镇街")],  # one caller alone
)
def test_rounds_count_orders_that_come_when_all_before_are_closed(
    callers: str, said: str, level: str
) -> None:
    """Closed, again, closed, again (two rounds); then two at once: the second finds the first still open."""
    times = [("01", "02"), ("05", "06"), ("10", "20"), ("11", "12"), ("25", "26")]
    text = "order_key | received_at | closed_at | caller_key\n" + "\n".join(
        f"k{n} | 2025-03-{start} 08:00 | 2025-03-{end} 08:00 | {callers[n % len(callers)]}"
        for n, (start, end) in enumerate(times)
    )
    members = pa.table({"order_key": [f"k{n}" for n in range(5)], "issue_id": ["R"] * 5})
    found = find_report("escalations").compute(
        MemoryDatabase(orders_table(orders_of(text)), issue_members=members), Query()
    )
    (row,) = found.rows
    assert said in row["reasons"]  # k1, k2 and k4; k3 came while k2 was open
    assert row["level"] == level
