"""A Beijing-style export, imported as a file: no receive, sign or deadline time, and what KPIs say of it."""

import csv
import json
from typing import Any

import pytest

from cli import hotline

HEADER = [
    "工单编号", "工单类型", "问题分类", "标签", "标题", "主要内容", "工单状态",
    "来电人", "来电人电话/账号", "被反映区", "被反映街乡镇", "办理结果", "回复内容", "处理受理方式",
    "办结时间", "企业名称", "是否解决", "是否满意", "工单性质", "村/社区", "小区点位",
]  # fmt: skip


def order(number: int, **cells: str) -> dict[str, str]:
    """One order of 21 columns; by default of 甲街道, closed, resolved and satisfied."""
    return {
        "工单编号": f"BJ2025{number:06}", "工单类型": "诉求", "问题分类": "住房城乡建设->物业管理->电梯故障",
        "标题": "电梯故障", "主要内容": f"{number} 号楼电梯停运", "工单状态": "回复完成", "被反映区": "甲区",
        "被反映街乡镇": "甲街道", "回复内容": "已维修", "处理受理方式": "电话",
        "办结时间": f"2025/6/{number + 1} 9:30",
        "是否解决": "解决", "是否满意": "满意", "工单性质": "主办", "村/社区": "东社区", **cells,
    }  # fmt: skip


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Departments' KPIs by street: 12 orders of 甲街道, 3 of 乙街道.

    甲街道: 9 解决, 2 部分解决, 1 未解决; 8 满意, 2 基本满意, 1 不满意, 1 未评价.
    乙街道: none answered, 1 open.
    """
    said = ["解决"] * 9 + ["部分解决"] * 2 + ["未解决"]
    rated = ["满意"] * 8 + ["基本满意"] * 2 + ["不满意", "未评价"]
    rows = [order(n, 是否解决=s, 是否满意=r) for n, (s, r) in enumerate(zip(said, rated, strict=True), 1)]
    rows += [order(n, 被反映街乡镇="乙街道", 是否解决="", 是否满意="") for n in (13, 14)]
    rows += [order(15, 被反映街乡镇="乙街道", 工单状态="办理中", 办结时间="", 是否解决="", 是否满意="")]
    folder = tmp_path_factory.mktemp("beijing")
    with (folder / "六月.csv").open("w", encoding="gb18030", newline="") as lines:
        writer = csv.DictWriter(lines, HEADER, restval="")
        writer.writeheader()
        writer.writerows(rows)
    assert hotline("import", "六月.csv", cwd=folder).code == 0
    ran = hotline("report", "departments", "--by", "street", "--format", "json", cwd=folder)
    return {"code": ran.code, "table": json.loads(ran.out)}


def test_the_exit_code_says_that_something_is_missing(answer: dict[str, Any]) -> None:
    assert answer["code"] == 3


@pytest.mark.parametrize(
    ("kpi", "lacks"),
    [
        ("按时签收率", "派单时间、签收时间"),
        ("响应率", "是否响应"),
        ("按时办结率", "应办结时间或受理时间"),
        ("结案率", "应办结时间或受理时间"),
        ("退回率", "退回次数"),
        ("重办率", "重办次数"),
        ("延期率", "延期次数"),
        ("办理时长", "受理时间"),
    ],
)
def test_each_kpi_that_cannot_be_computed_names_its_column(
    kpi: str, lacks: str, answer: dict[str, Any]
) -> None:
    (note,) = [note for note in answer["table"]["notes"] if note.startswith(f"无法计算 {kpi}")]
    assert lacks in note


def test_the_rest_is_given_with_its_counts(answer: dict[str, Any]) -> None:
    # Partly resolved is known and not resolved; 未评价 is rated by nobody; empty answers are in nothing.
    rows = {row["unit"]: row for row in answer["table"]["rows"]}
    assert {name: row["orders"] for name, row in rows.items()} == {"甲街道": 12, "乙街道": 3}
    first = rows["甲街道"]
    assert (first["resolved_rate_numerator"], first["resolved_rate_denominator"]) == (9, 12)
    assert (first["satisfied_rate_numerator"], first["satisfied_rate_denominator"]) == (10, 11)
    assert rows["乙街道"]["resolved_rate"] is None
    assert "on_time_rate" not in first
