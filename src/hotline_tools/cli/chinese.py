"""Typer speaks English; this makes its help and its usage errors Chinese."""

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup

from hotline_tools.cli.completion import in_chinese

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


class Command(TyperCommand):
    """A command whose help is Chinese."""

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
