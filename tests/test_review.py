"""Review loop: the right orders are chosen, people fill the workbook, their answers win."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from cli import Ran, hotline
from hotline_tools.classify.annotators import Answer, agreements, cohens_kappa, settled
from hotline_tools.classify.selection import control_sample, interleaved, most_useful, uncertainty
from hotline_tools.engine import Engine
from hotline_tools.jobs.review_tables import ControlFigure
from hotline_tools.render.review_book import LIST_SHEET, REVIEW_SHEET
from hotline_tools.store import Store

THINGS = [
    "路灯不亮",
    "物业不管电梯",
    "工地夜里施工",
    "公交不到站",
    "医保报销",
    "公园蚊子多",
    "想问一件事",
    "谢谢",
]
Edit = Callable[[list[dict[str, openpyxl.cell.Cell]]], None]


# What is chosen


def test_uncertainty_is_one_less_the_margin() -> None:
    doubt = uncertainty([0.9, 0.5, 0.4, None], ["甲:0.05;乙:0.01", "甲：乙:0.45", None, ""])
    assert doubt.tolist() == pytest.approx([0.15, 0.95, 0.6, 1.0])


def test_the_most_useful_are_doubtful_and_different() -> None:
    # 0 and 1 are the same text, 2 is like 0, 3 is of another kind but less doubtful, 4 is certain
    points = sp.csr_matrix(np.array([[1, 0, 0], [1, 0, 0], [0.8, 0.6, 0], [0, 0, 1], [0, 1, 0]]))
    doubt = np.array([1.0, 0.99, 0.9, 0.6, 0.0])
    assert most_useful(doubt, points, 3).tolist() == [0, 3, 2]
    assert 1 not in most_useful(doubt, points, 5).tolist(), "a near-duplicate is never taken"
    assert most_useful(doubt[:0], points[:0], 3).tolist() == []


def test_control_rows_do_not_depend_on_other_rows() -> None:
    keys = [f"k{i}" for i in range(500)]
    first = {keys[i] for i in control_sample(keys, 50)}
    backwards = keys[::-1]
    assert {backwards[i] for i in control_sample(backwards, 50)} == first
    rest = [key for key in keys if key not in first]
    assert not first & {rest[i] for i in control_sample(rest, 50)}
    # nothing about a key but its hash decides: the numbers drawn are spread out
    assert 180 < np.mean([int(key[1:]) for key in first]) < 320


def test_control_rows_stand_between_the_others() -> None:
    mixed = interleaved([1, 2, 3, 4], [8, 9])
    assert [position for position, _ in mixed] == [1, 8, 2, 3, 9, 4]
    assert [position for position, is_control in mixed if is_control] == [8, 9]


# Several people


@pytest.mark.parametrize(
    ("first", "second", "kappa"),
    [
        ("aabb", "aabb", 1.0),
        ("aabb", "abab", 0.0),
        ("ab", "ba", -1.0),
        # Cohen's 2 × 2 example with 50 proposals: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no
        ("y" * 25 + "n" * 25, "y" * 20 + "n" * 5 + "y" * 10 + "n" * 15, 0.4),
        ("aaa", "aaa", None),
        ("", "", None),
    ],
)
def test_kappa(first: str, second: str, kappa: float | None) -> None:
    assert cohens_kappa(first, second) == (None if kappa is None else pytest.approx(kappa))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), max_size=30))
def test_kappa_is_symmetric_and_at_most_one(pairs: list[tuple[str, str]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    kappa = cohens_kappa(first, second)
    assert kappa == cohens_kappa(second, first)
    assert kappa is None or kappa <= 1


def answer(person: str, category: str, sub: str | None = None, kind: str | None = None) -> Answer:
    return Answer("k", person, category, sub, kind)


@pytest.mark.parametrize(
    ("given_", "majority", "expected"),
    [
        ([answer("张", "甲", "一")], False, ("甲", "一", None)),
        ([answer("张", "甲", "一"), answer("李", "甲", None, "投诉")], False, ("甲", "一", "投诉")),
        ([answer("张", "甲"), answer("李", "乙")], False, None),
        ([answer("张", "甲"), answer("李", "乙")], True, None),
        ([answer("张", "甲"), answer("李", "乙"), answer("王", "甲")], False, None),
        ([answer("张", "甲"), answer("李", "乙"), answer("王", "甲")], True, ("甲", None, None)),
        ([answer("张", "甲", "一"), answer("李", "甲", "二")], False, None),
        (
            [answer("张", "甲", "一"), answer("李", "甲", "二"), answer("王", "甲", "二")],
            True,
            ("甲", "二", None),
        ),
        ([answer("张", "甲", None, "投诉"), answer("李", "甲", None, "求助")], True, None),
    ],
)  # fmt: skip
def test_what_counts(given_: list[Answer], majority: bool, expected: tuple[str, ...] | None) -> None:
    verdict = settled(given_, majority=majority)
    got = None if verdict is None else (verdict.category, verdict.subcategory, verdict.request_type)
    assert got == expected


def test_pairs_of_people_without_a_common_order_are_left_out() -> None:
    answers = [Answer("1", "张", "甲"), Answer("1", "李", "甲"), Answer("2", "王", "甲")]
    assert [(a.first, a.second, a.orders, a.kappa) for a in agreements(answers)] == [("张", "李", 1, None)]


def test_the_interval_is_wilsons() -> None:
    low, high = ControlFigure.of([("甲", "甲")] * 8 + [("甲", "乙")] * 2).interval()
    assert (low, high) == (pytest.approx(0.4902, abs=1e-3), pytest.approx(0.9433, abs=1e-3))


# The whole way, through Excel


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    desk = tmp_path_factory.mktemp("desk")
    lines = ["工单编号,受理时间,诉求标题,诉求内容,所属区县"]
    for i in range(60):
        text = f"{THINGS[i % 8]}，请处理，电话13800138{i:03d}"
        lines.append(f"W{i:03d},2025-0{6 + i % 2}-01 10:00,{THINGS[i % 8]},{text},甲区")
    (desk / "工单.csv").write_text("\n".join(lines), encoding="utf-8")
    assert hotline("import", "工单.csv", "--keep-personal-data", cwd=desk).code == 0
    ran = hotline("review", "export", "-o", "复核.xlsx", "--top", "20", cwd=desk)
    assert ran.code == 0, ran.err
    return desk


@pytest.fixture
def desk(exported: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(exported, tmp_path / "desk"))


def rows_of(path: Path) -> tuple[openpyxl.Workbook, list[dict[str, openpyxl.cell.Cell]]]:
    book = openpyxl.load_workbook(path)
    header, *rows = book[REVIEW_SHEET].iter_rows()
    return book, [dict(zip([c.value for c in header], row, strict=True)) for row in rows]


def fill(desk: Path, name: str, edit: Edit, person: str | None = None) -> Path:
    """Fill the exported workbook as a person would and save it as ``name``."""
    book, rows = rows_of(desk / "复核.xlsx")
    edit(rows)
    if person:
        book["说明"]["B3"] = person
    book.save(desk / name)
    book.close()
    return desk / name


def judge(category: str, subcategory: str | None = None, count: int | None = None) -> Edit:
    def edit(rows: list[dict[str, openpyxl.cell.Cell]]) -> None:
        for row in rows[:count]:
            row["正确类别"].value, row["正确子类"].value = category, subcategory

    return edit


def labels(desk: Path) -> list[tuple[object, ...]]:
    with Engine(Store.open(desk / "hotline-store")) as engine:
        found = engine.query(
            "SELECT category, subcategory, needs_review, label_origin FROM orders "
            "WHERE label_origin = 'person' ORDER BY order_id"
        )
    return [tuple(row.values()) for row in found.to_pylist()]


def test_the_workbook(exported: Path) -> None:
    book, rows = rows_of(exported / "复核.xlsx")
    sheet = book[REVIEW_SHEET]
    assert 4 < len(rows) <= 20
    random = [row for row in rows if row["取样"].value == "随机"]
    assert len(random) == 4
    assert all(row["模型类别"].value is None and row["依据"].value is None for row in random)
    assert all(row["模型类别"].value for row in rows if row not in random)
    doubtful = [row["标题"].value for row in rows if row not in random]
    assert len(doubtful) == len(set(doubtful)) > 4, "near-duplicates come once"
    assert not any("13800138" in str(row["内容"].value) for row in rows), "masked though the store is not"
    assert any("138****" in str(row["内容"].value) or "***" in str(row["内容"].value) for row in rows)
    assert sheet.protection.sheet
    assert rows[0]["工单键"].protection.locked
    assert not rows[0]["正确类别"].protection.locked
    lists = {str(v.sqref).split(":")[0]: v.formula1 for v in sheet.data_validations.dataValidation}
    assert lists["F2"] == f"{LIST_SHEET}!$A$1:$A$27"
    assert "MATCH($F2" in lists["G2"]
    assert lists["H2"].startswith(f"{LIST_SHEET}!$B$1:$B$")
    # what the dependent list shows for 物业管理 is that category's run of rows
    pairs = [(r[3], r[4]) for r in book[LIST_SHEET].iter_rows(values_only=True) if r[3]]
    runs = [name for i, (name, _) in enumerate(pairs) if i == 0 or pairs[i - 1][0] != name]
    assert len(runs) == len(set(runs))
    assert ("物业管理", "电梯运行") in pairs
    assert book[LIST_SHEET].sheet_state == "hidden"
    book.close()


def test_corrections_win_in_reports_and_outlive_reclassifying(desk: Path) -> None:
    fill(desk, "填好.xlsx", judge("物业管理", "电梯运行", 10), person="张三")
    ran = hotline("review", "import", "填好.xlsx", cwd=desk)
    assert ran.code == 0, ran.err
    assert "写入 10 件" in ran.err
    assert "张三" in ran.out
    assert labels(desk) == [("物业管理", "电梯运行", False, "person")] * 10
    assert hotline("classify", "--all", cwd=desk).code == 0
    assert len(labels(desk)) == 10
    shown = hotline("report", "categories", "--format", "json", "--category", "物业管理", cwd=desk)
    assert '"物业管理"' in shown.out
    again = hotline("review", "export", "-o", "二.xlsx", "--top", "60", cwd=desk)
    assert "50 件未经人工复核" in again.err


def test_what_is_left_empty_stays_the_models(desk: Path) -> None:
    def agree(rows: list[dict[str, openpyxl.cell.Cell]]) -> None:
        for row in rows:
            if row["模型子类"].value:
                row["正确类别"].value = row["模型类别"].value

    _, rows = rows_of(fill(desk, "填好.xlsx", agree))
    expected = sorted(
        (r["工单编号"].value, r["模型类别"].value, r["模型子类"].value) for r in rows if r["正确类别"].value
    )
    assert expected
    assert hotline("review", "import", "填好.xlsx", cwd=desk).code == 0
    assert [(c, s) for c, s, *_ in labels(desk)] == [(c, s) for _, c, s in expected]


def test_random_rows_estimate_the_accuracy(desk: Path) -> None:
    with Engine(Store.open(desk / "hotline-store")) as engine:
        model = {
            r["order_key"]: r["category"] for r in engine.query("SELECT * FROM model_labels").to_pylist()
        }

    def edit(rows: list[dict[str, openpyxl.cell.Cell]]) -> None:
        random = [row for row in rows if row["取样"].value == "随机"]
        for row in random[:3]:
            row["正确类别"].value = model[row["工单键"].value]
        random[3]["正确类别"].value = next(
            n for n in ("文体旅游", "其他") if n != model[random[3]["工单键"].value]
        )

    fill(desk, "填好.xlsx", edit)
    ran = hotline("review", "import", "填好.xlsx", cwd=desk)
    assert "随机的 4 件里模型判对 3 件（75%）" in ran.err


def import_two(desk: Path, *more: str) -> Ran:
    fill(desk, "甲.xlsx", judge("物业管理", "电梯运行", 6))

    def other(rows: list[dict[str, openpyxl.cell.Cell]]) -> None:
        judge("物业管理", None, 4)(rows)
        judge("生态环境")(rows[4:6])

    fill(desk, "乙.xlsx", other)
    return hotline("review", "import", "甲.xlsx", "乙.xlsx", *more, cwd=desk)


def test_conflicts_are_listed_and_not_applied(desk: Path) -> None:
    ran = import_two(desk, "-o", "分歧.csv")
    assert ran.code == 3, ran.err
    assert "有分歧未写入 2 件" in ran.err
    assert len(labels(desk)) == 4
    assert "κ" in ran.out
    disputes = (desk / "分歧.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len([line for line in disputes if "乙：生态环境" in line]) == 2


def test_a_majority_settles_conflicts(desk: Path) -> None:
    fill(desk, "丙.xlsx", judge("生态环境", None, 6))
    ran = import_two(desk, "丙.xlsx", "--resolve", "majority")
    assert ran.code == 0, ran.err
    assert [row[0] for row in labels(desk)].count("生态环境") == 2


def wrong(column: str, value: str, at: int = 2) -> Edit:
    def edit(rows: list[dict[str, openpyxl.cell.Cell]]) -> None:
        judge("物业管理", "电梯运行", 3)(rows)
        rows[at][column].value = value

    return edit


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            wrong("正确类别", "物业管里"),
            "填好.xlsx 复核 第 4 行“正确类别”：没有“物业管里”，是不是 物业管理？",
        ),
        (wrong("正确子类", "电梯运形"), "第 4 行“正确子类”：“物业管理”下没有“电梯运形”，是不是 电梯运行？"),
        (wrong("正确类别", ""), "第 4 行“正确类别”是空的，却填了“正确子类”"),
        (wrong("正确诉求类型", "投述"), "第 4 行“正确诉求类型”：没有“投述”，是不是 投诉？"),
        (wrong("工单键", "nobody"), "第 4 行：工单库里没有这件工单（nobody）"),
        (wrong("工单键", ""), "第 4 行“工单键”是空的"),
    ],
)
def test_mistakes_name_their_place_and_nothing_is_written(desk: Path, edit: Edit, said: str) -> None:
    fill(desk, "填好.xlsx", edit)
    ran = hotline("review", "import", "填好.xlsx", cwd=desk)
    assert ran.code == 1
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert labels(desk) == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("export", "-o", "复核.csv"), 2, "须是 .xlsx"),
        (("export", "-o", "空.xlsx", "--period", "1999"), 1, "没有可复核的工单"),
        (("export", "-o", "空.xlsx", "--taxonomy", "别的.csv"), 1, "工单库的标注含有“别的”里没有的类别"),
        (("import", "工单.csv"), 1, "不是能读的 Excel"),
        (("import", "没有.xlsx"), 1, "找不到文件"),
        (("import", "别的.xlsx"), 1, "没有“复核”工作表"),
        (("import", "复核.xlsx", "--taxonomy", "别的.csv"), 1, "复核表按“"),
        (("import", "复核.xlsx", "--annotator", "a", "--annotator", "b"), 2, "个数须与文件数相同"),
        (("import", "复核.xlsx", "--resolve", "first"), 2, "只能是 majority"),
    ],
)
def test_what_cannot_be_done_says_why(desk: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    (desk / "别的.csv").write_text("一级分类,二级分类\n甲,一\n乙,二\n", encoding="utf-8")
    book = openpyxl.Workbook()
    book.save(desk / "别的.xlsx")
    book.close()
    ran = hotline("review", *arguments, cwd=desk)
    assert (ran.code, said in ran.err) == (code, True), ran.err
    assert not (desk / "空.xlsx").exists()
