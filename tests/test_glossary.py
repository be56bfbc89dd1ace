"""docs/glossary.md knows every column: its label in the Chinese column, its name in the last one."""

import re
from pathlib import Path

import pytest

from hotline_tools.schema import LABEL_COLUMNS, ORDER_COLUMNS, Column

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (Path(__file__).parents[1] / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("|") and not line.startswith("| ---")
]
COLUMNS = list({column.name: column for column in (*ORDER_COLUMNS, *LABEL_COLUMNS)}.values())


def chinese_terms(cell: str) -> set[str]:
    """Return the terms of a cell: 派单、转办（派单时间） holds three; a term may hold brackets itself."""
    return {cell, *re.split(r"[、（）]", cell), *re.split(r"、", cell)}


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_every_column_has_its_row(column: Column) -> None:
    rows = [row for row in ROWS if f"`{column.name}`" in row[3]]
    assert rows, f"no row names `{column.name}`"
    assert any(column.label in chinese_terms(row[1]) for row in rows), f"no row says {column.label}"


def test_every_row_is_whole_and_no_term_is_explained_twice() -> None:
    assert all(len(row) == 4 and all(row[:3]) for row in ROWS)
    english = [row[0] for row in ROWS if row[0] != "English"]
    assert len(english) == len(set(english))
