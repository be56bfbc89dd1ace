"""Golden tests of Wuchang's reports: found against called in, found first, grids without findings."""

import pyarrow as pa
import pytest

from helpers import MemoryDatabase, database_of, orders_of, orders_table
from hotline_tools.errors import DataFileError
from hotline_tools.reports.catalog import channels, gridwork, leads
from hotline_tools.reports.period import month
from hotline_tools.reports.query import Query
from hotline_tools.reports.rules import load_rules, shipped_rules

# 东社区: grid 1 found 2 (worker w1), 1 call; grid 2: a call only. 西社区: grid 3: worker w2 found one in May,
# nothing in June; a June call. 信使 is in no rule.
ROWS = """
received_at      | community | grid | channel   | reporter | place  | subcategory | order_id
2025-06-01 08:00 | 东社区    | 1    | 网格员上报 | w1       | 甲小区 | 电梯        | a
2025-06-02 08:00 | 东社区    | 1    | 微邻里     | w1       | 乙小区 | 供暖        | b
2025-06-03 20:00 | 东社区    | 1    | 12345热线  | -        | 甲小区 | 电梯        | c
2025-06-04 08:00 | 东社区    | 2    | 城市留言板 | -        | 丙路   | 噪声        | d
2025-06-05 08:00 | 西社区    | 3    | 12345热线  | -        | 丁路   | 噪声        | e
2025-06-06 08:00 | 西社区    | 3    | 信使       | -        | -      | -           | f
2025-05-01 08:00 | 西社区    | 3    | 网格员上报 | w2       | 丁路   | 路灯        | g
2025-06-07 08:00 | 东社区    | 2    | 网格员上报 | w1       | 丙路   | 噪声        | h
"""
DATABASE = database_of(orders_of(ROWS))
JUNE = month(2025, 6)


def test_proactive_share_by_community() -> None:
    # June: 东 5 orders: found a, b, h; called c, d → 3/5. 西 2: called e; 信使 in neither → 0/1.
    table = channels.compute(DATABASE, Query(period=JUNE, proactive=True))
    got = [(r["unit"], r["orders"], r["unmapped"], r["proactive_share"], r["proactive_share_denominator"])
           for r in table.rows]  # fmt: skip
    assert got == [("东社区", 5, 0, 0.6, 5), ("西社区", 2, 1, 0.0, 1)]
    assert table.totals["proactive_share_numerator"] == 3
    assert [table.totals[name] for name in ("proactive", "reactive", "unmapped")] == [3, 3, 1]
    assert any("信使 1 件" in note for note in table.notes)


def test_orders_without_a_community_come_last_and_no_finding_is_said() -> None:
    rows = orders_of("""
        community | channel
        -         | 12345热线
        -         | 12345热线
        东社区    | 12345热线
    """)
    table = channels.compute(database_of(rows), Query(proactive=True))
    assert [(row["unit"], row["orders"]) for row in table.rows] == [("东社区", 1), ("（未填写）", 2)]
    said = "范围内没有来自主动发现渠道的工单。"
    assert said in table.notes
    assert said not in channels.compute(DATABASE, Query(period=JUNE, proactive=True)).notes


def test_leads_are_issues_found_before_they_were_called_in() -> None:
    # 甲小区·电梯: found 1 June 08:00, called 3 June 20:00 → 60 h ahead. 丙路·噪声: called first (d), found
    # later (h). So 1 of 2 issues on both kinds of channel was found first.
    table = leads.compute(DATABASE, Query())
    assert [(r["place"], r["lead_hours"], r["found_channel"], r["called_channel"]) for r in table.rows] == [
        ("甲小区", 60.0, "网格员上报", "12345热线")
    ]
    assert table.totals == {
        "issues_on_both": 2, "found_first_rate": 0.5, "found_first_rate_numerator": 1,
        "found_first_rate_denominator": 2, "median_lead_hours": 60.0,
    }  # fmt: skip
    said = "两种渠道都出现的 2 个事项中，主动发现在先的 1 个（50.0%），提前时间的中位数 60.0 小时。"
    assert said in table.notes


def test_leads_use_the_repeats_table_when_there_is_one() -> None:
    # The table has b (found 2 June 08:00) and e (called 5 June 08:00) as one issue: 72 h; not a and c.
    members = pa.table({"order_key": ["k2", "k5"], "issue_id": ["R1", "R1"]})
    database = MemoryDatabase(orders_table(orders_of(ROWS)), issue_members=members)
    table = leads.compute(database, Query())
    assert [(r["issue_id"], r["lead_hours"]) for r in table.rows] == [("R1", 72.0)]


def test_an_issue_too_far_apart_is_another_issue() -> None:
    far = orders_of("""
        received_at | channel    | place  | subcategory
        2025-01-01  | 网格员上报 | 甲小区 | 电梯
        2025-06-01  | 12345热线  | 甲小区 | 电梯
    """)
    assert leads.compute(database_of(far), Query()).rows == []


def test_grids_and_workers_without_findings_come_first() -> None:
    # June: grid 3 found 0 (1 call), grid 2 found 1, grid 1 found 2; w2 found none in June, w1 three.
    table = gridwork.compute(DATABASE, Query(period=JUNE))
    assert [(r["kind"], r["unit"], r["proactive"], r["reactive"], r["finding"]) for r in table.rows] == [
        ("网格", "3", 0, 1, "无发现"),
        ("网格", "2", 1, 1, "发现偏少"),
        ("网格", "1", 2, 1, "发现偏少"),
        ("上报人", "w2", 0, 0, "无发现"),
        ("上报人", "w1", 3, 0, "有发现"),
    ]
    assert table.totals == {"silent_grids": 1, "silent_workers": 1, "units": 5}


def test_a_name_is_another_worker_and_another_grid_in_another_community() -> None:
    # 王芳 of 东社区 found two in grids 1 and 2; 王芳 of 西社区 none in June. Grid 1 is there twice.
    # Without a community the grid tells the two 李明 apart.
    rows = orders_of("""
received_at | community | grid | channel | reporter
2025-06-01 | 东社区 | 1   | 网格员上报 | 王芳
2025-06-02 | 东社区 | 2   | 网格员上报 | 王芳
2025-05-02 | 西社区 | 1   | 网格员上报 | 王芳
2025-06-03 | -      | 7   | 网格员上报 | 李明
2025-06-04 | -      | 8   | 网格员上报 | 李明
""")
    table = gridwork.compute(database_of(rows), Query(period=JUNE))
    workers = {
        (r["unit"], r["community"], r["within"]): r["proactive"] for r in table.rows if r["kind"] == "上报人"
    }
    assert workers == {
        ("王芳", "东社区", None): 2, ("王芳", "西社区", None): 0,
        ("李明", None, "7"): 1, ("李明", None, "8"): 1,
    }  # fmt: skip
    grids = {(r["unit"], r["community"]): r["proactive"] for r in table.rows if r["kind"] == "网格"}
    assert grids == {
        ("1", "东社区"): 1,
        ("2", "东社区"): 1,
        ("1", "西社区"): 0,
        ("7", None): 1,
        ("8", None): 1,
    }
    assert table.totals == {"silent_grids": 1, "silent_workers": 1, "units": 9}


def test_a_city_s_own_rules_replace_the_shipped_ones(tmp_path) -> None:
    path = tmp_path / "渠道.toml"
    path.write_text('report = "channels"\nproactive = ["信使"]\n', encoding="utf-8")
    rules = load_rules(path)
    assert rules.few_findings == shipped_rules("channels").few_findings
    table = channels.compute(DATABASE, Query(period=JUNE, proactive=True, rules=rules))
    assert [(r["unit"], r["proactive"], r["reactive"]) for r in table.rows] == [
        ("东社区", 0, 2),
        ("西社区", 1, 1),
    ]
    assert table.filters["rules"] == "渠道.toml"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('report = "channels"\nproactiv = ["x"]\n', "是不是 proactive"),
        ('report = "channels"\nfew_findings = "3"\n', "类型不对"),
        ("proactive = []\n", "哪张报表"),
        ('report = "nothing"\n', "哪张报表"),
        ("report =\n", "TOML"),
    ],
)
def test_mistakes_in_rules_are_named(tmp_path, text: str, says: str) -> None:
    path = tmp_path / "r.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=says):
        load_rules(path)


def test_rules_of_another_report_are_refused(tmp_path) -> None:
    path = tmp_path / "r.toml"
    path.write_text('report = "supervise"\n', encoding="utf-8")
    with pytest.raises(DataFileError, match="supervise"):
        gridwork.compute(DATABASE, Query(rules=load_rules(path)))


@pytest.mark.parametrize("module", [gridwork, leads])
def test_an_empty_list_says_why_it_is_empty(module) -> None:
    database = database_of(
        [{"received_at": "2025-06-01", "channel": "12345热线", "place": "甲", "subcategory": "乙"}]
    )
    table = module.compute(database, Query())
    assert table.rows == []
    said = {gridwork: "名单为空", leads: "无从比较先后"}[module]
    assert sum(said in note for note in table.notes) == 1


def test_leads_say_that_every_issue_was_called_in_first() -> None:
    rows = orders_of("""
received_at      | channel    | place  | subcategory
2025-06-01 08:00 | 12345热线  | 甲小区 | 电梯
2025-06-02 08:00 | 网格员上报 | 甲小区 | 电梯
""")
    table = leads.compute(database_of(rows), Query())
    assert table.rows == []
    assert any("没有一个是主动发现在先" in note for note in table.notes)


def test_channels_do_not_claim_zero_closed_where_nothing_says_so() -> None:
    table = channels.compute(database_of([{"channel": "12345热线", "status": "unknown"}]), Query())
    assert [row["closed"] for row in table.rows] == [None]
    assert table.incomplete
    assert any("“办结时间”或“状态”" in note for note in table.notes)
