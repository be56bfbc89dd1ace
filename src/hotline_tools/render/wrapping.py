"""Chinese text broken into lines of so many terminal cells.

A line may end after any Chinese character, but a number, a word or an id stays whole where it fits, and so
do short words between spaces; a number stays with what it counts (``440 小时``, ``投诉 201``); no line begins
with a closing mark, and none ends with an opening one. (Rich breaks at spaces alone: the lines are ragged.)
"""

import re
from collections.abc import Callable

from rich.cells import cell_len, chop_cells

_HAN = "[\u3400-\u9fff]"
_PIECES = re.compile(
    rf"\d[\d.,:%/-]*+ {_HAN}|{_HAN} \d[\d.,:%/-]*+(?![A-Za-z_+<>=]| {_HAN})"
    rf"|(?<= ){_HAN}{{2,4}}(?= |$)"
    rf"|(?:{_HAN}(?=\.))?[0-9A-Za-z_.,:%/+<>=-]+|.",
    re.DOTALL,
)
_CLOSING, _OPENING = "、，。；：！？）》”’%", "（《“‘"


Measure = Callable[[str], float]
"""How wide a text is: terminal cells, or halves of a Chinese character of some type."""


def wrapped(text: str, width: float, measure: Measure = cell_len) -> str:
    """Return ``text`` with line breaks, so that no line takes more than ``width`` cells."""
    return "\n".join(line for part in text.split("\n") for line in _lines(part, width, measure))


def folded_heading(label: str, unit: str, figures: int, most: int) -> str:
    """Return a heading over figures of so many cells; one that is wider has its unit on a line of its own.

    The label folds at ``most`` cells, before a bracket where it has one, into lines of about one length.
    """
    unit = f"（{unit}）" if unit else ""
    if cell_len(label + unit) <= figures:
        return label + unit
    width = max(most, figures)
    first, bracket, rest = label.partition("（")
    parts = [first, bracket + rest] if first and cell_len(label) > width else [label]
    return "\n".join([*(_balanced(part, width) for part in parts if part), *([unit] if unit else [])])


def clipped(text: str, width: int, most: int) -> str:
    """Return ``text`` wrapped into ``most`` lines; where some is left out, the last ends in …."""
    lines = wrapped(text, width).split("\n")
    if len(lines) <= most:
        return "\n".join(lines)
    last = lines[most - 1]
    while cell_len(last) > width - 1:
        last = last[:-1]
    return "\n".join([*lines[: most - 1], f"{last.rstrip('、，；')}…"])


def _balanced(text: str, width: int) -> str:
    """Return ``text`` in as few lines of ``width`` cells as it takes, none much shorter than the others."""
    lines = wrapped(text, width).count("\n")
    least = cell_len(text) // (lines + 1)
    return next(
        folded
        for room in range(max(2, least), width + 1)
        if (folded := wrapped(text, room)).count("\n") == lines
    )


def _lines(text: str, width: float, measure: Measure) -> list[str]:
    if measure(text) <= width:
        return [text]
    lines, line = [], ""
    for piece in _glued(text):
        if measure(line + piece.rstrip()) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        *whole, line = chop_cells(piece.lstrip(), int(width)) or [""]
        lines += whole
    return [*lines, line.rstrip()]


def _glued(text: str) -> list[str]:
    """Return the pieces that stay together, each with the opening marks before and the closing behind it."""
    pieces: list[str] = []
    for piece in _PIECES.findall(text):
        if pieces and (piece in _CLOSING or pieces[-1] in _OPENING):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces
