"""A store that cannot be written and a disk that is full: one line, nothing lost, the rerun works.

``benchmarks/faults_disk.py`` does the same with every command and more sizes.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import hotline
from disk_cases import COMMANDS, READING, Command, complaint, make_desk, pending, state

MAY_MOUNT = sys.platform == "linux" and os.geteuid() == 0 and shutil.which("mount") is not None
BY_NAME = {command.name: command for command in COMMANDS}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_desk(tmp_path_factory.mktemp("base") / "desk")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "disk"
    root.mkdir()
    if not MAY_MOUNT or _mount("-t", "tmpfs", "-o", "size=32m", "none", root):
        pytest.skip("nothing can be mounted here")
    yield root
    _mount("-o", "remount,rw", root)
    subprocess.run(["umount", root], check=True)


def _mount(*arguments: str | Path) -> int:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode


@pytest.fixture
def desk(base: Path, disk: Path) -> Path:
    return Path(shutil.copytree(base, disk / "desk"))


def expected(command: Command, base: Path, tmp_path: Path) -> object:
    """The state after the command where nothing is wrong."""
    calm = Path(shutil.copytree(base, tmp_path / "calm"))
    assert hotline(*command.on(calm), cwd=calm).code == 0
    return state(calm)


@pytest.mark.parametrize("name", ["import", "backup", "brief"])
@pytest.mark.parametrize("free", [0, 16 << 10])
def test_a_full_disk(name: str, free: int, base: Path, desk: Path, tmp_path: Path) -> None:
    command = BY_NAME[name]
    before, arguments, wanted = state(desk), command.on(desk), expected(command, base, tmp_path)
    room = os.statvfs(desk)
    with (desk.parent / "ballast").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_frsize - free)
    ran = hotline(*arguments, cwd=desk)
    (desk.parent / "ballast").unlink()
    assert ran.code == 1, ran.err
    assert complaint(ran.code, ran.err) == []
    assert "磁盘已满" in ran.err
    assert state(desk) in (before, wanted)
    assert hotline(*arguments, cwd=desk).code == 0
    assert state(desk) == wanted
    assert pending(desk) == []


@pytest.mark.parametrize("name", ["import", "classify", "undo", "join", "brief"])
def test_a_disk_mounted_read_only(name: str, desk: Path) -> None:
    command = BY_NAME[name]
    before, arguments = state(desk), command.on(desk)
    _mount("-o", "remount,ro", desk.parent)
    ran = hotline(*arguments, cwd=desk)
    reading = [hotline(*words, cwd=desk) for words in READING]
    assert ran.code == 1, ran.err
    assert complaint(ran.code, ran.err) == []
    assert "不可写" in ran.err
    assert [r.code for r in reading] == [0] * len(READING), [r.err for r in reading if r.code]
    assert state(desk) == before
