"""The dated folders of a job: what it has written there, and their removal when there are newer ones.

Each folder has a note beside the results: which files this job wrote, and with what content. A file that a
person has changed since is neither overwritten nor removed, and what the note does not name is never touched.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from hotline_tools.disk import reason, remedy, remove
from hotline_tools.errors import StoreError
from hotline_tools.files import replacing, write_bytes
from hotline_tools.jobs.run.fingerprint import file_digest
from hotline_tools.jobs.run.job_file import Job
from hotline_tools.jobs.run.plan import OutputStep
from hotline_tools.jobs.run.results import Status


@dataclass
class Written:
    """One file that the job wrote."""

    made_of: str
    sha256: str
    before: str | None = None
    """The digest of what it replaced, for a run that dies between the note and the file."""


@dataclass
class DatedFolder:
    """A folder of results with its note."""

    path: Path
    note: Path
    asked: str
    """The period as the job writes it, such as ``last-month``."""
    start: str
    """First day of the period, ISO."""
    files: dict[str, Written] = field(default_factory=dict)

    @classmethod
    def of(cls, job: Job, step: OutputStep) -> "DatedFolder":
        """Return the folder of a step, as it is or still to be made."""
        note = step.output.parent / _note_name(job)
        period = step.query.period
        return _read(note) or cls(note.parent, note, step.asked, period.start.isoformat() if period else "")

    def state(self, name: str, made_of: str) -> Status | None:
        """Tell whether a file is ``unchanged`` or a person's (``kept``); None when it is to be made."""
        digest, written = file_digest(self.path / name), self.files.get(name)
        if digest is None:
            return None
        if written is None or digest not in (written.sha256, written.before):
            return "kept"
        return "unchanged" if (digest, made_of) == (written.sha256, written.made_of) else None

    @contextmanager
    def writing(self, name: str, made_of: str) -> Iterator[Path]:
        """Yield a temporary path; then note what is in it, and put it into its place."""
        self._make()
        with replacing(self.path / name) as temporary:
            yield temporary
            digest = file_digest(temporary)
            assert digest is not None
            self.files[name] = Written(made_of, digest, file_digest(self.path / name))
            content = {**asdict(self), "path": None, "note": None}
            write_bytes(self.note, json.dumps(content, ensure_ascii=False, indent=1).encode())

    def remove(self) -> bool:
        """Remove the files that are as they were written, and the folder when nothing is left in it."""
        for name, written in self.files.items():
            if file_digest(self.path / name) == written.sha256:
                remove(self.path / name)
        remove(self.note)
        with suppress(OSError):  # something of a person's is in it
            self.path.rmdir()
        return not self.path.exists()

    def _make(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"建不了目录（{reason(error)}）", where=str(self.path), remedy=remedy(error)
            ) from error


def outdated(job: Job) -> list[DatedFolder]:
    """Return the job's folders beyond those it keeps, of each way of writing the period by itself."""
    keep = job.content.output.keep
    parent = (job.folder / job.content.output.folder).parent
    if keep is None or not parent.is_dir():
        return []
    by_period: defaultdict[str, list[DatedFolder]] = defaultdict(list)
    for path in parent.iterdir():
        if path.is_dir() and not path.is_symlink() and (found := _read(path / _note_name(job))):
            by_period[found.asked].append(found)
    older = [
        folder
        for folders in by_period.values()
        for folder in sorted(folders, key=lambda folder: folder.start, reverse=True)[keep:]
    ]
    return sorted(older, key=lambda folder: folder.start)


def _note_name(job: Job) -> str:
    return f".{job.name}.hotline-run.json"


def _read(note: Path) -> DatedFolder | None:
    """Return the folder that a note is of; None where there is none, or it is not one of ours."""
    try:
        content: dict[str, Any] = json.loads(note.read_text(encoding="utf-8"))
        files = {
            str(name): Written(str(item["made_of"]), str(item["sha256"]), item["before"])
            for name, item in content["files"].items()
            if Path(name).name == name
        }
        return DatedFolder(note.parent, note, str(content["asked"]), str(content["start"]), files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
