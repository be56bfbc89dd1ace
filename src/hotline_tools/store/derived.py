"""What derived tables were made of: labels and repeat issues name the imports that were in the store then.

An order that an import of later wrote may be new, or have another text than the one that was looked at.
Who reads a derived table asks ``later_imports`` first: mostly there are none, and nothing is to be compared.
"""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal

from hotline_tools.errors import StoreError
from hotline_tools.store.files import NEW, StoreFiles
from hotline_tools.store.journal import live

Derived = Literal["labels", "issues"]
_MADE_OF = "derived_from.json"
_REMEDY = "请运行 hotline store quarantine 隔离它，再运行 hotline classify 或 hotline repeats。"
_TABLES: dict[Derived, str] = {"labels": "model.parquet", "issues": "issue_members.parquet"}
"""The table that tells whether anything was derived at all."""


def import_ids(files: StoreFiles) -> list[str]:
    """Return the ids of all imports of the log, those taken back too."""
    return [path.name.split(".json")[0] for path in live(files, "imports", "*.json")]


def stage_made_of(files: StoreFiles, derived: Derived, imports: Sequence[str]) -> str:
    """Write the list of imports beside the live one; return its name for the commit."""
    name = f"{derived}/{_MADE_OF}"
    waiting = files.root / (name + NEW)
    waiting.parent.mkdir(exist_ok=True)
    waiting.write_text(json.dumps(list(imports)), encoding="utf-8")
    return name


def stage_returned(files: StoreFiles, returned: Collection[str]) -> list[str]:
    """Take imports off the lists, as orders are again as these wrote them; return the names to commit."""
    lists = {derived: _made_of(files, derived) for derived in _TABLES}
    return [
        stage_made_of(files, derived, [name for name in made_of if name not in returned])
        for derived, made_of in lists.items()
        if made_of is not None
    ]


def later_imports(files: StoreFiles, derived: Derived) -> list[str]:
    """Return the imports that came after the table was derived; none where nothing was derived yet.

    A store that an older version wrote has no list: its imports are told from later ones by the time at
    which the table's file was written, as import ids begin with theirs.
    """
    tables = live(files, derived, _TABLES[derived])
    if not tables:
        return []
    made_of = _made_of(files, derived)
    if made_of is not None:
        return sorted(set(import_ids(files)) - set(made_of))
    written = f"{datetime.fromtimestamp(tables[0].stat().st_mtime):%Y%m%dT%H%M%S%f}"
    return [name for name in import_ids(files) if name > written]


def _made_of(files: StoreFiles, derived: Derived) -> list[str] | None:
    for path in live(files, derived, _MADE_OF):
        try:
            return [str(name) for name in json.loads(path.read_text(encoding="utf-8"))]
        except (OSError, ValueError, TypeError) as error:
            raise StoreError("衍生表的来源记录损坏", where=str(path), remedy=_REMEDY) from error
    return None
