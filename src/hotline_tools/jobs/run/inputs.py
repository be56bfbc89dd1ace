"""The input files of a job, and which of their tables the store has not had yet."""

import glob
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hotline_tools.disk import reason, remedy
from hotline_tools.errors import HotlineError, InputError
from hotline_tools.files import digest_of
from hotline_tools.jobs.opening import OpenOptions, agreed, matched_tables
from hotline_tools.jobs.run.job_file import Job
from hotline_tools.jobs.run.memory import Memory, TableKey
from hotline_tools.jobs.sisters import join_sisters
from hotline_tools.layouts import Match
from hotline_tools.sources import RawTable
from hotline_tools.sources.detect.natural_order import natural_key
from hotline_tools.store import ImportRecord

Table = tuple[RawTable, Match]


@dataclass(frozen=True)
class NewTables:
    """What is still to be imported."""

    tables: list[Table]
    files: dict[str, list[TableKey]]
    """Digest → tables of every file that is there and could be read, for ``Memory.files``."""
    found: int
    """Files that the patterns match."""
    problems: list[HotlineError]
    """Why files could not be read."""


def input_files(job: Job) -> list[Path]:
    """Return the files that the job's patterns match, each once, in natural order."""
    if job.content.inputs is None:
        return []
    found: dict[Path, None] = {}
    for pattern in job.content.inputs.files:
        # Path.glob takes no absolute pattern.
        names = glob.glob(pattern, root_dir=job.folder, recursive=True)  # noqa: PTH207
        for path in sorted((job.folder / name for name in names), key=lambda path: natural_key(str(path))):
            if path.is_file() and not path.name.startswith((".", "~$")):
                found.setdefault(path)
    return list(found)


def record_keys(records: Iterable[ImportRecord]) -> set[TableKey]:
    """Return the tables that the import log knows; one whose import was undone is not imported again."""
    return {(record.sha256, record.sheet or "") for record in records}


def digests_of(paths: Iterable[Path], problems: list[HotlineError]) -> dict[str, Path]:
    """Return the digest of each file and its path; why a file cannot be read is added to ``problems``."""
    found: dict[str, Path] = {}
    for path in paths:
        try:
            found.setdefault(digest_of(path)(), path)
        except OSError as error:
            problems.append(InputError(f"读不了（{reason(error)}）", where=str(path), remedy=remedy(error)))
    return found


def new_files(digests: dict[str, Path], memory: Memory, known: set[TableKey]) -> dict[str, Path]:
    """Return those of the files that hold, as far as is known, something new."""
    return {
        digest: path
        for digest, path in digests.items()
        if not (tables := memory.files.get(digest)) or not known.issuperset(tables)
    }


def new_tables(job: Job, options: OpenOptions, memory: Memory, known: set[TableKey]) -> NewTables:
    """Open the files that are new, and return those of their tables that are.

    A file that cannot be read is a problem of its own: the others are returned.
    """
    paths = input_files(job)
    problems: list[HotlineError] = []
    by_file: dict[str, list[Table]] = {}
    digests = digests_of(paths, problems)
    for digest, path in new_files(digests, memory, known).items():
        try:
            by_file[digest] = list(matched_tables([path], options))
        except HotlineError as problem:
            problems.append(problem)
    together = iter(agreed([table for tables in by_file.values() for table in tables], options))
    by_file = {digest: [next(together) for _ in tables] for digest, tables in by_file.items()}
    joined = join_sisters([table for tables in by_file.values() for table in tables])
    read = {id(raw) for tables in by_file.values() for raw, _ in tables}
    made = [table_key(raw) for raw, _ in joined if id(raw) not in read]
    kept = {id(raw) for raw, _ in joined}
    held = {
        digest: [table_key(raw) for raw, _ in tables if id(raw) in kept]
        + (made if any(id(raw) not in kept for raw, _ in tables) else [])
        for digest, tables in by_file.items()
    }
    files = {digest: tables for digest in digests if (tables := held.get(digest) or memory.files.get(digest))}
    return NewTables(
        [item for item in joined if table_key(item[0]) not in known], files, len(paths), problems
    )


def table_key(table: RawTable) -> TableKey:
    """Return what import records know the table by."""
    return (table.sha256, table.sheet or "")
