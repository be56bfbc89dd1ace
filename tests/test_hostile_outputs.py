"""What an export says is shown and never obeyed: on terminals, in errors, in commits, while it changes."""

import io
import json
import os
import pty
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from rich.console import Console

from cli import hotline
from hotline_tools.errors import InputError, StoreError
from hotline_tools.escapes import for_terminal
from hotline_tools.files import digest_of
from hotline_tools.jobs.importing import import_tables
from hotline_tools.jobs.opening import OpenOptions, matched_tables
from hotline_tools.render.terminal import render_terminal
from hotline_tools.sources import open_tables
from hotline_tools.store import Store
from hotline_tools.table import Field, Note, NoteKind, ReportTable

HEADER = "工单编号,受理时间,诉求标题\n"
CLIPBOARD = "\x1b]52;c;cm0gLXJmIC8=\x07"
CLEAR = "\x1b[2J"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("路灯不亮\n二行\t列", "路灯不亮\n二行\t列"),
        (CLIPBOARD, "␛]52;c;cm0gLXJmIC8=␇"),
        (f"{CLEAR}a\rb\x08", "␛[2Ja␍b␈"),
        ("\x9b31m", "\ufffd31m"),
        ("甲\u202e乙\u2066", "甲\ufffd乙\ufffd"),
        ("\x00\x7f", "␀␡"),
    ],
)
def test_control_characters_are_shown(text: str, shown: str) -> None:
    assert for_terminal(text) == shown


def test_a_table_shows_what_it_is_given() -> None:
    table = ReportTable(
        report="x",
        title=f"标题[/b]{CLEAR}",
        columns=(Field("a", f"[/b]{CLEAR}"), Field("n", "[red]件[/red]", "integer", "件")),
        rows=[{"a": f"[/b]{CLIPBOARD}", "n": 1}],
        notes=[Note(NoteKind.SCOPE, f"注[/i]{CLEAR}")],
    )
    out = io.StringIO()
    render_terminal(table, Console(file=out, width=120))
    assert "\x1b" not in out.getvalue()
    assert "\x07" not in out.getvalue()
    assert out.getvalue().count("[/b]") == 3
    assert "[red]件\n" in out.getvalue()  # no colour: the heading folds before its tail


def test_an_error_shows_a_file_s_name(tmp_path: Path) -> None:
    ran = hotline("import", f"六月{CLEAR}[b].csv", cwd=tmp_path)
    assert ran.code == 1
    assert "\x1b" not in ran.err
    assert "␛[2J[b].csv" in ran.err


def test_a_terminal_gets_no_escape_of_a_cell(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"{HEADER}A1,2025-06-01,路灯{CLIPBOARD}\n", encoding="utf-8")
    assert hotline("import", "a.csv", cwd=tmp_path).code == 0
    for form in ("table", "csv", "md"):
        leader, follower = pty.openpty()
        query = ["sql", "SELECT title || chr(27) || '[2J' AS t FROM orders", "--format", form]
        done = subprocess.run(
            [sys.executable, "-m", "hotline_tools", *query],
            cwd=tmp_path, stdout=follower, stderr=subprocess.PIPE, check=False,
            env=os.environ | {"NO_COLOR": "1", "TERM": "dumb"},
        )  # fmt: skip
        os.close(follower)
        shown = os.read(leader, 100_000)
        os.close(leader)
        assert done.returncode == 0, done.stderr
        assert b"\x1b" not in shown, form
        assert "路灯".encode() in shown


@pytest.mark.parametrize(
    "name",
    ["../outside.txt", "/etc/hotline", "orders/../../outside.txt", "..\\outside.txt", "C:/outside.txt", ""],
)
def test_a_crafted_commit_touches_nothing_outside(name: str, tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", create=True)
    (tmp_path / "outside.txt").write_text("here", encoding="utf-8")
    (tmp_path / "outside.txt.new").write_text("bad", encoding="utf-8")
    for commit in ({"replace": [], "remove": [name]}, {"replace": [name], "remove": []}):
        store.files.journal.write_text(json.dumps(commit), encoding="utf-8")
        with pytest.raises(StoreError, match="提交日志损坏"), store.issue_tables():
            pass
    assert (tmp_path / "outside.txt").read_text(encoding="utf-8") == "here"


@pytest.mark.parametrize("change", ["grows", "vanishes", "is replaced"])
def test_a_file_that_changes_while_it_is_read_is_not_imported(change: str, tmp_path: Path) -> None:
    path = tmp_path / "六月.csv"
    path.write_text(HEADER + "".join(f"A{n},2025-06-01,路灯\n" for n in range(50)), encoding="utf-8")
    tables = list(matched_tables([path], OpenOptions()))
    if change == "grows":
        with path.open("a", encoding="utf-8") as file:
            file.write("A99,2025-06-01,积水\n")
    else:
        path.unlink()
        if change == "is replaced":
            path.write_text(HEADER + "B1,2025-06-01,路灯\n", encoding="utf-8")
    store = Store.open(tmp_path / "store", create=True)
    with pytest.raises((InputError, OSError)) as caught:
        import_tables(tables, store)
    assert change == "vanishes" or "被改动" in str(caught.value)
    assert store.records() == []
    assert store.order_files() == []


def test_a_file_that_stays_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a", encoding="utf-8")
    digest = digest_of(path)
    before = digest()
    digest.require_unchanged("a.csv")
    assert digest() == before == digest_of(path)()


def bomb(folder: Path, layers: int, copies: int, size: int) -> Path:
    """A zip of zips of zeros."""
    inner = folder / "0.csv"
    inner.write_bytes(b"0" * size)
    for layer in range(layers):
        outer = folder / f"{layer + 1}.zip"
        with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(copies):
                archive.write(inner, f"{number}{inner.suffix}")
        inner = outer
    return inner


@pytest.mark.parametrize(("layers", "copies"), [(1, 40), (2, 7)], ids=["many members", "zips in a zip"])
def test_all_members_share_one_budget(
    layers: int, copies: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each member is within the limits of one; together they are a bomb."""
    monkeypatch.setattr("hotline_tools.sources.readers.archive._FREE", 2 << 20)
    monkeypatch.setattr("hotline_tools.sources.readers.archive.MAX_UNPACKED", 20 << 20)
    path = bomb(tmp_path, layers, copies, 1 << 20)
    with pytest.raises(InputError, match="大得不正常"):
        list(open_tables([path], known_headers=()))
