"""``hotline topics``: a topic opened, carried through its steps, stuck, withdrawn; and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli import hotline
from hotline_tools.store import Store


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    Store.open(tmp_path / "hotline-store", create=True)
    return tmp_path


def listed(desk: Path, *options: str) -> dict[str, Any]:
    ran = hotline("topics", "list", "--format", "json", *options, cwd=desk)
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def opened(desk: Path) -> None:
    ran = hotline("topics", "open", "乱停乱放", "--community", "甲社区", "--date", "2025-06-01", cwd=desk)
    assert (ran.code, ran.out) == (0, "")
    assert "议题 1（甲社区，乱停乱放）。下一步：公示" in ran.err


def test_a_topic_is_carried_through_and_shows_where_it_is_stuck(desk: Path) -> None:
    opened(desk)
    ran = hotline(
        "topics", "advance", "1", "--step", "公示", "--date", "2025-06-10", "--note", "七天", cwd=desk
    )
    assert ran.code == 0, ran.err
    # 督办 may take 30 days after 10 June: on 10 July it waits 30, on 11 July 31 and is stuck.
    (row,) = listed(desk, "--as-of", "2025-07-10")["rows"]
    assert (row["step_1"], row["next_step"], row["waiting_days"], row["stuck"]) == (
        "2025-06-10", "督办", 30, False,
    )  # fmt: skip
    assert row["last_note"] == "七天"
    assert listed(desk, "--as-of", "2025-07-10", "--stuck")["rows"] == []
    assert [r["number"] for r in listed(desk, "--as-of", "2025-07-11", "--stuck")["rows"]] == [1]


def test_a_citys_own_limits_come_from_a_rule_file(desk: Path) -> None:
    opened(desk)
    (desk / "本地.toml").write_text('report = "topics"\npublish_days = 3\n', encoding="utf-8")
    assert listed(desk, "--as-of", "2025-06-05")["totals"]["stuck"] == 0
    assert listed(desk, "--as-of", "2025-06-05", "--rules", "本地.toml")["totals"]["stuck"] == 1


def test_a_withdrawn_topic_waits_for_nothing(desk: Path) -> None:
    opened(desk)
    assert hotline("topics", "withdraw", "1", "--reason", "并入他题", cwd=desk).code == 0
    (row,) = listed(desk, "--as-of", "2026-01-01")["rows"]
    assert (row["next_step"], row["stuck"], row["last_note"]) == ("已撤销", False, "并入他题")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("advance", "1", "--step", "验收", "--date", "2025-06-10"), "下一步是公示，不是验收"),
        (("advance", "1", "--step", "公式", "--date", "2025-06-10"), "没有“公式”这一步"),
        (("advance", "1", "--step", "公示", "--date", "2025-05-01"), "早于上一步的 2025-06-01"),
        (("advance", "1", "--step", "公示", "--date", "六月"), "看不懂日期“六月”"),
        (("advance", "9", "--step", "公示"), "没有编号为 9 的议题"),
        (("open", "乱搭乱建"), "不知道是哪个区域"),
        (("withdraw", "1", "--reason", ""), "有一个参数是空的"),
    ],
)
def test_what_makes_no_sense_is_refused(desk: Path, arguments: tuple[str, ...], said: str) -> None:
    opened(desk)
    ran = hotline("topics", *arguments, cwd=desk)
    assert ran.code == 2
    assert said in ran.err
    assert len(listed(desk)["rows"]) == 1
