"""The job file: what is to be done, as TOML; its paths count from the folder that it lies in."""

import string
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from hotline_tools.briefing.outline import find_outline
from hotline_tools.datafile import DataModel, parsed, read_toml
from hotline_tools.errors import HotlineError
from hotline_tools.render.registry import Drawn, form_for
from hotline_tools.reports.registry import find_report

WHAT = "作业文件"
_REMEDY = "请改正后重试；写法见 docs/batch.zh-CN.md，或用 hotline run --init 另起一份。"
PLACES = ("period", "label")
"""What ``{…}`` in a folder or the name of an output may stand for."""
_FORBIDDEN = '\\/:*?"<>|'


def _known(find: Callable[[Any], object]) -> Callable[[str], str]:
    """Return a validator that takes what ``find`` finds, and says what its error says."""

    def check(text: str) -> str:
        try:
            find(text)
        except HotlineError as error:
            raise ValueError(str(error).rstrip("。")) from error
        return text

    return check


def _with_places(text: str) -> str:
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise ValueError(f"“{text}”的花括号不成对") from error
    if unknown := [name for name in names if name not in PLACES]:
        raise ValueError(
            f"不认识 {{{unknown[0]}}}，可用：{{period}}（如 2025-06）、{{label}}（如 2025年6月）"
        )
    return text


def _file_name(text: str) -> str:
    if not text.strip() or text.startswith(".") or any(sign in text for sign in _FORBIDDEN):
        raise ValueError(f"“{text}”须是一个文件名，不含目录和 {_FORBIDDEN}；目录写在 [output] 的 folder")
    return _with_places(text)


def _folder(text: str) -> str:
    parts = PurePosixPath(text.replace("\\", "/")).parts
    if PureWindowsPath(text).anchor or text.startswith("/") or ".." in parts:
        raise ValueError(f"“{text}”须在作业文件所在的目录里面，不能写绝对路径或 ..")
    return _with_places(text)


def _output_of(drawn: Drawn) -> Any:
    return Annotated[
        str, AfterValidator(_file_name), AfterValidator(_known(lambda text: form_for(Path(text), drawn)))
    ]


def _clock(text: str) -> str:
    try:
        return f"{time.fromisoformat(text):%H:%M}"
    except ValueError as error:
        raise ValueError(f"“{text}”不是钟点，例如 02:00") from error


class Inputs(DataModel):
    """Which exports to import."""

    files: Annotated[tuple[str, ...], Field(min_length=1)]
    """Patterns such as ``导出/*.xlsx``; ``**`` stands for any folders."""
    layout: str | None = None
    source: str | None = None
    password_file: str | None = None


class ClassifyStep(DataModel):
    """Label the orders that have no label for their present text."""

    taxonomy: str | None = None
    model: str | None = None
    workers: Annotated[int, Field(ge=1)] = 1


class RepeatsStep(DataModel):
    """Find the repeat issues."""

    workers: Annotated[int, Field(ge=1)] = 1


class Filters(DataModel):
    """What reports, charts and briefings may be asked alike."""

    period: str | None = None
    """In place of the job's."""
    category: str | None = None
    department: str | None = None
    area: str | None = None
    channel: str | None = None
    profile: str | None = None
    as_of: str | None = None


class ReportStep(Filters):
    """A report written to a file; the filters are those of the library's ``report``."""

    name: Annotated[str, AfterValidator(_known(find_report))]
    output: _output_of("table")  # type: ignore[valid-type]
    by: str | None = None
    top: Annotated[int, Field(ge=1)] | None = None
    compare: str | None = None
    basis: str = "event"
    co: bool = False
    step: str | None = None
    hours: float | None = None
    proactive: bool = False
    population: str | None = None
    rules: str | None = None


class ChartStep(ReportStep):
    """A report drawn as a picture."""

    output: _output_of("chart")  # type: ignore[valid-type]


class BriefStep(Filters):
    """A briefing."""

    output: _output_of("document")  # type: ignore[valid-type]
    edition: Annotated[str, AfterValidator(_known(find_outline))] | None = None
    outline: str | None = None
    notes: str | None = None


class Output(DataModel):
    """Where the results go, and how long they stay."""

    folder: Annotated[str, AfterValidator(_folder)] = "输出/{period}"
    keep: Annotated[int, Field(ge=1)] | None = None
    """Folders kept for each way of writing a period; older ones that this job made are removed."""


class OnFailure(DataModel):
    """A program that is told of a failure."""

    command: Annotated[tuple[str, ...], Field(min_length=1)]


class Schedule(DataModel):
    """When the job is to be run, for ``--print-crontab`` and its like; every day without a day."""

    time: Annotated[str, AfterValidator(_clock)] = "02:00"
    weekday: Annotated[int, Field(ge=1, le=7)] | None = None
    """Monday is 1."""
    day: Annotated[int, Field(ge=1, le=28)] | None = None
    """Of the month; every month has it."""

    @model_validator(mode="after")
    def _one_kind_of_day(self) -> "Schedule":
        if self.weekday is not None and self.day is not None:
            raise ValueError("weekday 与 day 只能写一个")
        return self


class JobFile(DataModel):
    """What a job file says."""

    store: str | None = None
    config: str | None = None
    """The ``hotline.toml`` whose settings hold; without it there are none."""
    period: str | None = None
    """``last-month``, ``last-week``, ``last-cycle``, ``2025-06`` …: of all outputs that name no other."""
    inputs: Inputs | None = None
    classify: ClassifyStep | None = None
    repeats: RepeatsStep | None = None
    report: tuple[ReportStep, ...] = ()
    chart: tuple[ChartStep, ...] = ()
    brief: tuple[BriefStep, ...] = ()
    output: Output = Output()
    on_failure: OnFailure | None = None
    schedule: Schedule = Schedule()


OutputKind = Literal["report", "chart", "brief"]


@dataclass(frozen=True)
class Job:
    """A job file and where it lies."""

    path: Path
    content: JobFile

    @property
    def name(self) -> str:
        """The name of the file without its suffix."""
        return self.path.stem

    @property
    def folder(self) -> Path:
        """The folder of the file, from which its paths count."""
        return self.path.parent

    @property
    def notes_folder(self) -> Path:
        """Where the job keeps its log, its lock and what it knows of earlier runs."""
        return self.folder / f"{self.name}.run"

    def place(self, text: str) -> Path:
        """Return a path that the file says, from the folder of the file."""
        return self.folder / text

    def named(self, text: str | None) -> str | None:
        """Return what is a shipped name or a TOML file, the file as a path from the folder of the job's."""
        return str(self.place(text)) if text is not None and text.lower().endswith(".toml") else text


def read_job(path: str | Path) -> Job:
    """Read a job file; raise ``DataFileError`` that names every mistake with its key."""
    place = Path(path).absolute()
    data = read_toml(place, what=WHAT, remedy=_REMEDY)
    return Job(place, parsed(JobFile, data, where=str(path), what=WHAT, remedy=_REMEDY))
