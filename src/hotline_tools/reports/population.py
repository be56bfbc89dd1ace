"""Residents by area, from a two-column CSV of a city's own: name, residents."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hotline_tools.datafile import read_rows
from hotline_tools.errors import DataFileError

_REMEDY = "应为两列的 CSV，例如第一行“名称,人口”，以下每行“某某街道,52000”。"

_LONGEST = 12
"""Digits of a number of residents."""


@dataclass(frozen=True)
class Population:
    """``residents``: area name → number of people (> 0); ``name`` says which file it was."""

    name: str
    residents: Mapping[str, int]

    def __str__(self) -> str:
        """Return the file's name, for the table's head."""
        return self.name


def load_population(path: Path) -> Population:
    """Read a population CSV (UTF-8 or GB18030); raise ``DataFileError`` naming the first bad line."""
    residents: dict[str, int] = {}
    for number, row in read_rows(path, what="人口数据", remedy=_REMEDY):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and len(cells) > 1 and not _number(cells[1])):
            continue
        where = f"{path} 第 {number} 行"
        count = _number(cells[1]) if len(cells) > 1 else None
        if not cells[0] or not count:
            raise DataFileError(f"看不懂“{','.join(cells)}”", where=where, remedy=_REMEDY)
        if cells[0] in residents:
            raise DataFileError(f"“{cells[0]}”出现两次", where=where, remedy="每个区域只写一行。")
        residents[cells[0]] = count
    if not residents:
        raise DataFileError("人口数据是空的", where=str(path), remedy=_REMEDY)
    return Population(path.name, residents)


def _number(text: str) -> int | None:
    digits = text.replace(",", "").replace("，", "")
    return int(digits) or None if digits.isdecimal() and len(digits) <= _LONGEST else None
