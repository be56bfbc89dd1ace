"""The quality report: what is filled, what repeats, which times cannot be, which KPIs cannot be computed."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from cli import hotline
from formats import WRITERS
from hotline_tools.jobs.inspecting import inspect_table
from hotline_tools.jobs.opening import OpenOptions, matched_tables
from hotline_tools.table import ReportTable

GRID = [
    ["工单编号", "受理时间", "诉求标题", "办结时间", "满意度", "工单状态", "热线专员", "来电人"],
    ["1", "2025-06-01 08:00:00", "电梯坏了", "2025-06-03 08:00:00", "满意", "已办结", "甲", "张"],
    ["1", "2025-06-01 08:00:00", "电梯坏了", "2025-06-03 08:00:00", "满意", "已办结", "甲", "张"],
    ["1", "2025-06-09 08:00:00", "积水", "2025-06-05 08:00:00", "马马虎虎", "已办结", "甲", "李"],
    ["4", "2031-01-01 08:00:00", "井盖", "1900-01-01", "", "已办结", "甲", ""],
    ["5", "1987-01-05 08:00:00", "路灯", "近期", "不满意", "已办结", "甲", ""],
]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "六月.xlsx"
    path.write_bytes(WRITERS["xlsx"](GRID))
    return path


@pytest.fixture
def report(export: Path) -> ReportTable:
    ((table, match),) = matched_tables([export], OpenOptions())
    return inspect_table(table, match, datetime(2026, 1, 1)).report()


def row_of(report: ReportTable, field: str) -> dict[str, object]:
    (row,) = (row for row in report.rows if row["field"] == field)
    return dict(row)


COUNTS = [
    # field, filled, missing, unknown, invalid
    ("order_id", 5, 0, 0, 0),
    ("received_at", 5, 0, 0, 0),
    ("closed_at", 3, 1, 0, 1),
    ("satisfaction", 3, 1, 1, 0),
    ("status", 5, 0, 0, 0),
]


@pytest.mark.parametrize("expected", COUNTS, ids=[c[0] for c in COUNTS])
def test_every_cell_is_filled_missing_unknown_or_invalid(
    expected: tuple[str, int, int, int, int], report: ReportTable
) -> None:
    row = row_of(report, expected[0])
    assert tuple(row[name] for name in ("filled", "missing", "unknown", "invalid")) == expected[1:]


REMARKS = [
    ("received_at", "1987-01-05 至 2031-01-01，1 个晚于现在，1 个早于 2000 年"),
    ("closed_at", "未识别：近期×1"),
    ("satisfaction", "未识别：马马虎虎×1"),
    ("status", "全部为“已办结”"),
]


@pytest.mark.parametrize(("field", "says"), REMARKS, ids=[r[0] for r in REMARKS])
def test_remarks(field: str, says: str, report: ReportTable) -> None:
    assert says in str(row_of(report, field)["remark"])


def test_repeats_and_contradictions_are_counted(report: ReportTable) -> None:
    assert (report.totals["identical_rows"], report.totals["repeated_ids"]) == (1, 2)
    assert report.totals["flag:closed-before-received"] == 1
    assert report.totals["flag:date-sentinel"] == 1
    assert report.totals["flag:date-invalid"] == 1
    notes = "\n".join(report.notes)
    assert "完全相同的有 1 行" in notes
    assert "工单编号与前面某行相同的有 2 行" in notes


def test_what_cannot_be_computed_is_said_with_what_it_lacks(report: ReportTable) -> None:
    (note,) = (note for note in report.notes if "不能计算" in note)
    assert "按时签收率（缺派单时间、签收时间）" in note
    assert "满意率" not in note


def test_columns_that_stay_out_and_columns_kept_aside(report: ReportTable) -> None:
    by_header = {row["headers"]: row for row in report.rows}
    assert by_header["热线专员"]["field"] == "extra"
    assert "个人信息，不入库" in str(by_header["来电人"]["remark"])


def test_the_three_forms_say_the_same(export: Path, tmp_path: Path) -> None:
    as_json = hotline("inspect", export, "--format", "json", cwd=tmp_path)
    as_html = hotline("inspect", export, "--format", "html", cwd=tmp_path)
    as_table = hotline("inspect", export, cwd=tmp_path)
    assert as_json.code == as_html.code == as_table.code == 0
    (found,) = json.loads(as_json.out)
    ((table, match),) = matched_tables([export], OpenOptions())
    assert found == json.loads(json.dumps(inspect_table(table, match).report().to_dict()))
    assert "马马虎虎" in as_html.out
    for text in (as_html.out, as_table.out):
        assert "完全相同的有1行" in "".join(text.split()), "wrapped at any width"
    assert not (tmp_path / "hotline-store").exists()


WHOLE = {
    "工单编号": ["1", "2", "3"],
    "诉求标题": ["电梯坏了", "路面积水", "井盖松动"],
    "受理时间": ["2025-06-01 08:00:00", "2025-06-02 09:00:00", "2025-06-03 10:00:00"],
    "承办单位": ["城管局", "住建局", "城管局"],
    "派单时间": ["2025-06-01 09:00:00", "2025-06-02 10:00:00", "2025-06-03 11:00:00"],
    "签收时间": ["2025-06-01 10:00:00", "2025-06-02 11:00:00", "2025-06-03 12:00:00"],
    "应办结时间": ["2025-06-09 08:00:00", "2025-06-09 09:00:00", "2025-06-10 10:00:00"],
    "办结时间": ["2025-06-05 08:00:00", "2025-06-11 09:00:00", ""],
    "工单状态": ["已办结", "已办结", "办理中"],
    "满意度": ["满意", "不满意", ""],
    "是否解决": ["是", "否", ""],
    "退回次数": ["0", "1", "0"],
}
LACKING = [
    ("nothing", []),
    ("no time of receipt: the platform's own deadline and the status are enough", ["受理时间"]),
    ("no closing time, some closed: in time or not is unknown", ["办结时间"]),
    ("no closing time, none closed: none was late", ["办结时间", "工单状态"]),
    ("no revisits: satisfaction tells that they were made", ["是否解决"]),
    ("neither satisfaction nor solution", ["满意度", "是否解决"]),
    ("no dispatch: no limits of signing and of contact", ["派单时间"]),
    ("no signing", ["签收时间", "退回次数"]),
    ("no deadline of its own", ["应办结时间"]),
    ("title and receipt only", [name for name in WHOLE if name not in ("工单编号", "诉求标题", "受理时间")]),
]


@pytest.mark.parametrize(("why", "lacking"), LACKING, ids=[c[0] for c in LACKING])
def test_inspect_says_the_same_of_kpis_as_departments(why: str, lacking: list[str], tmp_path: Path) -> None:
    columns = {name: cells for name, cells in WHOLE.items() if name not in lacking}
    path = tmp_path / "六月.xlsx"
    path.write_bytes(
        WRITERS["xlsx"]([list(columns), *(list(row) for row in zip(*columns.values(), strict=True))])
    )
    ((table, match),) = matched_tables([path], OpenOptions())
    inspected = inspect_table(table, match).missing_kpis
    assert hotline("import", path, cwd=tmp_path).code == 0
    notes = json.loads(hotline("report", "departments", "--format", "json", cwd=tmp_path).out)["notes"]
    told = dict(
        note.removesuffix("。").split(" ", 1)[1].split("：", 1)
        for note in notes
        if note.startswith(("无法计算", "未列"))
    )
    # Repeat issues are found only after an import: of a file nothing is said against them.
    found_later = "重复诉求识别结果（先运行 hotline repeats）"
    told = {label: why.removesuffix(found_later).rstrip("、") for label, why in told.items()}
    assert inspected == {label: why for label, why in told.items() if why != "缺"}
