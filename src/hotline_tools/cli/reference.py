"""docs/cli.md, made from the commands themselves.

``python -m hotline_tools.cli.reference > docs/cli.md`` writes it; a test fails when it drifts.
"""

import sys
from collections.abc import Iterator
from typing import Any

import typer.main

from hotline_tools.cli.app import app
from hotline_tools.cli.completion import in_chinese
from hotline_tools.errors import ExitCode

EXIT_COMMANDS = {
    ExitCode.PARTIAL: (
        "inspect", "import", "classify", "train", "evaluate", "suggest", "repeats", "report", "chart", "run",
        "sql", "brief", "brief check", "review export", "review import", "issues list", "issues show",
        "issues why", "topics list", "store info", "store imports", "store undo", "store verify",
        "store backup", "store forget",
    ),
    ExitCode.RUNNING: ("run",),
}  # fmt: skip
"""The exit codes that not every command has, and the commands that have them."""
_EXIT_MEANING = {
    ExitCode.DONE: "done",
    ExitCode.FAILED: "a problem with data or files, said in one line with the remedy",
    ExitCode.USAGE: "wrong usage",
    ExitCode.PARTIAL: "done, but rows were rejected, figures not computed or files lost (listed)",
    ExitCode.RUNNING: "another run of the same job goes on; nothing was done",
    ExitCode.INTERRUPTED: "interrupted; what was written is whole, and the same command goes on from there",
}
_HEAD = """# Command line reference

Made by `python -m hotline_tools.cli.reference`; a test keeps it in step with the commands.
Help texts are the users' and therefore Chinese. Results go to stdout or `-o`; progress, counts and
errors go to stderr. `hotline --install-completion` lets bash, zsh, fish or PowerShell complete commands,
options and the names of reports, profiles and output forms.
"""


def cli_reference() -> str:
    """Return the whole of docs/cli.md."""
    root = typer.main.get_command(app)
    lines = [_HEAD, "## Exit codes", "", "| code | meaning | commands |", "| ---: | --- | --- |"]
    for code, meaning in _EXIT_MEANING.items():
        having = ", ".join(f"`{name}`" for name in EXIT_COMMANDS.get(code, ())) or "all"
        lines.append(f"| {code.value} | {meaning} | {having} |")
    lines += ["", "## hotline", "", root.help or "", "", *_options(root)]
    for path, command in _commands(root, "hotline"):
        lines += [f"## {path}", "", _help(command), "", *_options(command)]
    return "\n".join(lines).rstrip() + "\n"


def _commands(group: Any, path: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        yield f"{path} {name}", command
        if hasattr(command, "commands"):
            yield from _commands(command, f"{path} {name}")


def _help(command: Any) -> str:
    """Return the help text with its example lines as code."""
    lines = [line.strip() for line in (command.help or "").splitlines()]
    return "\n".join(f"例：`{line[2:]}`" if line.startswith("例：") else line for line in lines)


def _options(command: Any) -> list[str]:
    shown = [p for p in in_chinese(command.params) if not getattr(p, "hidden", False)]
    if not shown:
        return []
    lines = ["| parameter | meaning |", "| --- | --- |"]
    for parameter in shown:
        name = ", ".join(parameter.opts) if parameter.opts[0].startswith("-") else parameter.metavar
        metavar = f" {parameter.metavar}" if parameter.opts[0].startswith("-") and parameter.metavar else ""
        text = (parameter.help or "").replace("|", "\\|")
        lines.append(f"| `{name}{metavar}` | {text}{'（必填）' if parameter.required else ''} |")
    return [*lines, ""]


if __name__ == "__main__":
    sys.stdout.write(cli_reference())
