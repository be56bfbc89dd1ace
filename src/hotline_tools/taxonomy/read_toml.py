"""Taxonomies in TOML: one file, or a folder of them (one level-1 class a file)."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hotline_tools.errors import DataFileError
from hotline_tools.taxonomy.model import Pattern
from hotline_tools.taxonomy.tree import Entry, paths_from_parents

WEIGHTS = {"strong": 3.0, "terms": 2.0, "keywords": 2.0, "weak": 1.0}
CHILDREN = "subcategory"
KEYS = {"code", "name", "definition", "patterns", "parent", CHILDREN, *WEIGHTS}
HEAD = {"name", "version", "levels", "category"}
NOT_CATEGORIES = {"rules.toml", "request_types.toml", "taxonomy.toml"}

Head = tuple[str, str]


def read_toml(path: Path) -> tuple[Head, list[Entry], list[str]]:
    """Name and version, the entries, and the mistakes found while reading ``path``."""
    mistakes: list[str] = []
    if path.is_dir():
        head = _load(path / "taxonomy.toml") if (path / "taxonomy.toml").is_file() else {}
        files = [f for f in sorted(path.glob("*.toml")) if f.name not in NOT_CATEGORIES]
        tables = [(_load(f), f"{f.name} ") for f in files]
    else:
        head = _load(path)
        mistakes += [f"不认识的项 {key}" for key in head if key not in HEAD]
        raw = head.get("category", [])
        tables = [(t, f"第 {i} 个 category ") for i, t in enumerate(raw if isinstance(raw, list) else [], 1)]
    entries: list[Entry] = []
    if any("parent" in table for table, _ in tables):
        entries = _from_parents(tables, mistakes)
    else:
        for table, at in tables:
            entries += _entries(table, (), at, mistakes)
    title = str(head.get("name") or path.stem)
    return (title, str(head.get("version", ""))), entries, mistakes


def load_toml(path: Path) -> dict[str, Any]:
    """Parse one TOML file; raises ``DataFileError`` when it is none."""
    return _load(path)


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"不是有效的 TOML：{error}", where=str(path), remedy="请改正后重试。") from error
    except UnicodeDecodeError as error:
        raise DataFileError(
            "不是 UTF-8 编码的文本", where=str(path), remedy="请另存为 UTF-8 后重试。"
        ) from error


def _entries(
    table: Mapping[str, Any], parent: tuple[str, ...], at: str, mistakes: list[str]
) -> Iterator[Entry]:
    name = str(table.get("name", "")).strip()
    path = (*parent, name)
    yield _entry(table, path, at, mistakes)
    children = table.get(CHILDREN)
    if children is None:
        return
    if not isinstance(children, list) or not children:
        mistakes.append(f"{at}{name} 的 {CHILDREN} 是空的")
        return
    for child in children:
        yield from _entries(child, path, f"{at}{name} ", mistakes)


def _from_parents(tables: list[tuple[dict[str, Any], str]], mistakes: list[str]) -> list[Entry]:
    rows = [
        (str(t.get("code") or t.get("name", "")), str(t.get("name", "")), str(t.get("parent", "")), at)
        for t, at in tables
    ]
    paths, wrong = paths_from_parents(rows)
    mistakes += wrong
    return [
        _entry(table, paths[row[0]], at, mistakes)
        for (table, at), row in zip(tables, rows, strict=True)
        if row[0] in paths
    ]


def _entry(table: Mapping[str, Any], path: tuple[str, ...], at: str, mistakes: list[str]) -> Entry:
    mistakes += [f"{at}{path[-1]}：不认识的项 {key}" for key in table if key not in KEYS]
    terms: dict[str, float] = {}
    for key, weight in WEIGHTS.items():
        for word in split_words(table.get(key, "")):
            if word in terms:
                mistakes.append(f"{at}{path[-1]}：词语重复（{word}）")
            terms[word] = weight
    return Entry(
        path=path,
        at=at,
        code=str(table.get("code", "")),
        definition=str(table.get("definition", "")),
        terms=terms,
        patterns=tuple(Pattern(tuple(str(p).split("+"))) for p in table.get("patterns", [])),
    )


def split_words(value: Any) -> list[str]:
    """Words from a list, or from a text separated by spaces, commas or 、;."""
    if isinstance(value, list):
        return [str(word).strip().lower() for word in value if str(word).strip()]
    text = str(value)
    for mark in "、，,；;|\n\t\u3000":
        text = text.replace(mark, " ")
    return [word.lower() for word in text.split()]
