"""Read layout files: the shipped ones and a user's own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from hotline_tools.datafile import check, parsed, read_toml
from hotline_tools.errors import DataFileError
from hotline_tools.layouts.file import FieldTable, LayoutFile, LayoutRules
from hotline_tools.layouts.keys import value_key
from hotline_tools.layouts.model import FieldSpec, Layout
from hotline_tools.schema import UNKNOWN_SOURCE

COMMON = "common"
_REMEDY = "请改正后重试；hotline layout check 会列出全部问题，写法见 docs/layouts.zh-CN.md。"
_SHIPPED = Path(str(files("hotline_tools.layouts"))) / "shipped"


def load_layouts(extra: Sequence[Path] = ()) -> list[Layout]:
    """Return all shipped layouts and those in ``extra`` (files, or folders of .toml files).

    A user's layout with the id of a shipped one takes its place. Raises ``DataFileError`` that lists every
    mistake of a file, and for two of the user's with one id: their orders would be of one source.
    """
    found = {layout.id: layout for layout in _shipped()}
    for path in extra:
        for file in sorted(path.glob("*.toml")) if path.is_dir() else [path]:
            layout = replace(load_layout(file), own=True)
            former = found.get(layout.id)
            if former is not None and former.own and not file.samefile(former.path):
                raise DataFileError(
                    f"id {layout.id} 与 {former.path} 的相同",
                    where=str(file),
                    remedy="请给每个版式各写一个 id；不是同一平台的，source 也要不同。",
                )
            found[layout.id] = layout
    return list(found.values())


def load_layout(path: Path) -> Layout:
    """Return one layout, built on the common rules; raise ``DataFileError`` that lists every mistake."""
    file = parsed(LayoutFile, _data(path), where=str(path), what="版式", remedy=_REMEDY)
    base = common()
    return Layout(
        id=file.id,
        name=file.name,
        source=file.source or file.id,
        version=file.version,
        fields=_fields(file, base.fields),
        values=_values(file, base.values),
        signature=file.signature,
        required=file.required,
        marks=file.marks,
        min_score=file.min_score,
        placeholders=_keys(file.placeholders) + base.placeholders,
        drop=(file.drop.headers or ()) + base.drop,
        keep=file.keep.headers or (),
        time_zone=file.time_zone,
        channel=file.channel,
        sister=file.sister,
        path=str(path),
    )


def check_layout(path: Path) -> list[str]:
    """Return the mistakes in the file, in Chinese; none when it is right. Raises ``DataFileError``."""
    return mistakes_in(_data(path))


def mistakes_in(data: Mapping[str, Any]) -> list[str]:
    """Return the mistakes in a layout's data."""
    return check(LayoutFile, data)


@lru_cache(maxsize=1)
def common() -> Layout:
    """Return what all layouts build on: general synonyms, value maps and placeholders."""
    path = _SHIPPED / f"{COMMON}.toml"
    rules = parsed(LayoutRules, _data(path), where=str(path), what="版式")
    return Layout(
        id=COMMON,
        name="通用同义词",
        source=UNKNOWN_SOURCE,
        version=1,
        fields=_fields(rules, {}),
        values=_values(rules, {}),
        placeholders=_keys(rules.placeholders),
        drop=rules.drop.headers or (),
        path=str(path),
    )


def shipped_files() -> list[Path]:
    """Return the layout files that come with the package, common.toml left out."""
    return [path for path in sorted(_SHIPPED.glob("*.toml")) if path.stem != COMMON]


@lru_cache(maxsize=1)
def _shipped() -> tuple[Layout, ...]:
    return tuple(load_layout(path) for path in shipped_files())


def _data(path: Path) -> dict[str, Any]:
    return read_toml(path, what="版式文件", remedy=_REMEDY)


def _keys(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(value_key(text) for text in texts)


def _spec(name: str, table: FieldTable) -> FieldSpec:
    return FieldSpec(
        field=name,
        parts=table.parts or ((table.headers,) if table.headers else ()),
        dates=table.dates,
        placeholders=_keys(table.placeholders),
        combine=table.combine,
        joiner=table.joiner,
        split=table.split,
    )


def _fields(rules: LayoutRules, base: Mapping[str, FieldSpec]) -> dict[str, FieldSpec]:
    """The file's fields, and for fields it does not mention the general ones; an empty list says no."""
    own = {name: _spec(name, table) for name, table in rules.fields.items()}
    general = {name: spec for name, spec in base.items() if name not in own}
    return {name: spec for name, spec in own.items() if spec.parts} | general


def _values(rules: LayoutRules, base: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    merged = {field: dict(texts) for field, texts in base.items()}
    for field, codes in rules.values.texts():
        for code, texts in codes.items():
            merged.setdefault(field, {}).update({value_key(text): code for text in texts})
    return merged
