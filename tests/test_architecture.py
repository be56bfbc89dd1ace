"""The walls between rooms: a file imports only from files of a lower rank, and --help stays light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import hotline_tools

ROOT = Path(hotline_tools.__file__).parent
RANK = {
    "__init__": 0, "errors": 0,
    "schema": 1, "settings": 1, "text": 1, "table": 1, "files": 1, "ahead": 1,
    "sources": 2, "layouts": 2, "calendar": 2, "privacy": 2, "taxonomy": 2, "similarity": 2,
    "codes": 2,
    "normalise": 3, "store": 3, "engine": 3,
    "classify": 4, "repeats": 4, "reports": 4, "sample": 4,
    "render": 5, "briefing": 5,
    "pipeline": 6,
    "cli": 7, "__main__": 8,
}  # fmt: skip
FILES = sorted(ROOT.rglob("*.py"))


def room(path: Path) -> str:
    first = path.relative_to(ROOT).parts[0]
    return first.removesuffix(".py")


def imported_rooms(path: Path) -> set[tuple[str, int]]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "hotline_tools" and len(parts) > 1:
                found.add((parts[1], node.lineno))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_go_downhill_only(path: Path) -> None:
    own = room(path)
    assert own in RANK, f"{own} has no rank: decide where it belongs"
    for other, line in imported_rooms(path):
        if other == own or other not in RANK:  # __version__ and the like
            continue
        assert RANK[other] < RANK[own], f"{path}:{line}: {own} (rank {RANK[own]}) imports {other}"


def test_the_walker_sees_an_uphill_import(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("from hotline_tools.cli import main\nimport hotline_tools.store\n", encoding="utf-8")
    assert imported_rooms(bad) == {("cli", 1), ("store", 2)}


def test_help_is_light() -> None:
    code = (
        "import sys\nfrom hotline_tools.cli import main\nsys.argv = ['hotline', '--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = {'pandas', 'duckdb', 'sklearn', 'matplotlib', 'pyarrow', 'numpy', 'rjieba'}\n"
        "heavy &= set(sys.modules)\n"
        "print('HEAVY', sorted(heavy), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "report" in done.stdout
    assert "HEAVY []" in done.stderr
