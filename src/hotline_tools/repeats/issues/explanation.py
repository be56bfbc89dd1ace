"""Explanation of a pair: what two orders share, and what each theme adds to the log odds."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from hotline_tools.places import ANONYMISED
from hotline_tools.repeats.comparison.features import compare
from hotline_tools.repeats.comparison.model import (
    AT,
    PairModel,
    forbidding_rules,
    number_differs,
    shipped_model,
)
from hotline_tools.repeats.comparison.place_rules import COMMON, OTHER_OBJECT, OTHER_SITE, SAME_SITE
from hotline_tools.repeats.encode.batch import make_batch
from hotline_tools.repeats.encode.chunks import extracted_terms
from hotline_tools.repeats.encode.order_metadata import OrderMetadata
from hotline_tools.repeats.text.aspects import aspects_of
from hotline_tools.repeats.text.lexicon import lexicon
from hotline_tools.repeats.text.names import find_names
from hotline_tools.repeats.text.normalisation import prepare
from hotline_tools.repeats.text.tokens import KNOWN, TokenizedText, Tokenizer

THEMES: dict[str, tuple[str, ...]] = {
    "地点与对象": (
        "place_title_cos", "place_all_cos", "place_cover_min", "place_cover_max", "place_both",
        "place_conflict", "region_conflict",
    ),
    "标题": (
        "title_cos", "title_bi_cos", "title_cover_min", "title_cover_max", "title_bi_cover_min",
        "title_bi_cover_max", "title_tri_sum", "title_tri_max", "title_len_min", "miss_both", "slot",
        "miss_words",
    ),
    "正文": ("text_cos", "rare_bi_cos", "content_cos", "content_title_cos", "tri_sum", "sketch"),
    "少见字句": ("tri_max", "log_df_title", "log_df_any"),
    "诉求事由": (
        "aspect_title_cos", "aspect_cos", "aspect_conflict", "category_same", "subcategory_same",
        "category_differs",
    ),
    "编号（期、栋、班、号线）": ("number_shared", "number_conflict", "number_text_conflict"),
    "来电人": ("same_user",),
    "相隔时间": ("log_days",),
}  # fmt: skip
"""Name for the user → the features it stands for; each feature is in one theme."""
PLACE_RULES = {
    "site_conflict": (
        f"一件写明的地点在另一件里找不到（名称相符不到 {SAME_SITE:.0%}），"
        f"或者两件的地点都只见于正文，而 {COMMON} 个以上社区都有这个名称"
    ),
    "area_conflict": "登记的镇街不同，或社区不同而地址不是同一处",
    "no_common_place": "两件都没有写明地点，也不是同一社区或同一来电人",
    "other_site": f"标题都没有写地点或没有标题，而正文写的是两处（名称相符不到 {OTHER_SITE:.0%}）",
    "other_type": "两件都没有标题和内容，而登记的类别不同",
    OTHER_OBJECT: "两个地址的编号不同（如灯杆号、巷弄号）",
}
"""Rule of ``place_rules.RULES`` → why it forbids that two orders are one issue."""


@dataclass(frozen=True)
class Theme:
    """``contribution``: log odds lost when the theme's features were those of the baseline pair."""

    name: str
    contribution: float
    values: dict[str, float]


@dataclass(frozen=True)
class Reasons:
    """Why two orders, taken by themselves, are or are not one issue."""

    probability: float | None
    """That they are one issue; None where a rule about places forbids it."""
    place_rules: tuple[str, ...]
    """The rules of ``place_rules.RULES`` that forbid it."""
    themes: tuple[Theme, ...]
    shared: dict[str, tuple[str, ...]]
    """What both texts hold: names, words, kinds of complaint."""
    only: tuple[tuple[str, ...], tuple[str, ...]]
    """Names that only the first, only the second order holds."""
    numbers_differ: bool
    """Whether the titles number the same unit differently."""


def explain(orders: pa.Table, a: int, b: int, model: PairModel | None = None) -> Reasons:
    """Explain rows ``a`` and ``b`` of ``orders`` (columns of ``find.COLUMNS``).

    The other rows only provide the document frequencies; some thousands are enough.
    """
    chosen = model or shipped_model()
    with extracted_terms(orders, 1) as found:
        batch = make_batch(found, OrderMetadata.of(orders), np.arange(orders.num_rows))
    _, x = compare(batch, np.array([a]), np.array([b]), screened=False)
    full = float(chosen.log_odds(x)[0])
    themes = []
    for name, columns in THEMES.items():
        without = x.copy()
        at = [AT[column] for column in columns]
        without[:, at] = chosen.baseline[at]
        added = full - float(chosen.log_odds(without)[0])
        themes.append(Theme(name, added, {column: float(x[0, AT[column]]) for column in columns}))
    shared, only = _shared(orders.take([a, b]))
    ranked = tuple(sorted(themes, key=lambda theme: -abs(theme.contribution)))
    forbidden = forbidding_rules(x[0])
    return Reasons(
        None if forbidden else float(chosen.probability(x)[0]),
        forbidden,
        ranked,
        shared,
        only,
        bool(number_differs(x)[0]),
    )


def _shared(two: pa.Table) -> tuple[dict[str, tuple[str, ...]], tuple[tuple[str, ...], tuple[str, ...]]]:
    heads, bodies = prepare(two["title"].to_pylist(), two["content"].to_pylist())
    places = [place or "" for place in two["address"].to_pylist()]
    tokenizer = Tokenizer()
    texts = [ANONYMISED.sub("|", f"{h}|{b}|{p}") for h, b, p in zip(heads, bodies, places, strict=True)]
    tokenized = [tokenizer.tokenize(text) for text in texts]
    names = [dict.fromkeys(name.text for name in find_names(cut)) for cut in tokenized]
    words = [_content_words(cut) for cut in tokenized]
    labels = tuple(lexicon().aspects)
    docs, numbers = aspects_of(texts)
    aspects = [{labels[k] for k in numbers[docs == side]} for side in (0, 1)]
    both = {
        "地点与对象": tuple(name for name in names[0] if name in names[1]),
        "用词": tuple(word for word in words[0] if word in words[1])[:12],
        "诉求事由": tuple(sorted(aspects[0] & aspects[1])),
    }
    return both, (
        tuple(name for name in names[0] if name not in names[1])[:6],
        tuple(name for name in names[1] if name not in names[0])[:6],
    )


def _content_words(cut: TokenizedText) -> dict[str, None]:
    function_words = lexicon().never_inside
    return dict.fromkeys(
        word
        for word, mark in zip(cut.words, cut.marks, strict=True)
        if mark & KNOWN and word not in function_words
    )
