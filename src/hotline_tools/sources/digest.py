"""The SHA-256 of a file."""

import hashlib
from collections.abc import Callable
from pathlib import Path


def digest_of(path: Path) -> Callable[[], str]:
    """A function that reads the file and returns its SHA-256 as hex; called once, when it is wanted."""

    def compute() -> str:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    return compute
