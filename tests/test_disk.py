"""Putting files into place: what Windows forbids is waited for there, and told when it does not end."""

import errno
import os
import threading
import time
from pathlib import Path

import pytest

from hotline_tools import disk, files
from hotline_tools.errors import StoreError
from hotline_tools.repeats.encode.spilled_tables import no_room


class Reader:
    """Stands for a program that has the target open for some attempts: Windows refuses to replace it then.

    Only the refusal is staged; what is refused and done is the real call.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, refusals: float) -> None:
        self.attempts = 0
        real = Path.replace

        def replace(path: Path, target: Path) -> Path:
            self.attempts += 1
            if self.attempts <= refusals:
                raise PermissionError(13, "Access is denied", str(target))
            return real(path, target)

        monkeypatch.setattr(Path, "replace", replace)
        monkeypatch.setattr(disk, "IS_WINDOWS", True)


REMEDIES = [
    (errno.EACCES, "请检查读写权限"),
    (errno.EROFS, "请换一个能写的位置"),
    (errno.ENOSPC, "请腾出磁盘空间"),
    (errno.EDQUOT, "请腾出磁盘空间"),
    (errno.EBUSY, "请检查路径、权限与磁盘"),
]


@pytest.mark.parametrize(("number", "said"), REMEDIES)
def test_each_cause_has_its_own_remedy(number: int, said: str) -> None:
    error = OSError(number, "refused")
    for told in (disk.remedy(error), str(no_room(Path("库"), error))):
        assert {remedy for _, remedy in REMEDIES if remedy in told} == {said}


def test_a_reader_for_a_moment_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "new").write_text("new")
    reader = Reader(monkeypatch, refusals=4)
    disk.replace(tmp_path / "new", tmp_path / "old")
    assert reader.attempts == 5
    assert (tmp_path / "old").read_text() == "new"


def test_a_reader_that_stays_is_an_error_after_the_patience(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "new").write_text("new")
    Reader(monkeypatch, refusals=float("inf"))
    started = time.monotonic()
    with pytest.raises(PermissionError):
        disk.replace(tmp_path / "new", tmp_path / "old", patience=0.1)
    assert 0.1 <= time.monotonic() - started < 5


def test_elsewhere_a_refusal_is_no_matter_of_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "new").write_text("new")
    reader = Reader(monkeypatch, refusals=1)
    monkeypatch.setattr(disk, "IS_WINDOWS", False)
    with pytest.raises(PermissionError):
        disk.replace(tmp_path / "new", tmp_path / "old")
    assert reader.attempts == 1


def test_an_output_that_excel_has_open_is_told_as_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "考核.xlsx"
    output.write_bytes(b"old")
    Reader(monkeypatch, refusals=float("inf"))
    monkeypatch.setattr(files, "_OUTPUT_PATIENCE", 0.05)
    with pytest.raises(StoreError, match=r"考核\.xlsx.*正被别的程序打开.*请在 Excel 或 WPS 里关闭"):
        files.write_bytes(output, b"new")
    assert output.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [output]


def test_windows_syncs_no_folder_and_files_by_a_descriptor_that_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: dict[str, int] = {}
    real = os.open

    def spy(path: Path, flags: int) -> int:
        opened[Path(path).name] = flags
        return real(path, flags)

    monkeypatch.setattr(disk, "IS_WINDOWS", True)
    monkeypatch.setattr(os, "open", spy)
    (tmp_path / "a").write_text("a")
    disk.sync_files([tmp_path, tmp_path / "a"])
    assert opened == {"a": os.O_RDWR}


@pytest.mark.skipif(os.name != "nt", reason="only Windows forbids it")
def test_windows_itself_waits_for_a_reader(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("old")
    (tmp_path / "new").write_text("new")
    with (tmp_path / "old").open() as held:
        threading.Timer(0.3, held.close).start()
        disk.replace(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old").read_text() == "new"
