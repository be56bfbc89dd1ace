"""Intervals and tests against published and independently computed values."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hotline_tools.reports.statistics import wilson

WILSON = [
    ("Newcombe (1998), table I: 81 of 263", 81, 263, 0.2553, 0.3662),
    ("Newcombe (1998), table I: 15 of 148", 15, 148, 0.0624, 0.1605),
    ("Newcombe (1998), table I: 0 of 20", 0, 20, 0.0, 0.1611),
    ("Newcombe (1998), table I: 1 of 29", 1, 29, 0.0061, 0.1718),
    ("all of 20: the mirror of none of 20", 20, 20, 0.8389, 1.0),
]


@pytest.mark.parametrize(("what", "hits", "number", "low", "high"), WILSON, ids=[case[0] for case in WILSON])
def test_wilson_against_published_intervals(
    what: str, hits: int, number: int, low: float, high: float
) -> None:
    assert wilson(hits, number) == pytest.approx((low, high), abs=5e-5)


def test_wilson_of_nothing_is_no_interval() -> None:
    assert wilson(0, 0) is None


REFUSED: list[tuple[Any, ...]] = [(-1, 5), (6, 5), (3, 5, 0.0), (3, 5, 1.0)]


@pytest.mark.parametrize("arguments", REFUSED)
def test_wilson_refuses_what_is_no_proportion(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="is"):
        wilson(*arguments)


@given(st.integers(1, 5000), st.data(), st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_is_that_of_scipy_and_holds_the_share(number: int, data: Any, confidence: float) -> None:
    hits = data.draw(st.integers(0, number))
    low, high = wilson(hits, number, confidence) or (2.0, -1.0)
    assert 0 <= low <= hits / number <= high <= 1
    other = stats.binomtest(hits, number).proportion_ci(confidence, method="wilson")
    assert (low, high) == pytest.approx((other.low, other.high), abs=1e-9)
