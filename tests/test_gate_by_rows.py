"""What cells tell of columns whose names say too little or the wrong thing: keys, visits, answers, people."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

from hotline_tools.layouts import KnownHeaders, common, load_layouts
from hotline_tools.layouts.recognition import Recognition, recognise
from hotline_tools.sources import open_tables

ROWS = 40
TEXTS = [f"梅园路{i}号楼道灯坏了三天，夜里老人上下楼不方便" for i in range(ROWS)]
ANSWERS = [f"经核实，{i}号楼道灯的线路老化，维修人员已更换" for i in range(ROWS)]
PEOPLE = ["张建国", "李秀英", "欧阳倩", "马先生", "徐文博", "王丽", "刘*"]
IDENTITIES = [f"37010219{60 + i}0{i % 9 + 1}15123{i % 10}" for i in range(ROWS)]


def times(day: int) -> list[str]:
    return [f"2025-06-{(i + day) % 28 + 1:02d} 08:{i:02d}" for i in range(ROWS)]


def of(*kinds: str) -> list[str]:
    return [kinds[i % len(kinds)] for i in range(ROWS)]


def later(days: int) -> list[str]:
    return [f"2025-07-{i % 20 + days:02d} 08:{i:02d}" for i in range(ROWS)]


def recognised(columns: dict[str, list[str]]) -> Recognition:
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    return recognise(table.column_names, table, words=common().values)


def fields(columns: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {item.field: item.headers for item in recognised(columns).assigned}


NUMBERS = [f"RX{i:06d}7" for i in range(ROWS)]
KEYS = {
    "a counter": [str(i) for i in range(ROWS)],
    "a hexadecimal key": [f"2da9036f6b{i:022x}" for i in range(ROWS)],
    "a universal key": [f"1b4e28ba-2fa1-11d2-883f-{i:012x}" for i in range(ROWS)],
}


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize(("key", "number"), [("id", "number_no"), ("hotlineId", "hotlineNo"), ("id", "code")])
def test_the_number_that_people_write_is_the_id(kind: str, key: str, number: str) -> None:
    columns = {key: KEYS[kind], number: NUMBERS, "诉求内容": TEXTS}
    assert fields(columns)["order_id"] == (number,)
    assert fields({key: KEYS[kind], "诉求内容": TEXTS})["order_id"] == (key,)


def test_a_visit_before_all_else_is_the_receipt_and_one_after_the_closing_a_call_back() -> None:
    first = {"visit_time": times(0), "finish_time": later(3), "诉求内容": TEXTS}
    assert fields(first)["received_at"] == ("visit_time",)
    last = {"finish_time": later(3), "visit_time": later(9), "诉求内容": TEXTS}
    assert fields(last)["revisited_at"] == ("visit_time",)


def test_a_receipt_that_is_the_same_in_every_row_gives_way_to_one_that_is_not() -> None:
    columns = {"registered_time": ["2012-02-02"] * ROWS, "appealTime": times(0), "诉求内容": TEXTS}
    assert fields(columns)["received_at"] == ("appealTime",)
    assert fields({"受理时间": ["2025-06-02"] * ROWS, "诉求内容": TEXTS})["received_at"] == ("受理时间",)


def test_a_limit_that_repeats_the_receipt_is_none() -> None:
    columns = {"callTime": times(0), "dueTime": times(0), "诉求内容": TEXTS}
    assert "due_at" not in fields(columns)
    assert fields(columns | {"deadlineDate": later(2)})["due_at"] == ("deadlineDate",)


def test_an_answer_called_content_is_the_reply_beside_a_letter() -> None:
    columns = {"content": ANSWERS, "majorContent": TEXTS, "受理时间": times(0)}
    assert fields(columns)["content"] == ("majorContent",)
    assert fields(columns)["reply"] == ("content",)


def test_a_time_that_every_open_order_has_is_neither_its_closing_nor_its_revisit() -> None:
    columns = {
        "受理时间": times(0),
        "办理日期": later(1),
        "Follow Up Date": later(5),
        "状态": of("办理中", "已办结"),
    }
    assert not {"closed_at", "revisited_at"} & fields(columns | {"诉求内容": TEXTS}).keys()


@pytest.mark.parametrize(
    "header", ["用户姓名", "求助人员", "反映人及联系方式", "服务对象", "SQRXM", "linkMan", "nume"]
)
def test_names_of_people_are_not_kept_whatever_the_header(header: str) -> None:
    assert header in recognised({header: of(*PEOPLE), "诉求内容": TEXTS}).drop


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("firstLevelName", of("城市管理", "住房保障")),
        ("片区", of("高新区", "金水区", "石桥镇", "万安街", "路口村", "华山路")),
        ("处理人", of(*PEOPLE)),
        ("备用号", [f"37010220250602{i:04d}" for i in range(ROWS)]),
    ],
)
def test_kinds_places_officials_and_numbers_are_no_callers(header: str, cells: list[str]) -> None:
    assert header not in recognised({header: cells, "诉求内容": TEXTS}).drop


def test_identity_numbers_are_not_kept_whatever_the_header() -> None:
    assert "idNo" in recognised({"idNo": IDENTITIES, "诉求内容": TEXTS}).drop


def test_a_count_of_calls_is_nobodys_telephone() -> None:
    assert "caller_key" not in fields({"PROVENANCE_TELEPHONE": of("1", "2"), "诉求内容": TEXTS})


def test_a_part_named_after_its_level_follows_it() -> None:
    columns = {"Product": of("Mortgage", "Loan"), "Sub-product": of("Arm", "Fixed", "Arm", "Lease", "Fixed")}
    assert fields(columns | {"诉求内容": TEXTS})["original_category"] == ("Product", "Sub-product")


SPLIT = {"columns": ["工单编号", "诉求内容"], "data": [["A1", "路灯不亮"], ["A2", "井盖丢失"]]}
SOCRATA = {
    "meta": {"view": {"columns": [
        {"name": "sid", "fieldName": ":sid"}, {"name": "工单编号", "fieldName": "id"},
        {"name": "诉求内容", "fieldName": "text"},
    ]}},
    "data": [["row-1", "A1", "路灯不亮"], ["row-2", "A2", "井盖丢失"]],
}  # fmt: skip


@pytest.mark.parametrize("whole", [SPLIT, SOCRATA], ids=["columns-and-data", "socrata"])
def test_json_that_names_its_columns_once(tmp_path: Path, whole: dict[str, object]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    (table,) = open_tables([tmp_path / "a.json"], known_headers=KnownHeaders(load_layouts()))
    assert list(table.header) == ["工单编号", "诉求内容"]


@pytest.mark.parametrize("nothing", ["NULL", "无", "-"])
def test_what_says_nothing_is_no_closing_of_an_open_order(nothing: str) -> None:
    dealt = [cell if i % 2 else nothing for i, cell in enumerate(later(3))]
    columns = {
        "callTime": times(0),
        "dealTime": dealt,
        "orderStatus": of("处理中", "已归档"),
        "诉求内容": TEXTS,
    }
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    nothings = frozenset(common().placeholders)
    found = recognise(table.column_names, table, words=common().values, placeholders=nothings)
    assert {item.field: item.headers for item in found.assigned}["closed_at"] == ("dealTime",)


CHINGLISH = {
    "complainDate": "received_at", "addTime": "received_at", "gmtCreate": "received_at",
    "turnTime": "dispatched_at", "requireTime": "due_at", "solveTime": "closed_at", "processMsg": "reply",
    "isSatisfy": "satisfaction", "satisfyLevel": "satisfaction", "solveStatus": "resolved",
    "undertakeDept": "department", "orgName": "department", "theme": "title",
    "postponeCount": "extensions", "sendBackCount": "returns", "backCount": "returns",
    "reassignCount": "redos",
}  # fmt: skip
CELLS = {
    "received_at": times(0), "dispatched_at": times(1), "due_at": later(1), "closed_at": later(3),
    "satisfaction": of("满意", "不满意"), "department": of("市城管局", "市住建局", "市水务局"),
    "resolved": of("已解决", "未解决"), "reply": ANSWERS, "extensions": of("0", "1"), "returns": of("0", "1"),
    "redos": of("0", "1"), "title": [f"楼道灯{i}" for i in range(ROWS)],
}  # fmt: skip


@pytest.mark.parametrize(("header", "field"), CHINGLISH.items())
def test_english_as_platforms_of_the_country_write_it(header: str, field: str) -> None:
    assert fields({"orderNo": NUMBERS, header: CELLS[field], "appealContent": TEXTS})[field] == (header,)


def test_initials_of_pinyin() -> None:
    columns = {
        "gdbh": NUMBERS, "slsj": times(0), "bjsj": later(3), "blqx": later(2), "sqnr": TEXTS,
        "qx": of("历下区", "市中区"), "sfjj": of("是", "否"), "lxdh": [f"138{i:08d}" for i in range(ROWS)],
        "yqcs": of("0", "1"), "thcs": of("0", "2"),
    }  # fmt: skip
    names = {field: headers[0] for field, headers in fields(columns).items()}
    assert names == {
        "order_id": "gdbh", "received_at": "slsj", "closed_at": "bjsj", "due_at": "blqx", "content": "sqnr",
        "district": "qx", "resolved": "sfjj", "caller_key": "lxdh", "extensions": "yqcs", "returns": "thcs",
    }  # fmt: skip


def test_what_comes_after_the_dispatch_is_no_receipt() -> None:
    asked = {"telAskTime": later(9), "收件日": times(0), "派单时间": later(1), "诉求内容": TEXTS}
    assert fields(asked)["received_at"] == ("收件日",)
    late = {"接收时间": later(9), "派单时间": later(1), "办结时间": later(3), "诉求内容": TEXTS}
    assert "received_at" not in fields(late)


def test_telephones_are_no_numbers_of_orders() -> None:
    phones = [f"1{3 + i % 6}{i * 7919 % 10**9:09d}" for i in range(ROWS)]
    for header in ("LINKNUMBER", "编号"):
        assert "order_id" not in fields({header: phones, "诉求内容": TEXTS})
    counted = [f"1380000{i:04d}" for i in range(ROWS)]
    assert fields({"编号": counted, "诉求内容": TEXTS})["order_id"] == ("编号",)


@pytest.mark.parametrize(
    ("header", "cells", "field"),
    [
        ("投诉人反馈", of("满意", "不满意", "基本满意"), "satisfaction"),
        ("服务类型", of("投诉举报", "咨询", "建议"), "request_type"),
        ("是否办结", of("是", "否"), "status"),
        ("是否化解", of("已化解", "未化解"), "resolved"),
        ("办件来源", of("12345热线", "微信", "来信"), "channel"),
        ("接报时间", times(0), "received_at"),
    ],
)
def test_cells_decide_where_a_name_is_vague(header: str, cells: list[str], field: str) -> None:
    assert fields({"工单编号": NUMBERS, header: cells, "诉求内容": TEXTS})[field] == (header,)


@pytest.mark.parametrize("nothing", ["/", "-", "无", "NULL"])
def test_a_mark_for_nothing_takes_no_column_away(nothing: str) -> None:
    closed = [cell if i % 2 else nothing for i, cell in enumerate(later(3))]
    table = pa.table({"受理时间": times(0), "实际办结日": closed, "诉求内容": TEXTS})
    nothings = frozenset(common().placeholders)
    found = recognise(table.column_names, table, words=common().values, placeholders=nothings)
    assert {item.field: item.headers for item in found.assigned}["closed_at"] == ("实际办结日",)


def test_levels_by_number_words() -> None:
    columns = {"levelOne": of("城管", "住建"), "levelTwo": of("市容", "房产", "环卫"), "诉求内容": TEXTS}
    assert fields(columns)["original_category"] == ("levelOne", "levelTwo")
