"""The KPI reports beside SQL and pandas written by hand, on 100,000 orders: every figure is the same.

How fast each is, is measured on 5,000,000 by ``benchmarks/reports.py``, of which this is the small form.
"""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
CASES = (
    "departments", "departments by street", "departments by community", "categories",
    "categories by subcategory", "trend", "trend by street", "channels", "areas", "hours", "pareto", "ledger",
    "loop", "levels", "supervise",
)  # fmt: skip


@pytest.fixture(scope="module")
def benchmark() -> Iterator[ModuleType]:
    sys.path.insert(0, str(BENCHMARKS))
    yield import_module("reports")
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def store(benchmark: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The classified sample year, four times over."""
    place: Path = benchmark.large_store(tmp_path_factory.mktemp("reports"), 100_000).path
    return place


def test_no_case_is_forgotten(benchmark: ModuleType) -> None:
    assert tuple(benchmark.SQL) == CASES


@pytest.mark.parametrize("case", CASES)
def test_figures_are_those_by_hand(case: str, benchmark: ModuleType, store: Path) -> None:
    ours = benchmark.ours(case, store, 1)
    assert sum(map(len, ours.values())) >= 8, "there are figures to compare"
    for other in (benchmark.by_hand, benchmark.pandas):
        pandas = other is benchmark.pandas
        assert benchmark.same(ours, other(case, store, 1), first=pandas), other.__name__


def test_a_wrong_figure_is_seen(benchmark: ModuleType, store: Path) -> None:
    ours = benchmark.ours("channels", store, 1)
    name = next(iter(ours))
    wrong = ours | {name: (ours[name][0] + 1, *ours[name][1:])}
    assert not benchmark.same(ours, wrong)
    assert not benchmark.same(ours, {key: values for key, values in ours.items() if key != name})
