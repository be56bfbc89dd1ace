"""Killed at any operation on files, a command's rerun leaves what an undisturbed run leaves."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dying import contents, died, left_over, steps_of
from fault_cases import classify_store, import_second, join_issues, make_base, repeats, undo
from hotline_tools.jobs.issue_tables import known_members, load_issues
from hotline_tools.store import Store

LAST_STEPS = 5


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store of two imports with labels and issues."""
    return make_base(tmp_path_factory.mktemp("base")).parent


def chosen_steps(steps: int) -> list[int]:
    """Some steps of the work, and all of the commit at its end; benchmarks/faults.py takes every one."""
    return sorted({1, steps // 3, 2 * steps // 3, *range(max(1, steps - LAST_STEPS), steps + 1)})


@pytest.mark.parametrize("work", [import_second, repeats, classify_store, join_issues, undo])
def test_killed_at_its_steps(work: Callable[[Path], None], base: Path, tmp_path: Path) -> None:
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(base / "store", undisturbed)
    steps = steps_of(work, tmp_path, undisturbed)
    expected = contents(Store.open(undisturbed))
    for step in chosen_steps(steps):
        killed = tmp_path / f"killed-{step}"
        shutil.copytree(base / "store", killed)
        assert died(work, step, tmp_path, killed), f"step {step} of {steps} is never reached"
        assert Store.open(killed).verify() == [], f"killed at step {step}"
        work(killed)
        assert contents(Store.open(killed)) == expected, f"killed at step {step}"
        with Store.open(killed).issue_tables():
            pass  # whoever writes next, and be it nothing, finishes what is pending
        assert left_over(killed) == [], f"killed at step {step}"
        assert Store.open(killed).verify() == [], f"killed at step {step}"


def test_issue_ids_are_given_once(base: Path, tmp_path: Path) -> None:
    """Killed after its members were written, a run once took every id for a new one's."""
    store = tmp_path / "store"
    shutil.copytree(base / "store", store)
    before = known_members(Store.open(store))
    repeats(store)
    issues = load_issues(Store.open(store))["issue_id"].to_pylist()
    assert len(issues) == len(set(issues)) == 2
    assert {key: issue for key, issue in known_members(Store.open(store)).items() if key in before} == before
