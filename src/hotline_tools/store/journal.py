"""The commit: files are made ready beside the live ones, then a journal says which replace which.

Before the journal exists nothing has changed; from then on the commit is certain: whoever writes next
carries it out, and a reader follows it (``live``). Each step may be repeated.
"""

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from hotline_tools.disk import remove, replace, sync_file, sync_files
from hotline_tools.errors import StoreError
from hotline_tools.store.files import NEW, StoreFiles, write_text_atomically
from hotline_tools.store.manifest import manifest_names, stage_manifest


@dataclass
class Commit:
    """Files to put in place (each waits as ``name.new``) and files to remove, relative to the store."""

    replace: list[str] = field(default_factory=list)
    remove: list[str] = field(default_factory=list)


def carry_out(files: StoreFiles, commit: Commit, *, always: bool = False) -> None:
    """Complete the manifest, write the journal, put the files in place, drop the journal.

    A commit of nothing is none, unless ``always``: then the manifest alone is written.
    """
    if not commit.replace and not commit.remove and not always:
        return
    commit = Commit([*commit.replace, *stage_manifest(files, commit.replace, commit.remove)], commit.remove)
    for name in commit.replace:
        (files.root / (name + NEW)).chmod(0o600)
    sync_files(files.root / (name + NEW) for name in commit.replace)
    write_text_atomically(files.journal, json.dumps({"replace": commit.replace, "remove": commit.remove}))
    _apply(files, commit)


def recover(files: StoreFiles) -> None:
    """Finish a commit that was cut short, and clear away what never came to one. Needs the lock."""
    commit = pending(files)
    if commit is not None:
        _apply(files, commit)
    shutil.rmtree(files.staging, ignore_errors=True)
    for folder in ("", "*/", "orders/month=*/"):
        for leftover in files.root.glob(f"{folder}*{NEW}"):
            remove(leftover)


def pending(files: StoreFiles) -> Commit | None:
    """The commit being carried out, if any."""
    try:
        text = files.journal.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        content = json.loads(text)
        commit = Commit(list(content["replace"]), list(content["remove"]))
        if not all(_is_inside(name) for name in [*commit.replace, *commit.remove]):
            raise ValueError
        return commit
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError("提交日志损坏", where=str(files.journal), remedy="请从备份恢复工单库。") from error


def _is_inside(name: str) -> bool:
    """Whether a name of a commit can only mean a file below the store: names come from a file, too."""
    path = PurePosixPath(name)
    plain = ".." not in path.parts and "\\" not in name and "\0" not in name and ":" not in name
    return plain and not path.is_absolute() and bool(path.parts)


def live(files: StoreFiles, folder: str, pattern: str) -> list[Path]:
    """The files of a folder as they are once the pending commit, if any, is done.

    What a person or another program put there is none of them: the manifest does not know it.
    """
    listed = manifest_names(files)
    names = ((path.relative_to(files.root).as_posix(), path) for path in files.folder(folder).glob(pattern))
    found = {name: path for name, path in names if listed is None or name in listed}
    commit = pending(files)
    wanted = f"{folder}/{pattern}" if folder else pattern
    if commit is not None:
        for name in commit.replace:
            place, waiting = files.root / name, files.root / (name + NEW)
            if PurePosixPath(name).match(wanted) and (waiting.exists() or place.exists()):
                found[name] = waiting if waiting.exists() else place
        for name in commit.remove:
            found.pop(name, None)
    return [found[name] for name in sorted(found)]


def _apply(files: StoreFiles, commit: Commit) -> None:
    folders = set()
    for name in commit.replace:
        waiting, place = files.root / (name + NEW), files.root / name
        if waiting.exists():
            replace(waiting, place)
            # the month's folder itself may be new: its name stands in the folder above
            folders |= {place.parent, place.parent.parent}
    for name in commit.remove:
        place = files.root / name
        remove(place)
        if place.parent.exists():
            folders.add(place.parent)
    sync_files(folders)
    remove(files.journal)
    sync_file(files.root)
    for name in commit.remove:
        parent = (files.root / name).parent
        if parent.name.startswith("month=") and not any(parent.iterdir()):
            parent.rmdir()
