"""A month with other sources than the one before is not compared with it as if they were the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli import hotline
from hotline_tools.briefing.sentences.volume import BaseVolume, Volume, by_common_sources, volume
from hotline_tools.briefing.words import LocalWords

HEAD = "工单编号,受理时间,诉求内容,一级分类,办结时间,满意度"
RATINGS = ("满意", "不满意")
KINDS = ("物业管理", "市政设施")


def export(folder: Path, source: str, orders: dict[int, int], since: int = 1) -> None:
    """Import orders of the months of 2025, so many of each, from one source; ``since``: the first day."""
    lines = [
        f"{source}{month:02d}{i:04d},2025-{month:02d}-{i % (29 - since) + since:02d} 08:{i % 60:02d}:00,"
        f"{i}号楼道灯坏了三天没有人来修,{KINDS[i % 2]},"
        f"2025-{month:02d}-{i % (29 - since) + since:02d} 18:00:00,{RATINGS[i % 2]}"
        for month, count in orders.items()
        for i in range(count)
    ]
    (folder / f"{source}.csv").write_text("\n".join([HEAD, *lines, ""]), encoding="utf-8")
    ran = hotline("import", f"{source}.csv", "--source", source, cwd=folder)
    assert ran.code == 0, ran.err


def briefing(folder: Path) -> tuple[str, list[dict[str, Any]], str]:
    ran = hotline("brief", "--period", "2025-07", "-o", "七月.md", "--trace", "七月.json", cwd=folder)
    assert ran.code == 0, ran.err
    sentences = json.loads((folder / "七月.json").read_text(encoding="utf-8"))
    found = sentences if isinstance(sentences, list) else sentences["sentences"]
    return (folder / "七月.md").read_text(encoding="utf-8"), found, ran.err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    export(tmp_path, "热线", {6: 90, 7: 100, 8: 30})
    return tmp_path


def test_a_source_of_the_month_before_alone_is_set_aside(folder: Path) -> None:
    export(folder, "留言", {6: 80})
    text, _, said = briefing(folder)
    assert "7月共受理群众诉求100件，日均3.2件，比上月（170件）减少70件，两期的来源不同，不作环比。" in text
    assert "来源“留言”（80件）只在上月有工单；两期都有的来源，本月100件、上月90件，增加10件。" in text
    assert "| 两期都有的来源 | 100 | 90 | 10 |" in text
    assert "来源不同，不可比" in text
    assert "满意率50.0%；" in text, "no rate is set beside that of other sources"
    assert "| 受理 | 100 |\n" in text, "the flow of orders stands alone, too"
    assert "待核" not in said, "every figure of the sentences stands in a table"


def test_a_source_that_begins_inside_the_month_before_is_set_aside(folder: Path) -> None:
    export(folder, "留言", {6: 50}, since=20)
    export(folder, "留言板", {6: 30})  # has both months, so something is left to compare
    export(folder, "留言", {7: 110})
    export(folder, "留言板", {7: 33})
    text, _, said = briefing(folder)
    assert "受理群众诉求243件，日均7.8件，比上月（170件）增加73件，两期的来源不同，不作环比。" in text
    assert (
        "来源“留言”上月自2025年6月20日起才有工单（本月110件、上月50件）；"
        "其余来源，本月133件、上月120件，增加13件。"
    ) in text
    assert "| 来源“留言” | 110 | 50 | 60 |\n| 其余来源 | 133 | 120 | 13 |" in text
    assert "不作升降比较" in text
    assert "待核" not in said


def test_categories_do_not_rise_with_a_new_source(folder: Path) -> None:
    export(folder, "网格", {7: 150})
    text, _, _ = briefing(folder)
    assert "来源“网格”（150件）只在本月有工单" in text
    assert "本期与上月的来源不同，各类别的件数不作升降比较。" in text
    assert "变化超出日常波动" not in text


def test_a_channel_without_orders_in_the_period_is_named_by_nobody(tmp_path: Path) -> None:
    rows = [
        f"A{i},2025-0{5 if i < 20 else 6}-1{i % 10} 08:00,路灯不亮三天没有人来修,{'热线' if i < 20 else ''},"
        f"2025-0{5 if i < 20 else 6}-20 10:00,2025-06-2{i % 5} 09:00,满意"
        for i in range(30)
    ]
    head = "工单编号,受理时间,诉求内容,诉求来源,办结时间,回访时间,满意度"
    (tmp_path / "a.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    assert hotline("import", "a.csv", cwd=tmp_path).code == 0
    ran = hotline("brief", "--period", "2025-06", "--preview", cwd=tmp_path)
    assert ran.code in (0, 3), ran.err
    assert "错误" not in ran.err


def test_the_same_sources_are_compared(folder: Path) -> None:
    export(folder, "留言", {6: 40, 7: 45})
    text, _, _ = briefing(folder)
    assert "来源不同" not in text
    assert "比上月（130件）增加15件" in text
    assert "满意率50.3%，上月为50.0%" in text


def test_a_source_too_small_to_mislead_changes_nothing(folder: Path) -> None:
    export(folder, "大热线", {6: 2400, 7: 2500, 8: 30})
    export(folder, "留言", {6: 31})
    text, _, _ = briefing(folder)
    assert "来源不同" not in text
    assert "来源“留言”只在对比期有工单（31件）" in text, "the note on the basis says it all the same"


def test_the_sentence_counts_what_both_have() -> None:
    now = Volume("2025年7月", 130, 31, "本月")
    base = BaseVolume("上月", "环比", 100, 30, False, only_now=(("来源“甲”", 30),))
    assert volume(now, base, LocalWords()).text.endswith("增加30件，两期的来源不同，不作环比。")
    same = by_common_sources(now, base)
    assert same.text == "来源“甲”（30件）只在本月有工单；两期都有的来源，本月100件、上月100件，件数相同。"
    assert same.facts["common_orders"] == same.facts["common_orders_then"] == 100
