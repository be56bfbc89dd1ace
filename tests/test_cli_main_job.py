"""The main job from the command line, on files the generator writes."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from cli import hotline
from hotline_tools.engine import Engine
from hotline_tools.reports.query import Query
from hotline_tools.reports.registry import find_report
from hotline_tools.sample import write_sample
from hotline_tools.store import Store


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    write_sample(folder, orders=600)
    ran = hotline("import", "年度工单.csv", "--format", "json", cwd=folder)
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["totals"] == {
        "read": 600, "new": 600, "updated": 0, "unchanged": 0, "duplicate": 0, "rejected": 0,
    }  # fmt: skip
    return folder


def test_importing_twice_changes_nothing(desk: Path) -> None:
    totals = json.loads(hotline("import", "年度工单.csv", "--format", "json", cwd=desk).out)["totals"]
    assert (totals["new"], totals["updated"], totals["unchanged"]) == (0, 0, 600)


def test_shares_sum_to_one_and_json_is_the_library_answer(desk: Path) -> None:
    ran = hotline("-q", "report", "categories", "--format", "json", cwd=desk)
    answer = json.loads(ran.out)
    assert sum(row["share"] for row in answer["rows"]) == pytest.approx(1)
    assert sum(row["orders"] for row in answer["rows"]) == answer["totals"]["orders"] == 600
    with Engine(Store.open(desk / "hotline-store")) as engine:
        assert find_report("categories").compute(engine, Query()).to_dict() == answer


def test_a_folded_tail_keeps_the_sum(desk: Path) -> None:
    rows = json.loads(hotline("-q", "report", "categories", "--top", "3", "--format", "json", cwd=desk).out)[
        "rows"
    ]
    assert len(rows) == 4
    assert sum(row["share"] for row in rows) == pytest.approx(1)
    assert rows[-1]["category"].startswith("其余")


def test_filters_narrow_the_scope(desk: Path) -> None:
    whole = json.loads(hotline("-q", "report", "categories", "--format", "json", cwd=desk).out)
    june = json.loads(
        hotline("-q", "report", "categories", "--period", "2021-06", "--format", "json", cwd=desk).out
    )
    assert 0 < june["totals"]["orders"] < whole["totals"]["orders"]
    assert june["period"] == "2021年6月"


@pytest.mark.parametrize("suffix", ["xlsx", "csv", "jsonl", "parquet"])
def test_classify_keeps_every_row_and_column(desk: Path, suffix: str) -> None:
    output = desk / f"已归类.{suffix}"
    ran = hotline("classify", "年度工单.csv", "-o", output, cwd=desk)
    assert ran.code == 0, ran.err
    with (desk / "年度工单.csv").open(encoding="utf-8-sig", newline="") as lines:
        original = list(csv.DictReader(lines))
    header, rows = _read(output)
    tags = [
        "category",
        "subcategory",
        "confidence",
        "evidence",
        "alternatives",
        "request_type",
        "needs_review",
    ]
    assert header == [*original[0], *tags]
    assert [row["工单编号"] for row in rows] == [row["工单编号"] for row in original]
    assert [row["诉求内容"] or "" for row in rows] == [row["诉求内容"] for row in original]
    assert all(row["category"] for row in rows)


def _read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            return list(reader.fieldnames or ()), list(reader)
    if path.suffix == ".jsonl":
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return list(rows[0]), rows
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        table = pq.read_table(path)
        return table.column_names, table.to_pylist()
    book = openpyxl.load_workbook(path, read_only=True)
    values = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    book.close()
    return values[0], [dict(zip(values[0], row, strict=True)) for row in values[1:]]


def test_the_chart_is_a_picture(desk: Path) -> None:
    assert hotline("chart", "categories", "-o", "类别.png", cwd=desk).code == 0
    assert (desk / "类别.png").read_bytes().startswith(b"\x89PNG")


def test_sql_reads_and_never_writes(desk: Path) -> None:
    ran = hotline("sql", "SELECT count(*) AS orders FROM orders", "--format", "json", cwd=desk)
    assert json.loads(ran.out)["rows"] == [{"orders": 600}]
    assert hotline("sql", "DROP VIEW orders", cwd=desk).code == 2


def test_demo_measures_itself_against_the_truth(tmp_path: Path) -> None:
    ran = hotline("demo", "演示", "--orders", "500", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert {path.name for path in (tmp_path / "演示").iterdir()} >= {
        "类别占比.png",
        "类别占比.xlsx",
        "hotline-store",
    }
    with (tmp_path / "演示" / "归类与真值.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = {row["category"]: row for row in csv.DictReader(lines)}
    true, found = int(rows["物业管理"]["true_orders"]), int(rows["物业管理"]["found_orders"])
    assert true == round(500 * 4225 / 31838)
    assert abs(found - true) < true / 2
    assert "物业管理" in ran.out


def test_demo_never_mixes_with_a_real_store(tmp_path: Path) -> None:
    write_sample(tmp_path / "其他", orders=200)
    (tmp_path / "六月.csv").write_bytes((tmp_path / "其他" / "年度工单.csv").read_bytes())
    assert hotline("import", "六月.csv", cwd=tmp_path).code == 0
    ran = hotline("demo", "--orders", "200", cwd=tmp_path)
    assert ran.code == 2
    assert "六月.csv" in ran.err


def test_orders_without_chinese_text_stay_unclassified(tmp_path: Path) -> None:
    rows = [
        "1,2025-06-01 08:00:00,Rooster,illegal animal sold",
        "2,2025-06-01 09:00:00,,",
        "3,2025-06-01 10:00:00,电梯坏了,三天没人修",
    ]
    (tmp_path / "a.csv").write_text(
        "工单编号,受理时间,诉求标题,诉求内容\n" + "\n".join(rows), encoding="utf-8"
    )
    assert hotline("classify", "a.csv", "-o", "b.csv", cwd=tmp_path).code == 0
    _, tagged = _read(tmp_path / "b.csv")
    assert [row["category"] for row in tagged] == ["", "", "物业管理"]
    assert [row["needs_review"] for row in tagged[:2]] == ["true", "true"]


def test_without_title_and_content_the_exports_own_category_speaks(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "案件編號,派工項目,案件地址,立案日期,立案時間\n2026043010407,路燈不亮或損壞,大同區萬全街５２號,20260430,235842\n",
        encoding="utf-8",
    )
    assert hotline("classify", "a.csv", "-o", "b.csv", cwd=tmp_path).code == 0
    assert _read(tmp_path / "b.csv")[1][0]["category"] == "市政设施"


def test_an_empty_export_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("工单编号,受理时间,诉求标题,诉求内容\n", encoding="utf-8")
    ran = hotline("import", "a.csv", cwd=tmp_path)
    assert ran.code == 3
    assert "没有读到任何数据行" in ran.err


def test_chinese_survives_a_plain_c_locale(desk: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "hotline_tools", "-q", "report", "categories", "--top", "1"]
    done = subprocess.run(command, cwd=desk, env=environment, capture_output=True, check=True)
    assert "诉求类别占比" in done.stdout.decode("utf-8")
