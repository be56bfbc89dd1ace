"""Probability that two orders are one issue: a logistic regression averaged with boosted trees.

Both halves are plain numbers in ``model.json`` and evaluated with numpy alone. The trees have depth
two, so the whole is a sum of terms in at most two features each, which ``hotline issues why`` can show.
Fitted by ``benchmarks/fit_repeats.py``.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotline_tools.errors import ModelError
from hotline_tools.repeats.comparison.features import FEATURES
from hotline_tools.repeats.comparison.place_rules import AREAS_KNOWN, OTHER_OBJECT, RULES

AT = {name: k for k, name in enumerate((*FEATURES, *RULES, AREAS_KNOWN))}
PLACE = "place_match"
PRODUCTS: tuple[tuple[str, str], ...] = (
    (PLACE, "aspect_title_cos"), (PLACE, "aspect_conflict"), (PLACE, "content_title_cos"),
    (PLACE, "content_cos"), (PLACE, "number_conflict"), (PLACE, "title_cos"), (PLACE, "log_df_title"),
    (PLACE, "same_user"), ("same_user", "content_title_cos"), ("same_user", "log_days"),
    ("same_user", "title_bi_cover_max"), ("same_user", "rare_bi_cos"), ("title_bi_cos", "number_conflict"),
    ("title_bi_cover_max", "aspect_title_cos"), ("rare_bi_cos", "log_df_any"),
    (PLACE, "category_same"), (PLACE, "subcategory_same"), (PLACE, "category_differs"),
)  # fmt: skip
INPUTS = (*FEATURES, *(f"{a} * {b}" for a, b in PRODUCTS))
SURE_NOT = -7.0
"""Log odds of the linear half below which the trees are not evaluated."""
VETO = -1.0
"""Stands for the probability when one of ``place_rules.RULES`` forbids the pair: below any probability, so
that an order in between cannot chain two places."""
NEVER = -1e6
"""Stands for it when two numbered objects differ: no number of likely pairs outweighs it."""
NUMBER_PENALTY = 4.0
"""Log odds taken off when both titles number the same unit differently (期, 班, 号线 …)."""
AREA_PENALTY = 1.5
"""Log odds taken off where columns state the area of both orders: there the rules have compared the places,
and shared names, which the model was fitted to on message boards, are weaker evidence of one problem."""
_BOUND = 14.0
Matrix = NDArray[np.float32]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Trees:
    """Depth-two trees: ``feature`` and ``threshold`` (t, 3) of root, left, right; ``value`` (t, 4)."""

    base: float
    feature: NDArray[np.int64]
    threshold: Numbers
    value: Numbers

    def log_odds(self, z: Matrix) -> Numbers:
        """Return the sum of the leaves for each row of inputs."""
        columns = np.ascontiguousarray(z.T)
        at = [columns[of] <= t[:, None] for of, t in zip(self.feature.T, self._thresholds, strict=True)]
        root, left, right = at
        leaves = np.concatenate([root & left, root & ~left, ~root & right])
        # The fourth leaf is where none of the three is: its value is in the base.
        gain = (self.value[:, :3] - self.value[:, 3:]).T.ravel().astype(np.float32)
        # Not a matrix product: its threads would wait for each other longer than they count.
        gained: Matrix = np.einsum("t,tn->n", gain, leaves.astype(np.float32))
        out: Numbers = self.base + self.value[:, 3].sum() + gained.astype(np.float64)
        return out

    @property
    def _thresholds(self) -> Matrix:
        return np.ascontiguousarray(self.threshold.T, dtype=np.float32)


@dataclass(frozen=True)
class PairModel:
    """``weight``: log odds for each input as it is, not standardised."""

    weight: Numbers
    intercept: float
    trees: Trees
    baseline: NDArray[np.float32]
    """Features of the baseline pair, for explanations: the means over pairs of two different issues."""

    @classmethod
    def from_dict(cls, data: dict[str, Any], where: str = "model.json") -> "PairModel":
        """Read the model's JSON object; raise ``ModelError`` when it was fitted for other features."""
        if tuple(data.get("inputs", ())) != INPUTS:
            raise ModelError(
                "这个比较模型与本版本的特征不符",
                where=where,
                remedy="请用 benchmarks/fit_repeats.py 重新拟合。",
            )
        trees = data["trees"]
        return cls(
            np.array(data["weight"]),
            float(data["intercept"]),
            Trees(
                float(trees["base"]),
                np.array(trees["feature"], dtype=np.int64).reshape(-1, 3),
                np.array(trees["threshold"], dtype=np.float64).reshape(-1, 3),
                np.array(trees["value"], dtype=np.float64).reshape(-1, 4),
            ),
            np.array(data["baseline"], dtype=np.float32),
        )

    def linear(self, z: Matrix) -> Numbers:
        """Return the log odds of the logistic half."""
        out: Numbers = z @ self.weight + self.intercept
        return out

    def log_odds(self, x: Matrix) -> Numbers:
        """Return the log odds that each pair (a row of features) is one issue."""
        z = inputs(x)
        linear = self.linear(z)
        trees = np.clip(linear, -_BOUND, -6.0)
        asked = linear > SURE_NOT
        trees[asked] = np.clip(self.trees.log_odds(z[asked]), -_BOUND, _BOUND)
        odds: Numbers = (np.clip(linear, -_BOUND, _BOUND) + trees) / 2
        odds -= AREA_PENALTY * x[:, AT[AREAS_KNOWN]]
        return odds - NUMBER_PENALTY * number_differs(x)

    def probability(self, x: Matrix) -> Numbers:
        """Return the probability that each pair is one issue, or ``VETO``, or ``NEVER``."""
        out: Numbers = 1 / (1 + np.exp(-self.log_odds(x)))
        return np.where(x[:, AT[OTHER_OBJECT]] > 0, NEVER, np.where(place_differs(x), VETO, out))


def number_differs(x: Matrix) -> NDArray[np.bool_]:
    """Tell for each pair whether the titles number the same unit differently."""
    differs: NDArray[np.bool_] = (x[:, AT["number_conflict"]] > 0) & (x[:, AT["number_shared"]] == 0)
    return differs


def place_differs(x: Matrix) -> NDArray[np.bool_]:
    """Tell for each pair whether a rule about places forbids it."""
    differs: NDArray[np.bool_] = x[:, [AT[name] for name in RULES]].max(axis=1, initial=0) > 0
    return differs


def forbidding_rules(row: Matrix) -> tuple[str, ...]:
    """Return which of ``RULES`` forbid a pair; ``row`` holds its features, one value a column of ``AT``."""
    return tuple(name for name in RULES if row[AT[name]] > 0)


def inputs(x: Matrix) -> Matrix:
    """Return the features and their products, columns as in ``INPUTS``."""
    covered = np.minimum(1, x[:, AT["place_cover_max"]]) * x[:, AT["place_both"]]
    place = np.maximum(x[:, AT["place_title_cos"]], covered)

    def value(name: str) -> Matrix:
        column: Matrix = place if name == PLACE else x[:, AT[name]]
        return column

    return np.column_stack([x[:, : len(FEATURES)], *(value(a) * value(b) for a, b in PRODUCTS)])


@cache
def shipped_model() -> PairModel:
    """Return the model that comes with the toolkit."""
    text = files("hotline_tools.repeats.comparison").joinpath("model.json").read_text(encoding="utf-8")
    return PairModel.from_dict(json.loads(text))
