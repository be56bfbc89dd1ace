"""The patterns of written times: what each lets through, and that they stand once."""

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import hotline_tools
from hotline_tools import dates

CELLS = ("DAY_CELL", "CLOCK_CELL", "TIME_CELL", "TELLING_TIME_CELL", "STRICT_TIME_CELL", "STRICT_CLOCK_CELL")
LOOKS_LIKE = [
    # cell, the patterns that let it through
    ("2025-06-03", {"DAY_CELL", "TIME_CELL", "TELLING_TIME_CELL", "STRICT_TIME_CELL"}),
    ("2025年6月3日 08:30", {"DAY_CELL", "TIME_CELL", "TELLING_TIME_CELL", "STRICT_TIME_CELL"}),
    ("113/06/03", {"DAY_CELL", "TIME_CELL", "TELLING_TIME_CELL"}),
    ("6/3/2025 8:30", {"STRICT_TIME_CELL"}),
    ("20250603", {"DAY_CELL", "TIME_CELL", "TELLING_TIME_CELL", "STRICT_TIME_CELL"}),
    ("20259903", {"DAY_CELL", "TIME_CELL", "TELLING_TIME_CELL"}),
    ("1130603", {"DAY_CELL", "TIME_CELL", "STRICT_TIME_CELL"}),
    ("20250603083000", {"TIME_CELL", "TELLING_TIME_CELL", "STRICT_TIME_CELL"}),
    ("1748910600", {"TIME_CELL", "TELLING_TIME_CELL"}),
    ("45811.354", {"TIME_CELL"}),
    ("08:30", {"CLOCK_CELL", "STRICT_CLOCK_CELL"}),
    ("8时30分", {"CLOCK_CELL"}),
    ("83000", {"TIME_CELL", "STRICT_CLOCK_CELL"}),
    ("路灯不亮", set()),
    ("13812345678", set()),
]


@pytest.mark.parametrize(("cell", "expected"), LOOKS_LIKE, ids=[c[0] for c in LOOKS_LIKE])
def test_what_looks_like_a_time_in_a_cell_and_in_a_column(cell: str, expected: set[str]) -> None:
    patterns = {name: getattr(dates, name) for name in CELLS}
    assert {name for name, pattern in patterns.items() if re.search(pattern, cell)} == expected
    column = pa.array([cell])
    assert {n for n, p in patterns.items() if pc.match_substring_regex(column, p)[0].as_py()} == expected


@pytest.mark.parametrize("notation", dates.NOTATIONS, ids=lambda n: n.kind)
def test_a_notation_reads_the_same_parts_in_a_cell_and_in_a_column(notation: dates.Notation) -> None:
    for cell in ("2025-06-03 下午3:05:07", "03/04/2025", "民國99年5月6日", "20250603 0830", "1748910600123"):
        found = re.match(notation.pattern, cell)
        parts = pc.extract_regex(pa.array([cell]), notation.pattern)[0].as_py()
        assert parts == (found and {name: text or "" for name, text in found.groupdict().items()})


def test_no_other_module_writes_a_date_pattern() -> None:
    root = Path(hotline_tools.__file__).parent
    written = re.compile(r"\[-/\.?[年月]|\[-/\]\\d|\[:：时|上午\|")
    assert [
        str(f) for f in root.rglob("*.py") if f.name != "dates.py" and written.search(f.read_text("utf-8"))
    ] == []
    assert written.search((root / "dates.py").read_text("utf-8"))
