"""Files → tables with their layout: the first step of inspecting, importing and tagging."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from hotline_tools.datafile import decoded
from hotline_tools.errors import InputError, UsageError
from hotline_tools.layouts import (
    KnownHeaders,
    Layout,
    Match,
    apply_layout,
    load_layout,
    load_layouts,
    match_layout,
    require_usable,
)
from hotline_tools.sources import RawTable, open_tables
from hotline_tools.suggestions import did_you_mean

Problem = Callable[[InputError], None]
Table = tuple[RawTable, Match]
_ROWS_TOGETHER, _FEWEST_ROWS = 3000, 100
"""Rows of all tables with the same columns that are looked at together, and of one of them at least."""


@dataclass(frozen=True)
class OpenOptions:
    """How files are to be read; the same for every command that takes an export."""

    layouts: tuple[Path, ...] = ()
    """Layout files and folders beside the shipped ones."""
    layout: str | None = None
    """A layout's id, or the path of its file, instead of the best match."""
    password: str | None = None


class Recognised(NamedTuple):
    """Tables with their layouts, and why other files of a folder or an archive were skipped."""

    tables: list[Table]
    skipped: list[InputError]


def read_password(path: Path | None) -> str | None:
    """Return the first line of a password file; raise ``InputError`` when there is none."""
    if path is None:
        return None
    try:
        return decoded(path.read_bytes()).splitlines()[0]
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise InputError("读不到密码", where=str(path), remedy="请把密码写在该文件的第一行。") from error


def recognise(paths: Sequence[Path], options: OpenOptions) -> Recognised:
    """Open every file and recognise its layout before anything is done with the first.

    Raises ``InputError`` for a named file that is no export, ``UsageError`` for an unknown layout.
    """
    skipped: list[InputError] = []
    return Recognised(list(matched_tables(paths, options, skipped.append)), skipped)


def matched_tables(
    paths: Sequence[Path], options: OpenOptions, on_problem: Problem | None = None
) -> Iterator[Table]:
    """Yield every table in ``paths`` with its layout; those of the same columns are read alike (``agreed``).

    Files of a folder or archive that hold no usable table go to ``on_problem``; a file that was named
    itself raises ``InputError``. Raises ``UsageError`` for an unknown layout.
    """
    layouts = load_layouts(options.layouts)
    forced = _forced(options.layout, layouts)
    known = KnownHeaders([*layouts, forced] if forced else layouts)
    matches: dict[int, Match] = {}

    def accept(table: RawTable) -> None:
        if forced is not None:
            match = apply_layout(table.header, table.sample(), forced)
            _refuse_a_stranger(match, forced, table)
        else:
            match = match_layout(table.header, table.sample(), layouts)
        require_usable(match, table.where)
        matches[id(table)] = match

    opened = open_tables(
        paths, known_headers=known, password=options.password, on_problem=on_problem, accept=accept
    )
    yield from agreed([(table, matches.pop(id(table))) for table in opened], options)


def agreed(tables: Sequence[Table], options: OpenOptions) -> list[Table]:
    """Return the tables, those of the same columns under one mapping: what the rows of all together say.

    The ratings of a quiet month may be too few to tell what they are; its sheet is read as those beside it.
    """
    alike: dict[tuple[str, ...], list[Table]] = {}
    for table, match in tables:
        alike.setdefault(tuple(table.header), []).append((table, match))
    chosen: dict[int, Match] = {}
    for header, group in alike.items():
        first = group[0][1]
        if options.layout is None and any(_reads_otherwise(match, first) for _, match in group):
            rows = max(_FEWEST_ROWS, _ROWS_TOGETHER // len(group))
            sample = pa.concat_tables([table.sample().slice(0, rows) for table, _ in group]).combine_chunks()
            match = match_layout(header, sample, load_layouts(options.layouts))
            chosen |= {id(table): match for table, _ in group}
    return [(table, chosen.get(id(table), match)) for table, match in tables]


def _reads_otherwise(match: Match, other: Match) -> bool:
    return match.mapping != other.mapping or match.drop != other.drop


def _refuse_a_stranger(match: Match, forced: Layout, table: RawTable) -> None:
    """Raise ``InputError`` when nothing of the chosen layout is in the table."""
    named = {column for name in match.mapping if name in forced.fields for column in match.mapping[name]}
    if match.score or (not forced.signature and named):
        return
    shown = "、".join(table.header[:5])
    raise InputError(
        f"版式 {forced.id} 与表头的符合程度是 0%（表头：{shown}…）",
        where=table.where,
        remedy="请去掉 --layout 让程序识别，或用 hotline inspect 看该用哪个版式。",
    )


def _forced(wanted: str | None, layouts: Sequence[Layout]) -> Layout | None:
    if wanted is None:
        return None
    if wanted.endswith(".toml"):
        return load_layout(Path(wanted))
    by_id = {layout.id: layout for layout in layouts}
    if wanted in by_id:
        return by_id[wanted]
    hint = did_you_mean(wanted, by_id)
    raise UsageError(
        f"没有名为 {wanted} 的版式", remedy=f"{hint}可用：{'、'.join(by_id)}；也可给 .toml 文件。"
    )
