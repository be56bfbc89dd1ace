"""The store's secret for caller keys."""

import os
import secrets
from pathlib import Path

from hotline_tools.errors import StoreError

_KEY_BYTES = 32


def load_or_create_key(path: Path) -> bytes:
    """Return the key in ``path``; create it (mode 0600) when there is none.

    Raises ``StoreError`` when it cannot be read, written, or is not a key.
    """
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return _load(path)
    except OSError as error:
        raise StoreError("不能创建来电人密钥", where=str(path), remedy="请检查目录的写权限。") from error
    key = secrets.token_bytes(_KEY_BYTES)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def _load(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise StoreError("来电人密钥读不出来", where=str(path), remedy="请从备份恢复此文件。") from error
    if len(key) != _KEY_BYTES:
        raise StoreError("来电人密钥长度不对", where=str(path), remedy="请从备份恢复此文件。")
    return key
