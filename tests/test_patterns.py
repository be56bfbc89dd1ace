"""No pattern of ours takes a time that doubles with each character: a title of digits hung a command."""

import re
import time
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest

import hotline_tools
from hotline_tools.privacy import PersonalPattern

FRAGMENTS = [
    *"1aA一的号路镇区请 .,，、-_:/（）()[]《\"'*#|…",
    "问题",
    "请求",
    "反映",
    "来电",
    "小区",
    "1年",
    "一、",
    "1%",
]
TIMES = 20
SECONDS = 0.02
"""Of CPU; a pattern that backtracks linearly or by squares takes some microseconds for so short a text."""


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in walk_packages(hotline_tools.__path__, "hotline_tools."):
        if module.name.endswith("__main__"):
            continue
        try:
            names = vars(import_module(module.name))
        except (ModuleNotFoundError, hotline_tools.InputError):  # an extra that is not installed
            continue
        for name, value in names.items():
            for number, found in enumerate(_within(value)):
                yield f"{module.name}.{name}.{number}", found


def _within(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, PersonalPattern):
        yield value.match
    elif isinstance(value, dict):
        yield from (found for inner in value.values() for found in _within(inner))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (found for inner in value for found in _within(inner))


PATTERNS = {pattern: name for name, pattern in _patterns()}


def test_the_patterns_are_found() -> None:
    assert len(PATTERNS) > 200


@pytest.mark.parametrize("pattern", PATTERNS, ids=PATTERNS.values())
def test_short_texts_take_no_time(pattern: re.Pattern[str]) -> None:
    for fragment in FRAGMENTS:
        for end in ("\0", "x", "\n"):
            text = fragment * TIMES + end
            taken = _seconds(pattern, text)
            if taken >= SECONDS:  # the machine may have been elsewhere
                taken = min(taken, _seconds(pattern, text))
            assert taken < SECONDS, (
                f"{fragment!r} × {TIMES} + {end!r}: {taken:.3f} s, {pattern.pattern[:200]}"
            )


def _seconds(pattern: re.Pattern[str], text: str) -> float:
    started = time.process_time()
    pattern.search(text)
    return time.process_time() - started
