"""Read layout files: the shipped ones and a user's own."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from hotline_tools.errors import DataFileError
from hotline_tools.layouts.check import mistakes_in
from hotline_tools.layouts.keys import value_key
from hotline_tools.layouts.model import FieldSpec, Layout, Sister
from hotline_tools.layouts.reading import FIX, read_toml

COMMON = "common"


def load_layouts(extra: Sequence[Path] = ()) -> list[Layout]:
    """All shipped layouts and those in ``extra`` (files, or folders of .toml files).

    A user's layout with the id of a shipped one takes its place. Raises ``DataFileError`` that lists every
    mistake of a file.
    """
    found = {layout.id: layout for layout in _shipped()}
    for path in extra:
        for file in _toml_files(path):
            layout = replace(load_layout(file), own=True)
            found[layout.id] = layout
    return list(found.values())


def load_layout(path: Path) -> Layout:
    """One layout file, built on the common rules."""
    data = read_toml(path)
    wrong = mistakes_in(data)
    if wrong:
        raise DataFileError("；".join(wrong), where=str(path), remedy=FIX)
    return build(data, common(), str(path))


@lru_cache(maxsize=1)
def common() -> Layout:
    """What all layouts build on: general synonyms, value maps and placeholders."""
    text = (files("hotline_tools.layouts") / "shipped" / "common.toml").read_text(encoding="utf-8")
    data = {"id": COMMON, "name": "通用同义词", "source": "unknown", "version": 1, **tomllib.loads(text)}
    return build(data, None, "common.toml")


def shipped_files() -> list[Path]:
    """The layout files that come with the package, common.toml left out."""
    folder = Path(str(files("hotline_tools.layouts") / "shipped"))
    return [path for path in sorted(folder.glob("*.toml")) if path.stem != COMMON]


@lru_cache(maxsize=1)
def _shipped() -> tuple[Layout, ...]:
    return tuple(load_layout(path) for path in shipped_files())


def _toml_files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(path.glob("*.toml"))
    return [path]


def build(data: Mapping[str, Any], base: Layout | None, path: str) -> Layout:
    """A layout from checked data."""
    own = {name: _spec(name, value) for name, value in data.get("fields", {}).items()}
    sister = data.get("sister")
    return Layout(
        id=data["id"],
        name=data["name"],
        source=data.get("source", data["id"]),
        version=data.get("version", 1),
        fields=_with_base(own, base),
        values=_values(data.get("values", {}), base),
        signature={name: float(weight) for name, weight in data.get("signature", {}).items()},
        required=tuple(data.get("required", ())),
        min_score=float(data.get("min_score", 0.6)),
        placeholders=_keys(data.get("placeholders", ())) + (base.placeholders if base else ()),
        drop=_listed(data.get("drop", ())) + (base.drop if base else ()),
        keep=_listed(data.get("keep", ())),
        time_zone=data.get("time_zone", "Asia/Shanghai"),
        channel=data.get("channel", ""),
        sister=Sister(sister["layout"], tuple(sister["keys"])) if sister else None,
        path=path,
    )


def _listed(value: Any) -> tuple[str, ...]:
    """``drop = [..]`` at the top, or ``[drop] headers = [..]`` further down."""
    return tuple(value["headers"] if isinstance(value, dict) else value)


def _keys(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(value_key(text) for text in texts)


def _spec(name: str, value: Any) -> FieldSpec:
    table: dict[str, Any] = {"headers": value} if isinstance(value, list) else value
    parts = table.get("parts") or ([table["headers"]] if table.get("headers") else [])
    return FieldSpec(
        field=name,
        parts=tuple(tuple(part) for part in parts),
        dates=tuple(table.get("dates", ())),
        placeholders=_keys(table.get("placeholders", ())),
        combine=table.get("combine", "join"),
        joiner=table.get("joiner", " "),
        split=table.get("split", ""),
    )


def _with_base(own: dict[str, FieldSpec], base: Layout | None) -> dict[str, FieldSpec]:
    """The layout's fields, and for fields it does not mention the general ones; an empty list says no."""
    merged = {name: spec for name, spec in own.items() if spec.parts}
    for name, spec in (base.fields if base else {}).items():
        if name not in own:
            merged[name] = spec
    return merged


def _values(data: Mapping[str, Mapping[str, list[str]]], base: Layout | None) -> dict[str, dict[str, str]]:
    merged = {field: dict(texts) for field, texts in (base.values if base else {}).items()}
    for field, codes in data.items():
        for code, texts in codes.items():
            merged.setdefault(field, {}).update({value_key(text): code for text in texts})
    return merged
