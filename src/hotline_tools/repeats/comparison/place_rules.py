"""Rules, nearly all about places, that forbid a pair, whatever the model says.

The same words about another place are another issue; so is another type of matter, where the type is all
that the export says of it.
"""

from collections.abc import Mapping

import numpy as np

from hotline_tools.repeats.encode.batch import Batch
from hotline_tools.repeats.encode.ragged import Floats, Longs, Mask

OTHER_OBJECT = "other_object"
RULES = ("site_conflict", "area_conflict", "no_common_place", "other_site", "other_type", OTHER_OBJECT)
"""Columns after those of ``features.FEATURES``, 0 or 1."""
AREAS_KNOWN = "areas_known"
"""The column after these: 1 where the columns of both orders state an area."""
SAME_SITE = 0.8
"""A site is found in the other order when so much of the weight of its name is."""
OTHER_SITE = 0.5
"""Under this share two sites of free text are two places, if the titles name none."""
FROM_ADDRESS = 2
"""Orders whose site is of the address; above: whose address gives the number of one lamp or the like."""
COMMON = 3
"""A name of free text in this many communities (a bus company, 新小区) is no evidence of a place."""


def place_rules(batch: Batch, i: Longs, j: Longs, found: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return for each pair which rules forbid it, and ``AREAS_KNOWN``; each (pairs,), 0 or 1.

    ``site_conflict``: one order's site is not named in the other, nor the other way round; or both have
    their site from free text, and many communities have one of that name. Where no column says the area of
    one of them, its text still names another site than the address of the other.
    ``area_conflict``: the columns name two communities or two streets; clerks err in the community, so a
    site that both addresses name outweighs it.
    ``no_common_place``: neither has a site, and no column says that the community is the same.
    ``other_site``, whatever the columns say: titles that name no place (暖气不热), or none, and texts that
    name two places.
    ``other_type``: neither has a text, and the export's own categories differ.
    ``other_object``: both addresses number an object (a lamp), and the numbers differ.
    One caller may come again without saying where; orders of one community may leave the site out.
    """
    metadata = batch.metadata
    weight, site_source, site_communities = (
        batch.per_order["site_weight"],
        batch.per_order["site_source"],
        batch.per_order["site_communities"],
    )
    known = metadata.area_known[i] & metadata.area_known[j]
    either, both = (weight[i] > 0) | (weight[j] > 0), (weight[i] > 0) & (weight[j] > 0)
    same_caller = (metadata.caller[i] == metadata.caller[j]) & (metadata.caller[i] >= 0)
    other_street = _differ(metadata.street, i, j)
    other_community = _differ(metadata.community, i, j)
    one_area = (metadata.community[i] == metadata.community[j]) & (metadata.community[i] >= 0) & ~other_street
    excused = ~both & (same_caller | one_area)
    elsewhere = either & (found["site_cover"] < SAME_SITE) & ~excused
    of_text = (site_source[i] == 1) & (site_source[j] == 1)
    common = np.maximum(site_communities[i], site_communities[j]) >= COMMON
    elsewhere |= of_text & common & ~one_area & ~same_caller
    numbers = (site_source[i] > FROM_ADDRESS) & (site_source[j] > FROM_ADDRESS)
    other_object = numbers & (batch.per_order["site"][i] != batch.per_order["site"][j])
    one_address = (
        (site_source[i] >= FROM_ADDRESS)
        & (site_source[j] >= FROM_ADDRESS)
        & (found["same_site"] >= SAME_SITE)
    )
    apart = other_street | (other_community & ~one_address)
    nowhere = ~either & ~same_caller & ~one_area
    named = batch.per_order["title_place_weight"]
    unnamed = ((named[i] == 0) & (named[j] == 0)) | (metadata.untitled[i] & metadata.untitled[j])
    other = both & unnamed & (found["site_cover"] < OTHER_SITE) & ~same_caller
    of_address = np.maximum(site_source[i], site_source[j]) >= FROM_ADDRESS
    written = ~known & of_address & both & (found["site_cover"] < OTHER_SITE) & ~same_caller
    against = {"site_conflict": elsewhere, "area_conflict": apart, "no_common_place": nowhere}
    rules = {name: known & rule for name, rule in against.items()}
    rules["site_conflict"] |= written
    rules |= {
        "other_site": other,
        "other_type": _differ(metadata.type_alone, i, j),
        OTHER_OBJECT: other_object,
        AREAS_KNOWN: known,
    }
    return {name: rule.astype(np.float32) for name, rule in rules.items()}


def _differ(numbers: Longs, i: Longs, j: Longs) -> Mask:
    differ: Mask = (numbers[i] != numbers[j]) & (numbers[i] >= 0) & (numbers[j] >= 0)
    return differ
