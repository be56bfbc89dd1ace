"""What a file is, by its content; its name is never asked."""

import re
import zipfile
from pathlib import Path

from hotline_tools import disk
from hotline_tools.errors import InputError
from hotline_tools.sheet_extent import UNREADABLE_ZIP

_REFUSED = (
    (b"\x89PNG", "PNG 图片"),
    (b"\xff\xd8\xff", "JPEG 图片"),
    (b"GIF8", "GIF 图片"),
    (b"BM", "BMP 图片"),
    (b"II*\0", "TIFF 图片"),
    (b"%PDF", "PDF 文档"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"SQLite format 3", "SQLite 数据库"),
    (b"\x7fELF", "程序文件"),
    (b"MZ\x90", "程序文件"),
)
_ROOT = re.compile(rb"<([a-z_][\w:.-]*)")
_HTML = (b"html", b"table")
_HTML_PARTS = frozenset(
    b"html head body table thead tbody tr td th meta title style script link div span p br hr center font "
    b"form input h1 h2 h3 b i a ul ol li img base".split()
)
"""What a page without its head may begin with."""
_MHTML = re.compile(
    rb"(?:[a-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,12}?content-type:\s*multipart/(?:related|alternative)"
)
"""A web archive, which is a letter with the page as its parts."""
_EXPORT_AGAIN = "请从平台重新导出为 xlsx 或 csv。"
_UNPACK = "请先解压，再导入里面的表格。"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def detect(path: Path, name: str) -> str:
    """``xlsx xlsb ods zip ole gz parquet html mhtml xml json text``.

    Raises ``InputError`` for a missing or empty file and for what cannot hold a table.
    """
    if not path.exists():
        raise InputError("文件不存在", where=name, remedy="请检查路径。")
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
    except OSError as error:
        raise InputError(
            f"文件无法读取（{disk.reason(error)}）", where=name, remedy=disk.remedy(error)
        ) from error
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise InputError("文件是空的", where=name, remedy="请检查导出是否成功。")
    for magic, what in _REFUSED:
        if head.startswith(magic) and (magic != b"BM" or b"\0" in head[:14]):
            remedy = _UNPACK if "压缩包" in what else _EXPORT_AGAIN
            raise InputError(f"这是{what}，不是表格", where=name, remedy=remedy)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(path, name)
    if head.startswith(OLE):
        return "ole"
    if head.startswith(b"\x1f\x8b"):
        return "gz"
    if head.startswith(b"PAR1"):
        return "parquet"
    return _text_kind(head)


def _text_kind(head: bytes) -> str:
    # UTF-16 text loses its NULs here; only the marks of the format matter
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").replace(b"\0", b"").lstrip()
    lower = start.lower()
    if lower.startswith(b"<"):
        root = _ROOT.search(lower)
        declared = lower.startswith(b"<?xml")
        return (
            "xml" if root and (root[1] not in _HTML if declared else root[1] not in _HTML_PARTS) else "html"
        )
    if _MHTML.match(lower):
        return "mhtml"
    if start[:1] in (b"{", b"["):
        return "json"
    return "text"


def _zip_kind(path: Path, name: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "xl/workbook.bin" in names:
                return "xlsb"
            if "xl/workbook.xml" in names:
                return "xlsx"
            if "mimetype" in names and b"spreadsheet" in archive.read("mimetype"):
                return "ods"
    except UNREADABLE_ZIP as error:
        raise InputError("文件不完整或已损坏", where=name, remedy="请重新下载或从平台重新导出。") from error
    for member, what in (("word/document.xml", "Word 文档"), ("ppt/presentation.xml", "PowerPoint 文稿")):
        if member in names:
            raise InputError(f"这是 {what}，不是表格", where=name, remedy=_EXPORT_AGAIN)
    if any("workbook" in member and "xl" in member for member in names):
        return "xlsx"
    return "zip"
