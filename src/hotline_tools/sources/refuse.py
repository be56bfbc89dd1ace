"""The refusals that several readers share."""

from collections.abc import Sequence

from hotline_tools.errors import NoHeaderError

_LAYOUT_NEW = "如果这确实是工单表，请用 hotline layout new 文件 起草一份版式，再用 --layout 指定它。"


def no_header(where: str, rows: Sequence[Sequence[str]]) -> NoHeaderError:
    """No row has the names of known columns; shows the first row that has anything."""
    first = next((row for row in rows if any(cell.strip() for cell in row)), [])
    shown = "、".join(cell.strip()[:12] for cell in first[:6] if cell.strip())
    seen = f"（第一行是：{shown}…）" if shown else ""
    return NoHeaderError(f"没有找到认识的表头{seen}", where=where, remedy=_LAYOUT_NEW)
