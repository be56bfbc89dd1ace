"""A layout file as TOML data."""

import tomllib
from pathlib import Path
from typing import Any

from hotline_tools.errors import DataFileError

FIX = "请改正后重试；hotline layout check 会列出全部问题，写法见 docs/layouts.md。"


def read_toml(path: Path) -> dict[str, Any]:
    """The file as TOML; raises ``DataFileError``."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise DataFileError("找不到版式文件", where=str(path), remedy="请检查路径。") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataFileError(f"不是有效的 TOML：{error}", where=str(path), remedy=FIX) from error
    except OSError as error:
        raise DataFileError(
            f"无法读取（{error.strerror}）", where=str(path), remedy="请检查权限。"
        ) from error
