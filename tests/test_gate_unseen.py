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
    ({"street_name": of("Mill Lane", "Abbey Road")}, {"address": ("street_name",)}, "streets as roads"),
    ({"cell_name": of("镜湖1号网格", "柳林2号网格")}, {"grid": ("cell_name",)}, "cells of a grid"),
    ({"cell": [f"139{i:08d}" for i in range(ROWS)]}, {"caller_key": ("cell",)}, "cells to call"),
    ({"Ward": of("Northgate", "Hillside")}, {"district": ("Ward",)}, "wards"),
    ({"受理单位": of("热线办", "信访科"), "答复单位": of("环卫处", "市政处")}, {"department": ("答复单位",)}, "who handles before who received"),
    ({"登记部门": of("热线办", "信访科"), "办结单位": of("环卫处", "", "市政处")}, {"department": ("办结单位",)}, "also where some orders are open"),
    ({"抢修班组长": of("王工", "李工")}, {}, "the leader of a group is no group"),
    ({"问题类型": of("无信号", "网速慢", "其他")}, {"original_category": ("问题类型",)}, "其他 alone makes no request type"),
    ({"问题类型": of("咨询", "投诉", "其他")}, {"request_type": ("问题类型",)}, "but beside others it does"),
    ({"受理单位": of("热线办", "信访科")}, {"department": ("受理单位",)}, "who received where nobody else is named"),
    ({"来电单位": of("第一小学", "某某公司")}, {}, "the unit of a caller handles nothing"),
    ({"投诉单位": of("城东街道办", "某某公司")}, {}, "nor one that complains or is complained of"),
    ({"created_by_organization": of("Parks", "Self Service")}, {}, "nor one that filed the order"),
    ({"受文单位": of("市政府办公室"), "最终回文单位": of("市水务局", "市住建局")}, {"department": ("最终回文单位",)}, "who answers before who was written to"),
    ({"owner": of("BOS", "OCB", "DPW")}, {"department": ("owner",)}, "an owner that is a unit"),
    ({"owner": of("Ann Lee", "Jo Hale", "Sam Ray")}, {}, "an owner that is a person"),
    ({"处理进展类型": of("已办理", "办理中", "待回复")}, {"status": ("处理进展类型",)}, "a kind of progress is a status"),
    ({"Created Date": [f"06/{i % 28 + 1:02d}/2025" for i in range(ROWS)], "Closed Date": [f"07/{i % 28 + 1:02d}/2025" for i in range(ROWS)],
      "Closed dttm": [f"07/{i % 28 + 1:02d}/2025 10:{i:02d}:00 AM" for i in range(ROWS)]},
     {"closed_at": ("Closed dttm",)}, "a time before a day alone"),
    ({"转办单满意度": of("满意", "不满意")}, {"satisfaction": ("转办单满意度",)}, "how satisfied with what was handed on"),
    ({"处理结论": [f"您好，经核实第{i}号楼已修复，感谢您的来信" for i in range(ROWS)]}, {"reply": ("处理结论",)}, "a conclusion is an answer"),
    ({"sr_type_desc": of("Loose Dog", "Pothole"), "sr_method_received_desc": of("Phone", "Web", "Mobile Device"), "sr_department_desc": of("Public Works", "Animal Services")},
     {"original_category": ("sr_type_desc",), "channel": ("sr_method_received_desc",), "department": ("sr_department_desc",)}, "descriptions of codes"),
    ({"Company response to consumer": of("In progress", "Closed with explanation", "Untimely response")}, {"status": ("Company response to consumer",)}, "an answer that is a state"),
    ({"区级河长": of("王建国", "李秀英", "张伟"), "镇街河长": of("杨帆", "赵敏", "黄丽华")}, {}, "officials are no areas"),
    ({"镇街名": of("王建国", "李秀英", "张伟")}, {}, "nor are people under the name of one"),
    ({"投诉方式": of("小程序投诉", "电话投诉")}, {"channel": ("投诉方式",)}, "how a complaint came"),
    ({"完成时间": [t if i % 3 == 0 else "" for i, t in enumerate(times(9))], "办结时间": [t if i % 3 == 1 else "" for i, t in enumerate(times(9))]},
     {"closed_at": ("完成时间", "办结时间")}, "two closings of which an order has one"),
    ({"geo_shape": [f'{{"coordinates": [2.35{i:03d}, 48.85{i:03d}], "type": "Point"}}' for i in range(ROWS)]}, {}, "a geometry is no text"),
    ({"gubun": of("办理中", "已办结")}, {"status": ("gubun",)}, "known words under a name that says nothing"),
    ({"ncname": [f"RIVERSIDE NC {i}" for i in range(ROWS)]}, {}, "names of places are no text"),
    ({"estado_del_contacto": of("Abierto", "Cerrado")}, {"status": ("estado_del_contacto",)}, "the head stands before its preposition"),
    ({"categoría": of("Aseo", "Vialidad"), "subcategoría": of("Basura", "Baches")},
     {"original_category": ("categoría", "subcategoría")}, "accents say nothing"),
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
        ("event_src_name", False), ("zip code", False), ("First 3 Chars of Postal Code", False),
        ("Response to Customer", False), ("name of caller", True),
    ],
)  # fmt: skip
def test_who_is_a_caller_and_who_an_official(header: str, personal: bool) -> None:
    assert is_personal(header) is personal


PERSONAL = [
    ("domainName", of("城建", "三农", "环保", "企业"), False, "the name of a field"),
    ("qtName", of("张伟", "李娜", "王芳"), True, "names of people under a name that says not whose"),
    ("owner", of("BOS", "OCB"), False, "abbreviations"),
    ("contact", [f"{i:08d}/21" for i in range(ROWS)], False, "numbers of cases"),
    ("contact", [f"139{i:08d}" for i in range(ROWS)], False, "telephones, which become a digest"),
    ("姓名", of("市城管局", "市住建局"), False, "units"),
    ("留言人", [f"UB{i:06d}" for i in range(ROWS)], True, "people who sign with a code"),
    ("联系人", [f"{i}号楼王女士" for i in range(ROWS)], True, "people with a number"),
    ("FIRST_NAME", of("MARY", "JOHN", "ANN", "PETER"), True, "names in capitals"),
    ("Last Name", [name for name in ("SMITH", "LEE", "ROY", "HALE") for _ in range(10)], True, "and few of them"),
    ("caller", [f"P{chr(65 + i % 26)}{chr(65 + i // 26)}" for i in range(ROWS)], True, "many capitals under a caller"),
    ("CLIENT_OFFICE_NAME", of("BELFAST SOUTH", "MID ULSTER"), False, "the name of an office"),
    ("form_name_np", of("सुझाव सम्बन्धी", "कालोबजारी"), False, "words of another script"),
    ("查询密码", [f"pw{i:05d}" for i in range(ROWS)], True, "a password"),
    ("出生日期", [f"19{i + 50}-05-01" for i in range(ROWS)], True, "a day of birth"),
    ("姓名", of("张**", "李**"), True, "masked names"),
    ("reporter", [f'{{"name"=>"Ann Lee", "id"=>{i}, "role"=>"a member of the public who reports"}}' for i in range(ROWS)], True, "in an object of any length"),
    ("来电人", of(""), True, "an empty column"),
    ("身份证号", [f"11010119900307{i:04d}" for i in range(ROWS)], True, "what is private whatever it looks like"),
    ("列3", of("张伟", "李娜", "王芳"), True, "people in a table without a header"),
    ("列3", of("投诉", "咨询"), False, "and other words"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "cells", "personal", "kind"), PERSONAL, ids=[case[3].replace(" ", "-") for case in PERSONAL]
)
def test_the_cells_bear_out_that_a_column_is_of_people(
    header: str, cells: list[str], personal: bool, kind: str
) -> None:
    table = pa.table({"受理时间": times(8), header: pa.array(cells, pa.string())})
    assert (header in recognise(table.column_names, table).drop) is personal, kind


def rows_decide(columns: dict[str, list[str]]) -> dict[str, str]:
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    whole = recognise(table.column_names, table, words=common().values, placeholders=PLACEHOLDERS)
    return {item.field: "+".join(item.headers) for item in whole.assigned}


ANSWERS = [f"您反映的第{i}号楼路灯问题收悉，已转城管局办理，感谢您的留言" for i in range(ROWS)]
HALF = [i % 2 == 0 for i in range(ROWS)]


@pytest.mark.parametrize("turned", [False, True], ids=["letter first", "answer first"])
def test_of_two_answers_one_is_the_letter_and_its_time_the_receipt(turned: bool) -> None:
    columns = {
        "replyDate": times(8),
        "replyContentMain": TEXTS,
        "handleTime": [t if is_half else "" for t, is_half in zip(times(9), HALF, strict=True)],
        "handleContent": [t if is_half else "" for t, is_half in zip(ANSWERS, HALF, strict=True)],
    }
    found = rows_decide(dict(reversed(columns.items())) if turned else columns)
    assert found == {
        "received_at": "replyDate", "content": "replyContentMain",
        "closed_at": "handleTime", "reply": "handleContent",
    }  # fmt: skip


def test_of_two_answers_that_all_have_the_one_that_answers_is_the_reply() -> None:
    found = rows_decide({"回复时间": times(8), "办理结果": TEXTS, "回复内容": ANSWERS})
    assert found == {"closed_at": "回复时间", "content": "办理结果", "reply": "回复内容"}


@pytest.mark.parametrize("names", [("回复时间", "办理时间"), ("办理时间", "回复时间")], ids="+".join)
def test_of_two_closings_that_all_have_the_earlier_is_the_receipt(names: tuple[str, str]) -> None:
    found = rows_decide({names[0]: times(9), names[1]: times(8), "诉求内容": TEXTS})
    assert (found["received_at"], found["closed_at"]) == (names[1], names[0])


def test_of_two_closings_the_states_tell_the_right_one() -> None:
    columns = {
        "工单编号": IDS, "受理时间": times(8), "诉求内容": TEXTS,
        "工单状态": ["已办结" if is_half else "办理中" for is_half in HALF],
        "答复时间": times(9), "完成时间": [t if is_half else "" for t, is_half in zip(times(9), HALF, strict=True)],
    }  # fmt: skip
    assert rows_decide(columns)["closed_at"] == "完成时间"
    columns["工单状态"] = of("已办结")
    assert rows_decide(columns)["closed_at"] == "答复时间"


def test_a_time_of_another_calendar_is_no_receipt_beside_one_of_ours() -> None:
    columns = {
        "id": IDS, "description": TEXTS, "created_at": [f"208{i % 9}-02-08" for i in range(ROWS)],
        "created_at_en": [t[:10] for t in times(8)], "time": [f"{i % 12 + 1:02d}:15 PM" for i in range(ROWS)],
    }  # fmt: skip
    assert rows_decide(columns)["received_at"] == "created_at_en+time"


def test_a_text_longer_than_its_title_is_the_content_whatever_it_is_called() -> None:
    columns = {"id": IDS, "summary": [text[:8] for text in TEXTS], "raw_input": TEXTS, "created_at": times(8)}
    assert rows_decide(columns)["content"] == "raw_input"
    assert "content" not in rows_decide(columns | {"raw_input": [text[:8] for text in TEXTS]})


def test_levels_stand_from_the_widest_whatever_few_rows_hold() -> None:
    columns = {
        "unique_key": IDS, "created_date": times(8), "description": TEXTS,
        "category": of("Noise", "Signs", "Trees"), "complaint_type": of("Noise Issue", "Sign Missing", "Tree Down"),
        "descriptor": of("Other", "Other", "Branch"),
    }  # fmt: skip
    assert rows_decide(columns)["original_category"].startswith("category+complaint_type")


STATUSES = common().values["status"]
CODES = [
    ("[结案]", "closed"), ("【办理中】", "open"), ("(作废)", "cancelled"), ("3-[已办结]（超期）", "closed"),
    ("fixed - council", "closed"), ("在办-超期", "open"), ("Closed: resolved", "closed"), ("已办结/满意", "closed"),
    ("Closed - Referred", "closed"), ("Closed - Duplicate", "closed"),
    ("Closed with explanation", "closed"), ("Untimely", None), ("办理中-已办结", None), ("张三-李四", None), ("[]", None), ("", None),
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


HEADERLESS = "".join(
    f"{170000 + i},2025-06-{i % 28 + 1:02d} 21:{i:02d},某市市长,{i}号楼路灯坏了三天没有人来修,{('投诉', '咨询')[i % 2]},"
    f"{('待回复', '已办理')[i % 2]},{('张伟', '李娜')[i % 2]},139{i:08d}\n"
    for i in range(30)
)


@pytest.mark.parametrize("title", ["", "某市网上信件,,,,,,,\n"], ids=["bare", "below a title"])
def test_a_table_without_a_header_comes_in(tmp_path: Path, title: str) -> None:
    (tmp_path / "letters.csv").write_text(title + HEADERLESS, encoding="utf-8")
    store = ht.Store.open(tmp_path / "store", create=True)
    report = ht.import_files(store, tmp_path / "letters.csv")
    rows = [dict(row) for row in ht.sql(store, "SELECT * FROM orders ORDER BY order_id").rows]
    assert [row["order_id"] for row in rows] == [str(170000 + i) for i in range(30)]
    assert rows[3]["content"] == "3号楼路灯坏了三天没有人来修"
    assert str(rows[3]["received_at"]) == "2025-06-04 21:03:00"
    assert Counter(row["status"] for row in rows) == {"open": 15, "closed": 15}
    assert Counter(row["request_type"] for row in rows) == {"投诉": 15, "咨询": 15}
    assert not any(word in str(rows) for word in ("张伟", "李娜", "13900000003"))
    notes = " ".join(note for record in report.records for note in record.notes)
    assert "没有表头行" in notes
    assert "个人信息列不入库：列7、列8" in notes


def test_lists_and_statistics_without_a_header_are_refused(tmp_path: Path) -> None:
    for name, line in (("codes", "0101,市容环境,垃圾\n"), ("sums", "2025-06-01,12,34\n")):
        path = tmp_path / f"{name}.csv"
        path.write_text(line * 12, encoding="utf-8")
        with pytest.raises(ht.NoHeaderError, match="没有表头行的"):
            ht.import_files(ht.Store.open(tmp_path / "store", create=True), path)


BOARD = "留言编号,留言时间,留言内容,办理状态,回复时间,回复内容\n" + "".join(
    f"L{i:04d},2025-06-{i % 28 + 1:02d} 08:00,{i}号楼路灯坏了三天没有人来修,{('已办理', '办理中', '待回复')[i % 3]},"
    f"{f'2025-07-{i % 28 + 1:02d} 09:30' if i % 3 < 2 else ''},{'您的留言已转有关部门办理' if i % 3 < 2 else ''}\n"
    for i in range(30)
)


def test_a_first_reply_closes_no_order_that_is_said_to_be_open(tmp_path: Path) -> None:
    (tmp_path / "board.csv").write_text(BOARD, encoding="utf-8")
    store = ht.Store.open(tmp_path / "store", create=True)
    report = ht.import_files(store, tmp_path / "board.csv")
    rows = [dict(row) for row in ht.sql(store, "SELECT * FROM orders ORDER BY order_id").rows]
    assert [row["closed_at"] is not None for row in rows] == [i % 3 == 0 for i in range(30)]
    assert '"回复时间": "2025-07-02 09:30:00"' in rows[1]["extra"]
    assert "reply-while-open" in rows[1]["quality_flags"]
    assert "10 件已有答复但状态仍在办理" in " ".join(report.records[0].notes)

    only_accepted = BOARD.replace("已办理", "已受理").replace("办理中", "已受理").replace("待回复", "已受理")
    (tmp_path / "accepted.csv").write_text(only_accepted.replace("L0", "M0"), encoding="utf-8")
    other = ht.Store.open(tmp_path / "other", create=True)
    ht.import_files(other, tmp_path / "accepted.csv")
    closed = ht.sql(other, "SELECT count(closed_at) AS n FROM orders").rows[0]["n"]
    assert closed == 20  # a status that all have tells nothing of the reply


LEGEND = (
    "热线单号，热线系统原生单号,诉求内容，市民诉求详情,受理部门名称，与部门编码同步,"
    '"处置状态：1=待受理，2=处置中，3=已办结，4=已驳回",热线受理时间，系统写入,"办结时间，完成后填写"\n'
).replace("，", "{0}")


@pytest.mark.parametrize("comma", ["，", "：", "；"])
def test_headers_that_explain_themselves_and_their_codes(tmp_path: Path, comma: str) -> None:
    lines = "".join(
        f"12345-{i:04d},{i}号楼的电梯坏了三天没有人来修,市城管局,{i % 4 + 1},2025-06-{i % 28 + 1:02d} 08:00,"
        f"{f'2025-07-{i % 28 + 1:02d} 09:00' if i % 4 == 2 else ''}\n"
        for i in range(24)
    )
    (tmp_path / "explained.csv").write_text(LEGEND.format(comma) + lines, encoding="utf-8")
    store = ht.Store.open(tmp_path / "store", create=True)
    ht.import_files(store, tmp_path / "explained.csv")
    rows = [dict(row) for row in ht.sql(store, "SELECT * FROM orders ORDER BY order_id").rows]
    assert [row["order_id"] for row in rows] == [f"12345-{i:04d}" for i in range(24)]
    assert Counter(row["status"] for row in rows) == {"open": 12, "closed": 6, "cancelled": 6}
    assert {row["department"] for row in rows} == {"市城管局"}
    assert sum(row["closed_at"] is not None for row in rows) == 6


@pytest.mark.parametrize("width", [2, 3, 4, 6])
@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_delimiter_inside_every_quoted_cell_is_no_delimiter(
    tmp_path: Path, width: int, ending: str
) -> None:
    names = ["工单编号", "诉求内容", "受理时间", "主办单位", "工单状态", "诉求标题"][:width]
    rows = [
        [f"A{i:03d}", f'"电梯坏了,第{i}次"', "2025-06-01 08:00", "城管局", "已办结", '"电梯,坏了"'][:width]
        for i in range(20)
    ]
    text = ending.join(",".join(row) for row in [names, *rows]) + ending
    (tmp_path / "quoted.csv").write_text(text, encoding="utf-8", newline="")
    store = ht.Store.open(tmp_path / "store", create=True)
    ht.import_files(store, tmp_path / "quoted.csv")
    found = [row["content"] for row in ht.sql(store, "SELECT content FROM orders ORDER BY order_id").rows]
    assert found == [f"电梯坏了,第{i}次" for i in range(20)]


def test_an_id_in_single_quotes_is_that_id(tmp_path: Path) -> None:
    text = "信件编号,来信时间,信件内容\n" + "".join(
        f"'LS{i:04d}',2025-06-01 08:00,{i}号楼的电梯坏了三天没有人来修\n" for i in range(12)
    )
    (tmp_path / "ids.csv").write_text(text, encoding="utf-8")
    store = ht.Store.open(tmp_path / "store", create=True)
    ht.import_files(store, tmp_path / "ids.csv")
    assert ht.sql(store, "SELECT min(order_id) AS id FROM orders").rows[0]["id"] == "LS0000"


def test_of_two_closings_of_which_an_order_has_one_each_closes(tmp_path: Path) -> None:
    text = "Report ID,Detail,Created,Fixed,Closed,Status\n" + "".join(
        f"{i},The lamp outside number {i} has been dark for a week,2025-06-01T08:00,"
        f"{'2025-06-05T09:00' if i % 3 == 0 else ''},{'2025-06-06T10:00' if i % 3 == 1 else ''},"
        f"{('fixed - council', 'closed', 'confirmed')[i % 3]}\n"
        for i in range(30)
    )
    (tmp_path / "fixed.csv").write_text(text, encoding="utf-8")
    store = ht.Store.open(tmp_path / "store", create=True)
    ht.import_files(store, tmp_path / "fixed.csv")
    rows = ht.sql(store, "SELECT closed_at, status FROM orders").rows
    assert Counter((str(row["closed_at"]), row["status"]) for row in rows) == {
        ("2025-06-05 09:00:00", "closed"): 10,
        ("2025-06-06 10:00:00", "closed"): 10,
        ("None", "open"): 10,
    }
