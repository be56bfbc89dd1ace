"""The same export is read alike each month, and where it is not the import says so."""

from pathlib import Path

import pytest

from cli import Ran, hotline

ROWS = 30
TYPES = ("投诉", "咨询", "求助")
KINDS = ("供水", "路灯", "噪声扰民", "物业服务", "停车", "市容")


def write(folder: Path, month: int, kinds: tuple[str, ...], rows: int = ROWS) -> Path:
    head = "工单编号,受理时间,诉求内容,事项类型,主办单位"
    lines = [
        f"T{month}{i:04d},2025-{month:02d}-{i % 28 + 1:02d} 08:{i:02d},"
        f"{i}号楼道灯坏了三天没有人来修,{kinds[i % len(kinds)] if kinds else ''},市城管局"
        for i in range(rows)
    ]
    path = folder / f"{month}月工单.csv"
    path.write_text("\n".join([head, *lines]), encoding="utf-8")
    return path


def imported(folder: Path, month: int, kinds: tuple[str, ...], *options: str) -> Ran:
    return hotline("import", write(folder, month, kinds).name, *options, cwd=folder)


def test_a_column_that_is_another_field_this_month_is_told(tmp_path: Path) -> None:
    first = imported(tmp_path, 5, KINDS)
    assert first.code == 0, first.err
    second = imported(tmp_path, 6, TYPES)
    assert second.code == 3
    assert "“事项类型”上次作 原分类，这次作 诉求类型" in second.err
    assert "请核对 6月工单.csv" in second.err


@pytest.mark.parametrize("kinds", [KINDS, KINDS[:2], ()], ids=["as before", "fewer kinds", "empty"])
def test_the_same_reading_is_not_told(kinds: tuple[str, ...], tmp_path: Path) -> None:
    imported(tmp_path, 5, KINDS)
    second = imported(tmp_path, 6, kinds)
    assert second.code == 0, second.err
    assert "读法不同" not in second.err


def test_an_import_taken_back_and_another_source_are_no_measure(tmp_path: Path) -> None:
    imported(tmp_path, 5, KINDS, "--source", "甲")
    assert "读法不同" not in imported(tmp_path, 6, TYPES, "--source", "乙").err


def test_files_of_one_run_with_the_same_columns_are_read_alike(tmp_path: Path) -> None:
    write(tmp_path, 5, KINDS)
    write(tmp_path, 6, TYPES)
    ran = hotline("import", "5月工单.csv", "6月工单.csv", "--dry-run", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert ran.err.count("请核对：诉求类型←事项类型") == 2, "what the rows of both together say"
    assert "读法不同" not in ran.err


def test_a_sheet_with_too_little_to_tell_is_read_as_those_beside_it(tmp_path: Path) -> None:
    write(tmp_path, 5, KINDS)
    write(tmp_path, 6, KINDS, rows=2)
    ran = hotline("import", "5月工单.csv", "6月工单.csv", "--dry-run", "--format", "json", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert ran.err.count("原分类←事项类型") == 2


def test_a_layout_of_ones_own_decides(tmp_path: Path) -> None:
    imported(tmp_path, 5, KINDS)
    second = write(tmp_path, 6, TYPES)
    assert hotline("layout", "new", second.name, "-o", "我市.toml", cwd=tmp_path).code == 0
    ran = hotline("import", second.name, "--layout", "我市.toml", "--source", "unknown", cwd=tmp_path)
    assert "读法不同" not in ran.err
