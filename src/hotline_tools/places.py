"""Patterns of Chinese places: districts, towns, neighbourhoods, roads, sites, anonymised districts.

Strings are fragments that Python's ``re`` and Arrow's RE2 both read (no lookaround), in Simplified and
Traditional characters. What needs lookaround is compiled, for normalised text: Simplified, lower case.
"""

import re

DISTRICT = "[区區县縣]"
"""Last character of a district or county."""
NOT_A_DISTRICT = "小社園园校景厂片街库院宅民舍活辖管灾业"
"""Before 区 each of these makes a word that is no district: 小区, 社区, 景区, 辖区."""
TOWN = "(?:街道|[镇鎮乡鄉])"
"""Ending of a subdistrict or town."""
NEIGHBOURHOOD = r"[里村]\d+[邻鄰]"
"""Ending of a numbered neighbourhood of a village: 福安里12鄰."""
ROAD = "大道|大街|路|街|巷|胡同"
"""Endings of roads."""
ROAD_SECTION = r"(?:[一二三四五六七八九十\d]+段)"
"""Section of a road: 二段."""
SITE = (
    "小区|花园|花苑|公寓|家园|新村|新城|广场|大厦|宿舍|佳苑|雅苑|名苑|嘉园|华庭|山庄|别墅|市场|公园|学校|医院"
    "|花園|家園|廣場|大廈|市場|公園|學校|醫院|國民小學|國民中學"
)
"""Endings of estates and institutions in addresses."""
VILLAGE = "村|社区|社區|里"
"""Endings of villages and communities."""
AREA_PREFIX = re.compile(
    rf"^(?:[^|]{{2,3}}省)?(?:[^|区县]{{2,4}}市(?!民))?(?:[^|]{{1,3}}(?<![{NOT_A_DISTRICT}]){DISTRICT})?"
    rf"(?:[^|]{{1,6}}?{TOWN})?(?:[^|]{{1,4}}?{NEIGHBOURHOOD})?"
)
"""The province, city, district, town and neighbourhood that an address begins with; may be empty."""
DISTRICT_PREFIX = re.compile(rf"^(?:\w{{2,3}}市)?\w{{2,3}}{DISTRICT}(?=\w{{3}})")
"""The district, with its city or without, that a longer name begins with."""
COMMITTEE = re.compile(r"(?:社区|村)?(?:居民委员会|村民委员会|居委会|村委会)$")
"""The suffix of a community's or village's committee: 望坪村村民委员会."""
ANONYMISED = re.compile(r"(?<![a-z])(?:([a-z]\d{1,2})|[a-z])(?:市|区|县)")
"""Anonymised districts and cities: A3区, with its code A3 as group 1, and A市, without one."""
_NAMED_DISTRICT = re.compile(r"(?<![a-z])[a-z]\d{1,2}[区县]|[\u4e00-\u9fff]{2}(?<!小)[区县](?![域块间分别])")
_IS_DISTRICT = re.compile(r"^\w{1,4}(?<!小)(?:区|县|市)\w?$")
"""Also with one more character, of the next word: 朝阳区路 of 朝阳区路灯."""


def is_district(name: str) -> bool:
    """Tell whether a name is that of a district, county, city or of a community (社区) alone."""
    return bool(_IS_DISTRICT.match(name))


def names_district(text: str) -> bool:
    """Tell whether a district or county, anonymised or not, is named in a normalised text."""
    return bool(_NAMED_DISTRICT.search(text))


def anonymised_codes(text: str) -> list[str]:
    """Return the codes of the anonymised districts (a3 of A3区) in a normalised text."""
    return [code for code in ANONYMISED.findall(text) if code]
