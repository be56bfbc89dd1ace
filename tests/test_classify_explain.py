"""Explanations add up; reclassifying says what moved."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli import hotline
from hotline_tools.classify import Classifier
from hotline_tools.classify.explain import explain
from hotline_tools.classify.results import two_best
from hotline_tools.taxonomy import load_taxonomy

LIFT = ("电梯经常坏", "小区物业不维修电梯，老人困在电梯里，要求更换。")
ORDERS = """工单编号,受理时间,诉求标题,诉求内容
W1,2025-06-01 10:00,电梯经常坏,小区物业不维修电梯
W2,2025-06-02 10:00,公交车不到站,公交车司机甩站不停
W3,2025-06-03 10:00,停车位被占,小区停车位被外来车辆占用
W4,2025-06-04 10:00,please,help
"""


@settings(max_examples=15, deadline=None)
@given(
    st.text(alphabet="电梯公交物业停水工资路灯，", max_size=8),
    st.text(alphabet="电梯坏了公交不停物业停水拖欠工资路灯。", max_size=30),
)
def test_the_parts_are_the_margin(title: str, content: str) -> None:
    classifier = Classifier.default()
    why = explain(classifier, title, content)
    features, prediction = classifier.predict([title], [content])
    best, second = two_best(prediction.probabilities)
    logits = classifier.model.linear.logits(features)[0]
    parts = (sum(s.contribution for s in why.words), why.fragments, why.knowledge, why.bias)
    assert sum(float(p or 0) for p in parts) == pytest.approx(why.margin, abs=1e-4)
    assert why.margin == pytest.approx(float(logits[best[0]] - logits[second[0]]), abs=1e-3)


def test_it_says_what_classify_says() -> None:
    classifier = Classifier.default()
    why = explain(classifier, *LIFT)
    row = classifier.classify([LIFT[0]], [LIFT[1]]).to_pylist()[0]
    assert (why.category, why.subcategory, why.confidence) == (
        row["category"],
        row["subcategory"],
        row["confidence"],
    )
    assert why.category == "物业管理"
    assert why.probabilities[0][0] == "物业管理"
    assert why.rival == why.probabilities[1][0]
    lift = next(share for share in why.words if share.word == "电梯")
    assert lift.contribution > 0
    assert lift.in_title
    assert not explain(classifier, None, LIFT[1]).words[0].in_title


def test_why_review() -> None:
    classifier = Classifier.default()
    nothing = explain(classifier, None, "。。。")
    assert nothing.needs_review
    assert nothing.reasons == ("标题和内容里没有指向某一类的字词",)
    assert nothing.category is None
    clear = explain(classifier, *LIFT)
    assert clear.reasons == () or clear.needs_review


def test_zero_shot_has_words_but_no_sum(tmp_path: Path) -> None:
    path = tmp_path / "我市.csv"
    path.write_text("一级分类,二级分类\n物业,物业收费\n物业,电梯\n交通,公交\n交通,停车\n", encoding="utf-8")
    why = explain(Classifier.from_taxonomy(load_taxonomy(path)), *LIFT)
    assert (why.category, why.rival) == ("物业", "交通")
    assert why.margin is None
    assert {"电梯", "物业"} & {share.word for share in why.words if share.contribution > 0}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "工单.csv").write_text(ORDERS, encoding="utf-8")
    assert hotline("import", "工单.csv", cwd=tmp_path).code == 0
    for name, rows in (("旧", "物业\n交通"), ("新", "物业\n停车")):
        below = {"物业": "物业,电梯", "交通": "交通,公交\n交通,停车位", "停车": "停车,停车位\n停车,公交"}
        lines = "\n".join(below[row] for row in rows.split())
        (tmp_path / f"{name}.csv").write_text(f"一级分类,二级分类\n{lines}\n", encoding="utf-8")
    return tmp_path


def test_explain_at_the_command_line(desk: Path) -> None:
    ran = hotline("classify", "--explain", "W1", cwd=desk)
    assert ran.code == 0, ran.err
    assert "W1 电梯经常坏" in ran.out
    assert "电梯（标题）" in ran.out
    assert "合计：领先次选" in ran.out
    assert "人工标注" not in ran.out
    assert not (desk / "hotline-store" / "labels" / "model.parquet").exists(), "explaining writes nothing"
    silent = hotline("classify", "--explain", "W4", cwd=desk).out
    assert "类别：未归类" in silent
    assert "没有指向某一类的字词" in silent
    assert hotline("classify", "--explain", "W9", cwd=desk).code == 2
    assert hotline("classify", "--explain", "W1", "--all", cwd=desk).code == 2


def test_reclassifying_says_what_moved(desk: Path) -> None:
    assert hotline("classify", "--taxonomy", "旧.csv", cwd=desk).code == 0
    hint = hotline("classify", "--taxonomy", "新.csv", cwd=desk)
    assert "库中有 4 件不是按“新，" in hint.err
    ran = hotline("classify", "--all", "--taxonomy", "新.csv", "-o", "变动.json", cwd=desk)
    assert ran.code == 0, ran.err
    import json

    table = json.loads((desk / "变动.json").read_text(encoding="utf-8"))
    assert table["rows"] == [
        {"before": "交通", "after": "停车", "share": 1.0, "share_numerator": 2, "share_denominator": 2}
    ]
    assert table["totals"] == {"compared": 4, "moved": 2, "unchanged": 2}
    assert "原标注：旧，" in table["notes"][1]
    again = hotline("classify", "--all", "--taxonomy", "新.csv", cwd=desk)
    assert "类别变了 0 件" in again.out.replace("\n", "")
    assert "库中有" not in again.err


def test_the_first_labels_have_nothing_to_move_from(desk: Path) -> None:
    ran = hotline("classify", "--all", cwd=desk)
    assert (ran.code, ran.out) == (0, "")
    assert hotline("classify", "-o", "x.csv", cwd=desk).code == 2


def test_moves_join_by_key_whatever_the_order() -> None:
    from collections import Counter

    from hotline_tools.jobs.moves import NONE, Moves

    before = pa.table(
        {
            "order_key": ["a", "b", "c"],
            "category": ["甲", None, "乙"],
            "subcategory": ["一", None, "二"],
            "taxonomy": ["t"] * 3,
            "model": ["m"] * 3,
        }
    )
    moves = Moves(before, "t，m2")
    moves.add(
        pa.chunked_array([["c", "x", "a"], ["b"]]),
        pa.table({"category": ["乙", "丙", "乙", "甲"], "subcategory": ["三", None, "二", None]}),
    )
    assert moves.pairs == Counter({("乙", "乙"): 1, ("甲", "乙"): 1, (NONE, "甲"): 1})
    assert (moves.new, moves.subcategory_only) == (1, 1)
