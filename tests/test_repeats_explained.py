"""What ``issues why`` and docs/repeats.md say of the method is what the code does."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from hotline_tools.cli.issues import _reasons
from hotline_tools.jobs.issue_review import Why
from hotline_tools.repeats.blocking.candidate_pairs import PER_ORDER
from hotline_tools.repeats.clustering.linkage import BEST, THRESHOLD
from hotline_tools.repeats.comparison.features import FEATURES
from hotline_tools.repeats.comparison.model import AREA_PENALTY, NUMBER_PENALTY
from hotline_tools.repeats.comparison.place_rules import COMMON, RULES
from hotline_tools.repeats.encode.eligibility import FREE_TEXT
from hotline_tools.repeats.issues.explanation import PLACE_RULES, Reasons, explain
from test_repeats import LIFT, NOISE, orders

PAGE = Path(__file__).parents[1] / "docs" / "repeats.md"
ISSUES = {"甲": "R000001", "乙": "R000001"}
WORDS = {3: "three", 6: "six", 8: "eight"}


def explained(*rows: dict[str, str | None]) -> Reasons:
    return explain(orders(*rows), 0, 1)


@pytest.fixture(scope="module")
def together() -> Reasons:
    place = {"title": "碧水嘉园电梯坏了", "content": f"碧水嘉园{LIFT}", "address": "碧水嘉园"}
    return explained(place, {**place, "title": "碧水嘉园电梯故障"})


def test_the_threshold_that_is_told_is_the_one_that_joins(together: Reasons) -> None:
    said = "\n".join(_reasons(Why(together, ISSUES, None)))
    assert f"最相似的 {BEST} 对" in said
    assert f"须达 {THRESHOLD:.0%}" in said
    assert "各占一半" not in said


def test_numbers_that_differ_cost_what_is_told() -> None:
    one = {"title": "碧水嘉园1期电梯坏了", "content": f"碧水嘉园{LIFT}", "address": "碧水嘉园"}
    reasons = explained(one, {**one, "title": "碧水嘉园2期电梯坏了"})
    assert reasons.numbers_differ
    assert f"减 {NUMBER_PENALTY:g}" in "\n".join(_reasons(Why(reasons, ISSUES, None)))
    numbers = next(theme for theme in reasons.themes if theme.name.startswith("编号"))
    assert numbers.contribution < -NUMBER_PENALTY + 1, "the theme holds the penalty, as is told"


WORDS_OF_ALL = {"title": "夜里噪声扰民", "content": f"{NOISE}，已经反映多次", "district": "云河区"}


TYPE_ALONE = {"title": None, "content": None, "address": "柳溪街道和平路12号"}


@pytest.mark.parametrize(
    ("rule", "first", "second"),
    [
        ("site_conflict", {"address": "碧水嘉园"}, {"address": "枫林雅苑"}),
        ("area_conflict", {"community": "松苑社区"}, {"community": "竹庭社区"}),
        ("no_common_place", {}, {}),
        (
            "other_site",
            {"content": f"我住碧水嘉园小区，{NOISE}"},
            {"content": f"我住凤凰新村小区，{NOISE}"},
        ),
        (
            "other_type",
            {**TYPE_ALONE, "original_category": "路灯不亮"},
            {**TYPE_ALONE, "original_category": "路面坑洞"},
        ),
        ("other_object", {"address": "柳溪公园-345"}, {"address": "柳溪公园-346"}),
    ],
)
def test_a_forbidden_pair_is_told_by_a_sentence_not_a_percentage(
    rule: str, first: dict[str, str | None], second: dict[str, str | None]
) -> None:
    reasons = explained({**WORDS_OF_ALL, **first}, {**WORDS_OF_ALL, **second})
    assert rule in reasons.place_rules
    assert reasons.probability is None
    said = "\n".join(_reasons(Why(reasons, ISSUES, None)))
    assert f"{PLACE_RULES[rule]}，不直接归为一个事项。" in said
    assert "可能性" not in said
    assert set(PLACE_RULES) == set(RULES)


def test_an_unlikely_pair_still_has_a_probability(together: Reasons) -> None:
    said = "\n".join(_reasons(Why(replace(together, probability=0.0), ISSUES, None)))
    assert "可能性 0%" in said


@pytest.mark.parametrize(
    "said",
    [
        f"keeping only the {PER_ORDER} most similar of each kind",
        f"{len(FEATURES)} features",
        f"mean of their {WORDS[BEST]} most similar pairs, and has to reach {THRESHOLD:.2f}",
        f"an order that joins a large issue must be like {WORDS[BEST]} of it",
        f"at least {FREE_TEXT} characters",
        f"found in {WORDS[COMMON]} or more communities",
        f"({AREA_PENALTY:g} log odds)",
        f"take {NUMBER_PENALTY:g} log odds off",
    ],
)
def test_the_page_states_the_constants(said: str) -> None:
    assert said in re.sub(r"\s+", " ", PAGE.read_text(encoding="utf-8"))


def test_the_modules_that_the_page_names_exist() -> None:
    page = PAGE.read_text(encoding="utf-8")
    method = page[page.index("## 1. How they are found") : page.index("## 2. Over time")]
    named = set(re.findall(r"`(\w+/(?:\w+\.\w+)?)`", method))
    assert len(named) > 5, "each step names its code"
    assert [
        path for path in sorted(named) if not (PAGE.parents[1] / "src/hotline_tools/repeats" / path).exists()
    ] == []


@pytest.mark.parametrize(
    ("why", "probability", "issues", "says"),
    [
        ("near and in one issue", 0.9, {"A": "R1", "B": "R1"}, ""),
        ("far and in none", 0.1, {"A": None, "B": None}, ""),
        ("together by way of others", 0.1, {"A": "R1", "B": "R1"}, "各自与组内其他工单相近"),
        ("near, and yet apart", 0.9, {"A": "R1", "B": None}, "归并看的是整组"),
    ],
)
def test_it_is_said_why_orders_are_not_where_the_pair_would_put_them(
    together: Reasons, why: str, probability: float, issues: dict[str, str | None], says: str
) -> None:
    lines = "\n".join(_reasons(Why(replace(together, probability=probability), issues, None)))
    for sentence in ("各自与组内其他工单相近", "归并看的是整组，"):
        assert (sentence in lines) is (bool(says) and sentence.startswith(says)), why
