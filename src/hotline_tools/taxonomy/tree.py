"""From a flat list of entries to a checked tree; all mistakes are gathered and raised together."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from hotline_tools.errors import DataFileError
from hotline_tools.taxonomy.model import Category, Pattern

MAX_LEVELS = 3
SHOWN = 8


@dataclass(frozen=True)
class Entry:
    """One category as read: its path, and where in the file it stands (``第 5 行``)."""

    path: tuple[str, ...]
    at: str
    code: str = ""
    definition: str = ""
    terms: dict[str, float] = field(default_factory=dict)
    patterns: tuple[Pattern, ...] = ()


def build_tree(entries: Sequence[Entry], mistakes: list[str], where: str) -> tuple[Category, ...]:
    """Nest the entries; parents that are only implied by a path are made.

    Raises ``DataFileError`` naming every mistake: those passed in, duplicates, empty names,
    more than three levels, no category at all.
    """
    if not entries and not mistakes:
        mistakes = ["没有任何类别"]
    _raise_mistakes([*mistakes, *_mistakes(entries)], where)
    by_path: dict[tuple[str, ...], Entry] = {}
    for entry in entries:
        for depth in range(1, len(entry.path)):
            by_path.setdefault(entry.path[:depth], Entry(entry.path[:depth], entry.at))
        known = by_path.get(entry.path)
        # an implied parent gives way to the entry that describes it; the order stays
        if known is None or not (known.code or known.definition or known.terms):
            by_path[entry.path] = entry
    below: dict[tuple[str, ...], list[Entry]] = {}
    for entry in by_path.values():
        below.setdefault(entry.path[:-1], []).append(entry)
    return _children(below, ())


def _raise_mistakes(mistakes: Sequence[str], where: str) -> None:
    """Raise one ``DataFileError`` for all mistakes; the first few are spelled out."""
    if not mistakes:
        return
    shown = "；".join(mistakes[:SHOWN])
    rest = f"；另有 {len(mistakes) - SHOWN} 处" if len(mistakes) > SHOWN else ""
    raise DataFileError(
        f"分类体系有 {len(mistakes)} 处错误：{shown}{rest}", where=where, remedy="请逐处改正后重试。"
    )


def _mistakes(entries: Sequence[Entry]) -> list[str]:
    found: list[str] = []
    seen: dict[tuple[str, ...], str] = {}
    for entry in entries:
        name = "/".join(entry.path)
        if not entry.path or any(not part for part in entry.path):
            found.append(f"{entry.at}类别名为空（{name}）")
        elif len(entry.path) > MAX_LEVELS:
            found.append(f"{entry.at}超过 {MAX_LEVELS} 级（{name}）")
        elif entry.path in seen:
            found.append(f"{entry.at}与{seen[entry.path]}重复（{name}）")
        else:
            seen[entry.path] = entry.at
    return found


def _children(below: dict[tuple[str, ...], list[Entry]], parent: tuple[str, ...]) -> tuple[Category, ...]:
    return tuple(
        Category(
            path=entry.path,
            code=entry.code,
            definition=entry.definition,
            terms=entry.terms,
            patterns=entry.patterns,
            children=_children(below, entry.path),
        )
        for entry in below.get(parent, ())
    )


def paths_from_parents(
    rows: Sequence[tuple[str, str, str, str]],
) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Resolve (code, name, parent code, place) rows; returns code → path, and the mistakes.

    A parent that does not exist and a chain that bites its own tail are mistakes.
    """
    known = {code: (name, parent) for code, name, parent, _ in rows}
    paths: dict[str, tuple[str, ...]] = {}
    mistakes: list[str] = []
    counted: set[str] = set()
    for code, name, _, at in rows:
        if code in counted:
            mistakes.append(f"{at}编码重复（{code}）")
        counted.add(code)
        chain: list[str] = []
        walked: list[str] = []
        step = code
        while step:
            if step in walked:
                mistakes.append(f"{at}上下级成环（{'→'.join([*walked, step])}）")
                break
            if step not in known:
                mistakes.append(f"{at}上级不存在（{name} 的上级 {step}）")
                break
            walked.append(step)
            chain.insert(0, known[step][0])
            step = known[step][1]
        else:
            paths[code] = tuple(chain)
    return paths, mistakes
