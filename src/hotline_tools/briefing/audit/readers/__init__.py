"""Files as bulletins: one reader a form."""

import importlib
from collections.abc import Callable
from pathlib import Path

from hotline_tools.briefing.audit.bulletin import Bulletin
from hotline_tools.errors import InputError

_MODULES = {
    "docx": "word", "html": "web", "htm": "web", "pdf": "pdf", "md": "plain", "markdown": "plain",
    "txt": "plain",
}  # fmt: skip
"""Suffix → the module that reads it; each has its own library, which is loaded when it is needed."""


def read_bulletin(path: Path) -> Bulletin:
    """Return what a bulletin says; raise ``InputError`` for a file that cannot be read or holds no text."""
    form = path.suffix.lower().removeprefix(".")
    if form not in _MODULES:
        raise InputError(
            f"不会读 {path.suffix or '没有后缀'} 的文件",
            where=str(path),
            remedy=f"可读：{'、'.join(_MODULES)}。.doc 与 .wps 请先另存为 .docx。",
        )
    if not path.is_file():
        raise InputError("找不到这个文件", where=str(path), remedy="请检查路径。")
    module = importlib.import_module(f"hotline_tools.briefing.audit.readers.{_MODULES[form]}")
    read: Callable[[Path], Bulletin] = module.read
    found = read(path)
    if not found.parts:
        raise InputError(
            "里面没有文字", where=str(path), remedy="扫描件或图片须先识别成文字，再另存为 .docx 或 .txt。"
        )
    return found
