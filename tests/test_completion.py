"""Shell completion: what a shell gets at a tab, quickly; installing it ends with a Chinese sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli import hotline
from hotline_tools.cli.completion import comparisons, form_names, profile_names, report_names
from hotline_tools.library import report_names as listed_reports
from hotline_tools.render.registry import names
from hotline_tools.reports.kpi.profile_file import shipped_profiles

HEAVY = "{'pandas', 'duckdb', 'sklearn', 'matplotlib', 'pyarrow', 'numpy', 'rjieba', 'scipy'}"
CODE = (
    "import sys\nfrom hotline_tools.cli import main\n"
    "try: main()\n"
    f"finally: print('HEAVY', sorted({HEAVY} & set(sys.modules)), file=sys.stderr)"
)


def completed(words: str) -> tuple[list[str], str]:
    """What bash offers after ``hotline`` and these words, and the heavy libraries that were loaded for it."""
    asked = {
        "_HOTLINE_COMPLETE": "complete_bash",
        "COMP_WORDS": f"hotline {words}",
        "COMP_CWORD": str(len(words.split(" "))),
    }
    done = subprocess.run(
        [sys.executable, "-c", CODE], env={**os.environ, **asked}, capture_output=True, text=True, check=True
    )
    return done.stdout.split(), done.stderr


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("report dep", ["departments"]),
        ("report repeat", ["repeat-rates", "repeats"]),
        ("chart cat", ["categories"]),
        ("report departments --profile th", ["three-rates"]),
        ("report categories --compare la", ["last-year"]),
        ("report categories --format x", ["xlsx"]),
        ("profile show lian", ["lianyungang-style"]),
        ("cla", ["classify"]),
        ("report categories --pop", ["--population"]),
        ("--install", ["--install-completion"]),
    ],
)
def test_a_tab_offers(words: str, offered: list[str]) -> None:
    found, heavy = completed(words)
    assert found == offered
    assert heavy == "HEAVY []\n"


def test_what_is_offered_is_all_there_is() -> None:
    assert report_names() == sorted(listed_reports())
    assert profile_names() == shipped_profiles()
    assert form_names() == ["table", *names("table")]
    assert comparisons() == ["previous", "last-year", "previous,last-year"]


@pytest.mark.parametrize("option", ["--install-completion", "--show-completion"])
def test_the_options_are_explained_in_chinese(option: str, tmp_path: Path) -> None:
    line = next(line for line in hotline("--help", cwd=tmp_path).out.splitlines() if option in line)
    assert "补全" in line


def _in_bash(command: str, home: Path) -> subprocess.CompletedProcess[str]:
    script = f"{sys.executable} -c 'from hotline_tools.cli import main; main()' {command}; exit $?"
    return subprocess.run(
        ["bash", "--norc", "-c", script],
        env={**os.environ, "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(os.name == "nt", reason="bash")
def test_completion_is_installed_for_the_shell_it_is_called_from(tmp_path: Path) -> None:
    done = _in_bash("--install-completion", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    script = tmp_path / ".bash_completions" / "hotline.sh"
    assert done.stdout == f"已为 bash 安装命令补全：{script}。重新打开终端后生效。\n"
    assert str(script) in (tmp_path / ".bashrc").read_text()
    assert _in_bash("--show-completion", tmp_path).stdout.strip() == script.read_text().strip()


def test_an_unknown_shell_is_told_in_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shellingham.detect_shell", lambda: ("cmd", "cmd.exe"))
    ran = hotline("--install-completion", cwd=tmp_path)
    assert ran.code == 2
    assert ran.out == ""
    assert "认不出当前的 shell" in ran.err
