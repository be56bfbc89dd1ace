"""Shell completion: what an option or argument may be, and installing it, told in Chinese.

A shell asks at every tab: nothing here loads a heavy library, so names are read from the catalogue's files.
"""

import io
from contextlib import redirect_stdout
from importlib.resources import files
from pkgutil import iter_modules
from typing import Any

import typer

from hotline_tools.errors import UsageError


def report_names() -> list[str]:
    """Return the names of the reports; each is a module of the catalogue."""
    from hotline_tools.reports import catalog

    return sorted(module.name.replace("_", "-") for module in iter_modules(catalog.__path__))


def profile_names() -> list[str]:
    """Return the names of the shipped KPI profiles."""
    folder = files("hotline_tools.reports.kpi") / "profiles"
    return sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))


def form_names() -> list[str]:
    """Return the output forms."""
    from hotline_tools.render.registry import names

    return ["table", *names("table")]


def comparisons() -> list[str]:
    """Return the comparisons that have names."""
    return ["previous", "last-year", "previous,last-year"]


def in_chinese(parameters: list[Any]) -> list[Any]:
    """Give Typer's own completion options Chinese help, and let installing end with a Chinese sentence."""
    for parameter in parameters:
        if parameter.name == "install_completion":
            parameter.help, parameter.callback = "为当前 shell 安装命令补全并退出。", _install
        elif parameter.name == "show_completion":
            parameter.help = "显示补全脚本并退出，可自行安装。"
    return parameters


def _install(context: typer.Context, _parameter: typer.CallbackParam, wanted: Any) -> None:
    if not wanted or context.resilient_parsing:
        return
    from typer.completion import install  # type: ignore[attr-defined]

    try:
        with redirect_stdout(io.StringIO()):  # what it says of an unknown shell is English
            shell, path = install()
    except typer.Exit as error:
        raise UsageError(
            "认不出当前的 shell", remedy="命令补全支持 bash、zsh、fish 和 PowerShell；见 --show-completion。"
        ) from error
    typer.echo(f"已为 {shell} 安装命令补全：{path}。重新打开终端后生效。")
    raise typer.Exit
