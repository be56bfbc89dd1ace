"""Taxonomies in CSV or XLSX: a column per level, or code / name / parent code."""

import re
from pathlib import Path

from hotline_tools.datafile import read_rows
from hotline_tools.errors import DataFileError, InputError
from hotline_tools.taxonomy.file import WEIGHTS, split_words
from hotline_tools.taxonomy.tree import Entry, paths_from_parents
from hotline_tools.workbooks import read_sheets

LEVEL = re.compile(r"([一二三四1234])级|level\s*([1-4])|第([一二三四1234])(层|级)", re.IGNORECASE)
LEVEL_NUMBER = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
NAME = re.compile(r"^(类别|分类|名称|类别名称|分类名称|name|category)$", re.IGNORECASE)
CODE = re.compile(r"^(编码|代码|编号|code|id)$", re.IGNORECASE)
PARENT = re.compile(r"^(上级|上级编码|父级|父级编码|上级代码|parent)$", re.IGNORECASE)
WORDS = re.compile(r"关键词|关键字|词语|keyword", re.IGNORECASE)
DEFINITION = re.compile(r"定义|说明|描述|definition", re.IGNORECASE)


def read_table(path: Path) -> tuple[list[Entry], list[str]]:
    """The entries of a CSV or XLSX taxonomy, and the mistakes found while reading it."""
    rows = (
        _xlsx(path) if path.suffix.lower() in (".xlsx", ".xlsm", ".xls") else read_rows(path, what="分类体系")
    )
    rows = [(n, [cell.strip() for cell in cells]) for n, cells in rows]
    rows = [(n, cells) for n, cells in rows if any(cells)]
    if not rows:
        raise DataFileError("文件是空的", where=str(path), remedy="请给出至少一个类别。")
    header = rows[0][1]
    levels = _levels(header)
    if not levels:
        raise DataFileError(
            f"表头里没有类别列（读到：{'、'.join(header)}）",
            where=str(path),
            remedy="请用“一级分类,二级分类,三级分类”，或“编码,名称,上级”作表头。",
        )
    if _column(header, PARENT) is not None:
        return _by_parent(header, levels[0], rows[1:])
    return _by_level(header, levels, rows[1:])


def _by_level(
    header: list[str], levels: list[int], rows: list[tuple[int, list[str]]]
) -> tuple[list[Entry], list[str]]:
    entries: list[Entry] = []
    mistakes: list[str] = []
    for number, cells in rows:
        row = cells + [""] * (len(header) - len(cells))
        path = [row[i] for i in levels]
        while path and not path[-1]:
            path.pop()
        if not path or not all(path):
            mistakes.append(f"第 {number} 行类别名为空（{','.join(row[i] for i in levels)}）")
            continue
        entries.append(_entry(header, row, tuple(path), number, mistakes))
    return entries, mistakes


def _by_parent(
    header: list[str], name_column: int, rows: list[tuple[int, list[str]]]
) -> tuple[list[Entry], list[str]]:
    code, parent = _column(header, CODE), _column(header, PARENT)
    full = [(n, cells + [""] * (len(header) - len(cells))) for n, cells in rows]
    keys = [(row[code] if code is not None else row[name_column]) for _, row in full]
    paths, mistakes = paths_from_parents(
        [
            (key, row[name_column], row[parent or 0], f"第 {n} 行")
            for key, (n, row) in zip(keys, full, strict=True)
        ]
    )
    entries = [
        _entry(header, row, paths[key], n, mistakes)
        for key, (n, row) in zip(keys, full, strict=True)
        if key in paths
    ]
    return entries, mistakes


def _entry(
    header: list[str], row: list[str], path: tuple[str, ...], number: int, mistakes: list[str]
) -> Entry:
    code, words, definition = _column(header, CODE), _column(header, WORDS), _column(header, DEFINITION)
    terms: dict[str, float] = {}
    for word in split_words(row[words]) if words is not None else []:
        if word in terms:
            mistakes.append(f"第 {number} 行词语重复（{word}）")
        terms[word] = WEIGHTS["keywords"]
    return Entry(
        path=path,
        at=f"第 {number} 行",
        code=row[code] if code is not None else "",
        definition=row[definition] if definition is not None else "",
        terms=terms,
    )


def _levels(header: list[str]) -> list[int]:
    """Positions of the level columns, level 1 first."""
    found: dict[int, int] = {}
    for index, name in enumerate(header):
        match = LEVEL.search(name)
        if match:
            number = LEVEL_NUMBER[match[1] or match[2] or match[3]]
            found.setdefault(number, index)
    if found:
        return [found[number] for number in sorted(found)]
    plain = [i for i, name in enumerate(header) if NAME.match(name)]
    return plain[:1]


def _column(header: list[str], pattern: re.Pattern[str]) -> int | None:
    return next((i for i, name in enumerate(header) if pattern.search(name)), None)


def _xlsx(path: Path) -> list[tuple[int, list[str]]]:
    try:
        rows = next(iter(read_sheets(path).values()), [])
    except InputError as error:
        raise DataFileError(error.message, where=error.where, remedy=error.remedy) from error
    return [(i, [_cell(cell) for cell in row]) for i, row in enumerate(rows, 1)]


def _cell(value: object) -> str:
    # Excel hands codes such as 1 over as 1.0
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
