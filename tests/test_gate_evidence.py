"""What headers explain of their cells, and what cells and rows tell where names say too little."""

from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest

import hotline_tools as ht
from hotline_tools.column_names import without_remark
from hotline_tools.errors import NoHeaderError
from hotline_tools.layouts import common, legend_of
from hotline_tools.layouts.recognition import Recognition, recognise
from hotline_tools.layouts.recognition.names import read_name
from hotline_tools.normalise.values import read_statuses

ROWS = 40
TEXTS = [f"梅园路{i}号楼道灯坏了三天，夜里老人上下楼不方便" for i in range(ROWS)]
IDS = [f"T{i:05d}" for i in range(ROWS)]


def times(day: int, hour: int = 8, year: int = 2025) -> list[str]:
    return [f"{year}-06-{i % 20 + day + 1:02d} {hour:02d}:{i:02d}" for i in range(ROWS)]


def of(*kinds: str) -> list[str]:
    return [kinds[i % len(kinds)] for i in range(ROWS)]


def recognised(columns: dict[str, list[str]]) -> Recognition:
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    return recognise(table.column_names, table, words=common().values)


def fields(columns: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {item.field: item.headers for item in recognised(columns).assigned}


@pytest.mark.parametrize(
    ("header", "legend"),
    [
        ("处理状态（0：未处理 1：已处理）", {"0": "未处理", "1": "已处理"}),
        ("投诉类型(1-物业服务,2-设施设备)", {"1": "物业服务", "2": "设施设备"}),
        ("状态 A=新建;B=办结", {"a": "新建", "b": "办结"}),
        ("处理时间（1-3天）", {}),
        ("诉求内容", {}),
    ],
)
def test_a_header_explains_two_codes_or_none(header: str, legend: dict[str, str]) -> None:
    assert dict(legend_of(header)) == legend


@pytest.mark.parametrize(
    "remark", ["(1-物业服务,2-设施设备)", "（1：物业服务；2：设施设备）", "，1=物业 2=设施"]
)
def test_what_stands_before_a_legend_is_the_name(remark: str) -> None:
    assert without_remark(f"投诉类型{remark}") == "投诉类型"
    assert read_name(f"投诉类型{remark}") == read_name("投诉类型")


def test_codes_come_in_as_what_their_headers_say(tmp_path: Path) -> None:
    head = '工单编号,受理时间,诉求内容,"处理状态（0：未处理 1：已处理）","投诉类型(1-物业服务,2-设施设备)"'
    rows = [f"{IDS[i]},{times(0)[i]},{TEXTS[i]},{i % 2},{1 + i % 2}" for i in range(ROWS)]
    (tmp_path / "a.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    store = ht.Store.open(tmp_path / "store", create=True)
    ht.import_files(store, tmp_path / "a.csv")
    orders = ht.sql(store, "SELECT status, original_category FROM orders").rows
    told = Counter((order["status"], order["original_category"]) for order in orders)
    assert told == {("open", "物业服务"): 20, ("closed", "设施设备"): 20}


def test_a_number_that_gathers_different_texts_gives_way_to_one_of_each_row() -> None:
    gathering = [f"SX{i // 2:04d}" for i in range(ROWS)]
    columns = {"工单编号": gathering, "处理编号": IDS, "诉求内容": TEXTS}
    assert fields(columns)["order_id"] == ("处理编号",)


def test_an_order_of_several_rows_has_one_number_whatever_counts_the_rows() -> None:
    numbers, texts = [f"GD{i // 2:04d}" for i in range(ROWS)], [TEXTS[i // 2] for i in range(ROWS)]
    for other in ("派单编号", "流转编号", "处理编号"):
        assert fields({"工单编号": numbers, other: IDS, "诉求内容": texts})["order_id"] == ("工单编号",)


def test_without_a_receipt_the_time_that_is_never_after_another_is_one() -> None:
    columns = {
        "从何时起": times(0),
        "录单时刻": times(1),
        "d_over_time": ["" if i % 3 else cell for i, cell in enumerate(times(4))],
        "诉求内容": TEXTS,
    }
    found = recognised(columns)
    by_field = {item.field: item for item in found.assigned}
    assert by_field["received_at"].headers == ("从何时起",)
    assert by_field["received_at"].score < 0.6, "a person should look"
    assert by_field["closed_at"].headers == ("d_over_time",)


@pytest.mark.parametrize("first", ["某日", "出生日期"])
def test_what_is_years_before_is_no_receipt(first: str) -> None:
    columns = {first: times(0, year=1988), "办结时间": times(4), "诉求内容": TEXTS}
    assert "received_at" not in fields(columns)


def test_a_remark_at_the_receipt_is_the_text_where_there_is_no_other() -> None:
    columns = {
        "受理时间": times(0),
        "受理备注": TEXTS,
        "处理备注": [f"已到现场处理完毕{i}" for i in range(ROWS)],
    }
    assert fields(columns)["content"] == ("受理备注",)
    assert fields(columns | {"诉求内容": [f"{text}，请处理" for text in TEXTS]})["content"] == ("诉求内容",)


@pytest.mark.parametrize("header", ["受理类型", "CALLERTYPE", "诉求类型"])
def test_a_type_of_ways_to_call_is_the_channel(header: str) -> None:
    base = {"受理时间": times(0), "诉求内容": TEXTS}
    assert fields(base | {header: of("PHONE", "WEB", "TWITTER")})["channel"] == (header,)
    assert fields(base | {header: of("电话", "微信", "浙里办APP")})["channel"] == (header,)
    assert "channel" not in fields(base | {header: of("投诉", "咨询", "求助")})


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("work_formno", "order_id"),
        ("caseid", "order_id"),
        ("d_over_time", "closed_at"),
        ("organ_name", "department"),
        ("告警时间", "received_at"),
        ("crt_step_name", "status"),
    ],
)
def test_words_of_systems_of_the_country(header: str, field: str) -> None:
    name = read_name(header)
    assert name.score(field) > 0.5


@pytest.mark.parametrize(
    "header", ["caller_department", "customer_dept", "公区名称", "校区", "next_follow_time"]
)
def test_what_is_of_others_is_no_field(header: str) -> None:
    name = read_name(header)
    assert not [f for f in ("department", "district", "revisited_at") if name.score(f)]


def test_an_owner_may_be_the_unit_that_keeps_the_order() -> None:
    assert read_name("OWNER_DEPARTMENT").score("department") > 0.5


def test_who_reports_once_is_a_citizen_and_who_comes_again_a_grid_worker() -> None:
    surnames, given = "王李张刘陈杨黄赵周吴", ["建国", "秀英", "志强", "丽华"]
    citizens = [f"{surnames[i % 10]}{given[i // 10]}" for i in range(ROWS)]
    base = {"受理时间": times(0), "诉求内容": TEXTS}
    assert "上报人" in recognised(base | {"上报人": citizens}).drop
    assert "上报人" not in recognised(base | {"上报人": of(*citizens[:5])}).drop


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("整改中", "open"),
        ("待维修", "open"),
        ("尚未整改", "open"),
        ("已整改", "closed"),
        ("已全部拆除", "closed"),
        ("待回访", "closed"),
        ("未接通", None),
        ("未按时办结", None),
        ("已确认", None),
    ],
)
def test_a_status_is_told_by_its_form(text: str, code: str | None) -> None:
    read = read_statuses(pa.array([text]), common().values["status"], ())
    assert read.values.to_pylist() == [code]
    assert (read.refused.to_pylist() == [text]) == (code is None)


def test_kinds_that_are_no_times_fill_no_time() -> None:
    columns = {"受理时间": times(0), "期望处理时间": of("立即", "3天内", "1周内"), "诉求内容": TEXTS}
    assert "due_at" not in fields(columns)


@pytest.mark.parametrize(
    ("header", "code", "said"),
    [
        ("处理状态 0未确认，1已确认，2已完成", "1", "已确认"),
        ("当前状态：REGISTERED已登记,IN_PROGRESS办理中", "in_progress", "办理中"),
        ("投诉级别（字典: complaint_level，urgent=紧急，normal=普通）", "normal", "普通"),
        ("渠道编码：LF来访 LX来信 WS网上信访", "lx", "来信"),
        ("审批状态 (0：提交未审批，1：审批通过，3：结案归档);", "3", "结案归档"),
    ],
)
def test_legends_as_systems_write_them(header: str, code: str, said: str) -> None:
    assert legend_of(header)[code] == said


@pytest.mark.parametrize("header", ["满意度 1-5", "来源(APP端,PC端)", "12345热线工单编号", "3日内5日内"])
def test_what_is_no_legend(header: str) -> None:
    assert not legend_of(header)


@pytest.mark.parametrize("made", ["创建时间", "createTime", "立案时间", "生成时间"])
@pytest.mark.parametrize("came", ["投诉时间", "complaintDate", "诉求时间", "submit_time"])
def test_the_callers_time_comes_before_the_systems(came: str, made: str) -> None:
    both = {made: times(1), came: times(0), "诉求内容": TEXTS}
    assert fields(both)["received_at"] == (came,)
    assert fields({made: times(1), "诉求内容": TEXTS})["received_at"] == (made,)


def test_a_callers_name_is_no_text_whatever_it_is_called() -> None:
    surnames, given = "王李张刘陈杨黄赵周吴", ["建国", "秀英", "志强", "丽华"]
    names = [f"{surnames[i % 10]}{given[i // 10]}" for i in range(ROWS)]
    found = recognised({"complaintName": names, "describe": TEXTS, "createTime": times(0)})
    assert "complaintName" in found.drop
    assert {item.field: item.headers for item in found.assigned}["content"] == ("describe",)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("处理批复", "reply"),
        ("解决情况详情", "reply"),
        ("執行狀況敘述", "reply"),
        ("解决情况", "reply"),
        ("appealer_phone", "caller_key"),
        ("contactInfo", "caller_key"),
        ("案件来源人手机", "caller_key"),
    ],
)
def test_answers_and_telephones_by_other_names(header: str, field: str) -> None:
    base = {"受理时间": times(0), "诉求内容": TEXTS}
    answers = [f"经核实，{i}号楼道灯的线路老化，维修人员已更换" for i in range(ROWS)]
    phones = [f"138{i:08d}" for i in range(ROWS)]
    cells = phones if field == "caller_key" else answers
    assert fields(base | {header: cells}).get(field) == (header,)


@pytest.mark.parametrize("header", ["所在单位或地址", "appealer_address", "信访人住址"])
def test_a_callers_own_place_is_not_kept(header: str) -> None:
    homes = [f"滨河社区{i}组" for i in range(ROWS)]
    assert header in recognised({"受理时间": times(0), "诉求内容": TEXTS, header: homes}).drop


def test_the_kind_of_a_person_is_no_category() -> None:
    base = {"受理时间": times(0), "诉求内容": TEXTS}
    kinds = {"上报人类型": of("市民", "网格员"), "事件类型": of("环境卫生", "治安", "市政设施")}
    assert fields(base | kinds)["original_category"] == ("事件类型",)
    assert "original_category" not in fields(base | {"分类扩展字段2": of("甲类", "乙类")})


def test_levels_that_say_no_more_than_that_and_levels_above_a_type() -> None:
    base = {"受理时间": times(0), "诉求内容": TEXTS}
    wide, middle, fine = of("市政", "环保"), of("道路", "噪声"), of("坑洼", "施工")
    series = {"三级定性": fine, "一级定性": wide, "二级定性": middle}
    assert fields(base | series)["original_category"] == ("一级定性", "二级定性", "三级定性")
    types = {"type_name": middle, "sub_type_name": fine, "sup_type_name": wide}
    assert fields(base | types)["original_category"] == ("sup_type_name", "type_name", "sub_type_name")


def test_of_a_code_and_a_name_of_the_channel_the_name_is_read() -> None:
    base = {"受理时间": times(0), "诉求内容": TEXTS}
    both = {"source": of("1", "2", "3"), "source_name": of("12345", "浙里访", "网格上报")}
    assert fields(base | both)["channel"] == ("source_name",)
    assert fields(base | {"SERVICESOURCECODE": of("PHONE", "WEB", "311-API")})["channel"]
    assert "channel" not in fields(base | {"source_file": of("requetes311.csv")})


def test_whole_addresses_are_no_districts() -> None:
    homes = [f"某某市滨江区建设街道迎宾大道{i}号" for i in range(ROWS)]
    found = fields({"受理时间": times(0), "诉求内容": TEXTS, "问题属地": homes})
    assert found.get("address") == ("问题属地",)
    assert "district" not in found


def test_of_two_answers_the_one_that_the_open_orders_lack_is_the_reply() -> None:
    passed_on = [f"请区教育局第{i}科调查处理，并将结果答复来电人。" for i in range(ROWS)]
    told = [f"您好，您反映的问题已收悉。经核查，{i}号楼已修复。" if i % 3 else "" for i in range(ROWS)]
    done = [cell if i % 3 else "" for i, cell in enumerate(times(4))]
    base = {"受理时间": times(0), "诉求内容": TEXTS, "处理意见": passed_on, "处理情况": told}
    assert fields(base)["reply"] == ("处理情况",)
    assert fields(base | {"办结时间": done})["reply"] == ("处理情况",)
    assert fields(base | {"处理意见": told, "处理情况": passed_on})["reply"] == ("处理意见",)


def test_a_signing_that_is_the_day_of_the_receipt_is_none() -> None:
    base = {"受理时间": times(0), "诉求内容": TEXTS, "办结时间": times(4)}
    assert "signed_at" not in fields(base | {"签收日期": [cell[:10] for cell in times(0)]})
    assert fields(base | {"签收时间": times(0, hour=9)})["signed_at"] == ("签收时间",)


@pytest.mark.parametrize("header", ["总包单位", "建设单位", "施工单位"])
def test_parties_of_a_building_handle_no_order(header: str) -> None:
    firms = of("某某建工集团", "中某某局", "某某置业公司")
    assert "department" not in fields({"受理时间": times(0), "诉求内容": TEXTS, header: firms})


@pytest.mark.parametrize("header", ["项目状态", "逻辑删除状态", "设备状态"])
def test_the_state_of_a_thing_is_not_the_orders(header: str) -> None:
    states = of("在建", "停工", "已竣工")
    assert "status" not in fields({"受理时间": times(0), "诉求内容": TEXTS, header: states})


def test_whether_an_order_is_answered_is_its_state() -> None:
    found = fields({"受理时间": times(0), "诉求内容": TEXTS, "是否回复": of("是", "否")})
    assert found["status"] == ("是否回复",)


def test_the_aim_of_a_complaint_is_not_its_kind() -> None:
    aims, kinds = of("要求道歉", "要求退费", "要求解释"), of("服务态度", "等候时间", "医疗费用")
    base = {"受理时间": times(0), "诉求内容": TEXTS}
    assert fields(base | {"投诉目的": aims, "投诉类型": kinds})["original_category"] == ("投诉类型",)


def test_telephones_under_the_name_of_a_contact_are_the_caller() -> None:
    base = {"受理时间": times(0), "诉求内容": TEXTS}
    phones = [f"139{i:08d}" for i in range(ROWS)]
    for header in ("contact", "联系人", "contacts"):
        assert fields(base | {header: phones})["caller_key"] == (header,)
    both = recognised(base | {"联系电话": phones, "联系人": phones})
    assert {item.field: item.headers for item in both.assigned}["caller_key"] == ("联系电话",)
    assert "联系人" in both.drop, "a second telephone is not kept in clear"


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("用户归属地", ("沈阳", "大连", "鞍山")),
        ("用户星级", ("三星", "四星", "五星钻")),
        ("申请用户角色", ("学生", "教师")),
        ("热线号码", ("12345", "12319")),
    ],
)
def test_kinds_of_users_and_lines_are_nobodys_own(header: str, cells: tuple[str, ...]) -> None:
    found = recognised({"受理时间": times(0), "诉求内容": TEXTS, header: of(*cells)})
    assert header not in found.drop


def test_addresses_are_no_text_whatever_the_column_is_called() -> None:
    streets = [f"{2200 + i} MARBACH RD, San Antonio, 78200" for i in range(ROWS)]
    found = fields({"OPENEDDATETIME": times(0), "OBJECTDESC": streets})
    assert found.get("address") == ("OBJECTDESC",)
    assert "content" not in found


def test_codes_name_no_unit() -> None:
    base = {"受理时间": times(0), "诉求内容": TEXTS}
    both = {"部门": of("A02A01", "A03B02"), "承办部门": of("市城管局", "市住建局")}
    assert fields(base | both)["department"] == ("承办部门",)


def test_a_list_of_one_step_is_read_without_its_name() -> None:
    columns = {
        "督办件编号": IDS,
        "发起督办时间": times(0),
        "被督办部门": of("市住建局", "市城管局"),
        "督办反馈时限": times(4),
        "督办详细描述": TEXTS,
        "督办状态": of("待反馈", "已反馈"),
    }
    found = {field: headers[0] for field, headers in fields(columns).items()}
    assert found == {
        "order_id": "督办件编号",
        "received_at": "发起督办时间",
        "department": "被督办部门",
        "due_at": "督办反馈时限",
        "content": "督办详细描述",
        "status": "督办状态",
    }
    beside = {"受理时间": times(0), "诉求内容": TEXTS, "督办时间": times(2), "工单编号": IDS}
    assert fields(beside)["received_at"] == ("受理时间",)
    assert "督办时间" not in {header for headers in fields(beside).values() for header in headers}


def test_the_state_that_tells_the_end_is_the_status() -> None:
    base = {"受理时间": times(0), "诉求内容": TEXTS, "状态": of("已受理", "不予受理")}
    assert fields(base)["status"] == ("状态",)
    assert fields(base | {"办结状态": of("已办结", "未办结", "未办结")})["status"] == ("办结状态",)


@pytest.mark.parametrize("header", ["归档时间", "Decided", "某时刻"])
def test_a_time_that_only_closed_orders_have_is_the_closing(header: str) -> None:
    base = {"受理时间": times(0), "诉求内容": TEXTS, "工单状态": of("已办结", "办理中")}
    ends = [cell if i % 2 == 0 else "" for i, cell in enumerate(times(4))]
    assert fields(base | {header: ends})["closed_at"] == (header,)
    assert "closed_at" not in fields(base | {"某时刻": times(4)}), "open orders have it, too"
    assert "closed_at" not in fields(base | {"督促回访时间": ends})


@pytest.mark.parametrize(
    ("header", "cells", "field"),
    [
        ("反映问题及要求", TEXTS, "content"),
        ("查办结果", [f"经查属实，{i}名人员已批评教育，并向来信人作了答复" for i in range(ROWS)], "reply"),
        ("查结时间", times(4), "closed_at"),
        ("反映事项", [f"消防通道被占用{i}" for i in range(ROWS)], "title"),
        ("污染类型", of("大气、噪声", "水", "土壤污染"), "original_category"),
        ("所属主题", of("社会保险", "劳动关系", "医疗保障", "人才政策"), "original_category"),
    ],
)
def test_columns_of_other_offices(header: str, cells: list[str], field: str) -> None:
    base = {"受理时间": times(0), "编号": IDS}
    if field != "content":
        base["诉求内容"] = TEXTS
    assert fields(base | {header: cells}).get(field) == (header,)


def test_names_of_pictures_are_no_title() -> None:
    pictures = [f"u/{i}.jpg" for i in range(ROWS)]
    base = {"受理时间": times(0), "诉求内容": TEXTS}
    assert "title" not in fields(base | {"appeal_images": pictures, "反映事项": pictures})


def test_a_city_gives_way_to_its_districts() -> None:
    places = {"省": of("某省"), "城市": of("某州市", "某江市"), "地区": of("城西区", "高新区", "滨江区")}
    base = {"受理时间": times(0), "诉求内容": TEXTS}
    assert fields(base | places)["district"] == ("地区",)
    assert fields(base | {"城市": places["城市"]})["district"] == ("城市",)


def test_guarded_ids_are_ids_and_numbers_of_accounts_are_not_kept() -> None:
    base = {"受理时间": times(0), "诉求内容": TEXTS}
    guarded = [f"'2026032600000044{i:04d}" for i in range(ROWS)]
    both = {"工单编号": guarded, "国网工单编号": [f"GW{i:07d}" for i in range(ROWS)]}
    assert fields(base | both)["order_id"] == ("工单编号",)
    found = recognised(base | {"QQ": [str(880_000 + 31 * i) for i in range(ROWS)]})
    assert "QQ" in found.drop
    assert "order_id" not in {item.field for item in found.assigned}


def test_subtotals_among_the_units_and_signatures_are_no_orders(tmp_path: Path) -> None:
    lines = ["序号,单位,工单编号,受理时间,诉求内容"]
    for unit in ("市住建局", "市城管局", "市水务局"):
        lines += [f"{i + 1},{unit},{unit}{i:04d},{times(0)[i]},{TEXTS[i]}" for i in range(8)]
        lines.append(",小计,8件,,")
    lines.append("接待人：张某　　　值班领导：李某,,,,")
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    store = ht.Store.open(tmp_path / "store", create=True)
    report = ht.import_files(store, tmp_path / "a.csv")
    assert len(ht.sql(store, "SELECT 1 FROM orders").rows) == 24
    assert report.records[0].skipped == {"rows": 24, "total": 3, "footnote": 1}


def test_what_callers_said_afterwards_goes_to_the_orders(tmp_path: Path) -> None:
    orders = ["工单编号,受理时间,诉求内容,主办单位"]
    orders += [f"{IDS[i]},{times(0)[i]},{TEXTS[i]},市住建局" for i in range(ROWS)]
    asked = ["原工单编号,是否得到解决,请您对整体服务情况进行评价,请您对处理时长进行评价,电话回访意见"]
    asked += [
        f"{IDS[i]},已解决,{'满意' if i % 4 else '不满意'},不满意,客户称{i}日已有人上门处理过了"
        for i in range(30)
    ]
    for name, lines in (("a.csv", orders), ("b.csv", asked)):
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    store = ht.Store.open(tmp_path / "store", create=True)
    ht.import_files(store, tmp_path / "a.csv")
    ht.import_files(store, tmp_path / "b.csv", source="unknown")
    rows = ht.sql(store, "SELECT satisfaction, department, received_at FROM orders").rows
    told = Counter((row["satisfaction"], row["department"]) for row in rows)
    assert told == {("satisfied", "市住建局"): 22, ("dissatisfied", "市住建局"): 8, (None, "市住建局"): 10}
    assert all(row["received_at"] for row in rows)


def test_numbers_and_ratings_alone_are_no_table_of_orders(tmp_path: Path) -> None:
    lines = ["工单编号,满意度", *(f"{number},满意" for number in IDS)]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(NoHeaderError):
        ht.import_files(ht.Store.open(tmp_path / "store", create=True), tmp_path / "a.csv")
