"""Which form a table can take, by name or by the suffix of the output file."""

import importlib
from pathlib import Path

from hotline_tools.errors import UsageError
from hotline_tools.table import ReportTable

FORMS: dict[str, tuple[str, str]] = {
    "csv": ("flat", "render_csv"),
    "json": ("flat", "render_json"),
    "md": ("flat", "render_markdown"),
    "html": ("html", "render_page"),
    "xlsx": ("xlsx", "render_xlsx"),
    "parquet": ("parquet", "render_parquet"),
}
"""Form name to module and function; loaded when used, since each has its own heavy library."""


def form_for(output: Path) -> str:
    """Return the form that a file's suffix asks for; raise ``UsageError`` when there is none."""
    suffix = output.suffix.lower().lstrip(".")
    if suffix not in FORMS:
        what = f"不支持输出为 .{suffix}" if suffix else "输出文件没有后缀，不知道写成什么格式"
        raise UsageError(what, where=str(output), remedy=f"后缀可用：{'、'.join(FORMS)}。")
    return suffix


def chosen_form(form: str | None, output: Path | None) -> str:
    """Return the form to write: as named, else by the suffix of ``output``, else ``table``.

    Raises ``UsageError`` for an unknown form, and for a name and a suffix that contradict each other.
    """
    if form is not None and form != "table" and form not in FORMS:
        raise UsageError(f"没有 {form} 这种输出格式", remedy=f"可用：table、{'、'.join(FORMS)}。")
    if output is None:
        return form or "table"
    by_suffix = form_for(output)
    if form not in (None, by_suffix):
        raise UsageError(
            f"--format {form} 与后缀 {output.suffix} 矛盾", where=str(output), remedy="请只留一个。"
        )
    return by_suffix


def render(table: ReportTable, form: str) -> bytes:
    """Return ``table`` in ``form``, a key of ``FORMS``; CSV carries a BOM so that Excel reads it."""
    module, function = FORMS[form]
    result = getattr(importlib.import_module(f"hotline_tools.render.{module}"), function)(table)
    if isinstance(result, str):
        return result.encode("utf-8-sig" if form == "csv" else "utf-8")
    return bytes(result)
