"""Text files and Markdown: a line is a paragraph, and lines of cells between bars are a table."""

import re
from pathlib import Path

from hotline_tools.briefing.audit.bulletin import Bulletin, Gathered
from hotline_tools.disk import reason, remedy
from hotline_tools.errors import InputError
from hotline_tools.sources.detect.encoding import decide

_MAX_BYTES = 16 << 20
_ROW = re.compile(r"^\s*\|.*\|\s*$")
_RULE = re.compile(r"^[\s|:\-]+$")
_BETWEEN_CELLS = re.compile(r"(?<!\\)\|")
_HEADING = re.compile(r"^(#+)\s+")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>$~])")


def read(path: Path) -> Bulletin:
    """Return the paragraphs and tables of a text file in any common encoding."""
    found = Gathered()
    rows: list[list[str]] = []
    is_markdown = path.suffix.lower() != ".txt"
    for line in [*text_of(path).splitlines(), ""]:
        if is_markdown and _ROW.match(line):
            if not _RULE.match(line):
                cells = _BETWEEN_CELLS.split(line.strip()[1:-1])
                rows.append([_plain(cell) for cell in cells])
            continue
        if rows:
            found.table(rows)
            rows = []
        heading = _HEADING.match(line) if is_markdown else None
        text = _HEADING.sub("", line) if heading else line
        is_title = heading is not None and len(heading[1]) == 1
        found.passage(_plain(text) if is_markdown else text, is_title=is_title)
    return found.bulletin()


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text.replace("**", "").strip())


def text_of(path: Path) -> str:
    """Return the text of a file, its encoding found from its bytes; raise ``InputError`` for no text."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError("文件大得不合常理", where=str(path), remedy="请检查路径。")
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"读不了：{reason(error)}", where=str(path), remedy=remedy(error)) from error
    return raw.decode(decide(raw, where=str(path)), errors="replace").removeprefix("\ufeff")
