"""The help of every command on a narrow screen: no sentence is cut, no line is broader than the screen."""

from collections.abc import Iterator
from typing import Any

import pytest
import typer.main
from rich.cells import cell_len
from typer.testing import CliRunner

from hotline_tools.cli.app import app

ROOT = typer.main.get_command(app)
COLUMNS = 80


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*path, name))


def letters(text: str) -> str:
    """The text without what a narrow screen adds: spaces, line ends and the frame."""
    return "".join(text.replace("│", " ").split())


@pytest.mark.parametrize(
    ("path", "command"), [pytest.param(*at, id=" ".join(at[0])) for at in commands(ROOT)]
)
def test_help_is_folded_and_not_cut(
    path: tuple[str, ...], command: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    shown = CliRunner().invoke(app, [*path, "--help"], terminal_width=COLUMNS).stdout
    assert max(cell_len(line) for line in shown.splitlines()) <= COLUMNS
    framed = [line for line in shown.splitlines() if line.endswith("│")]
    assert not [line for line in framed if line.rstrip("│ ").endswith("…")]
    helps = [inner.short_help or inner.help for inner in getattr(command, "commands", {}).values()]
    for text in filter(None, helps):
        assert letters(text.split("\n\n")[0]) in letters(shown)
