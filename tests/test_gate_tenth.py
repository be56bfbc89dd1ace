"""What a tenth round of unseen tables brought, one test a kind."""

import pyarrow as pa
import pytest

from hotline_tools.layouts import common
from hotline_tools.layouts.recognition import Recognition, recognise

ROWS = 24
TEXTS = [f"梅园路{i}号楼道灯坏了三天，夜里老人上下楼不方便" for i in range(ROWS)]


def of(*kinds: str) -> list[str]:
    return [kinds[i % len(kinds)] for i in range(ROWS)]


def times(day: int, form: str = "2025-06-{:02d} 08:{:02d}") -> list[str]:
    return [form.format(i % 20 + day, i) for i in range(ROWS)]


def recognised(columns: dict[str, list[str]]) -> Recognition:
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    return recognise(table.column_names, table, words=common().values)


def fields(columns: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {item.field: item.headers for item in recognised({"内容": TEXTS, **columns}).assigned}


INITIALS = {"SLSJ": times(1), "SLBH": [f"A{i:05d}" for i in range(ROWS)]}


def test_initials_of_a_question_are_no_unit() -> None:
    assert "department" not in fields({**INITIALS, "SFBM": of("否")})


@pytest.mark.parametrize(
    ("header", "cells", "field"),
    [
        ("BLJG", of("区教育局", "区住建局", "水务集团公司"), "department"),
        ("LXSJ", [f"138{i:08d}" for i in range(ROWS)], "caller_key"),
    ],
)
def test_initials_of_two_words_say_what_the_cells_say(header: str, cells: list[str], field: str) -> None:
    assert fields({**INITIALS, header: cells})[field] == (header,)


def test_a_home_and_an_address_of_mail_in_initials_are_no_place() -> None:
    found = recognised({**INITIALS, "CZDZ": of("东区锦绣苑3幢201室"), "YXDZ": of("a@example.com")})
    assert {"CZDZ", "YXDZ"} <= set(found.drop)


def test_mail_is_no_address_whatever_the_name_says() -> None:
    assert "address" not in fields({"受理时间": times(1), "某地址": of("a@example.com", "b@example.com")})


def test_whole_pinyin_is_read_beside_initials() -> None:
    phrases = [f"关于梅园路{i}号路灯不亮的诉求" for i in range(ROWS)]
    assert fields({**INITIALS, "zhuti": phrases})["title"] == ("zhuti",)


def test_times_of_digits_under_an_unknown_step_are_times() -> None:
    numbers = {"SLBH": INITIALS["SLBH"], "CBDW": of("区住建局", "区教育局")}
    found = fields({"HQSJ": times(1, "202506{:02d}08{:02d}00"), **numbers})
    assert found["received_at"] == ("HQSJ",)


def test_a_visit_before_its_record_was_made_is_the_receipt() -> None:
    found = fields({"visittime": times(1, "2025-06-{:02d} 08:{:02d}"),
                    "addtime": times(1, "2025-06-{:02d} 09:{:02d}"), "endtime": times(3)})  # fmt: skip
    assert found["received_at"] == ("visittime",) and "revisited_at" not in found


def test_a_time_that_open_orders_have_too_is_their_limit() -> None:
    found = fields({"受理时间": times(1), "over_time": times(4), "handler_status": of("已处理", "待处理")})
    assert found["due_at"] == ("over_time",) and "closed_at" not in found


def test_the_filing_stands_for_the_closing_where_nothing_else_tells_it() -> None:
    done = [cell if i % 3 else "" for i, cell in enumerate(times(3))]
    assert fields({"受理时间": times(1), "archive_time": done})["closed_at"] == ("archive_time",)
    told = fields({"受理时间": times(1), "archive_time": times(9), "办结时间": done})
    assert told["closed_at"] == ("办结时间",)


def test_a_few_marks_are_no_reply() -> None:
    assert "reply" not in fields({"受理时间": times(1), "监管结果": of("正常", "预警", "黄牌")})


@pytest.mark.parametrize(
    ("header", "cells", "field"),
    [
        ("Request_Type_Title", of("Potholes", "Tree Issue", "Traffic Sign"), "original_category"),
        ("service", of("Water", "Electricity", "Refuse"), "original_category"),
        ("damage_type", of("Pothole", "Waterlogging", "Alligator_Cracking"), "original_category"),
        ("type", of("repair", "complaint", "suggest"), "request_type"),
        ("infoid", [f"{1117170817000 + i * 86400011}" for i in range(ROWS)], "order_id"),
        ("诉求编号", [f"1605{i % 28 + 1:02d}{i:05d}" for i in range(ROWS)], "order_id"),
        ("petition_phone", [f"138{i:08d}" for i in range(ROWS)], "caller_key"),
        ("留言用户id", [f"u{52000 + i * 37}" for i in range(ROWS)], "caller_key"),
        ("案件詳細說明", of("路口號誌故障，請派員修復。", "公園遊具損壞，孩童有受傷之虞。"), "content"),
    ],
)
def test_names_and_cells_together(header: str, cells: list[str], field: str) -> None:
    table = {"受理时间": times(1), header: cells}
    if field != "content":
        table["内容"] = TEXTS
    assert {item.field: item.headers for item in recognised(table).assigned}[field] == (header,)


def test_accounts_of_a_few_officials_are_no_callers() -> None:
    found = recognised({"内容": TEXTS, "受理时间": times(1), "user_id": of("u1", "u2", "u3")})
    assert "user_id" in found.drop


def test_a_district_of_the_police_is_no_password() -> None:
    assert "pwd_district" not in recognised({"内容": TEXTS, "pwd_district": of("01", "02", "10A")}).drop
    assert "pwd" in recognised({"内容": TEXTS, "pwd": [f"x{i}" for i in range(ROWS)]}).drop


def test_what_tells_the_rows_apart_comes_before_what_does_not() -> None:
    found = fields({"受理时间": times(1), "区域县市": of("臺北市"), "区域乡镇市区": of("士林區", "大安區")})
    assert found["district"] == ("区域乡镇市区",)
    found = fields({"受理时间": times(1), "source": of("县系统录入"), "way": of("来访", "网上")})
    assert found["channel"] == ("way",)


def test_levels_of_the_category_stand_in_their_order() -> None:
    small = of("暴露垃圾", "上水井盖", "路面破损", "违章停车")
    main = of("市容环境", "公用设施", "道路交通", "道路交通")
    kind = of("事件", "部件", "事件", "事件")
    found = fields({"受理时间": times(1), "main_type_name": main, "event_type_name": kind,
                    "sub_type_name": small})  # fmt: skip
    assert found["original_category"] == ("event_type_name", "main_type_name", "sub_type_name")
    found = fields({"受理时间": times(1), "事项": main, "事项二级分类": small})
    assert found["original_category"] == ("事项", "事项二级分类")
