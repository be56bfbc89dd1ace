"""Sample data: exports of a fictional district, generated from templates, that carry their own truth.

Nothing here knows the classifier's words: the samples are an independent test of it.
"""

from hotline_tools.sample.board import generate_board
from hotline_tools.sample.gridreports import generate_grid
from hotline_tools.sample.hotline import PUBLISHED_ORDERS, generate_month, generate_year
from hotline_tools.sample.story import Sample
from hotline_tools.sample.writing import write_month, write_sample

__all__ = [
    "PUBLISHED_ORDERS",
    "Sample",
    "generate_board",
    "generate_grid",
    "generate_month",
    "generate_year",
    "write_month",
    "write_sample",
]
