"""The manifest: every file of the store with its size, rows and digest, as the last commit left them.

Each commit replaces it together with the files that it changes, so it tells a file that is missing, has
been changed by something else, or does not belong to the store.
"""

import json
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import blake2b, file_digest
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hotline_tools.errors import StoreError
from hotline_tools.store.files import NEW, QUARANTINE, StoreFiles, write_private

WITH_MANIFEST = 2
"""``format`` of a store (in the marker file) that has a manifest."""
_DIGITS = 16
_READERS = 4


@dataclass(frozen=True)
class FileFacts:
    """What the manifest knows of a file; ``rows`` is None for one that is no table."""

    bytes: int
    rows: int | None
    digest: str
    """BLAKE2b-128 of the content, hexadecimal."""


def measure(path: Path) -> FileFacts:
    """Read a file and return its facts."""
    with path.open("rb") as file:
        digest = file_digest(file, lambda: blake2b(digest_size=_DIGITS)).hexdigest()
    return FileFacts(path.stat().st_size, _rows(path) if ".parquet" in path.name else None, digest)


def manifest_text(facts: dict[str, FileFacts]) -> str:
    """Return the manifest as it is written: the digest of what follows, then one file a line."""
    lines = [json.dumps([name, *asdict(facts[name]).values()], ensure_ascii=False) for name in sorted(facts)]
    body = "".join(f"{line}\n" for line in lines)
    return f"{_digest(body)}\n{body}"


def read_manifest(path: Path) -> dict[str, FileFacts] | None:
    """Read a manifest; None when there is none. Raises ``StoreError`` when it is damaged."""
    try:
        text = path.read_bytes().decode()
        digest, _, body = text.partition("\n")
        if digest != _digest(body):
            raise ValueError
        rows = map(json.loads, body.splitlines())
        return {name: FileFacts(*facts) for name, *facts in rows}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(
            "工单库的清单损坏",
            where=str(path),
            remedy="请从备份恢复，或运行 hotline store quarantine 按现有文件重建清单。",
        ) from error


def manifest_names(files: StoreFiles) -> frozenset[str] | None:
    """Return the names of the files that the manifest knows; None where there is none, or a damaged one."""
    try:
        seen = files.manifest.stat()
    except FileNotFoundError:
        return None
    return _names(files.manifest, seen.st_mtime_ns, seen.st_size, seen.st_ino)


@lru_cache(maxsize=8)
def _names(path: Path, *_seen: int) -> frozenset[str] | None:
    """``_seen`` tells one state of the file from the next."""
    try:
        facts = read_manifest(path)
    except StoreError:
        return None  # ``verify`` tells; what is there is read as it is
    return None if facts is None else frozenset(facts)


def stage_manifest(files: StoreFiles, replaced: Collection[str], removed: Iterable[str]) -> list[str]:
    """Write the manifest that holds after a commit beside the live one; return the names to commit.

    A store that an older version wrote gets its first one, over all its files.
    """
    facts = read_manifest(files.manifest)
    names = [files.manifest.name]
    if facts is None:
        facts = measured(files.root, own_files(files))
        for name in facts:
            (files.root / name).chmod(0o600)
        if files.marker.name not in replaced:
            names.append(_stage_marker(files))
    waiting = measured(files.root, [*replaced, *names[1:]], NEW)
    facts = {name: known for name, known in (facts | waiting).items() if name not in set(removed)}
    write_private(files.root / (files.manifest.name + NEW), manifest_text(facts))
    return names


def own_files(files: StoreFiles) -> list[str]:
    """Return the names of the files that lie in the store, but for those of a commit, a lock or the key."""
    aside = {files.manifest.name, files.journal.name, files.caller_key.name}
    found = (path.relative_to(files.root) for path in files.root.rglob("*") if path.is_file())
    return sorted(
        name.as_posix()
        for name in found
        if not (
            name.parts[0].startswith(".")
            or name.parts[0] == QUARANTINE
            or name.as_posix() in aside
            or name.name.endswith(NEW)
        )
    )


def measured(root: Path, names: Iterable[str], suffix: str = "") -> dict[str, FileFacts]:
    """Return the facts of the files of these names, read several at once."""
    listed = list(names)
    with ThreadPoolExecutor(_READERS) as pool:
        return dict(zip(listed, pool.map(lambda name: measure(root / (name + suffix)), listed), strict=True))


def _stage_marker(files: StoreFiles) -> str:
    marker = json.loads(files.marker.read_text(encoding="utf-8")) | {"format": WITH_MANIFEST}
    write_private(files.root / (files.marker.name + NEW), json.dumps(marker) + "\n")
    return files.marker.name


def _rows(path: Path) -> int | None:
    try:
        return int(pq.read_metadata(path).num_rows)
    except (OSError, pa.ArrowException):
        return None


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=_DIGITS).hexdigest()
