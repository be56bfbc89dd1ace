"""The SQL of the engine's views."""

from collections.abc import Sequence
from pathlib import Path

LABELLED_ORDERS = """
SELECT o.*,
       l.category, l.subcategory, l.confidence, l.needs_review, l.origin AS label_origin,
       l.request_type AS predicted_request_type,
       coalesce(o.request_type, l.request_type) AS effective_request_type
FROM stored_orders AS o LEFT JOIN labels AS l ON l.order_key = o.order_key
"""
LABELS_OF_BOTH = """
SELECT * FROM person_labels
UNION ALL BY NAME
SELECT * FROM model_labels WHERE order_key NOT IN (SELECT order_key FROM person_labels)
"""
SPAN = "SELECT min(received_at) AS first, max(received_at) AS last FROM edge_orders"


def edges(months: Sequence[Path]) -> list[Path]:
    """Return the files that hold the first and the last time: months come sorted, the undated last."""
    return sorted({*months[:1], *months[-2:]})
