"""Categories as data: the default taxonomy and whatever a user brings (rank 2)."""

from hotline_tools.taxonomy.load import DEFAULT_PATH, default_taxonomy, load_taxonomy
from hotline_tools.taxonomy.model import Category, Pattern, Taxonomy
from hotline_tools.taxonomy.rules import LexiconRules, Shift, load_request_cues, load_rules

__all__ = [
    "DEFAULT_PATH",
    "Category",
    "LexiconRules",
    "Pattern",
    "Shift",
    "Taxonomy",
    "default_taxonomy",
    "load_request_cues",
    "load_rules",
    "load_taxonomy",
]
