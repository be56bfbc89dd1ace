"""Open files, archives, folders and standard input as raw tables."""

import glob
from collections.abc import Callable, Container, Iterator, Sequence
from pathlib import Path

from hotline_tools.errors import EncryptedFileError, InputError, NoHeaderError
from hotline_tools.files import digest_of
from hotline_tools.sources.detect.content import detect
from hotline_tools.sources.detect.natural_order import in_series, natural_key
from hotline_tools.sources.model import RawTable
from hotline_tools.sources.readers.apart import is_read_apart, open_apart
from hotline_tools.sources.readers.archive import GzipMember, Scratch, spool_stdin, unpack_gzip, unpack_zip
from hotline_tools.sources.readers.delimited import open_delimited
from hotline_tools.sources.readers.htmltable import open_html, open_mhtml
from hotline_tools.sources.readers.jsontable import open_json
from hotline_tools.sources.readers.ole import open_ole
from hotline_tools.sources.readers.parquettable import open_parquet
from hotline_tools.sources.readers.workbook import open_workbook
from hotline_tools.sources.readers.xmltable import open_xml

OnProblem = Callable[[InputError], None]
Accept = Callable[[RawTable], None]
"""Raises ``InputError`` for a table that is none of work orders."""
_MAX_NESTING = 3
_FOREIGN = frozenset(
    f".{ending}"
    for group in (
        ("md", "rst", "log", "toml", "yaml", "yml", "ini", "cfg", "sql"),
        ("py", "ipynb", "sh", "bat", "ps1", "js", "css", "exe", "dll"),
        ("doc", "docx", "ppt", "pptx", "pdf", "ttf", "otf"),
        ("png", "jpg", "jpeg", "gif", "bmp", "svg", "mp3", "mp4", "wav"),
    )
    for ending in group
)
"""In a folder these are company for the exports; by its own name any file is looked into."""
_WORKBOOKS = ("xlsx", "xlsb", "ods")
_READERS = {"html": open_html, "mhtml": open_mhtml, "xml": open_xml, "parquet": open_parquet}


def open_tables(
    paths: Sequence[Path],
    *,
    known_headers: Container[str] | None,
    password: str | None = None,
    on_problem: OnProblem | None = None,
    accept: Accept | None = None,
) -> Iterator[RawTable]:
    """Every table in the files, archives and folders, in order; ``-`` is standard input.

    Files of a folder or an archive, and sheets and named files that differ in numbers alone, come in natural
    order: 9月 before 10月, whatever a shell made of ``*.csv``.
    ``known_headers`` says whether a cleaned header name is one that some layout knows; None means that the
    header is found by its shape (to draft a layout from an unknown file). Files inside a folder or an
    archive that hold no table, or none that ``accept`` accepts, or lack a password, are passed to
    ``on_problem`` and skipped, unless nothing at all is left; a refused sheet becomes a note.
    Raises ``InputError`` and its children.
    """
    for path in in_series(expanded(paths), str):
        opener = _Opener(known_headers, password, on_problem, accept or (lambda _: None))
        if str(path) == "-":
            yield from opener.file(spool_stdin(opener.scratch), "标准输入", 0)
        elif path.is_dir():
            yield from opener.folder(path)
        else:
            yield from opener.file(path, path.name, 0)


def expanded(paths: Sequence[Path]) -> list[Path]:
    """Return the paths, patterns such as ``*.csv`` replaced by the files they match, as cmd.exe leaves them.

    Raises ``InputError`` for a pattern that matches nothing.
    """
    found: list[Path] = []
    for path in paths:
        if not glob.has_magic(str(path)) or path.exists():
            found.append(path)
            continue
        # Path.glob takes no absolute pattern.
        matched = sorted(map(Path, glob.glob(str(path), recursive=True)), key=lambda p: natural_key(str(p)))  # noqa: PTH207
        if not matched:
            raise InputError("没有符合的文件", where=str(path), remedy="请检查路径与通配符。")
        found += matched
    return found


class _Opener:
    def __init__(
        self,
        known: Container[str] | None,
        password: str | None,
        on_problem: OnProblem | None,
        accept: Accept,
    ) -> None:
        self._known = known
        self._password = password
        self._on_problem = on_problem
        self._accept = accept
        self.scratch = Scratch()

    def folder(self, folder: Path) -> Iterator[RawTable]:
        files = [p for p in folder.rglob("*") if p.is_file() and not _is_temporary(p, folder)]
        members = [(path, path.relative_to(folder).as_posix()) for path in files]
        members.sort(key=lambda member: natural_key(member[1]))
        yield from self._several(members, str(folder), 0, "文件夹里没有可以导入的导出文件")

    def file(self, path: Path, name: str, depth: int) -> Iterator[RawTable]:
        kind = detect(path, name)
        if kind == "zip":
            if depth >= _MAX_NESTING:
                raise InputError("压缩包套了太多层", where=name, remedy="请先解压。")
            members = unpack_zip(path, name, self.scratch, self._password)
            shown = [(file, f"{name}!{member}") for file, member in members]
            yield from self._several(shown, name, depth + 1, "压缩包里没有可以导入的导出文件")
        elif kind == "gz":
            member: GzipMember = unpack_gzip(path, name, self.scratch)
            yield from self.file(member.path, f"{name}!{member.name}", depth + 1)
        else:
            yield from self._tables(path, name, kind)

    def _tables(self, path: Path, name: str, kind: str) -> Iterator[RawTable]:
        accepted: list[RawTable] = []
        refused: list[InputError] = []
        for table in self._open(path, name, kind):
            table.keep_alive = self.scratch
            try:
                self._accept(table)
            except InputError as problem:
                refused.append(problem)
            else:
                accepted.append(table)
        if refused and not accepted:
            raise refused[0]
        for item in refused:
            accepted[0].notes += (f"{item.where}：{item.message}，未读取",)
        yield from accepted

    def _open(self, path: Path, name: str, kind: str) -> list[RawTable]:
        known = self._known
        if kind == "ole":
            return open_ole(path, name, self._password, known)
        if kind in _WORKBOOKS:
            open_ = open_apart if is_read_apart(path, kind) else open_workbook
            return open_(path, name, kind, digest_of(path), known)
        if kind in _READERS:
            return _READERS[kind](path, name, known)
        found = open_json(path, name, known) if kind == "json" else None
        return [found or open_delimited(path, name, known)]

    def _several(
        self, members: Sequence[tuple[Path, str]], where: str, depth: int, nothing: str
    ) -> Iterator[RawTable]:
        problems: list[InputError] = []
        opened = 0
        for path, name in members:
            try:
                if depth == 0 and path.suffix.lower() in _FOREIGN:
                    raise InputError("不是导出文件", where=name, remedy="如确需导入，请直接给出这个文件。")
                for table in self.file(path, name, depth):
                    opened += 1
                    yield table
            except InputError as problem:
                problems.append(problem)
                if self._on_problem is not None:
                    self._on_problem(problem)
        if not opened:
            for lacking in problems:
                if isinstance(lacking, EncryptedFileError):  # a password is all that is needed
                    raise lacking
            detail = f"（{problems[0]}）" if problems else ""
            kind = NoHeaderError if any(isinstance(p, NoHeaderError) for p in problems) else InputError
            raise kind(f"{nothing}{detail}", where=where, remedy="请检查路径，或逐个导入其中的文件。")


def _is_temporary(path: Path, folder: Path) -> bool:
    """Lock files of office programs, hidden files, and what macOS puts into archives."""
    parts = path.relative_to(folder).parts
    return any(
        part.startswith((".", "~$", "__MACOSX")) or part in ("Thumbs.db", "desktop.ini") for part in parts
    )
