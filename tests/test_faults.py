"""Killed at any operation on files, a command's rerun leaves what an undisturbed run leaves."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dying import contents, died, left_over, steps_of
from hotline_tools.jobs.issue_review import join
from hotline_tools.jobs.repeats import find_repeats, known_members, load_issues
from hotline_tools.library import classify, import_files
from hotline_tools.store import Store

HEADER = "工单编号,受理时间,诉求标题,诉求内容,诉求地点,诉求类型,来电人电话\n"
LIFT = "电梯坏了半个月没人修，老人上下楼困难，物业一直推脱"
NOISE = "楼下烧烤店夜里油烟和噪声很大，营业到凌晨两点"
ORDERS = [
    f"A{n},2025-0{1 + n // 4}-{n + 10} 09:00:00,{place}{text[:5]},{place}{text},{place},投诉,1381111000{n}"
    for n, (place, text) in enumerate(
        [("碧水嘉园", LIFT), ("碧水嘉园", LIFT), ("翠湖花园", NOISE), ("翠湖花园", NOISE)] * 2
    )
]
LAST_STEPS = 8


def import_file(store: Path, path: Path) -> None:
    import_files(Store.open(store, create=True), [path])


def repeats(store: Path) -> None:
    find_repeats(Store.open(store), workers=1)


def classify_store(store: Path) -> None:
    classify(Store.open(store))


def join_issues(store: Path) -> None:
    """Join all issues into the first, unless that is done already."""
    opened = Store.open(store)
    names = load_issues(opened)["issue_id"].to_pylist()
    if len(names) > 1:
        join(opened, names)


def undo(store: Path) -> None:
    """Take the last import back, unless that is done already."""
    opened = Store.open(store)
    if opened.records()[-1].undone_at is None:
        opened.undo(opened.records()[-1].import_id)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two imports with labels and issues."""
    folder = tmp_path_factory.mktemp("base")
    for name, rows in (("一.csv", ORDERS[:5]), ("二.csv", ORDERS[4:])):
        (folder / name).write_text(HEADER + "\n".join(rows), encoding="utf-8")
    import_file(folder / "store", folder / "一.csv")
    classify_store(folder / "store")
    repeats(folder / "store")
    import_file(folder / "store", folder / "二.csv")
    return folder


def chosen_steps(steps: int) -> list[int]:
    """Some steps of the work, and all of the commit at its end; benchmarks/faults.py takes every one."""
    return sorted({1, steps // 3, 2 * steps // 3, *range(max(1, steps - LAST_STEPS), steps + 1)})


@pytest.mark.parametrize("work", [repeats, classify_store, join_issues, undo])
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
