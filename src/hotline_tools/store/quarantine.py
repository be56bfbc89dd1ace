"""Set damaged files aside, so that the rest of the store can be worked with."""

import shutil
from collections.abc import Mapping

from hotline_tools.disk import sync_file
from hotline_tools.errors import StoreError
from hotline_tools.store.files import QUARANTINE, StoreFiles
from hotline_tools.store.ids import new_id
from hotline_tools.store.journal import Commit, carry_out
from hotline_tools.store.manifest import read_manifest


def set_aside(files: StoreFiles, problems: Mapping[str, str]) -> list[str]:
    """Move the damaged files among ``problems`` out of the tables; return their names. Needs the lock.

    They are kept in the folder ``quarantine``. A file that is missing is taken off the manifest; a
    damaged manifest is made anew from the files as they are.
    """
    try:
        known = read_manifest(files.manifest)
    except StoreError:
        known = None
    if known is None:
        files.manifest.unlink(missing_ok=True)
    listed = known if known is not None else problems
    names = [name for name in problems if name in listed and name != files.marker.name and "/" in name]
    aside = files.root / QUARANTINE / new_id()
    for name in names:
        if (files.root / name).exists():
            kept = aside / name
            kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy2(files.root / name, kept)
            sync_file(kept)
    carry_out(files, Commit(remove=names), always=known is None)
    return names
