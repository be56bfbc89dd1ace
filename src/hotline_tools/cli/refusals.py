"""Options that would have no effect are refused in a sentence: nobody should think that they had one."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import typer

from hotline_tools.errors import UsageError

_SCREEN_FORMS = ("table", "csv", "json", "md", "html")
"""The forms that a terminal can show."""


def refuse_unused(context: typer.Context, what: str, names: Iterable[str] | None = None) -> None:
    """Raise ``UsageError`` for options or arguments that were given and that ``what`` does not use.

    ``names`` are those of the command's parameters; without any it is all but the option ``what`` itself.
    """
    given = [
        _written(parameter)
        for parameter in context.command.params
        if (parameter.name in names if names is not None else what not in parameter.opts)
        and _is_given(context, str(parameter.name))
    ]
    if given:
        listed = "、".join(given)
        blank = " " if what[-1].isascii() else ""
        raise UsageError(f"{what}{blank}不用 {listed}", remedy=f"请去掉 {listed}。")


def _written(parameter: Any) -> str:
    """Return an option as it is typed, an argument as the help calls it."""
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or "").strip("[]…")
    return str(parameter.opts[0])


def _is_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def check_form(context: typer.Context, form: str | None, output: Path | None = None) -> None:
    """Refuse what ``emit`` would: before the work, not after it.

    Raises ``UsageError`` as ``chosen_form``, and for a workbook or the like that a terminal would show.
    """
    from hotline_tools.render.registry import chosen_form

    chosen = chosen_form(form, output)
    if output is None and chosen not in _SCREEN_FORMS and sys.stdout.isatty():
        has_output = any("--output" in parameter.opts for parameter in context.command.params)
        how = f"请加 -o 结果.{chosen}" if has_output else f"请在命令后加 > 结果.{chosen}"
        raise UsageError(f"{chosen} 不是文字，屏幕上显示不了", remedy=f"{how}。")
