"""“Did you mean”: the nearest known name for one that is not known."""

from collections.abc import Iterable
from difflib import get_close_matches

CUTOFF = 0.6
"""Likeness in 0-1 (``difflib``) from which a name is worth suggesting."""


def closest(word: str, known: Iterable[str], *, most: int = 1, cutoff: float = CUTOFF) -> list[str]:
    """Return up to ``most`` known names that are nearest to ``word``, the nearest first."""
    return get_close_matches(word, list(known), n=most, cutoff=cutoff)


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str = "", cutoff: float = CUTOFF) -> str:
    """Return ``是不是 …？`` with the nearest known name, else ``otherwise``."""
    found = closest(word, known, cutoff=cutoff)
    return f"是不是 {found[0]}？" if found else otherwise
