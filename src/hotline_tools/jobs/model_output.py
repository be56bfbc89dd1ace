"""Where a trained model goes: never over a file that is something else."""

import json
import zipfile
from pathlib import Path

from hotline_tools.classify.model import Model
from hotline_tools.classify.modelfile import save_model
from hotline_tools.errors import StoreError, UsageError


def check_output(path: Path) -> None:
    """Refuse, before hours of work, a folder that is missing or a file that is no model.

    Raises ``StoreError`` or ``UsageError``.
    """
    if not path.parent.is_dir():
        raise StoreError(
            "输出目录不存在", where=str(path.parent), remedy="请先建立该目录，或换一个 -o 路径。"
        )
    if path.exists() and not _is_model(path):
        raise UsageError(
            "这个文件不是模型，不会覆盖它", where=str(path), remedy="请换一个 -o 路径，如 -o 单位.model。"
        )


def _is_model(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "format" in json.loads(archive.read("model.json"))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        return False


def write_model(model: Model, path: Path) -> None:
    """Write ``model`` whole or not at all."""
    check_output(path)
    save_model(model, path)
