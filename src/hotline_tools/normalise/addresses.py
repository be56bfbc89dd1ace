"""Addresses: doubled district names repaired, the district and the place read off."""

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.places import (
    DISTRICT,
    NEIGHBOURHOOD,
    NOT_A_DISTRICT,
    ROAD,
    ROAD_SECTION,
    SITE,
    TOWN,
    VILLAGE,
)

_AREA = rf"\p{{Han}}{{1,3}}{DISTRICT}"
_DOUBLED = (
    rf"^(?P<first>{_AREA}) *(?P<post>\d{{3,6}})? *(?:台灣|臺灣|台湾|中国|中國)?"
    rf"(?P<city>\p{{Han}}{{2,3}}[市縣县])?(?:\p{{Han}}{{2,3}}[市縣县])?(?P<second>{_AREA})(?P<rest>.*)$"
)
_DISTRICT = rf"^(?:\p{{Han}}{{2,3}}省)?(?:\p{{Han}}{{2,3}}市)?(?P<district>{_AREA})(?P<rest>.*)$"
_OTHER_WORD = f"[{NOT_A_DISTRICT}][区區]$"
_ESTATE = rf"^(?:.*[路街道巷弄段号號])?(?P<place>[\p{{Han}}A-Za-z0-9]{{2,14}}?(?:{SITE}))"
_COMMUNITY = r"^(?P<place>\p{Han}{2,6}(?:社区|社區))$"
_VILLAGE = rf"(?P<place>\p{{Han}}{{2,6}}(?:{VILLAGE}))"
_ROAD = rf"(?P<place>\p{{Han}}{{1,10}}?(?:{ROAD}|弄|道){ROAD_SECTION}?)"


def repair_doubled(column: pa.Array) -> pa.Array:
    """``萬華區臺北市萬華區福安里…`` → ``臺北市萬華區福安里…``."""
    candidates = pc.fill_null(pc.match_substring_regex(column, rf"^{_AREA}.*{DISTRICT}"), False)
    if not pc.any(candidates).as_py():
        return column
    texts = column.filter(candidates)
    parts = pc.extract_regex(texts, _DOUBLED)
    first, second = pc.struct_field(parts, "first"), pc.struct_field(parts, "second")
    twice = pc.fill_null(pc.equal(first, second), False)
    short = pc.binary_join_element_wise(
        pc.struct_field(parts, "city"), second, pc.struct_field(parts, "rest"), ""
    )
    return pc.replace_with_mask(column, candidates, pc.if_else(twice, short, texts))


def read_district(address: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return (district or null, whether nothing but the district is written)."""
    parts = pc.extract_regex(address, _DISTRICT)
    found = pc.struct_field(parts, "district")
    real = pc.invert(pc.fill_null(pc.match_substring_regex(found, _OTHER_WORD), True))
    district = pc.if_else(real, found, pa.scalar(None, pa.string()))
    alone = pc.and_(real, pc.fill_null(pc.equal(pc.struct_field(parts, "rest"), ""), False))
    return district, alone


def read_place(address: pa.Array) -> pa.Array:
    """Reduce an address to its estate, else its road, else its village or community; else null."""
    parts = pc.extract_regex(address, _DISTRICT)
    district = pc.struct_field(parts, "district")
    real = pc.invert(pc.fill_null(pc.match_substring_regex(district, _OTHER_WORD), True))
    bare = pc.if_else(real, pc.struct_field(parts, "rest"), address)
    bare = pc.replace_substring_regex(bare, "[,，;；].*$", "")
    bare = pc.replace_substring_regex(bare, rf"^.{{0,12}}?{TOWN}", "")
    bare = pc.replace_substring_regex(bare, rf"^\p{{Han}}{{1,4}}{NEIGHBOURHOOD}", "")
    place = pa.nulls(len(address), pa.string())
    for pattern in (_ESTATE, _COMMUNITY, _ROAD, _VILLAGE):
        left = pc.and_(pc.is_null(place), pc.is_valid(bare))
        if not pc.any(left).as_py():
            break
        found = pc.struct_field(pc.extract_regex(bare.filter(left), pattern), "place")
        place = pc.replace_with_mask(place, left, found)
    return place
