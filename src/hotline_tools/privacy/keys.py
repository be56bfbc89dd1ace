"""Secrets for caller keys: 32 random bytes in a file of their own, known by their fingerprint."""

import os
import secrets
from hashlib import blake2b
from pathlib import Path

from hotline_tools.disk import reason, replace
from hotline_tools.errors import StoreError

KEY_BYTES = 32
_PURPOSE = b"hotline key"


def make_key() -> bytes:
    """Return a new secret."""
    return secrets.token_bytes(KEY_BYTES)


def fingerprint(key: bytes) -> str:
    """Return 16 hexadecimal digits that tell which secret it is, and nothing about it."""
    return blake2b(key, person=_PURPOSE, digest_size=8).hexdigest()


def save_key(key: bytes, path: Path) -> None:
    """Write a secret to ``path`` (mode 0600, its folder 0700), whole or not at all.

    Raises ``StoreError`` when the folder cannot be written.
    """
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
            file.write(key.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        replace(beside, path)
    except OSError as error:
        raise StoreError(
            f"不能保存来电人密钥（{reason(error)}）",
            where=str(path),
            remedy="请检查该目录的写权限，或用环境变量 HOTLINE_KEY_FILE 指明密钥文件放在哪里。",
        ) from error


def load_key(path: Path) -> bytes:
    """Return the secret in ``path``; raise ``StoreError`` when it cannot be read or is none."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise StoreError("来电人密钥读不出来", where=str(path), remedy="请从备份恢复此文件。") from error
    if len(key) != KEY_BYTES:
        raise StoreError("来电人密钥长度不对", where=str(path), remedy="请从备份恢复此文件。")
    return key
