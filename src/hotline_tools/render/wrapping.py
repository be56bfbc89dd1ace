"""Chinese text broken into lines of so many terminal cells.

A line may end after any Chinese character, but a number, a word or an id stays whole where it fits,
and no line begins with a closing mark. (Rich breaks at spaces alone, which leaves ragged lines.)
"""

import re

from rich.cells import cell_len, chop_cells

_PIECES = re.compile(r"[0-9A-Za-z_.,:%/+<>=-]+|.", re.DOTALL)
_CLOSING = "、，。；：！？）》”’%"


def wrapped(text: str, width: int) -> str:
    """Return ``text`` with line breaks, so that no line takes more than ``width`` cells."""
    return "\n".join(line for part in text.split("\n") for line in _lines(part, width))


def clipped(text: str, width: int, most: int) -> str:
    """Return ``text`` wrapped into ``most`` lines; where some is left out, the last ends in …."""
    lines = wrapped(text, width).split("\n")
    if len(lines) <= most:
        return "\n".join(lines)
    last = lines[most - 1]
    while cell_len(last) > width - 1:
        last = last[:-1]
    return "\n".join([*lines[: most - 1], f"{last.rstrip('、，；')}…"])


def _lines(text: str, width: int) -> list[str]:
    if cell_len(text) <= width:
        return [text]
    lines, line = [], ""
    for piece in _glued(text):
        if cell_len(line + piece.rstrip()) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        *whole, line = chop_cells(piece.lstrip(), width) or [""]
        lines += whole
    return [*lines, line.rstrip()]


def _glued(text: str) -> list[str]:
    """Return the pieces that stay together, each with the closing marks behind it."""
    pieces: list[str] = []
    for piece in _PIECES.findall(text):
        if piece in _CLOSING and pieces:
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces
