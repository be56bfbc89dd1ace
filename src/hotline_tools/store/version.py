"""Which version of the schema a store was written by, and what brings an older one up to date.

A column that was added needs nothing: files without it read as null there (``hotline_tools.parquet``).
``schema.SCHEMA_VERSION`` grows when values come to mean something else, or when a program of the version
before would lose orders; the migration from that version is added to ``MIGRATIONS`` then, and runs before
the first write of the new version.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from hotline_tools.errors import StoreError
from hotline_tools.parquet import unknown_columns
from hotline_tools.schema import SCHEMA_VERSION
from hotline_tools.store.files import NEW, StoreFiles, write_private
from hotline_tools.store.journal import Commit, carry_out
from hotline_tools.store.manifest import WITH_MANIFEST

_UPGRADE = "请升级 hotline-tools。"
Migration = Callable[[StoreFiles], Commit]
"""Writes the changed files as ``name.new`` beside the live ones; returns which they are."""
MIGRATIONS: Mapping[int, Migration] = {
    1: lambda _: Commit(),  # a month may have several files since (``segments``): nothing to write anew
}
"""Version of the schema → what makes the next version of a store of that one."""


def marker_text(version: int) -> str:
    """Return what the marker file of a store of this version says."""
    return json.dumps({"format": WITH_MANIFEST, "schema": version}) + "\n"


def check_version(files: StoreFiles) -> int:
    """Return the schema version of a store.

    Raises ``StoreError`` when the marker cannot be read, or the version is later than this program's.
    """
    try:
        version = int(json.loads(files.marker.read_text(encoding="utf-8"))["schema"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            "工单库的标记文件读不出来", where=str(files.marker), remedy="请从备份恢复。"
        ) from error
    if version > SCHEMA_VERSION:
        raise StoreError("工单库由更新的版本写成", where=str(files.root), remedy=_UPGRADE)
    return version


def migrate(files: StoreFiles) -> None:
    """Bring a store of an older version up to date, version by version. Needs the lock.

    Files and marker change in one commit, so that no version's migration can run twice.
    """
    for version in range(check_version(files), SCHEMA_VERSION):
        commit = MIGRATIONS[version](files)
        marker = files.marker.name
        write_private(files.root / (marker + NEW), marker_text(version + 1))
        carry_out(files, Commit([*commit.replace, marker], commit.remove))


def require_known_columns(paths: Sequence[Path], schema: pa.Schema) -> None:
    """Raise ``StoreError`` when ``paths`` have columns that ``schema`` lacks: rewriting would lose them."""
    unknown = unknown_columns(paths, schema)
    if unknown:
        raise StoreError(
            f"工单库中有本版本不认识的列（{'、'.join(unknown)}），写入会丢失它们",
            where=str(paths[0].parent),
            remedy=_UPGRADE,
        )
