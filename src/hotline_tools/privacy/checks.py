"""Is this number what it looks like? Check digits, birth dates, province codes, Luhn."""

from datetime import date

_CHECKED_FROM = 2018
"""Numbers with a later birth date must have the right check digit: order ids hold recent dates."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_PROVINCES = frozenset(
    str(code)
    for low, high in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
    for code in range(low, high + 1)
)
"""First two digits: the province (GB/T 2260)."""


def is_birth_date(year: str, month: str, day: str) -> bool:
    """Tell whether a person alive could be born on that day."""
    try:
        born = date(int(year), int(month), int(day))
    except ValueError:
        return False
    return date(1900, 1, 1) <= born <= date(2035, 12, 31)


def is_id_number(text: str) -> bool:
    """Tell whether ``text`` is a resident identity number (GB 11643-1999), 18 or 15 characters.

    The check digit is demanded of the youngest only: people mistype it, and the province code with a birth
    date in the right places is already telling.
    """
    if text[:2] not in _PROVINCES:
        return False
    if len(text) == 18:
        born = is_birth_date(text[6:10], text[10:12], text[12:14])
        return born and (int(text[6:10]) < _CHECKED_FROM or _has_check_digit(text))
    return len(text) == 15 and text.isdigit() and is_birth_date("19" + text[6:8], text[8:10], text[10:12])


def _has_check_digit(text: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11] == text[17].upper()


def passes_luhn(digits: str) -> bool:
    """Tell whether the digits pass the Luhn check of bank cards (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
