"""How sure an issue is: what is too unsure is told, kept out of every figure, and counted once confirmed."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from cli import hotline
from hotline_tools.errors import UsageError
from hotline_tools.jobs.issue_review import confirm, find_issue, split
from hotline_tools.jobs.issue_tables import load_issues
from hotline_tools.jobs.repeat_files import issue_list
from hotline_tools.jobs.repeats import find_repeats
from hotline_tools.library import report
from hotline_tools.repeats.clustering.certainty import SURE, closest_of_orders, closest_of_texts
from hotline_tools.repeats.issues.table import is_to_check
from hotline_tools.store import Store

HEADER = "工单编号,受理时间,诉求标题,诉求内容,诉求地点,所属区县,诉求类型,来电人电话,主办单位,工单状态"
LIFT = "电梯坏了半个月没人修，老人上下楼困难，物业一直推脱，请尽快维修"
CLINIC = "康屯社区卫生服务站"
ORDERS = [
    ("1", "碧水嘉园电梯坏了没人修", LIFT, "碧水嘉园"),
    ("2", "投诉碧水嘉园电梯坏了没人修", f"碧水嘉园{LIFT}", "碧水嘉园"),
    ("3", f"{CLINIC}就医不便", f"{CLINIC}停诊不通知。", CLINIC),
    ("4", f"反映{CLINIC}就医难", f"{CLINIC}挂不上号。", CLINIC),
]


LIMIT = 0.96
"""Between the two issues, so that no fit of the comparison model decides what the tests see."""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr("hotline_tools.repeats.issues.table.SURE", LIMIT)
    lines = [
        f"GD2025010{n},2025-01-0{n} 09:00,{title},{content},{place},云河区,投诉,1381111000{n},区局,办理中"
        for n, title, content, place in ORDERS
    ]
    (tmp_path / "一月.csv").write_text("\n".join([HEADER, *lines]), encoding="utf-8-sig")
    assert hotline("import", "一月.csv", cwd=tmp_path).code == 0
    return Store.open(tmp_path / "hotline-store")


def listed(store: Store) -> list[str]:
    return [row["issue_id"] for row in report(store, "repeats").rows]


def test_the_best_pair_inside_the_group_counts() -> None:
    n, group = 5, np.array([0, 0, 0, 3, 4])
    pairs = {(0, 1): 0.5, (1, 2): 0.8, (0, 2): -1.0, (0, 3): 0.95}
    codes = np.array([i * n + j for i, j in pairs])
    found = closest_of_texts(n, codes, np.array(list(pairs.values())), group)
    assert found.tolist() == pytest.approx([0.5, 0.8, 0.8, 0, 0])


def test_orders_of_one_text_and_those_that_name_each_other_are_sure() -> None:
    of_texts = np.array([0.5, 0.7, 0.0], dtype=np.float32)
    text_of = np.array([0, 0, 1, 2, -1])  # the last is not eligible, but names the fourth by its number
    joined, referenced = np.array([False] * 4 + [True]), np.array([-1, -1, -1, -1, 3])
    assert closest_of_orders(of_texts, text_of, joined, referenced).tolist() == pytest.approx(
        [1, 1, 0.7, 1, 1]
    )


def issue(**changed: Any) -> dict[str, Any]:
    return {"callers": 2, "unknown_callers": 0, "certainty": SURE - 0.01, **changed}


def test_only_an_unsure_issue_of_several_people_has_to_be_looked_at() -> None:
    assert is_to_check(issue())
    assert not is_to_check(issue(certainty=SURE))
    assert not is_to_check(issue(callers=1))
    assert is_to_check(issue(callers=1, unknown_callers=1))
    assert not is_to_check(issue(certainty=None)), "of a store of before it was told"


def test_what_is_unsure_is_told_and_counted_nowhere_until_it_is_confirmed(
    store: Store, tmp_path: Path
) -> None:
    found = find_repeats(store, workers=1)
    assert (found.issues, found.to_check) == (2, 1)
    unsure = next(row for row in load_issues(store).to_pylist() if row["to_check"])
    sure = next(row for row in load_issues(store).to_pylist() if not row["to_check"])
    assert unsure["certainty"] < LIMIT <= sure["certainty"]
    assert "卫生服务站" in unsure["label"]

    table = report(store, "repeats")
    assert [row["issue_id"] for row in table.rows] == [sure["issue_id"]]
    assert any("另有 1 个事项把握不足" in note for note in table.notes)
    assert report(store, "repeat-rates").totals["repeat_rate_numerator"] == 2
    waiting = issue_list(store, to_check=True)
    assert [row["issue_id"] for row in waiting.rows] == [unsure["issue_id"]]
    shown = hotline("issues", "show", unsure["issue_id"], cwd=tmp_path).out
    assert f"待核实：把握 {unsure['certainty']:.0%}" in shown

    ran = hotline("issues", "confirm", unsure["issue_id"], cwd=tmp_path)
    assert (ran.code, unsure["issue_id"] in ran.err) == (0, True)
    assert sorted(listed(store)) == sorted([sure["issue_id"], unsure["issue_id"]])
    assert report(store, "repeat-rates").totals["repeat_rate_numerator"] == 4
    assert find_repeats(store, workers=1).to_check == 0, "what a person said outlives a rerun"
    assert len(listed(store)) == 2


def test_a_confirmed_issue_can_still_be_taken_apart(store: Store) -> None:
    find_repeats(store, workers=1)
    unsure = next(row for row in load_issues(store).to_pylist() if row["to_check"])
    confirm(store, [unsure["issue_id"]])
    split(store, unsure["issue_id"], [unsure["order_ids"][0]])
    with pytest.raises(UsageError):
        find_issue(store, unsure["issue_id"])


def test_a_decision_on_one_issue_leaves_the_certainty_of_the_others(store: Store) -> None:
    find_repeats(store, workers=1)
    before = {row["issue_id"]: row["certainty"] for row in load_issues(store).to_pylist()}
    other = next(row["issue_id"] for row in load_issues(store).to_pylist() if not row["to_check"])
    confirm(store, [other])
    after = {row["issue_id"]: row["certainty"] for row in load_issues(store).to_pylist()}
    assert after == {**before, other: 1.0}


def test_a_store_of_before_certainty_was_told_is_read_as_it_was(store: Store) -> None:
    find_repeats(store, workers=1)
    for name, columns in (("issues", ["certainty", "to_check"]), ("issue_members", ["closest"])):
        path = store.issue_files()[name]
        pq.write_table(pq.read_table(path).drop_columns(columns), path)
    assert len(listed(store)) == 2
    assert not any("把握不足" in note for note in report(store, "repeats").notes)
    first, *_ = listed(store)
    confirm(store, [first])
    assert [row["to_check"] for row in load_issues(store).to_pylist()] == [False, False]


def test_issues_are_summed_up_some_at_a_time_and_each_whole(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_repeats(store, workers=1)
    before = load_issues(store)
    for few in (1, 3):
        monkeypatch.setattr("hotline_tools.jobs.repeats._AT_A_TIME", few)
        find_repeats(store, workers=1)
        assert load_issues(store) == before
