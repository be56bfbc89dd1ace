"""Which orders may be part of an issue at all: those whose place is more than a district.

A district holds hundreds of thousands of people: orders that name nothing else are alike without
being one issue, and would make false hotspots. They are kept out before candidates are looked for,
so that no later step can bring them in.
"""

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.repeats.names import Name, is_evidence
from hotline_tools.repeats.rows import Mask

FREE_TEXT = 40
"""Characters of a text that may stand by itself when no area is known (a policy, a website, an app)."""
_DISTRICT = re.compile(r"(?<![a-z])[a-z]\d{1,2}[区县]|[\u4e00-\u9fff]{2}(?<!小)[区县](?![域块间分别])")
_FINER = ("street", "community", "grid")


def text_evidence(names: Sequence[Sequence[Name]]) -> Mask:
    """Tell which orders name a place or an actor more closely than a district."""
    return np.array([any(map(is_evidence, each)) for each in names], dtype=bool)


def stands_alone(heads: Sequence[str], bodies: Sequence[str]) -> Mask:
    """Tell which normalised texts are long enough and name no district."""
    return np.array(
        [
            len(head) + len(body) >= FREE_TEXT and not _DISTRICT.search(f"{head}|{body}")
            for head, body in zip(heads, bodies, strict=True)
        ],
        dtype=bool,
    )


def may_join(named: Mask, alone: Mask, orders: pa.Table) -> Mask:
    """Tell which orders may join an issue.

    Those with a name; those whose street, community or grid is known; and long texts for which no area
    is known at all, neither from a column nor from the text.
    """
    finer = np.zeros(orders.num_rows, dtype=bool)
    for column in _FINER:
        finer |= _filled(orders, column)
    area_known = _filled(orders, "district") | _filled(orders, "address")
    return named | finer | (alone & ~area_known)


def _filled(orders: pa.Table, column: str) -> Mask:
    filled: Mask = pc.is_valid(orders[column]).to_numpy()
    return filled
