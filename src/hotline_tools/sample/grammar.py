"""The little grammar of the templates.

``[a|b|c]`` is one of several wordings (they nest, and one may be empty), ``{name}`` a slot that
the speaker fills, ``{2-6}`` a number from a range, ``{100-900~50}`` one in steps.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from hotline_tools.errors import DataFileError
from hotline_tools.sample.dice import Dice

_RANGE = re.compile(r"(\d+)(?:-(\d+))?(?:~(\d+))?")
_END = ""


@dataclass(frozen=True)
class Slot:
    """A place to be filled by the speaker."""

    name: str


@dataclass(frozen=True)
class Number:
    """A number from ``low`` to ``high`` in steps."""

    low: int
    high: int
    step: int


@dataclass(frozen=True)
class Choice:
    """One of several wordings."""

    options: tuple["Phrase", ...]


Phrase = tuple[str | Slot | Number | Choice, ...]


def parse(text: str, where: str = "") -> Phrase:
    """Read one template; raise ``DataFileError`` when brackets do not match."""
    phrase, position = _sequence(text, 0, where)
    if position != len(text):
        raise DataFileError(f"模板括号不配对：{text}", where=where, remedy="请检查方括号与竖线。")
    return phrase


def _sequence(text: str, start: int, where: str, *, inside: bool = False) -> tuple[Phrase, int]:
    parts: list[str | Slot | Number | Choice] = []
    position = start
    while position < len(text):
        char = text[position]
        if char == "[":
            choice, position = _choice(text, position + 1, where)
            parts.append(choice)
        elif char == "{":
            end = text.find("}", position)
            if end < 0:
                raise DataFileError(f"模板花括号不配对：{text}", where=where, remedy="请补上右花括号。")
            parts.append(_slot(text[position + 1 : end]))
            position = end + 1
        elif char in "|]":
            if inside:
                break
            raise DataFileError(f"模板括号不配对：{text}", where=where, remedy="请检查方括号与竖线。")
        else:
            stop = _plain_end(text, position)
            parts.append(text[position:stop])
            position = stop
    return tuple(parts), position


def _plain_end(text: str, position: int) -> int:
    while position < len(text) and text[position] not in "[]{|":
        position += 1
    return position


def _choice(text: str, position: int, where: str) -> tuple[Choice, int]:
    options: list[Phrase] = []
    while True:
        option, position = _sequence(text, position, where, inside=True)
        options.append(option)
        closing = text[position : position + 1]
        if closing == "]":
            return Choice(tuple(options)), position + 1
        if closing == _END:
            raise DataFileError(f"模板方括号不配对：{text}", where=where, remedy="请补上右方括号。")
        position += 1


def _slot(name: str) -> Slot | Number:
    found = _RANGE.fullmatch(name)
    if found is None:
        return Slot(name)
    return Number(int(found[1]), int(found[2] or found[1]), int(found[3] or 1))


def render(phrase: Phrase, dice: Dice, fill: Callable[[str], str]) -> str:
    """Say a phrase once; ``fill`` answers each slot by name."""
    said: list[str] = []
    for part in phrase:
        if isinstance(part, str):
            said.append(part)
        elif isinstance(part, Slot):
            said.append(fill(part.name))
        elif isinstance(part, Choice):
            said.append(render(dice.pick(part.options), dice, fill))
        else:
            said.append(str(part.low + part.step * dice.between(0, (part.high - part.low) // part.step)))
    return "".join(said)


def slot_names(phrase: Phrase) -> set[str]:
    """Return every slot a phrase may ask for."""
    names: set[str] = set()
    for part in phrase:
        if isinstance(part, Slot):
            names.add(part.name)
        elif isinstance(part, Choice):
            for option in part.options:
                names |= slot_names(option)
    return names
