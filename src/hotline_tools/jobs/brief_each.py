"""``hotline brief --each department``: a briefing for each department, made in several processes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from hotline_tools.briefing.outline import Outline
from hotline_tools.engine import Engine
from hotline_tools.errors import NotComputableError
from hotline_tools.jobs.briefing import make_brief
from hotline_tools.jobs.remembered import Remembered
from hotline_tools.reports.common import UNFILLED
from hotline_tools.reports.query import Database, Query
from hotline_tools.reports.registry import find_report
from hotline_tools.store import Store
from hotline_tools.workers import in_processes, shared_object


@dataclass(frozen=True)
class WrittenBrief:
    """A department's briefing that was written."""

    title: str
    blanks: tuple[str, ...]
    to_verify: tuple[str, ...]


@dataclass(frozen=True)
class _Task:
    """What is the same for all departments."""

    store: Path
    query: Query
    outline: Outline
    notes: Path | None
    outputs: tuple[Path, ...]
    departments: tuple[str, ...]


def department_names(database: Database, query: Query) -> list[str]:
    """Return the departments that received an order in the period, or have one to see to."""
    found = find_report("departments").compute(database, query)
    return sorted(str(row["unit"]) for row in found.rows if row["unit"] != UNFILLED)


def path_of(output: Path, department: str, others: Iterable[str] = ()) -> Path:
    """Return the file of one department: 通报.docx becomes 通报-区城管局.docx.

    Of ``others`` that a file could not tell from it, each has its own number.
    """
    alike = sorted(name for name in {department, *others} if _safe(name) == _safe(department))
    number = f"-{alike.index(department) + 1}" if len(alike) > 1 else ""
    return output.with_name(f"{output.stem}-{_plain(department)}{number}{output.suffix}")


def _plain(department: str) -> str:
    return re.sub(r'[\\/:*?"<>|\s]', "_", department)


def _safe(department: str) -> str:
    """What a file system that does not tell capitals apart makes of the name."""
    return _plain(department).casefold()


def write_each(
    store: Store,
    query: Query,
    outline: Outline,
    outputs: Sequence[Path],
    departments: Sequence[str],
    *,
    notes: Path | None = None,
    workers: int = 1,
) -> Iterator[WrittenBrief | None]:
    """Write the briefing of each department in each form, and yield it; None for one without any order.

    Raises as ``make_brief`` and ``Brief.write`` do.
    """
    task = _Task(store.path.resolve(), query, outline, notes, tuple(outputs), tuple(departments))
    tasks = ((department,) for department in departments)
    yield from in_processes(_write_one, tasks, min(workers, len(departments)), shared=task)


def _write_one(department: str) -> WrittenBrief | None:
    task: _Task = shared_object()
    query = replace(task.query, department=department)
    try:
        made = make_brief(_database(task.store), query, task.outline, task.notes, forms=task.outputs)
    except NotComputableError:
        return None
    for output in task.outputs:
        made.write(path_of(output, department, task.departments))
    return WrittenBrief(made.document.title, made.blanks, made.to_verify)


@cache
def _database(store: Path) -> Remembered:
    """Return the database of this process; the departments' questions have much in common."""
    return Remembered(Engine(Store.open(store), threads=1))
