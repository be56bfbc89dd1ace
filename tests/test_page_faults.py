"""The count of printed pages that look unfinished, on pages written out by hand."""

import sys
from importlib import import_module
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
page_faults = import_module("page_faults")

HEAD = "类别 工单数 占比"
ROWS = ["物业管理 306 10.5%", "噪声扰民 229 7.8%", "交通管理 204 7.0%"]
MORE = ["城市管理 197 6.7%", "教育 177 6.0%", "市政设施 169 5.8%"]
TEXT = "应办结2928件，其中按时办结2486件，按时办结率84.9%。"


def page(*lines: str) -> list[object]:
    """Lines from the top of a page down, a twentieth of its height apart; cells stand between blanks."""
    return [page_faults.Line(tuple(line.split()), (n + 1) / 20) for n, line in enumerate(lines)]


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ([TEXT, HEAD, *ROWS], [HEAD, *MORE, "注：说明。"], []),
        ([TEXT, HEAD, *ROWS], [TEXT, "二、诉求分类", TEXT], []),
        ([HEAD, *ROWS], ["注：说明。", "还有说明。"], [(2, "notes alone")]),
        ([HEAD, *ROWS], [HEAD, "注2：说明。"], [(2, "notes alone")]),
        ([HEAD, *ROWS], [HEAD, MORE[0], "注：说明。"], [(2, "a row alone")]),
        ([HEAD, *ROWS], [HEAD, MORE[0]], [(2, "a row alone")]),
        # The second line of a name is no row, and a row as tall as a fifth of the page may be alone.
        ([HEAD, *ROWS], [HEAD, MORE[0], "与服务质量"], [(2, "a row alone")]),
        ([HEAD, *ROWS], [HEAD, MORE[0], "理由", "又一理由", "还有理由", "及其他"], []),
        ([TEXT, HEAD], [HEAD, *ROWS], [(1, "head of a table at the foot")]),
        ([TEXT, HEAD, ROWS[0]], [HEAD, *MORE], [(1, "a first row alone")]),
        ([TEXT, "三、办理情况"], [TEXT], [(1, "heading at the foot")]),
        ([TEXT, "（二）镇街"], [TEXT], [(1, "heading at the foot")]),
        ([TEXT, "表3 受理渠道构成"], [HEAD, *ROWS], [(1, "caption at the foot")]),
        ([TEXT, "图3 物业管理最多"], [TEXT], []),  # a chart stands above it
        ([TEXT], ["图3 物业管理最多", TEXT], [(2, "caption without its chart")]),
        ([TEXT], [], [(2, "empty")]),
    ],
)  # fmt: skip
def test_a_page_that_looks_unfinished_is_found(
    first: list[str], second: list[str], found: list[tuple[int, str]]
) -> None:
    assert page_faults.faults([page(*first), page(*second)]) == found


def test_words_are_put_into_lines_and_cells_by_where_they_stand() -> None:
    words = [
        (10, 100, 40, 112, "物业"), (41, 100, 60, 112, "管理"), (90, 102, 110, 114, "306"),
        (10, 80, 30, 92, "类别"), (90, 80, 120, 92, "工单数"), (300, 380, 340, 392, "第 3 页，共 9 页"),
    ]  # fmt: skip
    content = "".join(
        f'<word xMin="{left}" yMin="{top}" xMax="{right}" yMax="{low}">{text.replace(" ", "")}</word>\n'
        for left, top, right, low, text in words
    )
    lines = page_faults._lines(content, 400)
    assert [line.cells for line in lines] == [("类别", "工单数"), ("物业管理", "306")]
    assert [line.place for line in lines] == [0.2, 0.25]
