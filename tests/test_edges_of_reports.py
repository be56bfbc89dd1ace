"""Edges of reports and briefings: rows shown, zones, chance, names of files, marks by hand."""

from pathlib import Path
from typing import Any

import pytest

from helpers import database_of, orders_of
from hotline_tools.errors import UsageError
from hotline_tools.jobs.brief_each import path_of
from hotline_tools.reports.filters import read_moment
from hotline_tools.reports.kpi.dispersion import Dispersion, homogeneity_p
from hotline_tools.reports.kpi.profile_file import load_profile
from hotline_tools.reports.query import Query
from hotline_tools.reports.registry import find_report

STREETS = orders_of(
    """
received_at | closed_at | status | district | street | handling_level
2025-06-01 | 2025-06-02 | closed | 东区 | 甲街 | 街道
2025-06-01 | 2025-06-02 | closed | 西区 | 乙街 | 不详
2025-06-01 | - | open | 北区 | 丙街 | -
"""
)
PROFILE = Path(__file__).parents[1] / "src/hotline_tools/reports/kpi/profiles/deduction-style.toml"


def told(top: int | None) -> tuple[Any, list[str]]:
    table = find_report("levels").compute(database_of(STREETS), Query(top=top))
    return table.totals, [note.text for note in table.notes]


def test_totals_and_notes_are_of_all_units_however_many_are_shown() -> None:
    assert told(1) == told(None)
    assert told(None)[0]["units"] == 6


def test_units_of_one_order_each_differ_by_chance_alone() -> None:
    assert homogeneity_p([(1, 1)] * 3 + [(0, 1)] * 3, Dispersion()) == 1.0


@pytest.mark.parametrize("text", ["2025-06-20T18:00+08:00", "2025-06-20T10:00Z"])
def test_a_moment_is_a_time_of_the_wall(text: str) -> None:
    with pytest.raises(UsageError, match="时刻"):
        read_moment(text)


def test_departments_whose_names_a_file_cannot_tell_apart_have_files_of_their_own() -> None:
    names = ["城管局/一科", "城管局 一科", "DG局", "dg局", "水务局"]
    paths = [path_of(Path("通报.docx"), name, names).name for name in names]
    assert len({path.casefold() for path in paths}) == len(names)
    assert paths[-1] == "通报-水务局.docx"


@pytest.mark.parametrize(
    ("marks", "wrong"),
    [("市公安局,9O\n市城管局,80\n", "第 1 行"), ("单位,得分\n市城管局,80\n市城管局,70\n", "第 3 行")],
)
def test_no_line_of_marks_is_lost(tmp_path: Path, marks: str, wrong: str) -> None:
    text = PROFILE.read_text(encoding="utf-8").replace(
        'kind = "basic"\npoints = 100', 'kind = "basic"\npoints = 100\nmarks = "m.csv"'
    )
    (tmp_path / "p.toml").write_text(text, encoding="utf-8")
    (tmp_path / "m.csv").write_text(marks, encoding="utf-8")
    with pytest.raises(Exception, match=wrong):
        load_profile(tmp_path / "p.toml")


def test_the_series_of_cross_are_the_columns_that_its_rows_have() -> None:
    assert find_report("cross").series(Query(by="subcategory"))["category"] == "street"
