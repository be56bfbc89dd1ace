"""The import log: one JSON record per import."""

import dataclasses
import json
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from hotline_tools.errors import StoreError
from hotline_tools.store.files import NEW, StoreFiles
from hotline_tools.store.journal import live
from hotline_tools.store.plan import RowCounts

_TIMES = ("started_at", "finished_at", "undone_at")


@dataclass(frozen=True)
class ImportRecord:
    """What one import read and what became of it."""

    import_id: str
    file: str
    sha256: str
    source: str
    counts: RowCounts
    started_at: datetime
    finished_at: datetime
    version: str
    sheet: str | None = None
    format: str = ""
    encoding: str | None = None
    header_row: int | None = None
    layout: str | None = None
    """None: the mapping was guessed from header synonyms."""
    layout_score: float = 0.0
    mapping: dict[str, list[str]] = field(default_factory=dict)
    keep_personal_data: bool = False
    dry_run: bool = False
    skipped: dict[str, int] = field(default_factory=dict)
    """Records that are no data rows (blank, total, repeated header …), by kind."""
    origins: dict[str, int] = field(default_factory=dict)
    """Rows per ``order_key_origin``."""
    quality: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    months: list[str] = field(default_factory=list)
    """Months whose partition was written."""
    lookalikes: int = 0
    """New orders that look like stored ones, where no id tells whether they are."""
    undone_at: datetime | None = None
    """When the import was taken back; None: it counts."""

    @property
    def rejects_name(self) -> str:
        """The file of the rejects of this table of this file, relative to the store."""
        table = f"{Path(self.file).name}\n{self.sheet or ''}"
        digest = blake2b(table.encode(), digest_size=4).hexdigest()
        return f"rejects/{self.sha256[:16]}-{digest}.parquet"

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        content = dataclasses.asdict(self)
        for name in _TIMES:
            if content[name] is not None:
                content[name] = content[name].isoformat(timespec="seconds")
        return content

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> "ImportRecord":
        """Read the JSON form; what a newer version has added is left out."""
        known = {item.name for item in dataclasses.fields(cls)}
        values = {name: value for name, value in content.items() if name in known}
        values["counts"] = RowCounts(**values["counts"])
        for name in _TIMES:
            if values.get(name) is not None:
                values[name] = datetime.fromisoformat(values[name])
        return cls(**values)


def read_record(path: Path) -> ImportRecord:
    """Read one record; raises ``StoreError`` when it is damaged."""
    try:
        return ImportRecord.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            "导入记录损坏",
            where=str(path),
            remedy="请从备份恢复，或运行 hotline store quarantine 隔离它，工单数据不受影响。",
        ) from error


def first_import_of(files: StoreFiles, sha256: str, sheet: str | None) -> str | None:
    """Return the first import of this very table that still counts; None when it is new.

    A damaged record says nothing here: whoever looks at the log is told of it.
    """
    for path in live(files, "imports", "*.json"):
        text = path.read_text(encoding="utf-8", errors="replace")
        if sha256 in text:
            record = read_record(path)
            if record.sheet == sheet and record.undone_at is None:
                return record.import_id
    return None


def stage_record(files: StoreFiles, record: ImportRecord) -> str:
    """Write the record beside the live one; return its name for the commit."""
    name = f"imports/{record.import_id}.json"
    place = files.root / name
    place.parent.mkdir(exist_ok=True)
    text = json.dumps(record.to_dict(), ensure_ascii=False, indent=1)
    place.with_name(place.name + NEW).write_text(text, encoding="utf-8")
    return name
