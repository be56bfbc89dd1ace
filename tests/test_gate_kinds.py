"""Kinds of header names that published header rows brought: one table of cases for each kind."""

import pyarrow as pa
import pytest

from hotline_tools.layouts import common
from hotline_tools.layouts.recognition import recognise
from hotline_tools.layouts.recognition.names import read_name
from hotline_tools.layouts.recognition.vocabulary import vocabulary

ROWS = 40


def best(header: str, shapes: frozenset[str] = frozenset()) -> str:
    """Return the field that a name says above all others; nothing under the score of a recognised column."""
    scores = {field: read_name(header).score(field, shapes) for field in vocabulary().fields}
    field = max(scores, key=lambda name: scores[name])
    return field if scores[field] >= 0.45 else ""


def recognised(columns: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    found = recognise(table.column_names, table, words=common().values)
    return {item.field: item.headers for item in found.assigned}


def times(hour: int) -> list[str]:
    return [f"2025-06-{i % 28 + 1:02d} {hour:02d}:{i:02d}" for i in range(ROWS)]


KINDS = [
    ("处置状态：1=待受理，2=已受理，3=已办结", "status", "a legend behind the name"),
    ("投诉单号，格式“TS+日期+流水号”", "order_id", "an explanation behind the name"),
    ("工单类型;1=室内;2=公共区域;", "request_type", "a legend between semicolons"),
    ("状态(0-待处理,1-处理中)", "status", "a legend in brackets"),
    ("受理时间（用户填写表单时选择的时间）", "received_at", "a sentence in brackets"),
    ("申请时间", "received_at", "an application is how it came in"),
    ("报警时间", "received_at", "a step of coming in"),
    ("建单日期", "received_at", "a step of coming in"),
    ("关单时间", "closed_at", "a step of ending"),
    ("办结工单时间", "closed_at", "the order itself is no step"),
    ("期望处理完成时间", "due_at", "a wish is a limit"),
    ("预计完成日期", "due_at", "a plan is a limit"),
    ("处理截至时间", "due_at", "another writing of 截止"),
    ("TIME_LIMIT", "due_at", "a limit in English"),
    ("call_time", "received_at", "a call comes in"),
    ("visit_back_time", "revisited_at", "a call back"),
    ("handleResult", "reply", "a result in English"),
    ("解决结果", "resolved", "whether it is solved"),
    ("维修反馈", "reply", "repairing is handling"),
    ("解决措施", "resolved", "whether, where the cells say so"),
    ("工作名称", "title", "the name of the order"),
    ("Request #", "order_id", "a sign for the number"),
    ("ticketCode", "order_id", "a code behind the order"),
    ("电话中心业务流水号", "order_id", "the number of the order, though a telephone is named"),
    ("dutydept", "department", "the unit on duty"),
    ("损坏状况", "content", "what is damaged"),
    ("ServiceRequestNum", "order_id", "words of one run"),
]


@pytest.mark.parametrize(("header", "field", "kind"), KINDS, ids=[case[0] for case in KINDS])
def test_a_name_says_its_field(header: str, field: str, kind: str) -> None:
    assert best(header) == field, kind


NONE = [
    ("验收时间", "a step of its own"),
    ("上次沟通日期", "a step of its own"),
    ("计划回访时间", "the limit of another step"),
    ("签收时限", "the limit of another step"),
    ("预约上门时间", "an appointment"),
    ("期望上门服务时间", "an appointment"),
    ("督办截止时间", "the limit of a step of its own"),
    ("同步时间", "a step of its own"),
    ("问题类型编号", "the number of a kind"),
    ("eventStateId", "the number of a state"),
    ("报修科室id", "the number of a unit"),
    ("is_key_case", "a question"),
    ("父工单编号", "the number of another order"),
    ("登记机构类别", "the kind of a unit"),
    ("satisfactionReason", "the reason of a rating"),
    ("被投诉单位", "a unit that is complained of"),
    ("诉求事项JSON数组", "a list"),
    ("Police District", "a district of the police"),
]


@pytest.mark.parametrize(("header", "kind"), NONE, ids=[case[0] for case in NONE])
def test_a_name_says_no_field(header: str, kind: str) -> None:
    assert best(header) == "", kind


def test_the_home_of_a_caller_is_not_the_place_of_the_case() -> None:
    assert best("举报人地址") == ""
    assert best("咨询方地址") == ""


def test_the_number_of_a_caller_is_no_telephone() -> None:
    assert best("来电人编号") == ""
    assert best("来电号码") == "caller_key"


def test_what_citizens_ask_for_is_the_text_where_the_cells_are_texts() -> None:
    texts = [f"春晖路{i}号楼下水道堵了，污水漫到路上" for i in range(ROWS)]
    assert recognised({"市民诉求": texts, "受理时间": times(8)})["content"] == ("市民诉求",)
    kinds = {"市民诉求": ["咨询", "求助"] * 20, "主要内容": texts}
    assert recognised(kinds)["content"] == ("主要内容",)


def test_links_are_no_text() -> None:
    links = [f"https://example.test/photo/{i}.jpg" for i in range(ROWS)]
    assert "content" not in recognised({"现场": links, "受理时间": times(8)})


def test_classes_have_four_levels() -> None:
    columns = {
        "案件大类": ["市容", "交通"] * 20,
        "案件小类": ["垃圾", "停车"] * 20,
        "案件子类": ["堆放", "占道"] * 20,
    }
    assert recognised(columns)["original_category"] == ("案件大类", "案件小类", "案件子类")


IDS = [f"GD{i:06d}" for i in range(ROWS)]
TEXTS = [f"梅园路{i}号路灯坏了三天，夜里出行不便" for i in range(ROWS)]


def test_whole_pinyin_is_read() -> None:
    columns = {
        "tousubianhao": IDS,
        "tousuneirong": TEXTS,
        "tousushijian": times(8),
        "chulijieguo": ["已派人修复，谢谢监督", "已转交产权单位处理"] * 20,
        "suqiuleixing": ["投诉", "咨询"] * 20,
    }
    assert recognised(columns) == {
        "order_id": ("tousubianhao",),
        "content": ("tousuneirong",),
        "received_at": ("tousushijian",),
        "reply": ("chulijieguo",),
        "request_type": ("suqiuleixing",),
    }


def test_initials_of_pinyin_are_read_where_a_table_has_several() -> None:
    columns = {
        "gdbh": IDS,
        "slsj": times(8),
        "sqnr": TEXTS,
        "cbdw": ["城管局", "交通局"] * 20,
        "bjsj": times(12),
        "clzt": ["已办结", "办理中"] * 20,
        "xm": ["王敏", "李强"] * 20,
    }
    assert recognised(columns) == {
        "order_id": ("gdbh",),
        "received_at": ("slsj",),
        "content": ("sqnr",),
        "department": ("cbdw",),
        "closed_at": ("bjsj",),
        "status": ("clzt",),
    }
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    assert "xm" in recognise(table.column_names, table).drop  # 姓名
    assert recognised({"Description": TEXTS, "bjsj": ["甲", "乙"] * 20}) == {"content": ("Description",)}


def test_a_prefix_that_the_table_has_says_nothing() -> None:
    columns = {
        "zzq_number": IDS,
        "zzq_content": TEXTS,
        "zzq_create_time": times(8),
        "zzq_send_time": times(9),
        "zzq_end_time": times(12),
    }
    assert recognised(columns) == {
        "order_id": ("zzq_number",),
        "content": ("zzq_content",),
        "received_at": ("zzq_create_time",),
        "dispatched_at": ("zzq_send_time",),
        "closed_at": ("zzq_end_time",),
    }


@pytest.mark.parametrize(
    "names",
    [
        ("level1", "level2"),
        ("诉求分类1", "诉求分类2"),
        ("appealTypeOne", "appealTypeTwo"),
        ("Subject", "Reason", "Type"),
    ],
)
def test_levels_in_other_writings(names: tuple[str, ...]) -> None:
    cells = (
        ["市容", "市容", "交通", "交通"] * 10,
        ["垃圾", "广告", "停车", "路灯"] * 10,
        ["堆放", "小广告", "占道", "不亮"] * 10,
    )
    columns = {"问题描述": TEXTS, **dict(zip(names, cells, strict=False))}
    assert recognised(columns) == {"content": ("问题描述",), "original_category": names}


def test_a_table_before_every_name_says_nothing() -> None:
    columns = {
        "工单表.编号": IDS,
        "工单表.受理时间": times(8),
        "工单表.诉求内容": TEXTS,
        "工单表.办结时间": times(12),
    }
    assert recognised(columns) == {
        "order_id": ("工单表.编号",),
        "received_at": ("工单表.受理时间",),
        "content": ("工单表.诉求内容",),
        "closed_at": ("工单表.办结时间",),
    }


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("受 理\n时 间", "received_at"),
        ("首次受理时间", "received_at"),
        ("首次回复时间", "first_contact_at"),
        ("来源类型", "channel"),
        ("评价时间", ""),
        ("上级单位", ""),
        ("限时办结时间", "due_at"),
        ("最后办理期限", "due_at"),
        ("分拨时间", "dispatched_at"),
        ("求助电话", "caller_key"),
        ("结果说明", "reply"),
        ("SLADate", "due_at"),
        ("DATE_RECD", "received_at"),
        ("service_department", "department"),
        ("electoral_district", ""),
    ],
)
def test_further_names(header: str, field: str) -> None:
    said = best(header)
    assert said == field
