"""Issues over time: stable ids, joins and splits, people's decisions, the table, the command line."""

import csv
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli import hotline
from hotline_tools.jobs import issue_review
from hotline_tools.jobs.issue_review import SplitPart, find_issue, join, mute, rename, split
from hotline_tools.jobs.issue_tables import known_members, load_history, load_issues
from hotline_tools.jobs.repeat_files import issue_list
from hotline_tools.jobs.repeats import find_repeats
from hotline_tools.repeats.find import COLUMNS
from hotline_tools.repeats.issues.decisions import Decision, from_table, regroup, to_table
from hotline_tools.repeats.issues.headline import LONGEST, headline
from hotline_tools.repeats.issues.identity import IssueChange, identify
from hotline_tools.repeats.issues.label import common_place, issue_name, typical
from hotline_tools.repeats.issues.place import common_site
from hotline_tools.repeats.issues.table import caller_kind, issue_status, orders_by_week
from hotline_tools.repeats.issues.wording import Corpus
from hotline_tools.repeats.text.tokens import Tokenizer
from hotline_tools.schema import LABELS
from hotline_tools.store import Store
from hotline_tools.table import ReportTable
from hotline_tools.text import clean

HEADER = [
    "工单编号", "受理时间", "诉求标题", "诉求内容", "诉求地点", "所属区县", "诉求类型", "来电人电话",
    "主办单位", "办结时间", "满意度", "工单状态",
]  # fmt: skip
LIFT = "电梯坏了半个月没人修，老人上下楼困难，物业一直推脱，请尽快维修"
NOISE = "楼下烧烤店夜里油烟和噪声很大，营业到凌晨两点，影响居民休息，请查处"
FIRST = [
    (
        "GD2025010001",
        "2025-01-06 09:00:00",
        "碧水嘉园电梯坏了没人修",
        LIFT,
        "13811110001",
        "2025-01-10 09:00:00",
        "不满意",
    ),
    ("GD2025010002", "2025-01-14 09:00:00", "投诉碧水嘉园电梯故障", f"碧水嘉园{LIFT}", "13811110002", "", ""),
    ("GD2025010003", "2025-01-15 09:00:00", "碧水嘉园烧烤店扰民", NOISE, "13811110003", "", ""),
    (
        "GD2025010004",
        "2025-01-16 09:00:00",
        "投诉碧水嘉园烧烤店油烟噪声",
        f"碧水嘉园{NOISE}",
        "13811110003",
        "",
        "",
    ),
]
NEXT = [
    (
        "GD2025020001",
        "2025-02-03 09:00:00",
        "反映碧水嘉园电梯坏了",
        f"我住碧水嘉园，{LIFT}",
        "13811110004",
        "",
        "",
    )
]


def write_export(path: Path, rows: list[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        for order_id, received, title, content, phone, closed, said in rows:
            where = ("碧水嘉园", "云河区", "投诉")
            status = "已办结" if closed else "办理中"
            writer.writerow(
                [order_id, received, title, content, *where, phone, "区住建局", closed, said, status]
            )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    write_export(tmp_path / "一月.csv", FIRST)
    assert hotline("import", "一月.csv", cwd=tmp_path).code == 0
    return Store.open(tmp_path / "hotline-store")


def by_order(store: Store) -> dict[str, str]:
    return {row["order_id"]: row["issue_id"] for row in _members(store)}


def _members(store: Store) -> list[dict[str, str]]:
    from hotline_tools.jobs.issue_tables import load_members

    return load_members(store).to_pylist()


def test_the_table_of_issues(store: Store) -> None:
    report = find_repeats(store, workers=1)
    assert (report.orders, report.grouped, report.issues) == (4, 4, 2)
    lift, noise = (find_issue(store, by_order(store)[i]) for i in ("GD2025010001", "GD2025010003"))
    assert (lift["orders"], lift["callers"], lift["kind"]) == (2, 2, "多人反映")
    assert (noise["orders"], noise["callers"], noise["kind"]) == (2, 1, "一人多次")
    assert lift["came_back"] == 1, "the second order came after the first was closed"
    assert noise["came_back"] == 0
    assert (lift["dissatisfied"], lift["unrated"]) == (1, 1)
    assert lift["weekly"] == [1, 1]
    assert lift["first_week"] == date(2025, 1, 6)
    assert lift["departments"] == ["区住建局"]
    assert lift["order_ids"] == ["GD2025010001", "GD2025010002"]
    assert "碧水嘉园" in lift["label"]
    assert "电梯" in lift["label"]
    assert len(lift["typical"]) == 2


def test_ids_stay_when_the_next_month_comes(store: Store, tmp_path: Path) -> None:
    find_repeats(store, workers=1)
    before = by_order(store)
    write_export(tmp_path / "二月.csv", NEXT)
    hotline("import", "二月.csv", cwd=tmp_path)
    report = find_repeats(store, workers=1)
    after = by_order(store)
    assert {key: after[key] for key in before} == before
    assert after["GD2025020001"] == before["GD2025010001"]
    assert report.changes == ()


def test_a_search_asks_the_classifier_and_not_the_labels_of_the_store(store: Store) -> None:
    find_repeats(store, workers=1)
    before = known_members(store)
    keys = [key for batch in store.order_batches(["order_key"]) for key in batch["order_key"].to_pylist()]
    blank = dict.fromkeys(LABELS.names)
    wrong = [
        {**blank, "order_key": key, "category": f"类{n}", "confidence": 1.0} for n, key in enumerate(keys)
    ]
    store.write_labels([pa.Table.from_pylist(wrong, schema=LABELS)])
    find_repeats(store, workers=1)
    assert known_members(store) == before
    assert before


def test_decisions_outlive_reruns(store: Store) -> None:
    find_repeats(store, workers=1)
    lift, noise = (by_order(store)[i] for i in ("GD2025010001", "GD2025010003"))
    join(store, [noise, lift])
    assert set(by_order(store).values()) == {noise}, "the first named keeps its id"
    rename(store, noise, "碧水嘉园两件事")
    mute(store, noise)
    find_repeats(store, workers=1)
    assert set(by_order(store).values()) == {noise}
    issue = find_issue(store, noise)
    assert (issue["label"], issue["muted"], issue["orders"]) == ("碧水嘉园两件事", True, 4)
    split(store, noise, ["GD2025010001", "GD2025010002"])
    find_repeats(store, workers=1)
    found = by_order(store)
    assert found["GD2025010001"] == found["GD2025010002"] != found["GD2025010003"]
    mute(store, noise, undo=True)
    assert not find_issue(store, noise)["muted"]
    kinds = load_history(store)["kind"].to_pylist()
    assert kinds.count("joined") == 1
    assert kinds.count("split") == 1


def test_what_join_split_and_why_say_is_what_happened(store: Store, tmp_path: Path) -> None:
    find_repeats(store, workers=1)
    lift, noise = (by_order(store)[i] for i in ("GD2025010001", "GD2025010003"))

    def said(*words: str) -> str:
        ran = hotline("issues", *words, cwd=tmp_path)
        assert ran.code == 0, ran.err
        return (ran.out + ran.err).strip()

    assert said("join", noise, lift) == f"{lift} 已并入 {noise}；{noise} 现有 4 件。"
    told = said("why", "GD2025010001", "GD2025010003")
    assert f"同属 {noise}" in told
    assert f"认定同属 {noise}，以人工的为准" in told
    # Three of four are taken out: one is left alone, and is no issue.
    assert said("split", noise, "GD2025010001") == (
        f"从 {noise} 拆出 1 件，单独一件，不再属于任何事项；余下 3 件仍为 {noise}。"
    )
    assert f"从 {noise} 拆开，以人工的为准" in said("why", "GD2025010001", "GD2025010003")
    assert said("split", noise, "GD2025010002", "GD2025010003").endswith("；余下 1 件，不再成事项。")


def test_the_rest_keeps_the_id_when_more_are_taken_out(store: Store, tmp_path: Path) -> None:
    write_export(tmp_path / "二月.csv", NEXT)
    assert hotline("import", "二月.csv", cwd=tmp_path).code == 0
    find_repeats(store, workers=1)
    lift, noise = (by_order(store)[i] for i in ("GD2025010001", "GD2025010003"))
    join(store, [noise, lift])
    apart, rest = split(store, noise, ["GD2025010001", "GD2025010002", "GD2025020001"])
    assert (apart.orders, rest) == (3, SplitPart(2, noise))
    assert apart.issue not in (None, noise)
    find_repeats(store, workers=1)
    assert by_order(store)["GD2025010003"] == noise, "and after a new search"
    assert by_order(store)["GD2025010001"] == apart.issue


def test_commands_show_why_and_refuse_what_makes_no_sense(store: Store, tmp_path: Path) -> None:
    assert (
        hotline("repeats", "--workers", "1", "--members", "归并.csv", "-o", "事项.xlsx", cwd=tmp_path).code
        == 0
    )
    with (tmp_path / "归并.csv").open(encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["order_id"] for row in rows} == {row[0] for row in FIRST}
    issue = rows[0]["issue_id"]
    shown = hotline("issues", "show", issue, cwd=tmp_path)
    assert "不同来电人" in shown.out
    said = hotline("issues", "why", "GD2025010001", "GD2025010002", cwd=tmp_path)
    assert said.code == 0
    assert "同属 R" in said.out
    assert "碧水嘉园" in said.out
    listed = hotline("issues", "list", "--format", "json", cwd=tmp_path)
    assert '"issues": 2' in listed.out
    for arguments, reason in (
        (("issues", "show", "R999999"), "没有事项 R999999"),
        (("issues", "why", "GD2025010001", "无此单"), "没有工单 无此单"),
        (("issues", "join", issue), "至少写两个"),
        (("issues", "split", issue, "GD2025010003", "GD2025010001"), "须是该事项的一部分"),
    ):
        ran = hotline(*arguments, cwd=tmp_path)
        assert ran.code == 2, arguments
        assert reason in ran.err


def test_files_need_no_store(tmp_path: Path) -> None:
    write_export(tmp_path / "一月.csv", FIRST)
    ran = hotline("repeats", "一月.csv", "--workers", "1", "--members", "归并.csv", cwd=tmp_path)
    assert ran.code == 0
    assert not (tmp_path / "hotline-store").exists()
    assert len((tmp_path / "归并.csv").read_text(encoding="utf-8-sig").splitlines()) == 5


def test_the_first_search_is_compared_with_none(tmp_path: Path) -> None:
    told = []
    for rows in (FIRST[:2], FIRST[2:]):
        write_export(tmp_path / "一月.csv", rows)
        assert hotline("import", "一月.csv", cwd=tmp_path).code == 0
        told.append("与上次相比：新增 1 个事项" in hotline("repeats", "--workers", "1", cwd=tmp_path).err)
    assert told == [False, True]


@pytest.mark.parametrize("from_file", [True, False])
def test_issues_of_files_name_no_command_that_needs_a_store(
    from_file: bool, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shortened(store: Store, *, top: int, is_kept: bool) -> ReportTable:
        return issue_list(store, top=top // 20, is_kept=is_kept)

    monkeypatch.setattr("hotline_tools.jobs.repeat_files.issue_list", shortened)
    write_export(tmp_path / "一月.csv", FIRST)
    told = hotline("repeats", *["一月.csv"][:from_file], "--workers", "1", cwd=tmp_path).out
    assert ("加 -o 文件.xlsx 看全部" in told, "hotline issues" in told) == (from_file, not from_file)


@pytest.mark.parametrize(
    ("groups", "known", "wanted", "changes", "why"),
    [
        ([["a", "b"]], {}, {"a": "R000008", "b": "R000008"}, [IssueChange("new", "R000008")], "never seen"),
        ([["a", "b", "c"]], {"a": "R000001", "b": "R000001"}, {"c": "R000001"}, [], "one more order"),
        (
            [["a", "b", "c"]],
            {"a": "R000001", "b": "R000002", "c": "R000002"},
            {"a": "R000002"},
            [IssueChange("joined", "R000002", ("R000001",))],
            "the larger part keeps its id",
        ),
        (
            [["a", "b"], ["c", "d", "e"]],
            dict.fromkeys("abcde", "R000001"),
            {"c": "R000001", "a": "R000008"},
            [IssueChange("new", "R000008"), IssueChange("split", "R000001", ("R000008",))],
            "the larger part keeps its id",
        ),
        ([], {"a": "R000001"}, {}, [IssueChange("gone", "R000001")], "no group any more"),
    ],
)
def test_identity(
    groups: list[list[str]],
    known: dict[str, str],
    wanted: dict[str, str],
    changes: list[IssueChange],
    why: str,
) -> None:
    found = identify(groups, known, 7)
    assert {key: found.issue_of[key] for key in wanted} == wanted, why
    assert found.changes == changes, why


def test_a_later_decision_wins() -> None:
    now = datetime(2025, 1, 1)
    joined = Decision(now, "join", "R1", orders=("a", "b", "c", "d"))
    parted = Decision(now, "split", "R1", orders=("c", "d"), others=("a", "b"))
    assert regroup([["a", "b"], ["c", "d"]], [joined, parted]) == [["a", "b"], ["c", "d"]]
    assert [sorted(g) for g in regroup([["a", "b"], ["c", "d"]], [parted, joined])] == [["a", "b", "c", "d"]]
    assert regroup([["a", "b", "c"]], [parted]) == [["a", "b"]], "an order split off alone is no issue"
    assert from_table(to_table([joined, parted])) == [joined, parted]


@pytest.mark.parametrize(
    ("callers", "unknown", "kind"),
    [(2, 5, "多人反映"), (1, 0, "一人多次"), (1, 3, "来电人不详"), (0, 4, "来电人不详")],
)
def test_one_person_and_many_are_told_apart(callers: int, unknown: int, kind: str) -> None:
    assert caller_kind(callers, unknown) == kind


def label_of(titles: list[str | None], place: str | None, problem: str | None = None) -> str:
    return issue_name(titles, [], place, problem, Tokenizer()).label


def test_labels_are_place_and_subject() -> None:
    titles = ["投诉碧水嘉园电梯坏了", "碧水嘉园电梯坏了", "关于碧水嘉园电梯坏了没人修的投诉"]
    assert label_of(titles, "碧水嘉园", "电梯运行") == "碧水嘉园 · 电梯坏了"
    assert label_of(["电梯坏了没人管"], "碧水嘉园") == "碧水嘉园 · 电梯坏了没人管"
    assert label_of([None, "投诉"], "碧水嘉园", "电梯运行") == "碧水嘉园 · 电梯运行"
    assert label_of([None], None, None) == "同类诉求"
    assert label_of(["停水问题", "反映停水问题"], "碧水嘉园", "停水与水质") == "碧水嘉园 · 停水问题"
    assert label_of(["反映A8县碧水嘉园质量问题"] * 2, None) == "A8县碧水嘉园 · 质量问题"
    assert label_of(["请求帮助", "市民求助"], "碧水嘉园", "停水与水质") == "碧水嘉园 · 停水与水质"


HEADLINES = [
    ("请解决A7县碧水嘉园小区两证合一的问题", "A7县碧水嘉园小区", "请求解决两证合一的问题", "a request"),
    ("请解决A3区柳林镇泉眼村的饮水问题", "A3区柳林镇泉眼村", "请求解决饮水问题", "a noun with its 问题"),
    ("对A7县“周末有戏”演出活动的建议", "", "对A7县“周末有戏”演出活动的建议", "对 needs its 建议"),
    ("咨询A6区金沙湾未来规划", "A6区金沙湾", "咨询未来规划", "an enquiry stays one"),
    ("咨询A6区金沙湾什么时候通公交", "A6区金沙湾", "什么时候通公交", "a question needs no 咨询"),
    ("对A7县柳林镇广福村相关问题的举报", "", "对A7县柳林镇广福村相关问题的举报", "对 needs its 举报"),
    ("投诉B7县飞跃武术培训机构非法招生", "B7县飞跃武术培训机构", "非法招生", "an institution whole"),
    ("请求解决碧水嘉园上及附近居民的出行问题", "", "请求解决碧水嘉园上及附近居民的出行问题", "more places"),
    ("咨询A市绕城高速绿化带工程", "", "咨询A市绕城高速绿化带工程", "a road around the city is cut nowhere"),
    ("建议解决A市和平路十字路口天桥的问题", "", "建议解决A市和平路十字路口天桥的问题", "no subject is left"),
    ("建议A省尽快外迁京昆高速城区段", "", "建议A省尽快外迁京昆高速城区段", "what is asked is no place"),
    ("投诉建设银行城南支行推诿", "建设银行城南支行", "推诿", "a bank is no request"),
    ("建议缓解长江南路拥堵", "长江南路", "建议缓解拥堵", "a proposal"),
    ("咨询解决办证问题", "", "咨询解决办证问题", "an enquiry is no request"),
    ("A市能否恢复向阳路等自行车道", "", "A市能否恢复向阳路等自行车道", "what is asked is no place"),
    ("A3区柳林新村还有托管中心在营业", "A3区柳林新村", "还有托管中心在营业", "the place ends before 还有"),
    ("加快城北区向阳路建设力度", "城北区向阳路", "请求加快建设力度", "an imperative is a request"),
    ("建议城北区金科时代小区附近增设公共停车位", "城北区金科时代小区附近", "建议增设公共停车位", "proposal"),
    ("质疑A市碧水嘉园公示清单的真实性", "A市碧水嘉园", "质疑公示清单的真实性", "a doubt stays a doubt"),
    ("请问A市碧水嘉园什么时候交房？", "A市碧水嘉园", "什么时候交房", "a question"),
    ("第三次投诉城北区向阳街道碧水嘉园小区二期停水！", "城北区向阳街道碧水嘉园小区二期", "停水", "two"),
    ("A市东一路公交首末站太远", "A市东一路公交首末站", "太远", "numerals as they are written"),
    ("A5区老地方美食广场虚假招商", "A5区老地方美食广场", "虚假招商", "the code of an anonymised district"),
    ("A7县为何不允许互联网平台开业主大会", "", "A7县为何不允许互联网平台开业主大会", "a clause is no place"),
    ("向阳路和银杉路交叉口扬尘", "", "向阳路和银杉路交叉口扬尘", "two roads are not cut in two"),
    ("A市居民申请身份证变更", "", "A市居民申请身份证变更", "a city alone is no place of a complaint"),
    ("强烈要求调整公交末班时间", "", "请求调整公交末班时间", "a request without a place"),
    ("请A3区严厉打击碧水嘉园周边的赌博机", "", "请求A3区严厉打击碧水嘉园周边的赌博机", "a deed is no place"),
    ("建设南路路灯不亮", "建设南路", "路灯不亮", "a road of this name is no deed"),
    ("碧水嘉园的车棚谁来修？", "碧水嘉园", "车棚谁来修？", "no question word: the mark stays"),
    ("举报A市碧水嘉园物业诈骗", "A市碧水嘉园", "举报物业诈骗", "a crime is reported"),
    ("碧水嘉园业委会侵占维修资金", "碧水嘉园", "反映业委会侵占维修资金", "a crime is alleged"),
    ("碧水嘉园诈骗案迟迟不立案", "碧水嘉园", "诈骗案迟迟不立案", "a case is no charge"),
    ("碧水嘉园物业涉嫌诈骗", "碧水嘉园", "物业涉嫌诈骗", "suspected already"),
    ("但西地省不作为", "", "但西地省不作为", "a conjunction begins no place"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "place", "subject", "why"), HEADLINES, ids=[h[3] for h in HEADLINES])
def test_headlines(title: str, place: str, subject: str, why: str) -> None:
    found = headline(title, Tokenizer())
    assert (found.place, found.subject) == (place, subject), why


@given(st.text(alphabet="请求解决建议A市7区县碧水嘉园小路和的问题一二第但，？ ", max_size=30))
def test_a_headline_is_cut_from_its_title(title: str) -> None:
    found = headline(title, Tokenizer())
    assert found.place in clean(title)
    assert all(letter in clean(title) + "请求建议…" for letter in found.subject)
    assert len(found.subject) <= LONGEST


@pytest.mark.parametrize(
    ("titles", "place", "label", "why"),
    [
        (["市场宏图装饰价格欺诈"], "城北区市场", "城北区市场 · 市场宏图装饰价格欺诈", "not the whole name"),
        (
            ["银河市场宏图装饰价格欺诈"],
            "城北区银河市场",
            "银河市场 · 宏图装饰价格欺诈",
            "without its district",
        ),
        (["光明一路路灯不亮"], "光明一路", "光明一路 · 路灯不亮", "cut where the address's place ends"),
        (["新小区未供暖"], "学院二路", "学院二路 · 新小区未供暖", "the address's place comes first"),
        (["中诚惠金融诈骗"], "中诚惠金融平台", "反映中诚惠金融诈骗", "named without its last word"),
        (["电梯坏了没人管"], "城北区碧水嘉园", "城北区碧水嘉园 · 电梯坏了没人管", "not named"),
        (["车位", "碧水嘉园车位被强行捆绑"], None, "碧水嘉园 · 车位被强行捆绑", "one that tells more"),
        (
            ["投诉碧水嘉园开发商", "碧水嘉园开发商虚假宣传"],
            None,
            "碧水嘉园 · 开发商虚假宣传",
            "what he does is told",
        ),
    ],
)
def test_a_label_does_not_say_its_place_twice(titles: list[str], place: str, label: str, why: str) -> None:
    assert label_of(titles, place) == label, why


def test_a_label_without_a_place_says_the_area() -> None:
    named = issue_name(["电动车无处停放"], [], None, None, Tokenizer(), area="向阳社区")
    assert (named.label, named.place) == ("向阳社区 · 电动车无处停放", "向阳社区")
    of_a_city = issue_name(["A市公交车太挤"], [], None, None, Tokenizer(), area="向阳社区")
    assert of_a_city.label == "A市公交车太挤"
    assert label_of(["住院"], "白岗社区", "医疗服务与收费") == "白岗社区 · 医疗服务与收费"


SLIDE = [
    "市民来电反映，社区广场的滑梯裂了一道口子，边上翘着铁皮。请尽快处理。",
    "张女士来电称，社区广场的滑梯裂了一道口子，边上翘着铁皮，孩子划破了手。希望有关部门维修。",
    "您好！社区广场的滑梯裂了一道口子，边上翘着铁皮，上次说来人，一直没来。谢谢！",
]
SLIDE_CLAUSE = "社区广场的滑梯裂了一道口子，边上翘着铁皮"
QUEUE = ["窗口只开一个，排队排了两个小时，系统又坏了。", "排队排了两个小时，窗口只开一个。请增加窗口。"]


@pytest.mark.parametrize(
    ("titles", "contents", "label", "why"),
    [
        (["跳舞噪声"] * 3, SLIDE, f"柳林社区 · {SLIDE_CLAUSE}", "none of it is in the contents"),
        (["跳舞噪声", "滑梯裂口"], SLIDE[:2], "柳林社区 · 滑梯裂口", "another member's title tells of it"),
        (["滑梯开裂"] * 3, SLIDE, "柳林社区 · 滑梯开裂", "borne out"),
        (["跳舞噪声"] * 2, SLIDE[:1] * 2, "柳林社区 · 跳舞噪声", "one text sent twice agrees with nobody"),
        (["跳舞噪声"] * 2, [SLIDE[0], QUEUE[0]], "柳林社区 · 跳舞噪声", "no clause that most share"),
        (["几个问题", "反映排队的问题"], QUEUE, "柳林社区 · 排队的问题", "one says nothing"),
        (
            ["几个问题", "有关情况"],
            QUEUE,
            "柳林社区 · 窗口只开一个，排队排了两个小时",
            "both say nothing",
        ),
        (["反映侵占公款"] * 3, SLIDE, f"柳林社区 · 反映{SLIDE_CLAUSE}", "what is alleged stays alleged"),
        (
            ["建议延长公交"] * 2,
            ["希望站台装上遮阳棚和座椅，晒得受不了。", "市民建议：希望站台装上遮阳棚和座椅，雨天没处躲。"],
            "柳林社区 · 希望站台装上遮阳棚和座椅，晒得受不了",
            "a demand may be the matter",
        ),
    ],
)
def test_a_label_says_what_the_contents_say(
    titles: list[str | None], contents: list[str], label: str, why: str
) -> None:
    assert issue_name(titles, contents, "柳林社区", "其他", Tokenizer()).label == label, why


TILES = [
    "又掉砖了，这回离我就两步远，找物业，说等业主签字，非得砸着人才修吗。要求物业尽快维修外墙。",
    "又掉砖了，这回离市民就两步远，找物业，说没钱修，非得砸着人才修吗。",
    "25号楼的墙砖一块接一块往下掉，孩子上学都贴着路边跑。",
]


@pytest.mark.parametrize(
    ("titles", "label", "why"),
    [
        (["外墙瓷砖脱落物业不处理", "反映外墙瓷砖脱落物业不处理问题", None], "脱落物业不处理", "most say"),
        (["小区安全隐患多", "外墙掉砖"], "外墙掉砖", "the other says how bad it is, not what"),
        (["外墙的两点问题", "外墙掉砖"], "外墙掉砖", "the other does not say what is wrong"),
    ],
)  # fmt: skip
def test_what_most_titles_say_is_kept_in_other_words_of_the_contents(
    titles: list[str | None], label: str, why: str
) -> None:
    found = issue_name(titles, TILES, "碧水嘉园", "物业服务质量", Tokenizer()).label
    assert label in found, why


def test_a_shop_of_the_address_that_no_text_names_is_where_somebody_lives() -> None:
    for shop in ("小城故事海鲜酒楼", "老王家具城", "力美美容院", "金鼎台球厅"):
        assert (
            issue_name(["外墙掉砖"] * 3, TILES, shop, None, Tokenizer(), area="柳林社区").place == "柳林社区"
        )
    named = [f"老王家具城{text}" for text in TILES]
    found = issue_name(["外墙掉砖"] * 3, named, "老王家具城", None, Tokenizer(), area="柳林社区")
    assert found.place == "老王家具城"


def test_an_earlier_order_is_no_name_and_a_lane_called_construction_no_demand() -> None:
    told = [
        "工单编号YH20210630014049，整改只管了三天，现在反弹，五楼水上不来。",
        "工单编号YH20210630014050，整改只管了三天，现在反弹，五楼水上不来，老人提不动。",
    ]
    assert "五楼水上不来" in issue_name([None, None], told, "柳林社区", "停水与水质", Tokenizer()).label
    lane = [*["建设巷车多路窄天天堵车"] * 3]
    found = issue_name(["请求解决建设巷车多路窄堵车"] * 3, lane, "建设巷", None, Tokenizer())
    assert "建设巷" in found.label
    assert "车多路窄堵车" in found.label


CARD = [
    "前天窗口说要等总部授权，当时其正在等医院催缴。请协调。",
    "昨晚窗口说要等总部授权，当时其正在等医院催缴。",
]


@pytest.mark.parametrize(
    ("titles", "contents", "problem", "label", "why"),
    [
        (["健身区无人管"] * 3, SLIDE, "体育健身设施", f"体育健身设施：{SLIDE_CLAUSE}", "not what it is of"),
        (["跳舞"] * 3, SLIDE, "体育健身设施", SLIDE_CLAUSE, "no title bears the category out"),
        (["跳舞噪声"] * 3, SLIDE, "社区服务", SLIDE_CLAUSE, "the clause says it"),
        (
            ["滑梯伤人事故频发无人处理", "滑梯老化早该拆了", "孩子玩滑梯不安全"],
            SLIDE,
            "体育健身设施",
            SLIDE_CLAUSE,
            "the clause says what the titles do",
        ),
        (
            ["银行卡被冻结"] * 2,
            CARD,
            "银行",
            "银行：窗口说要等总部授权，当时来电人正在等医院催缴",
            "nobody's 其, one caller's 前天",
        ),
    ],
)
def test_a_clause_that_does_not_say_the_matter_has_the_category_before_it(
    titles: list[str | None], contents: list[str], problem: str, label: str, why: str
) -> None:
    assert issue_name(titles, contents, "柳林社区", problem, Tokenizer()).label == f"柳林社区 · {label}", why


@pytest.mark.parametrize(
    ("place", "contents", "label", "why"),
    [
        (
            "柳林社区",
            ["碧水嘉园停水三天了。", "碧水嘉园又停水。"],
            "碧水嘉园 · 停水三天",
            "the estate that both name",
        ),
        (
            "柳林社区",
            ["云上嘉园停水三天了。", "云上嘉园又停水。"],
            "柳林社区 · 停水三天",
            "no place of the store",
        ),
        ("银杏花园", ["停水，碧水嘉园没停。", "停水三天了。"], "银杏花园 · 停水三天", "only one names it"),
        (
            "银杏花园",
            ["长江路停水三天了。", "长江路又停水。"],
            "银杏花园 · 停水三天",
            "a road is wider than an estate",
        ),
        (
            "长江路",
            ["碧水嘉园停水三天了。", "碧水嘉园又停水。"],
            "碧水嘉园 · 停水三天",
            "an estate beats its road",
        ),
        ("万福超市", ["家里停水三天了。", "又停水。"], "柳林社区 · 停水三天", "a shop that no text names"),
        ("万福超市", ["万福超市停水三天了。", "又停水。"], "万福超市 · 停水三天", "a shop that a text names"),
    ],
)
def test_a_label_says_where_the_contents_say(place: str, contents: list[str], label: str, why: str) -> None:
    corpus = Corpus.of([contents], ["碧水嘉园", "长江路", place])
    named = issue_name(["停水三天"] * 2, contents, place, None, Tokenizer(), area="柳林社区", corpus=corpus)
    assert named.label == label, why


def test_a_label_keeps_the_places_that_stand_side_by_side() -> None:
    clause = "碧水嘉园、枫河村一带新住进5千人，没有一趟公交"
    contents = [f"市民来电反映，{clause}。望采纳。", f"你好，{clause}。谢谢。"]
    assert issue_name(["延长班线"] * 2, contents, "碧水嘉园", None, Tokenizer()).label == clause


def test_formulas_of_a_store_are_no_clause_of_an_issue() -> None:
    """Without the store the sentence that both contents share whole would be the issue's."""
    formula = "本件已经转交给责任单位并且告知本人"
    contents = [f"{formula}。井盖翘起来了", f"{formula}。井盖翘起来了，砸过人。"]
    store = [contents, *([f"{formula}。{word}"] for word in ("路灯灭了", "水管裂了", "垃圾没清", "噪声太大"))]
    named = issue_name(["其他"] * 2, contents, None, None, Tokenizer(), corpus=Corpus.of(store, []))
    assert named.label == "井盖翘起来了，砸过人"
    assert formula in issue_name(["其他"] * 2, contents, None, None, Tokenizer()).label


@pytest.mark.parametrize(
    ("addresses", "place", "why"),
    [
        (["柳溪街道和平路柳溪小学", "和平路柳溪小学"], "柳溪小学", "a school before its road"),
        (["柳溪街道和平路碧水嘉园3号楼", "碧水嘉园5号楼2单元", None], "碧水嘉园", "an estate, no building"),
        (["云河区和平路北山片区在建项目"] * 2, "北山片区在建项目", "a site of works"),
        (["云河区城南街道银杏一期", "银杏一期5号楼4单元"], "银杏一期", "an estate without a known ending"),
        (["臺北市松山區和平街96巷２４號2樓"] * 2, "和平街96巷24號", "one house, without its floor"),
        (["和平街96巷24號", "和平街96巷30號"], "和平街96巷", "two houses of a lane"),
        (["大湖公園，參考地址：和平路五段31號"] * 2, "大湖公園", "no remark"),
        (["柳溪街道碧水嘉园", "柳溪街道凤凰新村"], None, "two places are not one"),
        (["云河区", None], None, "a district is no site"),
        ([], None, "no address"),
    ],
)
def test_the_place_of_an_issue_is_the_site_of_most_addresses(
    addresses: list[str | None], place: str | None, why: str
) -> None:
    assert common_site(addresses) == place, why


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ("请我局处理碧水嘉园小区物业", "碧水嘉园", "我局 is no place"),
        ("开发商一次公布碧水嘉园小区账目", "碧水嘉园", "words to the left of a name"),
        ("居住碧水嘉园小区", "碧水嘉园", "a verb before the name"),
        ("居住在星沙东一路", "星沙东一路", "as it is written"),
        ("我局不作为", None, "nothing but a scrap"),
    ],
)
def test_scraps_of_sentences_are_no_places(text: str, place: str | None, why: str) -> None:
    assert common_place([text] * 3, Tokenizer()) == place, why


def test_a_place_of_the_text_is_one_that_two_of_three_name() -> None:
    texts = ["住在碧水嘉园小区", "碧水嘉园小区停水", "停水三天"]
    assert common_place(texts, Tokenizer()) == "碧水嘉园"
    assert common_place([*texts, "没水用"], Tokenizer()) is None


def test_a_label_keeps_latin_names() -> None:
    titles: list[str | None] = ["Illegal Animal Kept as Pet"] * 2
    assert label_of(titles, "08 BROOKLYN") == "08 BROOKLYN · Illegal Animal Kept as Pet"
    assert label_of([], "BROOKLYN", "噪声扰民") == "BROOKLYN · 噪声扰民"
    assert label_of([], None, "Noise") == "Noise"


@pytest.mark.parametrize(
    ("open_orders", "unclear_orders", "status"),
    [(1, 0, "未办结"), (1, 2, "未办结"), (0, 0, "已办结"), (0, 1, "不详"), (0, 3, "不详")],
)
def test_an_issue_is_closed_only_when_its_orders_say_so(
    open_orders: int, unclear_orders: int, status: str
) -> None:
    assert issue_status(open_orders, unclear_orders) == status


def test_an_export_without_states_leaves_issues_unclear(tmp_path: Path) -> None:
    header = ["工单编号", "受理时间", "诉求标题", "诉求内容", "诉求地点", "所属区县"]
    with (tmp_path / "无状态.csv").open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        for order_id, received, title, content, *_ in FIRST[:2]:
            writer.writerow([order_id, received, title, content, "碧水嘉园", "云河区"])
    assert hotline("import", "无状态.csv", cwd=tmp_path).code == 0
    store = Store.open(tmp_path / "hotline-store")
    assert find_repeats(store, workers=1).issues == 1
    issue = find_issue(store, "R000001")
    assert (issue["status"], issue["open_orders"]) == ("不详", None)
    shown = hotline("issues", "show", "R000001", cwd=tmp_path).out
    assert "办结情况不详" in shown
    assert "已办结" not in shown


def test_weeks_without_orders_are_zero() -> None:
    assert orders_by_week([datetime(2025, 1, 6), datetime(2025, 1, 22)]) == (date(2025, 1, 6), [1, 0, 1])
    assert orders_by_week([]) == (None, [])


def test_typical_texts_differ() -> None:
    assert typical(["电梯坏了", "电梯坏了", "电梯坏了没修", "完全不同的事情"], 2) == [
        "电梯坏了",
        "电梯坏了没修",
    ]


def test_an_empty_store_says_so(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "hotline-store", create=True)
    assert load_issues(store).num_rows == 0
    assert known_members(store) == {}
    assert "没有工单" in hotline("repeats", cwd=tmp_path).err


def test_an_explanation_takes_every_so_many_th_order(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pa.table({name: [f"{name}{i}" for i in range(1000)] for name in COLUMNS})
    batches = [rows.slice(0, 7), rows.slice(7, 500), rows.slice(507, 1), rows.slice(508)]

    class Kept:
        def order_files(self) -> list[Path]:
            return []

        def order_batches(self, _columns: list[str]) -> list[pa.Table]:
            return batches

    monkeypatch.setattr(issue_review, "footers", lambda _: [SimpleNamespace(num_rows=1000)])
    monkeypatch.setattr(issue_review, "_SAMPLE", 90)
    sampled = issue_review._some_orders(Kept())  # type: ignore[arg-type]
    assert sampled.to_pylist() == rows.take(pa.array(range(0, 1000, 11))).to_pylist()
