"""The telephone of a row's caller, known from a column of its own, in the texts of the same row.

A mobile number of mainland China is found wherever it stands. A landline or a number of another country is
only found behind words that call it one: beside them eight digits may be anything but what is known here.
"""

import re
from functools import lru_cache

PHONE_CELL = r"^[0-9+()（）. \x{3000}—–-]{7,24}$"
"""RE2 of a cell that holds a number and nothing else."""
LOCAL_NUMBER = r"^(?:(?:00)?86)?(?:0(?:10|2\d|[3-9]\d{2}))?([2-8]\d{6,7})$|^(?:(?:00|0)?91)?([6-9]\d{9})$"
"""RE2, over the digits of a cell: a landline without its area code, or ten digits of an Indian mobile."""
_CODE = r"(?:\+?(?:86|91)[-—– ]?)?(?:[(（]?0\d{2,3}[)）]?[-—– ]?)?"


def hide_number(text: str, number: str) -> str:
    """Replace a number, as ``LOCAL_NUMBER`` gives it, and the code before it by asterisks."""
    return _pattern(number).sub(lambda found: "*" * len(found[0]), text) if number in text else text


@lru_cache(maxsize=256)
def _pattern(number: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\d){_CODE}{number}(?!\d)")
