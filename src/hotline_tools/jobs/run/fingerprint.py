"""What a step's result was made of, in one value: when it is the same, the result need not be made again."""

from collections.abc import Iterable
from hashlib import blake2b, sha256
from pathlib import Path

from hotline_tools.store import Store


def orders_fingerprint(store: Store) -> str:
    """Return a value that changes with the orders, but not with labels or repeat issues."""
    return _of(store.path, store.order_files())


def store_fingerprint(store: Store) -> str:
    """Return a value that changes with anything in the store that a report may tell."""
    files = (path for path in store.path.rglob("*") if path.is_file())
    return _of(store.path, (path for path in files if not _is_hidden(path.relative_to(store.path))))


def text_digest(*parts: str) -> str:
    """Return a short digest of texts."""
    return blake2b("\x00".join(parts).encode(), digest_size=16).hexdigest()


def file_digest(path: Path) -> str | None:
    """Return the SHA-256 of a file as hex; None where there is none."""
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _of(root: Path, files: Iterable[Path]) -> str:
    """Names, sizes and times: partitions are replaced, never changed, so that their times tell."""
    states = []
    for path in sorted(files):
        state = path.stat()
        states.append(f"{path.relative_to(root).as_posix()} {state.st_size} {state.st_mtime_ns}")
    return text_digest(*states)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
