"""The text of an order that the classifier is given, and its digest, by which a label knows its text."""

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.normalise.hashing import hash_rows

CLASSIFIED = ("title", "content", "original_category")
"""The columns that ``classified_texts`` and ``category_alone`` read."""


def classified_texts(
    title: pa.ChunkedArray, content: pa.ChunkedArray, category: pa.ChunkedArray
) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """Return what to classify: the export's own category where an order has neither title nor content."""
    return pc.coalesce(title, category_alone(title, content, category)), content


def category_alone(
    title: pa.ChunkedArray, content: pa.ChunkedArray, category: pa.ChunkedArray
) -> pa.ChunkedArray:
    """Return the export's own category of orders that have neither title nor content, null for the others."""
    silent = pc.and_(pc.is_null(title), pc.is_null(content))
    return pc.if_else(silent, category, pa.scalar(None, pa.string()))


def text_digests(orders: pa.Table) -> pa.Array:
    """Return the digest of what the classifier is given of each order."""
    texts = classified_texts(*(orders[name] for name in CLASSIFIED))
    return hash_rows([text.combine_chunks() for text in texts])
