"""Header rows as published are mapped as well as the docs say: the benchmark's own figures, as a floor."""

import sys
from pathlib import Path

import pytest

from hotline_tools.sample import generate_month

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.mark.parametrize(("part", "precision", "recall"), [("develop", 0.98, 0.96), ("sealed", 0.97, 0.91)])
def test_published_header_rows_are_mapped(
    part: str, precision: float, recall: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path, str(BENCHMARKS)])
    from recognition import ROWS, SAMPLE
    from recognition_rows import measure

    orders = generate_month("2021-06", 2021, ROWS).orders
    figures = measure(part, orders, SAMPLE, tell=False)
    assert figures.precision >= precision
    assert figures.recall >= recall
