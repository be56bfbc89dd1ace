"""Ctrl-C ends every command with 130, whenever it comes."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import os, signal, sys
module, is_hidden = sys.argv[1], sys.argv[2] == "hidden"

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name != module:
            return None
        try:
            os.kill(os.getpid(), signal.SIGINT)
        except KeyboardInterrupt as error:
            if is_hidden:
                raise ImportError("initialization failed") from error
            raise

sys.meta_path.insert(0, Interrupting())
sys.argv = ["hotline", "import", "六月.csv"]
from hotline_tools.cli import main
main()
"""


@pytest.mark.parametrize("how", ["plain", "hidden"])
@pytest.mark.parametrize("module", ["hotline_tools.cli.boundary", "pyarrow.csv", "duckdb"])
def test_while_a_module_is_loaded(module: str, how: str, tmp_path: Path) -> None:
    """``hidden``: a library in C takes the interruption for a failure of its own."""
    (tmp_path / "六月.csv").write_text("工单编号,受理时间,诉求标题\nA1,2025-06-01,路灯\n", encoding="utf-8")
    command = [sys.executable, "-c", SCRIPT, module, how]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr
    assert "内部错误" not in done.stderr


DEAF = """
import os, signal, time
import hotline_tools.cli as cli
from hotline_tools.cli import boundary

def deaf():
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(60)
    except KeyboardInterrupt:
        time.sleep(60)

cli._PATIENCE = 0.5
boundary.run_process = deaf
cli.main()
"""


def test_a_command_that_does_not_end_is_ended() -> None:
    command = [sys.executable, "-c", DEAF]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30, encoding="utf-8")
    assert done.returncode == 130
    assert done.stderr == "已中断。\n"
