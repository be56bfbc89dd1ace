"""A file that ends in the middle is imported, and everywhere said to be cut off."""

from pathlib import Path

import pytest

from cli import Ran, hotline

ROWS = 40
HEADER = ["工单编号", "受理时间", "承办单位", "诉求内容", "办结时间"]
SAID = "文件的末尾断了"


def cells(number: int) -> list[str]:
    text = f"小区{number}号楼物业不管，电梯坏了,没人修"
    return [
        f"G{number:04d}",
        f"2025-03-{number % 28 + 1:02d} 10:{number:02d}",
        "城管局",
        text,
        "2025-03-30 09:00",
    ]


def csv_of(rows: int = ROWS, *, end: str = "\n", text_last: bool = False) -> str:
    order = [0, 1, 2, 4, 3] if text_last else [0, 1, 2, 3, 4]
    lines = [[HEADER[i] for i in order]]
    lines += [[f'"{row[i]}"' if i == 3 else row[i] for i in order] for row in map(cells, range(rows))]
    return "\n".join(map(",".join, lines)) + end


def html_of(*, end: str = "</table></body></html>") -> str:
    rows = [HEADER, *map(cells, range(ROWS))]
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
    return f"<html><head><meta charset='utf-8'></head><body><table>{body}{end}"


def imported(folder: Path, name: str, content: bytes, *options: str) -> Ran:
    (folder / name).write_bytes(content)
    return hotline("import", name, *options, cwd=folder)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("after two cells.csv", csv_of(ROWS - 1).encode() + b"G0039,2025-03-12 10:39"),
        ("in quotes.csv", csv_of(ROWS - 1).encode() + 'G0039,2025-03-12 10:39,城管局,"小区39'.encode()),
        ("in the last text.csv", csv_of(text_last=True, end="").encode()[:-15]),
        ("in a character.csv", csv_of(text_last=True, end="").encode()[:-2]),
        (
            "gb18030.csv",
            csv_of(ROWS - 1).encode("gb18030") + "G0039,2025-03-12 10:39,城管局".encode("gb18030"),
        ),
        ("page.html", html_of().encode()[:-600]),
        ("page.xls", html_of(end="").encode()),
    ],
)
def test_a_file_that_ends_in_the_middle_is_told(name: str, content: bytes, tmp_path: Path) -> None:
    ran = imported(tmp_path, name, content)
    assert ran.code == 3
    assert f"{name}：{SAID}" in ran.err

    inspected = hotline("inspect", name, cwd=tmp_path)
    assert inspected.code == 3
    assert SAID in inspected.out.replace("\n", "")

    classified = hotline("classify", name, "-o", "out.csv", cwd=tmp_path)
    assert classified.code == 3
    assert f"{name}：{SAID}" in classified.err


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("no last line break.csv", csv_of(end="")),
        ("footer.csv", csv_of() + "合计,40"),
        (
            "writer without empty cells.csv",
            csv_of() + "G0041,2025-03-12 10:39,城管局\nG0042,2025-03-12 10:39,城管局",
        ),
        ("page without its end.html", html_of(end="</body></html>")),
        ("table alone.html", html_of(end="</table>")),
    ],
)
def test_a_file_that_only_looks_unfinished_is_whole(name: str, content: str, tmp_path: Path) -> None:
    assert SAID not in imported(tmp_path, name, content.encode()).err


def test_a_sister_file_that_is_cut_off_is_told(tmp_path: Path) -> None:
    heads = [f"{row[0]},{row[1]},{row[2]}" for row in map(cells, range(ROWS))]
    texts = [f"{row[0]},{row[4]},{row[3].replace(',', '，')}" for row in map(cells, range(ROWS))]
    (tmp_path / "列表.csv").write_text("\n".join(["工单编号,受理时间,承办单位", *heads, ""]))
    (tmp_path / "详情.csv").write_text("\n".join(["工单编号,办结时间,诉求内容", *texts[:-1], texts[-1][:8]]))
    ran = hotline("import", "列表.csv", "详情.csv", cwd=tmp_path)
    assert ran.code == 3
    assert SAID in ran.err


def test_a_job_says_it_in_its_step(tmp_path: Path) -> None:
    (tmp_path / "三月.html").write_bytes(html_of().encode()[:-600])
    (tmp_path / "job.toml").write_text('[inputs]\nfiles = ["*.html"]\n', encoding="utf-8")
    ran = hotline("run", "job.toml", cwd=tmp_path)
    assert ran.code == 3, ran.out + ran.err
    assert "末尾断了" in (ran.out + ran.err).replace("\n", "")
