"""Workbooks read in a process of their own: neither the memory they take nor their crash is that of ours.

Calamine holds a sheet whole, and what it cannot allocate ends the process. So a large workbook, and one of a
kind whose extent cannot be looked at before, is read by a child: it is given a limit of memory, hands on the
tables and their batches, and ends with them. It also reads on while this process normalises. Of many large
workbooks only the last few are held; one that is asked for again is read again.
"""

import os
import pickle
import signal
import subprocess
import sys
import weakref
from collections import Counter
from collections.abc import Callable, Container, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar

from hotline_tools.errors import InputError
from hotline_tools.prefetch import prefetch
from hotline_tools.sources.detect.decode import widen
from hotline_tools.sources.model import RawBatch, RawTable
from hotline_tools.sources.readers.workbook import look_at, read_workbook

_LARGE = 4 << 20
"""Bytes of a file from which the start of a child (half a second) does not matter."""
_UNCHECKED = ("xlsb",)
_MOST_MEMORY = 4 << 30
"""Bytes; the largest sheet that ``extent`` lets through takes 2.4 GB."""
_TO_END = 5
"""Seconds."""
_MOST_HELD = 2
"""Workbooks: a list and its details are read side by side."""
_Batch = tuple[RawBatch | None, Counter[str]]
"""The next batch, None after the last, and what has been counted since the one before."""


def is_read_apart(path: Path, kind: str) -> bool:
    """Tell whether a workbook is to be read in a process of its own."""
    return kind in _UNCHECKED or path.stat().st_size >= _LARGE


def open_apart(
    path: Path, name: str, kind: str, digest: Callable[[], str], known: Container[str] | None
) -> list[RawTable]:
    """The tables of a workbook, as ``open_workbook`` gives them; raises what it raises.

    Raises ``InputError`` too, here or while a table is read, when the child ended before its time.
    """
    workbook = _Workbook(path, name, kind, known)
    return [
        replace(table, digest=digest, reader=_reader(workbook, number))
        for number, table in enumerate(workbook.tables())
    ]


def _reader(workbook: "_Workbook", number: int) -> Callable[[Counter[str]], Iterator[RawBatch]]:
    def read(counts: Counter[str]) -> Iterator[RawBatch]:
        with workbook.held() as child:
            stream = child.ask("start", number)
            try:
                while True:
                    answer: _Batch = child.ask("next", stream)
                    batch, counted = answer
                    counts.update(counted)
                    if batch is None:
                        return
                    yield batch
            finally:
                with suppress(InputError):  # said already, or nobody asks any more
                    child.ask("stop", stream)

    return read


class _Workbook:
    """A workbook and, while it is held, the process that has read it."""

    _held: ClassVar["list[weakref.ref[_Workbook]]"] = []
    """The workbooks with a process, the one used last at the end."""
    _choosing: ClassVar[Lock] = Lock()

    def __init__(self, path: Path, name: str, kind: str, known: Container[str] | None) -> None:
        self._path, self._name, self._kind, self._known = path, name, kind, known
        self._child: _Child | None = None
        self._readings = 0

    def tables(self) -> list[RawTable]:
        """Read the workbook; return what its tables say of themselves."""
        with self.held() as child:
            return child.tables

    @contextmanager
    def held(self) -> Iterator["_Child"]:
        """Yield the process that has read the workbook; it stays at least as long as the context."""
        with self._choosing:
            self._readings += 1
            known = [book for ref in self._held if (book := ref()) is not None and book is not self]
            others = [book for book in known if book._child is not None]
            self._held[:] = [weakref.ref(book) for book in (*others, self)]
            idle = [book for book in others if not book._readings]
            for book in idle[: max(0, len(others) + 1 - _MOST_HELD)]:
                book._child = None
        try:
            if self._child is None:
                child = _Child(self._name)
                child.open(self._path, self._kind, self._known)
                self._child = child
            yield self._child
        finally:
            self._readings -= 1


def _unread(_: Counter[str]) -> Iterator[RawBatch]:
    """Stand for a reader that cannot leave its process."""
    return iter(())


class _Child:
    """The process that reads one workbook; it ends when nothing refers to this any more."""

    def __init__(self, name: str) -> None:
        self.tables: list[RawTable] = []
        self._name = name
        self._lock = Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", f"from {__name__} import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # where Rust writes before it aborts
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        assert self._process.stdout is not None
        widen(self._process.stdout)
        weakref.finalize(self, _end, self._process)

    def open(self, path: Path, kind: str, known: Container[str] | None) -> None:
        """Read the workbook; raises what ``open_workbook`` raises.

        It is looked at here meanwhile: what is found matters only where the other is still alive.
        """
        with ThreadPoolExecutor(1, "workbook") as beside:
            tables = beside.submit(self.ask, "open", path, self._name, kind, known)
            try:
                notes = look_at(path, self._name, kind)
                self.tables = tables.result()
            except BaseException:
                self._process.kill()  # or the other thread would wait for it
                raise
        self.tables[0].notes += notes

    def ask(self, *request: object) -> Any:
        """Return the answer to one request, or raise its error."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with self._lock:
                pickle.dump(request, process.stdin)
                process.stdin.flush()
                done, answer = pickle.load(process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise self._ended() from error
        except BaseException:
            process.kill()  # half an answer stands in the pipe
            raise
        if isinstance(answer, MemoryError):
            raise self._ended() from answer
        if not done:
            raise answer
        return answer

    def _ended(self) -> InputError:
        return InputError(
            "工作簿读不下去（内存不够，或文件已损坏）",
            where=self._name,
            remedy="请在 Excel/WPS 中打开并另存为 csv，再导入。",
        )


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a child, and let go of the pipes to it."""
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_TO_END)


class _Served:
    """What the child knows: the tables of its workbook, and the readings of them that go on."""

    def __init__(self) -> None:
        self._tables: list[RawTable] = []
        self._streams: dict[int, Iterator[_Batch]] = {}
        self._started = 0

    def open(self, path: Path, name: str, kind: str, known: Container[str] | None) -> list[RawTable]:
        self._tables = read_workbook(path, name, kind, str, known)
        return [replace(table, reader=_unread, digest=str) for table in self._tables]

    def start(self, number: int) -> int:
        self._started += 1
        self._streams[self._started] = prefetch(_counted(self._tables[number]))
        return self._started

    def next(self, stream: int) -> _Batch:
        return next(self._streams[stream])

    def stop(self, stream: int) -> None:
        del self._streams[stream]


def _counted(table: RawTable) -> Iterator[_Batch]:
    counts: Counter[str] = Counter()
    for batch in table.reader(counts):
        yield batch, counts.copy()
        counts.clear()
    yield None, counts


def serve() -> None:
    """Answer the other process until it asks no more, however it came to end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the other's to answer
    _limit_memory()
    served = _Served()
    while True:
        try:
            name, *arguments = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        sys.stdout.buffer.write(_answer(served, name, arguments))
        sys.stdout.buffer.flush()


def _answer(served: _Served, name: str, arguments: list[Any]) -> bytes:
    """Return the pickled pair of success and result, or of failure and error."""
    try:
        return pickle.dumps((True, getattr(served, name)(*arguments)), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        return pickle.dumps((False, error), pickle.HIGHEST_PROTOCOL)


def _limit_memory() -> None:
    """Set the limit; Windows has none that a process could set for itself."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not there on Windows

        resource.setrlimit(resource.RLIMIT_DATA, (_MOST_MEMORY, _MOST_MEMORY))
