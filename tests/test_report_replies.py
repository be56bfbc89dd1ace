"""Reply quality: the measures by hand, and the report on a small board."""

from dataclasses import replace
from datetime import datetime
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import MemoryDatabase, database_of, orders_of, orders_table
from hotline_tools.errors import DataFileError
from hotline_tools.reports.catalog import replies
from hotline_tools.reports.period import month
from hotline_tools.reports.query import Query
from hotline_tools.reports.replies import blocks
from hotline_tools.reports.replies.relevance import SUSPECT, relevances
from hotline_tools.reports.replies.texts import Repetition, Said
from hotline_tools.reports.rule_model import Rules
from hotline_tools.reports.rules import load_rules
from hotline_tools.sql import literal

FORMULA = "您反映的问题我们高度重视"


def repetitions(replies: list[str], least: int = 3) -> list[Repetition]:
    said = Said(shortest=6)
    said.add(replies)
    found = said.repetitions(replies, least)
    return [found[reply] for reply in replies]


def test_word_for_word_repeats_ignore_punctuation() -> None:
    texts = ["已转办。", "已转办", " 已转办！", "已办结"]
    assert [found.same for found in repetitions(texts)] == [2, 2, 2, 0]


def test_a_reply_that_came_between_the_two_readings_repeats_nothing() -> None:
    assert Said(shortest=6).repetitions(["已转办"], 3) == {"已转办": Repetition(0, 0.0)}


def test_boilerplate_is_what_three_replies_share() -> None:
    # The formula has 12 characters; 已更换路灯 5. Two sentences: 12 of 17 are boilerplate. 谢谢 is too short
    # to count as a sentence of its own but counts as text: 12 of 14.
    texts = [f"{FORMULA}。已更换路灯", f"{FORMULA}！谢谢", FORMULA, "管道已修复完毕"]
    assert [found.boilerplate for found in repetitions(texts, 3)] == [12 / 17, 12 / 14, 1.0, 0.0]
    assert [found.boilerplate for found in repetitions(texts, 4)] == [0.0] * 4


QUESTIONS = ["小区电梯故障多次停运", "公交线路调整后候车时间太长", "小区供暖温度不达标", "路灯损坏不亮"]


def test_relevance_is_measured_against_other_messages() -> None:
    answers = [
        "物业已更换电梯主板，电梯故障已排除",
        "感谢您的留言",
        "供暖温度已调整，室内温度达标",
        "电梯故障已排除",
    ]
    fit = [found.fit for found in relevances(QUESTIONS, answers, 1.0)]
    # The first and the third fit their own best; thanks tell nothing; the fourth is about the lift.
    assert (fit[0], fit[1], fit[2]) == (1.0, None, 1.0)
    suspected = [found.better >= SUSPECT for found in relevances(QUESTIONS, answers, 1.0)]
    assert suspected == [False, False, False, True]
    assert relevances(["电梯故障"], ["电梯故障"], 1.0)[0].cosine == pytest.approx(1.0)
    assert relevances([], [], 0.05) == []


def test_short_results_of_a_hotline_are_not_called_beside_the_point() -> None:
    # Results name what was done, not what was asked: they share no word with any order.
    results = ["已安排人员处理", "经现场查看未发现", "已维修完毕", "已解释"] * 10
    found = relevances(QUESTIONS * 10, results, 0.05)
    assert {(one.cosine, one.fit) for one in found} == {(0.0, None)}
    assert max(one.better for one in found) == 0.0


def test_words_that_everybody_uses_are_not_telling() -> None:
    # 反映 is in every text, so sharing it says nothing; 路灯 is in two of forty.
    questions = [f"反映噪声{n}" for n in range(19)] + ["反映路灯"]
    answers = ["反映的事项已收到"] * 19 + ["反映的路灯已修"]
    near = relevances(questions, answers, 0.05)
    assert near[0].cosine == 0
    assert near[-1].cosine > 0
    assert near[-1].fit == 1.0


def rules_of(directory: Path, *lines: str) -> Rules:
    path = directory / "r.toml"
    path.write_text("\n".join(('report = "replies"', *lines)), encoding="utf-8")
    return load_rules(path)


def test_praise_needs_no_facts_and_is_not_scored() -> None:
    rows = [
        {"title": "表扬城管队员", "reply": "感谢您的认可，我们将继续努力。", "request_type": "表扬"},
        {"title": "感谢社区工作人员", "reply": "感谢您的认可，我们将继续努力。"},
        {"title": "表扬人的事不查", "reply": "已查明", "request_type": "投诉"},
    ]
    table = replies.compute(database_of(rows), Query())
    assert [row["title"] for row in table.rows] == ["表扬人的事不查"]
    assert (table.totals["replies"], table.totals["replied_rate_numerator"]) == (1, 3)
    assert table.totals["exact_repeat_rate"] == 0.0
    assert any("2 件表扬、感谢的答复" in note for note in table.notes)


BOARD = """
order_id | department | title | reply | received_at | closed_at
1 | 甲局 | 路灯不亮 | 经查，路灯损坏，6月2日已更换，电话：12345678 | 2025-06-01 08:00 | 2025-06-02 08:00
2 | 甲局 | 电梯故障 | 已收到您的留言 | 2025-06-01 08:00 | 2025-06-01 10:00
3 | 乙局 | 噪声扰民 | 已收到您的留言。 | 2025-06-01 08:00 | 2025-05-30 08:00
4 | 乙局 | 道路破损 | - | 2025-06-01 08:00 | -
"""


def test_the_worst_replies_come_first_with_their_reasons() -> None:
    # Two of three replies say the same; the first has all four elements and speaks of the lamp.
    # Hours: 24, 2; the third is dated before its letter and has none. Three of four were replied to.
    table = replies.compute(database_of(orders_of(BOARD)), Query())
    assert [row["order_id"] for row in table.rows] == ["2", "3", "1"]
    worst, best = table.rows[0], table.rows[-1]
    assert worst["score"] == 0.0
    assert worst["reasons"] == [
        "与另外 1 件答复一字不差",
        "未写明查明情况、办理结果、联系方式、日期或时限",
    ]
    assert (best["reasons"], best["elements"], best["hours"]) == ([], 4, 24.0)
    totals = table.totals
    assert (totals["replied_rate_numerator"], totals["replied_rate_denominator"]) == (3, 4)
    assert (totals["exact_repeat_rate_numerator"], totals["exact_repeat_rate_denominator"]) == (2, 3)
    assert (totals["hours_median"], totals["timed"]) == (13.0, 2)


def test_a_reply_after_the_moment_of_the_count_is_not_looked_at() -> None:
    moment = datetime(2025, 6, 1, 12)
    query = Query(period=month(2025, 6), basis="received", as_of=moment)
    table = replies.compute(database_of(orders_of(BOARD)), query)
    assert [row["order_id"] for row in table.rows] == ["2", "3"]
    assert (table.totals["replies"], table.totals["replied_rate_numerator"]) == (2, 2)


def test_by_department() -> None:
    table = replies.compute(database_of(orders_of(BOARD)), Query(by="department"))
    got = [
        (r["unit"], r["replies"], r["complete_rate"], r["exact_repeat_rate_numerator"]) for r in table.rows
    ]
    assert got == [("甲局", 2, 0.5, 1), ("乙局", 1, 0.0, 1)]


def test_replies_of_which_nothing_can_be_told_have_no_score(tmp_path: Path) -> None:
    # Only relevance counts, and 已收到您的留言 shares no word with any question. The lamp is answered.
    rules = rules_of(tmp_path, "weight_original = 0", "weight_relevance = 100", "weight_complete = 0")
    table = replies.compute(database_of(orders_of(BOARD)), Query(rules=rules))
    assert [(row["order_id"], row["score"]) for row in table.rows] == [("1", 100.0), ("2", None), ("3", None)]
    assert (table.totals["replies"], table.totals["score_mean"]) == (3, 100.0)


def test_no_replies_at_all() -> None:
    table = replies.compute(database_of([{"title": "x", "received_at": "2025-06-01"}]), Query())
    assert table.rows == []
    assert table.incomplete
    assert table.totals["score_mean"] is None


def test_a_wrong_pattern_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="正则"):
        rules_of(tmp_path, 'found = "("')


BLOCKS = """
order_id | order_key | department | title | reply | received_at | closed_at
1 | k9 | 甲局 | 电梯故障 | 电梯已维修 | 2025-06-01 08:00 | 2025-06-01 09:00
2 | k8 | 甲局 | 电梯停运 | 电梯已恢复 | 2025-06-01 08:00 | 2025-06-01 10:00
3 | k7 | 乙局 | 噪声扰民 | 您的诉求我们已经收到。正在处理 | 2025-06-02 08:00 | 2025-06-02 11:00
4 | k6 | 乙局 | 道路破损 | 您的诉求我们已经收到。请您等待 | 2025-06-03 08:00 | 2025-06-03 12:00
5 | k5 | 乙局 | 公交太少 | 您的诉求我们已经收到。正在处理！ | 2025-06-04 08:00 | 2025-06-04 13:00
6 | k4 | 丙局 | 供暖不热 | 电梯已经检修 | 2025-06-05 08:00 | 2025-06-05 14:00
7 | k3 | 丙局 | 路灯不亮 | 路灯已换 | 2025-06-06 08:00 | 2025-06-06 15:00
8 | k2 | 丙局 | 垃圾成堆 | 垃圾已清运 | - | 2025-06-06 08:00
9 | k1 | 丙局 | 没有答复 | - | 2025-06-07 08:00 | -
"""


class Watched(MemoryDatabase):
    """A database that notes how many texts each of its answers has."""

    def __init__(self, orders: pa.Table) -> None:
        self.read: list[int] = []
        super().__init__(orders)

    def query(self, sql: str) -> pa.Table:
        answer = super().query(sql)
        if "reply" in answer.column_names and "all_orders" not in answer.column_names:
            self.read.append(answer.num_rows)
        return answer


def test_texts_are_read_block_by_block_and_compared_over_all(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Of eight replies the first block has 8 (without a time), 1, 2 and 3. Two replies in different blocks say
    # the same, and the sentence of 10 characters is in three. 4: 10 of 14 characters. Among all, two of seven
    # other questions are nearer to the reply of 6 than its own; in its block nobody else speaks of a lift.
    query = Query(rules=rules_of(tmp_path, "common_words = 1.0"))
    database = Watched(orders_table(orders_of(BLOCKS)))
    whole = replies.compute(database, query)
    assert database.read == [8, 8]
    monkeypatch.setattr(blocks, "MOST", 4)
    database.read.clear()
    table = replies.compute(database, query)
    assert database.read == [4, 4, 4, 4]
    parted = [note for note in table.notes if note not in whole.notes]
    assert len(parted) == 1 and "分为 2 段" in parted[0]
    found = {row["order_id"]: row for row in table.rows}
    assert [found[n]["repeats"] for n in "12345678"] == [0, 0, 1, 0, 1, 0, 0, 0]
    assert [found[n]["boilerplate_share"] for n in "345"] == [10 / 14] * 3
    assert found["6"]["relevance"] is None
    told = ("replies", "exact_repeat_rate", "near_repeat_rate", "complete_rate", "hours_median", "timed")
    assert [table.totals[name] for name in told] == [8, 0.25, 0.0, 0.0, 4.0, 7]
    assert [whole.totals[name] for name in told] == [8, 0.25, 0.0, 0.0, 4.0, 7]
    assert (whole.totals["off_topic_rate_numerator"], table.totals["off_topic_rate_numerator"]) == (1, 0)
    by_unit = replies.compute(database, replace(query, by="department"))
    assert [(row["unit"], row["replies"], row["hours_median"]) for row in by_unit.rows] == [
        ("丙局", 3, 6.5),
        ("乙局", 3, 4.0),
        ("甲局", 2, 1.5),
    ]
    assert replies.compute(database, replace(query, top=3)).rows == table.rows[:3]


EMPTY = database_of([])


TIMES = (None, "2025-06-01 08:00", "2025-06-01 08:00:00.000001", "2025-07-01")


@settings(max_examples=40, deadline=None)
@given(times=st.lists(st.sampled_from(TIMES), min_size=1), most=st.integers(1, 6))
def test_blocks_are_stretches_of_time_and_have_every_message_once(times: list[str | None], most: int) -> None:
    rows = [(time, str(place * 7 % 101)) for place, time in enumerate(times)]
    values = ", ".join(f"(CAST({literal(time)} AS TIMESTAMP), {literal(key)}, '已办')" for time, key in rows)
    EMPTY.define("replied", f"SELECT * FROM (VALUES {values}) AS given (received_at, order_key, reply)")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "MOST", most)
        conditions = blocks.block_conditions(EMPTY)
    keys = "SELECT order_key FROM replied WHERE {} ORDER BY received_at NULLS FIRST, order_key"
    read = [EMPTY.query(keys.format(one))["order_key"].to_pylist() for one in conditions]
    assert [*chain(*read)] == EMPTY.query(keys.format("TRUE"))["order_key"].to_pylist()
    assert max(map(len, read)) <= most
