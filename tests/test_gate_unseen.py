"""Kinds of columns and cells that tables nobody here had seen brought: one table of cases for each kind."""
# ruff: noqa: E501 - tables of cases read better in one line

from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hotline_tools as ht
from hotline_tools.layouts import code_of, common
from hotline_tools.layouts.recognition import recognise
from hotline_tools.layouts.recognition.names import read_name
from hotline_tools.layouts.recognition.personal import is_personal
from hotline_tools.layouts.recognition.vocabulary import vocabulary
from hotline_tools.text import fold

ROWS = 40
TEXTS = [f"梅园路{i}号楼道灯坏了三天，夜里老人上下楼不方便" for i in range(ROWS)]
IDS = [f"T{i:05d}" for i in range(ROWS)]
PLACEHOLDERS = frozenset(common().placeholders)


def times(hour: int) -> list[str]:
    return [f"2025-06-{i % 28 + 1:02d} {hour:02d}:{i:02d}" for i in range(ROWS)]


def of(*kinds: str) -> list[str]:
    return [kinds[i % len(kinds)] for i in range(ROWS)]


def found(columns: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    """Recognise columns beside an id, a text and a time of receipt; only what they add."""
    base = {"工单编号": IDS, "诉求内容": TEXTS, "受理时间": times(8)}
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in (base | columns).items()})
    whole = recognise(table.column_names, table, words=common().values, placeholders=PLACEHOLDERS)
    fields = {item.field: item.headers for item in whole.assigned}
    return {name: headers for name, headers in fields.items() if not set(headers) & base.keys()}


def test_words_are_written_as_headers_are_read() -> None:
    words = [word for group in vocabulary().words.values() for word in group]
    assert [word for word in words if fold(word) != word] == []


BY_NAME = [
    ("event_src_name", "channel", "a source, by an abbreviation, and no person"),
    ("main_type_name", "original_category", "the name of a type"),
    ("问题发生地", "address", "where it happened"),
    ("案发地址", "address", "where it happened"),
    ("Overdue On Date", "due_at", "when it is overdue"),
    ("transfer_time", "dispatched_at", "handed on"),
    ("forwardedAt", "dispatched_at", "handed on"),
    ("lodged_on", "received_at", "how complaints come in"),
    ("disposal date", "closed_at", "how grievances end"),
    ("办结单位", "department", "who closed it"),
    ("sub_district", "street", "two words that are one"),
    ("受理组", "department", "a group that handles it"),
    ("抢修班组", "department", "a group that handles it"),
    ("distribution_time", "dispatched_at", "handed on"),
    ("date-solved", "closed_at", "a time that its step follows"),
    ("oid", "order_id", "an id of databases"),
    ("민원번호", "order_id", "Korean"),
    ("접수일시", "received_at", "Korean"),
    ("처리기한", "due_at", "Korean"),
    ("담당부서", "department", "Korean"),
    ("受付日時", "received_at", "Japanese"),
    ("対応状況", "status", "Japanese"),
    ("完了日時", "closed_at", "Japanese"),
    ("件名", "title", "Japanese"),
]


@pytest.mark.parametrize(("header", "field", "kind"), BY_NAME, ids=[case[0] for case in BY_NAME])
def test_a_name_says_its_field_above_all_others(header: str, field: str, kind: str) -> None:
    name = read_name(header)
    scores = {other: name.score(other) for other in vocabulary().fields}
    assert scores[field] >= 0.5, kind
    assert scores[field] == max(scores.values())


@pytest.mark.parametrize("header", ["cell_id", "phone_id", "联系电话ID"])
def test_the_key_of_a_telephone_or_a_cell_is_no_number_to_call(header: str) -> None:
    assert read_name(header).score("caller_key") == 0


STEPS = {"派单": "dispatched_at", "签收": "signed_at", "办结": "closed_at", "到期": "due_at", "回访": "revisited_at",
         "责任部门签收": "signed_at", "Assigned": "dispatched_at", "Acknowledged": "signed_at", "Closed": "closed_at",
         "RESOLVED": "closed_at", "Due": "due_at", "Respond By": "due_at", "回答日": "closed_at"}  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(sorted(STEPS)), st.integers(9, 20))
def test_a_column_of_times_is_of_the_step_that_it_names(header: str, hour: int) -> None:
    assert found({header: times(hour)}) == {STEPS[header]: (header,)}


@pytest.mark.parametrize(
    "header", ["合同到期", "保修到期", "更新", "Updated", "Confirmed", "Last Modified", "申请延期至"]
)
def test_times_of_a_thing_or_of_no_step_are_left(header: str) -> None:
    assert found({header: times(9)}) == {}


def test_an_id_that_begins_with_its_day_is_no_time() -> None:
    table = pa.table({"案件号": [f"2024030{i % 9 + 1}{i:05d}" for i in range(ROWS)], "上报时间": times(8)})
    whole = recognise(table.column_names, table)
    assert {item.field: item.headers for item in whole.assigned} == {
        "order_id": ("案件号",),
        "received_at": ("上报时间",),
    }


CATEGORIES = [
    ({"旧一级分类": of("甲", "乙"), "旧二级分类": of("丙"), "一级分类": of("市容", "交通"), "二级分类": of("垃圾", "停车"), "三级分类": of("堆放", "占道")},
     ("一级分类", "二级分类", "三级分类"), "the longer of two series"),
    ({"一级分类": of("市容", "交通"), "二级分类": of("垃圾", "停车"), "新一级分类": of("None"), "新二级分类": of("NULL"), "新三级分类": of("无")},
     ("一级分类", "二级分类"), "a series of placeholders is empty, and its third level is not borrowed"),
    ({"一级分类": of("市容", "交通"), "二级标签": of("垃圾", "停车")}, ("一级分类", "二级标签"), "levels of two words are one series"),
    ({"事件大类名称": of("市容", "交通"), "事件小类名称": of("垃圾", "停车"), "大类编码": of("01", "02")},
     ("事件大类名称", "事件小类名称"), "names of the classes, not their codes"),
    ({"main_type_name": of("市容", "交通"), "sub_type_name": of("垃圾", "停车")}, ("main_type_name", "sub_type_name"), "levels by English words"),
    ({"big_class_name": of("市容", "交通"), "small_class_name": of("垃圾", "停车")}, ("big_class_name", "small_class_name"), "and others"),
    ({"Category": of("Roads", "Trees"), "Subcategory": of("Pothole", "Branch")}, ("Category", "Subcategory"), "a level under one that names none"),
    ({"Service Description": of("Broken lamp", "Loose dog", "Missed bin")}, ("Service Description",), "a description that comes again"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "path", "kind"), CATEGORIES, ids=[case[2].replace(" ", "-") for case in CATEGORIES]
)
def test_the_levels_of_the_category(columns: dict[str, list[str]], path: tuple[str, ...], kind: str) -> None:
    assert found(columns) == {"original_category": path}, kind


BY_VALUES = [
    ({"工单类别": of("一般", "一般", "紧急", "次紧急")}, {"urgency": ("工单类别",)}, "a kind of order that is its urgency"),
    ({"事件级别": of("低", "中", "高")}, {"urgency": ("事件级别",)}, "a level that is its urgency"),
    ({"事件级别": of("市级", "区级")}, {}, "a level of something else"),
    ({"工单类别": of("一般")}, {}, "one kind tells nothing"),
    ({"street_name": of("镜湖街道", "柳林镇", "北河乡")}, {"street": ("street_name",)}, "streets as parts of a district"),
    ({"street_name": of("Mill Lane", "Abbey Road")}, {}, "streets as roads"),
    ({"cell_name": of("镜湖1号网格", "柳林2号网格")}, {"grid": ("cell_name",)}, "cells of a grid"),
    ({"cell": [f"139{i:08d}" for i in range(ROWS)]}, {"caller_key": ("cell",)}, "cells to call"),
    ({"Ward": of("Northgate", "Hillside")}, {"district": ("Ward",)}, "wards"),
    ({"受理单位": of("热线办", "信访科"), "答复单位": of("环卫处", "市政处")}, {"department": ("答复单位",)}, "who handles before who received"),
    ({"登记部门": of("热线办", "信访科"), "办结单位": of("环卫处", "", "市政处")}, {"department": ("办结单位",)}, "also where some orders are open"),
    ({"抢修班组长": of("王工", "李工")}, {}, "the leader of a group is no group"),
    ({"问题类型": of("无信号", "网速慢", "其他")}, {"original_category": ("问题类型",)}, "其他 alone makes no request type"),
    ({"问题类型": of("咨询", "投诉", "其他")}, {"request_type": ("问题类型",)}, "but beside others it does"),
    ({"受理单位": of("热线办", "信访科")}, {"department": ("受理单位",)}, "who received where nobody else is named"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "expected", "kind"), BY_VALUES, ids=[case[2].replace(" ", "-") for case in BY_VALUES]
)
def test_what_the_values_decide(
    columns: dict[str, list[str]], expected: dict[str, tuple[str, ...]], kind: str
) -> None:
    assert found(columns) == expected, kind


@pytest.mark.parametrize(
    ("header", "personal"),
    [
        ("投诉者", True), ("反映民眾", True), ("昵称", True), ("户名", True), ("联系人信息", True), ("客户名称", True),
        ("reported_by", True), ("RaisedBy", True), ("raise_name", True), ("Last Name", True), ("nickname", True),
        ("contact_person", True), ("氏名", True), ("민원인", True),
        ("处理者", False), ("closed_by", False), ("assigned_to", False), ("企业名称", False), ("客户类型", False),
        ("event_src_name", False), ("zip code", False),
    ],
)  # fmt: skip
def test_who_is_a_caller_and_who_an_official(header: str, personal: bool) -> None:
    assert is_personal(header) is personal


STATUSES = common().values["status"]
CODES = [
    ("[结案]", "closed"), ("【办理中】", "open"), ("(作废)", "cancelled"), ("3-[已办结]（超期）", "closed"),
    ("fixed - council", "closed"), ("在办-超期", "open"), ("Closed: resolved", "closed"), ("已办结/满意", "closed"),
    ("办理中-已办结", None), ("张三-李四", None), ("[]", None), ("", None),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "code"), CODES, ids=[repr(case[0]) for case in CODES])
def test_codes_with_brackets_and_of_several_parts(cell: str, code: str | None) -> None:
    assert code_of(cell, STATUSES) == code


@settings(deadline=None)
@given(
    st.sampled_from(sorted(STATUSES)),
    st.sampled_from(["", "1-", "02. ", "3、"]),
    st.sampled_from([("", ""), ("[", "]"), ("【", "】"), ("“", "”")]),
    st.sampled_from(["", "（超期）", " (late)"]),
)
def test_what_stands_around_a_code_says_nothing_of_it(
    word: str, number: str, brackets: tuple[str, str], remark: str
) -> None:
    assert code_of(f"{number}{brackets[0]}{word}{brackets[1]}{remark}", STATUSES) == STATUSES[word]


KOREAN = "민원번호,접수일시,접수경로,민원유형,민원제목,처리상태,처리기한\n" + "".join(
    f"C-{i:03d},2026-05-{i % 28 + 1:02d} 09:{i:02d},{('전화', '방문')[i % 2]},{('요금', '시설')[i % 2]},"
    f"{i}번 주차구역 정산기가 고장났습니다,{('완료', '처리중')[i % 2]},2026-06-{i % 28 + 1:02d}\n"
    for i in range(30)
)
STEPPED = "Report ID,Title,Detail,User Name,Created,Acknowledged,Closed,Status,Ward\n" + "".join(
    f"{i + 900},Lamp out on Mill Lane {i},The lamp outside number {i} has been dark for a week,Jo Hale,"
    f"2025-06-{i % 28 + 1:02d}T08:{i:02d}:00,2025-06-{i % 28 + 1:02d}T12:00:00,"
    f"{f'2025-07-{i % 28 + 1:02d}T10:00:00' if i % 3 == 0 else ''},"
    f"{('fixed - council', 'investigating', 'action scheduled')[i % 3]},{('Abbey', 'Castle')[i % 2]}\n"
    for i in range(30)
)
WHOLE = [
    ("korean.csv", KOREAN, {"order_id", "received_at", "channel", "original_category", "title", "status", "due_at"},
     {"closed": 15, "open": 15}),
    ("stepped.csv", STEPPED, {"order_id", "received_at", "signed_at", "closed_at", "title", "content", "status", "district"},
     {"closed": 10, "open": 20}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "fields", "statuses"), WHOLE, ids=[case[0] for case in WHOLE])
def test_a_whole_table_comes_in(
    tmp_path: Path, name: str, text: str, fields: set[str], statuses: dict[str, int]
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    store = ht.Store.open(tmp_path / "store", create=True)
    ht.import_files(store, tmp_path / name)
    rows = [dict(row) for row in ht.sql(store, "SELECT * FROM orders").rows]
    assert len(rows) == 30
    assert {field for field in fields - {"closed_at"} if not all(row[field] for row in rows)} == set()
    assert sum(row["closed_at"] is not None for row in rows) == (10 if "closed_at" in fields else 0)
    assert Counter(row["status"] for row in rows) == statuses
    assert "Jo Hale" not in str(rows)
