"""Which form a table can take, by name or by the suffix of the output file."""

import importlib
from pathlib import Path

from hotline_tools.errors import UsageError
from hotline_tools.table import ReportTable

FORMS: dict[str, tuple[str, str]] = {
    "csv": ("flat", "render_csv"),
    "json": ("flat", "render_json"),
    "md": ("flat", "render_markdown"),
    "xlsx": ("xlsx", "render_xlsx"),
    "parquet": ("parquet", "render_parquet"),
}
"""Form name to module and function; loaded when used, since each has its own heavy library."""


def form_for(output: Path) -> str:
    """Return the form that a file's suffix asks for; raise ``UsageError`` when there is none."""
    suffix = output.suffix.lower().lstrip(".")
    if suffix not in FORMS:
        raise UsageError(f"不支持输出为 .{suffix}", where=str(output), remedy=f"可用：{'、'.join(FORMS)}。")
    return suffix


def render(table: ReportTable, form: str) -> bytes:
    """Return ``table`` in ``form``; CSV carries a BOM so that Excel reads its Chinese."""
    if form not in FORMS:
        raise UsageError(f"没有 {form} 这种输出格式", remedy=f"可用：table、{'、'.join(FORMS)}。")
    module, function = FORMS[form]
    result = getattr(importlib.import_module(f"hotline_tools.render.{module}"), function)(table)
    if isinstance(result, str):
        return result.encode("utf-8-sig" if form == "csv" else "utf-8")
    return bytes(result)
