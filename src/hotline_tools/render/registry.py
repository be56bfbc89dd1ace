"""The output forms, by name and suffix of the output file: the one place that knows them all.

A form is one module here and one line in ``FORMS``. Modules are loaded when used, since each has its own
heavy library.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from hotline_tools.document import Document
from hotline_tools.errors import UsageError
from hotline_tools.suggestions import did_you_mean
from hotline_tools.table import ReportTable

Drawn = Literal["table", "document", "chart"]
"""What a form can draw."""


@dataclass(frozen=True)
class Form:
    """An output form: its name, which is the suffix too, its module and the function for what it draws."""

    name: str
    module: str
    table: str = ""
    """Function of a ``ReportTable``; returns text or bytes, as the others do."""
    document: str = ""
    """Function of a ``Document``."""
    chart: str = ""
    """Function of a ``ReportTable`` that has a ``ChartHint``."""
    encoding: str = "utf-8"
    needs: str = ""
    """The module of an optional package, and the extra that installs it."""
    extra: str = ""

    def function(self, drawn: Drawn) -> Callable[[Any], str | bytes]:
        """Return the function that draws; loads the module."""
        module = importlib.import_module(f"hotline_tools.render.{self.module}")
        found: Callable[[Any], str | bytes] = getattr(module, getattr(self, drawn))
        return found


FORMS = (
    Form("csv", "csv", table="render_csv", encoding="utf-8-sig"),  # with a BOM, so that Excel reads it
    Form("json", "json", table="render_json"),
    Form("md", "markdown", table="render_markdown", document="render_document"),
    Form("html", "html", table="render_page", document="render_document"),
    Form("xlsx", "workbook", table="render_xlsx", document="render_document"),
    Form("docx", "docx", table="render_table", document="render_document"),
    Form("pptx", "pptx", document="render_document"),
    Form("parquet", "parquet", table="render_parquet"),
    Form("png", "chart", chart="render_png"),
    Form("svg", "chart", chart="render_svg"),
    Form("pdf", "chart", chart="render_pdf"),
    Form("pdf", "pdf", document="render_document", needs="typst", extra="pdf"),
)


def names(drawn: Drawn) -> list[str]:
    """Return the names of the forms that draw tables, documents or charts."""
    return [form.name for form in FORMS if getattr(form, drawn)]


def find_form(name: str, drawn: Drawn) -> Form:
    """Return the form called ``name``; raise ``UsageError`` when none of that name draws it."""
    found = next((form for form in FORMS if form.name == name and getattr(form, drawn)), None)
    if found is None:
        known = names(drawn)
        raise UsageError(
            f"没有 {name} 这种输出格式", remedy=f"{did_you_mean(name, known)}可用：{'、'.join(known)}。"
        )
    return found


def form_for(output: Path, drawn: Drawn = "table") -> str:
    """Return the form that a file's suffix asks for; raise ``UsageError`` when there is none."""
    suffix, known = output.suffix.lower().lstrip("."), names(drawn)
    if suffix not in known:
        what = f"不支持输出为 .{suffix}" if suffix else "输出文件没有后缀，不知道写成什么格式"
        hint = did_you_mean(suffix, known)
        raise UsageError(what, where=str(output), remedy=f"{hint}后缀可用：{'、'.join(known)}。")
    _require(find_form(suffix, drawn))
    return suffix


def _require(form: Form) -> None:
    if form.needs and find_spec(form.needs) is None:
        raise UsageError(
            f"输出 {form.name} 要先装 {form.needs}",
            remedy=f"请运行 pip install 'hotline-tools[{form.extra}]'，或改写 .docx。",
        )


def chosen_form(form: str | None, output: Path | None) -> str:
    """Return the form to write a table in: as named, else by the suffix of ``output``, else ``table``.

    A file without a suffix is written in the form that is named.

    Raises ``UsageError`` for an unknown form, and for a name and a suffix that contradict each other.
    """
    if form is not None and form != "table" and form not in (known := names("table")):
        hint = did_you_mean(form, known)
        raise UsageError(f"没有 {form} 这种输出格式", remedy=f"{hint}可用：table、{'、'.join(known)}。")
    if output is None or (form not in (None, "table") and not output.suffix):
        return form or "table"
    by_suffix = form_for(output)
    if form not in (None, by_suffix):
        raise UsageError(
            f"--format {form} 与后缀 {output.suffix} 矛盾", where=str(output), remedy="请只留一个。"
        )
    return by_suffix


def render(thing: ReportTable | Document, form: str) -> bytes:
    """Return a table or a document in the form of that name.

    Raises ``UsageError`` for a form that does not draw it.
    """
    return _drawn(thing, form, "document" if isinstance(thing, Document) else "table")


def render_chart(table: ReportTable, form: str = "png") -> bytes:
    """Return the picture of a table in the form of that name.

    Raises ``UsageError`` for a form that draws no charts, ``NotComputableError`` for nothing to draw.
    """
    return _drawn(table, form, "chart")


def _drawn(thing: ReportTable | Document, name: str, drawn: Drawn) -> bytes:
    form = find_form(name, drawn)
    _require(form)
    result = form.function(drawn)(thing)
    return result.encode(form.encoding) if isinstance(result, str) else result
