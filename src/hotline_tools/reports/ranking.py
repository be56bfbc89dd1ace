"""Ranks with ties."""

from collections.abc import Sequence


def ranks(figures: Sequence[float]) -> list[int]:
    """Return competition ranks (1, 2, 2, 4), the largest figure first; equals share a rank."""
    return [1 + sum(other > figure for other in figures) for figure in figures]
