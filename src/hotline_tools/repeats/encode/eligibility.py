"""Eligibility: an order may be part of an issue if its place is narrower than a district.

A district holds hundreds of thousands of people: orders that name nothing else are alike without
being one issue, and would make false hotspots. They are kept out before candidates are looked for,
so that no later step can bring them in.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.places import is_district, names_district
from hotline_tools.repeats.encode.ragged import Mask
from hotline_tools.repeats.text.lexicon import lexicon
from hotline_tools.repeats.text.names import Name

FREE_TEXT = 40
"""Characters of a text that needs no place when no area is known (a policy, a website, an app)."""
_LEAST_SITE = 3
"""Characters that the site of an address has at least, to be specific enough by itself."""
NO_ACTION = ("咨询", "表扬")
"""Request types that ask for no action: no issue, however many ask the same."""
_FINER = ("street", "community", "grid")


def names_place(names: Sequence[Sequence[Name]]) -> Mask:
    """Tell which orders name a place or an actor more closely than a district."""
    return np.array([any(name.is_specific for name in each) for each in names], dtype=bool)


def address_names_site(sites: Sequence[str], of_address: Sequence[bool]) -> Mask:
    """Tell which orders have an address that names a site, as people write it, ending or not (银杏一期)."""
    areas = lexicon().whole_areas
    return np.array(
        [
            sure and len(site) >= _LEAST_SITE and not is_district(site) and not site.endswith(areas)
            for site, sure in zip(sites, of_address, strict=True)
        ],
        dtype=bool,
    )


def is_self_contained(heads: Sequence[str], bodies: Sequence[str]) -> Mask:
    """Tell which normalised texts have ``FREE_TEXT`` characters or more and name no district."""
    return np.array(
        [
            len(head) + len(body) >= FREE_TEXT and not names_district(f"{head}|{body}")
            for head, body in zip(heads, bodies, strict=True)
        ],
        dtype=bool,
    )


def eligible_orders(named: Mask, self_contained: Mask, orders: pa.Table) -> Mask:
    """Tell which orders may join an issue.

    Of those that ask for an action, as far as the export says: those with a name; those whose street,
    community or grid is known; and long texts for which no area is known at all, neither from a column nor
    from the text.
    """
    finer = np.zeros(orders.num_rows, dtype=bool)
    for column in _FINER:
        finer |= _filled(orders, column)
    acts = pc.invert(pc.is_in(orders["request_type"], pa.array(NO_ACTION))).to_numpy()
    wanted: Mask = (named | finer | (self_contained & ~area_known(orders))) & acts
    return wanted


def area_known(orders: pa.Table) -> Mask:
    """Tell which orders have a column that says where they are, be it the district only."""
    known = _filled(orders, "address")
    for column in ("district", *_FINER):
        known |= _filled(orders, column)
    return known


def _filled(orders: pa.Table, column: str) -> Mask:
    filled: Mask = pc.is_valid(orders[column]).to_numpy().copy()
    return filled
