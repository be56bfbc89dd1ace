"""The name in a row's own column of names is in no text of that row."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cli import hotline
from hotline_tools.layouts import Match
from hotline_tools.normalise import without_own_names
from hotline_tools.privacy import hide_latin_name, hide_name, hide_number

HEADER = "工单编号,受理时间,诉求标题,诉求内容,诉求地点,来电人姓名,处理结果,回访备注"
TEXTS = {
    "title": "关于欧阳立秋家漏水",
    "content": "昨天欧阳立秋家漏水多日，欧阳立秋多次找物业，王小满也在场，一直没有修好",
    "address": "春晖路3号欧阳立秋户",
    "reply": "经查，欧阳立秋家的水管已修复，由维修员王小满上门处理完毕",
    "extra": "欧阳立秋很满意本次的处理",
}
NAMES = ["欧阳立秋", "王小满", "欧阳立秋", "李女士", "匿名"]


def lines(name: str, number: int) -> list[str]:
    t = TEXTS
    day = f"2025-06-0{number + 1} 10:00"
    return [f"GD00{number}", day, t["title"], t["content"], t["address"], name, t["reply"], t["extra"]]


def export(path: Path) -> Path:
    rows = [lines(name, number) for number, name in enumerate(NAMES)]
    if path.suffix == ".json":
        records = [dict(zip(HEADER.split(","), row, strict=True)) for row in rows]
        path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    else:
        path.write_text("\n".join([HEADER, *map(",".join, rows)]), encoding="utf-8")
    return path


def stored(folder: Path) -> list[dict[str, str]]:
    files = sorted((folder / "hotline-store/orders").rglob("*.parquet"))
    rows = [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]
    return sorted(rows, key=lambda row: row["row_number"])


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_the_callers_name_is_hidden_in_the_texts_of_its_row_only(suffix: str, tmp_path: Path) -> None:
    export(tmp_path / f"六月.{suffix}")
    assert hotline("import", f"六月.{suffix}", cwd=tmp_path).code in (0, 3)
    rows = stored(tmp_path)
    for row in (rows[0], rows[2]):
        for field, text in TEXTS.items():
            assert text.replace("欧阳立秋", "欧阳**") in row[field], field
    assert "王*" not in rows[0]["content"]
    assert rows[1]["reply"] == TEXTS["reply"].replace("王小满", "王**")
    assert "欧阳立秋" in rows[1]["content"]
    for row in rows[3:]:
        assert row["content"] == TEXTS["content"]
    assert ["masked" in (row["quality_flags"] or "") for row in rows] == [True] * 3 + [False] * 2


def test_the_same_file_again_is_unchanged_and_keys_do_not_depend_on_masking(tmp_path: Path) -> None:
    export(tmp_path / "六月.csv")
    hotline("import", "六月.csv", cwd=tmp_path)
    again = hotline("import", "六月.csv", "--format", "json", cwd=tmp_path)
    row = json.loads(again.out)["rows"][0]
    assert (row["read"], row["unchanged"], row["new"], row["updated"]) == (5, 5, 0, 0)
    keys = [(order["order_key"], order["content_hash"][:32]) for order in stored(tmp_path)]
    kept = tmp_path / "保留"
    kept.mkdir()
    hotline("-q", "import", str(tmp_path / "六月.csv"), "--keep-personal-data", cwd=kept)
    assert [(order["order_key"], order["content_hash"][:32]) for order in stored(kept)] == keys
    assert stored(kept)[0]["content"] == TEXTS["content"]


def test_a_rejected_row_is_without_its_name(tmp_path: Path) -> None:
    path = export(tmp_path / "六月.csv")
    row = "GD009,2025-06-09 10:00,关于高立冬家漏水,高立冬家漏水,多日,无人,管,高立冬,已修,好,了"
    path.write_text(f"{path.read_text('utf-8')}\n{row}", encoding="utf-8")
    hotline("import", "六月.csv", cwd=tmp_path)
    raw = [
        row["raw"]
        for file in (tmp_path / "hotline-store/rejects").rglob("*.parquet")
        for row in pq.ParquetFile(file).read().to_pylist()
    ]
    assert len(raw) == 1
    assert "高**家漏水" in raw[0]
    assert "高立冬" not in raw[0]


def test_classify_with_mask_hides_it_too(tmp_path: Path) -> None:
    export(tmp_path / "六月.csv")
    hotline("classify", "六月.csv", "-o", "遮.csv", "--mask", cwd=tmp_path)
    shown = (tmp_path / "遮.csv").read_text("utf-8-sig").splitlines()
    assert "欧阳立秋" not in shown[1]
    assert "欧阳**多次找物业" in shown[1]
    assert "王小满上门" not in shown[2]


ALONE = [
    (
        "高峰",
        "早高峰期高峰路段拥堵，高峰反映，市民高峰来电。高峰",
        "早高峰期高峰路段拥堵，高*反映，市民高*来电。高*",
    ),
    ("安全", "请注意安全生产，（已告知安全）", "请注意安全生产，（已告知安*）"),
    ("王芳", "王芳13912345678；王芳女士", "王*13912345678；王*女士"),
    ("于立冬", "昨天于立冬家于立冬", "昨天于**家于**"),
    ("诸葛雨", "找诸葛雨家", "找诸葛*家"),
]


@pytest.mark.parametrize(("name", "text", "expected"), ALONE, ids=[case[0] for case in ALONE])
def test_a_name_of_two_characters_must_stand_alone(name: str, text: str, expected: str) -> None:
    assert hide_name(text, name) == expected


def match(drop: tuple[str, ...]) -> Match:
    return Match(None, 0.0, {"content": ["内容"]}, {}, {}, drop=drop, unmapped=["备注"])


CELLS = [
    "张三丰",
    " 张 三丰 ",
    "张女士",
    "张某某",
    "游客",
    "高新区",
    "满族",
    "13912345678",
    None,
    "和平街道办",
]


@pytest.mark.parametrize(("header", "hidden"), [("姓名", 3), ("民族", 0), ("籍贯", 0)])
def test_only_cells_that_are_names_count(header: str, hidden: int) -> None:
    text = "，".join(["张三丰", "张女士", "张某某", "游客", "高新区", "满族", "和平街道办"])
    rows = pa.table({header: CELLS, "内容": [text] * len(CELLS), "单位": [text] * len(CELLS)})
    shown = without_own_names(rows, match((header,)))
    assert [cell != text for cell in shown["内容"].to_pylist()].count(True) == hidden
    assert shown["单位"].to_pylist() == [text] * len(CELLS)
    assert shown[header].to_pylist() == CELLS


def test_texts_without_names_are_the_same_objects() -> None:
    rows = pa.table({"姓名": ["张三丰", None], "内容": ["停水", None], "备注": pa.nulls(2, pa.string())})
    assert without_own_names(rows, match(("姓名",))).equals(rows)
    assert without_own_names(rows.slice(0, 0), match(("姓名",))).num_rows == 0
    sliced = pa.table(
        {"姓名": ["李四光", "张三丰"], "内容": ["李四光家", "张三丰家"], "备注": ["a", "b"]}
    ).slice(1)
    assert without_own_names(sliced, match(("姓名",)))["内容"].to_pylist() == ["张**家"]


@pytest.mark.parametrize(
    ("text", "number", "shown"),
    [
        ("另有乔丽华，0571-87654321 未回", "87654321", "另有乔丽华，************* 未回"),
        ("留言：87654321。", "87654321", "留言：********。"),
        ("call me at +91 9845012345", "9845012345", "call me at **************"),
        ("工单1876543219号", "87654321", "工单1876543219号"),
        ("没有号码", "87654321", "没有号码"),
    ],
)
def test_a_number_is_hidden_where_it_is_one_of_its_own(text: str, number: str, shown: str) -> None:
    assert hide_number(text, number) == shown


def test_a_latin_name_is_hidden_as_a_whole() -> None:
    assert hide_latin_name("Ravi Kumar says that Ravi Kumarappa", "Ravi Kumar") == (
        "R*** K**** says that Ravi Kumarappa"
    )


def test_the_callers_own_number_and_latin_name_are_hidden_in_the_texts_of_the_row(tmp_path: Path) -> None:
    rows = [
        "工单编号,受理时间,诉求内容,来电人姓名,联系电话",
        "A1,2025-06-01 09:00,楼道灯坏了（乔丽华 0571-87654321）另有87654322,乔丽华,0571-87654321",
        "A2,2025-06-02 09:00,Street light broken; Ravi Kumar 9845012345,Ravi Kumar,+91 98450 12345",
        "A3,2025-06-03 09:00,合同号87654321一直未办,李立冬,87654320",
        "A4,2025-06-04 09:00,三号楼漏水已经三天没有人来修,王立春,13800138000",
    ]
    (tmp_path / "a.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
    assert hotline("import", "a.csv", cwd=tmp_path).code in (0, 3)
    contents = [row["content"] for row in stored(tmp_path)]
    assert "87654321" not in contents[0]
    assert "87654322" in contents[0], "a number of somebody else's that no word calls a telephone"
    assert "Ravi Kumar" not in contents[1]
    assert "9845012345" not in contents[1]
    assert contents[2] == "合同号87654321一直未办", "not the row's own"
    assert contents[3] == "三号楼漏水已经三天没有人来修"
