"""A copy of a store, checked file by file, and the store made of it again.

A backup is a folder or a zip file (by its suffix) of the files of the manifest. The secret of the caller
keys is not among them. The store keeps a list of the backups made of it, for whoever must delete in them.
"""

import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from hotline_tools.disk import reason, remedy, replace, sync_file
from hotline_tools.errors import StoreError, UsageError
from hotline_tools.scratch import scratch
from hotline_tools.store.files import NEW, StoreFiles, write_private
from hotline_tools.store.journal import Commit, carry_out, live
from hotline_tools.store.manifest import FileFacts, measure, read_manifest

_LIST = "backups.jsonl"
_UNFINISHED = ".hotline-partial"


def back_up(files: StoreFiles, target: Path) -> int:
    """Copy the store to ``target``, a new folder or zip file; return how many files. Needs the lock.

    The copy appears whole or not at all. Raises ``UsageError`` when ``target`` exists or lies in the
    store, ``StoreError`` when a file of the store is damaged or the copy cannot be written.
    """
    if target.exists():
        raise UsageError("备份的目标已存在", where=str(target), remedy="请换一个名字。")
    if target.resolve().is_relative_to(files.root.resolve()):
        raise UsageError("备份不能放在工单库里面", where=str(target), remedy="请换一个目录。")
    line = {"at": datetime.now().isoformat(timespec="seconds"), "path": str(target.resolve())}
    text = "".join(json.dumps(known, ensure_ascii=False) + "\n" for known in [*known_backups(files), line])
    write_private(files.root / (_LIST + NEW), text)
    carry_out(files, Commit([_LIST]))  # named before it exists: one that nobody knows of is never made
    facts = read_manifest(files.manifest) or {}
    unfinished = target.with_name(target.name + _UNFINISHED)
    _clear_away(unfinished)  # of a backup that was killed
    try:
        if target.suffix.lower() == ".zip":
            _write_zip(files, unfinished, facts)
        else:
            _write_folder(files, unfinished, facts)
        replace(unfinished, target)
        sync_file(target.parent)
    except OSError as error:
        raise StoreError(
            f"备份写不出来（{reason(error)}）", where=str(target), remedy=remedy(error)
        ) from error
    finally:
        _clear_away(unfinished)
    return len(facts) + 1


def restore(source: Path, files: StoreFiles) -> int:
    """Make the store of a backup; return how many files. Its folder must not exist, or be empty.

    Raises ``UsageError`` when it is not, ``StoreError`` when ``source`` is no backup or is damaged.
    """
    if files.root.exists() and any(files.root.iterdir()):
        raise UsageError(
            "恢复的目标不是空目录",
            where=str(files.root),
            remedy="请用 --store 指定一个新目录，或先移走原库。",
        )
    root = files.root.resolve()  # "." has no name
    unfinished = root.with_name(root.name + _UNFINISHED)
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        with _unpacked(source) as folder:
            facts = read_manifest(StoreFiles(folder).manifest)
            if facts is None:
                raise StoreError("这不是工单库的备份", where=str(source), remedy="请检查路径。")
            _write_folder(StoreFiles(folder), unfinished, facts)
        if files.root.exists():
            files.root.rmdir()
        replace(unfinished, files.root)
        sync_file(files.root.parent)
    except (OSError, zipfile.BadZipFile) as error:
        raise StoreError(
            f"恢复不了（{reason(error) if isinstance(error, OSError) else error}）",
            where=str(source),
            remedy=remedy(error) if isinstance(error, OSError) else "请检查备份是否完整。",
        ) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return len(facts) + 1


def known_backups(files: StoreFiles) -> list[dict[str, str]]:
    """Return ``at`` and ``path`` of the backups that were made of this store, those deleted since too."""
    return [
        json.loads(line)
        for path in live(files, "", _LIST)
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def _clear_away(unfinished: Path) -> None:
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.unlink(missing_ok=True)


def _write_folder(source: StoreFiles, folder: Path, facts: dict[str, FileFacts]) -> None:
    folder.mkdir(mode=0o700, parents=True)
    for name in [*facts, source.manifest.name]:
        place = folder / name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (source.root / name).exists():
            shutil.copyfile(source.root / name, place)
            place.chmod(0o600)
            sync_file(place)
        _require_same(place, name, facts)


def _write_zip(source: StoreFiles, path: Path, facts: dict[str, FileFacts]) -> None:
    """Write the files as they are (they are compressed already) and check what was written."""
    path.touch(mode=0o600)
    # A clock that starts in 1970 gives files times that a zip cannot tell.
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive:
        for name in [*facts, source.manifest.name]:
            _require_same(source.root / name, name, facts)
            archive.write(source.root / name, name)
    with zipfile.ZipFile(path) as archive:
        if archive.testzip() is not None:
            raise StoreError("备份写坏了", where=str(path), remedy="请检查磁盘后重试。")
    sync_file(path)


def _require_same(path: Path, name: str, facts: dict[str, FileFacts]) -> None:
    if name in facts and (not path.exists() or measure(path) != facts[name]):
        raise StoreError(
            "文件损坏或不见了，不能备份或恢复",
            where=name,
            remedy="请运行 hotline store verify 查看；确认后用 hotline store quarantine 隔离。",
        )


@contextmanager
def _unpacked(source: Path) -> Iterator[Path]:
    """The folder of a backup; a zip is unpacked file by file, for names of another's making lead anywhere."""
    if source.is_dir():
        yield source
        return
    with scratch() as folder, zipfile.ZipFile(source) as archive:
        for item in archive.infolist():
            archive.extract(item, folder)  # drops drives, leading slashes and ".."
        yield folder
