"""Files that no export is like, refused before a parser spends minutes or gigabytes on them."""

from pathlib import Path

from hotline_tools.errors import InputError

MAX_LINE = 16 << 20
"""Bytes without a line break; the text of an order has thousands."""
MAX_BLANK = 4 << 20
"""Bytes of line breaks alone, one after the other."""
MAX_UNCLOSED = 10_000
"""How many more "<" than ">" a page may have."""
_PIECE = 1 << 20
_BREAKS = b"\r\n\x00 \t,;"


def require_lines(path: Path, where: str) -> None:
    """Raise ``InputError`` for a text file with a line, or a run of blank lines, beyond all measure."""
    line = blank = 0
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            at = piece.find(b"\n")
            line = line + len(piece) if at < 0 else len(piece) - piece.rfind(b"\n")
            blank = 0 if piece.strip(_BREAKS) else blank + len(piece)
            if line > MAX_LINE:
                raise _refused(f"有一行超过 {MAX_LINE >> 20} MB，不像导出的表格", where)
            if blank > MAX_BLANK:
                raise _refused(f"有超过 {MAX_BLANK >> 20} MB 的空行，不像导出的表格", where)


def require_markup(text: str, where: str) -> None:
    """Raise ``InputError`` for a page whose tags are not closed: each would be sought to the end anew."""
    if text.count("<") - text.count(">") > MAX_UNCLOSED:
        raise _refused("网页已损坏（标签没有结束）", where)


def _refused(what: str, where: str) -> InputError:
    return InputError(what, where=where, remedy="请重新导出；如确认无误，请先用其他软件另存为 CSV 或 XLSX。")
