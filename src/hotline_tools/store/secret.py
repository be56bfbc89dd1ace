"""The secret of a store's caller keys: kept outside the store, which knows its fingerprint.

Whoever has both the data and the secret can try all telephone numbers, so the two do not lie together.
A store that lost its secret refuses imports: with another one each caller would be somebody new.
"""

import json
import os
import sys
from pathlib import Path

import duckdb
import pyarrow as pa

from hotline_tools.errors import StoreError
from hotline_tools.parquet import select_sql
from hotline_tools.privacy import fingerprint, load_key, make_key, save_key
from hotline_tools.schema import ORDERS
from hotline_tools.store.derived import import_ids
from hotline_tools.store.files import NEW, StoreFiles, write_private
from hotline_tools.store.journal import Commit, carry_out
from hotline_tools.store.segments import order_files

_RECORD = "caller-key.json"


def caller_secret(files: StoreFiles, key_file: Path | None) -> bytes:
    """Return the secret; make it before the first import. Needs the lock.

    ``key_file`` is where it is or goes to, by default a file of the user's data folder; the store itself
    is looked at too, as older versions kept it there. Raises ``StoreError`` when the secret of earlier
    imports is not to be found.
    """
    recorded = recorded_fingerprint(files)
    found = _existing(files, key_file, recorded)
    if found is None:
        if _was_used(files, recorded):
            raise _lost(key_file, recorded)
        found = make_key()
        save_key(found, key_file or default_place(fingerprint(found)))
        files.caller_key.unlink(missing_ok=True)  # what a first import that was cut short left there
    if recorded != fingerprint(found):
        write_private(files.root / (_RECORD + NEW), json.dumps({"fingerprint": fingerprint(found)}) + "\n")
        carry_out(files, Commit([_RECORD]))
    return found


def secret_of_dry_run(files: StoreFiles, key_file: Path | None) -> bytes:
    """Return the secret as ``caller_secret`` would; where it would make one, one that is kept nowhere."""
    recorded = recorded_fingerprint(files)
    found = _existing(files, key_file, recorded)
    if found is None and _was_used(files, recorded):
        raise _lost(key_file, recorded)
    return found or make_key()


def place_to_move_to(files: StoreFiles) -> Path | None:
    """Return where a secret that lies in the store should be moved to; None when none lies there."""
    return default_place(fingerprint(load_key(files.caller_key))) if files.caller_key.exists() else None


def default_place(name: str) -> Path:
    """Return where the secret of this fingerprint lies by default."""
    return user_data_folder() / "keys" / f"{name}.key"


def recorded_fingerprint(files: StoreFiles) -> str | None:
    """Return the fingerprint that the store knows; None before the first import of this version."""
    path = files.root / _RECORD
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["fingerprint"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            "来电人密钥的指纹记录损坏", where=str(path), remedy="请从备份恢复此文件。"
        ) from error


def _existing(files: StoreFiles, key_file: Path | None, recorded: str | None) -> bytes | None:
    """The secret of this store, if it is in one of the places."""
    if recorded is None:
        places = [files.caller_key] if _was_used(files, None) else [key_file]
    else:
        places = [key_file, files.caller_key, default_place(recorded)]
    for place in places:
        if place is not None and place.exists():
            key = load_key(place)
            if recorded in (None, fingerprint(key)):
                return key
    return None


def _was_used(files: StoreFiles, recorded: str | None) -> bool:
    """Whether callers were told apart by a secret. A store without fingerprint is asked for callers."""
    if recorded is not None:
        return bool(import_ids(files))
    column = select_sql(order_files(files), pa.schema([ORDERS.field("caller_key")]))
    with duckdb.connect() as database:
        return bool(database.execute(f"SELECT count(caller_key) FROM ({column})").fetchall()[0][0])


def _lost(key_file: Path | None, recorded: str | None) -> StoreError:
    if recorded is None:
        return StoreError(
            "工单库里的来电人密钥 caller.key 不见了，此时导入会把每个来电人都当成新人",
            remedy="请从备份恢复 caller.key 到工单库目录。",
        )
    told = f"{key_file} 是另一把密钥，" if key_file is not None and key_file.exists() else ""
    return StoreError(
        f"找不到工单库的来电人密钥（{told}所需密钥的指纹为 {recorded}），"
        "此时导入会把每个来电人都当成新人，同一件工单也会记成两件",
        remedy=f"请把密钥文件放到 {default_place(recorded)}，或用环境变量 HOTLINE_KEY_FILE 指明它的位置。",
    )


def user_data_folder() -> Path:
    """Return the folder for this user's data, as each platform has it; it may not exist."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        given = Path(os.environ.get("XDG_DATA_HOME") or "")
        base = given if given.is_absolute() else Path.home() / ".local" / "share"
    return base / "hotline-tools"
