"""Commands on a store that cannot be written and on a full disk: one line, nothing lost, the rerun works.

    python benchmarks/faults_disk.py [COMMAND…]      # as root on Linux: it mounts a small file system

The store lies on a tmpfs. Each command runs as a person runs it, in a process of its own

* on the file system mounted read-only,
* with the store's folders and files without permission to write (and without root's right to pass over it),
* with so many bytes free on it, its temporary folder there too.

Asked each time: the command ends with a documented exit code; when that is not 0, it says so in one line
that names a remedy, without a traceback, and the desk is as before, or, when the commit was certain already,
as after; then, with the disk free again, the same command does what an undisturbed one does. What only reads
must work where nothing can be written.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from disk_cases import COMMANDS, READING, Command, complaint, make_desk, pending, state

FREE = (0, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20)
SIZE = 64 << 20
WITHOUT_ROOTS_RIGHT = ("setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner")


@dataclass(frozen=True)
class Disk:
    """A tmpfs of ``SIZE`` bytes at ``root``."""

    root: Path

    def remount(self, how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", self.root], check=True)

    def fill(self, free: int) -> Path:
        """Leave ``free`` bytes, to the page; return what fills it."""
        filler = self.root.parent / self.root.name / "ballast"
        room = os.statvfs(self.root)
        with filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(4096, room.f_bavail * room.f_frsize - free))
        return filler


@contextmanager
def mounted(folder: Path) -> Iterator[Disk]:
    root = folder / "disk"
    root.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", root], check=True)
    try:
        yield Disk(root)
    finally:
        subprocess.run(["umount", root], check=True)
        root.rmdir()


def run(arguments: tuple[str, ...], desk: Path, prefix: tuple[str, ...] = ()) -> tuple[int, str]:
    """Return the exit code and what was said of the trouble."""
    ran = subprocess.run(
        [*prefix, sys.executable, "-m", "hotline_tools", *arguments],
        cwd=desk, capture_output=True, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip
    return ran.returncode, ran.stderr


def fresh(base: Path, disk: Disk) -> Path:
    desk = disk.root / "desk"
    shutil.rmtree(desk, ignore_errors=True)
    shutil.copytree(base, desk)
    (desk / "tmp").mkdir(mode=0o700)
    os.environ["TMPDIR"] = str(desk / "tmp")
    return desk


def read_only(desk: Path, disk: Disk, arguments: tuple[str, ...]) -> tuple[int, str]:
    disk.remount("ro")
    try:
        return run(arguments, desk)
    finally:
        disk.remount("rw")


def denied(desk: Path, _disk: Disk, arguments: tuple[str, ...]) -> tuple[int, str]:
    modes = {path: path.stat().st_mode for path in (desk, *desk.rglob("*")) if path.name != "tmp"}
    for path, mode in modes.items():
        path.chmod(mode & 0o555)
    try:
        return run(arguments, desk, WITHOUT_ROOTS_RIGHT)
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


def full(free: int) -> Callable[[Path, Disk, tuple[str, ...]], tuple[int, str]]:
    def on_full_disk(desk: Path, disk: Disk, arguments: tuple[str, ...]) -> tuple[int, str]:
        filler = disk.fill(free)
        try:
            return run(arguments, desk)
        finally:
            filler.unlink()

    return on_full_disk


FAULTS = {"read-only": read_only, "denied": denied} | {f"{free >> 10} KB free": full(free) for free in FREE}


def judged(command: Command, name: str, base: Path, disk: Disk, expected: object) -> list[str]:
    """What is wrong after the command has met the fault and has run again."""
    desk = fresh(base, disk)
    before, arguments = state(desk), command.on(desk)
    code, said = FAULTS[name](desk, disk, arguments)
    after = state(desk)
    outcome = (
        "done" if code == 0 else next((line for line in said.splitlines() if "错误" in line), said[-80:])
    )
    wrong = complaint(code, said)
    if code == 0 and after != expected:
        wrong.append("it ended with 0 and did not do it all")
    if code != 0 and after != before:
        wrong.append(
            f"it ended with {code} and left {sorted(set(after) ^ set(before))[:3] or 'other content'}"
        )
    if code != 0:
        code, said = run(arguments, desk)
        if code != 0 or state(desk) != expected or pending(desk):
            wrong.append(f"the rerun ended with {code}: {said[-200:]}")
    print(f"{command.name:14} {name:14} {outcome}", flush=True)
    return wrong


def main(names: list[str]) -> int:
    failed = cases = 0
    with tempfile.TemporaryDirectory(prefix="faults-disk-") as name, mounted(Path(name)) as disk:
        os.environ["HOTLINE_KEY_FILE"] = str(Path(name) / "caller.key")
        base = make_desk(Path(name) / "base")
        for command in [one for one in COMMANDS if not names or one.name in names]:
            desk = fresh(base, disk)
            code, said = run(command.on(desk), desk)
            assert code == 0, (command.name, code, said)
            expected = state(desk)
            for fault in FAULTS:
                wrong = judged(command, fault, base, disk, expected)
                cases, failed = cases + 1, failed + bool(wrong)
                for what in wrong:
                    print(f"FAILED {command.name}, {fault}: {what}", flush=True)
        desk = fresh(base, disk)
        for arguments in READING:
            for fault in ("read-only", "denied"):
                code, said = FAULTS[fault](desk, disk, arguments)
                cases, failed = cases + 1, failed + (code != 0)
                if code != 0:
                    print(f"FAILED {' '.join(arguments)}, {fault}: {code} {said[-300:]}", flush=True)
    print(json.dumps({"cases": cases, "failed": failed}))
    return min(1, failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
