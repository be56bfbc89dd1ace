"""hotline-tools: analyse government-hotline (12345) work orders.

::

    import hotline_tools as ht

    store = ht.Store.open("hotline-store", create=True)
    ht.import_files(store, ["六月.xlsx"])
    ht.classify(store)
    table = ht.report(store, "departments", period="2025-06", compare="previous")
    ht.write(table, "考核.xlsx")

The command line is ``hotline``; everything it does is a call into this library. docs/library.md explains
every name. A name is loaded when it is first used, so that ``import hotline_tools`` is quick.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from hotline_tools.errors import (
    DataFileError,
    EncryptedFileError,
    HotlineError,
    InputError,
    JobRunningError,
    ModelError,
    NoHeaderError,
    NotComputableError,
    StoreError,
    StoreLockedError,
    UsageError,
)

if TYPE_CHECKING:
    from hotline_tools.document import Chart, Document, Sentence
    from hotline_tools.jobs.briefing import Brief
    from hotline_tools.jobs.run import RunResult, StepResult
    from hotline_tools.library import (
        ImportResult,
        brief,
        chart,
        check_briefing,
        classify,
        classify_files,
        classify_texts,
        find_repeats,
        import_files,
        inspect,
        report,
        report_names,
        run,
        sample,
        sql,
        write,
    )
    from hotline_tools.store import Store
    from hotline_tools.table import ChartHint, Note, NoteKind, ReportTable

__version__ = "0.1.0"

__all__ = [
    "Brief",
    "Chart",
    "ChartHint",
    "DataFileError",
    "Document",
    "EncryptedFileError",
    "HotlineError",
    "ImportResult",
    "InputError",
    "JobRunningError",
    "ModelError",
    "NoHeaderError",
    "NotComputableError",
    "Note",
    "NoteKind",
    "ReportTable",
    "RunResult",
    "Sentence",
    "StepResult",
    "Store",
    "StoreError",
    "StoreLockedError",
    "UsageError",
    "brief",
    "chart",
    "check_briefing",
    "classify",
    "classify_files",
    "classify_texts",
    "find_repeats",
    "import_files",
    "inspect",
    "report",
    "report_names",
    "run",
    "sample",
    "sql",
    "write",
]

_HOMES = {
    "Brief": "jobs.briefing",
    "Chart": "document",
    "ChartHint": "table",
    "Document": "document",
    "Note": "table",
    "NoteKind": "table",
    "ReportTable": "table",
    "RunResult": "jobs.run",
    "Sentence": "document",
    "StepResult": "jobs.run",
    "Store": "store",
}
"""Where a name comes from, unless from ``library``."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'library')}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Face(ModuleType):
    """Keeps the functions ``classify``, ``sample`` and ``sql`` apart from the rooms of the same names.

    The import system binds each room, once it is loaded, to its name here; ``ht.classify(store)`` would then
    call a module.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Face
