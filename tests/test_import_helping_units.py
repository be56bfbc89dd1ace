"""An export with a row for each unit of an order is imported as one row an order."""

import json
from pathlib import Path

import pytest

import hotline_tools as ht
from hotline_tools.jobs.importing import ImportOptions, ImportReport, import_tables
from hotline_tools.jobs.opening import OpenOptions, matched_tables

HEADER = "工单编号,来电时间,诉求内容,办理单位,办理类型,办结时间,办理结果,来电人,联系电话"
ROWS = (
    "B1,2024-03-01,高层水压小做饭都成问题,水务集团,主办,2024-03-02,已抢修恢复供水,张三,13900000001",
    "B2,2024-03-02,化工厂夜里排放刺鼻气体,公安局,协办,,现场已劝离,张三,13900000002",
    "B2,2024-03-02,化工厂夜里排放刺鼻气体,环境局,主办,2024-03-07,已责令整改,李四,13900000003",
    "B3,2024-03-03,消防通道被车辆堵住,消防大队,协办,,,王五,13900000004",
    "B2,2024-03-02,化工厂夜里排放刺鼻气体,城管局,协办,,,张三,13900000002",
    "B2,2024-03-02,化工厂夜里排放刺鼻气体,公安局,协办,,现场已劝离,张三,13900000002",
)


def imported(folder: Path, **options: bool) -> tuple[ht.Store, ImportReport]:
    file = folder / "三月.csv"
    file.write_text("\n".join([HEADER, *ROWS]), encoding="utf-8")
    store = ht.Store.open(folder / "库", create=True)
    return store, import_tables(matched_tables([file], OpenOptions()), store, ImportOptions(**options))


def test_helping_units_join_the_row_of_the_main_one(tmp_path: Path) -> None:
    store, report = imported(tmp_path)
    (record,) = report.records
    assert (record.counts.read, record.counts.new) == (3, 3)
    assert "不是工单、没有计入“读入”的行：协办单位的行，已并入主办行 3" in record.notes
    rows = ht.sql(
        store,
        "SELECT order_id, department, co_departments, status, reply, extra FROM orders ORDER BY order_id",
    ).rows
    assert [(row["department"], row["co_departments"], row["status"]) for row in rows] == [
        ("水务集团", None, "closed"),
        ("环境局", "公安局;城管局", "closed"),
        (None, "消防大队", "open"),
    ]
    assert rows[1]["reply"] == "已责令整改"
    assert json.loads(rows[1]["extra"]) == {"办理类型": "主办", "办理结果（协办）": "现场已劝离"}
    assert imported(tmp_path)[1].totals()["unchanged"] == 3


def test_a_helping_row_tells_no_more_of_its_caller_than_the_main_one(tmp_path: Path) -> None:
    store, _ = imported(tmp_path)
    kept = str(ht.sql(store, "SELECT * FROM orders").rows)
    assert "张三" not in kept
    assert "139000000" not in kept


def test_without_joining_the_rows_stay(tmp_path: Path) -> None:
    _, report = imported(tmp_path, join=False)
    assert report.totals()["read"] == 6


@pytest.mark.parametrize("roles", [("主办", "主办"), ("协办", "协办"), ("主办", "转办"), ("热线", "信箱")])
def test_columns_that_do_not_tell_units_apart_join_nothing(tmp_path: Path, roles: tuple[str, str]) -> None:
    rows = [
        f"B{n},2024-03-0{n} 15:30:03,路灯不亮已经{n}天,城管局,{role},,,张三,13900000001"
        for n, role in enumerate(roles, 1)
    ]
    file = tmp_path / "三月.csv"
    file.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    store = ht.Store.open(tmp_path / "库", create=True)
    import_tables(matched_tables([file], OpenOptions()), store)
    found = ht.sql(store, "SELECT department, co_departments FROM orders").rows
    assert [tuple(row.values()) for row in found] == [("城管局", None)] * 2


def test_a_column_of_the_export_that_is_called_so_stays(tmp_path: Path) -> None:
    header = f"{HEADER},办理结果（协办）"
    rows = [f"{row},自带{n}" for n, row in enumerate(ROWS)]
    file = tmp_path / "三月.csv"
    file.write_text("\n".join([header, *rows]), encoding="utf-8")
    store = ht.Store.open(tmp_path / "库", create=True)
    import_tables(matched_tables([file], OpenOptions()), store)
    joined = ht.sql(store, "SELECT co_departments, reply, extra FROM orders ORDER BY order_id").rows[1]
    assert joined["co_departments"] == "公安局;城管局"
    kept = f"{joined['reply']} {joined['extra']}"
    assert all(text in kept for text in ("已责令整改", "现场已劝离", "自带1", "自带2", "自带4", "自带5"))
