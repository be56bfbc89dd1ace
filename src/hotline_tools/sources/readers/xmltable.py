"""XML: Excel 2003 workbooks, which some platforms save under the name .xls, and repeated record elements.

Open311 answers (``service_requests/request``), data sets and row lists of databases have the second form: the
fields of a record are its child elements and attributes.
"""

import codecs
import re
from collections.abc import Container
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from hotline_tools.errors import InputError
from hotline_tools.files import digest_of
from hotline_tools.sources.detect.encoding import decide, probe
from hotline_tools.sources.detect.header import no_header
from hotline_tools.sources.detect.transcode import Utf8Stream
from hotline_tools.sources.model import RawTable
from hotline_tools.sources.readers.grid import Origin
from hotline_tools.sources.readers.objects import table_of_objects
from hotline_tools.sources.readers.spreadsheetml import is_workbook, worksheets

_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]*\?>")
_DECLARED = re.compile(rb"<\?xml\b[^>]*\bencoding\s*=\s*[\"']([\w.-]+)[\"']")
_FORBIDDEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML does not allow and platforms write nevertheless."""
_MIN_FIELDS = 2


def open_xml(path: Path, name: str, known: Container[str] | None) -> list[RawTable]:
    """The tables of an XML file; raises ``InputError`` or ``NoHeaderError``."""
    encoding = _encoding(path, name)
    with Utf8Stream(path, encoding) as stream:
        text = stream.read().decode("utf-8", "replace")
    try:
        root = ElementTree.fromstring(_FORBIDDEN.sub("", _DECLARATION.sub("", text)))
    except ElementTree.ParseError as error:
        line, column = error.position
        what = f"XML 不完整或有误（第 {line} 行第 {column + 1} 个字符）"
        raise InputError(what, where=name, remedy="请重新导出。") from error
    except ValueError as error:
        raise InputError("XML 不完整或有误", where=name, remedy="请重新导出。") from error
    if is_workbook(root):
        return worksheets(root, name, digest_of(path), known)
    records = [_record(element) for element in _repeated(root)]
    if not records:
        raise InputError(
            "XML 里没有重复的记录", where=name, remedy="需要由同名元素组成的记录，每条有若干字段。"
        )
    origin = Origin(name, "xml", digest_of(path), encoding=encoding)
    table = table_of_objects(lambda: iter(records), origin, known)
    if table is None:
        raise no_header(name, [list(records[0])])
    return [table]


def _encoding(path: Path, name: str) -> str:
    """As declared, when that is how the file reads; else by evidence."""
    with path.open("rb") as stream:
        declared = _DECLARED.search(stream.read(300))
    sample = probe(path)
    if declared is not None:
        encoding = declared[1].decode().lower()
        encoding = "gb18030" if encoding in ("gbk", "gb2312", "cp936") else encoding
        try:
            codecs.getincrementaldecoder(encoding)().decode(sample, final=False)
        except (LookupError, UnicodeError):
            pass
        else:
            return codecs.lookup(encoding).name
    return decide(sample, where=name)


def _repeated(root: ElementTree.Element) -> list[ElementTree.Element]:
    """The records nearest to the root: siblings of one name with fields, or one element of several fields."""
    level = [root]
    single: list[ElementTree.Element] = []
    while level:
        for parent in level:
            groups: dict[str, list[ElementTree.Element]] = {}
            for child in parent:
                if len(child) + len(child.attrib) >= _MIN_FIELDS:
                    groups.setdefault(child.tag, []).append(child)
            largest = max(groups.values(), key=len, default=[])
            if len(largest) > 1:
                return largest
            single = single or [child for child in largest if _plain_fields(child) > _MIN_FIELDS]
        level = [child for parent in level for child in parent]
    return single


def _plain_fields(element: ElementTree.Element) -> int:
    return len(element.attrib) + sum(1 for child in element if not len(child))


def _record(element: ElementTree.Element) -> dict[str, Any]:
    """The fields by name; a name that stands several times becomes a list."""
    fields: dict[str, Any] = {_local(name): value for name, value in element.attrib.items()}
    for child in element:
        inner: Any = _record(child) if len(child) else (child.text or "").strip()
        name = _local(child.tag)
        if name in fields:
            before = fields[name]
            fields[name] = [*(before if isinstance(before, list) else [before]), inner]
        else:
            fields[name] = inner
    return fields


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]
