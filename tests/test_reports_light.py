"""Reports load no library that they do not need: pandas takes longer to load than most reports take."""

import subprocess
import sys
from pathlib import Path

import pytest

import hotline_tools as ht

HEAVY = ("pandas", "rjieba", "matplotlib", "sklearn", "scipy.stats", "scipy.sparse")
ASK = """
import sys
from pathlib import Path
import hotline_tools as ht
table = ht.report(ht.Store.open(sys.argv[1]), sys.argv[2], period="2025-06")
assert table.rows
print(*(name for name in sys.argv[3:] if name in sys.modules))
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("light")
    lines = ["工单编号,受理时间,诉求内容,工单状态,办结时间,满意度,主办单位,镇街"]
    for n in range(40):
        day = f"2025-06-{1 + n % 28:02}"
        lines.append(f"T{n},{day} 08:00:00,路灯不亮,已办结,{day} 18:00:00,满意,单位{n % 3},镇街{n % 4}")
    (folder / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    opened = ht.Store.open(folder / "store", create=True)
    ht.import_files(opened, [folder / "a.csv"])
    return opened.path


@pytest.mark.parametrize("report", ["departments", "areas", "trend", "loop", "ledger", "channels"])
def test_a_report_that_counts_loads_no_heavy_library(report: str, store: Path) -> None:
    command = [sys.executable, "-c", ASK, str(store), report, *HEAVY]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
