"""Matching tables to layouts: every layout of the field, header variants, guesses, sister files."""

import random
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pytest

from hotline_tools.errors import DataFileError, NoHeaderError
from hotline_tools.jobs.sisters import find_sisters
from hotline_tools.layouts import (
    KnownHeaders,
    Match,
    apply_layout,
    check_layout,
    common,
    draft_layout,
    load_layout,
    load_layouts,
    match_layout,
    require_usable,
    value_key,
)
from hotline_tools.layouts.load import shipped_files
from hotline_tools.schema import MAPPABLE

LAYOUTS = load_layouts()
_TABLES = tomllib.loads(Path(__file__).with_name("field_headers.toml").read_text(encoding="utf-8"))["table"]
FIELD_TABLES = [(t["description"], t["layout"], t["headers"].splitlines()) for t in _TABLES]
HEADERS = {description: headers for description, _, headers in FIELD_TABLES}
BEIJING = HEADERS["北京式 21 列"]
GENERIC = HEADERS["通用平台"]
TAIPEI = HEADERS["臺北 1999"]
DETAIL = HEADERS["市长信箱详情"]
LIST = HEADERS["市长信箱列表"]


def empty(header: list[str]) -> pa.Table:
    return pa.table({name: pa.array([], pa.string()) for name in header})


def matched(header: list[str]) -> Match:
    return match_layout(header, empty(header), LAYOUTS)


@pytest.mark.parametrize(
    ("layout", "header"), [f[1:] for f in FIELD_TABLES], ids=[f[0] for f in FIELD_TABLES]
)
def test_each_layout_of_the_field_is_recognised_in_any_order(layout: str, header: list[str]) -> None:
    shuffled = random.Random(7).sample(header, len(header))
    for names in (header, shuffled, [*header, "备注一", "备注二"]):
        match = matched(names)
        assert match.layout is not None
        assert match.layout.id == layout
        used = {name for columns in match.mapping.values() for name in columns}
        assert used | set(match.unmapped) | set(match.drop) == set(names)
        assert not used & set(match.drop)


VARIANTS = [
    ("full width", "ｔｉｄ", "tid"),
    ("Traditional", "案件地址", "案件地址"),
    ("Simplified for Traditional", "立案时间", "立案時間"),
    ("line break", "工单\n编号", "工单编号"),
    ("required mark", "*工单编号", "工单编号"),
    ("parenthesis", "工单编号（系统生成）", "工单编号"),
    ("synonym in parenthesis", "时间（受理时间）", "受理时间"),
    ("spaces", " 诉 求 标 题 ", "诉求标题"),
    ("case and underscores", "Service Request ID", "service_request_id"),
]


@pytest.mark.parametrize(("variant", "name"), [v[1:] for v in VARIANTS], ids=[v[0] for v in VARIANTS])
def test_spelling_variants_of_a_header_are_known(variant: str, name: str) -> None:
    known = KnownHeaders(LAYOUTS)
    assert name in known
    assert variant in known
    assert "完全无关的列" not in known


def test_variants_map_to_the_same_fields() -> None:
    plain = ["案件編號", "派工項目", "案件地址", "立案日期", "立案時間"]
    varied = ["案件编号", " 派工项目 ", "案件地址(門牌)", "立案\n日期", "立案时间：hhmmss"[:4]]
    expected = {f: [varied[plain.index(c)] for c in cs] for f, cs in matched(plain).mapping.items()}
    match = matched(varied)
    assert match.layout is not None
    assert match.mapping == expected


def test_time_fields_join_date_and_time_and_categories_join_levels() -> None:
    match = matched(["案件編號", "派工項目", "案件地址", "立案日期", "立案時間"])
    assert match.mapping["received_at"] == ["立案日期", "立案時間"]
    assert match.specs["received_at"].dates == ("compact", "roc")
    generic = matched(GENERIC)
    assert generic.mapping["original_category"] == ["一级分类", "二级分类", "三级分类"]
    assert generic.specs["original_category"].joiner == "/"


def test_a_date_column_and_a_clock_column_become_one_time() -> None:
    columns = {
        "工单编号": "1",
        "受理日期": "2025-06-03",
        "受理时间": "08:30",
        "诉求内容": "路灯",
        "办结时间": "2025-06-04",
    }
    sample = pa.table({name: [value] for name, value in columns.items()})
    match = match_layout(sample.column_names, sample, LAYOUTS)
    assert match.mapping["received_at"] == ["受理日期", "受理时间"]
    assert match.specs["received_at"].joiner == " "
    assert match.mapping["closed_at"] == ["办结时间"]
    assert match.unmapped == []


def test_callers_are_dropped_or_keyed_never_kept() -> None:
    match = matched(BEIJING)
    assert match.drop == ("来电人",)
    several = matched(["工单编号", "诉求内容", "联系电话", "联系电话_2", "姓名", "姓名_2", "来电号码"])
    assert set(several.drop) == {"联系电话", "联系电话_2", "姓名", "姓名_2"}
    assert several.unmapped == []
    assert match.mapping["caller_key"] == ["来电人电话/账号"]
    assert set(match.unmapped) == {"标签", "办理结果", "处理受理方式", "企业名称", "工单性质"}
    assert match.specs["original_category"].split == "->"
    assert "received_at" not in match.mapping


def test_a_column_that_the_layout_does_not_mention_is_mapped_by_its_general_name() -> None:
    match = matched([*BEIJING, "受理时间"])
    assert match.layout is not None
    assert match.mapping["received_at"] == ["受理时间"]


def test_an_unknown_layout_gets_a_guess_with_doubts() -> None:
    header = ["编号", "接诉时间", "情况描述", "问题描述", "状态", "随便"]
    sample = pa.table(
        {
            "编号": ["1", "2"],
            "接诉时间": ["昨天", "前天"],
            "情况描述": ["x", "y"],
            "问题描述": ["路灯坏了", "水管漏水"],
            "状态": ["办结", "在办"],
            "随便": ["a", "b"],
        }
    )
    match = match_layout(header, sample, LAYOUTS)
    assert match.layout is None
    assert match.mapping["received_at"] == ["接诉时间"]
    assert match.mapping["content"] == ["问题描述"]
    assert match.unmapped == ["情况描述", "随便"]
    reasons = {(u.field, u.header): u.reason for u in match.unsure}
    assert "不像日期" in reasons["received_at", "接诉时间"]
    assert "太宽" in reasons["status", "状态"]
    assert match.values["status"][value_key("已办结")] == "closed"


def test_a_table_that_is_no_work_orders_is_refused() -> None:
    with pytest.raises(NoHeaderError, match=r"gold.csv.*不是工单表"):
        require_usable(matched(["留言编号", "一级分类"]), "gold.csv")
    require_usable(matched(["留言编号", "留言详情"]), "a.csv")


def test_value_maps_know_the_words_of_the_field() -> None:
    values = common().values
    cases = {
        "status": {"已办结": "closed", "办理中": "open", "不予受理": "cancelled", "In Progress": "open"},
        "satisfaction": {"基本满意": "basically", "用户暂无评价": "unrated", "不滿意": "dissatisfied"},
        "resolved": {"部分解决": "partly", "未解决": "no"},
        "request_type": {"意见建议": "建议", "投诉举报": "投诉", "感谢": "表扬"},
        "responded": {"是": "true", "未响应": "false"},
    }
    for name, expected in cases.items():
        assert {text: values[name][value_key(text)] for text in expected} == expected
    wuhan = next(layout for layout in LAYOUTS if layout.id == "wuhan")
    assert wuhan.values["request_type"]["问题反映"] == "投诉"
    assert "问题反映" not in values["request_type"]


@pytest.mark.parametrize("path", shipped_files(), ids=lambda p: p.stem)
def test_every_shipped_layout_is_valid_and_named_after_its_file(path: Path) -> None:
    assert check_layout(path) == []
    layout = load_layout(path)
    assert layout.id == path.stem
    assert set(layout.fields) <= set(MAPPABLE)
    if layout.sister is not None:
        other = next(item for item in LAYOUTS if item.id == layout.sister.layout)  # type: ignore[union-attr]
        assert other.sister is not None
        assert other.sister.layout == layout.id


def test_every_mistake_of_a_layout_is_listed_with_the_word_that_was_meant(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(
        'id = "x"\nversoin = 1\ntime_zone = "Asia/Shanhai"\n[fields]\ntitel = ["标题"]\n'
        'received_at = { headers = ["时间"], dates = ["rock"] }\ncontent = { combine = "mix" }\n'
        "[signature]\n\"标题\" = -1\n[values.status]\nclosd = ['完']\n",
        encoding="utf-8",
    )
    text = "\n".join(check_layout(path))
    for words in (
        "缺少 name", "是不是 version", "是不是 Asia/Shanghai", "是不是 title", "是不是 roc",
        "headers 或 parts", "join 或 first", "正数", "是不是 closed",
    ):  # fmt: skip
        assert words in text
    with pytest.raises(DataFileError, match="是不是 title"):
        load_layouts([path])


def test_a_mistake_is_told_with_its_key(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(
        'id = "x"\nname = " "\nmin_score = 3\ndrop = "电话"\n[fields]\naddress = 3\nreply = [1]\n'
        'title = { headers = ["标题"], dates = ["roc"] }\n[values.statsu]\nclosed = ["完"]\n'
        "[sister]\nlayout = 'y'\n",
        encoding="utf-8",
    )
    told = check_layout(path)
    for key, words in (
        ("name", "缺少 name"), ("min_score", "须不大于 1"), ("drop", "须是表"), ("fields.address", "须是表"),
        ("fields.reply.headers[1]", "须是文字"), ("signature", "缺少 signature"),
    ):  # fmt: skip
        assert any(line.startswith((f"{key}：", f"{key} ")) and words in line for line in told), key
    assert "缺 sister.keys" in told
    assert "values.statsu 不认识，是不是 status？" in told


def test_date_hints_are_for_times_only(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(
        'id = "x"\nname = "x"\n'
        '[fields]\ntitle = { headers = ["标题"], dates = ["roc"] }\n[signature]\na = 1\n',
        encoding="utf-8",
    )
    assert check_layout(path) == ["fields：title 不是时间字段，不能写 dates"]


@pytest.mark.parametrize(
    ("text", "words"), [("id = ", "TOML"), (None, "找不到")], ids=["broken TOML", "missing file"]
)
def test_an_unreadable_layout_file_is_named(tmp_path: Path, text: str | None, words: str) -> None:
    path = tmp_path / "我的.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=words) as caught:
        load_layout(path)
    assert "我的.toml" in str(caught.value)


def unknown_table() -> pa.Table:
    return pa.table(
        {
            "案号": [f"A-2025-{i:05d}" for i in range(50)],
            "何时": [f"2025-06-{i % 28 + 1:02d} 08:00" for i in range(50)],
            "说了什么": [
                f"第{i}栋楼下的路灯坏了很久，晚上回家看不见路，请尽快派人修理，谢谢，已经反映多次"
                for i in range(50)
            ],
            "一句话": [f"{i}号楼路灯损坏无人修理" for i in range(50)],
            "手机": [f"1380000{i:04d}" for i in range(50)],
            "办得怎样": ["已办结", "办理中"] * 25,
            "满意度": ["满意", "凑合"] * 25,
            "其它": ["x"] * 50,
        }
    )


def test_a_draft_explains_its_guesses_is_valid_and_matches_its_table(tmp_path: Path) -> None:
    table = unknown_table()
    text = draft_layout(table.column_names, table, name="某市导出")
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    assert check_layout(path) == []
    match = match_layout(table.column_names, table, load_layouts([path]))
    assert match.layout is not None
    assert match.layout.name == "某市导出"
    assert match.score == 1.0
    assert {field: columns[0] for field, columns in match.mapping.items()} == {
        "order_id": "案号", "received_at": "何时", "content": "说了什么", "title": "一句话",
        "caller_key": "手机", "status": "办得怎样", "satisfaction": "满意度",
    }  # fmt: skip
    assert match.unmapped == ["其它"]
    for words in ("值像电话号码", "文字最长", "值各不相同", "还不认识的取值：凑合"):
        assert words in text


def test_a_layout_of_the_users_wins_over_a_shipped_one(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'id = "mine"\nname = "我市"\n[signature]\n"留言编号" = 1\n"留言详情" = 1\n'
        '[fields]\ntitle = ["留言详情"]\n',
        encoding="utf-8",
    )
    header = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情"]
    match = match_layout(header, empty(header), load_layouts([path]))
    assert match.layout is not None
    assert match.layout.id == "mine"
    assert match.mapping["title"] == ["留言详情"]
    chosen = apply_layout(header, empty(header), next(item for item in LAYOUTS if item.id == "wenzheng"))
    assert chosen.mapping["title"] == ["留言主题"]


@dataclass
class Batch:
    table: pa.Table


@dataclass
class Table:
    columns: dict[str, list[str | None]]
    header: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.header = tuple(self.columns)

    def batches(self):  # type: ignore[no-untyped-def]
        yield Batch(pa.table({k: pa.array(v, pa.string()) for k, v in self.columns.items()}))


def pair_of(detail_links: list[str | None], list_links: list[str | None], ids: list[str]) -> list:
    detail = Table(
        {name: ["x"] * len(detail_links) for name in DETAIL}
        | {"链接": detail_links, "受理编号": ids[: len(detail_links)]}
    )
    listed = Table(
        {name: ["x"] * len(list_links) for name in LIST}
        | {"链接": list_links, "信件编号": ids[: len(list_links)]}
    )
    return find_sisters([(matched(LIST), listed), (matched(DETAIL), detail)])


def test_sisters_join_on_the_column_that_is_really_unique() -> None:
    (pair,) = pair_of(["u1", "u2", "u3"], ["u3", "u2", "u9"], ["G1", "G1", "G2"])
    assert (pair.primary, pair.secondary) == (1, 0)
    assert (pair.key_header_primary, pair.key_header_secondary) == ("链接", "链接")
    assert (pair.matched, pair.only_primary, pair.only_secondary) == (2, 1, 1)
    assert [e.unique for e in pair.candidates] == [True, False]
    assert pair.candidates[1].header_secondary == "信件编号"


def test_sisters_fall_back_to_the_number_when_the_link_does_not_join() -> None:
    (pair,) = pair_of([None, None], [None, None], ["G1", "G2"])
    assert pair.key_header_primary == "受理编号"


def test_files_of_different_months_are_no_sisters() -> None:
    assert pair_of(["u1", "u2", "u3"], ["v1", "v2", "v3"], ["G1", "G1", "G2"]) == []


@pytest.mark.parametrize(
    ("name", "identity"),
    [("信箱1月", "信箱"), ("工单_202506", "工单"), ("12345平台导出2025年6月(1)", "12345平台导出"),
     ("nyc311", "nyc311"), ("十二月", "my-layout")],
)  # fmt: skip
def test_a_draft_is_named_after_the_platform_not_the_month(name: str, identity: str) -> None:
    table = pa.table({"编号": ["1"], "内容": ["路灯不亮"], "时间": ["2025-06-03"]})
    text = draft_layout(table.column_names, table, name=name)
    assert tomllib.loads(text)["id"] == tomllib.loads(text)["source"] == identity


def test_two_layouts_of_one_id_are_refused(tmp_path: Path) -> None:
    text = 'id = "a"\nname = "甲"\nversion = 1\n[signature]\n"编号" = 1\n'
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=r"id a 与 .*a\.toml 的相同"):
        load_layouts([tmp_path])
    assert load_layouts([tmp_path / "a.toml", tmp_path / "a.toml"])
