"""Taxonomies in TOML: one file, or a folder of them (one level-1 class a file)."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hotline_tools.datafile import Model, frozen, mistakes, read_toml
from hotline_tools.taxonomy.file import CategoryTable, Head, TaxonomyFile
from hotline_tools.taxonomy.model import Pattern
from hotline_tools.taxonomy.tree import Entry, paths_from_parents

WHAT = "分类体系"
NOT_CATEGORIES = {"rules.toml", "request_types.toml", "taxonomy.toml"}


def read_toml_taxonomy(path: Path) -> tuple[Head, list[Entry], list[str]]:
    """Return the head, the entries and every mistake of the taxonomy file or folder ``path``.

    Raises ``DataFileError`` for a file that is not TOML.
    """
    wrong: list[str] = []
    if path.is_dir():
        top = path / "taxonomy.toml"
        given = read_toml(top, what=WHAT) if top.is_file() else {}
        head: Head = _parsed(Head, given, f"{top.name} ", wrong) or Head()
        files = [file for file in sorted(path.glob("*.toml")) if file.name not in NOT_CATEGORIES]
        tables = [(f"{file.name} ", read_toml(file, what=WHAT)) for file in files]
    else:
        given = read_toml(path, what=WHAT)
        head = _parsed(TaxonomyFile, given, "", wrong) or TaxonomyFile()
        listed = given.get("category")  # also beside a mistake in the head, so that all are told at once
        listed = listed if isinstance(listed, list) else []
        tables = [(f"第 {i} 个 category ", t) for i, t in enumerate(listed, 1) if isinstance(t, dict)]
    read = [(at, table) for at, raw in tables if (table := _parsed(CategoryTable, raw, at, wrong))]
    if not any("parent" in raw for _, raw in tables):
        return head, [entry for at, table in read for entry in _entries(table, (), at)], wrong
    if wrong:  # without the tables that are wrong, the others would seem to lack their parents
        return head, [], wrong
    entries, wrong = _from_parents(read)
    return head, entries, wrong


def _parsed(model: type[Model], raw: Mapping[str, Any], at: str, wrong: list[str]) -> Model | None:
    """Return ``raw`` as a ``model``; else ``None``, with its mistakes added to ``wrong``."""
    try:
        return model.model_validate(frozen(raw))
    except ValidationError as error:
        name = f"{raw['name']}：" if at and "name" in raw else ""
        wrong += [f"{at}{name}{text}" for text in mistakes(error, model, unknown="不认识的项 {key}")]
        return None


def _entries(table: CategoryTable, parent: tuple[str, ...], at: str) -> Iterator[Entry]:
    path = (*parent, table.name.strip())
    yield _entry(table, path, at)
    for child in table.subcategory or ():
        yield from _entries(child, path, f"{at}{path[-1]} ")


def _from_parents(tables: list[tuple[str, CategoryTable]]) -> tuple[list[Entry], list[str]]:
    keys = [table.code or table.name for _, table in tables]
    rows = [(key, table.name, table.parent, at) for key, (at, table) in zip(keys, tables, strict=True)]
    paths, wrong = paths_from_parents(rows)
    found = zip(keys, tables, strict=True)
    return [_entry(table, paths[key], at) for key, (at, table) in found if key in paths], wrong


def _entry(table: CategoryTable, path: tuple[str, ...], at: str) -> Entry:
    patterns = tuple(Pattern(tuple(pattern.split("+"))) for pattern in table.patterns)
    return Entry(path, at, table.code, table.definition, table.weights(), patterns)
