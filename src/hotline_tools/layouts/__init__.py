"""Export layouts: one TOML each, and the code that reads, scores and matches them."""

from hotline_tools.layouts.model import Combine, FieldSpec, Layout, Match, Sister, Unsure

__all__ = ["Combine", "FieldSpec", "Layout", "Match", "Sister", "Unsure"]
