"""New topics: what the categories do not cover is grouped, named, counted."""

import random
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import database_of
from hotline_tools.reports.catalog.newtopics import compute
from hotline_tools.reports.period import month, year
from hotline_tools.reports.query import Query
from hotline_tools.similarity import key_words, star_groups, vectors

DRONES = [
    "无人机夜里在楼顶航拍，螺旋桨声音很大",
    "有人操控无人机在阳台外航拍，侵犯隐私",
    "公园上空无人机飞行，航拍拍到家里",
    "无人机航拍噪声大，担心坠落伤人",
    "校园上方经常有无人机航拍，没有人管",
    "邻居放飞无人机航拍窗户",
]
KENNELS = [
    "楼下开了宠物寄养店，狗叫不停",
    "宠物寄养店气味大，狗叫影响休息",
    "举报宠物寄养店无照经营，狗叫扰民",
    "宠物寄养店把笼子放楼道，狗叫",
    "住宅楼里开宠物寄养店，狗叫声大",
]
ALONE = ["想学习剪纸", "钥匙掉进河里", "邮票设计征集", "望远镜哪里能借到", "气象站参观预约"]


def doubtful(texts: list[str], day: str, **more: Any) -> list[dict[str, Any]]:
    return [{"title": text, "content": text, "received_at": day, **more} for text in texts]


ORDERS = [
    *doubtful(DRONES[:4], "2025-06-02", category="其他", street="东门街道"),
    *doubtful(DRONES[4:], "2025-07-02", category="噪声", needs_review=True),
    *doubtful(KENNELS, "2025-06-20"),
    *doubtful(ALONE, "2025-06-21", category="其他"),
    # sure ones are no news, however many
    *doubtful(["物业费乱收费，物业不作为"] * 9, "2025-06-05", category="物业", needs_review=False),
]


def test_topics_are_named_and_counted() -> None:
    table = compute(database_of(ORDERS), Query(granularity="month"))
    got = [(r["orders"], r["fits_nothing"], r["closest"], r["uncovered"], r["trend"]) for r in table.rows]
    # drones are partly taken for noise, kennels for nothing at all
    assert got == [(5, 5, None, 5, [5, 0]), (6, 4, "噪声（2）", 4, [4, 2])]
    second, first = table.rows
    assert {"无人机", "航拍"} <= set(str(first["topic"]).split())
    assert {"宠物", "寄养"} & set(str(second["topic"]).split())
    assert first["share"] == pytest.approx(6 / 16)
    assert first["typical"] in DRONES
    assert len(first["examples"]) == 5  # type: ignore[arg-type]
    assert table.totals == {"orders": 25, "doubtful": 16, "read": 16, "grouped": 11, "topics": 2}


def test_a_share_is_of_what_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    # 32 doubtful messages thinned to every second: 16 are read, 11 of them in two topics.
    monkeypatch.setattr("hotline_tools.reports.catalog.newtopics.MOST_MESSAGES", 16)
    table = compute(database_of([order for order in ORDERS for _ in range(2)]), Query(granularity="month"))
    assert (table.totals["doubtful"], table.totals["read"]) == (32, 16)
    for row in table.rows:
        assert row["share"] == int(str(row["orders"])) / 16
    counts = table.column("share").counts
    assert counts is not None
    assert table.totals[counts.denominator] == 16


def test_a_period_narrows_orders_and_time_line() -> None:
    table = compute(database_of(ORDERS), Query(period=month(2025, 6), granularity="month"))
    assert [(r["orders"], r["trend"]) for r in table.rows] == [(5, [5])]
    assert compute(database_of(ORDERS), Query(period=year(2025), top=1)).rows[0]["orders"] == 5


def test_the_order_of_messages_does_not_matter() -> None:
    texts = DRONES + KENNELS + ALONE
    mixed = list(range(len(texts)))
    random.Random(3).shuffle(mixed)

    def topics(order: list[int]) -> set[frozenset[str]]:
        chosen = [texts[i] for i in order]
        group = star_groups(vectors(chosen, chosen).matrix, least=5)
        return {frozenset(chosen[i] for i in np.flatnonzero(group == g)) for g in range(group.max() + 1)}

    assert topics(mixed) == topics(list(range(len(texts)))) == {frozenset(DRONES), frozenset(KENNELS)}


def test_stars_do_not_chain() -> None:
    # each of thirty points is like its neighbours only: single linkage would make one group of them
    points = sp.eye(30, 31) + sp.eye(30, 31, k=1)
    group = star_groups((points / np.sqrt(2)).tocsr(), least=2, neighbour=0.45)
    assert np.bincount(group[group >= 0]).max() <= 3


def test_key_words_are_common_inside_and_rare_outside() -> None:
    texts = [*DRONES, *(f"路灯{t}" for t in ALONE * 3)]
    found = vectors(texts, texts)
    assert key_words(found, np.arange(len(DRONES)))[0] in ("无人机", "航拍")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet="路灯车位物业无人机航拍，a1 ", max_size=12), max_size=30))
def test_any_texts_can_be_grouped(texts: list[str]) -> None:
    found = vectors(texts, texts)
    lengths = np.asarray(found.matrix.multiply(found.matrix).sum(axis=1)).ravel()
    assert (lengths <= 1 + 1e-9).all()
    group = star_groups(found.matrix, least=2)
    sizes = np.bincount(group[group >= 0]) if (group >= 0).any() else np.array([], int)
    assert (sizes >= 2).all()
    assert (np.diff(sizes) <= 0).all()
