"""Export layouts: one TOML each, and the code that reads, scores and matches them."""

from hotline_tools.layouts.doubts import needs_a_look, recognition_note
from hotline_tools.layouts.draft import draft_layout
from hotline_tools.layouts.keys import code_of, header_key, value_key
from hotline_tools.layouts.legends import explained, legend_of
from hotline_tools.layouts.load import check_layout, common, load_layout, load_layouts
from hotline_tools.layouts.match import REPLY_WORDS, KnownHeaders, apply_layout, match_layout, require_usable
from hotline_tools.layouts.model import Combine, FieldSpec, Layout, Match, Sister, Unsure

__all__ = [
    "REPLY_WORDS",
    "Combine",
    "FieldSpec",
    "KnownHeaders",
    "Layout",
    "Match",
    "Sister",
    "Unsure",
    "apply_layout",
    "check_layout",
    "code_of",
    "common",
    "draft_layout",
    "explained",
    "header_key",
    "legend_of",
    "load_layout",
    "load_layouts",
    "match_layout",
    "needs_a_look",
    "recognition_note",
    "require_usable",
    "value_key",
]
