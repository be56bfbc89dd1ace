"""Train, evaluate and suggest at the command line, on files and on people's labels."""

import json
import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cli import hotline

WORK = {
    "物业科": ["物业费太高", "小区电梯坏了", "保安不管门禁", "楼道没人打扫", "物业不维修漏水"],
    "交警队": ["路口红绿灯坏了", "车辆乱停堵路", "货车超速闯红灯", "早高峰堵车没交警", "违章停车占道"],
    "水务局": ["自来水停水", "水压太低没水", "水质发黄有味", "水管爆裂漏水", "水费账单不对"],
}
PLACES = ["城东", "城西", "城南", "城北", "河边", "山脚", "站前", "校旁"]


def lines(count: int, seed: int = 1) -> list[tuple[str, str, str]]:
    """Title, content and department of ``count`` orders."""
    draw = random.Random(seed)
    rows = []
    for i in range(count):
        department = list(WORK)[i % 3]
        first, second = draw.sample(WORK[department], 2)
        rows.append(
            (first, f"{draw.choice(PLACES)}{first}，{second}，请处理。第{i}次，13800138{i:03d}", department)
        )
    return rows


def write(path: Path, rows: list[tuple[str, str, str]], *, column: str = "主办单位") -> None:
    text = [f"工单编号,受理时间,诉求标题,诉求内容,{column}"]
    text += [f"W{i},2025-06-01 10:00,{t},{c},{d}" for i, (t, c, d) in enumerate(rows)]
    path.write_text("\n".join(text), encoding="utf-8")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    write(folder / "历史.csv", [*lines(90), ("没有单位", "不知道给谁", ""), ("一件", "只有一件", "档案馆")])
    ran = hotline("train", "历史.csv", "--label", "主办单位", "-o", "单位.model", cwd=folder)
    assert ran.code == 0, ran.err
    assert "学了 90 条记录，3 个类别" in ran.err
    assert "1 行没有标签" in ran.err
    assert "档案馆" in ran.err
    # in the new month every tenth order of the water bureau lies with the police
    new = lines(60, seed=2)
    wrong = [(t, c, "交警队" if d == "水务局" and i % 10 == 2 else d) for i, (t, c, d) in enumerate(new)]
    write(
        folder / "七月.csv",
        [*wrong, ("漏水", "水管爆裂漏水停水", "档案馆"), ("停水", "自来水停水", ""), ("", "", "")],
    )
    assert hotline("import", "七月.csv", cwd=folder).code == 0
    return folder


def test_the_model_holds_no_numbers_of_callers(desk: Path) -> None:
    import zipfile

    with zipfile.ZipFile(desk / "单位.model") as archive:
        words = json.loads(archive.read("model.json"))["words"]
    assert not [word for word in words if "1380" in word or "0138" in word]


def test_suggestions(desk: Path) -> None:
    arguments = ("suggest", "--model", "单位.model", "--confidence", "0.5", "--format", "json")
    ran = hotline(*arguments, "-o", "建议.parquet", cwd=desk)
    assert ran.code == 0, ran.err
    rows = pq.read_table(desk / "建议.parquet").to_pylist()
    assert len(rows) == 63
    by_id = {row["order_id"]: row for row in rows}
    expected = {f"W{i}" for i in range(60) if i % 3 == 2 and i % 10 == 2}
    assert {key for key, row in by_id.items() if row["differs"]} == expected == {"W2", "W32"}
    assert all(by_id[key]["suggestion_1"] == "水务局" for key in expected)
    # a department the model has not learnt, and none at all, cannot differ
    assert not by_id["W60"]["differs"]
    assert by_id["W60"]["suggestion_1"] == "水务局"
    assert by_id["W61"]["department"] is None
    assert by_id["W62"]["suggestion_1"] is None, "nothing can be said of an order without text"
    for row in rows[:62]:
        assert {row[f"suggestion_{i}"] for i in (1, 2, 3)} == set(WORK)
        assert 1 >= row["confidence_1"] >= 0
        assert row["confidence_2"] >= row["confidence_3"]
    table = json.loads(ran.out)
    assert table["report"] == "departments_mismatch"
    police = next(row for row in table["rows"] if row["department"] == "交警队")
    assert (police["orders"], police["differs_rate_numerator"]) == (22, 2)
    assert police["suggested"] == ["水务局 2"]
    assert table["totals"]["orders"] == 60
    assert any("档案馆" in note for note in table["notes"])
    assert any("2 件没有主办单位" in note for note in table["notes"])


def test_a_model_of_departments_classifies_files(desk: Path) -> None:
    ran = hotline("classify", "七月.csv", "--model", "单位.model", "-o", "标.jsonl", cwd=desk)
    assert ran.code == 0, ran.err
    rows = [json.loads(line) for line in (desk / "标.jsonl").read_text(encoding="utf-8").splitlines()]
    assert rows[0]["category"] == "物业科"


def test_evaluate(desk: Path) -> None:
    shown = hotline("evaluate", "历史.csv", "--label", "主办单位", cwd=desk)
    assert shown.code == 0, shown.err
    for title in ("归类评估", "各类的评估", "最常混淆的类别", "置信度、覆盖与准确率"):
        assert title in shown.out
    ran = hotline(
        "evaluate", "七月.csv", "--label", "主办单位", "--model", "单位.model", "--format", "json", cwd=desk
    )
    table = json.loads(ran.out)
    # 58 of 61 labelled rows are right: two lie with the police, one with a department never learnt
    assert table["totals"]["rows"] == 61
    assert table["totals"]["accuracy"] == pytest.approx(58 / 61, abs=1e-4)
    water = next(row for row in table["rows"] if row["category"] == "水务局")
    assert (water["rows"], water["recall"]) == (18, 1.0)
    pairs = json.loads(
        hotline(
            *("evaluate", "七月.csv", "--label", "主办单位", "--model", "单位.model"),
            *("--table", "confusions", "--format", "json"),
            cwd=desk,
        ).out
    )
    assert {"truth": "交警队", "predicted": "水务局", "rows": 2} in pairs["rows"]


def test_zero_shot_evaluation_needs_no_learning(desk: Path) -> None:
    (desk / "科室.csv").write_text("一级,二级\n物业科,物业\n水务局,自来水停水\n", encoding="utf-8")
    arguments = ("evaluate", "历史.csv", "--label", "主办单位", "--taxonomy", "科室.csv", "--zero-shot")
    table = json.loads(hotline(*arguments, "--table", "figures", "--format", "json", cwd=desk).out)
    assert table["totals"]["rows"] == 91
    assert any("不在分类体系内" in note for note in table["notes"])
    assert 0.3 < table["totals"]["accuracy"] < 0.7, "a third of the departments is not in the taxonomy"


def test_corrections_are_examples(desk: Path, tmp_path: Path) -> None:
    import shutil

    import openpyxl

    folder = Path(shutil.copytree(desk, tmp_path / "desk"))
    assert hotline("train", "--store-labels", "-o", "更正.model", cwd=folder).code == 1, (
        "nobody corrected yet"
    )
    assert not (folder / "更正.model").exists()
    assert hotline("review", "export", "-o", "复核.xlsx", "--top", "40", cwd=folder).code == 0
    book = openpyxl.load_workbook(folder / "复核.xlsx")
    sheet = book["复核"]
    place = {cell.value: cell.column - 1 for cell in sheet[1]}
    for row in sheet.iter_rows(min_row=2):
        wet = "水" in row[place["标题"]].value
        row[place["正确类别"]].value = "供水供电供气供热" if wet else "物业管理"
    book.save(folder / "复核.xlsx")
    book.close()
    assert hotline("review", "import", "复核.xlsx", cwd=folder).code == 0
    ran = hotline("train", "--store-labels", "-o", "更正.model", cwd=folder)
    assert ran.code == 0, ran.err
    assert "模型不会归入它们" in ran.err
    assert hotline("classify", "--all", "--model", "更正.model", cwd=folder).code == 0
    shares = json.loads(hotline("report", "categories", "--format", "json", cwd=folder).out)
    assert {row["category"] for row in shares["rows"]} == {"供水供电供气供热", "物业管理", "未归类"}
    mixed = ("train", "历史.csv", "--label", "主办单位", "--store-labels", "-o", "混.model")
    assert "没有相同的类别" in hotline(*mixed, cwd=folder).err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("train", "历史.csv", "--label", "主办单", "-o", "x.model"), 2, "是不是 主办单位？"),
        (("train", "历史.csv", "-o", "x.model"), 2, "没有写要学什么"),
        (("train", "--label", "主办单位", "-o", "x.model"), 2, "没有写要学什么"),
        (("train", "单类.csv", "--label", "主办单位", "-o", "x.model"), 1, "只有 1 个可学的类别"),
        (("train", "历史.csv", "--label", "主办单位", "-o", "历史.csv"), 2, "不会覆盖"),
        (("train", "历史.csv", "--label", "主办单位", "-o", "没有/x.model"), 1, "输出目录不存在"),
        (("evaluate", "历史.csv", "--label", "主办单位", "--model", "历史.csv"), 1, "不是模型文件"),
        (("evaluate", "历史.csv", "--label", "主办单位", "--table", "x"), 2, "没有 x 这张表"),
        (("evaluate", "历史.csv", "--label", "主办单位", "--zero-shot", "--holdout"), 2, "只能用一个"),
        (("evaluate", "空列.csv", "--label", "主办单位", "--zero-shot"), 1, "没有任何标签"),
        (("suggest", "--model", "没有.model"), 1, "找不到模型文件"),
    ],
)
def test_what_cannot_be_done_says_why(desk: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    write(desk / "单类.csv", [(t, c, "物业科") for t, c, _ in lines(9)])
    write(desk / "空列.csv", [(t, c, "") for t, c, _ in lines(9)])
    before = (desk / "历史.csv").read_bytes()
    ran = hotline(*arguments, cwd=desk)
    assert (ran.code, said in ran.err) == (code, True), ran.err
    assert ran.err.count("\n") == 1
    assert (desk / "历史.csv").read_bytes() == before
    assert not (desk / "x.model").exists()


def test_sister_files_are_joined_and_rows_without_a_title_stay_in_step(tmp_path: Path) -> None:
    detail = ["反映标题,反映内容,反映时间,受理编号,受理单位,处理状态,链接"]
    listed = ["信件标题,信件编号,办理单位,状态,类型,链接"]
    for i, (title, content, department) in enumerate(lines(60)):
        named = "" if i % 4 == 0 else title
        detail.append(f"{named},{content},2025-06-03 10:00:00,G{i},{department},已办结,http://x/{i}")
        listed.append(f"{named},G{i},{department},已办结,{'投诉' if i % 3 else '咨询'},http://x/{i}")
    (tmp_path / "detail.csv").write_text("\n".join(detail), encoding="utf-8")
    (tmp_path / "list.csv").write_text("\n".join(listed), encoding="utf-8")
    ran = hotline(
        *("evaluate", "detail.csv", "list.csv", "--label", "类型", "--holdout"),
        *("--table", "figures", "--format", "json"),
        cwd=tmp_path,
    )
    assert ran.code == 0, ran.err
    # the kind follows from the department, so texts and labels in step are easy to learn
    assert json.loads(ran.out)["totals"]["accuracy"] == 1.0


def test_a_model_of_categories_suggests_no_department(desk: Path) -> None:
    from hotline_tools.classify import Classifier
    from hotline_tools.errors import ModelError
    from hotline_tools.jobs.suggesting import require_other_label

    with pytest.raises(ModelError, match="不能建议承办单位"):
        require_other_label(Classifier.default())
