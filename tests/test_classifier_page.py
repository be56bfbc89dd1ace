"""The numbers on the pages about the classifier and the review are the constants of the code."""

import inspect
import re
from dataclasses import replace
from pathlib import Path

import pytest

from hotline_tools.classify import Classifier
from hotline_tools.classify.evidence import SHOWN
from hotline_tools.classify.explain import CLOSE, SHOWN_CLASSES, explain
from hotline_tools.classify.modelfile import DEFAULT_MODEL
from hotline_tools.classify.results import LEAST_ALTERNATIVE, SHOWN_ALTERNATIVES
from hotline_tools.classify.selection import CONTROL_SHARE, SAME_TEXT
from hotline_tools.classify.training import FOLDS, LEAST_EXAMPLES, REVIEW_SHARE
from hotline_tools.classify.zeroshot import ZERO_SHOT_CALIBRATION
from hotline_tools.cli import evaluate as cli_evaluate
from hotline_tools.cli.explain import AGAINST, FOR
from hotline_tools.cli.suggest import suggest
from hotline_tools.jobs.evaluation_tables import PARTS
from hotline_tools.jobs.review_export import LARGEST_POOL, POOL_TIMES
from hotline_tools.jobs.suggesting import BEST, SURE
from hotline_tools.reports.catalog.newtopics import LEAST_ORDERS, LEAST_WORDS, MOST_MESSAGES
from hotline_tools.taxonomy import default_taxonomy, load_request_cues, load_rules

DOCS = Path(__file__).parents[1] / "docs"
ENGLISH = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
CHINESE = {1: "一", 2: "两", 3: "三", 4: "四", 5: "五", 6: "六"}
PARTS_OF = {3: "third", 4: "quarter", 5: "fifth", 10: "tenth"}


def page(name: str) -> str:
    """Return a page on one line: Chinese lines follow without a space."""
    text = (DOCS / name).read_text(encoding="utf-8")
    return re.sub(r"\s*\n\s*", "" if "zh-CN" in name else " ", text)


def classifier_facts() -> list[tuple[str, str]]:
    taxonomy = default_taxonomy()
    model = Classifier.default().model
    rules, nodes = load_rules(taxonomy), list(taxonomy.walk())
    subcategories = sum(len(node.path) == 2 for node in nodes)
    patterns = sum(len(node.patterns) for node in nodes)
    words = f"{round(len({word for node in nodes for word in node.terms}), -2):,}"
    size = f"{DEFAULT_MODEL.stat().st_size / 1e6:.1f}"
    needed = model.space.needed_words(taxonomy, rules, load_request_cues())
    ngrams = f"{round(len(set(model.space.words) - set(needed)), -3):,}"
    below, zero_shot = model.calibration.review_below, ZERO_SHOT_CALIBRATION.review_below
    measured = model.card["out_of_fold"]
    names = ("accuracy", "accuracy_with_alternatives", "macro_f1", "accuracy_kept")
    figures = " / ".join(f"{measured[name]:.3f}" for name in names)
    sent, rows = f"{measured['review_share']:.1%}".replace("%", " %"), f"{measured['rows']:,}"
    return [
        (f"{len(taxonomy.names)} categories, {subcategories} subcategories, about {words} weighted words",
         f"{len(taxonomy.names)} 个类别、{subcategories} 个子类、约 {words} 个带权重的词"),
        (f"{patterns:,} patterns", f"{patterns:,} 个模式"),
        (f"{len(rules.shifts)} “not this, but” rules", f"{len(rules.shifts)} 条“不是这个，而是那个”的规则"),
        (f"some {ngrams} n-grams", f"约 {ngrams} 个 n 元组"),
        (f"`classify/default.model`, {size} MB", f"`classify/default.model`，{size} MB"),
        (f"{below} for the built-in model, {zero_shot} for a taxonomy of your own",
         f"内置模型的门槛为 {below}，自备的分类体系为 {zero_shot}"),
        (f"so that {REVIEW_SHARE:.0%}".replace("%", " %"), f"使 {REVIEW_SHARE:.0%}".replace("%", " %")),
        (f"Up to {SHOWN} words", f"依据的词至多 {SHOWN} 个"),
        (f"up to {SHOWN_ALTERNATIVES} runners-up of probability {LEAST_ALTERNATIVE} or more",
         f"备选至多 {SHOWN_ALTERNATIVES} 个，可能性不低于 {LEAST_ALTERNATIVE}"),
        (f"{rows} messages out of fold", f"{rows} 条折外留言"),
        (f"{figures} at {sent}", f"{figures}，送复核 {sent}"),
    ]  # fmt: skip


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
    facts = classifier_facts() if name == "classifier" else review_facts()
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


def test_the_explanation_states_how_near_a_runner_up_is_called_close() -> None:
    why = explain(Classifier.default(), None, "工地噪声和扬尘")
    assert why.probabilities[0][1] - why.probabilities[1][1] < CLOSE
    assert why.reasons[1].endswith(f"，相差不到 {CLOSE}）")
