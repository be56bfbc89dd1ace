"""The gate: columns of exports that nobody described are recognised by their names and values together."""
# ruff: noqa: E501 - tables of names read better in one line

import importlib.util
import json
import os
import random
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hotline_tools as ht
from cli import hotline
from hotline_tools.jobs.importing import ImportOptions, import_tables
from hotline_tools.jobs.opening import OpenOptions, matched_tables
from hotline_tools.layouts import common, load_layouts, match_layout
from hotline_tools.layouts.recognition import recognise
from hotline_tools.layouts.recognition.names import read_name
from hotline_tools.layouts.recognition.personal import is_personal
from hotline_tools.sample import generate_month
from hotline_tools.sources.detect.header import clean_name, find_header
from hotline_tools.store import Store

SHARED = Path(os.environ.get("HOTLINE_SHARED_DATA", ""))
needs_shared = pytest.mark.skipif(not os.environ.get("HOTLINE_SHARED_DATA"), reason="HOTLINE_SHARED_DATA")


def table(**columns: list[str]) -> pa.Table:
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def found(columns: pa.Table) -> dict[str, tuple[str, ...]]:
    recognition = recognise(columns.column_names, columns, words=common().values)
    return {item.field: item.headers for item in recognition.assigned}


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("责任部门回单时间", "closed_at"),
        ("12345到期时间", "due_at"),
        ("热线派单时间", "dispatched_at"),
        ("群众来电时间", "received_at"),
        ("中心派发日期", "dispatched_at"),
        ("求助内容", "content"),
        ("责任部门回复内容", "reply"),
        ("下级单位", "department"),
        ("12345工单编号", "order_id"),
        ("query_date", "received_at"),
        ("reply_agency", "department"),
        ("dateClosed", "closed_at"),
        ("TARGET DT", "due_at"),
        ("回访满意度", "satisfaction"),
        ("所属街道名称", "street"),
        ("Date Finalised", "closed_at"),
        ("Forwarded To", "department"),
        ("Suburb", "community"),
        ("分流时间", "dispatched_at"),
    ],
)
def test_the_best_field_of_a_name(name: str, field: str) -> None:
    read = read_name(name)
    scores = {other: read.score(other) for other in (
        "received_at", "dispatched_at", "signed_at", "due_at", "closed_at", "revisited_at", "content", "reply",
        "title", "department", "co_departments", "order_id", "satisfaction", "street", "community", "status",
    )}  # fmt: skip
    assert max(scores, key=lambda other: scores[other]) == field
    assert scores[field] >= 0.6


@pytest.mark.parametrize(
    "name", ["提交督办时间", "更新时间", "延期申请时间", "回访内容", "督办意见", "部门编号", "楼号"]
)
def test_a_name_of_something_else_is_none_of_the_fields(name: str) -> None:
    read = read_name(name)
    fields = ("received_at", "dispatched_at", "closed_at", "due_at", "content", "title", "order_id")
    assert max(read.score(field) for field in fields) == 0


@pytest.mark.parametrize(
    ("name", "personal"),
    [
        ("联系人1", True), ("求助人", True), ("业主姓名", True), ("reporter.name", True), ("caller name", True),
        ("姓名", True), ("身份证号", True), ("家庭住址", True), ("reporter.id", True), ("用户账号", True),
        ("经办人", False), ("受理员", False), ("热线专员", False), ("agency_name", False), ("社区名称", False),
        ("location_street_name", False),
    ],
)  # fmt: skip
def test_who_is_a_caller_and_who_an_official(name: str, personal: bool) -> None:
    assert is_personal(name) == personal


WHO = ["", "热线", "12345", "中心", "责任部门", "承办单位"]
STEP = {"派单": "dispatched_at", "派发": "dispatched_at", "签收": "signed_at", "办结": "closed_at", "结案": "closed_at",
        "回复": "closed_at", "回单": "closed_at", "受理": "received_at", "登记": "received_at", "回访": "revisited_at",
        "到期": "due_at", "截止": "due_at"}  # fmt: skip


@settings(deadline=None)
@given(st.sampled_from(WHO), st.sampled_from(sorted(STEP)), st.sampled_from(["时间", "日期"]))
def test_whoever_and_whichever_step_a_time_is_of(who: str, step: str, what: str) -> None:
    header = f"{who}{step}{what}"
    columns = table(**{
        header: [f"2025-06-{day:02d} 10:00" for day in range(1, 21)],
        "督办时间": [f"2025-06-{day:02d} 11:00" for day in range(1, 21)],
        "诉求内容": [f"东风路{day}号门前路灯不亮，夜间出行不便" for day in range(1, 21)],
    })  # fmt: skip
    assert found(columns) == {STEP[step]: (header,), "content": ("诉求内容",)}


def test_of_two_columns_for_one_field_the_fuller_wins_and_the_other_is_named() -> None:
    columns = table(
        诉求内容=[f"明湖路{i}号停水，请尽快恢复供水" for i in range(40)],
        答复部门=["热线办", *[""] * 39],
        下级单位=["水务集团", "排水中心"] * 20,
        工单类型=["办理单"] * 40,
        来电类别=["求助", "投诉"] * 20,
    )
    recognition = recognise(columns.column_names, columns, words=common().values)
    by_field = {item.field: item.headers for item in recognition.assigned}
    assert by_field["department"] == ("下级单位",)
    assert by_field["request_type"] == ("来电类别",)
    assert "original_category" not in by_field
    assert [header for header, _ in recognition.rivals["department"]] == ["答复部门"]


def test_dates_and_clocks_and_levels_of_an_english_export() -> None:
    rows = range(30)
    columns = table(
        **{
            "CASE ID": [f"2020{i:05d}" for i in rows],
            "CREATION DATE": [f"{i % 12 + 1}/{i % 28 + 1}/20" for i in rows],
            "CREATION TIME": [f"{i % 12 + 1}:05 PM" for i in rows],
            "CREATION MONTH": [str(i % 12 + 1) for i in rows],
            "CATEGORY": ["Streets"] * 30,
            "TYPE": ["Pothole", "Sign"] * 15,
            "DETAIL": ["District 1", "District 2", "District 3"] * 10,
            "COUNCIL DISTRICT": ["5", "4", "3"] * 10,
            "STREET ADDRESS": [f"{i}00 E 63rd St" for i in rows],
            "PARCEL ID NO": [str(i) for i in rows],
        }
    )
    assert found(columns) == {
        "order_id": ("CASE ID",),
        "received_at": ("CREATION DATE", "CREATION TIME"),
        "original_category": ("CATEGORY", "TYPE"),
        "address": ("STREET ADDRESS",),
    }


def test_names_that_say_nothing_leave_it_to_the_values() -> None:
    columns = table(
        甲=[f"2025-06-{day:02d} 08:00" for day in range(1, 21)],
        乙=[f"小区{day}号楼电梯坏了三天没有人来修" for day in range(1, 21)],
    )
    assert found(columns) == {"content": ("乙",), "received_at": ("甲",)}


def test_a_layout_never_captures_another_city() -> None:
    header = ["unique_key", "created_date", "closed_date", "agency", "complaint_type", "descriptor",
              "incident_zip", "borough"]  # fmt: skip
    rows = [["1", "2016-07-11 15:11:07+00:00", "", "PUC", "Odor", "From catch basin", "94110", "Mission"]]
    for borough, layout in (("Mission", None), ("BROOKLYN", "nyc311")):
        rows[0][-1] = borough
        sample = pa.table({name: pa.array([row[i] for row in rows]) for i, name in enumerate(header)})
        match = match_layout(header, sample, load_layouts())
        assert (match.layout.id if match.layout else None) == layout
        assert match.source == (layout or "unknown")
        assert match.time_zone == ("America/New_York" if layout else "")


LISTED = """发布时间,标题,答复部门,链接
2024-01-02,路灯不亮,城管局,http://x.test/a1.html
2024-01-03,停水两天,水务局,http://x.test/a2.html
2024-01-03,停水两天,水务局,http://x.test/a2.html
2024-01-04,公交改线,交通局,http://x.test/a3.html
"""
DETAILED = """信件标题,信件内容,咨询时间,处理结果,处理时间,链接
公交改线,希望3路改线到医院门口,2024-1-4 9:10:00,已答复,2024-1-7 10:00:00,http://x.test/a3.html
路灯不亮,建设路三盏路灯不亮一周,2024-1-2 9:10:00,已修复,2024-1-5 10:00:00,http://x.test/a1.html
停水两天,明湖小区停水两天没人管,2024-1-3 9:10:00,已恢复,2024-1-6 10:00:00,http://x.test/a2.html
"""


@pytest.mark.parametrize(("join", "orders"), [(True, 3), (False, 7)])
def test_two_files_of_the_same_letters_are_one_set_of_cases(tmp_path: Path, join: bool, orders: int) -> None:
    (tmp_path / "列表.csv").write_text(LISTED.replace("2024-01-03,停水两天,水务局,http://x.test/a2.html\n", "", 1)
                                     if join else LISTED, encoding="utf-8")  # fmt: skip
    (tmp_path / "详情.csv").write_text(DETAILED, encoding="utf-8")
    paths = [tmp_path / "列表.csv", tmp_path / "详情.csv"]
    with_store = Store.open(tmp_path / "store", create=True)
    report = import_tables(matched_tables(paths, OpenOptions()), with_store, ImportOptions(join=join))
    assert report.totals()["read"] == orders
    if join:
        assert any("同一批工单，按 链接 合并：3 件对上" in note for note in report.records[0].notes)


def test_months_of_one_export_are_never_joined(tmp_path: Path) -> None:
    lines = [f"G{i},标题{i},东风路{i}号路灯不亮,2025-06-0{i} 10:00" for i in range(1, 6)]
    for name in ("六月.csv", "七月.csv"):
        text = "工单编号,诉求标题,诉求内容,受理时间\n" + "\n".join(lines) + "\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    report = import_tables(
        matched_tables([tmp_path / "六月.csv", tmp_path / "七月.csv"], OpenOptions()),
        Store.open(tmp_path / "store", create=True),
    )
    assert [record.file for record in report.records] == ["六月.csv", "七月.csv"]
    assert report.totals()["new"] == 5


def test_an_import_in_doubt_says_which_columns_and_ends_with_exit_code_3(tmp_path: Path) -> None:
    lines = [f"{i},小区{i}号楼电梯坏了三天没有人来修,2025-06-0{i} 10:00" for i in range(1, 8)]
    (tmp_path / "a.csv").write_text("编号,情形,何时\n" + "\n".join(lines) + "\n", encoding="utf-8")
    ran = hotline("import", "a.csv", cwd=tmp_path)
    assert ran.code == 3, ran.err
    assert "版式未知，按表头与取值识别" in ran.err
    assert "请核对：" in ran.err
    assert "受理时间←何时" in ran.err
    assert "请核对 a.csv 的列" in ran.err


@pytest.mark.parametrize(
    ("names", "precision", "recall"),
    [(None, 0.98, 0.95), ("first.json", 0.97, 0.93), ("second.json", 0.97, 0.93)],
)
def test_generated_layouts_are_recognised(
    names: str | None, precision: float, recall: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Path(__file__).parents[1] / "benchmarks" / "recognition.py"
    spec = importlib.util.spec_from_file_location("recognition_benchmark", place)
    assert spec is not None
    assert spec.loader is not None
    matrix = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(matrix)
    if names is not None:
        given = json.loads((place.parent / "recognition_names" / names).read_text(encoding="utf-8"))
        monkeypatch.setattr(matrix, "NAMES", given["names"])
        monkeypatch.setattr(matrix, "DECOYS", given["decoys"])
    orders = generate_month("2021-06", 2021, 120).orders
    right = wrong = missed = 0
    for seed in range(12):
        layout = matrix.generated(random.Random(seed), orders)
        given_fields = {h: f for f, headers in found(layout.table).items() for h in headers}
        right += sum(given_fields.get(header) == field for header, field in layout.truth.items())
        missed += sum(given_fields.get(header) != field for header, field in layout.truth.items())
        wrong += sum(layout.truth.get(header) != field for header, field in given_fields.items())
    assert right / (right + wrong) >= precision
    assert right / (right + missed) >= recall


REAL = {
    "jinan-12345-44-columns.xlsx": {
        "order_id": ["工单号"], "received_at": ["接收时间"], "due_at": ["办结时限"], "content": ["问题描述"],
        "request_type": ["来电类别"], "channel": ["信息来源"], "urgency": ["紧急程度"], "department": ["下级单位"],
        "original_category": ["一级分类", "二级分类", "三级分类", "四级分类", "五级分类"], "closed_at": ["下级回复时间"],
        "caller_key": ["联系电话"],
    },
    "kansas-city-311.csv": {
        "order_id": ["CASE ID"], "received_at": ["CREATION DATE", "CREATION TIME"], "closed_at": ["CLOSED DATE"],
        "status": ["STATUS"], "department": ["DEPARTMENT"], "channel": ["SOURCE"], "address": ["STREET ADDRESS"],
        "community": ["NEIGHBORHOOD"], "original_category": ["CATEGORY", "TYPE", "DETAIL"],
    },
    "boston-311.csv": {
        "order_id": ["case_enquiry_id"], "received_at": ["open_dt"], "due_at": ["target_dt"],
        "closed_at": ["closed_dt"], "status": ["case_status"], "title": ["case_title"],
        "department": ["department"], "address": ["location"], "channel": ["source"],
        "original_category": ["subject", "reason", "type"],
    },
    "seeclickfix.json": {
        "order_id": ["id"], "received_at": ["created_at"], "closed_at": ["closed_at"], "status": ["status"],
        "title": ["summary"], "content": ["description"], "address": ["address"],
        "original_category": ["request_type.title"],
    },
}  # fmt: skip


@needs_shared
@pytest.mark.parametrize("name", REAL)
def test_real_exports_are_mapped_without_an_option(name: str) -> None:
    ((_, match),) = matched_tables([SHARED / "real-exports" / name], OpenOptions())
    assert {field: match.mapping.get(field) for field in REAL[name]} == REAL[name]
    assert match.layout is None


KINDS = {
    "department": (["责任", "承办", "主办", "处置"], ["单位", "部门"]),
    "order_id": (["工单", "诉求", "事项", "案件"], ["编号", "单号"]),
    "content": (["诉求", "问题", "反映", "来信"], ["内容", "描述"]),
    "address": (["事发", "诉求", "问题", "案发"], ["地址", "位置", "地点"]),
    "due_at": (["办结", "处置", "到期"], ["时限", "截止时间"]),
}


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.data(), st.sampled_from(["", "12345", "*", " "]))
def test_a_name_made_by_the_rules_says_its_field(field: str, data: st.DataObject, before: str) -> None:
    beginnings, endings = KINDS[field]
    name = before + data.draw(st.sampled_from(beginnings)) + data.draw(st.sampled_from(endings))
    read = read_name(clean_name(name))
    scores = {
        other: read.score(other)
        for other in (*KINDS, "title", "reply", "status", "closed_at", "co_departments")
    }
    assert max(scores, key=lambda other: scores[other]) == field, (name, scores)


CITIES, WAYS = ["南京", "苏州", "无锡", "南通", "扬州", "常州"], ["电话", "短信"]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        (
            "回复诉求人",
            ["您好，您反映的问题已收悉，经核查已安排人员到现场处理。", "经与来电人联系，已告知办理结果。"],
        ),
        ("问题发生日期", ["2026-03-07", "2026-03-14"]),
        ("发生日期", ["2026-03-07", "2026-03-14"]),
        ("用户归属地市", CITIES),
        ("用户所在城市", CITIES),
        ("caller_contact", WAYS),
    ],
)
def test_a_column_that_only_sounds_like_a_persons_is_kept(
    tmp_path: Path, header: str, cells: list[str]
) -> None:
    rows = [
        [
            f"GD{n:04}",
            f"2026-03-0{n % 9 + 1} 08:00:00",
            f"春晖路{n}号路灯不亮请尽快维修",
            cells[n % len(cells)],
        ]
        for n in range(40)
    ]
    file = tmp_path / "a.csv"
    lines = [["工单编号", "受理时间", "诉求内容", header], *rows]
    file.write_text("\n".join(",".join(row) for row in lines), encoding="utf-8")
    store = ht.Store.open(tmp_path / "库", create=True)
    ht.import_files(store, [file])
    kept = str(ht.sql(store, "SELECT * FROM orders").rows)
    assert all(cell in kept for cell in cells)


@pytest.mark.parametrize("header", ["评价时间", "from_time", "办结时间"])
def test_a_table_that_tells_no_receipt_has_to_be_looked_at(tmp_path: Path, header: str) -> None:
    rows = [f"GD{n:04},2026-03-0{n % 9 + 1} 08:00:00,春晖路{n}号路灯不亮请尽快维修" for n in range(40)]
    (tmp_path / "a.csv").write_text("\n".join([f"工单编号,{header},诉求内容", *rows]), encoding="utf-8")
    assert hotline("import", "a.csv", cwd=tmp_path).code == 3


def test_a_day_that_a_program_wrote_with_midnight_takes_the_clock_beside_it(tmp_path: Path) -> None:
    rows = [
        f"{n},2025-06-{n:02d}T00:00:00.000,{n % 12 + 1:02d}:14 PM,Pothole at the corner number {n} is deep now"
        for n in range(1, 13)
    ]
    export = tmp_path / "cases.csv"
    export.write_text("\n".join(["case_id,creation_date,creation_time,description", *rows]), encoding="utf-8")
    store = Store.open(tmp_path / "s", create=True)
    ht.import_files(store, [export])
    first = ht.sql(store, "SELECT received_at FROM orders ORDER BY order_id LIMIT 1").rows[0]["received_at"]
    assert str(first) == "2025-06-01 14:14:00"


def test_a_street_of_roads_is_where_a_case_is_and_no_part_of_a_district() -> None:
    roads = [
        "254 OAK ST",
        "2445 HIGHLAND AV",
        "2428 AUBURN AVE",
        "880 RUE DE LA PAIX",
        "2038 SUNSET BLVD",
    ] * 3
    areas = ["城东街道", "城西街道", "河口镇", "南湖乡", "北门街道"] * 3
    names = ["CLIFTON", "CORRYVILLE", "WESTWOOD"] * 5
    assert found(table(neighborhood=names, street=roads))["address"] == ("street",)
    assert found(table(neighborhood=names, street=areas))["street"] == ("street",)


def test_questions_of_a_form_are_names(tmp_path: Path) -> None:
    long = (
        "请详细描述您遇到的问题（包括时间、地点、涉及的单位以及您希望怎样解决），我们会在十个工作日内答复您？"
    )
    header = [
        "提交时间",
        long,
        "您的问题发生在哪里，请写到街道、社区和小区的名称，以便工作人员前往现场？",
        "所属街道",
    ]
    rows = [
        f"2025-06-{n:02d} 10:00,小区{n}号楼门前路灯不亮已经三天，晚上出行不便,春晖小区{n}号楼,城东街道"
        for n in range(1, 13)
    ]
    export = tmp_path / "问卷.csv"
    export.write_text("\n".join([",".join(f'"{name}"' for name in header), *rows]), encoding="utf-8")
    store = Store.open(tmp_path / "s", create=True)
    ht.import_files(store, [export])
    got = ht.sql(store, "SELECT content, received_at, street FROM orders ORDER BY received_at").rows
    assert len(got) == 12
    assert got[0]["content"].startswith("小区1号楼门前路灯")
    assert got[0]["street"] == "城东街道"


def test_an_address_in_parts_is_put_together_where_none_is_whole() -> None:
    parts = {
        "报修内容": [f"楼道的灯第{n}次坏了，晚上看不清台阶" for n in range(12)],
        "单元": [f"{n % 3 + 1}单元" for n in range(12)],
        "小区名称": ["锦绣花园", "阳光新城", "翠湖天地"] * 4,
        "楼栋": [f"{n + 1}栋" for n in range(12)],
        "房号": [f"{n + 1}01" for n in range(12)],
    }
    assert found(table(**parts))["address"] == ("小区名称", "楼栋", "单元")
    whole = parts | {"报修地址": [f"锦绣花园{n + 1}栋门前" for n in range(12)]}
    assert found(table(**whole))["address"] == ("报修地址",)
    without = {name: cells for name, cells in parts.items() if name != "小区名称"}
    assert "address" not in found(table(**without))


def test_a_house_and_its_road_are_one_address() -> None:
    rows = {
        "Complaint ID": [f"C-{n:05d}" for n in range(12)],
        "House Number": [f"{100 + 7 * n}" for n in range(12)],
        "Street Name": ["OCEAN AVENUE", "GRAND CONCOURSE", "BROADWAY"] * 4,
        "Description": [f"No heat in the flat for {n + 2} days, please send somebody" for n in range(12)],
    }
    assert found(table(**rows))["address"] == ("House Number", "Street Name")


@pytest.mark.parametrize(
    ("name", "field"), [("责任网格", "grid"), ("出警单位", "department"), ("责任街道", "street")]
)
def test_whoever_is_responsible_says_where_or_who_where_nothing_else_does(name: str, field: str) -> None:
    assert read_name(name).score(field) >= 0.5
    assert read_name(name).score(field) < read_name(
        name.replace("责任", "所属").replace("出警", "处理")
    ).score(field)


def test_a_table_of_texts_without_a_header_is_refused_and_loses_no_case() -> None:
    """The 27th case was taken for the header, and 26 cases for titles above it."""
    titles = ["停水问题", "公交线路建议再加一班车", "噪音扰民请管一管吧"]
    asked = "我们小区从上周开始一直停水，物业说是管道维修，到现在还没有恢复，老人小孩都受不了，请问什么时候能够恢复供水？"
    said = "您好，经核实已经恢复供水，感谢您对我们工作的监督，如有问题请拨打热线咨询，谢谢您的理解和支持。"
    rows = [
        [titles[n * n % 3], f"{asked}{n}", said, "市水务局", ["东城区", "西城区"][n % 2]] for n in range(30)
    ]
    assert find_header(rows, set()) is None
    names = ["标题", "内容", "回复", "单位", "区县"]
    headed = find_header([names, *rows], set(names))
    assert headed is not None
    assert headed.index == 0
