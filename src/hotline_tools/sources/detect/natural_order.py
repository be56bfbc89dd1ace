"""Names in the order people mean: 9月 before 10月, 第2批 before 第10批, 九月 before 十月."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

_NUMBER = re.compile(r"(\d+|[一二三四五六七八九十]{1,3}(?=[月季周号期批日旬]))")
_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", start=1)}
Key = tuple[tuple[int, int, str], ...]
T = TypeVar("T")


def natural_key(name: str) -> Key:
    """Sort key: numbers by their value, Chinese numerals of months and the like too."""
    return tuple(
        (0, _value(part), "") if at % 2 else (1, 0, part.casefold())
        for at, part in enumerate(_NUMBER.split(name))
    )


def in_series(items: Sequence[T], name: Callable[[T], str]) -> list[T]:
    """Items whose names differ in nothing but their numbers in the order of these; others as they come."""
    series = {_NUMBER.sub("#", name(item)) for item in items}
    if len(series) == 1 and "#" in next(iter(series)):
        return sorted(items, key=lambda item: natural_key(name(item)))
    return list(items)


def _value(number: str) -> int:
    if number.isdecimal():
        return int(number)
    tens, ten, ones = number.rpartition("十")
    if not ten:
        return _DIGITS.get(number[-1], 0)
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
