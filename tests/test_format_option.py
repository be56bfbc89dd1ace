"""``--format`` and ``-o`` together: the form that is named, that of the suffix, and what contradicts."""

from pathlib import Path

import pytest

from cli import hotline
from hotline_tools.render.registry import chosen_form

HEADS = {
    "csv": b"\xef\xbb\xbf",
    "json": b"{",
    "md": b"#",
    "html": b"<!DOCTYPE",
    "xlsx": b"PK",
    "docx": b"PK",
    "parquet": b"PAR1",
}


@pytest.mark.parametrize("form", HEADS)
def test_a_file_without_a_suffix_is_written_in_the_form_that_is_named(
    form: str, briefing_year: Path, tmp_path: Path
) -> None:
    ran = hotline("report", "channels", "--format", form, "-o", tmp_path / "报表", cwd=briefing_year)
    assert ran.code == 0, ran.err
    assert (tmp_path / "报表").read_bytes().lower().startswith(HEADS[form].lower())


CHOSEN = [
    (None, None, "table"),
    ("json", None, "json"),
    (None, "a.csv", "csv"),
    ("csv", "a.CSV", "csv"),
    ("csv", "a", "csv"),
]


@pytest.mark.parametrize(("form", "output", "chosen"), CHOSEN)
def test_the_form(form: str | None, output: str | None, chosen: str) -> None:
    assert chosen_form(form, Path(output) if output else None) == chosen


@pytest.mark.parametrize(
    "line",
    ["--format csv -o a.xlsx", "-o a", "--format table -o a", "--format xslx", "--format csv -o a.xslx"],
)
def test_what_cannot_be_told_is_refused(line: str, briefing_year: Path) -> None:
    ran = hotline("report", "channels", *line.split(), cwd=briefing_year)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
