"""The documentation's example is a valid layout, and it lists every field, code and hint."""

import tomllib
from pathlib import Path
from typing import get_args

from hotline_tools.layouts.file import DateHint, ValueMaps
from hotline_tools.layouts.load import mistakes_in, shipped_files
from hotline_tools.schema import MAPPABLE

DOCS = Path(__file__).parent.parent / "docs"
PAGE = (DOCS / "layouts.md").read_text(encoding="utf-8")


def test_the_example_is_valid() -> None:
    example = PAGE.split("## A whole example")[1].split("```toml")[1].split("```")[0]
    assert mistakes_in(tomllib.loads(example)) == []


def test_every_field_value_field_and_date_hint_is_named() -> None:
    missing = [
        name for name in (*MAPPABLE, *ValueMaps.model_fields, *get_args(DateHint)) if f"`{name}`" not in PAGE
    ]
    assert missing == []


def test_the_number_of_shipped_layouts_is_right() -> None:
    assert len(shipped_files()) == 15
    assert "Fifteen layouts are shipped" in PAGE
    assert "附带十五种版式" in (DOCS / "layouts.zh-CN.md").read_text(encoding="utf-8")
