"""Raw text tables + a layout match → work orders, rejects and quality counts."""

from hotline_tools.normalise.derive import rederive
from hotline_tools.normalise.fields import read_text
from hotline_tools.normalise.normaliser import NormalisedBatch, Normaliser
from hotline_tools.normalise.own_names import without_own_names
from hotline_tools.normalise.quality import ColumnQuality, Quality

__all__ = [
    "ColumnQuality",
    "NormalisedBatch",
    "Normaliser",
    "Quality",
    "read_text",
    "rederive",
    "without_own_names",
]
