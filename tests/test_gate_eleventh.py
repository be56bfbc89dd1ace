"""What an eleventh round of unseen tables brought, one test a kind."""

import pyarrow as pa
import pytest

from hotline_tools.layouts import common
from hotline_tools.layouts.recognition import recognise

ROWS = 24
TEXTS = [f"梅园路{i}号楼道灯坏了三天，夜里老人上下楼不方便" for i in range(ROWS)]


def of(*kinds: str) -> list[str]:
    return [kinds[i % len(kinds)] for i in range(ROWS)]


def times(form: str) -> list[str]:
    return [form.format(i % 20 + 1, i) for i in range(ROWS)]


def fields(columns: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    whole = {"信访内容": TEXTS, "登记时间": times("2025-06-{:02d} 08:{:02d}")} | columns
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in whole.items()})
    found = recognise(table.column_names, table, words=common().values)
    return {item.field: item.headers for item in found.assigned}


MADE = "来源类型: 0=Excel导入 1=手动新建"


def test_how_a_record_was_made_is_no_channel_beside_ways_of_calling() -> None:
    assert fields({MADE: of("0", "1"), "信访形式": of("来信", "来访", "网上投诉")})["channel"] == (
        "信访形式",
    )


def test_codes_of_ways_stay_the_channel() -> None:
    coded = "渠道编码：LF来访 LX来信"
    assert fields({coded: of("来访", "来信"), "信访形式": of("来访", "来信")})["channel"] == (coded,)


@pytest.mark.parametrize("ways", [("LETTER", "VISIT", "TELEPHONE"), ("网信", "上访", "来信")])
def test_kinds_that_are_ways_of_calling_are_the_channel(ways: tuple[str, ...]) -> None:
    assert fields({"petition_type": of(*ways)})["channel"] == ("petition_type",)


def test_of_two_receipts_the_one_with_a_clock_is_taken_where_the_other_is_its_day() -> None:
    whole, day = times("2025-06-{:02d} 09:{:02d}"), times("2025-06-{:02d}")
    assert fields({"登记时间": of(""), "创建日期": whole, "发布时间": day})["received_at"] == ("创建日期",)


def test_another_day_is_no_part_of_a_time() -> None:
    whole = times("2025-06-{:02d} 09:{:02d}")
    day = [f"2025-05-{i % 20 + 1:02d}" for i in range(ROWS)]
    assert fields({"登记时间": of(""), "创建日期": whole, "发布时间": day})["received_at"] == ("发布时间",)


@pytest.mark.parametrize("name", ["公安业务分类", "分类结果", "业务类别"])
def test_kinds_of_business_of_a_trade_are_the_category(name: str) -> None:
    assert fields({name: of("物业管理", "市容环境", "工资待遇")})["original_category"] == (name,)


def test_the_form_of_a_number_in_its_header_is_no_legend() -> None:
    key, number = (
        "工单ID，唯一编码，UUID生成",
        "工单编号，系统自动生成，格式“WO+年份(4位)+月份(2位)+8位流水号”",
    )
    keys = [f"{i:02d}43a57f8ed56c{i:02d}a" for i in range(ROWS)]
    found = fields({key: keys, number: [f"WO202506{i:08d}" for i in range(ROWS)]})
    assert found["order_id"] == (number,)


@pytest.mark.parametrize("step", ["承办", "分送", "分办", "退回修改", "not_handle", "under consideration"])
def test_steps_on_the_way_are_open(step: str) -> None:
    assert common().values["status"][step] == "open"


def test_the_limit_of_a_unit_it_was_passed_to_is_the_limit() -> None:
    assert fields({"交办时限": times("2025-07-{:02d} 18:{:02d}")})["due_at"] == ("交办时限",)


def test_a_number_of_tel_is_the_callers() -> None:
    assert fields({"telNum": [f"138{i:08d}" for i in range(ROWS)]})["caller_key"] == ("telNum",)
