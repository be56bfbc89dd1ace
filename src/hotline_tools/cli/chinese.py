"""Typer speaks English; this makes its help and its usage errors Chinese."""

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup

from hotline_tools.cli.completion import in_chinese
from hotline_tools.errors import UsageError

_FIXED = {
    "DEFAULT_STRING": "[默认：{}]",
    "ENVVAR_STRING": "[环境变量：{}]",
    "REQUIRED_LONG_STRING": "[必填]",
    "ARGUMENTS_PANEL_TITLE": "参数",
    "OPTIONS_PANEL_TITLE": "选项",
    "COMMANDS_PANEL_TITLE": "命令",
    "ERRORS_PANEL_TITLE": "错误",
}

_ERRORS = [
    (r"No such option: (\S+?)\.?(?: \(Possible options: (.+)\))?", "没有选项 {0}", "是不是 {1}？"),
    (r"No such command '(.+?)'\.(?: Did you mean (.+)\?)?", "没有命令 {0}", "是不是 {1}？"),
    (r"Missing command\.?", "缺少子命令", ""),
    (r"Missing argument '(.+?)'\.?", "缺少参数 {0}", ""),
    (r"Missing option '(.+?)'\.?", "缺少选项 {0}", ""),
    (r"Option '(.+?)' requires an argument\.?", "选项 {0} 后面要有值", ""),
    (r"Got unexpected extra arguments? ?(?:\(s\) )?\((.+)\)", "多余的参数：{0}", ""),
    (r"Invalid value for '(.+?)': '(.+?)' is not a valid \w+( range)?\.?", "选项 {0} 的值 {1} 不对", ""),
    (r"Invalid value for '(.+?)': Input should be a valid integer.*", "选项 {0} 的值应为整数", ""),
    (r"Invalid value for '(.+?)': Input should be a valid number.*", "选项 {0} 的值应为数字", ""),
    (
        r"Invalid value for '(.+?)': Input should be greater than or equal to (\S+).*",
        "选项 {0} 的值太小",
        "最小为 {1}。",
    ),
    (
        r"Invalid value for '(.+?)': Input should be less than or equal to (\S+).*",
        "选项 {0} 的值太大",
        "最大为 {1}。",
    ),
    (r"Invalid value for '(.+?)': (.+)", "选项 {0} 的值不对：{1}", ""),
]


_VALUELESS = re.compile(r"--[\w-]+=\s*")
"""An option that is given a value and none."""


def unreadable(message: str) -> str | None:
    """Return the path that Typer may not read: a problem with the file, not with how it was named."""
    found = re.search(r": path (['\"])(.+)\1 is not readable\.?$", message.strip())
    return found[2] if found else None


def usage_error(message: str) -> tuple[str, str]:
    """Return the Chinese sentence and the remedy for one of Typer's usage errors."""
    if not message.strip():
        return "没有写命令", ""
    for pattern, sentence, hint in _ERRORS:
        if found := re.fullmatch(pattern, message.strip(), re.DOTALL):
            groups = [re.sub(r"'\s*(,|/|or)\s*'", "、", group or "").strip("'") for group in found.groups()]
            return sentence.format(*groups), hint.format(*groups) if len(groups) > 1 and groups[1] else ""
    return message, ""


def _translate(command: Any) -> None:
    from typer import rich_utils

    class Folding(rich_utils.OptionHighlighter):
        """Chinese has no spaces to break a line at: without this its long sentences are cut."""

        def __call__(self, text: Any) -> Any:
            folded = super().__call__(text)
            folded.overflow = "fold"
            return folded

    for name, text in _FIXED.items():
        setattr(rich_utils, name, text)
    rich_utils.highlighter = Folding()
    for parameter in command.params:
        if getattr(parameter, "is_flag", False):
            parameter.metavar = " "  # in place of <bool>, which tells an analyst nothing


def _usage_in_chinese(command: Any, ctx: Any, formatter: Any) -> None:
    pieces = [piece.replace("[OPTIONS]", "[选项]") for piece in command.collect_usage_pieces(ctx)]
    pieces = [piece.replace("COMMAND [ARGS]...", "命令 [参数]…") for piece in pieces]
    formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="用法：")


def _help_in_chinese(option: Any) -> Any:
    if option is not None:
        option.help, option.metavar = "显示本说明并退出。", " "
    return option


def _refuse_empty(args: list[str]) -> None:
    """Raise ``UsageError`` for an empty word, as a variable that is not set leaves.

    An empty path would be the folder that one is in, and an empty filter would choose everything.
    """
    for place, text in enumerate(args):
        if text.strip() and not _VALUELESS.fullmatch(text):
            continue
        at = text if text.strip() else f"在 {args[place - 1]} 之后" if place else "第一个"
        raise UsageError(f"有一个参数是空的（{at}）", remedy="请补上；用变量写的，请检查变量有没有值。")


class Command(TyperCommand):
    """A command whose help is Chinese."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the command line; no word in it is empty."""
        _refuse_empty(args)
        return super().parse_args(ctx, args)

    def get_help_option(self, ctx: Any) -> Any:
        """Return ``--help`` with a Chinese help text."""
        return _help_in_chinese(super().get_help_option(ctx))

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the usage line with Chinese placeholders."""
        _usage_in_chinese(self, ctx, formatter)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help under Chinese panel titles."""
        _translate(self)
        super().format_help(ctx, formatter)


class Group(TyperGroup):
    """A group whose help is Chinese; commands stay in the order they were added."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the command line; no word in it is empty."""
        _refuse_empty(args)
        return super().parse_args(ctx, args)

    def get_params(self, ctx: Any) -> Any:
        """Return the parameters, Typer's own completion options in Chinese."""
        return in_chinese(super().get_params(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        """Return ``--help`` with a Chinese help text."""
        return _help_in_chinese(super().get_help_option(ctx))

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the usage line with Chinese placeholders."""
        _usage_in_chinese(self, ctx, formatter)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help under Chinese panel titles."""
        _translate(self)
        super().format_help(ctx, formatter)
