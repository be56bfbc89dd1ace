"""The figures of docs/classifier.md and its Chinese sister that follow from the built-in model."""

import re
from pathlib import Path

from hotline_tools.classify.evidence import SHOWN
from hotline_tools.classify.model import Model
from hotline_tools.classify.modelfile import DEFAULT_MODEL
from hotline_tools.classify.results import LEAST_ALTERNATIVE, SHOWN_ALTERNATIVES
from hotline_tools.classify.training import REVIEW_SHARE
from hotline_tools.classify.zeroshot import ZERO_SHOT_CALIBRATION
from hotline_tools.taxonomy import load_request_cues

DOCS = Path(__file__).parents[1] / "docs"


def facts(model: Model) -> list[tuple[str, str]]:
    """What the pages state of ``model`` and its lexicon: (English, Chinese) as they stand there."""
    taxonomy, rules = model.space.lexicon.taxonomy, model.space.lexicon.rules
    nodes = list(taxonomy.walk())
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


def update(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> None:
    """Replace what the two pages stated before a refit by what holds after it."""
    for language, page in enumerate(("classifier.md", "classifier.zh-CN.md")):
        text = (DOCS / page).read_text(encoding="utf-8")
        for old, new in zip(before, after, strict=True):
            if old[language] != new[language]:
                text = _restated(text, old[language], new[language].split(" "))
        (DOCS / page).write_text(text, encoding="utf-8")


def _restated(text: str, old: str, new: list[str]) -> str:
    """``text`` with ``new`` words for ``old``; where a line broke between two words, it breaks again."""

    def put(found: re.Match[str]) -> str:
        gaps = [*found.groups(), ""]
        if len(gaps) != len(new):
            gaps = [*[" "] * (len(new) - 1), ""]
        return "".join(word + space for word, space in zip(new, gaps, strict=True))

    return re.sub(r"(\s+)".join(re.escape(word) for word in old.split(" ")), put, text)
