"""Where everything lies in a store directory."""

import os
from dataclasses import dataclass
from pathlib import Path

from hotline_tools.disk import replace, sync_file

NEW = ".new"
"""Suffix of a file that waits for its commit."""
QUARANTINE = "quarantine"
"""The folder of damaged files that were set aside."""


@dataclass(frozen=True)
class StoreFiles:
    """The paths of one store."""

    root: Path

    @property
    def marker(self) -> Path:
        """Says that the directory is a store, and of which version."""
        return self.root / "store.json"

    @property
    def caller_key(self) -> Path:
        """The secret of the caller keys, where an older version kept it."""
        return self.root / "caller.key"

    @property
    def manifest(self) -> Path:
        """Every file with its size, rows and digest."""
        return self.root / "manifest.jsonl"

    @property
    def journal(self) -> Path:
        """Exists while a commit is being carried out."""
        return self.root / "commit.json"

    @property
    def lock(self) -> Path:
        """The writer's lock."""
        return self.root / ".lock"

    @property
    def lock_owner(self) -> Path:
        """Who holds the lock."""
        return self.root / ".lock-owner.json"

    @property
    def staging(self) -> Path:
        """Rows of an import that is not yet committed."""
        return self.root / ".staging"

    def folder(self, name: str) -> Path:
        """``orders``, ``rejects``, ``imports``, ``undo``, ``labels`` or ``issues``."""
        return self.root / name

    def partition(self, month: str, number: int = 1) -> Path:
        """A file of a month's orders, the first or, once that is full, a further one (``segments``)."""
        name = "orders" if number == 1 else f"orders-{number}"
        return self.root / "orders" / f"month={month}" / f"{name}.parquet"

    def replaced_orders(self, import_id: str) -> Path:
        """The orders that an import replaced, as they were before it."""
        return self.root / "undo" / f"{import_id}.parquet"

    def replaced_rejects(self, import_id: str) -> Path:
        """The rejects that an import replaced, as they were before it."""
        return self.root / "undo" / f"{import_id}.rejects.parquet"

    def name(self, path: Path) -> str:
        """The name of a file in a commit: its path from the root."""
        return path.relative_to(self.root).as_posix()


def write_private(path: Path, text: str) -> None:
    """Write text to a file that only its owner may read (mode 0600)."""
    descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def write_text_atomically(path: Path, text: str) -> None:
    """Write beside and rename, so that a reader sees the old text or the new one."""
    beside = path.with_name(path.name + NEW)
    write_private(beside, text)
    sync_file(beside)
    replace(beside, path)
    sync_file(path.parent)
