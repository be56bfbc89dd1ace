"""Every command that prints a figure of the docs can still be started after what it measures has changed."""

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"
EXTRAS = {"spark_cluster": "pyspark"}
"""What a benchmark needs that the tests do without."""


@pytest.mark.parametrize("name", sorted(file.stem for file in FOLDER.glob("*.py")))
def test_a_benchmark_finds_all_it_imports(name: str) -> None:
    if name in EXTRAS:
        pytest.importorskip(EXTRAS[name])
    started = subprocess.run(
        [sys.executable, "-c", f"import {name}"], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    assert started.returncode == 0, started.stderr
