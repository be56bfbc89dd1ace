"""A briefing of orders that repeat issues were not looked for among: it claims neither none nor a fall."""

from pathlib import Path

import pytest

from cli import hotline
from helpers import MemoryDatabase, orders_table
from hotline_tools.reports.catalog import departments
from hotline_tools.reports.query import Query

HEAD = "工单编号,受理时间,诉求内容,联系电话,承办单位,办结时间"
HEATING = "春晖小区3号楼暖气不热，室内只有14度"
LAMP = "东门外的路灯不亮，晚上出行不便"


def bring_in(folder: Path, month: int, count: int) -> None:
    rows = [
        f"A{month:02d}{i:03d},2025-{month:02d}-{i % 28 + 1:02d} 08:00,{HEATING}{'' if i % 2 else '，请解决'},"
        f"1380013{month:02d}{i:02d},甲局,2025-{month:02d}-{i % 28 + 1:02d} 18:00"
        for i in range(count)
    ]
    (folder / f"{month}.csv").write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    ran = hotline("import", f"{month}.csv", cwd=folder)
    assert ran.code == 0, ran.err


def brief(folder: Path) -> tuple[int, str, str]:
    ran = hotline("brief", "--period", "2025-06", "-o", "六月.md", cwd=folder)
    return ran.code, (folder / "六月.md").read_text(encoding="utf-8"), ran.err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    bring_in(tmp_path, 5, 12)
    bring_in(tmp_path, 6, 12)
    assert hotline("repeats", cwd=tmp_path).code == 0
    return tmp_path


def test_orders_that_came_after_the_repeats_make_a_briefing_say_so(folder: Path) -> None:
    code, text, said = brief(folder)
    assert code == 0, said
    assert "尚未参加" not in text
    assert "重复诉求率" in text
    # The rest of June comes in, and nobody runs `hotline repeats` again.
    rows = (folder / "6.csv").read_text(encoding="utf-8").replace("A06", "B06").replace(HEATING, LAMP)
    (folder / "又.csv").write_text(rows, encoding="utf-8")
    assert hotline("import", "又.csv", cwd=folder).code == 0
    code, text, said = brief(folder)
    assert code == 3
    assert "待核：2025年6月12345热线工作月报" in said
    assert "12 件尚未参加重复识别" in said
    assert "本期有12件是最近一次重复识别之后导入或改了内容的，尚未参加识别，所列事项和件数不全。" in text
    assert "没有符合提级规则的事项" not in text
    assert "| 重复诉求率 |" not in text, "it would fall by what nobody has looked at"
    assert "12件是最近一次重复识别之后" in text.split("口径说明")[1], "the note keeps what it is about"
    assert hotline("repeats", cwd=folder).code == 0
    assert brief(folder)[0] == 0


def test_where_no_issue_was_found_the_rate_is_none_and_not_unknown() -> None:
    rows = [{"department": "甲局", "received_at": f"2025-06-{n:02d} 09:00"} for n in range(1, 13)]
    orders = orders_table(rows)
    found = orders.select(["order_key"]).append_column("issue_id", orders["order_id"]).slice(0, 0)
    table = departments.compute(MemoryDatabase(orders, issue_members=found), Query())
    assert (table.totals["repeat_rate_numerator"], table.totals["repeat_rate_denominator"]) == (0, 12)
    assert not any("hotline repeats" in note for note in table.notes)
    table = departments.compute(MemoryDatabase(orders), Query())
    assert table.totals.get("repeat_rate") is None
    assert any("hotline repeats" in note for note in table.notes)
