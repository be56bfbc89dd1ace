"""``hotline brief check``: a bulletin read again, as a table of what contradicts itself."""

from pathlib import Path

from hotline_tools.briefing.audit.audit import contradictions
from hotline_tools.briefing.audit.readers import read_bulletin
from hotline_tools.table import Field, Note, NoteKind, ReportTable

_COLUMNS = (
    Field("kind", "问题", decides=True),
    Field("where", "位置"),
    Field("stated", "所写", decides=True),
    Field("against", "与之矛盾的", decides=True),
    Field("text", "原文", detail=True),
)


def check_briefing(path: Path) -> ReportTable:
    """Return what contradicts itself in a bulletin, a row each; ``incomplete`` when there is any.

    Raises ``InputError`` for a file that cannot be read.
    """
    bulletin = read_bulletin(path)
    found = contradictions(bulletin)
    tables = "" if bulletin.lacks_cells else f"、{len(bulletin.tables)}张表"
    read = f"读了{len(bulletin.passages)}段文字{tables}，"
    notes = [Note(NoteKind.SCOPE, f"{read}{f'有{len(found)}处自相矛盾' if found else '未见自相矛盾'}。")]
    if bulletin.lacks_cells:
        text = "这份 PDF 没有标签，表格分不出单元格，只核对文字；要核对表格，请用 .docx。"
        notes.append(Note(NoteKind.MISSING, text))
    return ReportTable(
        "brief-check",
        f"简报核对：{path.name}",
        _COLUMNS,
        [dict(item._asdict()) for item in found],
        notes=notes,
        incomplete=bool(found),
    )
