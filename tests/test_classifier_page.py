"""The numbers on the pages about the classifier and the review are the constants of the code."""

import inspect
import re
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from hotline_tools.classify import Classifier
from hotline_tools.classify.explain import CLOSE, SHOWN_CLASSES, explain
from hotline_tools.classify.selection import CONTROL_SHARE, SAME_TEXT
from hotline_tools.classify.training import FOLDS, LEAST_EXAMPLES
from hotline_tools.cli import evaluate as cli_evaluate
from hotline_tools.cli.explain import AGAINST, FOR
from hotline_tools.cli.suggest import suggest
from hotline_tools.jobs.evaluation_tables import PARTS
from hotline_tools.jobs.review_export import LARGEST_POOL, POOL_TIMES
from hotline_tools.jobs.suggesting import BEST, SURE
from hotline_tools.reports.catalog.newtopics import LEAST_ORDERS, LEAST_WORDS, MOST_MESSAGES

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
classify_page = import_module("classify_page")

DOCS = Path(__file__).parents[1] / "docs"
ENGLISH = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
CHINESE = {1: "一", 2: "两", 3: "三", 4: "四", 5: "五", 6: "六"}
PARTS_OF = {3: "third", 4: "quarter", 5: "fifth", 10: "tenth"}


def page(name: str) -> str:
    """Return a page on one line: Chinese lines follow without a space."""
    text = (DOCS / name).read_text(encoding="utf-8")
    return re.sub(r"\s*\n\s*", "" if "zh-CN" in name else " ", text)


def review_facts() -> list[tuple[str, str]]:
    one_in = round(1 / CONTROL_SHARE)
    part, held_out = PARTS_OF[one_in], cli_evaluate.HELD_OUT_OF
    return [
        (f"{ENGLISH[one_in - 1].capitalize()} {part}s are doubtful ones",
         f"{CHINESE[one_in]}分之{CHINESE[one_in - 1]}是拿不准的"),
        (f"One {part} is drawn at random", f"{CHINESE[one_in]}分之一随机抽取"),
        (f"{POOL_TIMES} times as many as asked for (at most {LARGEST_POOL:,})",
         f"所要件数的 {POOL_TIMES} 倍（不超过 {LARGEST_POOL:,} 件）"),
        (f"(cosine ≥ {SAME_TEXT})", f"（余弦 ≥ {SAME_TEXT}）"),
        (f"{ENGLISH[FOLDS]}-fold cross-validation", f"{CHINESE[FOLDS]}折交叉验证"),
        (f"`--holdout` tests on one {PARTS_OF[held_out]} only",
         f"`--holdout` 只留{CHINESE[held_out]}分之一作测试"),
        (f"`evaluate` gives {ENGLISH[len(PARTS)]} tables", f"`evaluate` 给出{CHINESE[len(PARTS)]}张表"),
        (f"fewer than {LEAST_EXAMPLES} records are not learned", f"不足 {LEAST_EXAMPLES} 条的类别不学"),
        (f"at least {LEAST_ORDERS} orders", f"每组至少 {LEAST_ORDERS} 件"),
        (f"a group with only {ENGLISH[LEAST_WORDS - 1]} word in common does not count",
         f"只有{CHINESE[LEAST_WORDS - 1]}个共同词的组不算"),
        (f"Above {MOST_MESSAGES:,} orders", f"超过 {MOST_MESSAGES:,} 件的均匀抽样"),
        (f"the first {ENGLISH[BEST]} suggestions", f"前{CHINESE[BEST]}个建议"),
        (f"at least `--confidence`, default {SURE})", f"不低于 `--confidence` 的工单，缺省 {SURE}）"),
        (f"the {SHOWN_CLASSES} most probable categories", f"可能性最高的 {SHOWN_CLASSES} 类"),
        (f"up to {FOR} words for the category and {AGAINST} for the runner-up",
         f"支持该类的至多 {FOR} 个，支持次选的至多 {AGAINST} 个"),
        (f"the runner-up is less than {CLOSE} behind", f"次选只差不到 {CLOSE}"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["classifier", "review"])
def test_both_pages_state_the_constants(name: str) -> None:
    facts = classify_page.facts(Classifier.default().model) if name == "classifier" else review_facts()
    english, chinese = page(f"{name}.md"), page(f"{name}.zh-CN.md")
    assert [said for said, _ in facts if said not in english] == []
    assert [said for _, said in facts if said not in chinese] == []


def test_the_command_is_as_sure_as_the_report_says() -> None:
    assert inspect.signature(suggest).parameters["confidence"].default == SURE


@pytest.mark.parametrize("margin", [0.0002, 0.004])
def test_the_explanation_states_a_threshold_that_is_above_the_confidence(margin: float) -> None:
    classifier = Classifier.default()
    text = ("电梯经常坏", "小区物业不维修电梯，老人困在电梯里，要求更换。")
    found = explain(classifier, *text).confidence
    below = round(found + margin, 4)
    classifier.calibration = replace(classifier.calibration, review_below=below)
    stated = re.search(r"置信度 ([\d.]+) 低于 ([\d.]+)", "；".join(explain(classifier, *text).reasons))
    assert stated is not None
    assert (float(stated[1]), float(stated[2])) == (found, below)


MATTERS = ("工地噪声", "扬尘污染", "小区停车收费", "路灯不亮", "占道经营", "垃圾清运", "水管漏水")
"""A text of two of them is about both, whatever the model has learnt of each."""


def test_the_explanation_states_how_near_a_runner_up_is_called_close() -> None:
    texts = [f"{one}和{other}" for one in MATTERS for other in MATTERS if one != other]
    explained = [explain(Classifier.default(), None, text) for text in texts]
    close = [why for why in explained if 0 < why.probabilities[0][1] - why.probabilities[1][1] < CLOSE]
    assert close, "no text of two matters is near to both: take others"
    assert any(why.reasons[1].endswith(f"，相差不到 {CLOSE}）") for why in close)


def test_a_refit_brings_the_pages_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "classifier.md").write_text("A line of\n1,071\npatterns.", encoding="utf-8")
    (tmp_path / "classifier.zh-CN.md").write_text("共有 1,071\n个模式。", encoding="utf-8")
    monkeypatch.setattr(classify_page, "DOCS", tmp_path)
    classify_page.update([("1,071 patterns", "1,071 个模式")], [("1,072 patterns", "1,072 个模式")])
    assert (tmp_path / "classifier.md").read_text(encoding="utf-8") == "A line of\n1,072\npatterns."
    assert (tmp_path / "classifier.zh-CN.md").read_text(encoding="utf-8") == "共有 1,072\n个模式。"
